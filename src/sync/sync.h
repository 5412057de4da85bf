/*
 * sync: what to fetch next. It plans within the budget, drives bitbucket and git, and writes
 * through store; cursor and rows move in one transaction, so the process may be killed at any
 * instant.
 *
 * Order of a first sync, "what people see first": repository, newest pull requests, activity feed,
 * git mirror, older history back to the horizon, then what exists nowhere else (commits and sizes
 * that git cannot tell). A later run is a cycle: idle gate, activity until the watermark, changed
 * pull requests, git fetch. Workers are threads of the engine's own; callbacks come from them, one
 * at a time. A SyncEngine belongs to one thread.
 */
#pragma once

#include "bitbucket/bitbucket.h"
#include "git/git.h"
#include "store/store.h"

typedef enum {
    SYNC_STAGE_REPOSITORIES,
    SYNC_STAGE_PULL_REQUESTS,
    SYNC_STAGE_ACTIVITY,
    SYNC_STAGE_GIT,
    SYNC_STAGE_RANGES,
    SYNC_STAGE_HISTORY,
    SYNC_STAGE_DETAILS,
    SYNC_STAGE_COUNT
} SyncStage;
const char *sync_stage_name(SyncStage stage);  /* "pull-requests" */
const char *sync_stage_title(SyncStage stage); /* "pull requests" */

typedef struct {
    const char *repository; /* full name; NULL: the workspace */
    SyncStage stage;
    gint64 done, expected; /* units of the stage; expected COUNT_ABSENT when not known */
    double overall;        /* 0-1 over all stages and repositories */
    gint64 requests;       /* sent in this run */
    gint64 eta_seconds;    /* knows the budget; COUNT_ABSENT when not known */
    const char *note;      /* "waiting 42 s for the request allowance", a git phase; NULL */
} SyncProgress;
typedef void (*SyncProgressCallback)(const SyncProgress *progress, gpointer user_data);

typedef struct {
    Store *store;
    gint64 workspace_id, connection_id;
    const char *mirror_folder;   /* NULL: no git, everything over the API */
    const char *only_repository; /* full name; NULL: all selected ones */
    UtcTime horizon;             /* oldest update to read; TIME_ABSENT: everything */
    UtcTime recent; /* the newest part, read first; TIME_ABSENT: 90 days before the server's time */
    guint workers;  /* 0: 4 */
    gboolean unlimited;            /* no request budget (measurements) */
    SyncProgressCallback progress; /* may be NULL */
    gpointer user_data;
} SyncConfig;

typedef struct SyncEngine SyncEngine;
SyncEngine *sync_engine_new(const SyncConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void sync_engine_free(SyncEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SyncEngine, sync_engine_free)

typedef struct {
    gint64 repositories, repositories_quiet, repositories_failed;
    gint64 pull_requests, events, commits; /* rows new in this run */
    gint64 pull_requests_changed, events_changed;
    gint64 requests, retries, rate_limited, quarantined;
    gint64 detail_requests; /* of requests: for builds, tasks, threads and deployments */
    gint64 notes;           /* newly kept: what the credential may not read (store_put_note) */
    Duration took;
    UtcTime server_time;
    gboolean complete; /* every repository reached the horizon */
} SyncSummary;

/* One full pass: finishes the first sync, or runs one cycle. A repository's failure is recorded
 * (store_put_problem) and the others carry on; FALSE only when nothing more can be done (credential
 * rejected, cancelled, store). *@ret_summary is set in both cases. */
gboolean sync_engine_run(SyncEngine *engine, SyncSummary *ret_summary,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* From any thread. The run ends soon with CANCELLED; everything committed stays. */
void sync_engine_cancel(SyncEngine *engine);

/* How far the selected repositories were read. Looks only into the store. */
typedef struct {
    gint64 repositories;
    gint64 complete;     /* of them, read back to the horizon of the last sync */
    UtcTime known_since; /* while not all are: of what was opened since, everything is known in all
                            of them; absent: in some nothing was read yet */
} SyncReach;
gboolean sync_reach(Store *store, gint64 workspace_id, SyncReach *ret_reach,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether all of them are complete. */
gboolean sync_is_complete(Store *store, gint64 workspace_id, gboolean *ret_complete,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for one repository. */
gboolean sync_is_repository_complete(Store *store, gint64 workspace_id, gint64 repository_id,
                                     gboolean *ret_complete,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- how far back
 * ------------------------------------------------------------------------------------------------------
 */

/* The oldest update that the connection reads at @now: as chosen for it, else @days_otherwise (0:
 * everything). TIME_ABSENT: everything. */
UtcTime sync_horizon(const StoreConnection *connection, gint64 days_otherwise, UtcTime now);

#define SYNC_HORIZONS 4

typedef struct {
    gint64 repositories, asked; /* selected ones that the connection reads; of these asked */
    gboolean has_git;
    struct {
        gint64 days; /* 0: everything */
        gint64 pull_requests, requests;
        gint64 seconds; /* COUNT_ABSENT: not known */
    } choices[SYNC_HORIZONS];
} SyncHorizons;

/* What a first reading would cost for each of 90 days, a year, two years and everything. Asks
 * Bitbucket, with few and short requests. @has_git: mirrors are fetched. @patience_s as in
 * SyncConnectRequest. */
gboolean sync_estimate_horizons(Store *store, const StoreConnection *connection, gboolean has_git,
                                guint patience_s, SyncHorizons *ret_horizons,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- connecting
 * ------------------------------------------------------------------------------------------------------
 */

typedef struct {
    const char *name; /* of the connection */
    CredentialKind kind;
    const char *account, *secret;
    const char *api_base;  /* NULL: https://api.bitbucket.org/2.0 */
    const char *git_base;  /* NULL: https://bitbucket.org for the public API, else the API's host */
    const char *workspace; /* slug or uuid */
    const char *repository; /* "workspace/slug": select only this one; NULL: all of the workspace */
    const char *const *patterns; /* selects repositories whose full name, slug or project key
                                    matches a glob; NULL: all */
    UtcTime expires;
    const char *setup_step; /* it is not read until it is set up: the step that comes next. Rules of
                               selection that are there stay, and repositories that another
                               connection reads stay with that one. NULL: read from now on */
    gboolean has_history;   /* history_days is given; else what was chosen before stays */
    gint64 history_days;    /* how far back it reads; 0: everything */
    guint patience_s; /* somebody waits for the answer: the longest wait for the request allowance,
                         and one retry; 0: as patient as a sync */
} SyncConnectRequest;

typedef struct {
    gint64 workspace_id, connection_id;
    gint64 repositories_seen, repositories_selected;
    CredentialCheck *check;
} SyncConnectResult;
void sync_connect_result_clear(SyncConnectResult *result);

/* Checks the credential and stores nothing; needs neither name nor patterns, and for credentials of
 * a person no workspace either. FALSE when it could not be checked. */
gboolean sync_check(const SyncConnectRequest *request, CredentialCheck **ret_check,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts another credential in the place of @connection's; everything that was read and selected
 * stays. Kind, account, secret, expires and patience_s of @request are taken, the rest is the
 * connection's. It must read the same workspace or repository: otherwise TRUE with works FALSE, and
 * nothing changes. Not while the connection is being read. */
gboolean sync_renew(Store *store, const StoreConnection *connection,
                    const SyncConnectRequest *request, CredentialCheck **ret_check,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Checks the credential, keeps it sealed, reads the repositories and selects. When the credential
 * does not work: TRUE with ret_result->check->works FALSE, and nothing is stored. */
gboolean sync_connect(Store *store, const SyncConnectRequest *request,
                      SyncConnectResult *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- disconnecting */

/* Called between two steps; TRUE ends the purge there, and the next call goes on. */
typedef gboolean (*SyncPurgeStop)(gpointer user_data);
/* Ends the purges that were begun (store/purge.h), mirrors included. Not while a connection is
 * read. @mirror_folder NULL: there are none. CANCELLED when @stop says so. */
gboolean sync_purge(Store *store, const char *mirror_folder, SyncPurgeStop stop, gpointer user_data,
                    gint64 *ret_repositories, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- which repositories are read (rules: store/policies.h) */

/* Gives a workspace that was connected before there were rules those that leave its selection as it
 * is. Before a first rule is added. */
gboolean sync_adopt_selection(Store *store, gint64 workspace_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Selects and deselects as the rules say: repositories that are new join by themselves. */
gboolean sync_apply_selection(Store *store, gint64 workspace_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
