#include "store/sqlite/readers.hpp"

namespace rondo::sqlite {

struct readers::lent {
    std::weak_ptr<readers> from;  // also tells two stores apart that had the same address one after the other
    readers* address;
    sqlite_transaction* connection;
};

/// What this thread has of each store: one or two in all.
struct readers::lent_to_thread {
    std::vector<lent> each;

    ~lent_to_thread() {
        for (const lent& one : each)
            if (const auto from = one.from.lock())
                from->take_back(one.connection);
    }
};

sqlite_transaction& readers::mine() {
    static thread_local lent_to_thread here;
    for (const lent& one : here.each)
        if (one.address == this && !one.from.expired())
            return *one.connection;
    std::erase_if(here.each, [](const lent& one) { return one.from.expired(); });

    here.each.reserve(here.each.size() + 1);
    {
        const std::lock_guard lock{mutex_};
        if (!idle_.empty()) {
            here.each.push_back({.from = weak_from_this(), .address = this, .connection = idle_.back()});
            idle_.pop_back();
            return *here.each.back().connection;
        }
    }
    open_one();
    return mine();
}

void readers::open_one() {
    auto opened = open_();
    const std::lock_guard lock{mutex_};
    idle_.reserve(all_.size() + 1);
    all_.push_back(std::move(opened));
    idle_.push_back(all_.back().get());
}

void readers::take_back(sqlite_transaction* idle) {
    const std::lock_guard lock{mutex_};
    idle_.push_back(idle);
}

}  // namespace rondo::sqlite
