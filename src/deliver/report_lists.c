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

static GPtrArray *names_also(const ReportRequest *request, const Need *need)
{
    if (need->n_also == 0)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < need->n_also; i++)
        g_ptr_array_add(names, g_strdup(measure_person_name(request->columns, need->also_ids[i])));
    return names;
}

gboolean build_needs(const ReportRequest *request, Report *report, GError **error)
{
    g_autoptr(GArray) needs = measure_needs(request->columns, request->repository_id, report->from,
                                            report->until, &NEED_DEFAULTS);
    for (guint i = 0; i < needs->len; i++) {
        const Need *found = &g_array_index(needs, Need, i);
        ReportNeed need = {
            .kind = found->kind,
            .repository = g_strdup(measure_repository_name(request->columns, found->repository_id)),
            .number = found->number,
            .who = found->who_id == COUNT_ABSENT
                       ? NULL
                       : g_strdup(measure_person_name(request->columns, found->who_id)),
            .also = names_also(request, found),
            .since = found->since,
            .age = found->age,
            .age_working = found->age_working,
            .lines = found->lines};
        gboolean good = fetch_label(request, found->repository_id, found->number, &need.title,
                                    &need.url, error);
        g_array_append_val(report->needs, need);
        if (!good)
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
