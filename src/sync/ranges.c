/*
 * What pull requests bring, as the mirror tells it: commits and changed files between merge base
 * and source. What the mirror cannot tell stays owed; the details ask the API for it.
 */
#include "sync/batch.h"
#include "sync/engine.h"

#define REQUESTS_PER_PASS 5000 /* one pass over the commit graph */

typedef struct {
    SyncRepository *repository;
    GHashTable *tasks; /* number -> StoreRangeTask */
    Batch batch;
    gint64 done, total;
} Ranges;

static gboolean owes_commits(const StoreRangeTask *task)
{
    return g_strcmp0(task->commits_state, "unknown") == 0;
}

static gboolean owes_files(const StoreRangeTask *task)
{
    return g_strcmp0(task->files_state, "unknown") == 0;
}

static gboolean put_range(Ranges *ranges, StoreTx *tx, const GitRange *range, GError **error)
{
    SyncRepository *repository = ranges->repository;
    gint64 workspace = repository->engine->workspace_id;
    StoreChanges changes = {0};
    const StoreRangeTask *task = g_hash_table_lookup(ranges->tasks, &range->number);
    if (task == NULL || range->state == GIT_RANGE_UNREACHABLE)
        return TRUE;
    gboolean squash = range->state == GIT_RANGE_FILES_ONLY;
    if (!squash && owes_commits(task) &&
        !store_put_pr_commits(tx, workspace, repository->id, range->number, "git", range->commits,
                              range->n_commits, &changes, error))
        return FALSE;
    return !owes_files(task) || store_put_pr_files(tx, workspace, repository->id, range->number,
                                                   squash ? "squash" : "git", range->files,
                                                   range->n_files, &changes, error);
}

static gboolean put_ranges(Ranges *ranges, GError **error)
{
    SyncRepository *repository = ranges->repository;
    SyncEngine *engine = repository->engine;
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < ranges->batch.items->len; i++)
        if (!put_range(ranges, tx, &g_array_index(ranges->batch.items, GitRange, i), error))
            return FALSE;
    if (!store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    ranges->done += ranges->batch.items->len;
    batch_reset(&ranges->batch);
    g_mutex_lock(&engine->lock);
    repository->estimate.ranges = (double) ranges->done / (double) MAX(ranges->total, 1);
    g_mutex_unlock(&engine->lock);
    sync_report(engine, repository, SYNC_STAGE_RANGES, ranges->done, ranges->total, NULL);
    return TRUE;
}

static gboolean visit_range(const GitRange *range, gpointer user_data, GError **error)
{
    Ranges *ranges = user_data;
    if (!batch_add_range(&ranges->batch, range, error))
        return FALSE;
    if (!batch_is_full(&ranges->batch))
        return TRUE;
    return sync_check_cancelled(ranges->repository->engine, error) && put_ranges(ranges, error);
}

static gboolean run_pass(Ranges *ranges, GPtrArray *tasks, guint first, guint n, GError **error)
{
    g_autofree GitRangeRequest *requests = g_new0(GitRangeRequest, n);
    for (guint i = 0; i < n; i++) {
        StoreRangeTask *task = tasks->pdata[first + i];
        requests[i] = (GitRangeRequest){.number = task->number,
                                        .source_hash = task->source_hash,
                                        .destination_hash = task->destination_hash,
                                        .destination_branch = task->destination_branch,
                                        .merge_hash = task->merge_hash,
                                        .is_merged = task->state == PR_MERGED};
        g_hash_table_insert(ranges->tasks, &task->number, task);
    }
    return git_mirror_ranges(ranges->repository->mirror, requests, n, visit_range, ranges, error) &&
           put_ranges(ranges, error);
}

gboolean sync_step_ranges(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    if (!repository->git_ready)
        return TRUE;
    g_autoptr(GPtrArray) tasks = store_list_range_tasks(engine->store, engine->workspace_id,
                                                        repository->id, G_MAXINT32, error);
    if (tasks == NULL)
        return FALSE;
    for (guint i = tasks->len; i > 0; i--) /* a source that was never told cannot be looked up */
        if (((StoreRangeTask *) tasks->pdata[i - 1])->source_hash == NULL)
            g_ptr_array_remove_index(tasks, i - 1);
    g_autoptr(GHashTable) by_number = g_hash_table_new(g_int64_hash, g_int64_equal);
    Ranges ranges = {.repository = repository, .tasks = by_number, .total = tasks->len};
    batch_init(&ranges.batch, sizeof(GitRange));
    gboolean ok = TRUE;
    for (guint first = 0; ok && first < tasks->len; first += REQUESTS_PER_PASS)
        ok = run_pass(&ranges, tasks, first, MIN(REQUESTS_PER_PASS, tasks->len - first), error);
    batch_clear(&ranges.batch);
    return ok && sync_attribute_main_line(repository, error) && sync_try_merges(repository, error);
}
