/* How long pull requests took, one by one, and where a change of that comes from. */
#include "insight/insight.h"
#include "web/scope.h"
#include "web/table.h"

#include <math.h>

#define POINTS_MOST 2000 /* drawn one by one; classes count all */

static json_t *seconds(Duration span)
{
    return json_real((double) span / (double) TIME_SECOND);
}

/* ---- one by one, and in classes */

typedef struct {
    WebDesk desk;
    MeasureSeries *series;
    gint64 n, absent;
    gint64 classes[REPORT_BUCKETS];
    GPtrArray *repositories; /* StoreRepository */
} Times;

static void times_clear(Times *times)
{
    g_clear_pointer(&times->series, measure_series_free);
    g_clear_pointer(&times->repositories, g_ptr_array_unref);
    web_desk_close(&times->desk);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Times, times_clear)

enum { ASK_CYCLE, ASK_SIZE, N_ASKS };

static gboolean times_load(const WebCall *call, Times *times, GError **error)
{
    MeasureQuery query;
    const MeasureAsk asks[N_ASKS] = {
        [ASK_CYCLE] = {measure_find("cycle-time"), STATISTIC_P50, web_is_working_time(call)},
        [ASK_SIZE] = {measure_find("size"), STATISTIC_P50, FALSE}};
    if (!web_desk_open(call, &times->desk, error) ||
        !web_read_scope(&times->desk, call, &query, error))
        return FALSE;
    query.asks = asks;
    query.n_asks = N_ASKS;
    times->series = measure_series(times->desk.columns, &query, error);
    times->repositories =
        times->series == NULL
            ? NULL
            : store_list_repositories(times->desk.store, times->desk.workspace_id, FALSE, error);
    if (times->repositories == NULL)
        return FALSE;
    for (gsize i = 0; i < times->series->n; i++) {
        double cycle = times->series->values[i * N_ASKS + ASK_CYCLE];
        if (isnan(cycle)) {
            times->absent++;
            continue;
        }
        times->n++;
        times->classes[report_bucket((Duration) cycle)]++;
    }
    return TRUE;
}

/* In working time a day is no day of 24 hours; hours are said then. For g_free. */
static char *class_label(guint i, gboolean is_working)
{
    gint64 from = i == 0 ? 0 : report_bucket_below(i - 1) / TIME_HOUR;
    if (!is_working || from < TIME_DAY / TIME_HOUR)
        return g_strdup(report_bucket_label(i));
    if (i + 1 == REPORT_BUCKETS)
        return g_strdup_printf("over %" G_GINT64_FORMAT " h", from);
    return g_strdup_printf("%" G_GINT64_FORMAT "-%" G_GINT64_FORMAT " h", from,
                           report_bucket_below(i) / TIME_HOUR);
}

static json_t *classes_json(const Times *times, gboolean is_working)
{
    json_t *items = json_array();
    for (guint i = 0; i < REPORT_BUCKETS; i++) {
        Duration below = report_bucket_below(i);
        g_autofree char *label = class_label(i, is_working);
        json_array_append_new(items,
                              json_pack("{ss so so sI}", "label", label, "from",
                                        seconds(i == 0 ? 0 : report_bucket_below(i - 1)), "below",
                                        below == G_MAXINT64 ? json_null() : seconds(below),
                                        "merged", (json_int_t) times->classes[i]));
    }
    return items;
}

/* The newest first. */
static json_t *points_json(const Times *times, gsize most)
{
    const PullView view = {times->desk.store, times->desk.workspace_id, times->desk.columns,
                           times->repositories, times->desk.now};
    json_t *items = json_array();
    for (gsize i = times->series->n; i > 0 && json_array_size(items) < most; i--) {
        const MeasurePoint *point = &times->series->points[i - 1];
        const double *values = times->series->values + (i - 1) * N_ASKS;
        if (isnan(values[ASK_CYCLE]))
            continue;
        g_autofree char *key = deliver_repository_key(&view, point->repository_id);
        json_array_append_new(
            items,
            json_pack("{s{ss ss} sI so so so ss}", "repository", "name",
                      measure_repository_name(times->desk.columns, point->repository_id), "key",
                      key, "number", (json_int_t) point->number, "merged", web_json_time(point->at),
                      "seconds", seconds((Duration) values[ASK_CYCLE]), "lines",
                      isnan(values[ASK_SIZE]) ? json_null()
                                              : json_integer((json_int_t) values[ASK_SIZE]),
                      "size", measure_size_name(point->size)));
    }
    return items;
}

gboolean web_get_cycle_times(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const COLUMNS[] = {"repository.name", "number", "merged", "seconds",
                                          "lines",           "size",   NULL};
    g_auto(Times) times = {0};
    if (!times_load(call, &times, error))
        return FALSE;
    json_t *points =
        points_json(&times, web_format(call) == REPORT_CSV ? WEB_CSV_ROWS : POINTS_MOST);
    web_reply_list(call, reply,
                   json_pack("{ss sI sI so so}", "clock",
                             web_is_working_time(call) ? "working" : "wall", "n",
                             (json_int_t) times.n, "absent", (json_int_t) times.absent, "classes",
                             classes_json(&times, web_is_working_time(call)), "items", points),
                   "items", COLUMNS);
    return TRUE;
}

/* ---- where a change comes from */

static json_t *parts_json(const Duration parts[TREND_PARTS])
{
    json_t *object = json_object();
    for (guint p = 0; p < TREND_REST; p++)
        json_object_set_new(object, trend_part_name(p), seconds(parts[p]));
    json_object_set_new(object, "rest", seconds(parts[TREND_REST]));
    return object;
}

/* NULL: a team that is not told. */
static char *name_of(const WebDesk *desk, ChangeWay way, const GPtrArray *teams, gint64 id)
{
    if (way == CHANGE_BY_REPOSITORY)
        return g_strdup(measure_repository_name(desk->columns, id));
    if (way == CHANGE_BY_SIZE)
        return g_strdup(measure_size_name((guint) id));
    for (guint i = 0; i < teams->len; i++)
        if (((const StoreTeam *) teams->pdata[i])->team_id == id)
            return g_strdup(((const StoreTeam *) teams->pdata[i])->name);
    return NULL;
}

static json_t *groups_json(const WebDesk *desk, const CycleChange *change, const GPtrArray *teams)
{
    json_t *items = json_array();
    for (ChangeWay way = 0; way < CHANGE_WAYS; way++) {
        const GArray *groups = change->groups[way];
        for (guint i = 0; groups != NULL && i < groups->len; i++) {
            const ChangeGroup *group = &g_array_index(groups, ChangeGroup, i);
            g_autofree char *name = name_of(desk, way, teams, group->id);
            json_array_append_new(
                items,
                json_pack("{ss so sI sI so so so so}", "by", change_way_name(way), "name",
                          web_json_text(name), "n_before", (json_int_t) group->n_before, "n_after",
                          (json_int_t) group->n_after, "change",
                          seconds(group->within + group->mix), "within", seconds(group->within),
                          "mix", seconds(group->mix), "parts", parts_json(group->parts)));
        }
    }
    return items;
}

gboolean web_get_cycle_change(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const COLUMNS[] = {
        "by",  "name",         "n_before",     "n_after",      "change",      "within",
        "mix", "parts.coding", "parts.pickup", "parts.review", "parts.merge", "parts.rest",
        NULL};
    g_auto(WebDesk) desk = {0};
    g_auto(CycleChange) change = {0};
    MeasureQuery query;
    const MeasureAsk ask = {measure_find("cycle-time"), STATISTIC_P50, web_is_working_time(call)};
    if (!web_desk_open(call, &desk, error) || !web_read_scope(&desk, call, &query, error))
        return FALSE;
    query.asks = &ask;
    query.n_asks = 1;
    g_autoptr(GPtrArray) teams = store_list_teams(desk.store, desk.workspace_id, error);
    if (teams == NULL || !change_explain(desk.columns, &query, &change, error))
        return FALSE;
    json_t *document =
        json_pack("{ss so so so sI sI}", "clock", ask.working_time ? "working" : "wall", "from",
                  web_json_time(change.from), "middle", web_json_time(change.middle), "until",
                  web_json_time(change.until), "n_before", (json_int_t) change.n_before, "n_after",
                  (json_int_t) change.n_after);
    gboolean is_known = change.groups[CHANGE_BY_SIZE] != NULL;
    json_object_set_new(document, "cut", seconds(change.cut));
    json_object_set_new(document, "mean_before",
                        is_known ? seconds(change.mean_before) : json_null());
    json_object_set_new(document, "mean_after",
                        is_known ? seconds(change.mean_after) : json_null());
    json_object_set_new(document, "change", is_known ? seconds(change.change) : json_null());
    json_object_set_new(document, "parts", is_known ? parts_json(change.parts) : json_null());
    json_object_set_new(document, "items", groups_json(&desk, &change, teams));
    web_reply_list(call, reply, document, "items", COLUMNS);
    return TRUE;
}
