#include "telemetry/otlp/exporter.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "http/client/client.hpp"
#include "telemetry/log.hpp"
#include "telemetry/otlp/span_json.hpp"

namespace rondo::otlp {
namespace {

/// OTLP/HTTP names these; of any other status the same spans would meet it again.
bool may_try_again(unsigned status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

exporter::exporter(settings to)
    : to_{std::move(to)},
      collector_{std::make_unique<http::client>(
          http::client_options{.host = to_.host, .port = to_.port, .timeout = to_.timeout})},
      thread_{[this] { run(); }} {}

exporter::~exporter() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
        stop_by_ = std::chrono::steady_clock::now() + export_patience_at_end;
        woken_.notify_one();
    }
    thread_.join();
}

void exporter::add(span ended) {
    const std::lock_guard lock{mutex_};
    if (waiting_.size() >= spans_waiting_max) {
        ++dropped_;
        return;
    }
    waiting_.push_back(std::move(ended));
    if (waiting_.size() == spans_per_export_max)
        woken_.notify_one();
}

void exporter::run() {
    for (;;) {
        std::vector<span> batch;
        {
            std::unique_lock lock{mutex_};
            woken_.wait_for(lock, export_interval,
                            [this] { return stopping_ || waiting_.size() >= spans_per_export_max; });
            const auto count = static_cast<std::ptrdiff_t>(std::min(waiting_.size(), spans_per_export_max));
            std::move(waiting_.begin(), waiting_.begin() + count, std::back_inserter(batch));
            waiting_.erase(waiting_.begin(), waiting_.begin() + count);
            if (stopping_ && batch.empty())
                return;
            if (out_of_time()) {
                dropped_ += batch.size() + waiting_.size();
                return;
            }
        }
        if (!batch.empty() && !send(batch))
            dropped_ += batch.size();
    }
}

bool exporter::send(const std::vector<span>& batch) {
    const auto body = to_export_request(batch, to_.resource);
    std::vector<http::header> headers{{.name = "Content-Type", .value = "application/json"}};
    for (const auto& [name, value] : to_.headers)
        headers.push_back({.name = name, .value = value});
    const http::outgoing_request request{.target = to_.target, .headers = headers, .body = body, .repeatable = true};
    std::string trouble;
    for (int attempt = 0; attempt < export_tries_max; ++attempt) {
        if (attempt > 0 && pause(export_interval * attempt))
            break;
        const auto answer = collector_->send(request, [this] { return out_of_time(); });
        if (answer && answer->status >= 200 && answer->status < 300) {
            if (std::exchange(failing_, false))
                log(log_level::info, "Traces reach the collector again");
            return true;
        }
        trouble = answer ? "it answered " + std::to_string(answer->status) : answer.error().reason;
        if (answer && !may_try_again(answer->status))
            break;
    }
    // Said once, not with every batch.
    if (!std::exchange(failing_, true))
        log(log_level::warning, "Traces do not reach the collector",
            {{"collector", to_.host + ":" + to_.port}, {"reason", trouble}});
    return false;
}

bool exporter::pause(std::chrono::milliseconds lasting) {
    std::unique_lock lock{mutex_};
    return woken_.wait_for(lock, lasting, [this] { return stopping_; });
}

}  // namespace rondo::otlp
