#include "sync/sync.h"

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

const char *sync_stage_name(SyncStage stage)
{
    return STAGES[stage].name;
}

const char *sync_stage_title(SyncStage stage)
{
    return STAGES[stage].title;
}
