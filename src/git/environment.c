#include "git/environment.h"

#include <gio/gio.h>

typedef struct {
    const char *key, *value;
} Setting;

/* transfer.fsckObjects stays off: it refuses histories with harmless old flaws (bad time zones,
 * zero-padded modes) that people do want to see, and its dangers are those of a checkout, which a
 * mirror never has. Checksums of all objects are verified in any case. */
static const Setting SETTINGS[] = {
    {"core.hooksPath", "/dev/null"},
    {"core.attributesFile", "/dev/null"},
    {"core.quotePath", "false"},
    {"credential.helper", ""},
    {"diff.context", "0"}, /* lines are counted, not shown; git skips common ends then */
    {"diff.renames", "true"},
    {"diff.renameLimit", "1000"},
    {"fetch.recurseSubmodules", "false"},
    {"fetch.unpackLimit", "1"}, /* one pack a fetch, never thousands of loose files */
    {"fetch.writeCommitGraph", "true"},
    {"gc.auto", "0"}, /* objects that lost their branch still explain pull requests */
    {"http.followRedirects", "false"},
    {"http.lowSpeedLimit", "1"},
    {"http.lowSpeedTime", "300"},
    {"i18n.logOutputEncoding", "UTF-8"},
    {"log.showRoot", "true"},
    {"log.showSignature", "false"},
    {"maintenance.auto", "false"},
    {"protocol.version", "2"},
};

/* Of our own environment. A loopback address never goes over a proxy. */
static const char *const PASSED_ON[] = {
    "PATH", "TMPDIR", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "SSL_CERT_FILE", "SSL_CERT_DIR",
};
static const char *const PROXIES[] = {
    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
};

static void pass_on(GPtrArray *environment, const char *const *names, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        const char *value = g_getenv(names[i]);
        if (value)
            g_ptr_array_add(environment, g_strconcat(names[i], "=", value, NULL));
    }
}

static void add_setting(GPtrArray *environment, guint number, const char *key, const char *value)
{
    g_ptr_array_add(environment, g_strdup_printf("GIT_CONFIG_KEY_%u=%s", number, key));
    g_ptr_array_add(environment, g_strdup_printf("GIT_CONFIG_VALUE_%u=%s", number, value));
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

static void add_credential(GPtrArray *environment, guint number, const char *url, const char *user,
                           const char *secret)
{
    g_autofree char *key = g_strdup_printf("http.%s.extraHeader", url);
    char *plain = g_strconcat(user, ":", secret, NULL);
    char *encoded = g_base64_encode((const guchar *) plain, strlen(plain));
    char *header = g_strconcat("Authorization: Basic ", encoded, NULL);
    add_setting(environment, number, key, header);
    wipe(plain);
    wipe(encoded);
    wipe(header);
}

char **git_environment_new(const char *repository, const char *home, const char *url,
                           const char *user, const char *secret)
{
    static const char *const FIXED[] = {
        "LC_ALL=C",
        "TZ=UTC",
        "GIT_CONFIG_NOSYSTEM=1",
        "GIT_CONFIG_SYSTEM=/dev/null",
        "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_ATTR_NOSYSTEM=1",
        "GIT_TERMINAL_PROMPT=0",
        "GIT_NO_REPLACE_OBJECTS=1",
        "GIT_OPTIONAL_LOCKS=0",
        "GIT_PAGER=cat",
        "GIT_FLUSH=0", /* whole blocks instead of a write, and a wake-up of ours, per commit */
    };
    gboolean secure = g_str_has_prefix(url, "https:");
    GPtrArray *environment = g_ptr_array_new();
    pass_on(environment, PASSED_ON, G_N_ELEMENTS(PASSED_ON));
    if (secure)
        pass_on(environment, PROXIES, G_N_ELEMENTS(PROXIES));
    for (gsize i = 0; i < G_N_ELEMENTS(FIXED); i++)
        g_ptr_array_add(environment, g_strdup(FIXED[i]));
    g_ptr_array_add(environment, g_strconcat("GIT_DIR=", repository, NULL));
    g_ptr_array_add(environment, g_strconcat("HOME=", home, NULL));
    g_ptr_array_add(environment, g_strconcat("XDG_CONFIG_HOME=", home, NULL));
    g_ptr_array_add(environment,
                    g_strconcat("GIT_ALLOW_PROTOCOL=", secure ? "https" : "http", NULL));
    guint count = 0;
    for (; count < G_N_ELEMENTS(SETTINGS); count++)
        add_setting(environment, count, SETTINGS[count].key, SETTINGS[count].value);
    if (user && secret)
        add_credential(environment, count++, url, user, secret);
    g_ptr_array_add(environment, g_strdup_printf("GIT_CONFIG_COUNT=%u", count));
    g_ptr_array_add(environment, NULL);
    return (char **) g_ptr_array_free(environment, FALSE);
}

void git_environment_free(char **environment)
{
    for (char **at = environment; at && *at; at++)
        wipe(*at);
    g_free(environment);
}

static gboolean is_loopback(const char *host)
{
    if (g_ascii_strcasecmp(host, "localhost") == 0)
        return TRUE;
    g_autoptr(GInetAddress) address = g_inet_address_new_from_string(host);
    return address && g_inet_address_get_is_loopback(address);
}

gboolean git_url_check(const char *url, GError **error)
{
    if (!url)
        url = "";
    g_autoptr(GError) cause = NULL;
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, &cause);
    const char *problem = NULL;
    if (!uri)
        problem = "it is no address";
    else if (g_uri_get_userinfo(uri))
        problem = "it must not name a user"; /* and is not repeated: it may hold a secret */
    else if (!g_uri_get_host(uri) || *g_uri_get_host(uri) == '\0')
        problem = "it names no host";
    else if (g_uri_get_query(uri) || g_uri_get_fragment(uri))
        problem = "it must end with the repository's path";
    else if (strcmp(g_uri_get_scheme(uri), "http") == 0 && !is_loopback(g_uri_get_host(uri)))
        problem = "http is accepted on this machine only; use https";
    else if (strcmp(g_uri_get_scheme(uri), "https") != 0 &&
             strcmp(g_uri_get_scheme(uri), "http") != 0)
        problem = "only https is accepted";
    else if (strlen(url) > LIMIT_PATH)
        problem = "it is too long";
    for (const char *at = url; *at && !problem; at++)
        if (g_ascii_iscntrl(*at) || *at == ' ')
            problem = "it has a space or a control character";
    if (problem)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "The address to clone from cannot be used: %s", problem);
    return problem == NULL;
}
