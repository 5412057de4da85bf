#include "web/filters.h"

#include <string.h>

#define DAYS_MOST 3660

gboolean web_read_word(const WebCall *call, const char *parameter, const char *const *words,
                       gint *ret_index, GError **error)
{
    const char *text = request_query(call->request, parameter);
    *ret_index = -1;
    if (text == NULL)
        return TRUE;
    for (gint i = 0; words[i] != NULL; i++)
        if (g_str_equal(words[i], text)) {
            *ret_index = i;
            return TRUE;
        }
    g_autofree char *known = g_strjoinv(", ", (char **) words);
    return web_invalid(error, "\"%s\" is one of: %s.", parameter, known);
}

gboolean web_read_number(const WebCall *call, const char *parameter, gint64 *ret_number,
                         GError **error)
{
    const char *text = request_query(call->request, parameter);
    guint64 number = 0;
    if (text == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(text, 10, 1, (G_GUINT64_CONSTANT(1) << 53) - 1, &number, NULL))
        return web_invalid(error, "\"%s\" is no number.", parameter);
    *ret_number = (gint64) number;
    return TRUE;
}

gboolean web_read_instant(const WebDesk *desk, const WebCall *call, const char *parameter,
                          UtcTime *ret_time, GError **error)
{
    const char *text = request_query(call->request, parameter);
    UtcTime time = TIME_ABSENT;
    if (text == NULL)
        return TRUE;
    if (!time_parse(text, -1, &time, NULL))
        return web_invalid(error, "\"%s\" is no date like 2026-10-01 and no instant.", parameter);
    gboolean is_date = strlen(text) == strlen("2026-10-01");
    *ret_time =
        is_date ? work_calendar_midnight(measure_calendar(desk->columns), time / TIME_DAY) : time;
    return TRUE;
}

gboolean web_read_period(const WebDesk *desk, const WebCall *call, UtcTime *ret_from,
                         UtcTime *ret_until, GError **error)
{
    const char *days = request_query(call->request, "days");
    UtcTime from = TIME_ABSENT, until = TIME_ABSENT;
    guint64 n = 0;
    if (!web_read_instant(desk, call, "until", &until, error))
        return FALSE;
    if (days != NULL) {
        if (!g_ascii_string_to_unsigned(days, 10, 1, DAYS_MOST, &n, NULL))
            return web_invalid(error, "\"days\" must be between 1 and %d.", DAYS_MOST);
        until = until == TIME_ABSENT ? desk->now : until;
        from = until - (gint64) n * TIME_DAY;
    }
    if (!web_read_instant(desk, call, "from", &from, error))
        return FALSE;
    if (from != TIME_ABSENT && until != TIME_ABSENT && from >= until)
        return web_invalid(error, "The period ends before it begins.");
    *ret_from = from;
    *ret_until = until;
    return TRUE;
}

gboolean web_read_person(const WebDesk *desk, const WebCall *call, const char *parameter,
                         gint64 *ret_id, GError **error)
{
    const char *text = request_query(call->request, parameter);
    guint64 id = 0;
    if (text != NULL &&
        g_ascii_string_to_unsigned(text, 10, 1, (G_GUINT64_CONSTANT(1) << 53) - 1, &id, NULL)) {
        *ret_id = (gint64) id;
        return TRUE;
    }
    return text == NULL || store_find_person(desk->store, desk->workspace_id, text, ret_id, error);
}
