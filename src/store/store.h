/*
 * store: durable truth. One SQL text for every engine, behind a small database layer (db.h, inside
 * this room); migrations; sealed secrets.
 *
 * A Store is one data file (or one database). Any thread may call; there is one writer at a time:
 * store_begin waits for the writer and store_commit or store_rollback gives it back, so a
 * transaction is short and its thread does no network in between. Reads see the last committed
 * state and never wait for the writer. Every write is an upsert by natural key: doing it twice
 * changes nothing and counts nothing as changed. The ids in arguments are model_id's. Returned
 * structs are owned by the caller and freed with the function named beside them. Errors: STORE,
 * STORE_VERSION, SEALED, IO, LIMIT; others where they are named.
 */
#pragma once

#include "model/model.h"

typedef struct Store Store;
typedef struct StoreTx StoreTx;

/* @path: the SQLite data file, made when absent (":memory:" for tests); its folder must exist.
 * @key_path: the master key file, made with mode 0600 when absent; not used when the environment
 * (PLUMBLINE_MASTER_KEY) or a systemd credential (plumbline-master-key) holds the key. NULL: no
 * secrets. Applies missing migrations, each in a transaction. A key that is missing or does not fit
 * fails only when a secret is needed; a key file that others may read fails here (SEALED). */
Store *store_open(const char *path, const char *key_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Where the master key is taken from, for sentences: "the environment variable
 * PLUMBLINE_MASTER_KEY"; NULL: from the file. g_free. */
char *store_describe_key_elsewhere(const char *key_path);
void store_free(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_free)

StoreTx *store_begin(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_commit(StoreTx *tx,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT; /* frees tx either way */
void store_rollback(StoreTx *tx);                                /* frees tx; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTx, store_rollback)

/* ---- workspace, connection, secrets
 * ------------------------------------------------------------------------------- */

gboolean store_put_workspace(StoreTx *tx, const Workspace *workspace, gint64 *ret_workspace_id,
                             GError **error);

typedef struct {
    gint64 workspace_id, connection_id;
    char *workspace_uuid, *workspace_slug;
    char *name, *kind, *api_base, *git_base, *account, *repository_full_name;
    UtcTime expires;
    char *identity, *scopes;    /* scopes: space separated */
    char *unneeded_scopes;      /* of @scopes those that nothing needs; NULL: none, or not told */
    char *state, *state_reason; /* "ok", "rejected", "lacking" */
    UtcTime checked, server_time, created;
    gint64 history_days; /* so far back it reads; 0: everything; COUNT_ABSENT: not chosen */
    char *setup_step;    /* of the set-up the next one, nothing is read before; NULL: set up */
} StoreConnection;
void store_connection_free(StoreConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreConnection, store_connection_free)

/* connection_id is model_id(ID_CONNECTION, workspace, name); @secret NULL keeps the sealed one.
 * Of a connection that is there created, history_days and setup_step stay. */
gboolean store_put_connection(StoreTx *tx, const StoreConnection *connection, const char *secret,
                              GError **error);
/* GPtrArray of StoreConnection, by workspace slug and name. */
GPtrArray *store_list_connections(Store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_delete_connection(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                                 GError **error);
/* As in StoreConnection. */
gboolean store_set_history(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                           gint64 history_days, GError **error);
gboolean store_set_setup_step(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                              const char *step, GError **error);
/* Opens the secret into @ret_secret (wipe it with buffer_wipe). SEALED when the master key does not
 * fit, NOT_FOUND. */
gboolean store_open_secret(Store *store, gint64 workspace_id, gint64 connection_id,
                           Buffer *ret_secret, GError **error);
/* Makes a new master key and reseals the data key under it; the old key file is replaced
 * atomically. INVALID when the key does not come from a file. Not while this thread has a
 * transaction open. */
gboolean store_rotate_key(Store *store, GError **error);

gboolean store_put_setting(StoreTx *tx, gint64 workspace_id, const char *key, const char *value,
                           GError **error); /* NULL deletes */
/* The change counter goes on with this transaction: what is kept in memory is read anew. For
 * settings that columns rest on. */
void store_touch_facts(StoreTx *tx);
/* NULL without error when it is not set. Free with g_free. */
char *store_get_setting(Store *store, gint64 workspace_id, const char *key, GError **error);

/* ---- what Bitbucket and git told
 * ------------------------------------------------------------------------------------ */

/* Rows that were new and rows that an upsert really altered. Added to, not set. */
typedef struct {
    gint64 inserted, changed;
} StoreChanges;

/* Adds or refreshes; the newer updated_on wins. People who appear are put too. Each changed pull
 * request joins fact_todo, also when an event or commit of it changed. @records may come in any
 * order: the rows they leave are the same. */
gboolean store_put_repositories(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                                const Repository *records, gsize n, StoreChanges *changes,
                                GError **error);
/* Gives the connection those of @records that no connection reads. */
gboolean store_adopt_repositories(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                                  const Repository *records, gsize n, GError **error);
gboolean store_put_pull_requests(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                 const PullRequest *records, gsize n, StoreChanges *changes,
                                 GError **error);
gboolean store_put_events(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                          const PrEvent *records, gsize n, StoreChanges *changes, GError **error);
/* @present: every comment that Bitbucket lists for the pull request now. Those here that it lacks
 * are marked deleted. */
gboolean store_delete_missing_comments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                       gint64 number, const gint64 *present, gsize n,
                                       StoreChanges *changes, GError **error);
/* @unresolved: comments that Bitbucket lists without a resolution now; those that were resolved
 * here are no longer. */
gboolean store_reopen_comments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               gint64 number, const gint64 *unresolved, gsize n,
                               StoreChanges *changes, GError **error);
/* An existing row from git is not replaced by one from the API. Authors are people of their own, by
 * lower-case e-mail address, else by name. Sizes are absent over the API and for merges. */
gboolean store_put_commits(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                           const Commit *records, gsize n, StoreChanges *changes, GError **error);
/* Replace what the pull request brings. @state: "git", "api", "squash", "gone". @hashes full. STORE
 * when the pull request has no row. */
gboolean store_put_pr_commits(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                              const char *state, const char *const *hashes, gsize n,
                              StoreChanges *changes, GError **error);
gboolean store_put_pr_files(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                            const char *state, const FileChange *files, gsize n,
                            StoreChanges *changes, GError **error);
gboolean store_put_quarantined(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const Quarantined *records, gsize n, GError **error);

typedef struct {
    gint64 repository_id;
    char *uuid, *slug, *full_name, *name, *main_branch, *html_url, *clone_url, *project_key,
        *project_name;
    UtcTime created, updated;
    gint64 connection_id;
    gboolean is_selected;
    char *state;                                    /* "active", "vanished", "forbidden" */
    gint64 pull_requests;                           /* rows we have */
    gint64 project_id;                              /* COUNT_ABSENT: not told */
    gboolean release_on_merge, release_on_pipeline; /* store_set_release */
    /* main_branch is the chosen one, else the one that Bitbucket tells; each may be NULL. */
    char *told_main_branch, *chosen_main_branch;
    gint64 size_bytes; /* of its files at Bitbucket; COUNT_ABSENT: not told */
} StoreRepository;
void store_repository_free(StoreRepository *repository);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreRepository, store_repository_free)

/* GPtrArray of StoreRepository, by full name. */
GPtrArray *store_list_repositories(Store *store, gint64 workspace_id, gboolean only_selected,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_select_repository(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                 gboolean selected, GError **error);
/* Makes @branch the main branch here, whatever Bitbucket tells; NULL: what it tells. What depends
 * on it is computed anew, and git's main line read anew by the next sync. */
gboolean store_set_main_branch(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const char *branch, GError **error);
gboolean store_set_repository_state(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                    const char *state, GError **error);

/* ---- sync state
 * -------------------------------------------------------------------------------------------------------
 */

typedef struct {
    char *state;    /* "new", "running", "done"; owner: sync */
    char *position; /* NULL: from the start */
    UtcTime watermark, floor;
    gint64 counted;
} StoreCursor;
void store_cursor_clear(StoreCursor *cursor);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StoreCursor, store_cursor_clear)

/* A cursor that was never put reads as state "new", everything else absent. repository_id 0: the
 * workspace. */
gboolean store_get_cursor(Store *store, gint64 workspace_id, gint64 repository_id, const char *name,
                          StoreCursor *ret_cursor, GError **error);
gboolean store_put_cursor(StoreTx *tx, gint64 workspace_id, gint64 repository_id, const char *name,
                          const StoreCursor *cursor, GError **error);

typedef struct {
    gint64 capacity;
    double available;
    UtcTime as_of, paused_until;
    gint64 spent;
} StoreBudget;
/* *@ret_found FALSE: none kept yet. */
gboolean store_get_budget(Store *store, gint64 workspace_id, gint64 connection_id,
                          StoreBudget *ret_budget, gboolean *ret_found, GError **error);
gboolean store_put_budget(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                          const StoreBudget *budget, GError **error);

/* Faults as words for the administrator: counted, kept until the stage succeeds. */
gboolean store_put_problem(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                           const char *stage, const char *code, const char *sentence, UtcTime at,
                           GError **error);
/* The same for what is not read although all went well: no fault, kept until the stage is cleared.
 */
gboolean store_put_note(StoreTx *tx, gint64 workspace_id, gint64 repository_id, const char *stage,
                        const char *code, const char *sentence, UtcTime at, GError **error);
gboolean store_clear_problems(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                              const char *stage, GError **error); /* @stage NULL: all */
typedef struct {
    gint64 repository_id;
    char *repository, *stage, *code, *sentence;
    UtcTime first, last;
    gint64 times;
    gboolean is_note; /* worth knowing, but nothing failed */
} StoreProblem;
void store_problem_free(StoreProblem *problem);
GPtrArray *store_list_problems(Store *store, gint64 workspace_id,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
typedef struct {
    gint64 repository_id;
    char *repository, *kind, *key, *reason, *snippet;
} StoreQuarantined;
void store_quarantined_free(StoreQuarantined *quarantined);
GPtrArray *store_list_quarantined(Store *store, gint64 workspace_id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Work lists for sync; arrays of gint64 numbers unless said otherwise. */
/* Numbers that events speak of but that have no pull request row. */
GArray *store_list_unknown_pull_requests(Store *store, gint64 workspace_id, gint64 repository_id,
                                         GError **error);
/* What git or the API still owes: pull requests whose commits or files are 'unknown', or whose
 * source moved since they were read (open ones whose source_hash changed go back to 'unknown'
 * inside store_put_pull_requests). Newest first. */
typedef struct {
    gint64 number;
    PullRequestState state;
    char *source_hash, *destination_hash, *destination_branch, *merge_hash;
    char *commits_state, *files_state;
} StoreRangeTask;
void store_range_task_free(StoreRangeTask *task);
GPtrArray *store_list_range_tasks(Store *store, gint64 workspace_id, gint64 repository_id,
                                  gint64 limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- rows for measures
 * ------------------------------------------------------------------------------------------------
 */

/* All that facts are made from, of one pull request. Arrays owned by the row; valid during the
 * visit. Ids of people are canonical (people.h). */
typedef struct {
    gint64 person_id;
    gboolean is_reviewer;
    ParticipantState state;
    UtcTime participated;
} StoreParticipant;
typedef struct {
    PrEventKind kind;
    UtcTime at;
    gint64 actor_id;   /* the deleted person has an id too: store_deleted_person */
    gint64 subject_id; /* COUNT_ABSENT */
    const char *source_hash;
    gint64 comment_id, parent_comment_id;
    gboolean is_inline, is_deleted;
    UtcTime resolved;
} StoreEvent;
typedef struct {
    const char *key;
    BuildState state; /* as last told */
    UtcTime created, updated;
    const char *name, *url; /* NULL: not told */
} StoreBuild;
typedef struct {
    gint64 task_id, creator_id, resolver_id; /* resolver COUNT_ABSENT while unresolved */
    UtcTime created, resolved;               /* resolved absent: unresolved */
} StoreTask;
typedef struct {
    gint64 repository_id, number, generation;
    const char *title, *source_branch, *destination_branch, *source_hash, *html_url;
    PullRequestState state;
    gboolean is_draft;
    gint64 author_id, closed_by_id; /* closed_by COUNT_ABSENT when open or not told */
    UtcTime created, updated,
        merge_committed; /* committer (else author) date of the merge commit, for estimates */
    const char *commits_state, *files_state;
    UtcTime participants_as_of; /* the update whose list of participants this is; absent: no record
                                   listed them yet */
    const StoreParticipant *participants;
    gsize n_participants;
    const StoreEvent *events; /* by time, then kind */
    gsize n_events;
    const UtcTime *commit_authored; /* author dates of the commits it brings */
    gsize n_commits;
    const FileChange *files;
    gsize n_files;
    gboolean builds_known; /* those of source_hash were read; FALSE: not yet, or they may not be */
    gboolean tasks_known;  /* read, or the record says that none is unresolved */
    const StoreBuild *builds; /* of the newest source commit, one per key */
    gsize n_builds;
    const StoreTask *tasks;
    gsize n_tasks;
} StorePullRequest;

typedef gboolean (*StorePullRequestVisitor)(const StorePullRequest *row, gpointer user_data,
                                            GError **error);

/* Visits the pull requests named by fact_todo, at most @limit, in key order; generation says which
 * change was seen. */
gboolean store_visit_fact_todo(Store *store, gint64 workspace_id, gint64 limit,
                               StorePullRequestVisitor visitor, gpointer user_data, GError **error);
/* Visits one pull request. NOT_FOUND. */
gboolean store_visit_pull_request(Store *store, gint64 workspace_id, gint64 repository_id,
                                  gint64 number, StorePullRequestVisitor visitor,
                                  gpointer user_data, GError **error);
/* Puts every pull request of the workspace into fact_todo: a definition changed. */
gboolean store_invalidate_facts(StoreTx *tx, gint64 workspace_id, GError **error);
gboolean store_count_fact_todo(Store *store, gint64 workspace_id, gint64 *ret_count,
                               GError **error);

gint64 store_deleted_person(gint64 workspace_id); /* the id of "somebody whose account is gone" */
typedef struct {
    gint64 person_id;
    char *display_name, *nickname;
    char *uuid;  /* NULL for commit authors, who are known by address only */
    char *kind;  /* "user", "app", "team", "unknown" */
    char *email; /* the first of the person's addresses in text order; NULL: none is known */
    gboolean is_bot, is_excluded;
    char *bot_reason;
} StorePerson;
void store_person_free(StorePerson *person);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StorePerson, store_person_free)
GPtrArray *store_list_people(Store *store, gint64 workspace_id,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The judgement of the measure room or of an administrator; every pull request the person touched
 * joins fact_todo. */
gboolean store_mark_person(StoreTx *tx, gint64 workspace_id, gint64 person_id, gboolean is_bot,
                           const char *bot_reason, gboolean is_excluded, GError **error);

/* Facts as stored; the columns of fact_pr and fact_review in their order (0001_initial.sql). */
typedef struct {
    gint64 repository_id, number, definition;
    PullRequestState state;
    gboolean is_draft;
    gint64 author_id;
    gboolean author_is_bot;
    const char *destination_branch;
    UtcTime first_commit, opened, ready, first_review, first_bot_review, approved, merged, declined,
        released, last_activity;
    gboolean is_merged_estimated, coding_clamped, review_clamped;
    Duration coding_working, pickup_working, review_working, merge_working, cycle_working,
        time_to_merge_working;
    gint64 lines_added, lines_removed, files_changed,
        generated_lines; /* COUNT_ABSENT: size not known */
    gint64 rounds, pushes, review_comments, author_comments, bot_comments, reviewers, approvals,
        commits;
    gboolean is_unreviewed, is_self_merged, is_late_change;
    const char *waiting_on; /* open ones: "review", "author", "merge", "ready"; NULL otherwise */
    UtcTime waiting_since;
} FactPr;
typedef struct {
    gint64 repository_id, number, reviewer_id;
    gboolean reviewer_is_bot;
    gboolean
        is_reviewer; /* in the reviewer list as last seen: not removed, not a mere participant */
    UtcTime asked, responded;
    Duration turnaround_working;
    gint64 comments, approvals, change_requests;
} FactReview;

/* Writes a pull request's facts, replaces its reviews, and takes it off fact_todo when @generation
 * is still the newest. */
gboolean store_put_facts(StoreTx *tx, gint64 workspace_id, const FactPr *fact,
                         const FactReview *reviews, gsize n_reviews, gint64 generation,
                         GError **error);
typedef gboolean (*StoreFactVisitor)(const FactPr *fact, gpointer user_data, GError **error);
typedef gboolean (*StoreReviewVisitor)(const FactReview *review, gpointer user_data,
                                       GError **error);
gboolean store_visit_facts(Store *store, gint64 workspace_id, StoreFactVisitor visitor,
                           gpointer user_data, GError **error);
gboolean store_visit_reviews(Store *store, gint64 workspace_id, StoreReviewVisitor visitor,
                             gpointer user_data, GError **error);
typedef struct {
    gint64 repository_id, author_id;
    UtcTime authored;
    gboolean is_merge;
    gint64 lines_added, lines_removed, files_changed;
} StoreCommitRow;
typedef gboolean (*StoreCommitVisitor)(const StoreCommitRow *row, gpointer user_data,
                                       GError **error);
/* Commits in order of author date; authors are canonical. */
gboolean store_visit_commits(Store *store, gint64 workspace_id, StoreCommitVisitor visitor,
                             gpointer user_data, GError **error);

/* Titles and links of pull requests for lists. Strings owned by the struct. NOT_FOUND. */
typedef struct {
    char *title, *html_url, *source_branch, *destination_branch;
} StorePullRequestLabel;
void store_pull_request_label_clear(StorePullRequestLabel *label);
gboolean store_get_pull_request_label(Store *store, gint64 workspace_id, gint64 repository_id,
                                      gint64 number, StorePullRequestLabel *ret_label,
                                      GError **error);

/* A number that grows with every transaction that altered facts, commits, people or repositories:
 * readers of columns in memory look at it. */
gboolean store_change_counter(Store *store, gint64 *ret_counter, GError **error);

#include "store/details.h" /* builds, tasks, deployments */
#include "store/history.h" /* the main branch, branches, trial merges, files by author */
/* clang-format off */
#include "store/people.h" /* who is who, teams */
#include "store/policies.h" /* approval policies, selection, proposals */
#include "store/audit.h" /* the merge audit log */
#include "store/release.h" /* what follows from deployments */
#include "store/purge.h" /* deleting what only one connection brought */
#include "store/reading.h" /* how far first readings are */
/* clang-format on */
#include "store/accounts.h" /* accounts, sessions, tokens, what administrators did */
#include "store/findings.h" /* what rules found */
