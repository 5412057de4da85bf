/* Numbers: the report, the one query, the measures that there are; and what is read. */
#include "web/scope.h"
#include "web/table.h"

#include <string.h>

#define ASKS_MOST 24

/* ---- the report, as docs/report-json.md describes it */

gboolean web_get_report(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    ReportRequest request = {
        .requests = COUNT_ABSENT, .read_from = TIME_ABSENT, .known_since = TIME_ABSENT};
    SyncReach reach;
    if (!web_desk_open(call, &desk, error) || !web_read_days(call, 30, &request.days, error) ||
        !web_desk_repository(&desk, call, &request.repository_id, error) ||
        !sync_reach(desk.store, desk.workspace_id, &reach, error))
        return FALSE;
    request.store = desk.store;
    request.columns = desk.columns;
    request.workspace_id = desk.workspace_id;
    request.now = desk.now;
    request.is_approximate = reach.complete < reach.repositories;
    request.known_since = reach.known_since;
    request.time_zone = desk.zone;
    g_autoptr(Report) report = report_build(&request, error);
    if (report == NULL)
        return FALSE;
    ReportStyle style = {.people = FALSE};
    ReportFormat format = web_format(call);
    return web_reply_form(reply, format, report_render(report, format, &style));
}

/* ---- the one query */

static gboolean read_asks(const WebCall *call, GArray *asks, GError **error)
{
    const char *measures = request_query(call->request, "measures");
    const char *statistics = request_query(call->request, "statistics");
    gboolean working = web_is_working_time(call);
    if (measures == NULL)
        return web_invalid(error, "\"measures\" is missing: name some, with commas between.");
    g_auto(GStrv) ids = g_strsplit(measures, ",", ASKS_MOST + 1);
    g_auto(GStrv) names = g_strsplit(statistics != NULL ? statistics : "", ",", ASKS_MOST + 1);
    for (guint i = 0; ids[i] != NULL; i++) {
        const MeasureInfo *measure = measure_find(ids[i]);
        if (measure == NULL)
            return web_invalid(error, "'%s' is no measure.", ids[i]);
        guint k = 0;
        do {
            MeasureAsk ask = {.measure = measure,
                              .statistic = measure_default_statistic(measure),
                              .working_time = working && measure->unit == MEASURE_UNIT_DURATION};
            if (names[k] != NULL && !statistic_from_name(names[k], &ask.statistic))
                return web_invalid(error, "'%s' is no statistic.", names[k]);
            if (asks->len == ASKS_MOST)
                return web_invalid(error, "More than %d columns are asked for.", ASKS_MOST);
            g_array_append_val(asks, ask);
        } while (names[k] != NULL && names[++k] != NULL);
    }
    return TRUE;
}

static gboolean read_dimensions(const WebCall *call, Dimension by[2], GError **error)
{
    const char *text = request_query(call->request, "by");
    g_auto(GStrv) names = g_strsplit(text != NULL ? text : "", ",", 3);
    for (guint i = 0; names[i] != NULL; i++) {
        if (i == 2)
            return web_invalid(error, "\"by\" takes two dimensions at most.");
        if (!dimension_from_name(names[i], &by[i]))
            return web_invalid(error, "'%s' is no dimension.", names[i]);
    }
    return TRUE;
}

/* By person only where the workspace allows it; nobody is ranked by default. */
static gboolean may_ask_people(const WebDesk *desk, const MeasureQuery *query, GError **error)
{
    gboolean by_people = FALSE, shows_people = FALSE;
    for (guint i = 0; i < 2; i++)
        by_people |= query->by[i] == DIMENSION_AUTHOR || query->by[i] == DIMENSION_REVIEWER;
    if (!by_people)
        return TRUE;
    if (!web_desk_shows_people(desk, &shows_people, error))
        return FALSE;
    if (shows_people)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                        "This workspace shows no measures by person. An administrator can switch "
                        "them on.");
    return FALSE;
}

static gboolean read_query(const WebDesk *desk, const WebCall *call, GArray *asks,
                           MeasureQuery *query, GError **error)
{
    if (!web_read_scope(desk, call, query, error) || !read_asks(call, asks, error) ||
        !read_dimensions(call, query->by, error))
        return FALSE;
    query->asks = (const MeasureAsk *) (const void *) asks->data;
    query->n_asks = asks->len;
    return may_ask_people(desk, query, error);
}

/* JSON, or CSV where the caller prefers it. */
gboolean web_get_measures(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    MeasureQuery query;
    g_autoptr(GArray) asks = g_array_new(FALSE, FALSE, sizeof(MeasureAsk));
    if (!web_desk_open(call, &desk, error) || !read_query(&desk, call, asks, &query, error))
        return FALSE;
    g_autoptr(MeasureTable) table = measure_query(desk.columns, &query, error);
    if (table == NULL)
        return FALSE;
    ReportFormat format = web_format(call);
    return web_reply_form(reply, format, deliver_render_measures(&query, table, format, NULL));
}

static const char *const UNITS[] = {"duration", "lines", "count", "share"};

gboolean web_list_measures(const WebCall *call, WebReply *reply, GError **error)
{
    gsize n;
    const MeasureInfo *const *measures = measure_list(&n);
    json_t *items = json_array();
    for (gsize i = 0; i < n; i++) {
        json_t *statistics = json_array();
        for (guint k = 0; k < STATISTIC_COUNT; k++)
            if (measure_has_statistic(measures[i], (Statistic) k))
                json_array_append_new(statistics, json_string(statistic_name((Statistic) k)));
        json_array_append_new(items,
                              json_pack("{ss ss ss ss ss so}", "id", measures[i]->id, "title",
                                        measures[i]->title, "meaning", measures[i]->meaning,
                                        "anchor", measures[i]->anchor, "unit",
                                        UNITS[measures[i]->unit], "statistics", statistics));
    }
    json_t *dimensions = json_array();
    for (guint i = DIMENSION_NONE + 1; i < DIMENSION_COUNT; i++)
        json_array_append_new(dimensions, json_string(dimension_name((Dimension) i)));
    static const char *const COLUMNS[] = {"id",   "title",      "meaning", "anchor",
                                          "unit", "statistics", NULL};
    web_reply_list(call, reply, json_pack("{so so}", "measures", items, "dimensions", dimensions),
                   "measures", COLUMNS);
    return TRUE;
}

/* ---- what is read */

gboolean web_list_repositories(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    if (!web_desk_open(call, &desk, error))
        return FALSE;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(desk.store, desk.workspace_id, FALSE, error);
    if (repositories == NULL)
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        json_t *item =
            json_pack("{ss ss sb ss sI}", "full_name", repository->full_name, "name",
                      repository->name, "selected", repository->is_selected, "state",
                      repository->state, "pull_requests", (json_int_t) repository->pull_requests);
        json_object_set_new(item, "project", web_json_text(repository->project_key));
        json_object_set_new(item, "project_name", web_json_text(repository->project_name));
        json_object_set_new(item, "main_branch", web_json_text(repository->main_branch));
        json_object_set_new(item, "size_bytes", web_json_count(repository->size_bytes));
        json_object_set_new(item, "url", web_json_text(repository->html_url));
        json_object_set_new(item, "updated", web_json_time(repository->updated));
        json_array_append_new(items, item);
    }
    static const char *const COLUMNS[] = {"full_name", "name",  "project",     "project_name",
                                          "selected",  "state", "main_branch", "pull_requests",
                                          "updated",   "url",   NULL};
    web_reply_list(call, reply, json_pack("{so}", "items", items), "items", COLUMNS);
    return TRUE;
}

/* Whether something of it is read, or will be with the next round. */
static gboolean is_set_up(const GPtrArray *connections, gint64 workspace_id)
{
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (connection->workspace_id == workspace_id && connection->setup_step == NULL)
            return TRUE;
    }
    return FALSE;
}

json_t *web_workspaces(const WebCall *call, GError **error)
{
    g_autoptr(GPtrArray) connections = store_list_connections(call->store, error);
    if (connections == NULL)
        return NULL;
    json_t *items = json_array();
    gint64 last = 0, waiting = 0;
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i]; /* by workspace */
        SyncReach reach;
        if (connection->workspace_id == last)
            continue;
        last = connection->workspace_id;
        if (!sync_reach(call->store, last, &reach, error) ||
            !store_count_proposals(call->store, last, &waiting, error)) {
            json_decref(items);
            return NULL;
        }
        json_array_append_new(
            items,
            json_pack("{ss sb sb sI sI so sI}", "slug", connection->workspace_slug, "complete",
                      reach.complete == reach.repositories, "set_up", is_set_up(connections, last),
                      "repositories", (json_int_t) reach.repositories, "repositories_complete",
                      (json_int_t) reach.complete, "known_since", web_json_time(reach.known_since),
                      "proposals_waiting", (json_int_t) waiting));
    }
    return items;
}

/* Where each workspace stands: for the first page, and for choosing among several. */
gboolean web_list_workspaces(const WebCall *call, WebReply *reply, GError **error)
{
    json_t *items = web_workspaces(call, error);
    if (items == NULL)
        return FALSE;
    static const char *const COLUMNS[] = {"slug", "complete", NULL};
    web_reply_list(call, reply, json_pack("{so}", "items", items), "items", COLUMNS);
    return TRUE;
}
