#include "web/http.h"

#include "web/deadline.h"
#include "web/framing.h"
#include "web/hub.h"
#include "web/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/random.h>

struct HttpServer {
    HttpConfig config;
    struct MHD_Daemon *daemon;
    GThreadPool *pool;
    GMutex lock; /* over counts and n_open */
    GCond idle;
    HttpCounts counts;
    guint n_open; /* exchanges that are not over */
    Deadlines *deadlines;
};

typedef enum { EXCHANGE_READING, EXCHANGE_WORKING, EXCHANGE_DONE } ExchangeState;

/* One request and its answer. The I/O thread owns it, but for the time between the hand-over and
 * MHD_resume_connection, when a worker does. */
typedef struct {
    HttpServer *server;
    struct MHD_Connection *connection;
    WebRequest request;
    WebReply reply;
    ExchangeState state;
    gsize body_limit, overflow; /* overflow: bytes that came beyond what fits */
    gint64 began;
} Exchange;

/* ---- what came in */

static void set_id(char id[17])
{
    guint64 bits = 0;
    if (getrandom(&bits, sizeof bits, 0) != (gssize) sizeof bits)
        bits = (guint64) g_get_monotonic_time();
    g_snprintf(id, 17, "%016" G_GINT64_MODIFIER "x", bits);
}

/* Whether a text ends before it is over: a zero byte in it. */
static gboolean has_zero(const char *text, gsize length)
{
    return text != NULL && strlen(text) != length;
}

static enum MHD_Result take_header(void *data, enum MHD_ValueKind kind, const char *name,
                                   size_t name_length, const char *value, size_t value_length)
{
    Framing *framing = data;
    framing->has_bad_field |= has_zero(name, name_length) || has_zero(value, value_length);
    framing_add(framing, name, value != NULL ? value : "");
    return MHD_YES;
}

static enum MHD_Result take_query(void *data, enum MHD_ValueKind kind, const char *name,
                                  size_t name_length, const char *value, size_t value_length)
{
    WebRequest *request = data;
    if (has_zero(name, name_length) || has_zero(value, value_length))
        request->query_repeats = TRUE;
    else if (g_hash_table_size(request->query) >= LIMIT_WEB_FIELDS ||
             !g_utf8_validate(name, -1, NULL) ||
             (value != NULL && !g_utf8_validate(value, -1, NULL)))
        request->query_repeats = TRUE;
    else if (!g_hash_table_insert(request->query, g_strdup(name),
                                  g_strdup(value != NULL ? value : "")))
        request->query_repeats = TRUE;
    return MHD_YES;
}

static char *address_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (info != NULL && info->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET,
                  &((const struct sockaddr_in *) (const void *) info->client_addr)->sin_addr, text,
                  sizeof text);
    else if (info != NULL && info->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6,
                  &((const struct sockaddr_in6 *) (const void *) info->client_addr)->sin6_addr,
                  text, sizeof text);
    return g_strdup(text);
}

static Exchange *exchange_new(HttpServer *server, struct MHD_Connection *connection)
{
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->server = server;
    exchange->connection = connection;
    exchange->began = g_get_monotonic_time();
    reply_init(&exchange->reply);
    WebRequest *request = &exchange->request;
    request->query = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    request->headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    set_id(request->id);
    g_mutex_lock(&server->lock);
    server->n_open++;
    server->counts.requests++;
    g_mutex_unlock(&server->lock);
    return exchange;
}

static void exchange_free(Exchange *exchange)
{
    HttpServer *server = exchange->server;
    g_mutex_lock(&server->lock);
    server->counts.by_status[MIN(exchange->reply.status / 100, 5u)]++;
    if (--server->n_open == 0)
        g_cond_broadcast(&server->idle);
    g_mutex_unlock(&server->lock);
    WebRequest *request = &exchange->request;
    g_free(request->path);
    g_free(request->parts_text);
    g_free(request->peer);
    g_hash_table_unref(request->query);
    g_hash_table_unref(request->headers);
    buffer_wipe(&request->body);
    reply_clear(&exchange->reply);
    g_free(exchange);
}

/* ---- the answer */

/* An answer that goes on for as long as there is something to tell. */
typedef struct {
    HubListener *listener;
    struct MHD_Connection *connection;
} Stream;

static ssize_t read_stream(void *data, uint64_t position, char *buffer, size_t most)
{
    Stream *stream = data;
    return hub_listener_read(stream->listener, stream->connection, buffer, most);
}

static void free_stream(void *data)
{
    Stream *stream = data;
    hub_listener_free(stream->listener);
    g_free(stream);
}

static struct MHD_Response *stream_response(Exchange *exchange)
{
    Stream *stream = g_new0(Stream, 1);
    stream->listener = g_steal_pointer(&exchange->reply.listener);
    stream->connection = exchange->connection;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 4096, read_stream, stream, free_stream);
    if (response == NULL)
        free_stream(stream);
    return response;
}

static struct MHD_Response *whole_response(const WebReply *reply)
{
    gsize length = 0;
    const void *bytes = reply->body != NULL ? g_bytes_get_data(reply->body, &length) : NULL;
    return MHD_create_response_from_buffer(length, (void *) (gsize) bytes, MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result send_reply(Exchange *exchange)
{
    WebReply *reply = &exchange->reply;
    struct MHD_Response *response =
        reply->listener != NULL ? stream_response(exchange) : whole_response(reply);
    if (response == NULL)
        return MHD_NO;
    if (reply->content_type != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    for (guint i = 0; i + 1 < reply->headers->len; i += 2)
        MHD_add_response_header(response, reply->headers->pdata[i], reply->headers->pdata[i + 1]);
    MHD_add_response_header(response, "X-Request-Id", exchange->request.id);
    enum MHD_Result queued = MHD_queue_response(exchange->connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* An answer by HTTP's own rules, before anything of ours has looked; the connection ends with it,
 * for what follows on it cannot be told from the body. */
static enum MHD_Result refuse(Exchange *exchange, guint status, const char *title,
                              const char *detail)
{
    HttpServer *server = exchange->server;
    g_mutex_lock(&server->lock);
    if (status == 503)
        server->counts.overloaded++;
    else
        server->counts.refused++;
    g_mutex_unlock(&server->lock);
    exchange->state = EXCHANGE_DONE;
    reply_problem(&exchange->reply, status, status == 503 ? "overloaded" : "bad-request", title,
                  detail);
    reply_header(&exchange->reply, "Connection", "close");
    if (status == 503)
        reply_header(&exchange->reply, "Retry-After", "1");
    return send_reply(exchange);
}

/* ---- hand-over */

const Duration HTTP_DURATION_BOUNDS[HTTP_DURATIONS] = {TIME_SECOND / 200, TIME_SECOND / 40,
                                                       TIME_SECOND / 10,  TIME_SECOND / 2,
                                                       2 * TIME_SECOND,   10 * TIME_SECOND};

static guint duration_class(Duration took)
{
    guint i = 0;
    while (i < HTTP_DURATIONS && took > HTTP_DURATION_BOUNDS[i])
        i++;
    return i;
}

static void work(gpointer data, gpointer user_data)
{
    Exchange *exchange = data;
    HttpServer *server = user_data;
    g_mutex_lock(&server->lock);
    server->counts.waiting--;
    server->counts.running++;
    g_mutex_unlock(&server->lock);

    server->config.handler(&exchange->request, &exchange->reply, server->config.user_data);
    Duration took = g_get_monotonic_time() - exchange->began;
    log_event(LOG_LEVEL_INFO, "request %s: %s %s from %s: %u in %" G_GINT64_FORMAT " us",
              exchange->request.id, framing_method_name(exchange->request.method),
              exchange->request.path, exchange->request.peer, exchange->reply.status, took);

    g_mutex_lock(&server->lock);
    server->counts.running--;
    server->counts.by_duration[duration_class(took)]++;
    server->counts.duration += took;
    g_mutex_unlock(&server->lock);
    exchange->state = EXCHANGE_DONE;
    MHD_resume_connection(exchange->connection);
}

static Deadline *deadline_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static enum MHD_Result hand_over(Exchange *exchange)
{
    HttpServer *server = exchange->server;
    g_mutex_lock(&server->lock);
    gboolean is_full = server->counts.waiting >= server->config.queue;
    if (!is_full)
        server->counts.waiting++;
    g_mutex_unlock(&server->lock);
    if (is_full)
        return refuse(exchange, 503, "Too many requests wait already.", "Try again in a moment.");
    exchange->state = EXCHANGE_WORKING;
    deadline_hold(deadline_of(exchange->connection));
    MHD_suspend_connection(exchange->connection);
    g_thread_pool_push(server->pool, exchange, NULL);
    return MHD_YES;
}

/* ---- libmicrohttpd's callbacks, all on the I/O thread */

/* What stands in a request's slot before its exchange does, where its address has a zero byte: the
 * path that comes would end there. */
static char zero_in_address;

static void *on_address(void *data, const char *address, struct MHD_Connection *connection)
{
    return strstr(address, "%00") != NULL ? &zero_in_address : NULL;
}

/* @path NULL: it cannot be told. */
static enum MHD_Result begin(Exchange *exchange, const char *path, const char *method)
{
    WebRequest *request = &exchange->request;
    HttpServer *server = exchange->server;
    Framing framing;
    framing_init(&framing, request->headers);
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, take_header, &framing);
    MHD_get_connection_values_n(exchange->connection, MHD_GET_ARGUMENT_KIND, take_query, request);
    g_autofree char *address = address_of(exchange->connection);
    request->peer =
        peer_find(address, request_header(request, "x-forwarded-for"), server->config.proxies);
    deadline_wait(deadline_of(exchange->connection));
    gboolean is_text = path != NULL && g_utf8_validate(path, -1, NULL);
    request->path = g_strdup(is_text ? path : "/");
    const char *fault = framing_fault(&framing);
    if (fault == NULL && !is_text)
        fault = "The path is not UTF-8, or holds a zero byte.";
    if (fault != NULL)
        return refuse(exchange, 400, "The request is not well formed.", fault);
    if (!framing_method(method, &request->method, &request->is_head))
        return refuse(exchange, 501, "This method is not known here.", NULL);
    exchange->body_limit =
        server->config.body_limit(request->method, request->path, server->config.user_data);
    buffer_init(&request->body, exchange->body_limit);
    if (framing.length > exchange->body_limit + LIMIT_WEB_OVERFLOW)
        return refuse(exchange, 413, "The body is too large.", NULL);
    /* Read to its end and thrown away: who is still sending would not hear the refusal. */
    if (framing.length > exchange->body_limit)
        exchange->overflow = 1;
    return MHD_YES;
}

/* More than may come is thrown away up to a limit, so that the client hears why. */
static enum MHD_Result take_body(Exchange *exchange, const char *upload, size_t *upload_size)
{
    if (exchange->overflow > 0 || !buffer_append(&exchange->request.body, upload, *upload_size))
        exchange->overflow += *upload_size;
    *upload_size = 0;
    return exchange->overflow <= LIMIT_WEB_OVERFLOW ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **slot)
{
    gboolean has_path = *slot != &zero_in_address;
    Exchange *exchange = has_path ? *slot : NULL;
    if (exchange == NULL) {
        *slot = exchange = exchange_new(data, connection);
        return begin(exchange, has_path ? path : NULL, method);
    }
    if (exchange->state == EXCHANGE_DONE) {
        *upload_size = 0; /* the rest of a refused body */
        return exchange->reply.status == 0 ? MHD_NO : send_reply(exchange);
    }
    if (*upload_size > 0) {
        return take_body(exchange, upload, upload_size);
    }
    if (exchange->overflow > 0)
        return refuse(exchange, 413, "The body is too large.", NULL);
    return hand_over(exchange);
}

static void on_completed(void *data, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode code)
{
    if (*slot != NULL && *slot != &zero_in_address)
        exchange_free(*slot);
    *slot = NULL;
    deadline_wait(deadline_of(connection));
}

static void on_connection(void *data, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
    HttpServer *server = data;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *slot = deadline_begin(
            server->deadlines,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    else if (*slot != NULL)
        deadline_end(*slot);
}

static void on_message(void *data, const char *format, va_list arguments) G_GNUC_PRINTF(2, 0);
static void on_message(void *data, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    g_autofree char *line = log_printable(g_strchomp(text));
    log_event(LOG_LEVEL_DEBUG, "http: %s", line);
}

/* ---- life */

static gboolean read_address(const HttpConfig *config, struct sockaddr_storage *ret_address,
                             GError **error)
{
    struct sockaddr_in *v4 = (void *) ret_address;
    struct sockaddr_in6 *v6 = (void *) ret_address;
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, config->host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(config->port);
    } else if (inet_pton(AF_INET6, config->host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(config->port);
    } else {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "'%s' is not an address to listen on: give one such as 127.0.0.1 or ::1.",
                    config->host);
        return FALSE;
    }
    return TRUE;
}

HttpServer *http_server_start(const HttpConfig *config, GError **error)
{
    struct sockaddr_storage address;
    if (!read_address(config, &address, error))
        return NULL;
    HttpServer *server = g_new0(HttpServer, 1);
    server->config = *config;
    g_mutex_init(&server->lock);
    g_cond_init(&server->idle);
    server->deadlines = deadlines_new(DEADLINE_MOST);
    server->pool = g_thread_pool_new(work, server, (gint) config->workers, TRUE, error);
    guint flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                  (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    /* Everybody behind a proxy comes from one address; it is the proxy that has to share out. */
    unsigned int per_peer = config->proxies == NULL ? (unsigned int) LIMIT_WEB_CONNECTIONS_PER_PEER
                                                    : (unsigned int) LIMIT_WEB_CONNECTIONS;
    errno = 0;
    if (server->pool != NULL)
        server->daemon = MHD_start_daemon(
            flags, config->port, NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER,
            on_message, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_SOCK_ADDR,
            &address, MHD_OPTION_CONNECTION_LIMIT, (unsigned int) LIMIT_WEB_CONNECTIONS,
            MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_URI_LOG_CALLBACK,
            on_address, NULL, MHD_OPTION_PER_IP_CONNECTION_LIMIT, per_peer,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int) LIMIT_WEB_IDLE_SECONDS,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t) LIMIT_WEB_HEADERS,
            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (server->daemon != NULL)
        return server;
    if (server->pool != NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO,
                    "Port %u of %s cannot be listened on (%s): is another server there already?",
                    config->port, config->host, g_strerror(errno));
        g_thread_pool_free(server->pool, TRUE, TRUE);
    }
    deadlines_free(server->deadlines);
    g_mutex_clear(&server->lock);
    g_cond_clear(&server->idle);
    g_free(server);
    return NULL;
}

guint16 http_server_port(const HttpServer *server)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info != NULL ? info->port : 0;
}

void http_server_counts(HttpServer *server, HttpCounts *ret_counts)
{
    g_mutex_lock(&server->lock);
    *ret_counts = server->counts;
    g_mutex_unlock(&server->lock);
}

void http_server_stop(HttpServer *server, Duration grace)
{
    MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    gint64 until = g_get_monotonic_time() + grace;
    g_mutex_lock(&server->lock);
    while (server->n_open > 0 && g_cond_wait_until(&server->idle, &server->lock, until))
        ;
    g_mutex_unlock(&server->lock);
    /* Workers end what they hold; their connections are resumed before the daemon goes. */
    g_thread_pool_free(server->pool, FALSE, TRUE);
    MHD_stop_daemon(server->daemon);
    deadlines_free(server->deadlines);
    if (listening != MHD_INVALID_SOCKET)
        close(listening);
    g_mutex_clear(&server->lock);
    g_cond_clear(&server->idle);
    g_free(server);
}
