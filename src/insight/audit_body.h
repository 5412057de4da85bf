/*
 * Inside insight: what a row of the merge audit log says of a merge.
 */
#pragma once

#include "insight/policy.h"

/* Names for people and repositories, loaded once. */
typedef struct AuditNames AuditNames;
AuditNames *audit_names_load(Store *store, gint64 workspace_id,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void audit_names_free(AuditNames *names);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AuditNames, audit_names_free)

/* The body: JSON, keys in order, no blanks. @released: TIME_ABSENT when not known. Free with
 * g_free. */
char *audit_body(const AuditNames *names, const MeasureBasis *basis, const StorePullRequest *row,
                 UtcTime released);
/* Whether two bodies say the same of a merge; labels that change afterwards (names, addresses) do
 * not count. */
gboolean audit_body_says_the_same(const char *a, const char *b);
