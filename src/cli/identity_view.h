/*
 * Inside cli: what 'plumbline identity' shows.
 */
#pragma once

#include "cli/work.h"

/* Everybody once, with the names, addresses and accounts that are theirs. @person_id 0: all. */
gboolean identity_view_people(Store *store, gint64 workspace_id, gint64 person_id, gboolean as_json,
                              GError **error);
/* What a person has to decide. */
gboolean identity_view_doubts(Store *store, gint64 workspace_id, gboolean as_json, GError **error);
