/*
 * A smart HTTP server for the tests: loopback, Basic credentials, `git http-backend` behind it, and
 * faults on demand. It serves every repository in one folder.
 */
#pragma once

#include <glib.h>

typedef struct HttpServer HttpServer;

/* @user NULL: everybody may read. */
HttpServer *http_server_new(const char *folder, const char *user, const char *secret);
void http_server_free(HttpServer *server);

/* "http://127.0.0.1:PORT/<name>". Free with g_free. */
char *http_server_url(const HttpServer *server, const char *name);

/* From now on every request gets this status; 0: serve. */
void http_server_set_status(HttpServer *server, guint status);

typedef enum {
    HTTP_NO_STALL,
    HTTP_STALL_ANSWER, /* no request is answered */
    HTTP_STALL_PACK,   /* a pack is sent up to its half, then nothing more */
} HttpStall;

/* Lets those go that are held, too. */
void http_server_set_stall(HttpServer *server, HttpStall stall);
/* Waits until somebody is held. */
void http_server_wait_stalled(HttpServer *server);

guint http_server_requests(HttpServer *server);
/* Requests that came with an Authorization header. */
guint http_server_authorized_requests(HttpServer *server);
