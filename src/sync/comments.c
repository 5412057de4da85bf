/*
 * Comments as they are now. The feed shows what they were when it was read; resolved, edited and
 * deleted ones are found by reading a pull request's comments again: when it changed, and once more
 * in the night after, because a deletion moves nothing.
 */
#include "sync/engine.h"

typedef struct {
    SyncRepository *repository;
    gint64 number;
    GArray *present;    /* ids of the comments listed so far */
    GArray *unresolved; /* those of them without a resolution, on the page at hand */
    gboolean is_unsure; /* a record could not be read: what is missing may be there */
} Reading;

static gboolean put_rows(const Reading *reading, StoreTx *tx, const RecordPage *page,
                         StoreChanges *changes, GError **error)
{
    gint64 workspace = reading->repository->engine->workspace_id;
    gint64 repository = reading->repository->id;
    if (!store_put_events(tx, workspace, repository, RECORDS(page, PrEvent), page->n_records,
                          changes, error) ||
        !store_put_quarantined(tx, workspace, repository, page->quarantined, page->n_quarantined,
                               error) ||
        !store_reopen_comments(tx, workspace, repository, reading->number,
                               (const gint64 *) (const void *) reading->unresolved->data,
                               reading->unresolved->len, changes, error))
        return FALSE;
    return page->next != NULL || reading->is_unsure ||
           store_delete_missing_comments(tx, workspace, repository, reading->number,
                                         (const gint64 *) (const void *) reading->present->data,
                                         reading->present->len, changes, error);
}

/* @page NULL: the pull request is gone. */
static gboolean put_page(Reading *reading, const RecordPage *page, GError **error)
{
    SyncRepository *repository = reading->repository;
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    g_array_set_size(reading->unresolved, 0);
    for (gsize i = 0; page != NULL && i < page->n_records; i++) {
        const PrEvent *comment = &RECORDS(page, PrEvent)[i];
        g_array_append_val(reading->present, comment->comment_id);
        if (comment->resolved == TIME_ABSENT && !comment->deleted)
            g_array_append_val(reading->unresolved, comment->comment_id);
    }
    if (page != NULL && page->n_quarantined > 0)
        reading->is_unsure = TRUE;
    gboolean is_last = page == NULL || page->next == NULL;
    if (is_last)
        numbers_remove(&repository->lists[LIST_COMMENTS], reading->number);
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL || (page != NULL && !put_rows(reading, tx, page, &changes, error)) ||
        (is_last && !store_mark_detail(tx, engine->workspace_id, repository->id, reading->number,
                                       DETAIL_THREADS, engine->now, error)) ||
        !sync_repository_put_lists(repository, tx, error) ||
        !store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    sync_count(engine, &engine->summary.events, changes.inserted);
    sync_count(engine, &engine->summary.events_changed, changes.changed);
    return TRUE;
}

static gboolean read_pages(Reading *reading, GError **error)
{
    SyncRepository *repository = reading->repository;
    g_autofree char *position = NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    do {
        GError *failure = NULL;
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        g_autofree char *address = sync_repository_address(repository);
        sync_count(repository->engine, &repository->engine->summary.detail_requests, 1);
        g_autoptr(RecordPage) page = bitbucket_fetch_comments(repository->engine->client, address,
                                                              reading->number, position, &failure);
        if (page == NULL && !error_is(failure, PLUMBLINE_ERROR_NOT_FOUND)) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        g_clear_error(&failure);
        if (page != NULL && page->next != NULL && !g_hash_table_add(seen, g_strdup(page->next))) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                        "Bitbucket's list of comments of pull request %" G_GINT64_FORMAT
                        " of %s repeats itself; it is read again in the next run.",
                        reading->number, address);
            return FALSE;
        }
        if (!put_page(reading, page, error))
            return FALSE;
        g_free(position);
        position = page != NULL ? g_strdup(page->next) : NULL;
    } while (position != NULL);
    return TRUE;
}

gboolean sync_read_comments(SyncRepository *repository, GError **error)
{
    g_autoptr(GArray) numbers = g_array_copy(repository->lists[LIST_COMMENTS].items);
    for (guint i = 0; i < numbers->len && sync_take_optional(repository); i++) {
        gint64 number = g_array_index(numbers, gint64, i);
        g_autoptr(GArray) present = g_array_new(FALSE, FALSE, sizeof(gint64));
        g_autoptr(GArray) unresolved = g_array_new(FALSE, FALSE, sizeof(gint64));
        Reading reading = {.repository = repository,
                           .number = number,
                           .present = present,
                           .unresolved = unresolved};
        sync_report(repository->engine, repository, SYNC_STAGE_DETAILS, i, numbers->len,
                    "comments as they are now");
        if (!read_pages(&reading, error))
            return FALSE;
    }
    return TRUE;
}
