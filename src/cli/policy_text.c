/* Policies, proposals and simulations as text of the command line. */
#include "cli/policy_text.h"

static char *period(const StorePolicy *policy)
{
    char from[TIME_TEXT_SIZE], ended[TIME_TEXT_SIZE];
    time_format(policy->from, from);
    time_format(policy->ended, ended);
    return policy->ended == TIME_ABSENT ? g_strdup_printf("from %.10s", from)
                                        : g_strdup_printf("%.10s to %.10s", from, ended);
}

/* ---- tables */

static void put(GPtrArray *cells, char *text)
{
    g_ptr_array_add(cells, text);
}

static GString *render(GPtrArray *cells, gsize columns, guint64 right)
{
    ReportStyle style = work_style(NULL);
    return deliver_render_table((const char *const *) cells->pdata, cells->len / columns, columns,
                                right, &style);
}

static gboolean is_listed(const GPtrArray *versions, guint index, gint64 policy_id)
{
    const StorePolicy *policy = versions->pdata[index];
    return policy_id != 0 ? policy->policy_id == policy_id : policy_is_newest(versions, index);
}

static void add_policy(GString *text, const PolicyNames *names, const StorePolicy *policy)
{
    char created[TIME_TEXT_SIZE];
    g_autofree char *where = policy_where(names, policy);
    g_autofree char *asks = policy_asks(names, policy);
    g_autofree char *in_force = period(policy);
    g_string_append_printf(text,
                           "Policy %" G_GINT64_FORMAT ", version %" G_GINT64_FORMAT ": %s, %s\n",
                           policy->policy_id, policy->version, where, policy_branch(policy));
    g_string_append_printf(text, "  in force %s; written on %.10s%s%s\n", in_force,
                           time_format(policy->created, created),
                           policy->created_by != NULL ? " by " : "",
                           policy->created_by != NULL ? policy->created_by : "");
    g_string_append(text, "  asks for");
    cli_put_wrapped(text, asks, (guint) strlen("  asks for"), 4);
}

GString *policy_list_text(const PolicyNames *names, const GPtrArray *versions, gint64 policy_id)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < versions->len; i++)
        if (is_listed(versions, i, policy_id))
            add_policy(text, names, versions->pdata[i]);
    if (text->len == 0)
        g_string_append(text, "No policy is set; 'plumbline policy set' does it.\n");
    return text;
}

GString *proposal_list_text(const GPtrArray *proposals)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < proposals->len; i++) {
        const StoreProposal *proposal = proposals->pdata[i];
        char at[TIME_TEXT_SIZE];
        g_string_append_printf(text, "Proposal %" G_GINT64_FORMAT ", %s\n", proposal->proposal_id,
                               proposal_state_name(proposal->state));
        cli_put_wrapped(text, proposal->summary, 0, 2);
        g_string_append_printf(text, "  proposed by %s on %.10s\n", proposal->proposed_by,
                               time_format(proposal->proposed, at));
        if (proposal->decided_by != NULL)
            g_string_append_printf(text, "  decided by %s on %.10s%s%s\n", proposal->decided_by,
                                   time_format(proposal->decided, at),
                                   proposal->note != NULL ? ": " : "",
                                   proposal->note != NULL ? proposal->note : "");
    }
    if (text->len == 0)
        g_string_append(text, "Nothing has been proposed.\n");
    return text;
}

/* ---- simulation */

static gint64 count_after(const PolicySimulation *simulation, Verdict after)
{
    gint64 sum = 0;
    for (guint before = 0; before < VERDICT_COUNT; before++)
        sum += simulation->counts[before][after];
    return sum;
}

static gint64 count_change(const PolicySimulation *simulation, gboolean fails_now)
{
    gint64 sum = 0;
    for (guint before = 0; before < VERDICT_COUNT; before++)
        for (guint after = 0; after < VERDICT_COUNT; after++)
            if ((before == VERDICT_FAILED) != (after == VERDICT_FAILED) &&
                (after == VERDICT_FAILED) == fails_now)
                sum += simulation->counts[before][after];
    return sum;
}

GString *simulation_text(const PolicyNames *names, const PolicySimulation *simulation, gint days)
{
    static const char *const HEADING[] = {"pull request", "merged", "before", "then", "why"};
    GString *text = g_string_new(NULL);
    g_string_printf(
        text,
        "Of %" G_GINT64_FORMAT " merges in the last %d days that this policy decides "
        "on, %" G_GINT64_FORMAT " would have passed and %" G_GINT64_FORMAT " failed; of "
        "%" G_GINT64_FORMAT " too little is known.\n"
        "%" G_GINT64_FORMAT " would fail that do not now, %" G_GINT64_FORMAT " would no "
        "longer fail.\n",
        simulation->looked_at, days, count_after(simulation, VERDICT_PASSED),
        count_after(simulation, VERDICT_FAILED), count_after(simulation, VERDICT_UNKNOWN),
        count_change(simulation, TRUE), count_change(simulation, FALSE));
    if (simulation->left_to_others > 0)
        g_string_append_printf(text,
                               "A more specific policy decides on %" G_GINT64_FORMAT " more.\n",
                               simulation->left_to_others);
    if (simulation->changed->len == 0)
        return text;
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, g_strdup(HEADING[i]));
    for (guint i = 0; i < simulation->changed->len; i++) {
        const SimulatedMerge *merge = simulation->changed->pdata[i];
        char at[TIME_TEXT_SIZE];
        put(cells,
            g_strdup_printf("%s#%" G_GINT64_FORMAT,
                            policy_names_repository(names, merge->repository_id), merge->number));
        put(cells, g_strndup(time_format(merge->merged, at), 10));
        put(cells, g_strdup(verdict_name(merge->before)));
        put(cells, g_strdup(verdict_name(merge->after)));
        put(cells, g_strdup(merge->reason != NULL ? merge->reason : ""));
    }
    GString *table = render(cells, G_N_ELEMENTS(HEADING), 0);
    g_string_append_printf(text, "\n%s", table->str);
    g_string_free(table, TRUE);
    return text;
}
