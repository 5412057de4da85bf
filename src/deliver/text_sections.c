#include "deliver/text.h"

#define TREND_WIDTH 18

static gboolean any_working(const Report *report, ReportSection section)
{
    for (guint i = 0; i < report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(report->measures, ReportMeasure, i);
        if (measure->section == section && measure->working.n > 0)
            return TRUE;
    }
    return FALSE;
}

static void put_value(TextPage *page, MeasureUnit unit, double value, guint width, TextTint tint)
{
    g_autofree char *words = report_value_words(unit, value);
    text_put(page, words, width, LAYOUT_RIGHT, tint);
}

static TextTint trend_tint(const ReportMeasure *measure)
{
    ReportTrend trend = report_trend(measure);
    if (trend == REPORT_TREND_TOO_FEW || trend == REPORT_TREND_SAME)
        return TINT_DIM;
    if (measure->unit != MEASURE_UNIT_DURATION && measure->unit != MEASURE_UNIT_LINES)
        return TINT_NONE;
    return trend == REPORT_TREND_UP ? TINT_BAD : TINT_GOOD;
}

static void put_measure(TextPage *page, const ReportMeasure *measure, guint title_width,
                        gboolean working)
{
    g_autofree char *n = words_count(measure->now.n), *trend = report_trend_words(measure);
    g_string_append(page->out, measure->is_part ? "   " : " ");
    text_put(page, measure->title, title_width - (measure->is_part ? 2 : 0), LAYOUT_LEFT,
             TINT_NONE);
    put_value(page, measure->unit, measure->now.p50, 8, TINT_BOLD);
    put_value(page, measure->unit, measure->now.p75, 7, TINT_NONE);
    put_value(page, measure->unit, measure->now.p90, 7, TINT_NONE);
    if (working)
        put_value(page, measure->unit, measure->working.n > 0 ? measure->working.p50 : NAN, 8,
                  TINT_NONE);
    text_put(page, n, 6, LAYOUT_RIGHT, TINT_NONE);
    put_value(page, measure->unit, measure->before.p50, 7, TINT_DIM);
    g_string_append(page->out, "  ");
    text_put(page, trend, TREND_WIDTH, LAYOUT_LEFT, trend_tint(measure));
    text_newline(page);
}

void text_measures(TextPage *page, ReportSection section, const char *title)
{
    gboolean working = any_working(page->report, section);
    guint title_width = page->width - 1 - 8 - 7 - 7 - (working ? 8 : 0) - 6 - 7 - 2 - TREND_WIDTH;
    text_rule(page, title, NULL);
    if (!words_has_values(page->report, section)) {
        text_paragraph(page, "Nothing to measure, neither in this period nor in the one before.");
        return;
    }
    g_string_append_c(page->out, ' ');
    text_put(page, "", title_width, LAYOUT_LEFT, TINT_NONE);
    text_put(page, "median", 8, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "75%", 7, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "90%", 7, LAYOUT_RIGHT, TINT_DIM);
    if (working)
        text_put(page, "working", 8, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "n", 6, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "before", 7, LAYOUT_RIGHT, TINT_DIM);
    g_string_append(page->out, "  ");
    text_put(page, "change", TREND_WIDTH, LAYOUT_LEFT, TINT_DIM);
    text_newline(page);
    for (guint i = 0; i < page->report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(page->report->measures, ReportMeasure, i);
        if (measure->section == section)
            put_measure(page, measure, title_width, working);
    }
}

/* One bar over the page: how the time of all merged pull requests divides. */
void text_phases(TextPage *page)
{
    static const char *const SHADES[] = {"█", "▓", "▒", "░"};
    static const char *const LETTERS[] = {"#", "=", "+", "."};
    double shares[REPORT_PHASE_COUNT];
    if (!words_phase_shares(page->report, shares))
        return;
    guint width = page->width - 2, drawn = 0;
    double reached = 0;
    GString *key = g_string_new(NULL);
    g_string_append(page->out, "\n ");
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++) {
        const char *mark = page->unicode ? SHADES[phase] : LETTERS[phase];
        reached += shares[phase];
        for (; drawn < (guint) lround(reached * width) && drawn < width; drawn++)
            g_string_append(page->out, mark);
        g_string_append_printf(key, "%s%s %s %.0f%%", phase == 0 ? "" : "   ", mark,
                               report_phase_title((ReportPhase) phase), shares[phase] * 100);
    }
    g_string_append(page->out, "\n ");
    text_put(page, key->str, 0, LAYOUT_LEFT, TINT_DIM);
    g_string_append(page->out, "   ");
    text_put(page, "of all the time", 0, LAYOUT_LEFT, TINT_DIM);
    text_newline(page);
    g_string_free(key, TRUE);
}

void text_shares(TextPage *page)
{
    gboolean first = TRUE;
    for (guint i = 0; i < page->report->shares->len; i++) {
        const ReportShare *share = &g_array_index(page->report->shares, ReportShare, i);
        if (share->n == 0 && share->n_before == 0)
            continue;
        g_autofree char *now = report_value_words(MEASURE_UNIT_SHARE, share->share);
        g_autofree char *before = report_value_words(MEASURE_UNIT_SHARE, share->share_before);
        g_autofree char *merges = words_counted(share->n, "merge", "merges");
        g_autofree char *line = g_strdup_printf("%" G_GINT64_FORMAT " of %s, %s; before: %s",
                                                share->count, merges, now, before);
        g_string_append(page->out, first ? "\n " : " ");
        first = FALSE;
        text_put(page, share->title, 26, LAYOUT_LEFT, TINT_NONE);
        text_put(page, line, page->width - 27, LAYOUT_LEFT, TINT_NONE);
        text_newline(page);
    }
}

void text_load(TextPage *page)
{
    const Report *report = page->report;
    if (isnan(report->review_top_share))
        return;
    gint64 all = 0, three = 0;
    for (guint i = 0; i < report->reviewers->len; i++) {
        const ReportReviewer *reviewer = &g_array_index(report->reviewers, ReportReviewer, i);
        all += reviewer->reviews;
        three += i < 3 ? reviewer->reviews : 0;
    }
    g_autofree char *reviewers = words_counted(report->reviewers->len, "reviewer", "reviewers");
    g_autofree char *line =
        g_strdup_printf("%s; the busiest gives %.0f%%, three %.0f%% of reviews; Gini %.2f",
                        reviewers, report->review_top_share * 100,
                        all > 0 ? 100.0 * (double) three / (double) all : 0, report->review_gini);
    layout_wrap(page->out, line, page->width - 1, " Load                      ",
                "                           ", page->unicode);
    for (guint i = 0; page->people && i < report->reviewers->len && i < 10; i++) {
        const ReportReviewer *reviewer = &g_array_index(report->reviewers, ReportReviewer, i);
        g_autofree char *count = words_count(reviewer->reviews);
        g_string_append(page->out, "   ");
        text_put(page, reviewer->name, 24, LAYOUT_LEFT, TINT_NONE);
        text_put(page, count, 6, LAYOUT_RIGHT, TINT_NONE);
        g_string_append_c(page->out, ' ');
        layout_bar(page->out, (double) reviewer->reviews / (double) MAX(all, 1), page->width - 36,
                   page->unicode);
        text_newline(page);
    }
}

void text_groups(TextPage *page, const GArray *groups, const char *heading)
{
    gint64 most = 0;
    guint name = 26;
    if (groups->len == 0)
        return;
    g_string_append_c(page->out, ' ');
    text_put(page, heading, name, LAYOUT_LEFT, TINT_DIM);
    text_put(page, "merged", 8, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "cycle", 8, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "pickup", 8, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "lines", 8, LAYOUT_RIGHT, TINT_DIM);
    text_put(page, "half in", 8, LAYOUT_RIGHT, TINT_DIM);
    g_string_append(page->out, "  ");
    text_put(page, "medians", 0, LAYOUT_LEFT, TINT_DIM);
    text_newline(page);
    for (guint i = 0; i < groups->len; i++)
        most = MAX(most, g_array_index(groups, ReportGroup, i).merged);
    for (guint i = 0; i < groups->len && i < 20; i++) {
        const ReportGroup *group = &g_array_index(groups, ReportGroup, i);
        g_autofree char *merged = words_count(group->merged);
        g_string_append_c(page->out, ' ');
        text_put(page, group->label, name - 1, LAYOUT_LEFT, TINT_NONE);
        g_string_append_c(page->out, ' ');
        text_put(page, merged, 8, LAYOUT_RIGHT, TINT_NONE);
        put_value(page, MEASURE_UNIT_DURATION, group->cycle_p50, 8, TINT_BOLD);
        put_value(page, MEASURE_UNIT_DURATION, group->pickup_p50, 8, TINT_NONE);
        put_value(page, MEASURE_UNIT_LINES, group->size_p50, 8, TINT_NONE);
        put_value(page, MEASURE_UNIT_DURATION, group->until_merged.value, 8, TINT_NONE);
        g_string_append(page->out, "  ");
        layout_bar(page->out, most > 0 ? (double) group->merged / (double) most : 0,
                   page->width - 1 - name - 40 - 3, page->unicode);
        text_newline(page);
    }
}

static void put_weeks(TextPage *page)
{
    static const char *const LEVELS[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const GArray *weeks = page->report->weeks;
    gint64 most = 0;
    guint first = weeks->len > 52 ? weeks->len - 52 : 0;
    for (guint i = first; i < weeks->len; i++)
        most = MAX(most, g_array_index(weeks, ReportWeek, i).merged);
    if (most == 0)
        return;
    g_string_append_c(page->out, ' ');
    text_put(page, "Merged per week", 18, LAYOUT_LEFT, TINT_NONE);
    GString *numbers = g_string_new(NULL);
    for (guint i = first; i < weeks->len; i++) {
        gint64 merged = g_array_index(weeks, ReportWeek, i).merged;
        if (page->unicode)
            g_string_append(page->out, LEVELS[merged == 0 ? 0 : 1 + merged * 6 / most]);
        g_string_append_printf(numbers, "%s%" G_GINT64_FORMAT, i == first ? "" : " ", merged);
    }
    guint used = 1 + 18 + (page->unicode ? weeks->len - first + 2 : 0);
    g_string_append(page->out, page->unicode ? "  " : "");
    if (numbers->len + used <= page->width)
        text_put(page, numbers->str, 0, LAYOUT_LEFT, TINT_DIM);
    text_newline(page);
    g_string_free(numbers, TRUE);
}

void text_throughput(TextPage *page)
{
    const Report *report = page->report;
    char p50[TIME_TEXT_SIZE], p90[TIME_TEXT_SIZE], oldest[TIME_TEXT_SIZE];
    double weeks = (double) report->days / 7;
    text_rule(page, "Throughput and work in progress", NULL);
    g_autofree char *merged = words_count(report->coverage.merged);
    g_autofree char *before = words_count(report->merged_before);
    g_autofree char *line = g_strdup_printf("%s, %.1f a week; %s in the period before", merged,
                                            (double) report->coverage.merged / weeks, before);
    g_string_append_c(page->out, ' ');
    text_put(page, "Merged", 18, LAYOUT_LEFT, TINT_NONE);
    text_put(page, line, page->width - 19, LAYOUT_LEFT, TINT_NONE);
    text_newline(page);
    put_weeks(page);
    g_autofree char *declined = words_count(report->coverage.declined);
    g_string_append_c(page->out, ' ');
    text_put(page, "Declined", 18, LAYOUT_LEFT, TINT_NONE);
    text_put(page, declined, 0, LAYOUT_LEFT, TINT_NONE);
    text_newline(page);
    GString *open = g_string_new(NULL);
    g_string_append_printf(open, "%" G_GINT64_FORMAT, report->open);
    if (report->drafts > 0)
        g_string_append_printf(open, " (%" G_GINT64_FORMAT " %s)", report->drafts,
                               report->drafts == 1 ? "draft" : "drafts");
    if (report->open_age.n > 0)
        g_string_append_printf(open,
                               "; ready for half of them %s or less, one in ten over %s, oldest %s",
                               duration_format((Duration) report->open_age.p50, p50),
                               duration_format((Duration) report->open_age.p90, p90),
                               duration_format((Duration) report->open_oldest, oldest));
    layout_wrap(page->out, open->str, page->width - 1, " Open now          ", "                   ",
                page->unicode);
    g_string_free(open, TRUE);
}
