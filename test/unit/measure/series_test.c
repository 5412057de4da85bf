#include "../store/fixture.h"
#include "story.h"
#include "synthetic.h"

#include <math.h>

/* Rows of the series of @repository_id (0: all) that have a value, and their sum. */
static gint64 count_values(const MeasureSeries *series, gsize ask, gint64 repository_id,
                           double *ret_sum)
{
    gint64 n = 0;
    *ret_sum = 0;
    for (gsize i = 0; i < series->n; i++) {
        double value = series->values[i * series->n_asks + ask];
        if (isnan(value) ||
            (repository_id != 0 && series->points[i].repository_id != repository_id))
            continue;
        *ret_sum += value;
        n++;
    }
    return n;
}

static void check_measure(const MeasureColumns *columns, const MeasureInfo *info,
                          gint64 repository_id)
{
    MeasureAsk ask = {info, STATISTIC_N, FALSE};
    MeasureQuery query = {.from = T0 + 20 * TIME_DAY,
                          .until = T0 + 120 * TIME_DAY,
                          .now = T0 + 110 * TIME_DAY,
                          .asks = &ask,
                          .n_asks = 1};
    double sum;
    g_autoptr(MeasureSeries) series = NULL;
    assert_ok((series = measure_series(columns, &query, &error)) != NULL);
    for (gsize i = 1; i < series->n; i++)
        assert_true(series->points[i - 1].at <= series->points[i].at);
    gint64 n = count_values(series, 0, repository_id, &sum);
    query.repository_id = repository_id;
    g_autoptr(MeasureTable) table = NULL;
    assert_ok((table = measure_query(columns, &query, &error)) != NULL);
    assert_int_equal(table->rows[0].cells[0].n, n);
    assert_true(n > 0);
    if (!measure_has_statistic(info, STATISTIC_SUM) || info->unit == MEASURE_UNIT_COUNT)
        return;
    ask.statistic = STATISTIC_SUM;
    g_autoptr(MeasureTable) sums = NULL;
    assert_ok((sums = measure_query(columns, &query, &error)) != NULL);
    assert_float_equal(sums->rows[0].cells[0].value, sum, 1e-9 * fabs(sum));
}

static void a_series_has_the_rows_that_a_question_counts(void **state)
{
    SyntheticOptions options = {.seed = 4,
                                .pull_requests = 1500,
                                .commits = 700,
                                .people = 30,
                                .repositories = 4,
                                .from = T0,
                                .until = T0 + 200 * TIME_DAY};
    Fixture fixture;
    gint64 workspace_id = 0;
    fixture_init(&fixture);
    assert_ok(synthetic_fill(fixture.store, &options, &workspace_id, &error));
    g_autoptr(MeasureColumns) columns = NULL;
    assert_ok((columns = measure_columns_load(fixture.store, workspace_id, &error)) != NULL);
    gsize n;
    const MeasureInfo *const *measures = measure_list(&n);
    for (gsize i = 0; i < n; i++) {
        check_measure(columns, measures[i], 0);
        check_measure(columns, measures[i], synthetic_repository(workspace_id, 2));
    }
    fixture_clear(&fixture);
}

static MeasureColumns *two_merged(void)
{
    g_autoptr(Story) story = story_new();
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "commits +5 -0");
    story_tell(story, 1, "2026-03-02 10:00", "Ann", "opens");
    story_tell(story, 1, "", "", "changes src/pay.c +450 -0");
    story_tell(story, 1, "2026-03-02 11:00", "Bob", "approves");
    story_tell(story, 1, "2026-03-04 11:00", "Ann", "merges");
    story_tell(story, 2, "2026-03-02 10:00", "Ann", "opens");
    story_tell(story, 2, "2026-03-03 11:00", "Bob", "merges");
    return story_columns(story);
}

static void several_measures_of_a_row_stand_together(void **state)
{
    g_autoptr(MeasureColumns) columns = two_merged();
    MeasureAsk asks[] = {{measure_find("time-to-merge")}, {measure_find("pickup-time")}};
    MeasureQuery query = {
        .from = TIME_ABSENT, .until = TIME_ABSENT, .now = TIME_ABSENT, .asks = asks, .n_asks = 2};
    g_autoptr(MeasureSeries) series = NULL;
    assert_ok((series = measure_series(columns, &query, &error)) != NULL);
    assert_int_equal(series->n, 2);
    assert_int_equal(series->points[0].number, 2); /* the one merged first */
    assert_int_equal(series->points[0].at, story_time("2026-03-03 11:00"));
    assert_string_equal(measure_size_name(series->points[0].size), "unknown");
    assert_float_equal(series->values[0], 25 * (double) TIME_HOUR, 0);
    assert_true(isnan(series->values[1]));
    assert_int_equal(series->points[1].number, 1);
    assert_string_equal(measure_size_name(series->points[1].size), "L");
    assert_float_equal(series->values[2], 49 * (double) TIME_HOUR, 0);
    assert_float_equal(series->values[3], (double) TIME_HOUR, 0);
}

static void measures_with_other_anchors_are_no_one_series(void **state)
{
    g_autoptr(MeasureColumns) columns = two_merged();
    MeasureAsk asks[] = {{measure_find("time-to-merge")}, {measure_find("opened")}};
    MeasureQuery query = {
        .from = TIME_ABSENT, .until = TIME_ABSENT, .now = TIME_ABSENT, .asks = asks, .n_asks = 2};
    assert_fails(measure_series(columns, &query, &error) != NULL, INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_has_the_rows_that_a_question_counts),
        cmocka_unit_test(several_measures_of_a_row_stand_together),
        cmocka_unit_test(measures_with_other_anchors_are_no_one_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
