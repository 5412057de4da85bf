/*
 * What came onto branches besides the main one, along their first parents down to the commit that
 * the main branch has, too: all below that is on its line as well.
 */
#include "git/history.h"

typedef struct {
    const GitGraph *graph;
    guint8 *on_main; /* of each commit */
    UtcTime since, now;
    GitMainChangeVisitor visitor;
    gpointer user_data;
} BranchLine;

static guint32 find_tip(const BranchLine *line, const char *tips, const char *branch)
{
    g_autofree char *tip = git_mirror_find_tip(tips, branch);
    return git_graph_find(line->graph, tip);
}

static void mark_main(BranchLine *line, const char *tips, const char *main_branch)
{
    for (guint32 at = find_tip(line, tips, main_branch); at != GIT_GRAPH_NONE;
         at = git_graph_parent(line->graph, at, 0))
        line->on_main[at] = 1;
}

/* As on the main branch: a date after "now" is not believed, and none lies before the one below. */
static UtcTime next_instant(const BranchLine *line, UtcTime latest, guint32 commit)
{
    UtcTime at = git_graph_time(line->graph, commit) * TIME_SECOND;
    return line->now == TIME_ABSENT || at <= line->now ? MAX(latest, at) : latest;
}

static gboolean visit(const BranchLine *line, const char *branch, guint32 commit, gint64 position,
                      UtcTime landed, GError **error)
{
    g_autoptr(GString) hash = g_string_new(NULL);
    git_graph_append_hash(line->graph, commit, hash);
    const MainChange change = {.branch = branch,
                               .hash = hash->str,
                               .position = position,
                               .landed = landed,
                               .lines_young = COUNT_ABSENT};
    return line->visitor(&change, line->user_data, error);
}

static gboolean read_branch(const BranchLine *line, const char *tips, const char *branch,
                            GError **error)
{
    g_autoptr(GArray) commits = g_array_new(FALSE, FALSE, sizeof(guint32)); /* newest first */
    guint32 at = find_tip(line, tips, branch);
    for (; at != GIT_GRAPH_NONE && !line->on_main[at]; at = git_graph_parent(line->graph, at, 0))
        g_array_append_val(commits, at);
    UtcTime landed = 0;
    gint64 position = 0; /* of the branch's root, or of the commit that the main branch has */
    if (at != GIT_GRAPH_NONE) {
        landed = next_instant(line, landed, at);
        position++;
    }
    for (guint i = commits->len; i-- > 0; position++) {
        guint32 commit = g_array_index(commits, guint32, i);
        landed = next_instant(line, landed, commit);
        if ((line->since == TIME_ABSENT || landed >= line->since) &&
            !visit(line, branch, commit, position, landed, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_branches(GitMirror *mirror, BranchLine *line, const char *main_branch,
                              const char *const *branches, GError **error)
{
    g_autoptr(GString) tips = g_string_new(NULL);
    if (!git_history_read(mirror, error) || !git_mirror_read_tips(mirror, tips, error))
        return FALSE;
    line->graph = mirror->graph;
    line->on_main = g_malloc0(MAX(git_graph_count(line->graph), 1));
    mark_main(line, tips->str, main_branch);
    for (; *branches; branches++)
        if (!read_branch(line, tips->str, *branches, error))
            return FALSE;
    return TRUE;
}

gboolean git_mirror_branch_changes(GitMirror *mirror, const char *main_branch,
                                   const char *const *branches, UtcTime since, UtcTime now,
                                   GitMainChangeVisitor visitor, gpointer user_data, GError **error)
{
    BranchLine line = {.since = since, .now = now, .visitor = visitor, .user_data = user_data};
    git_mirror_begin(mirror);
    gboolean done = read_branches(mirror, &line, main_branch, branches, error);
    git_mirror_end(mirror);
    g_free(line.on_main);
    return done;
}
