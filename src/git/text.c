#include "git/text.h"

static gboolean is_plain(const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if ((guchar) bytes[i] < 0x20 || (guchar) bytes[i] >= 0x7f)
            return FALSE;
    return TRUE;
}

/* The greatest length <= @maximum at which @text can be cut. */
static gsize cut_length(const char *text, gsize length, gsize maximum)
{
    if (length <= maximum)
        return length;
    while (maximum > 0 && ((guchar) text[maximum] & 0xc0) == 0x80)
        maximum--;
    return maximum;
}

void git_text_append(GString *text, const char *bytes, gsize length, gsize maximum)
{
    if (length <= maximum && is_plain(bytes, length)) {
        g_string_append_len(text, bytes, (gssize) length);
        g_string_append_c(text, '\0');
        return;
    }
    /* Four bytes more than fit, so that the cut never makes a whole character look broken. */
    g_autofree char *valid = g_utf8_make_valid(bytes, (gssize) MIN(length, maximum + 4));
    gsize kept = cut_length(valid, strlen(valid), maximum);
    gsize start = text->len;
    g_string_append_len(text, valid, (gssize) kept);
    for (gsize i = start; i < text->len; i++)
        if (g_ascii_iscntrl(text->str[i]))
            text->str[i] = ' ';
    g_string_append_c(text, '\0');
}

void git_text_append_path(GString *text, const char *bytes, gsize length)
{
    gsize start = text->len;
    while (length > 0 && text->len - start < LIMIT_PATH) {
        const char *end;
        gboolean valid = g_utf8_validate_len(bytes, length, &end);
        g_string_append_len(text, bytes, end - bytes);
        length -= (gsize) (end - bytes);
        bytes = end;
        if (!valid && length > 0) {
            g_string_append_printf(text, "\\%03o", (guchar) *bytes);
            bytes++;
            length--;
        }
    }
    if (text->len - start > LIMIT_PATH)
        g_string_truncate(text,
                          start + cut_length(text->str + start, text->len - start, LIMIT_PATH));
    g_string_append_c(text, '\0');
}

gboolean git_text_is_hash(const char *bytes, gsize length)
{
    if (length != 40 && length != 64)
        return FALSE;
    for (gsize i = 0; i < length; i++)
        if (!g_ascii_isdigit(bytes[i]) && (bytes[i] < 'a' || bytes[i] > 'f'))
            return FALSE;
    return TRUE;
}

gboolean git_text_is_hash_or_prefix(const char *text)
{
    gsize length = 0;
    while (text && length <= 64 && g_ascii_isxdigit(text[length]))
        length++;
    return length >= 7 && length <= 64 && text[length] == '\0';
}
