/* Deleting what only one connection brought. */
#include "store/inside.h"

#define KEYS_PER_STEP   200   /* pull requests, commits …, each with what belongs to it */
#define ROWS_PER_STEP   20000 /* no more tables after so many */
#define PEOPLE_PER_STEP 500

/* Parts before what they are part of. */
static const StatementId PARTS[] = {
    STATEMENT_PURGE_FACT_TODO,       STATEMENT_PURGE_FINDING_TODO, STATEMENT_PURGE_MERGE_AUDIT_TODO,
    STATEMENT_PURGE_DELIVERY_TODO,   STATEMENT_PURGE_FACT_REVIEW,  STATEMENT_PURGE_FACT_PR,
    STATEMENT_PURGE_FACT_DEPLOYMENT, STATEMENT_PURGE_MERGE_TRIAL,  STATEMENT_PURGE_PR_READING,
    STATEMENT_PURGE_SYNC_DETAIL,     STATEMENT_PURGE_PR_BUILD,     STATEMENT_PURGE_PR_TASK,
    STATEMENT_PURGE_PR_PARTICIPANT,  STATEMENT_PURGE_PR_EVENT,     STATEMENT_PURGE_PR_COMMIT,
    STATEMENT_PURGE_PR_FILE,         STATEMENT_PURGE_PULL_REQUEST, STATEMENT_PURGE_COMMIT_FILE,
    STATEMENT_PURGE_MAIN_CHANGE,     STATEMENT_PURGE_GIT_COMMIT,   STATEMENT_PURGE_BRANCH,
    STATEMENT_PURGE_DEPLOYMENT,      STATEMENT_PURGE_PIPELINE,     STATEMENT_PURGE_ENVIRONMENT,
    STATEMENT_PURGE_FINDING_MUTE,    STATEMENT_PURGE_RULE_SETTING, STATEMENT_PURGE_QUARANTINE,
    STATEMENT_PURGE_SYNC_PROBLEM,
};
/* Of its findings in one transaction, the findings last: the others ask for the same ones. */
static const StatementId FINDINGS[] = {
    STATEMENT_PURGE_FINDING_EVIDENCE,
    STATEMENT_PURGE_FINDING_EVENT,
    STATEMENT_PURGE_FINDING,
};

/* ---- what would go */

static gboolean count(Db *db, StatementId statement, gint64 workspace_id, gint64 id,
                      gint64 *ret_first, gint64 *ret_second, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, statement, DB_PARAMS(db_integer(workspace_id), db_integer(id)), error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows)) {
        *ret_first = db_column_integer(rows, 0);
        *ret_second = db_column_integer(rows, 1);
    }
    return db_rows_end(rows, error);
}

gboolean store_plan_purge(Store *store, gint64 workspace_id, gint64 connection_id,
                          StorePurge *ret_purge, GError **error)
{
    StorePurge purge = {0};
    gint64 none = 0;
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL &&
                  count(db, STATEMENT_PURGE_PLAN, workspace_id, connection_id, &purge.repositories,
                        &purge.pull_requests, error) &&
                  count(db, STATEMENT_PURGE_KEPT, workspace_id, connection_id,
                        &purge.kept_repositories, &purge.kept_pull_requests, error) &&
                  count(db, STATEMENT_PURGE_AUDIT, workspace_id, connection_id, &purge.audit_rows,
                        &none, error);
    store_reader_done(store, db);
    if (ok)
        *ret_purge = purge;
    return ok;
}

gboolean store_begin_purge(StoreTx *tx, gint64 workspace_id, gint64 connection_id, GError **error)
{
    tx->facts_altered = TRUE;
    return db_run(tx->db, STATEMENT_PURGE_MARK,
                  DB_PARAMS(db_integer(workspace_id), db_integer(connection_id)), NULL, error) &&
           store_put_setting(tx, workspace_id, STORE_PURGE_KEY, "1", error) &&
           store_delete_connection(tx, workspace_id, connection_id, error);
}

/* ---- one repository */

static gpointer read_id(DbRows *rows)
{
    gint64 id = db_column_integer(rows, 0);
    return g_memdup2(&id, sizeof id);
}

GArray *store_list_purges(Store *store, GError **error)
{
    g_autoptr(GPtrArray) list =
        store_list(store, STATEMENT_PURGE_WORKSPACES, DB_NO_PARAMS, read_id, g_free, error);
    if (list == NULL)
        return NULL;
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < list->len; i++)
        g_array_append_vals(ids, list->pdata[i], 1);
    return ids;
}

GPtrArray *store_list_purging(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_PURGE_LIST, DB_PARAMS(db_integer(workspace_id)),
                      store_read_repository, (GDestroyNotify) store_repository_free, error);
}

static gboolean delete_some(StoreTx *tx, const StatementId *parts, gsize n, gint64 workspace_id,
                            gint64 repository_id, gint64 *deleted, GError **error)
{
    const DbValue params[] = {db_integer(workspace_id), db_integer(repository_id),
                              db_integer(KEYS_PER_STEP)};
    for (gsize i = 0; i < n; i++) {
        gint64 affected = 0;
        if (!db_run(tx->db, parts[i], params, G_N_ELEMENTS(params), &affected, error))
            return FALSE;
        *deleted += affected;
    }
    return TRUE;
}

/* The repository itself; one that another connection has found meanwhile begins anew. */
static gboolean delete_rest(StoreTx *tx, gint64 workspace_id, gint64 repository_id, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id)};
    gint64 seen = 0, none = 0;
    return db_run(tx->db, STATEMENT_PURGE_CURSORS, key, 2, NULL, error) &&
           count(tx->db, STATEMENT_PURGE_SEEN, workspace_id, repository_id, &seen, &none, error) &&
           (seen > 0 ? db_run(tx->db, STATEMENT_PURGE_SPARE, key, 2, NULL, error)
                     : db_run(tx->db, STATEMENT_PURGE_RULES, key, 2, NULL, error) &&
                           db_run(tx->db, STATEMENT_PURGE_REPOSITORY, key, 2, NULL, error));
}

gboolean store_step_purge(Store *store, gint64 workspace_id, gint64 repository_id,
                          gboolean *ret_done, GError **error)
{
    gint64 deleted = 0;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    tx->facts_altered = TRUE;
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS) && deleted < ROWS_PER_STEP; i++)
        if (!delete_some(tx, &PARTS[i], 1, workspace_id, repository_id, &deleted, error))
            return FALSE;
    if (deleted < ROWS_PER_STEP &&
        !(delete_some(tx, FINDINGS, G_N_ELEMENTS(FINDINGS), workspace_id, repository_id, &deleted,
                      error) &&
          delete_some(tx, (const StatementId[]){STATEMENT_PURGE_EVIDENCE}, 1, workspace_id,
                      repository_id, &deleted, error)))
        return FALSE;
    if ((deleted == 0 && !delete_rest(tx, workspace_id, repository_id, error)) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    *ret_done = deleted == 0;
    return TRUE;
}

/* ---- people */

static gboolean delete_person(StoreTx *tx, gint64 workspace_id, gint64 person_id, GError **error)
{
    static const StatementId STATEMENTS[] = {STATEMENT_PURGE_IDENTITY, STATEMENT_PURGE_ACCOUNT,
                                             STATEMENT_PURGE_ALIAS, STATEMENT_PURGE_PERSON};
    const DbValue key[] = {db_integer(workspace_id), db_integer(person_id)};
    for (gsize i = 0; i < G_N_ELEMENTS(STATEMENTS); i++)
        if (!db_run(tx->db, STATEMENTS[i], key, 2, NULL, error))
            return FALSE;
    return TRUE;
}

static gboolean delete_people(Store *store, gint64 workspace_id, const GPtrArray *people,
                              GError **error)
{
    for (guint from = 0; from < people->len; from += PEOPLE_PER_STEP) {
        g_autoptr(StoreTx) tx = store_begin(store, error);
        if (tx == NULL)
            return FALSE;
        tx->people_altered = tx->facts_altered = TRUE;
        for (guint i = from; i < people->len && i < from + PEOPLE_PER_STEP; i++)
            if (!delete_person(tx, workspace_id, *(const gint64 *) people->pdata[i], error))
                return FALSE;
        if (!store_commit(g_steal_pointer(&tx), error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_end_purge(Store *store, gint64 workspace_id, GError **error)
{
    GError *failure = NULL;
    g_autofree char *pending = store_get_setting(store, workspace_id, STORE_PURGE_KEY, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (pending == NULL)
        return TRUE;
    g_autoptr(GPtrArray) people = store_list(
        store, STATEMENT_PURGE_PEOPLE, DB_PARAMS(db_integer(workspace_id)), read_id, g_free, error);
    if (people == NULL || !delete_people(store, workspace_id, people, error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL &&
           db_run(tx->db, STATEMENT_PURGE_PROJECTS, DB_PARAMS(db_integer(workspace_id)), NULL,
                  error) &&
           store_put_setting(tx, workspace_id, STORE_PURGE_KEY, NULL, error) &&
           store_commit(g_steal_pointer(&tx), error);
}
