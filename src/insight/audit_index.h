/*
 * audit_index: the merge audit log by what one asks for it. Part of the room's public header.
 *
 * The log keeps what it says of a merge in a text, so that one hash covers it; asked for "the
 * merges of the last month that were past policy" it would have to be read as a whole. The index is
 * that reading, kept in memory: a few words per row, in the order of the log. Rows are only ever
 * appended, so that it is brought up to date by reading what is new; when the last row that it
 * knows is not there any more, it is read anew. It chooses rows and counts them; what they say is
 * always read from the store.
 *
 * Not thread-safe: whoever shares one puts a lock around it.
 */
#pragma once

#include "insight/audit.h"
#include "insight/policy.h"

typedef enum { AUDIT_ROWS_ALL, AUDIT_ROWS_FIRST, AUDIT_ROWS_LATER, AUDIT_ROWS_LAST } AuditRows;
/* "all"; "merge": a merge's first row; "amendment": what was learned later; "latest": the last row
 * of each merge. */
gboolean audit_rows_from_name(const char *name, AuditRows *ret_rows);

/* What a merge did not keep to, or what an auditor looks at besides. */
typedef enum {
    AUDIT_LACKS_APPROVALS,
    AUDIT_LACKS_REQUIRED,
    AUDIT_LACKS_BUILDS,
    AUDIT_LATE_CHANGE,
    AUDIT_OPEN_TASKS,
    AUDIT_SELF_MERGED, /* by its author */
    AUDIT_MARK_COUNT
} AuditMark;
/* "approvals", "required-approvers", "builds", "late-change", "open-tasks", "self-merged" */
const char *audit_mark_name(AuditMark mark);

typedef struct {
    AuditRows rows;
    gint64 repository_id; /* 0: any, here and below */
    gint64 number, policy_id, author_id;
    gint verdict;        /* a Verdict; -1: any */
    gint mark;           /* an AuditMark; -1: any */
    UtcTime from, until; /* of the merge; TIME_ABSENT: open */
} AuditFilter;

typedef struct {
    gint64 rows;                    /* that fit */
    gint64 merges;                  /* different ones among them, each once, by its last row */
    gint64 verdicts[VERDICT_COUNT]; /* of these */
    UtcTime first, last;            /* when the earliest and latest of them was merged */
} AuditTotals;

typedef struct AuditIndex AuditIndex;
AuditIndex *audit_index_new(gint64 workspace_id);
void audit_index_free(AuditIndex *index);
gint64 audit_index_workspace(const AuditIndex *index);
/* Reads what is new. */
gboolean audit_index_update(AuditIndex *index, Store *store,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gint64 audit_index_head(const AuditIndex *index); /* the newest row; 0: none */

/* Rows that fit, as their numbers (gint64), at most @limit: newest first and below @place, or
 * (@is_ascending) in the log's order and above it. *@ret_has_more: others would follow. */
GArray *audit_index_find(const AuditIndex *index, const AuditFilter *filter, gboolean is_ascending,
                         gint64 place, guint limit, gboolean *ret_has_more);
/* All that fit. Rows that were replaced by later ones count as rows only. */
void audit_index_count(const AuditIndex *index, const AuditFilter *filter, AuditTotals *ret_totals);
/* All rows of one pull request, in the log's order. */
GArray *audit_index_of(const AuditIndex *index, gint64 repository_id, gint64 number);
