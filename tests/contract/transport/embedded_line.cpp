#include <atomic>
#include <mutex>

#include "contract/transport/transport_contract.hpp"
#include "events/embedded/embedded_publisher.hpp"

namespace rondo::test {
namespace {

/// Down means that the handler, and with it the database, is away.
class embedded_line final : public transport_under_test {
public:
    publisher& out() override { return *out_; }
    void renew_publisher() override { out_ = make(); }
    void begin_delivery(message_handler handler) override { handler_ = std::move(handler); }
    void end_delivery() override { handler_ = nullptr; }
    void take_down() override { down_ = true; }
    void bring_back() override { down_ = false; }
    bool send_foreign(const std::string&, const std::string&) override { return false; }
    bool delay_acknowledgements(bool delay) override {
        lose_ = delay;
        return true;
    }
    std::optional<std::size_t> event_bytes_max() const override { return std::nullopt; }

private:
    std::unique_ptr<embedded_publisher> make() {
        return std::make_unique<embedded_publisher>([this](std::span<const stored_event> events) {
            std::vector<std::optional<consumed>> none(events.size());
            if (down_ || !handler_)
                return none;
            std::vector<incoming_message> messages;
            for (const auto& one : events)
                messages.push_back({.body = to_cloud_event(one),
                                    .content_type = std::string{cloud_event_content_type},
                                    .ce_type = {},
                                    .traceparent = {},
                                    .origin = "embedded"});
            auto answers = handler_(std::move(messages));
            return lose_ ? none : answers;
        });
    }

    message_handler handler_;
    std::atomic<bool> down_{false};
    std::atomic<bool> lose_{false};
    std::unique_ptr<embedded_publisher> out_ = make();
};

}  // namespace

std::unique_ptr<transport_under_test> make_embedded() {
    return std::make_unique<embedded_line>();
}

}  // namespace rondo::test
