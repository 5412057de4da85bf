#include "sync/commit_batch.h"

#define PAGES_PER_BATCH 200 /* a batch that brings more is not what it should be */

void commit_batch_init(CommitBatch *batch, SyncRepository *repository, GHashTable *unknown)
{
    *batch = (CommitBatch){.repository = repository,
                           .unknown = unknown,
                           .include = g_ptr_array_new(),
                           .exclude = g_ptr_array_new(),
                           .graph = commit_graph_new(),
                           .index = g_hash_table_new(g_str_hash, g_str_equal)};
    batch_init(&batch->records, sizeof(Commit));
}

void commit_batch_clear(CommitBatch *batch)
{
    g_ptr_array_unref(batch->include);
    g_ptr_array_unref(batch->exclude);
    commit_graph_free(batch->graph);
    g_hash_table_unref(batch->index);
    batch_clear(&batch->records);
}

/* ---- what is asked for */

/* Bitbucket may name in full what we abbreviated. */
static gboolean is_unknown(const CommitBatch *batch, const char *hash)
{
    GHashTableIter iter;
    gpointer key;
    if (g_hash_table_contains(batch->unknown, hash))
        return TRUE;
    g_hash_table_iter_init(&iter, batch->unknown);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (g_str_has_prefix(key, hash))
            return TRUE;
    return FALSE;
}

void commit_batch_add(const CommitBatch *batch, GPtrArray *revisions, const char *hash)
{
    if (hash != NULL && !is_unknown(batch, hash) &&
        !g_ptr_array_find_with_equal_func(revisions, hash, g_str_equal, NULL))
        g_ptr_array_add(revisions, (gpointer) hash);
}

/* ---- what comes */

static gboolean keep_page(CommitBatch *batch, const RecordPage *page, GError **error)
{
    for (gsize i = 0; i < page->n_records; i++) {
        const Commit *commit = &RECORDS(page, Commit)[i];
        if (g_hash_table_contains(batch->index, commit->hash))
            continue;
        commit_graph_add(batch->graph, commit);
        if (!batch_add_commit(&batch->records, commit, error))
            return FALSE;
        guint place = batch->records.items->len;
        const Commit *kept = &g_array_index(batch->records.items, Commit, place - 1);
        g_hash_table_insert(batch->index, (gpointer) kept->hash, GUINT_TO_POINTER(place));
    }
    return TRUE;
}

/* What came so far is not the whole answer: nobody's commits are told by it. */
static void drop_records(CommitBatch *batch)
{
    commit_graph_free(batch->graph);
    batch->graph = commit_graph_new();
    g_hash_table_remove_all(batch->index);
    batch_reset(&batch->records);
}

static gboolean note_unknown(CommitBatch *batch, const char *const *hashes)
{
    guint before = g_hash_table_size(batch->unknown);
    for (; hashes != NULL && *hashes != NULL; hashes++)
        g_hash_table_add(batch->unknown, g_strdup(*hashes));
    return g_hash_table_size(batch->unknown) > before;
}

static gboolean fetch_pages(CommitBatch *batch, gboolean *ret_again, GError **error)
{
    SyncEngine *engine = batch->repository->engine;
    g_autofree char *position = NULL;
    guint pages = 0;
    do {
        GError *failure = NULL;
        g_auto(GStrv) unknown = NULL;
        if (!sync_check_cancelled(engine, error))
            return FALSE;
        g_autofree char *address = sync_repository_address(batch->repository);
        g_autoptr(RecordPage) page = bitbucket_fetch_commits(
            engine->client, address, (const char *const *) batch->include->pdata,
            (const char *const *) batch->exclude->pdata, position, &unknown, &failure);
        if (page == NULL && note_unknown(batch, (const char *const *) unknown)) {
            g_clear_error(&failure);
            drop_records(batch);
            *ret_again = TRUE;
            return TRUE;
        }
        if (page == NULL) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (++pages > PAGES_PER_BATCH) {
            drop_records(batch);
            return TRUE;
        }
        if (!keep_page(batch, page, error))
            return FALSE;
        g_free(position);
        position = g_strdup(page->next);
    } while (position != NULL);
    return TRUE;
}

gboolean commit_batch_fetch(CommitBatch *batch, gboolean *ret_again, GError **error)
{
    *ret_again = FALSE;
    if (batch->include->len == 0 || batch->exclude->len == 0)
        return TRUE;
    g_ptr_array_add(batch->include, NULL);
    g_ptr_array_add(batch->exclude, NULL);
    gboolean ok = fetch_pages(batch, ret_again, error);
    g_ptr_array_set_size(batch->include, 0);
    g_ptr_array_set_size(batch->exclude, 0);
    return ok;
}

/* ---- what reaches the store */

gboolean commit_batch_put(CommitBatch *batch, gint64 number, const char *state,
                          const GPtrArray *hashes, GError **error)
{
    SyncRepository *repository = batch->repository;
    SyncEngine *engine = repository->engine;
    StoreChanges commits = {0}, changes = {0};
    g_autoptr(GArray) records = g_array_new(FALSE, FALSE, sizeof(Commit));
    for (guint i = 0; i < hashes->len; i++) {
        guint place = GPOINTER_TO_UINT(g_hash_table_lookup(batch->index, hashes->pdata[i]));
        if (place > 0)
            g_array_append_val(records, g_array_index(batch->records.items, Commit, place - 1));
    }
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL ||
        !store_put_commits(tx, engine->workspace_id, repository->id,
                           (const Commit *) (const void *) records->data, records->len, &commits,
                           error) ||
        !store_put_pr_commits(tx, engine->workspace_id, repository->id, number, state,
                              (const char *const *) hashes->pdata, hashes->len, &changes, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    sync_count(engine, &engine->summary.commits, commits.inserted);
    return TRUE;
}

/* ---- one pull request alone */

static gboolean read_by_hashes(CommitBatch *batch, const StoreRangeTask *task, GError **error)
{
    gboolean again;
    commit_batch_add(batch, batch->include, task->source_hash);
    commit_batch_add(batch, batch->exclude, task->destination_hash);
    return commit_batch_fetch(batch, &again, error);
}

/* A 404 says that the commits are gone only while the repository itself answers. */
static gboolean is_gone(SyncRepository *repository, const GError *failure)
{
    if (!error_is(failure, PLUMBLINE_ERROR_NOT_FOUND))
        return FALSE;
    g_autofree char *address = sync_repository_address(repository);
    g_autoptr(RecordPage) page =
        bitbucket_fetch_repository(repository->engine->client, address, NULL);
    return page != NULL;
}

/* Its own list, which is empty once the branch was deleted. */
static gboolean read_own_list(CommitBatch *batch, gint64 number, GPtrArray *hashes, GError **error)
{
    SyncRepository *repository = batch->repository;
    g_autofree char *position = NULL;
    guint pages = 0;
    do {
        GError *failure = NULL;
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        g_autofree char *address = sync_repository_address(repository);
        g_autoptr(RecordPage) page = bitbucket_fetch_pull_request_commits(
            repository->engine->client, address, number, position, &failure);
        if (page == NULL && is_gone(repository, failure)) {
            g_clear_error(&failure);
            return TRUE;
        }
        if (page == NULL) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (!keep_page(batch, page, error))
            return FALSE;
        for (gsize i = 0; i < page->n_records; i++) {
            const char *hash = commit_graph_find(batch->graph, RECORDS(page, Commit)[i].hash);
            g_ptr_array_add(hashes, (gpointer) hash);
        }
        g_free(position);
        position = g_strdup(++pages < PAGES_PER_BATCH ? page->next : NULL);
    } while (position != NULL);
    return TRUE;
}

gboolean commit_read_alone(SyncRepository *repository, const StoreRangeTask *task,
                           GHashTable *unknown, GError **error)
{
    CommitBatch batch;
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    commit_batch_init(&batch, repository, unknown);
    gboolean ok =
        read_by_hashes(&batch, task, error) &&
        (commit_graph_assign(batch.graph, task->source_hash, NULL, hashes, NULL) ||
         read_own_list(&batch, task->number, hashes, error)) &&
        commit_batch_put(&batch, task->number, hashes->len > 0 ? "api" : "gone", hashes, error);
    commit_batch_clear(&batch);
    return ok;
}
