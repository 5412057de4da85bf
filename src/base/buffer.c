#include "base/buffer.h"

#include <sodium.h>
#include <string.h>

void buffer_init(Buffer *buffer, gsize maximum)
{
    *buffer = (Buffer){.maximum = maximum};
}

void buffer_clear(Buffer *buffer)
{
    g_free(buffer->data);
    buffer_init(buffer, buffer->maximum);
}

void buffer_wipe(Buffer *buffer)
{
    if (buffer->data != NULL)
        sodium_memzero(buffer->data, buffer->capacity);
    buffer_clear(buffer);
}

/* Growing copies by hand instead of realloc, so that a secret leaves nothing behind in freed
 * memory. */
static void buffer_grow(Buffer *buffer, gsize least)
{
    gsize capacity = MAX(buffer->capacity, 256);
    while (capacity < least)
        capacity *= 2;
    guint8 *data = g_malloc(capacity);
    if (buffer->data != NULL) {
        memcpy(data, buffer->data, buffer->length);
        sodium_memzero(buffer->data, buffer->capacity);
        g_free(buffer->data);
    }
    buffer->data = data;
    buffer->capacity = capacity;
}

gboolean buffer_append(Buffer *buffer, const void *bytes, gsize length)
{
    if (length > buffer->maximum - buffer->length)
        return FALSE;
    gsize least = buffer->length + length + 1;
    if (least > buffer->capacity)
        buffer_grow(buffer, least);
    if (length > 0)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = 0;
    return TRUE;
}
