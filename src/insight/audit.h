/*
 * audit: the merge audit log. Part of the room's public header.
 *
 * Each merge into a main branch, or into one with a policy, has one row that says what was known of
 * it when it was recorded: who did what when, the policy, the verdict. What is learned later is a
 * further row that refers to the first. Rows are chained by hashes (store/audit.h); audit_verify
 * finds what was altered. docs/policies.md has the fields of a row's body.
 */
#pragma once

#include "measure/measure.h"

/* Appends rows for merges that have none or of which something else is known by now; facts must be
 * up to date. Doing it twice adds nothing; it may be killed at any instant. STORE when the log was
 * cut off. *@ret_appended may be NULL. */
gboolean audit_append_merges(Store *store, gint64 workspace_id, UtcTime now, gint64 *ret_appended,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 rows;
    gint64 head_seq; /* 0: the log is empty */
    char *head_hash;
    GPtrArray *faults; /* sentences, in the order of the log; at most AUDIT_FAULTS_MAX */
    gint64 n_faults;   /* in all */
} AuditVerification;
#define AUDIT_FAULTS_MAX 100
void audit_verification_clear(AuditVerification *verification);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AuditVerification, audit_verification_clear)
/* Walks the whole log. @known_seq, @known_hash: a row as somebody noted it elsewhere; 0 and NULL:
 * none. Only such a note finds that the whole log was written anew. */
gboolean audit_verify(Store *store, gint64 workspace_id, gint64 known_seq, const char *known_hash,
                      AuditVerification *ret_verification,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
