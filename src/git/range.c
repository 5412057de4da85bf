#include "git/history.h"
#include "git/numstat.h"
#include "git/paint.h"
#include "git/text.h"

/* What is to be done for one request, as indices of the graph. */
typedef struct {
    GitRangeState state;
    guint32 source, base; /* FOUND: to paint */
    guint32 old, new;     /* whose trees are compared; old NONE: with the empty tree */
    guint32 merge_base;
    gboolean compared; /* a line of the diff process's input is its own */
} Plan;

typedef struct {
    GitMirror *mirror;
    const GitRangeRequest *requests;
    gsize n_requests;
    GHashTable *branches; /* name -> hash */
    GitPainter *painter;
    GArray *plans;
    GString *pairs; /* "tree tree\n" for every compared plan */
} Ranges;

static GHashTable *read_branches(GitMirror *mirror, GError **error)
{
    g_autoptr(GString) tips = g_string_new(NULL);
    if (!git_mirror_read_tips(mirror, tips, error))
        return NULL;
    GHashTable *branches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(tips->str, "\n", -1);
    for (char **line = lines; *line; line++) {
        char *space = strstr(*line, " refs/heads/");
        if (space)
            g_hash_table_replace(branches, g_strdup(space + strlen(" refs/heads/")),
                                 g_strndup(*line, (gsize) (space - *line)));
    }
    return branches;
}

static gboolean add_unreachable(Ranges *ranges, GError **error)
{
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    for (gsize i = 0; i < ranges->n_requests; i++) {
        const GitRangeRequest *request = &ranges->requests[i];
        g_ptr_array_add(hashes, (gpointer) request->source_hash);
        g_ptr_array_add(hashes, (gpointer) request->destination_hash);
        if (request->is_merged)
            g_ptr_array_add(hashes, (gpointer) request->merge_hash);
    }
    return git_history_add(ranges->mirror, hashes, error);
}

/* The destination as it was before the merge. */
static guint32 choose_base(const Ranges *ranges, const GitRangeRequest *request, guint32 source,
                           guint32 merge)
{
    const GitGraph *graph = ranges->mirror->graph;
    /* A merge commit that is the source itself is a fast-forward: its parent is no destination. */
    if (merge != GIT_GRAPH_NONE && merge != source && git_graph_parent_count(graph, merge) > 0)
        return git_graph_parent(graph, merge, 0);
    guint32 told = git_graph_find(graph, request->destination_hash);
    if (told != GIT_GRAPH_NONE || !request->destination_branch)
        return told;
    return git_graph_find(graph,
                          g_hash_table_lookup(ranges->branches, request->destination_branch));
}

static Plan make_plan(const Ranges *ranges, const GitRangeRequest *request)
{
    const GitGraph *graph = ranges->mirror->graph;
    Plan plan = {GIT_RANGE_UNREACHABLE, GIT_GRAPH_NONE, GIT_GRAPH_NONE, GIT_GRAPH_NONE,
                 GIT_GRAPH_NONE,        GIT_GRAPH_NONE, FALSE};
    guint32 source = git_graph_find(graph, request->source_hash);
    guint32 merge =
        request->is_merged ? git_graph_find(graph, request->merge_hash) : GIT_GRAPH_NONE;
    guint merge_parents = merge == GIT_GRAPH_NONE ? 0 : git_graph_parent_count(graph, merge);
    if (source == GIT_GRAPH_NONE && merge_parents > 1)
        source = git_graph_parent(graph, merge, 1);
    if (source == GIT_GRAPH_NONE && merge_parents == 1) {
        plan.state = GIT_RANGE_FILES_ONLY;
        plan.old = git_graph_parent(graph, merge, 0);
        plan.new = merge;
        return plan;
    }
    guint32 base = choose_base(ranges, request, source, merge);
    if (source == GIT_GRAPH_NONE || base == GIT_GRAPH_NONE)
        return plan;
    GitPainting painting = git_painter_paint(ranges->painter, source, base);
    /* Nobody merges nothing: the destination from before the merge is not known. */
    if (request->is_merged && painting.n_commits == 0)
        return plan;
    plan.state = GIT_RANGE_FOUND;
    plan.source = plan.new = source;
    plan.base = base;
    plan.old = plan.merge_base = painting.merge_base;
    return plan;
}

/* ---- trees
 * --------------------------------------------------------------------------------------------- */

static const char *empty_tree(const GitGraph *graph)
{
    return git_graph_hash_length(graph) == 40
               ? "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
               : "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321";
}

static void ask_tree(const GitGraph *graph, guint32 commit, GString *input)
{
    if (commit == GIT_GRAPH_NONE)
        g_string_append(input, empty_tree(graph));
    else
        git_graph_append_hash(graph, commit, input);
    g_string_append(input, "^{tree}\n");
}

typedef struct {
    GString *pairs;
    gsize hash_length;
    guint count;
} Trees;

static gboolean note_tree(const GitPiece *line, gpointer user_data, GError **error)
{
    Trees *trees = user_data;
    if (line->length != trees->hash_length || !git_text_is_hash(line->bytes, line->length)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                    "git cat-file: the mirror lacks the tree of a commit");
        return FALSE;
    }
    g_string_append_len(trees->pairs, line->bytes, (gssize) line->length);
    g_string_append_c(trees->pairs, trees->count++ % 2 == 0 ? ' ' : '\n');
    return TRUE;
}

/* From commits to pairs of trees, in the order of the plans; equal trees need no comparison. */
static gboolean find_trees(Ranges *ranges, GError **error)
{
    static const char *const ARGUMENTS[] = {"cat-file", "--buffer", "--batch-check=%(objectname)",
                                            NULL};
    const GitGraph *graph = ranges->mirror->graph;
    g_autoptr(GString) input = g_string_new(NULL);
    g_autoptr(GString) pairs = g_string_new(NULL);
    for (guint i = 0; i < ranges->plans->len; i++) {
        const Plan *plan = &g_array_index(ranges->plans, Plan, i);
        if (plan->new == GIT_GRAPH_NONE)
            continue;
        ask_tree(graph, plan->old, input);
        ask_tree(graph, plan->new, input);
    }
    Trees trees = {pairs, git_graph_hash_length(graph), 0};
    if (input->len > 0 && !git_history_read_lines(ranges->mirror, "git cat-file", ARGUMENTS, input,
                                                  note_tree, &trees, error))
        return FALSE;
    gsize length = trees.hash_length, line = 2 * (length + 1), at = 0;
    for (guint i = 0; i < ranges->plans->len; i++) {
        Plan *plan = &g_array_index(ranges->plans, Plan, i);
        if (plan->new == GIT_GRAPH_NONE)
            continue;
        g_assert(at + line <= pairs->len);
        const char *pair = pairs->str + at;
        plan->compared = memcmp(pair, pair + length + 1, length) != 0;
        if (plan->compared)
            g_string_append_len(ranges->pairs, pair, (gssize) line);
        at += line;
    }
    return TRUE;
}

/* ---- giving out
 * ---------------------------------------------------------------------------------------- */

typedef struct {
    GString *text; /* full hashes, each with its NUL */
    GPtrArray *commits;
    GitFiles files;
} Answer;

static void answer_init(Answer *answer)
{
    answer->text = g_string_new(NULL);
    answer->commits = g_ptr_array_new();
    git_files_init(&answer->files);
}

static void answer_clear(Answer *answer)
{
    g_string_free(answer->text, TRUE);
    g_ptr_array_unref(answer->commits);
    git_files_clear(&answer->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static gboolean read_difference(GitReader *reader, const char *pair, gsize pair_length,
                                GitFiles *files, GError **error)
{
    GitPiece header;
    GitReadResult result = git_reader_next(reader, '\n', &header, error);
    if (result == GIT_READ_FAILED)
        return FALSE;
    if (result == GIT_READ_END || header.length + 1 != pair_length ||
        memcmp(header.bytes, pair, header.length) != 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                    "git diff-tree did not answer what it was asked");
        return FALSE;
    }
    for (;;) {
        const char *bytes;
        gsize length;
        if (!git_reader_peek(reader, 24, &bytes, &length, error))
            return FALSE;
        if (!git_numstat_is_entry(bytes, length))
            return TRUE;
        if (!git_numstat_read(reader, files, error))
            return FALSE;
    }
}

static gboolean visit(Ranges *ranges, gsize number, Answer *answer, GitRangeVisitor visitor,
                      gpointer user_data, GError **error)
{
    const GitGraph *graph = ranges->mirror->graph;
    const Plan *plan = &g_array_index(ranges->plans, Plan, number);
    gsize length = git_graph_hash_length(graph) + 1;
    g_string_truncate(answer->text, 0);
    g_ptr_array_set_size(answer->commits, 0);
    if (plan->merge_base != GIT_GRAPH_NONE) {
        git_graph_append_hash(graph, plan->merge_base, answer->text);
        g_string_append_c(answer->text, '\0');
    }
    gsize first = answer->text->len;
    GitPainting painting = {NULL, 0, GIT_GRAPH_NONE};
    /* Painted again rather than kept: thousands of long lists would fill the memory. */
    if (plan->state == GIT_RANGE_FOUND)
        painting = git_painter_paint(ranges->painter, plan->source, plan->base);
    for (gsize i = 0; i < painting.n_commits; i++) {
        git_graph_append_hash(graph, painting.commits[i], answer->text);
        g_string_append_c(answer->text, '\0');
    }
    for (gsize i = 0; i < painting.n_commits; i++)
        g_ptr_array_add(answer->commits, answer->text->str + first + i * length);
    g_autofree char *what =
        g_strdup_printf("pull request %" G_GINT64_FORMAT, ranges->requests[number].number);
    GitRange range = {
        .number = ranges->requests[number].number,
        .state = plan->state,
        .merge_base = plan->merge_base == GIT_GRAPH_NONE ? NULL : answer->text->str,
        .commits = (const char *const *) answer->commits->pdata,
        .n_commits = painting.n_commits,
    };
    range.files = git_files_finish(&answer->files, what, &range.n_files);
    return visitor(&range, user_data, error);
}

static gboolean give_out(Ranges *ranges, GitReader *reader, GitRangeVisitor visitor,
                         gpointer user_data, GError **error)
{
    g_auto(Answer) answer;
    answer_init(&answer);
    gsize line = 2 * (git_graph_hash_length(ranges->mirror->graph) + 1), at = 0;
    for (guint i = 0; i < ranges->plans->len; i++) {
        git_files_reset(&answer.files);
        if (g_array_index(ranges->plans, Plan, i).compared) {
            if (!read_difference(reader, ranges->pairs->str + at, line, &answer.files, error))
                return FALSE;
            at += line;
        }
        if (!visit(ranges, i, &answer, visitor, user_data, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean compare_and_give_out(Ranges *ranges, GitRangeVisitor visitor, gpointer user_data,
                                     GError **error)
{
    static const char *const ARGUMENTS[] = {
        "diff-tree",     "--stdin",       "-r", "-z", "--numstat", "--find-renames",
        "--no-ext-diff", "--no-textconv", NULL};
    g_auto(GitReader) reader;
    if (ranges->pairs->len == 0) {
        git_reader_init_bytes(&reader, "", 0);
        return give_out(ranges, &reader, visitor, user_data, error);
    }
    g_auto(GitRun) run = {.process = NULL};
    git_reader_init_bytes(&reader, "", 0);
    if (!git_run_start(&run, ranges->mirror, "git diff-tree", ARGUMENTS, ranges->pairs, error))
        return FALSE;
    git_reader_init_process(&reader, run.process);
    g_autoptr(GError) broken = NULL;
    if (give_out(ranges, &reader, visitor, user_data, &broken))
        return git_run_finish(&run, error);
    if (reader.at_end && error_is(broken, PLUMBLINE_ERROR_GIT) && !git_run_finish(&run, error))
        return FALSE;
    g_propagate_error(error, g_steal_pointer(&broken));
    return FALSE;
}

static gboolean run_ranges(Ranges *ranges, GitRangeVisitor visitor, gpointer user_data,
                           GError **error)
{
    ranges->branches = read_branches(ranges->mirror, error);
    if (!ranges->branches || !git_history_read(ranges->mirror, error) ||
        !add_unreachable(ranges, error))
        return FALSE;
    ranges->painter = git_painter_new(ranges->mirror->graph);
    for (gsize i = 0; i < ranges->n_requests; i++) {
        Plan plan = make_plan(ranges, &ranges->requests[i]);
        g_array_append_val(ranges->plans, plan);
    }
    return find_trees(ranges, error) && compare_and_give_out(ranges, visitor, user_data, error);
}

gboolean git_mirror_ranges(GitMirror *mirror, const GitRangeRequest *requests, gsize n_requests,
                           GitRangeVisitor visitor, gpointer user_data, GError **error)
{
    Ranges ranges = {.mirror = mirror,
                     .requests = requests,
                     .n_requests = n_requests,
                     .plans = g_array_new(FALSE, FALSE, sizeof(Plan)),
                     .pairs = g_string_new(NULL)};
    git_mirror_begin(mirror);
    gboolean done = run_ranges(&ranges, visitor, user_data, error);
    git_mirror_end(mirror);
    g_clear_pointer(&ranges.branches, g_hash_table_unref);
    git_painter_free(ranges.painter);
    g_array_unref(ranges.plans);
    g_string_free(ranges.pairs, TRUE);
    return done;
}
