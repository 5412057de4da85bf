/*
 * Sizes that git cannot tell: the pull request's diffstat, one request each.
 *
 * Bitbucket cannot compute some of them (no common ancestor), and some only now and then (too
 * slow). Those are tried again in later runs, for a day; then their size counts as gone.
 */
#include "sync/engine.h"

#define PAGES_PER_DIFFSTAT 40
#define TRIES_PER_DAY      20

typedef struct {
    SyncRepository *repository;
    StoreCursor failed; /* watermark: since when; counted: runs that tried */
    gboolean tried;
    gboolean is_last_try;
    char *sentence;
} Sizes;

static gboolean put_files(SyncRepository *repository, gint64 number, const char *state,
                          const GArray *files, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    numbers_remove(&repository->lists[LIST_UNCOMPUTABLE], number);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_pr_files(tx, engine->workspace_id, repository->id, number, state,
                              (const FileChange *) (const void *) files->data, files->len, &changes,
                              error) &&
           sync_repository_put_lists(repository, tx, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* NOT_COMPUTABLE, or 404 while the repository answers: the commits are gone. */
static gboolean note_failure(Sizes *sizes, const StoreRangeTask *task, GError *failure,
                             GError **error)
{
    SyncRepository *repository = sizes->repository;
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(FileChange));
    if (error_is(failure, PLUMBLINE_ERROR_NOT_FOUND)) {
        g_autofree char *address = sync_repository_address(repository);
        g_autoptr(RecordPage) page =
            bitbucket_fetch_repository(repository->engine->client, address, error);
        return page != NULL && put_files(repository, task->number, "gone", none, error);
    }
    g_free(sizes->sentence);
    sizes->sentence = g_strdup(failure->message);
    if (sizes->is_last_try)
        return put_files(repository, task->number, "gone", none, error);
    numbers_add(&repository->lists[LIST_UNCOMPUTABLE], task->number);
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, error);
    return tx != NULL && sync_repository_put_lists(repository, tx, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static void keep_files(const RecordPage *page, GStringChunk *texts, GArray *files)
{
    for (gsize i = 0; i < page->n_records; i++) {
        FileChange file = RECORDS(page, FileChange)[i];
        file.path = g_string_chunk_insert_const(texts, file.path);
        if (file.old_path != NULL)
            file.old_path = g_string_chunk_insert_const(texts, file.old_path);
        g_array_append_val(files, file);
    }
}

static gboolean read_size(Sizes *sizes, const StoreRangeTask *task, GError **error)
{
    SyncRepository *repository = sizes->repository;
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(FileChange));
    g_autoptr(GStringChunk) texts = g_string_chunk_new(4096);
    g_autofree char *position = NULL;
    guint pages = 0;
    do {
        GError *failure = NULL;
        g_autofree char *address = sync_repository_address(repository);
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        g_autoptr(RecordPage) page =
            bitbucket_fetch_diffstat(repository->engine->client, address, task->source_hash,
                                     task->destination_hash, position, &failure);
        if (page == NULL) {
            if (!error_is(failure, PLUMBLINE_ERROR_NOT_COMPUTABLE) &&
                !error_is(failure, PLUMBLINE_ERROR_NOT_FOUND)) {
                g_propagate_error(error, failure);
                return FALSE;
            }
            gboolean ok = note_failure(sizes, task, failure, error);
            g_error_free(failure);
            return ok;
        }
        keep_files(page, texts, files);
        g_free(position);
        position = g_strdup(++pages < PAGES_PER_DIFFSTAT ? page->next : NULL);
    } while (position != NULL);
    return put_files(repository, task->number, "api", files, error);
}

static gboolean may_try(Sizes *sizes, const StoreRangeTask *task)
{
    SyncRepository *repository = sizes->repository;
    if (g_strcmp0(task->files_state, "unknown") != 0 || task->source_hash == NULL ||
        task->destination_hash == NULL)
        return FALSE;
    if (numbers_has(&repository->lists[LIST_UNCOMPUTABLE], task->number)) {
        if (sizes->failed.counted >= TRIES_PER_DAY && !sizes->is_last_try)
            return FALSE;
        sizes->tried = TRUE;
    }
    return !repository->api_only || sync_take_optional(repository);
}

/* After a round: how often and since when the failed ones were tried, and what the administrator
 * reads about them. */
static gboolean put_round(Sizes *sizes, GError **error)
{
    SyncRepository *repository = sizes->repository;
    SyncEngine *engine = repository->engine;
    gsize left = repository->lists[LIST_UNCOMPUTABLE].items->len;
    if (sizes->sentence == NULL && !sizes->tried)
        return TRUE;
    sync_cursor_set_state(&sizes->failed, left > 0 ? CURSOR_STATE_RUNNING : CURSOR_STATE_DONE);
    if (left == 0) {
        sizes->failed.watermark = TIME_ABSENT;
        sizes->failed.counted = 0;
    } else {
        if (sizes->failed.watermark == TIME_ABSENT)
            sizes->failed.watermark = engine->now;
        sizes->failed.counted++;
    }
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL && sync_put_cursor(repository, tx, CURSOR_TRIES, &sizes->failed, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean sync_read_sizes(SyncRepository *repository, GPtrArray *tasks, GError **error)
{
    Sizes sizes = {.repository = repository};
    if (!sync_get_cursor(repository, CURSOR_TRIES, &sizes.failed, error))
        return FALSE;
    sizes.is_last_try = sizes.failed.watermark != TIME_ABSENT &&
                        plan_is_due(sizes.failed.watermark, repository->engine->now, PLAN_NIGHTLY);
    gboolean ok = TRUE;
    for (guint i = 0; ok && i < tasks->len; i++) {
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, i, tasks->len,
                    "sizes that git cannot tell");
        if (may_try(&sizes, tasks->pdata[i]))
            ok = read_size(&sizes, tasks->pdata[i], error);
    }
    ok = ok && put_round(&sizes, error);
    if (ok && sizes.sentence != NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_COMPUTABLE, sizes.sentence);
        ok = FALSE; /* shown, and the gate stays open for another try */
    }
    store_cursor_clear(&sizes.failed);
    g_free(sizes.sentence);
    return ok;
}
