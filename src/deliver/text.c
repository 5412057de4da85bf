#include "deliver/text.h"
#include "deliver/delivery.h"

#include "deliver/render.h"

void text_tint(TextPage *page, TextTint tint)
{
    static const char *const CODES[] = {"\033[0m",  "\033[1m",  "\033[2m",
                                        "\033[32m", "\033[33m", "\033[36m"};
    if (page->color)
        g_string_append(page->out, CODES[tint]);
}

void text_put(TextPage *page, const char *text, guint width, LayoutAlign align, TextTint tint)
{
    if (tint != TINT_NONE)
        text_tint(page, tint);
    layout_put(page->out, text, width > 0 ? width : layout_width(text), align, page->unicode);
    if (tint != TINT_NONE)
        text_tint(page, TINT_NONE);
}

/* Ends the line, without the blanks that the last column left. */
void text_newline(TextPage *page)
{
    while (page->out->len > 0 && page->out->str[page->out->len - 1] == ' ')
        g_string_truncate(page->out, page->out->len - 1);
    g_string_append_c(page->out, '\n');
}

void text_rule(TextPage *page, const char *title, const char *right)
{
    const char *dash = page->unicode ? "─" : "-";
    guint used = 4 + layout_width(title) + (right == NULL ? 0 : layout_width(right) + 4);
    g_string_append_c(page->out, '\n');
    text_tint(page, TINT_DIM);
    g_string_append_printf(page->out, "%s%s ", dash, dash);
    text_put(page, title, 0, LAYOUT_LEFT, TINT_BOLD);
    text_tint(page, TINT_DIM);
    g_string_append_c(page->out, ' ');
    for (guint i = used; i < page->width; i++)
        g_string_append(page->out, dash);
    if (right != NULL)
        g_string_append_printf(page->out, " %s %s%s", right, dash, dash);
    text_tint(page, TINT_NONE);
    g_string_append_c(page->out, '\n');
}

void text_paragraph(TextPage *page, const char *text)
{
    layout_wrap(page->out, text, page->width - 1, " ", " ", page->unicode);
}

void text_begin_link(TextPage *page, const char *url)
{
    if (page->color && words_is_link(url))
        g_string_append_printf(page->out, "\033]8;;%s\033\\", url);
}

void text_end_link(TextPage *page, const char *url)
{
    if (page->color && words_is_link(url))
        g_string_append(page->out, "\033]8;;\033\\");
}

static void put_header(TextPage *page)
{
    const Report *report = page->report;
    g_autofree char *subject = words_clean(report->subject);
    g_autofree char *repositories =
        words_counted(report->repositories, "repository", "repositories");
    g_autofree char *name =
        report->is_workspace ? g_strdup_printf("%s: %s", subject, repositories) : g_strdup(subject);
    g_autofree char *from = words_date(report->from), *until = words_instant(report->until);
    g_autofree char *window =
        g_strdup_printf("%" G_GINT64_FORMAT " days, from %s to %s", report->days, from, until);
    g_string_append_c(page->out, ' ');
    text_put(page, name, page->width - 12, LAYOUT_LEFT, TINT_BOLD);
    text_put(page, "Plumbline", 10, LAYOUT_RIGHT, TINT_DIM);
    text_newline(page);
    g_string_append_c(page->out, ' ');
    text_put(page, window, page->width - 1, LAYOUT_LEFT, TINT_DIM);
    text_newline(page);
    g_string_append_c(page->out, '\n');
}

static void put_sentences(TextPage *page, GPtrArray *sentences)
{
    const char *bullet = page->unicode ? " • " : " * ";
    for (guint i = 0; i < sentences->len; i++)
        layout_wrap(page->out, sentences->pdata[i], page->width - 1, bullet, "   ", page->unicode);
}

void render_text(const Report *report, const ReportStyle *style, GString *out)
{
    TextPage page = {.out = out,
                     .report = report,
                     .width = CLAMP(style->width, 80, 200),
                     .per_kind = style->per_kind == 0 ? 5 : style->per_kind,
                     .color = style->color,
                     .unicode = style->unicode,
                     .people = style->people};
    put_header(&page);
    g_autoptr(GPtrArray) headlines = report_headlines(report);
    put_sentences(&page, headlines);
    text_needs(&page);
    text_measures(&page, REPORT_FLOW, "Flow");
    text_phases(&page);
    text_throughput(&page);
    text_measures(&page, REPORT_REVIEW, "Review");
    text_shares(&page);
    text_load(&page);
    text_delivery(&page);
    text_measures(&page, REPORT_SIZE, "Size");
    if (report->size_classes->len > 0)
        g_string_append_c(page.out, '\n');
    text_groups(&page, report->size_classes, "size class");
    if (report->by_repository->len > 0) {
        text_rule(&page, "Repositories", NULL);
        text_groups(&page, report->by_repository, "repository");
    }
    text_rule(&page, "About these numbers", NULL);
    g_autoptr(GPtrArray) notes = report_notes(report);
    put_sentences(&page, notes);
}
