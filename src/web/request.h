/*
 * request: what came in, and the answer that goes out. Inside the web room.
 *
 * A WebRequest is filled by the I/O thread and read by one worker afterwards; everything in it
 * lives until the answer has been sent. A WebReply is filled by the worker. Names of header fields
 * compare without regard to case; a query parameter given twice counts as a fault of the caller.
 */
#pragma once

#include "base/base.h"

#include <jansson.h>

typedef enum { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE } WebMethod;

#define WEB_PATH_PARTS_MAX 6 /* {…} in one path */

typedef struct {
    WebMethod method;
    gboolean is_head;       /* a GET whose body is left out */
    char *path;             /* decoded, begins with '/' */
    GHashTable *query;      /* name → value, decoded */
    gboolean query_repeats; /* a parameter came twice */
    GHashTable *headers;    /* lower-case name → value */
    Buffer body;
    char *peer; /* the other end's address */
    char id[17];
    const char *parts[WEB_PATH_PARTS_MAX]; /* what stands for {…} in the route's path, in order */
    char *parts_text;                      /* what they point into */
} WebRequest;

const char *request_header(const WebRequest *request, const char *lower_name); /* NULL: none */
const char *request_query(const WebRequest *request, const char *name);        /* NULL: not given */
/* A cookie's value, for g_free; NULL: none of this name. */
char *request_cookie(const WebRequest *request, const char *name);
/* Whether the Accept field would rather have @type than @other: its greater q, or of two that are
 * equal the one that is named first. Wildcards speak for neither. */
gboolean request_prefers(const WebRequest *request, const char *type, const char *other);
/* The body as a JSON object. INVALID in words for anything else. Free with json_decref. */
json_t *request_json(const WebRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    guint status;
    GBytes *body; /* NULL: none */
    const char *content_type;
    GPtrArray *headers; /* char *, name and value in turn */
    struct HubListener
        *listener; /* an answer that goes on: events (hub.h); freed with the answer */
} WebReply;

void reply_init(WebReply *reply);
void reply_clear(WebReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WebReply, reply_clear)
void reply_header(WebReply *reply, const char *name, const char *value);
/* Each replaces what was there. @document: taken. */
void reply_json(WebReply *reply, guint status, json_t *document);
void reply_text(WebReply *reply, guint status, const char *content_type, const char *text);
void reply_bytes(WebReply *reply, guint status, const char *content_type, GBytes *bytes);
void reply_nothing(WebReply *reply); /* 204 */
/* RFC 9457: type, title, status, detail, and the id of the request. */
void reply_problem(WebReply *reply, guint status, const char *code, const char *title,
                   const char *detail);
/* The same from an error of ours: status and name by the table of base/error.h. An error that is
 * not the caller's doing is logged, and told without its particulars. */
void reply_error(WebReply *reply, const WebRequest *request, const GError *error);
