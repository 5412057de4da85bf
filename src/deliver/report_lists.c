/*
 * What stands behind the figures, one pull request at a time: those drawn, those that need a hand,
 * and what is left out.
 */
#include "deliver/build.h"

/* Title and address of a pull request; both stay NULL when the store has no row for it. */
static gboolean fetch_label(const ReportRequest *request, gint64 repository_id, gint64 number,
                            char **ret_title, char **ret_url, GError **error)
{
    StorePullRequestLabel label = {0};
    g_autoptr(GError) own = NULL;
    if (!store_get_pull_request_label(request->store, request->workspace_id, repository_id, number,
                                      &label, &own)) {
        if (error_is(own, PLUMBLINE_ERROR_NOT_FOUND))
            return TRUE;
        g_propagate_error(error, g_steal_pointer(&own));
        return FALSE;
    }
    *ret_title = g_steal_pointer(&label.title);
    *ret_url = g_steal_pointer(&label.html_url);
    store_pull_request_label_clear(&label);
    return TRUE;
}

/* ---- merged pull requests of the window */

typedef struct {
    gint64 repository_id, number;
    UtcTime merged;
    Duration cycle;
    gint64 lines;
} MergedRow;

typedef struct {
    const ReportRequest *request;
    Report *report;
    GHashTable *left_out; /* person ids */
    GArray *rows;         /* MergedRow */
} Collector;

static gboolean collect_fact(const FactPr *fact, gpointer user_data, GError **error)
{
    Collector *collector = user_data;
    Report *report = collector->report;
    gint64 wanted = collector->request->repository_id;
    if ((wanted != 0 && fact->repository_id != wanted) || fact->merged == TIME_ABSENT ||
        fact->merged < report->from || fact->merged >= report->until || fact->author_is_bot ||
        g_hash_table_contains(collector->left_out, &fact->author_id))
        return TRUE;
    MergedRow row = {.repository_id = fact->repository_id,
                     .number = fact->number,
                     .merged = fact->merged,
                     .cycle = fact->first_commit == TIME_ABSENT ? DURATION_ABSENT
                                                                : fact->merged - fact->first_commit,
                     .lines = fact->lines_added == COUNT_ABSENT
                                  ? COUNT_ABSENT
                                  : fact->lines_added + fact->lines_removed};
    g_array_append_val(collector->rows, row);
    report->coverage.merged_estimated += fact->is_merged_estimated;
    report->coverage.clamped += fact->coding_clamped || fact->review_clamped;
    report->coverage.without_commits += row.cycle == DURATION_ABSENT;
    report->coverage.without_size += row.lines == COUNT_ABSENT;
    if (row.cycle != DURATION_ABSENT)
        report->cycle_buckets[report_bucket(row.cycle)]++;
    return TRUE;
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    const MergedRow *left = a, *right = b;
    if (left->merged != right->merged)
        return left->merged < right->merged ? 1 : -1;
    return (left->number < right->number) - (left->number > right->number);
}

/* Ids of bots and excluded people: their pull requests are not drawn, as they are not counted. */
static GHashTable *people_left_out(const ReportRequest *request, GError **error)
{
    g_autoptr(GPtrArray) people = store_list_people(request->store, request->workspace_id, error);
    if (people == NULL)
        return NULL;
    GHashTable *left_out = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (person->is_bot || person->is_excluded)
            g_hash_table_add(left_out, g_memdup2(&person->person_id, sizeof person->person_id));
    }
    return left_out;
}

gboolean build_points(const ReportRequest *request, Report *report, GError **error)
{
    g_autoptr(GHashTable) left_out = people_left_out(request, error);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(MergedRow));
    Collector collector = {request, report, left_out, rows};
    if (left_out == NULL ||
        !store_visit_facts(request->store, request->workspace_id, collect_fact, &collector, error))
        return FALSE;
    g_array_sort(rows, newest_first);
    for (guint i = 0; i < rows->len && i < REPORT_POINTS_MAX; i++) {
        const MergedRow *row = &g_array_index(rows, MergedRow, i);
        ReportPoint point = {
            .repository = g_strdup(measure_repository_name(request->columns, row->repository_id)),
            .number = row->number,
            .merged = row->merged,
            .cycle = row->cycle,
            .lines = row->lines};
        gboolean good =
            fetch_label(request, row->repository_id, row->number, &point.title, &point.url, error);
        g_array_append_val(report->points, point);
        if (!good)
            return FALSE;
    }
    return TRUE;
}

/* ---- what needs a hand */

/* What a finding does not tell of its pull request. */
typedef struct {
    gint64 repository_id, number;
    gint64 author_id, lines;
    gboolean is_merged;
} PullRow;

static guint pull_hash(gconstpointer key)
{
    const PullRow *row = key;
    return g_int64_hash(&row->repository_id) * 31 + g_int64_hash(&row->number);
}

static gboolean pull_equal(gconstpointer a, gconstpointer b)
{
    const PullRow *first = a, *second = b;
    return first->repository_id == second->repository_id && first->number == second->number;
}

/* Fills in the rows that are wanted. */
static gboolean fill_pull(const FactPr *fact, gpointer user_data, GError **error)
{
    const PullRow key = {.repository_id = fact->repository_id, .number = fact->number};
    PullRow *row = g_hash_table_lookup(user_data, &key);
    if (row == NULL)
        return TRUE;
    row->author_id = fact->author_id;
    row->is_merged = fact->state == PR_MERGED;
    if (fact->lines_added != COUNT_ABSENT)
        row->lines = fact->lines_added + fact->lines_removed;
    return TRUE;
}

static GHashTable *pull_rows(const ReportRequest *request, const GPtrArray *findings,
                             GError **error)
{
    GHashTable *rows = g_hash_table_new_full(pull_hash, pull_equal, g_free, NULL);
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        PullRow *row = g_new(PullRow, 1);
        *row =
            (PullRow){finding->repository_id, finding->number, COUNT_ABSENT, COUNT_ABSENT, FALSE};
        g_hash_table_add(rows, row);
    }
    if (store_visit_facts(request->store, request->workspace_id, fill_pull, rows, error))
        return rows;
    g_hash_table_unref(rows);
    return NULL;
}

static void name_people(const ReportRequest *request, const StoreFinding *finding, ReportNeed *need)
{
    gint64 people[DRAFT_NEAREST_MAX];
    guint n = insight_nearest(finding, people);
    if (n > 0)
        need->who = g_strdup(measure_person_name(request->columns, people[0]));
    if (n > 1)
        need->also = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i < n; i++)
        g_ptr_array_add(need->also, g_strdup(measure_person_name(request->columns, people[i])));
}

static gboolean add_need(const ReportRequest *request, const StoreFinding *finding,
                         const PullRow *row, Report *report, GError **error)
{
    UtcTime since = finding->since != TIME_ABSENT ? finding->since : finding->first_seen;
    const WorkCalendar *calendar =
        measure_calendar_of(request->columns, row->author_id, report->until);
    ReportNeed need = {
        .rule = rule_find(finding->rule),
        .is_merged = row->is_merged,
        .repository = g_strdup(measure_repository_name(request->columns, finding->repository_id)),
        .number = finding->number,
        .since = since,
        .age = MAX(report->until - since, 0),
        .age_working = work_calendar_between(calendar, since, report->until),
        .lines = row->lines};
    name_people(request, finding, &need);
    gboolean good = fetch_label(request, finding->repository_id, finding->number, &need.title,
                                &need.url, error);
    g_array_append_val(report->needs, need);
    return good;
}

/* Findings about pull requests, open ones under the rule that stands first: what somebody can act
 * on stands before mere silence and size. */
static GPtrArray *list_findings(const ReportRequest *request, GError **error)
{
    const InsightFilter filter = {
        .family = -1, .severity = -1, .repository_id = request->repository_id};
    g_autoptr(GPtrArray) found =
        insight_list(request->store, request->workspace_id, &filter, error);
    if (found == NULL)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify) store_finding_free);
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize r = 0; r < n; r++)
        for (guint i = 0; i < found->len; i++) {
            StoreFinding *finding = found->pdata[i];
            if (finding == NULL || finding->number == COUNT_ABSENT ||
                !g_str_equal(finding->rule, rules[r]->id))
                continue;
            g_ptr_array_add(list, finding);
            found->pdata[i] = NULL;
        }
    return list;
}

gboolean build_needs(const ReportRequest *request, Report *report, GError **error)
{
    g_autoptr(GPtrArray) findings = list_findings(request, error);
    g_autoptr(GHashTable) rows = findings == NULL ? NULL : pull_rows(request, findings, error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GHashTable) told = g_hash_table_new(pull_hash, pull_equal);
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        const PullRow key = {.repository_id = finding->repository_id, .number = finding->number};
        PullRow *row = g_hash_table_lookup(rows, &key);
        if (!row->is_merged && !g_hash_table_add(told, row))
            continue;
        if (!add_need(request, finding, row, report, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- what could not be read */

gboolean build_coverage(const ReportRequest *request, Report *report, GError **error)
{
    gint64 wanted = request->repository_id;
    g_autoptr(GPtrArray) quarantined =
        store_list_quarantined(request->store, request->workspace_id, error);
    if (quarantined == NULL)
        return FALSE;
    for (guint i = 0; i < quarantined->len; i++) {
        const StoreQuarantined *record = quarantined->pdata[i];
        report->coverage.quarantined += wanted == 0 || record->repository_id == wanted;
    }
    g_autoptr(GPtrArray) problems =
        store_list_problems(request->store, request->workspace_id, error);
    if (problems == NULL)
        return FALSE;
    for (guint i = 0; i < problems->len; i++) {
        const StoreProblem *problem = problems->pdata[i];
        if (problem->is_note)
            continue; /* nothing went wrong */
        if (wanted == 0 || problem->repository_id == wanted || problem->repository_id == 0)
            g_ptr_array_add(report->coverage.problems, g_strdup(problem->sentence));
    }
    return TRUE;
}
