#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/accounts.hpp"
#include "store/outbox.hpp"
#include "store/tasks.hpp"

namespace rondo {

/// What a use case may do: everything in here happens, or nothing does. Read jobs get it const. One thread at a time;
/// nothing suspends. A broken environment is thrown as `unavailable`, and the transaction is rolled back.
class transaction : public task_store, public account_store, public outbox_store {
public:
    virtual ~transaction() = default;

    /// The time of this transaction: the same at every call.
    virtual instant now() const = 0;
    virtual uuid new_uuid() = 0;

    template <class Id>
    Id new_id() {
        return Id{new_uuid()};
    }
};

}  // namespace rondo
