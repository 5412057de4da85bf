/*
 * git as a child process: started without a shell in a process group of its own, read as a stream,
 * bounded in time, ended from any thread.
 *
 * A guard process leads the group. It holds the reading end of a pipe whose writing end only we
 * have, so when Plumbline dies, even by SIGKILL, the guard sees the end of the pipe and kills git
 * and git's own helpers. (PR_SET_PDEATHSIG would spare the helpers, and fires when the starting
 * thread ends.) A process belongs to the thread that started it.
 */
#pragma once

#include "git/git.h"

typedef struct {
    const char *what;               /* for messages: "git fetch of https://…" */
    const char *const *arguments;   /* after "git", NULL-terminated; never a secret */
    const char *const *environment; /* the whole of it; may be freed once git is started */
    const char *input;              /* standard input; NULL: none */
    gsize input_length;
    guint time_limit_s;
    int cancel_fd; /* an eventfd; readable: end with CANCELLED */
    GitProgress progress;
    /* About once a second while git runs; FALSE with @error set ends it. */
    gboolean (*tick)(gpointer tick_data, GError **error);
    gpointer progress_data, tick_data;
} GitCommand;

typedef struct GitProcess GitProcess;

/* @command's texts must stay until the process is freed. Fails with GIT or IO. */
GitProcess *git_process_start(const GitCommand *command, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Kills what still runs. */
void git_process_free(GitProcess *process);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GitProcess, git_process_free)

/* Bytes of standard output; 0 at its end, -1 on failure (CANCELLED, TIMEOUT, IO, tick's). */
gssize git_process_read(GitProcess *process, void *buffer, gsize size,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for the end, throwing the rest of the output away. A bad exit becomes an error made from
 * what git wrote to standard error (outcome.h). */
gboolean git_process_finish(GitProcess *process, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a command that answers with its status: 0 to @greatest are no failures. */
gboolean git_process_finish_with(GitProcess *process, int greatest, int *ret_status,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After a failure: git complained of damage in the mirror. */
gboolean git_process_found_damage(const GitProcess *process);
