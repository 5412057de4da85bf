/* How far first readings are. */
#include "store/inside.h"

static gboolean read_rows(Db *db, gint64 workspace_id, GArray *readings, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_FIRST_READINGS, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        gboolean is_under_way = db_column_flag(rows, 2);
        StoreReading reading = {
            .repository_id = db_column_integer(rows, 0),
            .is_complete = db_column_flag(rows, 1) && !is_under_way,
            .is_under_way = is_under_way,
            .began = is_under_way ? db_column_optional(rows, 3) : TIME_ABSENT,
            .known_since = is_under_way ? db_column_optional(rows, 4) : TIME_ABSENT,
            .stuck_since = db_column_optional(rows, 5),
            .is_orphan = db_column_flag(rows, 6),
        };
        g_array_append_val(readings, reading);
    }
    return db_rows_end(rows, error);
}

GArray *store_list_readings(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GArray) readings = g_array_new(FALSE, FALSE, sizeof(StoreReading));
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && read_rows(db, workspace_id, readings, error);
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&readings) : NULL;
}
