/*
 * Fills a report: every figure is an answer of measure_query, asked once for the window and once
 * for the window before it.
 */
#include "deliver/build.h"
#include "deliver/delivery.h"
#include "deliver/words.h"

/* What the report tells of, in reading order. Titles are short enough for 80 columns. */
static const struct {
    ReportSection section;
    gboolean is_part;
    const char *id, *title;
} MEASURES[] = {
    {REPORT_FLOW, FALSE, "cycle-time", "cycle time"},
    {REPORT_FLOW, TRUE, "coding-time", "coding"},
    {REPORT_FLOW, TRUE, "pickup-time", "pickup"},
    {REPORT_FLOW, TRUE, "review-time", "review"},
    {REPORT_FLOW, TRUE, "merge-time", "merge"},
    {REPORT_FLOW, FALSE, "until-merged", "until merged"},
    {REPORT_REVIEW, FALSE, "time-to-first-review", "first review"},
    {REPORT_REVIEW, FALSE, "time-to-first-bot-review", "first bot review"},
    {REPORT_REVIEW, FALSE, "turnaround", "turnaround"},
    {REPORT_REVIEW, FALSE, "review-comments", "comments"},
    {REPORT_REVIEW, FALSE, "review-depth", "per 100 lines"},
    {REPORT_REVIEW, FALSE, "rounds", "rounds"},
    {REPORT_SIZE, FALSE, "size", "lines changed"},
    {REPORT_SIZE, FALSE, "files-changed", "files changed"},
    {REPORT_DELIVERY, FALSE, "lead-time", "lead time"},
    {REPORT_DELIVERY, TRUE, "deploy-time", "deploy"},
    {REPORT_DELIVERY, FALSE, "recovery-time", "recovery"},
};

static const struct {
    const char *id, *title;
} SHARES[] = {
    {"unreviewed", "merged without review"},
    {"self-merged", "self-merged, no review"},
    {"late-change", "changed after approval"},
};

static const char *const PHASE_IDS[REPORT_PHASE_COUNT] = {"coding-time", "pickup-time",
                                                          "review-time", "merge-time"};

static MeasureTable *ask(const ReportRequest *request, UtcTime from, UtcTime until, Dimension by,
                         const MeasureAsk *asks, gsize n_asks, GError **error)
{
    MeasureQuery query = {.from = from,
                          .until = until,
                          .now = request->now,
                          .time_zone = request->time_zone,
                          .repository_id = request->repository_id,
                          .is_for_help = by == DIMENSION_REVIEWER, /* who carries the reviews */
                          .by = {by, DIMENSION_NONE},
                          .asks = asks,
                          .n_asks = n_asks};
    return measure_query(request->columns, &query, error);
}

static MeasureAsk an_ask(const char *id, Statistic statistic, gboolean working_time)
{
    return (MeasureAsk){measure_find(id), statistic, working_time};
}

/* ---- measures */

#define ASKS_PER_MEASURE 6 /* three percentiles in wall time, three in working time */

static ReportSpread spread_of(const MeasureCell *cells)
{
    return (ReportSpread){.p50 = cells[0].value,
                          .p75 = cells[1].value,
                          .p90 = cells[2].value,
                          .n = cells[0].n,
                          .excluded = cells[0].excluded,
                          .absent = cells[0].absent};
}

static gboolean build_measures(const ReportRequest *request, Report *report, GError **error)
{
    static const Statistic STATISTICS[] = {STATISTIC_P50, STATISTIC_P75, STATISTIC_P90};
    MeasureAsk asks[G_N_ELEMENTS(MEASURES) * ASKS_PER_MEASURE];
    for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
        const char *id = MEASURES[i / ASKS_PER_MEASURE].id;
        gboolean working =
            i % ASKS_PER_MEASURE >= 3 && measure_find(id)->unit == MEASURE_UNIT_DURATION;
        asks[i] = an_ask(id, STATISTICS[i % 3], working);
    }
    UtcTime before = report->from - report->days * TIME_DAY;
    g_autoptr(MeasureTable) now =
        ask(request, report->from, report->until, DIMENSION_NONE, asks, G_N_ELEMENTS(asks), error);
    if (now == NULL)
        return FALSE;
    g_autoptr(MeasureTable) old =
        ask(request, before, report->from, DIMENSION_NONE, asks, G_N_ELEMENTS(asks), error);
    if (old == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(MEASURES); i++) {
        const MeasureInfo *info = measure_find(MEASURES[i].id);
        const MeasureCell *cells = now->rows[0].cells + i * ASKS_PER_MEASURE;
        ReportMeasure measure = {.section = MEASURES[i].section,
                                 .id = g_strdup(info->id),
                                 .title = g_strdup(MEASURES[i].title),
                                 .meaning = g_strdup(info->meaning),
                                 .unit = info->unit,
                                 .is_part = MEASURES[i].is_part,
                                 .now = spread_of(cells),
                                 .before = spread_of(old->rows[0].cells + i * ASKS_PER_MEASURE)};
        measure.working = spread_of(cells + 3);
        if (info->unit != MEASURE_UNIT_DURATION)
            measure.working.n = 0;
        g_array_append_val(report->measures, measure);
    }
    return TRUE;
}

/* ---- counts, shares, load */

static gboolean build_shares(const ReportRequest *request, Report *report, GError **error)
{
    MeasureAsk asks[G_N_ELEMENTS(SHARES)];
    for (gsize i = 0; i < G_N_ELEMENTS(SHARES); i++)
        asks[i] = an_ask(SHARES[i].id, STATISTIC_SHARE, FALSE);
    UtcTime before = report->from - report->days * TIME_DAY;
    g_autoptr(MeasureTable) now =
        ask(request, report->from, report->until, DIMENSION_NONE, asks, G_N_ELEMENTS(asks), error);
    if (now == NULL)
        return FALSE;
    g_autoptr(MeasureTable) old =
        ask(request, before, report->from, DIMENSION_NONE, asks, G_N_ELEMENTS(asks), error);
    if (old == NULL)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(SHARES); i++) {
        const MeasureCell *cell = &now->rows[0].cells[i], *past = &old->rows[0].cells[i];
        ReportShare share = {.id = g_strdup(SHARES[i].id),
                             .title = g_strdup(SHARES[i].title),
                             .share = cell->value,
                             .share_before = past->value,
                             .n = cell->n,
                             .n_before = past->n};
        share.count = cell->n == 0 ? 0 : llround(cell->value * (double) cell->n);
        g_array_append_val(report->shares, share);
    }
    return TRUE;
}

static gint64 counted(const MeasureCell *cell)
{
    return isnan(cell->value) ? 0 : llround(cell->value);
}

static gboolean build_counts(const ReportRequest *request, Report *report, GError **error)
{
    const MeasureAsk asks[] = {an_ask("merged", STATISTIC_SUM, FALSE),
                               an_ask("declined", STATISTIC_SUM, FALSE),
                               an_ask("work-in-progress", STATISTIC_SUM, FALSE),
                               an_ask("age", STATISTIC_P50, FALSE),
                               an_ask("age", STATISTIC_P75, FALSE),
                               an_ask("age", STATISTIC_P90, FALSE),
                               an_ask("age", STATISTIC_MAX, FALSE)};
    g_autoptr(MeasureTable) now =
        ask(request, report->from, report->until, DIMENSION_NONE, asks, G_N_ELEMENTS(asks), error);
    if (now == NULL)
        return FALSE;
    UtcTime before = report->from - report->days * TIME_DAY;
    g_autoptr(MeasureTable) old =
        ask(request, before, report->from, DIMENSION_NONE, asks, 1, error);
    if (old == NULL)
        return FALSE;
    const MeasureCell *cells = now->rows[0].cells;
    report->coverage.merged = counted(&cells[0]);
    report->coverage.by_bots = cells[0].excluded;
    report->coverage.declined = counted(&cells[1]);
    report->merged_before = counted(&old->rows[0].cells[0]);
    report->open = counted(&cells[2]);
    report->open_age = spread_of(cells + 3);
    report->drafts = cells[3].absent;
    report->open_oldest = cells[6].value;
    return TRUE;
}

static gboolean build_load(const ReportRequest *request, Report *report, GError **error)
{
    const MeasureAsk given = an_ask("review-load", STATISTIC_SUM, FALSE);
    const MeasureAsk spread[] = {an_ask("review-load", STATISTIC_TOP_SHARE, FALSE),
                                 an_ask("review-load", STATISTIC_GINI, FALSE)};
    g_autoptr(MeasureTable) people =
        ask(request, report->from, report->until, DIMENSION_REVIEWER, &given, 1, error);
    if (people == NULL)
        return FALSE;
    g_autoptr(MeasureTable) whole =
        ask(request, report->from, report->until, DIMENSION_NONE, spread, 2, error);
    if (whole == NULL)
        return FALSE;
    for (gsize i = 0; i < people->n_rows; i++) {
        const MeasureRow *row = &people->rows[i];
        ReportReviewer reviewer = {.person_id = g_ascii_strtoll(row->key[0], NULL, 10),
                                   .name = g_strdup(row->label[0]),
                                   .reviews = counted(&row->cells[0])};
        g_array_append_val(report->reviewers, reviewer);
    }
    if (report->reviewers->len < REPORT_PEOPLE_LEAST)
        return TRUE;
    report->review_top_share = whole->rows[0].cells[0].value;
    report->review_gini = whole->rows[0].cells[1].value;
    return TRUE;
}

/* ---- by week, size class, repository */

static gboolean is_partial_week(const Report *report, const char *monday)
{
    UtcTime start;
    if (!time_parse(monday, -1, &start, NULL))
        return FALSE;
    return start < report->from || start + 7 * TIME_DAY > report->until;
}

static gboolean build_weeks(const ReportRequest *request, Report *report, GError **error)
{
    MeasureAsk asks[3 + REPORT_PHASE_COUNT] = {an_ask("merged", STATISTIC_SUM, FALSE),
                                               an_ask("opened", STATISTIC_SUM, FALSE),
                                               an_ask("cycle-time", STATISTIC_P50, FALSE)};
    for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++)
        asks[3 + phase] = an_ask(PHASE_IDS[phase], STATISTIC_SUM, FALSE);
    g_autoptr(MeasureTable) table =
        ask(request, report->from, report->until, DIMENSION_WEEK, asks, G_N_ELEMENTS(asks), error);
    if (table == NULL)
        return FALSE;
    for (gsize i = 0; i < table->n_rows; i++) {
        const MeasureRow *row = &table->rows[i];
        ReportWeek week = {.monday = g_strdup(row->key[0]),
                           .is_partial = is_partial_week(report, row->key[0]),
                           .merged = counted(&row->cells[0]),
                           .opened = counted(&row->cells[1]),
                           .cycle_p50 = row->cells[2].value};
        for (guint phase = 0; phase < REPORT_PHASE_COUNT; phase++) {
            double sum = row->cells[3 + phase].value;
            week.phase_sum[phase] = isnan(sum) ? 0 : sum;
        }
        g_array_append_val(report->weeks, week);
    }
    return TRUE;
}

/* "S (10–99 lines)": a letter alone means something else in every team. Free with g_free. */
static char *size_label(const char *size_class)
{
    gint64 least, most;
    if (!measure_size_bounds(size_class, &least, &most))
        return g_strdup("unknown");
    if (most == COUNT_ABSENT) {
        g_autofree char *from = words_count(least);
        return g_strdup_printf("%s (%s lines or more)", size_class, from);
    }
    if (least == 0)
        return g_strdup_printf("%s (under %" G_GINT64_FORMAT " lines)", size_class, most + 1);
    return g_strdup_printf("%s (%" G_GINT64_FORMAT "–%" G_GINT64_FORMAT " lines)", size_class,
                           least, most);
}

static gboolean build_groups(const ReportRequest *request, const Report *report, Dimension by,
                             GArray *groups, GError **error)
{
    const MeasureAsk asks[] = {
        an_ask("merged", STATISTIC_SUM, FALSE), an_ask("cycle-time", STATISTIC_P50, FALSE),
        an_ask("pickup-time", STATISTIC_P50, FALSE), an_ask("size", STATISTIC_P50, FALSE),
        an_ask("until-merged", STATISTIC_P50, FALSE)};
    g_autoptr(MeasureTable) table =
        ask(request, report->from, report->until, by, asks, G_N_ELEMENTS(asks), error);
    if (table == NULL)
        return FALSE;
    for (gsize i = 0; i < table->n_rows; i++) {
        const MeasureRow *row = &table->rows[i];
        ReportGroup group = {.key = g_strdup(row->key[0]),
                             .label = by == DIMENSION_SIZE ? size_label(row->key[0])
                                                           : g_strdup(row->label[0]),
                             .merged = counted(&row->cells[0]),
                             .cycle_p50 = row->cells[1].value,
                             .pickup_p50 = row->cells[2].value,
                             .size_p50 = row->cells[3].value,
                             .until_merged = row->cells[4]};
        g_array_append_val(groups, group);
    }
    return TRUE;
}

/* ---- the whole */

/* Name, address and count of what is reported on. */
static gboolean build_subject(const ReportRequest *request, Report *report, GError **error)
{
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(request->store, request->workspace_id, TRUE, error);
    if (repositories == NULL)
        return FALSE;
    report->is_workspace = request->repository_id == 0;
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = repositories->pdata[i];
        if (request->repository_id != 0 && repository->repository_id != request->repository_id)
            continue;
        report->repositories++;
        report->coverage.pull_requests += repository->pull_requests;
        if (report->subject != NULL)
            continue;
        report->subject = g_strdup(repository->full_name);
        if (report->is_workspace)
            *strchrnul(report->subject, '/') = '\0';
        else
            report->url = g_strdup(repository->html_url);
    }
    if (report->subject == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    request->repository_id == 0
                        ? "no repository is selected in this data folder; connect one first"
                        : "the repository is not among the selected ones of this data folder");
        return FALSE;
    }
    return TRUE;
}

Report *report_build(const ReportRequest *request, GError **error)
{
    g_autoptr(Report) report = report_new();
    report->days = request->days;
    report->until = request->now;
    report->from = request->now - request->days * TIME_DAY;
    report->coverage.requests = request->requests;
    report->coverage.read_from = request->read_from;
    report->coverage.is_complete = !request->is_approximate;
    report->coverage.known_since = request->is_approximate ? request->known_since : TIME_ABSENT;
    if (!build_subject(request, report, error) || !build_measures(request, report, error) ||
        !build_counts(request, report, error) || !build_shares(request, report, error) ||
        !build_load(request, report, error) || !build_weeks(request, report, error) ||
        !build_groups(request, report, DIMENSION_SIZE, report->size_classes, error))
        return NULL;
    if (report->is_workspace && report->repositories > 1 &&
        !build_groups(request, report, DIMENSION_REPOSITORY, report->by_repository, error))
        return NULL;
    if (!build_delivery(request, report, error) || !build_points(request, report, error) ||
        !build_needs(request, report, error) || !build_coverage(request, report, error))
        return NULL;
    return g_steal_pointer(&report);
}
