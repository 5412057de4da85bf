/*
 * What a time zone's clocks show over a stretch of time, as a short sorted array.
 *
 * GLib answers one instant at a time and searches its transitions for each; measures ask for
 * hundreds of thousands. A ZoneOffsets is immutable once made; any thread may read it.
 */
#pragma once

#include "base/base.h"

typedef struct {
    UtcTime from;    /* the first one: G_MININT64 */
    Duration offset; /* local time = UTC + offset, until the next span's from */
} ZoneSpan;

typedef struct {
    ZoneSpan *spans;
    gsize n; /* at least 1 */
} ZoneOffsets;

/* @zone: an IANA name; NULL is UTC. Right for instants in [from, until). INVALID for an unknown
 * name. */
gboolean zone_offsets_init(ZoneOffsets *ret_offsets, const char *zone, UtcTime from, UtcTime until,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
void zone_offsets_clear(ZoneOffsets *offsets);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ZoneOffsets, zone_offsets_clear)

/* Index of the span that holds @time. @hint: where the answer was last time. */
gsize zone_offsets_find(const ZoneOffsets *offsets, UtcTime time, gsize hint);

/* ---- days without a zone: local microseconds and days since 1970-01-01, the Gregorian calendar */

static inline gint64 floor_divide(gint64 value, gint64 by)
{
    return value / by - (value % by < 0);
}

/* 0 Monday … 6 Sunday. */
static inline guint day_weekday(gint64 day)
{
    return (guint) (day + 3 - 7 * floor_divide(day + 3, 7)); /* 1970-01-01 was a Thursday */
}

/* Year and month (1-12) of a day, and back. */
void day_to_civil(gint64 day, gint *ret_year, guint *ret_month, guint *ret_day);
gint64 day_from_civil(gint year, guint month, guint day);
