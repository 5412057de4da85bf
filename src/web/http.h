/*
 * http: libmicrohttpd behind a bounded pool of workers. Inside the web room.
 *
 * The I/O thread collects a request, refuses what HTTP does not allow (two lengths, a length beside
 * chunks, too many fields, too much body), and hands it over; the connection is suspended until a
 * worker has filled the reply. When more requests wait than the queue holds the answer is 503 at
 * once. Limits: base/limits.h.
 */
#pragma once

#include "web/request.h"

/* Fills the reply; runs on a worker. Never fails: what goes wrong is a reply too. */
typedef void (*HttpHandler)(const WebRequest *request, WebReply *reply, gpointer user_data);
/* The most bytes that a body may have at this address; runs on the I/O thread and must not block.
 */
typedef gsize (*HttpBodyLimit)(WebMethod method, const char *path, gpointer user_data);

typedef struct {
    const char *host;
    guint16 port;
    guint workers, queue;
    const char *const *proxies; /* trusted addresses (peer.h), NULL at the end; NULL: none */
    HttpHandler handler;
    HttpBodyLimit body_limit;
    gpointer user_data;
} HttpConfig;

#define HTTP_DURATIONS 6
extern const Duration HTTP_DURATION_BOUNDS[HTTP_DURATIONS]; /* inclusive */

typedef struct {
    guint64 requests, refused, overloaded; /* since the start; refused: by HTTP's own rules */
    guint64 by_status[6];                  /* [4]: all 4xx */
    guint running, waiting;
    guint64 by_duration[HTTP_DURATIONS + 1]; /* from the first byte to the answer; last: longer */
    Duration duration;                       /* of all answers together */
} HttpCounts;

typedef struct HttpServer HttpServer;
HttpServer *http_server_start(const HttpConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint16 http_server_port(const HttpServer *server);
void http_server_counts(HttpServer *server, HttpCounts *ret_counts);
void http_server_stop(HttpServer *server, Duration grace);
