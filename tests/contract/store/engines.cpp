#include "contract/store/store_contract.hpp"
#include "support/scratch_postgres.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {

namespace {

template <scratch_in Where, scratch_jobs Jobs>
class sqlite_under_test final : public store_under_test {
public:
    store& get() override { return scratch_.get(); }
    manual_clock& time() override { return scratch_.time; }

private:
    scratch_store scratch_{Where, Jobs, encode_title};
};

template <scratch_in Where, scratch_jobs Jobs>
std::unique_ptr<store_under_test> make() {
    return std::make_unique<sqlite_under_test<Where, Jobs>>();
}

template <std::size_t Writers>
class postgres_under_test final : public store_under_test {
public:
    store& get() override { return *opened_; }
    manual_clock& time() override { return time_; }

private:
    scratch_schema schema_;
    manual_clock time_;
    seeded_random random_{ids_of_this_process()};
    std::unique_ptr<store> opened_ = postgres::open_store(
        {.url = schema_.url(), .encode_event = encode_title, .writers = Writers, .readers = 2}, time_, random_);
};

template <std::size_t Writers>
std::unique_ptr<store_under_test> make_postgres() {
    return postgres_server() ? std::make_unique<postgres_under_test<Writers>>() : nullptr;
}

}  // namespace

std::vector<engine> engines() {
    return {
        {"SqliteFile", make<scratch_in::file, scratch_jobs::on_a_thread>, 1, sqlite::writes_waiting_max},
        {"SqliteFileAtOnce", make<scratch_in::file, scratch_jobs::at_once>, 0, sqlite::writes_waiting_max},
        {"SqliteMemory", make<scratch_in::memory, scratch_jobs::on_a_thread>, 1, sqlite::writes_waiting_max},
        {"SqliteMemoryAtOnce", make<scratch_in::memory, scratch_jobs::at_once>, 0, sqlite::writes_waiting_max},
        {"Postgres", make_postgres<8>, 8, postgres::writes_waiting_max, true},
        {"PostgresOneWriter", make_postgres<1>, 1, postgres::writes_waiting_max, true},
    };
}

}  // namespace rondo::test
