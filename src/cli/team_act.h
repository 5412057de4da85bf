/*
 * Inside cli: what 'plumbline team' changes.
 */
#pragma once

#include "cli/work.h"

typedef struct {
    Store *store;
    gint64 workspace_id;
    UtcTime now;
    UtcTime since, until;                     /* absent: not said */
    const char *zone, *days, *hours, *rename; /* NULL: not said; "workspace": as there */
    gboolean replaces;                        /* holidays */
    gboolean forces;                          /* a team with a past goes too */
    char **words;                             /* after the verb */
} TeamAct;

gboolean team_act_add(const TeamAct *act, GError **error);
gboolean team_act_change(const TeamAct *act, GError **error);
gboolean team_act_remove(const TeamAct *act, GError **error);
gboolean team_act_member_add(const TeamAct *act, GError **error);
gboolean team_act_member_move(const TeamAct *act, GError **error);
gboolean team_act_member_end(const TeamAct *act, GError **error);
gboolean team_act_holidays(const TeamAct *act, GError **error);
gboolean team_act_import(const TeamAct *act, GError **error);
gboolean team_act_export(const TeamAct *act, GError **error);
