/*
 * Tells ThreadSanitizer what GLib's locks do. The build includes it before every source file, and
 * only with -Db_sanitize=thread.
 *
 * GLib is not instrumented and its locks rest on bare futexes, so the sanitizer sees none of them
 * and would call every guarded access a race. Each wrapper calls GLib and reports the same step;
 * it adds no ordering that GLib does not give. Threads are pthreads and need no help.
 */
#pragma once

#if __has_include(<glib.h>)

#include <glib.h>
#include <sanitizer/tsan_interface.h>

static inline void tsan_mutex_init(GMutex *mutex)
{
    g_mutex_init(mutex);
    __tsan_mutex_create(mutex, __tsan_mutex_not_static);
}

static inline void tsan_mutex_clear(GMutex *mutex)
{
    __tsan_mutex_destroy(mutex, __tsan_mutex_not_static);
    g_mutex_clear(mutex);
}

static inline void tsan_mutex_lock(GMutex *mutex)
{
    __tsan_mutex_pre_lock(mutex, 0);
    g_mutex_lock(mutex);
    __tsan_mutex_post_lock(mutex, 0, 0);
}

static inline gboolean tsan_mutex_trylock(GMutex *mutex)
{
    __tsan_mutex_pre_lock(mutex, __tsan_mutex_try_lock);
    gboolean locked = g_mutex_trylock(mutex);
    unsigned outcome = locked ? 0 : __tsan_mutex_try_lock_failed;
    __tsan_mutex_post_lock(mutex, __tsan_mutex_try_lock | outcome, 0);
    return locked;
}

static inline void tsan_mutex_unlock(GMutex *mutex)
{
    __tsan_mutex_pre_unlock(mutex, 0);
    g_mutex_unlock(mutex);
    __tsan_mutex_post_unlock(mutex, 0);
}

/* A wait gives the mutex up and takes it again: that is all the ordering a condition promises. */
static inline void tsan_wait_begin(GMutex *mutex)
{
    __tsan_mutex_pre_unlock(mutex, 0);
    __tsan_mutex_post_unlock(mutex, 0);
}

static inline void tsan_wait_end(GMutex *mutex)
{
    __tsan_mutex_pre_lock(mutex, 0);
    __tsan_mutex_post_lock(mutex, 0, 0);
}

static inline void tsan_cond_wait(GCond *cond, GMutex *mutex)
{
    tsan_wait_begin(mutex);
    g_cond_wait(cond, mutex);
    tsan_wait_end(mutex);
}

static inline gboolean tsan_cond_wait_until(GCond *cond, GMutex *mutex, gint64 end)
{
    tsan_wait_begin(mutex);
    gboolean signalled = g_cond_wait_until(cond, mutex, end);
    tsan_wait_end(mutex);
    return signalled;
}

typedef GMutex TsanMutexLocker;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TsanMutexLocker, tsan_mutex_unlock)

static inline TsanMutexLocker *tsan_mutex_locker_new(GMutex *mutex)
{
    tsan_mutex_lock(mutex);
    return mutex;
}

static inline void tsan_rw_lock_reader_lock(GRWLock *lock)
{
    __tsan_mutex_pre_lock(lock, __tsan_mutex_read_lock);
    g_rw_lock_reader_lock(lock);
    __tsan_mutex_post_lock(lock, __tsan_mutex_read_lock, 0);
}

static inline void tsan_rw_lock_reader_unlock(GRWLock *lock)
{
    __tsan_mutex_pre_unlock(lock, __tsan_mutex_read_lock);
    g_rw_lock_reader_unlock(lock);
    __tsan_mutex_post_unlock(lock, __tsan_mutex_read_lock);
}

static inline void tsan_rw_lock_writer_lock(GRWLock *lock)
{
    __tsan_mutex_pre_lock(lock, 0);
    g_rw_lock_writer_lock(lock);
    __tsan_mutex_post_lock(lock, 0, 0);
}

static inline void tsan_rw_lock_writer_unlock(GRWLock *lock)
{
    __tsan_mutex_pre_unlock(lock, 0);
    g_rw_lock_writer_unlock(lock);
    __tsan_mutex_post_unlock(lock, 0);
}

/* A task sees what was done before its push; who waits for the pool's end sees all tasks. The two
 * are kept apart, or one task would seem to wait for another. */
struct tsan_pool {
    GFunc function;
    gpointer data;
    char pushed, done;
};

static inline void tsan_pool_run(gpointer task, gpointer data)
{
    struct tsan_pool *pool = data;
    __tsan_acquire(&pool->pushed);
    pool->function(task, pool->data);
    __tsan_release(&pool->done);
}

static inline GThreadPool *tsan_thread_pool_new(GFunc function, gpointer data, gint most,
                                                gboolean exclusive, GError **error)
{
    struct tsan_pool *pool = g_new0(struct tsan_pool, 1); /* kept: a task may outlive the pool */
    pool->function = function;
    pool->data = data;
    return g_thread_pool_new(tsan_pool_run, pool, most, exclusive, error);
}

static inline gboolean tsan_thread_pool_push(GThreadPool *pool, gpointer task, GError **error)
{
    struct tsan_pool *inner = pool->user_data;
    __tsan_release(&inner->pushed);
    return g_thread_pool_push(pool, task, error);
}

static inline void tsan_thread_pool_free(GThreadPool *pool, gboolean immediate, gboolean wait)
{
    struct tsan_pool *inner = pool->user_data;
    g_thread_pool_free(pool, immediate, wait);
    if (wait)
        __tsan_acquire(&inner->done);
}

/* Who lets go last sees what the others did before they let go. */
static inline gboolean tsan_atomic_ref_count_dec(gatomicrefcount *count)
{
    __tsan_release(count);
    gboolean is_last = g_atomic_ref_count_dec(count);
    if (is_last)
        __tsan_acquire(count);
    return is_last;
}

struct tsan_once_call {
    GOnce *once;
    GThreadFunc function;
    gpointer argument;
};

static inline gpointer tsan_once_run(gpointer data)
{
    const struct tsan_once_call *call = data;
    gpointer result = call->function(call->argument);
    __tsan_release(call->once);
    return result;
}

static inline gpointer tsan_once(GOnce *once, GThreadFunc function, gpointer argument)
{
    struct tsan_once_call call = {once, function, argument};
    gpointer result = g_once(once, tsan_once_run, &call);
    __tsan_acquire(once);
    return result;
}

static inline gboolean tsan_once_init_enter(gsize *location)
{
    gboolean first = g_once_init_enter(location);
    __tsan_acquire(location);
    return first;
}

static inline void tsan_once_init_leave(gsize *location, gsize result)
{
    __tsan_release(location);
    g_once_init_leave(location, result);
}

#undef g_once
#undef g_atomic_ref_count_dec
#undef g_once_init_enter
#undef g_once_init_leave
#define g_atomic_ref_count_dec  tsan_atomic_ref_count_dec
#define g_mutex_init            tsan_mutex_init
#define g_mutex_clear           tsan_mutex_clear
#define g_mutex_lock            tsan_mutex_lock
#define g_mutex_trylock         tsan_mutex_trylock
#define g_mutex_unlock          tsan_mutex_unlock
#define g_mutex_locker_new      tsan_mutex_locker_new
#define g_mutex_locker_free     tsan_mutex_unlock
#define GMutexLocker            TsanMutexLocker
#define g_cond_wait             tsan_cond_wait
#define g_cond_wait_until       tsan_cond_wait_until
#define g_rw_lock_reader_lock   tsan_rw_lock_reader_lock
#define g_rw_lock_reader_unlock tsan_rw_lock_reader_unlock
#define g_rw_lock_writer_lock   tsan_rw_lock_writer_lock
#define g_rw_lock_writer_unlock tsan_rw_lock_writer_unlock
#define g_thread_pool_new       tsan_thread_pool_new
#define g_thread_pool_push      tsan_thread_pool_push
#define g_thread_pool_free      tsan_thread_pool_free
#define g_once                  tsan_once
#define g_once_init_enter       tsan_once_init_enter
#define g_once_init_leave       tsan_once_init_leave

/* What nobody uses yet has no wrapper: its use must not look like a race, so does not compile. */
#pragma GCC poison g_rw_lock_reader_trylock g_rw_lock_writer_trylock g_rec_mutex_lock
#pragma GCC poison g_async_queue_new g_async_queue_new_full g_bit_lock

#endif
