/*
 * How long those who guess have to wait. Time is told to it.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/throttle.h"

#define START (TIME_DAY)

static void fail_times(Throttle *throttle, const char *name, guint times, gint64 now)
{
    for (guint i = 0; i < times; i++)
        throttle_failed(throttle, name, now);
}

static void the_first_failures_cost_nothing(void **state)
{
    Throttle *throttle = throttle_new();
    assert_int_equal(throttle_wait(throttle, "a", START), 0);
    fail_times(throttle, "a", LIMIT_WEB_FAILURES - 1, START);
    assert_int_equal(throttle_wait(throttle, "a", START), 0);
    throttle_free(throttle);
}

static void every_further_failure_doubles_the_wait_up_to_its_most(void **state)
{
    Throttle *throttle = throttle_new();
    fail_times(throttle, "a", LIMIT_WEB_FAILURES, START);
    assert_int_equal(throttle_wait(throttle, "a", START), 2 * TIME_SECOND);
    throttle_failed(throttle, "a", START);
    assert_int_equal(throttle_wait(throttle, "a", START), 4 * TIME_SECOND);
    assert_int_equal(throttle_wait(throttle, "a", START + 3 * TIME_SECOND), TIME_SECOND);
    assert_int_equal(throttle_wait(throttle, "a", START + 4 * TIME_SECOND), 0);
    fail_times(throttle, "a", 40, START);
    assert_int_equal(throttle_wait(throttle, "a", START), 15 * TIME_MINUTE);
    assert_int_equal(throttle_wait(throttle, "b", START), 0);
    throttle_free(throttle);
}

static void a_success_forgets_and_so_does_an_hour(void **state)
{
    Throttle *throttle = throttle_new();
    fail_times(throttle, "a", 12, START);
    throttle_succeeded(throttle, "a");
    assert_int_equal(throttle_wait(throttle, "a", START), 0);
    fail_times(throttle, "a", 12, START);
    throttle_failed(throttle, "a", START + TIME_HOUR);
    assert_int_equal(throttle_wait(throttle, "a", START + TIME_HOUR), 0);
    throttle_free(throttle);
}

static void a_flood_of_names_drops_the_oldest_and_keeps_the_newest(void **state)
{
    Throttle *throttle = throttle_new();
    fail_times(throttle, "old", 9, START);
    fail_times(throttle, "new", 9, START + TIME_SECOND);
    for (guint i = 0; i < LIMIT_WEB_THROTTLED - 1; i++) {
        g_autofree char *name = g_strdup_printf("n%u", i);
        throttle_failed(throttle, name, START + 2 * TIME_SECOND);
    }
    assert_int_equal(throttle_wait(throttle, "old", START + TIME_SECOND), 0);
    assert_true(throttle_wait(throttle, "new", START + TIME_SECOND) > 0);
    throttle_free(throttle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failures_cost_nothing),
        cmocka_unit_test(every_further_failure_doubles_the_wait_up_to_its_most),
        cmocka_unit_test(a_success_forgets_and_so_does_an_hour),
        cmocka_unit_test(a_flood_of_names_drops_the_oldest_and_keeps_the_newest),
    };
    return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
