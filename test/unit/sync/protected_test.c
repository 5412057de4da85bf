/*
 * Branches that policies name, read from a repository that git made into a store: what is kept, and
 * that step by step it is what one reading gives.
 */
#define Fixture GitFixture
#include "../git/fixture.h"
#undef Fixture
#include "../store/fixture.h"

#include "sync/engine.h"

#define DAY (24 * 60)

typedef struct {
    Fixture base;
    GitFixture *git;
    SyncEngine engine;
    SyncRepository repository;
    StoreRepository row;
} World;

static int setup(void **state)
{
    World *w = g_new0(World, 1);
    fixture_init(&w->base);
    WRITE(&w->base,
          store_select_repository(tx, w->base.workspace_id, w->base.repository_id, TRUE, &error));
    w->git = fixture_new();
    w->row = (StoreRepository){.repository_id = w->base.repository_id,
                               .full_name = (char *) "acme/shop",
                               .main_branch = (char *) "main"};
    w->engine = (SyncEngine){.store = w->base.store,
                             .workspace_id = w->base.workspace_id,
                             .mirror_folder = (char *) "",
                             .now = MINUTE(100 * DAY)};
    w->repository =
        (SyncRepository){.engine = &w->engine, .row = &w->row, .id = w->base.repository_id};
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    World *w = *state;
    store_policy_book_free(w->engine.policies);
    git_mirror_free(w->repository.mirror);
    fixture_free(w->git);
    fixture_clear(&w->base);
    g_free(w);
    return 0;
}

/* A commit upon @from (and @merge), each a branch or NULL; its subject is the branch's name and
 * @day. */
static void commit(World *w, const char *branch, int day, const char *from, const char *merge)
{
    g_autoptr(GString) stream = g_string_new(NULL);
    g_autofree char *subject = g_strdup_printf("%s %d", branch, day);
    g_string_append_printf(stream,
                           "commit refs/heads/%s\n"
                           "committer Ada <ada@example.test> %" G_GINT64_FORMAT
                           " +0000\ndata %zu\n%s\n",
                           branch, MINUTE(day * DAY) / TIME_SECOND, strlen(subject), subject);
    if (from != NULL)
        g_string_append_printf(stream, "from refs/heads/%s^0\n", from);
    if (merge != NULL)
        g_string_append_printf(stream, "merge refs/heads/%s^0\n", merge);
    fixture_import(w->git, stream->str, (gssize) stream->len);
}

static void put_policy(World *w, const char *pattern)
{
    gint64 id = 0, version = 0;
    const StorePolicy policy = {.scope = POLICY_WORKSPACE,
                                .branch = (char *) pattern,
                                .from = MINUTE(0),
                                .ended = TIME_ABSENT,
                                .created = MINUTE(0)};
    WRITE(&w->base, store_put_policy(tx, w->base.workspace_id, &policy, &id, &version, &error));
}

static gboolean put_commit(const Commit *commit, gpointer user_data, GError **error)
{
    World *w = user_data;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(w->base.store, error);
    return tx != NULL &&
           store_put_commits(tx, w->base.workspace_id, w->base.repository_id, commit, 1, &changes,
                             error) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* As the git stage does: the commits, then that the tips moved. */
static void fetch(World *w)
{
    g_clear_pointer(&w->repository.mirror, git_mirror_free);
    w->repository.mirror = fixture_mirror(w->git);
    assert_ok(git_mirror_walk(w->repository.mirror, NULL, put_commit, w, &error));
    WRITE(&w->base, sync_main_line_moves(&w->repository, tx, &error));
}

static void load_policies(World *w)
{
    store_policy_book_free(w->engine.policies);
    assert_ok((w->engine.policies =
                   store_load_policies(w->base.store, w->base.workspace_id, &error)) != NULL);
}

/* A run whose fetch brought nothing, or something that fetch() did before. */
static void read_on(World *w)
{
    load_policies(w);
    assert_ok(sync_read_main_line(&w->repository, FALSE, &error));
    assert_ok(sync_read_protected(&w->repository, FALSE, &error));
}

static gboolean append_push(const StoreDirectPush *row, gpointer user_data, GError **error)
{
    if (*row->branch != '\0')
        g_string_append_printf(user_data, "%s: %s\n", row->branch, row->subject);
    return TRUE;
}

static char *pushes(World *w)
{
    StoreChanges changes = {0};
    GString *text = g_string_new(NULL);
    WRITE(&w->base, store_attribute_main_changes(tx, w->base.workspace_id, w->base.repository_id,
                                                 TIME_ABSENT, w->engine.now, &changes, &error));
    assert_ok(store_visit_direct_pushes(w->base.store, w->base.workspace_id, T0, MINUTE(1000 * DAY),
                                        append_push, text, &error));
    return g_string_free(text, FALSE);
}

static void assert_pushes(World *w, const char *expected)
{
    g_autofree char *found = pushes(w);
    assert_string_equal(found, expected);
}

static gboolean owes(World *w)
{
    gboolean owes = FALSE;
    load_policies(w);
    assert_ok(sync_owes_protected(&w->repository, &owes, &error));
    return owes;
}

static void set_walked(World *w)
{
    const StoreCursor cursor = {
        .state = (char *) CURSOR_STATE_DONE, .watermark = TIME_ABSENT, .floor = TIME_ABSENT};
    WRITE(&w->base, sync_put_cursor(&w->repository, tx, CURSOR_GIT, &cursor, &error));
}

static void begin_release(World *w)
{
    commit(w, "main", 1, NULL, NULL);
    commit(w, "main", 80, "main", NULL);
    commit(w, "release/1.0", 81, "main", NULL);
    commit(w, "topic", 82, "main", NULL);
}

static void a_policy_added_later_has_its_branches_read(void **state)
{
    World *w = *state;
    begin_release(w);
    set_walked(w);
    fetch(w);
    read_on(w);
    assert_pushes(w, "");
    assert_false(owes(w));
    put_policy(w, "*"); /* names no branch */
    assert_false(owes(w));
    put_policy(w, "release/*");
    assert_true(owes(w));
    read_on(w); /* no tip moved */
    assert_pushes(w, "release/1.0: release/1.0 81\n");
    assert_false(owes(w));
}

static void what_the_main_branch_has_is_read_once(void **state)
{
    World *w = *state;
    put_policy(w, "release/*");
    begin_release(w);
    fetch(w);
    read_on(w);
    assert_pushes(w, "release/1.0: release/1.0 81\n");
    g_free(GIT(w->git, "update-ref", "refs/heads/main", "refs/heads/release/1.0"));
    fetch(w);
    assert_ok(sync_read_main_line(&w->repository, FALSE, &error));
    assert_pushes(w, ""); /* killed here, it is not told for two branches */
    read_on(w);
    assert_pushes(w, "");
}

static void a_merge_of_main_by_hand_is_a_push(void **state)
{
    World *w = *state;
    put_policy(w, "release/*");
    begin_release(w);
    commit(w, "main", 83, "main", NULL);
    commit(w, "release/1.0", 84, "release/1.0", "main");
    fetch(w);
    read_on(w);
    assert_pushes(w, "release/1.0: release/1.0 81\nrelease/1.0: release/1.0 84\n");
}

static void old_changes_and_vanished_branches_go(void **state)
{
    World *w = *state;
    put_policy(w, "release/*");
    commit(w, "main", 1, NULL, NULL);
    commit(w, "release/1.0", 9, "main", NULL); /* 91 days old */
    commit(w, "release/1.0", 10, "release/1.0", NULL);
    commit(w, "release/2.0", 90, "main", NULL);
    fetch(w);
    read_on(w);
    assert_pushes(w, "release/1.0: release/1.0 10\nrelease/2.0: release/2.0 90\n");
    g_free(GIT(w->git, "update-ref", "-d", "refs/heads/release/1.0"));
    fetch(w);
    read_on(w);
    assert_pushes(w, "release/2.0: release/2.0 90\n");
}

static void of_too_many_branches_the_latest_are_read(void **state)
{
    World *w = *state;
    put_policy(w, "v*");
    commit(w, "main", 1, NULL, NULL);
    for (int i = 0; i < LIMIT_PROTECTED_BRANCHES + 2; i++) {
        g_autofree char *name = g_strdup_printf("v%d", i);
        commit(w, name, 20 + i, "main", NULL);
    }
    fetch(w);
    read_on(w);
    g_autofree char *found = pushes(w);
    g_auto(GStrv) lines = g_strsplit(found, "\n", -1);
    assert_int_equal(g_strv_length(lines), LIMIT_PROTECTED_BRANCHES + 1); /* one is empty */
    assert_null(strstr(found, "v0:"));
    assert_null(strstr(found, "v1:"));
    assert_non_null(strstr(found, "v2:"));
}

/* Also where a run is killed before it read what it had fetched. */
static void increments_equal_a_whole_reading(void **state)
{
    World *w = *state;
    put_policy(w, "release/*");
    begin_release(w);
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    static const char *const BRANCHES[] = {"main", "release/1.0", "release/1.1", "topic"};
    commit(w, "release/1.1", 82, "release/1.0", NULL);
    for (int i = 0; i < 40; i++) {
        const char *to = BRANCHES[g_rand_int_range(random, 0, G_N_ELEMENTS(BRANCHES))];
        const char *from = BRANCHES[g_rand_int_range(random, 0, G_N_ELEMENTS(BRANCHES))];
        if (i % 7 == 6)
            g_free(GIT(w->git, "branch", "-f", "release/1.1", from));
        else
            commit(w, to, 83 + i / 3, to, strcmp(to, from) != 0 && i % 3 == 0 ? from : NULL);
        fetch(w);
        if (i % 2 == 0)
            continue;
        read_on(w);
        g_autofree char *step_by_step = pushes(w);
        StoreChanges gone = {0};
        WRITE(&w->base, store_put_branch_changes(tx, w->base.workspace_id, w->base.repository_id,
                                                 NULL, 0, &gone, &error));
        assert_pushes(w, "");
        assert_ok(sync_read_protected(&w->repository, TRUE, &error));
        assert_pushes(w, step_by_step);
        assert_non_null(strstr(step_by_step, "release/1.0 81"));
    }
}

/* ---- another main branch */

static gboolean append_main(const StoreMainChange *row, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%" G_GINT64_FORMAT " ", (row->landed - T0) / TIME_DAY);
    return TRUE;
}

/* The days on which something came onto the main branch, as they are kept. */
static void assert_main_days(World *w, const char *expected)
{
    g_autoptr(GString) days = g_string_new(NULL);
    assert_ok(
        store_visit_main_changes(w->base.store, w->base.workspace_id, append_main, days, &error));
    assert_string_equal(days->str, expected);
}

static gboolean owes_main_line(World *w)
{
    gboolean owes = FALSE;
    assert_ok(sync_owes_main_line(&w->repository, &owes, &error));
    return owes;
}

static void begin_main_and_develop(World *w)
{
    commit(w, "main", 1, NULL, NULL);
    commit(w, "main", 2, "main", NULL);
    commit(w, "develop", 3, "main", NULL);
    commit(w, "develop", 4, "develop", NULL);
    w->row.told_main_branch = (char *) "main";
    fetch(w);
}

static void another_main_branch_is_read_anew_and_back(void **state)
{
    World *w = *state;
    begin_main_and_develop(w);
    read_on(w);
    assert_main_days(w, "1 2 ");
    assert_false(owes_main_line(w));
    w->row.main_branch = (char *) "develop";
    assert_true(owes_main_line(w));
    read_on(w);
    assert_main_days(w, "1 2 3 4 ");
    assert_false(owes_main_line(w));
    w->row.main_branch = (char *) "main";
    assert_true(owes_main_line(w));
    read_on(w);
    assert_main_days(w, "1 2 ");
}

static void a_main_branch_that_is_not_there_has_no_changes_until_it_comes(void **state)
{
    World *w = *state;
    begin_main_and_develop(w);
    read_on(w);
    w->row.main_branch = (char *) "trunk";
    read_on(w);
    assert_main_days(w, "");
    assert_false(owes_main_line(w)); /* once is enough */
    commit(w, "trunk", 5, "develop", NULL);
    fetch(w);
    read_on(w);
    assert_main_days(w, "1 2 3 4 5 ");
}

/* Before a main branch could be chosen the cursor named the newest change alone. */
static void what_was_read_before_is_of_the_branch_that_bitbucket_tells(void **state)
{
    World *w = *state;
    g_auto(StoreCursor) cursor = {0};
    begin_main_and_develop(w);
    read_on(w);
    assert_ok(sync_get_cursor(&w->repository, CURSOR_MAIN_LINE, &cursor, &error));
    assert_true(g_str_has_prefix(cursor.position, "main\n"));
    g_autofree char *hash = g_strdup(cursor.position + strlen("main\n"));
    g_free(cursor.position);
    cursor.position = g_steal_pointer(&hash);
    WRITE(&w->base, sync_put_cursor(&w->repository, tx, CURSOR_MAIN_LINE, &cursor, &error));
    assert_false(owes_main_line(w));
    w->row.main_branch = (char *) "develop";
    assert_true(owes_main_line(w));
    read_on(w);
    assert_main_days(w, "1 2 3 4 ");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_policy_added_later_has_its_branches_read),
        TEST(what_the_main_branch_has_is_read_once),
        TEST(a_merge_of_main_by_hand_is_a_push),
        TEST(old_changes_and_vanished_branches_go),
        TEST(of_too_many_branches_the_latest_are_read),
        TEST(increments_equal_a_whole_reading),
        TEST(another_main_branch_is_read_anew_and_back),
        TEST(a_main_branch_that_is_not_there_has_no_changes_until_it_comes),
        TEST(what_was_read_before_is_of_the_branch_that_bitbucket_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
