/* Projects and repositories. */
#include "store/inside.h"

#include <string.h>

static gint64 id_or_absent(IdKind kind, gint64 workspace_id, const char *uuid)
{
    return uuid != NULL ? model_id(kind, workspace_id, uuid) : COUNT_ABSENT;
}

static const char *or_text(const char *text, const char *otherwise)
{
    return text != NULL ? text : otherwise;
}

static gboolean put_row(StoreTx *tx, BulkId table, const DbValue *row, gsize n_columns,
                        StoreChanges *changes, GError **error)
{
    g_autoptr(GArray) rows = bulk_rows_new();
    bulk_rows_add(rows, table, row, n_columns);
    return bulk_upsert(tx->db, table, rows, NULL, changes, error);
}

/* ---- the main branch */

/* For g_free. NULL without error: none, or no such repository. */
static gboolean read_main_branch(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                 char **ret_branch, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_REPOSITORY_MAIN_BRANCH,
                 DB_PARAMS(db_integer(workspace_id), db_integer(repository_id)), error);
    if (rows == NULL)
        return FALSE;
    g_autofree char *branch = db_rows_next(rows) ? db_column_copy(rows, 0) : NULL;
    if (!db_rows_end(rows, error))
        return FALSE;
    *ret_branch = g_steal_pointer(&branch);
    return TRUE;
}

/* Where the main branch is no longer @before: policies, phases and the log of merges speak of it.
 */
static gboolean follow_main_branch(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                   const char *before, GError **error)
{
    gint64 generation = 0;
    g_autofree char *branch = NULL;
    if (!read_main_branch(tx, workspace_id, repository_id, &branch, error))
        return FALSE;
    if (g_strcmp0(before, branch) == 0)
        return TRUE;
    tx->facts_altered = TRUE;
    return store_generation(tx, &generation, error) &&
           db_run(tx->db, STATEMENT_TODO_ADD_OF,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                            db_integer(generation)),
                  NULL, error) &&
           store_mark_delivery(tx, workspace_id, repository_id, error);
}

gboolean store_set_main_branch(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const char *branch, GError **error)
{
    g_autofree char *before = NULL;
    return read_main_branch(tx, workspace_id, repository_id, &before, error) &&
           db_run(tx->db, STATEMENT_REPOSITORY_MAIN_BRANCH_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(branch)),
                  NULL, error) &&
           follow_main_branch(tx, workspace_id, repository_id, before, error);
}

/* ---- writing */

static gboolean put_repository(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                               const Repository *record, StoreChanges *changes, GError **error)
{
    if (!store_require(record->uuid != NULL, "A repository without uuid cannot be kept.", error))
        return FALSE;
    gint64 project_id = id_or_absent(ID_PROJECT, workspace_id, record->project.uuid);
    const DbValue project[] = {db_integer(workspace_id), db_integer(project_id),
                               db_text(record->project.uuid), db_text(record->project.key),
                               db_text(record->project.name)};
    StoreChanges altered = {0};
    if (record->project.uuid != NULL &&
        !put_row(tx, BULK_PROJECT, project, G_N_ELEMENTS(project), &altered, error))
        return FALSE;
    const char *slug = or_text(record->slug, record->uuid);
    const DbValue row[] = {
        db_integer(workspace_id),
        db_integer(model_id(ID_REPOSITORY, workspace_id, record->uuid)),
        db_text(record->uuid),
        db_optional(project_id),
        connection_id > 0 ? db_integer(connection_id) : db_text(NULL),
        db_text(slug),
        db_text(or_text(record->full_name, slug)),
        db_text(or_text(record->name, slug)),
        db_text(record->main_branch),
        db_text(record->html_url),
        db_text(record->clone_url),
        db_text(record->language),
        db_flag(record->is_private),
        db_optional(record->size_bytes),
        db_optional(record->created),
        db_optional(record->updated),
    };
    StoreChanges here = {0};
    g_autofree char *main_branch = NULL;
    if (!read_main_branch(tx, workspace_id, row[1].integer, &main_branch, error))
        return FALSE;
    if (!put_row(tx, BULK_REPOSITORY, row, G_N_ELEMENTS(row), &here, error))
        return FALSE;
    changes->inserted += here.inserted;
    changes->changed += here.changed;
    if (connection_id > 0 &&
        !db_run(tx->db, STATEMENT_SIGHTING_PUT,
                DB_PARAMS(db_integer(workspace_id), row[1], db_integer(connection_id)), NULL,
                error))
        return FALSE;
    if (altered.inserted + altered.changed + here.inserted + here.changed > 0)
        tx->facts_altered = TRUE; /* labels of columns in memory */
    return here.inserted + here.changed == 0 ||
           (store_mark_delivery(tx, workspace_id, row[1].integer, error) &&
            follow_main_branch(tx, workspace_id, row[1].integer, main_branch, error));
}

gboolean store_put_repositories(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                                const Repository *records, gsize n, StoreChanges *changes,
                                GError **error)
{
    for (gsize i = 0; i < n; i++)
        if (!put_repository(tx, workspace_id, connection_id, &records[i], changes, error))
            return FALSE;
    return TRUE;
}

gboolean store_adopt_repositories(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                                  const Repository *records, gsize n, GError **error)
{
    for (gsize i = 0; i < n; i++) {
        gint64 repository_id = model_id(ID_REPOSITORY, workspace_id, records[i].uuid);
        if (!db_run(tx->db, STATEMENT_CONNECTION_ADOPT_REPOSITORY,
                    DB_PARAMS(db_integer(workspace_id), db_integer(connection_id),
                              db_integer(repository_id)),
                    NULL, error))
            return FALSE;
    }
    return TRUE;
}

void store_repository_free(StoreRepository *repository)
{
    if (repository == NULL)
        return;
    g_free(repository->uuid);
    g_free(repository->slug);
    g_free(repository->full_name);
    g_free(repository->name);
    g_free(repository->main_branch);
    g_free(repository->html_url);
    g_free(repository->clone_url);
    g_free(repository->project_key);
    g_free(repository->project_name);
    g_free(repository->state);
    g_free(repository->told_main_branch);
    g_free(repository->chosen_main_branch);
    g_free(repository);
}

gpointer store_read_repository(DbRows *rows)
{
    StoreRepository *repository = g_new0(StoreRepository, 1);
    *repository = (StoreRepository){
        .repository_id = db_column_integer(rows, 0),
        .uuid = db_column_copy(rows, 1),
        .slug = db_column_copy(rows, 2),
        .full_name = db_column_copy(rows, 3),
        .name = db_column_copy(rows, 4),
        .main_branch = db_column_copy(rows, 5),
        .html_url = db_column_copy(rows, 6),
        .clone_url = db_column_copy(rows, 7),
        .project_key = db_column_copy(rows, 8),
        .project_name = db_column_copy(rows, 9),
        .created = db_column_optional(rows, 10),
        .updated = db_column_optional(rows, 11),
        .connection_id = db_column_integer(rows, 12), /* NULL reads as 0: none */
        .is_selected = db_column_flag(rows, 13),
        .state = db_column_copy(rows, 14),
        .pull_requests = db_column_integer(rows, 15),
        .project_id = db_column_optional(rows, 16),
        .release_on_merge = db_column_flag(rows, 17),
        .release_on_pipeline = db_column_flag(rows, 18),
        .told_main_branch = db_column_copy(rows, 19),
        .chosen_main_branch = db_column_copy(rows, 20),
        .size_bytes = db_column_optional(rows, 21),
    };
    return repository;
}

GPtrArray *store_list_repositories(Store *store, gint64 workspace_id, gboolean only_selected,
                                   GError **error)
{
    return store_list(store, STATEMENT_REPOSITORY_LIST,
                      DB_PARAMS(db_integer(workspace_id), db_flag(only_selected)),
                      store_read_repository, (GDestroyNotify) store_repository_free, error);
}

gboolean store_select_repository(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                 gboolean selected, GError **error)
{
    return db_run(tx->db, STATEMENT_REPOSITORY_SELECT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_flag(selected)),
                  NULL, error);
}

gboolean store_set_repository_state(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                    const char *state, GError **error)
{
    return db_run(tx->db, STATEMENT_REPOSITORY_STATE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_text(state)),
                  NULL, error);
}
