/* What pull requests bring: commits and files, and which of them are still owed. */
#include "store/inside.h"

typedef struct {
    BulkId table;
    StatementId put_state;
    const char *what;
} RangePart;

static const RangePart COMMITS = {BULK_PR_COMMIT, STATEMENT_PULL_REQUEST_COMMITS_STATE, "commits"};
static const RangePart FILES = {BULK_PR_FILE, STATEMENT_PULL_REQUEST_FILES_STATE, "files"};

static gboolean exists(StoreTx *tx, const DbValue key[3], const char *what, GError **error)
{
    g_autoptr(DbRows) rows = db_query(tx->db, STATEMENT_PULL_REQUEST_LABEL, key, 3, error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows))
        return TRUE;
    if (db_rows_end(rows, error))
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE,
                    "The %s of pull request %" G_GINT64_FORMAT
                    " came before the pull request itself.",
                    what, key[2].integer);
    return FALSE;
}

static gboolean replace(StoreTx *tx, const RangePart *part, const DbValue key[3],
                        const GArray *rows, const char *state, StoreChanges *changes,
                        GError **error)
{
    gint64 altered = 0;
    gint64 affected = 0;
    if (!exists(tx, key, part->what, error) ||
        !bulk_replace(tx->db, part->table, key, rows, &altered, changes, error) ||
        !db_run(tx->db, part->put_state, DB_PARAMS(key[0], key[1], key[2], db_text(state)),
                &affected, error))
        return FALSE;
    return altered + affected == 0 ||
           store_mark_todo(tx, key[0].integer, key[1].integer, key[2].integer, error);
}

gboolean store_put_pr_commits(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                              const char *state, const char *const *hashes, gsize n,
                              StoreChanges *changes, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_integer(number)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++)
        bulk_rows_add(rows, BULK_PR_COMMIT, DB_PARAMS(key[0], key[1], key[2], db_text(hashes[i])));
    return replace(tx, &COMMITS, key, rows, state, changes, error);
}

gboolean store_put_pr_files(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                            const char *state, const FileChange *files, gsize n,
                            StoreChanges *changes, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_integer(number)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++)
        bulk_rows_add(rows, BULK_PR_FILE,
                      DB_PARAMS(key[0], key[1], key[2], db_text(files[i].path),
                                db_text(files[i].old_path), db_optional(files[i].lines_added),
                                db_optional(files[i].lines_removed)));
    return replace(tx, &FILES, key, rows, state, changes, error);
}

/* ---- what is owed */

static gpointer read_number(DbRows *rows)
{
    gint64 *number = g_new(gint64, 1);
    *number = db_column_integer(rows, 0);
    return number;
}

GArray *store_list_unknown_pull_requests(Store *store, gint64 workspace_id, gint64 repository_id,
                                         GError **error)
{
    g_autoptr(GPtrArray) list = store_list(
        store, STATEMENT_PULL_REQUEST_UNKNOWN,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id)), read_number, g_free, error);
    if (list == NULL)
        return NULL;
    GArray *numbers = g_array_sized_new(FALSE, FALSE, sizeof(gint64), list->len);
    for (guint i = 0; i < list->len; i++)
        g_array_append_vals(numbers, list->pdata[i], 1);
    return numbers;
}

void store_range_task_free(StoreRangeTask *task)
{
    if (task == NULL)
        return;
    g_free(task->source_hash);
    g_free(task->destination_hash);
    g_free(task->destination_branch);
    g_free(task->merge_hash);
    g_free(task->commits_state);
    g_free(task->files_state);
    g_free(task);
}

static gpointer read_task(DbRows *rows)
{
    StoreRangeTask *task = g_new0(StoreRangeTask, 1);
    *task = (StoreRangeTask){
        .number = db_column_integer(rows, 0),
        .state = model_state_from_name(db_column_text(rows, 1)),
        .source_hash = db_column_copy(rows, 2),
        .destination_hash = db_column_copy(rows, 3),
        .destination_branch = db_column_copy(rows, 4),
        .merge_hash = db_column_copy(rows, 5),
        .commits_state = db_column_copy(rows, 6),
        .files_state = db_column_copy(rows, 7),
    };
    return task;
}

GPtrArray *store_list_range_tasks(Store *store, gint64 workspace_id, gint64 repository_id,
                                  gint64 limit, GError **error)
{
    return store_list(
        store, STATEMENT_RANGE_TASKS,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(limit)),
        read_task, (GDestroyNotify) store_range_task_free, error);
}
