#include "bitbucket/scopes.h"

#include <string.h>

static const char *const API_NEEDED[] = {"read:repository:bitbucket", "read:pullrequest:bitbucket",
                                         NULL};
static const char *const API_USEFUL[] = {"read:user:bitbucket",        "read:workspace:bitbucket",
                                         "read:project:bitbucket",     "read:pipeline:bitbucket",
                                         "read:webhook:bitbucket",     "write:webhook:bitbucket",
                                         "delete:webhook:bitbucket",   "read:repository:bitbucket",
                                         "read:pullrequest:bitbucket", NULL};
static const char *const TOKEN_NEEDED[] = {"repository", "pullrequest", NULL};
static const char *const TOKEN_USEFUL[] = {"account",  "project", "repository", "pullrequest",
                                           "pipeline", "webhook", NULL};

/* Which scopes another one brings along, directly. */
static const struct {
    const char *scope, *implied;
} IMPLIED[] = {
    {"pullrequest", "repository"},
    {"pullrequest:write", "pullrequest"},
    {"pullrequest:write", "repository:write"},
    {"repository:write", "repository"},
    {"project", "repository"},
};

static gboolean is_api_family(CredentialKind kind)
{
    return kind == CREDENTIAL_API_TOKEN;
}

GStrv scopes_parse(const char *header)
{
    if (header == NULL)
        return NULL;
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit_set(header, ", ", 200);
    for (char **part = parts; *part != NULL; part++)
        if (**part != '\0')
            g_strv_builder_add(builder, *part);
    return g_strv_builder_end(builder);
}

/* Whether @scope itself or, through any chain of implications, another one of @present grants it.
 * The table has no circles. */
static gboolean is_granted(const char *scope, const char *const *present)
{
    if (g_strv_contains(present, scope))
        return TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(IMPLIED); i++)
        if (strcmp(IMPLIED[i].implied, scope) == 0 && is_granted(IMPLIED[i].scope, present))
            return TRUE;
    return FALSE;
}

GStrv scopes_missing(CredentialKind kind, const char *const *present)
{
    g_autoptr(GStrvBuilder) missing = g_strv_builder_new();
    const char *const *needed = is_api_family(kind) ? API_NEEDED : TOKEN_NEEDED;
    for (; *needed != NULL; needed++)
        if (!is_granted(*needed, present))
            g_strv_builder_add(missing, *needed);
    return g_strv_builder_end(missing);
}

GStrv scopes_unneeded(CredentialKind kind, const char *const *present)
{
    g_autoptr(GStrvBuilder) unneeded = g_strv_builder_new();
    const char *const *useful = is_api_family(kind) ? API_USEFUL : TOKEN_USEFUL;
    for (; *present != NULL; present++)
        if (!g_strv_contains(useful, *present))
            g_strv_builder_add(unneeded, *present);
    return g_strv_builder_end(unneeded);
}

const char *scopes_purpose(const char *scope)
{
    if (strstr(scope, "pullrequest") != NULL)
        return "pull requests and reviews";
    if (strstr(scope, "repository") != NULL)
        return "repositories and commits";
    return "part of what Plumbline shows";
}
