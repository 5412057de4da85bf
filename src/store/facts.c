/* Facts: derived rows, written by the measure room and read back whole. */
#include "store/facts.h"

#include "store/inside.h"

/* ---- writing */

#define VALUE_KEY(field)           db_integer(record->field)
#define VALUE_INTEGER(field)       db_integer(record->field)
#define VALUE_OPTIONAL(field)      db_optional(record->field)
#define VALUE_LATER(field)         db_optional(record->field)
#define VALUE_NAME(field)          db_text(record->field)
#define VALUE_FLAG(field)          db_flag(record->field)
#define VALUE_TEXT(field)          db_text(record->field)
#define VALUE_STATE(field)         db_text(model_state_name(record->field))
#define VALUE(kind, column, field) , VALUE_##kind(field)

static gboolean put_fact(StoreTx *tx, gint64 workspace_id, const FactPr *record,
                         StoreChanges *changes, GError **error)
{
    g_autoptr(GArray) rows = bulk_rows_new();
    bulk_rows_add(rows, BULK_FACT_PR, DB_PARAMS(db_integer(workspace_id) FACT_PR_TABLE(VALUE)));
    return bulk_upsert(tx->db, BULK_FACT_PR, rows, NULL, changes, error);
}

static gboolean put_reviews(StoreTx *tx, gint64 workspace_id, const FactPr *fact,
                            const FactReview *reviews, gsize n, gint64 *ret_altered, GError **error)
{
    const DbValue prefix[] = {db_integer(workspace_id), db_integer(fact->repository_id),
                              db_integer(fact->number)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        const FactReview *record = &reviews[i];
        bulk_rows_add(rows, BULK_FACT_REVIEW,
                      DB_PARAMS(db_integer(workspace_id) FACT_REVIEW_TABLE(VALUE)));
    }
    return bulk_replace(tx->db, BULK_FACT_REVIEW, prefix, rows, ret_altered, NULL, error);
}

gboolean store_put_facts(StoreTx *tx, gint64 workspace_id, const FactPr *fact,
                         const FactReview *reviews, gsize n_reviews, gint64 generation,
                         GError **error)
{
    StoreChanges changes = {0};
    gint64 altered = 0;
    if (!put_fact(tx, workspace_id, fact, &changes, error) ||
        !put_reviews(tx, workspace_id, fact, reviews, n_reviews, &altered, error))
        return FALSE;
    if (changes.inserted + changes.changed + altered > 0)
        tx->facts_altered = TRUE;
    if (fact->merged != TIME_ABSENT &&
        !store_mark_audit(tx, workspace_id, fact->repository_id, fact->number, error))
        return FALSE;
    if (changes.inserted + changes.changed > 0 && fact->merged != TIME_ABSENT &&
        !store_mark_delivery(tx, workspace_id, fact->repository_id, error))
        return FALSE;
    /* Also where the facts are as before: a build or a task may be another. */
    gint64 own = 0;
    return store_generation(tx, &own, error) &&
           db_run(tx->db, STATEMENT_FINDING_TODO_ADD,
                  DB_PARAMS(db_integer(workspace_id), db_integer(fact->repository_id),
                            db_integer(fact->number), db_integer(own)),
                  NULL, error) &&
           db_run(tx->db, STATEMENT_TODO_DONE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(fact->repository_id),
                            db_integer(fact->number), db_integer(generation)),
                  NULL, error);
}

/* ---- deployments */

gboolean facts_put_deployments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const FactDeployment *facts, gsize n, GError **error)
{
    const DbValue prefix[] = {db_integer(workspace_id), db_integer(repository_id)};
    g_autoptr(GArray) rows = bulk_rows_new();
    gint64 altered = 0;
    for (gsize i = 0; i < n; i++) {
        const FactDeployment *record = &facts[i];
        bulk_rows_add(rows, BULK_FACT_DEPLOYMENT,
                      DB_PARAMS(db_integer(workspace_id) FACT_DEPLOYMENT_TABLE(VALUE)));
    }
    if (!bulk_replace(tx->db, BULK_FACT_DEPLOYMENT, prefix, rows, &altered, NULL, error))
        return FALSE;
    if (altered > 0)
        tx->facts_altered = TRUE;
    return TRUE;
}

/* ---- reading */

#define READ_KEY                 db_column_integer
#define READ_INTEGER             db_column_integer
#define READ_OPTIONAL            db_column_optional
#define READ_LATER               db_column_optional
#define READ_NAME                db_column_text
#define READ_FLAG                db_column_flag
#define READ_TEXT                db_column_text
#define READ_STATE               read_state
#define READ(kind, column, name) record->name = READ_##kind(rows, i++);

static PullRequestState read_state(DbRows *rows, guint column)
{
    return model_state_from_name(db_column_text(rows, column));
}

static void read_fact(DbRows *rows, FactPr *record)
{
    guint i = 1; /* workspace_id is first */
    FACT_PR_TABLE(READ)
}

static void read_review(DbRows *rows, FactReview *record)
{
    guint i = 1;
    FACT_REVIEW_TABLE(READ)
}

static void read_deployment(DbRows *rows, FactDeployment *record)
{
    guint i = 1;
    FACT_DEPLOYMENT_TABLE(READ)
}

static gboolean visit_facts(Db *db, gint64 workspace_id, StoreFactVisitor visitor,
                            gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_FACT_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    FactPr fact;
    while (db_rows_next(rows)) {
        read_fact(rows, &fact);
        if (!visitor(&fact, user_data, error))
            return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_visit_facts(Store *store, gint64 workspace_id, StoreFactVisitor visitor,
                           gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && visit_facts(db, workspace_id, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}

static gboolean visit_reviews(Db *db, gint64 workspace_id, StoreReviewVisitor visitor,
                              gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_REVIEW_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    FactReview review;
    while (db_rows_next(rows)) {
        read_review(rows, &review);
        if (!visitor(&review, user_data, error))
            return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_visit_reviews(Store *store, gint64 workspace_id, StoreReviewVisitor visitor,
                             gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && visit_reviews(db, workspace_id, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}

static gboolean visit_deployments(Db *db, gint64 workspace_id, StoreFactDeploymentVisitor visitor,
                                  gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_DELIVERY_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    FactDeployment fact;
    while (db_rows_next(rows)) {
        read_deployment(rows, &fact);
        if (!visitor(&fact, user_data, error))
            return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_visit_fact_deployments(Store *store, gint64 workspace_id,
                                      StoreFactDeploymentVisitor visitor, gpointer user_data,
                                      GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && visit_deployments(db, workspace_id, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}
