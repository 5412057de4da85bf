/* Events of pull requests. The natural key is told beside the table in 0001_initial.sql. */
#include "store/inside.h"

typedef struct {
    StoreTx *tx;
    gint64 workspace_id, repository_id;
    gint64 nobody; /* the deleted person */
    People *people;
    GStringChunk *texts;
} Batch;

/* Places in a row of the declared table. */
enum { NUMBER = 2, KIND, AT_KEY, ACTOR_KEY, DETAIL, AT, ACTOR, N_COLUMNS = 19 };

static gboolean is_comment(const PrEvent *event)
{
    return event->kind == PR_EVENT_COMMENTED && event->comment_id != COUNT_ABSENT;
}

static const char *detail_number(Batch *batch, gint64 number)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    return g_string_chunk_insert(batch->texts, text);
}

static void add_row(Batch *batch, const PrEvent *event, GArray *rows)
{
    gint64 actor_id = people_see(batch->people, &event->actor, event->at);
    gint64 subject_id = COUNT_ABSENT;
    const char *detail = "";
    if (event->kind == PR_EVENT_REVIEWER_ADDED || event->kind == PR_EVENT_REVIEWER_REMOVED) {
        subject_id = people_see(batch->people, &event->subject, event->at);
        detail = detail_number(batch, subject_id);
    } else if (is_comment(event)) {
        detail = detail_number(batch, event->comment_id);
    }
    bulk_rows_add(rows, BULK_PR_EVENT,
                  DB_PARAMS(db_integer(batch->workspace_id), db_integer(batch->repository_id),
                            db_integer(event->number), db_integer(event->kind),
                            is_comment(event) ? db_integer(0) : db_optional(event->at),
                            db_integer(is_comment(event) ? 0 : actor_id), db_text(detail),
                            db_optional(event->at), db_integer(actor_id), db_optional(subject_id),
                            db_text(event->source_hash), db_text(event->destination_hash),
                            db_optional(event->comment_id), db_optional(event->parent_comment_id),
                            db_text(event->inline_path), db_optional(event->inline_line),
                            db_optional(event->comment_length), db_flag(event->deleted),
                            db_optional(event->resolved)));
}

/* ---- events whose actor's account was closed between two readings */

/* The event is here already, with its actor's name. */
static gboolean has_named_twin(Batch *batch, const DbValue *row, gboolean *ret_has, GError **error)
{
    gint64 n = 0;
    if (!db_get_integer(batch->tx->db, STATEMENT_EVENT_NAMED_TWIN,
                        DB_PARAMS(row[0], row[1], row[NUMBER], row[KIND], row[AT_KEY],
                                  db_integer(batch->nobody), row[DETAIL]),
                        0, &n, error))
        return FALSE;
    *ret_has = n > 0;
    return TRUE;
}

/* The row now has its actor's name: drop what nobody did at that instant, or give the comment its
 * author. */
static gboolean settle_name(Batch *batch, const DbValue *row, BulkOutcome *outcome, GError **error)
{
    if (row[ACTOR].integer == batch->nobody)
        return TRUE;
    if (row[ACTOR_KEY].integer != 0)
        return *outcome != BULK_INSERTED ||
               db_run(batch->tx->db, STATEMENT_EVENT_DROP_NAMELESS_TWIN,
                      DB_PARAMS(row[0], row[1], row[NUMBER], row[KIND], row[AT_KEY],
                                db_integer(batch->nobody), row[DETAIL]),
                      NULL, error);
    if (*outcome == BULK_INSERTED)
        return TRUE;
    gint64 affected = 0;
    if (!db_run(batch->tx->db, STATEMENT_EVENT_NAME_ACTOR,
                DB_PARAMS(row[0], row[1], row[NUMBER], row[KIND], row[DETAIL],
                          db_integer(batch->nobody), row[ACTOR]),
                &affected, error))
        return FALSE;
    if (affected > 0)
        *outcome = BULK_CHANGED;
    return TRUE;
}

static GArray *collect(Batch *batch, const PrEvent *records, gsize n, GError **error)
{
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        if (records[i].pending) /* only its author sees it yet */
            continue;
        add_row(batch, &records[i], rows);
        const DbValue *row = &g_array_index(rows, DbValue, rows->len - N_COLUMNS);
        if (row[ACTOR_KEY].integer != batch->nobody)
            continue;
        gboolean has = FALSE;
        if (!has_named_twin(batch, row, &has, error))
            return NULL;
        if (has)
            g_array_set_size(rows, rows->len - N_COLUMNS);
    }
    return g_steal_pointer(&rows);
}

/* ---- writing */

static gboolean finish(Batch *batch, const GArray *rows, BulkOutcome *outcomes,
                       StoreChanges *changes, GError **error)
{
    g_autoptr(GHashTable) marked = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < rows->len / N_COLUMNS; i++) {
        const DbValue *row = &g_array_index(rows, DbValue, i * N_COLUMNS);
        if (!settle_name(batch, row, &outcomes[i], error))
            return FALSE;
        changes->inserted += outcomes[i] == BULK_INSERTED;
        changes->changed += outcomes[i] == BULK_CHANGED;
        if (outcomes[i] == BULK_UNCHANGED ||
            !g_hash_table_add(marked, (gpointer) &row[NUMBER].integer))
            continue;
        if (!store_mark_todo(batch->tx, batch->workspace_id, batch->repository_id,
                             row[NUMBER].integer, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_put_events(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                          const PrEvent *records, gsize n, StoreChanges *changes, GError **error)
{
    g_autoptr(People) people = people_new(workspace_id);
    Batch batch = {tx,
                   workspace_id,
                   repository_id,
                   store_deleted_person(workspace_id),
                   people,
                   g_string_chunk_new(1024)};
    g_autoptr(GArray) rows = collect(&batch, records, n, error);
    g_autofree BulkOutcome *outcomes = g_new0(BulkOutcome, n + 1);
    gboolean ok = rows != NULL && bulk_upsert(tx->db, BULK_PR_EVENT, rows, outcomes, NULL, error) &&
                  finish(&batch, rows, outcomes, changes, error) && people_put(people, tx, error);
    g_string_chunk_free(batch.texts);
    return ok;
}

/* ---- comments that are gone */

/* Those that a pull request has here, not counting deleted ones. */
static GArray *list_comments(StoreTx *tx, const DbValue key[3], GError **error)
{
    g_autoptr(DbRows) rows = db_query(tx->db, STATEMENT_EVENT_COMMENTS, key, 3, error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    while (db_rows_next(rows)) {
        gint64 id = db_column_integer(rows, 0);
        g_array_append_val(ids, id);
    }
    return db_rows_end(rows, error) ? g_steal_pointer(&ids) : NULL;
}

gboolean store_delete_missing_comments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                       gint64 number, const gint64 *present, gsize n,
                                       StoreChanges *changes, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(repository_id), db_integer(number)};
    g_autoptr(GArray) ids = list_comments(tx, key, error);
    if (ids == NULL)
        return FALSE;
    g_autoptr(GHashTable) shown = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (gsize i = 0; i < n; i++)
        g_hash_table_add(shown, (gpointer) &present[i]);
    gint64 altered = 0;
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = g_array_index(ids, gint64, i), affected = 0;
        if (g_hash_table_contains(shown, &id))
            continue;
        if (!db_run(tx->db, STATEMENT_EVENT_DELETE_COMMENT,
                    DB_PARAMS(key[0], key[1], key[2], db_integer(id)), &affected, error))
            return FALSE;
        altered += affected;
    }
    changes->changed += altered;
    return altered == 0 || store_mark_todo(tx, workspace_id, repository_id, number, error);
}

gboolean store_reopen_comments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               gint64 number, const gint64 *unresolved, gsize n,
                               StoreChanges *changes, GError **error)
{
    gint64 altered = 0;
    for (gsize i = 0; i < n; i++) {
        gint64 affected = 0;
        if (!db_run(tx->db, STATEMENT_EVENT_REOPEN_COMMENT,
                    DB_PARAMS(db_integer(workspace_id), db_integer(repository_id),
                              db_integer(number), db_integer(unresolved[i])),
                    &affected, error))
            return FALSE;
        altered += affected;
    }
    changes->changed += altered;
    return altered == 0 || store_mark_todo(tx, workspace_id, repository_id, number, error);
}
