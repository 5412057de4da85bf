#include "web/throttle.h"

#define FORGET     TIME_HOUR
#define FIRST_WAIT (2 * TIME_SECOND)
#define MOST_WAIT  (15 * TIME_MINUTE)

typedef struct {
    guint failures;
    gint64 last;
} Record;

struct Throttle {
    GMutex lock;
    GHashTable *records; /* name → Record */
};

Throttle *throttle_new(void)
{
    Throttle *throttle = g_new0(Throttle, 1);
    g_mutex_init(&throttle->lock);
    throttle->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return throttle;
}

void throttle_free(Throttle *throttle)
{
    if (throttle == NULL)
        return;
    g_hash_table_unref(throttle->records);
    g_mutex_clear(&throttle->lock);
    g_free(throttle);
}

static Duration wait_of(const Record *record, gint64 now)
{
    if (record == NULL || record->failures < LIMIT_WEB_FAILURES || now - record->last >= FORGET)
        return 0;
    guint doublings = MIN(record->failures - LIMIT_WEB_FAILURES, 16u);
    Duration wait = MIN(FIRST_WAIT << doublings, MOST_WAIT);
    return MAX(record->last + wait - now, 0);
}

Duration throttle_wait(Throttle *throttle, const char *name, gint64 now)
{
    g_mutex_lock(&throttle->lock);
    Duration wait = wait_of(g_hash_table_lookup(throttle->records, name), now);
    g_mutex_unlock(&throttle->lock);
    return wait;
}

static void drop_oldest(Throttle *throttle)
{
    GHashTableIter iter;
    gpointer name, record;
    const char *oldest = NULL;
    gint64 last = G_MAXINT64;
    g_hash_table_iter_init(&iter, throttle->records);
    while (g_hash_table_iter_next(&iter, &name, &record)) {
        if (((Record *) record)->last >= last)
            continue;
        last = ((Record *) record)->last;
        oldest = name;
    }
    g_hash_table_remove(throttle->records, oldest);
}

void throttle_failed(Throttle *throttle, const char *name, gint64 now)
{
    g_mutex_lock(&throttle->lock);
    Record *record = g_hash_table_lookup(throttle->records, name);
    if (record == NULL) {
        if (g_hash_table_size(throttle->records) >= LIMIT_WEB_THROTTLED)
            drop_oldest(throttle);
        record = g_new0(Record, 1);
        g_hash_table_insert(throttle->records, g_strdup(name), record);
    }
    if (now - record->last >= FORGET)
        record->failures = 0;
    record->failures++;
    record->last = now;
    g_mutex_unlock(&throttle->lock);
}

void throttle_succeeded(Throttle *throttle, const char *name)
{
    g_mutex_lock(&throttle->lock);
    g_hash_table_remove(throttle->records, name);
    g_mutex_unlock(&throttle->lock);
}
