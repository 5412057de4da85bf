#include "deliver/text.h"

/* What all links look like, with NUMBER (and REPOSITORY in a report on several) in place of what
 * differs; NULL when they do not look alike. Free with g_free. */
static char *link_pattern(const Report *report)
{
    char *pattern = NULL;
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        const char *slash = need->repository == NULL ? NULL : strrchr(need->repository, '/');
        g_autofree char *tail = g_strdup_printf("/%s/pull-requests/%" G_GINT64_FORMAT,
                                                slash == NULL ? "" : slash + 1, need->number);
        g_autofree char *own = NULL;
        if (words_is_link(need->url) && g_str_has_suffix(need->url, tail)) {
            g_autofree char *head = g_strndup(need->url, strlen(need->url) - strlen(tail));
            own = g_strdup_printf("%s/%s/pull-requests/NUMBER", head,
                                  report->is_workspace || slash == NULL ? "REPOSITORY" : slash + 1);
        }
        if (own == NULL || (pattern != NULL && !g_str_equal(pattern, own))) {
            g_free(pattern);
            return NULL;
        }
        if (pattern == NULL)
            pattern = g_steal_pointer(&own);
    }
    return pattern;
}

/* Widths in columns; a report on several repositories needs the room of the date for their names.
 */
typedef struct {
    guint reference, title, who, since, age, lines;
} NeedColumns;

static NeedColumns plan_columns(const TextPage *page)
{
    NeedColumns columns = {.reference = 7, .who = 15, .since = 7, .age = 7, .lines = 8};
    if (page->report->is_workspace) {
        columns.since = 0;
        for (guint i = 0; i < page->report->needs->len; i++) {
            const ReportNeed *need = &g_array_index(page->report->needs, ReportNeed, i);
            g_autofree char *reference =
                words_reference(page->report, need->repository, need->number);
            columns.reference = MAX(columns.reference, layout_width(reference));
        }
        columns.reference = MIN(columns.reference, 24);
    }
    columns.title = page->width - 2 - columns.reference - 1 - 2 - columns.who - 2 - columns.since -
                    columns.age - columns.lines;
    return columns;
}

static void put_heading(TextPage *page, const Rule *rule, const NeedColumns *plan, gboolean columns)
{
    gint64 count = report_count_needs(page->report, rule->id);
    g_autofree char *title = g_strdup_printf("%s (%" G_GINT64_FORMAT ")", rule->title, count);
    g_string_append_c(page->out, ' ');
    text_put(page, title, 1 + plan->reference + 1 + plan->title + 2, LAYOUT_LEFT, TINT_BOLD);
    if (columns) {
        text_put(page, "next step by", plan->who + 2, LAYOUT_LEFT, TINT_DIM);
        if (plan->since > 0)
            text_put(page, "since", plan->since, LAYOUT_LEFT, TINT_DIM);
        text_put(page, "age", plan->age, LAYOUT_RIGHT, TINT_DIM);
        text_put(page, "lines", plan->lines, LAYOUT_RIGHT, TINT_DIM);
    }
    text_newline(page);
}

/* "Ana Roy", "Ana Roy +2" where more are near, as far as the column reaches. */
static void put_who(TextPage *page, const ReportNeed *need, guint width)
{
    guint also = need->also == NULL ? 0 : need->also->len;
    if (need->who == NULL) {
        text_put(page, "nobody", width, LAYOUT_LEFT, TINT_DIM);
        return;
    }
    if (also == 0) {
        text_put(page, need->who, width, LAYOUT_LEFT, TINT_NONE);
        return;
    }
    g_autofree char *more = g_strdup_printf("+%u", also);
    guint room = width - 1 - (guint) strlen(more), name = MIN(layout_width(need->who), room);
    text_put(page, need->who, name, LAYOUT_LEFT, TINT_NONE);
    g_string_append_c(page->out, ' ');
    text_put(page, more, width - 1 - name, LAYOUT_LEFT, TINT_DIM);
}

static void put_need(TextPage *page, const ReportNeed *need, const NeedColumns *plan,
                     gboolean full_link)
{
    g_autofree char *reference = words_reference(page->report, need->repository, need->number);
    g_autofree char *since = words_day(need->since), *lines = words_count(need->lines);
    char age[TIME_TEXT_SIZE];
    g_string_append(page->out, "  ");
    text_begin_link(page, need->url);
    text_put(page, reference, plan->reference, LAYOUT_LEFT, TINT_LINK);
    text_end_link(page, need->url);
    g_string_append_c(page->out, ' ');
    text_put(page, need->title, plan->title, LAYOUT_LEFT, TINT_NONE);
    g_string_append(page->out, "  ");
    put_who(page, need, plan->who);
    g_string_append(page->out, "  ");
    if (plan->since > 0)
        text_put(page, since, plan->since, LAYOUT_LEFT, TINT_NONE);
    text_put(page, duration_format(need->age, age), plan->age, LAYOUT_RIGHT, TINT_NONE);
    text_put(page, lines, plan->lines, LAYOUT_RIGHT, TINT_NONE);
    text_newline(page);
    if (full_link && words_is_link(need->url)) {
        g_string_append(page->out, "    ");
        text_put(page, need->url, page->width - 4, LAYOUT_LEFT, TINT_DIM);
        text_newline(page);
    }
}

static void put_kind(TextPage *page, const Rule *rule, const NeedColumns *plan, gboolean full_link,
                     gboolean columns)
{
    gint64 count = report_count_needs(page->report, rule->id);
    guint shown = 0;
    put_heading(page, rule, plan, columns);
    for (guint i = 0; i < page->report->needs->len && shown < page->per_kind; i++) {
        const ReportNeed *need = &g_array_index(page->report->needs, ReportNeed, i);
        if (need->rule != rule)
            continue;
        put_need(page, need, plan, full_link);
        shown++;
    }
    if (count > shown) {
        g_autofree char *more = g_strdup_printf("and %" G_GINT64_FORMAT " more", count - shown);
        g_string_append(page->out, "  ");
        text_put(page, more, 0, LAYOUT_LEFT, TINT_DIM);
        text_newline(page);
    }
}

void text_needs(TextPage *page)
{
    text_rule(page, "What needs a hand now", NULL);
    if (page->report->needs->len == 0) {
        text_paragraph(page, "Nothing. No pull request waits longer than it should.");
        return;
    }
    g_autofree char *link = link_pattern(page->report);
    gboolean full_link = link == NULL && !page->color;
    NeedColumns plan = plan_columns(page);
    g_autoptr(GPtrArray) rules = words_need_rules(page->report);
    for (guint i = 0; i < rules->len; i++)
        put_kind(page, rules->pdata[i], &plan, full_link, i == 0);
    if (link != NULL) {
        g_string_append(page->out, " Links: ");
        text_put(page, link, MIN(page->width - 8, layout_width(link)), LAYOUT_LEFT, TINT_DIM);
        text_newline(page);
    }
}
