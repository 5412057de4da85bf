/*
 * history: the main branch change by change, branches, trial merges, and who wrote which file. Part
 * of the store's public header; see store.h for what holds everywhere.
 *
 * Everything here comes from git mirrors; a workspace that is read over the API alone has none of
 * it. Visitors are given canonical people (people.h).
 */
#pragma once

#include "store/store.h"

/* ---- the main branch */

/* Adds or refreshes. @anew: the branch was rewritten, what was known of it goes first. */
gboolean store_put_main_changes(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                const MainChange *records, gsize n, gboolean anew,
                                StoreChanges *changes, GError **error);

/* Replaces what is known of the other branches (MainChange.branch). What is there still keeps its
 * attribution. */
gboolean store_put_branch_changes(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                  const MainChange *records, gsize n, StoreChanges *changes,
                                  GError **error);

/* Looks up which pull requests brought the changes that have none yet: one that was merged with
 * that commit, else a merged one that has the commit among its own, else a merged one with a commit
 * of the same author, author date and subject (a rebase). Then notes that those which landed in
 * [@from, @until) are settled: all pull requests merged in that span were read. @from TIME_ABSENT:
 * since ever; @until TIME_ABSENT: nothing is settled. */
gboolean store_attribute_main_changes(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                                      UtcTime from, UtcTime until, StoreChanges *changes,
                                      GError **error);

typedef struct {
    gint64 repository_id, number; /* COUNT_ABSENT: no pull request is known to have brought it */
    gint64 author_id;             /* the pull request's, else the commit's */
    UtcTime landed;
    gint64 files_changed, lines_changed, lines_young, lines_left_out;
} StoreMainChange;
typedef gboolean (*StoreMainChangeVisitor)(const StoreMainChange *row, gpointer user_data,
                                           GError **error);
/* On the main branch. By instant of landing, then repository and position. */
gboolean store_visit_main_changes(Store *store, gint64 workspace_id, StoreMainChangeVisitor visitor,
                                  gpointer user_data, GError **error);

typedef struct {
    gint64 repository_id, author_id;
    const char *hash, *subject;
    UtcTime landed;
    gboolean is_merge;
    const char *branch;   /* "": the main branch */
    gint64 lines_changed; /* COUNT_ABSENT: on another branch */
} StoreDirectPush;
typedef gboolean (*StoreDirectPushVisitor)(const StoreDirectPush *row, gpointer user_data,
                                           GError **error);
/* Settled changes that landed in [@from, @until) and that no pull request brought, without the root
 * commit, by repository, branch (the main one first) and position. What the main branch has comes
 * for it alone; what several others have comes for each of them. A change is left out while it may
 * belong to the merged pull request that lands next and whose commits are not known: a rebase puts
 * them onto the branch as copies. */
gboolean store_visit_direct_pushes(Store *store, gint64 workspace_id, UtcTime from, UtcTime until,
                                   StoreDirectPushVisitor visitor, gpointer user_data,
                                   GError **error);

/* ---- branches */

/* Replaces what is known of the repository's branches. */
gboolean store_put_branches(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                            const Branch *records, gsize n, StoreChanges *changes, GError **error);

typedef struct {
    gint64 repository_id, author_id; /* of the newest commit */
    const char *name, *hash;
    UtcTime committed;
    gboolean is_merged;
    gint64 open_pull_requests; /* that come from it or go into it */
} StoreBranch;
typedef gboolean (*StoreBranchVisitor)(const StoreBranch *row, gpointer user_data, GError **error);
/* By repository and name; selected repositories only. */
gboolean store_visit_branches(Store *store, gint64 workspace_id, StoreBranchVisitor visitor,
                              gpointer user_data, GError **error);

/* ---- trial merges */

typedef struct {
    gint64 number;
    char *source_hash, *destination_hash; /* tips of the two branches */
    UtcTime moved;                        /* date of the newer of the two */
} StoreMergeTask;
void store_merge_task_free(StoreMergeTask *task);
/* Open pull requests whose source (in the same repository) or destination moved since they were
 * tried, latest updated first. GPtrArray of StoreMergeTask. */
GPtrArray *store_list_merge_tasks(Store *store, gint64 workspace_id, gint64 repository_id,
                                  gint64 limit, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    gint64 number;
    const char *source_hash, *destination_hash;
    const char *state; /* "clean", "conflict", "unknown" */
    UtcTime since;     /* a conflict that was there before keeps its own */
    gint64 path_count;
    const char *paths; /* one a line */
} StoreMergeTrial;
gboolean store_put_merge_trial(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const StoreMergeTrial *trial, StoreChanges *changes, GError **error);

typedef struct {
    gint64 repository_id, number;
    const char *source_branch, *destination_branch;
    UtcTime since;
    gint64 path_count;
    const char *paths;
} StoreConflict;
typedef gboolean (*StoreConflictVisitor)(const StoreConflict *row, gpointer user_data,
                                         GError **error);
/* Open pull requests whose last trial was a conflict. @number COUNT_ABSENT: all of the workspace,
 * whatever @repository_id. */
gboolean store_visit_conflicts(Store *store, gint64 workspace_id, gint64 repository_id,
                               gint64 number, StoreConflictVisitor visitor, gpointer user_data,
                               GError **error);

/* ---- who wrote which file */

typedef struct {
    gint64 author_id;
    UtcTime authored;
    const char *hash, *path, *old_path; /* old_path NULL unless the file was moved */
    gint64 lines_added, lines_removed;  /* COUNT_ABSENT: binary */
} StoreFileChange;
typedef gboolean (*StoreFileChangeVisitor)(const StoreFileChange *row, gpointer user_data,
                                           GError **error);
/* Files of the commits authored in [@from, @until), by author date, commit and path. Merges have
 * none. Work counts once: of copies that a rebase made one is taken, and a squash commit is left
 * out where git has the commits that were squashed. */
gboolean store_visit_file_changes(Store *store, gint64 workspace_id, gint64 repository_id,
                                  UtcTime from, UtcTime until, StoreFileChangeVisitor visitor,
                                  gpointer user_data, GError **error);

/* When somebody last authored a commit anywhere in the workspace, before @until; several times for
 * somebody with several addresses. */
typedef gboolean (*StoreLastCommitVisitor)(gint64 author_id, UtcTime last, gpointer user_data,
                                           GError **error);
gboolean store_visit_last_commits(Store *store, gint64 workspace_id, UtcTime until,
                                  StoreLastCommitVisitor visitor, gpointer user_data,
                                  GError **error);

/* Repositories (selected) that have main changes, and all that are selected: what line history
 * covers. */
gboolean store_count_history(Store *store, gint64 workspace_id, gint64 *ret_with_history,
                             gint64 *ret_selected, GError **error);
