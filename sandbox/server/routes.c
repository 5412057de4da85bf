#include "routes.h"

#include "counts.h"
#include "faults.h"
#include "handlers.h"
#include "replay.h"
#include "scopes.h"
#include "tokens.h"

#include <string.h>

#define W  "workspaces/{ws}"
#define R  "repositories/{ws}/{repo}"
#define WS ROUTE_WORKSPACE
#define RE ROUTE_REPOSITORY
#define RH (ROUTE_REPOSITORY | ROUTE_HASHES)
#define SH ROUTE_SHARED

static const Route routes[] = {
    {"GET", "user", "user", "account", "read:user", 0, answer_self},
    {"GET", "users/{user}", "users", "", "read:user", 0, answer_person},
    {"GET", "user/workspaces", "user-workspaces", "account", "read:workspace", SH,
     answer_own_workspaces},
    {"GET", "user/workspaces/{ws}/permission", "user-permission", "account", "read:workspace",
     WS | SH, answer_own_permission},

    {"GET", W, "workspace", "", "read:workspace", WS | SH, answer_workspace},
    {"GET", W "/members", "members", "account", "read:workspace", WS, answer_members},
    {"GET", W "/permissions", "permissions", "account", "read:workspace", WS, answer_permissions},
    {"GET", W "/permissions/repositories", "repository-permissions", "account", "read:repository",
     WS, answer_repository_permissions},
    {"GET", W "/permissions/repositories/{repo}", "repository-permissions", "repository",
     "read:repository", RE, answer_repository_permissions},
    {"GET", W "/projects", "projects", "project", "read:project", WS, answer_projects},
    {"GET", W "/projects/{key}", "project", "project", "read:project", WS, answer_project},
    {"GET", W "/pullrequests/{user}", "user-pullrequests", "pullrequest", "read:pullrequest",
     WS | ROUTE_ALL_HASHES, answer_pulls_of_person},
    {"GET", W "/hooks", "hooks", "webhook", "read:webhook", WS | SH, answer_hooks},
    {"POST", W "/hooks", "hooks", "webhook", "read:webhook,write:webhook", WS | SH,
     answer_hook_create},
    {"GET", W "/hooks/{uid}", "hook", "webhook", "read:webhook", WS | SH, answer_hook},
    {"PUT", W "/hooks/{uid}", "hook", "webhook", "read:webhook,write:webhook", WS | SH,
     answer_hook_update},
    {"DELETE", W "/hooks/{uid}", "hook", "webhook", "delete:webhook", WS | SH, answer_hook_delete},

    {"GET", "repositories/{ws}", "repositories", "repository", "read:repository", WS,
     answer_repositories},
    {"GET", R, "repository", "repository", "read:repository", RE, answer_repository},
    {"GET", R "/pullrequests", "pullrequests", "pullrequest", "read:pullrequest", RH, answer_pulls},
    {"GET", R "/pullrequests/activity", "activity", "pullrequest", "read:pullrequest", RH,
     answer_activity},
    {"GET", R "/pullrequests/{id}", "pullrequest", "pullrequest", "read:pullrequest", RH,
     answer_pull},
    {"GET", R "/pullrequests/{id}/activity", "pullrequest-activity", "pullrequest",
     "read:pullrequest", RH, answer_pull_activity},
    {"GET", R "/pullrequests/{id}/comments", "comments", "pullrequest", "read:pullrequest", RE,
     answer_comments},
    {"GET", R "/pullrequests/{id}/comments/{comment}", "comment", "pullrequest", "read:pullrequest",
     RE, answer_comment},
    {"GET", R "/pullrequests/{id}/tasks", "tasks", "pullrequest", "read:pullrequest", RE,
     answer_tasks},
    {"GET", R "/pullrequests/{id}/commits", "pullrequest-commits", "pullrequest",
     "read:pullrequest", RH, answer_pull_commits},
    {"GET", R "/pullrequests/{id}/diffstat", "pullrequest-diffstat", "pullrequest",
     "read:pullrequest", RH, answer_pull_diff},
    {"GET", R "/pullrequests/{id}/diff", "pullrequest-diff", "pullrequest", "read:pullrequest", RH,
     answer_pull_diff},
    {"GET", R "/pullrequests/{id}/statuses", "pullrequest-statuses", "pullrequest",
     "read:pullrequest", RH, answer_pull_statuses},

    {"GET", R "/commits", "commits", "repository", "read:repository", RH, answer_commits},
    {"POST", R "/commits", "commits", "repository", "read:repository", RH, answer_commits},
    {"GET", R "/commits/{rest}", "commits", "repository", "read:repository", RH, answer_commits},
    {"GET", R "/commit/{sha}", "commit", "repository", "read:repository", RH, answer_commit},
    {"GET", R "/commit/{sha}/comments", "commit-comments", "repository", "read:repository", RH,
     answer_commit_comments},
    {"GET", R "/commit/{sha}/statuses", "commit-statuses", "repository", "read:repository", RH,
     answer_commit_statuses},
    {"GET", R "/commit/{sha}/pullrequests", "commit-pullrequests", "pullrequest",
     "read:pullrequest", RH, answer_commit_pulls},
    {"GET", R "/diffstat/{rest}", "diffstat", "repository", "read:repository", RH, answer_diffstat},
    {"GET", R "/diff/{rest}", "diff", "repository", "read:repository", RH, answer_diff},
    {"GET", R "/refs", "refs", "repository", "read:repository", RH, answer_refs},
    {"GET", R "/refs/branches", "branches", "repository", "read:repository", RH, answer_branches},
    {"GET", R "/refs/branches/{rest}", "branch", "repository", "read:repository", RH,
     answer_branch},
    {"GET", R "/refs/tags", "tags", "repository", "read:repository", RH, answer_tags},

    {"GET", R "/branching-model", "branching-model", "repository", "read:repository", RE,
     answer_branching_model},
    {"GET", R "/effective-branching-model", "branching-model", "repository", "read:repository", RE,
     answer_branching_model},
    {"GET", R "/default-reviewers", "default-reviewers", "pullrequest", "read:pullrequest", RE,
     answer_default_reviewers},
    {"GET", R "/effective-default-reviewers", "effective-default-reviewers", "pullrequest",
     "read:pullrequest", RE, answer_effective_default_reviewers},
    {"GET", R "/branch-restrictions", "branch-restrictions", "repository:admin", "admin:repository",
     RE, answer_branch_restrictions},
    {"GET", R "/permissions-config/users", "permissions-config", "repository:admin",
     "read:repository", RE, answer_permissions_config_users},
    {"GET", R "/permissions-config/groups", "permissions-config", "repository:admin",
     "read:repository", RE, answer_permissions_config_groups},

    {"GET", R "/pipelines", "pipelines", "pipeline", "read:pipeline", RH | ROUTE_SLASH,
     answer_pipelines},
    {"GET", R "/pipelines/{uuid}", "pipeline", "pipeline", "read:pipeline", RH, answer_pipeline},
    {"GET", R "/pipelines/{uuid}/steps", "pipeline-steps", "pipeline", "read:pipeline", RH,
     answer_steps},
    {"GET", R "/deployments", "deployments", "pipeline", "read:pipeline", RH | ROUTE_SLASH,
     answer_deployments},
    {"GET", R "/environments", "environments", "pipeline", "read:pipeline", RE,
     answer_environments},

    {"GET", R "/hooks", "hooks", "webhook", "read:webhook", RE | SH, answer_hooks},
    {"POST", R "/hooks", "hooks", "webhook", "read:webhook,write:webhook", RE | SH,
     answer_hook_create},
    {"GET", R "/hooks/{uid}", "hook", "webhook", "read:webhook", RE | SH, answer_hook},
    {"PUT", R "/hooks/{uid}", "hook", "webhook", "read:webhook,write:webhook", RE | SH,
     answer_hook_update},
    {"DELETE", R "/hooks/{uid}", "hook", "webhook", "delete:webhook", RE | SH, answer_hook_delete},
    {"GET", "hook_events", "hook-events", "", "", ROUTE_PUBLIC | SH, answer_hook_subjects},
    {"GET", "hook_events/{subject}", "hook-events", "", "", ROUTE_PUBLIC | SH, answer_hook_events},
};

/* Removed addresses (CHANGE-2770); {user} as above. */
static const char *const removed[] = {
    "repositories",
    "workspaces",
    "user/permissions/repositories",
    "user/permissions/workspaces",
    "snippets",
    "pullrequests/{user}",
};

/* ---- matching ---- */

static gboolean match_pattern(Call *call, const char *pattern)
{
    guint at = 1; /* segments[0] is "2.0" */
    guint n_params = 0;
    for (const char *part = pattern; *part != '\0';) {
        gsize length = strcspn(part, "/");
        if (at >= call->segments->len)
            return FALSE;
        const char *segment = call->segments->pdata[at];
        if (strncmp(part, "{rest}", 6) == 0) {
            g_free(call->rest);
            g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
            for (; at < call->segments->len; at++)
                g_strv_builder_add(builder, call->segments->pdata[at]);
            g_auto(GStrv) parts = g_strv_builder_end(builder);
            call->rest = g_strjoinv("/", parts);
            return TRUE;
        }
        if (part[0] == '{')
            call->params[n_params++] = segment;
        else if (strlen(segment) != length || strncmp(segment, part, length) != 0)
            return FALSE;
        part += length + (part[length] == '/' ? 1 : 0);
        at++;
    }
    return at == call->segments->len;
}

static void fail_no_route(Call *call)
{
    call_fail_detail(call, 404, "Resource not found", "There is no API hosted at this URL");
}

static void fail_removed(Call *call)
{
    static const char url[] =
        "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770";
    json_t *body = json_pack("{s:s,s:{s:s,s:s,s:{s:s}},s:{s:s}}", "type", "error", "error",
                             "message", "CHANGE-2770 - Functionality has been deprecated", "detail",
                             "Please read the changelog entry for more details.", "data",
                             "announcement_url", url, "data", "announcement_url", url);
    call_answer_json(call, 410, body);
    json_decref(body);
}

const Route *routes_match(Call *call)
{
    gboolean elsewhere = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(routes); i++) {
        const Route *route = &routes[i];
        if (!match_pattern(call, route->pattern))
            continue;
        gboolean head = g_str_equal(call->method, "HEAD") && g_str_equal(route->method, "GET");
        if (!head && !g_str_equal(route->method, call->method)) {
            elsewhere = TRUE;
            continue;
        }
        if ((route->flags & ROUTE_SLASH) != 0 && !call->slash)
            break;
        return route;
    }
    for (guint i = 0; i < G_N_ELEMENTS(removed); i++) {
        if (match_pattern(call, removed[i])) {
            fail_removed(call);
            return NULL;
        }
    }
    if (elsewhere)
        call_fail(call, 405, "Method not allowed");
    else
        fail_no_route(call);
    return NULL;
}

/* ---- checks ---- */

static void describe_credential(Call *call, const Route *route)
{
    const Token *token = call->token;
    gboolean api = token->kind == TOKEN_API;
    g_autofree char *granted = g_strjoinv(", ", (char **) token->scopes);
    g_auto(GStrv) accepted = scopes_spell(api ? route->api : route->oauth, api);
    g_autofree char *accepted_text = g_strjoinv(", ", accepted);
    call_header(call, "x-credential-type", token_type(token));
    call_header(call, "x-oauth-scopes", granted);
    call_header(call, "x-accepted-oauth-scopes", accepted_text);
}

static gboolean spend(Call *call)
{
    gboolean scaled =
        call->segments->len > 1 && g_str_equal(call->segments->pdata[1], "repositories");
    guint left, quota = call->sandbox->quota;
    gboolean allowed = tokens_spend(call->sandbox->tokens, call->token,
                                    scaled ? QUOTA_REPOSITORIES : QUOTA_OTHER, &left);
    if (scaled && quota > 0 && token_is_access_token(call->token)) {
        g_autofree char *limit = g_strdup_printf("%u", quota);
        call_header(call, "X-RateLimit-Limit", limit);
        call_header(call, "X-RateLimit-Resource", "api");
        call_header(call, "X-RateLimit-NearLimit", left < quota / 5 ? "true" : "false");
    }
    if (!allowed)
        call_answer_text(call, 429, "text/plain", "Rate limit for this resource has been exceeded");
    return allowed;
}

static gboolean check_scope(Call *call, const Route *route)
{
    gboolean api = call->token->kind == TOKEN_API;
    const char *required = api ? route->api : route->oauth;
    const char *const *granted = call->token->scopes;
    if (scopes_suffice(granted, required, api))
        return TRUE;
    g_auto(GStrv) spelled = scopes_spell(required, api);
    call_fail_scope(call, (const char *const *) spelled, granted);
    return FALSE;
}

static void redirect_to_new_address(Call *call)
{
    const Place *place = call_place(call);
    GString *url = g_string_new(call->sandbox->api);
    g_string_append_printf(url, "/repositories/%s", place->full_name);
    for (guint i = 4; i < call->segments->len; i++) {
        g_autofree char *segment = g_uri_escape_string(call->segments->pdata[i], NULL, FALSE);
        g_string_append_printf(url, "/%s", segment);
    }
    if (call->slash)
        g_string_append_c(url, '/');
    if (call->query[0] != '\0')
        g_string_append_printf(url, "?%s", call->query);
    call_header(call, "Location", url->str);
    g_string_free(url, TRUE);
    call_answer_text(call, 301, "text/html; charset=utf-8", "");
}

/* What is out of reach does not exist. */
static gboolean check_reach(Call *call, const Route *route)
{
    Sandbox *sandbox = call->sandbox;
    if ((route->flags & ROUTE_REPOSITORY) != 0) {
        gboolean former;
        call->repository = sandbox_find(sandbox, call->params[0], call->params[1], &former);
        const Place *place = call->repository >= 0 ? call_place(call) : NULL;
        if (place == NULL || place->gone || !token_reaches(call->token, sandbox, place)) {
            call_fail_repository(call);
            return FALSE;
        }
        if (former) {
            redirect_to_new_address(call);
            return FALSE;
        }
        return TRUE;
    }
    if ((route->flags & ROUTE_WORKSPACE) != 0 && !sandbox_is_workspace(sandbox, call->params[0])) {
        g_autofree char *message =
            g_strdup_printf("No workspace with identifier '%s'.", call->params[0]);
        call_fail(call, 404, message);
        return FALSE;
    }
    return TRUE;
}

/* Histories are made before the company is locked for reading, since that writes. */
static gboolean make_history(Call *call, const Route *route)
{
    Company *company = call->sandbox->company;
    gboolean all = (route->flags & ROUTE_ALL_HASHES) != 0;
    if (company == NULL || (!all && (route->flags & ROUTE_HASHES) == 0))
        return TRUE;
    guint first = all ? 0 : (guint) call->repository;
    guint last = all ? call->sandbox->n_places : first + 1;
    for (guint i = first; i < last; i++) {
        g_autoptr(GError) error = NULL;
        const char *path;
        if (!company_repository_git(company, i, &path, &error)) {
            call_fail_detail(call, 500, "The sandbox could not make the repository's history",
                             error->message);
            return FALSE;
        }
    }
    return TRUE;
}

static void answer_route(Call *call, const Route *route)
{
    if (!make_history(call, route))
        return;
    if (call->sandbox->company == NULL) {
        if ((route->flags & ROUTE_SHARED) != 0)
            route->answer(call);
        else
            replay_answer(call);
        return;
    }
    company_read_lock(call->sandbox->company);
    route->answer(call);
    company_read_unlock(call->sandbox->company);
}

void routes_answer(Call *call)
{
    const Route *route = routes_match(call);
    call->route = route;
    gboolean public = route != NULL && (route->flags & ROUTE_PUBLIC) != 0;
    if (!public && !tokens_authenticate(call->sandbox->tokens, call, FALSE)) {
        counts_add(call->sandbox->counts, call);
        return;
    }
    counts_add(call->sandbox->counts, call);
    if (route == NULL)
        return;
    if (!public) {
        describe_credential(call, route);
        if (!spend(call))
            return;
    }
    g_autoptr(FaultList) faults = faults_begin(call->sandbox->faults, call);
    if (faults_answer(faults, call))
        return;
    if ((public || check_scope(call, route)) && check_reach(call, route))
        answer_route(call, route);
    faults_end(faults, call);
}
