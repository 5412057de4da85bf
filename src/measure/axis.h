/*
 * axis: a dimension as slots from 0, so that groups are array indices. Belongs to one query.
 */
#pragma once

#include "measure/rows.h"
#include "measure/zone.h"

typedef struct {
    Dimension dimension;
    guint32 n; /* slots */
    /* by time */
    ZoneOffsets zone;
    gsize zone_hint;
    gint64 first_day, n_days;
    guint32 *slot_of_day;
} Axis;

/* Time axes reach from @first to @last, the instants that can come. INVALID for the time zone. */
gboolean axis_init(Axis *ret_axis, Dimension dimension, const MeasureColumns *columns,
                   const char *time_zone, UtcTime first, UtcTime last, GError **error);
void axis_clear(Axis *axis);

gboolean axis_is_time(const Axis *axis);
/* Natural order, or by how much there is of each? */
gboolean axis_is_ordered(const Axis *axis);
gboolean axis_is_people(const Axis *axis);

guint32 axis_slot_of_time(Axis *axis, UtcTime time);
/* Fills ret_slots for every row of the block. */
void axis_fill_slots(Axis *axis, const MeasureColumns *columns, const RowBlock *block,
                     guint32 *ret_slots);

/* Free with g_free. */
char *axis_key(const Axis *axis, const MeasureColumns *columns, guint32 slot);
char *axis_label(const Axis *axis, const MeasureColumns *columns, guint32 slot);
