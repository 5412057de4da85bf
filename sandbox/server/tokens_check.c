/* Reading credentials, and giving out OAuth tokens. */
#include "tokens_inside.h"

#include <string.h>

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
    Token *token = tokens_add(tokens, name, TOKEN_OAUTH, client->account, scopes, client->reach);
    g_mutex_lock(&tokens->lock);
    token->expires_at = sandbox_now(tokens->sandbox) + HOUR;
    g_mutex_unlock(&tokens->lock);
    json_t *body =
        json_pack("{s:s,s:s,s:i,s:s,s:s}", "access_token", token->secret, "token_type", "bearer",
                  "expires_in", 3600, "scope", scopes, "state", "client_credentials");
    call_answer_json(call, 200, body);
    json_decref(body);
}
