/*
 * A story: pull requests told in lines ("2026-03-02 14:00", "Ann", "opens, asking Bob"), turned
 * into the rows that the store would give and the facts that follow. docs/metrics.md shows the
 * words; tests read the page's tables with the same functions.
 */
#pragma once

#include "measure/calendar_settings.h"
#include "measure/columns.h"

#define STORY_DELETED "(account deleted)"

typedef struct Story Story;
Story *story_new(void);
void story_free(Story *story);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Story, story_free)

/* Fails the test on words it does not know. @pr 0 and @when "" where the line has none. */
void story_tell(Story *story, gint64 pr, const char *when, const char *who, const char *what);
UtcTime story_time(const char *when); /* "2026-03-02 14:00" */
gint64 story_person(Story *story, const char *name);
UtcTime story_now(const Story *story); /* the line "now"; TIME_ABSENT */

/* The row as told so far; may be altered before the facts are asked for. Valid until the next line.
 */
StorePullRequest *story_row(Story *story, gint64 pr);

/* Before the first membership. Both in Europe/Berlin or the like; hours and days as the default. */
void story_add_team(Story *story, gint64 team_id, const char *name, const char *zone);
/* @until NULL: still. */
void story_add_member(Story *story, gint64 team_id, const char *who, const char *from,
                      const char *until);
void story_set_calendar(Story *story, const CalendarSettings *settings);
const PeopleRoles *story_roles(Story *story);
/* Facts of one; reviews are appended when @reviews is not NULL. */
FactPr story_fact(Story *story, gint64 pr, GArray *reviews);
/* The same of a row that was made from the story's. */
FactPr story_fact_of(Story *story, const StorePullRequest *row, GArray *reviews);
MeasureColumns *story_columns(Story *story);
