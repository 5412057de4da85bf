/*
 * routes: the table of addresses, and the one place where a caller's role is looked at. Inside the
 * web room.
 *
 * A path is made of literal parts and {names}; what stands for a name is one part of the request's
 * path and comes to the handler in WebRequest.parts, in order. The table is what
 * docs/api/openapi.yaml is checked against.
 */
#pragma once

#include "web/caller.h"

typedef struct WebCall WebCall;

/* What a handler works with; valid during the call. */
struct WebCall {
    WebServer *server;
    Store *store;
    const WebRequest *request;
    const WebCaller *caller;
    UtcTime now; /* of this machine: sessions, tokens, logs */
};

/* Fills the reply and returns TRUE, or sets an error, of which a problem document is made. */
typedef gboolean (*WebHandler)(const WebCall *call, WebReply *reply, GError **error);

typedef struct {
    WebMethod method;
    const char *path; /* "/api/v1/findings/{finding}" */
    WebRole role;     /* the least that the caller must have; ROLE_ANYBODY: signed in or not */
    WebHandler handler;
    const char *summary; /* one line, without a full stop */
    gsize body_limit;    /* 0: LIMIT_WEB_BODY */
} WebRoute;

const WebRoute *web_route_list(gsize *ret_n);

typedef enum { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD } RouteMatch;
/* @parts has room for WEB_PATH_PARTS_MAX; the parts are cut out of @path, which is altered.
 * @ret_allowed: with ROUTE_NO_METHOD, bits of the methods that there are. */
RouteMatch web_route_match(const WebRoute *routes, gsize n, WebMethod method, char *path,
                           const char **parts, const WebRoute **ret_route, guint *ret_allowed);
