#include "web/deadline.h"

#include <sys/socket.h>

#define LOOKS 12 /* how often within the most that is allowed */

struct Deadlines {
    Duration most;
    GThread *clock;
    GMutex lock; /* over everything below */
    GCond closed;
    GQueue open; /* Deadline */
    gboolean is_closed;
};

struct Deadline {
    Deadlines *all;
    GList link;
    int socket;
    gint64 until; /* monotonic; 0: nothing runs out */
};

/* The lock is held. */
static void look(Deadlines *deadlines, gint64 now)
{
    for (GList *link = deadlines->open.head; link != NULL; link = link->next) {
        Deadline *deadline = link->data;
        if (deadline->until == 0 || deadline->until > now)
            continue;
        deadline->until = 0;
        shutdown(deadline->socket, SHUT_RDWR);
    }
}

static gpointer run_clock(gpointer data)
{
    Deadlines *deadlines = data;
    g_mutex_lock(&deadlines->lock);
    while (!deadlines->is_closed) {
        gint64 now = g_get_monotonic_time();
        look(deadlines, now);
        g_cond_wait_until(&deadlines->closed, &deadlines->lock, now + deadlines->most / LOOKS);
    }
    g_mutex_unlock(&deadlines->lock);
    return NULL;
}

Deadlines *deadlines_new(Duration most)
{
    Deadlines *deadlines = g_new0(Deadlines, 1);
    deadlines->most = most;
    g_mutex_init(&deadlines->lock);
    g_cond_init(&deadlines->closed);
    g_queue_init(&deadlines->open);
    deadlines->clock = g_thread_new("deadlines", run_clock, deadlines);
    return deadlines;
}

void deadlines_free(Deadlines *deadlines)
{
    if (deadlines == NULL)
        return;
    g_mutex_lock(&deadlines->lock);
    deadlines->is_closed = TRUE;
    g_cond_broadcast(&deadlines->closed);
    g_mutex_unlock(&deadlines->lock);
    g_thread_join(deadlines->clock);
    g_mutex_clear(&deadlines->lock);
    g_cond_clear(&deadlines->closed);
    g_free(deadlines);
}

Deadline *deadline_begin(Deadlines *deadlines, int socket)
{
    Deadline *deadline = g_new0(Deadline, 1);
    deadline->all = deadlines;
    deadline->socket = socket;
    deadline->link.data = deadline;
    deadline->until = g_get_monotonic_time() + deadlines->most;
    g_mutex_lock(&deadlines->lock);
    g_queue_push_tail_link(&deadlines->open, &deadline->link);
    g_mutex_unlock(&deadlines->lock);
    return deadline;
}

static void set_until(Deadline *deadline, gint64 until)
{
    g_mutex_lock(&deadline->all->lock);
    deadline->until = until;
    g_mutex_unlock(&deadline->all->lock);
}

void deadline_wait(Deadline *deadline)
{
    set_until(deadline, g_get_monotonic_time() + deadline->all->most);
}

void deadline_hold(Deadline *deadline)
{
    set_until(deadline, 0);
}

void deadline_end(Deadline *deadline)
{
    Deadlines *deadlines = deadline->all;
    g_mutex_lock(&deadlines->lock);
    g_queue_unlink(&deadlines->open, &deadline->link);
    g_mutex_unlock(&deadlines->lock);
    g_free(deadline);
}
