/* git's part: importing a history once, moving its branches with the clock. */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "company_internal.h"

#define STDERR_MOST 2000

/* git without the user's or the system's configuration. */
static GSubprocess *start_git(const Company *company, const char *repository_path,
                              const char *const *arguments, GError **error)
{
    g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(
        G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
        G_SUBPROCESS_FLAGS_STDERR_PIPE);
    const char *path = g_getenv("PATH");
    g_autofree char *path_entry =
        g_strconcat("PATH=", path != NULL ? path : "/usr/local/bin:/usr/bin:/bin", NULL);
    g_autofree char *home = g_strconcat("HOME=", company->git_folder, NULL);
    char *environment[] = {path_entry,
                           home,
                           (char *) "GIT_CONFIG_NOSYSTEM=1",
                           (char *) "GIT_CONFIG_GLOBAL=/dev/null",
                           (char *) "GIT_TERMINAL_PROMPT=0",
                           (char *) "LC_ALL=C",
                           (char *) "TZ=UTC",
                           NULL};
    g_subprocess_launcher_set_environ(launcher, environment);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, (gpointer) "git");
    g_ptr_array_add(argv, (gpointer) "-C");
    g_ptr_array_add(argv, (gpointer) repository_path);
    for (; *arguments != NULL; arguments++)
        g_ptr_array_add(argv, (gpointer) *arguments);
    g_ptr_array_add(argv, NULL);
    return g_subprocess_launcher_spawnv(launcher, (const char *const *) argv->pdata, error);
}

/* Waits for the end; what git said becomes the error. */
static gboolean finish_git(GSubprocess *git, const char *what, GError **error)
{
    char said[STDERR_MOST + 1];
    gsize n = 0;
    GInputStream *stream = g_subprocess_get_stderr_pipe(git);
    g_output_stream_close(g_subprocess_get_stdin_pipe(git), NULL, NULL);
    g_input_stream_read_all(stream, said, STDERR_MOST, &n, NULL, NULL);
    said[n] = '\0';
    g_input_stream_close(stream, NULL, NULL); /* whatever else it says meets a closed pipe */
    if (!g_subprocess_wait(git, NULL, error))
        return FALSE;
    if (g_subprocess_get_successful(git))
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "git %s failed: %s", what, g_strstrip(said));
    return FALSE;
}

/* Writing to a git that has ended must not kill this process. */
typedef struct {
    sigset_t old;
    gboolean was_pending;
} PipeGuard;

static void guard_pipe(PipeGuard *guard)
{
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    guard->was_pending = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe, &guard->old);
}

static void unguard_pipe(const PipeGuard *guard)
{
    sigset_t pipe;
    struct timespec at_once = {0, 0};
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    if (!guard->was_pending)
        while (sigtimedwait(&pipe, NULL, &at_once) < 0 && errno == EINTR)
            continue;
    pthread_sigmask(SIG_SETMASK, &guard->old, NULL);
}

static gboolean write_to_git(const char *bytes, gsize n, gpointer data, GError **error)
{
    return g_output_stream_write_all(g_subprocess_get_stdin_pipe(data), bytes, n, NULL, NULL,
                                     error);
}

static gboolean run_git(const Company *company, const char *path, const char *const *arguments,
                        const GString *input, GError **error)
{
    g_autoptr(GSubprocess) git = start_git(company, path, arguments, error);
    if (git == NULL)
        return FALSE;
    g_autoptr(GError) write_error = NULL;
    if (input != NULL)
        write_to_git(input->str, input->len, git, &write_error);
    if (!finish_git(git, arguments[0], error))
        return FALSE;
    if (write_error != NULL) {
        g_propagate_error(error, g_steal_pointer(&write_error));
        return FALSE;
    }
    return TRUE;
}

/* ---- importing ------------------------------------------------------------------------------ */

static gboolean read_marks(CompanyRepository *repository, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return FALSE;
    guint n = 0;
    for (char *p = text; *p == ':'; n++) {
        guint64 mark = g_ascii_strtoull(p + 1, &p, 10);
        if (mark == 0 || mark > repository->n_commits || *p != ' ' || strlen(p) < 42)
            break;
        memcpy(repository->commits[mark - 1].hash, p + 1, 40);
        repository->commits[mark - 1].hash[40] = '\0';
        p += 42;
    }
    if (n == repository->n_commits)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "git told %u of %u commits of %s", n,
                repository->n_commits, repository->slug);
    return FALSE;
}

static gboolean import_contents(const Company *company, CompanyRepository *repository,
                                const RepositoryPrivate *own, const char *path, GError **error)
{
    g_autofree char *marks = g_build_filename(path, "import-marks", NULL);
    g_autofree char *export = g_strconcat("--export-marks=", marks, NULL);
    const char *arguments[] = {"-c",          "core.compression=1",
                               "-c",          "fastimport.unpackLimit=0",
                               "fast-import", "--quiet",
                               "--done",      "--depth=0",
                               export,        NULL};
    g_autoptr(GSubprocess) git = start_git(company, path, arguments, error);
    if (git == NULL)
        return FALSE;
    g_autoptr(GError) write_error = NULL;
    company_write_contents(company, repository, own, write_to_git, git, &write_error);
    if (!finish_git(git, "fast-import", error))
        return FALSE;
    if (write_error != NULL) {
        g_propagate_error(error, g_steal_pointer(&write_error));
        return FALSE;
    }
    gboolean ok = read_marks(repository, marks, error);
    g_unlink(marks);
    return ok;
}

/* What an earlier process left behind: its hashes are not known any more. */
static void remove_folder(const char *path)
{
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    const char *name;
    while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_SYMLINK) || !g_file_test(inner, G_FILE_TEST_IS_DIR))
            g_unlink(inner);
        else
            remove_folder(inner);
    }
    g_rmdir(path);
}

/* Clients are served quickly, without looking for deltas anew. */
static gboolean make_bare(const Company *company, const CompanyRepository *repository,
                          const char *path, GError **error)
{
    static const char *const settings[][2] = {
        {"pack.window", "0"}, {"gc.auto", "0"}, {"uploadpack.allowFilter", "true"}};
    g_autofree char *initial = g_strconcat("--initial-branch=", repository->main_branch, NULL);
    const char *init[] = {"init", "--quiet", "--bare", "--template=", initial, ".", NULL};
    remove_folder(path);
    if (g_mkdir_with_parents(path, 0700) != 0) {
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "cannot make %s: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    if (!run_git(company, path, init, NULL, error))
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
        const char *set[] = {"config", settings[i][0], settings[i][1], NULL};
        if (!run_git(company, path, set, NULL, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- branches ------------------------------------------------------------------------------- */

static void note_branch(const char *name, gint32 commit, gpointer data)
{
    g_hash_table_insert(data, g_strdup(name), GINT_TO_POINTER(commit + 1));
}

static GString *compare_refs(const CompanyRepository *repository, GHashTable *old, GHashTable *new)
{
    GString *commands = g_string_new(NULL);
    GHashTableIter iter;
    gpointer name, value;
    g_hash_table_iter_init(&iter, old);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (!g_hash_table_contains(new, name))
            g_string_append_printf(commands, "delete refs/heads/%s\n", (const char *) name);
    g_hash_table_iter_init(&iter, new);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (g_hash_table_lookup(old, name) != value)
            g_string_append_printf(commands, "update refs/heads/%s %s\n", (const char *) name,
                                   repository->commits[GPOINTER_TO_INT(value) - 1].hash);
    return commands;
}

/* The caller holds git_lock. */
static gboolean set_branches(Company *company, guint index, const char *path, gint64 now,
                             GError **error)
{
    const char *arguments[] = {"update-ref", "--stdin", NULL};
    const CompanyRepository *repository = &company->repositories[index];
    RepositoryPrivate *own = &company->privates[index];
    g_autoptr(GHashTable) refs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    company_read_lock(company);
    company_each_branch(repository, own, now, note_branch, refs);
    company_read_unlock(company);
    if (own->refs == NULL)
        own->refs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) commands = compare_refs(repository, own->refs, refs);
    if (commands->len > 0 && !run_git(company, path, arguments, commands, error))
        return FALSE;
    g_hash_table_unref(own->refs);
    own->refs = g_steal_pointer(&refs);
    return TRUE;
}

gboolean company_move_branches(Company *company, guint index, gint64 now, GError **error)
{
    RepositoryPrivate *own = &company->privates[index];
    PipeGuard guard;
    gboolean ok = TRUE;
    g_mutex_lock(&own->git_lock);
    guard_pipe(&guard);
    if (own->git_path != NULL)
        ok = set_branches(company, index, own->git_path, now, error);
    unguard_pipe(&guard);
    g_mutex_unlock(&own->git_lock);
    return ok;
}

static gboolean make_git(Company *company, guint index, GError **error)
{
    CompanyRepository *repository = &company->repositories[index];
    RepositoryPrivate *own = &company->privates[index];
    g_autofree char *name = g_strndup(repository->uuid + 1, 36);
    g_autofree char *folder_name = g_strconcat(name, ".git", NULL);
    g_autofree char *path = g_build_filename(company->git_folder, folder_name, NULL);
    if (!make_bare(company, repository, path, error))
        return FALSE;
    if (repository->n_commits > 0 && !import_contents(company, repository, own, path, error))
        return FALSE;
    if (!set_branches(company, index, path, company_now(company), error))
        return FALSE;
    own->git_path = g_steal_pointer(&path);
    return TRUE;
}

gboolean company_repository_git(Company *company, guint repository, const char **ret_path,
                                GError **error)
{
    RepositoryPrivate *own = &company->privates[repository];
    if (company->options.without_git) {
        *ret_path = NULL;
        return TRUE;
    }
    PipeGuard guard;
    g_mutex_lock(&own->git_lock);
    guard_pipe(&guard);
    gboolean ok = own->git_path != NULL || make_git(company, repository, error);
    unguard_pipe(&guard);
    if (ok)
        *ret_path = own->git_path;
    g_mutex_unlock(&own->git_lock);
    return ok;
}

typedef struct {
    Company *company;
    GMutex lock; /* over error */
    GError *error;
} MakeAll;

static void make_one(gpointer data, gpointer user_data)
{
    MakeAll *all = user_data;
    const char *path;
    GError *error = NULL;
    if (company_repository_git(all->company, GPOINTER_TO_UINT(data) - 1, &path, &error))
        return;
    g_mutex_lock(&all->lock);
    if (all->error == NULL)
        all->error = g_steal_pointer(&error);
    g_mutex_unlock(&all->lock);
    g_clear_error(&error);
}

gboolean company_make_histories(Company *company, GError **error)
{
    MakeAll all = {.company = company};
    GThreadPool *pool =
        g_thread_pool_new(make_one, &all, (gint) g_get_num_processors(), FALSE, error);
    if (pool == NULL)
        return FALSE;
    g_mutex_init(&all.lock);
    for (guint i = 0; i < company->n_repositories; i++)
        g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    g_mutex_clear(&all.lock);
    if (all.error == NULL)
        return TRUE;
    g_propagate_error(error, all.error);
    return FALSE;
}

gboolean company_advance(Company *company, gint64 microseconds, GError **error)
{
    if (microseconds < 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "time only goes forward");
        return FALSE;
    }
    g_rw_lock_writer_lock(&company->lock);
    gint64 now = company->now += microseconds;
    g_rw_lock_writer_unlock(&company->lock);
    for (guint i = 0; i < company->n_repositories; i++)
        if (!company_move_branches(company, i, now, error))
            return FALSE;
    return TRUE;
}
