#include "insight/trend.h"

#include <math.h>

#define ALL_REPOSITORIES 0 /* the segment that is the workspace; repository i is segment i + 1 */

/* One subject's values on their way to the tests. */
typedef struct {
    const TrendRequest *request;
    const TrendSubject *subject;
    TrendWindows windows;
    GArray **before, **after; /* RankValue, per segment */
} Sample;

TrendWindows trend_windows(const MeasureColumns *columns, UtcTime now)
{
    const WorkCalendar *calendar = measure_calendar(columns);
    gint64 monday = work_calendar_monday(work_calendar_day(calendar, now));
    gint64 middle = monday - TREND_DAYS_AFTER;
    return (TrendWindows){.from = work_calendar_midnight(calendar, middle - TREND_DAYS_BEFORE),
                          .middle = work_calendar_midnight(calendar, middle),
                          .until = work_calendar_midnight(calendar, monday)};
}

MeasureSeries *trend_series(const TrendRequest *request, const char *const *measures, gsize n,
                            gint64 repository_id, GError **error)
{
    TrendWindows windows = trend_windows(request->columns, request->now);
    g_autofree MeasureAsk *asks = g_new0(MeasureAsk, n);
    for (gsize i = 0; i < n; i++)
        asks[i] = (MeasureAsk){.measure = measure_find(measures[i]), .statistic = STATISTIC_N};
    MeasureQuery query = {.from = windows.from,
                          .until = windows.until,
                          .now = windows.until,
                          .repository_id = repository_id,
                          .asks = asks,
                          .n_asks = n};
    return measure_series(request->columns, &query, error);
}

/* ---- gathering */

static void put_value(Sample *sample, gsize segment, gboolean is_after, double value, gint64 day)
{
    RankValue entry = {value, day};
    g_array_append_val((is_after ? sample->after : sample->before)[segment], entry);
}

static GHashTable *number_repositories(const TrendRequest *request)
{
    GHashTable *numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (gsize i = 0; i < request->n_repositories; i++)
        g_hash_table_insert(numbers, (gpointer) &request->repositories[i], GSIZE_TO_POINTER(i + 1));
    return numbers;
}

static void gather_values(Sample *sample, const MeasureSeries *series, GHashTable *numbers)
{
    const WorkCalendar *calendar = measure_calendar(sample->request->columns);
    for (gsize i = 0; i < series->n; i++) {
        const MeasurePoint *point = &series->points[i];
        gsize segment = GPOINTER_TO_SIZE(g_hash_table_lookup(numbers, &point->repository_id));
        if (segment == 0 || isnan(series->values[i]))
            continue;
        gboolean is_after = point->at >= sample->windows.middle;
        gint64 day = work_calendar_day(calendar, point->at);
        put_value(sample, ALL_REPOSITORIES, is_after, series->values[i], day);
        put_value(sample, segment, is_after, series->values[i], day);
    }
}

/* Sums by working day; what falls on a free day belongs to the working day before it. */
static void gather_days(Sample *sample, const MeasureSeries *series, GHashTable *numbers)
{
    const WorkCalendar *calendar = measure_calendar(sample->request->columns);
    gint64 first = work_calendar_day(calendar, sample->windows.from);
    gint64 middle = work_calendar_day(calendar, sample->windows.middle);
    gsize n_days = TREND_DAYS_BEFORE + TREND_DAYS_AFTER;
    gsize n_segments = sample->request->n_repositories + 1;
    g_autofree double *sums = g_new0(double, n_segments *n_days);
    for (gsize i = 0; i < series->n; i++) {
        const MeasurePoint *point = &series->points[i];
        gsize segment = GPOINTER_TO_SIZE(g_hash_table_lookup(numbers, &point->repository_id));
        gint64 day = work_calendar_day(calendar, point->at);
        while (day > first && !work_calendar_is_working_day(calendar, day))
            day--;
        if (segment == 0 || isnan(series->values[i]))
            continue;
        sums[day - first] += series->values[i];
        sums[segment * n_days + (gsize) (day - first)] += series->values[i];
    }
    for (gsize segment = 0; segment < n_segments; segment++)
        for (gsize i = 0; i < n_days; i++)
            if (work_calendar_is_working_day(calendar, first + (gint64) i))
                put_value(sample, segment, first + (gint64) i >= middle, sums[segment * n_days + i],
                          first + (gint64) i);
}

/* ---- comparing */

static double mean_of(const double *values, gsize n)
{
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += values[i];
    return n == 0 ? (double) NAN : sum / (double) n;
}

static double *values_of(const GArray *sample)
{
    double *values = g_new(double, MAX(sample->len, 1));
    for (guint i = 0; i < sample->len; i++)
        values[i] = g_array_index(sample, RankValue, i).value;
    return values;
}

/* Medians, except where values are only 0 and 1 or stand for days. */
static gboolean uses_mean(const TrendSubject *subject)
{
    return subject->shape == TREND_OF_DAYS ||
           measure_find(subject->measure)->unit == MEASURE_UNIT_SHARE;
}

static void describe(Trend *trend, const GArray *before, const GArray *after)
{
    g_autofree double *old = values_of(before), *new = values_of(after);
    g_autofree double *all = g_new(double, before->len + after->len);
    memcpy(all, old, before->len * sizeof *all);
    memcpy(all + before->len, new, after->len * sizeof *all);
    double cut = uses_mean(trend->subject)
                     ? (double) INFINITY
                     : measure_percentile(all, before->len + after->len, TREND_CUT);
    trend->before = measure_percentile(old, before->len, 0.5);
    trend->after = measure_percentile(new, after->len, 0.5);
    for (guint i = 0; i < before->len; i++)
        old[i] = MIN(old[i], cut);
    for (guint i = 0; i < after->len; i++)
        new[i] = MIN(new[i], cut);
    double mean_before = mean_of(old, before->len), mean_after = mean_of(new, after->len);
    trend->mean_change = mean_after - mean_before;
    if (uses_mean(trend->subject)) {
        trend->before = mean_before;
        trend->after = mean_after;
    }
}

static gint64 count_of(const TrendSubject *subject, const GArray *sample)
{
    double sum = 0;
    if (subject->shape == TREND_OF_VALUES)
        return sample->len;
    for (guint i = 0; i < sample->len; i++)
        sum += g_array_index(sample, RankValue, i).value;
    return (gint64) sum;
}

/* Values come in order of time, so equal days stand together. */
static guint count_days(const GArray *sample)
{
    guint days = 0;
    for (guint i = 0; i < sample->len; i++)
        days += i == 0 || g_array_index(sample, RankValue, i).cluster !=
                              g_array_index(sample, RankValue, i - 1).cluster;
    return days;
}

/* A fall to nothing must still be seen, so of counts only the side before has a least number. */
static gboolean has_enough(const Trend *trend, const TrendLimits *limits, const GArray *before,
                           const GArray *after)
{
    if (before->len == 0 || after->len == 0 || trend->n_before < limits->values)
        return FALSE;
    if (trend->subject->shape == TREND_OF_VALUES && trend->n_after < limits->values)
        return FALSE;
    return count_days(before) + count_days(after) >= trend->subject->least_days;
}

static void compare_segment(const Sample *sample, gsize segment, GArray *trends)
{
    const GArray *before = sample->before[segment], *after = sample->after[segment];
    const TrendRequest *request = sample->request;
    gint64 repository_id = segment == ALL_REPOSITORIES ? 0 : request->repositories[segment - 1];
    TrendLimits limits = request->limits_of(sample->subject, repository_id, request->user_data);
    Trend trend = {.subject = sample->subject,
                   .repository_id = repository_id,
                   .n_before = count_of(sample->subject, before),
                   .n_after = count_of(sample->subject, after)};
    if (!limits.is_on || !has_enough(&trend, &limits, before, after))
        return;
    trend.test = rank_test((const RankValue *) (const void *) before->data, before->len,
                           (const RankValue *) (const void *) after->data, after->len);
    trend.p = sample->subject->is_fall ? trend.test.p_less : trend.test.p_greater;
    describe(&trend, before, after);
    g_array_append_val(trends, trend);
}

static gboolean compare_subject(const TrendRequest *request, const TrendSubject *subject,
                                GHashTable *numbers, GArray *trends, GError **error)
{
    g_autoptr(MeasureSeries) series = trend_series(request, &subject->measure, 1, 0, error);
    if (series == NULL)
        return FALSE;
    gsize n = request->n_repositories + 1;
    Sample sample = {request, subject, trend_windows(request->columns, request->now),
                     g_new(GArray *, n), g_new(GArray *, n)};
    for (gsize i = 0; i < n; i++) {
        sample.before[i] = g_array_new(FALSE, FALSE, sizeof(RankValue));
        sample.after[i] = g_array_new(FALSE, FALSE, sizeof(RankValue));
    }
    (subject->shape == TREND_OF_DAYS ? gather_days : gather_values)(&sample, series, numbers);
    for (gsize i = 0; i < n; i++) {
        /* The only repository is the workspace: it is looked at once. */
        if (i != ALL_REPOSITORIES || request->n_repositories != 1)
            compare_segment(&sample, i, trends);
        g_array_unref(sample.before[i]);
        g_array_unref(sample.after[i]);
    }
    g_free(sample.before);
    g_free(sample.after);
    return TRUE;
}

/* ---- judging */

static gboolean is_worse(const Trend *trend, double adjusted, const TrendLimits *limits)
{
    double sign = trend->subject->is_fall ? -1 : 1, change = sign * (trend->after - trend->before);
    double delta = trend->subject->is_yes_or_no ? 0 : RANK_NEGLIGIBLE;
    return adjusted <= limits->chance / 100 && sign * trend->test.delta >= delta &&
           change >= limits->change * trend->subject->unit &&
           change >= limits->percent / 100 * trend->before && sign * trend->mean_change > 0;
}

static void judge(const TrendRequest *request, GArray *trends)
{
    g_autofree double *p_values = g_new(double, MAX(trends->len, 1));
    for (guint i = 0; i < trends->len; i++)
        p_values[i] = g_array_index(trends, Trend, i).p;
    rank_adjust(p_values, trends->len);
    for (guint i = 0; i < trends->len; i++) {
        Trend *trend = &g_array_index(trends, Trend, i);
        TrendLimits limits =
            request->limits_of(trend->subject, trend->repository_id, request->user_data);
        trend->adjusted = p_values[i];
        trend->is_worse = is_worse(trend, trend->adjusted, &limits);
    }
}

/* What part of the workspace's change a repository makes up: because it is worse itself. */
static double share_of(const Trend *workspace, const Trend *repository)
{
    double change = workspace->mean_change;
    double weight = 1; /* days add up */
    if (workspace->subject->shape == TREND_OF_VALUES)
        weight = ((double) repository->n_before / (double) workspace->n_before +
                  (double) repository->n_after / (double) workspace->n_after) /
                 2;
    return weight * repository->mean_change / change;
}

/* @first … @last: the trends of one subject. */
static void find_reasons(Trend *first, Trend *last)
{
    Trend *reason = NULL;
    if (first->repository_id != 0 || !first->is_worse)
        return;
    for (Trend *trend = first + 1; trend < last; trend++)
        if (trend->is_worse && share_of(first, trend) >= TREND_EXPLAINS &&
            (reason == NULL || share_of(first, trend) > share_of(first, reason)))
            reason = trend;
    if (reason != NULL) {
        first->explained_by = reason->repository_id;
        return;
    }
    for (Trend *trend = first + 1; trend < last; trend++)
        trend->explained_by = COUNT_ABSENT;
}

gboolean trend_is_raised(const Trend *trend)
{
    return trend->is_worse && trend->explained_by == 0;
}

static const TrendSubject *find_subject(const TrendRequest *request, const char *rule)
{
    for (gsize i = 0; i < request->n_subjects; i++)
        if (strcmp(request->subjects[i].rule, rule) == 0 &&
            measure_find(request->subjects[i].measure) != NULL)
            return &request->subjects[i];
    return NULL;
}

/* Whether one of the rule's could be raised: an adjusted p-value is never less than its own. */
static gboolean may_be_raised(const TrendRequest *request, const char *rule, GHashTable *numbers,
                              gboolean *ret_may, GError **error)
{
    const TrendSubject *subject = find_subject(request, rule);
    g_autoptr(GArray) trends = g_array_new(FALSE, FALSE, sizeof(Trend));
    gboolean may = FALSE;
    if (subject != NULL && !compare_subject(request, subject, numbers, trends, error))
        return FALSE;
    for (guint i = 0; i < trends->len; i++) {
        const Trend *trend = &g_array_index(trends, Trend, i);
        TrendLimits limits = request->limits_of(subject, trend->repository_id, request->user_data);
        may = may || is_worse(trend, trend->p, &limits);
    }
    *ret_may = may;
    return TRUE;
}

GArray *trend_compare(const TrendRequest *request, GError **error)
{
    g_autoptr(GArray) trends = g_array_new(FALSE, FALSE, sizeof(Trend));
    g_autoptr(GHashTable) numbers = number_repositories(request);
    gboolean may = TRUE;
    if (request->only_rule != NULL &&
        !may_be_raised(request, request->only_rule, numbers, &may, error))
        return NULL;
    if (!may)
        return g_steal_pointer(&trends);
    for (gsize i = 0; i < request->n_subjects; i++)
        if (measure_find(request->subjects[i].measure) != NULL &&
            !compare_subject(request, &request->subjects[i], numbers, trends, error))
            return NULL;
    judge(request, trends);
    Trend *all = (Trend *) (void *) trends->data;
    for (guint i = 0, end; i < trends->len; i = end) {
        for (end = i; end < trends->len && all[end].subject == all[i].subject; end++)
            ;
        find_reasons(all + i, all + end);
    }
    return g_steal_pointer(&trends);
}
