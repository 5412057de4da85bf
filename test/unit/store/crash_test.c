/*
 * Processes are killed at random instants, inside and between transactions: what is left is whole
 * transactions, and what it does afterwards ends where an undisturbed writer ends.
 */
#include "fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dump.h"

enum { PAGES = 200, PER_PAGE = 20, KILLS = 20 };

/* Counts down with each put; the process dies at zero, before the transaction is committed. */
static int puts_left = G_MAXINT;

static void put_done(void)
{
    if (--puts_left == 0)
        raise(SIGKILL);
}

/* Puts page after page of events from where the cursor stands, each with the cursor in one
 * transaction. */
static gboolean write_pages(Fixture *f, GError **error)
{
    StoreCursor cursor;
    if (!store_get_cursor(f->store, f->workspace_id, f->repository_id, "feed", &cursor, error))
        return FALSE;
    gint64 page = cursor.counted / PER_PAGE;
    store_cursor_clear(&cursor);
    for (; page < PAGES; page++) {
        StoreTx *tx = store_begin(f->store, error);
        StoreChanges changes = {0};
        if (tx == NULL)
            return FALSE;
        for (int i = 0; i < PER_PAGE; i++) {
            int n = (int) page * PER_PAGE + i;
            PullRequest pr = fixture_pull_request(1 + n % 7, n);
            PrEvent event = fixture_comment(1 + n % 7, n, i % 2 == 0 ? "ben" : "cyd", n);
            if (!store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes,
                                         error) ||
                !store_put_events(tx, f->workspace_id, f->repository_id, &event, 1, &changes,
                                  error))
                return FALSE;
            put_done();
        }
        StoreCursor put = {(char *) (page == PAGES - 1 ? "done" : "running"), NULL, TIME_ABSENT,
                           TIME_ABSENT, (page + 1) * PER_PAGE};
        if (!store_put_cursor(tx, f->workspace_id, f->repository_id, "feed", &put, error) ||
            !store_commit(tx, error))
            return FALSE;
    }
    return TRUE;
}

typedef gboolean (*Work)(Fixture *f, GError **error);

/* In a child of its own that dies after @puts, or is killed after @microseconds (0: not). TRUE when
 * it came to its end. */
static gboolean run_child(Fixture *f, Work work, int puts, guint microseconds)
{
    pid_t child = fork();
    if (child == 0) {
        puts_left = puts;
        f->store = store_open(f->path, f->key_path, NULL);
        _exit(f->store != NULL && work(f, NULL) ? 0 : 1);
    }
    if (microseconds > 0) {
        g_usleep(microseconds);
        kill(child, SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    gboolean ended = WIFEXITED(status);
    if (ended)
        assert_int_equal(WEXITSTATUS(status), 0);
    else
        assert_int_equal(WTERMSIG(status), SIGKILL);
    return ended;
}

static gboolean count_events(const StorePullRequest *row, gpointer user_data, GError **error)
{
    *(gint64 *) user_data += (gint64) row->n_events;
    return TRUE;
}

static gint64 assert_cursor_equals_rows(Fixture *f)
{
    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
    StoreCursor cursor;
    gint64 events = 0;
    assert_ok(
        store_get_cursor(f->store, f->workspace_id, f->repository_id, "feed", &cursor, &error));
    assert_ok(store_visit_fact_todo(f->store, f->workspace_id, 100, count_events, &events, &error));
    assert_int_equal(events, cursor.counted);
    store_cursor_clear(&cursor);
    store_free(g_steal_pointer(&f->store));
    return events;
}

static void a_killed_writer_leaves_whole_pages_and_ends_as_an_undisturbed_one(void **state)
{
    Fixture *killed = *state;
    Fixture calm = {0};
    fixture_init(&calm);
    store_free(g_steal_pointer(&calm.store));
    store_free(g_steal_pointer(&killed->store));
    gint64 start = g_get_monotonic_time();
    assert_true(run_child(&calm, write_pages, G_MAXINT, 0));
    guint whole = (guint) (g_get_monotonic_time() - start);

    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int i = 0; i < KILLS; i++) {
        int puts = g_rand_int_range(random, 1, 4 * PER_PAGE);
        gint64 before = assert_cursor_equals_rows(killed);
        if (before + puts > PAGES * PER_PAGE)
            break;
        assert_false(run_child(killed, write_pages, puts, 0));
        assert_int_equal(assert_cursor_equals_rows(killed),
                         before + (puts - 1) / PER_PAGE * PER_PAGE);
        run_child(killed, write_pages, G_MAXINT, 1 + (guint) (g_rand_double(random) * whole / 20));
    }
    assert_true(run_child(killed, write_pages, G_MAXINT, 0));
    assert_int_equal(assert_cursor_equals_rows(killed), PAGES * PER_PAGE);

    g_autofree char *expected = NULL;
    g_autofree char *got = NULL;
    assert_ok((expected = store_dump(calm.path, NULL, &error)) != NULL);
    assert_ok((got = store_dump(killed->path, NULL, &error)) != NULL);
    assert_string_equal(got, expected);
    fixture_clear(&calm);
}

/* ---- the master key */

static gboolean rotate_on_and_on(Fixture *f, GError **error)
{
    while (store_rotate_key(f->store, error))
        continue;
    return FALSE;
}

static void a_killed_rotation_loses_no_secret(void **state)
{
    Fixture *f = *state;
    StoreConnection connection = {.workspace_id = f->workspace_id,
                                  .connection_id = f->connection_id,
                                  .name = (char *) "main",
                                  .kind = (char *) "workspace-token",
                                  .api_base = (char *) "https://api.example.test",
                                  .created = MINUTE(0)};
    WRITE(f, store_put_connection(tx, &connection, "a secret", &error));
    store_free(g_steal_pointer(&f->store));
    g_autoptr(GRand) random = g_rand_new_with_seed(11);
    for (int i = 0; i < KILLS; i++) {
        run_child(f, rotate_on_and_on, G_MAXINT, (guint) g_rand_int_range(random, 5000, 40000));
        Buffer secret;
        buffer_init(&secret, LIMIT_SECRET);
        assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
        assert_ok(store_open_secret(f->store, f->workspace_id, f->connection_id, &secret, &error));
        assert_string_equal((const char *) secret.data, "a secret");
        buffer_wipe(&secret);
        store_free(g_steal_pointer(&f->store));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_killed_writer_leaves_whole_pages_and_ends_as_an_undisturbed_one),
        TEST(a_killed_rotation_loses_no_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
