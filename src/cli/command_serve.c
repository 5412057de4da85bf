#include "cli/commands.h"
#include "cli/data_folder.h"
#include "cli/interrupt.h"
#include "cli/service.h"
#include "cli/work.h"
#include "web/web.h"

#include <string.h>

#define DEFAULT_PORT 8420
#define STOP_SECONDS 10 /* for the requests under way */

static struct {
    char *listen, *origin, *api_base;
    char **proxies;
    gint workers, interval, days;
    gboolean no_git;
} options = {.interval = 10, .days = WORK_DEFAULT_HISTORY_DAYS};

const GOptionEntry COMMAND_SERVE_OPTIONS[] = {
    {"listen", 0, 0, G_OPTION_ARG_STRING, &options.listen,
     "Where to listen (default 127.0.0.1:8420; port 0: a free one)", "ADDRESS:PORT"},
    {"origin", 0, 0, G_OPTION_ARG_STRING, &options.origin,
     "The address that browsers see, behind a proxy", "https://HOST"},
    {"proxy", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.proxies,
     "A proxy whose X-Forwarded-For is believed; may be repeated (default: this machine, where "
     "--origin is https)",
     "ADDRESS"},
    {"workers", 0, 0, G_OPTION_ARG_INT, &options.workers,
     "Requests that are worked on at once (default 4)", "N"},
    {"interval", 0, 0, G_OPTION_ARG_INT, &options.interval,
     "Pause between two rounds of reading (default 10)", "MINUTES"},
    {"days", 0, 0, G_OPTION_ARG_INT, &options.days,
     "How far back to read for connections that do not say it (default 730; 0: everything)", "N"},
    {"api-base", 0, 0, G_OPTION_ARG_STRING, &options.api_base,
     "Address of the API that new connections ask (default https://api.bitbucket.org/2.0; plain "
     "http only to this machine)",
     "URL"},
    {"no-git", 0, 0, G_OPTION_ARG_NONE, &options.no_git,
     "Fetch no mirrors; commits and sizes come over the API", NULL},
    {NULL}};

/* "127.0.0.1:8420", "[::1]:8420". @ret_host: g_free. */
static gboolean read_listen(const char *text, char **ret_host, guint16 *ret_port, GError **error)
{
    const char *colon = strrchr(text, ':');
    guint64 port = 0;
    if (colon == NULL || colon == text ||
        !g_ascii_string_to_unsigned(colon + 1, 10, 0, G_MAXUINT16, &port, NULL)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "--listen: '%s' is not ADDRESS:PORT, such as 127.0.0.1:%d", text, DEFAULT_PORT);
        return FALSE;
    }
    gboolean is_bracketed = text[0] == '[' && colon[-1] == ']';
    gsize length = (gsize) (colon - text);
    *ret_host = is_bracketed ? g_strndup(text + 1, length - 2) : g_strndup(text, length);
    *ret_port = (guint16) port;
    return TRUE;
}

static gboolean check_origin(GError **error)
{
    g_autoptr(GUri) uri =
        options.origin == NULL ? NULL : g_uri_parse(options.origin, G_URI_FLAGS_NONE, NULL);
    if (options.origin == NULL)
        return TRUE;
    if (uri != NULL && g_uri_get_host(uri) != NULL && *g_uri_get_path(uri) == '\0' &&
        g_uri_get_query(uri) == NULL && g_uri_get_userinfo(uri) == NULL &&
        (g_str_equal(g_uri_get_scheme(uri), "https") || g_str_equal(g_uri_get_scheme(uri), "http")))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID,
             "--origin: '%s' is not https://HOST or http://HOST, without anything behind it",
             options.origin);
    return FALSE;
}

/* The client judges it again for each connection; a slip is better told at the start. */
static gboolean check_api_base(GError **error)
{
    g_autoptr(GUri) uri =
        options.api_base == NULL ? NULL : g_uri_parse(options.api_base, G_URI_FLAGS_NONE, NULL);
    if (options.api_base == NULL ||
        (uri != NULL && g_uri_get_host(uri) != NULL && g_uri_get_userinfo(uri) == NULL &&
         (g_str_equal(g_uri_get_scheme(uri), "https") ||
          g_str_equal(g_uri_get_scheme(uri), "http"))))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "--api-base: '%s' is not an https address",
             options.api_base);
    return FALSE;
}

int command_serve(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    g_autofree char *host = NULL;
    guint16 port = DEFAULT_PORT;
    if (options.workers < 0 || options.workers > 64)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "--workers: %d is not between 1 and 64",
                        options.workers);
    if (options.interval < 1 || options.interval > 1440)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "--interval: %d is not between 1 and 1440 minutes", options.interval);
    if ((options.days != 0 && !work_check_days(options.days, error)) || !check_origin(error) ||
        !check_api_base(error) ||
        (options.listen != NULL && !read_listen(options.listen, &host, &port, error)) ||
        !data_folder_open(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    if (store == NULL)
        return 0;
    WebConfig config = {.store = store,
                        .host = host,
                        .port = port,
                        .workers = (guint) options.workers,
                        .origin = options.origin,
                        .proxies = (const char *const *) options.proxies,
                        .print_code = TRUE,
                        .mirrors = options.no_git ? NULL : folder.mirrors,
                        .sync_interval = options.interval * TIME_MINUTE,
                        .history_days = options.days,
                        .api_base = options.api_base};
    WebServer *server = web_server_start(&config, error);
    if (server == NULL)
        return 0;
    /* The one line on standard output: whoever started it reads the address from here. */
    g_print("Plumbline listens on %s\n", web_server_origin(server));
    fflush(stdout);
    service_tell("READY=1");
    interrupt_set_patience(STOP_SECONDS + 5);
    while (!interrupt_wait(3600))
        continue;
    service_tell("STOPPING=1");
    cli_say(globals, "Stopping.");
    web_server_stop(server, STOP_SECONDS * TIME_SECOND);
    return 0;
}
