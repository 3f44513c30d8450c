#include "contract/store/faulty_vfs.hpp"

#include <signal.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cstring>

namespace rondo::test {

namespace {

disk_faults faults;
sqlite3_vfs* real = nullptr;

struct faulty_file {
    sqlite3_file base;
    sqlite3_io_methods methods;

    sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

sqlite3_file* inner(sqlite3_file* file) {
    return reinterpret_cast<faulty_file*>(file)->inner();
}

void count_write() {
    const long number = ++faults.writes;
    if (number == faults.kill_after_writes)
        ::kill(::getpid(), SIGKILL);
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
    count_write();
    if (faults.is_full)
        return SQLITE_FULL;
    if (faults.write_fails)
        return SQLITE_IOERR_WRITE;
    return inner(file)->pMethods->xWrite(inner(file), bytes, size, at);
}

int sync(sqlite3_file* file, int flags) {
    count_write();
    if (faults.sync_fails)
        return SQLITE_IOERR_FSYNC;
    return inner(file)->pMethods->xSync(inner(file), flags);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
    count_write();
    return inner(file)->pMethods->xTruncate(inner(file), size);
}

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* flags_out) {
    auto* const made = reinterpret_cast<faulty_file*>(file);
    made->base.pMethods = nullptr;
    ++faults.opens;
    std::memset(made->inner(), 0, static_cast<std::size_t>(real->szOsFile));
    const int code = real->xOpen(real, name, made->inner(), flags, flags_out);
    if (made->inner()->pMethods == nullptr)
        return code;
    sqlite3_io_methods& m = made->methods;
    m = {};
    m.iVersion = 3;
    m.xClose = [](sqlite3_file* f) { return inner(f)->pMethods->xClose(inner(f)); };
    m.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
        return inner(f)->pMethods->xRead(inner(f), to, n, at);
    };
    m.xWrite = write;
    m.xTruncate = truncate;
    m.xSync = sync;
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return inner(f)->pMethods->xFileSize(inner(f), size); };
    m.xLock = [](sqlite3_file* f, int level) { return inner(f)->pMethods->xLock(inner(f), level); };
    m.xUnlock = [](sqlite3_file* f, int level) { return inner(f)->pMethods->xUnlock(inner(f), level); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* held) {
        return inner(f)->pMethods->xCheckReservedLock(inner(f), held);
    };
    m.xFileControl = [](sqlite3_file* f, int op, void* arg) {
        return inner(f)->pMethods->xFileControl(inner(f), op, arg);
    };
    m.xSectorSize = [](sqlite3_file* f) { return inner(f)->pMethods->xSectorSize(inner(f)); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) { return inner(f)->pMethods->xDeviceCharacteristics(inner(f)); };
    m.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** to) {
        return inner(f)->pMethods->xShmMap(inner(f), page, size, extend, to);
    };
    m.xShmLock = [](sqlite3_file* f, int at, int n, int flags_given) {
        return inner(f)->pMethods->xShmLock(inner(f), at, n, flags_given);
    };
    m.xShmBarrier = [](sqlite3_file* f) { inner(f)->pMethods->xShmBarrier(inner(f)); };
    m.xShmUnmap = [](sqlite3_file* f, int remove) { return inner(f)->pMethods->xShmUnmap(inner(f), remove); };
    m.xFetch = [](sqlite3_file* f, sqlite3_int64 at, int n, void** to) {
        return inner(f)->pMethods->xFetch(inner(f), at, n, to);
    };
    m.xUnfetch = [](sqlite3_file* f, sqlite3_int64 at, void* from) {
        return inner(f)->pMethods->xUnfetch(inner(f), at, from);
    };
    made->base.pMethods = &m;
    return code;
}

}  // namespace

disk_faults& disk() {
    static sqlite3_vfs layer;
    if (real == nullptr) {
        sqlite3_initialize();
        real = sqlite3_vfs_find(nullptr);
        layer = *real;
        layer.zName = "faulty";
        layer.szOsFile = static_cast<int>(sizeof(faulty_file)) + real->szOsFile;
        layer.pNext = nullptr;
        layer.xOpen = open;
        sqlite3_vfs_register(&layer, 1);
    }
    return faults;
}

}  // namespace rondo::test
