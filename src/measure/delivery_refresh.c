/*
 * Works off the repositories whose deliveries are out of date: reads what stands for a deployment,
 * judges it, finds out when merges were released, and writes both in one transaction. A repository
 * that changes in between is on the list again with a higher generation.
 */
#include "measure/delivery.h"

/* What one repository's deliveries are derived from. */
typedef struct {
    const StoreRepository *repository;
    GStringChunk *texts; /* what attempts and merges borrow from rows that are gone */
    GArray *attempts;    /* FactDeployment */
    GArray *merges;      /* DeliveryMerge; released is as it is stored until it is derived */
    GPtrArray *links;    /* const char * per merge */
    gboolean has_production;
} Delivery;

static const char *keep(Delivery *delivery, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(delivery->texts, text);
}

static gboolean take_deployment(const StoreDeployment *row, gpointer user_data, GError **error)
{
    Delivery *delivery = user_data;
    if ((row->state != DEPLOYMENT_SUCCESSFUL && row->state != DEPLOYMENT_FAILED) ||
        row->completed == TIME_ABSENT)
        return TRUE;
    FactDeployment attempt = {
        .repository_id = row->repository_id,
        .key = keep(delivery, row->uuid),
        .source = DELIVERY_OF_DEPLOYMENT,
        .environment = keep(delivery, row->environment),
        .environment_kind = row->kind,
        .commit_hash = keep(delivery, row->commit_hash),
        .url = keep(delivery, row->url),
        .completed = row->completed,
        .restored = TIME_ABSENT,
        .is_successful = row->state == DEPLOYMENT_SUCCESSFUL,
    };
    delivery->has_production = delivery->has_production || row->kind == ENVIRONMENT_PRODUCTION;
    g_array_append_val(delivery->attempts, attempt);
    return TRUE;
}

static gboolean take_pipeline(const StorePipeline *row, gpointer user_data, GError **error)
{
    Delivery *delivery = user_data;
    if ((row->state != BUILD_SUCCESSFUL && row->state != BUILD_FAILED) ||
        row->completed == TIME_ABSENT)
        return TRUE;
    FactDeployment attempt = {
        .repository_id = row->repository_id,
        .key = keep(delivery, row->uuid),
        .source = DELIVERY_OF_PIPELINE,
        .environment = "main pipeline",
        .environment_kind = ENVIRONMENT_PRODUCTION,
        .commit_hash = keep(delivery, row->commit_hash),
        .completed = row->completed,
        .restored = TIME_ABSENT,
        .is_successful = row->state == BUILD_SUCCESSFUL,
    };
    delivery->has_production = TRUE;
    g_array_append_val(delivery->attempts, attempt);
    return TRUE;
}

static gboolean take_merge(const StoreMerge *row, gpointer user_data, GError **error)
{
    Delivery *delivery = user_data;
    const char *main_branch = delivery->repository->main_branch;
    DeliveryMerge merge = {
        .number = row->number,
        .merge_hash = keep(delivery, row->merge_hash),
        .is_into_main = main_branch != NULL && row->destination_branch != NULL &&
                        g_str_equal(main_branch, row->destination_branch),
        .merged = row->merged,
        .released = row->released,
    };
    g_array_append_val(delivery->merges, merge);
    g_ptr_array_add(delivery->links, (gpointer) keep(delivery, row->html_url));
    return TRUE;
}

/* Each merge into the main branch as a deployment that succeeded. */
static void add_merges_as_attempts(Delivery *delivery)
{
    for (guint i = 0; i < delivery->merges->len; i++) {
        const DeliveryMerge *merge = &g_array_index(delivery->merges, DeliveryMerge, i);
        g_autofree char *key = g_strdup_printf("merge %" G_GINT64_FORMAT, merge->number);
        FactDeployment attempt = {
            .repository_id = delivery->repository->repository_id,
            .key = keep(delivery, key),
            .source = DELIVERY_OF_MERGE,
            .environment = "merge to main",
            .environment_kind = ENVIRONMENT_PRODUCTION,
            .commit_hash = merge->merge_hash,
            .url = delivery->links->pdata[i],
            .completed = merge->merged,
            .restored = TIME_ABSENT,
            .is_successful = TRUE,
        };
        if (merge->is_into_main)
            g_array_append_val(delivery->attempts, attempt);
    }
}

static gboolean read_attempts(Store *store, gint64 workspace_id, Delivery *delivery, GError **error)
{
    const StoreRepository *repository = delivery->repository;
    if (!store_visit_merges(store, workspace_id, repository->repository_id, take_merge, delivery,
                            error) ||
        !store_visit_deployments(store, workspace_id, repository->repository_id, take_deployment,
                                 delivery, error))
        return FALSE;
    if (!delivery->has_production && repository->release_on_pipeline &&
        !store_visit_pipelines(store, workspace_id, repository->repository_id, take_pipeline,
                               delivery, error))
        return FALSE;
    if (!delivery->has_production && repository->release_on_merge)
        add_merges_as_attempts(delivery);
    return TRUE;
}

static gboolean take_commit(const char *hash, const char *parents, gpointer user_data,
                            GError **error)
{
    ancestry_add(user_data, hash, parents);
    return TRUE;
}

/* The merges whose release is another than the stored one; StoreRelease each. */
static GArray *find_releases(Delivery *delivery, Ancestry *graph)
{
    DeliveryMerge *merges = (DeliveryMerge *) (void *) delivery->merges->data;
    gsize n = delivery->merges->len;
    GArray *changed = g_array_new(FALSE, FALSE, sizeof(StoreRelease));
    g_autofree UtcTime *stored = g_new(UtcTime, MAX(n, 1));
    for (gsize i = 0; i < n; i++)
        stored[i] = merges[i].released;
    delivery_sort(delivery->attempts);
    delivery_judge(delivery->attempts, graph);
    delivery_release(delivery->attempts, graph, merges, n);
    for (gsize i = 0; i < n; i++) {
        StoreRelease release = {merges[i].number, merges[i].released};
        if (merges[i].released != stored[i])
            g_array_append_val(changed, release);
    }
    return changed;
}

static gboolean derive(Store *store, gint64 workspace_id, const StoreDeliveryTask *task,
                       Delivery *delivery, GError **error)
{
    g_autoptr(Ancestry) graph = ancestry_new();
    if (!read_attempts(store, workspace_id, delivery, error))
        return FALSE;
    if (delivery->attempts->len > 0 &&
        !store_visit_history(store, workspace_id, task->repository_id, take_commit, graph, error))
        return FALSE;
    ancestry_end(graph);
    g_autoptr(GArray) releases = find_releases(delivery, graph);
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL &&
           store_put_delivery(tx, workspace_id, task,
                              (const FactDeployment *) (const void *) delivery->attempts->data,
                              delivery->attempts->len,
                              (const StoreRelease *) (const void *) releases->data, releases->len,
                              error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static gboolean derive_repository(Store *store, gint64 workspace_id, const StoreDeliveryTask *task,
                                  const StoreRepository *repository, GError **error)
{
    Delivery delivery = {
        .repository = repository,
        .texts = g_string_chunk_new(4096),
        .attempts = g_array_new(FALSE, FALSE, sizeof(FactDeployment)),
        .merges = g_array_new(FALSE, FALSE, sizeof(DeliveryMerge)),
        .links = g_ptr_array_new(),
    };
    gboolean done = derive(store, workspace_id, task, &delivery, error);
    g_string_chunk_free(delivery.texts);
    g_array_unref(delivery.attempts);
    g_array_unref(delivery.merges);
    g_ptr_array_unref(delivery.links);
    return done;
}

static const StoreRepository *find_repository(GPtrArray *repositories, gint64 repository_id)
{
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (repository->repository_id == repository_id)
            return repository;
    }
    return NULL;
}

gboolean delivery_refresh(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GArray) tasks = store_list_delivery_todo(store, workspace_id, error);
    if (tasks == NULL || tasks->len == 0)
        return tasks != NULL;
    g_autoptr(GPtrArray) repositories = store_list_repositories(store, workspace_id, FALSE, error);
    if (repositories == NULL)
        return FALSE;
    for (guint i = 0; i < tasks->len; i++) {
        const StoreDeliveryTask *task = &g_array_index(tasks, StoreDeliveryTask, i);
        const StoreRepository *repository = find_repository(repositories, task->repository_id);
        if (repository != NULL && !derive_repository(store, workspace_id, task, repository, error))
            return FALSE;
    }
    return TRUE;
}
