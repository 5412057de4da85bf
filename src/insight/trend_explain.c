/*
 * Where a change of durations comes from: phases, and in each the same mix slower or another mix.
 */
#include "insight/trend.h"

#include <math.h>

/* The groups of a row, one for each way to look at it. */
typedef struct {
    guint32 size, repository, team;
} RowGroups;

/* Rows of the repositories that are looked at. */
static SplitRow *gather_rows(const TrendRequest *request, const MeasureSeries *series,
                             guint n_parts, RowGroups *ret_groups, gsize *ret_n)
{
    TrendWindows windows = trend_windows(request->columns, request->now);
    g_autoptr(GHashTable) repositories =
        trend_number(request->repositories, request->n_repositories);
    g_autoptr(GHashTable) teams = trend_number(request->teams, request->n_teams);
    SplitRow *rows = g_new(SplitRow, MAX(series->n, 1));
    Duration cut = change_cut(series);
    gsize n = 0;
    for (gsize i = 0; i < series->n; i++) {
        const MeasurePoint *point = &series->points[i];
        gsize repository =
            GPOINTER_TO_SIZE(g_hash_table_lookup(repositories, &point->repository_id));
        gsize team = GPOINTER_TO_SIZE(g_hash_table_lookup(teams, &point->team_id));
        if (repository == 0 || isnan(series->values[i * series->n_asks]))
            continue;
        rows[n] = change_row(series, i);
        rows[n].is_after = point->at >= windows.middle;
        split_cap(&rows[n], n_parts, cut);
        ret_groups[n++] = (RowGroups){point->size, (guint32) repository - 1, (guint32) team};
    }
    *ret_n = n;
    return rows;
}

static guint find_largest(const Split *split)
{
    guint largest = 0;
    for (guint p = 1; p < split->n_parts; p++)
        if (split->parts[p] > split->parts[largest])
            largest = p;
    return largest;
}

/* Splits by the group that lies at @offset in RowGroups. */
static Split *split_by(SplitRow *rows, const RowGroups *groups, gsize n, guint n_parts,
                       gsize offset, guint n_groups)
{
    for (gsize i = 0; i < n; i++)
        rows[i].group = *(const guint32 *) (const void *) ((const char *) &groups[i] + offset);
    return split_change(rows, n, n_parts, n_groups);
}

gboolean trend_explain(const TrendRequest *request, const Trend *trend, TrendCause *ret_cause,
                       GError **error)
{
    gboolean is_cycle = g_str_equal(trend->subject->measure, CHANGE_MEASURE_NAMES[0]);
    guint n_parts = is_cycle ? TREND_PARTS : 1;
    g_autoptr(MeasureSeries) series =
        trend_series(request, is_cycle ? CHANGE_MEASURE_NAMES : &trend->subject->measure,
                     is_cycle ? CHANGE_MEASURES : 1, trend->repository_id, trend->team_id, error);
    if (series == NULL)
        return FALSE;
    gsize n;
    g_autofree RowGroups *groups = g_new(RowGroups, MAX(series->n, 1));
    g_autofree SplitRow *rows = gather_rows(request, series, n_parts, groups, &n);
    TrendCause cause = {
        .by_size = split_by(rows, groups, n, n_parts, offsetof(RowGroups, size), MEASURE_SIZES)};
    if (cause.by_size == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INTERNAL,
                    "A trend of '%s' has no values to explain.", trend->subject->measure);
        return FALSE;
    }
    if (trend->repository_id == 0)
        cause.by_repository = split_by(rows, groups, n, n_parts, offsetof(RowGroups, repository),
                                       (guint) request->n_repositories);
    if (trend->team_id == 0 && request->n_teams > 0)
        cause.by_team = split_by(rows, groups, n, n_parts, offsetof(RowGroups, team),
                                 (guint) request->n_teams + 1);
    cause.largest = find_largest(cause.by_size);
    *ret_cause = cause;
    return TRUE;
}

void trend_cause_clear(TrendCause *cause)
{
    g_clear_pointer(&cause->by_size, split_free);
    g_clear_pointer(&cause->by_repository, split_free);
    g_clear_pointer(&cause->by_team, split_free);
}
