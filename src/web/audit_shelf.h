/*
 * audit_shelf: the indexes of the merge audit logs, shared by all requests. Inside the web room.
 *
 * An index is built when it is first asked for and kept for the workspaces that were looked at
 * last. One request works with an index at a time, and not for long: counting and choosing, not
 * reading rows.
 */
#pragma once

#include "insight/insight.h"

typedef struct AuditShelf AuditShelf;
AuditShelf *audit_shelf_new(void);
void audit_shelf_free(AuditShelf *shelf);
/* The workspace's index, up to date, and the caller's alone until audit_shelf_put_back. NULL with
 * an error: there is nothing to put back. */
AuditIndex *audit_shelf_take(AuditShelf *shelf, Store *store, gint64 workspace_id,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void audit_shelf_put_back(AuditShelf *shelf);

/* One log is verified at a time: FALSE while somebody else does it. */
gboolean audit_shelf_begin_verifying(AuditShelf *shelf);
void audit_shelf_end_verifying(AuditShelf *shelf);
