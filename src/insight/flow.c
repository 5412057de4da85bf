#include "insight/flow.h"

#include <math.h>

#define WORST_SHOWN 8
#define PARTS_NAMED 3 /* of the groups behind a change */

const char *flow_value(FindingSink *sink, const Trend *trend, double value)
{
    if (trend->subject->shape == TREND_OF_DAYS)
        return finding_text(sink, "%.1f a working day", value);
    switch (measure_find(trend->subject->measure)->unit) {
    case MEASURE_UNIT_DURATION:
        return words_span(sink, (Duration) value);
    case MEASURE_UNIT_LINES:
        return words_many(sink, (gint64) value, "line", "lines");
    case MEASURE_UNIT_SHARE:
        return finding_text(sink, "%.0f %%", 100 * value);
    case MEASURE_UNIT_COUNT:
        break;
    }
    return finding_text(sink, "%.1f", value);
}

const char *flow_team(const FlowView *view, const Trend *trend)
{
    for (gsize i = 0; i < view->request->n_teams; i++)
        if (view->request->teams[i] == trend->team_id)
            return ((const StoreTeam *) view->teams->pdata[i])->name;
    return NULL;
}

const char *flow_place(FindingSink *sink, const FlowView *view, const Trend *trend)
{
    if (trend->repository_id != 0)
        return measure_repository_name(view->scene->columns, trend->repository_id);
    if (trend->team_id != 0)
        return finding_text(sink, "the team %s", flow_team(view, trend));
    return "the workspace";
}

/* ---- where it comes from */

static const char *signed_span(FindingSink *sink, Duration span)
{
    return finding_text(sink, "%s%s", span < 0 ? "−" : "+", words_span(sink, ABS(span)));
}

static void put_sentence(FindingDraft *draft, FindingSink *sink, GString *sentence)
{
    DraftEvidence *evidence = draft_add_evidence(draft);
    if (evidence != NULL)
        evidence->text = finding_text(sink, "%s", sentence->str);
}

typedef struct {
    Duration span;
    guint at;
} Placed;

static gint most_first(gconstpointer a, gconstpointer b)
{
    const Placed *first = a, *second = b;
    if (ABS(first->span) != ABS(second->span))
        return ABS(first->span) > ABS(second->span) ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

static void put_phases(FindingDraft *draft, FindingSink *sink, const Split *split)
{
    Placed placed[TREND_PARTS];
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint p = 0; p < split->n_parts; p++)
        placed[p] = (Placed){split->parts[p], p};
    qsort(placed, split->n_parts, sizeof *placed, most_first);
    g_string_printf(
        text, "The mean, its longest twentieth cut, rose by %s: ", words_span(sink, split->change));
    for (guint i = 0; i < split->n_parts; i++)
        if (placed[i].span != 0)
            g_string_append_printf(text, "%s%s %s", i == 0 ? "" : ", ",
                                   trend_part_name(placed[i].at),
                                   signed_span(sink, placed[i].span));
    put_sentence(draft, sink, text);
}

/* "Of these 9.1 h, 8 h are the same sizes taking longer (L 6.2 h, M 1.8 h), 1.1 h another mix." */
static void put_groups(FindingDraft *draft, FindingSink *sink, const Split *split, guint part,
                       const char *what, const char *(*name_of)(guint group, gpointer user_data),
                       gpointer user_data)
{
    const SplitGroup *groups = split->groups + part * split->n_groups;
    g_autofree Placed *placed = g_new(Placed, split->n_groups);
    g_autoptr(GString) text = g_string_new(NULL);
    Duration within = 0, mix = 0;
    for (guint g = 0; g < split->n_groups; g++) {
        placed[g] = (Placed){groups[g].within, g};
        within += groups[g].within;
        mix += groups[g].mix;
    }
    qsort(placed, split->n_groups, sizeof *placed, most_first);
    g_string_printf(text, "%s the same %s taking longer (", signed_span(sink, within), what);
    for (guint i = 0; i < split->n_groups && i < PARTS_NAMED && placed[i].span != 0; i++)
        g_string_append_printf(text, "%s%s %s", i == 0 ? "" : ", ",
                               name_of(placed[i].at, user_data), signed_span(sink, placed[i].span));
    g_string_append_printf(text, "), %s another mix of %s", signed_span(sink, mix), what);
    put_sentence(draft, sink, text);
}

static const char *size_name(guint group, gpointer user_data)
{
    return measure_size_name(group);
}

static const char *place_name(guint group, gpointer user_data)
{
    const FlowView *view = user_data;
    return measure_repository_name(view->scene->columns, view->request->repositories[group]);
}

static const char *team_name(guint group, gpointer user_data)
{
    const FlowView *view = user_data;
    return group == 0 ? "no team" : ((const StoreTeam *) view->teams->pdata[group - 1])->name;
}

void flow_add_cause(FindingDraft *draft, FindingSink *sink, const FlowView *view,
                    const TrendCause *cause)
{
    gpointer names = (gpointer) view;
    if (cause->by_size->n_parts > 1)
        put_phases(draft, sink, cause->by_size);
    put_groups(draft, sink, cause->by_size, cause->largest, "sizes", size_name, NULL);
    if (cause->by_repository != NULL)
        put_groups(draft, sink, cause->by_repository, cause->largest, "repositories", place_name,
                   names);
    if (cause->by_team != NULL)
        put_groups(draft, sink, cause->by_team, cause->largest, "teams", team_name, names);
}

/* ---- the rows */

static gboolean is_looked_at(const TrendRequest *request, const MeasurePoint *point)
{
    for (gsize i = 0; i < request->n_repositories; i++)
        if (request->repositories[i] == point->repository_id)
            return TRUE;
    return FALSE;
}

typedef struct {
    double value;
    gsize at;
} Row;

static gint worst_first(gconstpointer a, gconstpointer b)
{
    const Row *first = a, *second = b;
    if (first->value != second->value)
        return first->value > second->value ? -1 : 1;
    return (first->at > second->at) - (first->at < second->at);
}

static void put_worst(FindingDraft *draft, FindingSink *sink, const TrendRequest *request,
                      const Trend *trend, const MeasureSeries *series, UtcTime middle)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    for (gsize i = 0; i < series->n; i++) {
        Row row = {series->values[i], i};
        if (series->points[i].at >= middle && !isnan(row.value) && row.value > 0 &&
            is_looked_at(request, &series->points[i]))
            g_array_append_val(rows, row);
    }
    g_array_sort(rows, worst_first);
    for (guint i = 0; i < rows->len && i < WORST_SHOWN; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        const MeasurePoint *point = &series->points[row->at];
        DraftEvidence *evidence = draft_add_evidence(draft);
        if (evidence == NULL)
            return;
        evidence->repository_id = point->repository_id;
        evidence->number = point->number;
        evidence->at = point->at;
        evidence->text = flow_value(sink, trend, row->value);
    }
    draft->evidence_in_all = MAX((gint64) draft->n_evidence, (gint64) trend->n_after);
}

/* Of shares the mean, else how many there were. */
static void put_weeks(FindingDraft *draft, FindingSink *sink, const TrendRequest *request,
                      const MeasureSeries *series, gboolean is_share)
{
    enum { WEEKS = (TREND_DAYS_BEFORE + TREND_DAYS_AFTER) / 7 };
    double sums[WEEKS] = {0};
    gint64 counts[WEEKS] = {0};
    const WorkCalendar *calendar = measure_calendar(request->columns);
    TrendWindows windows = trend_windows(request->columns, request->now);
    gint64 first = work_calendar_day(calendar, windows.from);
    for (gsize i = 0; i < series->n; i++) {
        gint64 week = (work_calendar_day(calendar, series->points[i].at) - first) / 7;
        if (isnan(series->values[i]) || !is_looked_at(request, &series->points[i]))
            continue;
        sums[week] += series->values[i];
        counts[week]++;
    }
    for (gint64 week = 0; week < WEEKS; week++) {
        DraftEvidence *evidence = draft_add_evidence(draft);
        if (evidence == NULL)
            return;
        evidence->at = work_calendar_midnight(calendar, first + 7 * week);
        if (is_share)
            evidence->text =
                finding_text(sink, "%.0f %% of %s in the week",
                             counts[week] == 0 ? 0 : 100 * sums[week] / (double) counts[week],
                             words_number(sink, counts[week]));
        else
            evidence->text =
                finding_text(sink, "%s in the week", words_number(sink, (gint64) sums[week]));
    }
}

gboolean flow_add_rows(FindingDraft *draft, FindingSink *sink, const TrendRequest *request,
                       const Trend *trend, GError **error)
{
    g_autoptr(MeasureSeries) series = trend_series(request, &trend->subject->measure, 1,
                                                   trend->repository_id, trend->team_id, error);
    if (series == NULL)
        return FALSE;
    gboolean is_share = measure_find(trend->subject->measure)->unit == MEASURE_UNIT_SHARE;
    TrendWindows windows = trend_windows(request->columns, request->now);
    if (is_share || trend->subject->shape == TREND_OF_DAYS)
        put_weeks(draft, sink, request, series, is_share);
    else
        put_worst(draft, sink, request, trend, series, windows.middle);
    return TRUE;
}
