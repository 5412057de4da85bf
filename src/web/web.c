/* The server: from a request to its handler, and what every answer carries. */
#include "web/peer.h"
#include "web/server.h"

#include "web/assets.h"
#include "web/audit_shelf.h"
#include "web/desk.h"
#include "web/framing.h"

#include <sodium.h>
#include <string.h>

#define DEFAULT_WORKERS  4
#define DEFAULT_INTERVAL (10 * TIME_MINUTE)

/* The user interface comes from our own address alone, and nothing in it is inline. */
#define CONTENT_POLICY                                                                             \
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "              \
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "            \
    "base-uri 'none'"

static void put_security_headers(const WebServer *server, WebReply *reply)
{
    reply_header(reply, "Content-Security-Policy", CONTENT_POLICY);
    reply_header(reply, "X-Content-Type-Options", "nosniff");
    reply_header(reply, "X-Frame-Options", "DENY");
    reply_header(reply, "Referrer-Policy", "no-referrer");
    reply_header(reply, "Cross-Origin-Opener-Policy", "same-origin");
    reply_header(reply, "Cross-Origin-Resource-Policy", "same-origin");
    reply_header(reply, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    if (g_str_has_prefix(server->origin, "https:"))
        reply_header(reply, "Strict-Transport-Security", "max-age=31536000");
}

/* A page of another site may have its name point to our address; the browser then tells the name.
 */
static gboolean is_our_host(const WebServer *server, const WebRequest *request)
{
    const char *host = request_header(request, "host");
    for (guint i = 0; server->hosts[i] != NULL; i++)
        if (g_ascii_strcasecmp(server->hosts[i], host) == 0)
            return TRUE;
    return FALSE;
}

/* ---- the API */

static void reply_no_method(WebReply *reply, guint allowed)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (WebMethod method = METHOD_GET; method <= METHOD_DELETE; method++)
        if ((allowed & (1u << method)) != 0)
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   framing_method_name(method));
    reply_problem(reply, 405, "method", "This address does not know the method.", names->str);
    reply_header(reply, "Allow", names->str);
}

static gboolean refuse_role(const WebCaller *caller, WebRole needed, WebReply *reply)
{
    if (caller->role >= needed)
        return FALSE;
    if (caller->role == ROLE_ANYBODY) {
        reply_problem(reply, 401, "sign-in", "Sign in first.", NULL);
        reply_header(reply, "WWW-Authenticate", "Bearer realm=\"plumbline\"");
    } else {
        g_autofree char *detail =
            g_strdup_printf("This needs the role %s; yours is %s. Any administrator can change it.",
                            web_role_name(needed), web_role_name(caller->role));
        reply_problem(reply, 403, "role", "Your role does not allow this.", detail);
    }
    return TRUE;
}

/* One caller must not take the workers from the others. */
static gboolean refuse_haste(WebServer *server, const WebCaller *caller, WebReply *reply)
{
    const char *name = caller->session != NULL ? caller->session : caller->token;
    Duration wait =
        name == NULL ? 0 : allowance_take(server->requests, name, g_get_monotonic_time());
    if (wait == 0)
        return FALSE;
    g_autofree char *seconds =
        g_strdup_printf("%" G_GINT64_FORMAT, (wait + TIME_SECOND - 1) / TIME_SECOND);
    reply_problem(reply, 429, "rate-limited", "There are too many requests from you.",
                  "Wait as long as Retry-After says, and ask less often after that.");
    reply_header(reply, "Retry-After", seconds);
    return TRUE;
}

static void run_route(WebServer *server, const WebRequest *request, const WebRoute *route,
                      WebReply *reply)
{
    g_autoptr(GError) error = NULL;
    g_auto(WebCaller) caller = {.account_id = COUNT_ABSENT};
    WebCall call = {.server = server,
                    .store = server->store,
                    .request = request,
                    .caller = &caller,
                    .now = web_now()};
    if (web_caller_find(server->store, request, call.now, &caller, &error)) {
        if (refuse_haste(server, &caller, reply) || refuse_role(&caller, route->role, reply))
            return;
        if ((route->method == METHOD_GET ||
             web_caller_may_change(&caller, request, server->origin, &error)) &&
            route->handler(&call, reply, &error))
            return;
    }
    reply_error(reply, request, error);
}

static void answer_api(WebServer *server, WebRequest *request, WebReply *reply)
{
    gsize n = 0;
    const WebRoute *routes = web_route_list(&n), *route = NULL;
    guint allowed = 0;
    request->parts_text = g_strdup(request->path);
    reply_header(reply, "Cache-Control", "no-store");
    switch (web_route_match(routes, n, request->method, request->parts_text, request->parts, &route,
                            &allowed)) {
    case ROUTE_FOUND:
        run_route(server, request, route, reply);
        return;
    case ROUTE_NO_METHOD:
        reply_no_method(reply, allowed);
        return;
    case ROUTE_NO_PATH:
        reply_problem(reply, 404, "not-found", "There is nothing at this address.", NULL);
        return;
    }
}

/* ---- files of the user interface */

static gboolean wants_gzip(const WebRequest *request)
{
    const char *accepted = request_header(request, "accept-encoding");
    return accepted != NULL && strstr(accepted, "gzip") != NULL &&
           strstr(accepted, "gzip;q=0") == NULL;
}

static gboolean has_tag(const WebRequest *request, const char *tag)
{
    const char *known = request_header(request, "if-none-match");
    return known != NULL && strstr(known, tag) != NULL;
}

/* Every other address is a page of the application, which finds out itself what it shows. */
static void answer_page(const WebRequest *request, WebReply *reply)
{
    const WebAsset *asset = web_asset_find(request->path);
    gboolean is_file = strrchr(request->path, '.') != NULL;
    if (asset == NULL && !is_file)
        asset = web_asset_find("/index.html");
    if (asset == NULL) {
        reply_text(reply, 404, "text/plain; charset=utf-8", "There is nothing at this address.\n");
        return;
    }
    if (request->method != METHOD_GET) {
        reply_no_method(reply, 1u << METHOD_GET);
        return;
    }
    gboolean is_zipped = asset->zipped != NULL && wants_gzip(request);
    g_autofree char *tag = g_strdup_printf("\"%s%s\"", asset->tag, is_zipped ? "-gzip" : "");
    reply_header(reply, "ETag", tag);
    reply_header(reply, "Vary", "Accept-Encoding");
    reply_header(reply, "Cache-Control",
                 asset->is_immutable ? "public, max-age=31536000, immutable" : "no-cache");
    if (has_tag(request, tag)) {
        reply->status = 304;
        return;
    }
    if (is_zipped)
        reply_header(reply, "Content-Encoding", "gzip");
    g_autoptr(GBytes) bytes = g_bytes_new_static(is_zipped ? asset->zipped : asset->bytes,
                                                 is_zipped ? asset->n_zipped : asset->n_bytes);
    reply_bytes(reply, 200, asset->content_type, bytes);
}

static gboolean is_api(const char *path)
{
    return g_str_has_prefix(path, "/api/") || g_str_equal(path, "/healthz") ||
           g_str_equal(path, "/readyz") || g_str_equal(path, "/metrics");
}

void web_server_answer(const WebRequest *request, WebReply *reply, gpointer data)
{
    WebServer *server = data;
    g_mutex_lock(&server->lock); /* held while the server is being put together */
    g_mutex_unlock(&server->lock);
    put_security_headers(server, reply);
    if (!is_our_host(server, request))
        reply_problem(reply, 421, "host", "This server does not answer to that name.",
                      "Use the address that it printed, or start it with --origin.");
    else if (request->query_repeats)
        reply_problem(reply, 400, "query", "A query parameter came twice, or is not UTF-8.", NULL);
    else if (is_api(request->path))
        answer_api(server, (WebRequest *) request, reply);
    else
        answer_page(request, reply);
}

static gsize body_limit(WebMethod method, const char *path, gpointer data)
{
    gsize n = 0;
    const WebRoute *routes = web_route_list(&n), *route = NULL;
    const char *parts[WEB_PATH_PARTS_MAX];
    guint allowed = 0;
    g_autofree char *cut = g_strdup(path);
    gboolean found =
        web_route_match(routes, n, method, cut, parts, &route, &allowed) == ROUTE_FOUND;
    return found && route->body_limit > 0 ? route->body_limit : LIMIT_WEB_BODY;
}

/* ---- life */

static void find_hosts(WebServer *server, const char *host, guint16 port)
{
    g_autofree char *authority = strchr(host, ':') != NULL ? g_strdup_printf("[%s]:%u", host, port)
                                                           : g_strdup_printf("%s:%u", host, port);
    if (server->origin == NULL)
        server->origin = g_strconcat("http://", authority, NULL);
    GPtrArray *hosts = g_ptr_array_new();
    const char *ours = strstr(server->origin, "://");
    g_ptr_array_add(hosts, g_strdup(ours != NULL ? ours + 3 : server->origin));
    g_ptr_array_add(hosts, g_steal_pointer(&authority));
    g_ptr_array_add(hosts, g_strdup_printf("localhost:%u", port));
    g_ptr_array_add(hosts, g_strdup_printf("127.0.0.1:%u", port));
    g_ptr_array_add(hosts, g_strdup_printf("[::1]:%u", port));
    g_ptr_array_add(hosts, NULL);
    server->hosts = (char **) g_ptr_array_free(hosts, FALSE);
}

static void server_free(WebServer *server)
{
    g_strfreev(server->hosts);
    g_strfreev(server->proxies);
    g_free(server->origin);
    g_free(server->api_base);
    g_array_unref(server->checking);
    g_free(server->setup_digest);
    throttle_free(server->sign_ins);
    allowance_free(server->requests);
    hub_free(server->hub);
    columns_cache_free(server->columns);
    audit_shelf_free(server->audit);
    g_mutex_clear(&server->lock);
    g_free(server);
}

/* The code goes to standard error, where only who runs the server looks. */
static gboolean open_setup(WebServer *server, gboolean print, GError **error)
{
    gboolean has_accounts = FALSE;
    if (!store_has_accounts(server->store, &has_accounts, error))
        return FALSE;
    if (has_accounts)
        return TRUE;
    g_autofree char *code = web_secret_new("");
    code[24] = '\0'; /* 18 bytes of chance; somebody may have to type it */
    server->setup_digest = web_secret_digest(code);
    if (print)
        g_printerr("Set-up code, for the first administrator: %s\n", code);
    sodium_memzero(code, strlen(code));
    return TRUE;
}

static void start_background(WebServer *server, const WebConfig *config)
{
    BackgroundConfig background = {.store = config->store,
                                   .mirrors = config->mirrors,
                                   .interval = config->sync_interval > 0 ? config->sync_interval
                                                                         : DEFAULT_INTERVAL,
                                   .history_days = config->history_days,
                                   .hub = server->hub};
    server->background = background_start(&background);
}

/* @ret_proxies: NULL: nobody is trusted. */
static gboolean find_proxies(const WebConfig *config, char ***ret_proxies, GError **error)
{
    static const char *const LOCAL[] = {"127.0.0.1", "::1", NULL};
    gboolean speaks_tls = config->origin != NULL && g_str_has_prefix(config->origin, "https:");
    const char *const *proxies = config->proxies != NULL ? config->proxies
                                 : speaks_tls            ? LOCAL
                                                         : NULL;
    for (guint i = 0; proxies != NULL && proxies[i] != NULL; i++)
        if (!peer_is_address(proxies[i])) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "The proxy '%s' is not an IP address, such as 10.0.0.5.", proxies[i]);
            return FALSE;
        }
    *ret_proxies = g_strdupv((char **) proxies);
    return TRUE;
}

WebServer *web_server_start(const WebConfig *config, GError **error)
{
    if (sodium_init() < 0) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INTERNAL,
                            "The cryptographic library cannot be started.");
        return NULL;
    }
    char **proxies = NULL;
    if (!find_proxies(config, &proxies, error))
        return NULL;
    WebServer *server = g_new0(WebServer, 1);
    server->store = config->store;
    server->origin = g_strdup(config->origin);
    server->api_base = g_strdup(config->api_base);
    server->proxies = proxies;
    server->has_git = config->mirrors != NULL;
    server->history_days = config->history_days;
    server->checking = g_array_new(FALSE, FALSE, sizeof(gint64));
    server->sign_ins = throttle_new();
    server->requests = allowance_new();
    server->hub = hub_new(NULL);
    server->columns = columns_cache_new();
    server->audit = audit_shelf_new();
    server->started = g_get_monotonic_time();
    g_mutex_init(&server->lock);
    const char *host = config->host != NULL ? config->host : "127.0.0.1";
    HttpConfig http = {.host = host,
                       .port = config->port,
                       .workers = config->workers > 0 ? config->workers : DEFAULT_WORKERS,
                       .queue = LIMIT_WEB_QUEUE,
                       .proxies = (const char *const *) server->proxies,
                       .handler = web_server_answer,
                       .body_limit = body_limit,
                       .user_data = server};
    /* No request may come before the server is whole: hosts are known once the port is. */
    g_mutex_lock(&server->lock);
    if (open_setup(server, config->print_code, error))
        server->http = http_server_start(&http, error);
    if (server->http != NULL) {
        find_hosts(server, host, http_server_port(server->http));
        start_background(server, config);
    }
    g_mutex_unlock(&server->lock);
    if (server->http != NULL)
        return server;
    server_free(server);
    return NULL;
}

guint16 web_server_port(const WebServer *server)
{
    return http_server_port(server->http);
}

const char *web_server_origin(const WebServer *server)
{
    return server->origin;
}

void web_server_stop(WebServer *server, Duration grace)
{
    if (server == NULL)
        return;
    g_atomic_int_set(&server->stopping, 1);
    hub_close(server->hub);
    background_stop(server->background);
    http_server_stop(server->http, grace);
    server_free(server);
}
