/*
 * What measure_query does with ranges, filters, groups and what it refuses. The values themselves
 * are held by golden_test.c and differential_test.c.
 */
#include "story.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static MeasureColumns *columns;

#define REPOSITORY 100
#define ANN        1
#define BOB        2

/* Three weeks of a small team; the story's people are numbered as they appear. */
static int set_up(void **state)
{
    static const struct {
        gint64 pr;
        const char *when, *who, *what;
    } LINES[] = {
        {1, "2026-03-02 09:00", "Ann", "opens, asking Bob"},
        {1, "2026-03-02 10:00", "Bob", "approves"},
        {1, "2026-03-02 11:00", "Ann", "merges"},
        {1, "", "", "changes a.c +5 -0"},
        {2, "2026-03-03 09:00", "Bob", "opens, asking Ann, Cleo"},
        {2, "2026-03-03 10:00", "Ann", "comments"},
        {2, "2026-03-03 10:30", "Cleo", "approves"},
        {2, "2026-03-03 13:00", "Ann", "merges"},
        {2, "", "", "changes a.c +150 -0"},
        {3, "2026-03-17 09:00", "Ann", "opens"},
        {3, "2026-03-17 09:10", "Bob", "comments"},
        {3, "2026-03-17 15:30", "Ann", "merges"},
        {4, "2026-03-04 09:00", "renovate[bot]", "opens"},
        {4, "2026-03-04 09:30", "Bob", "approves"},
        {4, "2026-03-04 10:00", "renovate[bot]", "merges"},
        {5, "2026-03-04 09:00", "Eve (excluded)", "opens"},
        {5, "2026-03-04 10:00", "Eve (excluded)", "merges"},
        {6, "2026-03-18 09:00", "Bob", "opens"},
        {7, "2026-03-18 09:00", "Cleo", "opens"},
        {7, "2026-03-19 09:00", "Cleo", "declines"},
        {0, "2026-03-02 23:30", "Ann", "commits +1 -1"},
        {0, "2026-03-03 00:30", "Bob", "commits a merge"},
    };
    Story *story = story_new();
    for (gsize i = 0; i < G_N_ELEMENTS(LINES); i++)
        story_tell(story, LINES[i].pr, LINES[i].when, LINES[i].who, LINES[i].what);
    columns = story_columns(story);
    story_free(story);
    return 0;
}

static int tear_down(void **state)
{
    measure_columns_free(columns);
    return 0;
}

static MeasureQuery everything(const MeasureAsk *asks, gsize n)
{
    return (MeasureQuery){.from = TIME_ABSENT,
                          .until = TIME_ABSENT,
                          .now = story_time("2026-03-20 09:00"),
                          .asks = asks,
                          .n_asks = n};
}

static MeasureTable *ask(const MeasureQuery *query)
{
    GError *error = NULL;
    MeasureTable *table = measure_query(columns, query, &error);
    if (table == NULL)
        fail_msg("%s", error->message);
    return table;
}

static MeasureAsk sum_of(const char *id)
{
    return (MeasureAsk){.measure = measure_find(id), .statistic = STATISTIC_SUM};
}

static void check_rows(const MeasureTable *table, gsize n, const char *const *keys,
                       const double *values)
{
    assert_int_equal(table->n_rows, n);
    for (gsize i = 0; i < n; i++) {
        assert_string_equal(table->rows[i].key[0], keys[i]);
        assert_float_equal(table->rows[i].cells[0].value, values[i], 1e-9);
    }
}

static void without_groups_there_is_one_row_even_when_nothing_matches(void **state)
{
    MeasureAsk asks[] = {sum_of("merged"),
                         {.measure = measure_find("cycle-time"), .statistic = STATISTIC_P50}};
    MeasureQuery query = everything(asks, 2);
    query.from = story_time("2030-01-01 00:00");
    g_autoptr(MeasureTable) table = ask(&query);
    assert_int_equal(table->n_rows, 1);
    assert_string_equal(table->rows[0].key[0], "");
    assert_float_equal(table->rows[0].cells[0].value, 0, 0);
    assert_true(isnan(table->rows[0].cells[1].value));
    assert_int_equal(table->rows[0].cells[1].n, 0);
}

static void a_range_takes_its_first_instant_and_leaves_its_last(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    query.from = story_time("2026-03-02 11:00");
    query.until = story_time("2026-03-03 13:00");
    g_autoptr(MeasureTable) table = ask(&query);
    assert_float_equal(table->rows[0].cells[0].value, 1, 0);
    query.until++;
    g_autoptr(MeasureTable) longer = ask(&query);
    assert_float_equal(longer->rows[0].cells[0].value, 2, 0);
}

static void bots_join_when_asked_and_the_excluded_never(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    g_autoptr(MeasureTable) without = ask(&query);
    assert_int_equal(without->rows[0].cells[0].n, 3);
    assert_int_equal(without->rows[0].cells[0].excluded, 2);
    query.include_bots = TRUE;
    g_autoptr(MeasureTable) with = ask(&query);
    assert_int_equal(with->rows[0].cells[0].n, 4);
    assert_int_equal(with->rows[0].cells[0].excluded, 1);
}

static void a_series_has_its_empty_weeks(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    query.by[0] = DIMENSION_WEEK;
    static const char *const KEYS[] = {"2026-03-02", "2026-03-09", "2026-03-16"};
    static const double VALUES[] = {2, 0, 1};
    g_autoptr(MeasureTable) table = ask(&query);
    check_rows(table, 3, KEYS, VALUES);
    assert_string_equal(table->rows[0].label[0], "2026-W10");
    assert_int_equal(table->rows[0].cells[0].excluded, 2);
}

static void a_bounded_series_reaches_from_bound_to_now(void **state)
{
    MeasureAsk declined = sum_of("declined");
    MeasureQuery query = everything(&declined, 1);
    query.by[0] = DIMENSION_DAY;
    query.from = story_time("2026-03-18 00:00");
    query.until = story_time("2026-04-01 00:00");
    static const char *const KEYS[] = {"2026-03-18", "2026-03-19", "2026-03-20"};
    static const double VALUES[] = {0, 1, 0};
    g_autoptr(MeasureTable) table = ask(&query);
    check_rows(table, 3, KEYS, VALUES);
}

static void days_are_those_of_the_time_zone(void **state)
{
    MeasureAsk commits = sum_of("commits");
    MeasureQuery query = everything(&commits, 1);
    query.by[0] = DIMENSION_DAY;
    query.time_zone = "Asia/Tokyo"; /* 2 March 23:30 UTC is 3 March 08:30 there */
    g_autoptr(MeasureTable) table = ask(&query);
    assert_string_equal(table->rows[0].key[0], "2026-03-03");
    query.time_zone = "America/New_York";
    g_autoptr(MeasureTable) west = ask(&query);
    assert_string_equal(west->rows[0].key[0], "2026-03-02");
}

static void months_have_the_date_of_their_first_day(void **state)
{
    MeasureAsk opened = sum_of("opened");
    MeasureQuery query = everything(&opened, 1);
    query.by[0] = DIMENSION_MONTH;
    g_autoptr(MeasureTable) table = ask(&query);
    assert_int_equal(table->n_rows, 1);
    assert_string_equal(table->rows[0].key[0], "2026-03-01");
    assert_string_equal(table->rows[0].label[0], "2026-03");
    assert_float_equal(table->rows[0].cells[0].value, 5, 0);
}

static void names_come_largest_first_and_the_left_out_not_at_all(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    query.by[0] = DIMENSION_AUTHOR;
    g_autoptr(MeasureTable) table = ask(&query);
    assert_int_equal(table->n_rows, 2);
    assert_string_equal(table->rows[0].label[0], "Ann");
    assert_string_equal(table->rows[0].key[0], "1");
    assert_float_equal(table->rows[0].cells[0].value, 2, 0);
    assert_string_equal(table->rows[1].label[0], "Bob");
}

static void by_reviewer_each_reviewer_has_the_pull_request(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    query.by[0] = DIMENSION_REVIEWER;
    g_autoptr(MeasureTable) table = ask(&query);
    assert_int_equal(table->n_rows, 3); /* Bob 1 and 3, Ann 2, Cleo 2 */
    assert_string_equal(table->rows[0].label[0], "Bob");
    assert_float_equal(table->rows[0].cells[0].value, 2, 0);
    assert_string_equal(table->rows[1].label[0], "Ann");
    assert_string_equal(table->rows[2].label[0], "Cleo");
}

static void a_review_of_a_bots_pull_request_is_work_all_the_same(void **state)
{
    MeasureAsk load = sum_of("review-load");
    MeasureQuery query = everything(&load, 1);
    query.by[0] = DIMENSION_REVIEWER;
    g_autoptr(MeasureTable) table = ask(&query);
    assert_string_equal(table->rows[0].label[0], "Bob");
    assert_float_equal(table->rows[0].cells[0].value, 3, 0);
}

static void filters_narrow_by_everything_a_pull_request_has(void **state)
{
    MeasureAsk merged = sum_of("merged");
    struct {
        MeasureQuery query;
        double expected;
    } cases[9];
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cases[i].query = everything(&merged, 1);
    cases[0].query.repository_id = REPOSITORY, cases[0].expected = 3;
    cases[1].query.repository_id = 7, cases[1].expected = 0;
    cases[2].query.author_id = ANN, cases[2].expected = 2;
    cases[3].query.reviewer_id = BOB, cases[3].expected = 2;
    cases[4].query.project_key = "PAY", cases[4].expected = 3;
    cases[5].query.project_key = "NONE", cases[5].expected = 0;
    cases[6].query.target_branch = "main", cases[6].expected = 3;
    cases[7].query.size_class = "M", cases[7].expected = 1;
    cases[8].query.size_class = "HUGE", cases[8].expected = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(MeasureTable) table = ask(&cases[i].query);
        if (table->rows[0].cells[0].value != cases[i].expected)
            fail_msg("case %zu gives %g", i, table->rows[0].cells[0].value);
    }
}

static void size_classes_come_in_their_order(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    query.by[0] = DIMENSION_SIZE;
    static const char *const KEYS[] = {"XS", "M", "unknown"};
    static const double VALUES[] = {1, 1, 1};
    g_autoptr(MeasureTable) table = ask(&query);
    check_rows(table, 3, KEYS, VALUES);
}

static void two_dimensions_have_a_row_per_pair(void **state)
{
    MeasureAsk merged = sum_of("merged");
    MeasureQuery query = everything(&merged, 1);
    query.by[0] = DIMENSION_WEEK;
    query.by[1] = DIMENSION_AUTHOR;
    g_autoptr(MeasureTable) table = ask(&query);
    assert_int_equal(table->n_rows, 3);
    assert_string_equal(table->rows[0].key[0], "2026-03-02");
    assert_string_equal(table->rows[0].label[1], "Ann");
    assert_string_equal(table->rows[1].label[1], "Bob");
    assert_string_equal(table->rows[2].key[0], "2026-03-16");
}

static void asks_with_different_anchors_share_a_table(void **state)
{
    MeasureAsk asks[] = {sum_of("merged"), sum_of("opened"), sum_of("declined")};
    MeasureQuery query = everything(asks, 3);
    query.by[0] = DIMENSION_WEEK;
    g_autoptr(MeasureTable) table = ask(&query);
    assert_int_equal(table->n_rows, 3);
    static const double VALUES[3][3] = {{2, 2, 0}, {0, 0, 0}, {1, 3, 1}};
    for (gsize row = 0; row < 3; row++)
        for (gsize i = 0; i < 3; i++)
            assert_float_equal(table->rows[row].cells[i].value, VALUES[row][i], 0);
}

static void work_in_progress_can_be_asked_of_any_instant(void **state)
{
    MeasureAsk open = sum_of("work-in-progress");
    MeasureQuery query = everything(&open, 1);
    static const struct {
        const char *now;
        double open;
    } INSTANTS[] = {{"2026-03-01 00:00", 0},
                    {"2026-03-02 09:00", 1},
                    {"2026-03-02 11:00", 0},
                    {"2026-03-18 12:00", 2},
                    {"2026-03-20 09:00", 1}};
    for (gsize i = 0; i < G_N_ELEMENTS(INSTANTS); i++) {
        query.now = story_time(INSTANTS[i].now);
        g_autoptr(MeasureTable) table = ask(&query);
        assert_float_equal(table->rows[0].cells[0].value, INSTANTS[i].open, 0);
    }
}

static void questions_that_make_no_sense_are_refused_in_words(void **state)
{
    const MeasureInfo *cycle = measure_find("cycle-time"), *commits = measure_find("commits"),
                      *wip = measure_find("work-in-progress"), *size = measure_find("size"),
                      *unreviewed = measure_find("unreviewed"),
                      *deployments = measure_find("deployments");
    MeasureAsk asks[] = {
        {cycle, STATISTIC_SHARE, FALSE},
        {unreviewed, STATISTIC_P50, FALSE},
        {cycle, STATISTIC_GINI, FALSE},
        {size, STATISTIC_P50, TRUE},
        {commits, STATISTIC_SUM, FALSE},
        {wip, STATISTIC_SUM, FALSE},
        {cycle, STATISTIC_P50, FALSE},
        {deployments, STATISTIC_SUM, FALSE},
        {deployments, STATISTIC_TOP_SHARE, FALSE},
    };
    struct {
        const MeasureAsk *ask;
        Dimension by[2];
        const char *zone, *branch;
        UtcTime until;
    } bad[] = {
        {&asks[0]},
        {&asks[1]},
        {&asks[2]},
        {&asks[3]},
        {&asks[4], {DIMENSION_REVIEWER}},
        {&asks[4], {DIMENSION_SIZE}},
        {&asks[4], .branch = "main"},
        {&asks[5], {DIMENSION_WEEK}},
        {&asks[6], {DIMENSION_WEEK, DIMENSION_DAY}},
        {&asks[6], {DIMENSION_NONE, DIMENSION_WEEK}},
        {&asks[6], {DIMENSION_AUTHOR, DIMENSION_AUTHOR}},
        {&asks[6], {DIMENSION_WEEK}, .zone = "Europe/Atlantis"},
        {&asks[6], .until = 1},
        {&asks[6], {DIMENSION_ENVIRONMENT}},
        {&asks[7], {DIMENSION_AUTHOR}},
        {&asks[7], .branch = "main"},
        {&asks[8]},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        MeasureQuery query = everything(bad[i].ask, 1);
        query.by[0] = bad[i].by[0];
        query.by[1] = bad[i].by[1];
        query.time_zone = bad[i].zone;
        query.target_branch = bad[i].branch;
        if (bad[i].until != 0)
            query.from = 2, query.until = bad[i].until;
        MeasureTable *table = measure_query(columns, &query, &error);
        if (table != NULL)
            fail_msg("question %zu was answered", i);
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
    }
    g_autoptr(GError) error = NULL;
    MeasureQuery no_instant = everything(&asks[5], 1);
    no_instant.now = TIME_ABSENT;
    assert_null(measure_query(columns, &no_instant, &error));
    assert_non_null(error);
}

static void an_empty_workspace_answers_with_nothing(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) none = story_columns(story);
    const MeasureAsk merged = sum_of("merged"), deployed = sum_of("deployments");
    for (Dimension by = DIMENSION_NONE; by < DIMENSION_COUNT; by++) {
        MeasureQuery query = everything(by == DIMENSION_ENVIRONMENT ? &deployed : &merged, 1);
        query.by[0] = by;
        query.by[1] = DIMENSION_NONE;
        g_autoptr(MeasureTable) table = measure_query(none, &query, NULL);
        assert_non_null(table);
        assert_int_equal(table->n_rows, by == DIMENSION_NONE ? 1 : 0);
    }
}

/* Zero rework and no rework known are two things. */
static void rework_says_where_no_mirror_was_read(void **state)
{
    const MeasureAsk ask = {.measure = measure_find("rework"), .statistic = STATISTIC_SHARE};
    MeasureQuery query = everything(&ask, 1);
    g_autoptr(Story) api_only = story_new();
    story_tell(api_only, 0, "2026-03-02 09:00", "Ann", "commits +1 -1");
    g_autoptr(MeasureColumns) without = story_columns(api_only);
    g_autoptr(MeasureTable) unknown = measure_query(without, &query, NULL);
    assert_non_null(unknown->note);
    assert_non_null(strstr(unknown->note, "comes from git"));
    g_autoptr(Story) mirrored = story_new();
    story_tell(mirrored, 0, "2026-03-02 09:00", "Ann", "lands 5 lines, 0 young");
    g_autoptr(MeasureColumns) with = story_columns(mirrored);
    g_autoptr(MeasureTable) known = measure_query(with, &query, NULL);
    assert_null(known->note);
    assert_true(known->rows[0].cells[0].value == 0);
}

static void names_of_statistics_dimensions_and_measures_lead_back(void **state)
{
    for (Statistic i = 0; i < STATISTIC_COUNT; i++) {
        Statistic found;
        assert_true(statistic_from_name(statistic_name(i), &found));
        assert_int_equal(found, i);
    }
    for (Dimension i = 0; i < DIMENSION_COUNT; i++) {
        Dimension found;
        assert_true(dimension_from_name(dimension_name(i), &found));
        assert_int_equal(found, i);
    }
    Statistic untouched = STATISTIC_MAX;
    assert_false(statistic_from_name("average", &untouched));
    assert_int_equal(untouched, STATISTIC_MAX);
    gsize n;
    const MeasureInfo *const *list = measure_list(&n);
    for (gsize i = 0; i < n; i++) {
        assert_ptr_equal(measure_find(list[i]->id), list[i]);
        assert_true(measure_has_statistic(list[i], measure_default_statistic(list[i])));
    }
    assert_null(measure_find("velocity"));
}

static void size_classes_meet_without_gap(void **state)
{
    static const char *const CLASSES[] = {"XS", "S", "M", "L", "XL"};
    gint64 least, most, next = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(CLASSES); i++) {
        assert_true(measure_size_bounds(CLASSES[i], &least, &most));
        assert_int_equal(least, next);
        next = most + 1;
    }
    assert_int_equal(least, 1000);
    assert_int_equal(most, COUNT_ABSENT);
    assert_false(measure_size_bounds("unknown", &least, &most));
    assert_false(measure_size_bounds("s", &least, &most));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(size_classes_meet_without_gap),
        cmocka_unit_test(without_groups_there_is_one_row_even_when_nothing_matches),
        cmocka_unit_test(a_range_takes_its_first_instant_and_leaves_its_last),
        cmocka_unit_test(bots_join_when_asked_and_the_excluded_never),
        cmocka_unit_test(a_series_has_its_empty_weeks),
        cmocka_unit_test(a_bounded_series_reaches_from_bound_to_now),
        cmocka_unit_test(days_are_those_of_the_time_zone),
        cmocka_unit_test(months_have_the_date_of_their_first_day),
        cmocka_unit_test(names_come_largest_first_and_the_left_out_not_at_all),
        cmocka_unit_test(by_reviewer_each_reviewer_has_the_pull_request),
        cmocka_unit_test(a_review_of_a_bots_pull_request_is_work_all_the_same),
        cmocka_unit_test(filters_narrow_by_everything_a_pull_request_has),
        cmocka_unit_test(size_classes_come_in_their_order),
        cmocka_unit_test(two_dimensions_have_a_row_per_pair),
        cmocka_unit_test(asks_with_different_anchors_share_a_table),
        cmocka_unit_test(work_in_progress_can_be_asked_of_any_instant),
        cmocka_unit_test(questions_that_make_no_sense_are_refused_in_words),
        cmocka_unit_test(an_empty_workspace_answers_with_nothing),
        cmocka_unit_test(rework_says_where_no_mirror_was_read),
        cmocka_unit_test(names_of_statistics_dimensions_and_measures_lead_back),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
