/*
 * How often trends cry wolf, and how often they see what is there: over made-up companies
 * (trend_company.h). The figures are printed, so that a change of the method shows what it does.
 */
#include "trend_company.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SEEDS      200
#define FIRST_WEEK 10 /* the first before which ten whole weeks lie */

static gboolean raises_anything(const MeasureColumns *columns, guint week)
{
    g_autoptr(GArray) trends = company_compare(columns, week);
    gboolean any = FALSE;
    for (guint i = 0; i < trends->len; i++)
        any = any || trend_is_raised(&g_array_index(trends, Trend, i));
    return any;
}

static void without_a_change_one_week_in_twenty_at_most_raises_anything(void **state)
{
    guint raised = 0, weeks = 0;
    for (guint seed = 0; seed < SEEDS; seed++) {
        CompanyPlan large = {.seed = 1 + seed,
                             .weeks = 16,
                             .per_week = {120, 60, 40, 30, 20, 10},
                             .factor = 1},
                    small = {.seed = 1 + seed,
                             .weeks = 16,
                             .per_week = {30, 25, 20, 15, 10, 5},
                             .factor = 1};
        g_autoptr(MeasureColumns) columns = company_make(seed % 4 == 3 ? &small : &large);
        for (guint week = FIRST_WEEK; week <= 16; week++, weeks++)
            raised += raises_anything(columns, week);
    }
    print_message("# nothing planted: %u of %u weekly evaluations raise a trend\n", raised, weeks);
    assert_true(raised * 20 <= weeks);
}

typedef struct {
    gboolean is_found;          /* in the company at hand */
    guint cycles, cycles_right; /* cycle times raised; those of them that name the phase */
    double false_share;         /* of what a week raises, summed over weeks */
} Tally;

/* Whether a raised trend names the planted phase of the planted repository. */
static gboolean is_right(const CompanyPlan *plan, const TrendRequest *request, const Trend *trend,
                         Tally *tally)
{
    if (trend->repository_id != company_repository(plan->repository))
        return FALSE;
    if (trend->subject != &COMPANY_TRENDS[COMPANY_CYCLE])
        return trend->subject == &COMPANY_TRENDS[plan->phase];
    g_auto(TrendCause) cause = {0};
    assert_true(trend_explain(request, trend, &cause, NULL));
    tally->cycles++;
    tally->cycles_right += cause.largest == plan->phase;
    return cause.largest == plan->phase;
}

static void look_at_week(const CompanyPlan *plan, const MeasureColumns *columns, guint week,
                         Tally *tally)
{
    guint raised = 0, wrong = 0;
    g_autoptr(GArray) trends = company_compare(columns, week);
    TrendRequest request = company_request(columns, week);
    for (guint i = 0; i < trends->len; i++) {
        const Trend *trend = &g_array_index(trends, Trend, i);
        if (!trend_is_raised(trend))
            continue;
        gboolean right = is_right(plan, &request, trend, tally);
        tally->is_found = tally->is_found || right;
        wrong += !right;
        raised++;
    }
    tally->false_share += raised == 0 ? 0 : (double) wrong / raised;
}

/* 200 merges a week, half as long again in one phase, from the eleventh week on. */
static void a_phase_half_as_long_again_is_found_within_two_weeks(void **state)
{
    guint found = 0;
    Tally tally = {0};
    for (guint seed = 0; seed < SEEDS; seed++) {
        CompanyPlan plan = {.seed = 1001 + seed,
                            .weeks = FIRST_WEEK + 2,
                            .per_week = {200, 60, 40, 30, 20, 10},
                            .from_week = FIRST_WEEK,
                            .phase = COMPANY_PICKUP + seed % 3,
                            .factor = 1.5};
        g_autoptr(MeasureColumns) columns = company_make(&plan);
        tally.is_found = FALSE;
        for (guint week = FIRST_WEEK + 1; week <= FIRST_WEEK + 2; week++)
            look_at_week(&plan, columns, week, &tally);
        found += tally.is_found;
    }
    double false_share = tally.false_share / (2 * SEEDS);
    print_message("# planted: %u of %u found and named within two weeks, %u of %u cycle times name "
                  "the phase, %.1f %% of what is raised is something else\n",
                  found, SEEDS, tally.cycles_right, tally.cycles, 100 * false_share);
    assert_true(found * 100 >= SEEDS * 95);
    assert_true(tally.cycles >= 20 && tally.cycles_right * 100 >= tally.cycles * 95);
    assert_true(false_share <= 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_change_one_week_in_twenty_at_most_raises_anything),
        cmocka_unit_test(a_phase_half_as_long_again_is_found_within_two_weeks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
