#include "cli/policy_words.h"

#include <string.h>

/* ---- names */

gboolean policy_names_load(PolicyNames *names, Store *store, gint64 workspace_id, GError **error)
{
    names->repositories = store_list_repositories(store, workspace_id, FALSE, error);
    names->people =
        names->repositories == NULL ? NULL : store_list_people(store, workspace_id, error);
    names->teams = names->people == NULL ? NULL : store_list_teams(store, workspace_id, error);
    return names->teams != NULL;
}

void policy_names_clear(PolicyNames *names)
{
    g_clear_pointer(&names->repositories, g_ptr_array_unref);
    g_clear_pointer(&names->people, g_ptr_array_unref);
    g_clear_pointer(&names->teams, g_ptr_array_unref);
}

const char *policy_names_repository(const PolicyNames *names, gint64 repository_id)
{
    for (guint i = 0; i < names->repositories->len; i++) {
        const StoreRepository *repository = names->repositories->pdata[i];
        if (repository->repository_id == repository_id)
            return repository->full_name;
    }
    return "a repository that is gone";
}

static const char *project_key(const PolicyNames *names, gint64 project_id)
{
    for (guint i = 0; i < names->repositories->len; i++) {
        const StoreRepository *repository = names->repositories->pdata[i];
        if (repository->project_id == project_id && repository->project_key != NULL)
            return repository->project_key;
    }
    return "that is gone";
}

static const char *required_name(const PolicyNames *names, const StorePolicyRequired *required)
{
    for (guint i = 0; !required->is_team && i < names->people->len; i++) {
        const StorePerson *person = names->people->pdata[i];
        if (person->person_id == required->id)
            return person->display_name;
    }
    for (guint i = 0; required->is_team && i < names->teams->len; i++) {
        const StoreTeam *team = names->teams->pdata[i];
        if (team->team_id == required->id)
            return team->name;
    }
    return "somebody who is gone";
}

/* ---- one policy in words */

char *policy_where(const PolicyNames *names, const StorePolicy *policy)
{
    if (policy->scope == POLICY_REPOSITORY)
        return g_strdup(policy_names_repository(names, policy->scope_id));
    if (policy->scope == POLICY_PROJECT)
        return g_strdup_printf("project %s", project_key(names, policy->scope_id));
    return g_strdup("workspace");
}

const char *policy_branch(const StorePolicy *policy)
{
    return *policy->branch == '\0' ? "main branch" : policy->branch;
}

static void add_required(GString *text, const PolicyNames *names, const StorePolicy *policy)
{
    if (policy->n_required == 0)
        return;
    g_string_append(text, "; ");
    if (policy->required_least < policy->n_required)
        g_string_append_printf(text, "%" G_GINT64_FORMAT " of: ", policy->required_least);
    for (guint i = 0; i < policy->n_required; i++) {
        const StorePolicyRequired *required = &policy->required[i];
        const char *comma = i == 0 ? "" : ", ";
        if (required->is_team)
            g_string_append_printf(text, "%s%" G_GINT64_FORMAT " of the team %s", comma,
                                   required->least, required_name(names, required));
        else
            g_string_append_printf(text, "%s%s", comma, required_name(names, required));
    }
}

char *policy_asks(const PolicyNames *names, const StorePolicy *policy)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%" G_GINT64_FORMAT " %s", policy->least_approvals,
                    policy->least_approvals == 1 ? "approval" : "approvals");
    add_required(text, names, policy);
    if (policy->author_counts)
        g_string_append(text, "; the author counts");
    if (policy->void_on_push)
        g_string_append(text, "; new commits void");
    if (policy->builds_must_pass)
        g_string_append(text, "; builds must pass");
    return g_string_free(text, FALSE);
}

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
    if (policy_id != 0)
        return policy->policy_id == policy_id;
    return index + 1 == versions->len ||
           ((const StorePolicy *) versions->pdata[index + 1])->policy_id != policy->policy_id;
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
