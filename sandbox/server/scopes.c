#include "scopes.h"

#include <string.h>

static const struct {
    const char *scope, *implied;
} implications[] = {
    {"project", "repository"},
    {"repository:write", "repository"},
    {"pullrequest", "repository"},
    {"pullrequest:write", "pullrequest"},
    {"pullrequest:write", "repository:write"},
};

static gboolean oauth_grants(const char *granted, const char *wanted)
{
    if (g_str_equal(granted, wanted))
        return TRUE;
    for (guint i = 0; i < G_N_ELEMENTS(implications); i++)
        if (g_str_equal(implications[i].scope, granted) &&
            oauth_grants(implications[i].implied, wanted))
            return TRUE;
    return FALSE;
}

char **scopes_spell(const char *required, gboolean api_token)
{
    char **scopes = g_strsplit(required, ",", -1);
    for (guint i = 0; api_token && scopes[i] != NULL; i++) {
        char *whole = g_strconcat(scopes[i], ":bitbucket", NULL);
        g_free(scopes[i]);
        scopes[i] = whole;
    }
    return scopes;
}

gboolean scopes_suffice(const char *const *granted, const char *required, gboolean api_token)
{
    if (required[0] == '\0')
        return TRUE;
    g_auto(GStrv) wanted = scopes_spell(required, api_token);
    for (guint i = 0; wanted[i] != NULL; i++) {
        gboolean found = FALSE;
        for (guint j = 0; granted[j] != NULL && !found; j++)
            found = api_token ? g_str_equal(granted[j], wanted[i])
                              : oauth_grants(granted[j], wanted[i]);
        if (!found)
            return FALSE;
    }
    return TRUE;
}
