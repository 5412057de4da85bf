/*
 * Inside cli: what people write after `plumbline insights`, read.
 */
#pragma once

#include "insight/insight.h"

/* "after=48h", "share=60%", "lines=400", "days=2": into @trial's next place, in the parameter's own
 * unit. INVALID. */
gboolean insight_values_add(const char *text, InsightTrial *trial, GError **error);
/* "2026-12-01", an instant, or a span from @now on such as "3d" or "12h". INVALID. */
gboolean insight_values_time(const char *text, UtcTime now, UtcTime *ret_time, GError **error);
