#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "base/base.h"
#include "cli/data_folder.h"

#define PATIENCE_MS 850

static struct {
    GMutex lock;
    GCond changed;
    gboolean seen; /* under lock */
    void (*cancel)(gpointer);
    gpointer user_data;
    char *folder;
    int terminal;
    struct termios terminal_state;
    int patience_ms;
    int pipe[2];
} watch = {.terminal = -1, .patience_ms = PATIENCE_MS};

static void on_signal(int number)
{
    int kept = errno;
    ssize_t written = write(watch.pipe[1], "!", 1);
    (void) written; /* the pipe is full: signals enough */
    errno = kept;
}

static gboolean next_signal(int timeout_ms)
{
    struct pollfd waiting = {.fd = watch.pipe[0], .events = POLLIN};
    char byte;
    int ready;
    do
        ready = poll(&waiting, 1, timeout_ms);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && read(watch.pipe[0], &byte, 1) == 1;
}

static gpointer watch_signals(gpointer unused)
{
    while (!next_signal(-1))
        continue;
    g_mutex_lock(&watch.lock);
    watch.seen = TRUE;
    if (watch.cancel != NULL)
        watch.cancel(watch.user_data);
    watch.cancel = NULL;
    g_cond_broadcast(&watch.changed);
    int patience_ms = watch.patience_ms;
    g_mutex_unlock(&watch.lock);
    next_signal(patience_ms);
    g_mutex_lock(&watch.lock);
    if (watch.terminal >= 0)
        tcsetattr(watch.terminal, TCSANOW, &watch.terminal_state);
    if (watch.folder != NULL)
        data_folder_remove(watch.folder);
    static const char MESSAGE[] = "\nplumbline: interrupted\n";
    ssize_t written = write(STDERR_FILENO, MESSAGE, sizeof MESSAGE - 1);
    (void) written;
    _exit(error_exit_code(PLUMBLINE_ERROR_CANCELLED));
}

void interrupt_start(void)
{
    if (!g_unix_open_pipe(watch.pipe, FD_CLOEXEC, NULL))
        return;
    signal(SIGPIPE, SIG_IGN); /* a write fails instead, and what is temporary is removed */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    g_thread_unref(g_thread_new("interrupt", watch_signals, NULL));
}

void interrupt_set_patience(guint seconds)
{
    g_mutex_lock(&watch.lock);
    watch.patience_ms = (int) (seconds * 1000);
    g_mutex_unlock(&watch.lock);
}

gboolean interrupt_seen(void)
{
    g_mutex_lock(&watch.lock);
    gboolean seen = watch.seen;
    g_mutex_unlock(&watch.lock);
    return seen;
}

void interrupt_set_cancel(void (*cancel)(gpointer), gpointer user_data)
{
    g_mutex_lock(&watch.lock);
    watch.cancel = watch.seen ? NULL : cancel;
    watch.user_data = user_data;
    if (watch.seen && cancel != NULL)
        cancel(user_data);
    g_mutex_unlock(&watch.lock);
}

void interrupt_set_folder(const char *folder)
{
    g_mutex_lock(&watch.lock);
    g_free(watch.folder);
    watch.folder = g_strdup(folder);
    g_mutex_unlock(&watch.lock);
}

void interrupt_set_terminal(int descriptor, const struct termios *state)
{
    g_mutex_lock(&watch.lock);
    watch.terminal = descriptor;
    if (descriptor >= 0)
        watch.terminal_state = *state;
    g_mutex_unlock(&watch.lock);
}

gboolean interrupt_wait(guint seconds)
{
    gint64 end = g_get_monotonic_time() + (gint64) seconds * G_TIME_SPAN_SECOND;
    g_mutex_lock(&watch.lock);
    while (!watch.seen && g_cond_wait_until(&watch.changed, &watch.lock, end))
        continue;
    gboolean seen = watch.seen;
    g_mutex_unlock(&watch.lock);
    return seen;
}
