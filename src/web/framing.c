#include "web/framing.h"

#include <string.h>

static const char *const METHOD_NAMES[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

void framing_init(Framing *framing, GHashTable *headers)
{
    *framing = (Framing){.headers = headers};
}

/* Digits alone: "+5", "5, 5" and "0x5" are read differently by different programs. */
static gboolean read_length(const char *text, gsize *ret_length)
{
    guint64 value = 0;
    if (strspn(text, "0123456789") != strlen(text) ||
        !g_ascii_string_to_unsigned(text, 10, 0, G_MAXSSIZE, &value, NULL))
        return FALSE;
    *ret_length = (gsize) value;
    return TRUE;
}

static gboolean is_clean(const char *value)
{
    for (; *value != '\0'; value++)
        if ((guchar) *value < ' ' && *value != '\t')
            return FALSE;
    return TRUE;
}

/* A name with a blank behind it is read by some programs as the name without. */
static gboolean is_token(const char *name)
{
    for (const char *p = name; *p != '\0'; p++)
        if (!g_ascii_isalnum(*p) && strchr("!#$%&'*+-.^_`|~", *p) == NULL)
            return FALSE;
    return *name != '\0';
}

void framing_add(Framing *framing, const char *name, const char *value)
{
    framing->n_fields++;
    if (framing->n_fields > LIMIT_WEB_FIELDS)
        return;
    if (!g_utf8_validate(value, -1, NULL) || !is_clean(value) || !is_token(name))
        framing->has_bad_field = TRUE;
    char *key = g_ascii_strdown(name, -1);
    if (g_str_equal(key, "content-length")) {
        framing->n_lengths++;
        framing->has_bad_length |= !read_length(value, &framing->length);
    } else if (g_str_equal(key, "transfer-encoding")) {
        framing->n_encodings++;
        framing->has_bad_encoding |= g_ascii_strcasecmp(value, "chunked") != 0;
    } else if (g_str_equal(key, "host")) {
        framing->n_hosts++;
    }
    const char *before = g_hash_table_lookup(framing->headers, key);
    char *joined = before == NULL
                       ? g_strdup(value)
                       : g_strconcat(before, g_str_equal(key, "cookie") ? "; " : ", ", value, NULL);
    g_hash_table_replace(framing->headers, key, joined);
}

const char *framing_fault(const Framing *framing)
{
    if (framing->n_fields > LIMIT_WEB_FIELDS)
        return "There are too many header fields.";
    if (framing->has_bad_field)
        return "A header field holds characters that it must not hold.";
    if (framing->n_lengths > 0 && framing->n_encodings > 0)
        return "Content-Length and Transfer-Encoding contradict each other.";
    if (framing->n_lengths > 1 || framing->has_bad_length)
        return "Content-Length must be one number.";
    if (framing->n_encodings > 1 || framing->has_bad_encoding)
        return "Transfer-Encoding must be 'chunked' and nothing else.";
    if (framing->n_hosts != 1)
        return "There must be one Host field.";
    return NULL;
}

gboolean framing_method(const char *name, WebMethod *ret_method, gboolean *ret_is_head)
{
    gboolean is_head = g_str_equal(name, "HEAD");
    for (guint i = 0; i < G_N_ELEMENTS(METHOD_NAMES); i++) {
        if (!g_str_equal(name, METHOD_NAMES[i]) && !(is_head && i == METHOD_GET))
            continue;
        *ret_method = (WebMethod) i;
        *ret_is_head = is_head;
        return TRUE;
    }
    return FALSE;
}

const char *framing_method_name(WebMethod method)
{
    return METHOD_NAMES[method];
}
