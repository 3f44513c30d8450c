#pragma once
// A disk that fails when it is told to: SQLite's own file layer with switches in front.

#include <atomic>

namespace rondo::test {

struct disk_faults {
    std::atomic<bool> sync_fails{false};       ///< fsync gives EIO
    std::atomic<bool> is_full{false};          ///< a write gives ENOSPC
    std::atomic<bool> write_fails{false};      ///< a write gives EIO
    std::atomic<long> kill_after_writes{-1};   ///< kill -9 of this process before the write or sync of that number
    std::atomic<long> writes{0};               ///< writes and syncs so far
    std::atomic<long> opens{0};                ///< files opened so far
};

/// The switches of this process's disk. The first call puts the layer before SQLite's; call it before the first store.
disk_faults& disk();

}  // namespace rondo::test
