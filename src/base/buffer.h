/*
 * A growing run of bytes, born with a maximum.
 *
 * buffer_append refuses (returns FALSE, changes nothing) what would grow past the maximum, so that
 * no foreign body can exhaust memory. The bytes are always followed by a NUL that does not count.
 * One thread at a time.
 */
#pragma once

#include <glib.h>

typedef struct {
    guint8 *data;
    gsize length;
    gsize capacity;
    gsize maximum;
} Buffer;

void buffer_init(Buffer *buffer, gsize maximum);
void buffer_clear(Buffer *buffer);
/* Overwrites the bytes with zeros before giving them back: for secrets. */
void buffer_wipe(Buffer *buffer);
gboolean buffer_append(Buffer *buffer, const void *bytes, gsize length) G_GNUC_WARN_UNUSED_RESULT;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Buffer, buffer_clear)
