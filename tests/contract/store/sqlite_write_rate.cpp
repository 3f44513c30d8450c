// How many tasks a second one SQLite file takes: insert_task and append, with as many jobs in flight as asked, then what
// the relay deletes. Not a test.
//     sqlite_write_rate [users=100] [jobs in flight=256] [seconds=5] [folder=/tmp]

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <vector>

#include "store/sqlite/sqlite_store.hpp"
#include "support/seeded_random.hpp"

using namespace rondo;

namespace {

std::string encode(const event& happened) {
    return R"({"event_type":"task-created","task_id":")" + to_string(happened.snapshot.id) + R"(","user_id":")" +
           to_string(happened.snapshot.owner) + R"(","title":")" + happened.snapshot.title +
           R"(","description":null,"priority":"medium","tags":[],"status":"pending","due_date":null,"timezone":"UTC"})";
}

/// Seconds of processor the store's thread has used.
double writer_time(store& of) {
    return write_and_wait(of, [](transaction&) {
        timespec used{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
        return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
    });
}

std::size_t argument(int argc, char** argv, int at, std::size_t otherwise) {
    return argc > at ? std::strtoul(argv[at], nullptr, 10) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
    const std::size_t users = argument(argc, argv, 1, 100);
    const std::size_t in_flight = argument(argc, argv, 2, 256);
    const std::chrono::seconds lasts{argument(argc, argv, 3, 5)};
    const std::filesystem::path folder = argc > 4 ? argv[4] : "/tmp";
    const auto file = folder / ("rondo-write-rate-" + std::to_string(std::random_device{}()) + ".db");
    const system_clock time;
    system_random random;

    {
        const auto store = sqlite::open_store({.file = file, .encode_event = encode}, time, random);
        std::vector<user_id> owners;
        write_and_wait(*store, [&](transaction& tx) {
            for (std::size_t i = 0; i < users; ++i) {
                owners.push_back(tx.new_id<user_id>());
                tx.insert_user({.id = owners.back(),
                                .email = std::to_string(i),
                                .name = {},
                                .zone = {},
                                .password_hash = "none",
                                .created_at = tx.now()});
            }
            return 0;
        });

        std::mutex mutex;
        std::condition_variable changed;
        std::size_t waiting = 0;
        std::size_t done = 0;
        const auto began = std::chrono::steady_clock::now();
        const double processor_began = writer_time(*store);
        for (std::size_t i = 0; std::chrono::steady_clock::now() - began < lasts; ++i) {
            {
                std::unique_lock lock{mutex};
                changed.wait(lock, [&] { return waiting < in_flight; });
                ++waiting;
            }
            store->submit_write(
                [owner = owners[i * 7919 % users], i](transaction& tx) {
                    task made;
                    made.id = tx.new_id<task_id>();
                    made.owner = owner;
                    made.series = made.id;
                    made.title = "Buy milk and " + std::to_string(i % 1000) + " eggs";
                    made.description = "From the shop at the corner";
                    made.due =
                        due{.wall = std::chrono::local_seconds{std::chrono::seconds{1'800'000'000 + i % 100'000}}};
                    made.created_at = made.updated_at = tx.now();
                    tx.insert_task(made);
                    tx.append({.id = tx.new_id<event_id>(),
                               .type = event_type::created,
                               .at = tx.now(),
                               .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                               .snapshot = std::move(made)});
                    return store::verdict::keep;
                },
                [&](std::exception_ptr failure) {
                    if (failure)
                        std::abort();
                    const std::lock_guard lock{mutex};
                    --waiting;
                    ++done;
                    changed.notify_one();
                });
        }
        {
            std::unique_lock lock{mutex};
            changed.wait(lock, [&] { return waiting == 0; });
        }
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        const double processor = writer_time(*store) - processor_began;
        std::printf("%zu users, %zu in flight: %.0f tasks/s, %.1f us of the writer's processor each\n", users,
                    in_flight, static_cast<double>(done) / took.count(), processor * 1e6 / static_cast<double>(done));

        const auto publish_began = std::chrono::steady_clock::now();
        std::size_t published = 0;
        while (published < std::min<std::size_t>(done, 20'000)) {
            const auto batch =
                read_and_wait(*store, [&](const transaction& tx) { return tx.pending_events(256, tx.now()); });
            std::vector<std::int64_t> sequences;
            for (const auto& each : batch)
                sequences.push_back(each.sequence);
            write_and_wait(*store, [&](transaction& tx) { return tx.mark_published(sequences, tx.now()), 0; });
            published += batch.size();
        }
        const std::chrono::duration<double> publishing = std::chrono::steady_clock::now() - publish_began;
        std::printf("read and marked published, 256 at a time: %.0f events/s\n",
                    static_cast<double>(published) / publishing.count());
    }
    for (const char* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(file.string() + suffix);
}
