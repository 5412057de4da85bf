/*
 * The report as one HTML file that needs nothing else: no script, no font, no image from anywhere.
 */
#include "deliver/html.h"
#include "deliver/delivery.h"

#include "deliver/embedded.h"
#include "deliver/render.h"

void html_put(HtmlPage *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(page->out, format, arguments);
    va_end(arguments);
}

void html_text(HtmlPage *page, const char *text)
{
    g_autofree char *clean = words_clean(text);
    g_autofree char *escaped = g_markup_escape_text(clean, -1);
    g_string_append(page->out, escaped);
}

void html_value_cell(HtmlPage *page, MeasureUnit unit, double value)
{
    g_autofree char *words = report_value_words(unit, value);
    html_put(page, "<td class=\"n\">%s</td>", words);
}

void html_count_cell(HtmlPage *page, gint64 count)
{
    g_autofree char *words = words_count(count);
    html_put(page, "<td class=\"n\">%s</td>", words);
}

void html_pull_request(HtmlPage *page, const char *repository, gint64 number, const char *title,
                       const char *url)
{
    g_autofree char *reference = words_reference(page->report, repository, number);
    gboolean link = words_is_link(url);
    if (link) {
        html_put(page, "<a href=\"");
        html_text(page, url);
        html_put(page, "\">");
    }
    html_text(page, reference);
    if (title != NULL) {
        html_put(page, " ");
        html_text(page, title);
    }
    html_put(page, link ? "</a>" : "");
}

static void put_head(HtmlPage *page)
{
    html_put(page, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "style-src 'unsafe-inline'\">\n"
                   "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    html_text(page, page->report->subject);
    html_put(page, ": pull request flow</title>\n<style>\n");
    g_string_append(page->out, deliver_report_css);
    html_put(page, "</style>\n</head>\n<body>\n");
}

static void put_header(HtmlPage *page)
{
    const Report *report = page->report;
    g_autofree char *from = words_date(report->from), *until = words_instant(report->until);
    html_put(page, "<header><div><h1>");
    if (words_is_link(report->url)) {
        html_put(page, "<a href=\"");
        html_text(page, report->url);
        html_put(page, "\">");
        html_text(page, report->subject);
        html_put(page, "</a>");
    } else {
        html_text(page, report->subject);
    }
    html_put(page, "</h1><p class=\"soft\">Pull requests of %" G_GINT64_FORMAT " days, %s to %s",
             report->days, from, until);
    if (report->is_workspace) {
        g_autofree char *repositories =
            words_counted(report->repositories, "repository", "repositories");
        html_put(page, ", in %s", repositories);
    }
    html_put(page, "</p></div><div class=\"brand\"><svg viewBox=\"0 0 16 24\" "
                   "aria-hidden=\"true\"><path d=\"M8 0v11\" stroke=\"currentColor\" "
                   "stroke-width=\"1.5\"/><path d=\"M4 11h8l-1 5-3 7-3-7z\" "
                   "fill=\"currentColor\"/></svg>Plumbline</div></header>\n<main>\n");
}

static void put_sentences(HtmlPage *page, const char *class, GPtrArray *sentences)
{
    html_put(page, "<ul class=\"%s\">\n", class);
    for (guint i = 0; i < sentences->len; i++) {
        html_put(page, "<li>");
        html_text(page, sentences->pdata[i]);
        html_put(page, "</li>\n");
    }
    html_put(page, "</ul>\n");
}

void render_html(const Report *report, const ReportStyle *style, GString *out)
{
    HtmlPage page = {.out = out, .report = report, .people = style->people};
    put_head(&page);
    put_header(&page);
    g_autoptr(GPtrArray) headlines = report_headlines(report);
    put_sentences(&page, "headlines", headlines);
    html_tiles(&page);
    html_needs(&page);
    html_put(&page, "<h2>Flow</h2>\n");
    html_measures(&page, REPORT_FLOW);
    if (report->coverage.merged > 0) { /* empty axes tell nothing */
        html_put(&page, "<div class=\"charts\">\n");
        chart_phases(&page);
        chart_throughput(&page);
        chart_distribution(&page);
        chart_sizes(&page);
        html_put(&page, "</div>\n");
    }
    html_put(&page, "<h2>Review</h2>\n");
    html_measures(&page, REPORT_REVIEW);
    html_shares(&page);
    html_load(&page);
    html_delivery(&page);
    html_put(&page, "<h2>Size</h2>\n");
    html_measures(&page, REPORT_SIZE);
    html_groups(&page, report->size_classes, "Smaller pull requests, faster flow?", "size class");
    if (report->by_repository->len > 0) {
        html_put(&page, "<h2>Repositories</h2>\n");
        html_groups(&page, report->by_repository, NULL, "repository");
    }
    html_put(&page, "<h2>About these numbers</h2>\n");
    g_autoptr(GPtrArray) notes = report_notes(report);
    put_sentences(&page, "notes", notes);
    html_put(&page,
             "</main>\n<footer>Made by Plumbline %s. Medians and percentiles, never "
             "averages; people are not ranked.</footer>\n</body>\n</html>\n",
             PLUMBLINE_VERSION);
}
