/* Whether the final answer is a success, and what a 401 is worth. */
#include "bitbucket/client_private.h"

#include <string.h>

/* An address that should work when the credential does: one that has, else the repository above the
 * one that failed. NULL: there is none. */
static char *probe_address(BitbucketClient *client, const char *failed)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&client->lock);
    if (client->known_good != NULL)
        return strcmp(client->known_good, failed) != 0 ? g_strdup(client->known_good) : NULL;
    g_autofree char *prefix = g_strconcat(client->base.text, "/repositories/", NULL);
    if (!g_str_has_prefix(failed, prefix))
        return NULL;
    const char *workspace_end = strchr(failed + strlen(prefix), '/');
    const char *repository_end = workspace_end != NULL ? strchr(workspace_end + 1, '/') : NULL;
    return repository_end != NULL ? g_strndup(failed, (gsize) (repository_end - failed)) : NULL;
}

/* API-FACTS 2.3: some addresses answer 401 although the credential is good. */
static gboolean credential_still_works(BitbucketClient *client, const ClientRequest *failed)
{
    g_auto(ClientRequest) probe = {
        .url = probe_address(client, failed->url),
        .subject = g_strdup("the confirmation of the credential"),
        .retries = G_MAXUINT,
    };
    if (probe.url == NULL)
        return FALSE;
    g_auto(ClientAnswer) answer = {0};
    return client_exchange(client, &probe, &answer, NULL) && answer.http.status != 401 &&
           answer.http.status < 500;
}

gboolean client_accept(BitbucketClient *client, const ClientRequest *request,
                       const ClientAnswer *answer, GError **error)
{
    long status = answer->http.status;
    if (status >= 200 && status < 300)
        return TRUE;
    if (status == 401 && credential_still_works(client, request)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                    "Bitbucket answered 401 for %s although the %s works elsewhere: this kind of "
                    "credential is not accepted there. It is left out for now.",
                    request->subject, credential_kind_title(client->credential.kind));
        return FALSE;
    }
    failure_describe(&client->credential, request->subject, status, answer->root, error);
    return FALSE;
}
