#include "deliver/words.h"

static const char *const PHASE_TITLES[REPORT_PHASE_COUNT] = {"coding", "pickup", "review", "merge"};
static const char *const FORMAT_NAMES[REPORT_FORMAT_COUNT] = {"text", "html", "json", "csv"};

const char *report_phase_title(ReportPhase phase)
{
    return PHASE_TITLES[phase];
}

const char *report_format_name(ReportFormat format)
{
    return FORMAT_NAMES[format];
}

gboolean report_format_from_name(const char *name, ReportFormat *ret_format)
{
    for (gsize i = 0; i < REPORT_FORMAT_COUNT; i++) {
        if (g_str_equal(name, FORMAT_NAMES[i])) {
            *ret_format = (ReportFormat) i;
            return TRUE;
        }
    }
    return FALSE;
}

/* Month names are ours: those of strftime follow the locale. */
static char *format_date(UtcTime time, gboolean year, gboolean clock)
{
    static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (time == TIME_ABSENT)
        return g_strdup("-");
    time_t seconds = (time_t) (time / TIME_SECOND);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL)
        return g_strdup("-");
    GString *text = g_string_new(NULL);
    g_string_printf(text, "%d %s", parts.tm_mday, MONTHS[parts.tm_mon]);
    if (year)
        g_string_append_printf(text, " %d", parts.tm_year + 1900);
    if (clock)
        g_string_append_printf(text, ", %02d:%02d UTC", parts.tm_hour, parts.tm_min);
    return g_string_free(text, FALSE);
}

char *words_date(UtcTime time)
{
    return format_date(time, TRUE, FALSE);
}

char *words_instant(UtcTime time)
{
    return format_date(time, TRUE, TRUE);
}

char *words_day(UtcTime time)
{
    return format_date(time, FALSE, FALSE);
}

char *words_count(gint64 count)
{
    if (count == COUNT_ABSENT)
        return g_strdup("-");
    char digits[32];
    g_snprintf(digits, sizeof digits, "%" G_GINT64_FORMAT, count);
    GString *text = g_string_new(NULL);
    gsize length = strlen(digits);
    for (gsize i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            g_string_append_c(text, ',');
        g_string_append_c(text, digits[i]);
    }
    return g_string_free(text, FALSE);
}

char *words_counted(gint64 count, const char *one, const char *many)
{
    g_autofree char *number = words_count(count);
    return g_strdup_printf("%s %s", number, count == 1 ? one : many);
}

char *words_clean(const char *text)
{
    return g_strstrip(log_blank_controls(text));
}

gboolean words_is_link(const char *url)
{
    if (url == NULL)
        return FALSE;
    if (g_ascii_strncasecmp(url, "https://", 8) != 0 && g_ascii_strncasecmp(url, "http://", 7) != 0)
        return FALSE;
    for (const char *p = url; *p != '\0'; p++) {
        if ((guchar) *p <= 0x20 || (guchar) *p >= 0x7f)
            return FALSE;
    }
    return TRUE;
}

gboolean words_phase_shares(const Report *report, double ret_shares[REPORT_PHASE_COUNT])
{
    double sums[REPORT_PHASE_COUNT] = {0}, total = 0;
    for (guint i = 0; i < report->weeks->len; i++) {
        const ReportWeek *week = &g_array_index(report->weeks, ReportWeek, i);
        for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++) {
            sums[phase] += week->phase_sum[phase];
            total += week->phase_sum[phase];
        }
    }
    if (!(total > 0))
        return FALSE;
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
        ret_shares[phase] = sums[phase] / total;
    return TRUE;
}

gboolean words_has_values(const Report *report, ReportSection section)
{
    for (guint i = 0; i < report->measures->len; i++) {
        const ReportMeasure *measure = &g_array_index(report->measures, ReportMeasure, i);
        if (measure->section == section && (measure->now.n > 0 || measure->before.n > 0))
            return TRUE;
    }
    return FALSE;
}

char *words_reference(const Report *report, const char *repository, gint64 number)
{
    const char *slug = "";
    if (report->is_workspace && repository != NULL) {
        const char *slash = strrchr(repository, '/');
        slug = slash == NULL ? repository : slash + 1;
    }
    g_autofree char *clean = words_clean(slug);
    return g_strdup_printf("%s#%" G_GINT64_FORMAT, clean, number);
}

GPtrArray *words_need_rules(const Report *report)
{
    GPtrArray *rules = g_ptr_array_new();
    for (guint merged = 0; merged < 2; merged++)
        for (guint i = 0; i < report->needs->len; i++) {
            const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
            if ((need->is_merged != 0) == merged && !g_ptr_array_find(rules, need->rule, NULL))
                g_ptr_array_add(rules, (gpointer) need->rule);
        }
    return rules;
}

char *report_value_words(MeasureUnit unit, double value)
{
    char buffer[TIME_TEXT_SIZE];
    if (isnan(value))
        return g_strdup("-");
    switch (unit) {
    case MEASURE_UNIT_DURATION:
        return g_strdup(duration_format((Duration) llround(value), buffer));
    case MEASURE_UNIT_SHARE:
        return g_strdup_printf(value > 0 && value < 0.01 ? "%.1f%%" : "%.0f%%", value * 100);
    case MEASURE_UNIT_LINES:
        return words_count(llround(value));
    case MEASURE_UNIT_COUNT:
        break;
    }
    if (value >= 100 || value == floor(value))
        return words_count(llround(value));
    return g_strdup_printf("%.1f", value);
}

ReportTrend report_trend(const ReportMeasure *measure)
{
    if (measure->now.n < REPORT_TREND_LEAST || measure->before.n < REPORT_TREND_LEAST ||
        isnan(measure->now.p50) || isnan(measure->before.p50))
        return REPORT_TREND_TOO_FEW;
    double change = measure->now.p50 - measure->before.p50;
    if (change == 0 || fabs(change) < REPORT_TREND_BAND * measure->before.p50 ||
        (measure->unit == MEASURE_UNIT_DURATION && fabs(change) < (double) REPORT_TREND_SPAN))
        return REPORT_TREND_SAME;
    return change > 0 ? REPORT_TREND_UP : REPORT_TREND_DOWN;
}

char *report_trend_words(const ReportMeasure *measure)
{
    static const char *const UP[] = {"slower", "larger", "more", "more"};
    static const char *const DOWN[] = {"faster", "smaller", "fewer", "less"};
    static const char *const TIMES[] = {"as long", "as large", "as many", "as much"};
    double ratio = measure->now.p50 / measure->before.p50;
    switch (report_trend(measure)) {
    case REPORT_TREND_TOO_FEW:
        return g_strdup("too few to compare");
    case REPORT_TREND_SAME:
        return g_strdup("about the same");
    case REPORT_TREND_UP:
        if (measure->before.p50 <= 0)
            return g_strdup("up from 0");
        if (ratio >= 2)
            return g_strdup_printf("%.1f times %s", ratio, TIMES[measure->unit]);
        return g_strdup_printf("%.0f%% %s", (ratio - 1) * 100, UP[measure->unit]);
    case REPORT_TREND_DOWN:
        break;
    }
    return g_strdup_printf("%.0f%% %s", (1 - ratio) * 100, DOWN[measure->unit]);
}
