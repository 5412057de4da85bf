/* Where reading stands: cursors and request budgets. */
#include "store/inside.h"

void store_cursor_clear(StoreCursor *cursor)
{
    g_clear_pointer(&cursor->state, g_free);
    g_clear_pointer(&cursor->position, g_free);
}

static gboolean read_cursor(Db *db, gint64 workspace_id, gint64 repository_id, const char *name,
                            StoreCursor *ret_cursor, GError **error)
{
    g_autoptr(DbRows) rows = db_query(
        db, STATEMENT_CURSOR_GET,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(name)), error);
    if (rows == NULL)
        return FALSE;
    StoreCursor cursor = {.watermark = TIME_ABSENT, .floor = TIME_ABSENT};
    if (db_rows_next(rows))
        cursor = (StoreCursor){
            .state = db_column_copy(rows, 0),
            .position = db_column_copy(rows, 1),
            .watermark = db_column_optional(rows, 2),
            .floor = db_column_optional(rows, 3),
            .counted = db_column_integer(rows, 4),
        };
    if (!db_rows_end(rows, error)) {
        store_cursor_clear(&cursor);
        return FALSE;
    }
    if (cursor.state == NULL)
        cursor.state = g_strdup("new");
    *ret_cursor = cursor;
    return TRUE;
}

gboolean store_get_cursor(Store *store, gint64 workspace_id, gint64 repository_id, const char *name,
                          StoreCursor *ret_cursor, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && read_cursor(db, workspace_id, repository_id, name, ret_cursor, error);
    store_reader_done(store, db);
    return ok;
}

gboolean store_put_cursor(StoreTx *tx, gint64 workspace_id, gint64 repository_id, const char *name,
                          const StoreCursor *cursor, GError **error)
{
    return db_run(tx->db, STATEMENT_CURSOR_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(name),
                            db_text(cursor->state != NULL ? cursor->state : "new"),
                            db_text(cursor->position), db_optional(cursor->watermark),
                            db_optional(cursor->floor), db_integer(cursor->counted)),
                  NULL, error);
}

/* ---- budgets */

static gboolean read_budget(Db *db, gint64 workspace_id, gint64 connection_id,
                            StoreBudget *ret_budget, gboolean *ret_found, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_BUDGET_GET,
                 DB_PARAMS(db_integer(workspace_id), db_integer(connection_id)), error);
    if (rows == NULL)
        return FALSE;
    gboolean found = db_rows_next(rows);
    if (found)
        *ret_budget = (StoreBudget){
            .capacity = db_column_integer(rows, 0),
            .available = db_column_real(rows, 1),
            .as_of = db_column_integer(rows, 2),
            .paused_until = db_column_optional(rows, 3),
            .spent = db_column_integer(rows, 4),
        };
    if (!db_rows_end(rows, error))
        return FALSE;
    *ret_found = found;
    return TRUE;
}

gboolean store_get_budget(Store *store, gint64 workspace_id, gint64 connection_id,
                          StoreBudget *ret_budget, gboolean *ret_found, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && read_budget(db, workspace_id, connection_id, ret_budget, ret_found, error);
    store_reader_done(store, db);
    return ok;
}

gboolean store_put_budget(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                          const StoreBudget *budget, GError **error)
{
    return db_run(tx->db, STATEMENT_BUDGET_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(connection_id),
                            db_integer(budget->capacity), db_real(budget->available),
                            db_integer(budget->as_of), db_optional(budget->paused_until),
                            db_integer(budget->spent)),
                  NULL, error);
}
