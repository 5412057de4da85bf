/* Environments, deployments and pipelines of repositories. */
#include "store/inside.h"

/* @rows of one repository, which joins delivery_todo when any of them is news. */
static gboolean upsert(StoreTx *tx, BulkId table, const GArray *rows, StoreChanges *changes,
                       GError **error)
{
    StoreChanges here = {0};
    if (!bulk_upsert(tx->db, table, rows, NULL, &here, error))
        return FALSE;
    changes->inserted += here.inserted;
    changes->changed += here.changed;
    if (here.inserted + here.changed == 0)
        return TRUE;
    tx->facts_altered = TRUE;
    return store_mark_delivery(tx, g_array_index(rows, DbValue, 0).integer,
                               g_array_index(rows, DbValue, 1).integer, error);
}

static DbValue known_kind(EnvironmentKind kind)
{
    return kind != ENVIRONMENT_UNKNOWN ? db_integer(kind) : db_text(NULL);
}

static void add_environment(gint64 workspace_id, gint64 repository_id,
                            const Environment *environment, GArray *rows)
{
    bulk_rows_add(rows, BULK_ENVIRONMENT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                            db_text(environment->uuid), db_text(environment->name),
                            known_kind(environment->kind)));
}

gboolean store_put_environments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                const Environment *records, gsize n, StoreChanges *changes,
                                GError **error)
{
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++)
        add_environment(workspace_id, repository_id, &records[i], rows);
    return upsert(tx, BULK_ENVIRONMENT, rows, changes, error);
}

gboolean store_put_deployments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const Deployment *records, gsize n, StoreChanges *changes,
                               GError **error)
{
    g_autoptr(GArray) environments = bulk_rows_new();
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        const Deployment *deployment = &records[i];
        if (deployment->environment.uuid != NULL)
            add_environment(workspace_id, repository_id, &deployment->environment, environments);
        bulk_rows_add(rows, BULK_DEPLOYMENT,
                      DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                                db_text(deployment->uuid), db_text(deployment->environment.uuid),
                                db_text(deployment->commit_hash),
                                db_text(deployment->pipeline_uuid), db_text(deployment->url),
                                db_integer(deployment->state), db_optional(deployment->started),
                                db_optional(deployment->completed),
                                db_optional(deployment->updated)));
    }
    return upsert(tx, BULK_ENVIRONMENT, environments, changes, error) &&
           upsert(tx, BULK_DEPLOYMENT, rows, changes, error);
}

gboolean store_put_pipelines(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                             const Pipeline *records, gsize n, StoreChanges *changes,
                             GError **error)
{
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        const Pipeline *pipeline = &records[i];
        bulk_rows_add(rows, BULK_PIPELINE,
                      DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                                db_text(pipeline->uuid), db_optional(pipeline->build_number),
                                db_text(pipeline->commit_hash), db_text(pipeline->ref_name),
                                db_optional(pipeline->pull_request), db_integer(pipeline->state),
                                db_optional(pipeline->created), db_optional(pipeline->completed)));
    }
    return upsert(tx, BULK_PIPELINE, rows, changes, error);
}

/* ---- what has not ended */

static gboolean get_oldest(Store *store, StatementId statement, gint64 workspace_id,
                           gint64 repository_id, UtcTime *ret_time, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok =
        db != NULL && db_get_integer(db, statement,
                                     DB_PARAMS(db_integer(workspace_id), db_integer(repository_id)),
                                     TIME_ABSENT, ret_time, error);
    store_reader_done(store, db);
    return ok;
}

gboolean store_get_unfinished_deployment(Store *store, gint64 workspace_id, gint64 repository_id,
                                         UtcTime *ret_started, GError **error)
{
    return get_oldest(store, STATEMENT_DEPLOYMENT_UNFINISHED, workspace_id, repository_id,
                      ret_started, error);
}

gboolean store_get_unfinished_pipeline(Store *store, gint64 workspace_id, gint64 repository_id,
                                       UtcTime *ret_created, GError **error)
{
    return get_oldest(store, STATEMENT_PIPELINE_UNFINISHED, workspace_id, repository_id,
                      ret_created, error);
}

/* ---- visits */

typedef gboolean (*RowVisitor)(DbRows *rows, gpointer visitor, gpointer user_data, GError **error);

typedef struct {
    StatementId all, of_one;
    gint64 workspace_id, repository_id; /* 0: all */
} Selection;

static gboolean visit_rows(Db *db, const Selection *selection, RowVisitor visit, gpointer visitor,
                           gpointer user_data, GError **error)
{
    const DbValue params[] = {db_integer(selection->workspace_id),
                              db_integer(selection->repository_id)};
    gboolean is_one = selection->repository_id != 0;
    g_autoptr(DbRows) rows =
        db_query(db, is_one ? selection->of_one : selection->all, params, is_one ? 2 : 1, error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows))
        if (!visit(rows, visitor, user_data, error))
            return FALSE;
    return db_rows_end(rows, error);
}

static gboolean visit_all(Store *store, const Selection *selection, RowVisitor visit,
                          gpointer visitor, gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && visit_rows(db, selection, visit, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}

static gboolean visit_deployment(DbRows *rows, gpointer visitor, gpointer user_data, GError **error)
{
    const StoreDeployment row = {
        .repository_id = db_column_integer(rows, 0),
        .uuid = db_column_text(rows, 1),
        .environment = db_column_text(rows, 2),
        .commit_hash = db_column_text(rows, 3),
        .url = db_column_text(rows, 4),
        .kind = (EnvironmentKind) db_column_integer(rows, 5), /* NULL reads as 0: unknown */
        .state = (DeploymentState) db_column_integer(rows, 6),
        .started = db_column_optional(rows, 7),
        .completed = db_column_optional(rows, 8),
    };
    return (*(StoreDeploymentVisitor *) visitor)(&row, user_data, error);
}

gboolean store_visit_deployments(Store *store, gint64 workspace_id, gint64 repository_id,
                                 StoreDeploymentVisitor visitor, gpointer user_data, GError **error)
{
    const Selection selection = {STATEMENT_DEPLOYMENT_LIST, STATEMENT_DEPLOYMENT_LIST_OF,
                                 workspace_id, repository_id};
    return visit_all(store, &selection, visit_deployment, &visitor, user_data, error);
}

static gboolean visit_pipeline(DbRows *rows, gpointer visitor, gpointer user_data, GError **error)
{
    const StorePipeline row = {
        .repository_id = db_column_integer(rows, 0),
        .build_number = db_column_optional(rows, 1),
        .uuid = db_column_text(rows, 2),
        .commit_hash = db_column_text(rows, 3),
        .ref_name = db_column_text(rows, 4),
        .state = (BuildState) db_column_integer(rows, 5),
        .created = db_column_optional(rows, 6),
        .completed = db_column_optional(rows, 7),
    };
    return (*(StorePipelineVisitor *) visitor)(&row, user_data, error);
}

gboolean store_visit_pipelines(Store *store, gint64 workspace_id, gint64 repository_id,
                               StorePipelineVisitor visitor, gpointer user_data, GError **error)
{
    const Selection selection = {STATEMENT_PIPELINE_LIST, STATEMENT_PIPELINE_LIST_OF, workspace_id,
                                 repository_id};
    return visit_all(store, &selection, visit_pipeline, &visitor, user_data, error);
}
