#include "cli/work.h"

#include "cli/interrupt.h"

UtcTime work_server_time(const StoreConnection *connection)
{
    return connection->server_time == TIME_ABSENT ? time_now() : connection->server_time;
}

void work_place_clear(WorkPlace *place)
{
    g_clear_pointer(&place->connections, g_ptr_array_unref);
    g_clear_pointer(&place->store, store_free);
    data_folder_clear(&place->folder);
}

gboolean work_open_place(const CliGlobals *globals, const char *workspace, WorkPlace *ret_place,
                         GError **error)
{
    if (!data_folder_find(globals, &ret_place->folder, error))
        return FALSE;
    ret_place->store = data_folder_store(&ret_place->folder, error);
    if (ret_place->store != NULL)
        ret_place->connections = work_connections(ret_place->store, workspace, error);
    if (ret_place->connections == NULL)
        return FALSE; /* the caller clears what is open */
    const StoreConnection *first = ret_place->connections->pdata[0];
    ret_place->workspace_id = first->workspace_id;
    return TRUE;
}

UtcTime work_newest_time(GPtrArray *connections)
{
    UtcTime newest = TIME_ABSENT;
    for (guint i = 0; i < connections->len; i++) {
        const StoreConnection *connection = connections->pdata[i];
        newest = MAX(newest, connection->server_time);
    }
    return newest == TIME_ABSENT ? time_now() : newest;
}

/* "acme, beta" when the connections are of more than one workspace; NULL otherwise. */
static char *several_workspaces(GPtrArray *connections)
{
    GString *names = g_string_new(NULL);
    const char *last = NULL;
    guint workspaces = 0;
    for (guint i = 0; i < connections->len; i++) { /* they come by workspace */
        const StoreConnection *connection = connections->pdata[i];
        if (g_strcmp0(connection->workspace_slug, last) == 0)
            continue;
        last = connection->workspace_slug;
        g_string_append_printf(names, "%s%s", workspaces++ > 0 ? ", " : "", last);
    }
    return g_string_free(names, workspaces < 2);
}

GPtrArray *work_connections(Store *store, const char *workspace, GError **error)
{
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    if (connections == NULL)
        return NULL;
    for (guint i = connections->len; workspace != NULL && i > 0; i--) {
        const StoreConnection *connection = connections->pdata[i - 1];
        if (!g_str_equal(workspace, connection->workspace_slug) &&
            !g_str_equal(workspace, connection->workspace_uuid))
            g_ptr_array_remove_index(connections, i - 1);
    }
    g_autofree char *several = several_workspaces(connections);
    if (several != NULL) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "there are several workspaces here (%s); name one with --workspace", several);
        return NULL;
    }
    if (connections->len == 0) {
        cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND,
                 "%s is connected yet; 'plumbline connect' does it",
                 workspace == NULL ? "nothing" : "no such workspace");
        return NULL;
    }
    return g_steal_pointer(&connections);
}

static void cancel_engine(gpointer engine)
{
    sync_engine_cancel(engine);
}

/* What somebody says now goes before what was chosen for the connection. */
static UtcTime horizon_of(const SyncWork *work, UtcTime now)
{
    if (work->history_days == COUNT_ABSENT)
        return sync_horizon(work->connection, WORK_DEFAULT_HISTORY_DAYS, now);
    return work->history_days == 0 ? TIME_ABSENT : now - work->history_days * TIME_DAY;
}

gboolean work_sync(const SyncWork *work, SyncSummary *ret_summary, GError **error)
{
    UtcTime now = work_server_time(work->connection);
    SyncConfig config = {.store = work->store,
                         .workspace_id = work->connection->workspace_id,
                         .connection_id = work->connection->connection_id,
                         .mirror_folder = work->mirrors,
                         .only_repository = work->only_repository,
                         .horizon = horizon_of(work, now),
                         .recent = TIME_ABSENT,
                         .unlimited = work->unlimited,
                         .progress = work->progress == NULL ? NULL : progress_sync,
                         .user_data = work->progress};
    g_autoptr(SyncEngine) engine = sync_engine_new(&config, error);
    if (engine == NULL)
        return FALSE;
    interrupt_set_cancel(cancel_engine, engine);
    gboolean good = sync_engine_run(engine, ret_summary, error);
    interrupt_set_cancel(NULL, NULL);
    return good;
}

/* ", 1 request": @before in front, the number, and the noun that goes with it. */
static void append_counted(GString *words, const char *before, gint64 count, const char *noun,
                           const char *plural)
{
    g_string_append_printf(words, "%s%" G_GINT64_FORMAT " %s", before, count,
                           count == 1 ? noun : plural);
}

char *work_summary_words(const SyncSummary *summary)
{
    char took[TIME_TEXT_SIZE];
    GString *words = g_string_new(NULL);
    g_string_append_printf(words, "%" G_GINT64_FORMAT " new and ", summary->pull_requests);
    append_counted(words, "", summary->pull_requests_changed, "changed pull request",
                   "changed pull requests");
    append_counted(words, ", ", summary->events, "new event", "new events");
    append_counted(words, ", ", summary->commits, "new commit", "new commits");
    append_counted(words, "; ", summary->requests, "request", "requests");
    g_string_append_printf(words, " in %s", duration_format(MAX(summary->took, TIME_SECOND), took));
    if (summary->detail_requests > 0)
        g_string_append_printf(
            words, ", %" G_GINT64_FORMAT " of them for builds, tasks, threads and deployments",
            summary->detail_requests);
    if (summary->quarantined > 0) {
        append_counted(words, "; ", summary->quarantined, "record", "records");
        g_string_append(words, " could not be read");
    }
    if (interrupt_seen())
        g_string_append(words, "; interrupted, and the next sync goes on from there");
    else if (summary->repositories_failed > 0)
        g_string_append_printf(words,
                               "; %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                               " repositories failed ('plumbline doctor' says why)",
                               summary->repositories_failed, summary->repositories);
    return g_string_free(words, FALSE);
}

gboolean work_find_repository(Store *store, gint64 workspace_id, const char *full_name,
                              gint64 *ret_repository_id, GError **error)
{
    g_autoptr(GPtrArray) repositories = store_list_repositories(store, workspace_id, FALSE, error);
    if (repositories == NULL)
        return FALSE;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (g_ascii_strcasecmp(repository->full_name, full_name) == 0 ||
            g_str_has_suffix(full_name, repository->uuid)) {
            *ret_repository_id = repository->repository_id;
            return TRUE;
        }
    }
    cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND,
             "%s is not known here; 'plumbline repositories' lists those that are", full_name);
    return FALSE;
}

gboolean work_choose_format(const char *name, const char *output, ReportFormat *ret_format,
                            GError **error)
{
    ReportFormat format = REPORT_TEXT;
    if (name != NULL && !report_format_from_name(name, &format)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "--format: '%s' is not one of text, html, json and csv", name);
        return FALSE;
    }
    if (format == REPORT_HTML && output == NULL && terminal_is(1)) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "HTML on a terminal helps nobody; add --output report.html");
        return FALSE;
    }
    *ret_format = format;
    return TRUE;
}

gboolean work_choose_json(const char *name, gboolean *ret_json, GError **error)
{
    *ret_json = g_strcmp0(name, "json") == 0;
    if (name == NULL || *ret_json || g_str_equal(name, "text"))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "--format: '%s' is not one of text and json", name);
    return FALSE;
}

char *work_time_zone(Store *store, gint64 workspace_id, const char *given, GError **error)
{
    if (given != NULL)
        return g_strdup(given);
    g_autoptr(WorkCalendar) calendar = measure_calendar_load(store, workspace_id, error);
    return calendar == NULL ? NULL : g_strdup(work_calendar_zone(calendar));
}

ReportStyle work_style(const char *output)
{
    gboolean to_terminal = output == NULL && terminal_is(1);
    return (ReportStyle){.color = output == NULL && terminal_has_color(1),
                         .unicode = terminal_has_unicode(),
                         .width = to_terminal ? CLAMP(terminal_width(1), 80, 100) : 80};
}

gboolean work_check_days(gint days, GError **error)
{
    if (days >= 1 && days <= WORK_MOST_DAYS)
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "--days: %d is not between 1 and %d", days,
             WORK_MOST_DAYS);
    return FALSE;
}

gboolean work_read_history(gint days, gint64 *ret_days, GError **error)
{
    if (days != WORK_DAYS_UNSAID && days != 0 && !work_check_days(days, error))
        return FALSE;
    *ret_days = days == WORK_DAYS_UNSAID ? COUNT_ABSENT : days;
    return TRUE;
}
