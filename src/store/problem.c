/* What went wrong, in words for the administrator: faults of stages and records set aside. */
#include "store/inside.h"

static gboolean put(StoreTx *tx, const DbValue key[4], const char *sentence, UtcTime at,
                    gboolean is_note, GError **error)
{
    return db_run(tx->db, STATEMENT_PROBLEM_PUT,
                  DB_PARAMS(key[0], key[1], key[2], key[3], db_text(sentence), db_integer(at),
                            db_flag(is_note)),
                  NULL, error);
}

gboolean store_put_problem(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                           const char *stage, const char *code, const char *sentence, UtcTime at,
                           GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_text(stage),
                           db_text(code)};
    return put(tx, key, sentence, at, FALSE, error);
}

gboolean store_put_note(StoreTx *tx, gint64 workspace_id, gint64 repository_id, const char *stage,
                        const char *code, const char *sentence, UtcTime at, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_text(stage),
                           db_text(code)};
    return put(tx, key, sentence, at, TRUE, error);
}

gboolean store_clear_problems(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                              const char *stage, GError **error)
{
    const DbValue params[] = {db_integer(workspace_id), db_integer(repository_id), db_text(stage)};
    return stage != NULL ? db_run(tx->db, STATEMENT_PROBLEM_CLEAR, params, 3, NULL, error)
                         : db_run(tx->db, STATEMENT_PROBLEM_CLEAR_ALL, params, 2, NULL, error);
}

void store_problem_free(StoreProblem *problem)
{
    if (problem == NULL)
        return;
    g_free(problem->repository);
    g_free(problem->stage);
    g_free(problem->code);
    g_free(problem->sentence);
    g_free(problem);
}

static gpointer read_problem(DbRows *rows)
{
    StoreProblem *problem = g_new0(StoreProblem, 1);
    *problem = (StoreProblem){
        .repository_id = db_column_integer(rows, 0),
        .repository = db_column_copy(rows, 1),
        .stage = db_column_copy(rows, 2),
        .code = db_column_copy(rows, 3),
        .sentence = db_column_copy(rows, 4),
        .first = db_column_integer(rows, 5),
        .last = db_column_integer(rows, 6),
        .times = db_column_integer(rows, 7),
        .is_note = db_column_flag(rows, 8),
    };
    return problem;
}

GPtrArray *store_list_problems(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_PROBLEM_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_problem, (GDestroyNotify) store_problem_free, error);
}

/* ---- quarantine */

gboolean store_put_quarantined(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const Quarantined *records, gsize n, GError **error)
{
    for (gsize i = 0; i < n; i++) {
        const Quarantined *record = &records[i];
        if (!db_run(tx->db, STATEMENT_QUARANTINE_PUT,
                    DB_PARAMS(
                        db_integer(workspace_id), db_integer(repository_id), db_text(record->kind),
                        db_text(record->key != NULL ? record->key : ""), db_text(record->reason),
                        db_text(record->snippet != NULL ? record->snippet : "")),
                    NULL, error))
            return FALSE;
    }
    return TRUE;
}

void store_quarantined_free(StoreQuarantined *quarantined)
{
    if (quarantined == NULL)
        return;
    g_free(quarantined->repository);
    g_free(quarantined->kind);
    g_free(quarantined->key);
    g_free(quarantined->reason);
    g_free(quarantined->snippet);
    g_free(quarantined);
}

static gpointer read_quarantined(DbRows *rows)
{
    StoreQuarantined *quarantined = g_new0(StoreQuarantined, 1);
    *quarantined = (StoreQuarantined){
        .repository_id = db_column_integer(rows, 0),
        .repository = db_column_copy(rows, 1),
        .kind = db_column_copy(rows, 2),
        .key = db_column_copy(rows, 3),
        .reason = db_column_copy(rows, 4),
        .snippet = db_column_copy(rows, 5),
    };
    return quarantined;
}

GPtrArray *store_list_quarantined(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_QUARANTINE_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_quarantined, (GDestroyNotify) store_quarantined_free, error);
}
