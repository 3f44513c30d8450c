#include "store/postgres/postgres_store.hpp"

#include <utility>

#include "store/postgres/schema/migrations.hpp"
#include "store/postgres/watcher.hpp"
#include "store/postgres/workers.hpp"

namespace rondo::postgres {

namespace {

constexpr int service_exit = 69;

class on_server final : public store {
public:
    on_server(const options& settings, const postgres_transaction::surroundings& around)
        : watcher_{settings.url, health_},
          readers_{postgres_transaction::mode::reading, settings.readers, reads_waiting_max, opener(settings, around),
                   health_},
          writers_{postgres_transaction::mode::writing, settings.writers, writes_waiting_max, opener(settings, around),
                   health_} {
        writers_.on_events_committed([this](std::span<const user_id> owners) {
            tell(owners);
            watcher_.tell_others(owners);
        });
        watcher_.start([this](std::span<const user_id> owners) { tell(owners); });
    }

    // The last answers may lead to reads.
    ~on_server() override {
        watcher_.stop();
        writers_.stop();
        readers_.stop();
    }

    void submit_write(write_job job, completion done) override {
        writers_.submit([job = std::move(job)](postgres_transaction& on) mutable { return job(on); }, std::move(done));
    }

    void submit_read(read_job job, completion done) override {
        readers_.submit(
            [job = std::move(job)](postgres_transaction& on) mutable {
                job(on);
                return verdict::roll_back;
            },
            std::move(done));
    }

    void on_events_committed(events_committed tell) override {
        const std::lock_guard lock{mutex_};
        tell_ = std::move(tell);
    }

    bool is_shared() const override { return true; }
    std::optional<std::string> trouble() const override { return health_.trouble(); }

private:
    static workers::opener opener(const options& settings, const postgres_transaction::surroundings& around) {
        return [url = settings.url, around] { return std::make_unique<postgres_transaction>(url, around); };
    }

    void tell(std::span<const user_id> owners) {
        const std::lock_guard lock{mutex_};
        if (tell_)
            tell_(owners);
    }

    health health_;
    std::mutex mutex_;  ///< the watcher runs from the start on, before `tell_` is set
    events_committed tell_;
    watcher watcher_;
    workers readers_;
    workers writers_;
};

}  // namespace

std::unique_ptr<store> open_store(const options& settings, const clock& time, random_source& random) {
    migrate_up(settings.url);
    const postgres_transaction::surroundings around{
        .time = time, .random = random, .encode_event = settings.encode_event};
    try {
        return std::make_unique<on_server>(settings, around);
    } catch (const database_error& why) {
        throw fatal{service_exit, std::string{"Cannot use the database: "} + why.what() + ". Start it again."};
    }
}

}  // namespace rondo::postgres
