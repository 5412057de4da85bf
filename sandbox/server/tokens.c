#include "tokens_inside.h"

#include "times.h"

#include <string.h>

const TokenKindName token_kinds[] = {
    {TOKEN_WORKSPACE, "workspace-token", "workspace_access_token"},
    {TOKEN_PROJECT, "project-token", "project_access_token"},
    {TOKEN_REPOSITORY, "repository-token", "repo_access_token"},
    {TOKEN_API, "api-token", "api_token"},
    {TOKEN_APP_PASSWORD, "app-password", "apppassword"},
    {TOKEN_OAUTH_CLIENT, "oauth-client", "oauth2"},
    {TOKEN_OAUTH, "oauth-token", "oauth2"},
    {.name = NULL},
};

/* What the product needs, API-FACTS 1.3 */
#define API_SCOPES                                                                                 \
    "read:user:bitbucket read:workspace:bitbucket read:project:bitbucket "                         \
    "read:repository:bitbucket read:pullrequest:bitbucket read:pipeline:bitbucket "                \
    "read:webhook:bitbucket write:webhook:bitbucket delete:webhook:bitbucket"

static void token_free(gpointer data)
{
    Token *token = data;
    g_free(token->name);
    g_free(token->secret);
    g_free(token->reach);
    g_free(token);
}

static void usage_free(gpointer data)
{
    Usage *usage = data;
    for (guint i = 0; i < QUOTA_GROUPS; i++)
        g_queue_clear_full(&usage->times[i], g_free);
    g_free(usage);
}

Tokens *tokens_new(Sandbox *sandbox)
{
    Tokens *tokens = g_new0(Tokens, 1);
    tokens->sandbox = sandbox;
    tokens->tokens = g_ptr_array_new_with_free_func(token_free);
    tokens->scope_lists = g_ptr_array_new_with_free_func(g_free);
    tokens->by_secret = g_hash_table_new(g_str_hash, g_str_equal);
    tokens->usage = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, usage_free);
    g_mutex_init(&tokens->lock);
    return tokens;
}

void tokens_free(Tokens *tokens)
{
    g_hash_table_unref(tokens->by_secret);
    g_hash_table_unref(tokens->usage);
    g_ptr_array_unref(tokens->tokens);
    g_ptr_array_unref(tokens->scope_lists);
    g_mutex_clear(&tokens->lock);
    g_free(tokens);
}

const char *const *tokens_keep_scopes(Tokens *tokens, const char *text)
{
    g_auto(GStrv) scopes = g_strsplit_set(text, " ,", -1);
    guint n = g_strv_length(scopes), kept = 0;
    const char **list = g_new0(const char *, n + 1);
    for (guint i = 0; i < n; i++)
        if (scopes[i][0] != '\0')
            list[kept++] = g_intern_string(scopes[i]);
    g_mutex_lock(&tokens->lock);
    g_ptr_array_add(tokens->scope_lists, list);
    g_mutex_unlock(&tokens->lock);
    return (const char *const *) list;
}

static void resolve_reach(Token *token, Sandbox *sandbox)
{
    gboolean former;
    const char *slash = strchr(token->reach, '/');
    if (g_str_has_prefix(token->reach, "project:")) {
        token->reach_kind = REACH_PROJECT;
    } else if (slash != NULL) {
        token->reach_repository =
            sandbox_find(sandbox, sandbox->workspace_slug, slash + 1, &former);
        if (token->reach_repository >= 0)
            token->reach_kind = REACH_REPOSITORY;
    } else if (sandbox_is_workspace(sandbox, token->reach)) {
        token->reach_kind = REACH_WORKSPACE;
    }
}

Token *tokens_add(Tokens *tokens, const char *name, TokenKind kind, const char *account,
                  const char *scopes, const char *reach)
{
    Token *token = g_new0(Token, 1);
    token->name = g_strdup(name);
    token->kind = kind;
    token->account = account != NULL ? g_intern_string(account) : NULL;
    token->secret = sandbox_random_text(kind == TOKEN_API ? "ATATT3xFfGF0" : "ATCTT3xFfGF0", 32);
    token->scopes = tokens_keep_scopes(tokens, scopes);
    token->reach = g_strdup(reach);
    resolve_reach(token, tokens->sandbox);
    token->expires_at = NEVER;
    token->person = -1;
    g_autofree char *uuid = sandbox_random_uuid();
    g_strlcpy(token->uuid, uuid, sizeof token->uuid);
    g_autofree char *holder = kind == TOKEN_API ? g_strconcat("user:", account, NULL)
                              : kind == TOKEN_OAUTH || kind == TOKEN_OAUTH_CLIENT
                                  ? g_strconcat("consumer:", account, NULL)
                                  : g_strconcat("token:", name, NULL);
    token->holder = g_intern_string(holder);
    g_mutex_lock(&tokens->lock);
    g_ptr_array_add(tokens->tokens, token);
    g_hash_table_insert(tokens->by_secret, token->secret, token);
    g_mutex_unlock(&tokens->lock);
    return token;
}

gint tokens_find_owner(const Sandbox *sandbox, const char *mail)
{
    guint n = 0;
    const CompanyPerson *people =
        sandbox->company != NULL ? company_people(sandbox->company, &n) : NULL;
    for (guint i = 0; i < n; i++) {
        if (mail != NULL ? g_ascii_strcasecmp(people[i].email, mail) == 0
                         : people[i].is_admin && !people[i].is_bot && people[i].left_at == NEVER)
            return (gint) i;
    }
    return -1;
}

static Token *add_api(Tokens *tokens, const char *name, const char *scopes)
{
    const Sandbox *sandbox = tokens->sandbox;
    gint owner = tokens_find_owner(sandbox, NULL);
    guint n;
    const char *mail =
        owner >= 0 ? company_people(sandbox->company, &n)[owner].email : "reader@example.com";
    Token *token = tokens_add(tokens, name, TOKEN_API, mail, scopes, sandbox->workspace_slug);
    token->person = owner;
    return token;
}

void tokens_make_standard(Tokens *tokens)
{
    Sandbox *sandbox = tokens->sandbox;
    const char *workspace = sandbox->workspace_slug;
    const Place *first = &sandbox->places[0];
    g_autofree char *project =
        g_strconcat("project:", first->project_key != NULL ? first->project_key : "", NULL);

    tokens_add(tokens, "workspace", TOKEN_WORKSPACE, NULL, READ_SCOPES, workspace);
    tokens_add(tokens, "project", TOKEN_PROJECT, NULL,
               "project repository pullrequest pipeline webhook", project);
    tokens_add(tokens, "repository", TOKEN_REPOSITORY, NULL,
               "repository pullrequest pipeline webhook", first->full_name);
    tokens_add(tokens, "narrow", TOKEN_WORKSPACE, NULL, "account project repository", workspace);
    tokens_add(tokens, "expired", TOKEN_WORKSPACE, NULL, READ_SCOPES, workspace)->expires_at =
        sandbox_now(sandbox) - HOUR;
    tokens_add(tokens, "broad", TOKEN_WORKSPACE, NULL,
               READ_SCOPES " project:admin repository:write repository:admin repository:delete "
                           "pullrequest:write pipeline:write runner:write",
               workspace);
    add_api(tokens, "api", API_SCOPES);
    add_api(tokens, "api-narrow", "read:repository:bitbucket read:workspace:bitbucket");
    tokens_add(tokens, "app-password", TOKEN_APP_PASSWORD, "plumbline-reader",
               "repository pullrequest", workspace);
    g_autofree char *client = sandbox_random_text("", 9);
    tokens_add(tokens, "oauth", TOKEN_OAUTH_CLIENT, client, READ_SCOPES, workspace);
}

/* ---- describing ---- */

json_t *token_describe(Tokens *tokens, const Token *token)
{
    json_t *scopes = json_array();
    const char *const *granted = token->scopes;
    for (guint i = 0; granted[i] != NULL; i++)
        json_array_append_new(scopes, json_string(granted[i]));
    g_mutex_lock(&tokens->lock);
    gint64 expires_at = token->expires_at;
    g_mutex_unlock(&tokens->lock);
    char expires[TIMES_SIZE];
    times_format(expires_at == NEVER ? 0 : expires_at, expires);
    const char *kind = NULL;
    for (guint i = 0; token_kinds[i].name != NULL; i++)
        if (token_kinds[i].kind == token->kind)
            kind = token_kinds[i].name;
    return json_pack("{s:s,s:s,s:s?,s:s,s:o,s:s,s:s?}", "name", token->name, "kind", kind,
                     "account", token->account, "secret", token->secret, "scopes", scopes, "reach",
                     token->reach, "expires", expires_at == NEVER ? NULL : expires);
}

json_t *tokens_describe(Tokens *tokens)
{
    json_t *list = json_array();
    for (guint i = 0; i < tokens->tokens->len; i++)
        json_array_append_new(list, token_describe(tokens, tokens->tokens->pdata[i]));
    return list;
}

gboolean token_is_access_token(const Token *token)
{
    return token->kind == TOKEN_WORKSPACE || token->kind == TOKEN_PROJECT ||
           token->kind == TOKEN_REPOSITORY;
}

const char *token_type(const Token *token)
{
    for (guint i = 0; token_kinds[i].name != NULL; i++)
        if (token_kinds[i].kind == token->kind)
            return token_kinds[i].type;
    return NULL;
}

gboolean token_reaches(const Token *token, const Sandbox *sandbox, const Place *place)
{
    switch (token->reach_kind) {
    case REACH_WORKSPACE:
        return TRUE;
    case REACH_PROJECT:
        return g_strcmp0(token->reach + strlen("project:"), place->project_key) == 0;
    case REACH_REPOSITORY:
        return place == &sandbox->places[token->reach_repository];
    default:
        return FALSE;
    }
}
