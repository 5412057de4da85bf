/*
 * How many requests each caller may send. Time is told to it.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/allowance.h"

#define START (TIME_DAY)

static guint take_times(Allowance *allowance, const char *name, guint times, gint64 now)
{
    guint taken = 0;
    for (guint i = 0; i < times; i++)
        taken += allowance_take(allowance, name, now) == 0;
    return taken;
}

static void a_burst_passes_and_what_is_beyond_it_waits(void **state)
{
    Allowance *allowance = allowance_new();
    assert_int_equal(take_times(allowance, "a", LIMIT_WEB_BURST, START), LIMIT_WEB_BURST);
    Duration wait = allowance_take(allowance, "a", START);
    assert_int_equal(wait, TIME_SECOND / LIMIT_WEB_RATE);
    assert_int_equal(allowance_take(allowance, "a", START), wait); /* refusing takes nothing */
    assert_int_equal(allowance_take(allowance, "b", START), 0);
    assert_int_equal(allowance_refused(allowance), 2);
    assert_int_equal(allowance_take(allowance, "a", START + wait), 0);
    assert_true(allowance_take(allowance, "a", START + wait) > 0);
    allowance_free(allowance);
}

static void a_steady_caller_within_the_rate_is_never_refused(void **state)
{
    Allowance *allowance = allowance_new();
    gint64 now = START;
    for (guint i = 0; i < 10 * LIMIT_WEB_BURST; i++, now += TIME_SECOND / LIMIT_WEB_RATE)
        assert_int_equal(allowance_take(allowance, "a", now), 0);
    allowance_free(allowance);
}

static void twice_the_rate_gets_half_of_it_through(void **state)
{
    Allowance *allowance = allowance_new();
    take_times(allowance, "a", LIMIT_WEB_BURST, START);
    guint taken = 0;
    for (gint64 i = 1; i <= 2 * 60 * LIMIT_WEB_RATE; i++)
        taken +=
            allowance_take(allowance, "a", START + i * TIME_SECOND / (2 * LIMIT_WEB_RATE)) == 0;
    assert_in_range(taken, 60 * LIMIT_WEB_RATE - 1, 60 * LIMIT_WEB_RATE + 1);
    allowance_free(allowance);
}

static void rest_makes_it_whole_but_not_more(void **state)
{
    Allowance *allowance = allowance_new();
    take_times(allowance, "a", LIMIT_WEB_BURST, START);
    assert_int_equal(take_times(allowance, "a", 2 * LIMIT_WEB_BURST, START + TIME_DAY),
                     LIMIT_WEB_BURST);
    allowance_free(allowance);
}

static void a_flood_of_names_does_not_free_the_one_that_is_out(void **state)
{
    Allowance *allowance = allowance_new();
    take_times(allowance, "greedy", LIMIT_WEB_BURST, START);
    for (guint i = 0; i < LIMIT_WEB_THROTTLED + 10; i++) {
        g_autofree char *name = g_strdup_printf("n%u", i);
        assert_int_equal(allowance_take(allowance, name, START), 0);
    }
    assert_true(allowance_take(allowance, "greedy", START) > 0);
    allowance_free(allowance);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_what_is_beyond_it_waits),
        cmocka_unit_test(a_steady_caller_within_the_rate_is_never_refused),
        cmocka_unit_test(twice_the_rate_gets_half_of_it_through),
        cmocka_unit_test(rest_makes_it_whole_but_not_more),
        cmocka_unit_test(a_flood_of_names_does_not_free_the_one_that_is_out),
    };
    return cmocka_run_group_tests_name("allowance", tests, NULL, NULL);
}
