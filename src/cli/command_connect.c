#include "cli/commands.h"
#include "cli/connecting.h"
#include "cli/data_folder.h"
#include "cli/work.h"

static struct {
    char *name, *workspace, *repository, *expires;
    char **patterns;
    gint days;
} options = {.days = WORK_DAYS_UNSAID};

const GOptionEntry COMMAND_CONNECT_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Connect this workspace: its slug, as in bitbucket.org/WORKSPACE", "WORKSPACE"},
    {"repository", 0, 0, G_OPTION_ARG_STRING, &options.repository,
     "Connect this one repository only", "WORKSPACE/REPOSITORY"},
    {"pattern", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.patterns,
     "Select repositories whose full name, slug or project key matches; may be repeated", "GLOB"},
    {"name", 0, 0, G_OPTION_ARG_STRING, &options.name,
     "Name of the connection (default: that of the workspace)", "NAME"},
    {"expires", 0, 0, G_OPTION_ARG_STRING, &options.expires,
     "When the token expires, so that Plumbline can warn before", "YYYY-MM-DD"},
    {"days", 0, 0, G_OPTION_ARG_INT, &options.days,
     "How far back this connection reads (default 730; 0: everything)", "N"},
    {NULL}};

/* Bitbucket does not tell when a token expires, so the administrator does. */
static gboolean read_expiry(const CliGlobals *globals, UtcTime *ret_expires, GError **error)
{
    *ret_expires = TIME_ABSENT;
    if (options.expires == NULL)
        return TRUE;
    if (strlen(options.expires) != 10 || !time_parse(options.expires, -1, ret_expires, NULL)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "--expires: '%s' is not a date like 2027-03-31",
                 options.expires);
        return FALSE;
    }
    return TRUE;
}

static void warn_of_expiry(const CliGlobals *globals, UtcTime expires, UtcTime now)
{
    if (expires == TIME_ABSENT)
        return;
    if (expires <= now)
        cli_say(globals, "warning: --expires %s has passed already", options.expires);
    else if (expires > now + CREDENTIAL_LONGEST_LIFE)
        cli_say(globals,
                "warning: --expires %s is more than a year ahead; Bitbucket's tokens "
                "live a year at most",
                options.expires);
}

static void tell(const SyncConnectResult *result, const char *name)
{
    for (guint i = 0; i < result->check->sentences->len; i++) {
        g_autofree char *safe = log_printable(result->check->sentences->pdata[i]);
        printf("%s\n", safe);
    }
    /* Connected again with a credential that sees less: the selection stays. */
    gint64 known = MAX(result->repositories_seen, result->repositories_selected);
    printf("Connected as '%s': %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s selected.\n", name,
           result->repositories_selected, known, known == 1 ? "repository" : "repositories");
    if (result->repositories_seen < known)
        printf("Only %" G_GINT64_FORMAT " of them can be read with this credential; the others "
               "stay as they are.\n",
               result->repositories_seen);
}

/* The time that Bitbucket gave when it was asked. */
static UtcTime server_time(Store *store, const SyncConnectResult *result)
{
    g_autoptr(GPtrArray) connections = store_list_connections(store, NULL);
    for (guint i = 0; connections != NULL && i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (connection->connection_id == result->connection_id &&
            connection->server_time != TIME_ABSENT)
            return connection->server_time;
    }
    return time_now();
}

int command_connect(const CliGlobals *globals, char **arguments, GError **error)
{
    ConnectWork work = {.workspace = options.workspace,
                        .repository = options.repository,
                        .patterns = (const char *const *) options.patterns,
                        .fallback_kind = options.repository != NULL ? CREDENTIAL_REPOSITORY_TOKEN
                                                                    : CREDENTIAL_WORKSPACE_TOKEN};
    if (options.workspace == NULL && options.repository == NULL)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "connect: say what, with --workspace or --repository");
    if (options.repository != NULL && strchr(options.repository, '/') == NULL)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "--repository: '%s' is not WORKSPACE/REPOSITORY", options.repository);
    if (!work_read_history(options.days, &work.history_days, error) ||
        !read_expiry(globals, &work.expires, error))
        return 0;
    work.name = options.name != NULL         ? options.name
                : options.repository != NULL ? options.repository
                                             : options.workspace;
    g_auto(DataFolder) folder = {0};
    if (!data_folder_open(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    SyncConnectResult result = {0};
    if (store == NULL || !connecting_run(globals, store, &work, &result, error))
        return 0;
    tell(&result, work.name);
    warn_of_expiry(globals, work.expires, server_time(store, &result));
    if (result.repositories_selected > 0)
        cli_say(globals, "Next: plumbline sync");
    else
        cli_say(globals, "warning: no repository is selected; see 'plumbline repositories'");
    sync_connect_result_clear(&result);
    return 0;
}
