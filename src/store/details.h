/*
 * details: builds, tasks, pipelines and deployments in the store. Part of the store's public
 * header; see store.h for what holds everywhere.
 *
 * What a pull request's builds and tasks are stands beside its other rows (StorePullRequest).
 * Deployments and environments belong to a repository.
 */
#pragma once

#include "store/store.h"

/* Replace what is known of the pull request. @head: the source commit that the builds belong to. */
gboolean store_put_pr_builds(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                             const char *head, const BuildStatus *records, gsize n,
                             StoreChanges *changes, GError **error);
gboolean store_put_pr_tasks(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                            const PrTask *records, gsize n, StoreChanges *changes, GError **error);

/* Upserts by uuid. A deployment keeps the environment it names; its kind may come later. */
gboolean store_put_environments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                const Environment *records, gsize n, StoreChanges *changes,
                                GError **error);
gboolean store_put_deployments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const Deployment *records, gsize n, StoreChanges *changes,
                               GError **error);
gboolean store_put_pipelines(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                             const Pipeline *records, gsize n, StoreChanges *changes,
                             GError **error);

/* A deployment as the measure room reads it: strings owned by the row, valid during the visit. */
typedef struct {
    gint64 repository_id;
    const char *uuid, *environment, *commit_hash, *url;
    EnvironmentKind kind;
    DeploymentState state;
    UtcTime started, completed;
} StoreDeployment;
typedef gboolean (*StoreDeploymentVisitor)(const StoreDeployment *row, gpointer user_data,
                                           GError **error);
/* By repository, then completion (start where it has not completed), then uuid. @repository_id 0:
 * all. */
gboolean store_visit_deployments(Store *store, gint64 workspace_id, gint64 repository_id,
                                 StoreDeploymentVisitor visitor, gpointer user_data,
                                 GError **error);
/* Pipelines on the main branch, for repositories without deployments; kind is
 * ENVIRONMENT_PRODUCTION only where the repository says that its main pipeline deploys. */
typedef struct {
    gint64 repository_id, build_number;
    const char *uuid, *commit_hash, *ref_name;
    BuildState state;
    UtcTime created, completed;
} StorePipeline;
typedef gboolean (*StorePipelineVisitor)(const StorePipeline *row, gpointer user_data,
                                         GError **error);
gboolean store_visit_pipelines(Store *store, gint64 workspace_id, gint64 repository_id,
                               StorePipelineVisitor visitor, gpointer user_data, GError **error);
