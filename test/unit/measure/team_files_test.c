/* Files that people bring: whole, bounded, and refused with the place where they are wrong. */
#include "../store/fixture.h"

#include "measure/measure.h"

#define EVENT(lines) "BEGIN:VEVENT\r\nUID:1\r\n" lines "END:VEVENT\r\n"
#define CALENDAR(events)                                                                           \
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n" events "END:VCALENDAR\r\n"

static GPtrArray *parse(const char *text, gint first, gint last, GError **error)
{
    return holiday_file_parse(text, strlen(text), first, last, error);
}

/* The days as one text. */
static void assert_days(const char *text, gint first, gint last, const char *expected)
{
    g_autoptr(GPtrArray) days = NULL;
    assert_ok((days = parse(text, first, last, &error)) != NULL);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < days->len; i++)
        g_string_append_printf(found, "%s%s", i > 0 ? " " : "",
                               ((const Holiday *) days->pdata[i])->day);
    assert_string_equal(found->str, expected);
}

static void all_day_events_are_holidays_of_one_day_or_several(void **state)
{
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\n")), 2026, 2026,
                "2026-12-25");
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261228\r\n")),
                2026, 2026, "2026-12-25 2026-12-26 2026-12-27");
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20261231\r\nDURATION:P2D\r\n")), 2026, 2027,
                "2026-12-31 2027-01-01");
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20280228\r\nDTEND;VALUE=DATE:20280301\r\n")),
                2028, 2028, "2028-02-28 2028-02-29");
    /* An appointment, a cancelled day, a day outside, and a day that comes twice. */
    assert_days(CALENDAR(EVENT("DTSTART:20260102T090000Z\r\nDTEND:20260102T100000Z\r\n")
                             EVENT("DTSTART;VALUE=DATE:20260103\r\nSTATUS:CANCELLED\r\n")
                                 EVENT("DTSTART;VALUE=DATE:20250104\r\n")
                                     EVENT("DTSTART;VALUE=DATE:20260105\r\n")
                                         EVENT("DTSTART;VALUE=DATE:20260105\r\n")),
                2026, 2026, "2026-01-05");
}

static void repetitions_have_exceptions_and_ends(void **state)
{
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\n")), 2025, 2027,
                "2025-05-01 2026-05-01 2027-05-01");
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\n"
                               "EXDATE;VALUE=DATE:20260501\r\n")),
                2025, 2027, "2025-05-01 2027-05-01");
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20240501\r\nRRULE:FREQ=YEARLY;COUNT=2\r\n")),
                2024, 2030, "2024-05-01 2025-05-01");
    assert_days(
        CALENDAR(EVENT("DTSTART;VALUE=DATE:20240501\r\nRRULE:FREQ=YEARLY;UNTIL=20260501\r\n")),
        2025, 2030, "2025-05-01 2026-05-01");
    /* Thanksgiving: the fourth Thursday of November. */
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20201126\r\n"
                               "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n")),
                2026, 2027, "2026-11-26 2027-11-25");
    assert_days(CALENDAR(EVENT("DTSTART;VALUE=DATE:20260403\r\nRDATE;VALUE=DATE:20270326\r\n")),
                2026, 2027, "2026-04-03 2027-03-26");
}

static void what_makes_no_day_may_be_odd(void **state)
{
    assert_days(CALENDAR("X-ODD:\r\n" EVENT("DTSTART;VALUE=DATE:20261225\r\nDESCRIPTION:\r\n"
                                            "LOCATION;X=:\r\nTRANSP:TRANSPARENT\r\n")),
                2026, 2026, "2026-12-25");
}

static void names_are_unfolded_and_harmless(void **state)
{
    g_autoptr(GPtrArray) days = NULL;
    assert_ok((days = parse(CALENDAR(EVENT("DTSTART;VALUE=DATE:20261225\r\nSUMMARY:First\\, "
                                           "second\r\n  day \x1b[31m\r\n")),
                            2026, 2026, &error)) != NULL);
    const Holiday *holiday = days->pdata[0];
    assert_non_null(strstr(holiday->name, "First, second day"));
    assert_null(strchr(holiday->name, '\x1b'));
}

static void what_cannot_be_read_is_refused_and_named(void **state)
{
    static const struct {
        const char *text, *words;
    } BAD[] = {
        {"", "BEGIN:VCALENDAR"},
        {"hello", "BEGIN:VCALENDAR"},
        {"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "END:VCALENDAR"},
        {CALENDAR(EVENT("SUMMARY:Nowhere\r\n")), "Nowhere"},
        {CALENDAR(EVENT("SUMMARY:Odd\r\nDTSTART;VALUE=DATE:2026xx25\r\n")), "DTSTART near line"},
        {CALENDAR(EVENT("SUMMARY:Odd\r\nDTSTART;VALUE=DATE:20261325\r\n")), "Odd"},
        {CALENDAR(EVENT("SUMMARY:Odd\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=SOMETIMES\r\n")),
         "RRULE"},
        {CALENDAR(EVENT("SUMMARY:Often\r\nDTSTART;VALUE=DATE:20261225\r\nRRULE:FREQ=HOURLY\r\n")),
         "more often"},
        {CALENDAR(EVENT("SUMMARY:Long\r\nDTSTART;VALUE=DATE:20260101\r\n"
                        "DTEND;VALUE=DATE:20290101\r\n")),
         "longer than a year"},
        {CALENDAR(EVENT("SUMMARY:Daily\r\nDTSTART;VALUE=DATE:20000101\r\nRRULE:FREQ=DAILY\r\n")),
         "more days"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++)
        assert_fails_saying(parse(BAD[i].text, 2000, 2100, &error) != NULL, INVALID, BAD[i].words);
    g_autofree char *large = g_strnfill(TEAM_FILE_MAX + 1, 'x');
    assert_fails(parse(large, 2026, 2026, &error) != NULL, LIMIT);
}

/* ---- teams */

static GPtrArray *parse_teams(const char *text, GError **error)
{
    return team_file_parse(text, strlen(text), error);
}

static void a_team_file_has_a_group_per_team(void **state)
{
    g_autoptr(GPtrArray) teams = NULL;
    assert_ok((teams = parse_teams("# ours\n[Payments]\nzone = Europe/Berlin\nfrom=08:30\n"
                                   "since = 2026-02-01\nmembers = ana@acme.test; Ben Roy ;;\n"
                                   "holidays = 2026-12-24;2026-12-31\n[Search]\n",
                                   &error)) != NULL);
    assert_int_equal(teams->len, 2);
    const TeamEntry *first = teams->pdata[0], *second = teams->pdata[1];
    assert_string_equal(first->name, "Payments");
    assert_string_equal(first->zone, "Europe/Berlin");
    assert_string_equal(first->from, "08:30");
    assert_null(first->until);
    assert_true(first->since == T0 + 31 * TIME_DAY);
    assert_int_equal(g_strv_length(first->members), 2);
    assert_string_equal(first->members[1], "Ben Roy");
    assert_string_equal(first->holidays[1], "2026-12-31");
    assert_string_equal(second->name, "Search");
    assert_true(second->since == TIME_ABSENT);
    assert_int_equal(g_strv_length(second->members), 0);
}

static void a_team_file_that_is_wrong_names_the_team_and_the_key(void **state)
{
    static const struct {
        const char *text, *words;
    } BAD[] = {
        {"", "names no team"},
        {"zone = UTC\n", "cannot be read"},
        {"[A]\ncolour = red\n", "colour"},
        {"[A]\nzone = Nowhere/Town\n", "Nowhere/Town"},
        {"[A]\ndays = noday\n", "noday"},
        {"[A]\nfrom = 9\n", "'A'"},
        {"[A]\nfrom = 17:00\nuntil = 09:00\n", "'A'"},
        {"[A]\nsince = yesterday\n", "yesterday"},
        {"[A]\nholidays = 2026-02-30\n", "2026-02-30"},
        {"[A]\nzone = \xff\xfe\n", "UTF-8"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++)
        assert_fails_saying(parse_teams(BAD[i].text, &error) != NULL, INVALID, BAD[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_day_events_are_holidays_of_one_day_or_several),
        cmocka_unit_test(repetitions_have_exceptions_and_ends),
        cmocka_unit_test(what_makes_no_day_may_be_odd),
        cmocka_unit_test(names_are_unfolded_and_harmless),
        cmocka_unit_test(what_cannot_be_read_is_refused_and_named),
        cmocka_unit_test(a_team_file_has_a_group_per_team),
        cmocka_unit_test(a_team_file_that_is_wrong_names_the_team_and_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
