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
    g_string_append(out, "# TYPE plumbline_http_answers counter\n"
                         "# HELP plumbline_http_answers Answers by class of status.\n");
    for (guint i = 2; i < G_N_ELEMENTS(counts.by_status); i++)
        g_string_append_printf(
            out, "plumbline_http_answers_total{status=\"%uxx\"} %" G_GUINT64_FORMAT "\n", i,
            counts.by_status[i]);
    put_gauge(out, "plumbline_http_running", "Requests that a worker is at.", counts.running);
    put_gauge(out, "plumbline_http_waiting", "Requests that wait for a worker.", counts.waiting);
    put_counter(out, "plumbline_store_changes", "Transactions that altered facts.",
                (guint64) changes);
    put_gauge(out, "plumbline_uptime_seconds", "Since the start.",
              (double) (g_get_monotonic_time() - call->server->started) / TIME_SECOND);
    g_string_append(out, "# EOF\n");
    reply_text(reply, 200, "application/openmetrics-text; version=1.0.0; charset=utf-8", out->str);
    return TRUE;
}
