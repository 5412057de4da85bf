/* The OAuth token that all workers share, and the credential as git wants it. */
#include "bitbucket/client_private.h"

#include "bitbucket/retry.h"

#include <string.h>

/* Tries as often as any request; the token's lock is held. */
static gboolean renew(BitbucketClient *client, const char *subject, GError **error)
{
    for (guint retries = 0;; retries++) {
        g_autoptr(GError) failure = NULL;
        if (oauth_token_renew(&client->token, client->engine, &client->base, &client->credential,
                              client->request_timeout_ms, client->clock.now(client->clock.data),
                              &failure))
            return TRUE;
        if (error_is(failure, PLUMBLINE_ERROR_CANCELLED))
            return client_fail_cancelled(subject, error);
        if (error_is(failure, PLUMBLINE_ERROR_CREDENTIAL_REJECTED) || retries >= client->retries) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return FALSE;
        }
        g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
        if (!client_rest(client, retry_backoff(client->backoff_ms, retries + 1,
                                               client->clock.random(client->clock.data))))
            return client_fail_cancelled(subject, error);
    }
}

char *client_bearer(BitbucketClient *client, const char *stale, const char *subject, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->token_lock);
    gboolean fresh = client->token.bearer != NULL &&
                     client->clock.now(client->clock.data) < client->token.renew_at &&
                     g_strcmp0(stale, client->token.bearer) != 0;
    if (!fresh && !renew(client, subject, error))
        return NULL;
    return g_strdup(client->token.bearer);
}

gboolean bitbucket_client_git_login(BitbucketClient *client, const char **ret_user,
                                    char **ret_secret, GError **error)
{
    const Credential *credential = &client->credential;
    if (credential->kind == CREDENTIAL_OAUTH_CLIENT) {
        char *bearer = client_bearer(client, NULL, "a token for git", error);
        if (bearer == NULL)
            return FALSE;
        *ret_user = "x-token-auth";
        *ret_secret = bearer;
        return TRUE;
    }
    if (credential->kind == CREDENTIAL_API_TOKEN)
        *ret_user = "x-bitbucket-api-token-auth";
    else if (credential->kind == CREDENTIAL_APP_PASSWORD)
        *ret_user = credential->account;
    else
        *ret_user = "x-token-auth";
    *ret_secret = g_strdup(credential->secret);
    return TRUE;
}
