#include "git/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "git/outcome.h"
#include "git/progress.h"

#define TICK (G_TIME_SPAN_SECOND)

struct GitProcess {
    const GitCommand *command;
    pid_t guard, git;
    int guard_fd;  /* its closing wakes the guard */
    int exit_fd;   /* pidfd of git */
    int output_fd; /* -1 once at its end */
    int errors_fd;
    gint64 deadline, next_tick; /* monotonic microseconds */
    GitStderr *errors;
    gboolean damaged;
};

static gboolean fail_errno(GError **error, const GitCommand *command, const char *step)
{
    int saved = errno;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: %s: %s", command->what, step,
                g_strerror(saved));
    return FALSE;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The input lies in memory that git reads like a file: nothing to feed while reading, no deadlock,
 * no SIGPIPE. */
static int open_input(const GitCommand *command, GError **error)
{
    int fd = command->input ? memfd_create("git-input", MFD_CLOEXEC)
                            : open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        (void) fail_errno(error, command, "standard input");
        return -1;
    }
    gsize written = 0;
    while (command->input && written < command->input_length) {
        gssize n = write(fd, command->input + written, command->input_length - written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            (void) fail_errno(error, command, "standard input");
            close(fd);
            return -1;
        }
        written += (gsize) n;
    }
    if (command->input)
        (void) lseek(fd, 0, SEEK_SET);
    return fd;
}

/* Starts a program in the process group @group (0: a new one that it leads) with the three standard
 * files and no other open file. posix_spawn does not copy our page tables, which may be large. */
static int spawn(pid_t *ret_pid, char *const *arguments, char *const *environment, pid_t group,
                 const int files[3])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, files[i], i);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, group);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int failure =
        posix_spawnp(ret_pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return failure;
}

static gboolean start_guard(GitProcess *process, GError **error)
{
    /* "kill 0" is the own group: guard, git, git's helpers. */
    static const char *const ARGUMENTS[] = {"sh", "-c", "read -r _; kill -s KILL 0", NULL};
    static const char *const ENVIRONMENT[] = {NULL};
    int life[2];
    if (pipe2(life, O_CLOEXEC) != 0)
        return fail_errno(error, process->command, "pipe");
    int null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int files[3] = {life[0], null_fd, null_fd};
    errno =
        spawn(&process->guard, (char *const *) ARGUMENTS, (char *const *) ENVIRONMENT, 0, files);
    gboolean started = errno == 0;
    if (!started) {
        process->guard = -1;
        (void) fail_errno(error, process->command, "cannot start its guard");
    }
    close(life[0]);
    close_fd(&null_fd);
    process->guard_fd = life[1];
    return started;
}

static gboolean start_git(GitProcess *process, GError **error)
{
    const GitCommand *command = process->command;
    int input = open_input(command, error);
    if (input < 0)
        return FALSE;
    int output[2], errors[2];
    if (pipe2(output, O_CLOEXEC) != 0) {
        close(input);
        return fail_errno(error, command, "pipe");
    }
    process->output_fd = output[0];
    if (pipe2(errors, O_CLOEXEC) != 0) {
        close(input);
        close(output[1]);
        return fail_errno(error, command, "pipe");
    }
    process->errors_fd = errors[0];
    g_autoptr(GPtrArray) arguments = g_ptr_array_new();
    g_ptr_array_add(arguments, (gpointer) "git");
    for (const char *const *argument = command->arguments; *argument; argument++)
        g_ptr_array_add(arguments, (gpointer) *argument);
    g_ptr_array_add(arguments, NULL);
    int files[3] = {input, output[1], errors[1]};
    int failure = spawn(&process->git, (char *const *) arguments->pdata,
                        (char *const *) command->environment, process->guard, files);
    close(input);
    close(output[1]);
    close(errors[1]);
    if (failure != 0) {
        process->git = -1;
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                    "%s: git cannot be started (%s); install git and put it into PATH",
                    command->what, g_strerror(failure));
        return FALSE;
    }
    process->exit_fd = pidfd_open(process->git, 0);
    if (process->exit_fd < 0)
        return fail_errno(error, command, "pidfd_open");
    (void) fcntl(process->output_fd, F_SETFL, O_NONBLOCK);
    (void) fcntl(process->errors_fd, F_SETFL, O_NONBLOCK);
    return TRUE;
}

GitProcess *git_process_start(const GitCommand *command, GError **error)
{
    g_autoptr(GitProcess) process = g_new0(GitProcess, 1);
    process->command = command;
    process->guard = process->git = -1;
    process->guard_fd = process->exit_fd = process->output_fd = process->errors_fd = -1;
    process->errors = git_stderr_new(command->progress, command->progress_data);
    gint64 now = g_get_monotonic_time();
    process->deadline = now + (gint64) command->time_limit_s * G_TIME_SPAN_SECOND;
    process->next_tick = now + TICK;
    if (!start_guard(process, error) || !start_git(process, error))
        return NULL;
    return g_steal_pointer(&process);
}

static void reap(pid_t *pid, int *ret_status)
{
    while (*pid > 0 && waitpid(*pid, ret_status, 0) < 0 && errno == EINTR)
        continue;
    *pid = -1;
}

/* The guard is not reaped before the kill, so the number of its group cannot have been given to
 * another. */
static void end_group(GitProcess *process)
{
    int status;
    if (process->guard > 0)
        (void) kill(-process->guard, SIGKILL);
    reap(&process->git, &status);
    reap(&process->guard, &status);
}

void git_process_free(GitProcess *process)
{
    if (!process)
        return;
    end_group(process);
    close_fd(&process->guard_fd);
    close_fd(&process->exit_fd);
    close_fd(&process->output_fd);
    close_fd(&process->errors_fd);
    git_stderr_free(process->errors);
    g_free(process);
}

static void drain_errors(GitProcess *process)
{
    char bytes[4096];
    gssize n = 0;
    while (process->errors_fd >= 0 && (n = read(process->errors_fd, bytes, sizeof bytes)) > 0)
        git_stderr_add(process->errors, bytes, (gsize) n);
    if (process->errors_fd >= 0 && (n == 0 || (errno != EAGAIN && errno != EINTR)))
        close_fd(&process->errors_fd);
}

typedef struct {
    gboolean output, exited;
} Ready;

/* Waits until there is output or git has ended; serves progress, tick, cancel and the time limit
 * meanwhile. */
static gboolean wait_ready(GitProcess *process, Ready *ret_ready, GError **error)
{
    const GitCommand *command = process->command;
    for (;;) {
        gint64 now = g_get_monotonic_time();
        if (now >= process->deadline) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_TIMEOUT,
                        "%s did not end within %u s", command->what, command->time_limit_s);
            return FALSE;
        }
        if (now >= process->next_tick) {
            process->next_tick = now + TICK;
            if (command->tick && !command->tick(command->tick_data, error))
                return FALSE;
        }
        struct pollfd fds[] = {{process->output_fd, POLLIN, 0},
                               {process->errors_fd, POLLIN, 0},
                               {process->exit_fd, POLLIN, 0},
                               {command->cancel_fd, POLLIN, 0}};
        gint64 pause = MIN(process->deadline, process->next_tick) - now;
        int n = poll(fds, G_N_ELEMENTS(fds), (int) (pause / 1000 + 1));
        if (n < 0 && errno != EINTR)
            return fail_errno(error, command, "poll");
        if (n <= 0)
            continue;
        if (fds[3].revents) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED, "%s was interrupted",
                        command->what);
            return FALSE;
        }
        if (fds[1].revents)
            drain_errors(process);
        *ret_ready = (Ready){fds[0].revents != 0, fds[2].revents != 0};
        if (ret_ready->output || ret_ready->exited)
            return TRUE;
    }
}

gssize git_process_read(GitProcess *process, void *buffer, gsize size, GError **error)
{
    while (process->output_fd >= 0) {
        gssize n = read(process->output_fd, buffer, size);
        if (n > 0) {
            /* A fast writer must not keep us from the clock and from a cancel. */
            struct pollfd cancel = {process->command->cancel_fd, POLLIN, 0};
            if (g_get_monotonic_time() < process->next_tick && poll(&cancel, 1, 0) == 0)
                return n;
            Ready ready;
            return wait_ready(process, &ready, error) ? n : -1;
        }
        if (n == 0) {
            close_fd(&process->output_fd);
        } else if (errno == EAGAIN) {
            Ready ready;
            if (!wait_ready(process, &ready, error))
                return -1;
            /* Ended, and a helper of git's still holds the pipe: nothing more will come. */
            if (ready.exited && !ready.output)
                close_fd(&process->output_fd);
        } else if (errno != EINTR) {
            (void) fail_errno(error, process->command, "reading its output");
            return -1;
        }
    }
    return 0;
}

gboolean git_process_finish_with(GitProcess *process, int greatest, int *ret_status, GError **error)
{
    char rest[4096];
    gssize n;
    while ((n = git_process_read(process, rest, sizeof rest, error)) > 0)
        continue;
    if (n < 0)
        return FALSE;
    Ready ready = {FALSE, FALSE};
    while (!ready.exited)
        if (!wait_ready(process, &ready, error))
            return FALSE;
    drain_errors(process);
    int status = 0;
    reap(&process->git, &status);
    end_group(process);
    if (WIFEXITED(status) && WEXITSTATUS(status) <= greatest) {
        *ret_status = WEXITSTATUS(status);
        return TRUE;
    }
    process->damaged = git_outcome_tells_damage(git_stderr_text(process->errors));
    git_outcome_set_error(process->command->what, status, git_stderr_text(process->errors), error);
    return FALSE;
}

gboolean git_process_finish(GitProcess *process, GError **error)
{
    int status;
    return git_process_finish_with(process, 0, &status, error);
}

gboolean git_process_found_damage(const GitProcess *process)
{
    return process->damaged;
}
