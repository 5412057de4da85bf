#include "store/bulk.h"

#include <string.h>

struct DbRows {
    const DbDriver *driver;
    void *statement; /* NULL until first used */
    gboolean running;
    GError *failure;
    GPtrArray *repaired; /* texts made valid UTF-8 for the run */
};

struct Db {
    const DbDriver *driver;
    void *connection;
    DbRows statements[STATEMENT_COUNT];
    DbRows bulk[BULK_COUNT][BULK_TEXT_COUNT];
};

Db *db_open(const DbDriver *driver, const char *address, DbRole role, GError **error)
{
    void *connection = driver->open(address, role, error);
    if (connection == NULL)
        return NULL;
    Db *db = g_new0(Db, 1);
    db->driver = driver;
    db->connection = connection;
    return db;
}

static void forget(DbRows *rows)
{
    if (rows->statement == NULL)
        return;
    db_rows_close(rows);
    rows->driver->finalize(rows->statement);
    g_clear_pointer(&rows->repaired, g_ptr_array_unref);
}

void db_close(Db *db)
{
    if (db == NULL)
        return;
    for (guint i = 0; i < STATEMENT_COUNT; i++)
        forget(&db->statements[i]);
    for (guint i = 0; i < BULK_COUNT; i++)
        for (guint j = 0; j < BULK_TEXT_COUNT; j++)
            forget(&db->bulk[i][j]);
    db->driver->close(db->connection);
    g_free(db);
}

const DbDriver *db_driver(const Db *db)
{
    return db->driver;
}

gboolean db_script(Db *db, const char *sql, GError **error)
{
    return db->driver->script(db->connection, sql, error);
}

gboolean db_begin(Db *db, DbMode mode, GError **error)
{
    return db->driver->begin(db->connection, mode, error);
}

gboolean db_commit(Db *db, GError **error)
{
    return db->driver->commit(db->connection, error);
}

void db_rollback(Db *db)
{
    db->driver->rollback(db->connection);
}

/* ---- statements */

/* Git knows names and paths that are not UTF-8; an engine may refuse them, and JSON must. */
static DbValue repair_text(DbRows *rows, const DbValue *value)
{
    if (g_utf8_validate(value->bytes, value->length, NULL))
        return *value;
    if (rows->repaired == NULL)
        rows->repaired = g_ptr_array_new_with_free_func(g_free);
    char *valid = g_utf8_make_valid(value->bytes, value->length);
    g_ptr_array_add(rows->repaired, valid);
    return db_text(valid);
}

static DbRows *start(Db *db, DbRows *rows, const char *text, const DbValue *params, gsize n_params,
                     GError **error)
{
    if (rows->statement == NULL) {
        rows->statement = db->driver->prepare(db->connection, text, error);
        if (rows->statement == NULL)
            return NULL;
        rows->driver = db->driver;
    }
    g_assert(!rows->running);
    rows->running = TRUE;
    for (gsize i = 0; i < n_params; i++) {
        DbValue value = params[i].type == DB_TEXT ? repair_text(rows, &params[i]) : params[i];
        db->driver->bind(rows->statement, (guint) i, &value);
    }
    return rows;
}

DbRows *db_query(Db *db, StatementId id, const DbValue *params, gsize n_params, GError **error)
{
    return start(db, &db->statements[id], statement_text(id), params, n_params, error);
}

gboolean db_rows_next(DbRows *rows)
{
    if (rows->failure != NULL)
        return FALSE;
    return rows->driver->step(rows->statement, &rows->failure) == DB_STEP_ROW;
}

gboolean db_rows_end(DbRows *rows, GError **error)
{
    if (rows->failure == NULL)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&rows->failure));
    return FALSE;
}

void db_rows_close(DbRows *rows)
{
    if (rows == NULL || !rows->running)
        return;
    rows->driver->reset(rows->statement);
    rows->running = FALSE;
    g_clear_error(&rows->failure);
    if (rows->repaired != NULL)
        g_ptr_array_set_size(rows->repaired, 0);
}

static gboolean run(Db *db, DbRows *rows, gint64 *ret_affected, GError **error)
{
    while (db_rows_next(rows))
        continue;
    gint64 affected = db->driver->affected(db->connection);
    gboolean ok = db_rows_end(rows, error);
    db_rows_close(rows);
    if (ok && ret_affected != NULL)
        *ret_affected = affected;
    return ok;
}

gboolean db_run(Db *db, StatementId id, const DbValue *params, gsize n_params, gint64 *ret_affected,
                GError **error)
{
    DbRows *rows = db_query(db, id, params, n_params, error);
    return rows != NULL && run(db, rows, ret_affected, error);
}

gboolean db_get_integer(Db *db, StatementId id, const DbValue *params, gsize n_params,
                        gint64 otherwise, gint64 *ret_value, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, id, params, n_params, error);
    if (rows == NULL)
        return FALSE;
    gint64 value = otherwise;
    if (db_rows_next(rows) && !db_column_is_null(rows, 0))
        value = db_column_integer(rows, 0);
    if (!db_rows_end(rows, error))
        return FALSE;
    *ret_value = value;
    return TRUE;
}

DbRows *db_bulk_query(Db *db, BulkId table, BulkText text, const DbValue *params, gsize n_params,
                      GError **error)
{
    DbRows *rows = &db->bulk[table][text];
    g_autofree char *sql = rows->statement == NULL ? bulk_text(bulk_table(table), text) : NULL;
    return start(db, rows, sql, params, n_params, error);
}

gboolean db_bulk_run(Db *db, BulkId table, BulkText text, const DbValue *params, gsize n_params,
                     gint64 *ret_affected, GError **error)
{
    DbRows *rows = db_bulk_query(db, table, text, params, n_params, error);
    return rows != NULL && run(db, rows, ret_affected, error);
}

/* ---- columns */

gboolean db_column_is_null(DbRows *rows, guint column)
{
    return rows->driver->is_null(rows->statement, column);
}

gint64 db_column_integer(DbRows *rows, guint column)
{
    return rows->driver->integer(rows->statement, column);
}

gint64 db_column_optional(DbRows *rows, guint column)
{
    return db_column_is_null(rows, column) ? COUNT_ABSENT : db_column_integer(rows, column);
}

gboolean db_column_flag(DbRows *rows, guint column)
{
    return db_column_integer(rows, column) != 0;
}

double db_column_real(DbRows *rows, guint column)
{
    return rows->driver->real(rows->statement, column);
}

const char *db_column_text(DbRows *rows, guint column)
{
    return rows->driver->text(rows->statement, column);
}

char *db_column_copy(DbRows *rows, guint column)
{
    return g_strdup(db_column_text(rows, column));
}

const void *db_column_blob(DbRows *rows, guint column, gsize *ret_length)
{
    return rows->driver->blob(rows->statement, column, ret_length);
}
