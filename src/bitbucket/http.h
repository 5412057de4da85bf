/*
 * http: one exchange at a time per caller, many at once in all.
 *
 * An HttpEngine has a thread of its own in which curl's multi interface keeps connections alive
 * and multiplexes. http_engine_perform hands it one request and blocks until its answer, its
 * failure or http_engine_cancel; it follows no redirect and repeats nothing. Any thread may call
 * it.
 */
#pragma once

#include "base/base.h"

typedef struct HttpEngine HttpEngine;

typedef struct {
    const char *url;
    const char *authorization; /* the whole header line; NULL: none */
    const char *form;          /* form-encoded body: makes it a POST; NULL: a GET */
    guint connect_timeout_ms, timeout_ms;
    gboolean direct; /* loopback: no proxy */
} HttpRequest;

typedef struct {
    long status;
    Buffer body;          /* decoded; at most LIMIT_API_BODY */
    GHashTable *headers;  /* lower-case name -> value, the last one where there are several */
    gint64 bytes_on_wire; /* of headers and body, before decompression */
} HttpAnswer;

void http_answer_clear(HttpAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpAnswer, http_answer_clear)
/* NULL when there is none. @name in lower case. */
const char *http_answer_header(const HttpAnswer *answer, const char *name);

HttpEngine *http_engine_new(GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the thread. No perform may be under way. */
void http_engine_free(HttpEngine *engine);

/* NETWORK, TIMEOUT, BODY_TRUNCATED, BODY_TOO_LARGE, CANCELLED. The message has no address in it. */
gboolean http_engine_perform(HttpEngine *engine, const HttpRequest *request, HttpAnswer *ret_answer,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Everything under way, and everything later, fails with CANCELLED. */
void http_engine_cancel(HttpEngine *engine);
