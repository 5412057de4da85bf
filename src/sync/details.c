/*
 * What exists nowhere else, after everything that people see first: activity from before the feed's
 * floor, commits and sizes that git cannot tell, comments as they are now, and at last tasks,
 * builds and deployments.
 */
#include "sync/engine.h"

static gboolean read_what_git_lacks(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    /* A mirror that could not be fetched just now is waited for: the API is ten times dearer. */
    if (!repository->git_ready && !repository->api_only)
        return TRUE;
    g_autoptr(GPtrArray) tasks = store_list_range_tasks(engine->store, engine->workspace_id,
                                                        repository->id, G_MAXINT32, error);
    if (tasks == NULL)
        return FALSE;
    g_mutex_lock(&engine->lock);
    repository->estimate.ranges = 1;
    g_mutex_unlock(&engine->lock);
    return sync_read_commits(repository, tasks, error) &&
           sync_read_sizes(repository, tasks, error) && sync_attribute_main_line(repository, error);
}

gboolean sync_step_details(SyncRepository *repository, GError **error)
{
    gboolean active = sync_repository_is_active(repository);
    return sync_read_long_lived(repository, error) &&
           (!active || sync_note_threads(repository, error)) &&
           sync_read_comments(repository, error) &&
           (!active || (read_what_git_lacks(repository, error) &&
                        sync_read_pull_details(repository, error))) &&
           sync_read_delivery(repository, error);
}
