/*
 * The past of a pull request: a story that was told to its end and cut at an instant is the story
 * as it had been told until then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "story.h"

typedef struct {
    const char *when, *who, *what;
} Line;

/* Everything that changes what was known before: drafts, reviewers who come and go, verdicts that
 * are replaced, pushes, the merge. */
static const Line LINES[] = {
    {"2026-03-02 08:00", "Ann", "commits +10 -2"},
    {"2026-03-02 10:00", "Ann", "opens as draft, asking Bob"},
    {"2026-03-02 11:00", "Bob", "comments"},
    {"2026-03-02 12:00", "Ann", "marks ready"},
    {"2026-03-02 13:00", "Ann", "asks Cleo"},
    {"2026-03-02 14:00", "Bob", "requests changes"},
    {"2026-03-02 15:00", "Ann", "pushes +5 -5"},
    {"2026-03-02 16:00", "Bob", "approves"},
    {"2026-03-03 09:00", "Cleo", "requests changes"},
    {"2026-03-03 10:00", "Ann", "pushes +1 -1"},
    {"2026-03-03 11:00", "Cleo", "approves"},
    {"2026-03-03 12:00", "Ann", "asks Dan"},
    {"2026-03-03 13:00", "Ann", "no longer asks Dan"},
    {"2026-03-03 15:00", "Ann", "merges"},
};

static Story *tell(gsize n)
{
    Story *story = story_new();
    for (gsize i = 0; i < n; i++)
        story_tell(story, 1, LINES[i].when, LINES[i].who, LINES[i].what);
    return story;
}

static const FactReview *review_of(const GArray *reviews, gint64 person)
{
    for (guint i = 0; i < reviews->len; i++)
        if (g_array_index(reviews, FactReview, i).reviewer_id == person)
            return &g_array_index(reviews, FactReview, i);
    return NULL;
}

static void must_be_equal(const FactPr *cut, const FactPr *told, const char *when)
{
    const struct {
        const char *name;
        gint64 cut, told;
    } members[] = {
#define MEMBER(name) {#name, cut->name, told->name}
        MEMBER(state),           MEMBER(is_draft),       MEMBER(first_commit),
        MEMBER(opened),          MEMBER(ready),          MEMBER(first_review),
        MEMBER(approved),        MEMBER(merged),         MEMBER(last_activity),
        MEMBER(rounds),          MEMBER(pushes),         MEMBER(review_comments),
        MEMBER(author_comments), MEMBER(reviewers),      MEMBER(approvals),
        MEMBER(commits),         MEMBER(is_unreviewed),  MEMBER(is_late_change),
        MEMBER(waiting_since),   MEMBER(pickup_working), MEMBER(cycle_working),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(members); i++)
        if (members[i].cut != members[i].told)
            fail_msg("%s as of %s: %" G_GINT64_FORMAT ", but %" G_GINT64_FORMAT " was told",
                     members[i].name, when, members[i].cut, members[i].told);
    if (g_strcmp0(cut->waiting_on, told->waiting_on) != 0)
        fail_msg("as of %s it waits for %s, but for %s was told", when, cut->waiting_on,
                 told->waiting_on);
}

static void must_be_equal_reviews(const GArray *cut, const GArray *told, const char *when)
{
    if (cut->len != told->len)
        fail_msg("as of %s there are %u reviews, but %u were told", when, cut->len, told->len);
    for (guint i = 0; i < told->len; i++) {
        const FactReview *expected = &g_array_index(told, FactReview, i);
        const FactReview *found = review_of(cut, expected->reviewer_id);
        assert_non_null(found);
        assert_int_equal(found->asked, expected->asked);
        assert_int_equal(found->responded, expected->responded);
        assert_int_equal(found->approvals, expected->approvals);
        assert_int_equal(found->change_requests, expected->change_requests);
        if (found->is_reviewer != expected->is_reviewer)
            fail_msg("as of %s: a reviewer, or not", when);
    }
}

static void the_past_is_the_story_told_until_then(void **state)
{
    for (gsize n = 2; n <= G_N_ELEMENTS(LINES); n++) {
        const char *when = LINES[n - 1].when;
        g_autoptr(Story) prefix = tell(n), whole = tell(G_N_ELEMENTS(LINES));
        g_autoptr(GArray) told_reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
        g_autoptr(GArray) cut_reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
        g_autoptr(MeasureCut) cut = measure_cut_new();
        FactPr told = story_fact(prefix, 1, told_reviews);
        const StorePullRequest *row = story_row(whole, 1);
        StorePullRequest then;
        UtcTime merged = story_time(LINES[G_N_ELEMENTS(LINES) - 1].when);
        assert_true(measure_row_as_of(row, merged, story_time(when), cut, &then));
        FactPr found = story_fact_of(whole, &then, cut_reviews);
        must_be_equal(&found, &told, when);
        must_be_equal_reviews(cut_reviews, told_reviews, when);
    }
}

static void before_the_opening_there_is_nothing(void **state)
{
    g_autoptr(Story) story = tell(G_N_ELEMENTS(LINES));
    g_autoptr(MeasureCut) cut = measure_cut_new();
    StorePullRequest then;
    assert_false(measure_row_as_of(story_row(story, 1), TIME_ABSENT, story_time("2026-03-02 09:59"),
                                   cut, &then));
}

static void tasks_builds_and_threads_are_as_they_were(void **state)
{
    g_autoptr(Story) story = tell(2);
    g_autoptr(MeasureCut) cut = measure_cut_new();
    UtcTime opened = story_time("2026-03-02 10:00");
    const StoreTask tasks[] = {
        {.task_id = 1, .resolver_id = 7, .created = opened, .resolved = opened + 5 * TIME_HOUR},
        {.task_id = 2,
         .resolver_id = COUNT_ABSENT,
         .created = opened + 4 * TIME_HOUR,
         .resolved = TIME_ABSENT}};
    const StoreBuild builds[] = {{"ci", BUILD_FAILED, opened, opened + 5 * TIME_HOUR},
                                 {"late", BUILD_FAILED, opened + 4 * TIME_HOUR, TIME_ABSENT}};
    const StoreEvent thread = {.kind = PR_EVENT_COMMENTED,
                               .at = opened,
                               .actor_id = 9,
                               .subject_id = COUNT_ABSENT,
                               .comment_id = 3,
                               .parent_comment_id = COUNT_ABSENT,
                               .is_inline = TRUE,
                               .resolved = opened + 5 * TIME_HOUR};
    StorePullRequest row = *story_row(story, 1), then;
    row.tasks = tasks;
    row.n_tasks = 2;
    row.builds = builds;
    row.n_builds = 2;
    row.events = &thread;
    row.n_events = 1;
    assert_true(measure_row_as_of(&row, TIME_ABSENT, opened + 3 * TIME_HOUR, cut, &then));
    assert_int_equal(then.n_tasks, 1);
    assert_int_equal(then.tasks[0].resolved, TIME_ABSENT);
    assert_int_equal(then.tasks[0].resolver_id, COUNT_ABSENT);
    assert_int_equal(then.n_builds, 1);
    assert_int_equal(then.builds[0].state, BUILD_IN_PROGRESS);
    assert_int_equal(then.events[0].resolved, TIME_ABSENT);
    assert_true(measure_row_as_of(&row, TIME_ABSENT, opened + 6 * TIME_HOUR, cut, &then));
    assert_int_equal(then.n_tasks, 2);
    assert_int_equal(then.tasks[0].resolver_id, 7);
    assert_int_equal(then.builds[0].state, BUILD_FAILED);
    assert_int_equal(then.events[0].resolved, opened + 5 * TIME_HOUR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_past_is_the_story_told_until_then),
        cmocka_unit_test(before_the_opening_there_is_nothing),
        cmocka_unit_test(tasks_builds_and_threads_are_as_they_were),
    };
    return cmocka_run_group_tests_name("measure/as_of", tests, NULL, NULL);
}
