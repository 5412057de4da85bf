#include "sample.h"

#define NOW (G_GINT64_CONSTANT(1794816000) * TIME_SECOND) /* 2026-11-16T08:00:00Z */

static void add_measure(Report *report, ReportSection section, const char *id, const char *title,
                        MeasureUnit unit, const double now[3], double before, gint64 n,
                        gint64 n_before)
{
    double scale = unit == MEASURE_UNIT_DURATION ? (double) TIME_HOUR : 1;
    ReportMeasure measure = {
        .section = section,
        .id = g_strdup(id),
        .title = g_strdup(title),
        .meaning = g_strdup("merged minus <first commit>"),
        .unit = unit,
        .is_part = section == REPORT_FLOW && !g_str_has_prefix(id, "cycle"),
        .now = {now[0] * scale, now[1] * scale, now[2] * scale, n, 12, 3},
        .before = {before * scale, before * 2 * scale, before * 4 * scale, n_before, 10, 0},
        .working = {NAN, NAN, NAN, 0, 0, 0}};
    if (unit == MEASURE_UNIT_DURATION)
        measure.working =
            (ReportSpread){now[0] * scale / 3, now[1] * scale / 3, now[2] * scale / 3, n, 12, 3};
    g_array_append_val(report->measures, measure);
}

static void add_measures(Report *report)
{
    const MeasureUnit duration = MEASURE_UNIT_DURATION;
    add_measure(report, REPORT_FLOW, "cycle-time", "cycle time", duration,
                (double[]){28.4, 81, 192}, 21.2, 412, 388);
    add_measure(report, REPORT_FLOW, "coding-time", "coding", duration, (double[]){6.5, 24, 70},
                6.4, 412, 388);
    add_measure(report, REPORT_FLOW, "pickup-time", "pickup", duration, (double[]){9.1, 22, 49},
                3.9, 398, 371);
    add_measure(report, REPORT_FLOW, "review-time", "review", duration, (double[]){4.2, 19, 51}, 6,
                380, 360);
    add_measure(report, REPORT_FLOW, "merge-time", "merge", duration, (double[]){0.6, 4, 20}, 0.6,
                380, 7);
    add_measure(report, REPORT_REVIEW, "time-to-first-review", "first review", duration,
                (double[]){9.4, 23, 50}, 4.1, 402, 371);
    add_measure(report, REPORT_REVIEW, "time-to-first-bot-review", "first bot review", duration,
                (double[]){0.05, 0.1, 0.3}, 0.05, 390, 350);
    add_measure(report, REPORT_REVIEW, "turnaround", "turnaround", duration,
                (double[]){5.5, 20, 48}, 5.2, 730, 690);
    add_measure(report, REPORT_REVIEW, "review-comments", "comments", MEASURE_UNIT_COUNT,
                (double[]){2, 5, 11}, 3, 412, 388);
    add_measure(report, REPORT_REVIEW, "rounds", "rounds", MEASURE_UNIT_COUNT,
                (double[]){0, 1, 2.5}, 0, 412, 388);
    add_measure(report, REPORT_SIZE, "size", "lines changed", MEASURE_UNIT_LINES,
                (double[]){84, 260, 1240}, 97, 405, 380);
}

static void add_need(Report *report, const char *rule, gint64 number, const char *title,
                     const char *who, double days, gint64 lines)
{
    Duration age = (Duration) (days * (double) TIME_DAY);
    const char *repository =
        report->is_workspace && number % 2 == 1 ? "acme/storefront" : "acme/billing";
    ReportNeed need = {
        .rule = rule_find(rule),
        .is_merged = number == SAMPLE_MERGED,
        .repository = g_strdup(repository),
        .number = number,
        .title = g_strdup(title),
        .url = g_strdup_printf("https://bitbucket.org/%s/pull-requests/%" G_GINT64_FORMAT,
                               repository, number),
        .who = g_strdup(who),
        .since = NOW - age,
        .age = age,
        .age_working = age / 3,
        .lines = lines};
    g_array_append_val(report->needs, need);
}

static void add_needs(Report *report)
{
    add_need(report, "waiting-for-review", 1412, SAMPLE_SCRIPT, "Ana Roy", 5.2, 412);
    add_need(report, "waiting-for-review", 1398, SAMPLE_WIDE, "山田 太郎兵衛左衛門之助", 4.1, 38);
    add_need(report, "waiting-for-review", 1401, "Say what the retry does", NULL, 2.6,
             COUNT_ABSENT);
    for (gint64 i = 0; i < 5; i++)
        add_need(report, "waiting-for-review", 1403 + i,
                 "Move the exchange rates to their own table",
                 "Bartholomew Featherstonehaugh-Cholmondeley", 2.2 - 0.1 * (double) i, 120 + i);
    add_need(report, "stale", 1204, SAMPLE_CONTROL, "Ana Roy", 43, 2210);
    add_need(report, "changes-unanswered", 1388, SAMPLE_FORMULA, "Tomás Ibáñez", 3.3, 77);
    add_need(report, "approved-unmerged", 1377, "Cache the price list", "Wei Chen", 2.9, 15);
    add_need(report, "too-large", 1410, "Replace the tax engine", "Wei Chen", 0.4, 12345);
    add_need(report, "rubber-stamp", SAMPLE_MERGED, "Hotfix: currency of refunds", "Ana Roy", 1.5,
             9);
}

static void add_weeks(Report *report)
{
    static const struct {
        const char *monday;
        gint64 merged;
        double cycle, phases[REPORT_PHASE_COUNT];
    } WEEKS[] = {
        {"2026-08-17", 18, 20, {180, 150, 160, 40}}, {"2026-08-24", 31, 19, {310, 260, 240, 60}},
        {"2026-08-31", 30, 23, {300, 330, 250, 50}}, {"2026-09-07", 28, 22, {290, 300, 260, 70}},
        {"2026-09-14", 33, 24, {320, 350, 270, 60}}, {"2026-09-21", 35, 25, {330, 420, 280, 70}},
        {"2026-09-28", 29, 28, {310, 430, 250, 50}}, {"2026-10-05", 34, 31, {340, 540, 290, 60}},
        {"2026-10-12", 32, 30, {330, 530, 280, 60}}, {"2026-10-19", 36, 33, {360, 650, 300, 80}},
        {"2026-10-26", 31, 34, {330, 620, 260, 60}}, {"2026-11-02", 38, 36, {380, 730, 320, 70}},
        {"2026-11-09", 34, 35, {350, 700, 290, 60}}, {"2026-11-16", 3, 16, {20, 24, 12, 3}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(WEEKS); i++) {
        ReportWeek week = {.monday = g_strdup(WEEKS[i].monday),
                           .is_partial = i == 0 || i + 1 == G_N_ELEMENTS(WEEKS),
                           .merged = WEEKS[i].merged,
                           .opened = WEEKS[i].merged + 2,
                           .cycle_p50 = WEEKS[i].cycle * (double) TIME_HOUR};
        for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
            week.phase_sum[phase] = WEEKS[i].phases[phase] * (double) TIME_HOUR;
        g_array_append_val(report->weeks, week);
    }
}

static void add_group(GArray *groups, const char *key, const char *label, gint64 merged,
                      double cycle_hours, double pickup_hours, double lines)
{
    ReportGroup group = {.key = g_strdup(key),
                         .label = g_strdup(label),
                         .merged = merged,
                         .cycle_p50 = cycle_hours * (double) TIME_HOUR,
                         .pickup_p50 = pickup_hours * (double) TIME_HOUR,
                         .size_p50 = lines,
                         .until_merged = {.value = (cycle_hours + 4) * (double) TIME_HOUR,
                                          .low = cycle_hours * (double) TIME_HOUR,
                                          .high = (double) NAN,
                                          .n = merged + 12,
                                          .open = 9,
                                          .declined = 3}};
    g_array_append_val(groups, group);
}

static void add_load(Report *report)
{
    static const struct {
        const char *name;
        gint64 reviews;
    } PEOPLE[] = {{"Ana Roy", 210}, {"Wei Chen", 160}, {"山田 太郎", 120}, {"<b>Tom</b>", 30}};
    for (gsize i = 0; i < G_N_ELEMENTS(PEOPLE); i++) {
        ReportReviewer reviewer = {.person_id = (gint64) i + 1,
                                   .name = g_strdup(PEOPLE[i].name),
                                   .reviews = PEOPLE[i].reviews};
        g_array_append_val(report->reviewers, reviewer);
    }
    report->review_top_share = 210.0 / 520;
    report->review_gini = 0.28;
}

static void add_delivery(Report *report)
{
    const ReportEnvironment places[] = {
        {g_strdup("Test <1>"), {61, 40, 0.25, 64}, 0.2 * (double) TIME_HOUR, 9},
        {g_strdup("Production"), {42, 20, 3.0 / 44, 44}, 1.5 * (double) TIME_HOUR, 3}};
    add_measure(report, REPORT_DELIVERY, "lead-time", "lead time", MEASURE_UNIT_DURATION,
                (double[]){50, 120, 300}, 44, 380, 350);
    report->delivered = places[1].delivered;
    report->delivered_before = (ReportDelivered){38, 19, 0.1, 40};
    report->delivery_note = g_strdup("deployments: 1 of 3 <repositories> are not in the figures.");
    g_array_append_vals(report->environments, places, G_N_ELEMENTS(places));
}

/* Spread over sizes and times without chance. */
static void add_points(Report *report)
{
    for (guint i = 0; i < 412; i++) {
        double spread = (double) (i * 7919 % 412) / 412, other = (double) (i * 104729 % 412) / 412;
        double hours = pow(10, spread * 3.2 - 0.7);
        ReportPoint point = {
            .repository = g_strdup("acme/billing"),
            .number = 1400 - (gint64) i,
            .title = g_strdup(i == 0 ? SAMPLE_SCRIPT : "Keep the cents of a split payment"),
            .url = g_strdup_printf("https://bitbucket.org/acme/billing/pull-requests/%u", 1400 - i),
            .merged = NOW - (gint64) i * 5 * TIME_HOUR,
            .cycle = (Duration) (hours * (double) TIME_HOUR),
            .lines = (gint64) pow(10, spread + other * 2.4)};
        g_array_append_val(report->points, point);
        report->cycle_buckets[report_bucket(point.cycle)]++;
    }
}

Report *sample_empty_report(void)
{
    Report *report = report_new();
    report->subject = g_strdup("acme/empty");
    report->repositories = 1;
    report->days = 90;
    report->until = NOW;
    report->from = NOW - 90 * TIME_DAY;
    report->coverage.is_complete = TRUE;
    return report;
}

static Report *full_report(gboolean is_workspace)
{
    Report *report = sample_empty_report();
    report->is_workspace = is_workspace;
    g_free(report->subject);
    report->subject = g_strdup("acme/billing");
    report->url = g_strdup("https://bitbucket.org/acme/billing");
    report->coverage = (ReportCoverage){.pull_requests = 1423,
                                        .merged = 412,
                                        .declined = 21,
                                        .by_bots = 12,
                                        .merged_estimated = 3,
                                        .without_commits = 3,
                                        .without_size = 7,
                                        .clamped = 1,
                                        .quarantined = 1,
                                        .requests = 371,
                                        .read_from = NOW - 180 * TIME_DAY,
                                        .known_since = TIME_ABSENT,
                                        .is_complete = TRUE,
                                        .problems = report->coverage.problems};
    g_ptr_array_add(report->coverage.problems,
                    g_strdup("Bitbucket answered 403 for acme/billing: the token lacks the scope "
                             "repository <read>."));
    report->merged_before = 388;
    report->open = 31;
    report->drafts = 4;
    report->open_age = (ReportSpread){2.1 * TIME_DAY, 6.0 * TIME_DAY, 19.0 * TIME_DAY, 27, 0, 0};
    report->open_oldest = 43.0 * TIME_DAY;
    add_measures(report);
    const ReportShare shares[] = {{g_strdup("unreviewed"), g_strdup("merged without review"),
                                   14.0 / 412, 9.0 / 388, 14, 412, 388},
                                  {g_strdup("late-change"), g_strdup("changed after approval"),
                                   40.0 / 412, 31.0 / 388, 40, 412, 388}};
    g_array_append_vals(report->shares, shares, G_N_ELEMENTS(shares));
    add_weeks(report);
    add_group(report->size_classes, "small", "small, up to 100 lines", 220, 14, 5, 31);
    add_group(report->size_classes, "medium", "medium, 101-400 lines", 130, 40, 12, 190);
    add_group(report->size_classes, "large", "large, over 400 lines", 55, 122, 30, 880);
    add_load(report);
    add_delivery(report);
    add_needs(report);
    add_points(report);
    return report;
}

Report *sample_report(void)
{
    return full_report(FALSE);
}

Report *sample_workspace_report(void)
{
    Report *report = full_report(TRUE);
    g_free(report->subject);
    g_free(report->url);
    report->subject = g_strdup("acme");
    report->url = NULL;
    report->repositories = 3;
    add_group(report->by_repository, "1", "acme/billing", 220, 26, 8, 80);
    add_group(report->by_repository, "2",
              "acme/a-repository-whose-name-nobody-wanted-to-shorten-for-years", 150, 30, 10, 90);
    add_group(report->by_repository, "3", "acme/請求書", 42, 33, 11, 70);
    return report;
}
