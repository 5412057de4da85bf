#include "web/freshener.h"

#include "insight/insight.h"

#define FIRST_AFTER (5 * TIME_SECOND)
#define EVERY       (30 * TIME_SECOND)
#define SHARE       10 /* of the time: one in so many */

struct Freshener {
    Store *store;
    Hub *hub;
    GThread *thread;
    GMutex updating; /* held while facts and findings are brought up to date; taken before lock */
    gint64 workspace_id; /* updating: whose, and as of when */
    UtcTime as_of;
    GMutex lock; /* over what follows */
    GCond changed;
    gboolean is_stopping;
    gint64 due; /* monotonic; 0: nobody reads */
};

static void tell(Freshener *freshener, const InsightSummary *summary, gboolean is_reading)
{
    if (summary->computed > 0) {
        g_autofree char *text =
            g_strdup_printf("{\"computed\":%" G_GINT64_FORMAT ",\"reading\":%s}", summary->computed,
                            is_reading ? "true" : "false");
        hub_publish(freshener->hub, "facts", text);
    }
    if (summary->found + summary->reopened + summary->resolved > 0) {
        g_autofree char *text =
            g_strdup_printf("{\"found\":%" G_GINT64_FORMAT ",\"reopened\":%" G_GINT64_FORMAT
                            ",\"resolved\":%" G_GINT64_FORMAT "}",
                            summary->found, summary->reopened, summary->resolved);
        hub_publish(freshener->hub, "findings", text);
    }
}

gboolean freshener_update(Freshener *freshener, gint64 workspace_id, UtcTime now, GError **error)
{
    g_auto(InsightSummary) summary = {0};
    g_mutex_lock(&freshener->updating);
    gboolean done = insight_update(freshener->store, workspace_id, now, FALSE, &summary, error);
    g_mutex_unlock(&freshener->updating);
    if (!done)
        return FALSE;
    tell(freshener, &summary, FALSE);
    return audit_append_merges(freshener->store, workspace_id, now, NULL, error);
}

static gboolean is_reading(Freshener *freshener)
{
    g_mutex_lock(&freshener->lock);
    gboolean reading = freshener->due != 0;
    g_mutex_unlock(&freshener->lock);
    return reading;
}

gboolean freshener_catch_up(Freshener *freshener, gint64 workspace_id, UtcTime now, GError **error)
{
    g_auto(InsightSummary) summary = {0};
    /* Under this lock no reading begins, and one that ends waits. */
    g_mutex_lock(&freshener->updating);
    gboolean reads = is_reading(freshener) && freshener->workspace_id == workspace_id;
    gboolean done =
        reads ? insight_update_while_reading(freshener->store, workspace_id, freshener->as_of,
                                             &summary, error)
              : insight_update(freshener->store, workspace_id, now, FALSE, &summary, error);
    g_mutex_unlock(&freshener->updating);
    if (done)
        tell(freshener, &summary, reads);
    return done;
}

/* The merge audit log waits for the end, for what it says of a merge stays. */
static void update_while_reading(Freshener *freshener)
{
    g_auto(InsightSummary) summary = {0};
    g_autoptr(GError) error = NULL;
    if (insight_update_while_reading(freshener->store, freshener->workspace_id, freshener->as_of,
                                     &summary, &error))
        tell(freshener, &summary, TRUE);
    else
        log_event(LOG_LEVEL_WARNING, "bringing facts up to date while reading: %s", error->message);
}

static gboolean is_due(Freshener *freshener)
{
    g_mutex_lock(&freshener->lock);
    gboolean due = freshener->due != 0 && g_get_monotonic_time() >= freshener->due;
    g_mutex_unlock(&freshener->lock);
    return due;
}

static void put_off(Freshener *freshener, gint64 began)
{
    gint64 now = g_get_monotonic_time();
    g_mutex_lock(&freshener->lock);
    if (freshener->due != 0)
        freshener->due = now + MAX(EVERY, (now - began) * (SHARE - 1));
    g_mutex_unlock(&freshener->lock);
}

/* Until it may be time; FALSE when the server stops. */
static gboolean wait_until_due(Freshener *freshener)
{
    g_mutex_lock(&freshener->lock);
    if (!freshener->is_stopping && freshener->due == 0)
        g_cond_wait(&freshener->changed, &freshener->lock);
    else if (!freshener->is_stopping)
        g_cond_wait_until(&freshener->changed, &freshener->lock, freshener->due);
    gboolean goes_on = !freshener->is_stopping;
    g_mutex_unlock(&freshener->lock);
    return goes_on;
}

static gpointer run(gpointer data)
{
    Freshener *freshener = data;
    while (wait_until_due(freshener)) {
        /* Under the lock that freshener_end waits for: after it nothing is due. */
        g_mutex_lock(&freshener->updating);
        gint64 began = g_get_monotonic_time();
        if (is_due(freshener)) {
            update_while_reading(freshener);
            put_off(freshener, began);
        }
        g_mutex_unlock(&freshener->updating);
    }
    return NULL;
}

Freshener *freshener_start(Store *store, Hub *hub)
{
    Freshener *freshener = g_new0(Freshener, 1);
    freshener->store = store;
    freshener->hub = hub;
    g_mutex_init(&freshener->updating);
    g_mutex_init(&freshener->lock);
    g_cond_init(&freshener->changed);
    freshener->thread = g_thread_new("freshener", run, freshener);
    return freshener;
}

void freshener_stop(Freshener *freshener)
{
    g_mutex_lock(&freshener->lock);
    freshener->is_stopping = TRUE;
    g_cond_broadcast(&freshener->changed);
    g_mutex_unlock(&freshener->lock);
    g_thread_join(freshener->thread);
    g_mutex_clear(&freshener->updating);
    g_mutex_clear(&freshener->lock);
    g_cond_clear(&freshener->changed);
    g_free(freshener);
}

static void set_due(Freshener *freshener, gint64 due)
{
    g_mutex_lock(&freshener->lock);
    freshener->due = due;
    g_cond_broadcast(&freshener->changed);
    g_mutex_unlock(&freshener->lock);
}

void freshener_begin(Freshener *freshener, gint64 workspace_id, UtcTime as_of)
{
    g_mutex_lock(&freshener->updating);
    freshener->workspace_id = workspace_id;
    freshener->as_of = as_of;
    set_due(freshener, g_get_monotonic_time() + FIRST_AFTER);
    g_mutex_unlock(&freshener->updating);
}

void freshener_end(Freshener *freshener)
{
    set_due(freshener, 0);
    g_mutex_lock(&freshener->updating);
    g_mutex_unlock(&freshener->updating);
}
