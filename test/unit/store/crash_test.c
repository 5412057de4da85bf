/*
 * A writer is killed at random instants: what is left is whole transactions, and what it does
 * afterwards ends where an undisturbed writer ends.
 */
#include "fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dump.h"

enum { PAGES = 60, PER_PAGE = 20, KILLS = 25 };

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
        }
        StoreCursor put = {(char *) (page == PAGES - 1 ? "done" : "running"), NULL, TIME_ABSENT,
                           TIME_ABSENT, (page + 1) * PER_PAGE};
        if (!store_put_cursor(tx, f->workspace_id, f->repository_id, "feed", &put, error) ||
            !store_commit(tx, error))
            return FALSE;
    }
    return TRUE;
}

/* In a child of its own, killed after @microseconds (0: not). TRUE when it came to its end. */
static gboolean run_writer(Fixture *f, guint microseconds)
{
    pid_t child = fork();
    if (child == 0) {
        f->store = store_open(f->path, f->key_path, NULL);
        _exit(f->store != NULL && write_pages(f, NULL) ? 0 : 1);
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

static void assert_cursor_equals_rows(Fixture *f)
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
}

static void a_killed_writer_leaves_whole_pages_and_ends_as_an_undisturbed_one(void **state)
{
    Fixture *killed = *state;
    Fixture calm = {0};
    fixture_init(&calm);
    store_free(g_steal_pointer(&calm.store));
    store_free(g_steal_pointer(&killed->store));
    gint64 start = g_get_monotonic_time();
    assert_true(run_writer(&calm, 0));
    guint whole = (guint) (g_get_monotonic_time() - start);

    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    for (int i = 0; i < KILLS; i++) {
        run_writer(killed, 1 + (guint) (g_rand_double(random) * whole / 6));
        assert_cursor_equals_rows(killed);
    }
    assert_true(run_writer(killed, 0));
    assert_cursor_equals_rows(killed);

    g_autofree char *expected = NULL;
    g_autofree char *got = NULL;
    assert_ok((expected = store_dump(calm.path, NULL, &error)) != NULL);
    assert_ok((got = store_dump(killed->path, NULL, &error)) != NULL);
    assert_string_equal(got, expected);
    fixture_clear(&calm);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_killed_writer_leaves_whole_pages_and_ends_as_an_undisturbed_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
