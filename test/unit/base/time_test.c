#include "base/base.h"

/* cmocka wants these first */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct {
    const char *text;
    UtcTime expected;
} Sample;

static void reads_every_form_that_bitbucket_writes(void **state)
{
    /* Seconds since the epoch by `date -u -d … +%s`. */
    static const Sample SAMPLES[] = {
        {"2025-04-17T07:10:57.603622+00:00", 1744873857603622},
        {"2023-11-27T14:43:10+00:00", 1701096190000000},
        {"2023-02-20T08:58:19.14397Z", 1676883499143970},
        {"2026-01-03T07:36:40.109572944Z", 1767425800109572},
        {"2026-11-03T10:35:38+0100", 1793698538000000},
        {"2024-02-29", 1709164800000000},
        {"1970-01-01T00:00:00Z", 0},
        {"2100-03-01T00:00:00-05:30", 4107562200000000},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++) {
        UtcTime time = TIME_ABSENT;
        g_autoptr(GError) error = NULL;
        assert_true(time_parse(SAMPLES[i].text, -1, &time, &error));
        assert_int_equal(time, SAMPLES[i].expected);
    }
}

static void refuses_what_is_no_time_and_leaves_the_output(void **state)
{
    static const char *const BAD[] = {
        "",
        "yesterday",
        "2025-13-01",
        "2025-02-29T00:00:00Z",
        "2025-04-17T07:10",
        "1969-12-31",
        "2025-04-17T24:00:00Z",
        "2025-04-17T07:10:57.Z",
        "2025-04-17T07:10:57",
        "2025-04-17T07:10:57Z ",
        "2025-04-17T07:10:57+99:00",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++) {
        UtcTime time = 42;
        g_autoptr(GError) error = NULL;
        assert_false(time_parse(BAD[i], -1, &time, &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
        assert_int_equal(time, 42);
    }
    g_autoptr(GError) error = NULL;
    UtcTime time = 42;
    assert_false(time_parse(NULL, -1, &time, &error));
}

static void reads_http_dates(void **state)
{
    UtcTime time;
    g_autoptr(GError) error = NULL;
    assert_true(time_parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", &time, &error));
    assert_int_equal(time, 784111777000000);
    assert_false(time_parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", &time, &error));
}

static void writes_what_it_reads(void **state)
{
    char buffer[TIME_TEXT_SIZE];
    assert_string_equal(time_format(1744873857603622, buffer), "2025-04-17T07:10:57.603622Z");
    assert_string_equal(time_format(1701096190000000, buffer), "2023-11-27T14:43:10Z");
    assert_string_equal(time_format(TIME_ABSENT, buffer), "");
    assert_string_equal(time_format(-1, buffer), "1969-12-31T23:59:59.999999Z");
}

static void shows_spans_with_one_number_and_one_unit(void **state)
{
    char buffer[TIME_TEXT_SIZE];
    assert_string_equal(duration_format(45 * TIME_MINUTE, buffer), "45 min");
    assert_string_equal(duration_format(7 * TIME_HOUR + 30 * TIME_MINUTE, buffer), "7.5 h");
    assert_string_equal(duration_format(3 * TIME_DAY + 5 * TIME_HOUR, buffer), "3.2 d");
    assert_string_equal(duration_format(59 * TIME_MINUTE + 40 * TIME_SECOND, buffer), "1.0 h");
    assert_string_equal(duration_format(30 * TIME_HOUR, buffer), "30 h");
    assert_string_equal(duration_format(0, buffer), "0 s");
    assert_string_equal(duration_format(DURATION_ABSENT, buffer), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_form_that_bitbucket_writes),
        cmocka_unit_test(refuses_what_is_no_time_and_leaves_the_output),
        cmocka_unit_test(reads_http_dates),
        cmocka_unit_test(writes_what_it_reads),
        cmocka_unit_test(shows_spans_with_one_number_and_one_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
