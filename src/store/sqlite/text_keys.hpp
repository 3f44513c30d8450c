#pragma once
// The keys of text in a file: of which rules they are, and how they become those of this program.

#include "store/sqlite/connection.hpp"
#include "store/text_keys.hpp"

namespace rondo::sqlite {

text_keys_state read_text_keys(connection& db);

/// Makes this program's rules those of the file, if they are others: the keys of all tags are made anew, tags of one user
/// that have the same name by these rules are merged, and tasks are marked as to be done. Within a transaction of the
/// caller's; gives whether anything was changed.
bool adopt_text_rules(connection& db);

/// All tasks have keys, since they were written with them.
void mark_text_keys_made(connection& db);

/// On the way to a schema without them: tags get the keys that programs of that schema make.
void restore_simple_tag_keys(connection& db);

}  // namespace rondo::sqlite
