/*
 * What the rules about git's tellings find: conflicts, pushes past review, folders of one person,
 * branches nobody works on.
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

static char *hash_of(guint number)
{
    return g_strdup_printf("%040x", number);
}

static Commit commit(const char *hash, int minute, const char *email, const FileChange *file)
{
    Commit made = fixture_commit(hash, minute, email);
    made.author_name = email;
    made.subject = hash;
    made.files = file;
    made.n_files = 1;
    return made;
}

static void put_commit(Fixture *f, guint number, int minute, const char *email, const char *path,
                       gint64 added)
{
    StoreChanges changes = {0};
    g_autofree char *hash = hash_of(number);
    const FileChange file = {path, NULL, added, 0};
    Commit made = commit(hash, minute, email, &file);
    WRITE(f, store_put_commits(tx, f->workspace_id, f->repository_id, &made, 1, &changes, &error));
}

/* The finding with @subject that holds; NULL: there is none. */
static StoreFinding *holding(Fixture *f, const char *rule, const char *subject)
{
    g_autoptr(GPtrArray) findings = NULL;
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_EVER,
                                              &error)) != NULL);
    for (guint i = 0; i < findings->len; i++) {
        StoreFinding *finding = findings->pdata[i];
        if (strcmp(finding->rule, rule) == 0 && finding->ended == TIME_ABSENT &&
            g_strcmp0(finding->subject, subject) == 0)
            return g_ptr_array_steal_index(findings, i);
    }
    return NULL;
}

static gboolean holds(Fixture *f, const char *rule, const char *subject)
{
    g_autoptr(StoreFinding) finding = holding(f, rule, subject);
    return finding != NULL;
}

static guint count_held(Fixture *f, const char *rule)
{
    guint n = 0;
    g_autoptr(GPtrArray) findings = NULL;
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_EVER,
                                              &error)) != NULL);
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        n += strcmp(finding->rule, rule) == 0 && finding->ended == TIME_ABSENT;
    }
    return n;
}

/* ---- conflicts */

static void put_trial(Fixture *f, const char *state, int since)
{
    StoreChanges changes = {0};
    const StoreMergeTrial trial = {.number = 1,
                                   .source_hash = "s",
                                   .destination_hash = "d",
                                   .state = state,
                                   .since = MINUTE(since),
                                   .path_count = 3,
                                   .paths = "src/a.c\nsrc/b.c\nsrc/c.c"};
    WRITE(f,
          store_put_merge_trial(tx, f->workspace_id, f->repository_id, &trial, &changes, &error));
}

static void a_conflict_is_told_while_it_lasts(void **state)
{
    Fixture *f = *state;
    stage_pull(f, fixture_pull_request(1, 0), "ben");
    stage_update(f, 1, FALSE);
    assert_false(stage_holds(f, "merge-conflict", 1));
    put_trial(f, "conflict", 30);
    stage_update(f, 60, FALSE);
    g_autoptr(StoreFinding) finding = stage_finding(f, "merge-conflict", 1);
    assert_non_null(finding);
    assert_int_equal(finding->since, MINUTE(30));
    assert_string_equal(finding->what, "Merging 'feature' into 'main' conflicts in src/a.c, "
                                       "src/b.c and 1 file more.");
    assert_string_equal(finding->next,
                        "ana brings 'main' into 'feature' and resolves the conflict.");
    put_trial(f, "clean", 90);
    stage_update(f, 120, FALSE);
    assert_false(stage_holds(f, "merge-conflict", 1));
}

/* ---- direct pushes */

static void put_main_change(Fixture *f, guint number, gint64 position, int minute)
{
    StoreChanges changes = {0};
    g_autofree char *hash = hash_of(number);
    const MainChange change = {
        .hash = hash, .position = position, .landed = MINUTE(minute), .lines_changed = 7};
    WRITE(f, store_put_main_changes(tx, f->workspace_id, f->repository_id, &change, 1, FALSE,
                                    &changes, &error));
}

static void a_push_is_told_for_two_weeks_and_a_bots_is_not(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    put_commit(f, 1, 0, "root@example.test", "a.c", 1);
    put_commit(f, 2, 10, "cleo@example.test", "a.c", 1);
    put_commit(f, 3, 20, "release-bot", "a.c", 1);
    for (guint i = 0; i < 3; i++)
        put_main_change(f, i + 1, i, 10 * (int) i);
    stage_update(f, 60, FALSE);
    g_autofree char *pushed = hash_of(2);
    g_autofree char *automatic = hash_of(3);
    g_autofree char *root = hash_of(1);
    assert_false(holds(f, "direct-push", pushed)); /* pull requests were not read yet */
    WRITE(f, store_attribute_main_changes(tx, f->workspace_id, f->repository_id, TIME_ABSENT,
                                          MINUTE(50), &changes, &error));
    stage_update(f, 60, FALSE);
    g_autoptr(StoreFinding) finding = holding(f, "direct-push", pushed);
    assert_non_null(finding);
    assert_int_equal(finding->since, MINUTE(10));
    assert_string_equal(finding->what,
                        "A commit of cleo@example.test reached the main branch without "
                        "a pull request, on 1 Jan 2026, 00:10 UTC.");
    assert_false(holds(f, "direct-push", automatic));
    assert_false(holds(f, "direct-push", root));
    stage_update(f, 10 + 14 * DAY, FALSE);
    assert_true(holds(f, "direct-push", pushed));
    stage_update(f, 11 + 14 * DAY, FALSE);
    assert_false(holds(f, "direct-push", pushed));
}

/* Of release/1.0, and of release/1.1, which was made of it. */
static void put_branch_changes(Fixture *f)
{
    StoreChanges changes = {0};
    g_autofree char *pushed = hash_of(11);
    g_autofree char *brought = hash_of(12);
    g_autofree char *merged = hash_of(13);
    const MainChange rows[] = {
        {.branch = "release/1.0", .hash = pushed, .position = 1, .landed = MINUTE(10)},
        {.branch = "release/1.0", .hash = brought, .position = 2, .landed = MINUTE(20)},
        {.branch = "release/1.1", .hash = pushed, .position = 1, .landed = MINUTE(10)},
        {.branch = "release/1.1", .hash = merged, .position = 2, .landed = MINUTE(30)},
    };
    for (guint i = 11; i <= 13; i++)
        put_commit(f, i, 10 * ((int) i - 10), "cleo@example.test", "a.c", 1);
    WRITE(f, store_put_branch_changes(tx, f->workspace_id, f->repository_id, rows,
                                      G_N_ELEMENTS(rows), &changes, &error));
}

static void put_branch_policy(Fixture *f, int from)
{
    gint64 id = 0, version = 0;
    const StorePolicy policy = {.scope = POLICY_WORKSPACE,
                                .branch = (char *) "release/*",
                                .from = MINUTE(from),
                                .ended = TIME_ABSENT,
                                .created = MINUTE(from)};
    WRITE(f, store_put_policy(tx, f->workspace_id, &policy, &id, &version, &error));
}

static void attribute(Fixture *f)
{
    StoreChanges changes = {0};
    WRITE(f, store_attribute_main_changes(tx, f->workspace_id, f->repository_id, TIME_ABSENT,
                                          MINUTE(50), &changes, &error));
}

static void a_push_is_told_where_a_policy_was_in_force(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    g_autofree char *pushed = hash_of(11);
    g_autofree char *brought = hash_of(12);
    g_autofree char *merged = hash_of(13);
    PullRequest pull = fixture_pull_request(1, 20);
    pull.state = PR_MERGED;
    pull.destination_branch = "release/1.0";
    pull.merge_hash = brought;
    put_branch_changes(f);
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pull, 1, &changes,
                                     &error));
    attribute(f);
    stage_update(f, 60, FALSE);
    assert_false(holds(f, "direct-push", pushed));
    put_branch_policy(f, 15);
    stage_update(f, 60, FALSE);
    assert_false(holds(f, "direct-push", pushed)); /* the policy came after it */
    assert_true(holds(f, "direct-push", merged));
}

static void a_push_names_the_branch_that_it_reached(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    g_autofree char *pushed = hash_of(11);
    g_autofree char *brought = hash_of(12);
    put_branch_policy(f, 0);
    put_branch_changes(f);
    PullRequest pull = fixture_pull_request(1, 20);
    pull.state = PR_MERGED;
    pull.merge_hash = brought;
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pull, 1, &changes,
                                     &error));
    attribute(f);
    stage_update(f, 60, FALSE);
    assert_false(holds(f, "direct-push", pushed)); /* the pull request may have brought it */
    const char *commits[] = {brought};
    WRITE(f, store_put_pr_commits(tx, f->workspace_id, f->repository_id, 1, "git", commits, 1,
                                  &changes, &error));
    stage_update(f, 60, FALSE);
    g_autoptr(StoreFinding) finding = holding(f, "direct-push", pushed);
    assert_non_null(finding);
    assert_string_equal(finding->what,
                        "A commit of cleo@example.test reached 'release/1.0' without "
                        "a pull request, on 1 Jan 2026, 00:10 UTC.");
    assert_string_equal(finding->next, "Somebody reads the commit now; restrict who may push to "
                                       "'release/1.0' if this is not meant.");
    assert_int_equal(count_held(f, "direct-push"), 2); /* 11 once, 13 */
    assert_false(holds(f, "direct-push", brought));
    put_main_change(f, 11, 1, 10); /* main was moved forward to it */
    attribute(f);
    stage_update(f, 60, FALSE);
    g_autoptr(StoreFinding) of_main = holding(f, "direct-push", pushed);
    assert_non_null(of_main);
    assert_non_null(strstr(of_main->what, "reached the main branch"));
    assert_int_equal(count_held(f, "direct-push"), 2);
}

/* ---- folders */

static void a_folder_of_one_person_is_told_once_at_its_top(void **state)
{
    Fixture *f = *state;
    for (guint i = 0; i < 20; i++) {
        put_commit(f, i + 1, (int) i * DAY, "ana@example.test", "src/pay/deep/a.c", 10);
        put_commit(f, i + 101, (int) i * DAY, i % 2 == 0 ? "ben@example.test" : "cleo@example.test",
                   "src/other/b.c", 10);
        put_commit(f, i + 201, (int) i * DAY, "ana@example.test", "src/vendor/c.c", 10);
    }
    put_commit(f, 300, DAY, "ben@example.test", "src/pay/a.c", 5); /* one commit is no knowledge */
    stage_update(f, 20 * DAY, FALSE);
    g_autoptr(StoreFinding) finding = holding(f, "knowledge-single", "src/pay");
    assert_non_null(finding);
    assert_string_equal(finding->what, "'src/pay' has 21 commits in the last year, and only "
                                       "ana@example.test knows it.");
    assert_int_equal(finding->since, MINUTE(18 * DAY)); /* the twentieth, ben's among them */
    assert_string_equal(finding->severity, "warning");
    assert_false(holds(f, "knowledge-single", "src/pay/deep"));
    assert_false(holds(f, "knowledge-single", "src/other"));
    assert_false(holds(f, "knowledge-single", "src"));
    assert_false(holds(f, "knowledge-single", "src/vendor"));
    stage_update(f, 19 * DAY + 90 * DAY, FALSE); /* ana has been silent for three months */
    g_autoptr(StoreFinding) gone = holding(f, "knowledge-single", "src/pay");
    assert_string_equal(gone->severity, "critical");
    put_commit(f, 301, 110 * DAY, "ben@example.test", "src/pay/a.c", 5);
    stage_update(f, 111 * DAY, FALSE);
    assert_false(holds(f, "knowledge-single", "src/pay"));
}

static void a_folder_that_is_gone_is_nobodys_matter(void **state)
{
    Fixture *f = *state;
    for (guint i = 0; i < 20; i++)
        put_commit(f, i + 1, (int) i * DAY, "ana@example.test", "old/a.c", 10);
    put_commit(f, 50, 0, "ben@example.test", "new/b.c", 10);
    stage_update(f, 20 * DAY, FALSE);
    assert_true(holds(f, "knowledge-single", "/")); /* all of the repository but one commit */
    put_commit(f, 51, DAY, "ben@example.test", "new/b.c", 10);
    stage_update(f, 20 * DAY, FALSE);
    assert_false(holds(f, "knowledge-single", "/"));
    assert_true(holds(f, "knowledge-single", "old"));
    StoreChanges changes = {0};
    g_autofree char *hash = hash_of(60);
    const FileChange moved = {"new/a.c", "old/a.c", 0, 0};
    Commit made = commit(hash, 21 * DAY, "ben@example.test", &moved);
    WRITE(f, store_put_commits(tx, f->workspace_id, f->repository_id, &made, 1, &changes, &error));
    stage_update(f, 22 * DAY, FALSE);
    assert_false(holds(f, "knowledge-single", "old"));
}

/* ---- branches */

static Branch branch(const char *name, int minute, gboolean is_merged)
{
    return (Branch){.name = name,
                    .hash = "1234567890123456789012345678901234567890",
                    .author_name = "Ana Roy",
                    .author_email = "ana@example.test",
                    .committed = MINUTE(minute),
                    .is_merged = is_merged};
}

static void branches_that_nobody_needs_are_told(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    const Branch branches[] = {
        branch("develop", 0, FALSE), branch("feature", 0, FALSE), branch("lost", 0, FALSE),
        branch("main", 0, TRUE),     branch("merged", 0, TRUE),   branch("release/1.2", 0, FALSE),
        branch("young", 1, FALSE),
    };
    stage_pull(f, fixture_pull_request(1, 0), "ben"); /* from 'feature' */
    WRITE(f, store_put_branches(tx, f->workspace_id, f->repository_id, branches,
                                G_N_ELEMENTS(branches), &changes, &error));
    stage_update(f, 90 * DAY, FALSE);
    static const char *const LEFT_ALONE[] = {"develop", "feature", "main", "release/1.2", "young"};
    for (gsize i = 0; i < G_N_ELEMENTS(LEFT_ALONE); i++)
        assert_false(holds(f, "stale-branch", LEFT_ALONE[i]));
    g_autoptr(StoreFinding) lost = holding(f, "stale-branch", "lost");
    g_autoptr(StoreFinding) merged = holding(f, "stale-branch", "merged");
    assert_non_null(lost);
    assert_non_null(merged);
    assert_int_equal(lost->since, MINUTE(90 * DAY));
    assert_string_equal(lost->what, "'lost' has had no commit for 90 d and has no open pull "
                                    "request; it has commits that the main branch lacks.");
    assert_string_equal(lost->next, "Ana Roy opens a pull request for it or deletes it.");
    assert_string_equal(merged->next, "Ana Roy deletes the branch.");
    WRITE(f,
          store_put_branches(tx, f->workspace_id, f->repository_id, branches, 2, &changes, &error));
    stage_update(f, 91 * DAY, FALSE);
    assert_false(holds(f, "stale-branch", "lost"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_conflict_is_told_while_it_lasts),
        TEST(a_push_is_told_for_two_weeks_and_a_bots_is_not),
        TEST(a_push_is_told_where_a_policy_was_in_force),
        TEST(a_push_names_the_branch_that_it_reached),
        TEST(a_folder_of_one_person_is_told_once_at_its_top),
        TEST(a_folder_that_is_gone_is_nobodys_matter),
        TEST(branches_that_nobody_needs_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
