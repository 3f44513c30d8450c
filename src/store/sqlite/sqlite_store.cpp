#include "store/sqlite/sqlite_store.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "store/sqlite/database_file.hpp"
#include "store/sqlite/health.hpp"
#include "store/sqlite/readers.hpp"
#include "store/sqlite/schema/migrations.hpp"
#include "store/sqlite/writer.hpp"

namespace rondo::sqlite {

namespace {

/// How long a read waits for another process that recovers the file after a crash; nothing else makes a reader wait.
constexpr std::chrono::seconds read_lock_wait_max{2};

class in_memory final : public store {
public:
    in_memory(const options& settings, const sqlite_transaction::surroundings& around)
        : writer_{[&] { return open(around); }, false, settings.inline_writes, health_} {}

    void submit_write(write_job job, completion done) override { writer_.submit(std::move(job), std::move(done)); }

    void submit_read(read_job job, completion done) override {
        std::exception_ptr failure;
        try {
            writer_.read(job);
        } catch (...) {
            failure = std::current_exception();
        }
        done(std::move(failure));
    }

    void on_events_committed(events_committed tell) override { writer_.on_events_committed(std::move(tell)); }
    std::optional<std::string> trouble() const override { return health_.trouble(); }

private:
    static std::unique_ptr<sqlite_transaction> open(const sqlite_transaction::surroundings& around) {
        auto opened = std::make_unique<sqlite_transaction>(":memory:", connection::mode::create, around);
        set_up(opened->on(), connection::mode::create);
        migrate_memory(opened->on());
        return opened;
    }

    health health_;
    writer writer_;
};

class in_file final : public store {
public:
    in_file(const options& settings, const sqlite_transaction::surroundings& around)
        : file_{std::filesystem::absolute(settings.file)},
          writer_{[this, around] { return open(connection::mode::read_write, around); }, true, settings.inline_writes,
                  health_},
          readers_{std::make_shared<readers>([this, around] { return open(connection::mode::read_only, around); })} {
        // Open as long as the store is: what a failed commit left in the log must not be found by a first opener, who
        // would take it for a crash and recover it, while the writer opens its connection again.
        readers_->open_one();
        writer_.probe();
        remember_file();
    }

    // The last answers may lead to reads.
    ~in_file() override { writer_.stop(); }

    void submit_write(write_job job, completion done) override { writer_.submit(std::move(job), std::move(done)); }

    void submit_read(read_job job, completion done) override {
        std::exception_ptr failure;
        try {
            sqlite_transaction& mine = readers_->mine();
            const reading snapshot{mine};
            job(mine);
        } catch (const database_error& why) {
            health_.failed(why);
            failure = std::current_exception();
        } catch (...) {
            failure = std::current_exception();
        }
        done(std::move(failure));
    }

    void on_events_committed(events_committed tell) override { writer_.on_events_committed(std::move(tell)); }

    std::optional<std::string> trouble() const override {
        if (auto known = health_.trouble())
            return known;
        struct stat now{};
        if (::stat(file_.c_str(), &now) != 0 || now.st_ino != inode_ || now.st_dev != device_)
            return "The database file " + file_.string() +
                   " has been removed or replaced; restart to use what is there now";
        if (::access(file_.c_str(), W_OK) != 0)
            return "The database file " + file_.string() + " may not be written: " + std::strerror(errno);
        return std::nullopt;
    }

private:
    std::unique_ptr<sqlite_transaction> open(connection::mode how,
                                             const sqlite_transaction::surroundings& around) const {
        auto opened = std::make_unique<sqlite_transaction>(file_.string(), how, around);
        opened->on().wait_for_lock(read_lock_wait_max);
        set_up(opened->on(), how);
        return opened;
    }

    void remember_file() {
        struct stat opened{};
        if (::stat(file_.c_str(), &opened) != 0)
            throw database_error{SQLITE_CANTOPEN, std::string{"The file is gone: "} + std::strerror(errno)};
        inode_ = opened.st_ino;
        device_ = opened.st_dev;
    }

    const std::filesystem::path file_;
    ino_t inode_ = 0;
    dev_t device_ = 0;
    health health_;
    writer writer_;
    std::shared_ptr<readers>
        readers_;  // closed before the writer, which takes the log up into the file as the last to go
};

}  // namespace

std::unique_ptr<store> open_store(const options& settings, const clock& time, random_source& random) {
    const sqlite_transaction::surroundings around{
        .time = time, .random = random, .encode_event = settings.encode_event};
    if (settings.file == ":memory:")
        return std::make_unique<in_memory>(settings, around);
    migrate_up(settings.file);
    try {
        return std::make_unique<in_file>(settings, around);
    } catch (const database_error& why) {
        throw cannot_use(settings.file, why);
    }
}

}  // namespace rondo::sqlite
