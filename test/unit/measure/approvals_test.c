/* Whose approval counted, told as stories and judged by hand. */
#include "story.h"

#include "measure/approvals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define DAY      "2026-03-02 "
#define AT(hhmm) story_time(DAY hhmm)
#define SECURITY 70

static void tell(Story *story, const char *when, const char *who, const char *what)
{
    g_autofree char *full = g_strconcat(DAY, when, NULL);
    story_tell(story, 1, full, who, what);
}

static StorePolicy asks_for(gint64 least)
{
    return (StorePolicy){.branch = (char *) "", .least_approvals = least, .ended = TIME_ABSENT};
}

static void require_person(StorePolicy *policy, Story *story, const char *name)
{
    policy->required[policy->n_required++] =
        (StorePolicyRequired){FALSE, story_person(story, name), 1};
    policy->required_least = policy->n_required;
}

static ApprovalJudgement judge_in(Story *story, const StorePolicy *policy, const GArray *members)
{
    g_autoptr(ApprovalBook) book = approval_book_new(NULL, members);
    ApprovalJudgement judgement;
    approvals_judge(book, policy, story_row(story, 1), story_roles(story), &judgement);
    return judgement;
}

static ApprovalJudgement judge(Story *story, const StorePolicy *policy)
{
    return judge_in(story, policy, NULL);
}

static ApprovalFate fate(const ApprovalJudgement *judgement, guint index)
{
    assert_true(index < judgement->approvals->len);
    return g_array_index(judgement->approvals, Approval, index).fate;
}

static void approved_is_when_the_last_missing_approval_came(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Cleo", "approves");
    tell(story, "12:00", "Dan", "approves");
    tell(story, "13:00", "Ann", "merges");
    const struct {
        gint64 least;
        UtcTime approved;
        gboolean has_enough;
    } CASES[] = {
        {0, AT("10:00"), TRUE}, {1, AT("10:00"), TRUE},  {2, AT("11:00"), TRUE},
        {3, AT("12:00"), TRUE}, {4, TIME_ABSENT, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        StorePolicy policy = asks_for(CASES[i].least);
        g_auto(ApprovalJudgement) judgement = judge(story, &policy);
        assert_int_equal(judgement.approved, CASES[i].approved);
        assert_int_equal(judgement.has_enough, CASES[i].has_enough);
        assert_int_equal(judgement.counted, 3);
    }
}

static void an_approval_that_went_missing_starts_anew(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "10:30", "Cleo", "approves");
    tell(story, "11:00", "Bob", "requests changes");
    tell(story, "12:00", "Bob", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(2);
    g_auto(ApprovalJudgement) judgement = judge(story, &policy);
    assert_int_equal(judgement.approved, AT("12:00"));
    assert_int_equal(judgement.approvals->len, 3);
    assert_int_equal(fate(&judgement, 0), APPROVAL_OVERRULED);
    assert_int_equal(g_array_index(judgement.approvals, Approval, 0).ended, AT("11:00"));
    assert_int_equal(fate(&judgement, 2), APPROVAL_COUNTED);
}

static void the_authors_approval_counts_where_the_policy_says_so(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Ann", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(1);
    g_auto(ApprovalJudgement) without = judge(story, &policy);
    assert_int_equal(without.counted, 0);
    assert_false(without.has_enough);
    assert_true(without.is_only_author);
    assert_int_equal(fate(&without, 0), APPROVAL_OF_AUTHOR);
    assert_int_equal(without.approved, TIME_ABSENT);
    policy.author_counts = TRUE;
    g_auto(ApprovalJudgement) with = judge(story, &policy);
    assert_int_equal(with.counted, 1);
    assert_true(with.has_enough);
    assert_int_equal(with.approved, AT("10:00"));
}

static void bots_excluded_people_and_withdrawals_do_not_count(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Release Bot", "approves");
    tell(story, "10:10", "Eve (excluded)", "approves");
    tell(story, "10:20", "Bob", "approves");
    tell(story, "10:30", "Bob", "withdraws");
    tell(story, "10:40", "Cleo", "approves");
    tell(story, "10:50", "Cleo", "withdraws unseen");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(1);
    g_auto(ApprovalJudgement) judgement = judge(story, &policy);
    assert_int_equal(judgement.approvals->len, 4);
    assert_int_equal(fate(&judgement, 0), APPROVAL_OF_BOT);
    assert_int_equal(fate(&judgement, 1), APPROVAL_OF_EXCLUDED);
    assert_int_equal(fate(&judgement, 2), APPROVAL_WITHDRAWN);
    assert_int_equal(g_array_index(judgement.approvals, Approval, 2).ended, AT("10:30"));
    assert_int_equal(fate(&judgement, 3), APPROVAL_WITHDRAWN);
    assert_int_equal(g_array_index(judgement.approvals, Approval, 3).ended, TIME_ABSENT);
    assert_int_equal(judgement.counted, 0);
    assert_false(judgement.is_only_author);
}

static void a_push_voids_approvals_where_the_policy_says_so(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Ann", "pushes +5 -0");
    tell(story, "12:00", "Cleo", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(2);
    g_auto(ApprovalJudgement) stay = judge(story, &policy);
    assert_int_equal(stay.counted, 2);
    policy.void_on_push = TRUE;
    g_auto(ApprovalJudgement) voided = judge(story, &policy);
    assert_int_equal(voided.counted, 1);
    assert_false(voided.has_enough);
    assert_int_equal(fate(&voided, 0), APPROVAL_VOIDED);
    assert_int_equal(g_array_index(voided.approvals, Approval, 0).ended, AT("11:00"));
    /* Bob looks again. */
    tell(story, "12:30", "Bob", "approves");
    g_auto(ApprovalJudgement) again = judge(story, &policy);
    assert_int_equal(again.counted, 2);
    assert_int_equal(again.approved, AT("12:30"));
}

static void what_comes_after_the_merge_does_not_exist(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "13:00", "Ann", "merges");
    tell(story, "14:00", "Bob", "approves");
    StorePolicy policy = asks_for(1);
    g_auto(ApprovalJudgement) judgement = judge(story, &policy);
    assert_int_equal(judgement.approvals->len, 0);
    assert_false(judgement.has_enough);
}

static void required_people_must_be_among_the_approvers(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Cleo", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(1);
    require_person(&policy, story, "Dan");
    require_person(&policy, story, "Cleo");
    g_auto(ApprovalJudgement) both = judge(story, &policy);
    assert_true(both.has_enough);
    assert_false(both.has_required);
    assert_int_equal(both.missing_required, 1u << 0);
    assert_int_equal(both.approved, TIME_ABSENT);
    policy.required_least = 1; /* one of the two */
    g_auto(ApprovalJudgement) either = judge(story, &policy);
    assert_true(either.has_required);
    assert_int_equal(either.approved, AT("11:00"));
}

static void a_team_is_as_it_was_at_the_merge(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Cleo", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(0);
    policy.required[0] = (StorePolicyRequired){TRUE, SECURITY, 1};
    policy.n_required = 1;
    policy.required_least = 1;
    const struct {
        UtcTime from, until;
        gboolean has_required;
    } CLEO[] = {
        {AT("00:00"), TIME_ABSENT, TRUE},  {AT("13:00"), TIME_ABSENT, TRUE},
        {AT("13:01"), TIME_ABSENT, FALSE}, {AT("00:00"), AT("13:00"), FALSE},
        {AT("00:00"), AT("13:01"), TRUE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CLEO); i++) {
        const StoreTeamMember member = {SECURITY, story_person(story, "Cleo"), CLEO[i].from,
                                        CLEO[i].until};
        g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof member);
        g_array_append_val(members, member);
        g_auto(ApprovalJudgement) judgement = judge_in(story, &policy, members);
        assert_int_equal(judgement.has_required, CLEO[i].has_required);
    }
}

static void so_many_of_a_team_may_be_asked_for(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "11:00", "Cleo", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePolicy policy = asks_for(0);
    policy.required[0] = (StorePolicyRequired){TRUE, SECURITY, 2};
    policy.n_required = 1;
    policy.required_least = 1;
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(StoreTeamMember));
    const char *const names[] = {"Cleo", "Dan", "Bob"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const StoreTeamMember member = {SECURITY, story_person(story, names[i]), 0, TIME_ABSENT};
        g_array_append_val(members, member);
        g_auto(ApprovalJudgement) judgement = judge_in(story, &policy, members);
        assert_int_equal(judgement.has_required, i == 2); /* with Bob there are two */
    }
}

static void an_activity_that_has_not_been_read_is_judged_by_the_participants(void **state)
{
    g_autoptr(Story) story = story_new();
    tell(story, "09:00", "Ann", "opens");
    tell(story, "10:00", "Bob", "approves");
    tell(story, "13:00", "Ann", "merges");
    StorePullRequest row = *story_row(story, 1);
    row.n_events = 0;
    row.updated = AT("13:00");
    StorePolicy policy = asks_for(1);
    g_autoptr(ApprovalBook) book = approval_book_new(NULL, NULL);
    g_auto(ApprovalJudgement) judgement = {0};
    approvals_judge(book, &policy, &row, story_roles(story), &judgement);
    assert_int_equal(judgement.counted, 1);
    assert_int_equal(judgement.approved, AT("10:00"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(approved_is_when_the_last_missing_approval_came),
        cmocka_unit_test(an_approval_that_went_missing_starts_anew),
        cmocka_unit_test(the_authors_approval_counts_where_the_policy_says_so),
        cmocka_unit_test(bots_excluded_people_and_withdrawals_do_not_count),
        cmocka_unit_test(a_push_voids_approvals_where_the_policy_says_so),
        cmocka_unit_test(what_comes_after_the_merge_does_not_exist),
        cmocka_unit_test(required_people_must_be_among_the_approvers),
        cmocka_unit_test(a_team_is_as_it_was_at_the_merge),
        cmocka_unit_test(so_many_of_a_team_may_be_asked_for),
        cmocka_unit_test(an_activity_that_has_not_been_read_is_judged_by_the_participants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
