/*
 * release: what a repository's deliveries are derived from, and what was derived. Part of the
 * store's public header; see store.h for what holds everywhere.
 *
 * A repository whose deployments, pipelines, merges, history or switches change joins a to-do list
 * in the same transaction; the measure room works it off. When a pull request was released stands
 * in fact_pr (FactPr.released): store_put_facts keeps it where the facts do not tell it.
 */
#pragma once

#include "store/store.h"

/* What stands for a deployment to production where none is known: each merge into the main branch,
 * each pipeline on it, or (both FALSE) nothing. */
gboolean store_set_release(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                           gboolean on_merge, gboolean on_pipeline, GError **error);

typedef struct {
    gint64 repository_id, generation;
} StoreDeliveryTask;
/* Repositories whose deliveries are out of date, in order of their ids. */
GArray *store_list_delivery_todo(Store *store, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The commits of a repository in order of hash. @parents: full hashes, separated by spaces. */
typedef gboolean (*StoreHistoryVisitor)(const char *hash, const char *parents, gpointer user_data,
                                        GError **error);
gboolean store_visit_history(Store *store, gint64 workspace_id, gint64 repository_id,
                             StoreHistoryVisitor visitor, gpointer user_data, GError **error);

/* A merged pull request. Strings valid during the visit; any may be NULL. */
typedef struct {
    gint64 number;
    const char *merge_hash, *destination_branch, *html_url;
    UtcTime merged, released; /* released: as derived before */
} StoreMerge;
typedef gboolean (*StoreMergeVisitor)(const StoreMerge *row, gpointer user_data, GError **error);
/* Those that have facts, by the instant of the merge, then number. */
gboolean store_visit_merges(Store *store, gint64 workspace_id, gint64 repository_id,
                            StoreMergeVisitor visitor, gpointer user_data, GError **error);

/* A deployment that succeeded or failed, as judged; docs/metrics.md defines each field. */
typedef struct {
    gint64 repository_id;
    const char *key;         /* the uuid of the deployment or pipeline; "merge 12" */
    const char *source;      /* "deployment", "pipeline", "merge" */
    const char *environment; /* NULL: not told */
    EnvironmentKind environment_kind;
    const char *commit_hash, *url; /* NULL: not told */
    UtcTime completed;
    UtcTime restored; /* of the failure that began an outage: its end; absent otherwise */
    gboolean is_successful, is_failure, is_rollback; /* one rolled back is successful and failure */
} FactDeployment;

typedef struct {
    gint64 number;
    UtcTime released; /* absent: not released, or not known */
} StoreRelease;

/* Makes @facts all deployments of the repository, writes when pull requests were released, and
 * takes the repository off the to-do list when its generation is still the newest. */
gboolean store_put_delivery(StoreTx *tx, gint64 workspace_id, const StoreDeliveryTask *task,
                            const FactDeployment *facts, gsize n_facts,
                            const StoreRelease *releases, gsize n_releases, GError **error);

typedef gboolean (*StoreFactDeploymentVisitor)(const FactDeployment *fact, gpointer user_data,
                                               GError **error);
/* By repository, then completion. */
gboolean store_visit_fact_deployments(Store *store, gint64 workspace_id,
                                      StoreFactDeploymentVisitor visitor, gpointer user_data,
                                      GError **error);
