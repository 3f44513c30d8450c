#include "telemetry/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <csignal>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/sinks/sink.h>

#include "base/clock.hpp"
#include "telemetry/log_line.hpp"

namespace rondo {
namespace {

constexpr std::chrono::milliseconds stop_patience{2'000};
constexpr int poll_slice_ms = 100;

/// Lines that could not be written to stdout, or came after the background thread had gone.
std::atomic<std::uint64_t> lines_lost{0};

std::int64_t steady_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// Writes finished lines to a file descriptor from spdlog's one background thread. A stuck reader holds that thread
/// up, never a caller; once `give_up_at` is set and has passed, lines are lost rather than waited for.
class descriptor_sink final : public spdlog::sinks::sink {
public:
    explicit descriptor_sink(int descriptor) : descriptor_{descriptor} {}

    void log(const spdlog::details::log_msg& msg) override {
        std::string_view rest{msg.payload.data(), msg.payload.size()};
        while (!rest.empty()) {
            // A pipe that polls as writable takes PIPE_BUF bytes without blocking, and no more is promised.
            const auto piece = rest.substr(0, PIPE_BUF);
            if (!wait_until_writable())
                return lost();
            const auto written = ::write(descriptor_, piece.data(), piece.size());
            if (written < 0 && errno != EINTR && errno != EAGAIN)
                return lost();
            rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(written, 0)));
        }
    }
    void flush() override {}
    void set_pattern(const std::string&) override {}
    void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

    void give_up_after(std::chrono::milliseconds patience) { give_up_at_ = steady_ms() + patience.count(); }

private:
    bool wait_until_writable() const {
        for (;;) {
            const bool patient = steady_ms() < give_up_at_.load();
            pollfd asked{.fd = descriptor_, .events = POLLOUT, .revents = 0};
            const int ready = ::poll(&asked, 1, patient ? poll_slice_ms : 0);
            if (ready > 0)
                return true;  // or broken: the write will say how
            if (!patient || (ready < 0 && errno != EINTR))
                return false;
        }
    }
    static void lost() { ++lines_lost; }

    int descriptor_;
    std::atomic<std::int64_t> give_up_at_{INT64_MAX};
};

struct logging {
    log_format format;
    std::shared_ptr<descriptor_sink> sink;
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::async_logger> logger;
};

std::atomic<log_level> least_level{log_level::info};

/// What was started stays: a thread may be inside log() while logging stops. Its line then finds the pool gone and is
/// counted as lost.
std::list<logging>& ever_started() {
    static auto& list = *new std::list<logging>;  // not destroyed at the exit either
    return list;
}
std::atomic<logging*> current{nullptr};

std::mutex counting;  // between stopping and asking for the count; log() takes no part
std::uint64_t pushed_out_before{0};  // of queues that were stopped

/// A program started with its standard streams closed would get them as numbers of its next files, and log lines would go into those.
void hold_standard_streams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
            (void)::open("/dev/null", O_RDWR);  // takes the lowest free number: this one
}

}  // namespace

void start_logging(log_format format, log_level least) {
    stop_logging();
    std::signal(SIGPIPE, SIG_IGN);
    hold_standard_streams();
    auto* started = &ever_started().emplace_back(
        logging{.format = format,
                .sink = std::make_shared<descriptor_sink>(STDOUT_FILENO),
                .pool = std::make_shared<spdlog::details::thread_pool>(log_lines_waiting_max, 1U),
                .logger = nullptr});
    started->logger = std::make_shared<spdlog::async_logger>("rondo", started->sink, started->pool,
                                                             spdlog::async_overflow_policy::overrun_oldest);
    started->logger->set_level(spdlog::level::trace);
    started->logger->set_error_handler([](const std::string&) { ++lines_lost; });
    least_level = least;
    current = started;
}

void stop_logging() {
    const std::lock_guard lock{counting};
    auto* stopped = current.exchange(nullptr);
    if (stopped == nullptr)
        return;
    stopped->sink->give_up_after(stop_patience);
    pushed_out_before += stopped->pool->overrun_counter();
    stopped->pool.reset();  // writes what waits, then joins its thread
}

std::uint64_t log_lines_dropped() {
    const std::lock_guard lock{counting};
    const auto* running = current.load();
    return lines_lost + pushed_out_before + (running != nullptr ? running->pool->overrun_counter() : 0);
}

bool logs(log_level level) {
    return level >= least_level.load(std::memory_order_relaxed);
}

void log(log_level level, std::string_view message, std::initializer_list<log_field> fields) {
    if (!logs(level))
        return;
    auto* running = current.load(std::memory_order_acquire);
    const auto format = running != nullptr ? running->format : log_format::readable;
    const auto line = compose_log_line(format, level, system_clock{}.now(), message, fields);
    if (running != nullptr)
        running->logger->log(spdlog::level::info, spdlog::string_view_t{line.data(), line.size()});
    else if (::write(STDERR_FILENO, line.data(), line.size()) < 0)
        ++lines_lost;
}

}  // namespace rondo
