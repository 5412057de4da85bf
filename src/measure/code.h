/*
 * code: which files change most, and who could still explain which folder. Part of the room's
 * public header.
 *
 * From the commits of a repository, merged or not, each piece of work once; generated and vendored
 * files (model_path_class), bots and people who are left out do not count. Needs git: a repository
 * that is read over the API alone has no files by commit, and its lists are empty.
 */
#pragma once

#include "measure/measure.h"

#define CODE_HOT_WINDOW       (90 * TIME_DAY)
#define CODE_KNOWLEDGE_WINDOW (365 * TIME_DAY)
#define CODE_ACTIVE_WINDOW    (90 * TIME_DAY) /* who authored nothing for longer is gone */

typedef struct {
    gint64 person_id, commits;
    gint64 lines; /* added */
    UtcTime last; /* their last commit anywhere in the workspace */
    gboolean is_active;
} CodeAuthor;

typedef struct {
    char *path;
    gint64 commits, lines; /* lines added + removed */
    guint people;
    gint64 most_by; /* who made most of the commits */
    UtcTime last;
} CodeFile;
void code_file_free(CodeFile *file);

/* Files that were changed in [@now - CODE_HOT_WINDOW, @now) and are still there, most commits first
 * (then most lines, then by path), at most @limit of them. GPtrArray of CodeFile; *@ret_n: how many
 * there are in all. */
GPtrArray *measure_hot_files(Store *store, const MeasureBasis *basis, gint64 workspace_id,
                             gint64 repository_id, UtcTime now, guint limit, gint64 *ret_n,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    char *path;            /* "src/pay"; "" is the repository itself */
    gint64 commits, lines; /* of all its authors; lines added */
    CodeAuthor *authors;   /* most lines first, then most commits */
    guint n_authors;
    /* The smallest number of people who are still active and together added at least half of the
     * lines; 0: not even all of them did. */
    guint bus_factor;
    UtcTime reached; /* date of the commit that was the @mark-th of the window; absent: fewer */
} CodeFolder;
void code_folder_free(CodeFolder *folder);

/* Folders with files that were changed in [@now - CODE_KNOWLEDGE_WINDOW, @now) and are still there,
 * by path; what lies in a folder counts for all that it lies in. LIMIT beyond CODE_FOLDERS_MAX. */
#define CODE_FOLDERS_MAX 200000
GPtrArray *measure_knowledge(Store *store, const MeasureBasis *basis, gint64 workspace_id,
                             gint64 repository_id, UtcTime now, gint64 mark,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
