/*
 * http: the server itself: one thread per connection, so that a slow answer (a history being made,
 * git, a fault that pauses) holds nobody else up. On loopback, for one client at a time, threads
 * are few.
 */
#pragma once

#include "sandbox.h"

typedef struct HttpServer HttpServer;

/* @address: HOST:PORT, a loopback address; port 0: any free one. Sets the sandbox's base URLs; no
 * request is answered before http_open. */
HttpServer *http_start(Sandbox *sandbox, const char *address, GError **error);
void http_open(HttpServer *server);
/* Waits for requests in flight. */
void http_stop(HttpServer *server);
