/*
 * How old the lines of the files of one branch are, as a stream of differences tells it.
 *
 * A file is a run of pieces: so many lines that the same change brought. Changes are numbered in
 * their order and their instants never decrease, so "young" is "brought by a change from this
 * number on". Lines nobody saw coming are old, and what has grown old is forgotten: only lines of
 * the window take memory, bounded by LIMIT_GIT_LINE_AGES. Beyond that everything is forgotten, and
 * the caller is told.
 */
#pragma once

#include "git/git.h"

typedef struct GitAges GitAges;

GitAges *git_ages_new(gsize limit); /* bytes; 0: LIMIT_GIT_LINE_AGES */
void git_ages_free(GitAges *ages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GitAges, git_ages_free)

/* The change that the next edits belong to, and the first one whose lines are young by then.
 * Neither may decrease. */
void git_ages_set_change(GitAges *ages, guint32 change, guint32 first_young);

/* An edit takes the lines of @path out of the table (NULL: a new file) and puts them back, under
 * another name when the file was moved. */
typedef struct GitAgesEdit GitAgesEdit;
GitAgesEdit *git_ages_take(GitAges *ages, const char *path);
/* As in "@@ -start,removed +…,added @@"; hunks in the order of the old file. Returns how many of
 * the removed lines are young. */
guint32 git_ages_hunk(GitAges *ages, GitAgesEdit *edit, guint32 start, guint32 removed,
                      guint32 added);
/* Frees the edit. @path NULL: the file is gone. */
void git_ages_put(GitAges *ages, GitAgesEdit *edit, const char *path);

/* Whether the table outgrew its limit since it was last asked; it is empty then. */
gboolean git_ages_were_lost(GitAges *ages);
/* Forgets everything on purpose: differences were not seen. */
void git_ages_lose(GitAges *ages);
