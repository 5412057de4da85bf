/*
 * Size against cycle time, a dot per merged pull request. Both axes are logarithmic, because both
 * spread over four orders of magnitude.
 */
#include "deliver/html.h"

#define PLOT_WIDTH  (CHART_WIDTH - CHART_LEFT - CHART_RIGHT)
#define PLOT_BOTTOM (CHART_HEIGHT - CHART_BOTTOM)
#define PLOT_HEIGHT (PLOT_BOTTOM - CHART_TOP)
#define LISTED      20 /* slowest ones in the table */

#define LEAST_LINES 1.0
#define MOST_LINES  10000.0
#define LEAST_HOURS 0.1
#define MOST_HOURS  2400.0

static gboolean is_drawn(const ReportPoint *point)
{
    return point->cycle != DURATION_ABSENT && point->lines != COUNT_ABSENT;
}

static double place(double value, double least, double most)
{
    double at = log10(CLAMP(value, least, most) / least) / log10(most / least);
    return CLAMP(at, 0, 1);
}

static double x_of(double lines)
{
    return CHART_LEFT + place(lines, LEAST_LINES, MOST_LINES) * PLOT_WIDTH;
}

static double y_of(double hours)
{
    return PLOT_BOTTOM - place(hours, LEAST_HOURS, MOST_HOURS) * PLOT_HEIGHT;
}

static void put_axes(HtmlPage *page)
{
    static const struct {
        double hours;
        const char *label;
    } ROWS[] = {{0.1, "6 min"}, {1, "1 h"}, {8, "8 h"}, {24, "1 d"}, {168, "1 wk"}, {720, "30 d"}};
    static const double COLUMNS[] = {1, 10, 100, 1000, 10000};
    for (gsize i = 0; i < G_N_ELEMENTS(ROWS); i++)
        html_put(page,
                 "<path class=\"%s\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%s</text>\n",
                 i == 0 ? "axis" : "grid", CHART_LEFT, y_of(ROWS[i].hours),
                 CHART_WIDTH - CHART_RIGHT, CHART_LEFT - 5, y_of(ROWS[i].hours) + 4, ROWS[i].label);
    for (gsize i = 0; i < G_N_ELEMENTS(COLUMNS); i++) {
        g_autofree char *label = words_count((gint64) COLUMNS[i]);
        html_put(page, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\">%s%s</text>\n",
                 x_of(COLUMNS[i]), PLOT_BOTTOM + 20,
                 i + 1 == G_N_ELEMENTS(COLUMNS) ? "end" : "middle", label,
                 i + 1 == G_N_ELEMENTS(COLUMNS) ? " lines" : "");
    }
}

/* Links are kept out of the keyboard's way: the table below has those that matter. */
static void put_dot(HtmlPage *page, const ReportPoint *point)
{
    char cycle[TIME_TEXT_SIZE];
    gboolean link = words_is_link(point->url);
    g_autofree char *reference = words_reference(page->report, point->repository, point->number);
    if (link) {
        html_put(page, "<a tabindex=\"-1\" href=\"");
        html_text(page, point->url);
        html_put(page, "\">");
    }
    html_put(page, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"><title>",
             x_of((double) point->lines), y_of((double) point->cycle / (double) TIME_HOUR));
    html_text(page, reference);
    html_put(page, ": %s, %" G_GINT64_FORMAT " lines</title></circle>%s\n",
             duration_format(point->cycle, cycle), point->lines, link ? "</a>" : "");
}

static gint by_cycle_descending(gconstpointer a, gconstpointer b)
{
    Duration left = (*(const ReportPoint *const *) a)->cycle;
    Duration right = (*(const ReportPoint *const *) b)->cycle;
    return (left < right) - (left > right);
}

static void put_slowest(HtmlPage *page)
{
    g_autoptr(GPtrArray) slowest = g_ptr_array_new();
    for (guint i = 0; i < page->report->points->len; i++) {
        ReportPoint *point = &g_array_index(page->report->points, ReportPoint, i);
        if (point->cycle != DURATION_ABSENT)
            g_ptr_array_add(slowest, point);
    }
    g_ptr_array_sort(slowest, by_cycle_descending);
    html_put(page, "<thead><tr><th scope=\"col\">pull request</th><th scope=\"col\" "
                   "class=\"n\">cycle time</th><th scope=\"col\" class=\"n\">lines</th></tr>"
                   "</thead><tbody>\n");
    for (guint i = 0; i < slowest->len && i < LISTED; i++) {
        const ReportPoint *point = slowest->pdata[i];
        html_put(page, "<tr><th scope=\"row\" class=\"title\">");
        html_pull_request(page, point->repository, point->number, point->title, point->url);
        html_put(page, "</th>");
        html_value_cell(page, MEASURE_UNIT_DURATION, (double) point->cycle);
        html_count_cell(page, point->lines);
        html_put(page, "</tr>\n");
    }
}

void chart_sizes(HtmlPage *page)
{
    guint drawn = 0;
    for (guint i = 0; i < page->report->points->len; i++)
        drawn += is_drawn(&g_array_index(page->report->points, ReportPoint, i));
    g_autofree char *caption = g_strdup_printf(
        "The newest %u merged pull requests: lines changed across, cycle time up, both on "
        "logarithmic axes.",
        drawn);
    chart_begin(page, "chart-sizes", "Size and cycle time", caption);
    put_axes(page);
    for (guint i = 0; i < page->report->points->len; i++) {
        const ReportPoint *point = &g_array_index(page->report->points, ReportPoint, i);
        if (is_drawn(point))
            put_dot(page, point);
    }
    chart_numbers(page, "The slowest of them");
    put_slowest(page);
    chart_end(page);
}
