/*
 * reading: how far the first reading of each repository is. Part of the store's public header; see
 * store.h for what holds everywhere.
 *
 * Sync keeps three cursors for it, and alone writes them: those of its two walks, and one that is
 * under way from before the first page until git and details were read as well. Who judges what was
 * read asks here what there is to be judged.
 */
#pragma once

#include "store/store.h"

#define STORE_CURSOR_PULLS    "pull-requests" /* the first walk, newest to horizon */
#define STORE_CURSOR_ACTIVITY "activity"
#define STORE_CURSOR_READING  "first-reading" /* watermark: known_since; floor: began */

typedef struct {
    gint64 repository_id;
    gboolean is_complete;  /* walked to the horizon, and nothing of it under way */
    gboolean is_under_way; /* begun and not ended, whether or not somebody reads at the moment */
    UtcTime began;         /* the server's clock; absent unless under way */
    UtcTime known_since;   /* while under way: of what was opened since, everything up to @began is
                              known; absent: of nothing */
    UtcTime stuck_since; /* since when reading it fails; absent: it does not, or nobody reads it */
    gboolean is_orphan;  /* no connection reads it */
} StoreReading;

/* GArray of StoreReading, of the selected repositories, by id. */
GArray *store_list_readings(Store *store, gint64 workspace_id,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
