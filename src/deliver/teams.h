/*
 * teams: who is in which team, for people and programs. Part of deliver's public header; see
 * deliver.h for what holds everywhere.
 */
#pragma once

#include "deliver/deliver.h"

/* Text or JSON (INVALID otherwise); docs/command-line.md describes the members. @team_id 0: all
 * teams; in text with how many are in them at @now, else one with its members, past ones too, and
 * its holidays. For g_string_free. */
GString *deliver_render_teams(Store *store, gint64 workspace_id, gint64 team_id, UtcTime now,
                              ReportFormat format, const ReportStyle *style,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
