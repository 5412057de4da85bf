/*
 * Tells the store how far first readings are, for those who judge what was read before it is all
 * there.
 */
#include "sync/engine.h"

static gboolean begin(SyncRepository *repository, StoreTx *tx, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, STORE_CURSOR_READING, &cursor, error))
        return FALSE;
    /* One that is taken up again began when it first did: nothing newer was read for certain. What
     * has changed meanwhile is read only by the cycle that follows, so until then nothing is told
     * to be known. */
    if (!sync_cursor_is(&cursor, CURSOR_STATE_RUNNING))
        cursor.floor = repository->engine->now;
    sync_cursor_set_state(&cursor, CURSOR_STATE_RUNNING);
    cursor.watermark = TIME_ABSENT;
    return sync_put_cursor(repository, tx, STORE_CURSOR_READING, &cursor, error);
}

gboolean sync_begin_readings(SyncEngine *engine, GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < engine->repositories->len; i++) {
        SyncRepository *repository = engine->repositories->pdata[i];
        if (repository->plan.kind == PLAN_FIRST && !begin(repository, tx, error))
            return FALSE;
    }
    return store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_note_newest(SyncRepository *repository, UtcTime since, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (since == TIME_ABSENT || repository->resumed || !repository->pulls_read)
        return TRUE;
    if (!sync_get_cursor(repository, STORE_CURSOR_READING, &cursor, error))
        return FALSE;
    cursor.watermark = since;
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    return tx != NULL && sync_put_cursor(repository, tx, STORE_CURSOR_READING, &cursor, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_end_reading(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    g_auto(StoreCursor) pulls = {0};
    g_auto(StoreCursor) activity = {0};
    if (!sync_get_cursor(repository, STORE_CURSOR_READING, &cursor, error) ||
        !sync_get_cursor(repository, CURSOR_PULLS, &pulls, error) ||
        !sync_get_cursor(repository, CURSOR_ACTIVITY, &activity, error))
        return FALSE;
    if (!sync_cursor_is(&cursor, CURSOR_STATE_RUNNING) ||
        !sync_cursor_is(&pulls, CURSOR_STATE_DONE) || !sync_cursor_is(&activity, CURSOR_STATE_DONE))
        return TRUE;
    sync_cursor_set_state(&cursor, CURSOR_STATE_DONE);
    cursor.watermark = TIME_ABSENT;
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    return tx != NULL && sync_put_cursor(repository, tx, STORE_CURSOR_READING, &cursor, error) &&
           store_commit(g_steal_pointer(&tx), error);
}
