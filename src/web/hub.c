#include "web/hub.h"

#include <string.h>

#define PING_EVERY   (15 * TIME_SECOND)
#define LISTEN_MOST  TIME_HOUR
#define BACKLOG_MOST (256 * 1024) /* bytes that wait for one listener before he is cut off */

typedef struct {
    guint64 id;
    char *text; /* as it goes over the line */
} Event;

struct Hub {
    HubPace pace;
    GThread *clock; /* pings, and ends those that listen for long */
    GMutex lock;    /* over everything below, the listeners too */
    GCond closed;
    guint64 last_id;
    GQueue kept; /* Event, the oldest first */
    GPtrArray *listeners;
    gint64 next_ping; /* monotonic */
    gboolean is_closed;
};

struct HubListener {
    Hub *hub;
    GString *waiting;
    struct MHD_Connection *suspended; /* NULL: it runs */
    gint64 until;
    gboolean is_over;
};

static void event_free(gpointer data)
{
    Event *event = data;
    g_free(event->text);
    g_free(event);
}

/* The lock is held. */
static void wake(HubListener *listener)
{
    if (listener->suspended == NULL)
        return;
    struct MHD_Connection *connection = listener->suspended;
    listener->suspended = NULL;
    MHD_resume_connection(connection);
}

/* The lock is held. */
static void give(HubListener *listener, const char *text)
{
    if (listener->waiting->len + strlen(text) > BACKLOG_MOST)
        listener->is_over = TRUE; /* too slow: he comes back and is told what he missed */
    else
        g_string_append(listener->waiting, text);
    wake(listener);
}

void hub_publish(Hub *hub, const char *type, const char *data)
{
    g_mutex_lock(&hub->lock);
    Event *event = g_new0(Event, 1);
    event->id = ++hub->last_id;
    event->text = g_strdup_printf("id: %" G_GUINT64_FORMAT "\nevent: %s\ndata: %s\n\n", event->id,
                                  type, data);
    g_queue_push_tail(&hub->kept, event);
    if (hub->kept.length > HUB_KEPT)
        event_free(g_queue_pop_head(&hub->kept));
    for (guint i = 0; i < hub->listeners->len; i++)
        give(hub->listeners->pdata[i], event->text);
    g_mutex_unlock(&hub->lock);
}

/* ---- time passes */

/* The lock is held. Brings what is due at @now; gives when to look again. */
static gint64 tick(Hub *hub, gint64 now)
{
    gboolean is_due = now >= hub->next_ping;
    if (is_due)
        hub->next_ping = now + hub->pace.ping;
    gint64 next = hub->next_ping;
    for (guint i = 0; i < hub->listeners->len; i++) {
        HubListener *listener = hub->listeners->pdata[i];
        if (now >= listener->until)
            listener->is_over = TRUE;
        else
            next = MIN(next, listener->until);
        if (is_due || listener->is_over)
            give(listener, ": still here\n\n");
    }
    return next;
}

static gpointer run_clock(gpointer data)
{
    Hub *hub = data;
    g_mutex_lock(&hub->lock);
    while (!hub->is_closed) {
        gint64 next = tick(hub, g_get_monotonic_time());
        g_cond_wait_until(&hub->closed, &hub->lock, next);
    }
    g_mutex_unlock(&hub->lock);
    return NULL;
}

Hub *hub_new(const HubPace *pace)
{
    Hub *hub = g_new0(Hub, 1);
    hub->pace = pace != NULL ? *pace : (HubPace){PING_EVERY, LISTEN_MOST};
    g_mutex_init(&hub->lock);
    g_cond_init(&hub->closed);
    g_queue_init(&hub->kept);
    hub->listeners = g_ptr_array_new();
    hub->next_ping = g_get_monotonic_time() + hub->pace.ping;
    /* Ids go on where those of an earlier run may have ended, so that a client that comes back
     * after a restart is told of the gap. */
    hub->last_id = (guint64) g_get_real_time();
    hub->clock = g_thread_new("hub", run_clock, hub);
    return hub;
}

void hub_close(Hub *hub)
{
    g_mutex_lock(&hub->lock);
    hub->is_closed = TRUE;
    for (guint i = 0; i < hub->listeners->len; i++) {
        HubListener *listener = hub->listeners->pdata[i];
        listener->is_over = TRUE;
        wake(listener);
    }
    g_cond_broadcast(&hub->closed);
    g_mutex_unlock(&hub->lock);
}

void hub_free(Hub *hub)
{
    if (hub == NULL)
        return;
    hub_close(hub);
    g_thread_join(hub->clock);
    g_queue_clear_full(&hub->kept, event_free);
    g_ptr_array_unref(hub->listeners);
    g_mutex_clear(&hub->lock);
    g_cond_clear(&hub->closed);
    g_free(hub);
}

/* ---- listening */

/* The lock is held. What was published after @last_seen; where some of that is not kept any more
 * the news of it comes first, then all that is. */
static void catch_up(Hub *hub, HubListener *listener, guint64 last_seen)
{
    const Event *oldest = g_queue_peek_head(&hub->kept);
    guint64 before_kept = (oldest != NULL ? oldest->id : hub->last_id + 1) - 1;
    if (last_seen < before_kept || last_seen > hub->last_id) {
        last_seen = before_kept;
        g_string_append_printf(listener->waiting,
                               "id: %" G_GUINT64_FORMAT "\nevent: gap\ndata: {}\n\n", last_seen);
    }
    for (GList *link = hub->kept.head; link != NULL; link = link->next) {
        const Event *event = link->data;
        if (event->id > last_seen)
            g_string_append(listener->waiting, event->text);
    }
}

HubListener *hub_listen(Hub *hub, const char *last_seen)
{
    guint64 id = 0;
    HubListener *listener = g_new0(HubListener, 1);
    listener->hub = hub;
    listener->waiting = g_string_new("retry: 3000\n\n");
    listener->until = g_get_monotonic_time() + hub->pace.listen;
    g_mutex_lock(&hub->lock);
    listener->is_over = hub->is_closed;
    if (last_seen != NULL &&
        g_ascii_string_to_unsigned(last_seen, 10, 0, G_MAXUINT64 - 1, &id, NULL))
        catch_up(hub, listener, id);
    g_ptr_array_add(hub->listeners, listener);
    g_mutex_unlock(&hub->lock);
    return listener;
}

ssize_t hub_listener_read(HubListener *listener, struct MHD_Connection *connection, char *buffer,
                          gsize most)
{
    g_mutex_lock(&listener->hub->lock);
    gsize n = MIN(listener->waiting->len, most);
    ssize_t result = (ssize_t) n;
    if (n > 0) {
        memcpy(buffer, listener->waiting->str, n);
        g_string_erase(listener->waiting, 0, (gssize) n);
    } else if (listener->is_over) {
        result = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        /* Under the lock, so that nobody resumes it before it is suspended. */
        listener->suspended = connection;
        MHD_suspend_connection(connection);
    }
    g_mutex_unlock(&listener->hub->lock);
    return result;
}

void hub_listener_free(HubListener *listener)
{
    if (listener == NULL)
        return;
    g_mutex_lock(&listener->hub->lock);
    g_ptr_array_remove_fast(listener->hub->listeners, listener);
    g_mutex_unlock(&listener->hub->lock);
    g_string_free(listener->waiting, TRUE);
    g_free(listener);
}
