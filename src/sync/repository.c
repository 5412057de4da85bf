/*
 * One repository in one run: what it has to do, what it still owes, how it ends.
 */
#include "sync/engine.h"

static const char *const LIST_NAMES[LIST_COUNT] = {
    [LIST_REFRESH] = CURSOR_REFRESH,         [LIST_LONG_LIVED] = CURSOR_LONG_LIVED,
    [LIST_MISSING] = CURSOR_MISSING,         [LIST_COMMENTS] = CURSOR_COMMENTS,
    [LIST_SECOND_LOOK] = CURSOR_SECOND_LOOK, [LIST_UNCOMPUTABLE] = CURSOR_UNCOMPUTABLE,
};

gboolean sync_get_cursor(SyncRepository *repository, const char *name, StoreCursor *ret_cursor,
                         GError **error)
{
    SyncEngine *engine = repository->engine;
    return store_get_cursor(engine->store, engine->workspace_id, repository->id, name, ret_cursor,
                            error);
}

gboolean sync_put_cursor(SyncRepository *repository, StoreTx *tx, const char *name,
                         const StoreCursor *cursor, GError **error)
{
    return store_put_cursor(tx, repository->engine->workspace_id, repository->id, name, cursor,
                            error);
}

void sync_cursor_set_state(StoreCursor *cursor, const char *state)
{
    g_free(cursor->state);
    cursor->state = g_strdup(state);
}

gboolean sync_cursor_is(const StoreCursor *cursor, const char *state)
{
    return g_strcmp0(cursor->state, state) == 0;
}

static gboolean load_lists(SyncRepository *repository, GError **error)
{
    for (guint i = 0; i < LIST_COUNT; i++) {
        g_auto(StoreCursor) cursor = {0};
        if (!sync_get_cursor(repository, LIST_NAMES[i], &cursor, error))
            return FALSE;
        numbers_clear(&repository->lists[i]);
        numbers_init(&repository->lists[i], cursor.position);
    }
    return TRUE;
}

gboolean sync_repository_put_lists(SyncRepository *repository, StoreTx *tx, GError **error)
{
    for (guint i = 0; i < LIST_COUNT; i++) {
        if (!repository->lists[i].changed)
            continue;
        g_autofree char *text = numbers_format(&repository->lists[i]);
        StoreCursor cursor = {
            .state = (char *) (text != NULL ? CURSOR_STATE_RUNNING : CURSOR_STATE_DONE),
            .position = text,
            .watermark = TIME_ABSENT,
            .floor = TIME_ABSENT,
            .counted = repository->lists[i].items->len};
        if (!sync_put_cursor(repository, tx, LIST_NAMES[i], &cursor, error))
            return FALSE;
        repository->lists[i].changed = FALSE;
    }
    return TRUE;
}

/* ---- what the run has to do */

/* A reading that was broken off is due, too. */
static gboolean is_due(SyncRepository *repository, const StoreCursor *cursor, Duration every)
{
    return sync_cursor_is(cursor, CURSOR_STATE_RUNNING) ||
           plan_is_due(cursor->watermark, repository->engine->now, every);
}

static gboolean read_gate(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) gate = {0};
    g_auto(StoreCursor) open = {0};
    g_auto(StoreCursor) weekly = {0};
    if (!sync_get_cursor(repository, CURSOR_GATE, &gate, error) ||
        !sync_get_cursor(repository, CURSOR_OPEN, &open, error) ||
        !sync_get_cursor(repository, CURSOR_PULLS_WEEKLY, &weekly, error))
        return FALSE;
    repository->gate_open = !sync_cursor_is(&gate, CURSOR_STATE_DONE);
    repository->moved = repository->gate_open || gate.watermark != repository->row->updated;
    repository->nightly = is_due(repository, &open, PLAN_NIGHTLY);
    repository->weekly = is_due(repository, &weekly, PLAN_WEEKLY);
    return TRUE;
}

static gboolean choose_plan(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) pulls = {0};
    g_auto(StoreCursor) activity = {0};
    gboolean owes_protected = FALSE, owes_main_line = FALSE;
    if (!sync_get_cursor(repository, CURSOR_PULLS, &pulls, error) ||
        !sync_get_cursor(repository, CURSOR_ACTIVITY, &activity, error) ||
        !sync_owes_protected(repository, &owes_protected, error) ||
        !sync_owes_main_line(repository, &owes_main_line, error))
        return FALSE;
    UtcTime horizon = repository->engine->config.horizon;
    gboolean is_first = !sync_cursor_is(&pulls, CURSOR_STATE_DONE) ||
                        !sync_cursor_is(&activity, CURSOR_STATE_DONE) ||
                        plan_reaches_further(horizon, pulls.floor) ||
                        plan_reaches_further(horizon, activity.floor);
    repository->plan.kind = is_first ? PLAN_FIRST : PLAN_CYCLE;
    repository->active = is_first || repository->moved || repository->nightly ||
                         repository->weekly || owes_protected || owes_main_line;
    repository->estimate = (EstimateRepository){
        .pulls_total = COUNT_ABSENT, .details_total = COUNT_ABSENT, .feed_reach = -1};
    if (is_first) {
        repository->estimate.pulls_read = pulls.counted;
        repository->estimate.events_read = activity.counted;
    } else {
        repository->estimate.pulls_done = repository->estimate.feed_done = TRUE;
    }
    return TRUE;
}

SyncRepository *sync_repository_new(SyncEngine *engine, StoreRepository *row, GError **error)
{
    SyncRepository *repository = g_new0(SyncRepository, 1);
    repository->engine = engine;
    repository->row = row;
    repository->id = row->repository_id;
    repository->address = g_strdup(row->full_name);
    repository->newest_activity = repository->feed_floor = TIME_ABSENT;
    if (!load_lists(repository, error) || !read_gate(repository, error) ||
        !choose_plan(repository, error)) {
        sync_repository_free(repository);
        return NULL;
    }
    return repository;
}

void sync_repository_free(SyncRepository *repository)
{
    if (repository == NULL)
        return;
    for (guint i = 0; i < LIST_COUNT; i++)
        numbers_clear(&repository->lists[i]);
    git_mirror_free(repository->mirror);
    store_repository_free(repository->row);
    g_free(repository->address);
    g_free(repository);
}

char *sync_repository_address(SyncRepository *repository)
{
    g_mutex_lock(&repository->engine->lock);
    char *address = g_strdup(repository->address);
    g_mutex_unlock(&repository->engine->lock);
    return address;
}

gboolean sync_repository_is_active(SyncRepository *repository)
{
    g_mutex_lock(&repository->engine->lock);
    gboolean active = repository->active;
    g_mutex_unlock(&repository->engine->lock);
    return active;
}

void sync_repository_set_active(SyncRepository *repository)
{
    g_mutex_lock(&repository->engine->lock);
    repository->active = TRUE;
    g_mutex_unlock(&repository->engine->lock);
}

/* ---- how it ends */

gboolean sync_repository_open_gate(SyncRepository *repository, StoreTx *tx, GError **error)
{
    if (repository->gate_open)
        return TRUE;
    StoreCursor gate = {.state = (char *) CURSOR_STATE_RUNNING,
                        .watermark = repository->row->updated,
                        .floor = TIME_ABSENT};
    if (!sync_put_cursor(repository, tx, CURSOR_GATE, &gate, error))
        return FALSE;
    repository->gate_open = TRUE;
    return TRUE;
}

/* The nightly reading is due a day after the first sync, the weekly one a week after, not at once.
 */
static gboolean put_first_time(SyncRepository *repository, StoreTx *tx, const char *name,
                               GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, name, &cursor, error))
        return FALSE;
    if (cursor.watermark != TIME_ABSENT)
        return TRUE;
    sync_cursor_set_state(&cursor, CURSOR_STATE_DONE);
    cursor.watermark = repository->engine->now;
    return sync_put_cursor(repository, tx, name, &cursor, error);
}

gboolean sync_repository_end_first(SyncRepository *repository, GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    return tx != NULL && put_first_time(repository, tx, CURSOR_OPEN, error) &&
           put_first_time(repository, tx, CURSOR_PULLS_WEEKLY, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_repository_settle(SyncRepository *repository, GError **error)
{
    if (repository->owes || (!repository->gate_open && !repository->moved))
        return TRUE;
    StoreCursor gate = {.state = (char *) CURSOR_STATE_DONE,
                        .watermark = repository->row->updated,
                        .floor = TIME_ABSENT};
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    if (tx == NULL || !sync_put_cursor(repository, tx, CURSOR_GATE, &gate, error))
        return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}
