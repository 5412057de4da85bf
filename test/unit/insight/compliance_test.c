/*
 * How merges are judged, clause by clause, and what the rules about them find. Minutes and verdicts
 * are worked out by hand.
 */
#include "stage.h"

#define DAY (24 * 60)

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    Fixture *f = *state;
    const Repository record = {.uuid = "{r}",
                               .slug = "shop",
                               .full_name = "acme/shop",
                               .name = "Shop",
                               .project = {"{p}", "PAY", "Payments"},
                               .main_branch = "main",
                               .size_bytes = COUNT_ABSENT,
                               .created = MINUTE(0),
                               .updated = MINUTE(2)};
    StoreChanges changes = {0};
    WRITE(f, store_put_repositories(tx, f->workspace_id, f->connection_id, &record, 1, &changes,
                                    &error));
    stage_select(f, TRUE);
    return 0;
}

/* Opened by ana at 0, merged at 100 by ana; @approver (NULL: nobody) approves at 60. */
static void stage_merge(Fixture *f, gint64 number, const char *approver)
{
    PullRequest record = fixture_pull_request(number, 100);
    record.state = PR_MERGED;
    record.task_count = 1;
    if (approver != NULL)
        stage_approved(f, record, approver, 60);
    else
        stage_pull(f, record, NULL);
    if (approver != NULL)
        stage_event(f, fixture_event(number, PR_EVENT_APPROVED, 60, approver));
    stage_event(f, fixture_event(number, PR_EVENT_MERGED, 100, "ana"));
}

static StorePolicy asks_for(gint64 least, int from)
{
    return (StorePolicy){.scope = POLICY_WORKSPACE,
                         .branch = (char *) "",
                         .from = MINUTE(from),
                         .ended = TIME_ABSENT,
                         .least_approvals = least,
                         .created = MINUTE(from)};
}

static gint64 put_policy(Fixture *f, StorePolicy policy)
{
    gint64 id = 0, version = 0;
    WRITE(f, store_put_policy(tx, f->workspace_id, &policy, &id, &version, &error));
    return id;
}

static void put_build(Fixture *f, gint64 number, BuildState state, int created, int updated)
{
    StoreChanges changes = {0};
    const BuildStatus build = {.commit_hash = "aaaaaaaaaaaa",
                               .key = "unit",
                               .name = "unit",
                               .state = state,
                               .created = MINUTE(created),
                               .updated = MINUTE(updated)};
    WRITE(f, store_put_pr_builds(tx, f->workspace_id, f->repository_id, number, "aaaaaaaaaaaa",
                                 &build, 1, &changes, &error));
}

static void put_task(Fixture *f, gint64 number, int created, int resolved)
{
    StoreChanges changes = {0};
    const PrTask task = {.task_id = 1,
                         .comment_id = COUNT_ABSENT,
                         .creator = fixture_person("ben"),
                         .resolver = fixture_person("ana"),
                         .created = MINUTE(created),
                         .resolved = resolved < 0 ? TIME_ABSENT : MINUTE(resolved),
                         .is_resolved = resolved >= 0};
    WRITE(f, store_put_pr_tasks(tx, f->workspace_id, f->repository_id, number, &task, 1, &changes,
                                &error));
}

/* ---- the verdict */

typedef struct {
    MeasureBasis *basis;
    const StorePolicy *policy; /* NULL: the one in force */
    Verdict verdict;
    ClauseState built;
    BuildsAtMerge builds;
    gint64 open_tasks;
    char *reason;
} Judged;

static gboolean judge_row(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Judged *judged = user_data;
    g_auto(PolicyVerdict) verdict = {0};
    if (judged->policy != NULL)
        policy_judge(judged->basis, judged->policy, row, MINUTE(100), &verdict);
    else
        policy_judge_merge(judged->basis, row, MINUTE(100), &verdict);
    judged->verdict = verdict.verdict;
    judged->built = verdict.built;
    judged->builds = verdict.builds;
    judged->open_tasks = verdict.open_tasks;
    judged->reason = policy_reason(&verdict);
    return TRUE;
}

static Judged judge(Fixture *f, gint64 number, const StorePolicy *policy)
{
    Judged judged = {.policy = policy};
    assert_ok((judged.basis = measure_basis_load(f->store, f->workspace_id, &error)) != NULL);
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, number,
                                       judge_row, &judged, &error));
    measure_basis_free(judged.basis);
    return judged;
}

static void builds_are_as_they_stood_at_the_merge(void **state)
{
    Fixture *f = *state;
    const struct {
        BuildState state;
        int created, updated;
        ClauseState clause;
        const char *reason;
    } CASES[] = {
        {BUILD_SUCCESSFUL, 50, 60, CLAUSE_MET, NULL},
        {BUILD_FAILED, 50, 60, CLAUSE_BROKEN, "a build did not pass"},
        {BUILD_STOPPED, 50, 60, CLAUSE_BROKEN, "a build did not pass"},
        {BUILD_IN_PROGRESS, 50, 60, CLAUSE_BROKEN, "a build was running"},
        {BUILD_SUCCESSFUL, 50, 101, CLAUSE_BROKEN, "a build was running"}, /* told after it */
        {BUILD_FAILED, 101, 110, CLAUSE_BROKEN, "it had no build"},        /* began after it */
        {BUILD_SUCCESSFUL, 50, 100, CLAUSE_MET, NULL},
        {BUILD_UNKNOWN, 50, 60, CLAUSE_UNKNOWN, "a build's state is not known"},
    };
    StorePolicy policy = asks_for(0, 0);
    policy.builds_must_pass = TRUE;
    stage_merge(f, 1, "ben");
    Judged unread = judge(f, 1, &policy);
    assert_int_equal(unread.built, CLAUSE_UNKNOWN);
    assert_int_equal(unread.verdict, VERDICT_UNKNOWN);
    assert_string_equal(unread.reason, "its builds are not known");
    g_free(unread.reason);
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        put_build(f, 1, CASES[i].state, CASES[i].created, CASES[i].updated);
        Judged judged = judge(f, 1, &policy);
        assert_int_equal(judged.built, CASES[i].clause);
        assert_int_equal(judged.verdict, CASES[i].clause == CLAUSE_MET      ? VERDICT_PASSED
                                         : CASES[i].clause == CLAUSE_BROKEN ? VERDICT_FAILED
                                                                            : VERDICT_UNKNOWN);
        assert_int_equal(g_strcmp0(judged.reason, CASES[i].reason), 0);
        g_free(judged.reason);
    }
}

static void what_is_missing_outweighs_what_is_not_known(void **state)
{
    Fixture *f = *state;
    StorePolicy policy = asks_for(2, 0);
    policy.builds_must_pass = TRUE;
    stage_merge(f, 1, "ben");
    Judged judged = judge(f, 1, &policy);
    assert_int_equal(judged.verdict, VERDICT_FAILED);
    assert_string_equal(judged.reason, "1 of 2 approvals; its builds are not known");
    g_free(judged.reason);
}

static void a_merge_is_judged_by_the_version_in_force_then(void **state)
{
    Fixture *f = *state;
    stage_merge(f, 1, "ben");
    assert_int_equal(judge(f, 1, NULL).verdict, VERDICT_NO_POLICY);
    put_policy(f, asks_for(1, 10));
    assert_int_equal(judge(f, 1, NULL).verdict, VERDICT_PASSED);
    put_policy(f, asks_for(2, 100)); /* from the instant of the merge on */
    Judged judged = judge(f, 1, NULL);
    assert_int_equal(judged.verdict, VERDICT_FAILED);
    g_free(judged.reason);
}

static void tasks_are_as_they_stood_at_the_merge(void **state)
{
    Fixture *f = *state;
    stage_merge(f, 1, "ben");
    assert_int_equal(judge(f, 1, NULL).open_tasks, COUNT_ABSENT);
    const struct {
        int created, resolved;
        gint64 open;
    } CASES[] = {{50, 99, 0}, {50, 100, 0}, {50, 101, 1}, {50, -1, 1}, {101, -1, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        put_task(f, 1, CASES[i].created, CASES[i].resolved);
        assert_int_equal(judge(f, 1, NULL).open_tasks, CASES[i].open);
    }
}

/* ---- facts follow the policy */

static void an_open_pull_request_waits_for_what_the_policy_asks(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 60, "ben"));
    stage_update(f, 61 + DAY, FALSE);
    assert_true(stage_holds(f, "approved-unmerged", 1));
    put_policy(f, asks_for(2, 0));
    stage_update(f, 62 + DAY, FALSE);
    assert_false(stage_holds(f, "approved-unmerged", 1));
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 63 + DAY, "cleo"));
    stage_update(f, 64 + 2 * DAY, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "approved-unmerged", 1);
    assert_int_equal(finding->ended, TIME_ABSENT);
    assert_int_equal(finding->since, MINUTE(63 + DAY));
}

/* ---- rules */

static void rules_of_policies_say_nothing_where_none_was_in_force(void **state)
{
    Fixture *f = *state;
    stage_merge(f, 1, "ana"); /* her own */
    stage_update(f, 200, FALSE);
    assert_null(stage_finding(f, "too-few-approvals", 1));
    assert_null(stage_finding(f, "approved-only-by-author", 1));
    assert_true(stage_holds(f, "merged-unreviewed", 1));
}

static void too_few_approvals_are_counted(void **state)
{
    Fixture *f = *state;
    put_policy(f, asks_for(2, 0));
    stage_merge(f, 1, "ben");
    stage_update(f, 200, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "too-few-approvals", 1);
    assert_non_null(finding);
    assert_string_equal(finding->what, "Merged with 1 approval that counts where policy 1 "
                                       "(version 1) asked for 2.");
    assert_int_equal(finding->since, MINUTE(100));
    assert_false(stage_holds(f, "merged-unreviewed", 1));
    /* An approval that had not been read. */
    const Participant both[] = {{.person = fixture_person("ben"),
                                 .state = PARTICIPANT_APPROVED,
                                 .participated = MINUTE(60)},
                                {.person = fixture_person("cleo"),
                                 .state = PARTICIPANT_APPROVED,
                                 .participated = MINUTE(99)}};
    StoreChanges changes = {0};
    PullRequest record = fixture_pull_request(1, 101);
    record.state = PR_MERGED;
    record.has_participants = TRUE;
    record.participants = both;
    record.n_participants = G_N_ELEMENTS(both);
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &record, 1, &changes,
                                     &error));
    stage_event(f, fixture_event(1, PR_EVENT_APPROVED, 99, "cleo"));
    stage_update(f, 210, FALSE);
    assert_false(stage_holds(f, "too-few-approvals", 1));
}

static void an_author_alone_is_told_unless_the_policy_counts_authors(void **state)
{
    Fixture *f = *state;
    StorePolicy policy = asks_for(1, 0);
    put_policy(f, policy);
    stage_merge(f, 1, "ana");
    stage_update(f, 200, FALSE);
    assert_true(stage_holds(f, "approved-only-by-author", 1));
    assert_true(stage_holds(f, "too-few-approvals", 1));
    policy.author_counts = TRUE;
    policy.from = MINUTE(50);
    put_policy(f, policy);
    stage_update(f, 210, FALSE);
    assert_false(stage_holds(f, "approved-only-by-author", 1));
    assert_false(stage_holds(f, "too-few-approvals", 1));
}

static void a_missing_required_approver_is_named(void **state)
{
    Fixture *f = *state;
    StorePolicy policy = asks_for(1, 0);
    stage_merge(f, 1, "ben");
    stage_event(f, fixture_comment(1, 20, "cleo", 1)); /* so that she is known */
    policy.required[0] = (StorePolicyRequired){FALSE, stage_person(f, "cleo"), 1};
    policy.n_required = 1;
    policy.required_least = 1;
    put_policy(f, policy);
    stage_update(f, 200, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "missing-required-approver", 1);
    assert_non_null(finding);
    assert_non_null(strstr(finding->what, "did not approve: cleo."));
    assert_false(stage_holds(f, "too-few-approvals", 1));
}

static void a_push_after_the_approval_is_told(void **state)
{
    Fixture *f = *state;
    PrEvent created = fixture_event(1, PR_EVENT_UPDATED, 0, "ana");
    PrEvent push = fixture_event(1, PR_EVENT_UPDATED, 70, "ana");
    created.source_hash = "aaaaaaaaaaaa";
    push.source_hash = "cccccccccccc";
    stage_merge(f, 1, "ben");
    stage_merge(f, 2, "ben");
    stage_event(f, created);
    stage_event(f, push);
    stage_update(f, 200, FALSE);
    assert_true(stage_holds(f, "changed-after-approval", 1));
    assert_null(stage_finding(f, "changed-after-approval", 2));
}

static void failed_and_running_builds_are_told(void **state)
{
    Fixture *f = *state;
    for (gint64 number = 1; number <= 4; number++)
        stage_merge(f, number, "ben");
    put_build(f, 1, BUILD_FAILED, 50, 60);
    put_build(f, 2, BUILD_SUCCESSFUL, 50, 60);
    put_build(f, 3, BUILD_SUCCESSFUL, 50, 110);
    stage_update(f, 200, FALSE);
    g_autoptr(StoreFinding) failed = stage_finding(f, "merged-with-failed-build", 1);
    assert_string_equal(failed->what,
                        "Merged while of the builds of its newest commit 1 had failed and 0 were "
                        "running.");
    assert_null(stage_finding(f, "merged-with-failed-build", 2));
    assert_true(stage_holds(f, "merged-with-failed-build", 3));
    assert_null(stage_finding(f, "merged-with-failed-build", 4)); /* nothing is known of it */
}

static void open_tasks_are_told(void **state)
{
    Fixture *f = *state;
    stage_merge(f, 1, "ben");
    stage_merge(f, 2, "ben");
    put_task(f, 1, 50, -1);
    put_task(f, 2, 50, 90);
    stage_update(f, 200, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "merged-with-open-tasks", 1);
    assert_string_equal(finding->what, "Merged with 1 open task.");
    assert_null(stage_finding(f, "merged-with-open-tasks", 2));
}

static void an_issue_key_is_looked_for_when_somebody_asks(void **state)
{
    Fixture *f = *state;
    PullRequest with = fixture_pull_request(1, 0), without = fixture_pull_request(2, 0),
                branch = fixture_pull_request(3, 0);
    with.title = "SHOP-12: a change";
    branch.source_branch = "feature/SHOP-13";
    stage_pull(f, with, NULL);
    stage_pull(f, without, NULL);
    stage_pull(f, branch, NULL);
    stage_update(f, 1, FALSE);
    assert_null(stage_finding(f, "no-issue-key", 2)); /* off at first */
    const double on = 1;
    WRITE(f, store_put_rule_setting(tx, f->workspace_id, 0, "no-issue-key", "", &on, &error));
    stage_update(f, 2, FALSE);
    assert_null(stage_finding(f, "no-issue-key", 1));
    assert_true(stage_holds(f, "no-issue-key", 2));
    assert_null(stage_finding(f, "no-issue-key", 3));
}

/* ---- simulation */

static void a_simulation_says_what_would_change(void **state)
{
    Fixture *f = *state;
    put_policy(f, asks_for(1, 0));
    stage_merge(f, 1, "ben");
    stage_merge(f, 2, NULL);
    stage_merge(f, 3, "cleo");
    stage_event(f, fixture_event(3, PR_EVENT_APPROVED, 61, "dan"));
    stage_update(f, 200, FALSE);
    g_auto(PolicySimulation) simulation = {0};
    StorePolicy policy = asks_for(2, 0);
    policy.from = TIME_ABSENT; /* tried on everything */
    assert_ok(policy_simulate(f->store, f->workspace_id, &policy, MINUTE(0), MINUTE(200),
                              &simulation, &error));
    assert_int_equal(simulation.looked_at, 3);
    assert_int_equal(simulation.counts[VERDICT_PASSED][VERDICT_FAILED], 2);
    assert_int_equal(simulation.counts[VERDICT_FAILED][VERDICT_FAILED], 1);
    assert_int_equal(simulation.changed->len, 2);
    const SimulatedMerge *first = simulation.changed->pdata[0];
    assert_int_equal(first->number, 1);
    assert_string_equal(first->reason, "1 of 2 approvals");
}

static void a_more_specific_policy_keeps_its_merges(void **state)
{
    Fixture *f = *state;
    StorePolicy own = asks_for(1, 0), policy = asks_for(2, 0);
    own.scope = POLICY_REPOSITORY;
    own.scope_id = f->repository_id;
    put_policy(f, own);
    stage_merge(f, 1, "ben");
    stage_update(f, 200, FALSE);
    g_auto(PolicySimulation) simulation = {0};
    assert_ok(policy_simulate(f->store, f->workspace_id, &policy, MINUTE(0), MINUTE(200),
                              &simulation, &error));
    assert_int_equal(simulation.looked_at, 0);
    assert_int_equal(simulation.left_to_others, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
        TEST(builds_are_as_they_stood_at_the_merge),
        TEST(what_is_missing_outweighs_what_is_not_known),
        TEST(a_merge_is_judged_by_the_version_in_force_then),
        TEST(tasks_are_as_they_stood_at_the_merge),
        TEST(an_open_pull_request_waits_for_what_the_policy_asks),
        TEST(rules_of_policies_say_nothing_where_none_was_in_force),
        TEST(too_few_approvals_are_counted),
        TEST(an_author_alone_is_told_unless_the_policy_counts_authors),
        TEST(a_missing_required_approver_is_named),
        TEST(a_push_after_the_approval_is_told),
        TEST(failed_and_running_builds_are_told),
        TEST(open_tasks_are_told),
        TEST(an_issue_key_is_looked_for_when_somebody_asks),
        TEST(a_simulation_says_what_would_change),
        TEST(a_more_specific_policy_keeps_its_merges),
    };
    return cmocka_run_group_tests_name("insight/compliance", tests, NULL, NULL);
}
