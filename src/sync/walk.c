#include "sync/walk.h"

#define ODD_PAGES_TRIED 2 /* so often a page that looks odd is asked again */

typedef struct {
    SyncRepository *repository;
    const WalkKind *kind;
    StoreCursor *cursor;
    GHashTable *seen; /* positions */
    guint64 last_digest;
    UtcTime began;      /* server's time at the first page; TIME_ABSENT: an earlier run's */
    gboolean kept;      /* the position comes from an earlier run */
    gboolean unordered; /* the server could not sort */
} Walk;

static void begin(Walk *walk)
{
    sync_cursor_set_state(walk->cursor, CURSOR_STATE_RUNNING);
    g_clear_pointer(&walk->cursor->position, g_free);
    walk->cursor->watermark = TIME_ABSENT;
    walk->cursor->counted = 0;
    walk->kept = FALSE;
    walk->began = TIME_ABSENT;
    walk->last_digest = 0;
    g_hash_table_remove_all(walk->seen);
}

/* What a server answers to a position that it no longer knows, and what the client says of one that
 * leads elsewhere. */
static gboolean is_expired(const GError *error)
{
    return error_is(error, PLUMBLINE_ERROR_REJECTED) ||
           error_is(error, PLUMBLINE_ERROR_NOT_FOUND) || error_is(error, PLUMBLINE_ERROR_GONE) ||
           error_is(error, PLUMBLINE_ERROR_INVALID) ||
           error_is(error, PLUMBLINE_ERROR_FOREIGN_HOST);
}

static gboolean fail_as_loop(Walk *walk, const char *what, GError **error)
{
    /* The position is of no use: the next run begins at the top. */
    g_autofree char *address = sync_repository_address(walk->repository);
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                "Bitbucket's list of %s of %s repeats itself (%s); it is read again in the next "
                "run.",
                sync_stage_title(walk->kind->stage), address, what);
    return FALSE;
}

/* Errors that the same address may not give again. */
static gboolean is_odd(const GError *failure)
{
    return error_is(failure, PLUMBLINE_ERROR_PAGING_LOOP) ||
           error_is(failure, PLUMBLINE_ERROR_FOREIGN_HOST);
}

static gboolean leads_back(const Walk *walk, const RecordPage *page)
{
    return page->next != NULL && g_hash_table_contains(walk->seen, page->next);
}

/* Fetches the page at the cursor. What looks odd is asked again. A page that stays equal to the one
 * before is taken for what the server has there (its rows change nothing); one that still leads
 * back is not. */
static RecordPage *fetch_page(Walk *walk, WalkSpan *ret_span, GError **error)
{
    for (guint attempt = 0;; attempt++) {
        gboolean unordered = FALSE;
        GError *failure = NULL;
        g_autoptr(RecordPage) page =
            walk->kind->fetch(walk->repository, walk->cursor, &unordered, &failure);
        if (page == NULL && is_odd(failure) && attempt < ODD_PAGES_TRIED) {
            g_clear_error(&failure);
            continue;
        }
        if (page == NULL) {
            g_propagate_error(error, failure);
            return NULL;
        }
        walk->unordered = walk->unordered || unordered;
        walk->kind->span(page, ret_span);
        gboolean equal = ret_span->digest != 0 && ret_span->digest == walk->last_digest;
        if ((!equal && !leads_back(walk, page)) || attempt == ODD_PAGES_TRIED)
            return g_steal_pointer(&page);
    }
}

/* The watermark never passes the moment when the walk began: what changed later may be missing. */
static void raise_watermark(Walk *walk, const RecordPage *page, const WalkSpan *span)
{
    if (walk->cursor->position == NULL)
        walk->began = page->server_time;
    if (span->newest == TIME_ABSENT || walk->kept)
        return;
    UtcTime newest = span->newest;
    if (walk->began != TIME_ABSENT && newest > walk->began + TIME_SECOND)
        newest = walk->began + TIME_SECOND; /* the Date header has whole seconds */
    if (walk->cursor->watermark == TIME_ABSENT || newest > walk->cursor->watermark)
        walk->cursor->watermark = newest;
}

static void advance(Walk *walk, const RecordPage *page, const WalkSpan *span)
{
    StoreCursor *cursor = walk->cursor;
    raise_watermark(walk, page, span);
    cursor->counted += (gint64) page->n_records;
    gboolean at_floor = walk->kind->ends_at_floor && cursor->floor != TIME_ABSENT &&
                        span->last != TIME_ABSENT && span->last < cursor->floor;
    walk->last_digest = span->digest;
    if (page->next == NULL || at_floor) {
        sync_cursor_set_state(cursor, CURSOR_STATE_DONE);
        if (cursor->watermark == TIME_ABSENT) /* an empty list */
            cursor->watermark = cursor->floor;
    }
    /* The page that crosses the floor is read again when the floor is lowered. */
    if (at_floor)
        return;
    if (page->next == NULL && walk->kind->ends_at_floor)
        cursor->floor = TIME_ABSENT; /* there is nothing beyond */
    g_free(cursor->position);
    cursor->position = g_strdup(page->next);
}

static gboolean put_page(Walk *walk, const RecordPage *page, GError **error)
{
    SyncRepository *repository = walk->repository;
    SyncEngine *engine = repository->engine;
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL)
        return FALSE;
    if (!walk->kind->put(repository, tx, page, walk->cursor, error) ||
        !store_put_quarantined(tx, engine->workspace_id, repository->id, page->quarantined,
                               page->n_quarantined, error) ||
        !sync_put_cursor(repository, tx, walk->kind->cursor, walk->cursor, error) ||
        !sync_repository_put_lists(repository, tx, error))
        return FALSE;
    if (!store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    sync_count(engine, &engine->summary.quarantined, (gint64) page->n_quarantined);
    return TRUE;
}

static gboolean step(Walk *walk, WalkSpan *ret_span, GError **error)
{
    GError *failure = NULL;
    g_autoptr(RecordPage) page = fetch_page(walk, ret_span, &failure);
    if (page == NULL && walk->kept && walk->cursor->position != NULL && is_expired(failure)) {
        g_clear_error(&failure);
        begin(walk);
        page = fetch_page(walk, ret_span, &failure);
    }
    if (page == NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    if (leads_back(walk, page))
        return fail_as_loop(walk, "an address comes again", error);
    if (page->next != NULL)
        g_hash_table_add(walk->seen, g_strdup(page->next));
    if (g_hash_table_size(walk->seen) > LIMIT_PAGES_PER_WALK)
        return fail_as_loop(walk, "it has no end", error);
    advance(walk, page, ret_span);
    if (!put_page(walk, page, error))
        return FALSE;
    if (walk->kind->tell != NULL)
        walk->kind->tell(walk->repository, page, walk->cursor, ret_span);
    return TRUE;
}

/* A list that repeats itself has to be read from the top again. */
static void forget_position(Walk *walk)
{
    SyncRepository *repository = walk->repository;
    g_clear_pointer(&walk->cursor->position, g_free);
    g_autoptr(StoreTx) tx = store_begin(repository->engine->store, NULL);
    if (tx != NULL && sync_put_cursor(repository, tx, walk->kind->cursor, walk->cursor, NULL) &&
        !store_commit(g_steal_pointer(&tx), NULL))
        log_event(LOG_LEVEL_WARNING, "sync: the position of a repeating list could not be dropped");
}

gboolean walk_run(SyncRepository *repository, const WalkKind *kind, StoreCursor *cursor,
                  UtcTime pause, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Walk walk = {.repository = repository,
                 .kind = kind,
                 .cursor = cursor,
                 .seen = seen,
                 .began = TIME_ABSENT};
    if (sync_cursor_is(cursor, CURSOR_STATE_RUNNING) && cursor->position != NULL) {
        walk.kept = TRUE;
        g_hash_table_add(seen, g_strdup(cursor->position));
    } else {
        begin(&walk);
    }
    while (sync_cursor_is(cursor, CURSOR_STATE_RUNNING)) {
        WalkSpan span = {TIME_ABSENT, TIME_ABSENT, 0};
        GError *failure = NULL;
        if (!sync_check_cancelled(repository->engine, error))
            return FALSE;
        if (kind->is_optional && !sync_take_optional(repository))
            break;
        if (!step(&walk, &span, &failure)) {
            if (error_is(failure, PLUMBLINE_ERROR_PAGING_LOOP))
                forget_position(&walk);
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (pause != TIME_ABSENT && !walk.unordered && span.last != TIME_ABSENT &&
            span.last < pause)
            break;
    }
    return TRUE;
}
