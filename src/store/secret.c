/* The data key that seals secrets, itself sealed under the master key. */
#include "store/inside.h"

#include <sodium.h>
#include <string.h>

#include "store/master_key.h"

#define DATA_KEY       "data"
#define DATA_KEY_PLACE "sealed_key/0/data/sealed"

/* The sealed data key, or NULL without error when there is none yet. */
static GBytes *read_sealed(Db *db, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, STATEMENT_KEY_GET, DB_PARAMS(db_text(DATA_KEY)), error);
    if (rows == NULL)
        return NULL;
    GBytes *sealed = NULL;
    if (db_rows_next(rows)) {
        gsize length = 0;
        const void *bytes = db_column_blob(rows, 0, &length);
        sealed = g_bytes_new(bytes, length);
    }
    if (!db_rows_end(rows, error))
        g_clear_pointer(&sealed, g_bytes_unref);
    return sealed;
}

static gboolean write_sealed(Db *db, const SealKey *master, const SealKey *data, GError **error)
{
    g_autoptr(GBytes) sealed =
        seal_close(master, DATA_KEY_PLACE, seal_key_bytes(data), SEAL_KEY_BYTES);
    gsize length = 0;
    const void *bytes = g_bytes_get_data(sealed, &length);
    return db_run(db, STATEMENT_KEY_PUT, DB_PARAMS(db_text(DATA_KEY), db_blob(bytes, length)), NULL,
                  error);
}

/* NULL when @master does not fit. */
static SealKey *open_sealed(const SealKey *master, GBytes *sealed)
{
    gsize length = 0;
    const void *bytes = g_bytes_get_data(sealed, &length);
    Buffer plain;
    buffer_init(&plain, SEAL_KEY_BYTES);
    SealKey *key = NULL;
    if (seal_open(master, DATA_KEY_PLACE, bytes, length, &plain) && plain.length == SEAL_KEY_BYTES)
        key = seal_key_from_bytes(plain.data);
    buffer_wipe(&plain);
    return key;
}

static gboolean make_keys(Store *store, GError **error)
{
    if (store->key_path == NULL && master_key_source() == MASTER_KEY_FILE) {
        g_set_error_literal(&store->key_failure, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                            "No master key file is configured, so no secret can be kept.");
        return TRUE;
    }
    g_autoptr(SealKey) master = master_key_load(store->key_path, TRUE, error);
    if (master == NULL)
        return FALSE;
    g_autoptr(SealKey) data = seal_key_new();
    if (!write_sealed(store->writer, master, data, error))
        return FALSE;
    store->data_key = g_steal_pointer(&data);
    return TRUE;
}

/* A rotation was killed between its steps: the key that opens the data key is the one to keep. */
static SealKey *finish_rotation(Store *store, GBytes *sealed, gboolean main_fits, GError **error)
{
    if (store->key_path == NULL || master_key_source() != MASTER_KEY_FILE)
        return NULL;
    g_autoptr(SealKey) next = master_key_next_load(store->key_path, NULL);
    if (next == NULL)
        return NULL;
    if (main_fits) {
        master_key_next_discard(store->key_path);
        return NULL;
    }
    g_autoptr(SealKey) data = open_sealed(next, sealed);
    if (data == NULL || !master_key_next_install(store->key_path, error))
        return NULL;
    return g_steal_pointer(&data);
}

static gboolean open_keys(Store *store, GBytes *sealed, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(SealKey) master = NULL;
    if (store->key_path != NULL || master_key_source() != MASTER_KEY_FILE)
        master = master_key_load(store->key_path, FALSE, &failure);
    else
        g_set_error_literal(&failure, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                            "No master key file is configured, so no secret can be opened.");
    g_autoptr(SealKey) data = master != NULL ? open_sealed(master, sealed) : NULL;
    GError *unfinished = NULL;
    SealKey *rotated = finish_rotation(store, sealed, data != NULL, &unfinished);
    if (unfinished != NULL) {
        g_propagate_error(error, unfinished);
        return FALSE;
    }
    if (rotated != NULL) {
        store->data_key = rotated;
        return TRUE;
    }
    if (master != NULL && data == NULL) {
        g_autofree char *where = master_key_describe(store->key_path);
        g_set_error(&failure, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                    "The secrets in this data file were sealed with another master key than %s "
                    "holds. Put back the key that belongs to the data file, or make the "
                    "connections anew.",
                    where);
    }
    store->data_key = g_steal_pointer(&data);
    store->key_failure = g_steal_pointer(&failure);
    return TRUE;
}

/* Only a file that others may read stops the store from opening: with a missing or foreign key
 * everything but secrets still works. */
static gboolean refuse_open_file(Store *store, GError **error)
{
    if (store->key_failure == NULL || store->key_path == NULL ||
        master_key_source() != MASTER_KEY_FILE || !master_key_is_exposed(store->key_path))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&store->key_failure));
    return FALSE;
}

gboolean store_keys_open(Store *store, GError **error)
{
    if (!db_begin(store->writer, DB_WRITE, error))
        return FALSE;
    GError *failure = NULL;
    g_autoptr(GBytes) sealed = read_sealed(store->writer, &failure);
    gboolean ok = failure == NULL && (sealed != NULL ? open_keys(store, sealed, &failure)
                                                     : make_keys(store, &failure));
    if (!ok) {
        db_rollback(store->writer);
        g_propagate_error(error, failure);
        return FALSE;
    }
    return db_commit(store->writer, error) && refuse_open_file(store, error);
}

void store_keys_close(Store *store)
{
    g_clear_pointer(&store->data_key, seal_key_free);
    g_clear_error(&store->key_failure);
}

/* ---- use */

static gboolean have_key(Store *store, GError **error)
{
    if (store->data_key != NULL)
        return TRUE;
    g_propagate_error(error, g_error_copy(store->key_failure));
    return FALSE;
}

GBytes *store_seal(Store *store, const char *place, const char *secret, GError **error)
{
    gsize length = strlen(secret);
    if (length > LIMIT_SECRET) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                            "The credential is longer than any that Bitbucket gives out.");
        return NULL;
    }
    return have_key(store, error) ? seal_close(store->data_key, place, secret, length) : NULL;
}

char *store_secret_place(gint64 workspace_id, gint64 connection_id)
{
    return g_strdup_printf("connection/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/secret",
                           workspace_id, connection_id);
}

static gboolean open_secret(Store *store, Db *db, gint64 workspace_id, gint64 connection_id,
                            Buffer *ret_secret, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_CONNECTION_SECRET,
                 DB_PARAMS(db_integer(workspace_id), db_integer(connection_id)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows)) {
        if (db_rows_end(rows, error))
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                                "There is no such connection.");
        return FALSE;
    }
    gsize length = 0;
    const void *bytes = db_column_blob(rows, 1, &length);
    g_autofree char *place = store_secret_place(workspace_id, connection_id);
    if (seal_open(store->data_key, place, bytes, length, ret_secret))
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                "The secret of the connection \"%s\" cannot be opened: it was altered or belongs "
                "to another row. Enter the credential again with: plumbline connect",
                db_column_text(rows, 0));
    return FALSE;
}

char *store_describe_key_elsewhere(const char *key_path)
{
    return master_key_source() == MASTER_KEY_FILE ? NULL : master_key_describe(key_path);
}

gboolean store_open_secret(Store *store, gint64 workspace_id, gint64 connection_id,
                           Buffer *ret_secret, GError **error)
{
    if (!have_key(store, error))
        return FALSE;
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && open_secret(store, db, workspace_id, connection_id, ret_secret, error);
    store_reader_done(store, db);
    return ok;
}

/* ---- rotation */

static gboolean reseal(Store *store, const SealKey *new_master, GError **error)
{
    if (!db_begin(store->writer, DB_DURABLE, error))
        return FALSE;
    if (!master_key_next_write(store->key_path, new_master, error) ||
        !write_sealed(store->writer, new_master, store->data_key, error)) {
        db_rollback(store->writer);
        return FALSE;
    }
    return db_commit(store->writer, error);
}

gboolean store_rotate_key(Store *store, GError **error)
{
    if (master_key_source() != MASTER_KEY_FILE) {
        g_autofree char *where = master_key_describe(store->key_path);
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "The master key comes from %s, which Plumbline cannot change. Take it away, "
                    "give the same key as a file, and rotate then.",
                    where);
        return FALSE;
    }
    if (!have_key(store, error))
        return FALSE;
    g_autoptr(SealKey) new_master = seal_key_new();
    if (!store_lock_writer(store, error))
        return FALSE;
    gboolean ok = reseal(store, new_master, error);
    store_unlock_writer(store);
    return ok && master_key_next_install(store->key_path, error);
}
