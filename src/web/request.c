#include "web/request.h"

#include <string.h>

#define ACCEPTED_MOST 32 /* media ranges that are looked at */

const char *request_header(const WebRequest *request, const char *lower_name)
{
    return g_hash_table_lookup(request->headers, lower_name);
}

const char *request_query(const WebRequest *request, const char *name)
{
    return g_hash_table_lookup(request->query, name);
}

char *request_cookie(const WebRequest *request, const char *name)
{
    const char *header = request_header(request, "cookie");
    if (header == NULL)
        return NULL;
    g_auto(GStrv) pairs = g_strsplit(header, ";", 64);
    gsize length = strlen(name);
    for (guint i = 0; pairs[i] != NULL; i++) {
        const char *pair = g_strstrip(pairs[i]);
        if (strncmp(pair, name, length) == 0 && pair[length] == '=')
            return g_strdup(pair + length + 1);
    }
    return NULL;
}

/* The q of one media range, 1 where it tells none; 0 for a q that cannot be read. */
static double quality_of(char *const *parameters)
{
    for (; *parameters != NULL; parameters++) {
        const char *parameter = g_strstrip(*parameters);
        if (g_ascii_strncasecmp(parameter, "q=", 2) != 0)
            continue;
        char *end = NULL;
        double quality = g_ascii_strtod(parameter + 2, &end);
        return end != parameter + 2 && *end == '\0' && quality >= 0 && quality <= 1 ? quality : 0;
    }
    return 1;
}

gboolean request_prefers(const WebRequest *request, const char *type, const char *other)
{
    const char *header = request_header(request, "accept");
    double mine = 0, theirs = 0;
    gboolean is_first = FALSE;
    g_auto(GStrv) ranges = g_strsplit(header != NULL ? header : "", ",", ACCEPTED_MOST);
    for (guint i = 0; ranges[i] != NULL; i++) {
        g_auto(GStrv) parts = g_strsplit(ranges[i], ";", ACCEPTED_MOST);
        const char *name = parts[0] != NULL ? g_strstrip(parts[0]) : "";
        if (g_ascii_strcasecmp(name, type) == 0) {
            mine = quality_of(parts + 1);
            is_first = theirs == 0;
        } else if (g_ascii_strcasecmp(name, other) == 0) {
            theirs = quality_of(parts + 1);
        }
    }
    return mine > theirs || (mine > 0 && mine == theirs && is_first);
}

static gboolean is_json_type(const char *type)
{
    gsize length = strlen("application/json");
    return type != NULL && g_ascii_strncasecmp(type, "application/json", length) == 0 &&
           strchr("; \t", type[length]) != NULL; /* or its end */
}

json_t *request_json(const WebRequest *request, GError **error)
{
    if (!is_json_type(request_header(request, "content-type"))) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "The body must be JSON, with the content type application/json.");
        return NULL;
    }
    json_error_t fault;
    json_t *document = json_loadb((const char *) request->body.data, request->body.length,
                                  JSON_REJECT_DUPLICATES, &fault);
    if (document == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "The body is not JSON: line %d, column %d: %s.", fault.line, fault.column,
                    fault.text);
        return NULL;
    }
    if (json_is_object(document))
        return document;
    json_decref(document);
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "The body must be one JSON object.");
    return NULL;
}
