/*
 * git: bare mirrors of repositories, read as streams of model records.
 *
 * git itself does the work as a child process: argument array, no shell, home and configuration of
 * its own, no prompt, hooks off, a wall-clock limit, a quota on disk. The credential reaches it
 * through the environment (a header for this one address), never the argument list or a stored
 * address. A mirror is a cache: it may be deleted at any time and is fetched anew; a corrupt one is
 * recognised, removed and fetched anew.
 *
 * One GitMirror belongs to one thread at a time; different mirrors may be used in parallel. Opening
 * a mirror that is open already, here or in another process, fails. Records passed to visitors are
 * valid during the call only.
 */
#pragma once

#include "model/model.h"

typedef struct GitMirror GitMirror;

typedef struct {
    const char
        *folder; /* holds mirrors, one folder each, named by repository uuid without braces */
    const char *clone_url; /* https, or http to loopback; no user information */
    const char *name;      /* folder name of this mirror: [A-Za-z0-9_-]+ */
    const char *user;      /* of Basic authentication; NULL: no credential */
    const char *secret;
    guint time_limit_s; /* per git command; 0: 3600 */
    guint64 disk_limit; /* bytes of the mirror; 0: 20 GiB */
} GitMirrorConfig;

/* Deletes the mirror @name in @folder; one that is not there is deleted. GIT when it is open. */
gboolean git_mirror_remove(const char *folder, const char *name,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Opens the mirror's folder, making it when absent; nothing is fetched yet. */
GitMirror *git_mirror_open(const GitMirrorConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void git_mirror_free(GitMirror *mirror);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GitMirror, git_mirror_free)

/* Progress of a long command: @percent 0-100, or -1 when not known. @phase is git's own word
 * ("Receiving objects"). */
typedef void (*GitProgress)(const char *phase, int percent, gpointer user_data);

/* Brings all branches and tags up to date, removing the vanished ones. CREDENTIAL_REJECTED,
 * FORBIDDEN, NOT_FOUND, NETWORK, TIMEOUT, LIMIT (quota), GIT. *@ret_refetched (may be NULL) tells
 * that a corrupt mirror was thrown away first. */
gboolean git_mirror_fetch(GitMirror *mirror, GitProgress progress, gpointer user_data,
                          gboolean *ret_refetched, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Kills the command under way; the function that runs it fails with CANCELLED. From any thread. A
 * cancel while nothing runs is forgotten. */
void git_mirror_cancel(GitMirror *mirror);

/* Tips of all branches, sorted, as one text ("hash refname\n"…): what a later walk can leave out.
 * Free with g_free. */
char *git_mirror_tips(GitMirror *mirror, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Return FALSE with @error set to stop the walk. */
typedef gboolean (*GitCommitVisitor)(const Commit *commit, gpointer user_data, GError **error);

/* Every commit reachable from the branches and tags but not from @known_tips (an earlier
 * git_mirror_tips, or NULL), parents before children where git can tell, with lines per file
 * against the first parent (none for merges, renames detected). Tips that no longer exist are
 * ignored. A stream in fixed memory. */
gboolean git_mirror_walk(GitMirror *mirror, const char *known_tips, GitCommitVisitor visitor,
                         gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- what pull requests bring
 * --------------------------------------------------------------------------------------- */

typedef struct {
    gint64 number;
    const char *source_hash;        /* full or abbreviated (>= 7 digits) */
    const char *destination_hash;   /* as Bitbucket told; may be NULL */
    const char *destination_branch; /* may be NULL */
    const char *merge_hash;         /* may be NULL */
    gboolean is_merged;
} GitRangeRequest;

typedef enum {
    GIT_RANGE_FOUND,      /* commits and files are complete */
    GIT_RANGE_FILES_ONLY, /* the commits are gone (squashed, branch deleted), the squash commit gave
                             the files */
    GIT_RANGE_UNREACHABLE, /* the mirror has neither */
} GitRangeState;

typedef struct {
    gint64 number;
    GitRangeState state;
    const char *merge_base;     /* full hash, NULL when there is none */
    const char *const *commits; /* full hashes the pull request brings, newest first */
    gsize n_commits;
    const FileChange
        *files; /* merge base .. head (FOUND), or the squash commit against its parent */
    gsize n_files;
} GitRange;

typedef gboolean (*GitRangeVisitor)(const GitRange *range, gpointer user_data, GError **error);

/* For each request, in order: the commits reachable from the source and not from the destination as
 * it was before the merge (the merge commit's first parent when there is one, else
 * destination_hash, else the branch's tip), and the difference between merge base and source. One
 * pass over the commit graph and one diff process for all requests. A squash merge is a merge_hash
 * with one parent that is not the source itself (that would be a fast-forward). A source that is
 * not there is taken from the merge commit's second parent. Of several merge bases the newest
 * counts; without one (unrelated histories) the difference is against nothing. A merged pull
 * request that would bring no commit is UNREACHABLE: where the destination stood is not known. */
gboolean git_mirror_ranges(GitMirror *mirror, const GitRangeRequest *requests, gsize n_requests,
                           GitRangeVisitor visitor, gpointer user_data,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- what came onto a branch
 * ------------------------------------------------------------------------------------------- */

typedef gboolean (*GitMainChangeVisitor)(const MainChange *change, gpointer user_data,
                                         GError **error);

/* The changes of @branch, oldest first, after the one whose commit is @known (NULL: all of them).
 * When @known is not on the branch any more its history was rewritten: then all of them come, from
 * position 0. None when there is no such branch. One diff process; memory for the commit graph and
 * for the lines of the window. @now: the server's, TIME_ABSENT: any date is believed. */
gboolean git_mirror_main_changes(GitMirror *mirror, const char *branch, const char *known,
                                 UtcTime now, GitMainChangeVisitor visitor, gpointer user_data,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The changes of @branches (NULL-terminated) that landed at or after @since and are not on
 * @main_branch's first-parent line, branch by branch, oldest first: branch, hash, position and
 * landed only. Nothing is compared. @now as above. */
gboolean git_mirror_branch_changes(GitMirror *mirror, const char *main_branch,
                                   const char *const *branches, UtcTime since, UtcTime now,
                                   GitMainChangeVisitor visitor, gpointer user_data,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- branches
 * ------------------------------------------------------------------------------------------- */

typedef gboolean (*GitBranchVisitor)(const Branch *branch, gpointer user_data, GError **error);

/* All branches by name. @main_branch may be NULL or gone; then none is merged. */
gboolean git_mirror_branches(GitMirror *mirror, const char *main_branch, GitBranchVisitor visitor,
                             gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
    GIT_MERGE_CLEAN,
    GIT_MERGE_CONFLICT,
    GIT_MERGE_UNKNOWN, /* a commit is not in the mirror, or the histories have nothing in common */
} GitMergeState;

#define GIT_MERGE_PATHS_MAX 20

typedef struct {
    GitMergeState state;
    gint64 n_paths; /* in conflict, all of them */
    char **paths;   /* the first GIT_MERGE_PATHS_MAX, NULL-terminated; NULL unless in conflict */
} GitMergeTrial;
void git_merge_trial_clear(GitMergeTrial *trial);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitMergeTrial, git_merge_trial_clear)

/* Merges two commits (full hashes) as git would, and throws the outcome away: the mirror does not
 * grow. Needs git 2.38; GIT says so. */
gboolean git_mirror_try_merge(GitMirror *mirror, const char *ours, const char *theirs,
                              GitMergeTrial *ret_trial, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- for tests and fuzzing
 * ------------------------------------------------------------------------------------------- */

/* Parses the stream that git_mirror_walk reads from git. */
gboolean git_parse_log(const char *bytes, gsize length, GitCommitVisitor visitor,
                       gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
