/*
 * Deliveries: the figures, and the words that text and HTML share.
 */
#include "deliver/delivery.h"

#include "deliver/build.h"

enum { ASK_COUNT, ASK_DAYS, ASK_RATE, ASK_RECOVERY, N_ASKS };

static MeasureTable *ask(const ReportRequest *request, UtcTime from, UtcTime until, Dimension by,
                         GError **error)
{
    const MeasureAsk asks[N_ASKS] = {
        [ASK_COUNT] = {measure_find("deployments"), STATISTIC_SUM, FALSE},
        [ASK_DAYS] = {measure_find("deployment-days"), STATISTIC_SUM, FALSE},
        [ASK_RATE] = {measure_find("change-failure-rate"), STATISTIC_SHARE, FALSE},
        [ASK_RECOVERY] = {measure_find("recovery-time"), STATISTIC_P50, FALSE},
    };
    const MeasureQuery query = {.from = from,
                                .until = until,
                                .now = request->now,
                                .time_zone = request->time_zone,
                                .repository_id = request->repository_id,
                                .by = {by},
                                .asks = asks,
                                .n_asks = N_ASKS};
    return measure_query(request->columns, &query, error);
}

static ReportDelivered delivered_of(const MeasureRow *row)
{
    return (ReportDelivered){.count = row->cells[ASK_COUNT].value,
                             .days = row->cells[ASK_DAYS].value,
                             .failure_rate = row->cells[ASK_RATE].value,
                             .judged = row->cells[ASK_RATE].n};
}

gboolean build_delivery(const ReportRequest *request, Report *report, GError **error)
{
    UtcTime before = report->from - report->days * TIME_DAY;
    g_autoptr(MeasureTable) now = ask(request, report->from, report->until, DIMENSION_NONE, error);
    g_autoptr(MeasureTable) old =
        now == NULL ? NULL : ask(request, before, report->from, DIMENSION_NONE, error);
    g_autoptr(MeasureTable) places =
        old == NULL ? NULL
                    : ask(request, report->from, report->until, DIMENSION_ENVIRONMENT, error);
    if (places == NULL)
        return FALSE;
    report->delivered = delivered_of(&now->rows[0]);
    report->delivered_before = delivered_of(&old->rows[0]);
    report->delivery_note = g_strdup(now->note);
    for (gsize i = 0; i < places->n_rows; i++) {
        const MeasureRow *row = &places->rows[i];
        ReportEnvironment environment = {.name = g_strdup(row->label[0]),
                                         .delivered = delivered_of(row),
                                         .recovery_p50 = row->cells[ASK_RECOVERY].value,
                                         .recoveries = row->cells[ASK_RECOVERY].n};
        g_array_append_val(report->environments, environment);
    }
    return TRUE;
}

/* ---- words */

char *delivery_count_words(const Report *report)
{
    const ReportDelivered *now = &report->delivered, *before = &report->delivered_before;
    g_autofree char *count = words_count(llround(now->count));
    g_autofree char *days = words_counted(llround(now->days), "day", "days");
    g_autofree char *old = words_count(isnan(before->count) ? 0 : llround(before->count));
    return g_strdup_printf("%s, %.1f a week, on %s; %s in the period before", count,
                           now->count * 7 / (double) report->days, days, old);
}

char *delivery_failure_words(const Report *report)
{
    const ReportDelivered *now = &report->delivered, *before = &report->delivered_before;
    if (now->judged == 0)
        return g_strdup("not known: nothing that could have failed is told of");
    g_autofree char *failed = words_count(llround(now->failure_rate * (double) now->judged));
    g_autofree char *judged = words_count(now->judged);
    g_autofree char *rate = report_value_words(MEASURE_UNIT_SHARE, now->failure_rate);
    g_autofree char *old = report_value_words(MEASURE_UNIT_SHARE, before->failure_rate);
    return g_strdup_printf("%s of %s (%s), rolled back ones included; %s in the period before",
                           failed, judged, rate, before->judged == 0 ? "none" : old);
}

/* ---- text */

static void text_line(TextPage *page, const char *title, const char *words)
{
    g_autofree char *first = g_strdup_printf(" %-18s", title);
    layout_wrap(page->out, words, page->width - 1, first, "                   ", page->unicode);
}

static void text_environments(TextPage *page)
{
    const GArray *environments = page->report->environments;
    if (environments->len < 2)
        return; /* the lines above are about it */
    g_string_append_c(page->out, '\n');
    g_string_append_c(page->out, ' ');
    text_put(page, "environment", 26, LAYOUT_LEFT, TINT_DIM);
    text_put(page, "deployed", 10, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "failed", 9, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "recovery", 10, LAYOUT_RIGHT, TINT_DIM);
    g_string_append(page->out, "  ");
    text_put(page, "median", 0, LAYOUT_LEFT, TINT_DIM);
    text_newline(page);
    for (guint i = 0; i < environments->len && i < 20; i++) {
        const ReportEnvironment *place = &g_array_index(environments, ReportEnvironment, i);
        g_autofree char *count = words_count(llround(place->delivered.count));
        g_autofree char *rate =
            report_value_words(MEASURE_UNIT_SHARE, place->delivered.failure_rate);
        g_autofree char *recovery = report_value_words(MEASURE_UNIT_DURATION, place->recovery_p50);
        g_string_append_c(page->out, ' ');
        text_put(page, place->name, 25, LAYOUT_LEFT, TINT_NONE);
        g_string_append_c(page->out, ' ');
        text_put(page, count, 10, LAYOUT_RIGHT, TINT_NONE);
        text_put(page, rate, 9, LAYOUT_RIGHT, TINT_NONE);
        text_put(page, recovery, 10, LAYOUT_RIGHT, TINT_NONE);
        text_newline(page);
    }
}

void text_delivery(TextPage *page)
{
    const Report *report = page->report;
    if (isnan(report->delivered.count)) {
        text_rule(page, "Delivery", NULL);
        text_paragraph(page, report->delivery_note != NULL ? report->delivery_note
                                                           : "Nothing is known of deployments.");
        return;
    }
    text_measures(page, REPORT_DELIVERY, "Delivery");
    g_autofree char *count = delivery_count_words(report);
    g_autofree char *failures = delivery_failure_words(report);
    g_string_append_c(page->out, '\n');
    text_line(page, "Deployments", count);
    text_line(page, "Failed", failures);
    text_environments(page);
    if (report->delivery_note != NULL) {
        g_string_append_c(page->out, '\n');
        text_paragraph(page, report->delivery_note);
    }
}

/* ---- HTML */

static void html_sentence(HtmlPage *page, const char *title, const char *words)
{
    html_put(page, "<p><strong>%s</strong> ", title);
    html_text(page, words);
    html_put(page, "</p>\n");
}

static void html_environments(HtmlPage *page)
{
    const GArray *environments = page->report->environments;
    if (environments->len < 2)
        return;
    html_put(page, "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">environment</th>"
                   "<th scope=\"col\" class=\"n\">deployments</th><th scope=\"col\" "
                   "class=\"n\">failed</th><th scope=\"col\" class=\"n\">median recovery</th></tr>"
                   "</thead><tbody>\n");
    for (guint i = 0; i < environments->len && i < REPORT_ROWS_MAX; i++) {
        const ReportEnvironment *place = &g_array_index(environments, ReportEnvironment, i);
        html_put(page, "<tr><th scope=\"row\">");
        html_text(page, place->name);
        html_put(page, "</th>");
        html_count_cell(page, llround(place->delivered.count));
        html_value_cell(page, MEASURE_UNIT_SHARE, place->delivered.failure_rate);
        html_value_cell(page, MEASURE_UNIT_DURATION, place->recovery_p50);
        html_put(page, "</tr>\n");
    }
    html_put(page, "</tbody></table></div>\n");
}

void html_delivery(HtmlPage *page)
{
    const Report *report = page->report;
    html_put(page, "<h2>Delivery</h2>\n");
    if (!isnan(report->delivered.count)) {
        g_autofree char *count = delivery_count_words(report);
        g_autofree char *failures = delivery_failure_words(report);
        html_measures(page, REPORT_DELIVERY);
        html_sentence(page, "Deployments:", count);
        html_sentence(page, "Failed:", failures);
        html_environments(page);
    } else if (report->delivery_note == NULL) {
        html_put(page, "<p>Nothing is known of deployments.</p>\n");
    }
    if (report->delivery_note != NULL) {
        html_put(page, "<p class=\"soft\">");
        html_text(page, report->delivery_note);
        html_put(page, "</p>\n");
    }
}
