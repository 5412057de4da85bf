/* Builds and tasks of pull requests, and what of them sync may owe. */
#include "store/inside.h"

static const char *const SUBJECTS[DETAIL_COUNT] = {
    [DETAIL_BUILDS] = READING_BUILDS,
    [DETAIL_TASKS] = READING_TASKS,
    [DETAIL_THREADS] = READING_THREADS,
};

/* Without its row nothing would mark its facts when it comes. */
static gboolean require_row(StoreTx *tx, const DbValue key[3], const char *what, GError **error)
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

static gboolean replace(StoreTx *tx, BulkId table, DetailSubject subject, const char *head,
                        const DbValue key[3], const GArray *rows, StoreChanges *changes,
                        GError **error)
{
    gint64 altered = 0, affected = 0;
    if (!require_row(tx, key, SUBJECTS[subject], error) ||
        !bulk_replace(tx->db, table, key, rows, &altered, changes, error) ||
        !db_run(tx->db, STATEMENT_READING_PUT,
                DB_PARAMS(key[0], key[1], key[2], db_text(SUBJECTS[subject]), db_text(head)),
                &affected, error))
        return FALSE;
    return altered + affected == 0 ||
           store_mark_todo(tx, key[0].integer, key[1].integer, key[2].integer, error);
}

gboolean store_put_pr_builds(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                             const char *head, const BuildStatus *records, gsize n,
                             StoreChanges *changes, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_integer(number)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        const BuildStatus *build = &records[i];
        if (build->commit_hash != NULL && !model_same_hash(build->commit_hash, head))
            continue; /* of an earlier push */
        bulk_rows_add(rows, BULK_PR_BUILD,
                      DB_PARAMS(key[0], key[1], key[2], db_text(build->key),
                                db_text(build->commit_hash), db_text(build->name),
                                db_text(build->url), db_integer(build->state),
                                db_optional(build->created), db_optional(build->updated)));
    }
    return replace(tx, BULK_PR_BUILD, DETAIL_BUILDS, head, key, rows, changes, error);
}

static void add_task(const DbValue key[3], const PrTask *task, People *people, GArray *rows)
{
    UtcTime resolved = TIME_ABSENT;
    if (task->is_resolved) /* an instant tells resolved ones apart, so it is never left out */
        resolved = task->resolved != TIME_ABSENT  ? task->resolved
                   : task->created != TIME_ABSENT ? task->created
                                                  : 0;
    gint64 creator_id = people_see(people, &task->creator, task->created);
    gint64 resolver_id =
        task->is_resolved ? people_see(people, &task->resolver, resolved) : COUNT_ABSENT;
    bulk_rows_add(rows, BULK_PR_TASK,
                  DB_PARAMS(key[0], key[1], key[2], db_integer(task->task_id),
                            db_optional(task->comment_id), db_integer(creator_id),
                            db_optional(resolver_id), db_optional(task->created),
                            db_optional(resolved)));
}

gboolean store_put_pr_tasks(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                            const PrTask *records, gsize n, StoreChanges *changes, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_integer(number)};
    g_autoptr(People) people = people_new(workspace_id);
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++)
        add_task(key, &records[i], people, rows);
    return replace(tx, BULK_PR_TASK, DETAIL_TASKS, NULL, key, rows, changes, error) &&
           people_put(people, tx, error);
}

gboolean store_mark_detail(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                           DetailSubject subject, UtcTime at, GError **error)
{
    return db_run(tx->db, STATEMENT_DETAIL_MARK,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number),
                            db_text(SUBJECTS[subject]), db_optional(at)),
                  NULL, error);
}

/* ---- what may be owed */

void store_detail_candidate_free(StoreDetailCandidate *candidate)
{
    if (candidate == NULL)
        return;
    g_free(candidate->source_hash);
    g_free(candidate->builds_head);
    g_free(candidate);
}

static gpointer read_candidate(DbRows *rows)
{
    StoreDetailCandidate *candidate = g_new0(StoreDetailCandidate, 1);
    *candidate = (StoreDetailCandidate){
        .number = db_column_integer(rows, 0),
        .state = model_state_from_name(db_column_text(rows, 1)),
        .updated = db_column_integer(rows, 2),
        .source_hash = db_column_copy(rows, 3),
        .comment_count = db_column_optional(rows, 4),
        .task_count = db_column_optional(rows, 5),
        .unresolved_tasks = db_column_integer(rows, 6),
        .builds = db_column_integer(rows, 7),
        .inline_comments = db_column_integer(rows, 8),
        .builds_head = db_column_copy(rows, 9),
    };
    for (guint i = 0; i < DETAIL_COUNT; i++) {
        candidate->read[i].record = db_column_optional(rows, 10 + 2 * i);
        candidate->read[i].at = db_column_optional(rows, 11 + 2 * i);
    }
    return candidate;
}

GPtrArray *store_list_detail_candidates(Store *store, gint64 workspace_id, gint64 repository_id,
                                        UtcTime since, GError **error)
{
    return store_list(
        store, STATEMENT_DETAIL_CANDIDATES,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(since)),
        read_candidate, (GDestroyNotify) store_detail_candidate_free, error);
}
