/* Lines of git rev-list: the graph stays whole and painting ends. */
#include "git/graph.h"
#include "git/paint.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Three bytes a commit: its name and those of two parents, each one of 256 hashes. */
static void add_compact(GitGraph *graph, const guint8 *at)
{
    g_autoptr(GString) line = g_string_new(NULL);
    g_string_append_printf(line, "%d %02x%038d", at[0], at[0], 0);
    for (gsize i = 1; i < 3 && at[i] != at[0]; i++)
        g_string_append_printf(line, " %02x%038d", at[i], 0);
    g_autoptr(GError) error = NULL;
    g_assert(git_graph_add_line(graph, line->str, line->len, &error) == (error == NULL));
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GitGraph) graph = git_graph_new();
    for (gsize i = 0; i + 3 <= size && i < 600; i += 3)
        add_compact(graph, data + i);
    g_autoptr(GError) error = NULL;
    g_assert(git_graph_add_line(graph, (const char *) data, size, &error) == (error == NULL));
    guint32 count = git_graph_count(graph);
    g_autoptr(GitPainter) painter = git_painter_new(graph);
    for (gsize i = 0; i + 2 <= size && count > 0 && i < 20; i += 2) {
        guint32 source = data[i] % count, base = data[i + 1] % count;
        GitPainting painting = git_painter_paint(painter, source, base);
        for (gsize k = 0; k < painting.n_commits; k++) {
            g_assert(painting.commits[k] <= source);
            g_assert(k == 0 || painting.commits[k] < painting.commits[k - 1]);
        }
        g_assert(painting.merge_base == GIT_GRAPH_NONE ||
                 (painting.merge_base <= source && painting.merge_base <= base));
    }
    return 0;
}
