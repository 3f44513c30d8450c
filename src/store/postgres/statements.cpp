// Every statement of store/sql, for this engine.

#include "store/sql/statements.hpp"

#include "store/postgres/engine.hpp"

template class rondo::sql::tables<rondo::postgres::engine>;
