#include "web/scope.h"

#include <string.h>

gboolean web_read_days(const WebCall *call, gint64 otherwise, gint64 *ret_days, GError **error)
{
    const char *text = request_query(call->request, "days");
    guint64 days = (guint64) otherwise;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1, SCOPE_DAYS_MOST, &days, NULL))
        return web_invalid(error, "\"days\" must be between 1 and %d.", SCOPE_DAYS_MOST);
    *ret_days = (gint64) days;
    return TRUE;
}

/* A day begins when the workspace's clocks show midnight, as its weeks do. */
static gboolean read_day(const WebDesk *desk, const WebCall *call, const char *name,
                         UtcTime *ret_time, GError **error)
{
    const char *text = request_query(call->request, name);
    UtcTime time = 0;
    if (text == NULL)
        return TRUE;
    if (strlen(text) != strlen("2026-10-01") || !time_parse(text, -1, &time, NULL))
        return web_invalid(error, "\"%s\" is no date like 2026-10-01.", name);
    *ret_time = work_calendar_midnight(measure_calendar(desk->columns), time / TIME_DAY);
    return TRUE;
}

gboolean web_read_scope(const WebDesk *desk, const WebCall *call, MeasureQuery *ret_query,
                        GError **error)
{
    const WebRequest *request = call->request;
    const char *team = request_query(request, "team");
    gint64 days = 0;
    MeasureQuery query = {.now = desk->now,
                          .until = desk->now,
                          .time_zone = desk->zone,
                          .project_key = request_query(request, "project"),
                          .target_branch = request_query(request, "branch"),
                          .size_class = request_query(request, "size"),
                          .environment = request_query(request, "environment"),
                          .include_bots = g_strcmp0(request_query(request, "bots"), "with") == 0};
    if (!web_read_days(call, SCOPE_DAYS, &days, error) ||
        !read_day(desk, call, "until", &query.until, error))
        return FALSE;
    query.from = query.until - days * TIME_DAY;
    if (!read_day(desk, call, "from", &query.from, error))
        return FALSE;
    if (query.from >= query.until)
        return web_invalid(error, "The period ends before it begins.");
    if (!web_desk_repository(desk, call, &query.repository_id, error) ||
        (team != NULL &&
         !store_find_team(desk->store, desk->workspace_id, team, &query.team_id, error)))
        return FALSE;
    *ret_query = query;
    return TRUE;
}

gboolean web_is_working_time(const WebCall *call)
{
    return g_strcmp0(request_query(call->request, "time"), "working") == 0;
}
