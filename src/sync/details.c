/*
 * What exists nowhere else, after everything that people see first: activity from before the feed's
 * floor, commits and sizes that git cannot tell, comments as they are now.
 */
#include "sync/engine.h"

/* Comments say in the feed what they were when it was read; answered, resolved and deleted ones
 * are found by reading them again. */
static gboolean put_comments(SyncRepository *repository, const RecordPage *page, gint64 number,
                             GError **error)
{
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    if (page == NULL || page->next == NULL)
        numbers_remove(&repository->lists[LIST_COMMENTS], number);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    if (page != NULL &&
        (!store_put_events(tx, engine->workspace_id, repository->id, RECORDS(page, PrEvent),
                           page->n_records, &changes, error) ||
         !store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                                page->n_quarantined, error)))
        return FALSE;
    if (!sync_repository_put_lists(repository, tx, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    sync_count(engine, &engine->summary.events, changes.inserted);
    sync_count(engine, &engine->summary.events_changed, changes.changed);
    return TRUE;
}

static gboolean read_comments_of(SyncRepository *repository, gint64 number, GError **error)
{
    g_autofree char *position = NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    do {
        GError *failure = NULL;
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        g_autofree char *address = sync_repository_address(repository);
        g_autoptr(RecordPage) page = bitbucket_fetch_comments(repository->engine->client, address,
                                                              number, position, &failure);
        if (page == NULL && !error_is(failure, PLUMBLINE_ERROR_NOT_FOUND)) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        g_clear_error(&failure);
        if (!put_comments(repository, page, number, error))
            return FALSE;
        g_free(position);
        position = page != NULL ? g_strdup(page->next) : NULL;
    } while (position != NULL && g_hash_table_add(seen, g_strdup(position)));
    return TRUE;
}

static gboolean read_comments(SyncRepository *repository, GError **error)
{
    g_autoptr(GArray) numbers = g_array_copy(repository->lists[LIST_COMMENTS].items);
    for (guint i = 0; i < numbers->len && sync_take_optional(repository); i++) {
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, i, numbers->len,
                    "comments as they are now");
        if (!read_comments_of(repository, g_array_index(numbers, gint64, i), error))
            return FALSE;
    }
    return TRUE;
}

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
    return sync_read_commits(repository, tasks, error) && sync_read_sizes(repository, tasks, error);
}

gboolean sync_step_details(SyncRepository *repository, GError **error)
{
    return sync_read_long_lived(repository, error) && read_comments(repository, error) &&
           (!sync_repository_is_active(repository) || read_what_git_lacks(repository, error));
}
