/*
 * Commits that the mirror lacks, because the branch was deleted after a squash or a decline: over
 * the API, up to a hundred pull requests at once, a hundred commits a page.
 *
 * The list leaves out what the destination branches have now. A commit that entered a destination
 * only after the pull request was closed still counts as brought by it, so the mirror is asked
 * about every place where a walk leaves the list.
 */
#include "sync/commit_batch.h"

typedef struct {
    CommitBatch commits;
    GPtrArray *tasks;  /* StoreRangeTask, borrowed */
    GHashTable *tips;  /* branch -> hash, as the mirror has them; borrowed */
    GHashTable *extra; /* number -> GPtrArray of hashes that the mirror added */
} Missing;

static gboolean owes(const StoreRangeTask *task)
{
    return g_strcmp0(task->commits_state, "unknown") == 0 && task->source_hash != NULL;
}

/* ---- over the API */

static void exclude_tip(Missing *missing, const char *branch)
{
    const char *tip = branch != NULL ? g_hash_table_lookup(missing->tips, branch) : NULL;
    commit_batch_add(&missing->commits, missing->commits.exclude, tip);
}

static void fill_revisions(Missing *missing)
{
    CommitBatch *commits = &missing->commits;
    const char *main_branch = commits->repository->row->main_branch;
    exclude_tip(missing, main_branch);
    for (guint i = 0; i < missing->tasks->len; i++) {
        const StoreRangeTask *task = missing->tasks->pdata[i];
        exclude_tip(missing, task->destination_branch);
        commit_batch_add(commits, commits->include, task->source_hash);
    }
    /* The destination of a stacked pull request may be as gone as its source. */
    for (guint i = 0; i < missing->tasks->len && commits->include->len < COMMIT_REVISIONS; i++) {
        const StoreRangeTask *task = missing->tasks->pdata[i];
        if (g_strcmp0(task->destination_branch, main_branch) != 0)
            commit_batch_add(commits, commits->include, task->destination_hash);
    }
}

static gboolean fetch(Missing *missing, GError **error)
{
    gboolean again = TRUE;
    while (again) {
        fill_revisions(missing);
        if (!commit_batch_fetch(&missing->commits, &again, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- what the mirror knows about the places where the walks left the list */

static gboolean visit_boundary(const GitRange *range, gpointer user_data, GError **error)
{
    Missing *missing = user_data;
    if (range->state != GIT_RANGE_FOUND || range->n_commits == 0)
        return TRUE;
    GPtrArray *extra = g_hash_table_lookup(missing->extra, &range->number);
    if (extra == NULL) {
        extra = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(missing->extra, g_memdup2(&range->number, sizeof range->number), extra);
    }
    for (gsize i = 0; i < range->n_commits; i++)
        if (!g_ptr_array_find_with_equal_func(extra, range->commits[i], g_str_equal, NULL))
            g_ptr_array_add(extra, g_strdup(range->commits[i]));
    return TRUE;
}

static void add_boundary(Missing *missing, const StoreRangeTask *task, GArray *requests)
{
    g_autoptr(GPtrArray) commits = g_ptr_array_new();
    g_autoptr(GPtrArray) boundary = g_ptr_array_new();
    if (!commit_graph_assign(missing->commits.graph, task->source_hash, task->destination_hash,
                             commits, boundary))
        return;
    for (guint i = 0; i < boundary->len; i++) {
        GitRangeRequest request = {.number = task->number,
                                   .source_hash = boundary->pdata[i],
                                   .destination_hash = task->destination_hash,
                                   .destination_branch = task->destination_branch,
                                   .merge_hash = task->merge_hash,
                                   .is_merged = task->state == PR_MERGED};
        g_array_append_val(requests, request);
    }
}

static gboolean ask_mirror(Missing *missing, GError **error)
{
    g_autoptr(GArray) requests = g_array_new(FALSE, TRUE, sizeof(GitRangeRequest));
    for (guint i = 0; i < missing->tasks->len; i++)
        add_boundary(missing, missing->tasks->pdata[i], requests);
    return requests->len == 0 ||
           git_mirror_ranges(missing->commits.repository->mirror,
                             (const GitRangeRequest *) (const void *) requests->data, requests->len,
                             visit_boundary, missing, error);
}

/* The mirror's branches. */
static GHashTable *read_tips(SyncRepository *repository, GError **error)
{
    g_autofree char *text = git_mirror_tips(repository->mirror, error);
    if (text == NULL)
        return NULL;
    GHashTable *tips = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        const char *branch = strstr(*line, " refs/heads/");
        if (branch != NULL)
            g_hash_table_insert(tips, g_strdup(branch + strlen(" refs/heads/")),
                                g_strndup(*line, (gsize) (branch - *line)));
    }
    return tips;
}

/* ---- all of it */

static gboolean settle_task(Missing *missing, const StoreRangeTask *task, GError **error)
{
    CommitBatch *commits = &missing->commits;
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    if (!commit_graph_assign(commits->graph, task->source_hash, task->destination_hash, hashes,
                             NULL)) {
        if (!sync_take_optional(commits->repository))
            return TRUE; /* owed; the next run has an allowance of its own */
        return commit_read_alone(commits->repository, task, commits->unknown, error);
    }
    const GPtrArray *extra = g_hash_table_lookup(missing->extra, &task->number);
    for (guint i = 0; extra != NULL && i < extra->len; i++)
        g_ptr_array_add(hashes, extra->pdata[i]);
    return commit_batch_put(commits, task->number, "api", hashes, error);
}

static gboolean read_batch(SyncRepository *repository, GPtrArray *tasks, GHashTable *tips,
                           GHashTable *unknown, GError **error)
{
    Missing missing = {
        .tasks = tasks,
        .tips = tips,
        .extra = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                       (GDestroyNotify) g_ptr_array_unref),
    };
    commit_batch_init(&missing.commits, repository, unknown);
    gboolean ok = fetch(&missing, error) && ask_mirror(&missing, error);
    for (guint i = 0; ok && i < tasks->len; i++)
        ok = settle_task(&missing, tasks->pdata[i], error);
    commit_batch_clear(&missing.commits);
    g_hash_table_unref(missing.extra);
    return ok;
}

static gboolean read_beside_git(SyncRepository *repository, GPtrArray *owing, GHashTable *unknown,
                                GError **error)
{
    if (owing->len == 0)
        return TRUE;
    g_autoptr(GHashTable) tips = read_tips(repository, error);
    if (tips == NULL)
        return FALSE;
    for (guint first = 0; first < owing->len; first += COMMIT_REVISIONS) {
        g_autoptr(GPtrArray) tasks = g_ptr_array_new();
        for (guint i = first; i < MIN(first + COMMIT_REVISIONS, owing->len); i++)
            g_ptr_array_add(tasks, owing->pdata[i]);
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, first, owing->len,
                    "commits of deleted branches");
        if (!read_batch(repository, tasks, tips, unknown, error))
            return FALSE;
    }
    return TRUE;
}

gboolean sync_read_commits(SyncRepository *repository, GPtrArray *tasks, GError **error)
{
    g_autoptr(GPtrArray) owing = g_ptr_array_new();
    g_autoptr(GHashTable) unknown = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < tasks->len; i++)
        if (owes(tasks->pdata[i]))
            g_ptr_array_add(owing, tasks->pdata[i]);
    return repository->git_ready ? read_beside_git(repository, owing, unknown, error)
                                 : commit_read_without_git(repository, owing, unknown, error);
}
