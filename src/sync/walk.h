/*
 * A walk down a list, newest first, page by page: each page is one transaction with its rows, its
 * quarantine and the cursor, so that a killed process goes on at the next page.
 *
 * A position kept from an earlier run may have expired: the walk then starts again from the top
 * (rows are upserts). Positions seen before and pages that repeat end the walk with PAGING_LOOP.
 */
#pragma once

#include "sync/engine.h"

typedef struct {
    UtcTime newest, last; /* of the page's records; TIME_ABSENT: it has none */
    guint64 digest;       /* of their keys, to know a page that comes twice; 0: no records */
} WalkSpan;

typedef struct {
    const char *cursor;
    SyncStage stage;
    /* The list is cut by the walk, not by the query: it ends at the floor. */
    gboolean ends_at_floor;
    /* Each page takes a request of those that details may spend; without one the walk pauses. */
    gboolean is_optional;
    RecordPage *(*fetch)(SyncRepository *repository, const StoreCursor *cursor,
                         gboolean *ret_unordered, GError **error);
    gboolean (*put)(SyncRepository *repository, StoreTx *tx, const RecordPage *page,
                    const StoreCursor *cursor, GError **error);
    void (*span)(const RecordPage *page, WalkSpan *ret_span);
    /* After the page was committed: counts and progress. May be NULL. */
    void (*tell)(SyncRepository *repository, const RecordPage *page, const StoreCursor *cursor,
                 const WalkSpan *span);
} WalkKind;

/* Goes on where @cursor is; a cursor that is not running is begun at the top, down to its floor
 * (set by the caller). Ends with state "done", or early, still "running", once the walk is past
 * @pause (TIME_ABSENT: never) in an ordered list. @cursor is left as stored. */
gboolean walk_run(SyncRepository *repository, const WalkKind *kind, StoreCursor *cursor,
                  UtcTime pause, GError **error);
