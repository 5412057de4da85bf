#include "cli/address.h"
#include "cli/commands.h"
#include "cli/connecting.h"
#include "cli/credential.h"
#include "cli/work.h"

static struct {
    gint days;
    char *format, *output, *workspace, *zone;
    gboolean no_git, fresh, people;
} options = {.days = 90};

const GOptionEntry COMMAND_REPORT_OPTIONS[] = {
    {"days", 0, 0, G_OPTION_ARG_INT, &options.days,
     "Length of the period that ends now (default 90)", "N"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text, html, json or csv", "FORMAT"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
     "Write to FILE instead of standard output", "FILE"},
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Without REPOSITORY: which workspace, where there are several", "WORKSPACE"},
    {"fresh", 0, 0, G_OPTION_ARG_NONE, &options.fresh,
     "Without REPOSITORY: read what is new before reporting", NULL},
    {"people", 0, 0, G_OPTION_ARG_NONE, &options.people,
     "Name the reviewers in the review load (shares alone otherwise)", NULL},
    {"time-zone", 0, 0, G_OPTION_ARG_STRING, &options.zone,
     "Zone in which weeks begin, such as Europe/Berlin (default: the workspace's)", "ZONE"},
    {"no-git", 0, 0, G_OPTION_ARG_NONE, &options.no_git,
     "Fetch no mirror; commits and sizes come over the API", NULL},
    {NULL}};

typedef struct {
    const CliGlobals *globals;
    const DataFolder *folder;
    Store *store;
    ReportFormat format;
    ReportRequest request; /* of report_build, without columns */
} ReportWork;

/* Computes, renders, writes. */
static gboolean deliver(const ReportWork *work, GError **error)
{
    ReportRequest request = work->request;
    ReportStyle style = work_style(options.output);
    style.people = options.people;
    g_auto(InsightSummary) found = {0};
    if (!insight_update(work->store, request.workspace_id, request.now, FALSE, &found, error))
        return FALSE;
    for (guint i = 0; i < found.failures->len; i++)
        cli_say(work->globals, "warning: %s", (const char *) found.failures->pdata[i]);
    g_autoptr(MeasureColumns) columns =
        measure_columns_load(work->store, request.workspace_id, error);
    if (columns == NULL)
        return FALSE;
    request.store = work->store;
    request.columns = columns;
    request.days = options.days;
    g_autofree char *zone = work_time_zone(work->store, request.workspace_id, options.zone, error);
    if (zone == NULL)
        return FALSE;
    request.time_zone = zone;
    g_autoptr(Report) report = report_build(&request, error);
    if (report == NULL)
        return FALSE;
    GString *text = report_render(report, work->format, &style);
    gboolean written = cli_write(options.output, text, error);
    g_string_free(text, TRUE);
    if (written && options.output != NULL && !g_str_equal(options.output, "-"))
        cli_say(work->globals, "The report is in %s.", options.output);
    return written;
}

/* ---- of one repository, read for the purpose */

/* A connection kept in the folder that can read the repository; NULL without error when there is
 * none. */
static StoreConnection *kept_connection(Store *store, const RepositoryAddress *address,
                                        GError **error)
{
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    for (guint i = 0; connections != NULL && i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (g_str_equal(connection->workspace_slug, address->workspace) &&
            (connection->repository_full_name == NULL ||
             g_str_equal(connection->repository_full_name, address->full_name)))
            return g_ptr_array_steal_index(connections, i);
    }
    return NULL;
}

static StoreConnection *make_connection(ReportWork *work, const RepositoryAddress *address,
                                        GError **error)
{
    ConnectWork connect = {.name = address->full_name,
                           .workspace = address->workspace,
                           .repository = address->full_name,
                           .api_base = address->api_base,
                           .git_base = address->git_base,
                           .expires = TIME_ABSENT,
                           .history_days = COUNT_ABSENT,
                           .fallback_kind = CREDENTIAL_REPOSITORY_TOKEN};
    SyncConnectResult result = {0};
    if (!connecting_run(work->globals, work->store, &connect, &result, error))
        return NULL;
    g_autoptr(GPtrArray) connections = store_list_connections(work->store, error);
    for (guint i = 0; connections != NULL && i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (connection->connection_id == result.connection_id) {
            sync_connect_result_clear(&result);
            return g_ptr_array_steal_index(connections, i);
        }
    }
    sync_connect_result_clear(&result);
    if (connections != NULL)
        cli_fail(error, PLUMBLINE_ERROR_INTERNAL, "the connection was not kept");
    return NULL;
}

/* A repository that could not be read at all has no report; one that lacks a part has, and says
 * so. */
static gboolean judge_problems(const ReportWork *work, const SyncSummary *summary, GError **error)
{
    gint64 repository_id = work->request.repository_id;
    g_autoptr(GPtrArray) problems =
        store_list_problems(work->store, work->request.workspace_id, error);
    g_autoptr(GPtrArray) repositories =
        problems == NULL
            ? NULL
            : store_list_repositories(work->store, work->request.workspace_id, FALSE, error);
    if (repositories == NULL)
        return FALSE;
    gint64 known = 0;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        known += repository->repository_id == repository_id ? repository->pull_requests : 0;
    }
    for (guint i = 0; i < problems->len; i++) {
        const StoreProblem *problem = problems->pdata[i];
        if (problem->repository_id != repository_id && problem->repository_id != 0)
            continue;
        if (problem->is_note) {
            cli_say(work->globals, "note: %s", problem->sentence);
            continue;
        }
        int code = PLUMBLINE_ERROR_INTERNAL;
        for (int k = 0; k < PLUMBLINE_ERROR_COUNT; k++)
            code = g_str_equal(error_name(k), problem->code) ? k : code;
        if (known == 0) {
            cli_fail(error, (PlumblineErrorCode) code, "%s", problem->sentence);
            return FALSE;
        }
        cli_say(work->globals, "warning: %s", problem->sentence);
    }
    return TRUE;
}

static gboolean report_repository(ReportWork *work, const char *text, GError **error)
{
    g_auto(RepositoryAddress) address = {0};
    if (!repository_address_parse(text, &address, error))
        return FALSE;
    g_autoptr(GError) failure = NULL;
    g_autoptr(StoreConnection) connection =
        cli_secret_is_given() ? NULL : kept_connection(work->store, &address, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    g_autoptr(Progress) progress = progress_new(work->globals);
    if (connection == NULL && (connection = make_connection(work, &address, error)) == NULL)
        return FALSE;
    SyncSummary summary = {0};
    SyncWork sync = {.store = work->store,
                     .connection = connection,
                     .mirrors = options.no_git ? NULL : work->folder->mirrors,
                     .only_repository = address.full_name,
                     .history_days = 2 * (gint64) options.days,
                     .progress = progress};
    if (!work_sync(&sync, &summary, error))
        return FALSE;
    g_clear_pointer(&progress, progress_free);
    work->request.workspace_id = connection->workspace_id;
    work->request.now =
        summary.server_time == TIME_ABSENT ? work_server_time(connection) : summary.server_time;
    work->request.requests = summary.requests;
    work->request.known_since = TIME_ABSENT;
    work->request.read_from = work->request.now - sync.history_days * TIME_DAY;
    work->request.is_approximate = !summary.complete;
    g_autofree char *words = work_summary_words(&summary);
    cli_say(work->globals, "%s: %s", address.full_name, words);
    return work_find_repository(work->store, connection->workspace_id, address.full_name,
                                &work->request.repository_id, error) &&
           judge_problems(work, &summary, error) && deliver(work, error);
}

/* ---- of what is connected, from the store */

static gboolean report_connected(ReportWork *work, GError **error)
{
    g_autoptr(GPtrArray) connections = work_connections(work->store, options.workspace, error);
    if (connections == NULL)
        return FALSE;
    const StoreConnection *first = connections->pdata[0];
    work->request.workspace_id = first->workspace_id;
    work->request.now = work_newest_time(connections);
    work->request.requests = COUNT_ABSENT;
    work->request.read_from = work->request.known_since = TIME_ABSENT;
    for (guint i = 0; options.fresh && i < connections->len; i++) {
        g_autoptr(Progress) progress = progress_new(work->globals);
        SyncSummary summary = {0};
        SyncWork sync = {.store = work->store,
                         .connection = connections->pdata[i],
                         .mirrors = options.no_git ? NULL : work->folder->mirrors,
                         .history_days = COUNT_ABSENT,
                         .progress = progress};
        if (!work_sync(&sync, &summary, error))
            return FALSE;
        if (summary.server_time != TIME_ABSENT)
            work->request.now = MAX(work->request.now, summary.server_time);
        work->request.is_approximate |= !summary.complete;
    }
    SyncReach reach;
    if (!sync_reach(work->store, work->request.workspace_id, &reach, error))
        return FALSE;
    work->request.is_approximate |= reach.complete < reach.repositories;
    work->request.known_since = reach.known_since;
    return deliver(work, error);
}

int command_report(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    ReportWork work = {.globals = globals, .folder = &folder};
    gboolean keeps = globals->data != NULL;
    if (!work_check_days(options.days, error) ||
        !work_choose_format(options.format, options.output, &work.format, error))
        return 0;
    gboolean opened = arguments[0] == NULL ? data_folder_find(globals, &folder, error)
                      : keeps              ? data_folder_open(globals, &folder, error)
                                           : data_folder_temporary(&folder, error);
    if (!opened)
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    if (store == NULL)
        return 0;
    work.store = store;
    if (arguments[0] == NULL)
        report_connected(&work, error);
    else
        report_repository(&work, arguments[0], error);
    return 0;
}
