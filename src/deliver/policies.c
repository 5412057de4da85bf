/* Approval policies by name and in words. */
#include "deliver/deliver.h"

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

gboolean policy_names_find_project(const PolicyNames *names, const char *key,
                                   gint64 *ret_project_id, GError **error)
{
    for (guint i = 0; i < names->repositories->len; i++) {
        const StoreRepository *repository = names->repositories->pdata[i];
        if (g_strcmp0(repository->project_key, key) != 0)
            continue;
        *ret_project_id = repository->project_id;
        return TRUE;
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                "No repository that is known is in a project '%s'.", key);
    return FALSE;
}

const char *policy_names_project(const PolicyNames *names, gint64 project_id)
{
    for (guint i = 0; i < names->repositories->len; i++) {
        const StoreRepository *repository = names->repositories->pdata[i];
        if (repository->project_id == project_id && repository->project_key != NULL)
            return repository->project_key;
    }
    return "that is gone";
}

const char *policy_names_required(const PolicyNames *names, const StorePolicyRequired *required)
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
        return g_strdup_printf("project %s", policy_names_project(names, policy->scope_id));
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
                                   required->least, policy_names_required(names, required));
        else
            g_string_append_printf(text, "%s%s", comma, policy_names_required(names, required));
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
        g_string_append(text, "; new commits void approvals");
    if (policy->builds_must_pass)
        g_string_append(text, "; builds must pass");
    return g_string_free(text, FALSE);
}

char *policy_summary(const PolicyNames *names, const StorePolicy *policy)
{
    g_autofree char *where = policy_where(names, policy);
    g_autofree char *asks = policy_asks(names, policy);
    return g_strdup_printf("policy for %s, %s: %s", where, policy_branch(policy), asks);
}

/* ---- versions */

gboolean policy_is_newest(const GPtrArray *versions, guint index)
{
    const StorePolicy *policy = versions->pdata[index];
    return index + 1 == versions->len ||
           ((const StorePolicy *) versions->pdata[index + 1])->policy_id != policy->policy_id;
}

const StorePolicy *policy_newest_of(const GPtrArray *versions, gint64 policy_id)
{
    for (guint i = 0; i < versions->len; i++) {
        const StorePolicy *policy = versions->pdata[i];
        if (policy->policy_id == policy_id && policy_is_newest(versions, i))
            return policy;
    }
    return NULL;
}

const char *policy_version_state(const GPtrArray *versions, guint index, UtcTime now)
{
    const StorePolicy *policy = versions->pdata[index];
    if (policy->ended != TIME_ABSENT && policy->ended <= now)
        return "ended";
    if (policy->from > now)
        return "coming";
    if (!policy_is_newest(versions, index) &&
        ((const StorePolicy *) versions->pdata[index + 1])->from <= now)
        return "replaced";
    return "in-force";
}
