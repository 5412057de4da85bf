#include "web/desk.h"

#include <stdlib.h>
#include <string.h>

/* ---- columns that requests share */

#define CACHE_MOST  4            /* workspaces whose columns are kept */
#define ANSWERS     32           /* that are remembered of each of them */
#define ANSWER_MOST (512 * 1024) /* bytes */

struct SharedColumns {
    gatomicrefcount references;
    gint64 workspace_id, counter;
    MeasureColumns *columns;
    GMutex lock;         /* over answers */
    GHashTable *answers; /* key → JSON text */
};

struct ColumnsCache {
    GMutex lock;     /* over kept */
    GMutex building; /* one request builds, the others wait for what it built */
    GQueue kept;     /* struct SharedColumns, the last used first */
};

static void shared_unref(struct SharedColumns *shared)
{
    if (shared == NULL || !g_atomic_ref_count_dec(&shared->references))
        return;
    measure_columns_free(shared->columns);
    g_hash_table_unref(shared->answers);
    g_mutex_clear(&shared->lock);
    g_free(shared);
}

ColumnsCache *columns_cache_new(void)
{
    ColumnsCache *cache = g_new0(ColumnsCache, 1);
    g_mutex_init(&cache->lock);
    g_mutex_init(&cache->building);
    g_queue_init(&cache->kept);
    return cache;
}

void columns_cache_free(ColumnsCache *cache)
{
    if (cache == NULL)
        return;
    g_queue_clear_full(&cache->kept, (GDestroyNotify) shared_unref);
    g_mutex_clear(&cache->lock);
    g_mutex_clear(&cache->building);
    g_free(cache);
}

/* A new reference; NULL when what is kept is of another state. */
static struct SharedColumns *find_kept(ColumnsCache *cache, gint64 workspace_id, gint64 counter)
{
    struct SharedColumns *found = NULL;
    g_mutex_lock(&cache->lock);
    for (GList *link = cache->kept.head; link != NULL && found == NULL; link = link->next) {
        struct SharedColumns *shared = link->data;
        if (shared->workspace_id != workspace_id || shared->counter != counter)
            continue;
        g_atomic_ref_count_inc(&shared->references);
        found = shared;
        g_queue_unlink(&cache->kept, link);
        g_queue_push_head_link(&cache->kept, link);
    }
    g_mutex_unlock(&cache->lock);
    return found;
}

static void keep(ColumnsCache *cache, struct SharedColumns *shared)
{
    g_atomic_ref_count_inc(&shared->references);
    g_mutex_lock(&cache->lock);
    for (GList *link = cache->kept.head, *next = NULL; link != NULL; link = next) {
        next = link->next;
        struct SharedColumns *old = link->data;
        if (old->workspace_id != shared->workspace_id)
            continue;
        g_queue_delete_link(&cache->kept, link);
        shared_unref(old);
    }
    g_queue_push_head(&cache->kept, shared);
    while (cache->kept.length > CACHE_MOST)
        shared_unref(g_queue_pop_tail(&cache->kept));
    g_mutex_unlock(&cache->lock);
}

/* The counter is read first: columns may be newer than it says, never older. */
static struct SharedColumns *get_columns(ColumnsCache *cache, Store *store, gint64 workspace_id,
                                         GError **error)
{
    gint64 counter = 0;
    if (!store_change_counter(store, &counter, error))
        return NULL;
    struct SharedColumns *shared = find_kept(cache, workspace_id, counter);
    if (shared != NULL)
        return shared;
    g_mutex_lock(&cache->building);
    shared = find_kept(cache, workspace_id, counter);
    MeasureColumns *columns =
        shared != NULL ? NULL : measure_columns_load(store, workspace_id, error);
    if (columns != NULL) {
        shared = g_new0(struct SharedColumns, 1);
        g_atomic_ref_count_init(&shared->references);
        shared->workspace_id = workspace_id;
        shared->counter = counter;
        shared->columns = columns;
        shared->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free);
        g_mutex_init(&shared->lock);
        keep(cache, shared);
    }
    g_mutex_unlock(&cache->building);
    return shared;
}

/* ---- answers that are remembered with them */

json_t *web_desk_recall(const WebDesk *desk, const char *key)
{
    struct SharedColumns *shared = desk->shared;
    g_mutex_lock(&shared->lock);
    g_autofree char *text = g_strdup(g_hash_table_lookup(shared->answers, key));
    g_mutex_unlock(&shared->lock);
    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

void web_desk_remember(const WebDesk *desk, const char *key, const json_t *document)
{
    struct SharedColumns *shared = desk->shared;
    char *text = json_dumps(document, JSON_COMPACT);
    if (text == NULL || strlen(text) > ANSWER_MOST) {
        free(text);
        return;
    }
    g_mutex_lock(&shared->lock);
    if (g_hash_table_size(shared->answers) >= ANSWERS)
        g_hash_table_remove_all(shared->answers); /* whoever still asks makes them again */
    g_hash_table_replace(shared->answers, g_strdup(key), text);
    g_mutex_unlock(&shared->lock);
}

/* ---- the desk */

static gboolean not_found(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean not_found(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND, sentence);
    return FALSE;
}

/* Among the connections, which know each workspace that is read. */
static gboolean choose_workspace(GPtrArray *connections, const char *slug, WebDesk *desk,
                                 GError **error)
{
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (slug != NULL && !g_str_equal(slug, connection->workspace_slug))
            continue;
        if (desk->slug != NULL && connection->workspace_id != desk->workspace_id)
            return web_invalid(error, "There are several workspaces; name one by \"workspace\".");
        if (desk->slug == NULL)
            desk->slug = g_strdup(connection->workspace_slug);
        desk->workspace_id = connection->workspace_id;
        if (connection->server_time != TIME_ABSENT &&
            (desk->now == TIME_ABSENT || connection->server_time > desk->now))
            desk->now = connection->server_time;
    }
    if (desk->slug != NULL)
        return TRUE;
    if (slug != NULL)
        return not_found(error, "No connection reads a workspace '%s'.", slug);
    return not_found(error, "Nothing is connected yet.");
}

gboolean web_desk_open(const WebCall *call, WebDesk *ret_desk, GError **error)
{
    g_auto(WebDesk) desk = {.store = call->store, .now = TIME_ABSENT};
    g_autoptr(GError) problem = NULL;
    g_autoptr(GPtrArray) connections = store_list_connections(call->store, error);
    if (connections == NULL ||
        !choose_workspace(connections, request_query(call->request, "workspace"), &desk, error))
        return FALSE;
    if (desk.now == TIME_ABSENT)
        desk.now = call->now;
    desk.zone = store_get_setting(call->store, desk.workspace_id, "calendar.zone", &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    desk.shared = get_columns(call->server->columns, call->store, desk.workspace_id, error);
    if (desk.shared == NULL)
        return FALSE;
    desk.columns = desk.shared->columns;
    *ret_desk = desk;
    desk = (WebDesk){0};
    return TRUE;
}

void web_desk_close(WebDesk *desk)
{
    g_clear_pointer(&desk->slug, g_free);
    g_clear_pointer(&desk->zone, g_free);
    g_clear_pointer(&desk->shared, shared_unref);
}

gboolean web_desk_repository(const WebDesk *desk, const WebCall *call, gint64 *ret_repository_id,
                             GError **error)
{
    const char *name = request_query(call->request, "repository");
    gint64 found = 0;
    if (name != NULL) {
        g_autoptr(GPtrArray) repositories =
            store_list_repositories(desk->store, desk->workspace_id, FALSE, error);
        if (repositories == NULL)
            return FALSE;
        for (guint i = 0; i < repositories->len && found == 0; i++) {
            const StoreRepository *repository = repositories->pdata[i];
            if (g_str_equal(repository->full_name, name))
                found = repository->repository_id;
        }
        if (found == 0)
            return not_found(error, "There is no repository '%s' in this workspace.", name);
    }
    *ret_repository_id = found;
    return TRUE;
}

gboolean web_desk_shows_people(const WebDesk *desk, gboolean *ret_shows, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *setting =
        store_get_setting(desk->store, desk->workspace_id, "privacy.people", &problem);
    if (problem != NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    *ret_shows = g_strcmp0(setting, "on") == 0;
    return TRUE;
}
