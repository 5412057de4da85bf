/* From bytes to a JSON tree: what is checked before a parser sees foreign bytes, and the repairs
 * without which one broken character would cost a whole page. */
#include "bitbucket/json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* What one walk over the bytes can tell without building anything. */
typedef struct {
    guint depth, deepest;
    gsize values; /* at most so many values are in the document */
    gboolean in_string;
} Shape;

static void shape_measure(const char *body, gsize length, Shape *ret_shape)
{
    Shape shape = {.values = 1};
    for (gsize i = 0; i < length; i++) {
        char c = body[i];
        if (shape.in_string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                shape.in_string = FALSE;
            continue;
        }
        if (c == '"') {
            shape.in_string = TRUE;
        } else if (c == '{' || c == '[') {
            shape.depth++;
            shape.values++;
            shape.deepest = MAX(shape.deepest, shape.depth);
        } else if (c == '}' || c == ']') {
            shape.depth -= shape.depth > 0;
        } else if (c == ',') {
            shape.values++;
        }
    }
    *ret_shape = shape;
}

static gboolean hex4(const char *text, guint *ret_value)
{
    guint value = 0;
    for (int i = 0; i < 4; i++) {
        int digit = g_ascii_xdigit_value(text[i]);
        if (digit < 0)
            return FALSE;
        value = value * 16 + (guint) digit;
    }
    *ret_value = value;
    return TRUE;
}

/* Replaces \ud8xx or \udcxx without its other half, and \u0000, which no name may hold, by \ufffd,
 * in place. */
static void replace_odd_escapes(char *body, gsize length)
{
    static const char REPLACEMENT[] = {'f', 'f', 'f', 'd'};
    for (gsize i = 0; i + 6 <= length; i++) {
        guint first, second;
        if (body[i] != '\\')
            continue;
        if (body[i + 1] != 'u' || !hex4(body + i + 2, &first)) {
            i++;
            continue;
        }
        gboolean high = first >= 0xd800 && first <= 0xdbff;
        gboolean low = first >= 0xdc00 && first <= 0xdfff;
        gboolean paired = high && i + 12 <= length && body[i + 6] == '\\' && body[i + 7] == 'u' &&
                          hex4(body + i + 8, &second) && second >= 0xdc00 && second <= 0xdfff;
        if (paired)
            i += 11;
        else if (high || low || first == 0)
            memcpy(body + i + 2, REPLACEMENT, sizeof REPLACEMENT);
        if (!paired)
            i += 5;
    }
}

/* Whether the number, well-formed or not, is larger than the parser can hold. */
static gboolean is_too_large(const char *number)
{
    char *end;
    errno = 0;
    (void) g_ascii_strtoll(number, &end, 10);
    if (*end == '\0')
        return errno == ERANGE;
    return isinf(g_ascii_strtod(number, NULL));
}

/* Replaces numbers that the parser cannot hold by null, in place: only their record is at fault,
 * and its reader says so. */
static void replace_large_numbers(char *body, gsize length)
{
    gboolean in_string = FALSE;
    for (gsize i = 0; i < length; i++) {
        if (in_string && body[i] == '\\') {
            i++;
        } else if (body[i] == '"') {
            in_string = !in_string;
        } else if (!in_string && (body[i] == '-' || g_ascii_isdigit(body[i]))) {
            gsize extent = strspn(body + i, "+-.0123456789Ee");
            g_autofree char *number = g_strndup(body + i, extent);
            if (is_too_large(number)) { /* none of these has less than five characters */
                memset(body + i, ' ', extent);
                memcpy(body + i, "null", 4);
            }
            i += extent - 1;
        }
    }
}

static json_t *parse(const char *body, gsize length, json_error_t *ret_failure)
{
    return json_loadb(body, length, JSON_ALLOW_NUL, ret_failure);
}

static json_t *parse_repaired(const char *body, gsize length, json_error_t *ret_failure)
{
    g_autofree char *copy = g_utf8_make_valid(body, (gssize) length);
    gsize copied = strlen(copy);
    replace_odd_escapes(copy, copied);
    replace_large_numbers(copy, copied);
    return parse(copy, copied, ret_failure);
}

static gboolean check_shape(const char *body, gsize length, GError **error)
{
    Shape shape;
    shape_measure(body, length, &shape);
    if (shape.deepest > LIMIT_JSON_DEPTH) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "the answer is nested %u deep; at most %d levels are read", shape.deepest,
                    LIMIT_JSON_DEPTH);
        return FALSE;
    }
    if (shape.values > LIMIT_JSON_VALUES) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "the answer holds more than %d values", LIMIT_JSON_VALUES);
        return FALSE;
    }
    if (shape.depth > 0 || shape.in_string) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_TRUNCATED,
                            "the answer ends in the middle of its JSON");
        return FALSE;
    }
    return TRUE;
}

json_t *json_document_read(const char *body, gsize length, GError **error)
{
    if (length >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0) {
        body += 3;
        length -= 3;
    }
    while (length > 0 && strchr(" \t\r\n", *body) != NULL && *body != '\0') {
        body++;
        length--;
    }
    if (length == 0) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_TRUNCATED,
                            "the answer is empty where JSON was expected");
        return NULL;
    }
    if (*body != '{' && *body != '[') {
        g_autofree char *snippet = snippet_of_bytes(body, MIN(length, 80));
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_FOREIGN,
                    "the answer is not JSON; it begins \"%s\"", snippet);
        return NULL;
    }
    if (!check_shape(body, length, error))
        return NULL;
    json_error_t failure;
    json_t *root = parse(body, length, &failure);
    if (root == NULL)
        root = parse_repaired(body, length, &failure);
    if (root == NULL) {
        gboolean early = json_error_code(&failure) == json_error_premature_end_of_input;
        g_autofree char *why = snippet_of_bytes(failure.text, strlen(failure.text));
        g_set_error(error, PLUMBLINE_ERROR,
                    early ? PLUMBLINE_ERROR_BODY_TRUNCATED : PLUMBLINE_ERROR_BODY_FOREIGN,
                    "the answer is not well-formed JSON (line %d: %s)", failure.line, why);
    }
    return root;
}

char *snippet_of_bytes(const char *bytes, gsize length)
{
    gsize kept = MIN(length, (gsize) LIMIT_ERROR_SNIPPET);
    char *text = g_utf8_make_valid(bytes, (gssize) kept);
    if (strlen(text) > LIMIT_ERROR_SNIPPET) { /* replacement characters are longer */
        char *end = g_utf8_find_prev_char(text, text + LIMIT_ERROR_SNIPPET + 1);
        *(end != NULL ? end : text) = '\0';
    }
    for (char *c = text; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    return text;
}
