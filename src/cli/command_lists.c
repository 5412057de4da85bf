/*
 * Connections and repositories: what is there, and choosing among it.
 */
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/proposing.h"

static struct {
    char *workspace, *by;
    gboolean purge;
} options;

const GOptionEntry COMMAND_CONNECTIONS_OPTIONS[] = {
    {"as", 0, 0, G_OPTION_ARG_STRING, &options.by,
     "Who removes it, where the workspace asks for a second person", "NAME"},
    {"purge", 0, 0, G_OPTION_ARG_NONE, &options.purge,
     "With 'remove': delete what only this connection brought as well", NULL},
    {NULL}};

const GOptionEntry COMMAND_REPOSITORIES_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"as", 0, 0, G_OPTION_ARG_STRING, &options.by, "Who chooses", "NAME"},
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

static void put_history(GPtrArray *cells, const StoreConnection *connection)
{
    if (connection->history_days > 0)
        g_ptr_array_add(cells,
                        g_strdup_printf("%" G_GINT64_FORMAT " days", connection->history_days));
    else
        put(cells, connection->history_days == 0 ? "everything" : "as sync says");
}

static gboolean list_connections(GPtrArray *connections, GError **error)
{
    static const char *const HEADING[] = {"name",  "workspace", "kind",
                                          "state", "expires",   "reads back"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        char expires[TIME_TEXT_SIZE];
        put(cells, connection->name);
        put(cells, connection->workspace_slug);
        put(cells, connection->kind);
        put(cells, connection->setup_step != NULL ? "being set up" : connection->state);
        time_format(connection->expires, expires);
        expires[MIN(strlen(expires), 10)] = '\0';
        put(cells, expires);
        put_history(cells, connection);
    }
    return show(cells, G_N_ELEMENTS(HEADING), 0, error);
}

static gboolean set_history(Store *store, const StoreConnection *connection, const char *text,
                            GError **error)
{
    gint64 days = 0;
    if (!g_ascii_string_to_signed(text, 10, 0, WORK_MOST_DAYS, &days, NULL)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "connections: '%s' is not a number of days from 0 (everything) to %d", text,
                 WORK_MOST_DAYS);
        return FALSE;
    }
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL ||
        !store_set_history(tx, connection->workspace_id, connection->connection_id, days, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    if (days == 0)
        printf("'%s' reads everything back to the start; the next sync reads on.\n",
               connection->name);
    else
        printf("'%s' reads %" G_GINT64_FORMAT " days back; the next sync reads on where that is "
               "further than before.\n",
               connection->name, days);
    return TRUE;
}

static gboolean is_interrupted(gpointer user_data)
{
    return interrupt_seen();
}

static gboolean purge_connection(Store *store, const StoreConnection *connection,
                                 const char *mirrors, GError **error)
{
    StorePurge purge;
    gint64 n = 0;
    if (!store_plan_purge(store, connection->workspace_id, connection->connection_id, &purge,
                          error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL ||
        !store_begin_purge(tx, connection->workspace_id, connection->connection_id, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    /* From here on it will be ended, by the next sync if not now. */
    if (!sync_purge(store, mirrors, is_interrupted, NULL, &n, error))
        return FALSE;
    printf("The connection '%s', its credential and what only it had brought are gone: "
           "%" G_GINT64_FORMAT " repositories with %" G_GINT64_FORMAT " pull requests. The merge "
           "audit log stays; %" G_GINT64_FORMAT " of its rows are about them.\n",
           connection->name, purge.repositories, purge.pull_requests, purge.audit_rows);
    return TRUE;
}

static gboolean remove_connection(Store *store, const StoreConnection *connection,
                                  const char *mirrors, GError **error)
{
    gboolean waits = FALSE;
    const Change change = {.store = store,
                           .workspace_id = connection->workspace_id,
                           .now = work_server_time(connection),
                           .by = options.by};
    if (!change_waits(&change, &waits, error))
        return FALSE;
    if (waits) {
        g_autofree char *summary =
            g_strdup_printf("remove the connection %s%s", connection->name,
                            options.purge ? " and what only it brought" : "");
        g_autofree char *body = proposal_connection_removal_body(connection->name, options.purge);
        return change_propose(&change, PROPOSAL_OF_CONNECTION, summary, body, error);
    }
    if (options.purge)
        return purge_connection(store, connection, mirrors, error);
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL ||
        !store_delete_connection(tx, connection->workspace_id, connection->connection_id, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    printf("The connection '%s' and its credential are gone; what was read stays.\n",
           connection->name);
    return TRUE;
}

static const StoreConnection *find_connection(GPtrArray *connections, const char *name,
                                              GError **error)
{
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (g_str_equal(connection->name, name))
            return connection;
    }
    cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "there is no connection '%s'", name);
    return NULL;
}

int command_connections(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    gboolean removes = g_strcmp0(arguments[0], "remove") == 0,
             reads = g_strcmp0(arguments[0], "days") == 0;
    if (g_strv_length(arguments) != (removes ? 2 : reads ? 3 : 0))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "connections: say nothing, 'remove NAME' or 'days NAME N'");
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    g_autoptr(GPtrArray) connections = store == NULL ? NULL : store_list_connections(store, error);
    if (connections == NULL)
        return 0;
    const StoreConnection *named =
        removes || reads ? find_connection(connections, arguments[1], error) : NULL;
    if (!removes && !reads)
        list_connections(connections, error);
    else if (named != NULL && removes)
        remove_connection(store, named, folder.mirrors, error);
    else if (named != NULL)
        set_history(store, named, arguments[2], error);
    return 0;
}

/* ---- repositories */

/* What somebody means who names it: one repository, a project, or a pattern for all three names.
 * Where a name is both, it is a pattern. text and subject_id are borrowed. */
static StoreSelectionRule rule_of(GPtrArray *repositories, const char *pattern)
{
    StoreSelectionRule rule = {.kind = SELECT_PATTERN, .text = (char *) pattern};
    const StoreRepository *by_name = NULL, *by_project = NULL;
    guint named = 0;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (g_str_equal(repository->full_name, pattern) || g_str_equal(repository->slug, pattern)) {
            by_name = repository;
            named++;
        }
        if (g_strcmp0(repository->project_key, pattern) == 0)
            by_project = repository;
    }
    if (named == 1 && by_project == NULL) {
        rule.kind = SELECT_REPOSITORY;
        rule.subject_id = by_name->repository_id;
        rule.text = by_name->full_name;
    } else if (named == 0 && by_project != NULL && by_project->project_id != COUNT_ABSENT) {
        rule.kind = SELECT_PROJECT;
        rule.subject_id = by_project->project_id;
    }
    return rule;
}

static gboolean add_rule(const Change *change, const StoreSelectionRule *rule, gint64 *ret_changed,
                         GError **error)
{
    gint64 selected = 0, deselected = 0;
    g_autoptr(StoreTx) tx = store_begin(change->store, error);
    if (tx == NULL || !store_add_selection_rule(tx, change->workspace_id, rule, FALSE, error) ||
        !store_apply_selection(tx, change->workspace_id, &selected, &deselected, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    *ret_changed = rule->is_included ? selected : deselected;
    return TRUE;
}

static gboolean choose(const Change *change, GPtrArray *repositories, const char *pattern,
                       gboolean selected, GError **error)
{
    guint matching = 0;
    gint64 changed = 0;
    gboolean waits = FALSE;
    StoreSelectionRule rule = rule_of(repositories, pattern);
    rule.is_included = selected;
    rule.created = change->now;
    rule.created_by = (char *) change->by;
    for (guint i = 0; i < repositories->len; i++)
        matching += store_selection_matches(&rule, repositories->pdata[i]);
    if (matching == 0) {
        cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "no repository matches '%s'", pattern);
        return FALSE;
    }
    if (!sync_adopt_selection(change->store, change->workspace_id, error) ||
        !change_waits(change, &waits, error))
        return FALSE;
    if (waits) {
        g_autofree char *summary = g_strdup_printf("%s the %s %s", selected ? "select" : "deselect",
                                                   selection_kind_name(rule.kind), rule.text);
        g_autofree char *body = proposal_selection_body(&rule);
        return change_propose(change, PROPOSAL_OF_SELECTION, summary, body, error);
    }
    if (!add_rule(change, &rule, &changed, error))
        return FALSE;
    printf("'%s' matches %u %s; %" G_GINT64_FORMAT " %s.\n", pattern, matching,
           matching == 1 ? "repository" : "repositories", changed,
           selected ? "newly selected" : "no longer selected");
    return TRUE;
}

/* "select project PAY", in the order in which they decide. */
static gboolean list_rules(Store *store, gint64 workspace_id, GError **error)
{
    static const char *const HEADING[] = {"rule", "on", "of", "by"};
    g_autoptr(GPtrArray) rules = store_list_selection_rules(store, workspace_id, error);
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    if (rules == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < rules->len; i++) {
        const StoreSelectionRule *rule = rules->pdata[i];
        char created[TIME_TEXT_SIZE];
        g_ptr_array_add(cells, g_strdup_printf("%s %s", rule->is_included ? "select" : "deselect",
                                               selection_kind_name(rule->kind)));
        put(cells, rule->text);
        g_ptr_array_add(cells, g_strndup(time_format(rule->created, created), 10));
        put(cells, rule->created_by);
    }
    return show(cells, G_N_ELEMENTS(HEADING), 0, error);
}

static gboolean list_repositories(GPtrArray *repositories, GError **error)
{
    static const char *const HEADING[] = {"repository", "project",       "selected",
                                          "state",      "pull requests", "main branch"};
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
        g_ptr_array_add(
            cells, g_strconcat(repository->main_branch != NULL ? repository->main_branch : "",
                               repository->chosen_main_branch != NULL ? " (chosen)" : "", NULL));
    }
    return show(cells, G_N_ELEMENTS(HEADING), 1 << 4, error);
}

/* @branch NULL: as Bitbucket tells it. */
static gboolean set_main_branch(Store *store, gint64 workspace_id, const char *full_name,
                                const char *branch, GError **error)
{
    gint64 repository_id = 0;
    if (branch != NULL && !release_branch_fits(branch)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "'%s' is not the name of a branch", branch);
        return FALSE;
    }
    if (!work_find_repository(store, workspace_id, full_name, &repository_id, error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL || !store_set_main_branch(tx, workspace_id, repository_id, branch, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    if (branch != NULL)
        printf("The main branch of %s is '%s' here, whatever Bitbucket says; the next sync reads "
               "it.\n",
               full_name, branch);
    else
        printf("The main branch of %s is the one that Bitbucket tells.\n", full_name);
    return TRUE;
}

int command_repositories(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(WorkPlace) place = {0};
    const char *verb = arguments[0];
    gboolean selects = g_strcmp0(verb, "select") == 0, drops = g_strcmp0(verb, "deselect") == 0,
             rules = g_strcmp0(verb, "rules") == 0, names = g_strcmp0(verb, "main-branch") == 0;
    guint n = g_strv_length(arguments);
    if (verb != NULL && !(rules && n == 1) && !((selects || drops) && n == 2) &&
        !(names && (n == 2 || n == 3)))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "repositories: say nothing, 'select PATTERN', 'deselect PATTERN', 'rules' "
                        "or 'main-branch REPOSITORY [BRANCH]'");
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(place.store, place.workspace_id, FALSE, error);
    if (repositories == NULL)
        return 0;
    const Change change = {.store = place.store,
                           .workspace_id = place.workspace_id,
                           .now = work_newest_time(place.connections),
                           .by = options.by};
    if (verb == NULL)
        list_repositories(repositories, error);
    else if (rules)
        list_rules(place.store, place.workspace_id, error);
    else if (names)
        set_main_branch(place.store, place.workspace_id, arguments[1], arguments[2], error);
    else
        choose(&change, repositories, arguments[1], selects, error);
    return 0;
}
