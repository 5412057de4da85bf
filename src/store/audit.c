/* The merge audit log: rows chained by hashes, and the list of merges to look at. */
#include "store/inside.h"

#include <string.h>

/* ---- the chain */

static void hash_text(GChecksum *checksum, const char *text)
{
    g_checksum_update(checksum, (const guchar *) text, -1);
    g_checksum_update(checksum, (const guchar *) "\n", 1);
}

static void hash_integer(GChecksum *checksum, gint64 value)
{
    char text[24] = "";
    if (value != COUNT_ABSENT)
        g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, value);
    hash_text(checksum, text);
}

char *store_audit_hash(gint64 workspace_id, const StoreAuditRow *row)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    hash_text(checksum, row->previous);
    hash_integer(checksum, workspace_id);
    hash_integer(checksum, row->seq);
    hash_text(checksum, row->kind);
    hash_integer(checksum, row->repository_id);
    hash_integer(checksum, row->number);
    hash_integer(checksum, row->refers_to);
    hash_integer(checksum, row->recorded);
    g_checksum_update(checksum, (const guchar *) row->body, -1);
    return g_strdup(g_checksum_get_string(checksum));
}

typedef struct {
    gint64 seq;
    char *hash;
} Head;

/* The newest row; seq 0: none. */
static gboolean read_newest(StoreTx *tx, gint64 workspace_id, Head *ret_head, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_AUDIT_NEWEST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    Head head = {0, NULL};
    if (db_rows_next(rows))
        head = (Head){db_column_integer(rows, 0), db_column_copy(rows, 1)};
    if (!db_rows_end(rows, error)) {
        g_free(head.hash);
        return FALSE;
    }
    if (head.hash == NULL)
        head.hash = g_strdup(AUDIT_FIRST);
    *ret_head = head;
    return TRUE;
}

/* What was kept apart when the newest row was written must still be the newest row. */
static gboolean check_head(StoreTx *tx, gint64 workspace_id, const Head *head, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_SETTING_GET,
                 DB_PARAMS(db_integer(workspace_id), db_text(AUDIT_HEAD_KEY)), error);
    if (rows == NULL)
        return FALSE;
    g_autofree char *kept = db_rows_next(rows) ? db_column_copy(rows, 0) : NULL;
    if (!db_rows_end(rows, error))
        return FALSE;
    g_autofree char *found = g_strdup_printf("%" G_GINT64_FORMAT " %s", head->seq, head->hash);
    if (kept == NULL ? head->seq == 0 : strcmp(kept, found) == 0)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE,
                        "The merge audit log does not end where it did when it was last written; "
                        "nothing is added to it. 'plumbline audit verify' says what was altered; a "
                        "backup has the log as it was.");
    return FALSE;
}

static gboolean insert(StoreTx *tx, gint64 workspace_id, const StoreAuditRow *row, GError **error)
{
    return db_run(tx->db, STATEMENT_AUDIT_INSERT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(row->seq), db_text(row->kind),
                            db_integer(row->repository_id), db_integer(row->number),
                            db_optional(row->refers_to), db_integer(row->recorded),
                            db_text(row->body), db_text(row->previous), db_text(row->hash)),
                  NULL, error);
}

gboolean store_append_audit(StoreTx *tx, gint64 workspace_id, const StoreAuditRow *row,
                            gint64 *ret_seq, GError **error)
{
    Head head;
    if (!read_newest(tx, workspace_id, &head, error))
        return FALSE;
    g_autofree char *previous = head.hash;
    if (!check_head(tx, workspace_id, &head, error))
        return FALSE;
    StoreAuditRow full = *row;
    full.seq = head.seq + 1;
    full.previous = previous;
    g_autofree char *hash = store_audit_hash(workspace_id, &full);
    full.hash = hash;
    g_autofree char *kept = g_strdup_printf("%" G_GINT64_FORMAT " %s", full.seq, hash);
    if (!insert(tx, workspace_id, &full, error) ||
        !store_put_setting(tx, workspace_id, AUDIT_HEAD_KEY, kept, error))
        return FALSE;
    *ret_seq = full.seq;
    return TRUE;
}

/* ---- reading */

/* A text that was altered to hold a NUL would end there for us, and what stands behind it would not
 * be seen: such a text reads as none, which no hash fits. */
static const char *text_of(DbRows *rows, guint column)
{
    gsize length = 0;
    const char *text = db_column_text(rows, column);
    db_column_blob(rows, column, &length);
    return text != NULL && strlen(text) == length ? text : "";
}

static gboolean visit(Db *db, StatementId statement, gint64 workspace_id, gint64 seq,
                      StoreAuditVisitor visitor, gpointer user_data, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, statement, DB_PARAMS(db_integer(workspace_id), db_integer(seq)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        const StoreAuditRow row = {
            .seq = db_column_integer(rows, 0),
            .kind = text_of(rows, 1),
            .repository_id = db_column_integer(rows, 2),
            .number = db_column_integer(rows, 3),
            .refers_to = db_column_optional(rows, 4),
            .recorded = db_column_integer(rows, 5),
            .body = text_of(rows, 6),
            .previous = text_of(rows, 7),
            .hash = text_of(rows, 8),
        };
        if (!visitor(&row, user_data, error))
            return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_visit_audit_after(Store *store, gint64 workspace_id, gint64 after,
                                 StoreAuditVisitor visitor, gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL &&
                  visit(db, STATEMENT_AUDIT_LIST, workspace_id, after, visitor, user_data, error);
    store_reader_done(store, db);
    return ok;
}

/* A row that somebody put before the first one is to be seen as well. */
gboolean store_visit_audit(Store *store, gint64 workspace_id, StoreAuditVisitor visitor,
                           gpointer user_data, GError **error)
{
    return store_visit_audit_after(store, workspace_id, G_MININT64, visitor, user_data, error);
}

gboolean store_visit_audit_rows(Store *store, gint64 workspace_id, const GArray *seqs,
                                StoreAuditVisitor visitor, gpointer user_data, GError **error)
{
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL;
    for (guint i = 0; ok && i < seqs->len; i++)
        ok = visit(db, STATEMENT_AUDIT_ROW, workspace_id, g_array_index(seqs, gint64, i), visitor,
                   user_data, error);
    store_reader_done(store, db);
    return ok;
}

char *store_get_audit_body(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                           gint64 *ret_first_seq, GError **error)
{
    g_autoptr(DbRows) rows = db_query(
        tx->db, STATEMENT_AUDIT_OF_PULL_REQUEST,
        DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number)), error);
    if (rows == NULL)
        return NULL;
    g_autofree char *body = NULL;
    gint64 first = 0;
    if (db_rows_next(rows)) {
        body = db_column_copy(rows, 0);
        first = db_column_integer(rows, 1);
    }
    if (!db_rows_end(rows, error))
        return NULL;
    if (body != NULL)
        *ret_first_seq = first;
    return g_steal_pointer(&body);
}

/* ---- what to look at */

gboolean store_mark_audit(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                          GError **error)
{
    gint64 generation = 0;
    return store_generation(tx, &generation, error) &&
           db_run(tx->db, STATEMENT_AUDIT_TODO_ADD,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number),
                            db_integer(generation)),
                  NULL, error);
}

static GArray *list_todo(Db *db, gint64 workspace_id, gint64 limit, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_AUDIT_TODO_LIST,
                 DB_PARAMS(db_integer(workspace_id), db_integer(limit)), error);
    if (rows == NULL)
        return NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(StoreAuditTodo));
    while (db_rows_next(rows)) {
        const StoreAuditTodo todo = {db_column_integer(rows, 0), db_column_integer(rows, 1),
                                     db_column_integer(rows, 2), db_column_optional(rows, 3)};
        g_array_append_val(list, todo);
    }
    return db_rows_end(rows, error) ? g_steal_pointer(&list) : NULL;
}

GArray *store_list_audit_todo(Store *store, gint64 workspace_id, gint64 limit, GError **error)
{
    Db *db = store_reader(store, error);
    GArray *list = db != NULL ? list_todo(db, workspace_id, limit, error) : NULL;
    store_reader_done(store, db);
    return list;
}

gboolean store_audit_done(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                          gint64 generation, GError **error)
{
    return db_run(tx->db, STATEMENT_AUDIT_TODO_DONE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(repository_id), db_integer(number),
                            db_integer(generation)),
                  NULL, error);
}
