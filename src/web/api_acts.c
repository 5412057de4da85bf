/* The log of what administrators did: read, and taken away as a file. It is only ever added to. */
#include "web/filters.h"
#include "web/table.h"

#define ACTS_PER_PAGE 50

static json_t *act_json(const StoreAdminAct *act)
{
    json_t *item = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "seq", (json_int_t) act->seq,
                             "actor", act->actor, "act", act->act, "subject", act->subject,
                             "detail", act->detail, "peer", act->peer);
    json_object_set_new(item, "at", web_json_time(act->at));
    return item;
}

static gboolean read_time(const WebCall *call, const char *parameter, UtcTime *ret_time,
                          GError **error)
{
    const char *text = request_query(call->request, parameter);
    return text == NULL || time_parse(text, -1, ret_time, NULL) ||
           web_invalid(error, "\"%s\" is no date like 2026-10-01 and no instant.", parameter);
}

/* The log is of the instance, which has no time zone: its days are UTC's. */
static gboolean read_filter(const WebCall *call, AdminActFilter *ret_filter, GError **error)
{
    AdminActFilter filter = {.act = request_query(call->request, "act"),
                             .actor = request_query(call->request, "actor"),
                             .from = TIME_ABSENT,
                             .until = TIME_ABSENT,
                             .before = G_MAXINT64};
    if (!read_time(call, "from", &filter.from, error) ||
        !read_time(call, "until", &filter.until, error) ||
        !web_read_number(call, "cursor", &filter.before, error))
        return FALSE;
    if (filter.from != TIME_ABSENT && filter.until != TIME_ABSENT && filter.from >= filter.until)
        return web_invalid(error, "The period ends before it begins.");
    *ret_filter = filter;
    return TRUE;
}

/* ---- the list */

static json_t *words_of(GPtrArray *words)
{
    json_t *list = json_array();
    for (guint i = 0; i < words->len; i++)
        json_array_append_new(list, json_string(words->pdata[i]));
    return list;
}

/* What one may filter by goes with the first page. */
static gboolean add_choices(const WebCall *call, json_t *document, GError **error)
{
    g_autoptr(GPtrArray) kinds = store_list_act_kinds(call->store, error);
    g_autoptr(GPtrArray) actors = kinds == NULL ? NULL : store_list_act_actors(call->store, error);
    if (actors == NULL)
        return FALSE;
    json_object_set_new(document, "kinds", words_of(kinds));
    json_object_set_new(document, "actors", words_of(actors));
    return TRUE;
}

/* An act a line, for who takes the log away as JSON. */
static void reply_lines(WebReply *reply, json_t *items)
{
    GString *text = g_string_new(NULL);
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        char *line = json_dumps(item, JSON_COMPACT);
        g_string_append_printf(text, "%s\n", line);
        free(line);
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(text);
    reply_bytes(reply, 200, "application/jsonl", bytes);
    reply_header(reply, "Vary", "Accept");
}

static json_t *list_json(const GPtrArray *acts, guint n)
{
    json_t *items = json_array();
    for (guint i = 0; i < n; i++)
        json_array_append_new(items, act_json(acts->pdata[i]));
    json_t *document = json_pack("{s:o}", "items", items);
    if (acts->len > n)
        json_object_set_new(
            document, "next_cursor",
            json_sprintf("%" G_GINT64_FORMAT, ((StoreAdminAct *) acts->pdata[n - 1])->seq));
    return document;
}

/* A page of JSON, or many rows at a time as CSV or lines of JSON: the header Plumbline-Next then
 * has the cursor of what is left. */
gboolean web_list_acts(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const COLUMNS[] = {"seq",     "at",     "actor", "act",
                                          "subject", "detail", "peer",  NULL};
    AdminActFilter filter;
    gboolean is_lines = request_prefers(call->request, "application/jsonl", "application/json") ||
                        g_strcmp0(request_query(call->request, "format"), "jsonl") == 0;
    gboolean is_file = is_lines || web_format(call) == REPORT_CSV;
    const guint most = is_file ? WEB_CSV_ROWS : ACTS_PER_PAGE;
    if (!read_filter(call, &filter, error))
        return FALSE;
    filter.limit = most + 1;
    g_autoptr(GPtrArray) acts = store_list_admin_acts(call->store, &filter, error);
    if (acts == NULL)
        return FALSE;
    json_t *document = list_json(acts, MIN(acts->len, most));
    if (!is_file && filter.before == G_MAXINT64 && !add_choices(call, document, error)) {
        json_decref(document);
        return FALSE;
    }
    if (!is_lines) {
        web_reply_list(call, reply, document, "items", COLUMNS);
        return TRUE;
    }
    const char *next = json_string_value(json_object_get(document, "next_cursor"));
    if (next != NULL)
        reply_header(reply, "Plumbline-Next", next);
    reply_lines(reply, json_object_get(document, "items"));
    json_decref(document);
    return TRUE;
}
