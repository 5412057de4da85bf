#include "insight/trend.h"

#include <math.h>

/* Segments: the workspace, then the repositories, then the teams. */
#define THE_WORKSPACE 0

/* One subject's values on their way to the tests. */
typedef struct {
    const TrendRequest *request;
    const TrendSubject *subject;
    TrendWindows windows;
    gsize n_segments;
    GArray **before, **after; /* RankValue, per segment */
    GHashTable **people;      /* whose values they are: gint64, per segment */
} Sample;

/* Where the values of repositories and teams go. */
typedef struct {
    GHashTable *repositories, *teams;
} Numbers;

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
                            gint64 repository_id, gint64 team_id, GError **error)
{
    TrendWindows windows = trend_windows(request->columns, request->now);
    g_autofree MeasureAsk *asks = g_new0(MeasureAsk, n);
    for (gsize i = 0; i < n; i++)
        asks[i] = (MeasureAsk){.measure = measure_find(measures[i]), .statistic = STATISTIC_N};
    MeasureQuery query = {.from = windows.from,
                          .until = windows.until,
                          .now = windows.until,
                          .repository_id = repository_id,
                          .team_id = team_id,
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

GHashTable *trend_number(const gint64 *ids, gsize n)
{
    GHashTable *numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (gsize i = 0; i < n; i++)
        g_hash_table_insert(numbers, (gpointer) &ids[i], GSIZE_TO_POINTER(i + 1));
    return numbers;
}

/* The segments that a row belongs to: none, when its repository is not looked at. */
static gsize find_segments(Sample *sample, const Numbers *numbers, const MeasurePoint *point,
                           gsize ret_segments[3])
{
    gsize n = 0;
    gsize place =
        GPOINTER_TO_SIZE(g_hash_table_lookup(numbers->repositories, &point->repository_id));
    gsize team = GPOINTER_TO_SIZE(g_hash_table_lookup(numbers->teams, &point->team_id));
    if (place == 0)
        return 0;
    ret_segments[n++] = THE_WORKSPACE;
    ret_segments[n++] = place;
    if (team != 0)
        ret_segments[n++] = sample->request->n_repositories + team;
    for (gsize i = 0; i < n; i++)
        g_hash_table_add(sample->people[ret_segments[i]], (gpointer) &point->author_id);
    return n;
}

static void gather_values(Sample *sample, const MeasureSeries *series, const Numbers *numbers)
{
    const WorkCalendar *calendar = measure_calendar(sample->request->columns);
    for (gsize i = 0; i < series->n; i++) {
        const MeasurePoint *point = &series->points[i];
        gsize segments[3];
        if (isnan(series->values[i]))
            continue;
        gsize n = find_segments(sample, numbers, point, segments);
        gint64 day = work_calendar_day(calendar, point->at);
        for (gsize k = 0; k < n; k++)
            put_value(sample, segments[k], point->at >= sample->windows.middle, series->values[i],
                      day);
    }
}

/* Sums by working day; what falls on a free day belongs to the working day before it. */
static void gather_days(Sample *sample, const MeasureSeries *series, const Numbers *numbers)
{
    const WorkCalendar *calendar = measure_calendar(sample->request->columns);
    gint64 first = work_calendar_day(calendar, sample->windows.from);
    gint64 middle = work_calendar_day(calendar, sample->windows.middle);
    gsize n_days = TREND_DAYS_BEFORE + TREND_DAYS_AFTER;
    g_autofree double *sums = g_new0(double, sample->n_segments *n_days);
    for (gsize i = 0; i < series->n; i++) {
        gsize segments[3];
        if (isnan(series->values[i]))
            continue;
        gsize n = find_segments(sample, numbers, &series->points[i], segments);
        gint64 day = work_calendar_day(calendar, series->points[i].at);
        while (day > first && !work_calendar_is_working_day(calendar, day))
            day--;
        for (gsize k = 0; k < n; k++)
            sums[segments[k] * n_days + (gsize) (day - first)] += series->values[i];
    }
    for (gsize segment = 0; segment < sample->n_segments; segment++)
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
    Trend trend = {.subject = sample->subject,
                   .n_before = count_of(sample->subject, before),
                   .n_after = count_of(sample->subject, after)};
    if (segment > request->n_repositories)
        trend.team_id = request->teams[segment - 1 - request->n_repositories];
    else if (segment != THE_WORKSPACE)
        trend.repository_id = request->repositories[segment - 1];
    TrendLimits limits =
        request->limits_of(sample->subject, trend.repository_id, request->user_data);
    if (!limits.is_on || !has_enough(&trend, &limits, before, after))
        return;
    if (trend.team_id != 0 &&
        (gint64) g_hash_table_size(sample->people[segment]) < measure_least_group(request->columns))
        return;
    trend.test = rank_test((const RankValue *) (const void *) before->data, before->len,
                           (const RankValue *) (const void *) after->data, after->len);
    trend.p = sample->subject->is_fall ? trend.test.p_less : trend.test.p_greater;
    describe(&trend, before, after);
    g_array_append_val(trends, trend);
}

static void sample_init(Sample *sample, const TrendRequest *request, const TrendSubject *subject)
{
    gsize n = 1 + request->n_repositories + request->n_teams;
    *sample = (Sample){.request = request,
                       .subject = subject,
                       .windows = trend_windows(request->columns, request->now),
                       .n_segments = n,
                       .before = g_new(GArray *, n),
                       .after = g_new(GArray *, n),
                       .people = g_new(GHashTable *, n)};
    for (gsize i = 0; i < n; i++) {
        sample->before[i] = g_array_new(FALSE, FALSE, sizeof(RankValue));
        sample->after[i] = g_array_new(FALSE, FALSE, sizeof(RankValue));
        sample->people[i] = g_hash_table_new(g_int64_hash, g_int64_equal);
    }
}

static void sample_clear(Sample *sample)
{
    for (gsize i = 0; i < sample->n_segments; i++) {
        g_array_unref(sample->before[i]);
        g_array_unref(sample->after[i]);
        g_hash_table_unref(sample->people[i]);
    }
    g_free(sample->before);
    g_free(sample->after);
    g_free(sample->people);
}

static gboolean compare_subject(const TrendRequest *request, const TrendSubject *subject,
                                const Numbers *numbers, GArray *trends, GError **error)
{
    g_autoptr(MeasureSeries) series = trend_series(request, &subject->measure, 1, 0, 0, error);
    if (series == NULL)
        return FALSE;
    Sample sample;
    sample_init(&sample, request, subject);
    (subject->shape == TREND_OF_DAYS ? gather_days : gather_values)(&sample, series, numbers);
    for (gsize i = 0; i < sample.n_segments; i++)
        /* The only repository is the workspace: it is looked at once. */
        if (i != THE_WORKSPACE || request->n_repositories != 1)
            compare_segment(&sample, i, trends);
    sample_clear(&sample);
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

/* How much of the workspace's change a part of it makes up because it is worse itself. */
static double share_of(const Trend *workspace, const Trend *part)
{
    double weight = 1; /* days add up */
    if (workspace->subject->shape == TREND_OF_VALUES)
        weight = ((double) part->n_before / (double) workspace->n_before +
                  (double) part->n_after / (double) workspace->n_after) /
                 2;
    return weight * part->mean_change / workspace->mean_change;
}

/* Whether a repository (or a team) makes up most of the workspace's change. */
static gboolean is_made_up(const Trend *workspace, const Trend *last, gboolean by_team)
{
    for (const Trend *trend = workspace + 1; trend < last; trend++)
        if (trend->is_worse && (trend->team_id != 0) == by_team &&
            share_of(workspace, trend) >= TREND_EXPLAINS)
            return TRUE;
    return FALSE;
}

static void set_reasons(Trend *first, Trend *last, gboolean of_teams, TrendReason reason)
{
    for (Trend *trend = first; trend < last; trend++)
        if (of_teams ? trend->team_id != 0 : trend->repository_id != 0)
            trend->reason = reason;
}

static gboolean is_one_raised(const Trend *first, const Trend *last)
{
    for (const Trend *trend = first; trend < last; trend++)
        if (trend->repository_id != 0 && trend_is_raised(trend))
            return TRUE;
    return FALSE;
}

/* @first … @last: the trends of one subject. */
static void find_reasons(Trend *first, Trend *last)
{
    gboolean is_whole = first->repository_id == 0 && first->team_id == 0 && first->is_worse;
    gboolean by_place = is_whole && is_made_up(first, last, FALSE);
    gboolean by_team = is_whole && !by_place && is_made_up(first, last, TRUE);
    if (is_whole && !by_place)
        set_reasons(first, last, FALSE, by_team ? TREND_OF_A_PART : TREND_EVERYWHERE);
    if (is_whole && !by_place && !by_team)
        set_reasons(first, last, TRUE, TREND_EVERYWHERE);
    if (by_place || by_team)
        first->reason = TREND_OF_A_PART;
    if (!by_team && is_one_raised(first, last))
        set_reasons(first, last, TRUE, TREND_OF_THE_PLACE);
}

gboolean trend_is_raised(const Trend *trend)
{
    return trend->is_worse && trend->reason == TREND_TOLD;
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
static gboolean may_be_raised(const TrendRequest *request, const char *rule, const Numbers *numbers,
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

static gboolean compare_all(const TrendRequest *request, const Numbers *numbers, GArray *trends,
                            GError **error)
{
    gboolean may = TRUE;
    if (request->only_rule != NULL &&
        !may_be_raised(request, request->only_rule, numbers, &may, error))
        return FALSE;
    for (gsize i = 0; may && i < request->n_subjects; i++)
        if (measure_find(request->subjects[i].measure) != NULL &&
            !compare_subject(request, &request->subjects[i], numbers, trends, error))
            return FALSE;
    return TRUE;
}

GArray *trend_compare(const TrendRequest *request, GError **error)
{
    g_autoptr(GArray) trends = g_array_new(FALSE, FALSE, sizeof(Trend));
    g_autoptr(GHashTable) repositories =
        trend_number(request->repositories, request->n_repositories);
    g_autoptr(GHashTable) teams = trend_number(request->teams, request->n_teams);
    Numbers numbers = {repositories, teams};
    if (!compare_all(request, &numbers, trends, error))
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
