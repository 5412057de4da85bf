/* Single fields of a foreign record, with the reason kept when one has the wrong shape. */
#include "bitbucket/json.h"

#include "bitbucket/url.h"

#include <string.h>

void reader_init(Reader *reader, Arena *arena)
{
    *reader = (Reader){.arena = arena, .fault = g_string_new(NULL)};
}

void reader_clear(Reader *reader)
{
    if (reader->fault != NULL)
        g_string_free(reader->fault, TRUE);
    *reader = (Reader){0};
}

gboolean reader_is_good(const Reader *reader)
{
    return reader->fault->len == 0 && !reader->full;
}

void reader_forget_fault(Reader *reader)
{
    g_string_truncate(reader->fault, 0);
}

void reader_blame(Reader *reader, const char *format, ...)
{
    if (reader->fault->len > 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    g_string_vprintf(reader->fault, format, arguments);
    va_end(arguments);
}

void *reader_alloc(Reader *reader, gsize count, gsize size)
{
    gsize bytes;
    void *memory = NULL;
    if (g_size_checked_mul(&bytes, count, size))
        memory = arena_alloc(reader->arena, bytes);
    if (memory == NULL)
        reader->full = TRUE;
    return memory;
}

json_t *json_member(json_t *object, const char *name)
{
    json_t *member = json_object_get(object, name); /* NULL when @object is no object */
    return member != NULL && !json_is_null(member) ? member : NULL;
}

json_t *json_path(json_t *object, const char *path)
{
    while (object != NULL) {
        const char *dot = strchr(path, '.');
        if (dot == NULL)
            return json_member(object, path);
        char name[64];
        g_strlcpy(name, path, MIN(sizeof name, (gsize) (dot - path) + 1));
        object = json_member(object, name);
        path = dot + 1;
    }
    return NULL;
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    default:
        return "null";
    }
}

/* The member at the end of @path when it has the wanted type. Something else than an object on the
 * way is a fault too. */
static json_t *typed(Reader *reader, json_t *object, const char *path, json_type type,
                     const char *wanted)
{
    json_t *value = json_path(object, path);
    if (value != NULL && json_typeof(value) == type)
        return value;
    if (value != NULL) {
        reader_blame(reader, "%s is %s instead of %s", path, type_name(value), wanted);
        return NULL;
    }
    for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        g_autofree char *part = g_strndup(path, (gsize) (dot - path));
        json_t *between = json_path(object, part);
        if (between != NULL && !json_is_object(between))
            reader_blame(reader, "%s is %s instead of an object", part, type_name(between));
    }
    return NULL;
}

static const char *copy_clean(Reader *reader, const char *text, gsize length, gsize limit)
{
    if (length > limit) {
        length = limit;
        while (length > 0 && ((guchar) text[length] & 0xc0) == 0x80)
            length--;
    }
    char *copy = arena_copy_text(reader->arena, text, (gssize) length);
    if (copy == NULL) {
        reader->full = TRUE;
        return NULL;
    }
    for (gsize i = 0; i < length; i++)
        if (copy[i] == '\0')
            copy[i] = ' ';
    return copy;
}

const char *read_text(Reader *reader, json_t *object, const char *path, gsize limit)
{
    json_t *value = typed(reader, object, path, JSON_STRING, "a text");
    if (value == NULL)
        return NULL;
    return copy_clean(reader, json_string_value(value), json_string_length(value), limit);
}

gboolean read_flag(Reader *reader, json_t *object, const char *path)
{
    if (json_is_true(json_path(object, path)))
        return TRUE;
    (void) typed(reader, object, path, JSON_FALSE, "true or false"); /* for its complaint */
    return FALSE;
}

gint64 read_integer(Reader *reader, json_t *object, const char *path)
{
    json_t *value = typed(reader, object, path, JSON_INTEGER, "a whole number");
    return value != NULL ? json_integer_value(value) : COUNT_ABSENT;
}

UtcTime read_time(Reader *reader, json_t *object, const char *path)
{
    json_t *value = typed(reader, object, path, JSON_STRING, "a time");
    if (value == NULL)
        return TIME_ABSENT;
    UtcTime time;
    g_autoptr(GError) error = NULL;
    if (time_parse(json_string_value(value), (gssize) json_string_length(value), &time, &error))
        return time;
    reader_blame(reader, "%s: %s", path, error->message);
    return TIME_ABSENT;
}

json_t *read_object(Reader *reader, json_t *object, const char *path)
{
    return typed(reader, object, path, JSON_OBJECT, "an object");
}

json_t *read_array(Reader *reader, json_t *object, const char *path)
{
    return typed(reader, object, path, JSON_ARRAY, "a list");
}

gint64 need_integer(Reader *reader, json_t *object, const char *path)
{
    gint64 value = read_integer(reader, object, path);
    if (value == COUNT_ABSENT)
        reader_blame(reader, "%s is missing", path);
    return value;
}

UtcTime need_time(Reader *reader, json_t *object, const char *path)
{
    UtcTime value = read_time(reader, object, path);
    if (value == TIME_ABSENT)
        reader_blame(reader, "%s is missing", path);
    return value;
}

const char *need_text(Reader *reader, json_t *object, const char *path, gsize limit)
{
    const char *value = read_text(reader, object, path, limit);
    if (value == NULL)
        reader_blame(reader, "%s is missing", path);
    return value;
}

const char *read_hash(Reader *reader, json_t *object, const char *path)
{
    json_t *value = typed(reader, object, path, JSON_STRING, "a hash");
    if (value == NULL)
        return NULL;
    const char *text = json_string_value(value);
    gsize length = json_string_length(value);
    gboolean good = length >= 4 && length <= 64;
    for (gsize i = 0; good && i < length; i++)
        good = g_ascii_isxdigit(text[i]);
    if (!good) {
        reader_blame(reader, "%s is not a commit hash", path);
        return NULL;
    }
    char *copy = arena_copy_text(reader->arena, text, (gssize) length);
    if (copy == NULL) {
        reader->full = TRUE;
        return NULL;
    }
    for (gsize i = 0; i < length; i++)
        copy[i] = g_ascii_tolower(copy[i]);
    return copy;
}

const char *read_link(Reader *reader, json_t *object, const char *path)
{
    json_t *value = typed(reader, object, path, JSON_STRING, "an address");
    if (value == NULL || json_string_length(value) > LIMIT_PATH)
        return NULL;
    g_autofree char *link = url_without_user(json_string_value(value));
    return link != NULL ? copy_clean(reader, link, strlen(link), LIMIT_PATH) : NULL;
}
