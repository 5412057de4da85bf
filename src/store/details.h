/*
 * details: builds, tasks, pipelines and deployments in the store. Part of the store's public
 * header; see store.h for what holds everywhere.
 *
 * What a pull request's builds and tasks are stands beside its other rows (StorePullRequest).
 * Deployments and environments belong to a repository.
 */
#pragma once

#include "store/store.h"

/* Replace what is known of the pull request, which must have a row (STORE otherwise). @head: the
 * source commit that the builds belong to. No records: it is known that there are none. */
gboolean store_put_pr_builds(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                             const char *head, const BuildStatus *records, gsize n,
                             StoreChanges *changes, GError **error);
gboolean store_put_pr_tasks(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                            const PrTask *records, gsize n, StoreChanges *changes, GError **error);

/* What sync reads beside the record of a pull request. */
typedef enum {
    DETAIL_BUILDS,
    DETAIL_TASKS,
    DETAIL_THREADS, /* whether its comments are resolved */
    DETAIL_COUNT
} DetailSubject;

/* Notes that @subject was read at the server's @at, of the pull request as its row is now. Without
 * a row nothing happens. */
gboolean store_mark_detail(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                           DetailSubject subject, UtcTime at, GError **error);

/* A pull request whose details may be owed; who decides is sync. */
typedef struct {
    gint64 number;
    PullRequestState state;
    UtcTime updated;
    char *source_hash;
    gint64 comment_count, task_count;                 /* of its record; COUNT_ABSENT: not told */
    gint64 unresolved_tasks, builds, inline_comments; /* rows that are here */
    char *builds_head; /* the source commit whose builds were read; NULL: none */
    struct {
        UtcTime record, at; /* updated of the record then; the server's time. Absent: never read */
    } read[DETAIL_COUNT];
} StoreDetailCandidate;
void store_detail_candidate_free(StoreDetailCandidate *candidate);
/* Open ones first, then the higher number. Those that are open, moved since @since, or have
 * unresolved tasks by their record or by what was read. */
GPtrArray *store_list_detail_candidates(Store *store, gint64 workspace_id, gint64 repository_id,
                                        UtcTime since, GError **error) G_GNUC_WARN_UNUSED_RESULT;

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
/* When the oldest deployment, or pipeline, that has not ended began; TIME_ABSENT: all ended. */
gboolean store_get_unfinished_deployment(Store *store, gint64 workspace_id, gint64 repository_id,
                                         UtcTime *ret_started, GError **error);
gboolean store_get_unfinished_pipeline(Store *store, gint64 workspace_id, gint64 repository_id,
                                       UtcTime *ret_created, GError **error);
/* Pipelines on the main branch, by repository, then creation. Whether they deploy, the
 * repository's switch says (release.h). */
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
