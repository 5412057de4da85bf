/*
 * The connections to Bitbucket, and how each is doing.
 */
#include "web/table.h"

#include <string.h>

#define PROBLEMS_PER_LIST 20

typedef struct {
    gint64 workspace_id;
    GPtrArray *repositories, *problems;
} Surroundings;

static void surroundings_clear(Surroundings *around)
{
    g_clear_pointer(&around->repositories, g_ptr_array_unref);
    g_clear_pointer(&around->problems, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Surroundings, surroundings_clear)

static gboolean look_around(const WebCall *call, gint64 workspace_id, Surroundings *around,
                            GError **error)
{
    if (around->repositories != NULL && around->workspace_id == workspace_id)
        return TRUE;
    surroundings_clear(around);
    around->workspace_id = workspace_id;
    around->repositories = store_list_repositories(call->store, workspace_id, FALSE, error);
    around->problems =
        around->repositories == NULL ? NULL : store_list_problems(call->store, workspace_id, error);
    return around->problems != NULL;
}

typedef struct {
    gint64 known, selected, unreachable, problems;
    const StoreProblem *first_problem;
} Tally;

/* A problem without a repository is the workspace's, and so of each of its connections. */
static gboolean is_of(const StoreConnection *connection, const Surroundings *around,
                      const StoreProblem *problem)
{
    if (problem->repository_id == 0)
        return TRUE;
    for (guint i = 0; i < around->repositories->len; i++) {
        const StoreRepository *repository = around->repositories->pdata[i];
        if (repository->repository_id == problem->repository_id)
            return repository->connection_id == connection->connection_id;
    }
    return FALSE;
}

static Tally count(const StoreConnection *connection, const Surroundings *around)
{
    Tally tally = {0};
    for (guint i = 0; i < around->repositories->len; i++) {
        const StoreRepository *repository = around->repositories->pdata[i];
        if (repository->connection_id != connection->connection_id)
            continue;
        tally.known++;
        tally.selected += repository->is_selected != FALSE;
        tally.unreachable += repository->is_selected && g_strcmp0(repository->state, "active") != 0;
    }
    for (guint i = 0; i < around->problems->len; i++) {
        const StoreProblem *problem = around->problems->pdata[i];
        if (problem->is_note || !is_of(connection, around, problem))
            continue;
        if (tally.problems++ == 0)
            tally.first_problem = problem;
    }
    return tally;
}

typedef struct {
    const char *level; /* "good", "warn", "bad" */
    char *sentence;
} Health;

/* Worst first; each sentence says the way out. @run: what background tells of it; NULL: nothing. */
static Health judge(const StoreConnection *connection, const Tally *tally, json_t *run, UtcTime now)
{
    char text[TIME_TEXT_SIZE];
    time_format(connection->expires, text);
    text[MIN(strlen(text), 10)] = '\0';
    gboolean has_date = connection->expires != TIME_ABSENT;
    const char *state = json_string_value(json_object_get(run, "state"));
    if (connection->setup_step != NULL)
        return (Health){"warn", g_strdup("Its set-up is not finished, so nothing is read yet. "
                                         "Finish it, or disconnect it.")};
    const char *sentence = json_string_value(json_object_get(run, "sentence"));
    if (g_strcmp0(connection->state, "rejected") == 0)
        return (Health){"bad", g_strdup_printf("%s Renew the credential to go on.",
                                               connection->state_reason != NULL
                                                   ? connection->state_reason
                                                   : "Bitbucket does not accept the credential.")};
    if (has_date && connection->expires <= now)
        return (Health){"bad", g_strdup_printf("The credential expired on %s. Make a new one in "
                                               "Bitbucket and renew this connection.",
                                               text)};
    if (g_strcmp0(connection->state, "lacking") == 0)
        return (Health){"bad", g_strdup(connection->state_reason)};
    if (g_strcmp0(state, "failed") == 0 && sentence != NULL)
        return (Health){"bad", g_strdup_printf("The last reading failed: %s It is tried again in "
                                               "the next round.",
                                               sentence)};
    if (has_date && connection->expires - now <= CREDENTIAL_WARNING) {
        gint64 days = (connection->expires - now) / TIME_DAY;
        return (Health){"warn", g_strdup_printf("The credential expires in %" G_GINT64_FORMAT
                                                " %s, on %s. Make its successor in Bitbucket and "
                                                "renew this connection.",
                                                days, days == 1 ? "day" : "days", text)};
    }
    if (tally->unreachable > 0)
        return (Health){"warn", g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                                " selected repositories cannot be read; the list "
                                                "of repositories says which, and what to do.",
                                                tally->unreachable, tally->selected)};
    if (tally->problems > 0)
        return (Health){"warn", g_strdup(tally->first_problem->sentence)};
    if (tally->selected == 0)
        return (Health){"warn", g_strdup("No repository is selected, so nothing is read. Select "
                                         "some below.")};
    return (Health){"good", g_strdup_printf("All is well: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                            " repositories are read.",
                                            tally->selected, tally->known)};
}

static json_t *problems_json(const StoreConnection *connection, const Surroundings *around)
{
    json_t *items = json_array();
    for (guint i = 0; i < around->problems->len && json_array_size(items) < PROBLEMS_PER_LIST;
         i++) {
        const StoreProblem *problem = around->problems->pdata[i];
        if (!is_of(connection, around, problem))
            continue;
        g_autofree char *words = log_printable(problem->sentence);
        json_t *item = json_pack("{s:s, s:s, s:b, s:I}", "stage", problem->stage, "sentence", words,
                                 "is_note", problem->is_note, "times", (json_int_t) problem->times);
        json_object_set_new(item, "repository", web_json_text(problem->repository));
        json_object_set_new(item, "first", web_json_time(problem->first));
        json_object_set_new(item, "last", web_json_time(problem->last));
        json_array_append_new(items, item);
    }
    return items;
}

static json_t *budget_json(const WebCall *call, const StoreConnection *connection)
{
    StoreBudget budget = {0};
    gboolean is_found = FALSE;
    g_autoptr(GError) ignored = NULL; /* a list of connections is worth more than its budgets */
    if (!store_get_budget(call->store, connection->workspace_id, connection->connection_id, &budget,
                          &is_found, &ignored) ||
        !is_found || budget.capacity <= 0)
        return json_null();
    double back = (double) budget.capacity * (double) (call->now - budget.as_of) / TIME_HOUR;
    gint64 available = (gint64) CLAMP(budget.available + back, 0, (double) budget.capacity);
    return json_pack("{s:I, s:I, s:I}", "per_hour", (json_int_t) budget.capacity, "available",
                     (json_int_t) available, "spent", (json_int_t) budget.spent);
}

/* What would go with the connection, and what others see too. */
static json_t *purge_json(const WebCall *call, const StoreConnection *connection)
{
    StorePurge purge;
    g_autoptr(GError) ignored = NULL; /* as with budgets */
    if (!store_plan_purge(call->store, connection->workspace_id, connection->connection_id, &purge,
                          &ignored))
        return json_null();
    return json_pack("{sI sI sI sI sI}", "repositories", (json_int_t) purge.repositories,
                     "pull_requests", (json_int_t) purge.pull_requests, "kept_repositories",
                     (json_int_t) purge.kept_repositories, "kept_pull_requests",
                     (json_int_t) purge.kept_pull_requests, "audit_rows",
                     (json_int_t) purge.audit_rows);
}

/* What only administrators are told. */
static void put_details(json_t *item, const WebCall *call, const StoreConnection *connection,
                        const Surroundings *around, const Tally *tally, const char *sentence)
{
    g_auto(GStrv) scopes =
        connection->scopes != NULL ? g_strsplit(connection->scopes, " ", -1) : NULL;
    g_auto(GStrv) unneeded = connection->unneeded_scopes != NULL
                                 ? g_strsplit(connection->unneeded_scopes, " ", -1)
                                 : NULL;
    g_autofree char *words = log_printable(sentence);
    json_object_set_new(item, "sentence", json_string(words));
    json_object_set_new(item, "account", web_json_text(connection->account));
    json_object_set_new(item, "identity", web_json_text(connection->identity));
    json_object_set_new(item, "scopes", scopes != NULL ? web_json_words(scopes) : json_null());
    json_object_set_new(item, "scopes_unneeded", web_json_words(unneeded));
    json_object_set_new(item, "reason", web_json_text(connection->state_reason));
    json_object_set_new(item, "checked", web_json_time(connection->checked));
    json_object_set_new(item, "created", web_json_time(connection->created));
    json_object_set_new(item, "unreachable", json_integer(tally->unreachable));
    json_object_set_new(item, "problems", problems_json(connection, around));
    json_object_set_new(item, "budget", budget_json(call, connection));
    json_object_set_new(item, "history_days", web_json_count(connection->history_days));
    json_object_set_new(item, "history_days_default", json_integer(call->server->history_days));
    json_object_set_new(item, "purge", purge_json(call, connection));
}

static json_t *connection_json(const WebCall *call, const StoreConnection *connection,
                               const Surroundings *around, json_t *runs)
{
    g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, connection->connection_id);
    json_t *run = json_object_get(runs, key);
    Tally tally = count(connection, around);
    Health health = judge(connection, &tally, run, call->now);
    json_t *item = json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "id", (json_int_t) connection->connection_id,
        "name", connection->name, "kind", connection->kind, "workspace", connection->workspace_slug,
        "state", connection->state, "health", health.level, "repositories_known",
        (json_int_t) tally.known, "repositories_selected", (json_int_t) tally.selected);
    json_object_set_new(item, "repository", web_json_text(connection->repository_full_name));
    json_object_set_new(item, "setup_step", web_json_text(connection->setup_step));
    json_object_set_new(item, "expires", web_json_time(connection->expires));
    json_object_set_new(item, "days_to_expiry",
                        connection->expires != TIME_ABSENT
                            ? json_integer((connection->expires - call->now) / TIME_DAY)
                            : json_null());
    json_object_set_new(item, "last_read", web_json_time(connection->server_time));
    if (call->caller->role >= ROLE_ADMIN)
        put_details(item, call, connection, around, &tally, health.sentence);
    g_free(health.sentence);
    return item;
}

/* Whom to ask: those who may change what is connected. */
static json_t *administrators_json(const WebCall *call, GError **error)
{
    g_autoptr(GPtrArray) accounts = store_list_accounts(call->store, error);
    if (accounts == NULL)
        return NULL;
    json_t *items = json_array();
    for (guint i = 0; i < accounts->len; i++) {
        const StoreAccount *account = accounts->pdata[i];
        if (account->disabled == TIME_ABSENT &&
            g_strcmp0(account->role, web_role_name(ROLE_ADMIN)) == 0)
            json_array_append_new(
                items, json_pack("{s:s, s:s}", "name", account->name, "email", account->email));
    }
    return items;
}

gboolean web_list_connections(const WebCall *call, WebReply *reply, GError **error)
{
    static const char *const COLUMNS[] = {"id",
                                          "name",
                                          "kind",
                                          "workspace",
                                          "repository",
                                          "state",
                                          "health",
                                          "sentence",
                                          "repositories_known",
                                          "repositories_selected",
                                          "expires",
                                          "days_to_expiry",
                                          "last_read",
                                          NULL};
    g_auto(Surroundings) around = {0};
    g_autoptr(GPtrArray) connections = store_list_connections(call->store, error);
    json_t *administrators = connections != NULL ? administrators_json(call, error) : NULL;
    if (administrators == NULL)
        return FALSE;
    json_t *items = json_array(), *runs = background_snapshot(call->server->background);
    gboolean done = TRUE;
    for (guint i = 0; done && i < connections->len; i++) { /* by workspace */
        const StoreConnection *connection = connections->pdata[i];
        done = look_around(call, connection->workspace_id, &around, error);
        if (done)
            json_array_append_new(items, connection_json(call, connection, &around,
                                                         json_object_get(runs, "connections")));
    }
    json_decref(runs);
    json_t *document = json_pack("{s:o, s:o}", "items", items, "administrators", administrators);
    if (done)
        web_reply_list(call, reply, document, "items", COLUMNS);
    else
        json_decref(document);
    return done;
}
