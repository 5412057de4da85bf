#include "http.h"

#include "call.h"
#include "control.h"
#include "git_http.h"
#include "routes.h"
#include "times.h"
#include "tokens.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNECTIONS 256
#define BLOCK_SIZE      ((size_t) 64 * 1024)

struct HttpServer {
    struct MHD_Daemon *daemon;
    Sandbox *sandbox;
    GMutex lock;
    GCond opened;
    gboolean open;
    _Atomic gboolean stopping;
};

/* ---- answers ---- */

/* A body that is not sent in one go. */
typedef struct {
    HttpServer *server;
    struct MHD_Connection *connection;
    GString *text;
    Delivery delivery;
    guint pause_ms;
} Body;

static void body_free(void *data)
{
    Body *body = data;
    g_string_free(body->text, TRUE);
    g_free(body);
}

/* Makes closing the socket a reset. */
static void reset_on_close(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (info == NULL ||
        setsockopt(info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) != 0)
        g_warning("the connection cannot be reset");
}

static ssize_t body_read(void *data, uint64_t position, char *buffer, size_t max)
{
    Body *body = data;
    if (body->server->stopping)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    gsize left = body->text->len - (gsize) position;
    gsize piece = MIN(max, left);
    if (body->delivery == DELIVERY_RESET && position >= body->text->len / 2) {
        reset_on_close(body->connection);
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (body->delivery == DELIVERY_RESET)
        piece = MIN(piece, MAX(body->text->len / 2 - (gsize) position, 1));
    if (body->delivery == DELIVERY_SLOW) {
        g_usleep(body->pause_ms * 1000UL);
        piece = MIN(piece, body->text->len / 16 + 1);
    }
    memcpy(buffer, body->text->str + position, piece);
    return (ssize_t) piece;
}

static struct MHD_Response *make_response(HttpServer *server, struct MHD_Connection *connection,
                                          Call *call)
{
    if (call->git != NULL)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, git_child_read,
                                                 g_steal_pointer(&call->git), git_child_free);
    GString *text = call->text != NULL ? g_steal_pointer(&call->text) : g_string_new(NULL);
    if (call->delivery == DELIVERY_WHOLE) {
        gsize length = text->len;
        return MHD_create_response_from_buffer_with_free_callback(
            length, g_string_free(text, FALSE), g_free);
    }
    Body *body = g_new0(Body, 1);
    *body = (Body){.server = server,
                   .connection = connection,
                   .text = text,
                   .delivery = call->delivery,
                   .pause_ms = call->pause_ms};
    return MHD_create_response_from_callback(text->len, BLOCK_SIZE, body_read, body, body_free);
}

static enum MHD_Result send_answer(HttpServer *server, struct MHD_Connection *connection,
                                   Call *call)
{
    char date[TIMES_SIZE];
    times_format_http(call->date, date);
    struct MHD_Response *response = make_response(server, connection, call);
    MHD_add_response_header(response, "Date", date);
    MHD_add_response_header(response, "Server", "bitbucket-sandbox");
    MHD_add_response_header(response, "Cache-Control", "private");
    if (call->media_type != NULL && call->status != 204)
        MHD_add_response_header(response, "Content-Type", call->media_type);
    for (guint i = 0; i < call->headers->len; i++) {
        const NamedText *header = &g_array_index(call->headers, NamedText, i);
        MHD_add_response_header(response, header->name, header->value);
    }
    enum MHD_Result result = MHD_queue_response(connection, call->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- requests ---- */

static const char *segment(const Call *call, guint index)
{
    return index < call->segments->len ? call->segments->pdata[index] : "";
}

static void dispatch(Call *call)
{
    if (call->body->len > CALL_MAX_BODY) {
        call_fail(call, 413, "Request body too large");
    } else if (g_str_equal(segment(call, 0), "2.0")) {
        routes_answer(call);
    } else if (g_str_equal(segment(call, 0), "control")) {
        control_answer(call);
    } else if (g_str_equal(call->path, "/site/oauth2/access_token")) {
        if (g_str_equal(call->method, "POST"))
            tokens_grant(call->sandbox->tokens, call);
        else
            call_fail(call, 405, "Method not allowed");
    } else if (g_str_has_suffix(segment(call, 1), ".git")) {
        git_answer(call);
    } else {
        call_answer_text(call, 404, "text/html; charset=utf-8",
                         "<html><body>The sandbox has an API, but no web pages.</body></html>\n");
    }
}

static void *on_uri(void *data, const char *uri, struct MHD_Connection *connection)
{
    HttpServer *server = data;
    g_mutex_lock(&server->lock);
    while (!server->open)
        g_cond_wait(&server->opened, &server->lock);
    g_mutex_unlock(&server->lock);
    return call_new(server->sandbox, uri);
}

static char *header(struct MHD_Connection *connection, const char *name)
{
    return g_strdup(MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name));
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    HttpServer *server = data;
    Call *call = *state;
    if (call->method == NULL) {
        call->method = g_intern_string(method);
        call->authorization = header(connection, "Authorization");
        call->content_type = header(connection, "Content-Type");
        call->content_encoding = header(connection, "Content-Encoding");
        call->git_protocol = header(connection, "Git-Protocol");
        return MHD_YES;
    }
    if (*upload_size > 0) {
        /* One byte too many is kept as the mark of a body that is too large. */
        gsize room = CALL_MAX_BODY + 1 - call->body->len;
        g_byte_array_append(call->body, (const guint8 *) upload, (guint) MIN(room, *upload_size));
        *upload_size = 0;
        return MHD_YES;
    }
    dispatch(call);
    return send_answer(server, connection, call);
}

static void on_completed(void *data, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    call_free(*state);
    *state = NULL;
}

static void on_log(void *data, const char *format, va_list args)
{
    /* libmicrohttpd speaks of clients that went away; nothing here is of use to anybody. */
}

/* ---- start and stop ---- */

static gboolean parse_address(const char *text, struct sockaddr_in *ret_address, GError **error)
{
    const char *colon = strrchr(text, ':');
    g_autofree char *host = colon != NULL ? g_strndup(text, (gsize) (colon - text)) : NULL;
    guint64 port = 0;
    *ret_address = (struct sockaddr_in){.sin_family = AF_INET};
    if (colon == NULL || !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL) ||
        inet_pton(AF_INET, g_str_equal(host, "localhost") ? "127.0.0.1" : host,
                  &ret_address->sin_addr) != 1) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "%s is not an address of the form 127.0.0.1:PORT", text);
        return FALSE;
    }
    if ((ntohl(ret_address->sin_addr.s_addr) >> 24) != 127) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                    "the sandbox listens on loopback only, not on %s", host);
        return FALSE;
    }
    ret_address->sin_port = htons((guint16) port);
    return TRUE;
}

HttpServer *http_start(Sandbox *sandbox, const char *address, GError **error)
{
    struct sockaddr_in socket_address;
    if (!parse_address(address, &socket_address, error))
        return NULL;
    HttpServer *server = g_new0(HttpServer, 1);
    server->sandbox = sandbox;
    g_mutex_init(&server->lock);
    g_cond_init(&server->opened);
    server->daemon = MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
            MHD_USE_SUPPRESS_DATE_NO_CLOCK | MHD_USE_ERROR_LOG,
        0, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_SOCK_ADDR, &socket_address, MHD_OPTION_URI_LOG_CALLBACK, on_uri, server,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, server, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned int) MAX_CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) 128 * 1024,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_END);
    if (server->daemon == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot listen on %s: %s", address,
                    g_strerror(errno));
        g_free(server);
        return NULL;
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    char host[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &socket_address.sin_addr, host, sizeof host);
    sandbox->web = g_strdup_printf("http://%s:%u", host, info->port);
    sandbox->api = g_strconcat(sandbox->web, "/2.0", NULL);
    sandbox->control = g_strconcat(sandbox->web, "/control", NULL);
    return server;
}

void http_open(HttpServer *server)
{
    g_mutex_lock(&server->lock);
    server->open = TRUE;
    g_cond_broadcast(&server->opened);
    g_mutex_unlock(&server->lock);
}

void http_stop(HttpServer *server)
{
    server->stopping = TRUE;
    http_open(server);
    MHD_stop_daemon(server->daemon);
    g_mutex_clear(&server->lock);
    g_cond_clear(&server->opened);
    g_free(server);
}
