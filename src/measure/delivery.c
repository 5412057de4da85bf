#include "measure/delivery.h"

#include <string.h>

#define NO_ATTEMPT G_MAXUINT32

static FactDeployment *attempt_at(const GArray *attempts, guint i)
{
    return &g_array_index(attempts, FactDeployment, i);
}

static gint compare_attempts(gconstpointer a, gconstpointer b)
{
    const FactDeployment *first = a, *second = b;
    if (first->completed != second->completed)
        return first->completed < second->completed ? -1 : 1;
    return strcmp(first->key, second->key);
}

void delivery_sort(GArray *attempts)
{
    g_array_sort(attempts, compare_attempts);
}

/* ---- judging */

/* Commits that one environment has had. */
typedef struct {
    guint32 *seen_in; /* per commit: the environment that saw it last, + 1 */
    guint32 environment;
} Having;

static gboolean enter_new(guint32 commit, gpointer user_data)
{
    Having *having = user_data;
    if (having->seen_in[commit] == having->environment + 1)
        return FALSE;
    having->seen_in[commit] = having->environment + 1;
    return TRUE;
}

/* The attempts of each environment, in their order. GPtrArray of GArray of guint. */
static GPtrArray *by_environment(const GArray *attempts)
{
    GPtrArray *lists = g_ptr_array_new_with_free_func((GDestroyNotify) g_array_unref);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < attempts->len; i++) {
        const char *name = attempt_at(attempts, i)->environment;
        const char *key = name != NULL ? name : "";
        GArray *list = g_hash_table_lookup(known, key);
        if (list == NULL) {
            list = g_array_new(FALSE, FALSE, sizeof(guint));
            g_ptr_array_add(lists, list);
            g_hash_table_insert(known, (gpointer) key, list);
        }
        g_array_append_val(list, i);
    }
    return lists;
}

typedef struct {
    guint8 *is_visited; /* per commit */
    guint32 wanted;
} Search;

static gboolean enter_unvisited(guint32 commit, gpointer user_data)
{
    Search *search = user_data;
    if (search->is_visited[commit] || search->is_visited[search->wanted])
        return FALSE;
    return search->is_visited[commit] = TRUE;
}

static gboolean is_ancestor(const Ancestry *graph, guint32 commit, guint32 of)
{
    g_autofree guint8 *is_visited = g_new0(guint8, ancestry_count(graph));
    Search search = {is_visited, commit};
    ancestry_walk(graph, of, enter_unvisited, &search);
    return is_visited[commit];
}

static guint first_with(const GArray *list, const guint32 *commits, guint32 commit)
{
    guint i = 0;
    while (commits[g_array_index(list, guint, i)] != commit)
        i++;
    return i;
}

/* Whether @commit, which the environment has had, is older than @running. Where the history of what
 * runs is not known, the one that came first is the older. */
static gboolean is_older(const GArray *list, const guint32 *commits, const Ancestry *graph,
                         guint32 commit, guint32 running)
{
    if (ancestry_has_history(graph, running))
        return is_ancestor(graph, commit, running);
    return first_with(list, commits, commit) < first_with(list, commits, running);
}

static void find_rollbacks(GArray *attempts, const GArray *list, const guint32 *commits,
                           const Ancestry *graph, Having *having)
{
    guint last = NO_ATTEMPT; /* the success that the environment runs */
    for (guint i = 0; i < list->len; i++) {
        guint at = g_array_index(list, guint, i);
        FactDeployment *attempt = attempt_at(attempts, at);
        attempt->is_failure = !attempt->is_successful;
        attempt->is_rollback = FALSE;
        if (!attempt->is_successful || commits[at] == NO_INDEX)
            continue;
        /* Pipelines and merges may end out of order, which is no going back. Looking for an
         * ancestor is dear, so it is done only for commits that the environment has had. */
        if (last != NO_ATTEMPT && commits[last] != commits[at] &&
            strcmp(attempt->source, DELIVERY_OF_DEPLOYMENT) == 0 &&
            having->seen_in[commits[at]] == having->environment + 1 &&
            is_older(list, commits, graph, commits[at], commits[last])) {
            attempt->is_rollback = TRUE;
            attempt_at(attempts, last)->is_failure = TRUE;
        }
        ancestry_walk(graph, commits[at], enter_new, having);
        last = at;
    }
}

static void find_outages(GArray *attempts, const GArray *list)
{
    FactDeployment *began = NULL;
    for (guint i = 0; i < list->len; i++) {
        FactDeployment *attempt = attempt_at(attempts, g_array_index(list, guint, i));
        attempt->restored = TIME_ABSENT;
        if (attempt->is_failure) {
            began = began != NULL ? began : attempt;
        } else if (began != NULL) {
            began->restored = attempt->completed;
            began = NULL;
        }
    }
}

/* The commit of each attempt. Free with g_free. */
static guint32 *find_commits(const GArray *attempts, Ancestry *graph)
{
    guint32 *commits = g_new(guint32, MAX(attempts->len, 1));
    for (guint i = 0; i < attempts->len; i++)
        commits[i] = ancestry_find(graph, attempt_at(attempts, i)->commit_hash);
    return commits;
}

void delivery_judge(GArray *attempts, Ancestry *graph)
{
    g_autofree guint32 *commits = find_commits(attempts, graph);
    g_autofree guint32 *seen_in = g_new0(guint32, MAX(ancestry_count(graph), 1));
    g_autoptr(GPtrArray) lists = by_environment(attempts);
    for (guint environment = 0; environment < lists->len; environment++) {
        Having having = {seen_in, environment};
        find_rollbacks(attempts, lists->pdata[environment], commits, graph, &having);
        find_outages(attempts, lists->pdata[environment]);
    }
}

/* ---- releases */

typedef struct {
    guint32 *released_by; /* per commit: the attempt that brought it to production first */
    guint32 attempt;
} Releasing;

static gboolean enter_unreleased(guint32 commit, gpointer user_data)
{
    Releasing *releasing = user_data;
    if (releasing->released_by[commit] != NO_ATTEMPT)
        return FALSE;
    releasing->released_by[commit] = releasing->attempt;
    return TRUE;
}

void delivery_release(const GArray *attempts, Ancestry *graph, DeliveryMerge *merges,
                      gsize n_merges)
{
    g_autofree guint32 *commits = find_commits(attempts, graph);
    g_autofree guint32 *merged = g_new(guint32, MAX(n_merges, 1));
    for (gsize i = 0; i < n_merges; i++)
        merged[i] = ancestry_find(graph, merges[i].merge_hash);
    guint32 n = ancestry_count(graph), first = NO_ATTEMPT;
    Releasing releasing = {g_new(guint32, MAX(n, 1)), 0};
    for (guint32 i = 0; i < n; i++)
        releasing.released_by[i] = NO_ATTEMPT;
    gboolean by_merges = FALSE;
    for (guint32 i = 0; i < attempts->len; i++) {
        const FactDeployment *attempt = attempt_at(attempts, i);
        by_merges = by_merges || strcmp(attempt->source, DELIVERY_OF_MERGE) == 0;
        if (!attempt->is_successful || attempt->environment_kind != ENVIRONMENT_PRODUCTION ||
            commits[i] == NO_INDEX)
            continue;
        if (first == NO_ATTEMPT && ancestry_has_history(graph, commits[i]))
            first = i;
        releasing.attempt = i;
        ancestry_walk(graph, commits[i], enter_unreleased, &releasing);
    }
    for (gsize i = 0; i < n_merges; i++) {
        guint32 by = merged[i] == NO_INDEX ? NO_ATTEMPT : releasing.released_by[merged[i]];
        merges[i].released = by == NO_ATTEMPT ? TIME_ABSENT : attempt_at(attempts, by)->completed;
        if (by == first && by != NO_ATTEMPT &&
            merges[i].merged < merges[i].released - DELIVERY_FIRST_REACH)
            merges[i].released = TIME_ABSENT;
        if (by_merges && merges[i].is_into_main)
            merges[i].released = merges[i].merged;
    }
    g_free(releasing.released_by);
}
