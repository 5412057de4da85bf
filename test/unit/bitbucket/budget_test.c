/* The allowance: never more than the capacity in any hour, the first half at once, the rest evenly.
 */
#include "bitbucket/budget.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define START (1795000000 * TIME_SECOND)

static const BudgetState NEW = {.as_of = TIME_ABSENT, .paused_until = TIME_ABSENT};

static Budget budget_of(gint64 capacity)
{
    Budget budget;
    budget_init(&budget,
                &(BudgetState){.capacity = capacity,
                               .available = (double) capacity,
                               .as_of = START,
                               .paused_until = TIME_ABSENT},
                FALSE, START);
    return budget;
}

/* Takes one, waiting as told; returns when. */
static UtcTime take(Budget *budget, UtcTime now)
{
    for (Duration wait; (wait = budget_take(budget, now)) != 0;)
        now += wait;
    return now;
}

static void begins_full_with_the_default_capacity(void **state)
{
    Budget budget;
    BudgetState given = NEW, seen;
    budget_init(&budget, &given, FALSE, START);
    budget_state(&budget, START, &seen);
    assert_int_equal(seen.capacity, 1000);
    assert_int_equal((gint64) seen.available, 1000);
    assert_int_equal(seen.as_of, START);
    assert_int_equal(seen.spent, 0);
}

static void gives_half_at_once_and_then_one_every_even_share(void **state)
{
    Budget budget = budget_of(100);
    for (int i = 0; i < 50; i++)
        assert_int_equal(budget_take(&budget, START), 0);
    /* 3600 s / 100 = 36 s apart. */
    assert_int_equal(budget_take(&budget, START), 36 * TIME_SECOND);
    assert_int_equal(budget_take(&budget, START + 30 * TIME_SECOND), 6 * TIME_SECOND);
    assert_int_equal(budget_take(&budget, START + 36 * TIME_SECOND), 0);
}

static void never_sends_more_than_the_capacity_in_any_hour(void **state)
{
    enum { CAPACITY = 60, TAKEN = 600 };
    Budget budget = budget_of(CAPACITY);
    UtcTime sent[TAKEN], now = START;
    for (int i = 0; i < TAKEN; i++) {
        /* A worker that sleeps now and then, so that bursts fall everywhere. */
        if (i % 37 == 36)
            now += (i % 5) * 17 * TIME_MINUTE;
        sent[i] = now = take(&budget, now);
        if (i >= CAPACITY)
            assert_true(sent[i] - sent[i - CAPACITY] >= TIME_HOUR);
    }
    /* And it is no slower than the quota asks for by more than the minute it counts in. */
    Budget busy = budget_of(CAPACITY);
    now = START;
    for (int i = 0; i < TAKEN; i++)
        now = take(&busy, now);
    assert_true(now - START <= (TAKEN / CAPACITY) * (TIME_HOUR + 2 * TIME_MINUTE));
}

static void an_hour_of_rest_brings_everything_back(void **state)
{
    Budget budget = budget_of(10);
    UtcTime now = START;
    for (int i = 0; i < 10; i++)
        now = take(&budget, now);
    BudgetState seen;
    budget_state(&budget, now, &seen);
    assert_int_equal((gint64) seen.available, 0);
    budget_state(&budget, now + 61 * TIME_MINUTE, &seen);
    assert_int_equal((gint64) seen.available, 10);
    assert_int_equal(seen.spent, 10);
}

static void a_pause_holds_everybody_even_without_limit(void **state)
{
    for (int unlimited = 0; unlimited < 2; unlimited++) {
        Budget budget;
        BudgetState given = NEW;
        budget_init(&budget, &given, unlimited, START);
        budget_pause(&budget, START + 90 * TIME_SECOND);
        budget_pause(&budget, START + 10 * TIME_SECOND); /* does not shorten it */
        assert_int_equal(budget_take(&budget, START), 90 * TIME_SECOND);
        assert_int_equal(budget_take(&budget, START + 90 * TIME_SECOND), 0);
    }
}

static void without_limit_it_only_counts(void **state)
{
    Budget budget;
    BudgetState given = NEW, seen;
    budget_init(&budget, &given, TRUE, START);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(budget_take(&budget, START), 0);
    budget_state(&budget, START, &seen);
    assert_int_equal(seen.spent, 5000);
    assert_int_equal(seen.capacity, 0);
}

static void survives_a_restart(void **state)
{
    Budget budget = budget_of(600);
    UtcTime now = START;
    for (int i = 0; i < 480; i++)
        now = take(&budget, now);
    budget_pause(&budget, now + TIME_MINUTE);
    BudgetState kept, seen;
    budget_state(&budget, now, &kept);
    assert_int_equal((gint64) kept.available, 120);
    Budget again;
    budget_init(&again, &kept, FALSE, now);
    budget_state(&again, now, &seen);
    assert_int_equal((gint64) seen.available, 120);
    assert_int_equal(seen.spent, 480);
    assert_int_equal(seen.paused_until, now + TIME_MINUTE);
    /* Spent evenly over the hour before: half of it is back after half an hour (one minute of 8
     * more or less, as the count is by minutes). */
    budget_state(&again, now + 31 * TIME_MINUTE, &seen);
    assert_in_range((guint64) seen.available, 120 + 240 - 8, 120 + 240 + 8);
    Budget late;
    budget_init(&late, &kept, FALSE, now + 2 * TIME_HOUR);
    budget_state(&late, now + 2 * TIME_HOUR, &seen);
    assert_int_equal((gint64) seen.available, 600);
}

static void takes_a_new_capacity_and_ignores_nonsense(void **state)
{
    Budget budget = budget_of(1000);
    BudgetState seen;
    budget_set_capacity(&budget, 2500);
    budget_set_capacity(&budget, 0);
    budget_set_capacity(&budget, -5);
    budget_set_capacity(&budget, G_MAXINT64);
    budget_state(&budget, START, &seen);
    assert_int_equal(seen.capacity, 2500);
    assert_int_equal((gint64) seen.available, 2500);
}

static void a_clock_set_back_neither_forgets_nor_stalls(void **state)
{
    Budget budget = budget_of(100);
    for (int i = 0; i < 60; i++)
        take(&budget, START + (UtcTime) i * TIME_MINUTE / 2);
    BudgetState seen;
    UtcTime back = START - 5 * TIME_HOUR;
    budget_state(&budget, back, &seen);
    assert_int_equal((gint64) seen.available, 40);
    assert_int_equal(budget_take(&budget, back), 0);
}

static void refuses_a_kept_state_that_makes_no_sense(void **state)
{
    static const BudgetState STRANGE[] = {
        {.capacity = 100, .available = -1e300, .as_of = START, .paused_until = TIME_ABSENT},
        {.capacity = 100, .available = 1e300, .as_of = START, .paused_until = TIME_ABSENT},
        {.capacity = G_MAXINT64, .available = 5, .as_of = START, .paused_until = TIME_ABSENT},
        {.capacity = 100, .available = 50, .as_of = G_MAXINT64, .paused_until = TIME_ABSENT},
        {.capacity = 100, .available = 50, .as_of = -77, .paused_until = TIME_ABSENT},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(STRANGE); i++) {
        Budget budget;
        BudgetState seen;
        budget_init(&budget, &STRANGE[i], FALSE, START);
        budget_state(&budget, START, &seen);
        assert_true(seen.available >= 0 && seen.available <= (double) seen.capacity);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_full_with_the_default_capacity),
        cmocka_unit_test(gives_half_at_once_and_then_one_every_even_share),
        cmocka_unit_test(never_sends_more_than_the_capacity_in_any_hour),
        cmocka_unit_test(an_hour_of_rest_brings_everything_back),
        cmocka_unit_test(a_pause_holds_everybody_even_without_limit),
        cmocka_unit_test(without_limit_it_only_counts),
        cmocka_unit_test(survives_a_restart),
        cmocka_unit_test(takes_a_new_capacity_and_ignores_nonsense),
        cmocka_unit_test(a_clock_set_back_neither_forgets_nor_stalls),
        cmocka_unit_test(refuses_a_kept_state_that_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
