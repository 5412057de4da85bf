/* Puts a repository's acts, comments and tasks in the order of time. */
#include "company_internal.h"

#define DIGIT_BITS 16
#define DIGITS     (1 << DIGIT_BITS)

/* Least significant digit first; keys are times after 1970 and below 2^56. */
static void sort_by_digits(const gint64 *keys, guint32 *order, guint n)
{
    g_autofree guint32 *other = g_new(guint32, n);
    g_autofree guint32 *counts = g_new(guint32, DIGITS);
    guint32 *from = order, *to = other;
    for (guint shift = 0; shift < 64; shift += DIGIT_BITS) {
        memset(counts, 0, DIGITS * sizeof *counts);
        for (guint i = 0; i < n; i++)
            counts[((guint64) keys[order[i]] >> shift) & (DIGITS - 1)]++;
        for (guint32 i = 0, sum = 0; i < DIGITS; i++) {
            guint32 count = counts[i];
            counts[i] = sum;
            sum += count;
        }
        for (guint i = 0; i < n; i++)
            to[counts[((guint64) keys[from[i]] >> shift) & (DIGITS - 1)]++] = from[i];
        guint32 *swap = from;
        from = to;
        to = swap;
    }
}

typedef struct {
    const gint64 *keys;
} SortData;

static gint compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    const SortData *sort = data;
    guint32 x = *(const guint32 *) a, y = *(const guint32 *) b;
    if (sort->keys[x] != sort->keys[y])
        return sort->keys[x] < sort->keys[y] ? -1 : 1;
    return x < y ? -1 : 1;
}

void company_sort(const gint64 *keys, guint32 *order, guint n)
{
    SortData data = {keys};
    if (n > 20000)
        sort_by_digits(keys, order, n);
    else if (n > 1)
        g_qsort_with_data(order, (gint) n, sizeof *order, compare_keys, &data);
}

static void sort_comments(CompanyRepository *repository, RepositoryPrivate *own, Making *making,
                          guint32 *ret_places)
{
    guint n = making->comments->len;
    const CompanyComment *comments = (const CompanyComment *) making->comments->data;
    g_autofree gint64 *keys = g_new(gint64, n + 1);
    g_autofree guint32 *order = g_new(guint32, n + 1);
    for (guint i = 0; i < n; i++) {
        keys[i] = comments[i].created_at;
        order[i] = i;
    }
    company_sort(keys, order, n);
    for (guint i = 0; i < n; i++)
        ret_places[order[i]] = i;
    own->room_comments = n + BY_HAND_MOST;
    repository->comments = g_new(CompanyComment, own->room_comments);
    repository->n_comments = n;
    for (guint i = 0; i < n; i++) {
        CompanyComment *comment = &repository->comments[i];
        *comment = comments[order[i]];
        comment->id = own->next_comment_id;
        own->next_comment_id += own->comment_id_step;
        if (comment->parent >= 0)
            comment->parent = (gint32) ret_places[comment->parent];
        const CompanyPull *pull = &g_array_index(making->pulls, CompanyPull, comment->pull);
        if (comment->line_to >= 0 || comment->line_from >= 0)
            comment->path = pull->files[comment->text_seed % pull->n_files].path;
    }
}

static void sort_tasks(CompanyRepository *repository, Making *making, const guint32 *places)
{
    guint n = making->tasks->len;
    const CompanyTask *tasks = (const CompanyTask *) making->tasks->data;
    g_autofree gint64 *keys = g_new(gint64, n + 1);
    g_autofree guint32 *order = g_new(guint32, n + 1);
    for (guint i = 0; i < n; i++) {
        keys[i] = tasks[i].created_at;
        order[i] = i;
    }
    company_sort(keys, order, n);
    repository->tasks = g_new(CompanyTask, n + 1);
    repository->n_tasks = n;
    for (guint i = 0; i < n; i++) {
        CompanyTask *task = &repository->tasks[i];
        *task = tasks[order[i]];
        task->id = 1 + i;
        if (task->comment >= 0)
            task->comment = (gint32) places[task->comment];
    }
}

static void sort_acts(CompanyRepository *repository, RepositoryPrivate *own, Making *making,
                      const guint32 *places)
{
    guint n = making->acts->len, used = 0;
    const CompanyAct *acts = (const CompanyAct *) making->acts->data;
    g_autofree gint64 *keys = g_new(gint64, n + 1);
    g_autofree guint32 *order = g_new(guint32, n + 1);
    for (guint i = 0; i < n; i++) {
        if (acts[i].kind == ACT_GONE)
            continue;
        keys[i] = acts[i].at;
        order[used++] = i;
    }
    company_sort(keys, order, used);
    own->room_acts = used + BY_HAND_MOST;
    repository->acts = g_new(CompanyAct, own->room_acts);
    repository->n_acts = used;
    for (guint i = 0; i < used; i++) {
        CompanyAct *act = &repository->acts[i];
        *act = acts[order[i]];
        if (act->comment >= 0)
            act->comment = (gint32) places[act->comment];
    }
}

static void list_acts(CompanyRepository *repository, RepositoryPrivate *own)
{
    for (guint i = 0; i < repository->n_acts; i++)
        repository->pulls[repository->acts[i].pull].n_acts++;
    own->pull_acts = g_new(guint32, repository->n_acts + 1);
    guint used = 0;
    for (guint i = 0; i < repository->n_pulls; i++) {
        CompanyPull *pull = &repository->pulls[i];
        pull->acts = own->pull_acts + used;
        used += pull->n_acts;
        pull->n_acts = 0;
    }
    for (guint i = 0; i < repository->n_acts; i++) {
        CompanyPull *pull = &repository->pulls[repository->acts[i].pull];
        pull->acts[pull->n_acts++] = i;
    }
}

void company_collect(CompanyRepository *repository, RepositoryPrivate *own, Making *making)
{
    g_autofree guint32 *places = g_new(guint32, making->comments->len + 1);
    sort_comments(repository, own, making, places);
    sort_tasks(repository, making, places);
    sort_acts(repository, own, making, places);
    repository->n_commits = making->commits->len;
    repository->commits = (CompanyCommit *) g_array_free(g_steal_pointer(&making->commits), FALSE);
    own->pulls = (PullPrivate *) g_array_free(g_steal_pointer(&making->privates), FALSE);
    repository->n_pulls = making->pulls->len;
    repository->pulls = (CompanyPull *) g_array_free(g_steal_pointer(&making->pulls), FALSE);
    list_acts(repository, own);
}
