#include "deliver/html.h"

#define PLOT_WIDTH  (CHART_WIDTH - CHART_LEFT - CHART_RIGHT)
#define PLOT_BOTTOM (CHART_HEIGHT - CHART_BOTTOM)
#define PLOT_HEIGHT (PLOT_BOTTOM - CHART_TOP)

/* "9 Nov" from "2026-11-09". Free with g_free. */
static char *week_label(const ReportWeek *week)
{
    UtcTime monday;
    if (!time_parse(week->monday, -1, &monday, NULL))
        return words_clean(week->monday);
    return words_day(monday);
}

/* Where the weeks stand, and a date under every so many of them. */
static double week_slot(const GArray *weeks)
{
    return PLOT_WIDTH / (double) MAX(weeks->len, 1);
}

static void put_week_labels(HtmlPage *page, const GArray *weeks)
{
    double slot = week_slot(weeks);
    guint every = MAX(1, (guint) ceil(82 / slot));
    for (guint i = 0; i < weeks->len; i += every) {
        g_autofree char *label = week_label(&g_array_index(weeks, ReportWeek, i));
        html_put(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                 CHART_LEFT + (i + 0.5) * slot, PLOT_BOTTOM + 20, label);
    }
}

/* Hours or days, whichever reads better for values up to @most microseconds. */
static double duration_unit(double most, const char **ret_name)
{
    gboolean days = most > 3 * (double) TIME_DAY;
    *ret_name = days ? " d" : " h";
    return (double) (days ? TIME_DAY : TIME_HOUR);
}

static void put_phase_bar(HtmlPage *page, const ReportWeek *week, double x, double width,
                          double scale)
{
    double sum = 0, y = PLOT_BOTTOM;
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
        sum += week->phase_sum[phase];
    if (isnan(week->cycle_p50) || !(sum > 0))
        return;
    char median[TIME_TEXT_SIZE];
    g_autofree char *label = week_label(week);
    html_put(page, "<g><title>week of %s: median %s, %" G_GINT64_FORMAT " merged</title>", label,
             duration_format((Duration) week->cycle_p50, median), week->merged);
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++) {
        double height = week->cycle_p50 * scale * week->phase_sum[phase] / sum;
        y -= height;
        html_put(page, "<rect class=\"%s\" x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.2f\"/>",
                 report_phase_title((ReportPhase) phase), x, y, width, height);
    }
    html_put(page, "</g>\n");
}

static void put_phase_table(HtmlPage *page, const GArray *weeks)
{
    html_put(page, "<thead><tr><th scope=\"col\">week of</th><th scope=\"col\" "
                   "class=\"n\">merged</th><th scope=\"col\" class=\"n\">cycle time</th>");
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
        html_put(page, "<th scope=\"col\" class=\"n\">%s</th>",
                 report_phase_title((ReportPhase) phase));
    html_put(page, "</tr></thead><tbody>\n");
    for (guint i = 0; i < weeks->len; i++) {
        const ReportWeek *week = &g_array_index(weeks, ReportWeek, i);
        double sum = 0;
        for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
            sum += week->phase_sum[phase];
        html_put(page, "<tr><th scope=\"row\">");
        html_text(page, week->monday);
        html_put(page, "</th>");
        html_count_cell(page, week->merged);
        html_value_cell(page, MEASURE_UNIT_DURATION, week->cycle_p50);
        for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
            html_value_cell(page, MEASURE_UNIT_SHARE, sum > 0 ? week->phase_sum[phase] / sum : NAN);
        html_put(page, "</tr>\n");
    }
}

void chart_phases(HtmlPage *page)
{
    const GArray *weeks = page->report->weeks;
    double most = 0, top, step, slot = week_slot(weeks);
    const char *unit;
    for (guint i = 0; i < weeks->len; i++) {
        double p50 = g_array_index(weeks, ReportWeek, i).cycle_p50;
        most = isnan(p50) ? most : MAX(most, p50);
    }
    double per_unit = duration_unit(most, &unit);
    chart_scale(most / per_unit, &top, &step);
    chart_begin(page, "chart-phases", "Cycle time by week",
                "Height: the median of what was merged that week. Colours: how all the time of "
                "those pull requests divides.");
    chart_grid(page, top, step, unit);
    for (guint i = 0; i < weeks->len; i++)
        put_phase_bar(page, &g_array_index(weeks, ReportWeek, i), CHART_LEFT + (i + 0.12) * slot,
                      slot * 0.76, PLOT_HEIGHT / (top * per_unit));
    put_week_labels(page, weeks);
    html_put(page, "</svg>\n<ul class=\"legend\">");
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
        html_put(page, "<li><i class=\"%s\"></i>%s</li>", report_phase_title((ReportPhase) phase),
                 report_phase_title((ReportPhase) phase));
    html_put(page, "</ul>\n<details><summary>Numbers</summary><div class=\"scroll\"><table>");
    put_phase_table(page, weeks);
    chart_end(page);
}

void chart_throughput(HtmlPage *page)
{
    const GArray *weeks = page->report->weeks;
    double most = 0, top, step, slot = week_slot(weeks);
    for (guint i = 0; i < weeks->len; i++)
        most = MAX(most, (double) g_array_index(weeks, ReportWeek, i).merged);
    chart_scale(MAX(most, 4), &top, &step);
    chart_begin(page, "chart-throughput", "Merged by week",
                "Pull requests merged. Dashed: the window covers only a part of that week.");
    chart_grid(page, top, step, "");
    for (guint i = 0; i < weeks->len; i++) {
        const ReportWeek *week = &g_array_index(weeks, ReportWeek, i);
        double height = (double) week->merged / top * PLOT_HEIGHT;
        g_autofree char *label = week_label(week);
        html_put(page,
                 "<rect class=\"%s\" x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.2f\"><title>"
                 "week of %s: %" G_GINT64_FORMAT " merged</title></rect>\n",
                 week->is_partial ? "partial" : "bar", CHART_LEFT + (i + 0.12) * slot,
                 PLOT_BOTTOM - height, slot * 0.76, height, label, week->merged);
    }
    put_week_labels(page, weeks);
    chart_numbers(page, "Numbers");
    html_put(page, "<thead><tr><th scope=\"col\">week of</th><th scope=\"col\" "
                   "class=\"n\">merged</th><th scope=\"col\" class=\"n\">opened</th></tr></thead>"
                   "<tbody>\n");
    for (guint i = 0; i < weeks->len; i++) {
        const ReportWeek *week = &g_array_index(weeks, ReportWeek, i);
        html_put(page, "<tr><th scope=\"row\">");
        html_text(page, week->monday);
        html_put(page, "%s</th>", week->is_partial ? " (part)" : "");
        html_count_cell(page, week->merged);
        html_count_cell(page, week->opened);
        html_put(page, "</tr>\n");
    }
    chart_end(page);
}

void chart_distribution(HtmlPage *page)
{
    const gint64 *buckets = page->report->cycle_buckets;
    double most = 0, top, step, slot = PLOT_WIDTH / (double) REPORT_BUCKETS;
    gint64 all = 0;
    for (guint i = 0; i < REPORT_BUCKETS; i++) {
        most = MAX(most, (double) buckets[i]);
        all += buckets[i];
    }
    chart_scale(MAX(most, 4), &top, &step);
    chart_begin(page, "chart-distribution", "How long they took",
                "Merged pull requests by cycle time, from first commit to merge.");
    chart_grid(page, top, step, "");
    for (guint i = 0; i < REPORT_BUCKETS; i++) {
        double height = (double) buckets[i] / top * PLOT_HEIGHT;
        double x = CHART_LEFT + (i + 0.08) * slot;
        html_put(page,
                 "<rect class=\"bar\" x=\"%.1f\" y=\"%.2f\" width=\"%.1f\" height=\"%.2f\"><title>"
                 "%s: %" G_GINT64_FORMAT "</title></rect>\n",
                 x, PLOT_BOTTOM - height, slot * 0.84, height, report_bucket_label(i), buckets[i]);
        if (i % 2 == 0)
            html_put(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                     CHART_LEFT + (i + 0.5) * slot, PLOT_BOTTOM + 20, report_bucket_label(i));
    }
    chart_numbers(page, "Numbers");
    html_put(page, "<thead><tr><th scope=\"col\">cycle time</th><th scope=\"col\" "
                   "class=\"n\">merged</th><th scope=\"col\" class=\"n\">share</th></tr></thead>"
                   "<tbody>\n");
    for (guint i = 0; i < REPORT_BUCKETS; i++) {
        html_put(page, "<tr><th scope=\"row\">%s</th>", report_bucket_label(i));
        html_count_cell(page, buckets[i]);
        html_value_cell(page, MEASURE_UNIT_SHARE,
                        all > 0 ? (double) buckets[i] / (double) all : NAN);
        html_put(page, "</tr>\n");
    }
    chart_end(page);
}
