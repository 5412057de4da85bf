/* Secrets: sealed at rest, bound to their row, opened by the right master key only. */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/master_key.h"
#include "store/seal.h"

#define SECRET "ATCTT-a-very-secret-word"

static StoreConnection connection_of(Fixture *f, const char *name)
{
    return (StoreConnection){.workspace_id = f->workspace_id,
                             .connection_id = model_id(ID_CONNECTION, f->workspace_id, name),
                             .name = (char *) name,
                             .kind = (char *) "workspace-token",
                             .api_base = (char *) "https://api.example.test",
                             .expires = TIME_ABSENT,
                             .checked = TIME_ABSENT,
                             .server_time = TIME_ABSENT,
                             .created = MINUTE(1)};
}

static void put_connection(Fixture *f, const char *name, const char *secret)
{
    StoreConnection connection = connection_of(f, name);
    WRITE(f, store_put_connection(tx, &connection, secret, &error));
}

static gboolean secret_is(Fixture *f, const char *name, const char *expected, GError **error)
{
    Buffer secret;
    buffer_init(&secret, LIMIT_SECRET);
    gboolean ok = store_open_secret(f->store, f->workspace_id,
                                    model_id(ID_CONNECTION, f->workspace_id, name), &secret, error);
    if (ok)
        assert_string_equal((const char *) secret.data, expected);
    buffer_wipe(&secret);
    return ok;
}

static void run_sql(Fixture *f, const char *sql)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static gboolean file_contains(const char *path, const char *text, gsize length)
{
    g_autofree char *bytes = NULL;
    gsize n = 0;
    return g_file_get_contents(path, &bytes, &n, NULL) && memmem(bytes, n, text, length) != NULL;
}

static void a_secret_is_sealed_in_the_file_and_opens(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", SECRET);
    assert_ok(secret_is(f, "main", SECRET, &error));
    g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
    assert_true(file_contains(wal, "https://api.example.test", 24));
    assert_false(file_contains(wal, SECRET, strlen(SECRET)));
    fixture_reopen(f);
    assert_true(file_contains(f->path, "https://api.example.test", 24));
    assert_false(file_contains(f->path, SECRET, strlen(SECRET)));
    assert_ok(secret_is(f, "main", SECRET, &error));
    assert_fails(secret_is(f, "other", SECRET, &error), NOT_FOUND);
}

static void a_connection_put_without_a_secret_keeps_the_one_it_has(void **state)
{
    Fixture *f = *state;
    StoreConnection connection = connection_of(f, "main");
    StoreTx *refused = NULL;
    assert_ok((refused = store_begin(f->store, &error)) != NULL);
    assert_fails(store_put_connection(refused, &connection, NULL, &error), STORE);
    store_rollback(refused);
    put_connection(f, "main", SECRET);
    connection.state = (char *) "lacking";
    WRITE(f, store_put_connection(tx, &connection, NULL, &error));
    assert_ok(secret_is(f, "main", SECRET, &error));
    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_connections(f->store, &error)) != NULL);
    assert_int_equal(list->len, 1);
    const StoreConnection *listed = list->pdata[0];
    assert_string_equal(listed->state, "lacking");
    assert_string_equal(listed->workspace_slug, "acme");
    assert_true(listed->expires == TIME_ABSENT && listed->created == MINUTE(1));
}

static void a_deleted_connection_lets_its_repositories_go(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", SECRET);
    WRITE(f, store_delete_connection(tx, f->workspace_id, f->connection_id, &error));
    assert_fails(secret_is(f, "main", SECRET, &error), NOT_FOUND);
    g_autoptr(GPtrArray) list = NULL;
    assert_ok((list = store_list_repositories(f->store, f->workspace_id, FALSE, &error)) != NULL);
    assert_int_equal(((StoreRepository *) list->pdata[0])->connection_id, 0);
}

static void sealed_bytes_moved_to_another_row_do_not_open(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", SECRET);
    put_connection(f, "other", "another");
    run_sql(f, "UPDATE connection SET secret = (SELECT secret FROM connection WHERE name = 'main')"
               " WHERE name = 'other'");
    assert_ok(secret_is(f, "main", SECRET, &error));
    assert_fails(secret_is(f, "other", SECRET, &error), SEALED);
}

static void altered_sealed_bytes_do_not_open(void **state)
{
    g_autoptr(SealKey) key = seal_key_new();
    g_autoptr(GBytes) sealed = seal_close(key, "here", SECRET, strlen(SECRET));
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(sealed, &n);
    assert_int_equal(n, strlen(SECRET) + SEAL_OVERHEAD);
    for (gsize i = 0; i <= n; i++) { /* the last round alters nothing */
        g_autofree guint8 *copy = g_memdup2(bytes, n);
        if (i < n)
            copy[i] ^= 1;
        Buffer plain;
        buffer_init(&plain, 100);
        assert_int_equal(seal_open(key, "here", copy, n, &plain), i == n);
        buffer_wipe(&plain);
    }
    Buffer plain;
    buffer_init(&plain, 100);
    for (gsize length = 0; length < n; length++)
        assert_false(seal_open(key, "here", bytes, length, &plain));
    assert_false(seal_open(key, "there", bytes, n, &plain));
}

static void another_master_key_opens_everything_but_secrets_and_says_so(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", SECRET);
    store_free(f->store);
    g_autofree char *kept = g_strconcat(f->key_path, ".kept", NULL);
    assert_int_equal(g_rename(f->key_path, kept), 0);

    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
    assert_false(g_file_test(f->key_path, G_FILE_TEST_EXISTS)); /* no new key over lost secrets */
    assert_fails(secret_is(f, "main", SECRET, &error), SEALED);
    store_free(f->store);

    assert_true(g_file_set_contents_full(
        f->key_path, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", -1,
        G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
    assert_fails_saying(secret_is(f, "main", SECRET, &error), SEALED, f->key_path);
    assert_fails_saying(secret_is(f, "main", SECRET, &error), SEALED, "Put back the key");

    assert_int_equal(g_rename(kept, f->key_path), 0);
    fixture_reopen(f);
    assert_ok(secret_is(f, "main", SECRET, &error));
}

static void the_key_file_is_private_and_refused_when_it_is_not(void **state)
{
    Fixture *f = *state;
    struct stat status;
    assert_int_equal(stat(f->key_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    store_free(g_steal_pointer(&f->store));
    assert_int_equal(chmod(f->key_path, 0640), 0);
    assert_fails_saying(store_open(f->path, f->key_path, &error) != NULL, SEALED, "chmod 600");
    /* also at a first start */
    g_autofree char *fresh = g_build_filename(f->folder, "fresh", NULL);
    assert_fails(store_open(fresh, f->key_path, &error) != NULL, SEALED);
}

static void a_malformed_key_is_refused(void **state)
{
    static const char *const BAD[] = {
        "", "short", "zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00"};
    Fixture *f = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autofree char *path = g_build_filename(f->folder, "bad.key", NULL);
        assert_true(
            g_file_set_contents_full(path, BAD[i], -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
        assert_fails(master_key_load(path, TRUE, &error) != NULL, SEALED);
    }
}

static void the_key_may_come_from_the_environment_or_a_credential(void **state)
{
    Fixture *f = *state;
    g_autofree char *path = g_build_filename(f->folder, "elsewhere", NULL);
    g_autofree char *credential = g_build_filename(f->folder, "plumbline-master-key", NULL);
    guint8 expected[SEAL_KEY_BYTES];
    for (guint8 i = 0; i < SEAL_KEY_BYTES; i++)
        expected[i] = i;

    g_setenv("PLUMBLINE_MASTER_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", TRUE);
    g_autoptr(SealKey) from_environment = NULL;
    assert_ok((from_environment = master_key_load(path, FALSE, &error)) != NULL);
    assert_memory_equal(seal_key_bytes(from_environment), expected, SEAL_KEY_BYTES);
    assert_fails(store_rotate_key(f->store, &error), INVALID);
    g_unsetenv("PLUMBLINE_MASTER_KEY");

    assert_true(g_file_set_contents(
        credential, "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F\n", -1,
        NULL));
    g_setenv("CREDENTIALS_DIRECTORY", f->folder, TRUE);
    g_autoptr(SealKey) from_credential = NULL;
    assert_ok((from_credential = master_key_load(path, FALSE, &error)) != NULL);
    assert_memory_equal(seal_key_bytes(from_credential), expected, SEAL_KEY_BYTES);
    g_unsetenv("CREDENTIALS_DIRECTORY");
    assert_fails(master_key_load(path, FALSE, &error) != NULL, SEALED);
}

/* ---- rotation */

static void after_a_rotation_secrets_open_and_the_old_key_file_is_useless(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", SECRET);
    g_autofree char *old_key = NULL;
    g_autofree char *new_key = NULL;
    assert_true(g_file_get_contents(f->key_path, &old_key, NULL, NULL));
    assert_ok(store_rotate_key(f->store, &error));
    assert_ok(secret_is(f, "main", SECRET, &error));
    assert_true(g_file_get_contents(f->key_path, &new_key, NULL, NULL));
    assert_string_not_equal(old_key, new_key);
    struct stat status;
    assert_int_equal(stat(f->key_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    fixture_reopen(f);
    assert_ok(secret_is(f, "main", SECRET, &error));
    put_connection(f, "later", "x");

    assert_true(
        g_file_set_contents_full(f->key_path, old_key, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    fixture_reopen(f);
    assert_fails(secret_is(f, "main", SECRET, &error), SEALED);
}

static GBytes *sealed_data_key(Fixture *f)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(f->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT sealed FROM sealed_key", -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    GBytes *sealed =
        g_bytes_new(sqlite3_column_blob(statement, 0), (gsize) sqlite3_column_bytes(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return sealed;
}

static void the_data_key_sealed_under_the_old_key_is_gone_from_the_files(void **state)
{
    Fixture *f = *state;
    g_autoptr(GBytes) sealed = sealed_data_key(f);
    gsize n = 0;
    const char *bytes = g_bytes_get_data(sealed, &n);
    g_autofree char *wal = g_strconcat(f->path, "-wal", NULL);
    assert_true(file_contains(wal, bytes, n) || file_contains(f->path, bytes, n));
    assert_ok(store_rotate_key(f->store, &error));
    assert_false(file_contains(wal, bytes, n));
    assert_false(file_contains(f->path, bytes, n));
}

/* A kill before the commit leaves a "next" key that does not fit; one after it, an old key. */
static void a_rotation_that_was_killed_is_finished_or_forgotten(void **state)
{
    Fixture *f = *state;
    g_autofree char *next = g_strconcat(f->key_path, ".next", NULL);
    put_connection(f, "main", SECRET);
    g_autoptr(SealKey) unused = seal_key_new();
    assert_ok(master_key_next_write(f->key_path, unused, &error));
    fixture_reopen(f);
    assert_ok(secret_is(f, "main", SECRET, &error));
    assert_false(g_file_test(next, G_FILE_TEST_EXISTS));

    g_autofree char *old_key = NULL;
    assert_true(g_file_get_contents(f->key_path, &old_key, NULL, NULL));
    assert_ok(store_rotate_key(f->store, &error));
    assert_int_equal(g_rename(f->key_path, next), 0);
    assert_true(
        g_file_set_contents_full(f->key_path, old_key, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    fixture_reopen(f);
    assert_ok(secret_is(f, "main", SECRET, &error));
    assert_false(g_file_test(next, G_FILE_TEST_EXISTS));
    fixture_reopen(f);
    assert_ok(secret_is(f, "main", SECRET, &error));
}

/* ---- several processes */

/* In a child process, where a cmocka failure would run the parent's teardown. */
static gboolean start_and_connect(Fixture *f, const char *name, GError **error)
{
    Workspace workspace = {"{w}", "acme", "Acme"};
    gint64 workspace_id = 0;
    StoreConnection connection = connection_of(f, name);
    f->store = store_open(f->path, f->key_path, error);
    StoreTx *tx = f->store != NULL ? store_begin(f->store, error) : NULL;
    return tx != NULL && store_put_workspace(tx, &workspace, &workspace_id, error) &&
           store_put_connection(tx, &connection, name, error) && store_commit(tx, error);
}

static void processes_that_start_at_once_agree_on_one_file_and_one_key(void **state)
{
    enum { PROCESSES = 5 };
    Fixture *f = *state;
    store_free(g_steal_pointer(&f->store));
    g_free(f->path);
    g_free(f->key_path);
    f->path = g_build_filename(f->folder, "fresh", NULL);
    f->key_path = g_build_filename(f->folder, "fresh.key", NULL);
    pid_t children[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        children[i] = fork();
        if (children[i] != 0)
            continue;
        g_autofree char *name = g_strdup_printf("connection %d", i);
        GError *failure = NULL;
        gboolean ok = start_and_connect(f, name, &failure);
        if (!ok)
            g_printerr("# %s\n", failure->message);
        _exit(ok ? 0 : 1);
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status = 0;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
    for (int i = 0; i < PROCESSES; i++) {
        g_autofree char *name = g_strdup_printf("connection %d", i);
        assert_ok(secret_is(f, name, name, &error));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_secret_is_sealed_in_the_file_and_opens),
        TEST(a_connection_put_without_a_secret_keeps_the_one_it_has),
        TEST(a_deleted_connection_lets_its_repositories_go),
        TEST(sealed_bytes_moved_to_another_row_do_not_open),
        cmocka_unit_test(altered_sealed_bytes_do_not_open),
        TEST(another_master_key_opens_everything_but_secrets_and_says_so),
        TEST(the_key_file_is_private_and_refused_when_it_is_not),
        TEST(a_malformed_key_is_refused),
        TEST(the_key_may_come_from_the_environment_or_a_credential),
        TEST(after_a_rotation_secrets_open_and_the_old_key_file_is_useless),
        TEST(the_data_key_sealed_under_the_old_key_is_gone_from_the_files),
        TEST(a_rotation_that_was_killed_is_finished_or_forgotten),
        TEST(processes_that_start_at_once_agree_on_one_file_and_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
