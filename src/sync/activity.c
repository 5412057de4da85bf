/*
 * The activity feed of a repository: the first walk down to the horizon, the new entries of a
 * cycle, and the whole activity of pull requests that were opened before the feed's floor.
 */
#include "sync/walk.h"

static guint64 mix(guint64 digest, guint64 value)
{
    return (digest ^ value) * G_GUINT64_CONSTANT(0x100000001b3);
}

static void span_activity(const RecordPage *page, WalkSpan *ret_span)
{
    *ret_span = (WalkSpan){TIME_ABSENT, TIME_ABSENT, 0};
    for (gsize i = 0; i < page->n_records; i++) {
        const PrEvent *event = &RECORDS(page, PrEvent)[i];
        if (ret_span->newest == TIME_ABSENT || event->at > ret_span->newest)
            ret_span->newest = event->at;
        ret_span->last = event->at;
        ret_span->digest =
            mix(mix(ret_span->digest + 1, (guint64) event->number), (guint64) event->at);
        ret_span->digest = mix(ret_span->digest, (guint64) event->kind);
    }
}

static RecordPage *fetch_feed(SyncRepository *repository, const StoreCursor *cursor,
                              gboolean *ret_unordered, GError **error)
{
    g_autofree char *address = sync_repository_address(repository);
    return bitbucket_fetch_activity(repository->engine->client, address, 0, cursor->position,
                                    error);
}

/* The row of a pull request whose event came after @since has to be read again: approvals may not
 * move its updated_on. */
static void note_stale(SyncRepository *repository, const PrEvent *events, gsize n, UtcTime since)
{
    for (gsize i = 0; i < n; i++)
        if (since != TIME_ABSENT && events[i].at > since)
            numbers_add(&repository->lists[LIST_REFRESH], events[i].number);
}

static gboolean put_events(SyncRepository *repository, StoreTx *tx, const PrEvent *events, gsize n,
                           StoreChanges *ret_changes, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    if (!store_put_events(tx, engine->workspace_id, repository->id, events, n, &changes, error))
        return FALSE;
    sync_count(engine, &engine->summary.events, changes.inserted);
    sync_count(engine, &engine->summary.events_changed, changes.changed);
    *ret_changes = changes;
    return TRUE;
}

/* What a page shows from before the feed's floor is left out: those pull requests may be older than
 * the horizon, and half their story would look like all of it. */
static gboolean put_page(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                         StoreChanges *ret_changes, GError **error)
{
    UtcTime floor = repository->feed_floor;
    g_autofree PrEvent *kept = g_new(PrEvent, page->n_records + 1);
    gsize n = 0;
    for (gsize i = 0; i < page->n_records; i++) {
        const PrEvent *event = &RECORDS(page, PrEvent)[i];
        if (floor == TIME_ABSENT || event->at >= floor)
            kept[n++] = *event;
    }
    note_stale(repository, kept, n, repository->newest_activity);
    return put_events(repository, tx, kept, n, ret_changes, error);
}

static gboolean put_first(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                          const StoreCursor *cursor, GError **error)
{
    StoreChanges changes = {0};
    return put_page(repository, tx, page, &changes, error);
}

static gboolean put_new(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                        const StoreCursor *cursor, GError **error)
{
    StoreChanges changes = {0};
    if (!put_page(repository, tx, page, &changes, error))
        return FALSE;
    if (changes.inserted == 0 && changes.changed == 0)
        return TRUE;
    sync_repository_set_active(repository);
    return sync_repository_open_gate(repository, tx, error);
}

/* How far back in time the walk is, of the whole way. */
static double feed_reach(const SyncRepository *repository, const StoreCursor *cursor,
                         const WalkSpan *span)
{
    UtcTime end = cursor->floor != TIME_ABSENT ? cursor->floor : repository->row->created;
    if (end == TIME_ABSENT || span->last == TIME_ABSENT || cursor->watermark == TIME_ABSENT ||
        cursor->watermark <= end)
        return -1;
    double reach = (double) (cursor->watermark - span->last) / (double) (cursor->watermark - end);
    return CLAMP(reach, 0.0, 1.0);
}

static void tell_first(SyncRepository *repository, const RecordPage *page,
                       const StoreCursor *cursor, const WalkSpan *span)
{
    SyncEngine *engine = repository->engine;
    double reach = feed_reach(repository, cursor, span);
    g_mutex_lock(&engine->lock);
    EstimateRepository *estimate = &repository->estimate;
    estimate->events_read = cursor->counted;
    if (reach >= 0)
        estimate->feed_reach = reach;
    estimate->feed_done = sync_cursor_is(cursor, CURSOR_STATE_DONE);
    gint64 expected = COUNT_ABSENT;
    if (estimate->feed_done)
        expected = cursor->counted;
    else if (estimate->feed_reach > 0.05)
        expected = (gint64) ((double) cursor->counted / estimate->feed_reach);
    SyncStage stage = plan_stage((repository->plan.running & STEP_BIT(STEP_HISTORY_ACTIVITY))
                                     ? STEP_HISTORY_ACTIVITY
                                     : STEP_ACTIVITY);
    g_mutex_unlock(&engine->lock);
    sync_report(engine, repository, stage, cursor->counted, expected, NULL);
}

static void tell_new(SyncRepository *repository, const RecordPage *page, const StoreCursor *cursor,
                     const WalkSpan *span)
{
    sync_report(repository->engine, repository, SYNC_STAGE_ACTIVITY, cursor->counted, COUNT_ABSENT,
                NULL);
}

static const WalkKind FIRST_WALK = {.cursor = CURSOR_ACTIVITY,
                                    .stage = SYNC_STAGE_ACTIVITY,
                                    .ends_at_floor = TRUE,
                                    .fetch = fetch_feed,
                                    .put = put_first,
                                    .span = span_activity,
                                    .tell = tell_first};
static const WalkKind CHANGES_WALK = {.cursor = CURSOR_ACTIVITY_CHANGES,
                                      .stage = SYNC_STAGE_ACTIVITY,
                                      .ends_at_floor = TRUE,
                                      .fetch = fetch_feed,
                                      .put = put_new,
                                      .span = span_activity,
                                      .tell = tell_new};

static gboolean walk_first(SyncRepository *repository, UtcTime pause, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    g_auto(StoreCursor) pulls = {0};
    if (!sync_get_cursor(repository, CURSOR_ACTIVITY, &cursor, error) ||
        !sync_get_cursor(repository, CURSOR_PULLS, &pulls, error))
        return FALSE;
    UtcTime horizon = repository->engine->config.horizon;
    gboolean further = plan_reaches_further(horizon, cursor.floor);
    if (sync_cursor_is(&cursor, CURSOR_STATE_DONE)) {
        if (!further)
            return TRUE;
        if (cursor.position != NULL) /* goes on where it stopped */
            sync_cursor_set_state(&cursor, CURSOR_STATE_RUNNING);
    } else if (sync_cursor_is(&cursor, CURSOR_STATE_RUNNING) && !repository->walked_activity) {
        repository->resumed = TRUE;
    }
    if (further || sync_cursor_is(&cursor, CURSOR_STATE_NEW))
        cursor.floor = horizon;
    repository->walked_activity = TRUE;
    repository->newest_activity = pulls.watermark;
    repository->feed_floor = cursor.floor;
    return walk_run(repository, &FIRST_WALK, &cursor, pause, error);
}

static gboolean walk_new(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) first = {0};
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_ACTIVITY, &first, error) ||
        !sync_get_cursor(repository, CURSOR_ACTIVITY_CHANGES, &cursor, error))
        return FALSE;
    repository->feed_floor = first.floor;
    if (sync_cursor_is(&cursor, CURSOR_STATE_RUNNING)) {
        repository->newest_activity = plan_overlap(cursor.floor, -PLAN_ACTIVITY_OVERLAP);
        sync_repository_set_active(repository);
        if (!walk_run(repository, &CHANGES_WALK, &cursor, TIME_ABSENT, error))
            return FALSE;
    }
    UtcTime reached = cursor.watermark != TIME_ABSENT ? cursor.watermark : first.watermark;
    if (reached == TIME_ABSENT || (first.floor != TIME_ABSENT && reached < first.floor))
        reached = first.floor; /* nothing happened since the horizon */
    repository->newest_activity = reached;
    cursor.floor = plan_overlap(reached, PLAN_ACTIVITY_OVERLAP);
    return walk_run(repository, &CHANGES_WALK, &cursor, TIME_ABSENT, error);
}

gboolean sync_step_activity(SyncRepository *repository, GError **error)
{
    const SyncConfig *config = &repository->engine->config;
    if (repository->plan.kind == PLAN_CYCLE)
        return walk_new(repository, error);
    UtcTime recent = plan_recent(config->recent, config->horizon, repository->engine->now);
    return walk_first(repository, recent, error) && sync_note_newest(repository, recent, error);
}

gboolean sync_step_history_activity(SyncRepository *repository, GError **error)
{
    return walk_first(repository, TIME_ABSENT, error) &&
           sync_repository_end_first(repository, error) &&
           sync_read_owed_pull_requests(repository, error);
}

/* One page of a pull request's own activity; on the last one it leaves the list. */
static gboolean put_own_activity(SyncRepository *repository, const RecordPage *page, gint64 number,
                                 GError **error)
{
    SyncEngine *engine = repository->engine;
    if (page == NULL || page->next == NULL)
        numbers_remove(&repository->lists[LIST_LONG_LIVED], number);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    StoreChanges changes = {0};
    if (page != NULL &&
        (!put_events(repository, tx, RECORDS(page, PrEvent), page->n_records, &changes, error) ||
         !store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                                page->n_quarantined, error)))
        return FALSE;
    if (!sync_repository_put_lists(repository, tx, error))
        return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}

static gboolean read_own_activity(SyncRepository *repository, gint64 number, GError **error)
{
    g_autofree char *position = NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    do {
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        g_autofree char *address = sync_repository_address(repository);
        g_autoptr(RecordPage) page =
            bitbucket_fetch_activity(repository->engine->client, address, number, position, error);
        if (page == NULL)
            return FALSE;
        if (page->next != NULL && !g_hash_table_add(seen, g_strdup(page->next))) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                        "Bitbucket's list of the activity of pull request %" G_GINT64_FORMAT
                        " of %s repeats itself; it is read again in the next run.",
                        number, address);
            return FALSE;
        }
        if (!put_own_activity(repository, page, number, error))
            return FALSE;
        g_free(position);
        position = g_strdup(page->next);
    } while (position != NULL);
    return TRUE;
}

gboolean sync_read_long_lived(SyncRepository *repository, GError **error)
{
    g_autoptr(GArray) numbers = g_array_copy(repository->lists[LIST_LONG_LIVED].items);
    for (guint i = 0; i < numbers->len; i++) {
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, i, numbers->len,
                    "activity from before the horizon");
        if (!read_own_activity(repository, g_array_index(numbers, gint64, i), error))
            return FALSE;
    }
    return TRUE;
}
