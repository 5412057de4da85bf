/*
 * What came onto a branch, change by change along its first parents, and how many of the lines that
 * each replaced were young.
 *
 * No ages are kept between two runs: lines that are old at the first new change are old for good,
 * so a run starts its differences a window before it.
 */
#include "git/ages.h"
#include "git/history.h"
#include "git/patch.h"

typedef struct {
    GitMirror *mirror;
    GArray *line;        /* guint32, the root first */
    gint64 *landed;      /* seconds; never decreasing */
    guint32 first_new;   /* of the changes to visit */
    guint32 first_young; /* of the change at hand: earlier ones are out of its window */
    gint64 blind_until;  /* seconds; until then some lines' ages are not known */
    GitAges *ages;
    GitMainChangeVisitor visitor;
    gpointer user_data;
} MainLine;

static guint32 commit_at(const MainLine *line, guint32 place)
{
    return g_array_index(line->line, guint32, place);
}

static gboolean read_line(MainLine *line, const char *branch, GError **error)
{
    g_autoptr(GString) tips = g_string_new(NULL);
    if (!git_mirror_read_tips(line->mirror, tips, error))
        return FALSE;
    g_autofree char *tip = git_mirror_find_tip(tips->str, branch);
    if (!tip)
        return TRUE; /* the branch is gone: nothing comes onto it */
    const GitGraph *graph = line->mirror->graph;
    for (guint32 at = git_graph_find(graph, tip); at != GIT_GRAPH_NONE;
         at = git_graph_parent(graph, at, 0))
        g_array_append_val(line->line, at);
    guint n = line->line->len;
    for (guint i = 0; i < n / 2; i++) {
        guint32 *one = &g_array_index(line->line, guint32, i);
        guint32 *other = &g_array_index(line->line, guint32, n - 1 - i);
        guint32 kept = *one;
        *one = *other;
        *other = kept;
    }
    return TRUE;
}

/* The committer's date, not after @now and not before the change it follows. */
static void set_instants(MainLine *line, UtcTime now)
{
    guint n = line->line->len;
    line->landed = g_new(gint64, MAX(n, 1));
    gint64 latest = G_MININT64;
    for (guint i = 0; i < n; i++) {
        gint64 at = git_graph_time(line->mirror->graph, commit_at(line, i));
        if (now == TIME_ABSENT || at <= now / TIME_SECOND)
            latest = MAX(latest, at);
        line->landed[i] = latest == G_MININT64 ? at : latest;
    }
    for (guint i = 1; i < n; i++) /* a root from the future */
        line->landed[n - 1 - i] = MIN(line->landed[n - 1 - i], line->landed[n - i]);
}

static void find_first_new(MainLine *line, const char *known)
{
    guint32 commit = git_graph_find(line->mirror->graph, known);
    line->first_new = 0;
    for (guint i = line->line->len; commit != GIT_GRAPH_NONE && i > 0; i--)
        if (commit_at(line, i - 1) == commit) {
            line->first_new = i;
            return;
        }
}

static gboolean is_within_window(const MainLine *line, guint32 earlier, guint32 later)
{
    return line->landed[later] - line->landed[earlier] < MODEL_REWORK_WINDOW / TIME_SECOND;
}

static guint32 first_of_window(const MainLine *line, guint32 place)
{
    guint32 first = place;
    while (first > 0 && is_within_window(line, first - 1, place))
        first--;
    return first;
}

static GString *list_commits(const MainLine *line, guint32 first)
{
    GString *hashes = g_string_new(NULL);
    for (guint32 i = first; i < line->line->len; i++) {
        git_graph_append_hash(line->mirror->graph, commit_at(line, i), hashes);
        g_string_append_c(hashes, '\n');
    }
    return hashes;
}

/* ---- one change */

typedef struct {
    MainLine *line;
    GitAgesEdit *edit;
    gboolean is_authored;
    MainChange change;
} ChangeRun;

static void take_hunk(const GitHunk *hunk, gpointer user_data)
{
    ChangeRun *run = user_data;
    guint32 young =
        git_ages_hunk(run->line->ages, run->edit, hunk->start, hunk->removed, hunk->added);
    gint64 lines = MAX(hunk->removed, hunk->added);
    if (run->is_authored) {
        run->change.lines_changed += lines;
        run->change.lines_young += young;
    } else {
        run->change.lines_left_out += lines;
    }
}

static const char *path_at(const GitPatch *patch, gsize place)
{
    return place == GIT_PATCH_NO_PATH ? NULL : patch->text->str + place;
}

static const char *old_path(const GitPatch *patch, const GitPatchFile *file)
{
    if (file->status == 'A' || file->status == 'C')
        return NULL;
    return path_at(patch, file->status == 'R' ? file->old : file->path);
}

/* A name that a file is moved to is nobody else's before, so files may be taken one by one. */
static gboolean read_file(ChangeRun *run, GitReader *reader, const GitPatch *patch,
                          const GitPatchFile *file, GError **error)
{
    GitAges *ages = run->line->ages;
    const char *path = path_at(patch, file->path);
    run->is_authored = path && model_path_class(path) == PATH_AUTHORED;
    run->edit = git_ages_take(ages, old_path(patch, file));
    gboolean read = git_patch_read_part(reader, take_hunk, run, error);
    if (read && file->status == 'T') { /* what was there is gone, another thing comes */
        git_ages_put(ages, run->edit, NULL);
        run->edit = git_ages_take(ages, NULL);
        read = git_patch_read_part(reader, take_hunk, run, error);
    }
    git_ages_put(ages, run->edit, file->status == 'D' ? NULL : path);
    run->change.files++;
    return read;
}

static gboolean read_change(ChangeRun *run, GitReader *reader, const GitPatch *patch,
                            GError **error)
{
    for (guint i = 0; i < patch->files->len; i++)
        if (!read_file(run, reader, patch, &g_array_index(patch->files, GitPatchFile, i), error))
            return FALSE;
    if (patch->dropped > 0)
        git_ages_lose(run->line->ages);
    return TRUE;
}

static void note_loss(MainLine *line, guint32 place)
{
    if (!git_ages_were_lost(line->ages))
        return;
    line->blind_until = line->landed[place] + MODEL_REWORK_WINDOW / TIME_SECOND;
    log_event(LOG_LEVEL_WARNING,
              "%s changes more lines than the memory for their ages holds; rework is not computed "
              "for the changes of the 21 days after one of them",
              line->mirror->url);
}

static gboolean visit_change(MainLine *line, guint32 place, MainChange *change, GError **error)
{
    if (place < line->first_new)
        return TRUE;
    g_autoptr(GString) hash = g_string_new(NULL);
    git_graph_append_hash(line->mirror->graph, commit_at(line, place), hash);
    change->hash = hash->str;
    change->position = place;
    change->landed = line->landed[place] * TIME_SECOND;
    if (line->landed[place] < line->blind_until)
        change->lines_young = COUNT_ABSENT;
    return line->visitor(change, line->user_data, error);
}

/* ---- all of them */

static gboolean is_commit(const MainLine *line, guint32 place, const char *hash)
{
    return git_graph_find(line->mirror->graph, hash) == commit_at(line, place);
}

static gboolean fail_answer(GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                "git log did not answer what it was asked");
    return FALSE;
}

static gboolean read_changes(MainLine *line, GitReader *reader, guint32 first, GError **error)
{
    g_auto(GitPatch) patch;
    git_patch_init(&patch);
    line->first_young = first;
    for (guint32 place = first; place < line->line->len; place++) {
        while (!is_within_window(line, line->first_young, place))
            line->first_young++;
        git_ages_set_change(line->ages, place, line->first_young);
        ChangeRun run = {.line = line};
        GitReadResult result = git_patch_next(reader, &patch, error);
        if (result == GIT_READ_FAILED)
            return FALSE;
        if (result == GIT_READ_END || !is_commit(line, place, patch.hash))
            return fail_answer(error);
        if (!read_change(&run, reader, &patch, error))
            return FALSE;
        note_loss(line, place);
        if (!visit_change(line, place, &run.change, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean run_differences(MainLine *line, GError **error)
{
    /* Not diff-tree, which writes each commit by itself: that is a wake-up of ours for each. */
    static const char *const ARGUMENTS[] = {"log",
                                            "--no-walk=unsorted",
                                            "--stdin",
                                            "--diff-merges=first-parent",
                                            "-z",
                                            "--raw",
                                            "-p",
                                            "-U0",
                                            "--find-renames",
                                            "--no-color",
                                            "--no-ext-diff",
                                            "--no-textconv",
                                            "--format=tformat:%H",
                                            NULL};
    guint32 first = first_of_window(line, line->first_new);
    g_autoptr(GString) commits = list_commits(line, first);
    g_auto(GitRun) run = {.process = NULL};
    if (!git_run_start(&run, line->mirror, "git log", ARGUMENTS, commits, error))
        return FALSE;
    g_auto(GitReader) reader;
    git_reader_init_process(&reader, run.process);
    line->ages = git_ages_new(0);
    line->blind_until = G_MININT64;
    g_autoptr(GError) broken = NULL;
    if (read_changes(line, &reader, first, &broken))
        return git_run_finish(&run, error);
    if (reader.at_end && error_is(broken, PLUMBLINE_ERROR_GIT) && !git_run_finish(&run, error))
        return FALSE;
    g_propagate_error(error, g_steal_pointer(&broken));
    return FALSE;
}

static gboolean run_main_line(MainLine *line, const char *branch, const char *known, UtcTime now,
                              GError **error)
{
    if (!git_history_read(line->mirror, error) || !read_line(line, branch, error))
        return FALSE;
    find_first_new(line, known);
    if (line->first_new >= line->line->len)
        return TRUE;
    set_instants(line, now);
    return run_differences(line, error);
}

gboolean git_mirror_main_changes(GitMirror *mirror, const char *branch, const char *known,
                                 UtcTime now, GitMainChangeVisitor visitor, gpointer user_data,
                                 GError **error)
{
    MainLine line = {.mirror = mirror,
                     .line = g_array_new(FALSE, FALSE, sizeof(guint32)),
                     .visitor = visitor,
                     .user_data = user_data};
    git_mirror_begin(mirror);
    gboolean done = run_main_line(&line, branch, known, now, error);
    git_mirror_end(mirror);
    g_array_unref(line.line);
    g_free(line.landed);
    git_ages_free(line.ages);
    return done;
}
