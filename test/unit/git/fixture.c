#include "fixture.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

static void remove_tree(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        g_autofree char *entry = g_build_filename(path, name, NULL);
        if (g_file_test(entry, G_FILE_TEST_IS_DIR) && !g_file_test(entry, G_FILE_TEST_IS_SYMLINK))
            remove_tree(entry);
        else
            (void) g_unlink(entry);
    }
    (void) g_rmdir(path);
}

Fixture *fixture_new(void)
{
    Fixture *fixture = g_new0(Fixture, 1);
    fixture->folder = g_dir_make_tmp("plumbline-git-XXXXXX", NULL);
    assert_non_null(fixture->folder);
    fixture->repository = g_build_filename(fixture->folder, "origin.git", NULL);
    fixture->mirrors = g_build_filename(fixture->folder, "mirrors", NULL);
    g_free(GIT(fixture, "init", "--quiet", "--bare", "--initial-branch=main", fixture->repository));
    return fixture;
}

void fixture_free(Fixture *fixture)
{
    remove_tree(fixture->folder);
    g_free(fixture->folder);
    g_free(fixture->repository);
    g_free(fixture->mirrors);
    g_free(fixture);
}

char *fixture_git(const Fixture *fixture, const char *const *arguments, const char *input,
                  gssize input_length)
{
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
    static const char *const ENVIRONMENT[][2] = {
        {"GIT_CONFIG_GLOBAL", "/dev/null"},
        {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_AUTHOR_NAME", "Ada"},
        {"GIT_AUTHOR_EMAIL", "ada@example.org"},
        {"GIT_COMMITTER_NAME", "Ada"},
        {"GIT_COMMITTER_EMAIL", "ada@example.org"},
        {"GIT_AUTHOR_DATE", "1700000000 +0000"},
        {"GIT_COMMITTER_DATE", "1700000000 +0000"},
        {"LC_ALL", "C"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ENVIRONMENT); i++)
        g_subprocess_launcher_setenv(launcher, ENVIRONMENT[i][0], ENVIRONMENT[i][1], TRUE);
    g_subprocess_launcher_setenv(launcher, "GIT_DIR", fixture->repository, TRUE);
    g_autoptr(GPtrArray) command = g_ptr_array_new();
    g_ptr_array_add(command, (gpointer) "git");
    for (const char *const *argument = arguments; *argument; argument++)
        g_ptr_array_add(command, (gpointer) *argument);
    g_ptr_array_add(command, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) process =
        g_subprocess_launcher_spawnv(launcher, (const char *const *) command->pdata, &error);
    assert_non_null(process);
    const char *given = input ? input : "";
    g_autoptr(GBytes) bytes =
        g_bytes_new(given, input_length < 0 ? strlen(given) : (gsize) input_length);
    g_autoptr(GBytes) output = NULL;
    assert_true(g_subprocess_communicate(process, bytes, NULL, &output, NULL, &error));
    if (!g_subprocess_get_successful(process))
        fail_msg("git %s failed", arguments[0]);
    gsize length;
    const char *data = g_bytes_get_data(output, &length);
    return g_strchomp(g_strndup(data ? data : "", length));
}

void fixture_import(const Fixture *fixture, const char *stream, gssize length)
{
    static const char *const ARGUMENTS[] = {"fast-import", "--quiet", "--force", NULL};
    g_free(fixture_git(fixture, ARGUMENTS, stream, length));
}

GitMirror *fixture_mirror(const Fixture *fixture)
{
    g_autofree char *path = g_build_filename(fixture->mirrors, "m", NULL);
    g_autofree char *repository = g_build_filename(path, "git", NULL);
    remove_tree(repository);
    assert_int_equal(g_mkdir_with_parents(path, 0700), 0);
    g_autofree char *copied =
        GIT(fixture, "clone", "--quiet", "--mirror", "--no-local", fixture->repository, repository);
    GitMirrorConfig config = {
        .folder = fixture->mirrors, .clone_url = "https://example.org/team/m.git", .name = "m"};
    g_autoptr(GError) error = NULL;
    GitMirror *mirror = git_mirror_open(&config, &error);
    if (!mirror)
        fail_msg("%s", error->message);
    return mirror;
}

static void seen_commit_free(gpointer data)
{
    SeenCommit *seen = data;
    g_free(seen->hash);
    g_free(seen->tree);
    g_free(seen->author_name);
    g_free(seen->author_email);
    g_free(seen->committer_name);
    g_free(seen->committer_email);
    g_free(seen->subject);
    g_ptr_array_unref(seen->parents);
    g_ptr_array_unref(seen->files);
    g_free(seen);
}

GPtrArray *seen_commits_new(void)
{
    return g_ptr_array_new_with_free_func(seen_commit_free);
}

char *file_text(const FileChange *file)
{
    GString *text = g_string_new(NULL);
    const gint64 counts[] = {file->lines_added, file->lines_removed};
    for (gsize i = 0; i < 2; i++)
        if (counts[i] == COUNT_ABSENT)
            g_string_append(text, "- ");
        else
            g_string_append_printf(text, "%" G_GINT64_FORMAT " ", counts[i]);
    if (file->old_path)
        g_string_append_printf(text, "%s => ", file->old_path);
    g_string_append(text, file->path);
    return g_string_free(text, FALSE);
}

gboolean seen_commits_visit(const Commit *commit, gpointer user_data, GError **error)
{
    SeenCommit *seen = g_new0(SeenCommit, 1);
    seen->hash = g_strdup(commit->hash);
    seen->tree = g_strdup(commit->tree);
    seen->author_name = g_strdup(commit->author_name);
    seen->author_email = g_strdup(commit->author_email);
    seen->committer_name = g_strdup(commit->committer_name);
    seen->committer_email = g_strdup(commit->committer_email);
    seen->subject = g_strdup(commit->subject);
    seen->authored = commit->authored;
    seen->committed = commit->committed;
    seen->parents = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < commit->n_parents; i++)
        g_ptr_array_add(seen->parents, g_strdup(commit->parents[i]));
    seen->files = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < commit->n_files; i++)
        g_ptr_array_add(seen->files, file_text(&commit->files[i]));
    g_ptr_array_add(user_data, seen);
    return TRUE;
}

const SeenCommit *seen_commits_find(const GPtrArray *seen, const char *subject)
{
    for (guint i = 0; i < seen->len; i++) {
        const SeenCommit *commit = seen->pdata[i];
        if (strcmp(commit->subject, subject) == 0)
            return commit;
    }
    fail_msg("no commit with the subject \"%s\"", subject);
    return NULL;
}
