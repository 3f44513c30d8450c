#include "cli/run.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "app/version.hpp"
#include "cli/commands.hpp"

namespace rondo::cli {
namespace {

/// The settings in a file of `NAME=value` lines; names may be written as the variable or as the flag.
std::map<std::string, std::string> read_settings_file(const std::string& path) {
    CLI::ConfigINI format;
    std::map<std::string, std::string> found;
    for (const CLI::ConfigItem& item : format.from_file(path)) {
        std::string name = item.name.starts_with("export ") ? item.name.substr(7) : item.name;
        for (char& c : name)
            c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        std::string value;
        for (const std::string& word : item.inputs)
            value += (value.empty() ? "" : " ") + word;
        found[name] = value;
    }
    return found;
}

/// A typing error in a configuration file must not pass in silence.
void refuse_unknown_names(const std::map<std::string, std::string>& found, const std::string& path) {
    const auto unknown = std::ranges::find_if(found, [](const auto& given) {
        return std::ranges::none_of(settings(), [&](const setting& one) { return one.variable == given.first; });
    });
    if (unknown != found.end())
        throw fatal{78, path + ": there is no setting " + unknown->first + "; rondo --help lists them."};
}

class sources {
public:
    void add_flags(CLI::App& app) {
        for (const setting& one : settings())
            app.add_option(flag_of(one), flags_[std::string{one.variable}], std::string{one.help})
                ->group("Settings (also as environment variables, in .env, and in the --config file)");
        app.add_option("--config", config_file_, "File of NAME=value lines")->check(CLI::ExistingFile);
    }

    config resolve_all() const {
        std::map<std::string, std::string> in_config;
        if (!config_file_.empty()) {
            in_config = read_settings_file(config_file_);
            refuse_unknown_names(in_config, config_file_);
        }
        // .env is shared with other programs, so names that are not ours are theirs.
        const auto in_dotenv =
            std::filesystem::exists(".env") ? read_settings_file(".env") : std::map<std::string, std::string>{};
        const auto from = [](const std::map<std::string, std::string>& names) {
            return [&names](const setting& one) -> std::optional<std::string> {
                const auto found = names.find(std::string{one.variable});
                return found == names.end() ? std::nullopt : std::optional{found->second};
            };
        };
        const std::array<setting_source, 4> in_order{from(flags_), from_environment, from(in_dotenv), from(in_config)};
        return resolve(in_order);
    }

private:
    std::map<std::string, std::string> flags_;
    std::string config_file_;
};

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Rondo: a task server whose repeating tasks always come round."};
    app.set_version_flag("--version", std::string{version});
    app.footer(
        "Without a command, it serves. Example:\n  rondo serve --database-url sqlite:///todo.db --port 8000\n\n"
        "A flag wins over the environment, that over .env, and that over the --config file.");
    app.require_subcommand(0, 1);

    invocation call;
    sources from;
    from.add_flags(app);
    add_serve(app, call);
    add_migrate(app, call);
    add_copy(app, call);
    add_events(app, call);
    add_next(app, call);
    add_add(app, call);
    add_healthcheck(app, call);
    for (CLI::App* command : app.get_subcommands({}))
        command->fallthrough();

    try {
        // The settings are complete before a command's own action runs.
        app.parse_complete_callback([&] { call.settings = from.resolve_all(); });
        app.parse(argc, argv);
        if (app.get_subcommands().empty())
            return serve(call.settings);
        return call.exit_code;
    } catch (const CLI::ParseError& stop) {
        return app.exit(stop) == 0 ? 0 : 64;  // EX_USAGE
    } catch (const fatal& stop) {
        std::fprintf(stderr, "rondo: %s\n", stop.what());
        return stop.exit_code();
    } catch (const std::exception& stop) {
        std::fprintf(stderr, "rondo: %s\n", stop.what());
        return 70;  // EX_SOFTWARE
    }
}

}  // namespace rondo::cli
