/*
 * Inside cli: what 'plumbline team' shows.
 */
#pragma once

#include "cli/work.h"

/* All teams with their calendars and how many are in them at @now. */
gboolean team_view_list(Store *store, gint64 workspace_id, UtcTime now, gboolean as_json,
                        GError **error);
/* One team with its members, past ones too, and its holidays. */
gboolean team_view_one(Store *store, gint64 workspace_id, gint64 team_id, gboolean as_json,
                       GError **error);
