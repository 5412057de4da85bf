#include "deliver/text.h"

/* The part that all links share before the number, when they do: "https://…/pull-requests/".
 * NULL otherwise. Free with g_free. */
static char *common_link(const Report *report)
{
    char *common = NULL;
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        char number[32];
        g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, need->number);
        if (!words_is_link(need->url) || !g_str_has_suffix(need->url, number)) {
            g_free(common);
            return NULL;
        }
        g_autofree char *head = g_strndup(need->url, strlen(need->url) - strlen(number));
        if (!g_str_has_suffix(head, "/") || (common != NULL && !g_str_equal(common, head))) {
            g_free(common);
            return NULL;
        }
        if (common == NULL)
            common = g_steal_pointer(&head);
    }
    return common;
}

static void put_heading(TextPage *page, NeedKind kind, guint title_width)
{
    gint64 count = report_count_needs(page->report, kind);
    g_autofree char *title = g_strdup_printf("%s (%" G_GINT64_FORMAT ")", need_title(kind), count);
    g_string_append_c(page->out, ' ');
    text_put(page, title, title_width, LAYOUT_LEFT, TINT_BOLD);
    text_put(page, kind == NEED_UNREVIEWED_MERGE ? "author" : "next step by", 17, LAYOUT_LEFT,
             TINT_DIM);
    text_put(page, "since", 7, LAYOUT_LEFT, TINT_DIM);
    text_put(page, "age", 7, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "lines", 8, LAYOUT_RIGHT, TINT_DIM);
    text_newline(page);
}

static void put_need(TextPage *page, const ReportNeed *need, guint title_width, gboolean full_link)
{
    g_autofree char *reference = words_reference(page->report, need->repository, need->number);
    g_autofree char *since = words_day(need->since), *lines = words_count(need->lines);
    char age[TIME_TEXT_SIZE];
    guint reference_width = page->report->is_workspace ? 16 : 7;
    g_string_append(page->out, "  ");
    text_begin_link(page, need->url);
    text_put(page, reference, reference_width, LAYOUT_LEFT, TINT_LINK);
    text_end_link(page, need->url);
    g_string_append_c(page->out, ' ');
    text_put(page, need->title, title_width - reference_width - 4, LAYOUT_LEFT, TINT_NONE);
    g_string_append(page->out, "  ");
    text_put(page, need->who == NULL ? "nobody yet" : need->who, 15, LAYOUT_LEFT,
             need->who == NULL ? TINT_DIM : TINT_NONE);
    g_string_append(page->out, "  ");
    text_put(page, since, 7, LAYOUT_LEFT, TINT_NONE);
    text_put(page, duration_format(need->age, age), 7, LAYOUT_RIGHT, TINT_NONE);
    text_put(page, lines, 8, LAYOUT_RIGHT, TINT_NONE);
    text_newline(page);
    if (full_link && words_is_link(need->url)) {
        g_string_append(page->out, "    ");
        text_put(page, need->url, page->width - 4, LAYOUT_LEFT, TINT_DIM);
        text_newline(page);
    }
}

static void put_kind(TextPage *page, NeedKind kind, guint title_width, gboolean full_link)
{
    gint64 count = report_count_needs(page->report, kind);
    guint shown = 0;
    if (count == 0)
        return;
    put_heading(page, kind, title_width);
    for (guint i = 0; i < page->report->needs->len && shown < page->per_kind; i++) {
        const ReportNeed *need = &g_array_index(page->report->needs, ReportNeed, i);
        if (need->kind != kind)
            continue;
        put_need(page, need, title_width, full_link);
        shown++;
    }
    if (count > shown) {
        g_autofree char *more = g_strdup_printf("  and %" G_GINT64_FORMAT " more", count - shown);
        text_put(page, more, 0, LAYOUT_LEFT, TINT_DIM);
        text_newline(page);
    }
}

void text_needs(TextPage *page)
{
    g_autofree char *total = words_count(page->report->needs->len);
    text_rule(page, "What needs a hand now", total);
    if (page->report->needs->len == 0) {
        text_paragraph(page, "Nothing. No pull request waits longer than it should.");
        return;
    }
    g_autofree char *link = page->report->is_workspace ? NULL : common_link(page->report);
    gboolean full_link = link == NULL && !page->color;
    guint title_width = page->width - 1 - 17 - 7 - 7 - 8;
    for (guint kind = 0; kind < NEED_COUNT; kind++)
        put_kind(page, (NeedKind) kind, title_width, full_link);
    if (link != NULL) {
        g_autofree char *hint = g_strdup_printf("Link: %sNUMBER", link);
        g_string_append_c(page->out, ' ');
        text_put(page, hint, MIN(page->width - 1, layout_width(hint)), LAYOUT_LEFT, TINT_DIM);
        text_newline(page);
    }
}
