/*
 * audit: the merge audit log as rows, chained by hashes. Part of the store's public header; see
 * store.h for what holds everywhere.
 *
 * Rows are only ever appended. hash = SHA-256, in lower-case hex, over the lines
 *   previous, workspace_id, seq, kind, repository_id, number, refers_to ("" when NULL), recorded_at
 * each ended by a newline, followed by the body; numbers in decimal, times in microseconds. The
 * first row's previous is 64 zeros, seq counts from 1. The newest seq and hash are also kept apart,
 * as the setting AUDIT_HEAD_KEY ("SEQ HASH"), so that rows missing at the end are found.
 */
#pragma once

#include "store/store.h"

#define AUDIT_HASH_LENGTH 64
#define AUDIT_HEAD_KEY    "audit.head"
#define AUDIT_FIRST       "0000000000000000000000000000000000000000000000000000000000000000"

typedef struct {
    gint64 seq;
    const char *kind; /* "merge", "amendment" */
    gint64 repository_id, number;
    gint64 refers_to; /* an amendment's first row; COUNT_ABSENT otherwise */
    UtcTime recorded;
    const char *body; /* canonical JSON */
    const char *previous, *hash;
} StoreAuditRow;

/* The hash that @row should have. Free with g_free. */
char *store_audit_hash(gint64 workspace_id, const StoreAuditRow *row);

/* Appends behind the newest row: kind, repository_id, number, refers_to, recorded and body are
 * taken. STORE when the newest row is not the one kept apart: then nothing is appended until
 * somebody has looked. */
gboolean store_append_audit(StoreTx *tx, gint64 workspace_id, const StoreAuditRow *row,
                            gint64 *ret_seq, GError **error);

typedef gboolean (*StoreAuditVisitor)(const StoreAuditRow *row, gpointer user_data, GError **error);
/* By seq; the row is valid during the visit. */
gboolean store_visit_audit(Store *store, gint64 workspace_id, StoreAuditVisitor visitor,
                           gpointer user_data, GError **error);
/* Those behind row @after. */
gboolean store_visit_audit_after(Store *store, gint64 workspace_id, gint64 after,
                                 StoreAuditVisitor visitor, gpointer user_data, GError **error);
/* The rows with these numbers (gint64), in this order; what is not there is left out. */
gboolean store_visit_audit_rows(Store *store, gint64 workspace_id, const GArray *seqs,
                                StoreAuditVisitor visitor, gpointer user_data, GError **error);
/* The newest row's body of a pull request, its seq, and that of its first; NULL without error when
 * there is none. Free with g_free. */
char *store_get_audit_body(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                           gint64 *ret_first_seq, GError **error);

/* Merged pull requests whose rows changed since the log looked at them, in the order of their
 * merges. */
typedef struct {
    gint64 repository_id, number, generation;
    UtcTime released; /* by the facts; absent: not known */
} StoreAuditTodo;
GArray *store_list_audit_todo(Store *store, gint64 workspace_id, gint64 limit,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes one off the list when @generation is still the newest. */
gboolean store_audit_done(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                          gint64 generation, GError **error);
