/*
 * Commits when there is no mirror at all.
 *
 * Fifty pull requests that were closed one after the other are asked for at once: everything that
 * their sources and destinations reach and the oldest destination does not. On a main line that
 * only grows, the oldest destination is an ancestor of all the others, and then the graph of the
 * answer tells exactly what each source has and its own destination has not. Where that does not
 * hold, the pull request is read alone.
 */
#include "sync/commit_batch.h"

#define PULLS_PER_BATCH (COMMIT_REVISIONS / 2) /* a source and a destination each */

static void fill(CommitBatch *batch, GPtrArray *tasks, const char *oldest)
{
    for (guint i = 0; i < tasks->len; i++) {
        const StoreRangeTask *task = tasks->pdata[i];
        commit_batch_add(batch, batch->include, task->source_hash);
        commit_batch_add(batch, batch->include, task->destination_hash);
    }
    commit_batch_add(batch, batch->exclude, oldest);
}

static gboolean is_same(const char *full, const char *hash)
{
    return hash != NULL && g_str_has_prefix(full, hash);
}

/* Whether nothing that @oldest reaches is missing from the destination. */
static gboolean has_oldest(CommitBatch *batch, const char *destination, const char *oldest)
{
    if (destination == NULL || oldest == NULL)
        return FALSE;
    if (g_strcmp0(destination, oldest) == 0)
        return TRUE;
    g_autoptr(GPtrArray) commits = g_ptr_array_new();
    g_autoptr(GPtrArray) boundary = g_ptr_array_new();
    if (!commit_graph_assign(batch->graph, destination, NULL, commits, boundary))
        return FALSE;
    for (guint i = 0; i < boundary->len; i++)
        if (is_same(boundary->pdata[i], oldest))
            return TRUE;
    return FALSE;
}

static gboolean settle_task(CommitBatch *batch, const StoreRangeTask *task, const char *oldest,
                            GError **error)
{
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    if (has_oldest(batch, task->destination_hash, oldest) &&
        commit_graph_assign(batch->graph, task->source_hash, task->destination_hash, hashes, NULL))
        return commit_batch_put(batch, task->number, "api", hashes, error);
    if (!sync_take_optional(batch->repository))
        return TRUE; /* owed; the next run has an allowance of its own */
    return commit_read_alone(batch->repository, task, batch->unknown, error);
}

static gboolean read_batch(SyncRepository *repository, GPtrArray *tasks, GHashTable *unknown,
                           GError **error)
{
    CommitBatch batch;
    gboolean again = TRUE, ok = TRUE;
    /* The tasks come newest first. */
    const char *oldest = ((StoreRangeTask *) tasks->pdata[tasks->len - 1])->destination_hash;
    commit_batch_init(&batch, repository, unknown);
    while (ok && again) {
        fill(&batch, tasks, oldest);
        ok = commit_batch_fetch(&batch, &again, error);
    }
    for (guint i = 0; ok && i < tasks->len; i++)
        ok = settle_task(&batch, tasks->pdata[i], oldest, error);
    commit_batch_clear(&batch);
    return ok;
}

gboolean commit_read_without_git(SyncRepository *repository, GPtrArray *owing, GHashTable *unknown,
                                 GError **error)
{
    for (guint first = 0; first < owing->len; first += PULLS_PER_BATCH) {
        g_autoptr(GPtrArray) tasks = g_ptr_array_new();
        for (guint i = first; i < MIN(first + PULLS_PER_BATCH, owing->len); i++)
            g_ptr_array_add(tasks, owing->pdata[i]);
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, first, owing->len,
                    "commits without git");
        if (!sync_take_optional(repository))
            return TRUE;
        if (!read_batch(repository, tasks, unknown, error))
            return FALSE;
    }
    return TRUE;
}
