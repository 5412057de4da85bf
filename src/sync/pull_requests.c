/*
 * Pull request rows: the first walk to the horizon, the changed ones of a cycle, the nightly
 * reading of the open ones, and those that have to be fetched one by one.
 */
#include "sync/walk.h"

/* More stale rows than this among the open ones are cheaper by the list of open ones. */
#define SINGLES_BEFORE_LIST 10

static guint64 mix(guint64 digest, guint64 value)
{
    return (digest ^ value) * G_GUINT64_CONSTANT(0x100000001b3);
}

static void span_pull_requests(const RecordPage *page, WalkSpan *ret_span)
{
    *ret_span = (WalkSpan){TIME_ABSENT, TIME_ABSENT, 0};
    for (gsize i = 0; i < page->n_records; i++) {
        const PullRequest *pull = &RECORDS(page, PullRequest)[i];
        if (ret_span->newest == TIME_ABSENT || pull->updated > ret_span->newest)
            ret_span->newest = pull->updated;
        ret_span->last = pull->updated;
        ret_span->digest =
            mix(mix(ret_span->digest + 1, (guint64) pull->number), (guint64) pull->updated);
    }
}

static gboolean is_known(SyncRepository *repository, gint64 number)
{
    SyncEngine *engine = repository->engine;
    g_autoptr(GError) error = NULL;
    StorePullRequestLabel label = {0};
    if (!store_get_pull_request_label(engine->store, engine->workspace_id, repository->id, number,
                                      &label, &error))
        return !error_is(error, PLUMBLINE_ERROR_NOT_FOUND);
    store_pull_request_label_clear(&label);
    return TRUE;
}

/* A pull request opened before the feed's floor has activity that the feed walk does not reach. */
static void note_long_lived(SyncRepository *repository, const PullRequest *pull)
{
    UtcTime horizon = repository->engine->config.horizon;
    if (horizon != TIME_ABSENT && pull->created < horizon && !is_known(repository, pull->number))
        numbers_add(&repository->lists[LIST_LONG_LIVED], pull->number);
}

/* Comments are read again when their pull request changed, and in the night after that. */
static void note_comments(SyncRepository *repository, const PullRequest *pull, gboolean changed)
{
    UtcTime now = repository->engine->now;
    gboolean fresh = now != TIME_ABSENT && pull->updated > now - TIME_DAY;
    if (changed && (pull->comment_count > 0 || is_known(repository, pull->number)))
        numbers_add(&repository->lists[LIST_COMMENTS], pull->number);
    if (changed || fresh)
        numbers_add(&repository->lists[LIST_SECOND_LOOK], pull->number);
}

static gboolean put_rows(SyncRepository *repository, StoreTx *tx, const PullRequest *pulls, gsize n,
                         gboolean comments_may_differ, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    for (gsize i = 0; i < n; i++) {
        numbers_remove(&repository->lists[LIST_REFRESH], pulls[i].number);
        note_comments(repository, &pulls[i], comments_may_differ);
        note_long_lived(repository, &pulls[i]);
    }
    if (!store_put_pull_requests(tx, engine->workspace_id, repository->id, pulls, n, &changes,
                                 error))
        return FALSE;
    if ((changes.inserted > 0 || changes.changed > 0) &&
        !sync_repository_open_gate(repository, tx, error))
        return FALSE;
    sync_count(engine, &engine->summary.pull_requests, changes.inserted);
    sync_count(engine, &engine->summary.pull_requests_changed, changes.changed);
    return TRUE;
}

static gboolean put_first(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                          const StoreCursor *cursor, GError **error)
{
    return put_rows(repository, tx, RECORDS(page, PullRequest), page->n_records, FALSE, error);
}

static gboolean put_again(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                          const StoreCursor *cursor, GError **error)
{
    return put_rows(repository, tx, RECORDS(page, PullRequest), page->n_records, TRUE, error);
}

static RecordPage *fetch_from_floor(SyncRepository *repository, const StoreCursor *cursor,
                                    gboolean *ret_unordered, GError **error)
{
    g_autofree char *address = sync_repository_address(repository);
    PullRequestQuery query = {.updated_from = cursor->floor, .updated_before = TIME_ABSENT};
    return bitbucket_fetch_pull_requests(repository->engine->client, address, &query,
                                         cursor->position, ret_unordered, error);
}

static RecordPage *fetch_open(SyncRepository *repository, const StoreCursor *cursor,
                              gboolean *ret_unordered, GError **error)
{
    g_autofree char *address = sync_repository_address(repository);
    PullRequestQuery query = {
        .updated_from = TIME_ABSENT, .updated_before = TIME_ABSENT, .only_open = TRUE};
    return bitbucket_fetch_pull_requests(repository->engine->client, address, &query,
                                         cursor->position, ret_unordered, error);
}

/* The watermark of nightly and weekly readings is the moment they were made. */
static void span_reading(const RecordPage *page, WalkSpan *ret_span)
{
    span_pull_requests(page, ret_span);
    ret_span->newest = page->server_time;
}

static void tell_first(SyncRepository *repository, const RecordPage *page,
                       const StoreCursor *cursor, const WalkSpan *span)
{
    SyncEngine *engine = repository->engine;
    g_mutex_lock(&engine->lock);
    repository->estimate.pulls_read = cursor->counted;
    if (page->total != COUNT_ABSENT)
        repository->estimate.pulls_total = page->total;
    repository->estimate.pulls_done = sync_cursor_is(cursor, CURSOR_STATE_DONE);
    gint64 expected = repository->estimate.pulls_total;
    SyncStage stage = plan_stage((repository->plan.running & STEP_BIT(STEP_HISTORY_PULL_REQUESTS))
                                     ? STEP_HISTORY_PULL_REQUESTS
                                     : STEP_PULL_REQUESTS);
    g_mutex_unlock(&engine->lock);
    sync_report(engine, repository, stage, cursor->counted, expected, NULL);
}

static void tell_again(SyncRepository *repository, const RecordPage *page,
                       const StoreCursor *cursor, const WalkSpan *span)
{
    sync_report(repository->engine, repository, SYNC_STAGE_PULL_REQUESTS, cursor->counted,
                page->total, NULL);
}

static const WalkKind FIRST_WALK = {.cursor = CURSOR_PULLS,
                                    .stage = SYNC_STAGE_PULL_REQUESTS,
                                    .fetch = fetch_from_floor,
                                    .put = put_first,
                                    .span = span_pull_requests,
                                    .tell = tell_first};
static const WalkKind CHANGES_WALK = {.cursor = CURSOR_PULLS_CHANGES,
                                      .stage = SYNC_STAGE_PULL_REQUESTS,
                                      .fetch = fetch_from_floor,
                                      .put = put_again,
                                      .span = span_pull_requests,
                                      .tell = tell_again};
static const WalkKind WEEKLY_WALK = {.cursor = CURSOR_PULLS_WEEKLY,
                                     .stage = SYNC_STAGE_PULL_REQUESTS,
                                     .fetch = fetch_from_floor,
                                     .put = put_first,
                                     .span = span_reading,
                                     .tell = tell_again};
static const WalkKind OPEN_WALK = {.cursor = CURSOR_OPEN,
                                   .stage = SYNC_STAGE_PULL_REQUESTS,
                                   .fetch = fetch_open,
                                   .put = put_again,
                                   .span = span_reading,
                                   .tell = tell_again};
static const WalkKind FIRST_OPEN_WALK = {.cursor = CURSOR_OPEN,
                                         .stage = SYNC_STAGE_PULL_REQUESTS,
                                         .fetch = fetch_open,
                                         .put = put_first,
                                         .span = span_reading,
                                         .tell = tell_again};

/* A horizon farther back means reading the list anew: two hundredths of a request per pull request,
 * and no row can slip through between the windows. */
static gboolean walk_first(SyncRepository *repository, UtcTime pause, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_PULLS, &cursor, error))
        return FALSE;
    UtcTime horizon = repository->engine->config.horizon;
    gboolean further = plan_reaches_further(horizon, cursor.floor);
    if (sync_cursor_is(&cursor, CURSOR_STATE_DONE) && !further)
        return TRUE;
    if (sync_cursor_is(&cursor, CURSOR_STATE_RUNNING) && !further) {
        if (!repository->walked_pulls)
            repository->resumed = TRUE;
    } else {
        sync_cursor_set_state(&cursor, CURSOR_STATE_NEW);
        cursor.floor = horizon;
    }
    repository->walked_pulls = TRUE;
    return walk_run(repository, &FIRST_WALK, &cursor, pause, error);
}

gboolean sync_step_history_pull_requests(SyncRepository *repository, GError **error)
{
    return walk_first(repository, TIME_ABSENT, error);
}

/* Those whose updated_on moved since the last walk began. */
static gboolean walk_changes(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) first = {0};
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_PULLS, &first, error) ||
        !sync_get_cursor(repository, CURSOR_PULLS_CHANGES, &cursor, error))
        return FALSE;
    /* What a broken walk had left is finished first; then the head, which moved since. */
    gboolean resumed = sync_cursor_is(&cursor, CURSOR_STATE_RUNNING);
    if (resumed && !walk_run(repository, &CHANGES_WALK, &cursor, TIME_ABSENT, error))
        return FALSE;
    UtcTime reached = cursor.watermark != TIME_ABSENT ? cursor.watermark : first.watermark;
    if (reached == TIME_ABSENT)
        reached = first.floor;
    cursor.floor = plan_overlap(reached, PLAN_PULL_OVERLAP);
    return walk_run(repository, &CHANGES_WALK, &cursor, TIME_ABSENT, error);
}

/* The open ones: withdrawn approvals and the like, which move nothing. */
static gboolean walk_open(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    return sync_get_cursor(repository, CURSOR_OPEN, &cursor, error) &&
           walk_run(repository, &OPEN_WALK, &cursor, TIME_ABSENT, error);
}

/* What is open counts however long ago it was last touched: the stalest need a hand most. */
static gboolean walk_first_open(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (repository->engine->config.horizon == TIME_ABSENT)
        return TRUE; /* the first walk reads them all */
    if (!sync_get_cursor(repository, CURSOR_OPEN, &cursor, error))
        return FALSE;
    return sync_cursor_is(&cursor, CURSOR_STATE_DONE) ||
           walk_run(repository, &FIRST_OPEN_WALK, &cursor, TIME_ABSENT, error);
}

/* All of them: what a passing fault of Bitbucket's had spoilt becomes right again. */
static gboolean walk_weekly(SyncRepository *repository, GError **error)
{
    g_auto(StoreCursor) first = {0};
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_PULLS, &first, error) ||
        !sync_get_cursor(repository, CURSOR_PULLS_WEEKLY, &cursor, error))
        return FALSE;
    if (!sync_cursor_is(&cursor, CURSOR_STATE_RUNNING))
        cursor.floor = first.floor;
    return walk_run(repository, &WEEKLY_WALK, &cursor, TIME_ABSENT, error);
}

static gboolean put_single(SyncRepository *repository, const RecordPage *page, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    if (!put_rows(repository, tx, RECORDS(page, PullRequest), page->n_records, FALSE, error) ||
        !store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                               page->n_quarantined, error) ||
        !sync_repository_put_lists(repository, tx, error))
        return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}

static gboolean put_missing(SyncRepository *repository, gint64 number, GError **error)
{
    numbers_remove(&repository->lists[LIST_REFRESH], number);
    numbers_add(&repository->lists[LIST_MISSING], number);
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    if (tx == NULL || !sync_repository_put_lists(repository, tx, error))
        return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_is_repository_there(SyncRepository *repository, GError **error)
{
    g_autofree char *address = sync_repository_address(repository);
    g_autoptr(RecordPage) page =
        bitbucket_fetch_repository(repository->engine->client, address, error);
    return page != NULL;
}

static gboolean read_single(SyncRepository *repository, gint64 number, GError **error)
{
    if (!sync_check_cancelled(repository->engine, error))
        return FALSE;
    GError *failure = NULL;
    g_autofree char *address = sync_repository_address(repository);
    g_autoptr(RecordPage) page =
        bitbucket_fetch_pull_request(repository->engine->client, address, number, &failure);
    if (page != NULL)
        return put_single(repository, page, error);
    if (!error_is(failure, PLUMBLINE_ERROR_NOT_FOUND)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    g_clear_error(&failure);
    return sync_is_repository_there(repository, error) && put_missing(repository, number, error);
}

static gboolean read_each(SyncRepository *repository, const GArray *numbers, GError **error)
{
    for (guint i = 0; i < numbers->len; i++) {
        gint64 number = g_array_index(numbers, gint64, i);
        if (!numbers_has(&repository->lists[LIST_MISSING], number) &&
            !read_single(repository, number, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_unknown(SyncRepository *repository, gboolean may_list, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_autoptr(GArray) numbers = store_list_unknown_pull_requests(
        engine->store, engine->workspace_id, repository->id, error);
    if (numbers == NULL)
        return FALSE;
    gsize unknown = 0;
    for (guint i = 0; i < numbers->len; i++)
        if (!numbers_has(&repository->lists[LIST_MISSING], g_array_index(numbers, gint64, i)))
            unknown++;
    if (unknown == 0)
        return TRUE;
    /* Most are newer than the list: one page of it has them all. */
    if (may_list)
        return walk_changes(repository, error) && read_unknown(repository, FALSE, error);
    return read_each(repository, numbers, error);
}

gboolean sync_read_owed_pull_requests(SyncRepository *repository, GError **error)
{
    /* Before the list was read to its end most would only be early, not missing. */
    g_auto(StoreCursor) pulls = {0};
    if (!sync_get_cursor(repository, CURSOR_PULLS, &pulls, error))
        return FALSE;
    if (!sync_cursor_is(&pulls, CURSOR_STATE_DONE))
        return TRUE;
    if (!read_unknown(repository, repository->plan.kind == PLAN_FIRST, error))
        return FALSE;
    const GArray *stale = repository->lists[LIST_REFRESH].items;
    if (stale->len > SINGLES_BEFORE_LIST && !walk_open(repository, error))
        return FALSE;
    g_autoptr(GArray) left = g_array_copy((GArray *) stale); /* each reading takes one off */
    return read_each(repository, left, error);
}

/* Before this night's own changes join the list. */
static void take_second_look(SyncRepository *repository)
{
    Numbers *due = &repository->lists[LIST_SECOND_LOOK];
    while (due->items->len > 0) {
        gint64 number = g_array_index(due->items, gint64, due->items->len - 1);
        numbers_add(&repository->lists[LIST_COMMENTS], number);
        numbers_remove(due, number);
    }
}

static gboolean read_lists(SyncRepository *repository, GError **error)
{
    const SyncConfig *config = &repository->engine->config;
    if (repository->plan.kind == PLAN_FIRST)
        return walk_first(repository,
                          plan_recent(config->recent, config->horizon, repository->engine->now),
                          error) &&
               walk_first_open(repository, error);
    if (!sync_repository_is_active(repository))
        return TRUE;
    if (repository->nightly)
        take_second_look(repository);
    return walk_changes(repository, error) &&
           (!repository->weekly || walk_weekly(repository, error)) &&
           (!repository->nightly || walk_open(repository, error)) &&
           sync_read_owed_pull_requests(repository, error);
}

gboolean sync_step_pull_requests(SyncRepository *repository, GError **error)
{
    repository->pulls_read = read_lists(repository, error);
    return repository->pulls_read;
}
