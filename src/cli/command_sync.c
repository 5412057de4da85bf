#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/work.h"
#include "insight/insight.h"

static struct {
    gboolean watch, no_git, unlimited;
    gint interval, days;
    char *workspace, *repository;
} options = {.interval = 10, .days = WORK_DAYS_UNSAID};

const GOptionEntry COMMAND_SYNC_OPTIONS[] = {
    {"watch", 0, 0, G_OPTION_ARG_NONE, &options.watch, "Go on until interrupted", NULL},
    {"interval", 0, 0, G_OPTION_ARG_INT, &options.interval,
     "Pause between two rounds of --watch (default 10)", "MINUTES"},
    {"days", 0, 0, G_OPTION_ARG_INT, &options.days,
     "How far back to read this time (default: as the connection says, else 730; 0: everything)",
     "N"},
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace, "Only this workspace",
     "WORKSPACE"},
    {"repository", 0, 0, G_OPTION_ARG_STRING, &options.repository, "Only this repository",
     "WORKSPACE/REPOSITORY"},
    {"no-git", 0, 0, G_OPTION_ARG_NONE, &options.no_git,
     "Fetch no mirrors; commits and sizes come over the API", NULL},
    {"unlimited", 0, 0, G_OPTION_ARG_NONE, &options.unlimited,
     "Keep no request allowance: for a server that sets none", NULL},
    {NULL}};

static gboolean is_wanted(const StoreConnection *connection)
{
    return options.workspace == NULL || g_str_equal(options.workspace, connection->workspace_slug);
}

/* What the credential may not read, and what it would bring: told when it was found out. */
static void say_notes(const CliGlobals *globals, Store *store, gint64 workspace_id)
{
    g_autoptr(GPtrArray) problems = store_list_problems(store, workspace_id, NULL);
    for (guint i = 0; problems != NULL && i < problems->len; i++) {
        const StoreProblem *problem = problems->pdata[i];
        if (problem->is_note)
            cli_say(globals, "note: %s", problem->sentence);
    }
}

/* Findings follow what was read; also after a sync that failed, for that may be one. */
static gboolean find_insights(const CliGlobals *globals, Store *store,
                              const StoreConnection *connection, UtcTime server_time,
                              GError **error)
{
    g_auto(InsightSummary) found = {0};
    UtcTime now = server_time != TIME_ABSENT ? server_time : work_server_time(connection);
    if (!insight_update(store, connection->workspace_id, now, FALSE, &found, error))
        return FALSE;
    for (guint i = 0; i < found.failures->len; i++)
        cli_say(globals, "warning: %s", (const char *) found.failures->pdata[i]);
    cli_say(globals,
            "%s: %" G_GINT64_FORMAT " new %s, %" G_GINT64_FORMAT " resolved, %" G_GINT64_FORMAT
            " in all; 'plumbline insights' shows them",
            connection->name, found.found + found.reopened,
            found.found + found.reopened == 1 ? "finding" : "findings", found.resolved,
            found.holding);
    return TRUE;
}

/* What the log of merges does not have yet, by the clock of Bitbucket. */
static gboolean record_merges(Store *store, const StoreConnection *connection,
                              const SyncSummary *summary, GError **error)
{
    UtcTime now = summary->server_time > 0 ? summary->server_time : work_server_time(connection);
    return audit_append_merges(store, connection->workspace_id, now, NULL, error);
}

/* One round over all connections. The first error ends it when it is ours to report; a failing
 * connection does not keep the next one from its turn. */
static gboolean is_interrupted(gpointer user_data)
{
    return interrupt_seen();
}

static gboolean sync_round(const CliGlobals *globals, Store *store, const DataFolder *folder,
                           gint64 history_days, GError **error)
{
    g_autoptr(GError) first = NULL;
    guint wanted = 0;
    gint64 purged = 0;
    /* One that was broken off is ended before anything is read. */
    if (!sync_purge(store, folder->mirrors, is_interrupted, NULL, &purged, error))
        return FALSE;
    g_autoptr(GPtrArray) connections = store_list_connections(store, error);
    if (connections == NULL)
        return FALSE;
    for (guint i = 0; i < connections->len && !interrupt_seen(); i++) {
        const StoreConnection *connection = connections->pdata[i];
        if (!is_wanted(connection))
            continue;
        wanted++;
        if (connection->setup_step != NULL) {
            cli_say(globals,
                    "%s: it is being set up in the browser and not read before that is done; "
                    "'plumbline connect' with its name ends the set-up as well",
                    connection->name);
            continue;
        }
        g_autoptr(Progress) progress = progress_new(globals);
        g_autoptr(GError) failure = NULL;
        SyncSummary summary = {0};
        SyncWork work = {.store = store,
                         .connection = connection,
                         .mirrors = options.no_git ? NULL : folder->mirrors,
                         .only_repository = options.repository,
                         .history_days = history_days,
                         .unlimited = options.unlimited,
                         .progress = progress};
        gboolean good = work_sync(&work, &summary, &failure);
        g_clear_pointer(&progress, progress_free);
        g_autofree char *words = work_summary_words(&summary);
        cli_say(globals, "%s: %s", connection->name, words);
        if (summary.notes > 0)
            say_notes(globals, store, connection->workspace_id);
        if (!interrupt_seen())
            good &= find_insights(globals, store, connection, summary.server_time,
                                  good ? &failure : NULL);
        if (!interrupt_seen())
            good &= record_merges(store, connection, &summary, good ? &failure : NULL);
        if (!good && first == NULL)
            first = g_steal_pointer(&failure);
        else if (!good)
            cli_say(globals, "%s: %s", connection->name, failure->message);
    }
    if (first != NULL) {
        g_propagate_error(error, g_steal_pointer(&first));
        return FALSE;
    }
    if (wanted == 0) {
        cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND, "%s",
                 connections->len == 0
                     ? "nothing is connected yet; 'plumbline connect' does it"
                     : "no connection reads that; 'plumbline connections' lists them");
        return FALSE;
    }
    return TRUE;
}

/* Whether --watch goes on after this: another round may find the network back. */
static gboolean is_passing(const GError *error)
{
    return error->domain == PLUMBLINE_ERROR &&
           error_exit_code(error->code) == error_exit_code(PLUMBLINE_ERROR_NETWORK);
}

int command_sync(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    gint64 history_days = COUNT_ABSENT;
    if (!work_read_history(options.days, &history_days, error))
        return 0;
    if (options.interval < 1 || options.interval > 1440)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "--interval: %d is not between 1 and 1440 minutes", options.interval);
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    if (store == NULL)
        return 0;
    for (;;) {
        g_autoptr(GError) failure = NULL;
        if (!sync_round(globals, store, &folder, history_days, &failure)) {
            if (!options.watch || interrupt_seen() || !is_passing(failure)) {
                g_propagate_error(error, g_steal_pointer(&failure));
                return 0;
            }
            cli_say(globals, "%s", failure->message);
        }
        if (interrupt_seen())
            return cli_fail(error, PLUMBLINE_ERROR_CANCELLED, "interrupted");
        if (!options.watch)
            return 0;
        if (interrupt_wait((guint) options.interval * 60))
            return 0; /* between two rounds there is nothing to interrupt */
    }
}
