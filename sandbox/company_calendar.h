/*
 * calendar: when people of the company work.
 *
 * Everybody works eight and a half hours on weekdays that are no holiday at their office, in a time
 * zone without summer time. Times are UTC microseconds.
 */
#pragma once

#include <glib.h>

#define SECOND ((gint64) 1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

typedef struct {
    const char *city;
    gint utc_offset_minutes;
    const char *holidays; /* "MM-DD MM-DD …" */
} Office;

#define N_OFFICES 6
extern const Office calendar_offices[N_OFFICES];

typedef struct {
    gint64 first_day; /* days since 1970 */
    guint n_days;
    guint8 *closed; /* per day one bit for each office */
} Calendar;

typedef struct {
    guint office;
    gint64 utc_offset;
    gint64 day_start; /* local time of day at which this person begins */
} WorkingHours;

/* Knows the holidays from @from to @until; outside there are none. */
void calendar_init(Calendar *calendar, gint64 from, gint64 until);
void calendar_clear(Calendar *calendar);
gboolean calendar_is_working(const Calendar *calendar, const WorkingHours *hours, gint64 at);
/* The instant at which @work of working time have passed since @at. */
gint64 calendar_add(const Calendar *calendar, const WorkingHours *hours, gint64 at, gint64 work);
