#include "out.h"

#include "times.h"

#include <string.h>

#define MAX_DEPTH 48

typedef struct {
    FieldsCursor cursor;
    char closing;      /* '}' or ']' */
    gboolean filled;   /* a comma is due */
    gboolean optional; /* out_set_optional */
} Level;

struct Out {
    GString *text;
    const Fields *fields;
    const char *api, *web;
    guint depth; /* levels[0] is the document itself */
    Level levels[MAX_DEPTH];
};

Out *out_new(const Fields *fields, const char *api, const char *web)
{
    Out *out = g_new0(Out, 1);
    out->text = g_string_sized_new((gsize) 16 * 1024);
    out->fields = fields;
    out->api = api;
    out->web = web;
    fields_start(fields, &out->levels[0].cursor);
    out->levels[0].closing = ']';
    return out;
}

void out_free(Out *out)
{
    if (out == NULL)
        return;
    if (out->text != NULL)
        g_string_free(out->text, TRUE);
    g_free(out);
}

GString *out_take(Out *out)
{
    GString *text = out->text;
    out->text = g_string_new(NULL);
    out->levels[0].filled = FALSE;
    return text;
}

gboolean out_is_empty(const Out *out)
{
    return out->text->len == 0;
}

const char *out_api(const Out *out)
{
    return out->api;
}

const char *out_web(const Out *out)
{
    return out->web;
}

static void put_escaped(GString *text, const char *value, gsize length)
{
    static const char hex[] = "0123456789abcdef";
    g_string_append_c(text, '"');
    gsize plain = 0;
    for (gsize i = 0; i < length; i++) {
        guchar c = (guchar) value[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        g_string_append_len(text, value + plain, (gssize) (i - plain));
        plain = i + 1;
        if (c == '"' || c == '\\') {
            g_string_append_c(text, '\\');
            g_string_append_c(text, (char) c);
        } else if (c == '\n') {
            g_string_append_len(text, "\\n", 2);
        } else {
            char code[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            g_string_append_len(text, code, sizeof code);
        }
    }
    g_string_append_len(text, value + plain, (gssize) (length - plain));
    g_string_append_c(text, '"');
}

/* Decides about @key and writes comma and name. FALSE: left out. */
static gboolean begin(Out *out, const char *key, gboolean optional, FieldsCursor *ret_cursor)
{
    Level *level = &out->levels[out->depth];
    if (key == NULL)
        *ret_cursor = level->cursor;
    else if (level->cursor.n == 0) {
        if (!level->cursor.show || optional || level->optional)
            return FALSE;
        *ret_cursor = level->cursor;
    } else if (!fields_descend(&level->cursor, key, optional || level->optional, ret_cursor)) {
        return FALSE;
    }
    if (level->filled)
        g_string_append_c(out->text, ',');
    level->filled = TRUE;
    if (key != NULL) {
        put_escaped(out->text, key, strlen(key));
        g_string_append_c(out->text, ':');
    }
    return TRUE;
}

static gboolean open_level(Out *out, const char *key, gboolean optional, char opening, char closing)
{
    FieldsCursor cursor;
    if (!begin(out, key, optional, &cursor))
        return FALSE;
    g_assert(out->depth + 1 < MAX_DEPTH);
    out->levels[++out->depth] = (Level){.cursor = cursor, .closing = closing};
    g_string_append_c(out->text, opening);
    return TRUE;
}

gboolean out_object(Out *out, const char *key)
{
    return open_level(out, key, FALSE, '{', '}');
}

gboolean out_array(Out *out, const char *key)
{
    return open_level(out, key, FALSE, '[', ']');
}

gboolean out_optional_object(Out *out, const char *key)
{
    return open_level(out, key, TRUE, '{', '}');
}

gboolean out_optional_array(Out *out, const char *key)
{
    return open_level(out, key, TRUE, '[', ']');
}

void out_set_optional(Out *out, gboolean optional)
{
    out->levels[out->depth].optional = optional;
}

void out_close(Out *out)
{
    g_assert(out->depth > 0);
    g_string_append_c(out->text, out->levels[out->depth--].closing);
}

void out_string_length(Out *out, const char *key, const char *value, gsize length)
{
    FieldsCursor cursor;
    if (!begin(out, key, FALSE, &cursor))
        return;
    put_escaped(out->text, value, length);
}

void out_string(Out *out, const char *key, const char *value)
{
    if (value == NULL)
        out_null(out, key);
    else
        out_string_length(out, key, value, strlen(value));
}

void out_number(Out *out, const char *key, gint64 value)
{
    FieldsCursor cursor;
    if (begin(out, key, FALSE, &cursor))
        g_string_append_printf(out->text, "%" G_GINT64_FORMAT, value);
}

void out_bool(Out *out, const char *key, gboolean value)
{
    FieldsCursor cursor;
    if (begin(out, key, FALSE, &cursor))
        g_string_append(out->text, value ? "true" : "false");
}

void out_null(Out *out, const char *key)
{
    FieldsCursor cursor;
    if (begin(out, key, FALSE, &cursor))
        g_string_append_len(out->text, "null", 4);
}

void out_time(Out *out, const char *key, gint64 at)
{
    char text[TIMES_SIZE];
    times_format(at, text);
    out_string(out, key, text);
}

void out_json(Out *out, const char *key, const json_t *value)
{
    const char *name;
    json_t *member;
    size_t index;
    FieldsCursor cursor;
    switch (value == NULL ? JSON_NULL : json_typeof(value)) {
    case JSON_OBJECT:
        if (!out_object(out, key))
            return;
        json_object_foreach((json_t *) value, name, member) out_json(out, name, member);
        out_close(out);
        return;
    case JSON_ARRAY:
        if (!out_array(out, key))
            return;
        json_array_foreach(value, index, member) out_json(out, NULL, member);
        out_close(out);
        return;
    case JSON_STRING:
        out_string_length(out, key, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        out_number(out, key, json_integer_value(value));
        return;
    case JSON_REAL:
        if (begin(out, key, FALSE, &cursor)) {
            char number[G_ASCII_DTOSTR_BUF_SIZE];
            g_string_append(out->text,
                            g_ascii_dtostr(number, sizeof number, json_real_value(value)));
        }
        return;
    case JSON_TRUE:
    case JSON_FALSE:
        out_bool(out, key, json_is_true(value));
        return;
    case JSON_NULL:
        out_null(out, key);
        return;
    }
}

G_GNUC_PRINTF(4, 0)
static void put_link(Out *out, const char *key, const char *base, const char *format, va_list args)
{
    if (!out_object(out, key))
        return;
    g_autofree char *path = g_strdup_vprintf(format, args);
    g_autofree char *href = g_strconcat(base, path, NULL);
    out_string(out, "href", href);
    out_close(out);
}

void out_link_api(Out *out, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_link(out, key, out->api, format, args);
    va_end(args);
}

void out_link_web(Out *out, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    put_link(out, key, out->web, format, args);
    va_end(args);
}

void out_rendered(Out *out, const char *key, const char *raw)
{
    if (!out_object(out, key))
        return;
    out_string(out, "type", "rendered");
    out_string(out, "raw", raw);
    out_string(out, "markup", "markdown");
    if (raw[0] == '\0') {
        out_string(out, "html", "");
    } else {
        g_autofree char *escaped = g_markup_escape_text(raw, -1);
        g_autofree char *html = g_strconcat("<p>", g_strchomp(escaped), "</p>", NULL);
        out_string(out, "html", html);
    }
    out_close(out);
}
