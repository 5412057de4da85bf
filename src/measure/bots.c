#include "measure/bots.h"
#include <string.h>

#define BY_HAND "by hand"

/* Automation that does not call itself a bot. Compared whole, without regard to case. */
static const char *const KNOWN_NAMES[] = {
    "argocd",
    "atlantis",
    "bitbucket pipelines",
    "bitbucket-pipelines",
    "circleci",
    "codacy",
    "codecov",
    "coderabbit",
    "coderabbitai",
    "dangerci",
    "deepsource",
    "dependabot",
    "flux",
    "fluxcd",
    "github-actions",
    "greenkeeper",
    "jenkins",
    "jenkins ci",
    "jenkins-ci",
    "mend renovate",
    "mergify",
    "pre-commit-ci",
    "pyup",
    "qodo",
    "qodo merge",
    "release-please",
    "renovate",
    "semantic-release",
    "snyk",
    "sonarcloud",
    "sonarqube",
    "sonarqube cloud",
    "sourcery-ai",
    "travis",
    "travis-ci",
    "whitesource",
};

const char *const *bots_known_names(gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS(KNOWN_NAMES);
    return KNOWN_NAMES;
}

static gboolean is_boundary(char c)
{
    return c == '\0' || strchr(" -_./[]", c) != NULL;
}

/* "bot" as a word of its own: "release-bot", "renovate[bot]"; not "Abbott", "robot". */
static gboolean has_word_bot(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if (g_ascii_strncasecmp(at, "bot", 3) == 0 && (at == name || is_boundary(at[-1])) &&
            is_boundary(at[3]))
            return TRUE;
    return FALSE;
}

static gboolean is_known(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(KNOWN_NAMES); i++)
        if (g_ascii_strcasecmp(name, KNOWN_NAMES[i]) == 0)
            return TRUE;
    return FALSE;
}

const char *bots_judge(const char *kind, const char *display_name, const char *nickname,
                       const char *email)
{
    if (kind != NULL && (strcmp(kind, "app") == 0 || strcmp(kind, "app_user") == 0))
        return "the account belongs to an app or an access token";
    if (email != NULL) {
        gsize length = strlen(email), ending = strlen("@bots.bitbucket.org");
        if (length > ending &&
            g_ascii_strcasecmp(email + length - ending, "@bots.bitbucket.org") == 0)
            return "the address is one that Bitbucket gives to access tokens";
    }
    const char *names[] = {display_name, nickname};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (names[i] != NULL && has_word_bot(names[i]))
            return "the name has the word \"bot\"";
        if (names[i] != NULL && is_known(names[i]))
            return "the name is that of a well-known automation";
    }
    return NULL;
}

static gboolean fits(const char *pattern, const char *text)
{
    g_autofree char *folded = text == NULL ? NULL : g_utf8_casefold(text, -1);
    return folded != NULL && g_pattern_match_simple(pattern, folded);
}

const char *bots_match(const char *patterns, const char *display_name, const char *nickname,
                       const char *email)
{
    g_auto(GStrv) list = g_strsplit(patterns == NULL ? "" : patterns, ",", -1);
    for (gsize i = 0; list[i] != NULL; i++) {
        g_autofree char *pattern = g_utf8_casefold(g_strstrip(list[i]), -1);
        if (pattern[0] != '\0' &&
            (fits(pattern, display_name) || fits(pattern, nickname) || fits(pattern, email)))
            return "a pattern of the setting bots.patterns fits";
    }
    return NULL;
}

gboolean bots_is_by_hand(const char *reason)
{
    return reason != NULL && g_str_has_prefix(reason, BY_HAND);
}
