/* Teams: whose clocks count, who belongs where when, and what is too small to be compared. */
#include "../store/fixture.h"
#include "story.h"

#define RED  101
#define BLUE 102

typedef struct {
    gint64 pr;
    const char *when, *who, *what;
} Line;

static Story *tell(const Line *lines, gsize n)
{
    Story *story = story_new();
    for (gsize i = 0; i < n; i++)
        story_tell(story, lines[i].pr, lines[i].when, lines[i].who, lines[i].what);
    return story;
}

/* ---- working time */

/* The clocks of Berlin go forward on 29 March 2026, those of New York on 8 March. Friday 27 March
 * 15:00 UTC is 16:00 in Berlin: an hour of work is left. On Monday 30 March work begins there at
 * 07:00 UTC. New York works from 13:00 to 21:00 UTC on both days. */
static const Line OVER_A_WEEKEND[] = {
    {1, "2026-03-27 15:00", "Ann", "opens, asking Bob"},
    {1, "2026-03-30 09:00", "Bob", "approves"},
    {1, "2026-03-30 10:00", "Ann", "merges"},
};

static void the_clocks_of_the_authors_team_count_and_of_a_turnaround_the_reviewers(void **state)
{
    g_autoptr(Story) story = tell(OVER_A_WEEKEND, G_N_ELEMENTS(OVER_A_WEEKEND));
    story_add_team(story, RED, "Red", "Europe/Berlin");
    story_add_team(story, BLUE, "Blue", "America/New_York");
    story_add_member(story, RED, "Ann", "2026-01-01 00:00", NULL);
    story_add_member(story, BLUE, "Bob", "2026-01-01 00:00", NULL);
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact = story_fact(story, 1, reviews);
    /* Berlin: an hour on Friday, 09:00 to 11:00 summer time on Monday. */
    assert_true(fact.pickup_working == 3 * TIME_HOUR);
    assert_true(fact.merge_working == 1 * TIME_HOUR);
    assert_true(fact.time_to_merge_working == 4 * TIME_HOUR);
    /* New York: Friday 11:00 to 17:00 (15:00 to 21:00 UTC); on Monday it is 05:00 there. */
    assert_int_equal(reviews->len, 1);
    assert_true(g_array_index(reviews, FactReview, 0).turnaround_working == 6 * TIME_HOUR);
}

static void who_is_in_no_team_works_by_the_workspaces_clocks(void **state)
{
    g_autoptr(Story) story = tell(OVER_A_WEEKEND, G_N_ELEMENTS(OVER_A_WEEKEND));
    story_add_team(story, RED, "Red", "Europe/Berlin");
    story_add_member(story, RED, "Ann", "2026-01-01 00:00", "2026-03-27 15:00"); /* left then */
    FactPr fact = story_fact(story, 1, NULL);
    assert_true(fact.pickup_working == 2 * TIME_HOUR); /* UTC: Friday 15 to 17, nothing on Monday */
    assert_true(fact.time_to_merge_working == 3 * TIME_HOUR);
}

static void a_move_later_does_not_rewrite_what_was(void **state)
{
    g_autoptr(Story) story = tell(OVER_A_WEEKEND, G_N_ELEMENTS(OVER_A_WEEKEND));
    story_add_team(story, RED, "Red", "Europe/Berlin");
    story_add_team(story, BLUE, "Blue", "America/New_York");
    story_add_member(story, RED, "Ann", "2026-01-01 00:00", "2026-03-28 00:00");
    story_add_member(story, BLUE, "Ann", "2026-03-28 00:00", NULL);
    FactPr fact = story_fact(story, 1, NULL);
    /* All phases by the clocks of the opening, so that they add up. */
    assert_true(fact.time_to_merge_working == 4 * TIME_HOUR);
}

static void ages_of_open_pull_requests_go_by_the_teams_clocks_too(void **state)
{
    static const Line LINES[] = {{1, "2026-03-27 15:00", "Ann", "opens"}};
    g_autoptr(Story) story = tell(LINES, G_N_ELEMENTS(LINES));
    story_add_team(story, RED, "Red", "Europe/Berlin");
    story_add_member(story, RED, "Ann", "2026-01-01 00:00", NULL);
    g_autoptr(MeasureColumns) columns = story_columns(story);
    UtcTime now = story_time("2026-03-30 10:00");
    MeasureAsk age = {measure_find("age"), STATISTIC_P50, TRUE};
    MeasureQuery query = {
        .from = TIME_ABSENT, .until = TIME_ABSENT, .now = now, .asks = &age, .n_asks = 1};
    g_autoptr(MeasureTable) table = NULL;
    assert_ok((table = measure_query(columns, &query, &error)) != NULL);
    assert_float_equal(table->rows[0].cells[0].value, (double) (4 * TIME_HOUR), 0);
    const WorkCalendar *clocks = measure_calendar_of(columns, story_person(story, "Ann"), now);
    assert_true(work_calendar_between(clocks, story_time("2026-03-27 15:00"), now) ==
                4 * TIME_HOUR);
}

/* ---- the dimension */

static const Line A_MONTH[] = {
    {1, "2026-03-02 09:00", "Ann", "opens, asking Bob"},
    {1, "2026-03-02 10:00", "Bob", "approves"},
    {1, "2026-03-02 11:00", "Ann", "merges"},
    {2, "2026-03-20 09:00", "Ann", "opens"},
    {2, "2026-03-20 10:00", "Bob", "approves"},
    {2, "2026-03-20 11:00", "Ann", "merges"},
    {3, "2026-03-03 09:00", "Cleo", "opens"},
    {3, "2026-03-03 10:00", "Ann", "approves"},
    {3, "2026-03-03 11:00", "Cleo", "merges"},
    {4, "2026-03-04 09:00", "Dan", "opens"},
    {4, "2026-03-04 11:00", "Dan", "merges"},
    {5, "2026-03-05 09:00", "Eve", "opens"},
    {5, "2026-03-05 11:00", "Eve", "merges"},
    {6, "2026-03-01 09:00", "Ann", "opens"},
};

/* Ann moves from Red to Blue on 10 March; Cleo and Dan are in Red, Bob in Blue, Eve in none. */
static MeasureColumns *a_month(void)
{
    g_autoptr(Story) story = tell(A_MONTH, G_N_ELEMENTS(A_MONTH));
    story_add_team(story, RED, "Red", "UTC");
    story_add_team(story, BLUE, "Blue", "UTC");
    story_add_member(story, RED, "Ann", "2026-01-01 00:00", "2026-03-10 00:00");
    story_add_member(story, BLUE, "Ann", "2026-03-10 00:00", NULL);
    story_add_member(story, RED, "Cleo", "2026-01-01 00:00", NULL);
    story_add_member(story, RED, "Dan", "2026-01-01 00:00", NULL);
    story_add_member(story, BLUE, "Bob", "2026-01-01 00:00", NULL);
    return story_columns(story);
}

static MeasureTable *by_team(const MeasureColumns *columns, const char *measure, gint64 team_id)
{
    MeasureAsk ask = {measure_find(measure), STATISTIC_SUM, FALSE};
    MeasureQuery query = {.from = TIME_ABSENT,
                          .until = TIME_ABSENT,
                          .now = story_time("2026-03-31 00:00"),
                          .team_id = team_id,
                          .by = {team_id == 0 ? DIMENSION_TEAM : DIMENSION_NONE},
                          .asks = &ask,
                          .n_asks = 1};
    MeasureTable *table = NULL;
    assert_ok((table = measure_query(columns, &query, &error)) != NULL);
    return table;
}

static void assert_row(const MeasureTable *table, const char *label, double expected)
{
    for (gsize i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i].label[0], label) == 0) {
            assert_float_equal(table->rows[i].cells[0].value, expected, 0);
            return;
        }
    fail_msg("there is no row '%s'", label);
}

static void rows_count_for_the_team_at_their_anchor(void **state)
{
    g_autoptr(MeasureColumns) columns = a_month();
    g_autoptr(MeasureTable) merged = by_team(columns, "merged", 0);
    assert_int_equal(merged->n_rows, 3);
    assert_row(merged, "Red", 3);  /* 1, 3, 4 */
    assert_row(merged, "Blue", 1); /* 2 */
    assert_row(merged, "no team", 1);
    assert_string_equal(merged->rows[0].key[0], "101");
    /* A review counts for its giver's team: Bob's two, and Ann's of 3 March. */
    g_autoptr(MeasureTable) reviews = by_team(columns, "review-load", 0);
    assert_row(reviews, "Blue", 2);
    assert_row(reviews, "Red", 1);
    /* What is open counts for the author's team now, not then. */
    g_autoptr(MeasureTable) open = by_team(columns, "work-in-progress", 0);
    assert_int_equal(open->n_rows, 1);
    assert_row(open, "Blue", 1);
}

static void a_team_can_be_asked_for_alone(void **state)
{
    g_autoptr(MeasureColumns) columns = a_month();
    g_autoptr(MeasureTable) red = by_team(columns, "merged", RED);
    assert_float_equal(red->rows[0].cells[0].value, 3, 0);
    g_autoptr(MeasureTable) reviews = by_team(columns, "review-load", BLUE);
    assert_float_equal(reviews->rows[0].cells[0].value, 2, 0);
    g_autoptr(MeasureTable) nowhere = by_team(columns, "merged", 7);
    assert_int_equal(nowhere->rows[0].cells[0].n, 0);
}

/* ---- least size */

static void teams_of_few_people_are_withheld_and_counted(void **state)
{
    g_autoptr(MeasureColumns) columns = a_month();
    columns->least_group = 3;
    g_autoptr(MeasureTable) merged = by_team(columns, "merged", 0);
    assert_int_equal(merged->n_rows, 1);
    assert_row(merged, "Red", 3); /* Ann, Cleo and Dan stand behind it */
    assert_int_equal(merged->n_withheld, 2);
    assert_int_equal(merged->least_group, 3);
}

static MeasureTable *by_author(const MeasureColumns *columns, const char *until,
                               gboolean is_for_help)
{
    MeasureAsk ask = {measure_find("merged"), STATISTIC_SUM, FALSE};
    MeasureQuery query = {.from = TIME_ABSENT,
                          .until = story_time(until),
                          .now = TIME_ABSENT,
                          .is_for_help = is_for_help,
                          .by = {DIMENSION_AUTHOR},
                          .asks = &ask,
                          .n_asks = 1};
    MeasureTable *table = NULL;
    assert_ok((table = measure_query(columns, &query, &error)) != NULL);
    return table;
}

static void few_people_are_not_compared_unless_it_is_to_help_them(void **state)
{
    g_autoptr(MeasureColumns) columns = a_month();
    columns->least_group = 3;
    g_autoptr(MeasureTable) two = by_author(columns, "2026-03-04 00:00", FALSE); /* Ann, Cleo */
    assert_int_equal(two->n_rows, 0);
    assert_int_equal(two->n_withheld, 2);
    g_autoptr(MeasureTable) help = by_author(columns, "2026-03-04 00:00", TRUE);
    assert_int_equal(help->n_rows, 2);
    assert_int_equal(help->n_withheld, 0);
    g_autoptr(MeasureTable) three = by_author(columns, "2026-03-05 00:00", FALSE); /* and Dan */
    assert_int_equal(three->n_rows, 3);
}

static void a_least_size_of_one_shows_everything(void **state)
{
    g_autoptr(MeasureColumns) columns = a_month();
    columns->least_group = 1;
    g_autoptr(MeasureTable) merged = by_team(columns, "merged", 0);
    assert_int_equal(merged->n_rows, 3);
    assert_int_equal(merged->n_withheld, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clocks_of_the_authors_team_count_and_of_a_turnaround_the_reviewers),
        cmocka_unit_test(who_is_in_no_team_works_by_the_workspaces_clocks),
        cmocka_unit_test(a_move_later_does_not_rewrite_what_was),
        cmocka_unit_test(ages_of_open_pull_requests_go_by_the_teams_clocks_too),
        cmocka_unit_test(rows_count_for_the_team_at_their_anchor),
        cmocka_unit_test(a_team_can_be_asked_for_alone),
        cmocka_unit_test(teams_of_few_people_are_withheld_and_counted),
        cmocka_unit_test(few_people_are_not_compared_unless_it_is_to_help_them),
        cmocka_unit_test(a_least_size_of_one_shows_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
