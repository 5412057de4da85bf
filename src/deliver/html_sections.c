#include "deliver/html.h"

static const char *trend_class(const ReportMeasure *measure)
{
    ReportTrend trend = report_trend(measure);
    gboolean judged = measure->unit == MEASURE_UNIT_DURATION || measure->unit == MEASURE_UNIT_LINES;
    if (!judged || trend == REPORT_TREND_TOO_FEW || trend == REPORT_TREND_SAME)
        return "soft";
    return trend == REPORT_TREND_UP ? "up" : "down";
}

/* ---- tiles */

static void put_tile(HtmlPage *page, const char *label, const char *value, const char *class,
                     const char *below)
{
    html_put(page, "<li><span>%s</span><b>%s</b><span class=\"%s\">", label, value, class);
    html_text(page, below);
    html_put(page, "</span></li>\n");
}

static void put_measure_tile(HtmlPage *page, const char *id, const char *label)
{
    const ReportMeasure *measure = report_find_measure(page->report, id);
    if (measure == NULL)
        return;
    g_autofree char *value = report_value_words(measure->unit, measure->now.p50);
    g_autofree char *trend = report_trend_words(measure);
    g_autofree char *below =
        measure->now.n == 0 ? g_strdup("nothing to measure") : g_strdup_printf("median; %s", trend);
    put_tile(page, label, value, trend_class(measure), below);
}

void html_tiles(HtmlPage *page)
{
    const Report *report = page->report;
    g_autofree char *merged = g_strdup_printf("%.1f", (double) report->coverage.merged * 7 /
                                                          (double) MAX(report->days, 1));
    g_autofree char *before = g_strdup_printf("%.1f before", (double) report->merged_before * 7 /
                                                                 (double) MAX(report->days, 1));
    g_autofree char *open = words_count(report->open);
    g_autofree char *hands =
        g_strdup_printf("%" G_GINT64_FORMAT " need a hand", report_count_needs(report, NULL));
    html_put(page, "<ul class=\"tiles\">\n");
    put_measure_tile(page, "cycle-time", "Cycle time");
    put_measure_tile(page, "time-to-first-review", "First review");
    put_measure_tile(page, "size", "Lines changed");
    put_tile(page, "Merged a week", merged, "soft", before);
    put_tile(page, "Open now", open, "soft", hands);
    for (guint i = 0; i < report->shares->len; i++) {
        const ReportShare *share = &g_array_index(report->shares, ReportShare, i);
        if (!g_str_equal(share->id, "unreviewed"))
            continue;
        g_autofree char *value = report_value_words(MEASURE_UNIT_SHARE, share->share);
        g_autofree char *old = report_value_words(MEASURE_UNIT_SHARE, share->share_before);
        g_autofree char *below =
            share->n == 0 ? g_strdup("nothing to measure") : g_strdup_printf("%s before", old);
        put_tile(page, "Unreviewed merges", value, "soft", below);
    }
    html_put(page, "</ul>\n");
}

/* ---- what needs a hand */

/* Names that are not broken in the middle where the line ends between two. */
static void put_people(HtmlPage *page, const ReportNeed *need)
{
    guint also = need->also == NULL ? 0 : need->also->len;
    if (also == 0) {
        html_text(page, need->who == NULL ? "nobody" : need->who);
        return;
    }
    for (guint i = 0; i <= also; i++) {
        html_put(page, "<span>");
        html_text(page, i == 0 ? need->who : need->also->pdata[i - 1]);
        html_put(page, i < also ? ",</span> " : "</span>");
    }
}

static void put_need(HtmlPage *page, const ReportNeed *need)
{
    char age[TIME_TEXT_SIZE], instant[TIME_TEXT_SIZE];
    g_autofree char *since = words_date(need->since);
    html_put(page, "<tr><th scope=\"row\" class=\"title\">");
    html_pull_request(page, need->repository, need->number, need->title, need->url);
    html_put(page, "</th><td class=\"who\">");
    put_people(page, need);
    html_put(page, "</td><td class=\"date\"><time datetime=\"%s\">%s</time></td>",
             time_format(need->since, instant), since);
    html_put(page, "<td class=\"n\">%s</td>", duration_format(need->age, age));
    g_autofree char *lines = words_count(need->lines);
    html_put(page, "<td class=\"n lines\">%s</td></tr>\n", lines);
}

static void put_kind(HtmlPage *page, const Rule *rule)
{
    gint64 count = report_count_needs(page->report, rule->id);
    guint shown = 0;
    html_put(page,
             "<h3>%s<span class=\"count\">%" G_GINT64_FORMAT "</span></h3>\n<div "
             "class=\"scroll\"><table class=\"needs\"><thead><tr><th scope=\"col\" "
             "class=\"title\">pull request</th><th "
             "scope=\"col\" class=\"who\">next step by</th><th scope=\"col\" "
             "class=\"date\">since</th><th "
             "scope=\"col\" "
             "class=\"n\">age</th><th scope=\"col\" class=\"n\">lines</th></tr></thead><tbody>\n",
             rule->title, count);
    for (guint i = 0; i < page->report->needs->len && shown < REPORT_ROWS_MAX; i++) {
        const ReportNeed *need = &g_array_index(page->report->needs, ReportNeed, i);
        if (need->rule == rule) {
            put_need(page, need);
            shown++;
        }
    }
    html_put(page, "</tbody></table></div>\n");
    if (count > shown)
        html_put(page, "<p class=\"soft\">and %" G_GINT64_FORMAT " more</p>\n", count - shown);
}

void html_needs(HtmlPage *page)
{
    html_put(page, "<h2>What needs a hand now</h2>\n");
    if (page->report->needs->len == 0)
        html_put(page, "<p>Nothing. No pull request waits longer than it should.</p>\n");
    g_autoptr(GPtrArray) rules = words_need_rules(page->report);
    for (guint i = 0; i < rules->len; i++)
        put_kind(page, rules->pdata[i]);
}

/* ---- measures */

static gboolean any_working(const Report *report, ReportSection section)
{
    for (guint i = 0; i < report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(report->measures, ReportMeasure, i);
        if (measure->section == section && measure->working.n > 0)
            return TRUE;
    }
    return FALSE;
}

/* A cell that a narrow screen does without. */
static void put_wide_cell(HtmlPage *page, MeasureUnit unit, double value)
{
    g_autofree char *words = report_value_words(unit, value);
    html_put(page, "<td class=\"n wide\">%s</td>", words);
}

static void put_measure(HtmlPage *page, const ReportMeasure *measure, gboolean working)
{
    g_autofree char *trend = report_trend_words(measure);
    g_autofree char *median = report_value_words(measure->unit, measure->now.p50);
    html_put(page, "<tr%s><th scope=\"row\" title=\"", measure->is_part ? " class=\"part\"" : "");
    html_text(page, measure->meaning);
    html_put(page, "\">");
    html_text(page, measure->title);
    html_put(page, "</th><td class=\"n main\">%s</td>", median);
    put_wide_cell(page, measure->unit, measure->now.p75);
    html_value_cell(page, measure->unit, measure->now.p90);
    if (working)
        put_wide_cell(page, measure->unit, measure->working.n > 0 ? measure->working.p50 : NAN);
    html_count_cell(page, measure->now.n);
    put_wide_cell(page, measure->unit, measure->before.p50);
    html_put(page, "<td class=\"change %s\">%s</td></tr>\n", trend_class(measure), trend);
}

void html_measures(HtmlPage *page, ReportSection section)
{
    gboolean working = any_working(page->report, section);
    if (!words_has_values(page->report, section)) {
        html_put(page,
                 "<p>Nothing to measure, neither in this period nor in the one before.</p>\n");
        return;
    }
    html_put(page,
             "<div class=\"scroll\"><table><thead><tr><th scope=\"col\"></th><th scope=\"col\" "
             "class=\"n\">median</th><th scope=\"col\" class=\"n wide\">75%%</th><th scope=\"col\" "
             "class=\"n\">90%%</th>%s<th scope=\"col\" class=\"n\">n</th><th scope=\"col\" "
             "class=\"n wide\">median before</th><th scope=\"col\">change</th></tr></thead>"
             "<tbody>\n",
             working ? "<th scope=\"col\" class=\"n wide\">median, working time</th>" : "");
    for (guint i = 0; i < page->report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(page->report->measures, ReportMeasure, i);
        if (measure->section == section)
            put_measure(page, measure, working);
    }
    html_put(page, "</tbody></table></div>\n");
}

void html_shares(HtmlPage *page)
{
    gboolean any = FALSE;
    for (guint i = 0; i < page->report->shares->len; i++) {
        const ReportShare *share = &g_array_index(page->report->shares, ReportShare, i);
        any |= share->n > 0 || share->n_before > 0;
    }
    if (!any)
        return;
    html_put(page, "<h3>Merges to look at</h3>\n<div class=\"scroll\"><table>"
                   "<thead><tr><th scope=\"col\"></th><th scope=\"col\" class=\"n\">share</th>"
                   "<th scope=\"col\" class=\"n\">merges</th><th scope=\"col\" "
                   "class=\"n\">of</th><th scope=\"col\" class=\"n\">share before</th></tr>"
                   "</thead><tbody>\n");
    for (guint i = 0; i < page->report->shares->len; i++) {
        const ReportShare *share = &g_array_index(page->report->shares, ReportShare, i);
        html_put(page, "<tr><th scope=\"row\">");
        html_text(page, share->title);
        html_put(page, "</th>");
        html_value_cell(page, MEASURE_UNIT_SHARE, share->share);
        html_count_cell(page, share->count);
        html_count_cell(page, share->n);
        html_value_cell(page, MEASURE_UNIT_SHARE, share->share_before);
        html_put(page, "</tr>\n");
    }
    html_put(page, "</tbody></table></div>\n");
}

void html_load(HtmlPage *page)
{
    const Report *report = page->report;
    gint64 all = 0, three = 0;
    if (isnan(report->review_top_share))
        return;
    for (guint i = 0; i < report->reviewers->len; i++) {
        const ReportReviewer *reviewer = &g_array_index(report->reviewers, ReportReviewer, i);
        all += reviewer->reviews;
        three += i < 3 ? reviewer->reviews : 0;
    }
    html_put(page,
             "<h3>Load</h3>\n<p>%u people review. The busiest gives %.0f%% of all reviews, the "
             "three busiest %.0f%%. Gini coefficient %.2f (0: all give the same; 1: one gives "
             "all).</p>\n",
             report->reviewers->len, report->review_top_share * 100,
             100.0 * (double) three / (double) MAX(all, 1), report->review_gini);
    if (!page->people)
        return;
    html_put(page, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">reviewer</th><th "
                   "scope=\"col\" class=\"n\">reviews</th><th scope=\"col\" "
                   "class=\"n\">share</th></tr></thead><tbody>\n");
    for (guint i = 0; i < report->reviewers->len && i < REPORT_ROWS_MAX; i++) {
        const ReportReviewer *reviewer = &g_array_index(report->reviewers, ReportReviewer, i);
        html_put(page, "<tr><th scope=\"row\">");
        html_text(page, reviewer->name);
        html_put(page, "</th>");
        html_count_cell(page, reviewer->reviews);
        html_value_cell(page, MEASURE_UNIT_SHARE,
                        (double) reviewer->reviews / (double) MAX(all, 1));
        html_put(page, "</tr>\n");
    }
    html_put(page, "</tbody></table></div>\n");
}

void html_groups(HtmlPage *page, const GArray *groups, const char *caption, const char *heading)
{
    if (groups->len == 0)
        return;
    if (caption != NULL)
        html_put(page, "<h3>%s</h3>\n", caption);
    html_put(
        page,
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">%s</th><th scope=\"col\" "
        "class=\"n\">merged</th><th scope=\"col\" class=\"n\">median cycle time</th>"
        "<th scope=\"col\" class=\"n\">median pickup</th><th scope=\"col\" "
        "class=\"n\">median lines</th><th scope=\"col\" class=\"n\" title=\"time from the "
        "opening by which half are merged, open ones counted\">half merged in</th></tr></thead>"
        "<tbody>\n",
        heading);
    for (guint i = 0; i < groups->len && i < REPORT_ROWS_MAX; i++) {
        const ReportGroup *group = &g_array_index(groups, ReportGroup, i);
        html_put(page, "<tr><th scope=\"row\">");
        html_text(page, group->label);
        html_put(page, "</th>");
        html_count_cell(page, group->merged);
        html_value_cell(page, MEASURE_UNIT_DURATION, group->cycle_p50);
        html_value_cell(page, MEASURE_UNIT_DURATION, group->pickup_p50);
        html_value_cell(page, MEASURE_UNIT_LINES, group->size_p50);
        html_value_cell(page, MEASURE_UNIT_DURATION, group->until_merged.value);
        html_put(page, "</tr>\n");
    }
    html_put(page, "</tbody></table></div>\n");
}
