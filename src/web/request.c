#include "web/request.h"

#include <string.h>

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

json_t *request_json(const WebRequest *request, GError **error)
{
    const char *type = request_header(request, "content-type");
    if (type == NULL || g_ascii_strncasecmp(type, "application/json", 16) != 0) {
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
