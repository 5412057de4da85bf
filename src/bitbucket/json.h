/*
 * json: foreign JSON, read with suspicion.
 *
 * json_document_read turns bytes into a jansson tree within the limits on depth and count; the
 * Reader functions take single fields out of it. A Reader remembers the first thing that was wrong
 * with the record at hand (reader_is_good turns FALSE, the getters go on and give absent values),
 * so that a decoder reads all its fields in a row and asks once. Texts are copied into the arena:
 * valid UTF-8, no NUL inside, cut to their limit at a character's edge.
 */
#pragma once

#include "base/base.h"

#include <jansson.h>

/* Free with json_decref. BODY_TRUNCATED for nothing or an early end, BODY_FOREIGN for what is no
 * JSON, LIMIT for too deep or too many. A byte-order mark is skipped; broken UTF-8 and halves of
 * surrogate pairs are replaced. */
json_t *json_document_read(const char *body, gsize length,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    Arena *arena;
    GString *fault; /* empty: none so far; a clause such as "id is not a number" */
    gboolean full;  /* the arena has no room left: fails the page, not the record */
} Reader;

void reader_init(Reader *reader, Arena *arena);
void reader_clear(Reader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reader, reader_clear)

gboolean reader_is_good(const Reader *reader);
void reader_forget_fault(Reader *reader);
/* Only the first fault of a record is kept. */
void reader_blame(Reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

void *reader_alloc(Reader *reader, gsize count, gsize size);

/* A member, or NULL when absent, null, or @object is no object. */
json_t *json_member(json_t *object, const char *name);
/* The same through several levels: "source.commit.hash". */
json_t *json_path(json_t *object, const char *path);

/* Absent and null give NULL, FALSE, COUNT_ABSENT, TIME_ABSENT. Another type is a fault. @path may
 * have dots. */
const char *read_text(Reader *reader, json_t *object, const char *path, gsize limit);
gboolean read_flag(Reader *reader, json_t *object, const char *path);
gint64 read_integer(Reader *reader, json_t *object, const char *path);
UtcTime read_time(Reader *reader, json_t *object, const char *path);
/* An object or array member; NULL when absent or null; another type is a fault. */
json_t *read_object(Reader *reader, json_t *object, const char *path);
json_t *read_array(Reader *reader, json_t *object, const char *path);

/* The same, but absence is a fault too. */
gint64 need_integer(Reader *reader, json_t *object, const char *path);
UtcTime need_time(Reader *reader, json_t *object, const char *path);
const char *need_text(Reader *reader, json_t *object, const char *path, gsize limit);

/* 4 to 64 hexadecimal digits, lower case; NULL when absent; anything else is a fault. */
const char *read_hash(Reader *reader, json_t *object, const char *path);
/* An http or https address without user information; NULL when absent or of another scheme. */
const char *read_link(Reader *reader, json_t *object, const char *path);

/* A copy for messages: valid UTF-8, one line, at most LIMIT_ERROR_SNIPPET bytes. g_free. */
char *snippet_of_bytes(const char *bytes, gsize length);
