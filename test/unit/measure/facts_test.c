/*
 * Special cases of a pull request's facts, told as stories and worked out by hand.
 */
#include "story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Hours and minutes of Monday 2 March 2026, as most stories need no more. */
#define AT(clock) story_time("2026-03-02 " clock)

static void tell(Story *story, const char *clock, const char *who, const char *what)
{
    g_autofree char *when = g_strdup_printf("2026-03-02 %s", clock);
    story_tell(story, 1, when, who, what);
}

static const FactReview *review_of(Story *story, const GArray *reviews, const char *name)
{
    gint64 id = story_person(story, name);
    for (guint i = 0; i < reviews->len; i++)
        if (g_array_index(reviews, FactReview, i).reviewer_id == id)
            return &g_array_index(reviews, FactReview, i);
    return NULL;
}

static void the_last_change_to_ready_counts(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens as draft, asking Bob");
    tell(story, "10:00", "Ann", "marks ready");
    tell(story, "10:30", "Bob", "comments");
    tell(story, "11:00", "Ann", "marks draft");
    tell(story, "12:00", "Ann", "marks ready");
    tell(story, "13:00", "Bob", "approves");
    tell(story, "14:00", "Ann", "merges");
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact = story_fact(story, 1, reviews);
    assert_int_equal(fact.ready, AT("12:00"));
    assert_int_equal(fact.first_review, AT("13:00"));
    assert_int_equal(review_of(story, reviews, "Bob")->asked, AT("12:00"));
    assert_int_equal(review_of(story, reviews, "Bob")->responded, AT("13:00"));
}

static void an_open_draft_is_not_ready_and_asks_nobody(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens, asking Bob");
    tell(story, "10:00", "Bob", "comments");
    tell(story, "11:00", "Ann", "marks draft");
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact = story_fact(story, 1, reviews);
    assert_int_equal(fact.ready, TIME_ABSENT);
    assert_int_equal(fact.first_review, TIME_ABSENT);
    assert_int_equal(fact.reviewers, 1);
    assert_string_equal(fact.waiting_on, "ready");
    assert_int_equal(fact.waiting_since, AT("11:00"));
    assert_int_equal(review_of(story, reviews, "Bob")->asked, TIME_ABSENT);
}

static void a_merge_out_of_a_draft_without_a_word_was_ready_when_opened(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens as draft");
    tell(story, "11:00", "Ann", "merges");
    assert_int_equal(story_fact(story, 1, NULL).ready, AT("09:00"));
}

static void changes_requested_end_the_same_persons_approval_only(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Cleo", "approves");
    tell(story, "12:00", "Bob", "requests changes");
    tell(story, "13:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.approvals, 1);
    assert_int_equal(fact.approved, AT("10:00")); /* some approval held from there to the merge */
}

static void approval_starts_anew_after_there_was_none(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Bob", "requests changes");
    tell(story, "12:00", "Cleo", "approves");
    tell(story, "12:30", "Bob", "approves");
    tell(story, "13:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.approved, AT("12:00"));
    assert_int_equal(fact.approvals, 2);
}

static void a_withdrawal_that_is_told_ends_the_approval(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Bob", "withdraws");
    tell(story, "13:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.approved, TIME_ABSENT);
    assert_int_equal(fact.approvals, 0);
    assert_int_equal(fact.first_review, AT("10:00"));
    assert_false(fact.is_unreviewed);
}

static void a_withdrawal_that_only_the_participants_show_voids_the_approval(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "10:30", "Bob", "withdraws unseen");
    tell(story, "11:00", "Cleo", "approves");
    tell(story, "13:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.approved, AT("11:00"));
    assert_int_equal(fact.approvals, 1);
    assert_int_equal(fact.first_review, AT("10:00")); /* it was a review all the same */
}

/* Bob approves at 10:00; the list of participants, as of @as_of, does not have him. */
static FactPr approved_by_nobody_listed(UtcTime as_of, const char *who)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", who, "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePullRequest row = *story_row(story, 1);
    row.n_participants = 0;
    row.participants_as_of = as_of;
    g_autoptr(Teams) teams = teams_new(work_calendar_new("UTC", 0x1f, 540, 1020, NULL, NULL));
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact;
    facts_compute(&row, story_roles(story), teams, NULL, &fact, reviews);
    return fact;
}

static void who_is_gone_from_a_newer_list_of_participants_withdrew(void **state)
{
    assert_int_equal(approved_by_nobody_listed(AT("13:00"), "Bob").approved, TIME_ABSENT);
    assert_int_equal(approved_by_nobody_listed(AT("10:00"), "Bob").approved, TIME_ABSENT);
}

static void an_older_or_unknown_list_of_participants_says_nothing(void **state)
{
    assert_int_equal(approved_by_nobody_listed(AT("09:59"), "Bob").approved, AT("10:00"));
    assert_int_equal(approved_by_nobody_listed(TIME_ABSENT, "Bob").approved, AT("10:00"));
    assert_int_equal(approved_by_nobody_listed(AT("13:00"), STORY_DELETED).approved, AT("10:00"));
}

static void the_merge_entry_tells_who_merged_when_nothing_else_does(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", STORY_DELETED, "opens");
    tell(story, "10:00", STORY_DELETED, "merges");
    story_row(story, 1)->closed_by_id = COUNT_ABSENT;
    assert_true(story_fact(story, 1, NULL).is_self_merged);
}

static void a_verdict_after_the_merge_leaves_the_approval_before_it(void **state)
{
    /* The list of participants shows the later verdict, which is no unseen withdrawal. */
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Ann", "merges");
    tell(story, "12:00", "Bob", "requests changes");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.approved, AT("10:00"));
    assert_int_equal(fact.approvals, 1);
}

static void the_authors_own_approval_and_comments_are_no_review(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Ann", "approves");
    tell(story, "10:30", "Ann", "comments");
    tell(story, "11:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_review, TIME_ABSENT);
    assert_int_equal(fact.approved, TIME_ABSENT);
    assert_int_equal(fact.author_comments, 1);
    assert_int_equal(fact.reviewers, 0);
    assert_true(fact.is_unreviewed);
    assert_true(fact.is_self_merged);
}

static void bots_and_excluded_people_do_not_review(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "09:01", "Review Bot", "comments");
    tell(story, "09:02", "Review Bot", "approves");
    tell(story, "09:30", "Eve (excluded)", "approves");
    tell(story, "09:31", "Eve (excluded)", "comments");
    tell(story, "11:00", "Bob", "merges");
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact = story_fact(story, 1, reviews);
    assert_int_equal(fact.first_review, TIME_ABSENT);
    assert_int_equal(fact.first_bot_review, AT("09:01"));
    assert_int_equal(fact.approved, TIME_ABSENT);
    assert_int_equal(fact.bot_comments, 1);
    assert_int_equal(fact.review_comments, 0);
    assert_true(fact.is_unreviewed);
    assert_false(fact.is_self_merged); /* Bob merged it */
    assert_true(review_of(story, reviews, "Review Bot")->reviewer_is_bot);
    assert_int_equal(review_of(story, reviews, "Review Bot")->approvals, 1);
}

static void a_deleted_account_is_a_person_who_is_not_the_author(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", STORY_DELETED, "approves");
    tell(story, "11:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_review, AT("10:00"));
    assert_int_equal(fact.approved, AT("10:00"));
}

static void a_deleted_account_is_the_author_when_the_author_is_deleted_too(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", STORY_DELETED, "opens");
    tell(story, "10:00", STORY_DELETED, "comments");
    tell(story, "11:00", STORY_DELETED, "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_review, TIME_ABSENT);
    assert_int_equal(fact.author_comments, 1);
    assert_true(fact.is_self_merged);
}

static void a_first_commit_after_the_opening_is_clamped_to_it(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Ann", "pushes +1 -0"); /* a force push: the old commits are gone */
    tell(story, "11:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_commit, AT("09:00"));
    assert_true(fact.coding_clamped);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_CODING)), 0);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_CYCLE)), 2 * TIME_HOUR);
}

static void an_approval_from_before_ready_makes_a_review_time_of_zero(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "08:00", "Ann", "commits +1 -0");
    tell(story, "09:00", "Ann", "opens as draft");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Ann", "marks ready");
    tell(story, "12:00", "Cleo", "comments");
    tell(story, "14:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.approved, AT("10:00"));
    assert_int_equal(fact.first_review, AT("12:00"));
    assert_true(fact.review_clamped);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_REVIEW)), 0);
    assert_int_equal(fact.review_working, 0);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_MERGE)), 2 * TIME_HOUR);
}

static void approved_as_a_draft_and_never_looked_at_again(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens as draft");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Ann", "marks ready");
    tell(story, "14:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_PICKUP)), DURATION_ABSENT);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_REVIEW)), DURATION_ABSENT);
    assert_int_equal(phase_length(phase_span(&fact, PHASE_MERGE)), 3 * TIME_HOUR);
    assert_false(fact.is_unreviewed);
}

static void a_review_at_the_very_instant_of_ready_counts(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens as draft");
    tell(story, "10:00", "Ann", "marks ready");
    tell(story, "10:00", "Bob", "comments");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_review, AT("10:00"));
    assert_int_equal(phase_length(phase_span(&fact, PHASE_PICKUP)), 0);
}

static void reviewers_added_later_are_asked_then_and_removed_ones_were_asked(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens, asking Bob, Finn");
    tell(story, "10:00", "Ann", "asks Cleo");
    tell(story, "10:30", "Ann", "no longer asks Finn");
    tell(story, "11:00", "Cleo", "comments");
    tell(story, "11:30", "Dan", "approves");
    tell(story, "12:00", "Ann", "no longer asks Cleo");
    tell(story, "13:00", "Ann", "asks Cleo");
    tell(story, "14:00", "Ann", "merges");
    tell(story, "15:00", "Ann", "asks Gus");
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact = story_fact(story, 1, reviews);
    assert_int_equal(review_of(story, reviews, "Bob")->asked, AT("09:00"));
    assert_int_equal(review_of(story, reviews, "Bob")->responded, TIME_ABSENT);
    assert_int_equal(review_of(story, reviews, "Finn")->asked, AT("09:00"));
    assert_false(review_of(story, reviews, "Finn")->is_reviewer);
    assert_int_equal(review_of(story, reviews, "Cleo")->asked, AT("10:00"));
    assert_int_equal(review_of(story, reviews, "Cleo")->responded, AT("11:00"));
    assert_true(review_of(story, reviews, "Cleo")->is_reviewer);
    assert_int_equal(review_of(story, reviews, "Dan")->asked, TIME_ABSENT);
    assert_int_equal(review_of(story, reviews, "Dan")->responded, AT("11:30"));
    assert_null(review_of(story, reviews, "Gus")); /* added after the merge */
    assert_int_equal(fact.reviewers, 2);
}

static void a_response_before_the_asking_is_no_response_to_it(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "comments");
    tell(story, "11:00", "Ann", "asks Bob");
    tell(story, "12:00", "Bob", "approves");
    tell(story, "13:00", "Ann", "merges");
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    story_fact(story, 1, reviews);
    assert_int_equal(review_of(story, reviews, "Bob")->responded, AT("12:00"));
    assert_int_equal(review_of(story, reviews, "Bob")->turnaround_working, TIME_HOUR);
}

static void declined_and_superseded_have_no_merge_and_no_cycle(void **state)
{
    static const struct {
        const char *word;
        PullRequestState state;
    } ENDS[] = {{"declines", PR_DECLINED}, {"supersedes", PR_SUPERSEDED}};
    for (gsize i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        g_autoptr(Story) story = story_new();
        tell(story, "08:00", "Ann", "commits +1 -0");
        tell(story, "09:00", "Ann", "opens");
        tell(story, "10:00", "Bob", "comments");
        tell(story, "11:00", "Ann", ENDS[i].word);
        FactPr fact = story_fact(story, 1, NULL);
        assert_int_equal(fact.state, ENDS[i].state);
        assert_int_equal(fact.declined, AT("11:00"));
        assert_int_equal(fact.merged, TIME_ABSENT);
        assert_int_equal(fact.cycle_working, DURATION_ABSENT);
        assert_int_equal(phase_length(phase_span(&fact, PHASE_PICKUP)), TIME_HOUR);
        assert_false(fact.is_unreviewed);
        assert_null(fact.waiting_on);
    }
}

static void what_happens_after_the_merge_does_not_count(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Ann", "merges");
    tell(story, "11:00", "Bob", "comments");
    tell(story, "11:30", "Bob", "approves");
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact = story_fact(story, 1, reviews);
    assert_int_equal(fact.first_review, TIME_ABSENT);
    assert_int_equal(fact.review_comments, 0);
    assert_int_equal(fact.approvals, 0);
    assert_int_equal(fact.reviewers, 0);
    assert_true(fact.is_unreviewed);
    assert_int_equal(reviews->len, 0);
    assert_int_equal(fact.last_activity, AT("11:30"));
}

static void a_deleted_comment_is_a_review_but_no_comment(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "comments and deletes it");
    tell(story, "11:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_review, AT("10:00"));
    assert_int_equal(fact.review_comments, 0);
    assert_int_equal(fact.reviewers, 1);
    assert_false(fact.is_unreviewed);
}

static void a_push_after_the_approval_is_a_late_change(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Ann", "pushes +1 -0");
    tell(story, "12:00", "Cleo", "approves");
    tell(story, "13:00", "Ann", "merges");
    assert_false(story_fact(story, 1, NULL).is_late_change); /* Cleo saw it */
    tell(story, "12:30", "Ann", "pushes +1 -0");
    assert_true(story_fact(story, 1, NULL).is_late_change);
}

static void an_entry_that_repeats_the_source_is_no_push(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens as draft");
    tell(story, "09:30", "Ann", "edits");
    tell(story, "10:00", "Ann", "marks ready");
    tell(story, "10:30", "Ann", "asks Bob");
    tell(story, "11:00", "Ann", "pushes +1 -0");
    tell(story, "11:30", "Ann", "edits");
    tell(story, "12:00", "Ann", "merges");
    assert_int_equal(story_fact(story, 1, NULL).pushes, 1);
}

static void the_merge_instant_is_estimated_when_no_entry_tells_it(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    StorePullRequest *row = story_row(story, 1);
    row->state = PR_MERGED;
    row->updated = AT("15:00");
    row->merge_committed = AT("14:00");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.merged, AT("14:00"));
    assert_true(fact.is_merged_estimated);
    row->merge_committed = AT("08:00"); /* fast-forwarded: committed before the opening */
    assert_int_equal(story_fact(story, 1, NULL).merged, AT("15:00"));
    row->merge_committed = TIME_ABSENT;
    assert_int_equal(story_fact(story, 1, NULL).merged, AT("15:00"));
    row->state = PR_DECLINED;
    fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.declined, AT("15:00"));
    assert_false(fact.is_merged_estimated);
}

static void participants_stand_in_until_the_activity_is_read(void **state)
{
    StoreParticipant participants[] = {
        {.person_id = 2,
         .is_reviewer = TRUE,
         .state = PARTICIPANT_APPROVED,
         .participated = AT("11:00")},
        {.person_id = 3, .state = PARTICIPANT_NO_STATE, .participated = AT("10:00")},
        {.person_id = 1, .state = PARTICIPANT_NO_STATE, .participated = AT("09:30")},
        {.person_id = 4, .is_reviewer = TRUE, .participated = TIME_ABSENT},
    };
    StorePullRequest row = {.repository_id = 1,
                            .number = 1,
                            .state = PR_MERGED,
                            .author_id = 1,
                            .closed_by_id = 1,
                            .created = AT("09:00"),
                            .updated = AT("12:00"),
                            .merge_committed = AT("11:30"),
                            .participants = participants,
                            .n_participants = G_N_ELEMENTS(participants)};
    g_autoptr(PeopleRoles) roles = people_roles_new(999);
    g_autoptr(Teams) teams = teams_new(work_calendar_new("UTC", 0x1f, 540, 1020, NULL, NULL));
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact;
    facts_compute(&row, roles, teams, NULL, &fact, reviews);
    assert_int_equal(fact.first_review, AT("10:00"));
    assert_int_equal(fact.approved, AT("11:00"));
    assert_int_equal(fact.approvals, 1);
    assert_int_equal(fact.author_comments, 1);
    assert_int_equal(reviews->len, 3);
}

static void unknown_commits_and_files_are_absent_not_zero(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Ann", "merges");
    FactPr fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.first_commit, TIME_ABSENT);
    assert_int_equal(fact.commits, COUNT_ABSENT);
    assert_int_equal(fact.lines_added, COUNT_ABSENT);
    assert_int_equal(fact.files_changed, COUNT_ABSENT);
    assert_int_equal(fact.coding_working, DURATION_ABSENT);
    StorePullRequest *row = story_row(story, 1);
    row->commits_state = row->files_state = "git"; /* git looked and found nothing */
    fact = story_fact(story, 1, NULL);
    assert_int_equal(fact.commits, 0);
    assert_int_equal(fact.lines_added, 0);
    row->commits_state = row->files_state = "gone";
    assert_int_equal(story_fact(story, 1, NULL).commits, COUNT_ABSENT);
}

static void an_open_one_waits_for_whoever_has_the_next_step(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens, asking Bob, Cleo");
    FactPr fact = story_fact(story, 1, NULL);
    assert_string_equal(fact.waiting_on, "review");
    assert_int_equal(fact.waiting_since, AT("09:00"));
    tell(story, "09:30", "Ann", "pushes +1 -0"); /* nobody has looked yet: it still waits */
    assert_int_equal(story_fact(story, 1, NULL).waiting_since, AT("09:00"));
    tell(story, "10:00", "Bob", "requests changes");
    fact = story_fact(story, 1, NULL);
    assert_string_equal(fact.waiting_on, "author");
    assert_int_equal(fact.waiting_since, AT("10:00"));
    tell(story, "11:00", "Cleo", "approves"); /* Bob's request stands */
    assert_string_equal(story_fact(story, 1, NULL).waiting_on, "author");
    tell(story, "12:00", "Ann", "comments");
    tell(story, "12:30", "Ann", "pushes +1 -0");
    fact = story_fact(story, 1, NULL);
    assert_string_equal(fact.waiting_on, "review");
    assert_int_equal(fact.waiting_since, AT("12:00"));
    tell(story, "13:00", "Bob", "approves");
    fact = story_fact(story, 1, NULL);
    assert_string_equal(fact.waiting_on, "merge");
    assert_int_equal(fact.waiting_since, AT("11:00"));
    assert_int_equal(fact.approved, AT("11:00"));
}

static void comments_without_a_verdict_leave_it_in_review(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens, asking Bob");
    tell(story, "10:00", "Bob", "comments");
    tell(story, "11:00", "Ann", "comments");
    FactPr fact = story_fact(story, 1, NULL);
    assert_string_equal(fact.waiting_on, "review");
    assert_int_equal(fact.waiting_since, AT("11:00"));
}

static void phases_of_random_pull_requests_add_up_to_the_cycle(void **state)
{
    static const char *const PEOPLE[] = {"Ann", "Bob", "Cleo", "Review Bot", STORY_DELETED};
    static const char *const ACTS[] = {"comments",     "approves", "requests changes",
                                       "pushes +1 -0", "edits",    "marks ready",
                                       "marks draft"};
    g_autoptr(GRand) chance = g_rand_new_with_seed(42);
    guint checked = 0;
    for (guint round = 0; round < 500; round++) {
        g_autoptr(Story) story = story_new();
        tell(story, "06:00", "Ann", "commits +1 -0");
        tell(story, "07:00", "Ann", round % 3 == 0 ? "opens as draft" : "opens");
        for (guint minute = 0; minute < 600; minute += g_rand_int_range(chance, 1, 150)) {
            g_autofree char *clock = g_strdup_printf("%02u:%02u", 8 + minute / 60, minute % 60);
            guint act = (guint) g_rand_int_range(chance, 0, G_N_ELEMENTS(ACTS));
            tell(story, clock, act >= 3 ? "Ann" : PEOPLE[g_rand_int_range(chance, 0, 5)],
                 ACTS[act]);
        }
        tell(story, "20:00", "Ann", "merges");
        FactPr fact = story_fact(story, 1, NULL);
        Duration sum = 0, working = 0;
        for (Phase phase = PHASE_CODING; phase <= PHASE_MERGE; phase++) {
            Duration length = phase_length(phase_span(&fact, phase));
            sum += length == DURATION_ABSENT ? 0 : length;
        }
        working += fact.coding_working == DURATION_ABSENT ? 0 : fact.coding_working;
        working += fact.pickup_working == DURATION_ABSENT ? 0 : fact.pickup_working;
        working += fact.review_working == DURATION_ABSENT ? 0 : fact.review_working;
        working += fact.merge_working == DURATION_ABSENT ? 0 : fact.merge_working;
        assert_int_equal(sum, 14 * TIME_HOUR);
        assert_int_equal(working, 8 * TIME_HOUR);
        checked += fact.first_review != TIME_ABSENT && fact.approved != TIME_ABSENT;
    }
    assert_true(checked > 100); /* the interesting shapes are among them */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_change_to_ready_counts),
        cmocka_unit_test(an_open_draft_is_not_ready_and_asks_nobody),
        cmocka_unit_test(a_merge_out_of_a_draft_without_a_word_was_ready_when_opened),
        cmocka_unit_test(changes_requested_end_the_same_persons_approval_only),
        cmocka_unit_test(approval_starts_anew_after_there_was_none),
        cmocka_unit_test(a_withdrawal_that_is_told_ends_the_approval),
        cmocka_unit_test(a_withdrawal_that_only_the_participants_show_voids_the_approval),
        cmocka_unit_test(who_is_gone_from_a_newer_list_of_participants_withdrew),
        cmocka_unit_test(an_older_or_unknown_list_of_participants_says_nothing),
        cmocka_unit_test(the_merge_entry_tells_who_merged_when_nothing_else_does),
        cmocka_unit_test(a_verdict_after_the_merge_leaves_the_approval_before_it),
        cmocka_unit_test(the_authors_own_approval_and_comments_are_no_review),
        cmocka_unit_test(bots_and_excluded_people_do_not_review),
        cmocka_unit_test(a_deleted_account_is_a_person_who_is_not_the_author),
        cmocka_unit_test(a_deleted_account_is_the_author_when_the_author_is_deleted_too),
        cmocka_unit_test(a_first_commit_after_the_opening_is_clamped_to_it),
        cmocka_unit_test(an_approval_from_before_ready_makes_a_review_time_of_zero),
        cmocka_unit_test(approved_as_a_draft_and_never_looked_at_again),
        cmocka_unit_test(a_review_at_the_very_instant_of_ready_counts),
        cmocka_unit_test(reviewers_added_later_are_asked_then_and_removed_ones_were_asked),
        cmocka_unit_test(a_response_before_the_asking_is_no_response_to_it),
        cmocka_unit_test(declined_and_superseded_have_no_merge_and_no_cycle),
        cmocka_unit_test(what_happens_after_the_merge_does_not_count),
        cmocka_unit_test(a_deleted_comment_is_a_review_but_no_comment),
        cmocka_unit_test(a_push_after_the_approval_is_a_late_change),
        cmocka_unit_test(an_entry_that_repeats_the_source_is_no_push),
        cmocka_unit_test(the_merge_instant_is_estimated_when_no_entry_tells_it),
        cmocka_unit_test(participants_stand_in_until_the_activity_is_read),
        cmocka_unit_test(unknown_commits_and_files_are_absent_not_zero),
        cmocka_unit_test(an_open_one_waits_for_whoever_has_the_next_step),
        cmocka_unit_test(comments_without_a_verdict_leave_it_in_review),
        cmocka_unit_test(phases_of_random_pull_requests_add_up_to_the_cycle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
