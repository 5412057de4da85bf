#include "cli/address.h"

#define LONGEST_ADDRESS 2048
#define LONGEST_PART    128

void repository_address_clear(RepositoryAddress *address)
{
    g_free(address->workspace);
    g_free(address->slug);
    g_free(address->full_name);
    g_free(address->api_base);
    g_free(address->git_base);
    *address = (RepositoryAddress){0};
}

static gboolean fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean fail(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, message);
    return FALSE;
}

gboolean address_is_loopback(const char *base, char **ret_origin)
{
    static const char *const HOSTS[] = {"127.0.0.1", "localhost", "[::1]"};
    for (gsize i = 0; i < G_N_ELEMENTS(HOSTS); i++) {
        g_autofree char *prefix = g_strconcat("http://", HOSTS[i], NULL);
        if (g_ascii_strncasecmp(base, prefix, strlen(prefix)) != 0)
            continue;
        const char *end = base + strlen(prefix);
        if (*end == ':')
            end += 1 + strspn(end + 1, "0123456789");
        if (*end != '\0' && *end != '/')
            continue;
        if (ret_origin != NULL)
            *ret_origin = g_strndup(base, (gsize) (end - base));
        return TRUE;
    }
    return FALSE;
}

/* A slug as Bitbucket makes them, or a uuid in braces. */
static gboolean is_part(const char *text)
{
    gsize length = strlen(text);
    if (length == 0 || length > LONGEST_PART || g_str_equal(text, ".") || g_str_equal(text, ".."))
        return FALSE;
    if (text[0] == '{')
        return length == 38 && text[37] == '}' && strspn(text + 1, "0123456789abcdefABCDEF-") == 36;
    return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
           length;
}

static gboolean take_path(const char *path, RepositoryAddress *ret_address, GError **error)
{
    g_autofree char *clean = g_strndup(path, strcspn(path, "?#"));
    g_auto(GStrv) parts = g_strsplit(clean, "/", 4);
    if (parts[0] == NULL || parts[0][0] == '\0')
        return fail(error, "the address names no repository; give it as "
                           "https://bitbucket.org/WORKSPACE/REPOSITORY");
    if (parts[1] == NULL || parts[1][0] == '\0')
        return fail(error,
                    "'%s' names a workspace, not a repository; give WORKSPACE/REPOSITORY, or "
                    "connect the whole workspace with 'plumbline connect --workspace'",
                    is_part(parts[0]) ? parts[0] : "the address");
    if (parts[2] == NULL && g_str_has_suffix(parts[1], ".git"))
        parts[1][strlen(parts[1]) - 4] = '\0';
    if (!is_part(parts[0]) || !is_part(parts[1]))
        return fail(error, "the address does not name a repository of Bitbucket; give it as "
                           "https://bitbucket.org/WORKSPACE/REPOSITORY");
    ret_address->workspace = g_strdup(parts[0]);
    ret_address->slug = g_strdup(parts[1]);
    ret_address->full_name = g_strdup_printf("%s/%s", parts[0], parts[1]);
    return TRUE;
}

static gboolean is_bitbucket(const char *host)
{
    return g_ascii_strcasecmp(host, "bitbucket.org") == 0 ||
           g_ascii_strcasecmp(host, "www.bitbucket.org") == 0;
}

/* @rest is what follows "scheme://". */
static gboolean take_authority(const char *text, const char *rest, RepositoryAddress *ret_address,
                               GError **error)
{
    gsize length = strcspn(rest, "/?#");
    g_autofree char *authority = g_strndup(rest, length);
    const char *path = rest[length] == '/' ? rest + length + 1 : rest + length;
    char *at = strrchr(authority, '@');
    if (at != NULL && memchr(authority, ':', (gsize) (at - authority)) != NULL)
        return fail(error, "the address holds a credential, which other programs can see; give "
                           "the address without it and the token with --token-file");
    const char *host = at == NULL ? authority : at + 1;
    g_autofree char *origin = NULL;
    if (at == NULL && address_is_loopback(text, &origin)) {
        if (!take_path(path, ret_address, error))
            return FALSE;
        ret_address->api_base = g_strconcat(origin, "/2.0", NULL);
        ret_address->git_base = g_steal_pointer(&origin);
        return TRUE;
    }
    if (!is_bitbucket(host))
        return fail(error,
                    "%s is not Bitbucket Cloud; Plumbline reads repositories of bitbucket.org "
                    "(Data Center is not supported yet)",
                    is_part(host) ? host : "the host");
    return take_path(path, ret_address, error);
}

gboolean repository_address_parse(const char *text, RepositoryAddress *ret_address, GError **error)
{
    if (strlen(text) > LONGEST_ADDRESS || !g_utf8_validate(text, -1, NULL))
        return fail(error, "the address of the repository is too long or not text");
    const char *scheme = strstr(text, "://");
    if (scheme != NULL) {
        if (g_ascii_strncasecmp(text, "https://", 8) != 0 &&
            g_ascii_strncasecmp(text, "http://", 7) != 0 &&
            g_ascii_strncasecmp(text, "ssh://", 6) != 0)
            return fail(error, "the address of a repository begins with https:// or ssh://");
        return take_authority(text, scheme + 3, ret_address, error);
    }
    const char *colon = strchr(text, ':'), *slash = strchr(text, '/');
    if (colon != NULL && (slash == NULL || colon < slash)) { /* git@host:path */
        g_autofree char *before = g_strndup(text, (gsize) (colon - text));
        const char *at = strrchr(before, '@');
        if (!is_bitbucket(at == NULL ? before : at + 1))
            return fail(error, "the address is not of Bitbucket Cloud; Plumbline reads "
                               "repositories of bitbucket.org");
        return take_path(colon + 1 + strspn(colon + 1, "/"), ret_address, error);
    }
    if (g_ascii_strncasecmp(text, "bitbucket.org/", 14) == 0)
        return take_path(text + 14, ret_address, error);
    return take_path(text, ret_address, error);
}
