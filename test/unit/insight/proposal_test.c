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
    return proposal_decide(f->store, f->workspace_id, id, TRUE, by, MINUTE(10), NULL, error);
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
    g_autofree char *end = proposal_policy_end_body(1);
    gint64 id = propose(f, PROPOSAL_OF_POLICY, end);
    assert_ok(
        proposal_decide(f->store, f->workspace_id, id, TRUE, "Ana", MINUTE(20), NULL, &error));
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

static void a_refused_proposal_changes_nothing(void **state)
{
    Fixture *f = *state;
    const StorePolicy policy = wanted();
    g_autofree char *body = proposal_policy_body(&policy);
    gint64 id = propose(f, PROPOSAL_OF_POLICY, body);
    assert_ok(
        proposal_decide(f->store, f->workspace_id, id, FALSE, "Ana", MINUTE(10), "no", &error));
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
    g_autofree char *end = proposal_policy_end_body(5);
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
        TEST(a_refused_proposal_changes_nothing),
        TEST(who_proposed_does_not_approve_where_two_are_asked_for),
        TEST(what_cannot_be_done_keeps_waiting),
    };
    return cmocka_run_group_tests_name("insight/proposal", tests, NULL, NULL);
}
