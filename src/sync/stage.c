#include "sync/engine.h"

static const struct {
    const char *name, *title;
} STAGES[SYNC_STAGE_COUNT] = {
    [SYNC_STAGE_REPOSITORIES] = {"repositories", "repositories"},
    [SYNC_STAGE_PULL_REQUESTS] = {"pull-requests", "pull requests"},
    [SYNC_STAGE_ACTIVITY] = {"activity", "activity"},
    [SYNC_STAGE_GIT] = {"git", "git history"},
    [SYNC_STAGE_RANGES] = {"ranges", "commits and sizes of pull requests"},
    [SYNC_STAGE_HISTORY] = {"history", "older history"},
    [SYNC_STAGE_DETAILS] = {"details", "details"},
};

gboolean sync_reach(Store *store, gint64 workspace_id, SyncReach *ret_reach, GError **error)
{
    g_autoptr(GArray) readings = store_list_readings(store, workspace_id, error);
    if (readings == NULL)
        return FALSE;
    SyncReach reach = {.repositories = readings->len, .known_since = TIME_ABSENT};
    gboolean is_known = TRUE;
    for (guint i = 0; i < readings->len; i++) {
        const StoreReading *reading = &g_array_index(readings, StoreReading, i);
        reach.complete += reading->is_complete;
        if (reading->is_complete)
            continue;
        is_known = is_known && reading->known_since != TIME_ABSENT;
        reach.known_since = MAX(reach.known_since, reading->known_since);
    }
    if (!is_known)
        reach.known_since = TIME_ABSENT;
    *ret_reach = reach;
    return TRUE;
}

static gboolean has_state(Store *store, gint64 workspace_id, gint64 repository_id, const char *name,
                          const char *state, gboolean *ret_has, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!store_get_cursor(store, workspace_id, repository_id, name, &cursor, error))
        return FALSE;
    *ret_has = sync_cursor_is(&cursor, state);
    return TRUE;
}

gboolean sync_is_repository_complete(Store *store, gint64 workspace_id, gint64 repository_id,
                                     gboolean *ret_complete, GError **error)
{
    gboolean pulls = FALSE, activity = FALSE, under_way = FALSE;
    if (!has_state(store, workspace_id, repository_id, CURSOR_PULLS, CURSOR_STATE_DONE, &pulls,
                   error) ||
        !has_state(store, workspace_id, repository_id, CURSOR_ACTIVITY, CURSOR_STATE_DONE,
                   &activity, error) ||
        !has_state(store, workspace_id, repository_id, STORE_CURSOR_READING, CURSOR_STATE_RUNNING,
                   &under_way, error))
        return FALSE;
    *ret_complete = pulls && activity && !under_way;
    return TRUE;
}

gboolean sync_is_complete(Store *store, gint64 workspace_id, gboolean *ret_complete, GError **error)
{
    SyncReach reach;
    if (!sync_reach(store, workspace_id, &reach, error))
        return FALSE;
    *ret_complete = reach.complete == reach.repositories;
    return TRUE;
}

const char *sync_stage_name(SyncStage stage)
{
    return STAGES[stage].name;
}

const char *sync_stage_title(SyncStage stage)
{
    return STAGES[stage].title;
}
