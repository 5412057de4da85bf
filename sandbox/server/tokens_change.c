/* Making and changing tokens, for the control address. */
#include "times.h"
#include "tokens_inside.h"

Token *tokens_find(Tokens *tokens, const char *name)
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
    while (token_kinds[i].name != NULL && g_strcmp0(token_kinds[i].name, kind) != 0)
        i++;
    if (token_kinds[i].name == NULL) {
        *ret_message = "a new token needs a kind";
        return NULL;
    }
    gint owner = token_kinds[i].kind == TOKEN_API ? tokens_find_owner(sandbox, account) : -1;
    if (token_kinds[i].kind == TOKEN_API && sandbox->company != NULL) {
        if (owner < 0) {
            *ret_message = "an API token's account is the mail address of somebody in the company";
            return NULL;
        }
        guint n;
        account = company_people(sandbox->company, &n)[owner].email;
    }
    Token *token = tokens_add(tokens, name, token_kinds[i].kind, account != NULL ? account : name,
                              scopes != NULL ? scopes : READ_SCOPES,
                              reach != NULL ? reach : sandbox->workspace_slug);
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
    Token *token = tokens_find(tokens, name);
    g_mutex_unlock(&tokens->lock);
    gboolean existed = token != NULL;
    if (token == NULL)
        token = make(tokens, wanted, scopes, ret_message);
    else if (scopes != NULL)
        token->scopes = tokens_keep_scopes(tokens, scopes);
    if (token == NULL)
        return NULL;
    if (!existed || json_object_get(wanted, "expires") != NULL) {
        g_mutex_lock(&tokens->lock);
        token->expires_at = expires_at;
        g_mutex_unlock(&tokens->lock);
    }
    return token;
}
