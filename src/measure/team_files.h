/*
 * team_files: files that people bring: teams, and calendars of holidays. Part of the measure room's
 * public header. Foreign input: bounded, never trusted. docs/command-line.md has the formats.
 */
#pragma once

#include "base/base.h"

#define TEAM_FILE_MAX    ((gsize) 1024 * 1024) /* bytes, of either kind */
#define TEAM_FILE_TEAMS  1000
#define HOLIDAY_FILE_MAX 5000 /* days */

typedef struct {
    char *day;  /* "2026-12-25" */
    char *name; /* the event's summary; "" when it has none */
} Holiday;
void holiday_free(Holiday *holiday);
/* All-day events of an iCalendar file (RFC 5545) from the first day of @first_year to the last of
 * @last_year: several days, repetitions with their exceptions, further dates. Timed events are no
 * holidays, cancelled ones neither. GPtrArray of Holiday, each day once, by day. INVALID names the
 * event or the line that cannot be read. */
GPtrArray *holiday_file_parse(const char *text, gsize length, gint first_year, gint last_year,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A group of a team file: what is NULL was not said. */
typedef struct {
    char *name;
    char *zone, *days, *from, *until;
    UtcTime since;              /* of the members; absent: since ever */
    char **members, **holidays; /* never NULL */
} TeamEntry;
void team_entry_free(TeamEntry *entry);
/* GPtrArray of TeamEntry, in the order of the file; hours, days, zone and holidays are checked.
 * INVALID names the team and the key. */
GPtrArray *team_file_parse(const char *text, gsize length,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a team's words make a calendar, what is NULL being the default. INVALID names what does
 * not. */
gboolean team_words_check(const char *zone, const char *days, const char *from, const char *until,
                          const char *holidays, GError **error) G_GNUC_WARN_UNUSED_RESULT;
