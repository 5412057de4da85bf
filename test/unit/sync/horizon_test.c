/* How far back a connection reads. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include "sync/sync.h"

#define NOW (20000 * TIME_DAY)

static UtcTime horizon(gint64 chosen, gint64 otherwise)
{
    const StoreConnection connection = {.history_days = chosen};
    return sync_horizon(&connection, otherwise, NOW);
}

static void what_was_chosen_for_the_connection_goes_first(void **state)
{
    assert_int_equal(horizon(90, 730), NOW - 90 * TIME_DAY);
    assert_int_equal(horizon(3660, 730), NOW - 3660 * TIME_DAY);
    assert_int_equal(horizon(90, 0), NOW - 90 * TIME_DAY);
}

static void nothing_chosen_is_as_the_program_was_started(void **state)
{
    assert_int_equal(horizon(COUNT_ABSENT, 730), NOW - 730 * TIME_DAY);
    assert_true(horizon(COUNT_ABSENT, 0) == TIME_ABSENT);
}

static void no_days_at_all_is_everything(void **state)
{
    assert_true(horizon(0, 730) == TIME_ABSENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_chosen_for_the_connection_goes_first),
        cmocka_unit_test(nothing_chosen_is_as_the_program_was_started),
        cmocka_unit_test(no_days_at_all_is_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
