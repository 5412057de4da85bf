/*
 * Commits that the mirror lacks, because the branch was deleted after a squash or a decline: over
 * the API, up to a hundred pull requests at once, a hundred commits a page.
 *
 * The list leaves out what the destination branches have now. A commit that entered a destination
 * only after the pull request was closed still counts as brought by it, so the mirror is asked
 * about every place where a walk leaves the list.
 */
#include "sync/assign.h"
#include "sync/engine.h"

#define SOURCES_PER_REQUEST 100
#define PAGES_PER_BATCH     200 /* a batch that brings more is not what it should be */

typedef struct {
    SyncRepository *repository;
    GPtrArray *tasks;    /* StoreRangeTask, borrowed */
    GPtrArray *include;  /* hashes; sources, and destinations other than branches */
    GPtrArray *exclude;  /* tips of the destination branches */
    GHashTable *tips;    /* branch -> hash, as the mirror has them */
    GHashTable *unknown; /* hashes that Bitbucket does not know */
    CommitGraph *graph;
    GHashTable *extra; /* number -> GPtrArray of hashes that the mirror added */
} CommitBatch;

static gboolean owes(const StoreRangeTask *task)
{
    return g_strcmp0(task->commits_state, "unknown") == 0 && task->source_hash != NULL;
}

static gboolean is_unknown(const CommitBatch *batch, const char *revision)
{
    GHashTableIter iter;
    gpointer key;
    if (g_hash_table_contains(batch->unknown, revision))
        return TRUE;
    g_hash_table_iter_init(&iter, batch->unknown); /* told in full where we abbreviated */
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (strlen(revision) >= 7 && g_str_has_prefix(key, revision))
            return TRUE;
    return FALSE;
}

static void add_revision(GPtrArray *revisions, const CommitBatch *batch, const char *revision)
{
    if (revision != NULL && !is_unknown(batch, revision) &&
        !g_ptr_array_find_with_equal_func(revisions, revision, g_str_equal, NULL))
        g_ptr_array_add(revisions, (gpointer) revision);
}

static void add_tip(CommitBatch *batch, const char *branch)
{
    const char *tip = branch != NULL ? g_hash_table_lookup(batch->tips, branch) : NULL;
    add_revision(batch->exclude, batch, tip);
}

static void fill_revisions(CommitBatch *batch)
{
    const char *main_branch = batch->repository->row->main_branch;
    g_ptr_array_set_size(batch->include, 0);
    g_ptr_array_set_size(batch->exclude, 0);
    add_tip(batch, main_branch);
    for (guint i = 0; i < batch->tasks->len; i++) {
        const StoreRangeTask *task = batch->tasks->pdata[i];
        add_tip(batch, task->destination_branch);
        add_revision(batch->include, batch, task->source_hash);
    }
    /* The destination of a stacked pull request may be as gone as its source. */
    for (guint i = 0; i < batch->tasks->len && batch->include->len < SOURCES_PER_REQUEST; i++) {
        const StoreRangeTask *task = batch->tasks->pdata[i];
        if (g_strcmp0(task->destination_branch, main_branch) != 0)
            add_revision(batch->include, batch, task->destination_hash);
    }
}

static gboolean put_page(CommitBatch *batch, const RecordPage *page, GError **error)
{
    SyncRepository *repository = batch->repository;
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    for (gsize i = 0; i < page->n_records; i++)
        commit_graph_add(batch->graph, &RECORDS(page, Commit)[i]);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL ||
        !store_put_commits(tx, engine->workspace_id, repository->id, RECORDS(page, Commit),
                           page->n_records, &changes, error) ||
        !store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                               page->n_quarantined, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    sync_count(engine, &engine->summary.commits, changes.inserted);
    return TRUE;
}

static gboolean fail_as_endless(const char *address, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                "Bitbucket's list of commits of %s does not end; it is read again in the next run.",
                address);
    return FALSE;
}

/* One pass over the pages; *@ret_again when revisions turned out to be unknown and were dropped. */
static gboolean fetch_pages(CommitBatch *batch, gboolean *ret_again, GError **error)
{
    SyncRepository *repository = batch->repository;
    g_autofree char *position = NULL;
    guint pages = 0;
    do {
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        GError *failure = NULL;
        g_auto(GStrv) unknown = NULL;
        g_autofree char *address = sync_repository_address(repository);
        g_autoptr(RecordPage) page = bitbucket_fetch_commits(
            repository->engine->client, address, (const char *const *) batch->include->pdata,
            (const char *const *) batch->exclude->pdata, position, &unknown, &failure);
        if (page == NULL && unknown != NULL && *unknown != NULL) {
            guint before = g_hash_table_size(batch->unknown);
            for (char **revision = unknown; *revision != NULL; revision++)
                g_hash_table_add(batch->unknown, g_strdup(*revision));
            if (g_hash_table_size(batch->unknown) > before) {
                g_clear_error(&failure);
                *ret_again = TRUE;
                return TRUE;
            }
        }
        if (page == NULL) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (++pages > PAGES_PER_BATCH)
            return fail_as_endless(address, error);
        if (!put_page(batch, page, error))
            return FALSE;
        g_free(position);
        position = g_strdup(page->next);
    } while (position != NULL);
    return TRUE;
}

static gboolean fetch_batch(CommitBatch *batch, GError **error)
{
    for (;;) {
        gboolean again = FALSE;
        fill_revisions(batch);
        /* Without anything to leave out, the answer would be the whole history. */
        if (batch->include->len == 0 || batch->exclude->len == 0)
            return TRUE;
        g_ptr_array_add(batch->include, NULL);
        g_ptr_array_add(batch->exclude, NULL);
        if (!fetch_pages(batch, &again, error))
            return FALSE;
        if (!again)
            return TRUE;
    }
}

/* ---- what the mirror knows about the places where the walks left the list */

static gboolean visit_boundary(const GitRange *range, gpointer user_data, GError **error)
{
    CommitBatch *batch = user_data;
    if (range->state != GIT_RANGE_FOUND || range->n_commits == 0)
        return TRUE;
    GPtrArray *extra = g_hash_table_lookup(batch->extra, &range->number);
    if (extra == NULL) {
        gint64 *number = g_new(gint64, 1);
        *number = range->number;
        extra = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(batch->extra, number, extra);
    }
    for (gsize i = 0; i < range->n_commits; i++)
        if (!g_ptr_array_find_with_equal_func(extra, range->commits[i], g_str_equal, NULL))
            g_ptr_array_add(extra, g_strdup(range->commits[i]));
    return TRUE;
}

static gboolean ask_mirror(CommitBatch *batch, GError **error)
{
    SyncRepository *repository = batch->repository;
    if (!repository->git_ready)
        return TRUE;
    g_autoptr(GArray) requests = g_array_new(FALSE, TRUE, sizeof(GitRangeRequest));
    for (guint i = 0; i < batch->tasks->len; i++) {
        const StoreRangeTask *task = batch->tasks->pdata[i];
        g_autoptr(GPtrArray) commits = g_ptr_array_new();
        g_autoptr(GPtrArray) boundary = g_ptr_array_new();
        if (!commit_graph_assign(batch->graph, task->source_hash, task->destination_hash, commits,
                                 boundary))
            continue;
        for (guint j = 0; j < boundary->len; j++) {
            GitRangeRequest request = {.number = task->number,
                                       .source_hash = boundary->pdata[j],
                                       .destination_hash = task->destination_hash,
                                       .destination_branch = task->destination_branch,
                                       .merge_hash = task->merge_hash,
                                       .is_merged = task->state == PR_MERGED};
            g_array_append_val(requests, request);
        }
    }
    return requests->len == 0 ||
           git_mirror_ranges(repository->mirror,
                             (const GitRangeRequest *) (const void *) requests->data, requests->len,
                             visit_boundary, batch, error);
}

/* ---- one pull request alone */

static gboolean put_pr_commits(SyncRepository *repository, gint64 number, const char *state,
                               const GPtrArray *hashes, GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_pr_commits(tx, engine->workspace_id, repository->id, number, state,
                                (const char *const *) hashes->pdata, hashes->len, &changes,
                                error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* A 404 says that the commits are gone only while the repository itself answers. */
static gboolean is_gone(SyncRepository *repository, const GError *failure, GError **error)
{
    if (!error_is(failure, PLUMBLINE_ERROR_NOT_FOUND))
        return FALSE;
    g_autofree char *address = sync_repository_address(repository);
    g_autoptr(RecordPage) page =
        bitbucket_fetch_repository(repository->engine->client, address, error);
    return page != NULL;
}

static gboolean read_alone(CommitBatch *batch, const StoreRangeTask *task, GError **error)
{
    SyncRepository *repository = batch->repository;
    g_autofree char *position = NULL;
    g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func(g_free);
    guint pages = 0;
    do {
        GError *failure = NULL;
        g_autofree char *address = sync_repository_address(repository);
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        g_autoptr(RecordPage) page = bitbucket_fetch_pull_request_commits(
            repository->engine->client, address, task->number, position, &failure);
        if (page == NULL && is_gone(repository, failure, error)) {
            g_clear_error(&failure);
            return put_pr_commits(repository, task->number, "gone", hashes, error);
        }
        if (page == NULL) {
            if (error == NULL || *error == NULL)
                g_propagate_error(error, failure);
            else
                g_error_free(failure);
            return FALSE;
        }
        if (++pages > PAGES_PER_BATCH)
            return fail_as_endless(address, error);
        if (!put_page(batch, page, error))
            return FALSE;
        for (gsize i = 0; i < page->n_records; i++)
            g_ptr_array_add(hashes, g_strdup(RECORDS(page, Commit)[i].hash));
        g_free(position);
        position = g_strdup(page->next);
    } while (position != NULL);
    return put_pr_commits(repository, task->number, hashes->len > 0 ? "api" : "gone", hashes,
                          error);
}

/* ---- all of it */

static gboolean settle_task(CommitBatch *batch, const StoreRangeTask *task, GError **error)
{
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    if (!commit_graph_assign(batch->graph, task->source_hash, task->destination_hash, hashes,
                             NULL)) {
        if (!sync_take_optional(batch->repository))
            return TRUE; /* owed; the next run has an allowance of its own */
        return read_alone(batch, task, error);
    }
    const GPtrArray *extra = g_hash_table_lookup(batch->extra, &task->number);
    for (guint i = 0; extra != NULL && i < extra->len; i++)
        g_ptr_array_add(hashes, extra->pdata[i]);
    return put_pr_commits(batch->repository, task->number, "api", hashes, error);
}

/* The mirror's branches; empty without a mirror. */
static GHashTable *read_tips(SyncRepository *repository, GError **error)
{
    g_autoptr(GHashTable) tips = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!repository->git_ready)
        return g_steal_pointer(&tips);
    g_autofree char *text = git_mirror_tips(repository->mirror, error);
    if (text == NULL)
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        const char *branch = strstr(*line, " refs/heads/");
        if (branch != NULL)
            g_hash_table_insert(tips, g_strdup(branch + strlen(" refs/heads/")),
                                g_strndup(*line, (gsize) (branch - *line)));
    }
    return g_steal_pointer(&tips);
}

static void batch_free(CommitBatch *batch)
{
    g_ptr_array_unref(batch->tasks);
    g_ptr_array_unref(batch->include);
    g_ptr_array_unref(batch->exclude);
    g_hash_table_unref(batch->unknown);
    g_hash_table_unref(batch->tips);
    g_hash_table_unref(batch->extra);
    commit_graph_free(batch->graph);
}

static gboolean read_batch(SyncRepository *repository, GPtrArray *owing, guint first, guint n,
                           GHashTable *tips, GHashTable *unknown, GError **error)
{
    CommitBatch batch = {
        .repository = repository,
        .tasks = g_ptr_array_sized_new(n),
        .include = g_ptr_array_new(),
        .exclude = g_ptr_array_new(),
        .unknown = g_hash_table_ref(unknown),
        .tips = g_hash_table_ref(tips),
        .graph = commit_graph_new(),
        .extra = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref),
    };
    for (guint i = 0; i < n; i++)
        g_ptr_array_add(batch.tasks, owing->pdata[first + i]);
    gboolean ok = repository->api_only || (fetch_batch(&batch, error) && ask_mirror(&batch, error));
    for (guint i = 0; ok && i < n; i++)
        ok = settle_task(&batch, owing->pdata[first + i], error);
    batch_free(&batch);
    return ok;
}

gboolean sync_read_commits(SyncRepository *repository, GPtrArray *tasks, GError **error)
{
    g_autoptr(GPtrArray) owing = g_ptr_array_new();
    g_autoptr(GHashTable) unknown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < tasks->len; i++)
        if (owes(tasks->pdata[i]))
            g_ptr_array_add(owing, tasks->pdata[i]);
    if (owing->len == 0)
        return TRUE;
    g_autoptr(GHashTable) tips = read_tips(repository, error);
    if (tips == NULL)
        return FALSE;
    for (guint first = 0; first < owing->len; first += SOURCES_PER_REQUEST) {
        guint n = MIN(SOURCES_PER_REQUEST, owing->len - first);
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, first, owing->len,
                    "commits of deleted branches");
        if (!read_batch(repository, owing, first, n, tips, unknown, error))
            return FALSE;
    }
    return TRUE;
}
