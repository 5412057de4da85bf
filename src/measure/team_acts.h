/*
 * team_acts: what people change about teams. Part of the measure room's public header.
 *
 * What writes takes the caller's transaction, so that a note of who did it stands in the same one.
 * What reads takes the store, and sees what was committed before. Facts follow with the next
 * measure_refresh.
 */
#pragma once

#include "measure/team_files.h"
#include "store/store.h"

/* The team as it is stored. NOT_FOUND. */
StoreTeam *team_get(Store *store, gint64 workspace_id, gint64 team_id,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A name that a team may have, and that can stand in a team file: not empty, no longer than
 * LIMIT_NAME, without brackets and control characters. INVALID. */
gboolean team_name_check(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is said of a team; NULL: nothing. */
typedef struct {
    const char *name;
    const char *zone, *days, *hours; /* "workspace": as there; hours like "09:00-17:00" */
} TeamWords;
/* Takes over what was said and checks the whole; store_put_team writes it. INVALID. */
gboolean team_take_words(StoreTeam *team, const TeamWords *words,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* INVALID when the team has or had members, unless @with_past. */
gboolean team_remove(Store *store, StoreTx *tx, gint64 workspace_id, const StoreTeam *team,
                     gboolean with_past, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* @people: canonical ids, called @names in messages. @from absent: since ever. */
gboolean team_add_members(StoreTx *tx, gint64 workspace_id, gint64 team_id, const GArray *people,
                          char *const *names, UtcTime from, UtcTime until,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends what holds at @at, if anything does, and begins a membership in the team. */
gboolean team_move_member(StoreTx *tx, gint64 workspace_id, gint64 person_id, gint64 team_id,
                          UtcTime at, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The days of an iCalendar file from some years before @now to some after. GPtrArray of Holiday. */
GPtrArray *team_holidays_parse(const char *text, gsize length, UtcTime now, gint *ret_first_year,
                               gint *ret_last_year, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @replaces: those that the team has are forgotten. */
gboolean team_put_holidays(StoreTx *tx, gint64 workspace_id, gint64 team_id, const GPtrArray *days,
                           gboolean replaces, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- team files, which docs/command-line.md describes */

/* What a file would make of the teams that there are. */
typedef struct TeamImport TeamImport;
/* INVALID names the team, and whom nobody knows. */
TeamImport *team_import_plan(Store *store, gint64 workspace_id, const char *text, gsize length,
                             UtcTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void team_import_free(TeamImport *import);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TeamImport, team_import_free)
/* @ret_people: those who are new in the teams of the file. */
gboolean team_import_run(StoreTx *tx, const TeamImport *import, guint *ret_teams, guint *ret_people,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All teams with who is in them at @now, as a team file: people by address where one is known, else
 * by uuid. What was before is not in it. INVALID when a name
 * cannot stand in a file. For g_free. */
char *team_export(Store *store, gint64 workspace_id, UtcTime now,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
