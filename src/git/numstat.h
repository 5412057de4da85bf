/*
 * `--numstat -z` as git log and git diff-tree write it: "added TAB removed TAB path NUL", of a
 * rename "added TAB removed TAB NUL old NUL new NUL", "-" for the counts of a binary file.
 */
#pragma once

#include "git/reader.h"

typedef struct {
    GString *text;   /* the paths */
    GArray *places;  /* where they lie */
    GArray *files;   /* FileChange, pointing into text after git_files_finish */
    guint64 dropped; /* past LIMIT_GIT_FILES_PER_COMMIT */
} GitFiles;

void git_files_init(GitFiles *files);
void git_files_clear(GitFiles *files);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitFiles, git_files_clear)
/* Empties it and gives unusual amounts of memory back. */
void git_files_reset(GitFiles *files);

/* Whether the bytes begin an entry (and not the next record). */
gboolean git_numstat_is_entry(const char *bytes, gsize length);

/* Reads one entry. FALSE: the source failed, or GIT when it is none. */
gboolean git_numstat_read(GitReader *reader, GitFiles *files,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The list is complete: makes the records whole. Valid until reset. Logs what was dropped, under
 * the name @what. */
const FileChange *git_files_finish(GitFiles *files, const char *what, gsize *ret_count);
