/*
 * Inside of sync: the engine and what its files share.
 *
 * The thread that calls sync_engine_run coordinates: it lists repositories, starts the workers,
 * keeps the budget, reports progress. Workers take steps (plan.h). A repository's steps of one lane
 * never run at the same time, so what is marked "API lane" or "git lane" below belongs to the one
 * worker that runs a step of that lane; what is marked "lock" is guarded by SyncEngine.lock.
 */
#pragma once

#include "sync/estimate.h"
#include "sync/numbers.h"
#include "sync/plan.h"
#include "sync/sync.h"

/* Names of cursors (sync_cursor.name). */
#define CURSOR_REPOSITORIES     "repositories" /* workspace: watermark = newest updated_on */
#define CURSOR_LISTING          "full-listing" /* workspace: watermark = last full listing */
#define CURSOR_PULLS            STORE_CURSOR_PULLS
#define CURSOR_PULLS_CHANGES    "pull-requests-changes" /* walks of later cycles */
#define CURSOR_PULLS_WEEKLY     "pull-requests-weekly"  /* all of them again */
#define CURSOR_ACTIVITY         STORE_CURSOR_ACTIVITY
#define CURSOR_ACTIVITY_CHANGES "activity-changes"
#define CURSOR_OPEN             "open"           /* nightly reading of open pull requests */
#define CURSOR_GIT              "git"            /* position: tips that were walked */
#define CURSOR_MAIN_LINE        "main-line"      /* position: branch, newest change; done: all */
#define CURSOR_PROTECTED        "protected"      /* position: of what; done: of all tips */
#define CURSOR_GATE             "gate"           /* watermark: updated_on that a run dealt with */
#define CURSOR_REFRESH          "refresh"        /* numbers: rows older than an event of theirs */
#define CURSOR_LONG_LIVED       "long-lived"     /* numbers: opened before the horizon */
#define CURSOR_MISSING          "missing"        /* numbers: named by the feed, answered 404 */
#define CURSOR_COMMENTS         "comments"       /* numbers: comments to be read again */
#define CURSOR_SECOND_LOOK      "second-look"    /* numbers: comments to be read in the night */
#define CURSOR_UNCOMPUTABLE     "not-computable" /* numbers whose size Bitbucket failed to tell */

#define CURSOR_DEPLOYMENTS         "deployments"
#define CURSOR_DEPLOYMENTS_CHANGES "deployments-changes"
#define CURSOR_PIPELINES           "pipelines"
#define CURSOR_PIPELINES_CHANGES   "pipelines-changes"
#define CURSOR_PIPELINES_BRANCH    "pipelines-branch" /* position: whose pipelines are read */
#define CURSOR_ENVIRONMENTS        "environments"     /* watermark: when they were read */
#define CURSOR_DELIVERY            "delivery"         /* watermark: when nothing was found */
#define CURSOR_BUILDS              "builds"           /* same */

#define CURSOR_TRIES "not-computable-tries" /* watermark: since when; counted: runs */

#define CURSOR_STATE_NEW     "new"
#define CURSOR_STATE_RUNNING "running"
#define CURSOR_STATE_DONE    "done"

typedef enum {
    LIST_REFRESH,
    LIST_LONG_LIVED,
    LIST_MISSING,
    LIST_COMMENTS,
    LIST_SECOND_LOOK,
    LIST_UNCOMPUTABLE,
    LIST_COUNT
} SyncList;

struct SyncEngine {
    SyncConfig config; /* texts below */
    char *mirror_folder, *only_repository;
    Store *store;
    gint64 workspace_id, connection_id;
    StoreConnection *connection;
    BitbucketClient *client;
    Buffer secret;
    CredentialKind kind;
    gboolean is_stopped; /* the client was told to stop: the next run needs another */

    StorePolicyBook *policies; /* as at the start of the run */

    GMutex lock;
    GCond changed;
    GPtrArray *repositories; /* SyncRepository; lock for PlanState */
    guint running;           /* lock: steps under way */
    GError *fatal;           /* lock: what ended the run */
    GPtrArray *mirrors;      /* lock: GitMirror in use, to be cancelled */
    gint cancelled;          /* atomic */
    SyncSummary summary;     /* lock: counts */
    gint64 optional_left;    /* lock: requests that details may still spend; <0: no limit */
    UtcTime now;             /* the server's, at the start of the run */
    BitbucketTraffic before; /* at the start of the run */
    gint64 started;          /* monotonic µs */
    BudgetState budget_kept; /* as last written; the coordinator's */
    GMutex progress_lock;    /* callbacks, one at a time; guards what follows */
    double overall;
    SyncStage last_stage;
};

typedef struct {
    SyncEngine *engine;
    StoreRepository *row; /* as at the start of the run */
    gint64 id;
    PlanState plan;                         /* lock */
    char *address;                          /* lock: "workspace/slug" as last known */
    EstimateRepository estimate;            /* lock */
    guint problems;                         /* lock: stages (bits) with a problem in the store */
    gboolean failed;                        /* lock */
    gboolean active;                        /* lock: something is or may be new in this run */
    gboolean moved;                         /* the idle gate says so */
    gboolean nightly;                       /* open pull requests are to be read again */
    gboolean weekly;                        /* all pull requests are */
    gboolean resumed;                       /* API lane: the first sync began in an earlier run */
    gboolean walked_pulls, walked_activity; /* API lane: the first walks were taken up */
    gboolean pulls_read;                    /* API lane, then RANGES: in this run, to the end */
    gboolean gate_open;                     /* API lane: the gate's cursor says that work is owed */
    gboolean owes;                          /* API lane: something was left for want of allowance */
    gboolean is_settled;                    /* lock: its end was dealt with */
    UtcTime newest_activity;                /* API lane: what the feed covered before this cycle */
    UtcTime feed_floor;                     /* API lane: nothing older is taken from the feed */
    Numbers lists[LIST_COUNT];              /* API lane */
    GitMirror *mirror;                      /* git lane, then DETAILS */
    gboolean git_ready;                     /* git lane: the mirror was fetched in this run */
    gboolean api_only;                      /* git lane: git cannot serve this repository */
} SyncRepository;

/* ---- repository.c */
/* Takes @row. Reads the cursors and decides what the run has to do. */
SyncRepository *sync_repository_new(SyncEngine *engine, StoreRepository *row, GError **error);
void sync_repository_free(SyncRepository *repository);
/* Writes the changed lists of numbers into @tx. */
gboolean sync_repository_put_lists(SyncRepository *repository, StoreTx *tx, GError **error);
/* A copy of the address as last known. Free with g_free. */
char *sync_repository_address(SyncRepository *repository);
gboolean sync_repository_is_active(SyncRepository *repository);
void sync_repository_set_active(SyncRepository *repository);
/* Says in @tx that the repository owes work until its next orderly end. */
gboolean sync_repository_open_gate(SyncRepository *repository, StoreTx *tx, GError **error);
/* After the first walks: nightly and weekly readings count from now. */
gboolean sync_repository_end_first(SyncRepository *repository, GError **error);
/* After the last step of a run that went well. */
gboolean sync_repository_settle(SyncRepository *repository, GError **error);

gboolean sync_get_cursor(SyncRepository *repository, const char *name, StoreCursor *ret_cursor,
                         GError **error);
gboolean sync_put_cursor(SyncRepository *repository, StoreTx *tx, const char *name,
                         const StoreCursor *cursor, GError **error);
void sync_cursor_set_state(StoreCursor *cursor, const char *state);
gboolean sync_cursor_is(const StoreCursor *cursor, const char *state);

/* Ends what waits for the network or for git. From any thread. */
void sync_engine_stop(SyncEngine *engine);
/* FALSE with CANCELLED once the run is to end. */
gboolean sync_check_cancelled(SyncEngine *engine, GError **error);
/* Takes one request from those that details may spend; without one the repository's gate stays
 * open. */
gboolean sync_take_optional(SyncRepository *repository);
void sync_count(SyncEngine *engine, gint64 *counter, gint64 amount);

/* ---- git_history.c, for purge.c: the name of a repository's mirror. Free with g_free. */
char *sync_mirror_name(const char *uuid);
/* ---- first_reading.c: what the store is told of first readings (store/reading.h) */
/* Those that this run begins or takes up again are under way. */
gboolean sync_begin_readings(SyncEngine *engine, GError **error);
/* All that is newer than @since was read, if this run read all of it. */
gboolean sync_note_newest(SyncRepository *repository, UtcTime since, GError **error);
/* Nothing more is to be read in this run. */
gboolean sync_end_reading(SyncRepository *repository, GError **error);

/* ---- faults.c */
typedef enum {
    FAULT_RUN_ENDS,        /* nothing more can be done with this credential or store */
    FAULT_REPOSITORY_ENDS, /* vanished or forbidden */
    FAULT_LANE_ENDS,       /* Bitbucket is not well: the rest waits for the next run */
    FAULT_STEP_ENDS,       /* only this list is affected */
    FAULT_NOTED,           /* shown to the administrator, the step counts as done */
    FAULT_TRY_AGAIN        /* the repository has another address now */
} FaultVerdict;
/* What a failed step means. Asks Bitbucket again where one answer is no proof; keeps the problem in
 * words. */
FaultVerdict sync_judge_fault(SyncRepository *repository, SyncStep step, const GError *failure);
/* Whether a repository that was forbidden or vanished answers again; sets its state. */
gboolean sync_probe_repository(SyncRepository *repository);
void sync_keep_problem(SyncEngine *engine, SyncRepository *repository, SyncStage stage,
                       const GError *failure);
void sync_clear_problem(SyncEngine *engine, SyncRepository *repository, SyncStage stage);

/* ---- refusals.c: what the credential may not read, though everything else goes well */
typedef enum { REFUSAL_DELIVERY, REFUSAL_BUILDS, REFUSAL_TASKS, REFUSAL_COUNT } SyncRefusal;
gboolean sync_may_ask(SyncRepository *repository, SyncRefusal subject, gboolean *ret_may,
                      GError **error);
gboolean sync_is_refusal(const GError *failure);
/* Notes it for people and for the runs of a week. */
gboolean sync_keep_refusal(SyncRepository *repository, SyncRefusal subject, const GError *failure,
                           GError **error);
/* It was answered. */
gboolean sync_forget_refusal(SyncRepository *repository, SyncRefusal subject, GError **error);

/* ---- scheduler.c: gives steps to workers until nothing is left or the run is to end. */
void sync_run_steps(SyncEngine *engine);

/* ---- progress.c */
void sync_report(SyncEngine *engine, SyncRepository *repository, SyncStage stage, gint64 done,
                 gint64 expected, const char *note);
/* Tells, when it is so, that everybody waits for the request allowance. */
void sync_report_waiting(SyncEngine *engine);
gboolean sync_keep_budget(SyncEngine *engine, GError **error);

/* ---- repositories.c: the workspace's listing and the idle gate. */
gboolean sync_refresh_repositories(SyncEngine *engine, GError **error);

/* ---- the steps; each file one subject */
gboolean sync_step_pull_requests(SyncRepository *repository, GError **error);
gboolean sync_step_history_pull_requests(SyncRepository *repository, GError **error);
gboolean sync_step_activity(SyncRepository *repository, GError **error);
gboolean sync_step_history_activity(SyncRepository *repository, GError **error);
gboolean sync_step_git(SyncRepository *repository, GError **error);
gboolean sync_step_ranges(SyncRepository *repository, GError **error);
gboolean sync_step_details(SyncRepository *repository, GError **error);

/* ---- main_line.c, parts of the git steps */
/* After a fetch: the main branch's new changes, and branches. @moved: some tip did. */
gboolean sync_read_main_line(SyncRepository *repository, gboolean moved, GError **error);
/* Whether what was read is of another main branch. */
gboolean sync_owes_main_line(SyncRepository *repository, gboolean *ret_owes, GError **error);
/* Notes in @tx that the changes are not those of the tips any more, here and below. */
gboolean sync_main_line_moves(SyncRepository *repository, StoreTx *tx, GError **error);
/* ---- protected.c, the same for other branches that a policy names */
gboolean sync_read_protected(SyncRepository *repository, gboolean moved, GError **error);
/* Whether policies name other branches than those that were read. */
gboolean sync_owes_protected(SyncRepository *repository, gboolean *ret_owes, GError **error);
/* ---- main_line.c again */
/* When pull requests or their commits became known. */
gboolean sync_attribute_main_line(SyncRepository *repository, GError **error);
/* Open pull requests whose branches moved. */
gboolean sync_try_merges(SyncRepository *repository, GError **error);

/* ---- pull_requests.c, for the other steps */
/* Those that the feed names but no list gave, and those whose row is older than an event. */
gboolean sync_read_owed_pull_requests(SyncRepository *repository, GError **error);
/* A 403 or 404 for a part is about that part only while its repository answers. */
gboolean sync_is_repository_there(SyncRepository *repository, GError **error);
/* ---- activity.c */
/* The whole activity of those opened before the feed's floor. */
gboolean sync_read_long_lived(SyncRepository *repository, GError **error);
/* ---- commits.c, sizes.c, comments.c: what DETAILS is made of */
gboolean sync_read_comments(SyncRepository *repository, GError **error);
gboolean sync_read_commits(SyncRepository *repository, GPtrArray *tasks, GError **error);
gboolean sync_read_sizes(SyncRepository *repository, GPtrArray *tasks, GError **error);
/* ---- pull_details.c, delivery.c: the same */
/* Puts the open pull requests whose threads may have been resolved on the list of comments. */
gboolean sync_note_threads(SyncRepository *repository, GError **error);
gboolean sync_read_pull_details(SyncRepository *repository, GError **error);
gboolean sync_read_delivery(SyncRepository *repository, GError **error);
