/*
 * What one commit has and another has not, and where they meet.
 *
 * Two colours run from the two commits to their ancestors, children always before parents, until
 * the first colour has nothing left of its own: only the part of the graph between the two is seen.
 */
#pragma once

#include "git/graph.h"

typedef struct GitPainter GitPainter;

/* @graph must not grow while the painter is used. */
GitPainter *git_painter_new(const GitGraph *graph);
void git_painter_free(GitPainter *painter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GitPainter, git_painter_free)

typedef struct {
    const guint32 *commits; /* reachable from source, not from base; children before parents */
    gsize n_commits;
    /* Of the best common ancestors (those that are no ancestor of another) the one with the newest
     * committer date, among equals the lowest hash; NONE when the histories are unrelated. */
    guint32 merge_base;
} GitPainting;

/* Valid until the next call. */
GitPainting git_painter_paint(GitPainter *painter, guint32 source, guint32 base);
