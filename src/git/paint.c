#include "git/paint.h"

enum { SOURCE = 1, BASE = 2, BOTH = 3, STALE = 4, QUEUED = 8 };

struct GitPainter {
    const GitGraph *graph;
    guint8 *colours; /* of every commit; all 0 between calls */
    GArray *touched; /* guint32: those that are not 0 */
    GArray *heap;    /* guint32: to do, greatest index first */
    gsize open;      /* of them, those that can still bring a result */
    GArray *commits;
    guint32 merge_base;
};

GitPainter *git_painter_new(const GitGraph *graph)
{
    GitPainter *painter = g_new0(GitPainter, 1);
    painter->graph = graph;
    painter->colours = g_malloc0(MAX(git_graph_count(graph), 1));
    painter->touched = g_array_new(FALSE, FALSE, sizeof(guint32));
    painter->heap = g_array_new(FALSE, FALSE, sizeof(guint32));
    painter->commits = g_array_new(FALSE, FALSE, sizeof(guint32));
    return painter;
}

void git_painter_free(GitPainter *painter)
{
    if (!painter)
        return;
    g_free(painter->colours);
    g_array_unref(painter->touched);
    g_array_unref(painter->heap);
    g_array_unref(painter->commits);
    g_free(painter);
}

static void heap_push(GArray *heap, guint32 commit)
{
    g_array_append_val(heap, commit);
    guint32 *entries = (guint32 *) heap->data;
    guint at = heap->len - 1;
    while (at > 0 && entries[(at - 1) / 2] < commit) {
        entries[at] = entries[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    entries[at] = commit;
}

static guint32 heap_pop(GArray *heap)
{
    guint32 *entries = (guint32 *) heap->data;
    guint32 greatest = entries[0], moved = entries[heap->len - 1];
    guint length = heap->len - 1, at = 0;
    for (guint child; (child = 2 * at + 1) < length; at = child) {
        if (child + 1 < length && entries[child + 1] > entries[child])
            child++;
        if (entries[child] <= moved)
            break;
        entries[at] = entries[child];
    }
    entries[at] = moved;
    g_array_set_size(heap, length);
    return greatest;
}

/* Still able to become a result: of the source alone, or common and not below another common one.
 */
static gboolean is_open(guint8 colours)
{
    return (colours & BOTH) == SOURCE || ((colours & BOTH) == BOTH && !(colours & STALE));
}

static void colour(GitPainter *painter, guint32 commit, guint8 colours)
{
    guint8 before = painter->colours[commit];
    guint8 after = before | colours | QUEUED;
    if (before == 0)
        g_array_append_val(painter->touched, commit);
    if (!(before & QUEUED))
        heap_push(painter->heap, commit);
    painter->open += is_open(after);
    painter->open -= (before & QUEUED) && is_open(before);
    painter->colours[commit] = after;
}

static gboolean is_better_base(const GitGraph *graph, guint32 candidate, guint32 chosen)
{
    if (chosen == GIT_GRAPH_NONE)
        return TRUE;
    gint64 time = git_graph_time(graph, candidate), chosen_time = git_graph_time(graph, chosen);
    return time != chosen_time ? time > chosen_time
                               : git_graph_compare(graph, candidate, chosen) < 0;
}

static void reset(GitPainter *painter)
{
    for (guint i = 0; i < painter->touched->len; i++)
        painter->colours[g_array_index(painter->touched, guint32, i)] = 0;
    g_array_set_size(painter->touched, 0);
    g_array_set_size(painter->heap, 0);
    painter->open = 0;
}

GitPainting git_painter_paint(GitPainter *painter, guint32 source, guint32 base)
{
    g_array_set_size(painter->commits, 0);
    painter->merge_base = GIT_GRAPH_NONE;
    colour(painter, source, SOURCE);
    colour(painter, base, BASE);
    while (painter->open > 0) {
        /* All children have been taken before, so the colours are final. */
        guint32 commit = heap_pop(painter->heap);
        guint8 colours = painter->colours[commit] & (BOTH | STALE);
        painter->open -= is_open(colours);
        if (colours == SOURCE)
            g_array_append_val(painter->commits, commit);
        if (colours == BOTH) {
            if (is_better_base(painter->graph, commit, painter->merge_base))
                painter->merge_base = commit;
            colours |= STALE;
        }
        guint n_parents = git_graph_parent_count(painter->graph, commit);
        for (guint i = 0; i < n_parents; i++)
            colour(painter, git_graph_parent(painter->graph, commit, i), colours);
    }
    reset(painter);
    return (GitPainting){(const guint32 *) painter->commits->data, painter->commits->len,
                         painter->merge_base};
}
