/* The order of work: what may start when, and what wins. */
#include "sync/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BIT(name) STEP_BIT(STEP_##name)

/* Runs one worker over @states and writes the order of steps as "0:pull-requests 1:…". */
static char *run_alone(PlanState *states, gsize n, gboolean prefer_git)
{
    static const char *const NAMES[STEP_COUNT] = {"recent", "feed",     "git",        "ranges",
                                                  "old",    "old-feed", "old-ranges", "details"};
    GString *order = g_string_new(NULL);
    const PlanState *views[4];
    for (gsize i = 0; i < n; i++)
        views[i] = &states[i];
    gsize index;
    SyncStep step;
    while (plan_pick(views, n, prefer_git, &index, &step)) {
        g_string_append_printf(order, "%s%zu:%s", order->len > 0 ? " " : "", index, NAMES[step]);
        states[index].ended |= STEP_BIT(step);
    }
    return g_string_free(order, FALSE);
}

static void a_first_sync_spends_on_what_people_see_first(void **state)
{
    PlanState plan = {.kind = PLAN_FIRST};
    g_autofree char *order = run_alone(&plan, 1, FALSE);
    assert_string_equal(order,
                        "0:recent 0:feed 0:old 0:old-feed 0:git 0:ranges 0:old-ranges 0:details");
    assert_true(plan_is_finished(&plan));
}

static void every_repository_shows_its_newest_part_before_any_history(void **state)
{
    PlanState plans[2] = {{.kind = PLAN_FIRST}, {.kind = PLAN_FIRST}};
    g_autofree char *order = run_alone(plans, 2, FALSE);
    assert_true(g_str_has_prefix(
        order, "0:recent 1:recent 0:feed 1:feed 0:old 1:old 0:old-feed 1:old-feed"));
}

static void git_goes_on_beside_the_lists(void **state)
{
    PlanState plans[2] = {{.kind = PLAN_FIRST, .running = BIT(PULL_REQUESTS)},
                          {.kind = PLAN_FIRST}};
    const PlanState *views[] = {&plans[0], &plans[1]};
    gsize index;
    SyncStep step;
    assert_true(plan_pick(views, 2, TRUE, &index, &step));
    assert_int_equal(index, 0);
    assert_int_equal(step, STEP_GIT);
    assert_true(plan_pick(views, 2, FALSE, &index, &step));
    assert_int_equal(index, 1);
    assert_int_equal(step, STEP_PULL_REQUESTS);
}

static void ranges_wait_for_the_list_and_for_git(void **state)
{
    PlanState plan = {.kind = PLAN_FIRST, .ended = BIT(PULL_REQUESTS), .running = BIT(ACTIVITY)};
    const PlanState *views[] = {&plan};
    gsize index;
    SyncStep step;
    plan.running |= BIT(GIT);
    assert_false(plan_pick(views, 1, TRUE, &index, &step));
    plan.running = BIT(ACTIVITY);
    plan.ended |= BIT(GIT);
    assert_true(plan_pick(views, 1, TRUE, &index, &step));
    assert_int_equal(step, STEP_RANGES);
}

static void a_cycle_reads_the_feed_before_the_list_and_git_after_both(void **state)
{
    PlanState plan = {.kind = PLAN_CYCLE};
    g_autofree char *order = run_alone(&plan, 1, TRUE);
    assert_string_equal(order, "0:feed 0:recent 0:git 0:ranges 0:details");
}

static void a_stopped_repository_is_finished_once_nothing_runs(void **state)
{
    PlanState plan = {.kind = PLAN_FIRST, .running = BIT(GIT), .stopped = TRUE};
    const PlanState *views[] = {&plan};
    gsize index;
    SyncStep step;
    assert_false(plan_pick(views, 1, FALSE, &index, &step));
    assert_false(plan_is_finished(&plan));
    plan.running = 0;
    assert_true(plan_is_finished(&plan));
}

static void every_step_waits_only_for_steps_of_its_own_plan(void **state)
{
    for (guint kind = PLAN_FIRST; kind <= PLAN_CYCLE; kind++)
        for (guint step = 0; step < STEP_COUNT; step++)
            if (plan_steps(kind) & STEP_BIT(step))
                assert_int_equal(plan_needs(kind, step) & ~plan_steps(kind), 0);
}

static void the_newest_part_ends_where_asked_but_never_beyond_the_horizon(void **state)
{
    UtcTime now = 1000 * TIME_DAY;
    assert_int_equal(plan_recent(TIME_ABSENT, TIME_ABSENT, now), 910 * TIME_DAY);
    assert_int_equal(plan_recent(980 * TIME_DAY, TIME_ABSENT, now), 980 * TIME_DAY);
    assert_int_equal(plan_recent(TIME_ABSENT, 950 * TIME_DAY, now), 950 * TIME_DAY);
    assert_int_equal(plan_recent(TIME_ABSENT, TIME_ABSENT, TIME_ABSENT), TIME_ABSENT);
    assert_int_equal(plan_recent(TIME_ABSENT, 5 * TIME_DAY, TIME_ABSENT), 5 * TIME_DAY);
}

static void an_overlap_of_nothing_is_nothing(void **state)
{
    assert_int_equal(plan_overlap(TIME_ABSENT, TIME_HOUR), TIME_ABSENT);
    assert_int_equal(plan_overlap(TIME_DAY, TIME_HOUR), 23 * TIME_HOUR);
}

static void nightly_work_is_due_by_the_servers_time_alone(void **state)
{
    assert_true(plan_is_due(TIME_ABSENT, TIME_DAY, PLAN_NIGHTLY));
    assert_false(plan_is_due(TIME_ABSENT, TIME_ABSENT, PLAN_NIGHTLY));
    assert_false(plan_is_due(TIME_DAY, TIME_DAY + 20 * TIME_HOUR - 1, PLAN_NIGHTLY));
    assert_true(plan_is_due(TIME_DAY, TIME_DAY + 20 * TIME_HOUR, PLAN_NIGHTLY));
    assert_false(plan_is_due(TIME_DAY, TIME_DAY - TIME_HOUR, PLAN_NIGHTLY));
}

static void only_an_older_horizon_reaches_further(void **state)
{
    assert_true(plan_reaches_further(TIME_ABSENT, 7));
    assert_true(plan_reaches_further(6, 7));
    assert_false(plan_reaches_further(7, 7));
    assert_false(plan_reaches_further(8, 7));
    assert_false(plan_reaches_further(6, TIME_ABSENT));
    assert_false(plan_reaches_further(TIME_ABSENT, TIME_ABSENT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_sync_spends_on_what_people_see_first),
        cmocka_unit_test(every_repository_shows_its_newest_part_before_any_history),
        cmocka_unit_test(git_goes_on_beside_the_lists),
        cmocka_unit_test(ranges_wait_for_the_list_and_for_git),
        cmocka_unit_test(a_cycle_reads_the_feed_before_the_list_and_git_after_both),
        cmocka_unit_test(a_stopped_repository_is_finished_once_nothing_runs),
        cmocka_unit_test(every_step_waits_only_for_steps_of_its_own_plan),
        cmocka_unit_test(the_newest_part_ends_where_asked_but_never_beyond_the_horizon),
        cmocka_unit_test(an_overlap_of_nothing_is_nothing),
        cmocka_unit_test(nightly_work_is_due_by_the_servers_time_alone),
        cmocka_unit_test(only_an_older_horizon_reaches_further),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
