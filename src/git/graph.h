/*
 * The commit graph in memory: hashes, dates and parents, 40 to 50 bytes a commit.
 *
 * A commit is its index. Parents have lower indices than their children, so an index is also a
 * place in a topological order; what is added later never becomes an ancestor of what was there.
 */
#pragma once

#include "git/git.h"

#define GIT_GRAPH_NONE        G_MAXUINT32
#define GIT_GRAPH_MAX_COMMITS ((guint32) 1 << 26)

typedef struct GitGraph GitGraph;

GitGraph *git_graph_new(void);
void git_graph_free(GitGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GitGraph, git_graph_free)

/* Adds one line of `git rev-list --reverse --topo-order --timestamp --parents`; a known commit is
 * passed over. Fails with GIT when the line is none or names an unknown parent, LIMIT when there
 * are too many commits. */
gboolean git_graph_add_line(GitGraph *graph, const char *line, gsize length,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

guint32 git_graph_count(const GitGraph *graph);

/* By full or abbreviated hash (7 or more hex digits); NONE when there is no such commit, or more
 * than one. @hash may be NULL. */
guint32 git_graph_find(const GitGraph *graph, const char *hash);

/* NONE: it has fewer parents. */
guint32 git_graph_parent(const GitGraph *graph, guint32 commit, guint number);
guint git_graph_parent_count(const GitGraph *graph, guint32 commit);
gint64 git_graph_time(const GitGraph *graph, guint32 commit); /* committer's, in seconds */

/* Order of two hashes, as memcmp. */
int git_graph_compare(const GitGraph *graph, guint32 one, guint32 other);

/* 40 or 64: digits of a full hash (40 while the graph is empty). */
gsize git_graph_hash_length(const GitGraph *graph);
/* Appends the full hash in hex. */
void git_graph_append_hash(const GitGraph *graph, guint32 commit, GString *text);
