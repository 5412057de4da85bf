/*
 * The stream of `git log -z --raw -p -U0 --format=tformat:%H`: for each commit its hash, the list
 * of changed files, and their hunks. The text of the lines is read over, never kept.
 */
#pragma once

#include "git/reader.h"

typedef struct {
    char status;     /* of --raw: A C D M R T … */
    gsize path, old; /* offsets into GitPatch.text; GIT_PATCH_NO_PATH: left out */
} GitPatchFile;

#define GIT_PATCH_NO_PATH G_MAXSIZE

typedef struct {
    char hash[65];
    GString *text;   /* paths, each with its NUL */
    GArray *files;   /* GitPatchFile */
    guint64 dropped; /* past LIMIT_GIT_FILES_PER_COMMIT */
} GitPatch;

void git_patch_init(GitPatch *patch);
void git_patch_clear(GitPatch *patch);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitPatch, git_patch_clear)

/* Reads the head of the next record: its hash and files. END: there is none. */
GitReadResult git_patch_next(GitReader *reader, GitPatch *patch,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    guint32 start, removed, added;
} GitHunk;
typedef void (*GitHunkVisitor)(const GitHunk *hunk, gpointer user_data);

/* Reads the differences of one file: every file of the list has one part, a change of type (T) has
 * two, first what goes, then what comes. */
gboolean git_patch_read_part(GitReader *reader, GitHunkVisitor visitor, gpointer user_data,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
