/* What operators ask: is it alive, is it ready, how is it doing. */
#include "web/server.h"

gboolean web_get_health(const WebCall *call, WebReply *reply, GError **error)
{
    reply_text(reply, 200, "text/plain; charset=utf-8", "ok\n");
    return TRUE;
}

/* Ready: the store answers, and nobody asked the server to stop. */
gboolean web_get_ready(const WebCall *call, WebReply *reply, GError **error)
{
    gint64 counter = 0;
    g_autoptr(GError) fault = NULL;
    gboolean is_stopping = g_atomic_int_get(&call->server->stopping) != 0;
    if (is_stopping || !store_change_counter(call->store, &counter, &fault))
        reply_text(reply, 503, "text/plain; charset=utf-8",
                   is_stopping ? "stopping\n" : "the data file does not answer\n");
    else
        reply_text(reply, 200, "text/plain; charset=utf-8", "ready\n");
    return TRUE;
}

static void put_counter(GString *out, const char *name, const char *help, guint64 value)
{
    g_string_append_printf(out, "# TYPE %s counter\n# HELP %s %s\n%s_total %" G_GUINT64_FORMAT "\n",
                           name, name, help, name, value);
}

static void put_gauge(GString *out, const char *name, const char *help, double value)
{
    g_string_append_printf(out, "# TYPE %s gauge\n# HELP %s %s\n%s %.15g\n", name, name, help, name,
                           value);
}

/* How long answers took, and how the connections are doing. */
static void put_durations(GString *out, const HttpCounts *counts)
{
    const char *name = "plumbline_http_duration_seconds";
    guint64 count = 0;
    g_string_append_printf(out, "# TYPE %s histogram\n# HELP %s From a request to its answer.\n",
                           name, name);
    for (guint i = 0; i < HTTP_DURATIONS; i++) {
        count += counts->by_duration[i];
        g_string_append_printf(out, "%s_bucket{le=\"%.15g\"} %" G_GUINT64_FORMAT "\n", name,
                               (double) HTTP_DURATION_BOUNDS[i] / TIME_SECOND, count);
    }
    count += counts->by_duration[HTTP_DURATIONS];
    g_string_append_printf(out,
                           "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT
                           "\n%s_count %" G_GUINT64_FORMAT "\n%s_sum %.15g\n",
                           name, count, name, count, name, (double) counts->duration / TIME_SECOND);
}

/* Connections by their ids, which tell nothing of what they read. */
static void put_connections(GString *out, json_t *connections)
{
    const char *id;
    json_t *run;
    g_string_append(out, "# TYPE plumbline_connection_failed gauge\n"
                         "# HELP plumbline_connection_failed Whether the last reading failed.\n");
    json_object_foreach(connections, id, run)
    {
        const char *state = json_string_value(json_object_get(run, "state"));
        g_string_append_printf(out, "plumbline_connection_failed{connection=\"%s\"} %d\n", id,
                               g_strcmp0(state, "failed") == 0);
    }
    g_string_append(out, "# TYPE plumbline_connection_read_timestamp_seconds gauge\n"
                         "# HELP plumbline_connection_read_timestamp_seconds When the last reading "
                         "since the start ended.\n");
    json_object_foreach(connections, id, run)
    {
        const char *text = json_string_value(json_object_get(run, "finished"));
        UtcTime finished;
        if (text != NULL && time_parse(text, -1, &finished, NULL))
            g_string_append_printf(
                out, "plumbline_connection_read_timestamp_seconds{connection=\"%s\"} %.15g\n", id,
                (double) finished / TIME_SECOND);
    }
}

/* OpenMetrics. Nothing in it tells of repositories or people: it may be read without an account. */
gboolean web_get_metrics(const WebCall *call, WebReply *reply, GError **error)
{
    HttpCounts counts;
    gint64 changes = 0;
    if (!store_change_counter(call->store, &changes, error))
        return FALSE;
    http_server_counts(call->server->http, &counts);
    g_autoptr(GString) out = g_string_new(NULL);
    put_counter(out, "plumbline_http_requests", "Requests taken in.", counts.requests);
    put_counter(out, "plumbline_http_refused", "Requests refused by HTTP's own rules.",
                counts.refused);
    put_counter(out, "plumbline_http_overloaded", "Requests refused because too many waited.",
                counts.overloaded);
    put_counter(out, "plumbline_http_throttled",
                "Requests refused because their caller sent too many.",
                allowance_refused(call->server->requests));
    g_string_append(out, "# TYPE plumbline_http_answers counter\n"
                         "# HELP plumbline_http_answers Answers by class of status.\n");
    for (guint i = 2; i < G_N_ELEMENTS(counts.by_status); i++)
        g_string_append_printf(
            out, "plumbline_http_answers_total{status=\"%uxx\"} %" G_GUINT64_FORMAT "\n", i,
            counts.by_status[i]);
    put_gauge(out, "plumbline_http_running", "Requests that a worker is at.", counts.running);
    put_gauge(out, "plumbline_http_waiting", "Requests that wait for a worker.", counts.waiting);
    put_durations(out, &counts);
    json_t *snapshot = background_snapshot(call->server->background);
    put_connections(out, json_object_get(snapshot, "connections"));
    json_decref(snapshot);
    put_counter(out, "plumbline_store_changes", "Transactions that altered facts.",
                (guint64) changes);
    put_gauge(out, "plumbline_uptime_seconds", "Since the start.",
              (double) (g_get_monotonic_time() - call->server->started) / TIME_SECOND);
    g_string_append(out, "# EOF\n");
    reply_text(reply, 200, "application/openmetrics-text; version=1.0.0; charset=utf-8", out->str);
    return TRUE;
}
