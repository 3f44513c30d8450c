import type { Entry } from './deliver';

/** What an entry is about; what is about the same thing goes in the order in which it was made. */
const subjectOf = (entry: Entry) => ('task' in entry ? entry.task : 'tag' in entry ? `tag ${entry.tag}` : 'user');
/** A task names its tags, and one that is not called so yet would be made anew. */
const namesTags = (entry: Entry) => 'task' in entry && 'fields' in entry && entry.fields.tags !== undefined;

/** The first that may be sent: it is not held itself, nor does it follow on one that is. */
export function firstToSend(waiting: Entry[], isHeld: (entry: Entry) => boolean): Entry | undefined {
    const held = new Set<string>();
    let isTagHeld = false;
    return waiting.find((entry) => {
        const subject = subjectOf(entry);
        if (!held.has(subject) && !(isTagHeld && namesTags(entry)) && !isHeld(entry)) return true;
        held.add(subject);
        isTagHeld ||= 'tag' in entry;
        return false;
    });
}
