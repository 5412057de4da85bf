#include "company_calendar.h"

#define WORKDAY (8 * HOUR + 30 * MINUTE)

const Office calendar_offices[N_OFFICES] = {
    {"Berlin", 60, "01-01 05-01 10-03 12-25 12-26"},
    {"Bengaluru", 330, "01-26 08-15 10-02 11-09"},
    {"London", 0, "01-01 05-04 08-31 12-25 12-26"},
    {"New York", -300, "01-01 07-04 09-07 11-26 12-25"},
    {"Seattle", -480, "01-01 07-04 09-07 11-26 12-25"},
    {"Sydney", 600, "01-01 01-26 04-25 12-25 12-26"},
};

static gint64 floor_day(gint64 at)
{
    return at >= 0 ? at / DAY : -((-at + DAY - 1) / DAY);
}

void calendar_init(Calendar *calendar, gint64 from, gint64 until)
{
    calendar->first_day = floor_day(from) - 1;
    calendar->n_days = (guint) (floor_day(until) - calendar->first_day + 2);
    calendar->closed = g_new0(guint8, calendar->n_days);
    for (guint i = 0; i < calendar->n_days; i++) {
        g_autoptr(GDateTime) date =
            g_date_time_new_from_unix_utc((calendar->first_day + i) * 86400);
        char name[6];
        g_snprintf(name, sizeof name, "%02d-%02d", g_date_time_get_month(date),
                   g_date_time_get_day_of_month(date));
        for (guint office = 0; office < N_OFFICES; office++)
            if (strstr(calendar_offices[office].holidays, name) != NULL)
                calendar->closed[i] |= (guint8) (1 << office);
    }
}

void calendar_clear(Calendar *calendar)
{
    g_clear_pointer(&calendar->closed, g_free);
}

static gboolean is_day_off(const Calendar *calendar, const WorkingHours *hours, gint64 day)
{
    gint64 weekday = (day % 7 + 7 + 3) % 7; /* 1970-01-01 was a Thursday; Monday is 0 */
    if (weekday >= 5)
        return TRUE;
    gint64 index = day - calendar->first_day;
    return index >= 0 && index < calendar->n_days &&
           (calendar->closed[index] & (1 << hours->office)) != 0;
}

gboolean calendar_is_working(const Calendar *calendar, const WorkingHours *hours, gint64 at)
{
    gint64 local = at + hours->utc_offset, day = floor_day(local);
    gint64 time_of_day = local - day * DAY;
    return !is_day_off(calendar, hours, day) && time_of_day >= hours->day_start &&
           time_of_day < hours->day_start + WORKDAY;
}

gint64 calendar_add(const Calendar *calendar, const WorkingHours *hours, gint64 at, gint64 work)
{
    gint64 local = at + hours->utc_offset;
    for (;;) {
        gint64 day = floor_day(local), start = day * DAY + hours->day_start;
        gint64 end = start + WORKDAY;
        if (local >= end || is_day_off(calendar, hours, day)) {
            local = (day + 1) * DAY;
            continue;
        }
        local = MAX(local, start);
        if (work <= end - local)
            return local + work - hours->utc_offset;
        work -= end - local;
        local = (day + 1) * DAY;
    }
}
