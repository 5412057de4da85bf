/*
 * teams: who was in which team when, and by whose clocks work is counted.
 *
 * Teams are numbers from 0; a Teams is built by one thread and immutable from then on. People are
 * canonical ids.
 */
#pragma once

#include "measure/measure.h"

#define NO_TEAM G_MAXUINT32

typedef struct Teams Teams;

/* @workspace: taken; the calendar of everybody who is in no team. */
Teams *teams_new(WorkCalendar *workspace);
void teams_free(Teams *teams);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Teams, teams_free)
/* @calendar: taken. Gives the team's number. */
guint32 teams_add(Teams *teams, gint64 team_id, const char *name, WorkCalendar *calendar);
/* Memberships of one person come in order of their beginning. */
void teams_add_member(Teams *teams, guint32 team, gint64 person_id, UtcTime from, UtcTime until);

/* From the store. INVALID names the team or setting that cannot be read. */
Teams *teams_load(Store *store, gint64 workspace_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The calendars of all teams as one text, in which two that mean another working time differ.
 * Memberships are not in it: a change to one marks what that person touched. Free with g_free. */
char *teams_fingerprint(Store *store, gint64 workspace_id, GError **error);

guint32 teams_count(const Teams *teams);
gint64 teams_id(const Teams *teams, guint32 team);
const char *teams_name(const Teams *teams, guint32 team);
guint32 teams_find(const Teams *teams, gint64 team_id); /* NO_TEAM: none */

/* A person's memberships, by beginning; NULL: none ever. Good as long as the teams. */
typedef struct TeamSpans TeamSpans;
const TeamSpans *teams_spans(const Teams *teams, gint64 person_id);
/* The team at an instant: of overlapping memberships (two sightings that were merged later) the one
 * that began last. NO_TEAM before, between and after. @spans may be NULL. */
guint32 team_spans_at(const TeamSpans *spans, UtcTime at);

/* NO_TEAM: the workspace's. */
const WorkCalendar *teams_calendar(const Teams *teams, guint32 team);
/* Of the team that the person was in at @at. */
const WorkCalendar *teams_calendar_of(const Teams *teams, gint64 person_id, UtcTime at);
