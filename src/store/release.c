/* What deliveries are derived from, the list of what is out of date, and writing what was derived.
 */
#include "store/inside.h"

gboolean store_mark_delivery(StoreTx *tx, gint64 workspace_id, gint64 repository_id, GError **error)
{
    gint64 generation = 0;
    if (tx->delivery_marked == repository_id)
        return TRUE;
    if (!store_generation(tx, &generation, error) ||
        !db_run(
            tx->db, STATEMENT_DELIVERY_TODO_ADD,
            DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(generation)),
            NULL, error))
        return FALSE;
    tx->delivery_marked = repository_id;
    return TRUE;
}

gboolean store_set_release(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                           gboolean on_merge, gboolean on_pipeline, GError **error)
{
    gint64 altered = 0;
    if (!db_run(tx->db, STATEMENT_REPOSITORY_RELEASE,
                DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_flag(on_merge),
                          db_flag(on_pipeline)),
                &altered, error))
        return FALSE;
    if (altered == 0)
        return TRUE;
    tx->facts_altered = TRUE; /* whether anything is known of the repository may have changed */
    return store_mark_delivery(tx, workspace_id, repository_id, error);
}

/* ---- reading */

static GArray *list_todo(Db *db, gint64 workspace_id, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_DELIVERY_TODO_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(StoreDeliveryTask));
    while (db_rows_next(rows)) {
        const StoreDeliveryTask task = {db_column_integer(rows, 0), db_column_integer(rows, 1)};
        g_array_append_val(tasks, task);
    }
    return db_rows_end(rows, error) ? g_steal_pointer(&tasks) : NULL;
}

GArray *store_list_delivery_todo(Store *store, gint64 workspace_id, GError **error)
{
    Db *db = store_reader(store, error);
    GArray *tasks = db == NULL ? NULL : list_todo(db, workspace_id, error);
    store_reader_done(store, db);
    return tasks;
}

static gboolean visit_history(Db *db, gint64 workspace_id, gint64 repository_id,
                              StoreHistoryVisitor visitor, gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_DELIVERY_COMMITS,
                 DB_PARAMS(db_integer(workspace_id), db_integer(repository_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows))
        if (!visitor(db_column_text(rows, 0), db_column_text(rows, 1), user_data, error))
            return FALSE;
    return db_rows_end(rows, error);
}

gboolean store_visit_history(Store *store, gint64 workspace_id, gint64 repository_id,
                             StoreHistoryVisitor visitor, gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && visit_history(db, workspace_id, repository_id, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}

static gboolean visit_merges(Db *db, gint64 workspace_id, gint64 repository_id,
                             StoreMergeVisitor visitor, gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_DELIVERY_MERGES,
                 DB_PARAMS(db_integer(workspace_id), db_integer(repository_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        const StoreMerge row = {
            .number = db_column_integer(rows, 0),
            .merge_hash = db_column_text(rows, 1),
            .destination_branch = db_column_text(rows, 2),
            .html_url = db_column_text(rows, 3),
            .merged = db_column_integer(rows, 4),
            .released = db_column_optional(rows, 5),
        };
        if (!visitor(&row, user_data, error))
            return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_visit_merges(Store *store, gint64 workspace_id, gint64 repository_id,
                            StoreMergeVisitor visitor, gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && visit_merges(db, workspace_id, repository_id, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}

/* ---- writing */

gboolean store_put_delivery(StoreTx *tx, gint64 workspace_id, const StoreDeliveryTask *task,
                            const FactDeployment *facts, gsize n_facts,
                            const StoreRelease *releases, gsize n_releases, GError **error)
{
    if (!facts_put_deployments(tx, workspace_id, task->repository_id, facts, n_facts, error))
        return FALSE;
    for (gsize i = 0; i < n_releases; i++)
        if (!db_run(tx->db, STATEMENT_DELIVERY_RELEASED,
                    DB_PARAMS(db_integer(workspace_id), db_integer(task->repository_id),
                              db_integer(releases[i].number), db_optional(releases[i].released)),
                    NULL, error) ||
            !store_mark_audit(tx, workspace_id, task->repository_id, releases[i].number, error))
            return FALSE;
    if (n_releases > 0)
        tx->facts_altered = TRUE;
    return db_run(tx->db, STATEMENT_DELIVERY_TODO_DONE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(task->repository_id),
                            db_integer(task->generation)),
                  NULL, error);
}
