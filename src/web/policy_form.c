#include "web/policy_form.h"

static const char *const MEMBERS[] = {"scope",
                                      "subject",
                                      "branch",
                                      "least_approvals",
                                      "required",
                                      "required_least",
                                      "author_counts",
                                      "void_on_push",
                                      "builds_must_pass",
                                      "from",
                                      NULL};
static const char *const REQUIRED_MEMBERS[] = {"kind", "id", "name", "least", NULL};

gboolean policy_form_knows(json_t *object, const char *const *members, const char *const *more,
                           GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (!g_strv_contains(members, name) && (more == NULL || !g_strv_contains(more, name)))
            return web_invalid(error, "\"%s\" is nothing that can be said here.", name);
    }
    return TRUE;
}

/* ---- members of one kind each; absent and null are the same */

static gboolean is_given(json_t *body, const char *member)
{
    json_t *value = json_object_get(body, member);
    return value != NULL && !json_is_null(value);
}

static gboolean read_flag(json_t *body, const char *member, gboolean *ret_flag, GError **error)
{
    if (is_given(body, member) && !json_is_boolean(json_object_get(body, member)))
        return web_invalid(error, "\"%s\" is neither true nor false.", member);
    *ret_flag = json_is_true(json_object_get(body, member));
    return TRUE;
}

static gboolean read_number(json_t *body, const char *member, gint64 otherwise, gint64 *ret_number,
                            GError **error)
{
    json_t *value = json_object_get(body, member);
    if (is_given(body, member) && !json_is_integer(value))
        return web_invalid(error, "\"%s\" is no whole number.", member);
    *ret_number = is_given(body, member) ? json_integer_value(value) : otherwise;
    return TRUE;
}

gboolean policy_form_time(json_t *body, const char *member, UtcTime *ret_time, GError **error)
{
    const char *text = json_string_value(json_object_get(body, member));
    UtcTime time = TIME_ABSENT;
    if (is_given(body, member) && (text == NULL || !time_parse(text, -1, &time, NULL)))
        return web_invalid(error, "\"%s\" is not a date like 2026-10-01.", member);
    *ret_time = time;
    return TRUE;
}

/* ---- where it holds */

static gboolean find_repository(const PolicyNames *names, const char *full_name,
                                gint64 *ret_repository_id, GError **error)
{
    for (guint i = 0; i < names->repositories->len; i++) {
        const StoreRepository *repository = names->repositories->pdata[i];
        if (!g_str_equal(repository->full_name, full_name))
            continue;
        *ret_repository_id = repository->repository_id;
        return TRUE;
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                "There is no repository '%s' among those that the connections see.", full_name);
    return FALSE;
}

static gboolean read_scope(const PolicyNames *names, json_t *body, StorePolicy *policy,
                           GError **error)
{
    const char *scope = json_string_value(json_object_get(body, "scope"));
    policy->scope = POLICY_WORKSPACE;
    if (is_given(body, "scope") && !policy_scope_from_name(scope, &policy->scope))
        return web_invalid(error, "\"scope\" is workspace, project or repository.");
    if (policy->scope == POLICY_WORKSPACE)
        return !is_given(body, "subject") ||
               web_invalid(error, "A policy of the workspace has no \"subject\"; name a project or "
                                  "repository by \"scope\".");
    const char *subject = web_need_text(body, "subject", error);
    if (subject == NULL)
        return FALSE;
    return policy->scope == POLICY_PROJECT
               ? policy_names_find_project(names, subject, &policy->scope_id, error)
               : find_repository(names, subject, &policy->scope_id, error);
}

static gboolean read_branch(json_t *body, StorePolicy *policy, GError **error)
{
    policy->branch = (char *) "";
    if (!is_given(body, "branch"))
        return TRUE;
    policy->branch = (char *) web_need_text(body, "branch", error);
    return policy->branch != NULL;
}

/* ---- who must approve */

static gboolean find_person(const WebDesk *desk, const PolicyNames *names, gint64 id,
                            gint64 *ret_id, GError **error)
{
    for (guint i = 0; i < names->people->len; i++) {
        if (((const StorePerson *) names->people->pdata[i])->person_id != id)
            continue;
        g_autoptr(PersonMap) map = person_map_load(desk->store, desk->workspace_id, error);
        if (map == NULL)
            return FALSE;
        *ret_id = person_map_canonical(map, id);
        return TRUE;
    }
    return web_invalid(error, "There is no person %" G_GINT64_FORMAT " in this workspace.", id);
}

static gboolean find_team(const PolicyNames *names, gint64 id, gint64 *ret_id, GError **error)
{
    for (guint i = 0; i < names->teams->len; i++) {
        if (((const StoreTeam *) names->teams->pdata[i])->team_id != id)
            continue;
        *ret_id = id;
        return TRUE;
    }
    return web_invalid(error, "There is no team %" G_GINT64_FORMAT " in this workspace.", id);
}

static gboolean find_named(const WebDesk *desk, json_t *item, StorePolicyRequired *required,
                           GError **error)
{
    const char *name = web_need_text(item, "name", error);
    if (name == NULL)
        return FALSE;
    return required->is_team
               ? store_find_team(desk->store, desk->workspace_id, name, &required->id, error)
               : store_find_person(desk->store, desk->workspace_id, name, &required->id, error);
}

static gboolean read_approver(const WebDesk *desk, const PolicyNames *names, json_t *item,
                              StorePolicyRequired *ret_required, GError **error)
{
    StorePolicyRequired required = {0};
    const char *kind = json_string_value(json_object_get(item, "kind"));
    required.is_team = g_strcmp0(kind, "team") == 0;
    if (!required.is_team && g_strcmp0(kind, "person") != 0)
        return web_invalid(error, "Who is required is of the \"kind\" person or team.");
    if (!policy_form_knows(item, REQUIRED_MEMBERS, NULL, error) ||
        !read_number(item, "id", 0, &required.id, error) ||
        !read_number(item, "least", 1, &required.least, error))
        return FALSE;
    gboolean found = !is_given(item, "id") ? find_named(desk, item, &required, error)
                     : required.is_team
                         ? find_team(names, required.id, &required.id, error)
                         : find_person(desk, names, required.id, &required.id, error);
    if (found)
        *ret_required = required;
    return found;
}

static gboolean read_required(const WebDesk *desk, const PolicyNames *names, json_t *body,
                              StorePolicy *policy, GError **error)
{
    json_t *list = json_object_get(body, "required");
    if (is_given(body, "required") && !json_is_array(list))
        return web_invalid(error, "\"required\" is a list of people and teams.");
    if (json_array_size(list) > POLICY_REQUIRED_MAX)
        return web_invalid(error, "A policy names %d required approvers at most.",
                           POLICY_REQUIRED_MAX);
    for (gsize i = 0; i < json_array_size(list); i++)
        if (!read_approver(desk, names, json_array_get(list, i),
                           &policy->required[policy->n_required++], error))
            return FALSE;
    return read_number(body, "required_least", policy->n_required, &policy->required_least, error);
}

gboolean policy_form_read(const WebDesk *desk, const PolicyNames *names, json_t *body,
                          const char *const *more, StorePolicy *ret_policy, GError **error)
{
    StorePolicy policy = {.from = TIME_ABSENT, .ended = TIME_ABSENT, .created = TIME_ABSENT};
    if (!policy_form_knows(body, MEMBERS, more, error) ||
        !read_scope(names, body, &policy, error) || !read_branch(body, &policy, error) ||
        !read_number(body, "least_approvals", 1, &policy.least_approvals, error) ||
        !read_required(desk, names, body, &policy, error) ||
        !read_flag(body, "author_counts", &policy.author_counts, error) ||
        !read_flag(body, "void_on_push", &policy.void_on_push, error) ||
        !read_flag(body, "builds_must_pass", &policy.builds_must_pass, error) ||
        !policy_form_time(body, "from", &policy.from, error) || !store_check_policy(&policy, error))
        return FALSE;
    *ret_policy = policy;
    return TRUE;
}
