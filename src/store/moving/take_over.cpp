#include "store/moving/take_over.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/random.hpp"
#include "store/fold.hpp"
#include "store/moving/foreign_values.hpp"
#include "store/moving/task_rows.hpp"
#include "text/keys.hpp"

namespace rondo {

namespace {

/// A completed repeating task without a child is given one if it was completed so recently: its event may be under way, or
/// lost. The longest rhythm of that system is a month; nobody waits for an older one any more.
constexpr std::chrono::days child_due_for{31};
constexpr std::chrono::seconds touched_after{2};  // of two times that one statement wrote
constexpr const char* untitled = "Untitled";
constexpr int dearest_bcrypt = 15;  // auth/bcrypt.hpp works out none above

bool can_be_checked(std::string_view password) {
    if (password.starts_with("$argon2"))
        return true;
    if (password.size() != 60 || !password.starts_with("$2"))
        return false;
    int cost = 0;
    std::from_chars(password.data() + 4, password.data() + 6, cost);
    return cost >= 4 && cost <= dearest_bcrypt;
}

/// "1f2e3d4c", to tell one from another.
std::string mark_of(const uuid& id) {
    return to_string(id).substr(0, 8);
}

class taking_over {
public:
    taking_over(const foreign_data& from, instant now, const std::function<uuid()>& new_id)
        : from_{from}, now_{now}, new_id_{new_id} {}

    taken_over run() && {
        take_users();
        take_tags();
        take_tasks();
        check_parents();
        find_children();
        number_series();
        take_links();
        write_tasks();
        made_.report.users = static_cast<std::int64_t>(made_.users.size());
        made_.report.tags = static_cast<std::int64_t>(made_.tags.size());
        made_.report.tasks = static_cast<std::int64_t>(made_.tasks.size());
        made_.report.links = static_cast<std::int64_t>(made_.links.size());
        return std::move(made_);
    }

private:
    struct found {
        rondo::task task;
        std::optional<task_id> parent;
        bool child_made = false;
        std::int64_t tags = 0;
        std::vector<std::size_t> children{};
    };

    void note(std::string_view what, std::string detail) { made_.report.note(what, std::move(detail)); }

    std::string cleaned(const std::string& text, const std::string& whose) {
        std::string clean = clean_text(text);
        if (clean != text)
            note("texts had bytes that are no text: a � stands for each of them", whose);
        return clean;
    }

    void take_users() {
        struct account {
            instant created_at;
            uuid id;
            std::string email;
            const foreign_row* row;
        };
        std::vector<account> accounts;
        for (const foreign_row& row : from_.users) {
            const uuid id = id_in("users", row, 0, "id");
            std::string email{trimmed_text(cleaned(row[1].value_or(""), "e-mail of user " + to_string(id)))};
            if (email.empty())
                refuse_row("users", row, "has no e-mail address");
            if (!row[3])
                refuse_row("users", row, "has no password");
            accounts.push_back({needed_time_in("users", row, 4), id, std::move(email), &row});
        }
        // The older account keeps an address that two have.
        std::ranges::sort(accounts, {}, [](const account& each) { return std::pair{each.created_at, each.id}; });
        std::map<std::string, uuid> by_email;
        for (const account& each : accounts)
            by_email.try_emplace(folded(each.email), each.id);
        for (account& each : accounts) {
            if (!users_.emplace(each.id, each.created_at).second)
                refuse_row("users", *each.row, "has the id of another");
            if (const uuid keeper = by_email.at(folded(each.email)); keeper != each.id) {
                std::string other = marked(each.email, mark_of(each.id));
                if (!by_email.try_emplace(folded(other), each.id).second)
                    other = marked(each.email, to_string(each.id));
                by_email.try_emplace(folded(other), each.id);
                note(
                    "accounts had another's e-mail address but for case: the oldest keeps it, these log in with a new "
                    "one",
                    "user " + to_string(each.id) + ": " + each.email + " is now " + other + "; user " +
                        to_string(keeper) + " keeps the old one");
                each.email = std::move(other);
            }
            const std::string& password = *(*each.row)[3];
            if (!can_be_checked(password))
                note("accounts have a password in a form that cannot be checked here: nobody can log in to them",
                     "user " + to_string(each.id) + ": " + each.email);
            auto name = (*each.row)[2];
            if (name)
                name = cleaned(*name, "name of user " + to_string(each.id));
            made_.users.push_back({each.id, each.email, name ? cell{*name} : cell{}, std::string{"UTC"},
                                   clean_text(password), each.created_at.time_since_epoch().count()});
        }
    }

    /// An address in the same mailbox at most providers, and never another account's.
    static std::string marked(const std::string& email, const std::string& mark) {
        const auto at = email.rfind('@');
        const auto name = email.substr(0, at);
        return name + "+duplicate-" + mark + (at == email.npos ? "" : email.substr(at));
    }

    void take_tags() {
        struct label {
            instant created_at;
            uuid id;
            const foreign_row* row;
        };
        std::vector<label> labels;
        for (const foreign_row& row : from_.tags) {
            const uuid id = id_in("tags", row, 0, "id");
            const uuid owner = id_in("tags", row, 1, "user_id");
            const auto known = users_.find(owner);
            if (known == users_.end()) {
                note("tags belong to nobody: they stay behind",
                     "tag " + to_string(id) + " of user " + to_string(owner));
                continue;
            }
            labels.push_back({time_in("tags", row, 4).value_or(known->second), id, &row});
        }
        std::ranges::sort(labels, {}, [](const label& each) { return std::pair{each.created_at, each.id}; });
        for (const label& each : labels) {
            const foreign_row& row = *each.row;
            const uuid owner = *read_foreign_id(*row[1]);
            const std::string whose = "tag " + to_string(each.id);
            const std::string name = fitting_name(cleaned(row[2].value_or(""), whose), each.id, whose);
            const uuid kept = tag_named(owner, name, each.id, color_of(row, whose), each.created_at);
            if (!tags_.emplace(each.id, std::pair{owner, kept}).second)
                refuse_row("tags", row, "has the id of another");
            if (kept != each.id)
                note("tags had another's name but for case: their tasks carry the oldest of them",
                     whose + " is now " + to_string(kept));
        }
    }

    std::string fitting_name(const std::string& given, const uuid& id, const std::string& whose) {
        std::string name{trimmed_text(given)};
        if (name.empty()) {
            note("tags had no name: they are called Untitled", whose);
            return untitled;
        }
        if (length_of(name) > tag_name_max) {
            note("tags had a name of more than 50 characters: it is cut, and ends in a mark of its own",
                 whose + ": " + name);
            name = std::string{first_characters(name, tag_name_max - 9)} + "…" + mark_of(id);
        }
        return name;
    }

    std::string color_of(const foreign_row& row, const std::string& whose) {
        if (!row[3] || row[3]->empty())
            return tag_default_color;
        auto color = read_foreign_color(*row[3]);
        if (!color)
            note("tags had a colour that is not known: they have the usual one",
                 whose + ": " + clean_text(*row[3]).substr(0, 60));
        else if (*color != *row[3] && lower_case(*color) != lower_case(*row[3]))
            note("tags had a colour as a word or in short: it is written as #RRGGBB",
                 whose + ": " + *row[3] + " is " + *color);
        return color.value_or(tag_default_color);
    }

    /// The owner's tag of that name, which is made if there is none.
    uuid tag_named(const uuid& owner, const std::string& name, const std::optional<uuid>& id, const std::string& color,
                   instant created_at) {
        const auto [known, is_new] = tag_ids_.try_emplace({owner, tag_key(name)});
        if (is_new) {
            known->second = id ? *id : new_id_();
            made_.tags.push_back({known->second, owner, name, color, created_at.time_since_epoch().count()});
        }
        return known->second;
    }

    void take_tasks() {
        tasks_.reserve(from_.tasks.size());
        for (const foreign_row& row : from_.tasks) {
            const task_id id{id_in("tasks", row, 0, "id")};
            const user_id owner{id_in("tasks", row, 1, "user_id")};
            if (!users_.contains(owner.value)) {
                note("tasks belong to nobody: they stay behind",
                     "task " + to_string(id) + " of user " + to_string(owner));
                continue;
            }
            if (!by_id_.emplace(id.value, tasks_.size()).second)
                refuse_row("tasks", row, "has the id of another");
            found taken{.task = read_task(row, id, owner), .parent = {}};
            if (row[10] && !row[10]->empty())
                taken.parent = task_id{id_in("tasks", row, 10, "parent_task_id")};
            tasks_.push_back(std::move(taken));
        }
    }

    task read_task(const foreign_row& row, task_id id, user_id owner) {
        const std::string whose = "task " + to_string(id);
        task made{.id = id, .owner = owner, .series = id};
        read_texts(row, made, whose);
        const auto named = [&](std::size_t column, const char* called, auto parse, auto absent) {
            if (!row[column] || row[column]->empty())
                return absent;
            const auto value = parse(lower_case(*row[column]));
            if (!value)
                refuse_row("tasks", row,
                           std::string{"has a "} + called + " that is none: " + clean_text(*row[column]).substr(0, 40));
            return *value;
        };
        made.status = named(4, "status", parse_status, task_status::pending);
        made.priority = named(5, "priority", parse_priority, task_priority::medium);
        made.repeat.type = named(7, "recurring_type", parse_recurring_type, recurring_type::none);
        if (made.repeat.type == recurring_type::custom)
            refuse_row("tasks", row, "repeats by a rule that is not told");
        if (row[8]) {
            const auto [end, failed] =
                std::from_chars(row[8]->data(), row[8]->data() + row[8]->size(), made.repeat.interval);
            if (failed != std::errc{} || made.repeat.interval < 1 || made.repeat.interval > interval_max)
                refuse_row("tasks", row, "has a recurring_interval that is not 1 to 999");
        }
        if (const auto at = time_in("tasks", row, 6))
            made.due = due{
                .wall = std::chrono::local_seconds{std::chrono::floor<std::chrono::seconds>(at->time_since_epoch())}};
        made.series_start = made.due;
        if (const auto at = time_in("tasks", row, 9))
            made.repeat.end = *at;
        made.created_at = needed_time_in("tasks", row, 11);
        made.updated_at = time_in("tasks", row, 12).value_or(made.created_at);
        made.completed_at = time_in("tasks", row, 13);
        const bool is_done = made.status == task_status::done;
        if (is_done && !made.completed_at) {
            note("tasks were done at a time that is not told: when they were changed last is taken for it", whose);
            made.completed_at = made.updated_at;
        } else if (!is_done && made.completed_at) {
            note("tasks were not done, and had a time of completion: it is gone", whose);
            made.completed_at.reset();
        }
        // Whoever reopens its parent must not lose a task that somebody has changed since it was made.
        made.version = is_done || made.updated_at - made.created_at > touched_after ? 2 : 1;
        return made;
    }

    void read_texts(const foreign_row& row, task& made, const std::string& whose) {
        made.title = trimmed_text(cleaned(row[2].value_or(""), whose));
        if (row[3])
            made.description = cleaned(*row[3], whose);
        if (made.title.empty()) {
            note("tasks had no title: they are called Untitled", whose);
            made.title = untitled;
        }
        if (length_of(made.title) > title_max) {
            note("tasks had a title of more than 200 characters: it is cut, and whole at the head of the description",
                 whose);
            const std::string after = made.description ? "\n\n" + *made.description : "";
            made.description = made.title + after;
            made.title = std::string{first_characters(made.title, title_max - 1)} + "…";
        }
        if (made.description && length_of(*made.description) > description_max)
            note(
                "tasks have a description of more than 10000 characters: it is whole, but can only be changed to a "
                "shorter one",
                whose);
    }

    /// A parent is another task of the same user's, and not below its own child.
    void check_parents() {
        for (found& each : tasks_) {
            if (!each.parent)
                continue;
            const auto above = by_id_.find(each.parent->value);
            if (above == by_id_.end() || tasks_[above->second].task.owner != each.task.owner) {
                note("tasks had a parent that is not there or another user's: they have none",
                     "task " + to_string(each.task.id));
                each.parent.reset();
            }
        }
        enum class mark : std::uint8_t { unseen, on_the_way, good };
        std::vector<mark> marks(tasks_.size(), mark::unseen);
        std::vector<std::size_t> way;
        for (std::size_t start = 0; start < tasks_.size(); ++start) {
            way.clear();
            std::size_t at = start;
            while (marks[at] == mark::unseen) {
                marks[at] = mark::on_the_way;
                way.push_back(at);
                if (!tasks_[at].parent)
                    break;
                const std::size_t above = by_id_.at(tasks_[at].parent->value);
                if (marks[above] == mark::on_the_way) {
                    note("tasks were above themselves: the circle is cut", "task " + to_string(tasks_[at].task.id));
                    tasks_[at].parent.reset();
                    break;
                }
                at = above;
            }
            for (const std::size_t seen : way)
                marks[seen] = mark::good;
        }
        for (std::size_t i = 0; i < tasks_.size(); ++i) {
            tasks_[i].task.parent = tasks_[i].parent;
            if (tasks_[i].parent)
                tasks_[by_id_.at(tasks_[i].parent->value)].children.push_back(i);
        }
    }

    /// Which child completing a task has made: that system wrote down no more than the parent.
    std::optional<std::size_t> made_by(const found& parent) const {
        std::optional<std::size_t> best;
        for (const std::size_t at : parent.children) {
            const task& child = tasks_[at].task;
            if (child.repeat.type != parent.task.repeat.type ||
                (parent.task.status != task_status::done && child.title != parent.task.title))
                continue;
            const auto rank = [&](const task& of) {
                return std::tuple{of.title != parent.task.title, of.created_at, of.id};
            };
            if (!best || rank(child) < rank(tasks_[*best].task))
                best = at;
        }
        return best;
    }

    void find_children() {
        for (found& each : tasks_) {
            if (each.task.repeat.type == recurring_type::none)
                continue;
            if (const auto child = made_by(each)) {
                tasks_[*child].task.source = each.task.id;
                each.child_made = true;
                continue;
            }
            if (each.task.status != task_status::done)
                continue;
            if (!each.children.empty()) {
                each.child_made = true;
            } else if (now_ - *each.task.completed_at > child_due_for) {
                each.child_made = true;
                note(
                    "repeating tasks were done more than 31 days ago and have no next one: none is made, unless they "
                    "are done anew",
                    "task " + to_string(each.task.id));
            } else {
                note(
                    "repeating tasks were done in the last 31 days and have no next one: it is made when the server "
                    "runs",
                    "task " + to_string(each.task.id));
            }
        }
    }

    /// A series is what completing one task after another has made.
    void number_series() {
        std::vector<std::size_t> chain;
        std::vector<bool> numbered(tasks_.size(), false);
        for (std::size_t start = 0; start < tasks_.size(); ++start) {
            chain.clear();
            for (std::size_t at = start; !numbered[at]; at = by_id_.at(tasks_[at].task.source->value)) {
                numbered[at] = true;
                chain.push_back(at);
                if (!tasks_[at].task.source)
                    break;
            }
            for (auto at = chain.rbegin(); at != chain.rend(); ++at) {
                task& each = tasks_[*at].task;
                if (!each.source)
                    continue;
                const task& before = tasks_[by_id_.at(each.source->value)].task;
                each.series = before.series;
                each.occurrence = before.occurrence + 1;
            }
        }
    }

    void take_links() {
        std::set<std::pair<uuid, uuid>> carried;
        const auto carry = [&](found& task, const uuid& tag) {
            const bool is_new = carried.emplace(task.task.id.value, tag).second;
            if (is_new)
                made_.links.push_back({task.task.id.value, task.tags++, tag});
            return is_new;
        };
        for (const foreign_row& row : from_.links) {
            const uuid task = id_in("task_tags", row, 0, "task_id");
            const uuid tag = id_in("task_tags", row, 1, "tag_id");
            const std::string whose = "task " + to_string(task) + ", tag " + to_string(tag);
            const auto carrier = by_id_.find(task);
            const auto label = tags_.find(tag);
            if (carrier == by_id_.end() || label == tags_.end())
                note("tags were on a task that is not there, or were not there themselves: the tie is gone", whose);
            else if (label->second.first != tasks_[carrier->second].task.owner.value)
                note("tags were on another user's task: the tie is gone", whose);
            else if (!carry(tasks_[carrier->second], label->second.second))
                note("tags were twice on a task: they are on it once", whose);
        }
        for (const foreign_row& row : from_.tag_names) {
            const auto carrier = by_id_.find(id_in("tasks", row, 0, "id"));
            if (carrier == by_id_.end())
                continue;  // of nobody's task
            found& task = tasks_[carrier->second];
            const std::string whose = "task " + to_string(task.task.id);
            const uuid made_id = new_id_();
            const std::string name = fitting_name(cleaned(row[1].value_or(""), whose), made_id, whose);
            if (!carry(task, tag_named(task.task.owner.value, name, made_id, tag_default_color, task.task.created_at)))
                note("tags were twice on a task: they are on it once", whose);
        }
        for (const found& each : tasks_)
            if (each.tags > static_cast<std::int64_t>(tags_per_task_max))
                note("tasks have more than 20 tags: they keep them, but can only be given fewer",
                     "task " + to_string(each.task.id));
    }

    void write_tasks() {
        made_.tasks.reserve(tasks_.size());
        for (const found& each : tasks_)
            made_.tasks.push_back(row_of(each.task, each.child_made));
    }

    const foreign_data& from_;
    instant now_;
    const std::function<uuid()>& new_id_;
    taken_over made_;
    std::unordered_map<uuid, instant> users_;  ///< when each was made
    std::unordered_map<uuid, std::pair<uuid, uuid>> tags_;  ///< the owner, and what the tag is now
    std::map<std::pair<uuid, std::string>, uuid> tag_ids_;  ///< by owner and folded name
    std::vector<found> tasks_;
    std::unordered_map<uuid, std::size_t> by_id_;  ///< places in `tasks_`
};

}  // namespace

std::expected<taken_over, std::string> take_over(const foreign_data& from, instant now,
                                                 const std::function<uuid()>& new_id) {
    try {
        return taking_over{from, now, new_id}.run();
    } catch (refusal& why) {
        return std::unexpected(std::move(why.why));
    }
}

taken_over take_over_now(foreign_reader& from) {
    const instant now = system_clock{}.now();
    system_random random;
    auto taken = take_over(read_all(from), now, [&] { return make_uuid_v7(now, random); });
    if (!taken)
        throw refusal{std::move(taken.error())};
    return *std::move(taken);
}

}  // namespace rondo
