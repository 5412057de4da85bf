/* Workspaces, connections, settings. */
#include "store/inside.h"

#include <string.h>

gboolean store_put_workspace(StoreTx *tx, const Workspace *workspace, gint64 *ret_workspace_id,
                             GError **error)
{
    if (!store_require(workspace->uuid != NULL, "A workspace without uuid cannot be kept.", error))
        return FALSE;
    gint64 id = model_id(ID_WORKSPACE, 0, workspace->uuid);
    const char *slug = workspace->slug != NULL ? workspace->slug : workspace->uuid;
    const char *name = workspace->name != NULL ? workspace->name : slug;
    if (!db_run(tx->db, STATEMENT_WORKSPACE_PUT,
                DB_PARAMS(db_integer(id), db_text(workspace->uuid), db_text(slug), db_text(name)),
                NULL, error))
        return FALSE;
    *ret_workspace_id = id;
    return TRUE;
}

/* ---- connections */

void store_connection_free(StoreConnection *connection)
{
    if (connection == NULL)
        return;
    g_free(connection->workspace_uuid);
    g_free(connection->workspace_slug);
    g_free(connection->name);
    g_free(connection->kind);
    g_free(connection->api_base);
    g_free(connection->git_base);
    g_free(connection->account);
    g_free(connection->repository_full_name);
    g_free(connection->identity);
    g_free(connection->scopes);
    g_free(connection->unneeded_scopes);
    g_free(connection->state);
    g_free(connection->state_reason);
    g_free(connection->setup_step);
    g_free(connection);
}

gboolean store_put_connection(StoreTx *tx, const StoreConnection *connection, const char *secret,
                              GError **error)
{
    const StoreConnection *c = connection;
    g_autofree char *place = store_secret_place(c->workspace_id, c->connection_id);
    g_autoptr(GBytes) sealed = NULL;
    if (secret != NULL) {
        sealed = store_seal(tx->store, place, secret, error);
        if (sealed == NULL)
            return FALSE;
    }
    gsize length = 0;
    const void *bytes = sealed != NULL ? g_bytes_get_data(sealed, &length) : NULL;
    const DbValue values[] = {
        db_integer(c->workspace_id),
        db_integer(c->connection_id),
        db_text(c->name),
        db_text(c->kind),
        db_text(c->api_base),
        db_text(c->git_base),
        db_text(c->account),
        db_text(c->repository_full_name),
        bytes != NULL ? db_blob(bytes, length) : db_text(NULL),
        db_optional(c->expires),
        db_text(c->identity),
        db_text(c->scopes),
        db_text(c->state != NULL ? c->state : "ok"),
        db_text(c->state_reason),
        db_optional(c->checked),
        db_optional(c->server_time),
        db_optional(c->created),
        db_text(c->unneeded_scopes),
        db_optional(c->history_days), /* from here on: of a new one */
        db_text(c->setup_step),
    };
    gint64 affected = 0;
    if (!db_run(tx->db, STATEMENT_CONNECTION_UPDATE, values, 18, &affected, error))
        return FALSE;
    if (affected > 0)
        return TRUE;
    return store_require(bytes != NULL, "A new connection needs its credential.", error) &&
           db_run(tx->db, STATEMENT_CONNECTION_INSERT, values, G_N_ELEMENTS(values), NULL, error);
}

static gpointer read_connection(DbRows *rows)
{
    StoreConnection *connection = g_new0(StoreConnection, 1);
    *connection = (StoreConnection){
        .workspace_id = db_column_integer(rows, 0),
        .connection_id = db_column_integer(rows, 1),
        .workspace_uuid = db_column_copy(rows, 2),
        .workspace_slug = db_column_copy(rows, 3),
        .name = db_column_copy(rows, 4),
        .kind = db_column_copy(rows, 5),
        .api_base = db_column_copy(rows, 6),
        .git_base = db_column_copy(rows, 7),
        .account = db_column_copy(rows, 8),
        .repository_full_name = db_column_copy(rows, 9),
        .expires = db_column_optional(rows, 10),
        .identity = db_column_copy(rows, 11),
        .scopes = db_column_copy(rows, 12),
        .state = db_column_copy(rows, 13),
        .state_reason = db_column_copy(rows, 14),
        .checked = db_column_optional(rows, 15),
        .server_time = db_column_optional(rows, 16),
        .created = db_column_optional(rows, 17),
        .unneeded_scopes = db_column_copy(rows, 18),
        .history_days = db_column_optional(rows, 19),
        .setup_step = db_column_copy(rows, 20),
    };
    return connection;
}

GPtrArray *store_list_connections(Store *store, GError **error)
{
    return store_list(store, STATEMENT_CONNECTION_LIST, DB_NO_PARAMS, read_connection,
                      (GDestroyNotify) store_connection_free, error);
}

gboolean store_delete_connection(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                                 GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(connection_id)};
    return db_run(tx->db, STATEMENT_CONNECTION_RELEASE_REPOSITORIES, key, 2, NULL, error) &&
           db_run(tx->db, STATEMENT_CONNECTION_DELETE_BUDGET, key, 2, NULL, error) &&
           db_run(tx->db, STATEMENT_SIGHTING_FORGET, key, 2, NULL, error) &&
           db_run(tx->db, STATEMENT_CONNECTION_DELETE, key, 2, NULL, error);
}

gboolean store_set_history(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                           gint64 history_days, GError **error)
{
    return db_run(
        tx->db, STATEMENT_CONNECTION_HISTORY,
        DB_PARAMS(db_integer(workspace_id), db_integer(connection_id), db_optional(history_days)),
        NULL, error);
}

gboolean store_set_setup_step(StoreTx *tx, gint64 workspace_id, gint64 connection_id,
                              const char *step, GError **error)
{
    return db_run(tx->db, STATEMENT_CONNECTION_SETUP,
                  DB_PARAMS(db_integer(workspace_id), db_integer(connection_id), db_text(step)),
                  NULL, error);
}

/* ---- settings */

gboolean store_put_setting(StoreTx *tx, gint64 workspace_id, const char *key, const char *value,
                           GError **error)
{
    if (value == NULL)
        return db_run(tx->db, STATEMENT_SETTING_DELETE,
                      DB_PARAMS(db_integer(workspace_id), db_text(key)), NULL, error);
    return db_run(tx->db, STATEMENT_SETTING_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_text(key), db_text(value)), NULL, error);
}

char *store_get_setting(Store *store, gint64 workspace_id, const char *key, GError **error)
{
    g_autoptr(GPtrArray) values =
        store_list(store, STATEMENT_SETTING_GET, DB_PARAMS(db_integer(workspace_id), db_text(key)),
                   store_read_text, g_free, error);
    return values != NULL && values->len > 0 ? g_strdup(values->pdata[0]) : NULL;
}
