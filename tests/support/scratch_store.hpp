#pragma once
// A database for one test: real SQLite, empty, migrated, gone afterwards. Link rondo_store_sqlite.

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "store/sqlite/sqlite_store.hpp"
#include "store/store.hpp"
#include "support/manual_clock.hpp"
#include "support/seeded_random.hpp"

namespace rondo::test {

/// A new folder that goes with its contents.
class scratch_folder {
public:
    scratch_folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "rondo-test-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr)
            throw std::runtime_error{"cannot make a folder like " + pattern};
        path_ = pattern;
    }
    ~scratch_folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// For tests that do not look at what events carry.
inline std::string encode_nothing(const event&) {
    return "{}";
}

enum class scratch_in : unsigned char { memory, file };
enum class scratch_jobs : unsigned char {
    at_once,     ///< on the caller's thread
    on_a_thread  ///< on the store's writer thread, as in the server
};

/// A store with its clock and its random source. `time` stands still until it is moved.
///
///     scratch_store db;
///     const user ann = db.add_user("ann@example.org");
///     db.write([&](transaction& tx) { return tx.insert_task(...); });
///     auto found = db.read([&](const transaction& tx) { return tx.find_task(ann.id, id); });
class scratch_store {
public:
    explicit scratch_store(scratch_in where = scratch_in::memory, scratch_jobs jobs = scratch_jobs::at_once,
                           std::string (*encode_event)(const event&) = encode_nothing)
        : file_{where == scratch_in::memory ? std::filesystem::path{":memory:"} : folder_.path() / "todo.db"},
          jobs_{jobs},
          encode_event_{encode_event} {
        reopen();
    }

    manual_clock time;
    seeded_random random;

    store& get() { return *opened_; }
    store& operator*() { return *opened_; }
    store* operator->() { return opened_.get(); }
    const std::filesystem::path& file() const { return file_; }

    /// Runs a job and waits for it. A job may return nothing.
    template <class Job>
    auto write(Job job) {
        if constexpr (std::is_void_v<std::invoke_result_t<Job&, transaction&>>)
            (void)write_and_wait(*opened_, [&](transaction& tx) { return job(tx), true; });
        else
            return write_and_wait(*opened_, std::move(job));
    }
    template <class Job>
    auto read(Job job) {
        return read_and_wait(*opened_, std::move(job));
    }

    /// Someone to own tasks. The password hash is not one.
    user add_user(const std::string& email = "ann@example.org") {
        return write([&](transaction& tx) {
            user added{.id = tx.new_id<user_id>(),
                       .email = email,
                       .name = std::nullopt,
                       .zone = {},
                       .password_hash = "none",
                       .created_at = tx.now()};
            if (!tx.insert_user(added))
                throw std::logic_error{email + " is taken"};
            return added;
        });
    }

    /// Closes the store; what was in memory is gone.
    void close() { opened_.reset(); }
    /// Opens the file again, as after a restart.
    void reopen() {
        close();
        opened_ = sqlite::open_store(
            {.file = file_, .encode_event = encode_event_, .inline_writes = jobs_ == scratch_jobs::at_once}, time,
            random);
    }

private:
    scratch_folder folder_;
    std::filesystem::path file_;
    scratch_jobs jobs_;
    std::string (*encode_event_)(const event&);
    std::unique_ptr<store> opened_;
};

}  // namespace rondo::test
