/* What counts as a release of a repository. */
#include "measure/measure.h"

#include <string.h>

static const struct {
    const char *name, *words;
    gboolean on_merge, on_pipeline;
} KINDS[RELEASE_KIND_COUNT] = {
    [RELEASE_BY_DEPLOYMENTS] = {"deployments", "only a deployment to production is a release",
                                FALSE, FALSE},
    [RELEASE_BY_PIPELINES] = {"pipelines",
                              "each pipeline on the main branch is a release where no deployment "
                              "is known",
                              FALSE, TRUE},
    [RELEASE_BY_MERGES] = {"merge",
                           "each merge into the main branch is a release where no deployment is "
                           "known",
                           TRUE, FALSE},
};

const char *release_kind_name(ReleaseKind kind)
{
    return KINDS[kind].name;
}

const char *release_kind_words(ReleaseKind kind)
{
    return KINDS[kind].words;
}

gboolean release_kind_from_name(const char *name, ReleaseKind *ret_kind)
{
    for (guint kind = 0; kind < RELEASE_KIND_COUNT; kind++)
        if (g_strcmp0(KINDS[kind].name, name) == 0) {
            *ret_kind = (ReleaseKind) kind;
            return TRUE;
        }
    return FALSE;
}

ReleaseKind release_kind_of(const StoreRepository *repository)
{
    return repository->release_on_merge      ? RELEASE_BY_MERGES
           : repository->release_on_pipeline ? RELEASE_BY_PIPELINES
                                             : RELEASE_BY_DEPLOYMENTS;
}

const char *delivery_source_title(DeliverySource source)
{
    static const char *const TITLES[] = {
        [DELIVERY_UNKNOWN] = "nothing",
        [DELIVERY_DEPLOYMENTS] = "deployments",
        [DELIVERY_PIPELINES] = "pipelines",
        [DELIVERY_MERGES] = "merges",
    };
    return TITLES[source];
}

/* git-check-ref-format's rules, of which the shell's characters are the ones that people meet. */
gboolean release_branch_fits(const char *name)
{
    gsize length = strlen(name);
    if (length == 0 || length > LIMIT_NAME || *name == '-' || *name == '/' || *name == '.' ||
        name[length - 1] == '/' || name[length - 1] == '.' || g_str_has_suffix(name, ".lock") ||
        g_str_equal(name, "@") || !g_utf8_validate(name, -1, NULL))
        return FALSE;
    for (const char *c = name; *c != '\0'; c++)
        if ((guchar) *c <= ' ' || *c == 0x7f || strchr("~^:?*[\\", *c) != NULL)
            return FALSE;
    return strstr(name, "..") == NULL && strstr(name, "//") == NULL && strstr(name, "@{") == NULL &&
           strstr(name, "/.") == NULL && strstr(name, ".lock/") == NULL;
}

gboolean release_matches(const StoreRepository *repository, const char *pattern)
{
    return g_pattern_match_simple(pattern, repository->full_name) ||
           g_pattern_match_simple(pattern, repository->slug) ||
           (repository->project_key != NULL &&
            g_pattern_match_simple(pattern, repository->project_key));
}

gboolean release_set(StoreTx *tx, gint64 workspace_id, const GPtrArray *repositories,
                     const char *pattern, ReleaseKind kind, guint *matching, guint *changed,
                     GError **error)
{
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (!release_matches(repository, pattern))
            continue;
        (*matching)++;
        *changed += release_kind_of(repository) != kind;
        if (!store_set_release(tx, workspace_id, repository->repository_id, KINDS[kind].on_merge,
                               KINDS[kind].on_pipeline, error))
            return FALSE;
    }
    return TRUE;
}
