#include "story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOON "2026-03-13 12:00" /* a Friday */

static GArray *needs_of(Story *story, MeasureColumns **ret_columns)
{
    *ret_columns = story_columns(story);
    return measure_needs(*ret_columns, 0, story_time("2026-03-01 00:00"), story_time(NOON),
                         &NEED_DEFAULTS);
}

/* The one need of a story of one pull request; NULL when it has none. */
static const Need *only(const GArray *needs)
{
    assert_true(needs->len <= 1);
    return needs->len == 0 ? NULL : &g_array_index(needs, Need, 0);
}

static void a_limit_is_reached_at_its_very_instant(void **state)
{
    g_autoptr(Story) early = story_new(), due = story_new();
    g_autoptr(MeasureColumns) a = NULL, b = NULL;
    story_tell(early, 1, "2026-03-12 12:01", "Ann", "opens, asking Bob");
    story_tell(due, 1, "2026-03-12 12:00", "Ann", "opens, asking Bob");
    g_autoptr(GArray) none = needs_of(early, &a), one = needs_of(due, &b);
    assert_null(only(none));
    assert_non_null(only(one));
    assert_int_equal(only(one)->kind, NEED_FIRST_REVIEW);
    assert_int_equal(only(one)->age, TIME_DAY);
    assert_int_equal(only(one)->age_working, 8 * TIME_HOUR); /* Thursday 12-17, Friday 9-12 */
    assert_int_equal(only(one)->lines, COUNT_ABSENT);
}

static void the_silent_reviewers_are_named_in_the_order_of_asking(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) columns = NULL;
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "opens as draft, asking Bob");
    story_tell(story, 1, "2026-03-02 10:00", "Ann", "asks Cleo");
    story_tell(story, 1, "2026-03-02 11:00", "Ann", "marks ready");
    story_tell(story, 1, "2026-03-02 12:00", "Ann", "no longer asks Bob");
    story_tell(story, 1, "2026-03-02 13:00", "Ann", "asks Dan");
    g_autoptr(GArray) needs = needs_of(story, &columns);
    assert_string_equal(measure_person_name(columns, only(needs)->who_id), "Cleo");
    assert_int_equal(only(needs)->n_also, 1);
    assert_string_equal(measure_person_name(columns, only(needs)->also_ids[0]), "Dan");
}

static void nobody_is_named_when_nobody_is_asked(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) columns = NULL;
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "opens, asking Review Bot");
    g_autoptr(GArray) needs = needs_of(story, &columns);
    assert_int_equal(only(needs)->kind, NEED_FIRST_REVIEW);
    assert_int_equal(only(needs)->who_id, COUNT_ABSENT);
}

static void an_answered_request_is_no_unanswered_one(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) columns = NULL;
    story_tell(story, 1, "2026-03-08 09:00", "Ann", "opens, asking Bob");
    story_tell(story, 1, "2026-03-08 10:00", "Bob", "requests changes");
    story_tell(story, 1, "2026-03-08 11:00", "Ann", "pushes +1 -0");
    g_autoptr(GArray) needs = needs_of(story, &columns);
    assert_null(only(needs));
}

static void a_stale_one_is_with_whoever_has_the_next_step(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) columns = NULL;
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "opens, asking Bob, Cleo");
    story_tell(story, 1, "2026-03-02 10:00", "Bob", "comments");
    g_autoptr(GArray) needs = needs_of(story, &columns);
    assert_int_equal(only(needs)->kind, NEED_STALE);
    assert_string_equal(measure_person_name(columns, only(needs)->who_id), "Cleo");
    assert_int_equal(only(needs)->since, story_time("2026-03-02 10:00"));
}

static void drafts_bots_and_the_excluded_are_not_listed(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) columns = NULL;
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "opens as draft");
    story_tell(story, 2, "2026-03-02 09:00", "renovate[bot]", "opens");
    story_tell(story, 3, "2026-03-02 09:00", "Eve (excluded)", "opens");
    story_tell(story, 4, "2026-03-02 09:00", "renovate[bot]", "opens");
    story_tell(story, 4, "2026-03-02 10:00", "renovate[bot]", "merges");
    g_autoptr(GArray) needs = needs_of(story, &columns);
    assert_int_equal(needs->len, 0);
}

static void merges_without_review_are_those_of_the_range_newest_first(void **state)
{
    g_autoptr(Story) story = story_new();
    static const char *const DAYS[] = {"2026-02-27", "2026-03-02", "2026-03-04"};
    for (gint64 i = 0; i < 3; i++) {
        g_autofree char *opens = g_strdup_printf("%s 09:00", DAYS[i]);
        g_autofree char *merges = g_strdup_printf("%s 10:00", DAYS[i]);
        story_tell(story, i + 1, opens, "Ann", "opens");
        story_tell(story, i + 1, merges, "Ann", "merges");
    }
    g_autoptr(MeasureColumns) columns = NULL;
    g_autoptr(GArray) needs = needs_of(story, &columns);
    assert_int_equal(needs->len, 2);
    assert_int_equal(g_array_index(needs, Need, 0).number, 3);
    assert_int_equal(g_array_index(needs, Need, 1).number, 2);
}

static void the_longest_wait_comes_first_and_the_largest_of_the_large(void **state)
{
    g_autoptr(Story) story = story_new();
    g_autoptr(MeasureColumns) columns = NULL;
    story_tell(story, 1, "2026-03-11 09:00", "Ann", "opens, asking Bob");
    story_tell(story, 2, "2026-03-10 09:00", "Ann", "opens, asking Bob");
    story_tell(story, 3, "2026-03-13 08:00", "Ann", "opens");
    story_tell(story, 3, "", "", "changes a.c +401 -0");
    story_tell(story, 4, "2026-03-13 09:00", "Ann", "opens");
    story_tell(story, 4, "", "", "changes a.c +5000 -0");
    story_tell(story, 5, "2026-03-13 09:00", "Ann", "opens");
    story_tell(story, 5, "", "", "changes a.c +400 -0");
    g_autoptr(GArray) needs = needs_of(story, &columns);
    static const gint64 ORDER[] = {2, 1, 4, 3};
    assert_int_equal(needs->len, G_N_ELEMENTS(ORDER));
    for (guint i = 0; i < needs->len; i++)
        assert_int_equal(g_array_index(needs, Need, i).number, ORDER[i]);
}

static void another_repository_is_another_list(void **state)
{
    g_autoptr(Story) story = story_new();
    story_tell(story, 1, "2026-03-02 09:00", "Ann", "opens");
    g_autoptr(MeasureColumns) columns = story_columns(story);
    g_autoptr(GArray) here =
        measure_needs(columns, 100, TIME_ABSENT, story_time(NOON), &NEED_DEFAULTS);
    g_autoptr(GArray) elsewhere =
        measure_needs(columns, 101, TIME_ABSENT, story_time(NOON), &NEED_DEFAULTS);
    assert_int_equal(here->len, 1);
    assert_int_equal(elsewhere->len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_is_reached_at_its_very_instant),
        cmocka_unit_test(the_silent_reviewers_are_named_in_the_order_of_asking),
        cmocka_unit_test(nobody_is_named_when_nobody_is_asked),
        cmocka_unit_test(an_answered_request_is_no_unanswered_one),
        cmocka_unit_test(a_stale_one_is_with_whoever_has_the_next_step),
        cmocka_unit_test(drafts_bots_and_the_excluded_are_not_listed),
        cmocka_unit_test(merges_without_review_are_those_of_the_range_newest_first),
        cmocka_unit_test(the_longest_wait_comes_first_and_the_largest_of_the_large),
        cmocka_unit_test(another_repository_is_another_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
