/*
 * What the rules about open pull requests find, and what they leave alone.
 */
#include "stage.h"

#define HOUR 60
#define DAY  (24 * HOUR)

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    stage_select(*state, TRUE);
    return 0;
}

static void nobody_asked_is_told_early(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), NULL);
    stage_update(f, 3 * HOUR, FALSE);
    assert_false(stage_holds(f, "no-reviewer", 1));
    stage_update(f, 4 * HOUR, FALSE);
    assert_true(stage_holds(f, "no-reviewer", 1));
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 5 * HOUR, "ben"));
    stage_update(f, 6 * HOUR, FALSE);
    assert_false(stage_holds(f, "no-reviewer", 1));
}

static void a_draft_and_a_bots_pull_request_are_left_alone(void **state)
{
    Fixture *f = *state;
    PullRequest draft = fixture_pull_request(1, 0);
    draft.draft = TRUE;
    stage_pull(f, draft, NULL);
    PullRequest automatic = fixture_pull_request(2, 0);
    automatic.author = fixture_person("release-bot");
    stage_pull(f, automatic, NULL);
    assert_int_equal(stage_update(f, 30 * DAY, FALSE).holding, 0);
}

static void a_request_for_changes_is_the_authors_until_a_push_or_reply(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_event(f, fixture_event(1, PR_EVENT_CHANGES_REQUESTED, 60, "ben"));
    stage_update(f, 60 + 3 * DAY - 1, FALSE);
    assert_false(stage_holds(f, "changes-unanswered", 1));
    stage_update(f, 60 + 3 * DAY, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "changes-unanswered", 1);
    assert_non_null(finding);
    assert_string_equal(finding->what, "Changes were requested 3.0 d ago; ana has neither pushed "
                                       "nor replied since.");
    stage_event(f, fixture_comment(1, 60 + 3 * DAY + 1, "ana", 9));
    stage_update(f, 60 + 3 * DAY + 2, FALSE);
    assert_false(stage_holds(f, "changes-unanswered", 1));
}

static PrEvent inline_comment(gint64 number, int at, const char *who, gint64 id, gint64 parent)
{
    PrEvent event = fixture_comment(number, at, who, id);
    event.parent_comment_id = parent;
    event.inline_path = "src/a.c";
    return event;
}

static void a_thread_is_open_while_a_reviewer_has_the_last_word(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_event(f, inline_comment(1, 10, "ben", 1, COUNT_ABSENT));
    stage_event(f, inline_comment(1, 20, "ana", 2, 1));
    stage_event(f, inline_comment(1, 30, "ben", 3, 2)); /* a reply to a reply */
    stage_event(f, fixture_comment(1, 40, "ben", 4));   /* in no thread */
    stage_update(f, 29 + 3 * DAY, FALSE);
    assert_false(stage_holds(f, "comments-unaddressed", 1));
    stage_update(f, 30 + 3 * DAY, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "comments-unaddressed", 1);
    assert_non_null(finding);
    assert_int_equal(finding->since, MINUTE(30));
    assert_string_equal(finding->what, "1 review thread is unresolved, and a reviewer had the last "
                                       "word; the oldest is 3.0 d old.");
    stage_event(f, inline_comment(1, 31 + 3 * DAY, "ana", 5, 3));
    stage_update(f, 32 + 3 * DAY, FALSE);
    assert_false(stage_holds(f, "comments-unaddressed", 1));
}

static void an_approval_waits_for_its_merge(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 60, "ben"));
    stage_update(f, 60 + DAY - 1, FALSE);
    assert_false(stage_holds(f, "approved-unmerged", 1));
    stage_update(f, 60 + DAY, FALSE);
    assert_true(stage_holds(f, "approved-unmerged", 1));
    stage_event(f, fixture_event(1, PR_EVENT_CHANGES_REQUESTED, 61 + DAY, "cleo"));
    stage_update(f, 62 + DAY, FALSE);
    assert_false(stage_holds(f, "approved-unmerged", 1));
}

static void put_files(Fixture *f, gint64 number, gint64 lines)
{
    StoreChanges changes = {0};
    FileChange files[] = {{"src/a.c", NULL, lines - 1, 1}, {"package-lock.json", NULL, 9000, 0}};
    WRITE(f, store_put_pr_files(tx, f->workspace_id, f->repository_id, number, "git", files, 2,
                                &changes, &error));
}

static void size_counts_what_people_wrote(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_pull(f, fixture_pull_request(2, 0), "ben");
    put_files(f, 1, 1000);
    put_files(f, 2, 1001);
    stage_update(f, 1, FALSE);
    assert_false(stage_holds(f, "too-large", 1));
    g_autoptr(StoreFinding) finding = stage_finding(f, "too-large", 2);
    assert_non_null(finding);
    assert_string_equal(finding->what, "1,001 lines changed in 1 file, more than 1,000.");
}

static void a_large_approval_without_a_word_is_told_for_two_weeks_after_the_merge(void **state)
{
    Fixture *f = *state;
    PullRequest record = fixture_pull_request(1, 120);
    record.state = PR_MERGED;
    stage_approved(f, record, "ben", 60);
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 60, "ben"));
    stage_event(f, fixture_event(1, PR_EVENT_MERGED, 120, "ana"));
    put_files(f, 1, 400);
    stage_update(f, 130, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "rubber-stamp", 1);
    assert_non_null(finding);
    assert_string_equal(finding->what, "400 lines changed, approved by ben 1.0 h after it was "
                                       "ready, without a single review comment.");
    stage_update(f, 120 + 14 * DAY, FALSE);
    assert_true(stage_holds(f, "rubber-stamp", 1));
    stage_update(f, 121 + 14 * DAY, FALSE);
    assert_false(stage_holds(f, "rubber-stamp", 1));
    g_autoptr(GPtrArray) events = NULL;
    assert_ok((events = store_list_finding_events(f->store, f->workspace_id, finding->finding_id,
                                                  &error)) != NULL);
    assert_string_equal(((StoreFindingEvent *) events->pdata[1])->note,
                        "it aged out of the days that the rule looks at, after 14 d");
}

static void one_comment_makes_it_no_rubber_stamp(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_event(f, fixture_comment(1, 50, "ben", 1));
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 60, "ben"));
    put_files(f, 1, 5000);
    stage_update(f, 130, FALSE);
    assert_false(stage_holds(f, "rubber-stamp", 1));
}

static void rounds_are_counted_to_the_one_that_was_too_many(void **state)
{
    static const char *const HASHES[] = {"a0", "a1", "a2", "a3", "a4", "a5"};
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    PrEvent created = fixture_event(1, PR_EVENT_UPDATED, 0, "ana");
    created.source_hash = HASHES[0];
    stage_event(f, created);
    stage_event(f, fixture_comment(1, 10, "ben", 100));
    for (int i = 1; i <= 5; i++) {
        PrEvent push = fixture_event(1, PR_EVENT_UPDATED, 100 * i, "ana");
        push.source_hash = HASHES[i];
        stage_event(f, push);
        stage_event(f, fixture_comment(1, 100 * i + 50, "ben", 100 + i));
        stage_update(f, 100 * i + 60, FALSE);
        assert_int_equal(stage_holds(f, "too-many-rounds", 1), i == 5);
    }
    stage_event(f, fixture_comment(1, 900, "ben", 200));
    stage_update(f, 901, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "too-many-rounds", 1);
    assert_int_equal(finding->since, MINUTE(550));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(nobody_asked_is_told_early),
        TEST(a_draft_and_a_bots_pull_request_are_left_alone),
        TEST(a_request_for_changes_is_the_authors_until_a_push_or_reply),
        TEST(a_thread_is_open_while_a_reviewer_has_the_last_word),
        TEST(an_approval_waits_for_its_merge),
        TEST(size_counts_what_people_wrote),
        TEST(a_large_approval_without_a_word_is_told_for_two_weeks_after_the_merge),
        TEST(one_comment_makes_it_no_rubber_stamp),
        TEST(rounds_are_counted_to_the_one_that_was_too_many),
    };
    return cmocka_run_group_tests_name("insight/process", tests, NULL, NULL);
}
