#include "store/inside.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "store/migrate.h"
#include "store/sqlite/sqlite.h"

#define IDLE_READERS_MAX 8 /* connections kept open between reads */

/* ---- opening */

/* ":memory:" is a file in a folder of its own, so that it behaves as a store on disk does. */
static char *private_address(Store *store, GError **error)
{
    g_autoptr(GError) failure = NULL;
    store->private_folder = g_dir_make_tmp("plumbline-XXXXXX", &failure);
    if (store->private_folder == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO,
                    "A temporary folder cannot be made: %s.", failure->message);
        return NULL;
    }
    return g_build_filename(store->private_folder, "data", NULL);
}

static void remove_private_folder(Store *store)
{
    static const char *const SUFFIXES[] = {"", "-wal", "-shm"};
    if (store->private_folder == NULL)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
        g_autofree char *path = g_strconcat(store->address, SUFFIXES[i], NULL);
        g_unlink(path);
    }
    g_rmdir(store->private_folder);
}

static gboolean open_inside(Store *store, const char *path, GError **error)
{
    gsize n = 0;
    const Migration *migrations = migrate_list(&n);
    store->address = strcmp(path, ":memory:") == 0 ? private_address(store, error) : g_strdup(path);
    if (store->address == NULL)
        return FALSE;
    store->writer = db_open(store->driver, store->address, DB_WRITER, error);
    return store->writer != NULL && migrate_apply(store->writer, migrations, n, error) &&
           store_keys_open(store, error);
}

Store *store_open(const char *path, const char *key_path, GError **error)
{
    Store *store = g_new0(Store, 1);
    store->driver = &SQLITE_DRIVER;
    store->key_path = g_strdup(key_path);
    store->readers = g_ptr_array_new_with_free_func((GDestroyNotify) db_close);
    pthread_mutex_init(&store->writer_lock, NULL);
    pthread_mutex_init(&store->readers_lock, NULL);
    pthread_mutex_init(&store->people_lock, NULL);
    if (!open_inside(store, path, error))
        g_clear_pointer(&store, store_free);
    return store;
}

void store_free(Store *store)
{
    if (store == NULL)
        return;
    g_ptr_array_unref(store->readers);
    db_close(store->writer);
    store_keys_close(store);
    remove_private_folder(store);
    pthread_mutex_destroy(&store->writer_lock);
    pthread_mutex_destroy(&store->readers_lock);
    pthread_mutex_destroy(&store->people_lock);
    person_map_unref(store->people);
    g_free(store->private_folder);
    g_free(store->address);
    g_free(store->key_path);
    g_free(store);
}

/* ---- readers */

Db *store_reader(Store *store, GError **error)
{
    pthread_mutex_lock(&store->readers_lock);
    Db *db = store->readers->len > 0
                 ? g_ptr_array_steal_index_fast(store->readers, store->readers->len - 1)
                 : NULL;
    pthread_mutex_unlock(&store->readers_lock);
    return db != NULL ? db : db_open(store->driver, store->address, DB_READER, error);
}

void store_reader_done(Store *store, Db *db)
{
    if (db == NULL)
        return;
    pthread_mutex_lock(&store->readers_lock);
    if (store->readers->len < IDLE_READERS_MAX)
        g_ptr_array_add(store->readers, g_steal_pointer(&db));
    pthread_mutex_unlock(&store->readers_lock);
    db_close(db);
}

GPtrArray *store_list(Store *store, StatementId statement, const DbValue *params, gsize n_params,
                      StoreRowReader read, GDestroyNotify destroy, GError **error)
{
    Db *db = store_reader(store, error);
    if (db == NULL)
        return NULL;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(destroy);
    DbRows *rows = db_query(db, statement, params, n_params, error);
    gboolean ok = rows != NULL;
    if (ok) {
        while (db_rows_next(rows))
            g_ptr_array_add(list, read(rows));
        ok = db_rows_end(rows, error);
        db_rows_close(rows);
    }
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&list) : NULL;
}

gpointer store_read_text(DbRows *rows)
{
    return db_column_copy(rows, 0);
}

/* ---- transactions */

gboolean store_lock_writer(Store *store, GError **error)
{
    if (g_atomic_pointer_get(&store->writer_thread) == g_thread_self()) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE,
                            "This thread has a transaction open already.");
        return FALSE;
    }
    pthread_mutex_lock(&store->writer_lock);
    g_atomic_pointer_set(&store->writer_thread, g_thread_self());
    return TRUE;
}

void store_unlock_writer(Store *store)
{
    g_atomic_pointer_set(&store->writer_thread, NULL);
    pthread_mutex_unlock(&store->writer_lock);
}

StoreTx *store_begin(Store *store, GError **error)
{
    if (!store_lock_writer(store, error))
        return NULL;
    if (!db_begin(store->writer, DB_WRITE, error)) {
        store_unlock_writer(store);
        return NULL;
    }
    StoreTx *tx = g_new0(StoreTx, 1);
    tx->store = store;
    tx->db = store->writer;
    return tx;
}

static void end(StoreTx *tx)
{
    store_unlock_writer(tx->store);
    g_free(tx);
}

static gboolean bump(StoreTx *tx, gboolean is_altered, const char *counter, GError **error)
{
    gint64 value = 0;
    return !is_altered || db_get_integer(tx->db, STATEMENT_COUNTER_BUMP,
                                         DB_PARAMS(db_text(counter)), 0, &value, error);
}

void store_touch_facts(StoreTx *tx)
{
    tx->facts_altered = TRUE;
}

gboolean store_commit(StoreTx *tx, GError **error)
{
    gboolean ok = bump(tx, tx->facts_altered, "facts", error) &&
                  bump(tx, tx->people_altered, "people", error);
    if (ok)
        ok = db_commit(tx->db, error);
    else
        db_rollback(tx->db);
    end(tx);
    return ok;
}

void store_rollback(StoreTx *tx)
{
    if (tx == NULL)
        return;
    db_rollback(tx->db);
    end(tx);
}

/* ---- what writes leave for measures */

gboolean store_require(gboolean condition, const char *sentence, GError **error)
{
    if (!condition)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE, sentence);
    return condition;
}

gboolean store_generation(StoreTx *tx, gint64 *ret_generation, GError **error)
{
    if (tx->generation == 0 &&
        !db_get_integer(tx->db, STATEMENT_COUNTER_BUMP, DB_PARAMS(db_text("generation")), 0,
                        &tx->generation, error))
        return FALSE;
    *ret_generation = tx->generation;
    return TRUE;
}

gboolean store_mark_todo(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                         GError **error)
{
    gint64 generation = 0;
    return store_generation(tx, &generation, error) &&
           db_run(tx->db, STATEMENT_TODO_ADD,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number),
                            db_integer(generation)),
                  NULL, error);
}

gboolean store_change_counter(Store *store, gint64 *ret_counter, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_get_integer(db, STATEMENT_COUNTER_GET,
                                               DB_PARAMS(db_text("facts")), 0, ret_counter, error);
    store_reader_done(store, db);
    return ok;
}
