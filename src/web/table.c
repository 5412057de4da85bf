#include "web/table.h"

ReportFormat web_format(const WebCall *call)
{
    const char *format = request_query(call->request, "format");
    gboolean is_csv = format != NULL
                          ? g_str_equal(format, "csv")
                          : request_prefers(call->request, "text/csv", "application/json");
    return is_csv ? REPORT_CSV : REPORT_JSON;
}

gboolean web_reply_form(WebReply *reply, ReportFormat format, GString *text)
{
    if (text == NULL)
        return FALSE;
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    reply_bytes(reply, 200, format == REPORT_CSV ? "text/csv; charset=utf-8" : "application/json",
                bytes);
    reply_header(reply, "Vary", "Accept");
    return TRUE;
}

void web_reply_list(const WebCall *call, WebReply *reply, json_t *document, const char *list,
                    const char *const *columns)
{
    if (web_format(call) != REPORT_CSV) {
        reply_json(reply, 200, document);
        reply_header(reply, "Vary", "Accept");
        return;
    }
    const char *next = json_string_value(json_object_get(document, "next_cursor"));
    if (next != NULL)
        reply_header(reply, "Plumbline-Next", next);
    GString *text = json_table_csv(json_object_get(document, list), columns);
    json_decref(document);
    if (!web_reply_form(reply, REPORT_CSV, text))
        g_assert_not_reached();
}

gboolean web_reply_list_text(const WebCall *call, WebReply *reply, GString *text, const char *list,
                             const char *const *columns)
{
    if (text == NULL || web_format(call) != REPORT_CSV)
        return web_reply_form(reply, REPORT_JSON, text);
    json_t *document = json_loadb(text->str, text->len, 0, NULL);
    g_string_free(text, TRUE);
    g_assert(document != NULL); /* deliver's own */
    web_reply_list(call, reply, document, list, columns);
    return TRUE;
}
