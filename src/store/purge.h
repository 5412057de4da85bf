/*
 * purge: deleting what only one connection brought. Part of the store's public header; see store.h
 * for what holds everywhere.
 *
 * store_begin_purge deletes the connection and writes down, in the same transaction, what has to
 * follow: repositories that no other connection sees get the state "purging", and nobody reads,
 * judges or shows them any more. store_step_purge then deletes them in transactions of a bounded
 * size until nothing is left, and at last the people and projects that nothing speaks of any more;
 * each step may be the last before the process dies, the next one goes on from there. Meanwhile
 * nobody may read the workspace. What stays: the merge audit log and approval policies, which are
 * only ever appended to; patterns of the selection; teams, and people that somebody put into one or
 * told apart by hand.
 */
#pragma once

#include "store/store.h"

#define STORE_STATE_PURGING "purging"       /* of a repository; store_list_repositories hides it */
#define STORE_PURGE_KEY     "purge.pending" /* setting of a workspace with a purge to be ended */

typedef struct {
    gint64 repositories, pull_requests;           /* that would be deleted */
    gint64 kept_repositories, kept_pull_requests; /* that it sees, and others too */
    gint64 audit_rows;                            /* about those deleted; they stay */
} StorePurge;
gboolean store_plan_purge(Store *store, gint64 workspace_id, gint64 connection_id,
                          StorePurge *ret_purge, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_begin_purge(StoreTx *tx, gint64 workspace_id, gint64 connection_id, GError **error);

/* Ids (gint64) of the workspaces with a purge that was begun and has not ended. */
GArray *store_list_purges(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The repositories that wait for it. GPtrArray of StoreRepository. */
GPtrArray *store_list_purging(Store *store, gint64 workspace_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Deletes a part of the repository; *@ret_done when that was the last. */
gboolean store_step_purge(Store *store, gint64 workspace_id, gint64 repository_id,
                          gboolean *ret_done, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the last repository: people and projects that nothing speaks of, if a purge was begun. */
gboolean store_end_purge(Store *store, gint64 workspace_id,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
