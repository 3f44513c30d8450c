#include "events/origin.hpp"

#include <utility>

#include "domain/words/describe.hpp"
#include "events/event_snapshot.hpp"

namespace rondo {

namespace {

/// "Tuesday, 10 February 2026 at 09:00", by the clocks of the zone.
std::string moment(instant at, const time_zone& zone) {
    due when = due_at(std::chrono::floor<std::chrono::seconds>(at), zone);
    when.wall = std::chrono::floor<std::chrono::minutes>(when.wall);
    return describe(when, zone);
}

std::string quoted(const std::string& title) {
    return "“" + title + "”";
}

/// What an event tells of a change of the due date, in a sentence.
std::string told_move(const stored_event& event, const task& before, const task& after) {
    const std::string on = moment(event.at, after.zone);
    if (!after.due)
        return "You took its due date away on " + on + ".";
    const std::string to = describe(*after.due, after.zone);
    if (!before.due)
        return "You gave it the due date " + to + " on " + on + ".";
    const std::string way = " on " + on + ": from " + describe(*before.due, before.zone) + " to " + to;
    if (event.type == event_type::skipped)
        return "You skipped it" + way + ", which would have been the next, had it been done then.";
    return "You moved it" + way +
           (after.moved_from                            ? ". The series goes on as before."
            : after.repeat.type != recurring_type::none ? ". The series goes on from there."
                                                        : ".");
}

/// How the due date has changed since the task was made.
std::vector<std::string> moves_since(const transaction& tx, const task& made, const stored_event& creation) {
    std::vector<std::string> moves;
    task before = made;
    for (const stored_event& event :
         tx.list_events(made.owner, {.subject = made.id, .after = creation.sequence}, origin_events_max)) {
        auto after = decode_snapshot(event);
        if (!after)
            continue;
        if (after->due != before.due)
            moves.push_back(told_move(event, before, *after));
        before = *std::move(after);
    }
    return moves;
}

std::optional<stored_event> last_of(const transaction& tx, user_id owner, event_filter filter) {
    filter.newest_first = true;
    auto found = tx.list_events(owner, filter, 1);
    return found.empty() ? std::nullopt : std::optional{std::move(found.front())};
}

/// Whether the sum of the completed task gives the due date that the child was made with.
bool gives(const task& completed, const task& child) {
    const auto next = next_occurrence(completed.repeat, occurrence_of(completed), *completed.completed_at);
    return next && child.due && due_instant(next->at, child.zone) == due_instant(*child.due, child.zone);
}

void explain_completion(const transaction& tx, const task& of, const stored_event& creation, origin& found) {
    const auto completion =
        last_of(tx, of.owner, {.subject = of.source, .type = event_type::completed, .before = creation.sequence});
    // What was changed between the completion and the making of the child counts too.
    const auto state = last_of(tx, of.owner, {.subject = of.source, .before = creation.sequence});
    found.completed = completion.transform([](const stored_event& event) { return event.id; });
    found.parent = state ? decode_snapshot(*state) : std::nullopt;
    const std::string made = "Rondo made it on " + moment(creation.at, found.made.zone);
    if (!found.parent || !found.parent->completed_at) {
        found.parent.reset();
        found.sentence = made + ", because the task before it was completed.";
        return;
    }
    const task& parent = *found.parent;
    found.sentence = made + ", because " + quoted(parent.title) +
                     (parent.due ? ", due on " + describe(*parent.due, parent.zone) + "," : "") + " was done on " +
                     moment(*parent.completed_at, parent.zone) + ".";
    if (gives(parent, found.made))
        found.steps = explain_next(parent.repeat, occurrence_of(parent), *parent.completed_at);
    else
        found.steps.emplace_back(
            "The sum of its first due date cannot be shown: the event of that completion does not tell all that went "
            "into it.");
}

}  // namespace

origin origin_of(const transaction& tx, const task& of) {
    origin found{.by_rondo = of.source.has_value(), .sentence = {}, .made = of, .parent = {}, .steps = {}};
    const auto created = tx.list_events(of.owner, {.subject = of.id, .type = event_type::created}, 1);
    if (created.empty()) {
        found.sentence =
            (found.by_rondo ? "Rondo made it on " : "You made it on ") + moment(of.created_at, of.zone) + ".";
        return found;
    }
    const stored_event& creation = created.front();
    found.event = creation.id;
    if (auto made = decode_snapshot(creation))
        found.made = *std::move(made);
    if (found.by_rondo) {
        explain_completion(tx, of, creation, found);
    } else {
        found.sentence = "You made it on " + moment(creation.at, found.made.zone) + ".";
        found.steps.push_back(found.made.due ? "You made it due on " + describe(*found.made.due, found.made.zone) + "."
                                             : "You made it without a due date.");
    }
    for (std::string& move : moves_since(tx, found.made, creation))
        found.steps.push_back(std::move(move));
    return found;
}

}  // namespace rondo
