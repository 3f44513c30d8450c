#pragma once
// The keys of text in a schema: of which rules they are, and how they become those of this program.

#include "store/postgres/connection.hpp"
#include "store/text_keys.hpp"

namespace rondo::postgres {

/// Makes this program's rules those of the schema, if it has older ones, or newer ones that no server has used for
/// ten minutes: the keys of all tags are made anew, tags of one user that have the same name by these rules are merged,
/// and tasks are marked as to be done. Within a transaction of the caller's, in the name of everyone.
void adopt_text_rules(connection& db);

/// All tasks have keys, since they were written with them.
void mark_text_keys_made(connection& db);

/// On the way to a schema without them: tags get the keys that programs of that schema make. In the name of everyone.
void restore_simple_tag_keys(connection& db);

}  // namespace rondo::postgres
