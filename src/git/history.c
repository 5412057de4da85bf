#include "git/history.h"

#include "git/text.h"

gboolean git_history_read_lines(GitMirror *mirror, const char *what, const char *const *arguments,
                                const GString *input, GitLineVisitor visitor, gpointer user_data,
                                GError **error)
{
    g_auto(GitRun) run = {.process = NULL};
    if (!git_run_start(&run, mirror, what, arguments, input, error))
        return FALSE;
    g_auto(GitReader) reader;
    git_reader_init_process(&reader, run.process);
    GitPiece line;
    GitReadResult result;
    while ((result = git_reader_next(&reader, '\n', &line, error)) == GIT_READ_PIECE)
        if (!visitor(&line, user_data, error))
            return FALSE;
    return result == GIT_READ_END && git_run_finish(&run, error);
}

static gboolean add_to_graph(const GitPiece *line, gpointer user_data, GError **error)
{
    GitMirror *mirror = user_data;
    return git_graph_add_line(mirror->graph, line->bytes, line->length, error);
}

gboolean git_history_read(GitMirror *mirror, GError **error)
{
    static const char *const ARGUMENTS[] = {"rev-list",    "--reverse", "--topo-order",
                                            "--timestamp", "--parents", "--branches",
                                            "--tags",      NULL};
    if (mirror->graph)
        return TRUE;
    mirror->graph = git_graph_new();
    if (git_history_read_lines(mirror, "git rev-list", ARGUMENTS, NULL, add_to_graph, mirror,
                               error))
        return TRUE;
    g_clear_pointer(&mirror->graph, git_graph_free);
    return FALSE;
}

/* A full hash, or "… missing", "… ambiguous". */
static gboolean note_found(const GitPiece *line, gpointer user_data, GError **error)
{
    GString *found = user_data;
    if (git_text_is_hash(line->bytes, line->length)) {
        g_string_append_len(found, line->bytes, (gssize) line->length);
        g_string_append_c(found, '\n');
    }
    return TRUE;
}

gboolean git_history_add(GitMirror *mirror, const GPtrArray *hashes, GError **error)
{
    static const char *const LOOK_UP[] = {"cat-file", "--buffer", "--batch-check=%(objectname)",
                                          NULL};
    /* What the branches reach is in the graph already. */
    static const char *const READ[] = {"rev-list",  "--reverse", "--topo-order", "--timestamp",
                                       "--parents", "--stdin",   "--not",        "--branches",
                                       "--tags",    NULL};
    g_autoptr(GString) wanted = g_string_new(NULL);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < hashes->len; i++) {
        const char *hash = hashes->pdata[i];
        if (git_text_is_hash_or_prefix(hash) &&
            git_graph_find(mirror->graph, hash) == GIT_GRAPH_NONE)
            g_string_append_printf(wanted, "%s^{commit}\n", hash);
    }
    if (wanted->len == 0)
        return TRUE;
    if (!git_history_read_lines(mirror, "git cat-file", LOOK_UP, wanted, note_found, found, error))
        return FALSE;
    return found->len == 0 ||
           git_history_read_lines(mirror, "git rev-list", READ, found, add_to_graph, mirror, error);
}
