/*
 * series: the rows behind a question, one by one, for what looks at more than a statistic: tests of
 * change, explanations. The same rows that measure_query counts, chosen by the same filters.
 */
#pragma once

#include "measure/measure.h"

typedef struct {
    UtcTime at; /* the anchor */
    gint64 repository_id;
    gint64 number;    /* COUNT_ABSENT: not of one pull request */
    gint64 author_id; /* COUNT_ABSENT: nobody's */
    gint64 team_id;   /* of whoever the row belongs to, then; 0: none */
    guint size;       /* class, for measure_size_name; of pull requests and reviews */
} MeasurePoint;

typedef struct {
    MeasurePoint *points; /* by time */
    double *values;       /* of point i and ask k at [i * n_asks + k]; NAN: absent */
    gsize n, n_asks;
} MeasureSeries;

/* @query->by is not looked at, statistics neither. INVALID as for measure_query, and when two asks
 * have different anchors. */
MeasureSeries *measure_series(const MeasureColumns *columns, const MeasureQuery *query,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void measure_series_free(MeasureSeries *series);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MeasureSeries, measure_series_free)

#define MEASURE_SIZES 6
const char *measure_size_name(guint size); /* "XS" … "XL", "unknown" */
