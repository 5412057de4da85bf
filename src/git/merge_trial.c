/*
 * Whether two commits merge without a conflict. git writes the trees it makes into a folder of the
 * mirror's trash, with the mirror's own objects behind it, and the folder is emptied afterwards.
 */
#include <glib/gstdio.h>

#include "git/folder.h"
#include "git/history.h"
#include "git/paint.h"
#include "git/text.h"

#define TIME_LIMIT_S 120

void git_merge_trial_clear(GitMergeTrial *trial)
{
    g_clear_pointer(&trial->paths, g_strfreev);
    *trial = (GitMergeTrial){.state = GIT_MERGE_UNKNOWN};
}

/* git calls unrelated histories and missing commits failures; they are none. */
static gboolean have_merge_base(GitMirror *mirror, const char *ours, const char *theirs,
                                gboolean *ret_have, GError **error)
{
    g_autoptr(GPtrArray) hashes = g_ptr_array_new();
    g_ptr_array_add(hashes, (gpointer) ours);
    g_ptr_array_add(hashes, (gpointer) theirs);
    if (!git_history_read(mirror, error) || !git_history_add(mirror, hashes, error))
        return FALSE;
    guint32 one = git_graph_find(mirror->graph, ours);
    guint32 other = git_graph_find(mirror->graph, theirs);
    *ret_have = FALSE;
    if (one == GIT_GRAPH_NONE || other == GIT_GRAPH_NONE)
        return TRUE;
    g_autoptr(GitPainter) painter = git_painter_new(mirror->graph);
    *ret_have = git_painter_paint(painter, one, other).merge_base != GIT_GRAPH_NONE;
    return TRUE;
}

/* The tree, then the names of the files in conflict, each once for git's --name-only. */
static gboolean read_paths(GitReader *reader, GitMergeTrial *trial, GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) text = g_string_new(NULL);
    GitPiece piece;
    GitReadResult result;
    for (gboolean first = TRUE;
         (result = git_reader_next(reader, '\0', &piece, error)) == GIT_READ_PIECE; first = FALSE) {
        if (first || piece.length == 0)
            continue;
        trial->n_paths++;
        if (paths->len >= GIT_MERGE_PATHS_MAX)
            continue;
        g_string_truncate(text, 0);
        git_text_append_path(text, piece.bytes, piece.length);
        g_ptr_array_add(paths, g_strdup(text->str));
    }
    if (result == GIT_READ_FAILED)
        return FALSE;
    g_ptr_array_add(paths, NULL);
    trial->paths = (char **) g_ptr_array_free(g_steal_pointer(&paths), FALSE);
    return TRUE;
}

static gboolean run_trial(GitMirror *mirror, const char *objects, const char *ours,
                          const char *theirs, GitMergeTrial *trial, GError **error)
{
    const char *const arguments[] = {"merge-tree",    "--write-tree", "-z",   "--name-only",
                                     "--no-messages", ours,           theirs, NULL};
    g_autofree char *scratch = g_strconcat("GIT_OBJECT_DIRECTORY=", objects, NULL);
    g_autofree char *behind =
        g_strconcat("GIT_ALTERNATE_OBJECT_DIRECTORIES=", mirror->repository, "/objects", NULL);
    const char *const extra[] = {scratch, behind, NULL};
    g_auto(GitRun) run = {.process = NULL};
    if (!git_run_start_in(&run, mirror, "git merge-tree (git 2.38 or newer)", arguments, NULL,
                          extra, MIN(TIME_LIMIT_S, mirror->time_limit_s), error))
        return FALSE;
    g_auto(GitReader) reader;
    git_reader_init_process(&reader, run.process);
    int status = 0;
    if (!read_paths(&reader, trial, error) || !git_run_finish_with(&run, 1, &status, error))
        return FALSE;
    trial->state = status == 0 ? GIT_MERGE_CLEAN : GIT_MERGE_CONFLICT;
    if (status == 0)
        g_clear_pointer(&trial->paths, g_strfreev);
    return TRUE;
}

static gboolean try_merge(GitMirror *mirror, const char *ours, const char *theirs,
                          GitMergeTrial *trial, GError **error)
{
    gboolean have_base = FALSE;
    if (!have_merge_base(mirror, ours, theirs, &have_base, error))
        return FALSE;
    if (!have_base)
        return TRUE;
    g_autofree char *objects = g_build_filename(mirror->path, "trash", "objects", NULL);
    if (g_mkdir_with_parents(objects, 0700) != 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: cannot be made", objects);
        return FALSE;
    }
    g_autoptr(GError) failure = NULL;
    gboolean done = run_trial(mirror, objects, ours, theirs, trial, &failure);
    git_folder_empty_trash(mirror->path);
    if (done)
        return TRUE;
    if (error_is(failure, PLUMBLINE_ERROR_TIMEOUT)) { /* a merge of that size is nobody's wait */
        git_merge_trial_clear(trial);
        return TRUE;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean git_mirror_try_merge(GitMirror *mirror, const char *ours, const char *theirs,
                              GitMergeTrial *ret_trial, GError **error)
{
    g_auto(GitMergeTrial) trial = {.state = GIT_MERGE_UNKNOWN};
    git_mirror_begin(mirror);
    gboolean done = try_merge(mirror, ours, theirs, &trial, error);
    git_mirror_end(mirror);
    if (!done)
        return FALSE;
    *ret_trial = trial;
    trial.paths = NULL;
    return TRUE;
}
