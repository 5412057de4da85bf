/*
 * Ends purges: what a connection alone had brought goes, rows and mirrors, step by step.
 */
#include "sync/engine.h"

static gboolean purge_repository(Store *store, gint64 workspace_id,
                                 const StoreRepository *repository, const char *mirror_folder,
                                 SyncPurgeStop stop, gpointer user_data, GError **error)
{
    g_autofree char *name = sync_mirror_name(repository->uuid);
    gboolean done = FALSE;
    /* The mirror first: while the rows are there somebody knows of it. */
    if (mirror_folder != NULL && !git_mirror_remove(mirror_folder, name, error))
        return FALSE;
    while (!done) {
        if (stop != NULL && stop(user_data)) {
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_CANCELLED,
                                error_sentence(PLUMBLINE_ERROR_CANCELLED));
            return FALSE;
        }
        if (!store_step_purge(store, workspace_id, repository->repository_id, &done, error))
            return FALSE;
    }
    return TRUE;
}

gboolean sync_purge(Store *store, const char *mirror_folder, SyncPurgeStop stop, gpointer user_data,
                    gint64 *ret_repositories, GError **error)
{
    gint64 n = 0;
    g_autoptr(GArray) workspaces = store_list_purges(store, error);
    if (workspaces == NULL)
        return FALSE;
    for (guint w = 0; w < workspaces->len; w++) {
        gint64 workspace_id = g_array_index(workspaces, gint64, w);
        g_autoptr(GPtrArray) repositories = store_list_purging(store, workspace_id, error);
        if (repositories == NULL)
            return FALSE;
        for (guint i = 0; i < repositories->len; i++, n++)
            if (!purge_repository(store, workspace_id, repositories->pdata[i], mirror_folder, stop,
                                  user_data, error))
                return FALSE;
        if (!store_end_purge(store, workspace_id, error))
            return FALSE;
    }
    *ret_repositories = n;
    return TRUE;
}
