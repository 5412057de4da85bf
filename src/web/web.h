/*
 * web: the HTTP server, sessions and roles, the JSON API, the user interface.
 *
 * One thread of libmicrohttpd waits on all sockets and does nothing else: a request that has come
 * in whole is handed to a bounded pool of workers and its connection is suspended until the answer
 * stands. A handler runs on a worker, one request at a time, and may read the store and compute;
 * what is shared between requests is behind a lock or an immutable snapshot. Every address is a row
 * of one table (routes.c), which says who may call it; the role is looked at in one place, before
 * the handler. Errors leave as problem documents (RFC 9457).
 *
 * A WebServer belongs to one thread; web_server_stop waits for the requests under way.
 */
#pragma once

#include "store/store.h"

typedef struct WebServer WebServer;

typedef struct {
    Store *store;       /* outlives the server */
    const char *host;   /* an address, not a name; NULL: 127.0.0.1 */
    guint16 port;       /* 0: a free one */
    guint workers;      /* 0: 4 */
    const char *origin; /* "https://plumbline.example.com" behind a proxy; NULL: what is bound */
    /* Addresses whose X-Forwarded-For is believed, NULL at the end; NULL: this machine's where
     * @origin is https (for TLS is spoken by a proxy), else none. */
    const char *const *proxies;
    gboolean print_code;    /* the set-up code goes to the log while there is no account */
    const char *mirrors;    /* folder of git mirrors; NULL: no git */
    Duration sync_interval; /* between two rounds of reading; 0: 10 minutes */
    const char *api_base;   /* where new connections go; NULL: Bitbucket Cloud */
    gint64 history_days;    /* how far back a first sync reads; 0: everything */
} WebConfig;

/* IO when the address cannot be bound; the sentence names it. */
WebServer *web_server_start(const WebConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
guint16 web_server_port(const WebServer *server);
const char *web_server_origin(const WebServer *server); /* "http://127.0.0.1:8080" */
/* Takes no more connections, waits for the requests under way (at most @grace), frees. */
void web_server_stop(WebServer *server, Duration grace);
