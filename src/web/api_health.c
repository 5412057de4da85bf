/*
 * How the reading of each selected repository is doing: its state, since when, and the way out.
 *
 * Repositories that nothing happened in are passed over by the idle gate, so one that is read and
 * has no trouble is as new as its connection.
 */
#include "sync/sync.h"
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define SET_ASIDE_SHOWN 200 /* records; all are counted */

typedef enum {
    STANDING_VANISHED,
    STANDING_FORBIDDEN,
    STANDING_UNCONNECTED, /* no connection reads it any more */
    STANDING_REFUSED,     /* its connection's credential is not accepted */
    STANDING_WAITING,     /* its connection is being set up */
    STANDING_FAILING,
    STANDING_READING, /* for the first time */
    STANDING_READ,
} Standing;

static const struct {
    const char *name, *level;
} STANDINGS[] = {
    [STANDING_VANISHED] = {"vanished", "bad"},       [STANDING_FORBIDDEN] = {"forbidden", "bad"},
    [STANDING_UNCONNECTED] = {"unconnected", "bad"}, [STANDING_REFUSED] = {"refused", "bad"},
    [STANDING_WAITING] = {"waiting", "warn"},        [STANDING_FAILING] = {"failing", "warn"},
    [STANDING_READING] = {"reading", "warn"},        [STANDING_READ] = {"read", "good"},
};

typedef struct {
    GPtrArray *connections, *repositories, *problems, *set_aside;
    GHashTable *asides; /* repository id -> number of records */
} Look;

static void look_clear(Look *look)
{
    g_clear_pointer(&look->connections, g_ptr_array_unref);
    g_clear_pointer(&look->repositories, g_ptr_array_unref);
    g_clear_pointer(&look->problems, g_ptr_array_unref);
    g_clear_pointer(&look->set_aside, g_ptr_array_unref);
    g_clear_pointer(&look->asides, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

static gboolean look_at(const WebDesk *desk, Look *look, GError **error)
{
    gint64 id = desk->workspace_id;
    if ((look->connections = store_list_connections(desk->store, error)) == NULL ||
        (look->repositories = store_list_repositories(desk->store, id, TRUE, error)) == NULL ||
        (look->problems = store_list_problems(desk->store, id, error)) == NULL ||
        (look->set_aside = store_list_quarantined(desk->store, id, error)) == NULL)
        return FALSE;
    look->asides = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < look->set_aside->len; i++) {
        StoreQuarantined *record = look->set_aside->pdata[i];
        gsize before = GPOINTER_TO_SIZE(g_hash_table_lookup(look->asides, &record->repository_id));
        g_hash_table_insert(look->asides, &record->repository_id, GSIZE_TO_POINTER(before + 1));
    }
    return TRUE;
}

static const StoreConnection *connection_of(const Look *look, const StoreRepository *repository)
{
    for (guint i = 0; i < look->connections->len; i++) {
        const StoreConnection *connection = look->connections->pdata[i];
        if (connection->connection_id == repository->connection_id)
            return connection;
    }
    return NULL;
}

/* The first fault that stands; NULL: none. */
static const StoreProblem *fault_of(const Look *look, gint64 repository_id)
{
    for (guint i = 0; i < look->problems->len; i++) {
        const StoreProblem *problem = look->problems->pdata[i];
        if (problem->repository_id == repository_id && !problem->is_note)
            return problem;
    }
    return NULL;
}

static Standing judge(const StoreRepository *repository, const StoreConnection *connection,
                      const StoreProblem *fault, gboolean is_complete)
{
    if (connection == NULL)
        return STANDING_UNCONNECTED;
    if (g_strcmp0(connection->state, "rejected") == 0)
        return STANDING_REFUSED;
    if (g_strcmp0(repository->state, "vanished") == 0)
        return STANDING_VANISHED;
    if (g_strcmp0(repository->state, "forbidden") == 0)
        return STANDING_FORBIDDEN;
    if (connection->setup_step != NULL)
        return STANDING_WAITING;
    if (fault != NULL)
        return STANDING_FAILING;
    return is_complete ? STANDING_READ : STANDING_READING;
}

static CredentialKind kind_of(const StoreConnection *connection)
{
    CredentialKind kind = CREDENTIAL_WORKSPACE_TOKEN;
    return credential_kind_from_name(connection->kind, &kind) ? kind : CREDENTIAL_WORKSPACE_TOKEN;
}

/* What is the matter and what to do; NULL: nothing. */
static char *sentence_of(Standing standing, const StoreConnection *connection,
                         const StoreProblem *fault)
{
    switch (standing) {
    case STANDING_VANISHED:
        return g_strdup_printf(
            "Bitbucket answers as if it did not exist: it was deleted, or the %s of '%s' may no "
            "longer see it. A new name is followed by itself. What was read stays. Leave it out "
            "below if it is gone for good; else give the credential access to it again, and the "
            "next round goes on.",
            credential_kind_title(kind_of(connection)), connection->name);
    case STANDING_FORBIDDEN:
        return g_strdup_printf(
            "The %s of '%s' may not read it. Give it read access in Bitbucket, and the next round "
            "goes on; or add a connection with an access token of this repository.",
            credential_kind_title(kind_of(connection)), connection->name);
    case STANDING_UNCONNECTED:
        return g_strdup("No connection reads it any more. Add one that sees it, or leave it out "
                        "below.");
    case STANDING_REFUSED:
        return g_strdup_printf("Bitbucket does not accept the credential of '%s'. Renew it above, "
                               "and reading goes on where it stopped.",
                               connection->name);
    case STANDING_WAITING:
        return g_strdup_printf("It is read when the set-up of '%s' is finished.", connection->name);
    case STANDING_FAILING:
        return g_strdup_printf("%s%s It is tried again in every round.", fault->sentence,
                               g_str_has_suffix(fault->sentence, ".") ? "" : ".");
    case STANDING_READING:
        return g_strdup("It is being read for the first time; what is there grows.");
    case STANDING_READ:
        break;
    }
    return NULL;
}

static json_t *problem_json(const StoreProblem *problem)
{
    g_autofree char *words = log_printable(problem->sentence);
    json_t *item = json_pack("{s:s, s:s, s:s, s:b, s:I}", "stage", problem->stage, "code",
                             problem->code, "sentence", words, "is_note", problem->is_note, "times",
                             (json_int_t) problem->times);
    json_object_set_new(item, "first", web_json_time(problem->first));
    json_object_set_new(item, "last", web_json_time(problem->last));
    return item;
}

static json_t *problems_json(const Look *look, gint64 repository_id)
{
    json_t *items = json_array();
    for (guint i = 0; i < look->problems->len; i++) {
        const StoreProblem *problem = look->problems->pdata[i];
        if (problem->repository_id == repository_id)
            json_array_append_new(items, problem_json(problem));
    }
    return items;
}

static json_t *repository_json(const Look *look, const StoreRepository *repository,
                               gboolean is_complete)
{
    const StoreConnection *connection = connection_of(look, repository);
    const StoreProblem *fault = fault_of(look, repository->repository_id);
    Standing standing = judge(repository, connection, fault, is_complete);
    g_autofree char *sentence = sentence_of(standing, connection, fault);
    g_autofree char *words = sentence != NULL ? log_printable(sentence) : NULL;
    gsize set_aside =
        GPOINTER_TO_SIZE(g_hash_table_lookup(look->asides, &repository->repository_id));
    json_t *item =
        json_pack("{s:s, s:s, s:s, s:I, s:I}", "repository", repository->full_name, "standing",
                  STANDINGS[standing].name, "health", STANDINGS[standing].level, "pull_requests",
                  (json_int_t) repository->pull_requests, "set_aside", (json_int_t) set_aside);
    json_object_set_new(item, "connection",
                        web_json_text(connection != NULL ? connection->name : NULL));
    json_object_set_new(item, "url", web_json_text(repository->html_url));
    json_object_set_new(item, "sentence", web_json_text(words));
    json_object_set_new(
        item, "since",
        web_json_time(standing != STANDING_READ && fault != NULL ? fault->first : TIME_ABSENT));
    json_object_set_new(
        item, "last_read",
        web_json_time(standing == STANDING_READ ? connection->server_time : TIME_ABSENT));
    json_object_set_new(item, "problems", problems_json(look, repository->repository_id));
    return item;
}

static json_t *set_aside_json(const Look *look)
{
    json_t *items = json_array();
    for (guint i = 0; i < MIN(look->set_aside->len, SET_ASIDE_SHOWN); i++) {
        const StoreQuarantined *record = look->set_aside->pdata[i];
        g_autofree char *key = log_printable(record->key);
        g_autofree char *reason = log_printable(record->reason);
        json_t *item =
            json_pack("{s:s, s:s, s:s}", "kind", record->kind, "key", key, "reason", reason);
        json_object_set_new(item, "repository", web_json_text(record->repository));
        json_array_append_new(items, item);
    }
    return items;
}

gboolean web_list_repository_health(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    g_auto(Look) look = {0};
    if (!web_desk_open(call, &desk, error) || !look_at(&desk, &look, error))
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < look.repositories->len; i++) {
        const StoreRepository *repository = look.repositories->pdata[i];
        gboolean is_complete = FALSE;
        if (!sync_is_repository_complete(desk.store, desk.workspace_id, repository->repository_id,
                                         &is_complete, error)) {
            json_decref(items);
            return FALSE;
        }
        json_array_append_new(items, repository_json(&look, repository, is_complete));
    }
    json_t *document =
        json_pack("{s:s, s:o, s:o, s:o, s:I}", "workspace", desk.slug, "items", items, "problems",
                  problems_json(&look, 0), "set_aside", set_aside_json(&look), "set_aside_count",
                  (json_int_t) look.set_aside->len);
    static const char *const COLUMNS[] = {"repository", "connection", "standing",  "health",
                                          "sentence",   "since",      "last_read", "pull_requests",
                                          "set_aside",  "url",        NULL};
    web_reply_list(call, reply, document, "items", COLUMNS);
    return TRUE;
}
