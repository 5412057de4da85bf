#include "measure/query.h"

struct SeriesRows {
    GArray *points; /* MeasurePoint */
    GArray *values; /* double */
};

static MeasurePoint point_of(const QueryRun *run, const RowBlock *block, gsize i)
{
    const MeasureColumns *columns = run->columns;
    MeasurePoint point = {.at = block->at[i],
                          .repository_id =
                              block->repository[i] == NO_INDEX
                                  ? 0
                                  : dictionary_id(&columns->repositories, block->repository[i]),
                          .number = COUNT_ABSENT,
                          .author_id = block->author[i] == NO_INDEX
                                           ? COUNT_ABSENT
                                           : dictionary_id(&columns->people, block->author[i]),
                          .size = SIZE_CLASS_UNKNOWN};
    MeasureSubject subject = run->tallies[0].measure->info.subject;
    if (subject == MEASURE_OF_PULL_REQUESTS || subject == MEASURE_OF_REVIEWS) {
        point.number = columns->pulls.number[block->pull[i]];
        point.size = columns->pulls.size_class[block->pull[i]];
    }
    guint32 team = subject == MEASURE_OF_DEPLOYMENTS
                       ? NO_TEAM
                       : columns_team_at(columns, block->person[i], block->at[i]);
    point.team_id = team == NO_TEAM ? 0 : teams_id(columns->teams, team);
    return point;
}

void series_take(QueryRun *run, RowBlock *block)
{
    SeriesRows *rows = run->series;
    gsize n_asks = run->query->n_asks;
    guint first = rows->points->len;
    for (gsize i = 0; i < block->n; i++) {
        MeasurePoint point = point_of(run, block, i);
        g_array_append_val(rows->points, point);
    }
    g_array_set_size(rows->values, (guint) (rows->points->len * n_asks));
    for (gsize ask = 0; ask < n_asks; ask++) {
        const Tally *tally = &run->tallies[run->tally_of_ask[ask]];
        measure_fill_values(tally->measure, run->columns, block, run->query->now,
                            tally->working_time, block->value);
        for (gsize i = 0; i < block->n; i++)
            g_array_index(rows->values, double, (first + i) * n_asks + ask) = block->value[i];
    }
    guint kept = first;
    for (gsize i = 0; i < block->n; i++) {
        if (block->is_left_out[i])
            continue;
        g_array_index(rows->points, MeasurePoint, kept) =
            g_array_index(rows->points, MeasurePoint, first + i);
        memmove(&g_array_index(rows->values, double, kept *n_asks),
                &g_array_index(rows->values, double, (first + i) * n_asks),
                n_asks * sizeof(double));
        kept++;
    }
    g_array_set_size(rows->points, kept);
    g_array_set_size(rows->values, (guint) (kept * n_asks));
}

static gint compare_times(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const MeasurePoint *points = user_data;
    gsize first = *(const gsize *) a, second = *(const gsize *) b;
    if (points[first].at != points[second].at)
        return points[first].at < points[second].at ? -1 : 1;
    return (first > second) - (first < second);
}

/* Takes what @rows hold. */
static MeasureSeries *arrange(SeriesRows *rows, gsize n_asks)
{
    MeasureSeries *series = g_new0(MeasureSeries, 1);
    const MeasurePoint *points = (const MeasurePoint *) (const void *) rows->points->data;
    const double *values = (const double *) (const void *) rows->values->data;
    series->n = rows->points->len;
    series->n_asks = n_asks;
    series->points = g_new(MeasurePoint, MAX(series->n, 1));
    series->values = g_new(double, MAX(series->n * n_asks, 1));
    g_autofree gsize *order = g_new(gsize, MAX(series->n, 1));
    for (gsize i = 0; i < series->n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint) series->n, sizeof *order, compare_times, (gpointer) points);
    for (gsize i = 0; i < series->n; i++) {
        series->points[i] = points[order[i]];
        memcpy(series->values + i * n_asks, values + order[i] * n_asks, n_asks * sizeof(double));
    }
    return series;
}

static gboolean check_anchors(const MeasureQuery *query, GError **error)
{
    const Measure *first = measure_of(query->asks[0].measure);
    for (gsize i = 1; i < query->n_asks; i++)
        if (measure_of(query->asks[i].measure)->anchor != first->anchor) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "'%s' and '%s' are counted at different instants, so they are no one "
                        "series; ask for them one by one.",
                        first->info.id, query->asks[i].measure->id);
            return FALSE;
        }
    return TRUE;
}

MeasureSeries *measure_series(const MeasureColumns *columns, const MeasureQuery *query,
                              GError **error)
{
    MeasureQuery ungrouped = *query;
    ungrouped.by[0] = ungrouped.by[1] = DIMENSION_NONE;
    if (!query_check(&ungrouped, error) || !check_anchors(query, error))
        return NULL;
    SeriesRows rows = {.points = g_array_new(FALSE, FALSE, sizeof(MeasurePoint)),
                       .values = g_array_new(FALSE, FALSE, sizeof(double))};
    QueryRun run = {.columns = columns, .query = &ungrouped, .series = &rows};
    query_find_tallies(&run);
    query_pass(&run, measure_of(query->asks[0].measure)->anchor);
    MeasureSeries *series = arrange(&rows, query->n_asks);
    g_array_unref(rows.points);
    g_array_unref(rows.values);
    query_clear(&run);
    return series;
}

void measure_series_free(MeasureSeries *series)
{
    if (series == NULL)
        return;
    g_free(series->points);
    g_free(series->values);
    g_free(series);
}

G_STATIC_ASSERT(MEASURE_SIZES == SIZE_CLASSES);

const char *measure_size_name(guint size)
{
    return size < SIZE_CLASSES ? SIZE_CLASS_NAMES[size] : NULL;
}
