/*
 * Inside insight: which findings a mute silences.
 */
#pragma once

#include "store/store.h"

gboolean mute_fits(const StoreMute *mute, const StoreFinding *finding);
/* Ends those whose time is over, and takes them out of @mutes (StoreMute). */
gboolean mutes_end_due(StoreTx *tx, gint64 workspace_id, GPtrArray *mutes, UtcTime now,
                       GError **error);
/* The first of @mutes that fits; NULL: none. */
const StoreMute *mutes_find(const GPtrArray *mutes, const StoreFinding *finding);
