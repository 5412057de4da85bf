/*
 * Working time is the time during which a team's own clocks show working hours on a working day.
 *
 * So defined it has no gaps or doubles when clocks change: between two changes local time runs as
 * UTC does, and the working time of such a stretch is the difference of one closed formula at its
 * ends.
 */
#include "measure/measure.h"
#include "measure/zone.h"

/* What time_parse accepts, with a day's margin. */
#define CALENDAR_FIRST_YEAR 1970
#define CALENDAR_LAST_YEAR  2201
#define MAX_HOLIDAYS        10000

struct WorkCalendar {
    ZoneOffsets zone;
    char *zone_name;
    Duration from, length; /* working hours: after local midnight, and how long */
    guint days;            /* bit 0 Monday */
    guint days_before[8];  /* working days from Monday until before weekday i; [7]: of a week */
    gint64 *holidays;      /* days since 1970 that would be working days otherwise, ascending */
    gsize n_holidays;
};

static gboolean fail(GError **error, const char *what)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "Working time: %s.", what);
    return FALSE;
}

static gboolean parse_holiday(const char *text, gint64 *ret_day, GError **error)
{
    gint64 part[3];
    gboolean good = strlen(text) == 10 && text[4] == '-' && text[7] == '-';
    for (gsize i = 0; good && i < 10; i++)
        good = i == 4 || i == 7 || g_ascii_isdigit(text[i]);
    if (good) {
        part[0] = g_ascii_strtoll(text, NULL, 10);
        part[1] = g_ascii_strtoll(text + 5, NULL, 10);
        part[2] = g_ascii_strtoll(text + 8, NULL, 10);
        good = part[0] >= CALENDAR_FIRST_YEAR && part[0] < CALENDAR_LAST_YEAR &&
               g_date_valid_dmy((GDateDay) part[2], (GDateMonth) part[1], (GDateYear) part[0]);
    }
    if (!good) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "Working time: the holiday '%.32s' is not a date like 2026-12-25.", text);
        return FALSE;
    }
    *ret_day = day_from_civil((gint) part[0], (guint) part[1], (guint) part[2]);
    return TRUE;
}

static gint compare_days(gconstpointer a, gconstpointer b)
{
    const gint64 *first = a, *second = b;
    return (*first > *second) - (*first < *second);
}

/* Keeps each holiday once, and only those on which there would be work. */
static gboolean read_holidays(WorkCalendar *calendar, const char *const *holidays, GError **error)
{
    gsize n = holidays == NULL ? 0 : g_strv_length((char **) (gpointer) holidays);
    if (n > MAX_HOLIDAYS)
        return fail(error, "there are more than 10000 holidays");
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (gsize i = 0; i < n; i++) {
        gint64 day;
        if (!parse_holiday(holidays[i], &day, error))
            return FALSE;
        if ((calendar->days >> day_weekday(day) & 1) != 0)
            g_array_append_val(days, day);
    }
    g_array_sort(days, compare_days);
    calendar->holidays = g_new(gint64, days->len + 1);
    for (gsize i = 0; i < days->len; i++) {
        gint64 day = g_array_index(days, gint64, i);
        if (calendar->n_holidays == 0 || calendar->holidays[calendar->n_holidays - 1] != day)
            calendar->holidays[calendar->n_holidays++] = day;
    }
    return TRUE;
}

WorkCalendar *work_calendar_new(const char *zone, guint days, guint from, guint until,
                                const char *const *holidays, GError **error)
{
    if (days == 0 || days > 0x7f)
        return fail(error, "the days are a mask of seven bits of which one is set"), NULL;
    if (from >= until || until > 24 * 60)
        return fail(error, "the hours end after they begin, at midnight at the latest"), NULL;
    g_autoptr(WorkCalendar) calendar = g_new0(WorkCalendar, 1);
    calendar->zone_name = g_strdup(zone == NULL ? "UTC" : zone);
    calendar->days = days;
    calendar->from = from * TIME_MINUTE;
    calendar->length = (until - from) * TIME_MINUTE;
    for (guint i = 0; i < 7; i++)
        calendar->days_before[i + 1] = calendar->days_before[i] + (days >> i & 1);
    if (!zone_offsets_init(&calendar->zone, zone,
                           day_from_civil(CALENDAR_FIRST_YEAR, 1, 1) * TIME_DAY,
                           day_from_civil(CALENDAR_LAST_YEAR, 1, 1) * TIME_DAY, error) ||
        !read_holidays(calendar, holidays, error))
        return NULL;
    return g_steal_pointer(&calendar);
}

void work_calendar_free(WorkCalendar *calendar)
{
    if (calendar == NULL)
        return;
    zone_offsets_clear(&calendar->zone);
    g_free(calendar->holidays);
    g_free(calendar->zone_name);
    g_free(calendar);
}

const char *work_calendar_zone(const WorkCalendar *calendar)
{
    return calendar->zone_name;
}

/* Holidays before @day. */
static gsize holidays_before(const WorkCalendar *calendar, gint64 day)
{
    gsize low = 0, high = calendar->n_holidays;
    while (low < high) {
        gsize middle = low + (high - low) / 2;
        if (calendar->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Working time from a fixed Monday until the local clock shows @local; only differences mean
 * anything. */
static Duration worked_until(const WorkCalendar *calendar, gint64 local)
{
    gint64 day = floor_divide(local, TIME_DAY);
    guint weekday = day_weekday(day);
    gint64 weeks = floor_divide(day - weekday + 3, 7);
    gsize holidays = holidays_before(calendar, day);
    gint64 whole_days =
        weeks * calendar->days_before[7] + calendar->days_before[weekday] - (gint64) holidays;
    gboolean is_holiday = holidays < calendar->n_holidays && calendar->holidays[holidays] == day;
    Duration today = 0;
    if ((calendar->days >> weekday & 1) != 0 && !is_holiday)
        today = CLAMP(local - day * TIME_DAY - calendar->from, 0, calendar->length);
    return whole_days * calendar->length + today;
}

Duration work_calendar_between(const WorkCalendar *calendar, UtcTime from, UtcTime until)
{
    if (from == TIME_ABSENT || until == TIME_ABSENT)
        return DURATION_ABSENT;
    Duration total = 0;
    for (gsize i = zone_offsets_find(&calendar->zone, from, 0); from < until; i++) {
        UtcTime end = until;
        if (i + 1 < calendar->zone.n)
            end = MIN(until, calendar->zone.spans[i + 1].from);
        Duration offset = calendar->zone.spans[i].offset;
        total += worked_until(calendar, end + offset) - worked_until(calendar, from + offset);
        from = end;
    }
    return total;
}

gint64 work_calendar_day(const WorkCalendar *calendar, UtcTime time)
{
    gsize span = zone_offsets_find(&calendar->zone, time, 0);
    return floor_divide(time + calendar->zone.spans[span].offset, TIME_DAY);
}

/* Where clocks skip midnight the date begins at the change; where they show it twice, at the first.
 */
UtcTime work_calendar_midnight(const WorkCalendar *calendar, gint64 day)
{
    const ZoneOffsets *zone = &calendar->zone;
    gint64 local = day * TIME_DAY;
    for (gsize i = zone_offsets_find(zone, local - TIME_DAY, 0);; i++) {
        UtcTime begin = MAX(local - zone->spans[i].offset, zone->spans[i].from);
        if (i + 1 == zone->n || begin < zone->spans[i + 1].from)
            return begin;
    }
}

gint64 work_calendar_monday(gint64 day)
{
    return day - day_weekday(day);
}

gboolean work_calendar_is_working_day(const WorkCalendar *calendar, gint64 day)
{
    gsize holidays = holidays_before(calendar, day);
    gboolean is_holiday = holidays < calendar->n_holidays && calendar->holidays[holidays] == day;
    return (calendar->days >> day_weekday(day) & 1) != 0 && !is_holiday;
}
