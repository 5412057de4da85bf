#include "bitbucket/oauth.h"

#include "bitbucket/credential.h"
#include "bitbucket/decode.h"
#include "bitbucket/retry.h"

#include <string.h>

#define LONGEST_LIFE_S G_GINT64_CONSTANT(604800) /* no promise is believed for more than a week */

void oauth_token_clear(OauthToken *token)
{
    credential_free_secret(token->bearer);
    *token = (OauthToken){0};
}

char *oauth_token_url(const ApiBase *base)
{
    const char *origin =
        strcmp(base->host, "api.bitbucket.org") == 0 ? "https://bitbucket.org" : base->origin;
    return g_strconcat(origin, "/site/oauth2/access_token", NULL);
}

static gboolean refuse(const HttpAnswer *answer, json_t *root, GError **error)
{
    if (answer->status == 429) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_UNAVAILABLE,
                            "Bitbucket hands out no OAuth tokens for now (429).");
        return FALSE;
    }
    if (retry_is_transient(answer->status)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_UNAVAILABLE,
                    "Bitbucket answered %ld when asked for an OAuth token.", answer->status);
        return FALSE;
    }
    g_autofree char *said = NULL;
    const char *description = json_string_value(json_member(root, "error_description"));
    if (description != NULL)
        said = snippet_of_bytes(description, strlen(description));
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CREDENTIAL_REJECTED,
                "Bitbucket gives no token to this OAuth consumer (it answered %ld%s%s). %s",
                answer->status, said != NULL ? ": " : "", said != NULL ? said : "",
                credential_advice(CREDENTIAL_OAUTH_CLIENT));
    return FALSE;
}

/* Renewed when a tenth of its life, at most a minute, is left. */
static gboolean take_token(OauthToken *token, json_t *root, UtcTime now, GError **error)
{
    const char *bearer = json_string_value(json_member(root, "access_token"));
    gint64 life = json_integer_value(json_member(root, "expires_in"));
    gboolean good = bearer != NULL && *bearer != '\0' && strlen(bearer) <= LIMIT_SECRET;
    for (const char *c = bearer; good && *c != '\0'; c++)
        good = g_ascii_isgraph(*c);
    if (!good) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_SHAPE,
                            "Bitbucket's answer to the token request holds no access token.");
        return FALSE;
    }
    life = CLAMP(life, 0, LONGEST_LIFE_S);
    if (life == 0)
        life = 3600;
    oauth_token_clear(token);
    token->bearer = g_strdup(bearer);
    token->renew_at = now + life * TIME_SECOND - MIN(life * TIME_SECOND / 10, TIME_MINUTE);
    log_add_secret(bearer);
    return TRUE;
}

gboolean oauth_token_renew(OauthToken *token, HttpEngine *engine, const ApiBase *base,
                           const Credential *credential, guint timeout_ms, UtcTime now,
                           GError **error)
{
    g_autofree char *url = oauth_token_url(base);
    char *authorization = credential_client_header(credential);
    HttpRequest request = {
        .url = url,
        .authorization = authorization,
        .form = "grant_type=client_credentials",
        .connect_timeout_ms = timeout_ms,
        .timeout_ms = timeout_ms,
        .direct = base->loopback,
    };
    g_auto(HttpAnswer) answer = {0};
    gboolean good = http_engine_perform(engine, &request, &answer, error);
    credential_free_secret(authorization);
    if (!good)
        return FALSE;
    json_t *root = json_document_read((const char *) answer.body.data, answer.body.length, NULL);
    good =
        answer.status == 200 ? take_token(token, root, now, error) : refuse(&answer, root, error);
    json_decref(root);
    buffer_wipe(&answer.body);
    return good;
}
