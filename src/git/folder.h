/*
 * A mirror's folder on disk:
 *
 *   <folder>/<name>/lock    held with flock while a GitMirror is open
 *   <folder>/<name>/git     the bare repository
 *   <folder>/<name>/trash   a repository on its way out, or objects that a trial made
 *   <folder>/<name>/damaged there when git complained of damage: the next fetch starts anew
 *
 * All of it is ours, so whatever a killed git left behind may be removed when the lock is held.
 */
#pragma once

#include "git/git.h"

/* Makes @path when absent and takes its lock. Returns the lock's file, -1 on failure (IO; GIT when
 * another process has the mirror open). */
int git_folder_lock(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Removes lock files, half packs and a repository in the trash. */
void git_folder_clean(const char *path);

/* Removes what is in the trash. */
void git_folder_empty_trash(const char *path);

void git_folder_mark_damaged(const char *path);
gboolean git_folder_is_damaged(const char *path);

/* Throws the repository and the mark of damage away. */
gboolean git_folder_discard(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Bytes of all files below @path. */
guint64 git_folder_size(const char *path);

typedef struct {
    guint packs;
    gboolean damaged; /* a pack is missing, cut short or not the one its index describes */
} GitPackCheck;

/* Looks at the ends of packs and indexes only: cheap enough for every fetch. */
GitPackCheck git_folder_check_packs(const char *repository);
