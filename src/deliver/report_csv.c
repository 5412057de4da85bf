/*
 * The report as one long table, a value a row, so that a spreadsheet or a script can pivot it.
 * Durations are seconds.
 */
#include "deliver/csv.h"
#include "deliver/delivery.h"
#include "deliver/render.h"
#include "deliver/words.h"

typedef struct {
    const char *section, *item, *title, *statistic, *unit;
    double value, before;
    gint64 n, n_before;
} CsvValue;

static const char *const COLUMNS[] = {"section", "item", "title",  "statistic", "unit",
                                      "value",   "n",    "before", "n_before",  "repository",
                                      "number",  "who",  "since",  "link"};

static void put_value(CsvWriter *writer, const CsvValue *row)
{
    double scale = g_str_equal(row->unit, "seconds") ? (double) TIME_SECOND : 1;
    csv_put_text(writer, row->section);
    csv_put_text(writer, row->item);
    csv_put_text(writer, row->title);
    csv_put_text(writer, row->statistic);
    csv_put_text(writer, row->unit);
    csv_put_number(writer, row->value / scale);
    csv_put_count(writer, row->n);
    csv_put_number(writer, row->before / scale);
    csv_put_count(writer, row->n_before);
    for (guint i = 9; i < G_N_ELEMENTS(COLUMNS); i++)
        csv_put_text(writer, NULL);
    csv_end_row(writer);
}

static void put_one(CsvWriter *writer, const char *section, const char *item, const char *title,
                    const char *statistic, const char *unit, double value, gint64 n)
{
    CsvValue row = {section, item, title, statistic, unit, value, NAN, n, COUNT_ABSENT};
    put_value(writer, &row);
}

static void put_delivery(CsvWriter *writer, const char *item, const char *title,
                         const char *statistic, const char *unit, double value, gint64 n,
                         double before, gint64 n_before)
{
    CsvValue row = {"delivery", item, title, statistic, unit, value, before, n, n_before};
    put_value(writer, &row);
}

static void put_measures(CsvWriter *writer, const Report *report)
{
    static const char *const SECTIONS[REPORT_SECTION_COUNT] = {"flow", "review", "size",
                                                               "delivery"};
    static const char *const UNITS[] = {"seconds", "lines", "count", "share"};
    for (guint i = 0; i < report->measures->len; i++) {
        const ReportMeasure *m = &g_array_index(report->measures, ReportMeasure, i);
        const struct {
            const char *statistic;
            double value, before;
        } values[] = {{"p50", m->now.p50, m->before.p50},
                      {"p75", m->now.p75, m->before.p75},
                      {"p90", m->now.p90, m->before.p90}};
        for (guint k = 0; k < G_N_ELEMENTS(values); k++) {
            CsvValue row = {SECTIONS[m->section], m->id,          m->title,
                            values[k].statistic,  UNITS[m->unit], values[k].value,
                            values[k].before,     m->now.n,       m->before.n};
            put_value(writer, &row);
        }
        if (m->working.n > 0)
            put_one(writer, SECTIONS[m->section], m->id, m->title, "p50 working", UNITS[m->unit],
                    m->working.p50, m->working.n);
    }
}

static void put_shares(CsvWriter *writer, const Report *report)
{
    for (guint i = 0; i < report->shares->len; i++) {
        const ReportShare *share = &g_array_index(report->shares, ReportShare, i);
        CsvValue row = {"review",     share->id,           share->title, "share",        "share",
                        share->share, share->share_before, share->n,     share->n_before};
        put_value(writer, &row);
    }
}

static void put_weeks(CsvWriter *writer, const Report *report)
{
    for (guint i = 0; i < report->weeks->len; i++) {
        const ReportWeek *week = &g_array_index(report->weeks, ReportWeek, i);
        const char *title = week->is_partial ? "part of a week" : "week";
        put_one(writer, "week", week->monday, title, "merged", "count", (double) week->merged,
                COUNT_ABSENT);
        put_one(writer, "week", week->monday, title, "cycle-time p50", "seconds", week->cycle_p50,
                week->merged);
    }
}

static void put_groups(CsvWriter *writer, const char *section, const GArray *groups)
{
    for (guint i = 0; i < groups->len; i++) {
        const ReportGroup *group = &g_array_index(groups, ReportGroup, i);
        put_one(writer, section, group->key, group->label, "cycle-time p50", "seconds",
                group->cycle_p50, group->merged);
        put_one(writer, section, group->key, group->label, "size p50", "lines", group->size_p50,
                group->merged);
        put_one(writer, section, group->key, group->label, "until-merged p50", "seconds",
                group->until_merged.value, group->until_merged.n);
    }
}

static void put_needs(CsvWriter *writer, const Report *report)
{
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        char since[TIME_TEXT_SIZE];
        csv_put_text(writer, "need");
        csv_put_text(writer, need->rule->id);
        csv_put_text(writer, need->title);
        csv_put_text(writer, "age");
        csv_put_text(writer, "seconds");
        csv_put_number(
            writer, need->age == DURATION_ABSENT ? NAN : (double) need->age / (double) TIME_SECOND);
        for (guint k = 0; k < 3; k++)
            csv_put_text(writer, NULL);
        csv_put_text(writer, need->repository);
        csv_put_count(writer, need->number);
        csv_put_text(writer, need->who);
        csv_put_text(writer, time_format(need->since, since));
        csv_put_text(writer, words_is_link(need->url) ? need->url : NULL);
        csv_end_row(writer);
    }
}

void render_csv(const Report *report, const ReportStyle *style, GString *out)
{
    CsvWriter writer = {.out = out};
    for (guint i = 0; i < G_N_ELEMENTS(COLUMNS); i++)
        csv_put_text(&writer, COLUMNS[i]);
    csv_end_row(&writer);
    put_measures(&writer, report);
    put_shares(&writer, report);
    put_one(&writer, "throughput", "merged", "merged", "count", "count",
            (double) report->coverage.merged, COUNT_ABSENT);
    put_one(&writer, "throughput", "declined", "declined", "count", "count",
            (double) report->coverage.declined, COUNT_ABSENT);
    put_one(&writer, "work in progress", "open", "open now", "count", "count",
            (double) report->open, COUNT_ABSENT);
    put_one(&writer, "work in progress", "age", "age of open ones", "p50", "seconds",
            report->open_age.p50, report->open_age.n);
    csv_delivery(&writer, report, put_delivery);
    put_weeks(&writer, report);
    put_groups(&writer, "size class", report->size_classes);
    put_groups(&writer, "repository", report->by_repository);
    put_needs(&writer, report);
    for (guint i = 0; style->people && i < report->reviewers->len; i++) {
        const ReportReviewer *reviewer = &g_array_index(report->reviewers, ReportReviewer, i);
        put_one(&writer, "review load", "reviews", reviewer->name, "count", "count",
                (double) reviewer->reviews, COUNT_ABSENT);
    }
}
