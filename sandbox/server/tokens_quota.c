/* The rolling hour of each holder, on the real clock. */
#include "tokens_inside.h"

static Usage *usage_of(Tokens *tokens, const char *holder)
{
    Usage *usage = g_hash_table_lookup(tokens->usage, holder);
    if (usage == NULL) {
        usage = g_new0(Usage, 1);
        for (guint i = 0; i < QUOTA_GROUPS; i++)
            g_queue_init(&usage->times[i]);
        g_hash_table_insert(tokens->usage, (gpointer) holder, usage);
    }
    return usage;
}

static void note(GQueue *times, gint64 now)
{
    gint64 *at = g_new(gint64, 1);
    *at = now;
    g_queue_push_tail(times, at);
}

gboolean tokens_spend(Tokens *tokens, const Token *token, QuotaGroup group, guint *ret_left)
{
    guint quota = tokens->sandbox->quota;
    *ret_left = quota;
    if (quota == 0)
        return TRUE;
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&tokens->lock);
    GQueue *times = &usage_of(tokens, token->holder)->times[group];
    while (!g_queue_is_empty(times) && *(gint64 *) g_queue_peek_head(times) <= now - HOUR)
        g_free(g_queue_pop_head(times));
    guint used = g_queue_get_length(times);
    if (used < quota)
        note(times, now);
    g_mutex_unlock(&tokens->lock);
    *ret_left = used < quota ? quota - used - 1 : 0;
    return used < quota;
}

gboolean tokens_set_used(Tokens *tokens, const char *name, guint used)
{
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&tokens->lock);
    const Token *token = tokens_find(tokens, name);
    for (guint group = 0; token != NULL && group < QUOTA_GROUPS; group++) {
        GQueue *times = &usage_of(tokens, token->holder)->times[group];
        g_queue_clear_full(times, g_free);
        for (guint i = 0; i < used; i++)
            note(times, now);
    }
    g_mutex_unlock(&tokens->lock);
    return token != NULL;
}
