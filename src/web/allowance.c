#include "web/allowance.h"

#define STEP (TIME_SECOND / LIMIT_WEB_RATE) /* of the allowance, for one request */
#define MOST (LIMIT_WEB_BURST * STEP)       /* that may be used ahead of time */

struct Allowance {
    GMutex lock;
    GHashTable *used; /* name → gint64: the instant up to which its allowance is used */
    guint64 refused;
};

Allowance *allowance_new(void)
{
    Allowance *allowance = g_new0(Allowance, 1);
    g_mutex_init(&allowance->lock);
    allowance->used = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return allowance;
}

void allowance_free(Allowance *allowance)
{
    if (allowance == NULL)
        return;
    g_hash_table_unref(allowance->used);
    g_mutex_clear(&allowance->lock);
    g_free(allowance);
}

static gboolean is_whole(gpointer name, gpointer used, gpointer now)
{
    return *(gint64 *) used <= *(gint64 *) now;
}

static void make_room(Allowance *allowance, gint64 now)
{
    GHashTableIter iter;
    gpointer name, used;
    const char *least = NULL;
    gint64 earliest = G_MAXINT64;
    if (g_hash_table_size(allowance->used) < LIMIT_WEB_THROTTLED ||
        g_hash_table_foreach_remove(allowance->used, is_whole, &now) > 0)
        return;
    g_hash_table_iter_init(&iter, allowance->used);
    while (g_hash_table_iter_next(&iter, &name, &used))
        if (*(gint64 *) used < earliest) {
            earliest = *(gint64 *) used;
            least = name;
        }
    g_hash_table_remove(allowance->used, least);
}

Duration allowance_take(Allowance *allowance, const char *name, gint64 now)
{
    Duration wait = 0;
    g_mutex_lock(&allowance->lock);
    gint64 *used = g_hash_table_lookup(allowance->used, name);
    if (used == NULL) {
        make_room(allowance, now);
        used = g_new(gint64, 1);
        *used = now;
        g_hash_table_insert(allowance->used, g_strdup(name), used);
    }
    gint64 next = MAX(*used, now) + STEP;
    if (next - now > MOST) {
        wait = next - now - MOST;
        allowance->refused++;
    } else {
        *used = next;
    }
    g_mutex_unlock(&allowance->lock);
    return wait;
}

guint64 allowance_refused(Allowance *allowance)
{
    g_mutex_lock(&allowance->lock);
    guint64 refused = allowance->refused;
    g_mutex_unlock(&allowance->lock);
    return refused;
}
