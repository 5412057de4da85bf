/*
 * Inside of sync: what connecting adds to the rules of selection (store/policies.h).
 */
#pragma once

#include "store/store.h"

/* One repository by its full name, which is in the store. */
gboolean selection_choose_repository(Store *store, gint64 workspace_id, const char *full_name,
                                     UtcTime now, GError **error);
/* Those that a glob matches; @patterns NULL: all. These rules go before the others: what somebody
 * takes out by hand stays out, also when the connection is made again. */
gboolean selection_choose_patterns(Store *store, gint64 workspace_id, const char *const *patterns,
                                   UtcTime now, GError **error);
