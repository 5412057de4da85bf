/*
 * Inside of sync: which repositories a connection selects.
 */
#pragma once

#include "store/store.h"

/* Whether a glob of @patterns (NULL: everything) matches the full name, the slug or the project
 * key. */
gboolean connect_matches(const char *const *patterns, const char *full_name, const char *slug,
                         const char *project_key);

/* Selects repositories that appeared since the last call and match what the connection was made
 * with. Those that an administrator took out stay out. */
gboolean sync_select_new_repositories(Store *store, gint64 workspace_id, gint64 connection_id,
                                      GError **error);
