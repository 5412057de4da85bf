#include "deliver/deliver.h"

static void measure_clear(gpointer item)
{
    ReportMeasure *measure = item;
    g_free(measure->id);
    g_free(measure->title);
    g_free(measure->meaning);
}

static void share_clear(gpointer item)
{
    ReportShare *share = item;
    g_free(share->id);
    g_free(share->title);
}

static void week_clear(gpointer item)
{
    ReportWeek *week = item;
    g_free(week->monday);
}

static void group_clear(gpointer item)
{
    ReportGroup *group = item;
    g_free(group->key);
    g_free(group->label);
}

static void reviewer_clear(gpointer item)
{
    ReportReviewer *reviewer = item;
    g_free(reviewer->name);
}

static void need_clear(gpointer item)
{
    ReportNeed *need = item;
    g_free(need->repository);
    g_free(need->title);
    g_free(need->url);
    g_free(need->who);
    g_clear_pointer(&need->also, g_ptr_array_unref);
}

static void environment_clear(gpointer item)
{
    ReportEnvironment *environment = item;
    g_free(environment->name);
}

static void point_clear(gpointer item)
{
    ReportPoint *point = item;
    g_free(point->repository);
    g_free(point->title);
    g_free(point->url);
}

static GArray *owning_array(gsize size, GDestroyNotify clear)
{
    GArray *array = g_array_new(FALSE, TRUE, (guint) size);
    g_array_set_clear_func(array, clear);
    return array;
}

Report *report_new(void)
{
    Report *report = g_new0(Report, 1);
    report->coverage.requests = COUNT_ABSENT;
    report->coverage.read_from = TIME_ABSENT;
    report->coverage.known_since = TIME_ABSENT;
    report->coverage.problems = g_ptr_array_new_with_free_func(g_free);
    report->measures = owning_array(sizeof(ReportMeasure), measure_clear);
    report->shares = owning_array(sizeof(ReportShare), share_clear);
    report->weeks = owning_array(sizeof(ReportWeek), week_clear);
    report->size_classes = owning_array(sizeof(ReportGroup), group_clear);
    report->by_repository = owning_array(sizeof(ReportGroup), group_clear);
    report->reviewers = owning_array(sizeof(ReportReviewer), reviewer_clear);
    report->needs = owning_array(sizeof(ReportNeed), need_clear);
    report->environments = owning_array(sizeof(ReportEnvironment), environment_clear);
    report->delivered = report->delivered_before =
        (ReportDelivered){.count = NAN, .days = NAN, .failure_rate = NAN};
    report->points = owning_array(sizeof(ReportPoint), point_clear);
    report->review_top_share = report->review_gini = report->open_oldest = NAN;
    report->open_age = (ReportSpread){.p50 = NAN, .p75 = NAN, .p90 = NAN};
    return report;
}

void report_free(Report *report)
{
    if (report == NULL)
        return;
    g_free(report->subject);
    g_free(report->url);
    g_free(report->delivery_note);
    g_ptr_array_unref(report->coverage.problems);
    GArray *const arrays[] = {report->measures,     report->shares,        report->weeks,
                              report->size_classes, report->by_repository, report->reviewers,
                              report->needs,        report->points,        report->environments};
    for (gsize i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    g_free(report);
}

const ReportMeasure *report_find_measure(const Report *report, const char *id)
{
    for (guint i = 0; i < report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(report->measures, ReportMeasure, i);
        if (g_str_equal(measure->id, id))
            return measure;
    }
    return NULL;
}

gint64 report_count_needs(const Report *report, const char *rule)
{
    gint64 count = 0;
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        count += rule == NULL ? !need->is_merged : g_str_equal(need->rule->id, rule);
    }
    return count;
}

static const struct {
    Duration below;
    const char *label;
} BUCKETS[REPORT_BUCKETS] = {
    {TIME_HOUR, "under 1 h"},  {4 * TIME_HOUR, "1-4 h"},  {8 * TIME_HOUR, "4-8 h"},
    {TIME_DAY, "8-24 h"},      {2 * TIME_DAY, "1-2 d"},   {4 * TIME_DAY, "2-4 d"},
    {7 * TIME_DAY, "4-7 d"},   {14 * TIME_DAY, "1-2 wk"}, {28 * TIME_DAY, "2-4 wk"},
    {G_MAXINT64, "over 4 wk"},
};

guint report_bucket(Duration cycle)
{
    guint bucket = 0;
    while (bucket + 1 < REPORT_BUCKETS && cycle >= BUCKETS[bucket].below)
        bucket++;
    return bucket;
}

Duration report_bucket_below(guint bucket)
{
    return BUCKETS[MIN(bucket, REPORT_BUCKETS - 1)].below;
}

const char *report_bucket_label(guint bucket)
{
    return BUCKETS[MIN(bucket, REPORT_BUCKETS - 1)].label;
}
