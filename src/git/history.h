/*
 * The mirror's graph, read once between two fetches, and commits that no branch reaches any more.
 */
#pragma once

#include "git/mirror.h"
#include "git/reader.h"

/* Reads all branches and tags into mirror->graph when that has not been done. */
gboolean git_history_read(GitMirror *mirror, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Looks among all objects for commits that the graph lacks (full or abbreviated hashes; other texts
 * are passed over) and adds those that are there, with their ancestors. */
gboolean git_history_add(GitMirror *mirror, const GPtrArray *hashes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Called with each line, without its line feed. Return FALSE with @error set to stop. */
typedef gboolean (*GitLineVisitor)(const GitPiece *line, gpointer user_data, GError **error);

/* Runs a command to its end. */
gboolean git_history_read_lines(GitMirror *mirror, const char *what, const char *const *arguments,
                                const GString *input, GitLineVisitor visitor, gpointer user_data,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
