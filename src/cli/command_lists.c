/*
 * Connections and repositories: what is there, and choosing among it.
 */
#include "cli/commands.h"
#include "cli/work.h"

static struct {
    char *workspace;
} options;

const GOptionEntry COMMAND_REPOSITORIES_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {NULL}};

static gboolean show(GPtrArray *cells, gsize columns, guint64 right, GError **error)
{
    ReportStyle style = work_style(NULL);
    GString *text = deliver_render_table((const char *const *) cells->pdata, cells->len / columns,
                                         columns, right, &style);
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

static void put(GPtrArray *cells, const char *text)
{
    g_ptr_array_add(cells, g_strdup(text == NULL ? "" : text));
}

/* ---- connections */

static gboolean list_connections(GPtrArray *connections, GError **error)
{
    static const char *const HEADING[] = {"name", "workspace", "kind", "state", "expires"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        char expires[TIME_TEXT_SIZE];
        put(cells, connection->name);
        put(cells, connection->workspace_slug);
        put(cells, connection->kind);
        put(cells, connection->state);
        time_format(connection->expires, expires);
        expires[MIN(strlen(expires), 10)] = '\0';
        put(cells, expires);
    }
    return show(cells, G_N_ELEMENTS(HEADING), 0, error);
}

static gboolean remove_connection(Store *store, GPtrArray *connections, const char *name,
                                  GError **error)
{
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (!g_str_equal(connection->name, name))
            continue;
        g_autoptr(StoreTx) tx = store_begin(store, error);
        if (tx == NULL ||
            !store_delete_connection(tx, connection->workspace_id, connection->connection_id,
                                     error) ||
            !store_commit(g_steal_pointer(&tx), error))
            return FALSE;
        printf("The connection '%s' and its credential are gone; what was read stays.\n", name);
        return TRUE;
    }
    cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "there is no connection '%s'", name);
    return FALSE;
}

int command_connections(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    gboolean removes = arguments[0] != NULL && g_str_equal(arguments[0], "remove");
    if ((arguments[0] != NULL && !removes) || (removes && arguments[1] == NULL))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "connections: say nothing, or 'remove NAME'");
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    g_autoptr(GPtrArray) connections = store == NULL ? NULL : store_list_connections(store, error);
    if (connections == NULL)
        return 0;
    if (removes)
        remove_connection(store, connections, arguments[1], error);
    else
        list_connections(connections, error);
    return 0;
}

/* ---- repositories */

static gboolean matches(const StoreRepository *repository, const char *pattern)
{
    return g_pattern_match_simple(pattern, repository->full_name) ||
           g_pattern_match_simple(pattern, repository->slug) ||
           (repository->project_key != NULL &&
            g_pattern_match_simple(pattern, repository->project_key));
}

static gboolean choose(Store *store, gint64 workspace_id, GPtrArray *repositories,
                       const char *pattern, gboolean selected, GError **error)
{
    guint changed = 0, matching = 0;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (!matches(repository, pattern))
            continue;
        matching++;
        changed += repository->is_selected != selected;
        if (!store_select_repository(tx, workspace_id, repository->repository_id, selected, error))
            return FALSE;
    }
    if (!store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    if (matching == 0) {
        cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "no repository matches '%s'", pattern);
        return FALSE;
    }
    printf("'%s' matches %u %s; %u %s.\n", pattern, matching,
           matching == 1 ? "repository" : "repositories", changed,
           selected ? "newly selected" : "no longer selected");
    return TRUE;
}

static gboolean list_repositories(GPtrArray *repositories, GError **error)
{
    static const char *const HEADING[] = {"repository", "project", "selected", "state",
                                          "pull requests"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        put(cells, repository->full_name);
        put(cells, repository->project_key);
        put(cells, repository->is_selected ? "yes" : "no");
        put(cells, repository->state);
        g_ptr_array_add(cells, g_strdup_printf("%" G_GINT64_FORMAT, repository->pull_requests));
    }
    return show(cells, G_N_ELEMENTS(HEADING), 1 << 4, error);
}

int command_repositories(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    const char *verb = arguments[0];
    gboolean selects = g_strcmp0(verb, "select") == 0, drops = g_strcmp0(verb, "deselect") == 0;
    if (verb != NULL && ((!selects && !drops) || arguments[1] == NULL))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "repositories: say nothing, 'select PATTERN' or 'deselect PATTERN'");
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    g_autoptr(GPtrArray) connections =
        store == NULL ? NULL : work_connections(store, options.workspace, error);
    if (connections == NULL)
        return 0;
    gint64 workspace_id = ((const StoreConnection *) connections->pdata[0])->workspace_id;
    g_autoptr(GPtrArray) repositories = store_list_repositories(store, workspace_id, FALSE, error);
    if (repositories == NULL)
        return 0;
    if (verb == NULL)
        list_repositories(repositories, error);
    else
        choose(store, workspace_id, repositories, arguments[1], selects, error);
    return 0;
}
