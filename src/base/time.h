/*
 * UTC time in microseconds.
 *
 * Every instant in Plumbline is a UtcTime: microseconds since 1970-01-01T00:00:00Z. An unknown
 * instant is TIME_ABSENT, never 0. The same value marks an absent count (COUNT_ABSENT) so that
 * columns of both kinds can be treated alike; the store writes both as NULL. All functions are pure
 * unless said otherwise and may be called from any thread.
 */
#pragma once

#include <glib.h>

typedef gint64 UtcTime;
typedef gint64 Duration; /* microseconds; DURATION_ABSENT when an input is absent */

#define TIME_ABSENT     G_MININT64
#define COUNT_ABSENT    G_MININT64
#define DURATION_ABSENT G_MININT64

#define TIME_SECOND G_GINT64_CONSTANT(1000000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR   (60 * TIME_MINUTE)
#define TIME_DAY    (24 * TIME_HOUR)

/* Room for time_format's answer with its NUL. */
#define TIME_TEXT_SIZE 33

/* Reads ISO 8601 as Bitbucket writes it: date, 'T' or space, time, optional fraction of 1-9 digits
 * (cut to microseconds), then 'Z', "±hh:mm" or "±hhmm". A date alone is midnight UTC. Years
 * 1970-2200. @length -1: NUL-terminated. Fails with INVALID. */
gboolean time_parse(const char *text, gssize length, UtcTime *ret_time,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads an HTTP date (RFC 9110 IMF-fixdate). Fails with INVALID. */
gboolean time_parse_http_date(const char *text, UtcTime *ret_time,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "2026-11-02T11:25:52.591232Z"; no fraction when it is zero. "" for TIME_ABSENT. Returns @buffer.
 */
const char *time_format(UtcTime time, char buffer[TIME_TEXT_SIZE]);

/* For people: "45 min", "7.5 h", "3.2 d"; "-" for DURATION_ABSENT. One number and one unit. Returns
 * @buffer. */
const char *duration_format(Duration duration, char buffer[TIME_TEXT_SIZE]);

/* The wall clock. Only for what is about this machine (logs, leases); what is about Bitbucket uses
 * its own times. */
UtcTime time_now(void);
