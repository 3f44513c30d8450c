// Only in builds with ThreadSanitizer: the C11 threads that librdkafka uses, made of POSIX threads. ThreadSanitizer knows nothing of
// a thread that glibc's own thrd_create has started, and ends the process at its first allocation; nor of what mtx_lock orders.
// What glibc calls mtx_t and cnd_t holds a POSIX mutex and a POSIX condition. That one is made and destroyed counts as no write:
// librdkafka hands them on by its atomic counts, which ThreadSanitizer does not see.

#include <pthread.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <memory>

extern "C" {
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}

namespace {

class unseen_writes {
public:
    unseen_writes() { AnnotateIgnoreWritesBegin(__FILE__, __LINE__); }
    ~unseen_writes() { AnnotateIgnoreWritesEnd(__FILE__, __LINE__); }
    unseen_writes(const unseen_writes&) = delete;
    unseen_writes& operator=(const unseen_writes&) = delete;
};

static_assert(sizeof(mtx_t) >= sizeof(pthread_mutex_t) && alignof(mtx_t) >= alignof(pthread_mutex_t));
static_assert(sizeof(cnd_t) >= sizeof(pthread_cond_t) && alignof(cnd_t) >= alignof(pthread_cond_t));

struct work {
    thrd_start_t run;
    void* with;
};

void* run_work(void* given) {
    const work todo = *std::unique_ptr<work>{static_cast<work*>(given)};
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(todo.run(todo.with)));
}

pthread_mutex_t* posix(mtx_t* mutex) {
    return reinterpret_cast<pthread_mutex_t*>(mutex);
}

pthread_cond_t* posix(cnd_t* condition) {
    return reinterpret_cast<pthread_cond_t*>(condition);
}

int result(int error) {
    switch (error) {
        case 0:
            return thrd_success;
        case ETIMEDOUT:
            return thrd_timedout;
        case EBUSY:
            return thrd_busy;
        case ENOMEM:
            return thrd_nomem;
        default:
            return thrd_error;
    }
}

}  // namespace

extern "C" {

int thrd_create(thrd_t* made, thrd_start_t run, void* with) {
    auto todo = std::make_unique<work>(run, with);
    const int error = ::pthread_create(made, nullptr, run_work, todo.get());
    if (error == 0)
        todo.release();
    return result(error == EAGAIN ? ENOMEM : error);
}

int thrd_join(thrd_t thread, int* ended_with) {
    void* value = nullptr;
    const int error = ::pthread_join(thread, &value);
    if (ended_with != nullptr)
        *ended_with = static_cast<int>(reinterpret_cast<std::intptr_t>(value));
    return result(error);
}

int mtx_init(mtx_t* mutex, int kind) {
    const unseen_writes here;
    pthread_mutexattr_t attributes;
    ::pthread_mutexattr_init(&attributes);
    if ((kind & mtx_recursive) != 0)
        ::pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    const int error = ::pthread_mutex_init(posix(mutex), &attributes);
    ::pthread_mutexattr_destroy(&attributes);
    return result(error);
}

int mtx_lock(mtx_t* mutex) {
    return result(::pthread_mutex_lock(posix(mutex)));
}

int mtx_unlock(mtx_t* mutex) {
    return result(::pthread_mutex_unlock(posix(mutex)));
}

void mtx_destroy(mtx_t* mutex) {
    const unseen_writes here;
    ::pthread_mutex_destroy(posix(mutex));
}

int cnd_init(cnd_t* condition) {
    const unseen_writes here;
    return result(::pthread_cond_init(posix(condition), nullptr));
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
    return result(::pthread_cond_wait(posix(condition), posix(mutex)));
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const struct timespec* until) {
    return result(::pthread_cond_timedwait(posix(condition), posix(mutex), until));
}

int cnd_signal(cnd_t* condition) {
    return result(::pthread_cond_signal(posix(condition)));
}

int cnd_broadcast(cnd_t* condition) {
    return result(::pthread_cond_broadcast(posix(condition)));
}

void cnd_destroy(cnd_t* condition) {
    const unseen_writes here;
    ::pthread_cond_destroy(posix(condition));
}

}  // extern "C"
