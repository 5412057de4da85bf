/*
 * Deployments, newest first until what is known; the environments they went to; and, where nothing
 * is deployed or a repository's pipelines stand for deployments, the pipelines of its main branch.
 *
 * Neither list can be filtered, and neither moves the repository, so they are read while a
 * repository moves, for some hours after (what a merge set off ends later), while something has not
 * ended, and nightly.
 */
#include "sync/walk.h"

#define DELIVERY_AFTERWARDS   (3 * TIME_HOUR) /* after the repository's last movement */
#define DELIVERY_UNFINISHED   (2 * TIME_DAY)  /* what has not ended by then never will */
#define PAGES_OF_ENVIRONMENTS 10
#define DELIVERY_OVERLAP      TIME_DAY /* deployments come newest first in practice only */

static guint64 mix_text(guint64 digest, const char *text)
{
    return (digest ^ g_str_hash(text)) * G_GUINT64_CONSTANT(0x100000001b3);
}

static void span_record(WalkSpan *span, const char *uuid, UtcTime at)
{
    span->digest = mix_text(span->digest + 1, uuid);
    if (at == TIME_ABSENT)
        return;
    if (span->newest == TIME_ABSENT || at > span->newest)
        span->newest = at;
    span->last = at;
}

/* ---- deployments */

static void span_deployments(const RecordPage *page, WalkSpan *ret_span)
{
    *ret_span = (WalkSpan){TIME_ABSENT, TIME_ABSENT, 0};
    for (gsize i = 0; i < page->n_records; i++) {
        const Deployment *record = &RECORDS(page, Deployment)[i];
        span_record(ret_span, record->uuid,
                    record->started != TIME_ABSENT ? record->started : record->updated);
    }
}

static RecordPage *fetch_deployments(SyncRepository *repository, const StoreCursor *cursor,
                                     gboolean *ret_unordered, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_autofree char *address = sync_repository_address(repository);
    sync_count(engine, &engine->summary.detail_requests, 1);
    return bitbucket_fetch_deployments(engine->client, address, cursor->position, error);
}

static gboolean put_deployments(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                                const StoreCursor *cursor, GError **error)
{
    StoreChanges changes = {0};
    return store_put_deployments(tx, repository->engine->workspace_id, repository->id,
                                 RECORDS(page, Deployment), page->n_records, &changes, error);
}

/* ---- pipelines */

static void span_pipelines(const RecordPage *page, WalkSpan *ret_span)
{
    *ret_span = (WalkSpan){TIME_ABSENT, TIME_ABSENT, 0};
    for (gsize i = 0; i < page->n_records; i++) {
        const Pipeline *record = &RECORDS(page, Pipeline)[i];
        span_record(ret_span, record->uuid, record->created);
    }
}

static RecordPage *fetch_pipelines(SyncRepository *repository, const StoreCursor *cursor,
                                   gboolean *ret_unordered, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_autofree char *address = sync_repository_address(repository);
    sync_count(engine, &engine->summary.detail_requests, 1);
    return bitbucket_fetch_pipelines(engine->client, address, repository->row->main_branch,
                                     cursor->position, error);
}

static gboolean put_pipelines(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                              const StoreCursor *cursor, GError **error)
{
    StoreChanges changes = {0};
    return store_put_pipelines(tx, repository->engine->workspace_id, repository->id,
                               RECORDS(page, Pipeline), page->n_records, &changes, error);
}

/* ---- the walks */

typedef gboolean (*UnfinishedGetter)(Store *store, gint64 workspace_id, gint64 repository_id,
                                     UtcTime *ret_began, GError **error);

typedef struct {
    WalkKind first, changes;
    UnfinishedGetter unfinished;
} Delivery;

static const Delivery DEPLOYMENTS = {
    .first = {.cursor = CURSOR_DEPLOYMENTS,
              .stage = SYNC_STAGE_DETAILS,
              .ends_at_floor = TRUE,
              .is_optional = TRUE,
              .fetch = fetch_deployments,
              .put = put_deployments,
              .span = span_deployments},
    .changes = {.cursor = CURSOR_DEPLOYMENTS_CHANGES,
                .stage = SYNC_STAGE_DETAILS,
                .ends_at_floor = TRUE,
                .is_optional = TRUE,
                .fetch = fetch_deployments,
                .put = put_deployments,
                .span = span_deployments},
    .unfinished = store_get_unfinished_deployment,
};
static const Delivery PIPELINES = {
    .first = {.cursor = CURSOR_PIPELINES,
              .stage = SYNC_STAGE_DETAILS,
              .ends_at_floor = TRUE,
              .is_optional = TRUE,
              .fetch = fetch_pipelines,
              .put = put_pipelines,
              .span = span_pipelines},
    .changes = {.cursor = CURSOR_PIPELINES_CHANGES,
                .stage = SYNC_STAGE_DETAILS,
                .ends_at_floor = TRUE,
                .is_optional = TRUE,
                .fetch = fetch_pipelines,
                .put = put_pipelines,
                .span = span_pipelines},
    .unfinished = store_get_unfinished_pipeline,
};

/* When what has not ended began; TIME_ABSENT also for what never will. */
static gboolean get_unfinished(SyncRepository *repository, const Delivery *delivery,
                               UtcTime *ret_began, GError **error)
{
    SyncEngine *engine = repository->engine;
    UtcTime began = TIME_ABSENT;
    if (!delivery->unfinished(engine->store, engine->workspace_id, repository->id, &began, error))
        return FALSE;
    gboolean is_live = began != TIME_ABSENT && engine->now != TIME_ABSENT &&
                       began > engine->now - DELIVERY_UNFINISHED;
    *ret_began = is_live ? began : TIME_ABSENT;
    return TRUE;
}

/* *@ret_done FALSE: the allowance ended before the horizon. */
static gboolean walk_first(SyncRepository *repository, const Delivery *delivery,
                           StoreCursor *cursor, gboolean *ret_done, GError **error)
{
    UtcTime horizon = repository->engine->config.horizon;
    if (!sync_cursor_is(cursor, CURSOR_STATE_RUNNING) ||
        plan_reaches_further(horizon, cursor->floor)) {
        sync_cursor_set_state(cursor, CURSOR_STATE_NEW);
        cursor->floor = horizon;
    }
    if (!walk_run(repository, &delivery->first, cursor, TIME_ABSENT, error))
        return FALSE;
    *ret_done = sync_cursor_is(cursor, CURSOR_STATE_DONE);
    return TRUE;
}

/* From the newest down to what the walk before had seen, or to what had not ended then. */
static gboolean walk_changes(SyncRepository *repository, const Delivery *delivery,
                             const StoreCursor *first, gboolean *ret_done, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    UtcTime unfinished = TIME_ABSENT;
    if (!sync_get_cursor(repository, delivery->changes.cursor, &cursor, error) ||
        !get_unfinished(repository, delivery, &unfinished, error))
        return FALSE;
    if (!sync_cursor_is(&cursor, CURSOR_STATE_RUNNING)) {
        UtcTime reached = cursor.watermark != TIME_ABSENT ? cursor.watermark : first->watermark;
        if (unfinished != TIME_ABSENT && unfinished < reached)
            reached = unfinished;
        cursor.floor = plan_overlap(reached, DELIVERY_OVERLAP);
    }
    if (!walk_run(repository, &delivery->changes, &cursor, TIME_ABSENT, error))
        return FALSE;
    *ret_done = sync_cursor_is(&cursor, CURSOR_STATE_DONE);
    return TRUE;
}

/* *@ret_any: whether the first walk found any, ever. */
static gboolean walk(SyncRepository *repository, const Delivery *delivery, gboolean *ret_done,
                     gboolean *ret_any, GError **error)
{
    g_auto(StoreCursor) first = {0};
    g_auto(StoreCursor) changes = {0};
    if (!sync_get_cursor(repository, delivery->first.cursor, &first, error))
        return FALSE;
    gboolean is_first = !sync_cursor_is(&first, CURSOR_STATE_DONE) ||
                        plan_reaches_further(repository->engine->config.horizon, first.floor);
    if (!(is_first ? walk_first(repository, delivery, &first, ret_done, error)
                   : walk_changes(repository, delivery, &first, ret_done, error)) ||
        !sync_get_cursor(repository, delivery->changes.cursor, &changes, error))
        return FALSE;
    *ret_any = first.counted > 0 || changes.counted > 0;
    return TRUE;
}

/* ---- environments */

static gboolean put_environments(SyncRepository *repository, const RecordPage *page, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    StoreCursor cursor = {
        .state = (char *) CURSOR_STATE_DONE, .watermark = engine->now, .floor = TIME_ABSENT};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_environments(tx, engine->workspace_id, repository->id,
                                  RECORDS(page, Environment), page->n_records, &changes, error) &&
           store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                                 page->n_quarantined, error) &&
           sync_put_cursor(repository, tx, CURSOR_ENVIRONMENTS, &cursor, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* Once a week: a deployment mostly says what kind of environment it went to. */
static gboolean read_environments(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_ENVIRONMENTS, &cursor, error))
        return FALSE;
    if (!plan_is_due(cursor.watermark, engine->now, PLAN_WEEKLY) || !sync_take_optional(repository))
        return TRUE;
    g_autofree char *position = NULL;
    for (guint i = 0; i == 0 || (position != NULL && i < PAGES_OF_ENVIRONMENTS); i++) {
        g_autofree char *address = sync_repository_address(repository);
        if (!sync_check_cancelled(engine, error))
            return FALSE;
        sync_count(engine, &engine->summary.detail_requests, 1);
        g_autoptr(RecordPage) page =
            bitbucket_fetch_environments(engine->client, address, position, error);
        if (page == NULL || !put_environments(repository, page, error))
            return FALSE;
        g_free(position);
        position = g_strdup(page->next);
    }
    return TRUE;
}

/* ---- another main branch has other pipelines */

static gboolean begin_anew(SyncRepository *repository, StoreTx *tx, const char *name,
                           GError **error)
{
    const StoreCursor cursor = {
        .state = (char *) CURSOR_STATE_NEW, .watermark = TIME_ABSENT, .floor = TIME_ABSENT};
    return sync_put_cursor(repository, tx, name, &cursor, error);
}

/* What was read before there was this cursor is of the branch that Bitbucket tells. */
static gboolean follow_main_branch(SyncRepository *repository, GError **error)
{
    static const char *const ANEW[] = {CURSOR_PIPELINES, CURSOR_PIPELINES_CHANGES, CURSOR_DELIVERY};
    const char *branch = repository->row->main_branch;
    g_auto(StoreCursor) cursor = {0};
    if (branch == NULL)
        return TRUE;
    if (!sync_get_cursor(repository, CURSOR_PIPELINES_BRANCH, &cursor, error))
        return FALSE;
    const char *before =
        cursor.position != NULL ? cursor.position : repository->row->told_main_branch;
    gboolean is_other = g_strcmp0(before, branch) != 0;
    if (cursor.position != NULL && !is_other)
        return TRUE;
    g_free(cursor.position);
    cursor.position = g_strdup(branch);
    sync_cursor_set_state(&cursor, CURSOR_STATE_DONE);
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    if (tx == NULL || !sync_put_cursor(repository, tx, CURSOR_PIPELINES_BRANCH, &cursor, error))
        return FALSE;
    for (gsize i = 0; is_other && i < G_N_ELEMENTS(ANEW); i++)
        if (!begin_anew(repository, tx, ANEW[i], error))
            return FALSE;
    return store_commit(g_steal_pointer(&tx), error);
}

/* ---- when */

/* Left alone for a day where nothing was found. */
static gboolean is_without(SyncRepository *repository, gboolean *ret_without, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_DELIVERY, &cursor, error))
        return FALSE;
    *ret_without = sync_cursor_is(&cursor, CURSOR_STATE_DONE) &&
                   !plan_is_due(cursor.watermark, repository->engine->now, PLAN_NIGHTLY);
    return TRUE;
}

static gboolean keep_without(SyncRepository *repository, GError **error)
{
    StoreCursor cursor = {.state = (char *) CURSOR_STATE_DONE,
                          .watermark = repository->engine->now,
                          .floor = TIME_ABSENT};
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    return tx != NULL && sync_put_cursor(repository, tx, CURSOR_DELIVERY, &cursor, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static gboolean moved_lately(const SyncRepository *repository)
{
    UtcTime now = repository->engine->now, updated = repository->row->updated;
    return now != TIME_ABSENT && updated != TIME_ABSENT && updated > now - DELIVERY_AFTERWARDS;
}

static gboolean is_wanted(SyncRepository *repository, gboolean *ret_wanted, GError **error)
{
    UtcTime deployment = TIME_ABSENT, pipeline = TIME_ABSENT;
    gboolean may = FALSE, without = FALSE;
    if (!sync_may_ask(repository, REFUSAL_DELIVERY, &may, error) ||
        !is_without(repository, &without, error) ||
        !get_unfinished(repository, &DEPLOYMENTS, &deployment, error) ||
        !get_unfinished(repository, &PIPELINES, &pipeline, error))
        return FALSE;
    *ret_wanted = may && !without &&
                  (sync_repository_is_active(repository) || moved_lately(repository) ||
                   deployment != TIME_ABSENT || pipeline != TIME_ABSENT);
    return TRUE;
}

static gboolean read_all(SyncRepository *repository, GError **error)
{
    gboolean done = FALSE, deployed = FALSE, piped = FALSE;
    sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, 0, COUNT_ABSENT, "deployments");
    if (!walk(repository, &DEPLOYMENTS, &done, &deployed, error))
        return FALSE;
    if (deployed && !read_environments(repository, error))
        return FALSE;
    gboolean wants_pipelines = !deployed || repository->row->release_on_pipeline;
    if (!done || !wants_pipelines || repository->row->main_branch == NULL)
        return TRUE;
    return walk(repository, &PIPELINES, &done, &piped, error) &&
           (!done || deployed || piped || keep_without(repository, error));
}

gboolean sync_read_delivery(SyncRepository *repository, GError **error)
{
    GError *failure = NULL;
    gboolean wanted = FALSE;
    if (!follow_main_branch(repository, error) || !is_wanted(repository, &wanted, error))
        return FALSE;
    if (!wanted)
        return TRUE;
    if (read_all(repository, &failure))
        return sync_forget_refusal(repository, REFUSAL_DELIVERY, error);
    gboolean is_none =
        error_is(failure, PLUMBLINE_ERROR_NOT_FOUND) || error_is(failure, PLUMBLINE_ERROR_GONE);
    if (!is_none && !sync_is_refusal(failure)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    gboolean ok = sync_is_repository_there(repository, error) &&
                  (is_none ? keep_without(repository, error)
                           : sync_keep_refusal(repository, REFUSAL_DELIVERY, failure, error));
    g_error_free(failure);
    return ok;
}
