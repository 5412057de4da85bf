/*
 * out: writes one JSON document as text, leaving out what the parameter "fields" leaves out before
 * it is computed. Every out_… that takes a key does nothing when the key is not wanted; the
 * opening ones return FALSE then, and nothing may be closed. Keys are NULL inside arrays, whose
 * elements stand where the array stands as far as "fields" is concerned.
 *
 * One owner, one thread.
 */
#pragma once

#include "fields.h"

#include <glib.h>
#include <jansson.h>

typedef struct Out Out;

/* @api and @web begin the links: http://127.0.0.1:1234/2.0 and http://127.0.0.1:1234. All three
 * stay the caller's and must outlive the writer. */
Out *out_new(const Fields *fields, const char *api, const char *web);
void out_free(Out *out);
/* The text so far; empties the writer. */
GString *out_take(Out *out);
gboolean out_is_empty(const Out *out);

const char *out_api(const Out *out);
const char *out_web(const Out *out);

gboolean out_object(Out *out, const char *key);
gboolean out_array(Out *out, const char *key);
/* Written only when "fields" asks for it by name or by "*". */
gboolean out_optional_object(Out *out, const char *key);
gboolean out_optional_array(Out *out, const char *key);
/* From here to the end of the present object every member is optional, or not any more. */
void out_set_optional(Out *out, gboolean optional);
void out_close(Out *out);

/* NULL is written as null. */
void out_string(Out *out, const char *key, const char *value);
void out_string_length(Out *out, const char *key, const char *value, gsize length);
void out_number(Out *out, const char *key, gint64 value);
void out_bool(Out *out, const char *key, gboolean value);
void out_null(Out *out, const char *key);
void out_time(Out *out, const char *key, gint64 at);
/* A whole tree, its members filtered too. */
void out_json(Out *out, const char *key, const json_t *value);
/* {"href": base + path} below @key; the path is made as by printf. */
void out_link_api(Out *out, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);
void out_link_web(Out *out, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* {"type":"rendered","raw":…,"markup":"markdown","html":…} */
void out_rendered(Out *out, const char *key, const char *raw);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Out, out_free)
