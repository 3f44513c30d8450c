// Dapr, with real sidecars in front of a real broker: one that is published to, and one that delivers.
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <regex>
#include <stdexcept>
#include <thread>

#include "contract/transport/transport_contract.hpp"
#include "events/dapr/dapr_publisher.hpp"
#include "support/fake_http_server.hpp"
#include "support/scratch_store.hpp"

namespace rondo::test {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

/// Below those that the system gives to outgoing connections, so that it is free a moment later too.
std::string free_port() {
    std::random_device random;
    std::uniform_int_distribution<int> given_to_nobody{10'240, 32'767};
    while (true) {
        const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<std::uint16_t>(given_to_nobody(random)));
        const bool is_free = ::bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(probe);
        if (is_free)
            return std::to_string(ntohs(address.sin_port));
    }
}

/// The files of deploy/dapr for one test's broker, topic and group; without its subscriptions nothing is delivered.
void write_resources(const fs::path& into, const std::string& topic, const std::string& group, bool delivers) {
    fs::create_directories(into);
    for (const auto& found : fs::recursive_directory_iterator{fs::path{RONDO_SOURCE_DIR} / "deploy/dapr"}) {
        const auto folder = found.path().parent_path().filename().string();
        if (found.path().extension() != ".yaml" || (folder == "subscriptions" && !delivers))
            continue;
        std::ifstream in{found.path()};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        text = std::regex_replace(text, std::regex{"127\\.0\\.0\\.1:9092"}, variable("RONDO_TEST_KAFKA"));
        text = std::regex_replace(text, std::regex{"(topic|deadLetterTopic): task-events"}, "$1: " + topic);
        text = std::regex_replace(text, std::regex{"value: \"todo-backend\""}, "value: \"" + group + "\"");
        std::ofstream{into / (folder + "-" + found.path().filename().string())} << text;
    }
}

class sidecar {
public:
    sidecar(fs::path folder, std::string app_port) : folder_{std::move(folder)}, app_port_{std::move(app_port)} {}
    ~sidecar() { end(SIGKILL); }
    sidecar(const sidecar&) = delete;
    sidecar& operator=(const sidecar&) = delete;

    const std::string& port() const { return port_; }

    void start() {
        const std::string program = variable("RONDO_TEST_DAPRD");
        std::vector<std::string> words{program,
                                       "--app-id",
                                       "todo-backend",
                                       "--resources-path",
                                       (folder_ / "resources").string(),
                                       "--dapr-http-port",
                                       port_,
                                       "--dapr-grpc-port",
                                       free_port(),
                                       "--dapr-internal-grpc-port",
                                       free_port(),
                                       "--metrics-port",
                                       free_port(),
                                       "--log-level",
                                       "warn",
                                       "--dapr-listen-addresses",
                                       "127.0.0.1",
                                       "--dapr-internal-grpc-listen-address",
                                       "127.0.0.1",
                                       "--metrics-listen-address",
                                       "127.0.0.1"};
        if (!app_port_.empty())
            words.insert(words.end(), {"--app-port", app_port_});
        std::vector<char*> arguments;
        for (auto& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        const auto log = (folder_ / "log").string();
        posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        posix_spawn_file_actions_adddup2(&files, 1, 2);
        const int failed = ::posix_spawn(&pid_, program.c_str(), &files, nullptr, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        if (failed != 0)
            throw std::runtime_error{"cannot start " + program};
        wait_until_ready();
    }
    void end(int how) {
        if (pid_ == 0)
            return;
        ::kill(pid_, how);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    bool runs() const { return pid_ != 0; }

private:
    void wait_until_ready() {
        http::client probe{{.host = "127.0.0.1", .port = port_, .timeout = std::chrono::seconds{2}}};
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (std::chrono::steady_clock::now() < deadline) {
            const auto answer = probe.send({.verb = "GET", .target = "/v1.0/healthz/outbound"});
            if (answer && answer->status == 204)
                return;
            if (::waitpid(pid_, nullptr, WNOHANG) == pid_) {
                pid_ = 0;
                break;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        std::ifstream log{folder_ / "log"};
        throw std::runtime_error{"the sidecar was not ready:\n" + std::string{std::istreambuf_iterator<char>{log}, {}}};
    }

    fs::path folder_;
    std::string app_port_;
    std::string port_ = free_port();
    pid_t pid_ = 0;
};

class dapr_line final : public transport_under_test {
public:
    dapr_line() {
        write_resources(folder_.path() / "out/resources", topic_, group_, false);
        write_resources(folder_.path() / "in/resources", topic_, group_, true);
        publishes_.start();
        renew_publisher();
    }
    ~dapr_line() override { end_delivery(); }

    publisher& out() override { return *out_; }
    void renew_publisher() override {
        out_ = std::make_unique<dapr_publisher>(
            dapr_options{.port = publishes_.port(), .pubsub = "kafka-pubsub", .topic = topic_});
    }
    void begin_delivery(message_handler handler) override {
        app_.answer_with([handler = std::move(handler)](const fake_http_server::request& asked) {
            if (asked.target() == "/dapr/subscribe")
                return fake_http_server::answer(200, "[]");
            if (asked.head.starts_with("GET"))
                return fake_http_server::answer(200, "{}");
            if (asked.target() == "/api/events/dead-letters") {
                (void)handler({{.body = "a dead letter",
                                .content_type = "text/plain",
                                .ce_type = {},
                                .traceparent = {},
                                .origin = "dapr"}});
                return fake_http_server::answer(200, R"({"status":"SUCCESS"})");
            }
            const auto answer = handler({{.body = asked.body,
                                          .content_type = std::string{cloud_event_content_type},
                                          .ce_type = {},
                                          .traceparent = {},
                                          .origin = "endpoint"}});
            if (!answer[0])
                return fake_http_server::answer(503, R"({"status":"RETRY"})");
            return fake_http_server::answer(200, answer[0]->what == consumed::verdict::success
                                                     ? R"({"status":"SUCCESS"})"
                                                     : R"({"status":"DROP"})");
        });
        delivers_.start();
    }
    void end_delivery() override { delivers_.end(SIGTERM); }
    void take_down() override {
        delivered_ = delivers_.runs();
        delivers_.end(SIGTERM);
        publishes_.end(SIGKILL);
    }
    void bring_back() override {
        publishes_.start();
        if (delivered_)
            delivers_.start();
    }
    bool send_foreign(const std::string& key, const std::string& bytes) override {
        produce_foreign(variable("RONDO_TEST_KAFKA"), topic_, key, bytes);
        return true;
    }
    bool delay_acknowledgements(bool) override { return false; }
    std::optional<std::size_t> event_bytes_max() const override { return 1'048'576; }
    std::chrono::seconds patience() const override { return std::chrono::seconds{150}; }

private:
    std::string topic_ = unique_name("t");
    std::string group_ = unique_name("g");
    scratch_folder folder_;
    fake_http_server app_{[](const fake_http_server::request&) { return fake_http_server::answer(503); }};
    sidecar publishes_{folder_.path() / "out", {}};
    sidecar delivers_{folder_.path() / "in", app_.port()};
    bool delivered_ = false;
    std::unique_ptr<dapr_publisher> out_;
};

}  // namespace

std::string dapr_is_missing() {
    if (const auto missing = kafka_is_missing(); !missing.empty())
        return missing;
    return variable("RONDO_TEST_DAPRD").empty()
               ? "RONDO_TEST_DAPRD is not set: tools/dev-services start dapr --dir FOLDER gives it"
               : "";
}

std::unique_ptr<transport_under_test> make_dapr_real() {
    return std::make_unique<dapr_line>();
}

}  // namespace rondo::test
