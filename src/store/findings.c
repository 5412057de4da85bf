/* Findings, their lives, mutes and settings of rules; and which pull requests to evaluate. */
#include "store/inside.h"

#include <string.h>

static const char *const STATES[FINDING_STATE_COUNT] = {"open", "acknowledged", "snoozed",
                                                        "resolved", "dismissed"};

const char *finding_state_name(FindingState state)
{
    return (guint) state < FINDING_STATE_COUNT ? STATES[state] : "unknown";
}

gboolean finding_state_from_name(const char *name, FindingState *ret_state)
{
    for (guint i = 0; name != NULL && i < FINDING_STATE_COUNT; i++)
        if (strcmp(name, STATES[i]) == 0) {
            *ret_state = (FindingState) i;
            return TRUE;
        }
    return FALSE;
}

void store_finding_free(StoreFinding *finding)
{
    if (finding == NULL)
        return;
    for (gsize i = 0; i < finding->n_evidence; i++) {
        g_free(finding->evidence[i].text);
        g_free(finding->evidence[i].url);
    }
    g_free(finding->evidence);
    g_free(finding->rule);
    g_free(finding->subject);
    g_free(finding->severity);
    g_free(finding->what);
    g_free(finding->next);
    g_free(finding->nearest);
    g_free(finding);
}

static gpointer read_finding(DbRows *rows)
{
    StoreFinding *finding = g_new0(StoreFinding, 1);
    g_autofree char *state = db_column_copy(rows, 6);
    *finding = (StoreFinding){
        .finding_id = db_column_integer(rows, 0),
        .rule = db_column_copy(rows, 1),
        .repository_id = db_column_integer(rows, 2),
        .number = db_column_optional(rows, 3),
        .person_id = db_column_optional(rows, 4),
        .subject = db_column_copy(rows, 5),
        .severity = db_column_copy(rows, 7),
        .since = db_column_optional(rows, 8),
        .first_seen = db_column_integer(rows, 9),
        .last_seen = db_column_integer(rows, 10),
        .ended = db_column_optional(rows, 11),
        .snoozed_until = db_column_optional(rows, 12),
        .assigned_to = db_column_optional(rows, 13),
        .muted_by = db_column_optional(rows, 14),
        .reopened = db_column_integer(rows, 15),
        .what = db_column_copy(rows, 16),
        .next = db_column_copy(rows, 17),
        .nearest = db_column_copy(rows, 18),
        .evidence_in_all = db_column_integer(rows, 19),
    };
    if (!finding_state_from_name(state, &finding->state))
        finding->state = FINDING_OPEN;
    return finding;
}

/* ---- reading */

/* Takes the rows of @statement, read inside @db, into @list. */
static gboolean read_findings(Db *db, StatementId statement, const DbValue *params, gsize n_params,
                              GPtrArray *list, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, statement, params, n_params, error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows))
        g_ptr_array_add(list, read_finding(rows));
    return db_rows_end(rows, error);
}

static void take_evidence(DbRows *rows, GArray *evidence)
{
    StoreEvidence piece = {
        .repository_id = db_column_integer(rows, 1),
        .number = db_column_optional(rows, 2),
        .person_id = db_column_optional(rows, 3),
        .at = db_column_optional(rows, 4),
        .text = db_column_copy(rows, 5),
        .url = db_column_copy(rows, 6),
    };
    g_array_append_val(evidence, piece);
}

static void give_evidence(StoreFinding *finding, GArray *evidence)
{
    finding->n_evidence = evidence->len;
    finding->evidence = g_memdup2(evidence->data, evidence->len * sizeof(StoreEvidence));
    g_array_set_size(evidence, 0);
}

/* Both lists are by id. */
static gboolean read_evidence(Db *db, StatementId statement, const DbValue *params, gsize n_params,
                              GPtrArray *list, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, statement, params, n_params, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(StoreEvidence));
    guint i = 0;
    while (db_rows_next(rows)) {
        gint64 id = db_column_integer(rows, 0);
        while (i < list->len && ((StoreFinding *) list->pdata[i])->finding_id < id)
            give_evidence(list->pdata[i++], pieces);
        if (i < list->len && ((StoreFinding *) list->pdata[i])->finding_id == id)
            take_evidence(rows, pieces);
    }
    if (i < list->len)
        give_evidence(list->pdata[i], pieces);
    return db_rows_end(rows, error);
}

GPtrArray *store_list_findings(Store *store, gint64 workspace_id, UtcTime ended_since,
                               GError **error)
{
    const DbValue params[] = {db_integer(workspace_id), db_integer(ended_since)};
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify) store_finding_free);
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_begin(db, DB_SNAPSHOT, error);
    if (ok) {
        ok = read_findings(db, STATEMENT_FINDING_LIST, params, 2, list, error) &&
             read_evidence(db, STATEMENT_FINDING_EVIDENCE_LIST, params, 2, list, error);
        db_rollback(db);
    }
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&list) : NULL;
}

StoreFinding *store_get_finding(Store *store, gint64 workspace_id, gint64 finding_id,
                                GError **error)
{
    const DbValue params[] = {db_integer(workspace_id), db_integer(finding_id)};
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify) store_finding_free);
    Db *db = store_reader(store, error);
    gboolean ok = db != NULL && db_begin(db, DB_SNAPSHOT, error);
    if (ok) {
        ok = read_findings(db, STATEMENT_FINDING_GET, params, 2, list, error) &&
             read_evidence(db, STATEMENT_FINDING_EVIDENCE_GET, params, 2, list, error);
        db_rollback(db);
    }
    store_reader_done(store, db);
    if (ok && list->len == 0)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "There is no such finding.");
    return ok && list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *store_tx_list_holding(StoreTx *tx, gint64 workspace_id, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify) store_finding_free);
    return read_findings(tx->db, STATEMENT_FINDING_LIST,
                         DB_PARAMS(db_integer(workspace_id), db_integer(STORE_ENDED_NEVER)), list,
                         error)
               ? g_steal_pointer(&list)
               : NULL;
}

StoreFinding *store_tx_get_finding(StoreTx *tx, gint64 workspace_id, gint64 finding_id,
                                   GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify) store_finding_free);
    return read_findings(tx->db, STATEMENT_FINDING_GET,
                         DB_PARAMS(db_integer(workspace_id), db_integer(finding_id)), list,
                         error) &&
                   list->len > 0
               ? g_ptr_array_steal_index(list, 0)
               : NULL;
}

/* ---- writing */

gboolean store_put_finding(StoreTx *tx, gint64 workspace_id, const StoreFinding *finding,
                           GError **error)
{
    g_autoptr(GArray) rows = bulk_rows_new();
    bulk_rows_add(rows, BULK_FINDING,
                  DB_PARAMS(db_integer(workspace_id), db_integer(finding->finding_id),
                            db_text(finding->rule), db_integer(finding->repository_id),
                            db_optional(finding->number), db_optional(finding->person_id),
                            db_text(finding->subject), db_text(finding_state_name(finding->state)),
                            db_text(finding->severity), db_optional(finding->since),
                            db_integer(finding->first_seen), db_integer(finding->last_seen),
                            db_optional(finding->ended), db_optional(finding->snoozed_until),
                            db_optional(finding->assigned_to), db_optional(finding->muted_by),
                            db_integer(finding->reopened), db_text(finding->what),
                            db_text(finding->next), db_text(finding->nearest),
                            db_integer(finding->evidence_in_all)));
    return bulk_upsert(tx->db, BULK_FINDING, rows, NULL, NULL, error);
}

gboolean store_put_evidence(StoreTx *tx, gint64 workspace_id, gint64 finding_id,
                            const StoreEvidence *evidence, gsize n, GError **error)
{
    const DbValue prefix[] = {db_integer(workspace_id), db_integer(finding_id)};
    g_autoptr(GArray) rows = bulk_rows_new();
    for (gsize i = 0; i < n; i++) {
        const StoreEvidence *piece = &evidence[i];
        bulk_rows_add(rows, BULK_FINDING_EVIDENCE,
                      DB_PARAMS(db_integer(workspace_id), db_integer(finding_id),
                                db_integer((gint64) i), db_integer(piece->repository_id),
                                db_optional(piece->number), db_optional(piece->person_id),
                                db_optional(piece->at), db_text(piece->text), db_text(piece->url)));
    }
    return bulk_replace(tx->db, BULK_FINDING_EVIDENCE, prefix, rows, NULL, NULL, error);
}

/* ---- history */

void store_finding_event_free(StoreFindingEvent *event)
{
    if (event == NULL)
        return;
    g_free(event->kind);
    g_free(event->actor);
    g_free(event->note);
    g_free(event);
}

gboolean store_add_finding_event(StoreTx *tx, gint64 workspace_id, gint64 finding_id, UtcTime at,
                                 const char *kind, const char *actor, const char *note,
                                 GError **error)
{
    gint64 position = 0;
    const DbValue key[] = {db_integer(workspace_id), db_integer(finding_id)};
    return db_get_integer(tx->db, STATEMENT_FINDING_EVENT_LAST, key, 2, 0, &position, error) &&
           db_run(tx->db, STATEMENT_FINDING_EVENT_ADD,
                  DB_PARAMS(key[0], key[1], db_integer(position + 1), db_integer(at), db_text(kind),
                            db_text(actor), db_text(note)),
                  NULL, error);
}

static gpointer read_event(DbRows *rows)
{
    StoreFindingEvent *event = g_new0(StoreFindingEvent, 1);
    event->at = db_column_integer(rows, 0);
    event->kind = db_column_copy(rows, 1);
    event->actor = db_column_copy(rows, 2);
    event->note = db_column_copy(rows, 3);
    return event;
}

GPtrArray *store_list_finding_events(Store *store, gint64 workspace_id, gint64 finding_id,
                                     GError **error)
{
    return store_list(store, STATEMENT_FINDING_EVENT_LIST,
                      DB_PARAMS(db_integer(workspace_id), db_integer(finding_id)), read_event,
                      (GDestroyNotify) store_finding_event_free, error);
}
