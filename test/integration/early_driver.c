/*
 * early_driver --data FILE …: one pass of the sync of a data file that sync_driver connected, with
 * findings brought up to date over and over while it reads, then once at rest. Prints what came of
 * it as one JSON object.
 */
#include "insight/insight.h"
#include "sync/sync.h"

#include <jansson.h>
#include <stdio.h>

#define STEP 0.01 /* of the whole */

typedef struct {
    char *data, *mirrors, *horizon;
    int workers, stop_after;
    gboolean only_at_rest;
} Options;

typedef struct {
    SyncEngine *engine;
    SyncSummary summary;
    GError *failure;
    GMutex lock; /* over what follows */
    GCond changed;
    gboolean is_over;
    double overall;
    SyncStage stage;
} Reading;

static gboolean read_options(int argc, char **argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "data file", "FILE"},
        {"mirrors", 0, 0, G_OPTION_ARG_FILENAME, &options->mirrors, "git mirrors", "DIR"},
        {"horizon", 0, 0, G_OPTION_ARG_STRING, &options->horizon, "oldest update", "TIME"},
        {"workers", 0, 0, G_OPTION_ARG_INT, &options->workers, "threads", "N"},
        {"stop-after", 0, 0, G_OPTION_ARG_INT, &options->stop_after,
         "cancel the sync after so many updates, and make none at rest", "N"},
        {"only-at-rest", 0, 0, G_OPTION_ARG_NONE, &options->only_at_rest, "none before", NULL},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    return g_option_context_parse(context, &argc, &argv, error);
}

static gpointer read_all(gpointer data)
{
    Reading *reading = data;
    if (!sync_engine_run(reading->engine, &reading->summary, &reading->failure))
        g_assert(reading->failure != NULL);
    g_mutex_lock(&reading->lock);
    reading->is_over = TRUE;
    g_cond_broadcast(&reading->changed);
    g_mutex_unlock(&reading->lock);
    return NULL;
}

static void on_progress(const SyncProgress *progress, gpointer data)
{
    Reading *reading = data;
    g_mutex_lock(&reading->lock);
    reading->overall = progress->overall;
    reading->stage = progress->stage;
    g_cond_broadcast(&reading->changed);
    g_mutex_unlock(&reading->lock);
}

/* Until the reading is a step further, or another stage is at work; FALSE when it is over. */
static gboolean wait_for_more(Reading *reading)
{
    g_mutex_lock(&reading->lock);
    double last = reading->overall;
    SyncStage stage = reading->stage;
    while (!reading->is_over && reading->overall < last + STEP && reading->stage == stage)
        g_cond_wait(&reading->changed, &reading->lock);
    gboolean goes_on = !reading->is_over;
    g_mutex_unlock(&reading->lock);
    return goes_on;
}

typedef struct {
    gint64 updates, found, reopened, resolved, computed;
} Sum;

static gboolean look(Store *store, const StoreConnection *connection, UtcTime now, gboolean at_rest,
                     Sum *sum, GError **error)
{
    g_auto(InsightSummary) found = {0};
    if (!(at_rest
              ? insight_update(store, connection->workspace_id, now, FALSE, &found, error)
              : insight_update_while_reading(store, connection->workspace_id, now, &found, error)))
        return FALSE;
    sum->updates++;
    sum->found += found.found;
    sum->reopened += found.reopened;
    sum->resolved += found.resolved;
    sum->computed += found.computed;
    for (guint i = 0; i < found.failures->len; i++)
        fprintf(stderr, "%s\n", (const char *) found.failures->pdata[i]);
    return TRUE;
}

static json_t *sum_json(const Sum *sum)
{
    return json_pack("{sI sI sI sI sI}", "updates", (json_int_t) sum->updates, "found",
                     (json_int_t) sum->found, "reopened", (json_int_t) sum->reopened, "resolved",
                     (json_int_t) sum->resolved, "computed", (json_int_t) sum->computed);
}

static gboolean drive(const Options *options, Store *store, const StoreConnection *connection,
                      GError **error)
{
    SyncConfig config = {.store = store,
                         .workspace_id = connection->workspace_id,
                         .connection_id = connection->connection_id,
                         .mirror_folder = options->mirrors,
                         .horizon = TIME_ABSENT,
                         .recent = TIME_ABSENT,
                         .workers = (guint) options->workers,
                         .unlimited = TRUE,
                         .progress = on_progress};
    if (options->horizon != NULL && !time_parse(options->horizon, -1, &config.horizon, error))
        return FALSE;
    Reading reading = {0};
    config.user_data = &reading;
    g_autoptr(SyncEngine) engine = sync_engine_new(&config, error);
    if (engine == NULL)
        return FALSE;
    reading.engine = engine;
    Sum early = {0}, at_rest = {0};
    GThread *thread = g_thread_new("reading", read_all, &reading);
    gboolean ok = TRUE;
    while (ok && !options->only_at_rest && wait_for_more(&reading)) {
        ok = look(store, connection, connection->server_time, FALSE, &early, error);
        if (options->stop_after > 0 && early.updates >= options->stop_after)
            sync_engine_cancel(engine);
    }
    g_thread_join(thread);
    g_mutex_clear(&reading.lock);
    g_cond_clear(&reading.changed);
    gboolean is_stopped =
        options->stop_after > 0 && error_is(reading.failure, PLUMBLINE_ERROR_CANCELLED);
    if (ok && reading.failure != NULL && !is_stopped) {
        g_propagate_error(error, reading.failure);
        return FALSE;
    }
    g_clear_error(&reading.failure);
    if (!ok || (!is_stopped &&
                !look(store, connection, reading.summary.server_time, TRUE, &at_rest, error)))
        return FALSE;
    json_t *document = json_pack("{so so sb}", "early", sum_json(&early), "at_rest",
                                 sum_json(&at_rest), "stopped", is_stopped);
    json_dumpf(document, stdout, 0);
    json_decref(document);
    return TRUE;
}

static gboolean run(const Options *options, GError **error)
{
    g_autofree char *key = g_strconcat(options->data, ".key", NULL);
    g_autoptr(Store) store = store_open(options->data, key, error);
    g_autoptr(GPtrArray) connections = store == NULL ? NULL : store_list_connections(store, error);
    return connections != NULL && connections->len == 1 &&
           drive(options, store, connections->pdata[0], error);
}

int main(int argc, char **argv)
{
    Options options = {0};
    g_autoptr(GError) error = NULL;
    gboolean ok = read_options(argc, argv, &options, &error) && run(&options, &error);
    g_free(options.data);
    g_free(options.mirrors);
    g_free(options.horizon);
    if (ok)
        return 0;
    fprintf(stderr, "%s\n", error != NULL ? error->message : "no connection");
    return 1;
}
