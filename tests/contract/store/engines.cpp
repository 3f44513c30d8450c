#include "contract/store/store_contract.hpp"
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

}  // namespace

std::vector<engine> engines() {
    return {
        {"SqliteFile", make<scratch_in::file, scratch_jobs::on_a_thread>, true, sqlite::writes_waiting_max},
        {"SqliteFileAtOnce", make<scratch_in::file, scratch_jobs::at_once>, false, sqlite::writes_waiting_max},
        {"SqliteMemory", make<scratch_in::memory, scratch_jobs::on_a_thread>, true, sqlite::writes_waiting_max},
        {"SqliteMemoryAtOnce", make<scratch_in::memory, scratch_jobs::at_once>, false, sqlite::writes_waiting_max},
    };
}

}  // namespace rondo::test
