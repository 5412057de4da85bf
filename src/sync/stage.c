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

static gboolean is_walked(Store *store, gint64 workspace_id, gint64 repository_id, const char *name,
                          gboolean *ret_walked, GError **error)
{
    g_auto(StoreCursor) cursor = {0};
    if (!store_get_cursor(store, workspace_id, repository_id, name, &cursor, error))
        return FALSE;
    *ret_walked = sync_cursor_is(&cursor, CURSOR_STATE_DONE);
    return TRUE;
}

gboolean sync_is_repository_complete(Store *store, gint64 workspace_id, gint64 repository_id,
                                     gboolean *ret_complete, GError **error)
{
    gboolean pulls = FALSE, activity = FALSE;
    if (!is_walked(store, workspace_id, repository_id, CURSOR_PULLS, &pulls, error) ||
        !is_walked(store, workspace_id, repository_id, CURSOR_ACTIVITY, &activity, error))
        return FALSE;
    *ret_complete = pulls && activity;
    return TRUE;
}

gboolean sync_is_complete(Store *store, gint64 workspace_id, gboolean *ret_complete, GError **error)
{
    g_autoptr(GPtrArray) rows = store_list_repositories(store, workspace_id, TRUE, error);
    gboolean complete = TRUE;
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; complete && i < rows->len; i++) {
        const StoreRepository *row = rows->pdata[i];
        if (!sync_is_repository_complete(store, workspace_id, row->repository_id, &complete, error))
            return FALSE;
    }
    *ret_complete = complete;
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
