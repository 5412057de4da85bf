/*
 * Which of the commits that came in one batch belong to which pull request.
 *
 * The API gives the commits of up to a hundred sources in one list, without saying whose they are.
 * The graph of that list answers it: a pull request brings what its source reaches and its
 * destination does not. Where a walk leaves the list it meets a boundary: a commit that the list
 * left out because a branch has it. Whether the destination had it already when the pull request
 * was closed is a question for the mirror. Pure; one thread at a time.
 */
#pragma once

#include "model/model.h"

typedef struct CommitGraph CommitGraph;

CommitGraph *commit_graph_new(void);
void commit_graph_free(CommitGraph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommitGraph, commit_graph_free)

/* Copies. A commit added twice counts once. */
void commit_graph_add(CommitGraph *graph, const Commit *commit);
gsize commit_graph_size(const CommitGraph *graph);

/* The full hash that @hash abbreviates; NULL when there is none or more than one. Owned by the
 * graph. */
const char *commit_graph_find(CommitGraph *graph, const char *hash);

/* Appends full hashes (owned by the graph) to @commits: those reached from @source and not from
 * @destination (may be NULL or unknown), nearest to the source first; and to @boundary (may be
 * NULL) the parents outside of the graph, each once. FALSE when @source is not in the graph. */
gboolean commit_graph_assign(CommitGraph *graph, const char *source, const char *destination,
                             GPtrArray *commits, GPtrArray *boundary);
