/* Addresses and the headers that tell times: nothing outside the API base is ever covered by it,
 * and no pause is endless. The input is two lines: a Location or Retry-After, and what it refers
 * to. */
#include "bitbucket/retry.h"
#include "bitbucket/scopes.h"
#include "bitbucket/url.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void try_addresses(const char *text)
{
    ApiBase base;
    if (!api_base_init(&base, "https://api.bitbucket.org/2.0", NULL))
        g_assert_not_reached();
    g_autofree char *resolved = url_resolve("https://api.bitbucket.org/2.0/user?page=2", text);
    const char *candidates[] = {text, resolved};
    for (gsize i = 0; i < G_N_ELEMENTS(candidates); i++) {
        const char *url = candidates[i];
        if (url == NULL || !api_base_covers(&base, url))
            continue;
        g_autofree char *lower = g_ascii_strdown(url, -1);
        g_assert(g_str_has_prefix(lower, "https://api.bitbucket.org/2.0/") ||
                 g_str_has_prefix(lower, "https://api.bitbucket.org:/2.0/") ||
                 g_str_has_prefix(lower, "https://api.bitbucket.org:443/2.0/"));
        g_autofree char *path = g_strndup(url, strcspn(url, "?")); /* a query may hold anything */
        g_assert(strstr(path, "/../") == NULL);
    }
    api_base_clear(&base);
    ApiBase other;
    if (api_base_init(&other, text, NULL)) {
        g_assert(strcmp(other.scheme, "https") == 0 || other.loopback);
        api_base_clear(&other);
    }
    g_autofree char *clean = url_without_user(text);
    g_assert(clean == NULL || g_str_has_prefix(clean, "http"));
    g_autofree char *path = url_repository_path(text, NULL);
    g_assert(path == NULL || strspn(path, "/") == 0);
    (void) url_page_number(text);
}

static void try_headers(const char *text, const char *other)
{
    Duration pause = retry_after_rate_limit(text, other, 1795000000 * TIME_SECOND, 3, 0.5);
    g_assert(pause >= 0 && pause <= TIME_HOUR + TIME_SECOND);
    g_auto(GStrv) scopes = scopes_parse(text);
    g_auto(GStrv) missing =
        scopes_missing(CREDENTIAL_WORKSPACE_TOKEN, (const char *const *) scopes);
    g_auto(GStrv) unneeded = scopes_unneeded(CREDENTIAL_API_TOKEN, (const char *const *) scopes);
    g_assert(g_strv_length(missing) <= 2);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 4096)
        return 0;
    g_autofree char *text = g_strndup((const char *) data, size);
    char *line_end = strchr(text, '\n');
    if (line_end != NULL)
        *line_end = '\0';
    try_addresses(text);
    try_headers(text, line_end != NULL ? line_end + 1 : NULL);
    return 0;
}
