/*
 * Working time against a slow oracle that asks GLib for the local clock at every minute.
 */
#include "measure/calendar_settings.h"
#include "measure/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct {
    const char *zone;
    guint days, from, until;
    const char *const *holidays;
} Case;

static const char *const HOLIDAYS[] = {"2026-12-25", "2026-01-01", "2026-05-01", "2026-05-02",
                                       "2027-01-01", "2026-12-25", NULL};

static UtcTime at(const char *text)
{
    UtcTime time;
    assert_true(time_parse(text, -1, &time, NULL));
    return time;
}

static WorkCalendar *make(const char *zone, guint days, guint from, guint until,
                          const char *const *holidays)
{
    GError *error = NULL;
    WorkCalendar *calendar = work_calendar_new(zone, days, from, until, holidays, &error);
    if (error != NULL)
        fail_msg("%s", error->message);
    return calendar;
}

/* Minutes in [from, until) at whose beginning the local clock shows working hours. */
static Duration count_minutes(const Case *given, UtcTime from, UtcTime until)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(given->zone);
    Duration total = 0;
    for (UtcTime minute = from; minute < until; minute += TIME_MINUTE) {
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(minute / TIME_SECOND);
        g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
        g_autofree char *date = g_date_time_format(local, "%Y-%m-%d");
        guint clock = (guint) (g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local));
        guint weekday = (guint) g_date_time_get_day_of_week(local) - 1;
        gboolean is_free = given->holidays != NULL && g_strv_contains(given->holidays, date);
        if ((given->days >> weekday & 1) != 0 && clock >= given->from && clock < given->until &&
            !is_free)
            total += TIME_MINUTE;
    }
    return total;
}

static const Case CASES[] = {
    {"UTC", 0x1f, 9 * 60, 17 * 60, NULL},
    {"Europe/Berlin", 0x1f, 9 * 60, 17 * 60, HOLIDAYS},
    {"Europe/Berlin", 0x7f, 0, 24 * 60, HOLIDAYS},
    {"Europe/Berlin", 0x60, 60, 4 * 60, NULL}, /* weekend nights, where clocks change */
    {"America/New_York", 0x1f, 8 * 60 + 30, 16 * 60 + 45, HOLIDAYS},
    {"America/New_York", 0x40, 30, 3 * 60 + 15, NULL},
    {"Asia/Kolkata", 0x1f, 10 * 60, 19 * 60, HOLIDAYS},
    {"Asia/Dubai", 0x4f, 8 * 60, 16 * 60, NULL},
    {"Australia/Lord_Howe", 0x7f, 60, 3 * 60, NULL}, /* changes by half an hour */
    {"Pacific/Apia", 0x1f, 9 * 60, 17 * 60, NULL},
};

static void check_span(const Case *given, const WorkCalendar *calendar, UtcTime from, UtcTime until)
{
    Duration expected = count_minutes(given, from, until);
    Duration actual = work_calendar_between(calendar, from, until);
    if (expected != actual) {
        char a[TIME_TEXT_SIZE], b[TIME_TEXT_SIZE];
        fail_msg("%s: %s to %s is %" G_GINT64_FORMAT " min, not %" G_GINT64_FORMAT, given->zone,
                 time_format(from, a), time_format(until, b), expected / TIME_MINUTE,
                 actual / TIME_MINUTE);
    }
}

static void weeks_around_both_clock_changes_agree_with_counting(void **state)
{
    static const char *const STARTS[] = {"2026-03-06T13:07:00Z", "2026-03-27T03:33:00Z",
                                         "2026-10-02T00:00:00Z", "2026-10-23T22:10:00Z",
                                         "2026-12-23T16:00:00Z"};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(WorkCalendar) calendar =
            make(CASES[i].zone, CASES[i].days, CASES[i].from, CASES[i].until, CASES[i].holidays);
        for (gsize start = 0; start < G_N_ELEMENTS(STARTS); start++)
            check_span(&CASES[i], calendar, at(STARTS[start]),
                       at(STARTS[start]) + 4 * TIME_DAY + 173 * TIME_MINUTE);
    }
}

static void short_spans_at_random_agree_with_counting(void **state)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(20260302);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(WorkCalendar) calendar =
            make(CASES[i].zone, CASES[i].days, CASES[i].from, CASES[i].until, CASES[i].holidays);
        for (guint n = 0; n < 40; n++) {
            UtcTime from =
                at("2010-01-01") + g_rand_int_range(chance, 0, 25 * 365 * 24 * 60) * TIME_MINUTE;
            check_span(&CASES[i], calendar, from,
                       from + g_rand_int_range(chance, 0, 3 * 24 * 60) * TIME_MINUTE);
        }
    }
}

static void a_year_agrees_with_counting(void **state)
{
    const Case *berlin = &CASES[1];
    g_autoptr(WorkCalendar) calendar =
        make(berlin->zone, berlin->days, berlin->from, berlin->until, berlin->holidays);
    check_span(berlin, calendar, at("2026-01-01"), at("2027-01-02"));
}

static void years_have_the_working_days_of_the_almanac(void **state)
{
    g_autoptr(WorkCalendar) calendar = make("UTC", 0x1f, 9 * 60, 17 * 60, NULL);
    /* 2026 has 261 weekdays, 2020 to 2029 have 2609. */
    assert_int_equal(work_calendar_between(calendar, at("2026-01-01"), at("2027-01-01")),
                     261 * 8 * TIME_HOUR);
    assert_int_equal(work_calendar_between(calendar, at("2020-01-01"), at("2030-01-01")),
                     2609 * 8 * TIME_HOUR);
}

static void spans_add_up_to_the_microsecond(void **state)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(7);
    g_autoptr(WorkCalendar) calendar = make("America/New_York", 0x1f, 9 * 60, 17 * 60, HOLIDAYS);
    for (guint n = 0; n < 1000; n++) {
        UtcTime start = at("2026-01-01") + (gint64) g_rand_int(chance) * 9000;
        UtcTime middle = start + (gint64) g_rand_int(chance) * 1009;
        UtcTime end = middle + (gint64) g_rand_int(chance) * 3;
        assert_int_equal(work_calendar_between(calendar, start, end),
                         work_calendar_between(calendar, start, middle) +
                             work_calendar_between(calendar, middle, end));
    }
}

static void absent_and_backward_spans_are_absent_and_zero(void **state)
{
    g_autoptr(WorkCalendar) calendar = make("UTC", 0x1f, 9 * 60, 17 * 60, NULL);
    UtcTime noon = at("2026-03-02T12:00:00Z");
    assert_int_equal(work_calendar_between(calendar, TIME_ABSENT, noon), DURATION_ABSENT);
    assert_int_equal(work_calendar_between(calendar, noon, TIME_ABSENT), DURATION_ABSENT);
    assert_int_equal(work_calendar_between(calendar, noon, noon), 0);
    assert_int_equal(work_calendar_between(calendar, noon, noon - TIME_HOUR), 0);
}

static void unreadable_calendars_are_refused_by_name(void **state)
{
    static const char *const BAD[] = {"2026-02-30", NULL}, *const ODD[] = {"25 December", NULL};
    static const struct {
        const char *zone;
        guint days, from, until;
        const char *const *holidays;
        const char *word;
    } REFUSED[] = {
        {"Europe/Atlantis", 0x1f, 540, 1020, NULL, "Europe/Atlantis"},
        {"../../etc/passwd", 0x1f, 540, 1020, NULL, "time zone"},
        {"UTC", 0, 540, 1020, NULL, "days"},
        {"UTC", 0x80, 540, 1020, NULL, "days"},
        {"UTC", 0x1f, 1020, 540, NULL, "hours"},
        {"UTC", 0x1f, 540, 1441, NULL, "hours"},
        {"UTC", 0x1f, 540, 1020, BAD, "2026-02-30"},
        {"UTC", 0x1f, 540, 1020, ODD, "25 December"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(REFUSED); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(work_calendar_new(REFUSED[i].zone, REFUSED[i].days, REFUSED[i].from,
                                      REFUSED[i].until, REFUSED[i].holidays, &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
        assert_non_null(strstr(error->message, REFUSED[i].word));
    }
}

static void settings_are_read_in_words(void **state)
{
    CalendarSettings words = {"Europe/Berlin", "sun, mon-thu", "08:30", "16:00", "2026-03-04"};
    g_autoptr(WorkCalendar) calendar = calendar_from_settings(&words, NULL);
    assert_non_null(calendar);
    /* Sunday 1 March to Saturday 7 March 2026: Sunday, Monday, Tuesday, Thursday of 7.5 h. */
    assert_int_equal(
        work_calendar_between(calendar, at("2026-02-28T23:00:00Z"), at("2026-03-07T23:00:00Z")),
        4 * 450 * TIME_MINUTE);
    CalendarSettings over_weekend = {NULL, "sat-mon", NULL, NULL, NULL};
    g_autoptr(WorkCalendar) other = calendar_from_settings(&over_weekend, NULL);
    assert_int_equal(work_calendar_between(other, at("2026-03-02"), at("2026-03-09")),
                     3 * 8 * TIME_HOUR);
}

static void settings_that_cannot_be_read_are_named(void **state)
{
    static const struct {
        CalendarSettings settings;
        const char *key;
    } BAD[] = {
        {{NULL, "weekdays", NULL, NULL, NULL}, "calendar.days"},
        {{NULL, "mon-", NULL, NULL, NULL}, "calendar.days"},
        {{NULL, ",", NULL, NULL, NULL}, "calendar.days"},
        {{NULL, NULL, "9", NULL, NULL}, "calendar.from"},
        {{NULL, NULL, "09:75", NULL, NULL}, "calendar.from"},
        {{NULL, NULL, NULL, "25:00", NULL}, "calendar.until"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(calendar_from_settings(&BAD[i].settings, &error));
        assert_non_null(error);
        assert_non_null(strstr(error->message, BAD[i].key));
    }
}

static void days_and_dates_agree_with_glib(void **state)
{
    for (gint64 day = -200000; day < 200000; day += 37) {
        gint year;
        guint month, of_month;
        day_to_civil(day, &year, &month, &of_month);
        assert_int_equal(day_from_civil(year, month, of_month), day);
        if (year < 1 || year > 9998)
            continue;
        g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(day * 86400);
        assert_int_equal(g_date_time_get_year(date), year);
        assert_int_equal(g_date_time_get_month(date), month);
        assert_int_equal(g_date_time_get_day_of_month(date), of_month);
        assert_int_equal(g_date_time_get_day_of_week(date) - 1, day_weekday(day));
    }
}

/* Beirut's clocks went from 24:00 to 01:00 on 28 March 2021 and showed 23:00 twice on 30 October.
 */
static void dates_begin_when_the_clocks_say(void **state)
{
    static const struct {
        const char *zone, *date, *begins; /* UTC */
    } DATES[] = {
        {"UTC", "2026-03-02", "2026-03-02T00:00:00Z"},
        {"Asia/Kolkata", "2026-03-02", "2026-03-01T18:30:00Z"},
        {"America/New_York", "2026-03-09", "2026-03-09T04:00:00Z"},
        {"Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"},
        {"Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z"},
        {"Asia/Beirut", "2021-03-28", "2021-03-27T22:00:00Z"},
        {"Asia/Beirut", "2021-03-29", "2021-03-28T21:00:00Z"},
        {"Asia/Beirut", "2021-10-31", "2021-10-30T22:00:00Z"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(DATES); i++) {
        CalendarSettings settings = {.zone = DATES[i].zone};
        g_autoptr(WorkCalendar) calendar = calendar_from_settings(&settings, NULL);
        UtcTime begin;
        assert_true(time_parse(DATES[i].begins, -1, &begin, NULL));
        gint64 day = at(DATES[i].date) / TIME_DAY;
        assert_int_equal(work_calendar_midnight(calendar, day), begin);
        assert_int_equal(work_calendar_day(calendar, begin), day);
        assert_int_equal(work_calendar_day(calendar, begin - 1), day - 1);
    }
}

static void working_days_leave_out_weekends_and_holidays(void **state)
{
    CalendarSettings settings = {.days = "sun,mon-thu", .holidays = "2026-03-04,2026-03-06"};
    g_autoptr(WorkCalendar) calendar = calendar_from_settings(&settings, NULL);
    gint64 monday = at("2026-03-02") / TIME_DAY;
    static const gboolean IS_WORK[] = {TRUE, TRUE, FALSE, TRUE, FALSE, FALSE, TRUE, TRUE};
    for (gint64 i = 0; i < (gint64) G_N_ELEMENTS(IS_WORK); i++) {
        assert_int_equal(work_calendar_is_working_day(calendar, monday + i), IS_WORK[i]);
        assert_int_equal(work_calendar_monday(monday + i), i < 7 ? monday : monday + 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weeks_around_both_clock_changes_agree_with_counting),
        cmocka_unit_test(short_spans_at_random_agree_with_counting),
        cmocka_unit_test(a_year_agrees_with_counting),
        cmocka_unit_test(years_have_the_working_days_of_the_almanac),
        cmocka_unit_test(spans_add_up_to_the_microsecond),
        cmocka_unit_test(absent_and_backward_spans_are_absent_and_zero),
        cmocka_unit_test(unreadable_calendars_are_refused_by_name),
        cmocka_unit_test(settings_are_read_in_words),
        cmocka_unit_test(settings_that_cannot_be_read_are_named),
        cmocka_unit_test(days_and_dates_agree_with_glib),
        cmocka_unit_test(dates_begin_when_the_clocks_say),
        cmocka_unit_test(working_days_leave_out_weekends_and_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
