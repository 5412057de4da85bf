/*
 * The report as a JSON document; docs/report-json.md describes each member. Spans are seconds,
 * instants ISO 8601 in UTC, what is absent is null. Members are only ever added while
 * REPORT_FORMAT_VERSION stays the same.
 */
#include <jansson.h>

#include "deliver/delivery.h"
#include "deliver/render.h"
#include "deliver/words.h"

static json_t *text_or_null(const char *text)
{
    if (text == NULL)
        return json_null();
    g_autofree char *clean = words_clean(text);
    return json_string(clean);
}

static json_t *number(double value)
{
    return isnan(value) || isinf(value) ? json_null() : json_real(value);
}

/* In the unit that the document uses: seconds for durations. */
static json_t *measured(MeasureUnit unit, double value)
{
    return number(unit == MEASURE_UNIT_DURATION ? value / (double) TIME_SECOND : value);
}

static json_t *seconds(Duration span)
{
    return span == DURATION_ABSENT ? json_null() : json_real((double) span / (double) TIME_SECOND);
}

static json_t *count(gint64 value)
{
    return value == COUNT_ABSENT ? json_null() : json_integer(value);
}

static json_t *instant(UtcTime time)
{
    char text[TIME_TEXT_SIZE];
    return time == TIME_ABSENT ? json_null() : json_string(time_format(time, text));
}

static json_t *sentences(GPtrArray *texts)
{
    json_t *list = json_array();
    for (guint i = 0; i < texts->len; i++)
        json_array_append_new(list, text_or_null(texts->pdata[i]));
    return list;
}

static const char *unit_name(MeasureUnit unit)
{
    static const char *const NAMES[] = {"seconds", "lines", "count", "share"};
    return NAMES[unit];
}

static json_t *spread(MeasureUnit unit, const ReportSpread *values)
{
    return json_pack("{so so so sI sI sI}", "p50", measured(unit, values->p50), "p75",
                     measured(unit, values->p75), "p90", measured(unit, values->p90), "n",
                     (json_int_t) values->n, "excluded", (json_int_t) values->excluded, "absent",
                     (json_int_t) values->absent);
}

static json_t *measures(const Report *report)
{
    static const char *const SECTIONS[REPORT_SECTION_COUNT] = {"flow", "review", "size",
                                                               "delivery"};
    static const char *const TRENDS[] = {"too-few", "same", "up", "down"};
    json_t *list = json_array();
    for (guint i = 0; i < report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(report->measures, ReportMeasure, i);
        json_array_append_new(
            list,
            json_pack("{ss so so ss sb ss so so so ss}", "id", measure->id, "title",
                      text_or_null(measure->title), "meaning", text_or_null(measure->meaning),
                      "section", SECTIONS[measure->section], "is_part", measure->is_part, "unit",
                      unit_name(measure->unit), "now", spread(measure->unit, &measure->now),
                      "before", spread(measure->unit, &measure->before), "working",
                      measure->working.n > 0 ? spread(measure->unit, &measure->working)
                                             : json_null(),
                      "trend", TRENDS[report_trend(measure)]));
    }
    return list;
}

static json_t *shares(const Report *report)
{
    json_t *list = json_array();
    for (guint i = 0; i < report->shares->len; i++) {
        const ReportShare *share = &g_array_index(report->shares, ReportShare, i);
        json_array_append_new(
            list, json_pack("{ss so so sI sI so sI}", "id", share->id, "title",
                            text_or_null(share->title), "share", number(share->share), "count",
                            (json_int_t) share->count, "n", (json_int_t) share->n, "share_before",
                            number(share->share_before), "n_before", (json_int_t) share->n_before));
    }
    return list;
}

static json_t *weeks(const Report *report)
{
    json_t *list = json_array();
    for (guint i = 0; i < report->weeks->len; i++) {
        const ReportWeek *week = &g_array_index(report->weeks, ReportWeek, i);
        json_t *phases = json_object();
        for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
            json_object_set_new(phases, report_phase_title((ReportPhase) phase),
                                measured(MEASURE_UNIT_DURATION, week->phase_sum[phase]));
        json_array_append_new(list,
                              json_pack("{ss sb sI sI so so}", "monday", week->monday, "is_partial",
                                        week->is_partial, "merged", (json_int_t) week->merged,
                                        "opened", (json_int_t) week->opened, "cycle_time_p50",
                                        measured(MEASURE_UNIT_DURATION, week->cycle_p50),
                                        "phase_sums", phases));
    }
    return list;
}

static json_t *estimate(const MeasureCell *cell)
{
    return json_pack("{so so so sI sI sI}", "p50", measured(MEASURE_UNIT_DURATION, cell->value),
                     "low", measured(MEASURE_UNIT_DURATION, cell->low), "high",
                     measured(MEASURE_UNIT_DURATION, cell->high), "n", (json_int_t) cell->n, "open",
                     (json_int_t) cell->open, "declined", (json_int_t) cell->declined);
}

static json_t *groups(const GArray *rows)
{
    json_t *list = json_array();
    for (guint i = 0; i < rows->len; i++) {
        const ReportGroup *group = &g_array_index(rows, ReportGroup, i);
        json_array_append_new(
            list, json_pack("{so so sI so so so so}", "key", text_or_null(group->key), "label",
                            text_or_null(group->label), "merged", (json_int_t) group->merged,
                            "cycle_time_p50", measured(MEASURE_UNIT_DURATION, group->cycle_p50),
                            "pickup_time_p50", measured(MEASURE_UNIT_DURATION, group->pickup_p50),
                            "size_p50", number(group->size_p50), "until_merged",
                            estimate(&group->until_merged)));
    }
    return list;
}

static json_t *buckets(const Report *report)
{
    json_t *list = json_array();
    for (guint i = 0; i < REPORT_BUCKETS; i++)
        json_array_append_new(list, json_pack("{ss sI}", "label", report_bucket_label(i), "merged",
                                              (json_int_t) report->cycle_buckets[i]));
    return list;
}

static json_t *review_load(const Report *report, const ReportStyle *style)
{
    json_t *people = json_null();
    if (style->people && !isnan(report->review_top_share)) {
        people = json_array();
        for (guint i = 0; i < report->reviewers->len; i++) {
            const ReportReviewer *reviewer = &g_array_index(report->reviewers, ReportReviewer, i);
            json_array_append_new(people, json_pack("{so sI}", "name", text_or_null(reviewer->name),
                                                    "reviews", (json_int_t) reviewer->reviews));
        }
    }
    return json_pack("{sI so so so}", "reviewers", (json_int_t) report->reviewers->len, "top_share",
                     number(report->review_top_share), "gini", number(report->review_gini),
                     "people", people);
}

static json_t *names(const GPtrArray *people)
{
    json_t *list = json_array();
    for (guint i = 0; people != NULL && i < people->len; i++)
        json_array_append_new(list, text_or_null(people->pdata[i]));
    return list;
}

static json_t *needs(const Report *report)
{
    json_t *list = json_array();
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        json_array_append_new(
            list, json_pack("{ss so sI so so so so so so so so}", "kind", need->rule->id,
                            "repository", text_or_null(need->repository), "number",
                            (json_int_t) need->number, "title", text_or_null(need->title), "url",
                            words_is_link(need->url) ? json_string(need->url) : json_null(), "who",
                            text_or_null(need->who), "also", names(need->also), "since",
                            instant(need->since), "age", seconds(need->age), "age_working",
                            seconds(need->age_working), "lines", count(need->lines)));
    }
    return list;
}

static json_t *pull_requests(const Report *report)
{
    json_t *list = json_array();
    for (guint i = 0; i < report->points->len; i++) {
        const ReportPoint *point = &g_array_index(report->points, ReportPoint, i);
        json_array_append_new(
            list,
            json_pack("{so sI so so so so so}", "repository", text_or_null(point->repository),
                      "number", (json_int_t) point->number, "title", text_or_null(point->title),
                      "url", words_is_link(point->url) ? json_string(point->url) : json_null(),
                      "merged", instant(point->merged), "cycle_time", seconds(point->cycle),
                      "lines", count(point->lines)));
    }
    return list;
}

static json_t *coverage(const Report *report)
{
    const ReportCoverage *covered = &report->coverage;
    return json_pack(
        "{sI so so sI sI sI sI sI sI sI so sb so}", "pull_requests",
        (json_int_t) covered->pull_requests, "read_from", instant(covered->read_from),
        "known_since", instant(covered->known_since), "by_bots", (json_int_t) covered->by_bots,
        "merged_estimated", (json_int_t) covered->merged_estimated, "without_commits",
        (json_int_t) covered->without_commits, "without_size", (json_int_t) covered->without_size,
        "clamped", (json_int_t) covered->clamped, "quarantined", (json_int_t) covered->quarantined,
        "problem_count", (json_int_t) covered->problems->len, "requests", count(covered->requests),
        "is_complete", covered->is_complete, "problems", sentences(covered->problems));
}

static json_t *document(const Report *report, const ReportStyle *style)
{
    g_autoptr(GPtrArray) headlines = report_headlines(report);
    g_autoptr(GPtrArray) notes = report_notes(report);
    json_t *root = json_object();
    json_object_set_new(root, "format", json_string("plumbline-report"));
    json_object_set_new(root, "version", json_integer(REPORT_FORMAT_VERSION));
    json_object_set_new(root, "program", json_string("plumbline " PLUMBLINE_VERSION));
    json_object_set_new(
        root, "subject",
        json_pack("{so ss so sI}", "name", text_or_null(report->subject), "kind",
                  report->is_workspace ? "workspace" : "repository", "url",
                  words_is_link(report->url) ? json_string(report->url) : json_null(),
                  "repositories", (json_int_t) report->repositories));
    json_object_set_new(root, "window",
                        json_pack("{so so sI}", "from", instant(report->from), "until",
                                  instant(report->until), "days", (json_int_t) report->days));
    json_object_set_new(root, "headlines", sentences(headlines));
    json_object_set_new(root, "needs", needs(report));
    json_object_set_new(root, "measures", measures(report));
    json_object_set_new(root, "shares", shares(report));
    json_object_set_new(root, "throughput",
                        json_pack("{sI sI sI}", "merged", (json_int_t) report->coverage.merged,
                                  "merged_before", (json_int_t) report->merged_before, "declined",
                                  (json_int_t) report->coverage.declined));
    json_object_set_new(root, "work_in_progress",
                        json_pack("{sI sI so so}", "open", (json_int_t) report->open, "drafts",
                                  (json_int_t) report->drafts, "age",
                                  spread(MEASURE_UNIT_DURATION, &report->open_age), "oldest",
                                  measured(MEASURE_UNIT_DURATION, report->open_oldest)));
    json_object_set_new(root, "review_load", review_load(report, style));
    json_object_set_new(root, "delivery", json_delivery(report));
    json_object_set_new(root, "weeks", weeks(report));
    json_object_set_new(root, "cycle_time_distribution", buckets(report));
    json_object_set_new(root, "size_classes", groups(report->size_classes));
    json_object_set_new(root, "repositories", groups(report->by_repository));
    json_object_set_new(root, "pull_requests", pull_requests(report));
    json_object_set_new(root, "coverage", coverage(report));
    json_object_set_new(root, "notes", sentences(notes));
    return root;
}

void render_json(const Report *report, const ReportStyle *style, GString *out)
{
    json_t *root = document(report, style);
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    free(text);
    json_decref(root);
}
