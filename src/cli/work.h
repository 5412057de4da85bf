/*
 * Inside cli: steps that several commands take.
 */
#pragma once

#include "cli/cli.h"
#include "cli/data_folder.h"
#include "cli/progress.h"
#include "deliver/deliver.h"
#include "sync/sync.h"

#define WORK_DEFAULT_HISTORY_DAYS 730 /* how far back a connection reads that does not say it */
#define WORK_MOST_DAYS            3660
#define WORK_DAYS_UNSAID          G_MININT /* of an option that was not given */

/* Bitbucket's clock as this connection last saw it, else this machine's. */
UtcTime work_server_time(const StoreConnection *connection);

/* The connections of one workspace: the one named, else the only one in the data folder. INVALID
 * when there are several, NOT_FOUND when there is none. */
GPtrArray *work_connections(Store *store, const char *workspace,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What most commands work on: the data folder, which must be there, and one workspace in it. */
typedef struct {
    DataFolder folder;
    Store *store;
    GPtrArray *connections; /* those of the workspace; one at least */
    gint64 workspace_id;
} WorkPlace;
/* @workspace: as of work_connections. */
gboolean work_open_place(const CliGlobals *globals, const char *workspace, WorkPlace *ret_place,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void work_place_clear(WorkPlace *place);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(WorkPlace, work_place_clear)
/* Newest server time among connections. */
UtcTime work_newest_time(GPtrArray *connections);

typedef struct {
    Store *store;
    const StoreConnection *connection;
    const char *mirrors;         /* NULL: no git */
    const char *only_repository; /* NULL: all selected ones */
    gint64 history_days;         /* 0: everything; COUNT_ABSENT: as the connection says */
    gboolean unlimited;          /* no request allowance */
    Progress *progress;
} SyncWork;
/* Runs one sync that Ctrl-C ends. */
gboolean work_sync(const SyncWork *work, SyncSummary *ret_summary,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What a sync did, for --quiet-less standard error. Free with g_free. */
char *work_summary_words(const SyncSummary *summary);

/* The repository whose full name (or uuid) is given among the known ones. NOT_FOUND. */
gboolean work_find_repository(Store *store, gint64 workspace_id, const char *full_name,
                              gint64 *ret_repository_id, GError **error);

/* --format and --output judged together: HTML and CSV want a file when standard output is a
 * terminal. INVALID. */
gboolean work_choose_format(const char *name, const char *output, ReportFormat *ret_format,
                            GError **error);
/* --format of commands that know text and JSON. INVALID. */
gboolean work_choose_json(const char *name, gboolean *ret_json, GError **error);
/* The zone of days and weeks: @given if it is, else that of the workspace's calendar. Free with
 * g_free. */
char *work_time_zone(Store *store, gint64 workspace_id, const char *given, GError **error);

/* How text goes to standard output or a file. */
ReportStyle work_style(const char *output);
/* 1 to WORK_MOST_DAYS. INVALID. */
gboolean work_check_days(gint days, GError **error);
/* How far back a connection reads, of an option: 0 is everything; *@ret_days COUNT_ABSENT for
 * WORK_DAYS_UNSAID. INVALID. */
gboolean work_read_history(gint days, gint64 *ret_days, GError **error);
