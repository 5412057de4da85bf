/*
 * call: one request on its way through the sandbox, and the answer being made. Belongs to the
 * connection's thread from the first line of the request until the answer is queued.
 */
#pragma once

#include "out.h"
#include "sandbox.h"

#include <glib.h>
#include <jansson.h>

#define CALL_MAX_PARAMS   6
#define CALL_MAX_BODY     (16 * 1024 * 1024)
#define CALL_MAX_SEGMENTS 64

typedef struct Route Route;
typedef struct Token Token;
typedef struct GitChild GitChild;

typedef struct {
    char *name, *value;
} NamedText;

typedef enum {
    DELIVERY_WHOLE,
    DELIVERY_SLOW,  /* in small pieces with pauses */
    DELIVERY_RESET, /* half of it, then the connection is reset */
} Delivery;

typedef struct {
    Sandbox *sandbox;
    const char *method;
    char *path;          /* as sent, without query */
    char *query;         /* as sent, without "?"; "" */
    GPtrArray *segments; /* path, decoded, without empty ones */
    gboolean slash;      /* the path ends with one */
    GArray *arguments;   /* NamedText, decoded, in order */
    GByteArray *body;
    char *authorization, *content_type, *content_encoding, *git_protocol; /* NULL: not sent */

    const Route *route;
    const char *params[CALL_MAX_PARAMS]; /* what the route's {…} matched, in order, borrowed */
    char *rest;                          /* what {rest} matched, joined by "/" */
    const Token *token;
    gint repository; /* index; -1 */
    Fields *fields;
    Out *out; /* call_open's */

    guint status;
    GString *text; /* the answer's body */
    const char *media_type;
    GArray *headers; /* NamedText */
    Delivery delivery;
    guint pause_ms; /* DELIVERY_SLOW */
    gint64 date;    /* of the Date header, µs */
    GitChild *git;  /* streams the body instead of text */
} Call;

Call *call_new(Sandbox *sandbox, const char *uri);
void call_free(Call *call);
/* Reads name=value&… (a query or a form) into @arguments. */
void call_parse_arguments(GArray *arguments, const char *text);
/* The first value; NULL. */
const char *call_argument(const Call *call, const char *name);
const Place *call_place(const Call *call);

void call_header(Call *call, const char *name, const char *value);
/* A writer for the answer, filtered by "fields"; owned by the call. */
Out *call_open(Call *call);
/* Ends the answer that was written to call_open's writer. */
void call_answer(Call *call, guint status);
void call_answer_text(Call *call, guint status, const char *media_type, const char *text);
void call_answer_json(Call *call, guint status, const json_t *value);
/* {"type":"error","error":{"message":…}} */
void call_fail(Call *call, guint status, const char *message);
/* With "detail" as text. */
void call_fail_detail(Call *call, guint status, const char *message, const char *detail);
/* With {"required":[…],"granted":[…]} as detail. */
void call_fail_scope(Call *call, const char *const *required, const char *const *granted);
void call_fail_repository(Call *call);
