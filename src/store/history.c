/* The main branch, branches, trial merges, files by author. */
#include "store/inside.h"

#include <string.h>

/* ---- the main branch */

static void add_change(GArray *rows, DbValue workspace, DbValue repository, const char *branch,
                       const MainChange *change)
{
    bulk_rows_add(rows, BULK_MAIN_CHANGE,
                  DB_PARAMS(workspace, repository, db_text(branch), db_text(change->hash),
                            db_integer(change->position), db_integer(change->landed),
                            db_integer(change->files), db_integer(change->lines_changed),
                            db_optional(change->lines_young), db_integer(change->lines_left_out)));
}

gboolean store_put_main_changes(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                const MainChange *records, gsize n, gboolean anew,
                                StoreChanges *changes, GError **error)
{
    const DbValue workspace = db_integer(workspace_id), repository = db_integer(repository_id);
    gint64 gone = 0;
    if (anew && !db_run(tx->db, STATEMENT_MAIN_CHANGE_DELETE, DB_PARAMS(workspace, repository),
                        &gone, error))
        return FALSE;
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++)
        add_change(rows, workspace, repository, "", &records[i]);
    StoreChanges here = {0};
    if (!bulk_upsert(tx->db, BULK_MAIN_CHANGE, rows, NULL, &here, error))
        return FALSE;
    changes->inserted += here.inserted;
    changes->changed += here.changed;
    tx->facts_altered |= gone + here.inserted + here.changed > 0;
    return TRUE;
}

/* Names of those that have changes now, or are to have some. */
static GHashTable *list_branches(StoreTx *tx, DbValue workspace, DbValue repository,
                                 const MainChange *records, gsize n, GError **error)
{
    g_autoptr(GHashTable) branches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < n; i++)
        g_hash_table_add(branches, g_strdup(records[i].branch));
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_MAIN_CHANGE_BRANCHES, DB_PARAMS(workspace, repository), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows))
        g_hash_table_add(branches, db_column_copy(rows, 0));
    return db_rows_end(rows, error) ? g_steal_pointer(&branches) : NULL;
}

gboolean store_put_branch_changes(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                  const MainChange *records, gsize n, StoreChanges *changes,
                                  GError **error)
{
    const DbValue workspace = db_integer(workspace_id), repository = db_integer(repository_id);
    g_autoptr(GHashTable) branches = list_branches(tx, workspace, repository, records, n, error);
    if (branches == NULL)
        return FALSE;
    GHashTableIter iter;
    gpointer branch;
    g_hash_table_iter_init(&iter, branches);
    while (g_hash_table_iter_next(&iter, &branch, NULL)) {
        const DbValue prefix[] = {workspace, repository, db_text(branch)};
        gint64 altered = 0;
        g_autoptr(GArray) rows = bulk_rows_new();
        for (gsize i = 0; i < n; i++)
            if (strcmp(records[i].branch, branch) == 0)
                add_change(rows, workspace, repository, branch, &records[i]);
        if (!bulk_replace(tx->db, BULK_MAIN_CHANGE, prefix, rows, &altered, changes, error))
            return FALSE;
        tx->facts_altered |= altered > 0;
    }
    return TRUE;
}

gboolean store_attribute_main_changes(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                      UtcTime from, UtcTime until, StoreChanges *changes,
                                      GError **error)
{
    const DbValue workspace = db_integer(workspace_id), repository = db_integer(repository_id);
    gint64 brought = 0, settled = 0;
    if (!db_run(tx->db, STATEMENT_MAIN_CHANGE_ATTRIBUTE, DB_PARAMS(workspace, repository), &brought,
                error))
        return FALSE;
    if (until != TIME_ABSENT &&
        !db_run(tx->db, STATEMENT_MAIN_CHANGE_SETTLE,
                DB_PARAMS(workspace, repository, db_optional(from), db_integer(until)), &settled,
                error))
        return FALSE;
    changes->changed += brought + settled;
    tx->facts_altered |= brought + settled > 0;
    return TRUE;
}

/* ---- reading: one reader, one statement, a row at a time */

typedef gboolean (*RowVisitor)(DbRows *rows, const PersonMap *people, gpointer call,
                               GError **error);

/* The first parameter is the workspace. */
static gboolean visit_rows(Store *store, StatementId statement, const DbValue *params,
                           gsize n_params, RowVisitor visitor, gpointer call, GError **error)
{
    Db *db = store_reader(store, error);
    g_autoptr(PersonMap) people =
        db != NULL ? person_map_get(store, db, params[0].integer, error) : NULL;
    DbRows *rows = people != NULL ? db_query(db, statement, params, n_params, error) : NULL;
    gboolean ok = rows != NULL;
    while (ok && db_rows_next(rows))
        ok = visitor(rows, people, call, error);
    ok = ok && db_rows_end(rows, error);
    db_rows_close(rows);
    store_reader_done(store, db);
    return ok;
}

#define CALL(Type)                                                                                 \
    typedef struct {                                                                               \
        Type visitor;                                                                              \
        gpointer user_data;                                                                        \
    } Type##Call

CALL(StoreMainChangeVisitor);
CALL(StoreDirectPushVisitor);
CALL(StoreBranchVisitor);
CALL(StoreConflictVisitor);
CALL(StoreLastCommitVisitor);

static gboolean visit_main_change(DbRows *rows, const PersonMap *people, gpointer data,
                                  GError **error)
{
    const StoreMainChangeVisitorCall *call = data;
    const StoreMainChange row = {
        .repository_id = db_column_integer(rows, 0),
        .number = db_column_optional(rows, 1),
        .author_id = person_map_canonical(people, db_column_integer(rows, 2)),
        .landed = db_column_integer(rows, 3),
        .files_changed = db_column_integer(rows, 4),
        .lines_changed = db_column_integer(rows, 5),
        .lines_young = db_column_optional(rows, 6),
        .lines_left_out = db_column_integer(rows, 7),
    };
    return call->visitor(&row, call->user_data, error);
}

gboolean store_visit_main_changes(Store *store, gint64 workspace_id, StoreMainChangeVisitor visitor,
                                  gpointer user_data, GError **error)
{
    StoreMainChangeVisitorCall call = {visitor, user_data};
    return visit_rows(store, STATEMENT_MAIN_CHANGE_LIST, DB_PARAMS(db_integer(workspace_id)),
                      visit_main_change, &call, error);
}

static gboolean visit_direct_push(DbRows *rows, const PersonMap *people, gpointer data,
                                  GError **error)
{
    const StoreDirectPushVisitorCall *call = data;
    const StoreDirectPush row = {
        .repository_id = db_column_integer(rows, 0),
        .author_id = person_map_canonical(people, db_column_integer(rows, 1)),
        .hash = db_column_text(rows, 2),
        .subject = db_column_text(rows, 3),
        .landed = db_column_integer(rows, 4),
        .is_merge = db_column_flag(rows, 5),
        .lines_changed = db_column_optional(rows, 6),
        .branch = db_column_text(rows, 7),
    };
    return call->visitor(&row, call->user_data, error);
}

gboolean store_visit_direct_pushes(Store *store, gint64 workspace_id, UtcTime from, UtcTime until,
                                   StoreDirectPushVisitor visitor, gpointer user_data,
                                   GError **error)
{
    StoreDirectPushVisitorCall call = {visitor, user_data};
    return visit_rows(store, STATEMENT_DIRECT_PUSH_LIST,
                      DB_PARAMS(db_integer(workspace_id), db_integer(from), db_integer(until)),
                      visit_direct_push, &call, error);
}

/* ---- branches */

gboolean store_put_branches(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                            const Branch *records, gsize n, StoreChanges *changes, GError **error)
{
    const DbValue prefix[] = {db_integer(workspace_id), db_integer(repository_id)};
    g_autoptr(People) people = people_new(workspace_id);
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        const Branch *branch = &records[i];
        gint64 author_id = 0;
        if (!people_see_author(people, tx->db, branch->author_name, branch->author_email,
                               branch->committed, &author_id, error))
            return FALSE;
        bulk_rows_add(rows, BULK_BRANCH,
                      DB_PARAMS(prefix[0], prefix[1], db_text(branch->name), db_text(branch->hash),
                                db_integer(branch->committed), db_integer(author_id),
                                db_flag(branch->is_merged)));
    }
    return people_put(people, tx, error) &&
           bulk_replace(tx->db, BULK_BRANCH, prefix, rows, NULL, changes, error);
}

static gboolean visit_branch(DbRows *rows, const PersonMap *people, gpointer data, GError **error)
{
    const StoreBranchVisitorCall *call = data;
    const StoreBranch row = {
        .repository_id = db_column_integer(rows, 0),
        .name = db_column_text(rows, 1),
        .hash = db_column_text(rows, 2),
        .committed = db_column_integer(rows, 3),
        .author_id = person_map_canonical(people, db_column_integer(rows, 4)),
        .is_merged = db_column_flag(rows, 5),
        .open_pull_requests = db_column_integer(rows, 6),
    };
    return call->visitor(&row, call->user_data, error);
}

gboolean store_visit_branches(Store *store, gint64 workspace_id, StoreBranchVisitor visitor,
                              gpointer user_data, GError **error)
{
    StoreBranchVisitorCall call = {visitor, user_data};
    return visit_rows(store, STATEMENT_BRANCH_LIST, DB_PARAMS(db_integer(workspace_id)),
                      visit_branch, &call, error);
}

/* ---- trial merges */

void store_merge_task_free(StoreMergeTask *task)
{
    if (task == NULL)
        return;
    g_free(task->source_hash);
    g_free(task->destination_hash);
    g_free(task);
}

static gpointer read_task(DbRows *rows)
{
    StoreMergeTask *task = g_new0(StoreMergeTask, 1);
    *task = (StoreMergeTask){
        .number = db_column_integer(rows, 0),
        .source_hash = db_column_copy(rows, 1),
        .destination_hash = db_column_copy(rows, 2),
        .moved = MAX(db_column_integer(rows, 3), db_column_integer(rows, 4)),
    };
    return task;
}

GPtrArray *store_list_merge_tasks(Store *store, gint64 workspace_id, gint64 repository_id,
                                  gint64 limit, GError **error)
{
    return store_list(
        store, STATEMENT_MERGE_TASKS,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(limit)),
        read_task, (GDestroyNotify) store_merge_task_free, error);
}

gboolean store_put_merge_trial(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const StoreMergeTrial *trial, StoreChanges *changes, GError **error)
{
    gint64 altered = 0;
    if (!db_run(tx->db, STATEMENT_MERGE_TRIAL_PUT,
                DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                          db_integer(trial->number), db_text(trial->source_hash),
                          db_text(trial->destination_hash), db_text(trial->state),
                          db_integer(trial->since), db_integer(trial->path_count),
                          db_text(trial->paths != NULL ? trial->paths : "")),
                &altered, error))
        return FALSE;
    changes->changed += altered;
    return TRUE;
}

static gboolean visit_conflict(DbRows *rows, const PersonMap *people, gpointer data, GError **error)
{
    const StoreConflictVisitorCall *call = data;
    const StoreConflict row = {
        .repository_id = db_column_integer(rows, 0),
        .number = db_column_integer(rows, 1),
        .source_branch = db_column_text(rows, 2),
        .destination_branch = db_column_text(rows, 3),
        .since = db_column_integer(rows, 4),
        .path_count = db_column_integer(rows, 5),
        .paths = db_column_text(rows, 6),
    };
    return call->visitor(&row, call->user_data, error);
}

gboolean store_visit_conflicts(Store *store, gint64 workspace_id, gint64 repository_id,
                               gint64 number, StoreConflictVisitor visitor, gpointer user_data,
                               GError **error)
{
    StoreConflictVisitorCall call = {visitor, user_data};
    if (number == COUNT_ABSENT)
        return visit_rows(store, STATEMENT_CONFLICT_LIST, DB_PARAMS(db_integer(workspace_id)),
                          visit_conflict, &call, error);
    return visit_rows(
        store, STATEMENT_CONFLICT_GET,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number)),
        visit_conflict, &call, error);
}

/* ---- who wrote which file */

typedef struct {
    StoreFileChangeVisitor visitor;
    gpointer user_data;
    gint64 author_id, authored; /* of the commit at hand, as sighted */
    GString *subject, *hash;
} FileChangeCall;

/* A commit of the same author, instant and subject as the one before it is its copy. */
static gboolean is_copy(FileChangeCall *call, DbRows *rows)
{
    gint64 author_id = db_column_integer(rows, 0), authored = db_column_integer(rows, 1);
    const char *hash = db_column_text(rows, 2), *subject = db_column_text(rows, 7);
    if (call->author_id == author_id && call->authored == authored &&
        strcmp(call->subject->str, subject) == 0)
        return strcmp(call->hash->str, hash) != 0;
    call->author_id = author_id;
    call->authored = authored;
    g_string_assign(call->subject, subject);
    g_string_assign(call->hash, hash);
    return FALSE;
}

static gboolean visit_file_change(DbRows *rows, const PersonMap *people, gpointer data,
                                  GError **error)
{
    FileChangeCall *call = data;
    if (is_copy(call, rows))
        return TRUE;
    const StoreFileChange row = {
        .author_id = person_map_canonical(people, db_column_integer(rows, 0)),
        .authored = db_column_integer(rows, 1),
        .hash = db_column_text(rows, 2),
        .path = db_column_text(rows, 3),
        .old_path = db_column_text(rows, 4),
        .lines_added = db_column_optional(rows, 5),
        .lines_removed = db_column_optional(rows, 6),
    };
    return call->visitor(&row, call->user_data, error);
}

gboolean store_visit_file_changes(Store *store, gint64 workspace_id, gint64 repository_id,
                                  UtcTime from, UtcTime until, StoreFileChangeVisitor visitor,
                                  gpointer user_data, GError **error)
{
    g_autoptr(GString) subject = g_string_new(NULL);
    g_autoptr(GString) hash = g_string_new(NULL);
    FileChangeCall call = {visitor, user_data, 0, TIME_ABSENT, subject, hash};
    return visit_rows(store, STATEMENT_FILE_CHANGE_LIST,
                      DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                                db_integer(from), db_integer(until)),
                      visit_file_change, &call, error);
}

static gboolean visit_last_commit(DbRows *rows, const PersonMap *people, gpointer data,
                                  GError **error)
{
    const StoreLastCommitVisitorCall *call = data;
    return call->visitor(person_map_canonical(people, db_column_integer(rows, 0)),
                         db_column_integer(rows, 1), call->user_data, error);
}

gboolean store_visit_last_commits(Store *store, gint64 workspace_id, UtcTime until,
                                  StoreLastCommitVisitor visitor, gpointer user_data,
                                  GError **error)
{
    StoreLastCommitVisitorCall call = {visitor, user_data};
    return visit_rows(store, STATEMENT_LAST_COMMIT_LIST,
                      DB_PARAMS(db_integer(workspace_id), db_integer(until)), visit_last_commit,
                      &call, error);
}

typedef struct {
    gint64 with_history, selected;
} HistoryCounts;

static gboolean read_counts(DbRows *rows, const PersonMap *people, gpointer data, GError **error)
{
    HistoryCounts *counts = data;
    *counts = (HistoryCounts){db_column_integer(rows, 0), db_column_integer(rows, 1)};
    return TRUE;
}

gboolean store_count_history(Store *store, gint64 workspace_id, gint64 *ret_with_history,
                             gint64 *ret_selected, GError **error)
{
    HistoryCounts counts = {0};
    if (!visit_rows(store, STATEMENT_HISTORY_COUNT, DB_PARAMS(db_integer(workspace_id)),
                    read_counts, &counts, error))
        return FALSE;
    *ret_with_history = counts.with_history;
    *ret_selected = counts.selected;
    return TRUE;
}
