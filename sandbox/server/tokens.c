#include "tokens.h"

#include "times.h"

#include <string.h>

#define HOUR (G_GINT64_CONSTANT(3600) * G_USEC_PER_SEC)

/* When the requests of the last hour were made; oldest first, monotonic µs. */
typedef struct {
    GQueue times[QUOTA_GROUPS];
} Usage;

struct Tokens {
    Sandbox *sandbox;
    GMutex lock;
    GPtrArray *tokens;      /* Token */
    GPtrArray *scope_lists; /* every list ever granted */
    GHashTable *by_secret;
    GHashTable *usage; /* holder → Usage */
};

static const struct {
    TokenKind kind;
    const char *name, *type;
} kinds[] = {
    {TOKEN_WORKSPACE, "workspace-token", "workspace_access_token"},
    {TOKEN_PROJECT, "project-token", "project_access_token"},
    {TOKEN_REPOSITORY, "repository-token", "repo_access_token"},
    {TOKEN_API, "api-token", "api_token"},
    {TOKEN_APP_PASSWORD, "app-password", "apppassword"},
    {TOKEN_OAUTH_CLIENT, "oauth-client", "oauth2"},
    {TOKEN_OAUTH, "oauth-token", "oauth2"},
};

/* What the product needs, API-FACTS 1.3 */
#define READ_SCOPES "account project repository pullrequest pipeline webhook"
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

/* Kept to the end, so that a request that reads the old list while it is replaced is safe. */
static const char *const *keep_scopes(Tokens *tokens, const char *text)
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

static Token *add(Tokens *tokens, const char *name, TokenKind kind, const char *account,
                  const char *scopes, const char *reach)
{
    Token *token = g_new0(Token, 1);
    token->name = g_strdup(name);
    token->kind = kind;
    token->account = account != NULL ? g_intern_string(account) : NULL;
    token->secret = sandbox_random_text(kind == TOKEN_API ? "ATATT3xFfGF0" : "ATCTT3xFfGF0", 32);
    token->scopes = keep_scopes(tokens, scopes);
    token->reach = g_strdup(reach);
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

/* Somebody who may hold an API token: an administrator who is still there. */
static gint find_owner(const Sandbox *sandbox, const char *mail)
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
    gint owner = find_owner(sandbox, NULL);
    guint n;
    const char *mail =
        owner >= 0 ? company_people(sandbox->company, &n)[owner].email : "reader@example.com";
    Token *token = add(tokens, name, TOKEN_API, mail, scopes, sandbox->workspace_slug);
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

    add(tokens, "workspace", TOKEN_WORKSPACE, NULL, READ_SCOPES, workspace);
    add(tokens, "project", TOKEN_PROJECT, NULL, "project repository pullrequest pipeline webhook",
        project);
    add(tokens, "repository", TOKEN_REPOSITORY, NULL, "repository pullrequest pipeline webhook",
        first->full_name);
    add(tokens, "narrow", TOKEN_WORKSPACE, NULL, "account project repository", workspace);
    add(tokens, "expired", TOKEN_WORKSPACE, NULL, READ_SCOPES, workspace)->expires_at =
        sandbox_now(sandbox) - HOUR;
    add(tokens, "broad", TOKEN_WORKSPACE, NULL,
        READ_SCOPES " project:admin repository:write repository:admin repository:delete "
                    "pullrequest:write pipeline:write runner:write",
        workspace);
    add_api(tokens, "api", API_SCOPES);
    add_api(tokens, "api-narrow", "read:repository:bitbucket read:workspace:bitbucket");
    add(tokens, "app-password", TOKEN_APP_PASSWORD, "plumbline-reader", "repository pullrequest",
        workspace);
    g_autofree char *client = sandbox_random_text("", 9);
    add(tokens, "oauth", TOKEN_OAUTH_CLIENT, client, READ_SCOPES, workspace);
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
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].kind == token->kind)
            kind = kinds[i].name;
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
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (kinds[i].kind == token->kind)
            return kinds[i].type;
    return NULL;
}

gboolean token_reaches(const Token *token, const Sandbox *sandbox, const Place *place)
{
    if (g_str_has_prefix(token->reach, "project:"))
        return g_strcmp0(token->reach + strlen("project:"), place->project_key) == 0;
    if (strchr(token->reach, '/') != NULL)
        return g_str_equal(token->reach, place->full_name);
    return TRUE;
}

/* ---- changing, for the control address ---- */

static Token *find(Tokens *tokens, const char *name)
{
    for (guint i = 0; i < tokens->tokens->len; i++) {
        Token *token = tokens->tokens->pdata[i];
        if (g_str_equal(token->name, name))
            return token;
    }
    return NULL;
}

static gboolean read_expiry(const Sandbox *sandbox, const json_t *wanted, gint64 *ret_at)
{
    const json_t *expires = json_object_get(wanted, "expires");
    if (json_is_null(expires) || expires == NULL) {
        *ret_at = NEVER;
        return TRUE;
    }
    return json_is_string(expires) && times_parse(json_string_value(expires), ret_at);
}

static char *read_scopes(const json_t *wanted)
{
    const json_t *scopes = json_object_get(wanted, "scopes");
    if (!json_is_array(scopes))
        return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    size_t index;
    json_t *scope;
    json_array_foreach(scopes, index, scope)
    {
        if (!json_is_string(scope))
            return NULL;
        g_string_append_printf(text, "%s ", json_string_value(scope));
    }
    return g_strdup(text->str);
}

static Token *make(Tokens *tokens, const json_t *wanted, const char *scopes,
                   const char **ret_message)
{
    const Sandbox *sandbox = tokens->sandbox;
    const char *name = json_string_value(json_object_get(wanted, "name"));
    const char *kind = json_string_value(json_object_get(wanted, "kind"));
    const char *reach = json_string_value(json_object_get(wanted, "reach"));
    const char *account = json_string_value(json_object_get(wanted, "account"));
    guint i = 0;
    while (i < G_N_ELEMENTS(kinds) && g_strcmp0(kinds[i].name, kind) != 0)
        i++;
    if (i == G_N_ELEMENTS(kinds)) {
        *ret_message = "a new token needs a kind";
        return NULL;
    }
    gint owner = kinds[i].kind == TOKEN_API ? find_owner(sandbox, account) : -1;
    if (kinds[i].kind == TOKEN_API && sandbox->company != NULL) {
        if (owner < 0) {
            *ret_message = "an API token's account is the mail address of somebody in the company";
            return NULL;
        }
        guint n;
        account = company_people(sandbox->company, &n)[owner].email;
    }
    Token *token =
        add(tokens, name, kinds[i].kind, account != NULL ? account : name,
            scopes != NULL ? scopes : READ_SCOPES, reach != NULL ? reach : sandbox->workspace_slug);
    token->person = owner;
    return token;
}

const Token *tokens_put(Tokens *tokens, const json_t *wanted, const char **ret_message)
{
    const char *name = json_string_value(json_object_get(wanted, "name"));
    gint64 expires_at;
    if (name == NULL || !read_expiry(tokens->sandbox, wanted, &expires_at)) {
        *ret_message = name == NULL ? "a token needs a name" : "expires is a date-time or null";
        return NULL;
    }
    g_autofree char *scopes = read_scopes(wanted);
    g_mutex_lock(&tokens->lock);
    Token *token = find(tokens, name);
    g_mutex_unlock(&tokens->lock);
    gboolean existed = token != NULL;
    if (token == NULL)
        token = make(tokens, wanted, scopes, ret_message);
    else if (scopes != NULL)
        token->scopes = keep_scopes(tokens, scopes);
    if (token == NULL)
        return NULL;
    if (!existed || json_object_get(wanted, "expires") != NULL) {
        g_mutex_lock(&tokens->lock);
        token->expires_at = expires_at;
        g_mutex_unlock(&tokens->lock);
    }
    return token;
}

/* ---- checking ---- */

/* The answer to a wrong Basic credential has no body worth reading. */
static gboolean refuse_basic(Call *call)
{
    call_header(call, "WWW-Authenticate", "Basic realm=\"Bitbucket.org HTTP\"");
    call_answer_text(call, 401, "text/html; charset=utf-8", "");
    return FALSE;
}

static gboolean refuse_bearer(Call *call, const char *message)
{
    call_header(call, "WWW-Authenticate", "Bearer realm=\"Bitbucket.org HTTP\"");
    call_fail(call, 401, message);
    return FALSE;
}

#define BAD_TOKEN     "Token is invalid, expired, or not supported for this endpoint."
#define EXPIRED_OAUTH "Access token expired. Use your refresh token to obtain a new access token."

static const Token *look_up(Tokens *tokens, const char *secret, gboolean *ret_expired)
{
    gint64 now = sandbox_now(tokens->sandbox);
    g_mutex_lock(&tokens->lock);
    const Token *token = g_hash_table_lookup(tokens->by_secret, secret);
    *ret_expired = token != NULL && token->expires_at <= now;
    g_mutex_unlock(&tokens->lock);
    return token;
}

/* "user:secret" out of Basic; NULL. */
static char *decode_basic(const char *authorization)
{
    if (g_ascii_strncasecmp(authorization, "Basic ", 6) != 0)
        return NULL;
    g_autofree char *encoded = g_strstrip(g_strdup(authorization + 6));
    if (encoded[0] == '\0')
        return NULL;
    gsize length;
    g_autofree guchar *bytes = g_base64_decode(encoded, &length);
    if (memchr(bytes, '\0', length) != NULL)
        return NULL;
    g_autofree char *pair = g_strndup((const char *) bytes, length);
    return strchr(pair, ':') != NULL ? g_steal_pointer(&pair) : NULL;
}

static gboolean bearer_is_good(const Token *token)
{
    return token_is_access_token(token) || token->kind == TOKEN_OAUTH;
}

static gboolean basic_is_good(const Tokens *tokens, const Token *token, const char *user,
                              gboolean git)
{
    if (token->kind == TOKEN_API) {
        if (!git)
            return g_ascii_strcasecmp(user, token->account) == 0;
        guint n;
        const char *nickname =
            token->person >= 0
                ? company_people(tokens->sandbox->company, &n)[token->person].nickname
                : NULL;
        return g_str_equal(user, "x-bitbucket-api-token-auth") || g_strcmp0(user, nickname) == 0;
    }
    return git && bearer_is_good(token) && g_str_equal(user, "x-token-auth");
}

gboolean tokens_authenticate(Tokens *tokens, Call *call, gboolean git)
{
    const char *authorization = call->authorization != NULL ? call->authorization : "";
    gboolean expired = FALSE;
    if (g_ascii_strncasecmp(authorization, "Bearer ", 7) == 0) {
        g_autofree char *secret = g_strstrip(g_strdup(authorization + 7));
        const Token *token = look_up(tokens, secret, &expired);
        if (token == NULL || !bearer_is_good(token))
            return refuse_bearer(call, BAD_TOKEN);
        if (expired)
            return refuse_bearer(call, token->kind == TOKEN_OAUTH ? EXPIRED_OAUTH : BAD_TOKEN);
        call->token = token;
        return TRUE;
    }
    g_autofree char *pair = decode_basic(authorization);
    if (pair == NULL)
        return git || authorization[0] != '\0' ? refuse_basic(call)
                                               : refuse_bearer(call, BAD_TOKEN);
    char *secret = strchr(pair, ':');
    *secret++ = '\0';
    const Token *token = look_up(tokens, secret, &expired);
    if (token == NULL || expired || !basic_is_good(tokens, token, pair, git))
        return refuse_basic(call);
    call->token = token;
    return TRUE;
}

void tokens_grant(Tokens *tokens, Call *call)
{
    g_autofree char *pair = call->authorization != NULL ? decode_basic(call->authorization) : NULL;
    g_autofree char *form = g_strndup((const char *) call->body->data, call->body->len);
    call_parse_arguments(call->arguments, form);
    char *secret = pair != NULL ? strchr(pair, ':') : NULL;
    if (secret != NULL)
        *secret++ = '\0';
    gboolean expired = FALSE;
    const Token *client = secret != NULL ? look_up(tokens, secret, &expired) : NULL;
    if (client == NULL || expired || client->kind != TOKEN_OAUTH_CLIENT ||
        !g_str_equal(client->account, pair)) {
        call_header(call, "WWW-Authenticate", "Basic realm=\"Bitbucket.org HTTP\"");
        json_t *body = json_pack("{s:s,s:s}", "error", "unauthorized_client", "error_description",
                                 "Invalid OAuth client credentials");
        call_answer_json(call, 401, body);
        json_decref(body);
        return;
    }
    if (g_strcmp0(call_argument(call, "grant_type"), "client_credentials") != 0) {
        json_t *body = json_pack("{s:s,s:s}", "error", "unsupported_grant_type",
                                 "error_description", "Only client_credentials is played here");
        call_answer_json(call, 400, body);
        json_decref(body);
        return;
    }
    g_autofree char *scopes = g_strjoinv(" ", (char **) client->scopes);
    g_autofree char *name = sandbox_random_text("oauth-", 4);
    Token *token = add(tokens, name, TOKEN_OAUTH, client->account, scopes, client->reach);
    g_mutex_lock(&tokens->lock);
    token->expires_at = sandbox_now(tokens->sandbox) + HOUR;
    g_mutex_unlock(&tokens->lock);
    json_t *body =
        json_pack("{s:s,s:s,s:i,s:s,s:s}", "access_token", token->secret, "token_type", "bearer",
                  "expires_in", 3600, "scope", scopes, "state", "client_credentials");
    call_answer_json(call, 200, body);
    json_decref(body);
}

/* ---- quota ---- */

static Usage *usage_of(Tokens *tokens, const char *holder)
{
    Usage *usage = g_hash_table_lookup(tokens->usage, holder);
    if (usage == NULL) {
        usage = g_new0(Usage, 1);
        for (guint i = 0; i < QUOTA_GROUPS; i++)
            g_queue_init(&usage->times[i]);
        g_hash_table_insert(tokens->usage, (gpointer) holder, usage);
    }
    return usage;
}

static void note(GQueue *times, gint64 now)
{
    gint64 *at = g_new(gint64, 1);
    *at = now;
    g_queue_push_tail(times, at);
}

gboolean tokens_spend(Tokens *tokens, const Token *token, QuotaGroup group, guint *ret_left)
{
    guint quota = tokens->sandbox->quota;
    *ret_left = quota;
    if (quota == 0)
        return TRUE;
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&tokens->lock);
    GQueue *times = &usage_of(tokens, token->holder)->times[group];
    while (!g_queue_is_empty(times) && *(gint64 *) g_queue_peek_head(times) <= now - HOUR)
        g_free(g_queue_pop_head(times));
    guint used = g_queue_get_length(times);
    if (used < quota)
        note(times, now);
    g_mutex_unlock(&tokens->lock);
    *ret_left = used < quota ? quota - used - 1 : 0;
    return used < quota;
}

gboolean tokens_set_used(Tokens *tokens, const char *name, guint used)
{
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&tokens->lock);
    const Token *token = find(tokens, name);
    for (guint group = 0; token != NULL && group < QUOTA_GROUPS; group++) {
        GQueue *times = &usage_of(tokens, token->holder)->times[group];
        g_queue_clear_full(times, g_free);
        for (guint i = 0; i < used; i++)
            note(times, now);
    }
    g_mutex_unlock(&tokens->lock);
    return token != NULL;
}
