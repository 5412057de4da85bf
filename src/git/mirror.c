#include "git/mirror.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "git/environment.h"
#include "git/folder.h"
#include "git/reader.h"
#include "git/text.h"

#define TIME_LIMIT_DEFAULT 3600
#define DISK_LIMIT_DEFAULT ((guint64) 20 * 1024 * 1024 * 1024)
#define TIPS_MAX_BYTES     ((gsize) 256 * 1024 * 1024)

static gboolean check_name(const char *name, GError **error)
{
    gsize length = name ? strlen(name) : 0;
    gsize good = name ? strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789_-")
                      : 0;
    if (length > 0 && good == length && length <= 128)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "A mirror's name has 1 to 128 letters, digits, '_' and '-'");
    return FALSE;
}

GitMirror *git_mirror_open(const GitMirrorConfig *config, GError **error)
{
    if (!check_name(config->name, error) || !git_url_check(config->clone_url, error))
        return NULL;
    if (config->secret && strlen(config->secret) > LIMIT_SECRET) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "The secret is too long");
        return NULL;
    }
    g_autoptr(GitMirror) mirror = g_new0(GitMirror, 1);
    mirror->cancel_fd = -1;
    g_autofree char *folder = g_canonicalize_filename(config->folder, NULL);
    mirror->path = g_build_filename(folder, config->name, NULL);
    mirror->repository = g_build_filename(mirror->path, "git", NULL);
    mirror->home = g_build_filename(mirror->path, "no-home", NULL);
    mirror->url = g_strdup(config->clone_url);
    mirror->user = config->secret ? g_strdup(config->user) : NULL;
    mirror->secret = config->user ? g_strdup(config->secret) : NULL;
    mirror->time_limit_s = config->time_limit_s ? config->time_limit_s : TIME_LIMIT_DEFAULT;
    mirror->disk_limit = config->disk_limit ? config->disk_limit : DISK_LIMIT_DEFAULT;
    mirror->lock_fd = git_folder_lock(mirror->path, error);
    if (mirror->lock_fd < 0)
        return NULL;
    mirror->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (mirror->cancel_fd < 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "eventfd: no more files");
        return NULL;
    }
    git_folder_clean(mirror->path);
    if (!git_mirror_prepare(mirror, error))
        return NULL;
    return g_steal_pointer(&mirror);
}

void git_mirror_free(GitMirror *mirror)
{
    if (!mirror)
        return;
    if (mirror->secret)
        explicit_bzero(mirror->secret, strlen(mirror->secret));
    git_graph_free(mirror->graph);
    if (mirror->lock_fd >= 0)
        close(mirror->lock_fd);
    if (mirror->cancel_fd >= 0)
        close(mirror->cancel_fd);
    g_free(mirror->path);
    g_free(mirror->repository);
    g_free(mirror->home);
    g_free(mirror->url);
    g_free(mirror->user);
    g_free(mirror->secret);
    g_free(mirror);
}

void git_mirror_begin(GitMirror *mirror)
{
    guint64 old;
    (void) !read(mirror->cancel_fd, &old, sizeof old); /* a late cancel of the call before */
    g_atomic_int_set(&mirror->under_way, 1);
}

void git_mirror_end(GitMirror *mirror)
{
    g_atomic_int_set(&mirror->under_way, 0);
}

void git_mirror_cancel(GitMirror *mirror)
{
    static const guint64 ONE = 1;
    if (g_atomic_int_get(&mirror->under_way))
        (void) !write(mirror->cancel_fd, &ONE, sizeof ONE);
}

static char **add_variables(char **environment, const char *const *extra)
{
    if (!extra)
        return environment;
    guint n = g_strv_length(environment), n_extra = g_strv_length((char **) extra);
    environment = g_renew(char *, environment, n + n_extra + 1);
    for (guint i = 0; i <= n_extra; i++)
        environment[n + i] = g_strdup(extra[i]);
    return environment;
}

gboolean git_run_start_in(GitRun *ret_run, GitMirror *mirror, const char *what,
                          const char *const *arguments, const GString *input,
                          const char *const *extra, guint time_limit_s, GError **error)
{
    char **environment = add_variables(
        git_environment_new(mirror->repository, mirror->home, mirror->url, NULL, NULL), extra);
    *ret_run = (GitRun){
        .command = {.what = what,
                    .arguments = arguments,
                    .environment = (const char *const *) environment,
                    .input = input ? input->str : NULL,
                    .input_length = input ? input->len : 0,
                    .time_limit_s = time_limit_s,
                    .cancel_fd = mirror->cancel_fd},
        .environment = environment,
        .mirror = mirror,
    };
    ret_run->process = git_process_start(&ret_run->command, error);
    return ret_run->process != NULL;
}

gboolean git_run_start(GitRun *ret_run, GitMirror *mirror, const char *what,
                       const char *const *arguments, const GString *input, GError **error)
{
    return git_run_start_in(ret_run, mirror, what, arguments, input, NULL, mirror->time_limit_s,
                            error);
}

gboolean git_run_finish_with(GitRun *run, int greatest, int *ret_status, GError **error)
{
    if (git_process_finish_with(run->process, greatest, ret_status, error))
        return TRUE;
    if (git_process_found_damage(run->process))
        git_folder_mark_damaged(run->mirror->path);
    return FALSE;
}

gboolean git_run_finish(GitRun *run, GError **error)
{
    int status;
    return git_run_finish_with(run, 0, &status, error);
}

void git_run_clear(GitRun *run)
{
    g_clear_pointer(&run->process, git_process_free);
    g_clear_pointer(&run->environment, git_environment_free);
}

gboolean git_mirror_prepare(GitMirror *mirror, GError **error)
{
    static const char *const ARGUMENTS[] = {
        "init", "--quiet", "--bare", "--template=", "--initial-branch=main", NULL};
    g_autofree char *head = g_build_filename(mirror->repository, "HEAD", NULL);
    if (g_file_test(head, G_FILE_TEST_EXISTS))
        return TRUE;
    g_auto(GitRun) run = {.process = NULL};
    return git_run_start(&run, mirror, "git init of a mirror", ARGUMENTS, NULL, error) &&
           git_run_finish(&run, error);
}

gboolean git_mirror_read_tips(GitMirror *mirror, GString *tips, GError **error)
{
    static const char *const ARGUMENTS[] = {
        "for-each-ref", "--sort=refname", "--format=%(objectname) %(refname)", "refs/heads", NULL};
    g_auto(GitRun) run = {.process = NULL};
    if (!git_run_start(&run, mirror, "git for-each-ref", ARGUMENTS, NULL, error))
        return FALSE;
    g_auto(GitReader) reader;
    git_reader_init_process(&reader, run.process);
    GitPiece line;
    GitReadResult result;
    while ((result = git_reader_next(&reader, '\n', &line, error)) == GIT_READ_PIECE) {
        if (tips->len + line.length > TIPS_MAX_BYTES) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                        "The repository has more branches than Plumbline accepts");
            return FALSE;
        }
        g_string_append_len(tips, line.bytes, (gssize) line.length);
        g_string_append_c(tips, '\n');
    }
    return result == GIT_READ_END && git_run_finish(&run, error);
}

char *git_mirror_find_tip(const char *tips, const char *branch)
{
    g_autofree char *wanted = g_strconcat(" refs/heads/", branch, "\n", NULL);
    const char *found = strstr(tips, wanted);
    const char *start = found;
    while (start != NULL && start > tips && start[-1] != '\n')
        start--;
    return found != NULL ? g_strndup(start, (gsize) (found - start)) : NULL;
}

char *git_mirror_tips(GitMirror *mirror, GError **error)
{
    g_autoptr(GString) tips = g_string_new(NULL);
    git_mirror_begin(mirror);
    gboolean read = git_mirror_read_tips(mirror, tips, error);
    git_mirror_end(mirror);
    return read ? g_strdup(tips->str) : NULL;
}

gboolean git_mirror_remove(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *lock = g_build_filename(path, "lock", NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return TRUE;
    int fd = git_folder_lock(path, error);
    if (fd < 0)
        return FALSE;
    gboolean done = git_folder_discard(path, error);
    if (done && (g_unlink(lock) != 0 || g_rmdir(path) != 0)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: cannot be removed: %s", path,
                    g_strerror(errno));
        done = FALSE;
    }
    close(fd);
    return done;
}
