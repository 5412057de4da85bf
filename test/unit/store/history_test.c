/* The main branch, branches, trial merges and files by author: what is kept and what is concluded.
 */
#include "fixture.h"

/* Full hashes that are told apart by their first digits. */
static const char *hash(char digit)
{
    static char texts[16][41];
    guint place = (guint) g_ascii_xdigit_value(digit);
    memset(texts[place], digit, 40);
    return texts[place];
}

static Commit commit(char digit, int authored, const char *subject)
{
    Commit made = fixture_commit(hash(digit), authored, "ana@example.test");
    made.subject = subject;
    return made;
}

static void put_commits(Fixture *f, const Commit *commits, gsize n)
{
    StoreChanges changes = {0};
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, commits, n, &changes, &error));
}

static MainChange change(char digit, gint64 position)
{
    return (MainChange){.hash = hash(digit),
                        .position = position,
                        .landed = MINUTE(100 * position),
                        .files = 1,
                        .lines_changed = 10,
                        .lines_young = position};
}

static void put_changes(Fixture *f, const char *digits, gboolean anew)
{
    StoreChanges changes = {0};
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(MainChange));
    for (gint64 i = 0; digits[i] != '\0'; i++) {
        MainChange row = change(digits[i], i);
        g_array_append_val(rows, row);
    }
    WRITE(f, store_put_main_changes(tx, f->workspace_id, f->repository_id,
                                    (const MainChange *) (const void *) rows->data, rows->len, anew,
                                    &changes, &error));
}

static void put_merged(Fixture *f, gint64 number, const char *merge_hash, const char *state,
                       const char *digits)
{
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(number, 10);
    pr.state = PR_MERGED;
    pr.merge_hash = merge_hash;
    pr.author = fixture_person("ben");
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    for (; *digits != '\0'; digits++)
        g_ptr_array_add(hashes, (gpointer) hash(*digits));
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    if (state != NULL)
        WRITE(f, store_put_pr_commits(tx, f->workspace_id, f->repository_id, number, state,
                                      (const char *const *) hashes->pdata, hashes->len, &changes,
                                      &error));
}

static void attribute(Fixture *f, UtcTime from, UtcTime until)
{
    StoreChanges changes = {0};
    WRITE(f, store_attribute_main_changes(tx, f->workspace_id, f->repository_id, from, until,
                                          &changes, &error));
}

static gboolean append_push(const StoreDirectPush *row, gpointer user_data, GError **error)
{
    g_string_append_c(user_data, row->hash[0]);
    return TRUE;
}

static char *direct_pushes(Fixture *f)
{
    GString *text = g_string_new(NULL);
    assert_ok(store_visit_direct_pushes(f->store, f->workspace_id, T0, MINUTE(100000), append_push,
                                        text, &error));
    return g_string_free(text, FALSE);
}

static gboolean append_change(const StoreMainChange *row, gpointer user_data, GError **error)
{
    if (row->number == COUNT_ABSENT)
        g_string_append(user_data, "- ");
    else
        g_string_append_printf(user_data, "%" G_GINT64_FORMAT " ", row->number);
    return TRUE;
}

static void assert_brought_by(Fixture *f, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    assert_ok(store_visit_main_changes(f->store, f->workspace_id, append_change, text, &error));
    assert_string_equal(text->str, expected);
}

static void tells_direct_pushes_from_what_pull_requests_brought(void **state)
{
    Fixture *f = *state;
    /* 0 root; 1 merge of #1; 2 and 3 fast-forwarded by #2; 4 squashed by #3; 6 rebased copy of 5
     * by #4; 7 pushed; 8 pushed, with the words but not the date of 5 */
    const Commit commits[] = {
        commit('0', 0, "Root"),     commit('1', 1, "Merged"), commit('2', 2, "Two"),
        commit('3', 3, "Three"),    commit('4', 4, "Four"),   commit('5', 5, "Five"),
        commit('6', 5, "Five"),     commit('7', 7, "Seven"),  commit('8', 8, "Five"),
        commit('9', 9, "Five end"),
    };
    put_commits(f, commits, G_N_ELEMENTS(commits));
    put_changes(f, "012346978", FALSE);
    put_merged(f, 1, "111111111111", "git", "");
    put_merged(f, 2, hash('3'), "git", "23");
    put_merged(f, 3, hash('4'), "squash", "");
    put_merged(f, 4, hash('9'), "git", "5");
    g_autofree char *before = direct_pushes(f);
    assert_string_equal(before, ""); /* nothing is settled yet */
    attribute(f, TIME_ABSENT, MINUTE(10000));
    assert_brought_by(f, "- 1 2 2 3 4 4 - - ");
    g_autofree char *pushes = direct_pushes(f);
    assert_string_equal(pushes, "78");
}

/* Over the API a commit has one date, of which nobody says whose: the place has to fit instead. */
static void takes_a_copy_of_an_api_commit_only_right_before_its_merge(void **state)
{
    Fixture *f = *state;
    Commit commits[] = {commit('0', 0, "Root"), commit('1', 1, "Fix"), commit('2', 2, "Other"),
                        commit('3', 3, "Fix"),  commit('4', 4, "End"), commit('5', 50, "Fix"),
                        commit('6', 51, "End"), commit('7', 7, "Fix")};
    commits[5].from_api = commits[6].from_api = TRUE; /* 5 and 6 were rebased to 3 and 4 by #1 */
    put_commits(f, commits, G_N_ELEMENTS(commits));
    put_changes(f, "012347", FALSE);
    put_merged(f, 1, hash('4'), "api", "56");
    attribute(f, TIME_ABSENT, MINUTE(10000));
    assert_brought_by(f, "- - - 1 1 - ");
    g_autofree char *pushes = direct_pushes(f);
    assert_string_equal(pushes, "127");
}

static void judges_only_what_landed_while_pull_requests_were_read(void **state)
{
    Fixture *f = *state;
    const Commit commits[] = {commit('0', 0, "a"), commit('1', 1, "b"), commit('2', 2, "c"),
                              commit('3', 3, "d")};
    put_commits(f, commits, G_N_ELEMENTS(commits));
    put_changes(f, "0123", FALSE);
    attribute(f, MINUTE(200), MINUTE(300));
    g_autofree char *first = direct_pushes(f);
    assert_string_equal(first, "2");
    attribute(f, MINUTE(200), TIME_ABSENT);
    g_autofree char *same = direct_pushes(f);
    assert_string_equal(same, "2");
    attribute(f, TIME_ABSENT, MINUTE(301));
    g_autofree char *all = direct_pushes(f);
    assert_string_equal(all, "123");
}

/* The copies that a rebase made are nobody's while the commits they were made of are not known. */
static void does_not_suspect_what_an_unread_pull_request_may_have_brought(void **state)
{
    Fixture *f = *state;
    const Commit commits[] = {commit('0', 0, "a"), commit('1', 1, "b"), commit('2', 2, "c"),
                              commit('3', 3, "d")};
    put_commits(f, commits, G_N_ELEMENTS(commits));
    put_changes(f, "0123", FALSE);
    put_merged(f, 1, hash('2'), NULL, "");
    attribute(f, TIME_ABSENT, MINUTE(10000));
    g_autofree char *unread = direct_pushes(f);
    assert_string_equal(unread, "3");
    put_merged(f, 1, hash('2'), "api", "2");
    g_autofree char *read = direct_pushes(f);
    assert_string_equal(read, "13");
}

static void a_rewritten_branch_starts_anew(void **state)
{
    Fixture *f = *state;
    const Commit commits[] = {commit('0', 0, "a"), commit('1', 1, "b"), commit('2', 2, "c")};
    put_commits(f, commits, G_N_ELEMENTS(commits));
    put_changes(f, "01", FALSE);
    put_changes(f, "02", TRUE);
    attribute(f, TIME_ABSENT, MINUTE(10000));
    g_autofree char *pushes = direct_pushes(f);
    assert_string_equal(pushes, "2");
    gint64 with_history = 0, selected = 0;
    assert_ok(store_count_history(f->store, f->workspace_id, &with_history, &selected, &error));
    assert_int_equal(with_history, 1);
    assert_int_equal(selected, 1);
}

/* ---- branches and merges */

static Branch branch(const char *name, char digit, int minute)
{
    return (Branch){.name = name,
                    .hash = hash(digit),
                    .author_name = "Ana Roy",
                    .author_email = "ana@example.test",
                    .committed = MINUTE(minute)};
}

static void put_branches(Fixture *f, const Branch *branches, gsize n)
{
    StoreChanges changes = {0};
    WRITE(f,
          store_put_branches(tx, f->workspace_id, f->repository_id, branches, n, &changes, &error));
}

static gboolean append_branch(const StoreBranch *row, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%s %c %" G_GINT64_FORMAT " ", row->name, row->hash[0],
                           row->open_pull_requests);
    return TRUE;
}

static void branches_are_those_of_the_last_fetch(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(1, 10);
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    const Branch first[] = {branch("feature", '1', 1), branch("main", '2', 2),
                            branch("old", '3', 3)};
    const Branch then[] = {branch("feature", '4', 4), branch("main", '2', 2)};
    put_branches(f, first, G_N_ELEMENTS(first));
    put_branches(f, then, G_N_ELEMENTS(then));
    g_autoptr(GString) text = g_string_new(NULL);
    assert_ok(store_visit_branches(f->store, f->workspace_id, append_branch, text, &error));
    assert_string_equal(text->str, "feature 4 1 main 2 1 ");
}

static gboolean append_conflict(const StoreConflict *row, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s", row->number,
                           (row->since - T0) / TIME_MINUTE, row->paths);
    return TRUE;
}

static void put_trial(Fixture *f, char source, char destination, const char *outcome, int since)
{
    StoreChanges changes = {0};
    const StoreMergeTrial trial = {.number = 1,
                                   .source_hash = hash(source),
                                   .destination_hash = hash(destination),
                                   .state = outcome,
                                   .since = MINUTE(since),
                                   .path_count = 1,
                                   .paths = "a.c"};
    WRITE(f,
          store_put_merge_trial(tx, f->workspace_id, f->repository_id, &trial, &changes, &error));
}

static char *conflicts(Fixture *f)
{
    GString *text = g_string_new(NULL);
    assert_ok(store_visit_conflicts(f->store, f->workspace_id, 0, COUNT_ABSENT, append_conflict,
                                    text, &error));
    return g_string_free(text, FALSE);
}

static guint count_tasks(Fixture *f)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) tasks =
        store_list_merge_tasks(f->store, f->workspace_id, f->repository_id, 10, &error);
    assert_null(error);
    return tasks->len;
}

static void tries_a_merge_again_when_one_of_its_branches_moved(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(1, 10);
    PullRequest forked = fixture_pull_request(2, 10);
    GError *failure = NULL;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(f->store, f->workspace_id, FALSE, &failure);
    const StoreRepository *repository = repositories->pdata[0];
    pr.source_repository_uuid = repository->uuid;
    forked.source_repository_uuid = "{a-fork}";
    const PullRequest both[] = {pr, forked};
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, both, 2, &changes,
                                     &error));
    const Branch first[] = {branch("feature", '1', 1), branch("main", '2', 2)};
    put_branches(f, first, 2);
    assert_int_equal(count_tasks(f), 1);
    put_trial(f, '1', '2', "conflict", 2);
    assert_int_equal(count_tasks(f), 0);
    const Branch then[] = {branch("feature", '1', 1), branch("main", '3', 5)};
    put_branches(f, then, 2);
    assert_int_equal(count_tasks(f), 1);
    put_trial(f, '1', '3', "conflict", 5); /* it was one before */
    g_autofree char *still = conflicts(f);
    assert_string_equal(still, "1 2 a.c");
    put_trial(f, '1', '3', "clean", 6);
    g_autofree char *none = conflicts(f);
    assert_string_equal(none, "");
    put_trial(f, '1', '3', "conflict", 7);
    pr.state = PR_DECLINED;
    pr.updated = MINUTE(11);
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    g_autofree char *closed = conflicts(f);
    assert_string_equal(closed, "");
}

/* ---- files */

static gboolean append_file(const StoreFileChange *row, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%s:%c ", row->path, row->hash[0]);
    return TRUE;
}

static void counts_work_once(void **state)
{
    Fixture *f = *state;
    /* 1 and 2 squashed into 3 by #1; 4 rebased to 5 by #2; 6 and 7 are copies by hand; 8 pushed */
    const Commit commits[] = {
        commit('1', 1, "One"),  commit('2', 2, "Two"),    commit('3', 3, "Squash"),
        commit('4', 4, "Four"), commit('5', 4, "Four"),   commit('6', 6, "Six"),
        commit('7', 6, "Six"),  commit('8', 100, "Last"),
    };
    put_commits(f, commits, G_N_ELEMENTS(commits));
    put_merged(f, 1, "333333333333", "git", "12");
    put_merged(f, 2, hash('5'), "git", "4");
    g_autoptr(GString) text = g_string_new(NULL);
    assert_ok(store_visit_file_changes(f->store, f->workspace_id, f->repository_id, T0, MINUTE(50),
                                       append_file, text, &error));
    assert_string_equal(text->str, "src/a.c:1 src/b.c:1 src/a.c:2 src/b.c:2 "
                                   "src/a.c:4 src/b.c:4 src/a.c:6 src/b.c:6 ");
}

static int set_up(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    Fixture *f = *state;
    WRITE(f, store_select_repository(tx, f->workspace_id, f->repository_id, TRUE, &error));
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_direct_pushes_from_what_pull_requests_brought),
        TEST(takes_a_copy_of_an_api_commit_only_right_before_its_merge),
        TEST(judges_only_what_landed_while_pull_requests_were_read),
        TEST(does_not_suspect_what_an_unread_pull_request_may_have_brought),
        TEST(a_rewritten_branch_starts_anew),
        TEST(branches_are_those_of_the_last_fetch),
        TEST(tries_a_merge_again_when_one_of_its_branches_moved),
        TEST(counts_work_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
