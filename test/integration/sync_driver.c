/*
 * sync_driver --state DIR --data FILE …: connects to a sandbox (once) and runs one pass of the
 * sync, as the command line would. Prints the summary as one JSON object; errors go to standard
 * error as "code: sentence". Exit status: that of the error table.
 */
#include "sync/sync.h"

#include <jansson.h>
#include <stdio.h>

typedef struct {
    char *state, *data, *mirrors, *token, *repository, *horizon;
    gboolean limited, only_connect, tells;
    int workers;
} Options;

static gboolean read_options(int argc, char **argv, Options *options, GError **error)
{
    const GOptionEntry entries[] = {
        {"state", 0, 0, G_OPTION_ARG_FILENAME, &options->state, "the sandbox's folder", "DIR"},
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "data file", "FILE"},
        {"mirrors", 0, 0, G_OPTION_ARG_FILENAME, &options->mirrors, "git mirrors", "DIR"},
        {"token", 0, 0, G_OPTION_ARG_STRING, &options->token, "its name in ready.json", "NAME"},
        {"repository", 0, 0, G_OPTION_ARG_STRING, &options->repository, "only this one", "NAME"},
        {"horizon", 0, 0, G_OPTION_ARG_STRING, &options->horizon, "oldest update", "TIME"},
        {"limited", 0, 0, G_OPTION_ARG_NONE, &options->limited, "keep to the budget", NULL},
        {"connect", 0, 0, G_OPTION_ARG_NONE, &options->only_connect, "connect only", NULL},
        {"progress", 0, 0, G_OPTION_ARG_NONE, &options->tells, "tell progress", NULL},
        {"workers", 0, 0, G_OPTION_ARG_INT, &options->workers, "threads", "N"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, error))
        return FALSE;
    if (options->state != NULL && options->data != NULL)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_USAGE,
                        "--state and --data are needed");
    return FALSE;
}

static json_t *read_ready(const Options *options, GError **error)
{
    g_autofree char *path = g_build_filename(options->state, "ready.json", NULL);
    json_error_t failure;
    json_t *ready = json_load_file(path, 0, &failure);
    if (ready == NULL)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: %s", path, failure.text);
    return ready;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static const json_t *find_token(const json_t *ready, const char *name)
{
    size_t index;
    const json_t *token;
    json_array_foreach(json_object_get(ready, "tokens"), index,
                       token) if (g_strcmp0(text_of(token, "name"), name) == 0) return token;
    return NULL;
}

static gboolean connect_sandbox(Store *store, const Options *options, GError **error)
{
    json_t *ready = read_ready(options, error);
    if (ready == NULL)
        return FALSE;
    const json_t *token = find_token(ready, options->token != NULL ? options->token : "workspace");
    SyncConnectRequest request = {.name = "sandbox",
                                  .account = text_of(token, "account"),
                                  .secret = text_of(token, "secret"),
                                  .api_base = text_of(ready, "api_base"),
                                  .git_base = text_of(ready, "git_base"),
                                  .workspace = text_of(json_object_get(ready, "workspace"), "slug"),
                                  .repository = options->repository,
                                  .expires = TIME_ABSENT};
    SyncConnectResult result = {0};
    gboolean ok = credential_kind_from_name(text_of(token, "kind"), &request.kind) &&
                  sync_connect(store, &request, &result, error);
    if (ok && !result.check->works) {
        g_set_error_literal(error, PLUMBLINE_ERROR, result.check->code,
                            result.check->sentences->pdata[0]);
        ok = FALSE;
    }
    sync_connect_result_clear(&result);
    json_decref(ready);
    return ok;
}

static void tell(const SyncProgress *progress, gpointer user_data)
{
    fprintf(stderr,
            "%5.1f %% %-13s %6" G_GINT64_FORMAT "/%-6" G_GINT64_FORMAT " req %" G_GINT64_FORMAT
            " eta %" G_GINT64_FORMAT " %s %s\n",
            progress->overall * 100, sync_stage_name(progress->stage), progress->done,
            progress->expected == COUNT_ABSENT ? -1 : progress->expected, progress->requests,
            progress->eta_seconds == COUNT_ABSENT ? -1 : progress->eta_seconds,
            progress->repository != NULL ? progress->repository : "",
            progress->note != NULL ? progress->note : "");
}

static void print_summary(const SyncSummary *summary)
{
    json_t *json = json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:b}", "repositories",
        summary->repositories, "quiet", summary->repositories_quiet, "failed",
        summary->repositories_failed, "pull_requests", summary->pull_requests, "events",
        summary->events, "commits", summary->commits, "pull_requests_changed",
        summary->pull_requests_changed, "events_changed", summary->events_changed, "requests",
        summary->requests, "detail_requests", summary->detail_requests, "notes", summary->notes,
        "retries", summary->retries, "rate_limited", summary->rate_limited, "quarantined",
        summary->quarantined, "took_us", summary->took, "complete", (int) summary->complete);
    json_dumpf(json, stdout, 0);
    putchar('\n');
    json_decref(json);
}

static gboolean run(Store *store, const Options *options, GError **error)
{
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    if (connections == NULL)
        return FALSE;
    if (connections->len == 0) {
        if (!connect_sandbox(store, options, error))
            return FALSE;
        g_ptr_array_unref(g_steal_pointer(&connections));
        connections = store_list_connections(store, error);
        if (connections == NULL)
            return FALSE;
    }
    if (options->only_connect)
        return TRUE;
    const StoreConnection *connection = connections->pdata[0];
    SyncConfig config = {.store = store,
                         .workspace_id = connection->workspace_id,
                         .connection_id = connection->connection_id,
                         .mirror_folder = options->mirrors,
                         .horizon = TIME_ABSENT,
                         .recent = TIME_ABSENT,
                         .workers = (guint) options->workers,
                         .unlimited = !options->limited,
                         .progress = options->tells ? tell : NULL};
    if (options->horizon != NULL && !time_parse(options->horizon, -1, &config.horizon, error))
        return FALSE;
    g_autoptr(SyncEngine) engine = sync_engine_new(&config, error);
    SyncSummary summary;
    if (engine == NULL || !sync_engine_run(engine, &summary, error))
        return FALSE;
    print_summary(&summary);
    return TRUE;
}

static gboolean drive(const Options *options, GError **error)
{
    g_autofree char *key = g_strconcat(options->data, ".key", NULL);
    g_autoptr(Store) store = store_open(options->data, key, error);
    return store != NULL && run(store, options, error);
}

static void clear_options(Options *options)
{
    g_free(options->state);
    g_free(options->data);
    g_free(options->mirrors);
    g_free(options->token);
    g_free(options->repository);
    g_free(options->horizon);
}

int main(int argc, char **argv)
{
    Options options = {0};
    g_autoptr(GError) error = NULL;
    gboolean ok = read_options(argc, argv, &options, &error) && drive(&options, &error);
    clear_options(&options);
    if (ok)
        return 0;
    int code = error->domain == PLUMBLINE_ERROR ? error->code : PLUMBLINE_ERROR_USAGE;
    fprintf(stderr, "%s: %s\n", error_name(code), error->message);
    return error_exit_code(code);
}
