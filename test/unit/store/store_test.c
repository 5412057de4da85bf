/* Opening, migrating, transactions, threads, and what lists give back. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "dump.h"
#include "store/inside.h"
#include "store/migrate.h"
#include "store/sqlite/sqlite.h"

/* ---- migrations */

static void opening_again_changes_nothing(void **state)
{
    Fixture *f = *state;
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    assert_ok((before = store_dump(f->path, NULL, &error)) != NULL);
    fixture_reopen(f);
    fixture_put_basics(f, f->store);
    assert_ok((after = store_dump(f->path, NULL, &error)) != NULL);
    assert_string_equal(before, after);
}

/* The migrations there are, and one more. */
static GArray *migrations_and(const char *name, const char *sql)
{
    gsize n;
    const Migration *known = migrate_list(&n);
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Migration));
    Migration next = {(gint64) n + 1, name, sql};
    g_array_append_vals(all, known, (guint) n);
    g_array_append_val(all, next);
    return all;
}

static const char COLOUR[] =
    "-- {table} in a comment; stays\n"
    "CREATE TABLE colour (workspace_id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) "
    "{table};\n"
    "INSERT INTO colour SELECT workspace_id, 'blue' FROM workspace;";

static void an_upgrade_keeps_the_rows_and_an_older_plumbline_refuses_the_file(void **state)
{
    Fixture *f = *state;
    g_autoptr(GArray) next = migrations_and("colour", COLOUR);
    store_free(g_steal_pointer(&f->store));
    Db *db = NULL;
    assert_ok((db = db_open(&SQLITE_DRIVER, f->path, DB_WRITER, &error)) != NULL);
    assert_ok(migrate_apply(db, (const Migration *) (const void *) next->data, next->len, &error));
    assert_ok(migrate_apply(db, (const Migration *) (const void *) next->data, next->len, &error));
    db_close(db);
    g_autofree char *content = NULL;
    assert_ok((content = store_dump(f->path, NULL, &error)) != NULL);
    g_autofree char *row =
        g_strdup_printf("colour workspace_id=%" G_GINT64_FORMAT " name=blue", f->workspace_id);
    assert_non_null(strstr(content, row));
    assert_non_null(strstr(content, "acme/shop"));
    assert_fails((f->store = store_open(f->path, f->key_path, &error)) != NULL, STORE_VERSION);
}

static void a_migration_that_fails_leaves_the_version_before(void **state)
{
    Fixture *f = *state;
    g_autoptr(GArray) broken =
        migrations_and("broken", "CREATE TABLE half (a INTEGER) {table}; NONSENSE;");
    store_free(g_steal_pointer(&f->store));
    Db *db = NULL;
    assert_ok((db = db_open(&SQLITE_DRIVER, f->path, DB_WRITER, &error)) != NULL);
    assert_fails(
        migrate_apply(db, (const Migration *) (const void *) broken->data, broken->len, &error),
        STORE);
    db_close(db);
    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
    g_autofree char *content = NULL;
    assert_ok((content = store_dump(f->path, NULL, &error)) != NULL);
    assert_null(strstr(content, "half"));
}

static void words_are_replaced_whole_and_outside_comments(void **state)
{
    static const DbWord WORDS[] = {{"{table}", "USING heap"}, {"INTEGER", "BIGINT"}, {NULL, NULL}};
    g_autofree char *sql = migrate_render(
        "-- INTEGER {table}\nCREATE TABLE a (MY_INTEGER INTEGER, INTEGERS TEXT) {table};", WORDS);
    assert_string_equal(
        sql, "-- INTEGER {table}\nCREATE TABLE a (MY_INTEGER BIGINT, INTEGERS TEXT) USING heap;");
}

static void a_file_that_is_no_data_file_is_refused_with_advice(void **state)
{
    Fixture *f = *state;
    g_autofree char *path = g_build_filename(f->folder, "letter.txt", NULL);
    g_autofree char *text = g_strnfill(8192, 'x');
    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_fails_saying(store_open(path, f->key_path, &error) != NULL, STORE,
                        "choose another path");
    assert_fails(store_open("/nonexistent/folder/data", f->key_path, &error) != NULL, IO);
}

static void another_programs_database_is_refused_and_not_touched(void **state)
{
    Fixture *f = *state;
    g_autofree char *path = g_build_filename(f->folder, "other.db", NULL);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE notes (text)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_fails_saying(store_open(path, f->key_path, &error) != NULL, STORE,
                        "choose another path");
    g_autofree char *content = NULL;
    assert_ok((content = store_dump(path, NULL, &error)) != NULL);
    assert_string_equal(content, "");
}

static void the_data_file_is_private(void **state)
{
    Fixture *f = *state;
    static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
        g_autofree char *path = g_strconcat(f->path, SUFFIXES[i], NULL);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0600);
    }
}

static void a_store_in_memory_leaves_nothing_behind(void **state)
{
    Fixture *f = *state;
    Store *store = NULL;
    assert_ok((store = store_open(":memory:", NULL, &error)) != NULL);
    Fixture other = {.store = store};
    fixture_put_basics(&other, store);
    g_autofree char *folder = g_strdup(store->private_folder);
    assert_true(g_file_test(folder, G_FILE_TEST_IS_DIR));
    Buffer secret;
    buffer_init(&secret, 100);
    assert_fails(store_open_secret(store, 1, 1, &secret, &error), SEALED);
    store_free(store);
    assert_false(g_file_test(folder, G_FILE_TEST_EXISTS));
    assert_non_null(f->store);
}

/* ---- transactions */

static void a_rollback_leaves_no_trace(void **state)
{
    Fixture *f = *state;
    StoreTx *dropped = NULL;
    assert_ok((dropped = store_begin(f->store, &error)) != NULL);
    assert_ok(store_put_setting(dropped, 0, "a", "1", &error));
    store_rollback(dropped);
    assert_null(store_get_setting(f->store, 0, "a", NULL));
    WRITE(f, store_put_setting(tx, 0, "a", "2", &error));
    g_autofree char *value = store_get_setting(f->store, 0, "a", NULL);
    assert_string_equal(value, "2");
    WRITE(f, store_put_setting(tx, 0, "a", NULL, &error));
    assert_null(store_get_setting(f->store, 0, "a", NULL));
}

static void a_second_transaction_in_one_thread_is_an_error_not_a_deadlock(void **state)
{
    Fixture *f = *state;
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    assert_fails(store_begin(f->store, &error) != NULL, STORE);
    store_rollback(tx);
}

static void reads_see_the_last_commit_while_a_transaction_is_open(void **state)
{
    Fixture *f = *state;
    WRITE(f, store_put_setting(tx, 0, "a", "old", &error));
    StoreTx *tx = NULL;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    assert_ok(store_put_setting(tx, 0, "a", "new", &error));
    g_autofree char *during = store_get_setting(f->store, 0, "a", NULL);
    assert_string_equal(during, "old");
    assert_ok(store_commit(tx, &error));
    g_autofree char *after = store_get_setting(f->store, 0, "a", NULL);
    assert_string_equal(after, "new");
}

static void a_generation_is_never_given_twice(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(1, 10);
    gint64 generations[2];
    for (int i = 0; i < 2; i++) {
        pr.updated = MINUTE(10 + i);
        StoreTx *tx = NULL;
        assert_ok((tx = store_begin(f->store, &error)) != NULL);
        assert_ok(store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes,
                                          &error));
        assert_ok(store_generation(tx, &generations[i], &error));
        FactPr fact = {.repository_id = f->repository_id,
                       .number = 1,
                       .opened = MINUTE(0),
                       .last_activity = MINUTE(0)};
        /* the second time these facts are from what was read before the change */
        assert_ok(store_put_facts(tx, f->workspace_id, &fact, NULL, 0, generations[0], &error));
        assert_ok(store_commit(tx, &error));
        gint64 todo = -1;
        assert_ok(store_count_fact_todo(f->store, f->workspace_id, &todo, &error));
        assert_int_equal(todo, i);
    }
    assert_true(generations[1] > generations[0]);
}

/* ---- threads */

enum { WRITES = 40, THREADS = 3 };

typedef struct {
    Fixture *f;
    int number;
} Worker;

/* Two settings that move together: a reader that sees them apart saw half a transaction. */
static gpointer write_pairs(gpointer data)
{
    Worker *worker = data;
    for (int i = 0; i < WRITES; i++) {
        g_autofree char *value = g_strdup_printf("%d-%d", worker->number, i);
        StoreTx *tx = store_begin(worker->f->store, NULL);
        if (tx == NULL || !store_put_setting(tx, 1, "left", value, NULL) ||
            !store_put_setting(tx, 1, "right", value, NULL) || !store_commit(tx, NULL))
            return GINT_TO_POINTER(1);
    }
    return NULL;
}

static gpointer read_pairs(gpointer data)
{
    Worker *worker = data;
    Store *store = worker->f->store;
    for (int i = 0; i < WRITES; i++) {
        Db *db = store_reader(store, NULL);
        g_autoptr(GString) seen = g_string_new(NULL);
        if (db == NULL || !db_begin(db, DB_SNAPSHOT, NULL))
            return GINT_TO_POINTER(1);
        for (int side = 0; side < 2; side++) {
            g_autoptr(DbRows) rows =
                db_query(db, STATEMENT_SETTING_GET,
                         DB_PARAMS(db_integer(1), db_text(side == 0 ? "left" : "right")), NULL);
            const char *text = rows != NULL && db_rows_next(rows) ? db_column_text(rows, 0) : "";
            g_string_append_printf(seen, "%s ", text);
        }
        db_rollback(db);
        store_reader_done(store, db);
        g_auto(GStrv) sides = g_strsplit(seen->str, " ", 2);
        g_strchomp(sides[1]);
        if (!g_str_equal(sides[0], sides[1]))
            return GINT_TO_POINTER(2);
    }
    return NULL;
}

static void many_threads_write_and_read_whole_transactions(void **state)
{
    Fixture *f = *state;
    GThread *threads[2 * THREADS];
    Worker workers[2 * THREADS];
    for (int i = 0; i < 2 * THREADS; i++) {
        workers[i] = (Worker){f, i};
        threads[i] = g_thread_new("worker", i < THREADS ? write_pairs : read_pairs, &workers[i]);
    }
    for (int i = 0; i < 2 * THREADS; i++)
        assert_int_equal(GPOINTER_TO_INT(g_thread_join(threads[i])), 0);
    g_autofree char *left = store_get_setting(f->store, 1, "left", NULL);
    g_autofree char *right = store_get_setting(f->store, 1, "right", NULL);
    assert_string_equal(left, right);
}

/* ---- lists and state */

static void a_cursor_reads_as_new_until_it_is_put(void **state)
{
    Fixture *f = *state;
    StoreCursor cursor;
    assert_ok(store_get_cursor(f->store, f->workspace_id, 0, "feed", &cursor, &error));
    assert_string_equal(cursor.state, "new");
    assert_null(cursor.position);
    assert_true(cursor.watermark == TIME_ABSENT && cursor.floor == TIME_ABSENT);
    store_cursor_clear(&cursor);
    StoreCursor put = {(char *) "running", (char *) "page 2", MINUTE(3), TIME_ABSENT, 50};
    WRITE(f, store_put_cursor(tx, f->workspace_id, 0, "feed", &put, &error));
    assert_ok(store_get_cursor(f->store, f->workspace_id, 0, "feed", &cursor, &error));
    assert_string_equal(cursor.state, "running");
    assert_string_equal(cursor.position, "page 2");
    assert_true(cursor.watermark == MINUTE(3) && cursor.floor == TIME_ABSENT);
    assert_int_equal(cursor.counted, 50);
    store_cursor_clear(&cursor);
}

static void a_budget_survives(void **state)
{
    Fixture *f = *state;
    StoreBudget budget = {0};
    gboolean found = TRUE;
    assert_ok(store_get_budget(f->store, f->workspace_id, 5, &budget, &found, &error));
    assert_false(found);
    StoreBudget put = {1000, 12.25, MINUTE(1), TIME_ABSENT, 988};
    WRITE(f, store_put_budget(tx, f->workspace_id, 5, &put, &error));
    fixture_reopen(f);
    assert_ok(store_get_budget(f->store, f->workspace_id, 5, &budget, &found, &error));
    assert_true(found);
    assert_int_equal(budget.capacity, 1000);
    assert_true(budget.available == 12.25);
    assert_true(budget.as_of == MINUTE(1) && budget.paused_until == TIME_ABSENT);
    assert_int_equal(budget.spent, 988);
}

static void a_problem_is_counted_until_its_stage_succeeds(void **state)
{
    Fixture *f = *state;
    for (int i = 0; i < 3; i++)
        WRITE(f, store_put_problem(tx, f->workspace_id, f->repository_id, "activity", "forbidden",
                                   "403", MINUTE(i), &error));
    WRITE(f, store_put_problem(tx, f->workspace_id, 0, "repositories", "network", "down", MINUTE(9),
                               &error));
    g_autoptr(GPtrArray) problems = NULL;
    assert_ok((problems = store_list_problems(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(problems->len, 2);
    const StoreProblem *of_workspace = problems->pdata[0];
    const StoreProblem *of_repository = problems->pdata[1];
    assert_null(of_workspace->repository);
    assert_string_equal(of_repository->repository, "acme/shop");
    assert_int_equal(of_repository->times, 3);
    assert_true(of_repository->first == MINUTE(0) && of_repository->last == MINUTE(2));
    WRITE(f, store_clear_problems(tx, f->workspace_id, f->repository_id, "git", &error));
    WRITE(f, store_clear_problems(tx, f->workspace_id, f->repository_id, "activity", &error));
    g_autoptr(GPtrArray) left = NULL;
    assert_ok((left = store_list_problems(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(left->len, 1);
}

static void a_quarantined_record_is_listed_once_with_its_reason(void **state)
{
    static const Quarantined RECORD = {"pull request", "7", "no author", "{\"id\":7}"};
    Fixture *f = *state;
    for (int i = 0; i < 2; i++)
        WRITE(f, store_put_quarantined(tx, f->workspace_id, f->repository_id, &RECORD, 1, &error));
    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_quarantined(f->store, f->workspace_id, &error)) != NULL);
    assert_int_equal(list->len, 1);
    const StoreQuarantined *quarantined = list->pdata[0];
    assert_string_equal(quarantined->repository, "acme/shop");
    assert_string_equal(quarantined->reason, "no author");
}

static void repositories_are_listed_with_project_selection_and_count(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(1, 10);
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    g_autoptr(GPtrArray) none = NULL;
    assert_ok((none = store_list_repositories(f->store, f->workspace_id, TRUE, &error)) != NULL);
    assert_int_equal(none->len, 0);
    WRITE(f, store_select_repository(tx, f->workspace_id, f->repository_id, TRUE, &error));
    WRITE(f,
          store_set_repository_state(tx, f->workspace_id, f->repository_id, "forbidden", &error));
    fixture_put_basics(f, f->store); /* seen again: selection and state stay */
    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_repositories(f->store, f->workspace_id, TRUE, &error)) != NULL);
    assert_int_equal(list->len, 1);
    const StoreRepository *repository = list->pdata[0];
    assert_string_equal(repository->full_name, "acme/shop");
    assert_string_equal(repository->project_key, "PAY");
    assert_string_equal(repository->project_name, "Payments");
    assert_string_equal(repository->state, "forbidden");
    assert_true(repository->connection_id == f->connection_id);
    assert_int_equal(repository->pull_requests, 1);
}

static void a_label_is_found_or_not_found(void **state)
{
    Fixture *f = *state;
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(1, 10);
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    StorePullRequestLabel label = {0};
    assert_ok(store_get_pull_request_label(f->store, f->workspace_id, f->repository_id, 1, &label,
                                           &error));
    assert_string_equal(label.title, "A change");
    assert_string_equal(label.source_branch, "feature");
    store_pull_request_label_clear(&label);
    assert_fails(store_get_pull_request_label(f->store, f->workspace_id, f->repository_id, 2,
                                              &label, &error),
                 NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(opening_again_changes_nothing),
        TEST(an_upgrade_keeps_the_rows_and_an_older_plumbline_refuses_the_file),
        TEST(a_migration_that_fails_leaves_the_version_before),
        cmocka_unit_test(words_are_replaced_whole_and_outside_comments),
        TEST(a_file_that_is_no_data_file_is_refused_with_advice),
        TEST(another_programs_database_is_refused_and_not_touched),
        TEST(the_data_file_is_private),
        TEST(a_store_in_memory_leaves_nothing_behind),
        TEST(a_rollback_leaves_no_trace),
        TEST(a_second_transaction_in_one_thread_is_an_error_not_a_deadlock),
        TEST(reads_see_the_last_commit_while_a_transaction_is_open),
        TEST(a_generation_is_never_given_twice),
        TEST(many_threads_write_and_read_whole_transactions),
        TEST(a_cursor_reads_as_new_until_it_is_put),
        TEST(a_budget_survives),
        TEST(a_problem_is_counted_until_its_stage_succeeds),
        TEST(a_quarantined_record_is_listed_once_with_its_reason),
        TEST(repositories_are_listed_with_project_selection_and_count),
        TEST(a_label_is_found_or_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
