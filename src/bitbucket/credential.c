#include "bitbucket/credential.h"

#include <string.h>

#define COPY_AGAIN                                                                                 \
    "It may be copied in part, have expired or been revoked: copy it again, whole, or "
#define MAKE_NEW(where)                                                                            \
    COPY_AGAIN "create a new " where                                                               \
               " access token with the scopes repository and pullrequest (" where                  \
               " settings, Security, Access tokens)."

static const struct {
    const char *name, *title, *advice;
    const char *header; /* x-credential-type; NULL: not known */
} KINDS[] = {
    [CREDENTIAL_REPOSITORY_TOKEN] = {"repository-token", "repository access token",
                                     MAKE_NEW("repository"), "repo_access_token"},
    [CREDENTIAL_PROJECT_TOKEN] = {"project-token", "project access token", MAKE_NEW("project"),
                                  "project_access_token"},
    [CREDENTIAL_WORKSPACE_TOKEN] = {"workspace-token", "workspace access token",
                                    MAKE_NEW("workspace"), "workspace_access_token"},
    [CREDENTIAL_API_TOKEN] =
        {"api-token", "API token",
         "Check the e-mail address, and that the token was created for the app Bitbucket with the "
         "scopes read:repository:bitbucket and read:pullrequest:bitbucket; API tokens expire after "
         "at most a year and a token without scopes is refused.",
         NULL},
    [CREDENTIAL_APP_PASSWORD] = {"app-password", "app password",
                                 "Bitbucket has switched app passwords off (28 July 2026). Use an "
                                 "API token (your Atlassian e-mail address and the token) or a "
                                 "repository, project or workspace access token instead.",
                                 NULL},
    [CREDENTIAL_OAUTH_CLIENT] =
        {"oauth-client", "OAuth consumer",
         "Check the consumer's key and secret, and that it is a private consumer of the workspace "
         "with the permissions Repositories: Read and Pull requests: Read.",
         NULL},
};

/* How secrets begin, and what to say when one was given as something else. The beginning itself is
 * not said: log_redact takes it for a secret. */
static const struct {
    const char *prefix, *sentence;
} BEGINNINGS[] = {
    {"ATATT",
     "It looks like an API token: choose the kind API token, and give the e-mail address of "
     "its owner."},
    {"ATCTT",
     "It looks like an access token: choose the kind repository, project or workspace access "
     "token, whichever it was made for."},
    {"ATBB",
     "It looks like an app password, and Bitbucket has switched those off (28 July 2026): make "
     "an access token or an API token instead."},
};

const char *credential_kind_name(CredentialKind kind)
{
    return (gsize) kind < G_N_ELEMENTS(KINDS) ? KINDS[kind].name : "unknown";
}

const char *credential_kind_title(CredentialKind kind)
{
    return (gsize) kind < G_N_ELEMENTS(KINDS) ? KINDS[kind].title : "credential";
}

const char *credential_advice(CredentialKind kind)
{
    return (gsize) kind < G_N_ELEMENTS(KINDS) ? KINDS[kind].advice : "";
}

const char *credential_mistaken(const Credential *credential)
{
    if (credential->kind == CREDENTIAL_APP_PASSWORD || credential->kind == CREDENTIAL_OAUTH_CLIENT)
        return NULL;
    const char *own = credential->kind == CREDENTIAL_API_TOKEN ? "ATATT" : "ATCTT";
    for (gsize i = 0; i < G_N_ELEMENTS(BEGINNINGS); i++)
        if (g_str_has_prefix(credential->secret, BEGINNINGS[i].prefix) &&
            !g_str_equal(BEGINNINGS[i].prefix, own))
            return BEGINNINGS[i].sentence;
    return NULL;
}

gboolean credential_kind_from_header(const char *type, CredentialKind *ret_kind)
{
    for (gsize i = 0; type != NULL && i < G_N_ELEMENTS(KINDS); i++) {
        if (g_strcmp0(type, KINDS[i].header) != 0)
            continue;
        *ret_kind = (CredentialKind) i;
        return TRUE;
    }
    return FALSE;
}

gboolean credential_kind_from_name(const char *name, CredentialKind *ret_kind)
{
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(KINDS); i++) {
        if (strcmp(name, KINDS[i].name) != 0)
            continue;
        *ret_kind = (CredentialKind) i;
        return TRUE;
    }
    return FALSE;
}

gboolean credential_is_personal(CredentialKind kind)
{
    return kind == CREDENTIAL_API_TOKEN || kind == CREDENTIAL_APP_PASSWORD;
}

static gboolean has_account(CredentialKind kind)
{
    return credential_is_personal(kind) || kind == CREDENTIAL_OAUTH_CLIENT;
}

static gboolean fits_header(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            return FALSE;
    return strlen(text) <= LIMIT_SECRET;
}

gboolean credential_check_form(const Credential *credential, GError **error)
{
    const char *title = credential_kind_title(credential->kind);
    const char *problem = NULL;
    if ((gsize) credential->kind >= G_N_ELEMENTS(KINDS))
        problem = "is of a kind that Plumbline does not know";
    else if (credential->secret == NULL || *credential->secret == '\0')
        problem = "is empty";
    else if (!fits_header(credential->secret))
        problem = "has line breaks or control characters in it, or is too long";
    else if (has_account(credential->kind) &&
             (credential->account == NULL || *credential->account == '\0'))
        problem = credential->kind == CREDENTIAL_API_TOKEN
                      ? "needs the Atlassian e-mail address of its owner"
                      : "needs the user name or client id that it belongs to";
    else if (credential->account != NULL && !fits_header(credential->account))
        problem = "has an account name with control characters";
    else if (credential_is_personal(credential->kind) && strchr(credential->account, ':') != NULL)
        problem = "has an account name with a colon, which Basic authentication cannot carry";
    if (problem == NULL)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "The %s %s.", title, problem);
    return FALSE;
}

void credential_free_secret(char *text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

static char *basic_header(const char *account, const char *secret)
{
    char *pair = g_strconcat(account, ":", secret, NULL);
    char *encoded = g_base64_encode((const guchar *) pair, strlen(pair));
    char *header = g_strconcat("Authorization: Basic ", encoded, NULL);
    credential_free_secret(encoded);
    credential_free_secret(pair);
    return header;
}

char *credential_header(const Credential *credential, const char *bearer)
{
    if (credential_is_personal(credential->kind))
        return basic_header(credential->account, credential->secret);
    return g_strconcat("Authorization: Bearer ",
                       credential->kind == CREDENTIAL_OAUTH_CLIENT ? bearer : credential->secret,
                       NULL);
}

char *credential_client_header(const Credential *credential)
{
    return basic_header(credential->account, credential->secret);
}
