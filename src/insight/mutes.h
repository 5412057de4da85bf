/*
 * Inside insight: which findings a mute silences.
 */
#pragma once

#include "store/store.h"

gboolean mute_fits(const StoreMute *mute, const StoreFinding *finding);
/* The first of @mutes (StoreMute) that fits; NULL: none. */
const StoreMute *mutes_find(const GPtrArray *mutes, const StoreFinding *finding);
