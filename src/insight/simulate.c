/* What a policy would have made of the merges of the past. */
#include "insight/policy.h"

static void simulated_merge_free(gpointer data)
{
    SimulatedMerge *merge = data;
    g_free(merge->title);
    g_free(merge->url);
    g_free(merge->reason);
    g_free(merge);
}

void policy_simulation_clear(PolicySimulation *simulation)
{
    g_clear_pointer(&simulation->changed, g_ptr_array_unref);
    g_clear_pointer(&simulation->failing, g_ptr_array_unref);
    g_clear_pointer(&simulation->told, g_ptr_array_unref);
}

typedef struct {
    UtcTime from, until;
    const MeasureBasis *basis;
    const StorePolicy *policy;
    GArray *keys, *merged; /* StorePullRequestKey and the instants of their merges */
    guint at;              /* in both */
    PolicySimulation *simulation;
} Trial;

static gboolean collect(const FactPr *fact, gpointer user_data, GError **error)
{
    Trial *trial = user_data;
    if (fact->merged == TIME_ABSENT || fact->merged < trial->from || fact->merged >= trial->until)
        return TRUE;
    if (!store_policy_applies(measure_policies(trial->basis), trial->policy, fact->repository_id,
                              fact->destination_branch))
        return TRUE;
    const StorePolicy *other =
        store_policy_in_force(measure_policies(trial->basis), fact->repository_id,
                              fact->destination_branch, fact->merged);
    if (other != NULL && store_policy_precedes(other, trial->policy)) {
        trial->simulation->left_to_others++;
        return TRUE;
    }
    const StorePullRequestKey key = {fact->repository_id, fact->number};
    g_array_append_val(trial->keys, key);
    g_array_append_val(trial->merged, fact->merged);
    return TRUE;
}

static gboolean is_change(Verdict before, Verdict after)
{
    return (before == VERDICT_FAILED) != (after == VERDICT_FAILED);
}

static void tell(Trial *trial, const StorePullRequest *row, UtcTime merged, Verdict before,
                 const PolicyVerdict *after)
{
    SimulatedMerge *merge = g_new0(SimulatedMerge, 1);
    *merge = (SimulatedMerge){.repository_id = row->repository_id,
                              .number = row->number,
                              .merged = merged,
                              .before = before,
                              .after = after->verdict,
                              .title = g_strdup(row->title),
                              .url = g_strdup(row->html_url),
                              .reason = policy_reason(after)};
    g_ptr_array_add(trial->simulation->told, merge);
}

/* Rows come in the order of the keys; one that has gone since is passed over. */
static gboolean try_row(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Trial *trial = user_data;
    const StorePullRequestKey *key = NULL;
    while (trial->at < trial->keys->len) {
        key = &g_array_index(trial->keys, StorePullRequestKey, trial->at);
        if (key->repository_id == row->repository_id && key->number == row->number)
            break;
        trial->at++;
    }
    if (trial->at == trial->keys->len)
        return TRUE;
    UtcTime merged = g_array_index(trial->merged, UtcTime, trial->at);
    g_auto(PolicyVerdict) before = {0};
    g_auto(PolicyVerdict) after = {0};
    policy_judge_merge(trial->basis, row, merged, &before);
    policy_judge(trial->basis, trial->policy, row, merged, &after);
    trial->simulation->looked_at++;
    trial->simulation->counts[before.verdict][after.verdict]++;
    if (is_change(before.verdict, after.verdict) || after.verdict == VERDICT_FAILED)
        tell(trial, row, merged, before.verdict, &after);
    return TRUE;
}

static gint by_merge(gconstpointer a, gconstpointer b)
{
    const SimulatedMerge *first = *(SimulatedMerge *const *) a,
                         *second = *(SimulatedMerge *const *) b;
    if (first->merged != second->merged)
        return first->merged < second->merged ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

static void list_told(PolicySimulation *simulation)
{
    g_ptr_array_sort(simulation->told, by_merge);
    for (guint i = 0; i < simulation->told->len; i++) {
        SimulatedMerge *merge = simulation->told->pdata[i];
        if (is_change(merge->before, merge->after))
            g_ptr_array_add(simulation->changed, merge);
        if (merge->after == VERDICT_FAILED)
            g_ptr_array_add(simulation->failing, merge);
    }
}

gboolean policy_simulate(Store *store, gint64 workspace_id, const StorePolicy *policy, UtcTime from,
                         UtcTime until, PolicySimulation *ret_simulation, GError **error)
{
    g_autoptr(MeasureBasis) basis = measure_basis_load(store, workspace_id, error);
    if (basis == NULL)
        return FALSE;
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(StorePullRequestKey));
    g_autoptr(GArray) merged = g_array_new(FALSE, FALSE, sizeof(UtcTime));
    PolicySimulation simulation = {.told = g_ptr_array_new_with_free_func(simulated_merge_free),
                                   .changed = g_ptr_array_new(),
                                   .failing = g_ptr_array_new()};
    Trial trial = {.from = from,
                   .until = until,
                   .basis = basis,
                   .policy = policy,
                   .keys = keys,
                   .merged = merged,
                   .simulation = &simulation};
    if (!store_visit_facts(store, workspace_id, collect, &trial, error) ||
        !store_visit_keys(store, workspace_id, keys, try_row, &trial, error)) {
        policy_simulation_clear(&simulation);
        return FALSE;
    }
    list_told(&simulation);
    *ret_simulation = simulation;
    return TRUE;
}
