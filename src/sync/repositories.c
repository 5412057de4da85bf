/*
 * The workspace's repositories: one listing per cycle tells which moved (the idle gate), a full one
 * a week finds what was renamed or deleted.
 */
#include "sync/engine.h"
#include "sync/selection.h"

typedef struct {
    SyncEngine *engine;
    GHashTable *seen; /* uuids, of a full listing */
    UtcTime newest;
} Listing;

static gboolean get_cursor(SyncEngine *engine, const char *name, StoreCursor *ret_cursor,
                           GError **error)
{
    return store_get_cursor(engine->store, engine->workspace_id, 0, name, ret_cursor, error);
}

static gboolean put_page(Listing *listing, const RecordPage *page, GError **error)
{
    SyncEngine *engine = listing->engine;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL ||
        !store_put_repositories(tx, engine->workspace_id, engine->connection_id,
                                RECORDS(page, Repository), page->n_records, &changes, error) ||
        !store_put_quarantined(tx, engine->workspace_id, 0, page->quarantined, page->n_quarantined,
                               error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    for (gsize i = 0; i < page->n_records; i++) {
        const Repository *record = &RECORDS(page, Repository)[i];
        g_hash_table_add(listing->seen, g_strdup(record->uuid));
        if (listing->newest == TIME_ABSENT ||
            (record->updated != TIME_ABSENT && record->updated > listing->newest))
            listing->newest = record->updated;
    }
    return TRUE;
}

static gboolean list_from(Listing *listing, UtcTime from, GError **error)
{
    SyncEngine *engine = listing->engine;
    const char *workspace = engine->connection->workspace_uuid;
    g_autofree char *position = NULL;
    g_autoptr(GHashTable) positions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    do {
        if (!sync_check_cancelled(engine, error))
            return FALSE;
        g_autoptr(RecordPage) page =
            bitbucket_fetch_repositories(engine->client, workspace, from, position, error);
        if (page == NULL || !put_page(listing, page, error))
            return FALSE;
        g_free(position);
        position = g_strdup(page->next);
        sync_report(engine, NULL, SYNC_STAGE_REPOSITORIES, g_hash_table_size(listing->seen),
                    page->total, NULL);
        if (position != NULL && !g_hash_table_add(positions, g_strdup(position))) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                        "Bitbucket's list of the repositories of %s repeats itself; it is read "
                        "again in the next run.",
                        engine->connection->workspace_slug);
            return FALSE;
        }
    } while (position != NULL);
    return TRUE;
}

/* A repository that a full listing does not show and that does not answer by its uuid is kept and
 * marked. */
static gboolean mark_vanished(Listing *listing, GError **error)
{
    SyncEngine *engine = listing->engine;
    g_autoptr(GPtrArray) rows =
        store_list_repositories(engine->store, engine->workspace_id, FALSE, error);
    if (rows == NULL)
        return FALSE;
    for (guint i = 0; i < rows->len; i++) {
        StoreRepository *row = rows->pdata[i];
        if (row->connection_id != engine->connection_id ||
            g_hash_table_contains(listing->seen, row->uuid) || g_strcmp0(row->state, "active") != 0)
            continue;
        g_autoptr(GError) failure = NULL;
        g_autofree char *address =
            g_strdup_printf("%s/%s", engine->connection->workspace_uuid, row->uuid);
        g_autoptr(RecordPage) page = bitbucket_fetch_repository(engine->client, address, &failure);
        if (page != NULL || !error_is(failure, PLUMBLINE_ERROR_NOT_FOUND))
            continue;
        g_autoptr(StoreTx) tx = store_begin(engine->store, error);
        if (tx == NULL ||
            !store_set_repository_state(tx, engine->workspace_id, row->repository_id, "vanished",
                                        error) ||
            !store_commit(g_steal_pointer(&tx), error))
            return FALSE;
    }
    return TRUE;
}

static gboolean put_watermarks(Listing *listing, StoreCursor *gate, gboolean is_full,
                               GError **error)
{
    SyncEngine *engine = listing->engine;
    BitbucketTraffic traffic;
    bitbucket_client_traffic(engine->client, &traffic);
    if (listing->newest != TIME_ABSENT)
        gate->watermark = listing->newest;
    sync_cursor_set_state(gate, CURSOR_STATE_DONE);
    StoreCursor full = {.state = (char *) CURSOR_STATE_DONE,
                        .watermark = traffic.server_time,
                        .floor = TIME_ABSENT};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    return tx != NULL &&
           store_put_cursor(tx, engine->workspace_id, 0, CURSOR_REPOSITORIES, gate, error) &&
           (!is_full ||
            store_put_cursor(tx, engine->workspace_id, 0, CURSOR_LISTING, &full, error)) &&
           store_commit(g_steal_pointer(&tx), error);
}

static gboolean list_workspace(Listing *listing, GError **error)
{
    SyncEngine *engine = listing->engine;
    g_auto(StoreCursor) gate = {0};
    g_auto(StoreCursor) full = {0};
    if (!get_cursor(engine, CURSOR_REPOSITORIES, &gate, error) ||
        !get_cursor(engine, CURSOR_LISTING, &full, error))
        return FALSE;
    gboolean is_full = gate.watermark == TIME_ABSENT ||
                       plan_is_due(full.watermark, engine->connection->server_time, PLAN_WEEKLY);
    UtcTime from = is_full ? TIME_ABSENT : plan_overlap(gate.watermark, PLAN_GATE_OVERLAP);
    return list_from(listing, from, error) && (!is_full || mark_vanished(listing, error)) &&
           put_watermarks(listing, &gate, is_full, error) &&
           sync_apply_selection(engine->store, engine->workspace_id, error);
}

/* A credential that sees one repository asks for it alone. */
static gboolean refresh_single(Listing *listing, const char *address, GError **error)
{
    g_autoptr(RecordPage) page =
        bitbucket_fetch_repository(listing->engine->client, address, error);
    return page != NULL && put_page(listing, page, error);
}

gboolean sync_refresh_repositories(SyncEngine *engine, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Listing listing = {.engine = engine, .seen = seen, .newest = TIME_ABSENT};
    const char *single = engine->only_repository != NULL ? engine->only_repository
                                                         : engine->connection->repository_full_name;
    if (single == NULL)
        return list_workspace(&listing, error);
    /* By uuid where it is known, so that a rename does not hide it. */
    g_autoptr(GPtrArray) rows =
        store_list_repositories(engine->store, engine->workspace_id, FALSE, error);
    if (rows == NULL)
        return FALSE;
    g_autofree char *address = g_strdup(single);
    for (guint i = 0; i < rows->len; i++) {
        StoreRepository *row = rows->pdata[i];
        if (g_ascii_strcasecmp(row->full_name, single) == 0) {
            g_free(address);
            address = g_strdup_printf("%s/%s", engine->connection->workspace_uuid, row->uuid);
        }
    }
    return refresh_single(&listing, address, error);
}
