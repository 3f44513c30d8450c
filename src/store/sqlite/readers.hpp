#pragma once
// A read connection for each thread that reads.

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "store/sqlite/sqlite_transaction.hpp"

namespace rondo::sqlite {

/// The connections of one store. Shared, because a thread gives its connection back when it ends, and a store may end before.
class readers : public std::enable_shared_from_this<readers> {
public:
    using opener = std::function<std::unique_ptr<sqlite_transaction>()>;

    explicit readers(opener open) : open_{std::move(open)} {}

    /// The calling thread's own, until the thread ends. Takes no lock after the first call.
    sqlite_transaction& mine();
    /// Opens one more, for a thread to come.
    void open_one();

private:
    struct lent;
    struct lent_to_thread;

    void take_back(sqlite_transaction* idle);

    opener open_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<sqlite_transaction>> all_;
    std::vector<sqlite_transaction*> idle_;
};

}  // namespace rondo::sqlite
