/*
 * Setting a connection up, step by step, and how far back it reads. Until the last step nothing is
 * read with it; what was decided stays when the browser is closed in between.
 */
#include "sync/sync.h"
#include "web/server.h"

#define HISTORY_MOST_DAYS 3660

/* In this order; the step that comes next is kept. */
static const char *const STEPS[] = {"repositories", "approvers", "releases", "horizon"};

static gboolean is_step(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(STEPS); i++)
        if (g_strcmp0(STEPS[i], name) == 0)
            return TRUE;
    return FALSE;
}

const char *web_first_setup_step(void)
{
    return STEPS[0];
}

/* ---- changing */

typedef struct {
    gboolean sets_history, sets_step;
    gint64 history_days;
    const char *step; /* NULL: set up */
} Change;

static gboolean read_history(json_t *body, Change *change, GError **error)
{
    json_t *member = json_object_get(body, "history_days");
    change->sets_history = member != NULL;
    change->history_days = json_is_integer(member) ? json_integer_value(member) : COUNT_ABSENT;
    if (member == NULL || json_is_null(member))
        return TRUE;
    return (json_is_integer(member) && change->history_days >= 0 &&
            change->history_days <= HISTORY_MOST_DAYS) ||
           web_invalid(error,
                       "\"history_days\" is a number of days from 1 to %d, 0 for everything, or "
                       "null for what the server was started with.",
                       HISTORY_MOST_DAYS);
}

static gboolean read_step(json_t *body, const StoreConnection *connection, Change *change,
                          GError **error)
{
    json_t *member = json_object_get(body, "setup_step");
    change->sets_step = member != NULL;
    change->step = json_string_value(member);
    if (member == NULL || json_is_null(member))
        return TRUE;
    if (!is_step(change->step))
        return web_invalid(error, "\"setup_step\" is one of repositories, approvers, releases and "
                                  "horizon, or null when the set-up is finished.");
    return connection->setup_step != NULL ||
           web_invalid(error, "%s is set up already; what it reads is changed where it is listed.",
                       connection->name);
}

static char *history_words(gint64 days)
{
    return days == COUNT_ABSENT ? g_strdup("as far back as the server says")
           : days == 0          ? g_strdup("everything")
                                : g_strdup_printf("%" G_GINT64_FORMAT " days back", days);
}

static gboolean note_change(StoreTx *tx, const WebCall *call, const StoreConnection *connection,
                            const Change *change, GError **error)
{
    if (change->sets_history && change->history_days != connection->history_days) {
        g_autofree char *words = history_words(change->history_days);
        if (!web_note_act(tx, call, "connection.history", connection->name, words, error))
            return FALSE;
    }
    gboolean is_finished =
        change->sets_step && change->step == NULL && connection->setup_step != NULL;
    return !is_finished || web_note_act(tx, call, "connection.set-up", connection->name,
                                        connection->workspace_slug, error);
}

static gboolean put_change(const WebCall *call, const StoreConnection *connection,
                           const Change *change, GError **error)
{
    gint64 workspace_id = connection->workspace_id, connection_id = connection->connection_id;
    g_autoptr(StoreTx) tx = store_begin(call->store, error);
    return tx != NULL &&
           (!change->sets_history ||
            store_set_history(tx, workspace_id, connection_id, change->history_days, error)) &&
           (!change->sets_step ||
            store_set_setup_step(tx, workspace_id, connection_id, change->step, error)) &&
           note_change(tx, call, connection, change, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_patch_connection(const WebCall *call, WebReply *reply, GError **error)
{
    Change change = {0};
    g_autoptr(StoreConnection) before = web_find_connection(call, error);
    json_t *body = before != NULL ? request_json(call->request, error) : NULL;
    gboolean done = body != NULL && read_history(body, &change, error) &&
                    read_step(body, before, &change, error) &&
                    put_change(call, before, &change, error);
    json_decref(body);
    g_autoptr(StoreConnection) after = done ? web_find_connection(call, error) : NULL;
    if (after == NULL)
        return FALSE;
    if (after->setup_step == NULL)
        background_kick(call->server->background, after->connection_id);
    json_t *document = json_pack("{s:I}", "id", (json_int_t) after->connection_id);
    json_object_set_new(document, "history_days", web_json_count(after->history_days));
    json_object_set_new(document, "setup_step", web_json_text(after->setup_step));
    reply_json(reply, 200, document);
    return TRUE;
}

/* ---- what each horizon would cost */

static json_t *horizons_json(const WebCall *call, const SyncHorizons *horizons)
{
    json_t *items = json_array();
    for (guint i = 0; i < SYNC_HORIZONS; i++) {
        json_t *item = json_pack("{s:I, s:I, s:I}", "days", (json_int_t) horizons->choices[i].days,
                                 "pull_requests", (json_int_t) horizons->choices[i].pull_requests,
                                 "requests", (json_int_t) horizons->choices[i].requests);
        json_object_set_new(item, "seconds", web_json_count(horizons->choices[i].seconds));
        json_array_append_new(items, item);
    }
    return json_pack("{s:o, s:b, s:I, s:I, s:I}", "items", items, "git", horizons->has_git,
                     "repositories", (json_int_t) horizons->repositories, "asked",
                     (json_int_t) horizons->asked, "history_days_default",
                     (json_int_t) call->server->history_days);
}

gboolean web_get_horizons(const WebCall *call, WebReply *reply, GError **error)
{
    SyncHorizons horizons;
    GError *failure = NULL;
    g_autoptr(StoreConnection) connection = web_find_connection(call, error);
    if (connection == NULL)
        return FALSE;
    if (!web_begin_check(call, reply))
        return TRUE;
    gboolean is_asked = sync_estimate_horizons(call->store, connection, call->server->has_git,
                                               WEB_PATIENCE_SECONDS, &horizons, &failure);
    web_end_check(call);
    if (!is_asked)
        return web_tell_failure(reply, failure, error);
    reply_json(reply, 200, horizons_json(call, &horizons));
    return TRUE;
}
