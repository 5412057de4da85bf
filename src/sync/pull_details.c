/*
 * Builds and tasks of pull requests: a request each, so they come last and only where the plan says
 * that they are owed (detail_plan.h). One pull request is one transaction.
 */
#include "sync/detail_plan.h"
#include "sync/engine.h"

#define PAGES_PER_PULL 50 /* of one list of one pull request */

typedef RecordPage *(*ListFetcher)(BitbucketClient *client, const char *repository, gint64 number,
                                   const char *position, GError **error);
typedef gboolean (*RecordWriter)(SyncRepository *repository, StoreTx *tx,
                                 const StoreDetailCandidate *pull, const GArray *records,
                                 StoreChanges *changes, GError **error);

typedef struct {
    DetailSubject subject;
    SyncRefusal refusal;
    const char *what;
    gsize record_size;
    ListFetcher fetch;
    RecordWriter put;
} DetailList;

static gboolean put_builds(SyncRepository *repository, StoreTx *tx,
                           const StoreDetailCandidate *pull, const GArray *records,
                           StoreChanges *changes, GError **error)
{
    return store_put_pr_builds(tx, repository->engine->workspace_id, repository->id, pull->number,
                               pull->source_hash, (const void *) records->data, records->len,
                               changes, error);
}

static gboolean put_tasks(SyncRepository *repository, StoreTx *tx, const StoreDetailCandidate *pull,
                          const GArray *records, StoreChanges *changes, GError **error)
{
    return store_put_pr_tasks(tx, repository->engine->workspace_id, repository->id, pull->number,
                              (const void *) records->data, records->len, changes, error);
}

static const DetailList BUILDS = {DETAIL_BUILDS,       REFUSAL_BUILDS,         "builds",
                                  sizeof(BuildStatus), bitbucket_fetch_builds, put_builds};
static const DetailList TASKS = {DETAIL_TASKS,   REFUSAL_TASKS,         "tasks",
                                 sizeof(PrTask), bitbucket_fetch_tasks, put_tasks};

/* All pages; they own the records' texts. A pull request that is gone has none. */
static gboolean fetch_all(SyncRepository *repository, const DetailList *list, gint64 number,
                          GPtrArray *pages, GArray *records, GError **error)
{
    SyncEngine *engine = repository->engine;
    const char *position = NULL;
    do {
        GError *failure = NULL;
        g_autofree char *address = sync_repository_address(repository);
        if (!sync_check_cancelled(engine, error))
            return FALSE;
        sync_count(engine, &engine->summary.detail_requests, 1);
        RecordPage *page = list->fetch(engine->client, address, number, position, &failure);
        if (page == NULL && error_is(failure, PLUMBLINE_ERROR_NOT_FOUND)) {
            g_error_free(failure);
            return sync_is_repository_there(repository, error);
        }
        if (page == NULL) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        g_ptr_array_add(pages, page);
        g_array_append_vals(records, page->records, (guint) page->n_records);
        position = page->next;
    } while (position != NULL && pages->len < PAGES_PER_PULL);
    return TRUE;
}

static gboolean write_all(SyncRepository *repository, const DetailList *list,
                          const StoreDetailCandidate *pull, const GPtrArray *pages,
                          const GArray *records, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL || !list->put(repository, tx, pull, records, &changes, error) ||
        !store_mark_detail(tx, engine->workspace_id, repository->id, pull->number, list->subject,
                           engine->now, error))
        return FALSE;
    for (guint i = 0; i < pages->len; i++) {
        const RecordPage *page = pages->pdata[i];
        if (!store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                                   page->n_quarantined, error))
            return FALSE;
        sync_count(engine, &engine->summary.quarantined, (gint64) page->n_quarantined);
    }
    return store_commit(g_steal_pointer(&tx), error);
}

/* *@ret_n: how many there are. */
static gboolean read_list(SyncRepository *repository, const DetailList *list,
                          const StoreDetailCandidate *pull, gint64 *ret_n, GError **error)
{
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func((GDestroyNotify) record_page_free);
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, (guint) list->record_size);
    if (!fetch_all(repository, list, pull->number, pages, records, error) ||
        !write_all(repository, list, pull, pages, records, error))
        return FALSE;
    *ret_n = records->len;
    return TRUE;
}

/* A refusal is noted and ends the list; anything else is a fault. */
static gboolean settle_list(SyncRepository *repository, const DetailList *list, GError *failure,
                            gboolean has_asked, GError **error)
{
    if (failure == NULL)
        return !has_asked || sync_forget_refusal(repository, list->refusal, error);
    if (!sync_is_refusal(failure)) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    gboolean ok = sync_is_repository_there(repository, error) &&
                  sync_keep_refusal(repository, list->refusal, failure, error);
    g_error_free(failure);
    return ok;
}

static void tell(SyncRepository *repository, const DetailList *list, guint i, guint n)
{
    g_autofree char *note = g_strdup_printf("%s of pull requests", list->what);
    sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, i, n, note);
}

/* ---- tasks */

static gboolean read_tasks(SyncRepository *repository, const GPtrArray *pulls, GError **error)
{
    gboolean may = FALSE, has_asked = FALSE;
    if (!sync_may_ask(repository, REFUSAL_TASKS, &may, error))
        return FALSE;
    GError *failure = NULL;
    for (guint i = 0; may && failure == NULL && i < pulls->len; i++) {
        const StoreDetailCandidate *pull = pulls->pdata[i];
        gint64 n = 0;
        if (!detail_owes_tasks(pull, repository->engine->now))
            continue;
        if (!sync_take_optional(repository))
            break;
        tell(repository, &TASKS, i, pulls->len);
        has_asked = TRUE;
        if (!read_list(repository, &TASKS, pull, &n, &failure))
            break;
    }
    return settle_list(repository, &TASKS, failure, has_asked, error);
}

/* ---- builds */

/* Whether the repository was found to have none, less than a day ago. */
static gboolean is_without_builds(SyncRepository *repository, gboolean *ret_without, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_BUILDS, &cursor, error))
        return FALSE;
    *ret_without = sync_cursor_is(&cursor, CURSOR_STATE_DONE) &&
                   !plan_is_due(cursor.watermark, repository->engine->now, PLAN_NIGHTLY);
    return TRUE;
}

static gboolean keep_without_builds(SyncRepository *repository, GError **error)
{
    StoreCursor cursor = {.state = (char *) CURSOR_STATE_DONE,
                          .watermark = repository->engine->now,
                          .floor = TIME_ABSENT};
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    return tx != NULL && sync_put_cursor(repository, tx, CURSOR_BUILDS, &cursor, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

typedef struct {
    guint seen;       /* pull requests that may have builds */
    gint64 found;     /* builds of theirs */
    gboolean asked;   /* at least once */
    gboolean is_over; /* no allowance, or nothing to be found */
} BuildRound;

static gboolean is_probed_in_vain(const BuildRound *round)
{
    return round->seen == DETAIL_BUILDS_PROBE && round->found == 0;
}

static gboolean read_builds_of(SyncRepository *repository, const StoreDetailCandidate *pull,
                               BuildRound *round, GError **error)
{
    gint64 n = pull->builds;
    if (detail_owes_builds(pull, repository->engine->now)) {
        if (!sync_take_optional(repository)) {
            round->is_over = TRUE;
            return TRUE;
        }
        round->asked = TRUE;
        if (!read_list(repository, &BUILDS, pull, &n, error))
            return FALSE;
    } else if (pull->read[DETAIL_BUILDS].at == TIME_ABSENT) {
        return TRUE; /* closed long ago */
    }
    round->seen++;
    round->found += n;
    return TRUE;
}

static gboolean read_builds(SyncRepository *repository, const GPtrArray *pulls, GError **error)
{
    gboolean may = FALSE, without = FALSE;
    if (!sync_may_ask(repository, REFUSAL_BUILDS, &may, error) ||
        !is_without_builds(repository, &without, error))
        return FALSE;
    if (!may || without)
        return TRUE;
    GError *failure = NULL;
    BuildRound round = {0};
    for (guint i = 0; i < pulls->len && !round.is_over; i++) {
        tell(repository, &BUILDS, i, pulls->len);
        if (!read_builds_of(repository, pulls->pdata[i], &round, &failure))
            break;
        if (is_probed_in_vain(&round))
            break;
    }
    return settle_list(repository, &BUILDS, failure, round.asked, error) &&
           (!is_probed_in_vain(&round) || keep_without_builds(repository, error));
}

/* ---- for details.c */

static GPtrArray *list_candidates(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    return store_list_detail_candidates(engine->store, engine->workspace_id, repository->id,
                                        detail_since(engine->now), error);
}

gboolean sync_note_threads(SyncRepository *repository, GError **error)
{
    g_autoptr(GPtrArray) pulls = list_candidates(repository, error);
    for (guint i = 0; pulls != NULL && i < pulls->len; i++) {
        const StoreDetailCandidate *pull = pulls->pdata[i];
        if (detail_owes_threads(pull, repository->engine->now))
            numbers_add(&repository->lists[LIST_COMMENTS], pull->number);
    }
    return pulls != NULL;
}

gboolean sync_read_pull_details(SyncRepository *repository, GError **error)
{
    g_autoptr(GPtrArray) pulls = list_candidates(repository, error);
    return pulls != NULL && read_tasks(repository, pulls, error) &&
           read_builds(repository, pulls, error);
}
