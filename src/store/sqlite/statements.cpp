// The statements of store/sql, which are SQLite's alone as yet.

// clang-format off
#include "store/sqlite/sqlite_transaction.hpp"
#include "store/sqlite/task_columns.hpp"
// clang-format on

#include "store/sql/accounts.hpp"
#include "store/sql/events.hpp"
#include "store/sql/stats.hpp"
#include "store/sql/trash.hpp"
