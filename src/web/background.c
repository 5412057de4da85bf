#include "web/background.h"

#include "web/freshener.h"

#define PROGRESS_EVERY (TIME_SECOND / 2) /* how often progress is told; its last word always is */

typedef enum { RUN_WAITING, RUN_READING, RUN_DONE, RUN_FAILED } RunState;
static const char *const STATE_NAMES[] = {"waiting", "reading", "done", "failed"};

/* What is told of one connection. */
typedef struct {
    RunState state;
    double overall;
    gint64 requests, eta_seconds;
    char *stage, *repository, *note;
    char *sentence; /* what came of it */
    UtcTime finished;
} Run;

struct Background {
    BackgroundConfig config;
    char *mirrors;
    Freshener *freshener;
    GThread *thread;
    GMutex lock; /* over everything below */
    GCond changed;
    gboolean is_stopping, is_kicked;
    gint64 first;       /* the connection to begin with */
    SyncEngine *engine; /* the one under way */
    GHashTable *runs;   /* connection id → Run */
    gint64 current;     /* the connection that is read; 0: none */
    GArray *held;       /* connection ids that must not be read; one each holder */
    gint64 last_told;   /* monotonic */
    UtcTime next_round;
};

static void run_free(gpointer data)
{
    Run *run = data;
    g_free(run->stage);
    g_free(run->repository);
    g_free(run->note);
    g_free(run->sentence);
    g_free(run);
}

/* The lock is held. */
static Run *run_of(Background *background, gint64 connection_id)
{
    Run *run = g_hash_table_lookup(background->runs, &connection_id);
    if (run == NULL) {
        run = g_new0(Run, 1);
        run->finished = TIME_ABSENT;
        run->eta_seconds = COUNT_ABSENT;
        g_hash_table_insert(background->runs, g_memdup2(&connection_id, sizeof connection_id), run);
    }
    return run;
}

static json_t *optional_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

static json_t *run_json(const Run *run)
{
    char text[TIME_TEXT_SIZE];
    json_t *document = json_pack("{s:s}", "state", STATE_NAMES[run->state]);
    json_t *progress = json_null();
    if (run->state == RUN_READING) {
        progress = json_pack("{s:f, s:I}", "overall", run->overall, "requests",
                             (json_int_t) run->requests);
        json_object_set_new(progress, "stage", optional_text(run->stage));
        json_object_set_new(progress, "repository", optional_text(run->repository));
        json_object_set_new(progress, "note", optional_text(run->note));
        json_object_set_new(progress, "eta_seconds",
                            run->eta_seconds != COUNT_ABSENT ? json_integer(run->eta_seconds)
                                                             : json_null());
    }
    json_object_set_new(document, "progress", progress);
    json_object_set_new(document, "sentence", optional_text(run->sentence));
    json_object_set_new(document, "finished",
                        run->finished != TIME_ABSENT ? json_string(time_format(run->finished, text))
                                                     : json_null());
    return document;
}

/* Tells everybody what a connection is at. The lock is held. */
static void tell(Background *background, const char *type, gint64 connection_id)
{
    json_t *document = run_json(run_of(background, connection_id));
    json_object_set_new(document, "connection", json_integer(connection_id));
    char *text = json_dumps(document, JSON_COMPACT | JSON_REAL_PRECISION(6));
    hub_publish(background->config.hub, type, text);
    free(text);
    json_decref(document);
}

static void on_progress(const SyncProgress *progress, gpointer data)
{
    Background *background = data;
    g_mutex_lock(&background->lock);
    Run *run = run_of(background, background->current);
    run->overall = progress->overall;
    run->requests = progress->requests;
    run->eta_seconds = progress->eta_seconds;
    g_free(run->stage);
    run->stage = g_strdup(sync_stage_title(progress->stage));
    g_free(run->repository);
    run->repository = g_strdup(progress->repository);
    g_free(run->note);
    run->note = g_strdup(progress->note);
    gint64 now = g_get_monotonic_time();
    if (now - background->last_told >= PROGRESS_EVERY) {
        background->last_told = now;
        tell(background, "progress", background->current);
    }
    g_mutex_unlock(&background->lock);
}

/* ---- one connection */

/* The lock is held. */
static gboolean is_held(const Background *background, gint64 connection_id)
{
    for (guint i = 0; i < background->held->len; i++)
        if (g_array_index(background->held, gint64, i) == connection_id)
            return TRUE;
    return FALSE;
}

/* FALSE when somebody holds the connection. */
static gboolean claim(Background *background, gint64 connection_id)
{
    g_mutex_lock(&background->lock);
    gboolean is_free = !is_held(background, connection_id);
    if (is_free)
        background->current = connection_id;
    g_mutex_unlock(&background->lock);
    return is_free;
}

static void unclaim(Background *background)
{
    g_mutex_lock(&background->lock);
    background->current = 0;
    g_cond_broadcast(&background->changed);
    g_mutex_unlock(&background->lock);
}

static void begin_run(Background *background, gint64 connection_id)
{
    g_mutex_lock(&background->lock);
    Run *run = run_of(background, connection_id);
    run->state = RUN_READING;
    run->overall = 0;
    run->requests = 0;
    run->eta_seconds = COUNT_ABSENT;
    g_clear_pointer(&run->stage, g_free);
    g_clear_pointer(&run->repository, g_free);
    g_clear_pointer(&run->note, g_free);
    tell(background, "progress", connection_id);
    g_mutex_unlock(&background->lock);
}

static void end_run(Background *background, gint64 connection_id, const SyncSummary *summary,
                    const GError *failure)
{
    g_mutex_lock(&background->lock);
    Run *run = run_of(background, connection_id);
    gboolean is_held_back = is_held(background, connection_id);
    run->state = is_held_back ? RUN_WAITING : failure != NULL ? RUN_FAILED : RUN_DONE;
    run->finished = g_get_real_time();
    g_free(run->sentence);
    run->sentence =
        is_held_back ? g_strdup("Reading waits while the connection is being changed.")
        : failure != NULL
            ? log_printable(failure->message)
            : g_strdup_printf("%" G_GINT64_FORMAT " repositories looked at, %" G_GINT64_FORMAT
                              " new pull requests, %" G_GINT64_FORMAT " changed, %" G_GINT64_FORMAT
                              " requests",
                              summary->repositories, summary->pull_requests,
                              summary->pull_requests_changed, summary->requests);
    tell(background, "sync", connection_id);
    g_mutex_unlock(&background->lock);
}

static gboolean run_engine(Background *background, const StoreConnection *connection,
                           SyncSummary *ret_summary, GError **error)
{
    UtcTime seen =
        connection->server_time != TIME_ABSENT ? connection->server_time : g_get_real_time();
    const BackgroundConfig *own = &background->config;
    SyncConfig config = {.store = own->store,
                         .workspace_id = connection->workspace_id,
                         .connection_id = connection->connection_id,
                         .mirror_folder = background->mirrors,
                         .horizon = sync_horizon(connection, own->history_days, seen),
                         .recent = TIME_ABSENT,
                         .progress = on_progress,
                         .user_data = background};
    g_autoptr(SyncEngine) engine = sync_engine_new(&config, error);
    if (engine == NULL)
        return FALSE;
    g_mutex_lock(&background->lock);
    gboolean is_wanted =
        !background->is_stopping && !is_held(background, connection->connection_id);
    background->engine = is_wanted ? engine : NULL;
    gboolean goes = background->engine != NULL;
    g_mutex_unlock(&background->lock);
    if (goes)
        freshener_begin(background->freshener, connection->workspace_id, seen);
    gboolean done = goes && sync_engine_run(engine, ret_summary, error);
    freshener_end(background->freshener);
    if (!goes)
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED,
                            "The server is stopping, or the connection is being changed.");
    g_mutex_lock(&background->lock);
    background->engine = NULL;
    g_mutex_unlock(&background->lock);
    return done;
}

static void read_connection(Background *background, const StoreConnection *connection)
{
    g_autoptr(GError) failure = NULL;
    SyncSummary summary = {0};
    begin_run(background, connection->connection_id);
    gboolean good = run_engine(background, connection, &summary, &failure);
    UtcTime now = summary.server_time != TIME_ABSENT && summary.server_time != 0
                      ? summary.server_time
                      : g_get_real_time();
    /* What was read before a failure is worth looking at as well. */
    g_autoptr(GError) later = NULL;
    if (!error_is(failure, PLUMBLINE_ERROR_CANCELLED) &&
        !freshener_update(background->freshener, connection->workspace_id, now, &later) && good)
        failure = g_steal_pointer(&later);
    if (failure != NULL && !error_is(failure, PLUMBLINE_ERROR_CANCELLED)) {
        g_autofree char *words = log_printable(failure->message);
        log_event(LOG_LEVEL_WARNING, "reading with the connection %s: %s", connection->name, words);
    }
    end_run(background, connection->connection_id, &summary, failure);
}

/* By its id: since the round began it may have been changed, or be gone. */
static void read_by_id(Background *background, gint64 connection_id)
{
    g_autoptr(GError) error = NULL;
    if (!claim(background, connection_id))
        return;
    g_autoptr(GPtrArray) connections = store_list_connections(background->config.store, &error);
    if (connections == NULL)
        log_event(LOG_LEVEL_ERROR, "listing the connections: %s", error->message);
    for (guint i = 0; connections != NULL && i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (connection->connection_id == connection_id && connection->setup_step == NULL)
            read_connection(background, connection);
    }
    unclaim(background);
}

/* ---- rounds */

static gboolean is_stopping(Background *background)
{
    g_mutex_lock(&background->lock);
    gboolean stopping = background->is_stopping;
    g_mutex_unlock(&background->lock);
    return stopping;
}

static gboolean stops(gpointer user_data)
{
    return is_stopping(user_data);
}

/* What was disconnected and is to be deleted: before anything is read. FALSE: not all of it, and
 * then nobody may read. */
static gboolean purge(Background *background)
{
    g_autoptr(GError) error = NULL;
    gint64 n = 0;
    if (!sync_purge(background->config.store, background->mirrors, stops, background, &n, &error)) {
        if (!error_is(error, PLUMBLINE_ERROR_CANCELLED))
            log_event(LOG_LEVEL_ERROR, "deleting what a connection brought: %s", error->message);
        return FALSE;
    }
    if (n > 0)
        hub_publish(background->config.hub, "facts", "{\"computed\":0,\"reading\":false}");
    return TRUE;
}

static void go_round(Background *background)
{
    g_autoptr(GError) error = NULL;
    if (!purge(background))
        return;
    g_autoptr(GPtrArray) connections = store_list_connections(background->config.store, &error);
    if (connections == NULL) {
        log_event(LOG_LEVEL_ERROR, "listing the connections: %s", error->message);
        return;
    }
    g_mutex_lock(&background->lock);
    gint64 first = background->first;
    background->first = 0;
    background->is_kicked = FALSE;
    g_mutex_unlock(&background->lock);
    for (guint pass = 0; pass < 2; pass++)
        for (guint i = 0; i < connections->len && !is_stopping(background); i++) {
            const StoreConnection *connection = connections->pdata[i];
            if ((connection->connection_id == first) == (pass == 0))
                read_by_id(background, connection->connection_id);
        }
}

static gpointer run_rounds(gpointer data)
{
    Background *background = data;
    while (!is_stopping(background)) {
        go_round(background);
        gint64 end = g_get_monotonic_time() + background->config.interval;
        g_mutex_lock(&background->lock);
        background->next_round = g_get_real_time() + background->config.interval;
        while (!background->is_stopping && !background->is_kicked && g_get_monotonic_time() < end)
            g_cond_wait_until(&background->changed, &background->lock, end);
        g_mutex_unlock(&background->lock);
    }
    return NULL;
}

Background *background_start(const BackgroundConfig *config)
{
    Background *background = g_new0(Background, 1);
    background->config = *config;
    background->mirrors = g_strdup(config->mirrors);
    background->next_round = TIME_ABSENT;
    background->held = g_array_new(FALSE, FALSE, sizeof(gint64));
    background->runs = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, run_free);
    g_mutex_init(&background->lock);
    g_cond_init(&background->changed);
    background->freshener = freshener_start(config->store, config->hub);
    background->thread = g_thread_new("background", run_rounds, background);
    return background;
}

void background_stop(Background *background)
{
    if (background == NULL)
        return;
    g_mutex_lock(&background->lock);
    background->is_stopping = TRUE;
    if (background->engine != NULL)
        sync_engine_cancel(background->engine);
    g_cond_broadcast(&background->changed);
    g_mutex_unlock(&background->lock);
    g_thread_join(background->thread);
    freshener_stop(background->freshener);
    g_hash_table_unref(background->runs);
    g_array_unref(background->held);
    g_mutex_clear(&background->lock);
    g_cond_clear(&background->changed);
    g_free(background->mirrors);
    g_free(background);
}

void background_kick(Background *background, gint64 connection_id)
{
    g_mutex_lock(&background->lock);
    background->first = connection_id;
    background->is_kicked = TRUE;
    g_cond_broadcast(&background->changed);
    g_mutex_unlock(&background->lock);
}

void background_hold(Background *background, gint64 connection_id)
{
    g_mutex_lock(&background->lock);
    g_array_append_val(background->held, connection_id);
    if (background->current == connection_id && background->engine != NULL)
        sync_engine_cancel(background->engine);
    while (background->current == connection_id)
        g_cond_wait(&background->changed, &background->lock);
    g_mutex_unlock(&background->lock);
}

void background_release(Background *background, gint64 connection_id, gboolean is_gone)
{
    g_mutex_lock(&background->lock);
    for (guint i = 0; i < background->held->len; i++)
        if (g_array_index(background->held, gint64, i) == connection_id) {
            g_array_remove_index_fast(background->held, i);
            break;
        }
    if (is_gone)
        g_hash_table_remove(background->runs, &connection_id);
    g_mutex_unlock(&background->lock);
}

gboolean background_catch_up(Background *background, gint64 workspace_id, UtcTime now,
                             GError **error)
{
    return freshener_catch_up(background->freshener, workspace_id, now, error);
}

json_t *background_snapshot(Background *background)
{
    char text[TIME_TEXT_SIZE];
    GHashTableIter iter;
    gpointer id, run;
    json_t *connections = json_object();
    g_mutex_lock(&background->lock);
    g_hash_table_iter_init(&iter, background->runs);
    while (g_hash_table_iter_next(&iter, &id, &run)) {
        g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, *(gint64 *) id);
        json_object_set_new(connections, name, run_json(run));
    }
    json_t *document = json_pack("{s:o}", "connections", connections);
    json_object_set_new(document, "next_round",
                        background->next_round != TIME_ABSENT
                            ? json_string(time_format(background->next_round, text))
                            : json_null());
    g_mutex_unlock(&background->lock);
    return document;
}
