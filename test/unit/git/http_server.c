#include "http_server.h"

#include <gio/gio.h>

struct HttpServer {
    GSocketListener *listener;
    GCancellable *cancellable;
    GThread *thread;
    guint16 port;
    char *folder;
    char *authorization; /* "Basic …"; NULL: not asked for */
    GMutex mutex;
    GCond changed;
    guint status, requests, authorized_requests;
    HttpStall stall;
    gboolean stalled, closing;
};

typedef struct {
    char *method, *path, *query;
    GHashTable *headers; /* lower-case names */
    GByteArray *body;
} Request;

static void request_clear(Request *request)
{
    g_free(request->method);
    g_free(request->path);
    g_free(request->query);
    g_clear_pointer(&request->headers, g_hash_table_unref);
    g_clear_pointer(&request->body, g_byte_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

static gboolean read_bytes(GDataInputStream *input, GByteArray *body, gsize length)
{
    guint before = body->len;
    g_byte_array_set_size(body, before + (guint) length);
    gsize read;
    return g_input_stream_read_all(G_INPUT_STREAM(input), body->data + before, length, &read, NULL,
                                   NULL) &&
           read == length;
}

static gboolean read_chunks(GDataInputStream *input, GByteArray *body)
{
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(input, NULL, NULL, NULL);
        if (!line)
            return FALSE;
        guint64 length = g_ascii_strtoull(line, NULL, 16);
        if (!read_bytes(input, body, length))
            return FALSE;
        g_free(g_data_input_stream_read_line(input, NULL, NULL, NULL));
        if (length == 0)
            return TRUE;
    }
}

static gboolean read_request(GDataInputStream *input, GOutputStream *output, Request *ret_request)
{
    g_autofree char *first = g_data_input_stream_read_line(input, NULL, NULL, NULL);
    g_auto(GStrv) words = g_strsplit(first ? first : "", " ", 3);
    if (g_strv_length(words) != 3)
        return FALSE;
    char *mark = strchr(words[1], '?');
    ret_request->method = g_strdup(words[0]);
    ret_request->query = g_strdup(mark ? mark + 1 : "");
    ret_request->path = mark ? g_strndup(words[1], mark - words[1]) : g_strdup(words[1]);
    ret_request->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    ret_request->body = g_byte_array_new();
    for (;;) {
        g_autofree char *line = g_data_input_stream_read_line(input, NULL, NULL, NULL);
        if (!line)
            return FALSE;
        if (*line == '\0')
            break;
        char *colon = strchr(line, ':');
        if (colon)
            g_hash_table_replace(ret_request->headers, g_ascii_strdown(line, colon - line),
                                 g_strdup(g_strstrip(colon + 1)));
    }
    if (g_hash_table_contains(ret_request->headers, "expect") &&
        !g_output_stream_write_all(output, "HTTP/1.1 100 Continue\r\n\r\n", 25, NULL, NULL, NULL))
        return FALSE;
    if (g_hash_table_contains(ret_request->headers, "transfer-encoding"))
        return read_chunks(input, ret_request->body);
    const char *length = g_hash_table_lookup(ret_request->headers, "content-length");
    return !length || read_bytes(input, ret_request->body, g_ascii_strtoull(length, NULL, 10));
}

static GBytes *run_backend(HttpServer *server, const Request *request)
{
    static const char *const PASSED[][2] = {
        {"git-protocol", "HTTP_GIT_PROTOCOL"},
        {"content-encoding", "HTTP_CONTENT_ENCODING"},
        {"content-type", "CONTENT_TYPE"},
    };
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    g_autofree char *length = g_strdup_printf("%u", request->body->len);
    g_subprocess_launcher_setenv(launcher, "GIT_PROJECT_ROOT", server->folder, TRUE);
    g_subprocess_launcher_setenv(launcher, "GIT_HTTP_EXPORT_ALL", "1", TRUE);
    g_subprocess_launcher_setenv(launcher, "GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
    g_subprocess_launcher_setenv(launcher, "PATH_INFO", request->path, TRUE);
    g_subprocess_launcher_setenv(launcher, "QUERY_STRING", request->query, TRUE);
    g_subprocess_launcher_setenv(launcher, "REQUEST_METHOD", request->method, TRUE);
    g_subprocess_launcher_setenv(launcher, "REMOTE_ADDR", "127.0.0.1", TRUE);
    g_subprocess_launcher_setenv(launcher, "CONTENT_LENGTH", length, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(PASSED); i++) {
        const char *value = g_hash_table_lookup(request->headers, PASSED[i][0]);
        if (value)
            g_subprocess_launcher_setenv(launcher, PASSED[i][1], value, TRUE);
    }
    g_autoptr(GSubprocess) process =
        g_subprocess_launcher_spawn(launcher, NULL, "git", "http-backend", NULL);
    g_autoptr(GBytes) input = g_bytes_new(request->body->data, request->body->len);
    GBytes *output = NULL;
    if (process)
        (void) g_subprocess_communicate(process, input, NULL, &output, NULL, NULL);
    return output;
}

/* Holds the connection until the server is told otherwise or closes. */
static void hold(HttpServer *server, HttpStall reason)
{
    g_mutex_lock(&server->mutex);
    server->stalled = TRUE;
    g_cond_broadcast(&server->changed);
    while (!server->closing && server->stall == reason)
        g_cond_wait(&server->changed, &server->mutex);
    g_mutex_unlock(&server->mutex);
}

static gboolean is_stalling(HttpServer *server, HttpStall reason)
{
    g_mutex_lock(&server->mutex);
    gboolean stalling = server->stall == reason;
    g_mutex_unlock(&server->mutex);
    return stalling;
}

static void answer_backend(HttpServer *server, const Request *request, GOutputStream *output)
{
    g_autoptr(GBytes) answer = run_backend(server, request);
    gsize length;
    const char *data = answer ? g_bytes_get_data(answer, &length) : NULL;
    const char *end = data ? g_strstr_len(data, (gssize) length, "\r\n\r\n") : NULL;
    if (!end)
        return;
    g_autofree char *headers = g_strndup(data, (gsize) (end - data));
    const char *body = end + 4;
    gsize body_length = length - (gsize) (body - data);
    const char *status = strstr(headers, "Status: ");
    g_autofree char *head = g_strdup_printf(
        "HTTP/1.1 %.3s X\r\n%s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\nConnection: close\r\n\r\n",
        status ? status + 8 : "200", headers, body_length);
    if (!g_output_stream_write_all(output, head, strlen(head), NULL, NULL, NULL))
        return;
    /* Listings of references are small; a pack is not. */
    gboolean stalls = body_length > 4096 && is_stalling(server, HTTP_STALL_PACK);
    (void) g_output_stream_write_all(output, body, stalls ? body_length / 2 : body_length, NULL,
                                     NULL, NULL);
    if (stalls)
        hold(server, HTTP_STALL_PACK);
}

static void answer_status(GOutputStream *output, guint status)
{
    g_autofree char *head =
        g_strdup_printf("HTTP/1.1 %u X\r\nContent-Length: 0\r\nConnection: close\r\n"
                        "WWW-Authenticate: Basic realm=\"test\"\r\n"
                        "Location: http://127.0.0.2:9/elsewhere.git/info/refs\r\n\r\n",
                        status);
    (void) g_output_stream_write_all(output, head, strlen(head), NULL, NULL, NULL);
}

typedef struct {
    HttpServer *server;
    GSocketConnection *connection;
} Visit;

static gpointer serve(gpointer data)
{
    g_autofree Visit *visit = data;
    HttpServer *server = visit->server;
    g_autoptr(GSocketConnection) connection = visit->connection;
    GOutputStream *output = g_io_stream_get_output_stream(G_IO_STREAM(connection));
    g_autoptr(GDataInputStream) input =
        g_data_input_stream_new(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
    g_data_input_stream_set_newline_type(input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
    g_auto(Request) request = {NULL};
    if (!read_request(input, output, &request))
        return NULL;
    const char *authorization = g_hash_table_lookup(request.headers, "authorization");
    g_mutex_lock(&server->mutex);
    server->requests++;
    server->authorized_requests += authorization != NULL;
    guint status = server->status;
    g_mutex_unlock(&server->mutex);
    if (is_stalling(server, HTTP_STALL_ANSWER))
        hold(server, HTTP_STALL_ANSWER);
    if (status == 0 && server->authorization &&
        g_strcmp0(authorization, server->authorization) != 0)
        status = 401;
    if (status != 0)
        answer_status(output, status);
    else
        answer_backend(server, &request, output);
    return NULL;
}

static gpointer take_connections(gpointer data)
{
    HttpServer *server = data;
    g_autoptr(GPtrArray) threads = g_ptr_array_new();
    GSocketConnection *connection;
    while ((connection =
                g_socket_listener_accept(server->listener, NULL, server->cancellable, NULL))) {
        Visit *visit = g_new(Visit, 1);
        *visit = (Visit){server, connection};
        g_ptr_array_add(threads, g_thread_new("http", serve, visit));
    }
    for (guint i = 0; i < threads->len; i++)
        g_thread_join(threads->pdata[i]);
    return NULL;
}

HttpServer *http_server_new(const char *folder, const char *user, const char *secret)
{
    HttpServer *server = g_new0(HttpServer, 1);
    g_mutex_init(&server->mutex);
    g_cond_init(&server->changed);
    server->folder = g_strdup(folder);
    if (user) {
        g_autofree char *plain = g_strconcat(user, ":", secret, NULL);
        g_autofree char *encoded = g_base64_encode((const guchar *) plain, strlen(plain));
        server->authorization = g_strconcat("Basic ", encoded, NULL);
    }
    server->listener = g_socket_listener_new();
    server->cancellable = g_cancellable_new();
    g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4);
    g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new(loopback, 0);
    g_autoptr(GSocketAddress) got = NULL;
    if (!g_socket_listener_add_address(server->listener, wanted, G_SOCKET_TYPE_STREAM,
                                       G_SOCKET_PROTOCOL_TCP, NULL, &got, NULL))
        g_error("no free port on loopback");
    server->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
    server->thread = g_thread_new("http-accept", take_connections, server);
    return server;
}

void http_server_free(HttpServer *server)
{
    g_mutex_lock(&server->mutex);
    server->closing = TRUE;
    g_cond_broadcast(&server->changed);
    g_mutex_unlock(&server->mutex);
    g_cancellable_cancel(server->cancellable);
    g_thread_join(server->thread);
    g_socket_listener_close(server->listener);
    g_object_unref(server->listener);
    g_object_unref(server->cancellable);
    g_mutex_clear(&server->mutex);
    g_cond_clear(&server->changed);
    g_free(server->folder);
    g_free(server->authorization);
    g_free(server);
}

char *http_server_url(const HttpServer *server, const char *name)
{
    return g_strdup_printf("http://127.0.0.1:%u/%s", server->port, name);
}

void http_server_set_status(HttpServer *server, guint status)
{
    g_mutex_lock(&server->mutex);
    server->status = status;
    g_mutex_unlock(&server->mutex);
}

void http_server_set_stall(HttpServer *server, HttpStall stall)
{
    g_mutex_lock(&server->mutex);
    server->stall = stall;
    server->stalled = FALSE;
    g_cond_broadcast(&server->changed);
    g_mutex_unlock(&server->mutex);
}

void http_server_wait_stalled(HttpServer *server)
{
    g_mutex_lock(&server->mutex);
    while (!server->stalled)
        g_cond_wait(&server->changed, &server->mutex);
    g_mutex_unlock(&server->mutex);
}

guint http_server_requests(HttpServer *server)
{
    g_mutex_lock(&server->mutex);
    guint requests = server->requests;
    g_mutex_unlock(&server->mutex);
    return requests;
}

guint http_server_authorized_requests(HttpServer *server)
{
    g_mutex_lock(&server->mutex);
    guint requests = server->authorized_requests;
    g_mutex_unlock(&server->mutex);
    return requests;
}
