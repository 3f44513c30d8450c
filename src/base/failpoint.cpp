#include "base/failpoint.hpp"

#ifdef RONDO_FAILPOINTS_BUILT

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include "base/error.hpp"

namespace rondo {
namespace {

struct named {
    failpoint where;
    std::string_view name;
    bool may_fail;  // an exception there is one that may come there in earnest
};

constexpr std::array all{
    named{failpoint::before_begin, "before_begin", true},
    named{failpoint::after_begin, "after_begin", true},
    named{failpoint::after_task_row, "after_task_row", true},
    named{failpoint::after_outbox_row, "after_outbox_row", true},
    named{failpoint::before_commit, "before_commit", true},
    named{failpoint::after_commit, "after_commit", false},
    named{failpoint::before_answer, "before_answer", false},
    named{failpoint::after_claim, "after_claim", true},
    named{failpoint::after_child_row, "after_child_row", true},
    named{failpoint::after_publish, "after_publish", true},
    named{failpoint::after_mark_sent, "after_mark_sent", true},
    named{failpoint::before_offset, "before_offset", false},
    named{failpoint::after_offset, "after_offset", false},
};

struct order {
    named at;
    long hit;
    std::string action;
};

/// A test that names what is not there must not pass for one that saw nothing break.
[[noreturn]] void refuse(const std::string& text) {
    std::fprintf(stderr,
                 "rondo: RONDO_FAILPOINTS: \"%s\" is not NAME HIT kill|fail|wait with a name of failpoint.hpp\n",
                 text.c_str());
    std::_Exit(78);
}

std::optional<order> read(const std::string& text) {
    std::istringstream words{text};
    std::string name;
    order asked{};
    if (!(words >> name))
        return std::nullopt;
    const auto* const found = std::ranges::find(all, name, &named::name);
    if (found == all.end() || !(words >> asked.hit >> asked.action) || asked.hit < 1)
        refuse(text);
    asked.at = *found;
    if (asked.action != "kill" && asked.action != "wait" && (asked.action != "fail" || !found->may_fail))
        refuse(text);
    return asked;
}

/// The file as it is now; a missing one asks for nothing.
std::string ordered(const char* path) {
    std::ifstream in{path};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Counts from the moment the file last changed.
class counter {
public:
    /// The order whose hit this is.
    std::optional<order> count(failpoint where, std::string text) {
        const std::lock_guard lock{mutex_};
        if (text != text_) {
            asked_ = read(text);
            text_ = std::move(text);
            hits_ = 0;
        }
        if (!asked_ || asked_->at.where != where)
            return std::nullopt;
        ++hits_;
        const bool due = hits_ == asked_->hit || (hits_ > asked_->hit && asked_->action == "wait");
        return due ? asked_ : std::nullopt;
    }

private:
    std::mutex mutex_;
    std::string text_;
    std::optional<order> asked_;
    long hits_ = 0;
};

}  // namespace

void reach(failpoint where) {
    const char* const path = std::getenv("RONDO_FAILPOINTS");
    if (!path)
        return;
    static counter hits;
    const std::string text = ordered(path);
    const auto due = hits.count(where, text);
    if (!due)
        return;
    if (due->action == "kill")
        ::kill(::getpid(), SIGKILL);
    if (due->action == "fail")
        throw unavailable{"failpoint " + std::string{due->at.name}};
    while (ordered(path) == text)
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

}  // namespace rondo

#endif
