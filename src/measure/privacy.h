/*
 * privacy: comparisons that would say more about a person than about a team are not shown.
 *
 * A row of a team is shown when at least so many different people are behind the team's rows in the
 * whole answer; rows by author or reviewer when the answer is about at least so many people.
 * Belongs to one query.
 */
#pragma once

#include "measure/axis.h"

typedef struct {
    gint64 least;         /* people; up to 1 everything is shown */
    gint team_axis;       /* -1: none */
    gint people_axis;     /* likewise */
    guint32 n_people;     /* in all */
    guint8 *seen_in_team; /* a bit per team and person */
    guint8 *seen;         /* a bit per person of the axis of people */
    gint64 *of_team;      /* different people per slot of the axis of teams */
    gint64 compared;      /* different people on the axis of people */
} Privacy;

void privacy_init(Privacy *privacy, const MeasureColumns *columns, const MeasureQuery *query,
                  const Axis axes[2]);
void privacy_clear(Privacy *privacy);
/* Takes note of the block's rows that count; their slots are filled. */
void privacy_see(Privacy *privacy, const RowBlock *block);
/* Whether the row with these slots may be shown, after the passes. */
gboolean privacy_shows(const Privacy *privacy, const guint32 slots[2]);
