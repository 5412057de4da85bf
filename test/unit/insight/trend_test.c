#include "trend_company.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static MeasureColumns *columns; /* pickup three times as long in repository 1, since week 10 */

static const CompanyPlan PLAN = {.seed = 5,
                                 .weeks = 12,
                                 .per_week = {60, 60, 60, 0, 0, 0},
                                 .from_week = 10,
                                 .repository = 1,
                                 .phase = COMPANY_PICKUP,
                                 .factor = 3};

static int set_up(void **state)
{
    columns = company_make(&PLAN);
    return 0;
}

static int tear_down(void **state)
{
    measure_columns_free(columns);
    return 0;
}

static const Trend *find_trend(const GArray *trends, guint subject, gint64 repository_id)
{
    for (guint i = 0; i < trends->len; i++) {
        const Trend *trend = &g_array_index(trends, Trend, i);
        if (trend->subject == &COMPANY_TRENDS[subject] && trend->repository_id == repository_id)
            return trend;
    }
    return NULL;
}

static void the_windows_are_whole_weeks_of_the_calendar(void **state)
{
    TrendWindows windows = trend_windows(columns, COMPANY_MONDAY + 80 * TIME_DAY);
    assert_int_equal(windows.until, COMPANY_MONDAY + 77 * TIME_DAY);
    assert_int_equal(windows.middle, COMPANY_MONDAY + 63 * TIME_DAY);
    assert_int_equal(windows.from, COMPANY_MONDAY + 7 * TIME_DAY);
    TrendWindows sunday = trend_windows(columns, COMPANY_MONDAY + 84 * TIME_DAY - 1);
    assert_int_equal(sunday.until, windows.until);
    TrendWindows monday = trend_windows(columns, COMPANY_MONDAY + 84 * TIME_DAY);
    assert_int_equal(monday.until, COMPANY_MONDAY + 84 * TIME_DAY);
}

static void the_repository_is_raised_and_not_the_workspace_beside_it(void **state)
{
    g_autoptr(GArray) trends = company_compare(columns, 12);
    const Trend *here = find_trend(trends, COMPANY_PICKUP, company_repository(1));
    const Trend *all = find_trend(trends, COMPANY_PICKUP, 0);
    assert_true(trend_is_raised(here));
    assert_true(here->after > 2 * here->before && here->test.delta > 0.3);
    assert_true(all->is_worse && !trend_is_raised(all));
    assert_int_equal(all->reason, TREND_OF_A_PART);
    assert_false(trend_is_raised(find_trend(trends, COMPANY_PICKUP, company_repository(0))));
    assert_null(find_trend(trends, COMPANY_PICKUP, company_repository(4))); /* it has no values */
}

static void asking_for_one_rule_gives_what_asking_for_all_gives(void **state)
{
    g_autoptr(GArray) all = company_compare(columns, 12);
    for (guint subject = 0; subject < COMPANY_SUBJECTS; subject++) {
        TrendRequest request = company_request(columns, 12);
        request.only_rule = COMPANY_TRENDS[subject].rule;
        g_autoptr(GArray) some = trend_compare(&request, NULL);
        for (guint i = 0; i < all->len; i++) {
            const Trend *trend = &g_array_index(all, Trend, i);
            if (trend->subject != &COMPANY_TRENDS[subject])
                continue;
            const Trend *same = find_trend(some, subject, trend->repository_id);
            assert_int_equal(same != NULL && trend_is_raised(same), trend_is_raised(trend));
            if (same != NULL)
                assert_float_equal(same->adjusted, trend->adjusted, 0);
        }
    }
}

/* All of the cycle time's change is in the parts, and all of each part in its groups. */
static void the_cause_adds_up_and_names_the_phase(void **state)
{
    g_autoptr(GArray) trends = company_compare(columns, 12);
    const Trend *cycle = find_trend(trends, COMPANY_CYCLE, company_repository(1));
    TrendRequest request = company_request(columns, 12);
    g_auto(TrendCause) cause = {0};
    assert_true(trend_is_raised(cycle));
    assert_true(trend_explain(&request, cycle, &cause, NULL));
    assert_int_equal(cause.largest, TREND_PICKUP);
    assert_null(cause.by_repository);
    Duration parts = 0;
    for (guint p = 0; p < TREND_PARTS; p++) {
        Duration groups = 0;
        for (guint g = 0; g < MEASURE_SIZES; g++)
            groups += cause.by_size->groups[p * MEASURE_SIZES + g].within +
                      cause.by_size->groups[p * MEASURE_SIZES + g].mix;
        assert_int_equal(groups, cause.by_size->parts[p]);
        parts += cause.by_size->parts[p];
    }
    assert_int_equal(parts, cause.by_size->change);
    assert_true(cause.by_size->parts[TREND_PICKUP] > cause.by_size->change / 2);
    assert_int_equal(cause.by_size->parts[TREND_REST], 0);
    const Trend *all = find_trend(trends, COMPANY_CYCLE, 0);
    g_auto(TrendCause) everywhere = {0};
    assert_true(trend_explain(&request, all, &everywhere, NULL));
    const SplitGroup *pickup =
        everywhere.by_repository->groups + TREND_PICKUP * COMPANY_REPOSITORIES;
    assert_true(pickup[1].within > 9 * ABS(pickup[0].within));
}

/* The workspace's third that vanished is seen although nothing is left to count. */
static void a_fall_to_nothing_is_seen(void **state)
{
    g_autoptr(GArray) trends = company_compare(columns, 14);
    const Trend *all = find_trend(trends, COMPANY_THROUGHPUT, 0);
    assert_true(trend_is_raised(all));
    assert_int_equal(all->n_after, 0);
    assert_float_equal(all->after, 0, 0);
    /* It is the same everywhere, so it is told once. */
    const Trend *one = find_trend(trends, COMPANY_THROUGHPUT, company_repository(0));
    assert_true(one->is_worse && !trend_is_raised(one));
    assert_int_equal(one->reason, TREND_EVERYWHERE);
}

/* Half of the people take three times as long for the review, in three repositories alike. */
static void a_team_is_told_where_no_repository_is(void **state)
{
    CompanyPlan plan = PLAN;
    plan.by_team = TRUE;
    plan.phase = COMPANY_REVIEW;
    g_autoptr(MeasureColumns) by_team = company_make(&plan);
    TrendRequest request = company_request(by_team, 12);
    request.teams = COMPANY_TEAM_IDS;
    request.n_teams = COMPANY_TEAMS;
    g_autoptr(GArray) trends = trend_compare(&request, NULL);
    guint raised = 0;
    for (guint i = 0; i < trends->len; i++) {
        const Trend *trend = &g_array_index(trends, Trend, i);
        if (trend->subject != &COMPANY_TRENDS[COMPANY_REVIEW] || !trend_is_raised(trend))
            continue;
        assert_int_equal(trend->repository_id, 0);
        raised += trend->team_id == COMPANY_TEAM_IDS[0] ? 1 : 100;
        g_auto(TrendCause) cause = {0};
        assert_true(trend_explain(&request, trend, &cause, NULL));
        assert_non_null(cause.by_repository);
        assert_null(cause.by_team);
    }
    assert_int_equal(raised, 1);
}

/* The change of the workspace, by whose it is. */
static void a_change_of_everybody_is_split_by_team(void **state)
{
    CompanyPlan plan = PLAN;
    plan.by_team = TRUE;
    g_autoptr(MeasureColumns) by_team = company_make(&plan);
    TrendRequest request = company_request(by_team, 12);
    request.teams = COMPANY_TEAM_IDS;
    request.n_teams = COMPANY_TEAMS;
    Trend all = {.subject = &COMPANY_TRENDS[COMPANY_PICKUP]};
    g_auto(TrendCause) cause = {0};
    assert_true(trend_explain(&request, &all, &cause, NULL));
    assert_int_equal(cause.by_team->n_groups, 3);
    assert_int_equal(cause.by_team->groups[0].n_before, 0); /* nobody is in no team */
    assert_true(cause.by_team->groups[1].within > 9 * ABS(cause.by_team->groups[2].within));
    assert_int_equal(cause.by_team->groups[0].n_after + cause.by_team->groups[1].n_after +
                         cause.by_team->groups[2].n_after,
                     cause.by_size->groups[0].n_after + cause.by_size->groups[1].n_after +
                         cause.by_size->groups[2].n_after + cause.by_size->groups[3].n_after +
                         cause.by_size->groups[4].n_after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_windows_are_whole_weeks_of_the_calendar),
        cmocka_unit_test(the_repository_is_raised_and_not_the_workspace_beside_it),
        cmocka_unit_test(asking_for_one_rule_gives_what_asking_for_all_gives),
        cmocka_unit_test(the_cause_adds_up_and_names_the_phase),
        cmocka_unit_test(a_fall_to_nothing_is_seen),
        cmocka_unit_test(a_team_is_told_where_no_repository_is),
        cmocka_unit_test(a_change_of_everybody_is_split_by_team),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
