#include <CLI/CLI.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/wire/text.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/rfc3339.hpp"
#include "cli/commands.hpp"
#include "events/consumer.hpp"
#include "telemetry/metrics.hpp"

namespace rondo::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t listed_max = 1000;
constexpr std::size_t reason_shown_max = 100;

/// The configured database, opened for this command; a server may be running on it.
class opened_database {
public:
    explicit opened_database(const config& given)
        : store_{open_database_for_command(read_database_url(given.database_url), time_, random_)} {}
    store& operator*() { return *store_; }

private:
    system_clock time_;
    system_random random_;
    std::unique_ptr<store> store_;
};

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_json(const json::value& value) {
    print(json::serialize(value) + "\n");
}

/// Text that neither breaks a line nor steers a terminal.
bool is_printable(std::string_view text) {
    if (!is_clean_text(text))
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1_control = byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f || c1_control)
            return false;
    }
    return true;
}

std::string base64(std::string_view bytes) {
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto part = bytes.substr(i, 3);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (k < part.size() ? static_cast<unsigned char>(part[k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= part.size() ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

json::object describe(const dead_letter& letter) {
    return {{"id", letter.id},
            {"at", format_instant(letter.at)},
            {"origin", letter.origin},
            {"reason", letter.reason},
            {"content_type", is_printable(letter.content_type) ? letter.content_type : base64(letter.content_type)},
            {"size", letter.bytes.size()}};
}

int list(opened_database& data, bool as_json) {
    const auto letters = read_and_wait(*data, [](const transaction& tx) { return tx.list_dead_letters(listed_max); });
    if (as_json) {
        json::array all;
        for (const dead_letter& letter : letters)
            all.push_back(describe(letter));
        print_json(all);
        return 0;
    }
    if (letters.empty())
        print("There are no dead letters.\n");
    for (const dead_letter& letter : letters)
        print(std::to_string(letter.id) + "  " + format_instant(letter.at) + "  " + letter.origin + "  " +
              std::to_string(letter.bytes.size()) + " bytes  " + letter.reason.substr(0, reason_shown_max) + "\n");
    if (letters.size() == listed_max)
        print("These are the first " + std::to_string(listed_max) + ".\n");
    return 0;
}

std::optional<dead_letter> find(opened_database& data, std::int64_t id) {
    return read_and_wait(*data, [&](const transaction& tx) { return tx.find_dead_letter(id); });
}

std::string not_there(std::int64_t id) {
    return "There is no dead letter " + std::to_string(id) + ".";
}

int show(opened_database& data, std::int64_t id, bool as_json) {
    const auto letter = find(data, id);
    if (!letter)
        throw fatal{1, not_there(id)};
    const bool printable = is_printable(letter->bytes);
    auto described = describe(*letter);
    if (as_json) {
        if (printable)
            described["bytes"] = letter->bytes;
        else
            described["bytes_base64"] = base64(letter->bytes);
        print_json(described);
        return 0;
    }
    for (const auto& [name, value] : described)
        print(std::string{name} + ": " +
              (value.is_string() ? std::string{value.get_string()} : json::serialize(value)) + "\n");
    print(printable ? "\n" + letter->bytes + "\n" : "\nNot text, so as Base64:\n" + base64(letter->bytes) + "\n");
    return 0;
}

/// What became of one dead letter of several that were named.
struct treated {
    std::int64_t id;
    bool done;
    std::string told;        ///< for a person
    json::object details{};  ///< for a program
};

int report(const std::vector<treated>& all, bool as_json) {
    bool done = true;
    json::array described;
    for (const treated& one : all) {
        done = done && one.done;
        json::object object{{"id", one.id}, {"done", one.done}};
        for (const auto& [name, value] : one.details)
            object[name] = value;
        described.push_back(std::move(object));
        if (!as_json)
            print(std::to_string(one.id) + ": " + one.told + "\n");
    }
    if (as_json)
        print_json(described);
    return done ? 0 : 1;
}

bool remove(opened_database& data, std::int64_t id) {
    return write_and_wait(*data, [&](transaction& tx) { return tx.drop_dead_letter(id); });
}

treated failed(std::int64_t id, const std::string& reason) {
    return {.id = id, .done = false, .told = reason, .details = {{"reason", reason}}};
}

/// Hands the message to the consumer again. What still cannot be read stays where it is.
treated replay(opened_database& data, consumer& handler, std::int64_t id) {
    auto letter = find(data, id);
    if (!letter)
        return failed(id, not_there(id));
    incoming_message message{.body = std::move(letter->bytes),
                             .content_type = std::move(letter->content_type),
                             .ce_type = {},
                             .traceparent = {},
                             .origin = letter->origin};
    if (const auto notice = decode_event(message); !notice)
        return failed(id, "It still cannot be read: " + notice.error());
    const auto answer = handler.handle_and_wait(std::move(message));
    remove(data, id);  // handled; or, had it failed, kept as a new dead letter with its new reason
    if (answer.what == consumed::verdict::drop)
        return failed(id, "It failed again and is kept as a new dead letter: " + answer.reason);
    treated done{.id = id, .done = true, .told = std::string{to_string(answer.done.what)}};
    done.details["outcome"] = done.told;
    if (answer.done.child) {
        const auto child = to_string(answer.done.child->id);
        done.told += ", task " + child;
        done.details["task_id"] = child;
    }
    return done;
}

int replay_all(opened_database& data, const std::vector<std::int64_t>& ids, bool as_json) {
    metrics unseen;
    consumer handler{*data, unseen};
    std::vector<treated> all;
    all.reserve(ids.size());
    for (const auto id : ids)
        all.push_back(replay(data, handler, id));
    return report(all, as_json);
}

int drop_all(opened_database& data, const std::vector<std::int64_t>& ids, bool as_json) {
    std::vector<treated> all;
    all.reserve(ids.size());
    for (const auto id : ids)
        all.push_back(remove(data, id) ? treated{.id = id, .done = true, .told = "dropped"}
                                       : failed(id, not_there(id)));
    return report(all, as_json);
}

/// What the flags of one of the four commands are read into.
struct given_flags {
    std::vector<std::int64_t> ids;
    bool as_json = false;
};

using action = std::function<int(opened_database&, const given_flags&)>;

void add_command(CLI::App& group, invocation& call, const std::string& name, const std::string& help, action run,
                 const std::string& example) {
    CLI::App* command = group.add_subcommand(name, help);
    const auto flags = std::make_shared<given_flags>();
    if (name != "list") {
        auto* ids = command->add_option("id", flags->ids, "Number of a dead letter, as `list` shows it")->required();
        if (name == "show")
            ids->expected(1);
    }
    command->add_flag("--json", flags->as_json, "Print JSON, for programs");
    command->footer("Example:\n  rondo events dead-letters " + example);
    command->fallthrough();
    command->callback([&call, flags, run = std::move(run)] {
        opened_database data{call.settings};
        call.exit_code = run(data, *flags);
    });
}

}  // namespace

void add_events(CLI::App& app, invocation& call) {
    CLI::App* events = app.add_subcommand("events", "Look after events");
    events->require_subcommand(1);
    CLI::App* group = events->add_subcommand("dead-letters", "Messages that could not be handled, with their bytes");
    group->require_subcommand(1);
    group->fallthrough();
    group->footer(
        "A server may be running on the same database.\n\nExample:\n"
        "  rondo events dead-letters list\n  rondo events dead-letters replay 3 4");

    add_command(
        *group, call, "list", "List them, oldest first",
        [](opened_database& data, const given_flags& given) { return list(data, given.as_json); }, "list --json");
    add_command(
        *group, call, "show", "Show one with its bytes",
        [](opened_database& data, const given_flags& given) { return show(data, given.ids.front(), given.as_json); },
        "show 3");
    add_command(
        *group, call, "replay", "Hand them to the consumer again; what succeeds is dropped",
        [](opened_database& data, const given_flags& given) { return replay_all(data, given.ids, given.as_json); },
        "replay 3 4");
    add_command(
        *group, call, "drop", "Delete them for good",
        [](opened_database& data, const given_flags& given) { return drop_all(data, given.ids, given.as_json); },
        "drop 3 4");
}

}  // namespace rondo::cli
