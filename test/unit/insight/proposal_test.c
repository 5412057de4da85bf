/*
 * Proposals: waiting, a second person, and what approval carries out.
 */
#include "stage.h"

static gint64 propose(Fixture *f, const char *kind, const char *body)
{
    const StoreProposal proposal = {.kind = (char *) kind,
                                    .summary = (char *) "a change",
                                    .body = (char *) body,
                                    .proposed_by = (char *) "Ed",
                                    .proposed = MINUTE(1)};
    gint64 id = 0;
    WRITE(f, store_add_proposal(tx, f->workspace_id, &proposal, &id, &error));
    return id;
}

static gboolean approve(Fixture *f, gint64 id, const char *by, GError **error)
{
    const ProposalDecision decision = {id, TRUE, by, NULL, MINUTE(10)};
    return proposal_decide(f->store, f->workspace_id, &decision, error);
}

static StorePolicy wanted(void)
{
    return (StorePolicy){.scope = POLICY_WORKSPACE,
                         .branch = (char *) "release/*",
                         .from = TIME_ABSENT,
                         .ended = TIME_ABSENT,
                         .least_approvals = 2,
                         .required_least = 1,
                         .void_on_push = TRUE,
                         .required = {{TRUE, 7, 3}},
                         .n_required = 1};
}

static void a_policy_begins_when_it_is_approved(void **state)
{
    Fixture *f = *state;
    const StorePolicy policy = wanted();
    g_autofree char *body = proposal_policy_body(&policy);
    gint64 id = propose(f, PROPOSAL_OF_POLICY, body);
    g_autoptr(StorePolicyBook) before = store_load_policies(f->store, f->workspace_id, NULL);
    assert_int_equal(store_policy_book_versions(before)->len, 0);
    assert_ok(approve(f, id, "Ana", &error));
    g_autoptr(StorePolicyBook) book = store_load_policies(f->store, f->workspace_id, NULL);
    const StorePolicy *found =
        store_policy_in_force(book, f->repository_id, "release/1", MINUTE(10));
    assert_non_null(found);
    assert_null(store_policy_in_force(book, f->repository_id, "release/1", MINUTE(9)));
    assert_int_equal(found->least_approvals, 2);
    assert_true(found->void_on_push && !found->author_counts && !found->builds_must_pass);
    assert_true(found->required[0].is_team && found->required[0].id == 7);
    assert_int_equal(found->required[0].least, 3);
    assert_string_equal(found->created_by, "Ed, approved by Ana");
}

static void ending_and_selecting_are_carried_out_too(void **state)
{
    Fixture *f = *state;
    const StorePolicy policy = wanted();
    g_autofree char *set = proposal_policy_body(&policy);
    assert_ok(approve(f, propose(f, PROPOSAL_OF_POLICY, set), "Ana", &error));
    g_autofree char *end = proposal_policy_end_body(1, MINUTE(20));
    gint64 id = propose(f, PROPOSAL_OF_POLICY, end);
    assert_ok(approve(f, id, "Ana", &error));
    g_autoptr(StorePolicyBook) book = store_load_policies(f->store, f->workspace_id, NULL);
    assert_null(store_policy_in_force(book, f->repository_id, "release/1", MINUTE(20)));
    assert_non_null(store_policy_in_force(book, f->repository_id, "release/1", MINUTE(19)));
    const StoreSelectionRule rule = {
        .kind = SELECT_PATTERN, .text = (char *) "sh*", .is_included = TRUE};
    g_autofree char *select = proposal_selection_body(&rule);
    assert_ok(approve(f, propose(f, PROPOSAL_OF_SELECTION, select), "Ana", &error));
    g_autoptr(GPtrArray) selected = store_list_repositories(f->store, f->workspace_id, TRUE, NULL);
    assert_int_equal(selected->len, 1);
}

static void select_by_name(Fixture *f, const char *text)
{
    const StoreSelectionRule rule = {
        .kind = SELECT_PATTERN, .text = (char *) text, .is_included = TRUE, .created = MINUTE(1)};
    WRITE(f, store_add_selection_rule(tx, f->workspace_id, &rule, FALSE, &error));
}

static void a_whole_selection_is_carried_out_where_nobody_changed_it_since(void **state)
{
    Fixture *f = *state;
    select_by_name(f, "old-*");
    g_autoptr(GPtrArray) base = store_list_selection_rules(f->store, f->workspace_id, NULL);
    StoreSelectionRule rules[] = {
        {.kind = SELECT_PATTERN, .text = (char *) "*", .is_included = TRUE},
        {.kind = SELECT_PATTERN, .text = (char *) "legacy-*", .is_included = FALSE},
    };
    g_autoptr(GPtrArray) wanted_rules = g_ptr_array_new();
    g_ptr_array_add(wanted_rules, &rules[0]);
    g_ptr_array_add(wanted_rules, &rules[1]);
    g_autofree char *body = proposal_selection_set_body(wanted_rules, base);
    gint64 first = propose(f, PROPOSAL_OF_SELECTION, body);
    gint64 late = propose(f, PROPOSAL_OF_SELECTION, body);
    assert_ok(approve(f, first, "Ana", &error));
    g_autoptr(GPtrArray) now = store_list_selection_rules(f->store, f->workspace_id, NULL);
    assert_int_equal(now->len, 2);
    const StoreSelectionRule *last = now->pdata[1];
    assert_string_equal(last->text, "legacy-*");
    assert_false(last->is_included);
    assert_string_equal(last->created_by, "Ed, approved by Ana");
    assert_fails_saying(approve(f, late, "Ana", &error), INVALID, "changed since");
}

static void a_refused_proposal_changes_nothing(void **state)
{
    Fixture *f = *state;
    const StorePolicy policy = wanted();
    g_autofree char *body = proposal_policy_body(&policy);
    gint64 id = propose(f, PROPOSAL_OF_POLICY, body);
    const ProposalDecision refusal = {id, FALSE, "Ana", "no", MINUTE(10)};
    assert_ok(proposal_decide(f->store, f->workspace_id, &refusal, &error));
    g_autoptr(StorePolicyBook) book = store_load_policies(f->store, f->workspace_id, NULL);
    assert_int_equal(store_policy_book_versions(book)->len, 0);
    assert_fails_saying(approve(f, id, "Ana", &error), INVALID, "refused already");
}

static void who_proposed_does_not_approve_where_two_are_asked_for(void **state)
{
    Fixture *f = *state;
    g_autofree char *off = proposal_setting_body(SETTING_APPROVAL_REQUIRED, "no");
    gint64 id = propose(f, PROPOSAL_OF_SETTING, off);
    WRITE(f, store_put_setting(tx, f->workspace_id, SETTING_APPROVAL_REQUIRED, "yes", &error));
    assert_fails_saying(approve(f, id, "ED", &error), INVALID, "somebody else");
    assert_ok(approve(f, id, "Ana", &error));
    gboolean is_required = TRUE;
    assert_ok(proposal_is_required(f->store, f->workspace_id, &is_required, &error));
    assert_false(is_required);
}

static void what_cannot_be_done_keeps_waiting(void **state)
{
    Fixture *f = *state;
    g_autofree char *end = proposal_policy_end_body(5, TIME_ABSENT);
    gint64 missing = propose(f, PROPOSAL_OF_POLICY, end);
    assert_fails(approve(f, missing, "Ana", &error), NOT_FOUND);
    g_autofree char *other = proposal_setting_body("audit.head", "0 0");
    gint64 foreign = propose(f, PROPOSAL_OF_SETTING, other);
    assert_fails_saying(approve(f, foreign, "Ana", &error), INVALID, "refuse it");
    gint64 nonsense = propose(f, PROPOSAL_OF_POLICY, "{");
    assert_fails_saying(approve(f, nonsense, "Ana", &error), INVALID, "refuse it");
    g_autoptr(GPtrArray) list = store_list_proposals(f->store, f->workspace_id, NULL);
    for (guint i = 0; i < list->len; i++)
        assert_int_equal(((StoreProposal *) list->pdata[i])->state, PROPOSAL_WAITING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
        TEST(a_policy_begins_when_it_is_approved),
        TEST(ending_and_selecting_are_carried_out_too),
        TEST(a_whole_selection_is_carried_out_where_nobody_changed_it_since),
        TEST(a_refused_proposal_changes_nothing),
        TEST(who_proposed_does_not_approve_where_two_are_asked_for),
        TEST(what_cannot_be_done_keeps_waiting),
    };
    return cmocka_run_group_tests_name("insight/proposal", tests, NULL, NULL);
}
