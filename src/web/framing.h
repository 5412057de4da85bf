/*
 * framing: what a request's header fields say about its own shape, judged more strictly than the
 * library below does, so that no proxy in front and we can read one message in two ways. Pure.
 */
#pragma once

#include "web/request.h"

typedef struct {
    GHashTable *headers; /* lower-case name → value; not owned */
    gsize length;        /* of the body as declared; 0: none */
    guint n_fields, n_lengths, n_encodings, n_hosts;
    gboolean has_bad_length, has_bad_encoding, has_bad_field;
} Framing;

void framing_init(Framing *framing, GHashTable *headers);
/* In the order in which they came. A field that comes twice is joined by ", " (cookies by "; "). */
void framing_add(Framing *framing, const char *name, const char *value);
/* NULL: none. A sentence. */
const char *framing_fault(const Framing *framing);

/* HEAD is a GET. FALSE: a method that is not known here. */
gboolean framing_method(const char *name, WebMethod *ret_method, gboolean *ret_is_head);
const char *framing_method_name(WebMethod method);
