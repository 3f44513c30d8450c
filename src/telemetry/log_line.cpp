#include "telemetry/log_line.hpp"

#include "base/rfc3339.hpp"
#include "telemetry/escaped_text.hpp"

namespace rondo {
namespace {

std::string_view name_of(log_level level) {
    switch (level) {
        case log_level::debug:
            return "debug";
        case log_level::info:
            return "info";
        case log_level::warning:
            return "warning";
        case log_level::error:
            break;
    }
    return "error";
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

bool is_plain_word(std::string_view text) {
    for (const char c : text)
        if (c <= ' ' || c > '~' || c == '"' || c == '\\' || c == '=')
            return false;
    return true;
}

}  // namespace

std::string compose_log_line(log_format format, log_level level, instant at, std::string_view message,
                             std::initializer_list<log_field> fields) {
    std::string line;
    line.reserve(256);
    if (format == log_format::json_lines) {
        line += R"({"time":")";
        line += format_instant(at);
        line += R"(","level":")";
        line += name_of(level);
        line += R"(","message":)";
        append_quoted(line, message);
        for (const auto& [name, value] : fields) {
            if (value.empty())
                continue;
            line += ',';
            append_quoted(line, name);
            line += ':';
            append_quoted(line, value);
        }
        line += "}\n";
        return line;
    }
    line += format_instant(at);
    line += ' ';
    line += name_of(level);
    line.append(8 - name_of(level).size(), ' ');  // the longest name and a space
    append_escaped(line, message);
    for (const auto& [name, value] : fields) {
        if (value.empty())
            continue;
        line += ' ';
        append_escaped(line, name);
        line += '=';
        if (is_plain_word(value))
            line += value;
        else
            append_quoted(line, value);
    }
    line += '\n';
    return line;
}

}  // namespace rondo
