/* Which pull requests the insight room has to look at. */
#include "store/inside.h"

static gboolean list_keys(Db *db, StatementId statement, gint64 workspace_id, UtcTime since,
                          GArray *keys, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, statement, DB_PARAMS(db_integer(workspace_id), db_integer(since)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        const StorePullRequestKey key = {db_column_integer(rows, 0), db_column_integer(rows, 1)};
        g_array_append_val(keys, key);
    }
    return db_rows_end(rows, error);
}

GArray *store_list_evaluation(Store *store, gint64 workspace_id, UtcTime merged_since,
                              gboolean only_changed, gint64 *ret_generation, GError **error)
{
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(StorePullRequestKey));
    gint64 generation = 0;
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_begin(db, DB_SNAPSHOT, error);
    if (ok) {
        ok = db_get_integer(db, STATEMENT_FINDING_TODO_LAST, DB_PARAMS(db_integer(workspace_id)), 0,
                            &generation, error) &&
             list_keys(db, only_changed ? STATEMENT_EVALUATION_CHANGED : STATEMENT_EVALUATION_ALL,
                       workspace_id, merged_since, keys, error);
        db_rollback(db);
    }
    store_reader_done(store, db);
    if (!ok)
        return NULL;
    *ret_generation = generation;
    return g_steal_pointer(&keys);
}

gboolean store_forget_changes(StoreTx *tx, gint64 workspace_id, gint64 generation, GError **error)
{
    return db_run(tx->db, STATEMENT_FINDING_TODO_FORGET,
                  DB_PARAMS(db_integer(workspace_id), db_integer(generation)), NULL, error);
}

GArray *store_list_open_since(Store *store, gint64 workspace_id, UtcTime since, GError **error)
{
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(StorePullRequestKey));
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && list_keys(db, STATEMENT_OPEN_SINCE, workspace_id, since, keys, error);
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&keys) : NULL;
}
