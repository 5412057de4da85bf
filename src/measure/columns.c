#include "measure/columns.h"

#include "measure/column_set.h"

#include <string.h>

const char *const SIZE_CLASS_NAMES[SIZE_CLASSES] = {"XS", "S", "M", "L", "XL", "unknown"};

/* The first number of lines that is too many for XS, S, M, L. */
static const gint64 UNTIL[] = {10, 100, 400, 1000};

SizeClass size_class_of(gint64 lines)
{
    if (lines == COUNT_ABSENT)
        return SIZE_CLASS_UNKNOWN;
    for (guint i = 0; i < G_N_ELEMENTS(UNTIL); i++)
        if (lines < UNTIL[i])
            return SIZE_CLASS_XS + i;
    return SIZE_CLASS_XL;
}

gboolean measure_size_bounds(const char *size_class, gint64 *ret_least, gint64 *ret_most)
{
    for (guint i = SIZE_CLASS_XS; i <= SIZE_CLASS_XL; i++) {
        if (!g_str_equal(size_class, SIZE_CLASS_NAMES[i]))
            continue;
        *ret_least = i == SIZE_CLASS_XS ? 0 : UNTIL[i - 1];
        *ret_most = i == SIZE_CLASS_XL ? COUNT_ABSENT : UNTIL[i] - 1;
        return TRUE;
    }
    return FALSE;
}

/* ---- which arrays there are */

static void list_pull_columns(PullColumns *pulls, ColumnSet *set)
{
    for (guint i = 0; i < PULL_TIMES; i++)
        COLUMN_SET_ADD(set, pulls->time[i]);
    for (guint i = 0; i < PHASE_COUNT; i++) {
        COLUMN_SET_ADD(set, pulls->wall[i]);
        COLUMN_SET_ADD(set, pulls->working[i]);
    }
    for (guint i = 0; i < PULL_COUNTS; i++)
        COLUMN_SET_ADD(set, pulls->count[i]);
    COLUMN_SET_ADD(set, pulls->number);
    COLUMN_SET_ADD(set, pulls->repository);
    COLUMN_SET_ADD(set, pulls->author);
    COLUMN_SET_ADD(set, pulls->branch);
    COLUMN_SET_ADD(set, pulls->state);
    COLUMN_SET_ADD(set, pulls->size_class);
    COLUMN_SET_ADD(set, pulls->flags);
    COLUMN_SET_ADD(set, pulls->waiting);
}

static void list_review_columns(ReviewColumns *reviews, ColumnSet *set)
{
    COLUMN_SET_ADD(set, reviews->pull);
    COLUMN_SET_ADD(set, reviews->reviewer);
    COLUMN_SET_ADD(set, reviews->asked);
    COLUMN_SET_ADD(set, reviews->responded);
    COLUMN_SET_ADD(set, reviews->wall);
    COLUMN_SET_ADD(set, reviews->working);
    COLUMN_SET_ADD(set, reviews->flags);
}

static void list_deployment_columns(DeploymentColumns *deployments, ColumnSet *set)
{
    for (guint i = 0; i < DEPLOYMENT_TIMES; i++)
        COLUMN_SET_ADD(set, deployments->time[i]);
    COLUMN_SET_ADD(set, deployments->completed);
    COLUMN_SET_ADD(set, deployments->wall);
    COLUMN_SET_ADD(set, deployments->working);
    COLUMN_SET_ADD(set, deployments->repository);
    COLUMN_SET_ADD(set, deployments->environment);
    COLUMN_SET_ADD(set, deployments->flags);
}

static void list_change_columns(ChangeColumns *changes, ColumnSet *set)
{
    COLUMN_SET_ADD(set, changes->landed);
    COLUMN_SET_ADD(set, changes->repository);
    COLUMN_SET_ADD(set, changes->author);
    COLUMN_SET_ADD(set, changes->lines);
    COLUMN_SET_ADD(set, changes->young);
    COLUMN_SET_ADD(set, changes->flags);
}

static void list_commit_columns(CommitColumns *commits, ColumnSet *set)
{
    COLUMN_SET_ADD(set, commits->authored);
    COLUMN_SET_ADD(set, commits->repository);
    COLUMN_SET_ADD(set, commits->author);
    COLUMN_SET_ADD(set, commits->lines);
    COLUMN_SET_ADD(set, commits->files);
    COLUMN_SET_ADD(set, commits->flags);
}

/* ---- building */

typedef struct {
    guint32 repository;
    gint64 number;
    guint32 row; /* as added */
} PullKey;

struct ColumnsBuilder {
    MeasureColumns *columns;
    ColumnSet pull_set, review_set, commit_set, deployment_set, change_set;
    GArray *review_keys; /* PullKey per review; row unused */
};

ColumnsBuilder *columns_builder_new(Teams *teams)
{
    ColumnsBuilder *builder = g_new0(ColumnsBuilder, 1);
    MeasureColumns *columns = builder->columns = g_new0(MeasureColumns, 1);
    columns->teams = teams;
    columns->team_spans = g_ptr_array_new();
    columns->first = columns->last = TIME_ABSENT;
    dictionary_init(&columns->people);
    dictionary_init(&columns->repositories);
    dictionary_init(&columns->branches);
    dictionary_init(&columns->projects);
    dictionary_init(&columns->environments);
    columns->project_of = g_array_new(FALSE, FALSE, sizeof(guint32));
    columns->delivery_of = g_array_new(FALSE, FALSE, sizeof(guint8));
    columns->person_flags = g_array_new(FALSE, FALSE, sizeof(guint8));
    list_pull_columns(&columns->pulls, &builder->pull_set);
    list_review_columns(&columns->reviews, &builder->review_set);
    list_commit_columns(&columns->commits, &builder->commit_set);
    list_deployment_columns(&columns->deployments, &builder->deployment_set);
    list_change_columns(&columns->changes, &builder->change_set);
    builder->review_keys = g_array_new(FALSE, FALSE, sizeof(PullKey));
    return builder;
}

void columns_builder_free(ColumnsBuilder *builder)
{
    if (builder == NULL)
        return;
    measure_columns_free(builder->columns);
    g_array_unref(builder->review_keys);
    g_free(builder);
}

void measure_columns_free(MeasureColumns *columns)
{
    if (columns == NULL)
        return;
    ColumnSet all = {0};
    list_pull_columns(&columns->pulls, &all);
    list_review_columns(&columns->reviews, &all);
    list_commit_columns(&columns->commits, &all);
    list_deployment_columns(&columns->deployments, &all);
    list_change_columns(&columns->changes, &all);
    column_set_free_arrays(&all);
    g_free(columns->pulls.first_review_row);
    dictionary_clear(&columns->people);
    dictionary_clear(&columns->repositories);
    dictionary_clear(&columns->branches);
    dictionary_clear(&columns->projects);
    dictionary_clear(&columns->environments);
    g_array_unref(columns->project_of);
    g_array_unref(columns->delivery_of);
    g_array_unref(columns->person_flags);
    g_ptr_array_unref(columns->team_spans);
    teams_free(columns->teams);
    g_free(columns);
}

void columns_builder_add_person(ColumnsBuilder *builder, gint64 id, const char *name,
                                gboolean is_bot, gboolean is_excluded)
{
    MeasureColumns *columns = builder->columns;
    guint8 flags = (is_bot ? ROW_BOT : 0) | (is_excluded ? ROW_EXCLUDED : 0);
    if (dictionary_add_id(&columns->people, id, name) != columns->person_flags->len)
        return;
    g_array_append_val(columns->person_flags, flags);
    g_ptr_array_add(columns->team_spans, (gpointer) teams_spans(columns->teams, id));
}

void columns_builder_set_least_group(ColumnsBuilder *builder, gint64 people)
{
    builder->columns->least_group = people;
}

guint32 columns_team_at(const MeasureColumns *columns, guint32 person, UtcTime at)
{
    return team_spans_at(g_ptr_array_index(columns->team_spans, person), at);
}

const WorkCalendar *columns_calendar(const MeasureColumns *columns, gsize pull)
{
    const PullColumns *pulls = &columns->pulls;
    return teams_calendar(columns->teams, columns_team_at(columns, pulls->author[pull],
                                                          pulls->time[PULL_OPENED][pull]));
}

static guint32 person_index(ColumnsBuilder *builder, gint64 id)
{
    guint32 index = dictionary_find_id(&builder->columns->people, id);
    if (index != NO_INDEX)
        return index;
    columns_builder_add_person(builder, id, "somebody unknown", FALSE, FALSE);
    return dictionary_find_id(&builder->columns->people, id);
}

void columns_builder_add_repository(ColumnsBuilder *builder, gint64 id, const char *name,
                                    const char *project_key, const char *project_name)
{
    MeasureColumns *columns = builder->columns;
    guint32 project = NO_INDEX;
    if (project_key != NULL)
        project = dictionary_add_key(&columns->projects, project_key,
                                     project_name != NULL ? project_name : project_key);
    const guint8 delivery = DELIVERY_UNKNOWN;
    if (dictionary_add_id(&columns->repositories, id, name) == columns->project_of->len) {
        g_array_append_val(columns->project_of, project);
        g_array_append_val(columns->delivery_of, delivery);
    }
}

static guint32 repository_index(ColumnsBuilder *builder, gint64 id)
{
    guint32 index = dictionary_find_id(&builder->columns->repositories, id);
    if (index != NO_INDEX)
        return index;
    columns_builder_add_repository(builder, id, "a repository without a name", NULL, NULL);
    return dictionary_find_id(&builder->columns->repositories, id);
}

static gint32 narrow_count(gint64 count)
{
    return count == COUNT_ABSENT ? COUNT32_ABSENT : (gint32) CLAMP(count, 0, G_MAXINT32);
}

static void widen_range(MeasureColumns *columns, UtcTime time)
{
    if (time == TIME_ABSENT)
        return;
    columns->first = columns->first == TIME_ABSENT ? time : MIN(columns->first, time);
    columns->last = MAX(columns->last, time);
}

static Waiting waiting_from_name(const char *name)
{
    static const char *const NAMES[] = {"", "ready", "review", "author", "merge"};
    for (guint i = 1; name != NULL && i < G_N_ELEMENTS(NAMES); i++)
        if (strcmp(name, NAMES[i]) == 0)
            return WAITING_NONE + i;
    return WAITING_NONE;
}

static void add_fact_times(ColumnsBuilder *builder, gsize row, const FactPr *fact)
{
    PullColumns *pulls = &builder->columns->pulls;
    const UtcTime times[PULL_TIMES] = {
        [PULL_OPENED] = fact->opened,
        [PULL_READY] = fact->ready,
        [PULL_FIRST_REVIEW] = fact->first_review,
        [PULL_FIRST_BOT_REVIEW] = fact->first_bot_review,
        [PULL_MERGED] = fact->merged,
        [PULL_DECLINED] = fact->declined,
        [PULL_RELEASED] = fact->released,
        [PULL_LAST_ACTIVITY] = fact->last_activity,
        [PULL_WAITING_SINCE] = fact->waiting_since,
        [PULL_FIRST_COMMIT] = fact->first_commit,
        [PULL_APPROVED] = fact->approved,
    };
    for (guint i = 0; i < PULL_TIMES; i++) {
        pulls->time[i][row] = times[i];
        if (i < PULL_ANCHORS)
            widen_range(builder->columns, times[i]);
    }
    const Duration working[PHASE_COUNT] = {
        [PHASE_CODING] = fact->coding_working, [PHASE_PICKUP] = fact->pickup_working,
        [PHASE_REVIEW] = fact->review_working, [PHASE_MERGE] = fact->merge_working,
        [PHASE_CYCLE] = fact->cycle_working,   [PHASE_TO_MERGE] = fact->time_to_merge_working,
    };
    const WorkCalendar *calendar =
        teams_calendar_of(builder->columns->teams, fact->author_id, fact->opened);
    for (guint i = 0; i < PHASE_COUNT; i++) {
        PhaseSpan span = phase_span(fact, i);
        gboolean is_stored = i < PHASE_DRAFT;
        pulls->wall[i][row] = phase_length(span);
        pulls->working[i][row] =
            is_stored ? working[i] : work_calendar_between(calendar, span.from, span.until);
    }
}

static void add_fact_counts(PullColumns *pulls, gsize row, const FactPr *fact)
{
    gint64 lines =
        fact->lines_added == COUNT_ABSENT ? COUNT_ABSENT : fact->lines_added + fact->lines_removed;
    const gint64 counts[PULL_COUNTS] = {
        [PULL_LINES] = lines,
        [PULL_FILES] = fact->files_changed,
        [PULL_GENERATED] = fact->generated_lines,
        [PULL_ROUNDS] = fact->rounds,
        [PULL_PUSHES] = fact->pushes,
        [PULL_REVIEW_COMMENTS] = fact->review_comments,
        [PULL_AUTHOR_COMMENTS] = fact->author_comments,
        [PULL_BOT_COMMENTS] = fact->bot_comments,
        [PULL_REVIEWERS] = fact->reviewers,
        [PULL_APPROVALS] = fact->approvals,
        [PULL_COMMITS] = fact->commits,
    };
    for (guint i = 0; i < PULL_COUNTS; i++)
        pulls->count[i][row] = narrow_count(counts[i]);
    pulls->size_class[row] = size_class_of(lines);
}

void columns_builder_add_fact(ColumnsBuilder *builder, const FactPr *fact)
{
    MeasureColumns *columns = builder->columns;
    PullColumns *pulls = &columns->pulls;
    gsize row = pulls->n++;
    column_set_reserve(&builder->pull_set, pulls->n);
    add_fact_times(builder, row, fact);
    add_fact_counts(pulls, row, fact);
    pulls->number[row] = fact->number;
    pulls->repository[row] = repository_index(builder, fact->repository_id);
    pulls->author[row] = person_index(builder, fact->author_id);
    pulls->branch[row] = fact->destination_branch == NULL
                             ? NO_INDEX
                             : dictionary_add_key(&columns->branches, fact->destination_branch,
                                                  fact->destination_branch);
    pulls->state[row] = fact->state;
    pulls->waiting[row] = waiting_from_name(fact->waiting_on);
    pulls->flags[row] = g_array_index(columns->person_flags, guint8, pulls->author[row]) |
                        (fact->is_draft ? PULL_IS_DRAFT : 0) |
                        (fact->is_unreviewed ? PULL_IS_UNREVIEWED : 0) |
                        (fact->is_self_merged ? PULL_IS_SELF_MERGED : 0) |
                        (fact->is_late_change ? PULL_IS_LATE_CHANGE : 0) |
                        (fact->approved != TIME_ABSENT ? PULL_IS_APPROVED : 0);
}

void columns_builder_add_review(ColumnsBuilder *builder, const FactReview *review)
{
    ReviewColumns *reviews = &builder->columns->reviews;
    gsize row = reviews->n++;
    column_set_reserve(&builder->review_set, reviews->n);
    PullKey key = {.repository = repository_index(builder, review->repository_id),
                   .number = review->number};
    g_array_append_val(builder->review_keys, key);
    gboolean is_given = review->responded != TIME_ABSENT ||
                        review->comments + review->approvals + review->change_requests > 0;
    reviews->reviewer[row] = person_index(builder, review->reviewer_id);
    reviews->asked[row] = review->asked;
    reviews->responded[row] = review->responded;
    reviews->wall[row] = phase_length((PhaseSpan){
        review->responded == TIME_ABSENT ? TIME_ABSENT : review->asked, review->responded});
    reviews->working[row] = review->turnaround_working;
    reviews->flags[row] =
        g_array_index(builder->columns->person_flags, guint8, reviews->reviewer[row]) |
        (review->is_reviewer ? REVIEW_IS_ASKED : 0) | (is_given ? REVIEW_IS_GIVEN : 0);
    widen_range(builder->columns, review->asked);
    widen_range(builder->columns, review->responded);
}

void columns_builder_add_commit(ColumnsBuilder *builder, const StoreCommitRow *commit)
{
    CommitColumns *commits = &builder->columns->commits;
    gsize row = commits->n++;
    column_set_reserve(&builder->commit_set, commits->n);
    commits->authored[row] = commit->authored;
    commits->repository[row] = repository_index(builder, commit->repository_id);
    commits->author[row] = person_index(builder, commit->author_id);
    commits->lines[row] =
        narrow_count(commit->lines_added == COUNT_ABSENT || commit->lines_removed == COUNT_ABSENT
                         ? COUNT_ABSENT
                         : commit->lines_added + commit->lines_removed);
    commits->files[row] = narrow_count(commit->files_changed);
    commits->flags[row] =
        g_array_index(builder->columns->person_flags, guint8, commits->author[row]) |
        (commit->is_merge ? COMMIT_IS_MERGE : 0);
    widen_range(builder->columns, commit->authored);
}

void columns_builder_mark_delivery(ColumnsBuilder *builder, gint64 repository_id, guint8 source)
{
    guint32 index = repository_index(builder, repository_id);
    g_array_index(builder->columns->delivery_of, guint8, index) = source;
}

void columns_builder_add_deployment(ColumnsBuilder *builder, const FactDeployment *fact)
{
    MeasureColumns *columns = builder->columns;
    DeploymentColumns *deployments = &columns->deployments;
    DeliverySource source = delivery_source_from_name(fact->source);
    gboolean is_judged = source != DELIVERY_MERGES && !fact->is_rollback;
    gboolean is_production = fact->environment_kind == ENVIRONMENT_PRODUCTION;
    gsize row = deployments->n++;
    column_set_reserve(&builder->deployment_set, deployments->n);
    deployments->completed[row] = fact->completed;
    deployments->time[DEPLOYMENT_DEPLOYED][row] =
        fact->is_successful ? fact->completed : TIME_ABSENT;
    deployments->time[DEPLOYMENT_JUDGED][row] = is_judged ? fact->completed : TIME_ABSENT;
    deployments->time[DEPLOYMENT_RESTORED][row] = fact->restored;
    PhaseSpan outage = {fact->restored == TIME_ABSENT ? TIME_ABSENT : fact->completed,
                        fact->restored};
    deployments->wall[row] = phase_length(outage);
    deployments->working[row] =
        work_calendar_between(teams_calendar(columns->teams, NO_TEAM), outage.from, outage.until);
    deployments->repository[row] = repository_index(builder, fact->repository_id);
    deployments->environment[row] =
        fact->environment == NULL
            ? NO_INDEX
            : dictionary_add_key(&columns->environments, fact->environment, fact->environment);
    deployments->flags[row] = (fact->is_failure ? DEPLOYMENT_IS_FAILURE : 0) |
                              (is_production ? DEPLOYMENT_IS_PRODUCTION : 0);
    if (is_production)
        columns_builder_mark_delivery(builder, fact->repository_id, (guint8) source);
    widen_range(columns, fact->completed);
    widen_range(columns, fact->restored);
}

void columns_builder_add_change(ColumnsBuilder *builder, const StoreMainChange *change)
{
    ChangeColumns *changes = &builder->columns->changes;
    gsize row = changes->n++;
    column_set_reserve(&builder->change_set, changes->n);
    changes->landed[row] = change->landed;
    changes->repository[row] = repository_index(builder, change->repository_id);
    changes->author[row] = person_index(builder, change->author_id);
    changes->lines[row] = narrow_count(change->lines_changed);
    changes->young[row] = narrow_count(change->lines_young);
    changes->flags[row] =
        g_array_index(builder->columns->person_flags, guint8, changes->author[row]);
    widen_range(builder->columns, change->landed);
}

/* ---- ending */

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    const PullKey *first = a, *second = b;
    if (first->repository != second->repository)
        return first->repository < second->repository ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

static gint compare_keys_with(gconstpointer a, gconstpointer b, gpointer user_data)
{
    return compare_keys(a, b);
}

/* In order of key, so that reviews find their pull request. */
static PullKey *list_keys(const PullColumns *pulls)
{
    PullKey *keys = g_new0(PullKey, MAX(pulls->n, 1));
    gboolean in_order = TRUE;
    for (gsize i = 0; i < pulls->n; i++) {
        keys[i] = (PullKey){pulls->repository[i], pulls->number[i], (guint32) i};
        in_order = in_order && (i == 0 || compare_keys(&keys[i - 1], &keys[i]) <= 0);
    }
    if (!in_order)
        g_qsort_with_data(keys, (gint) pulls->n, sizeof *keys, compare_keys_with, NULL);
    return keys;
}

static gint compare_by_time(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const UtcTime *times = user_data;
    guint32 first = *(const guint32 *) a, second = *(const guint32 *) b;
    if (times[first] != times[second])
        return times[first] < times[second] ? -1 : 1;
    return (first > second) - (first < second);
}

static guint32 *order_by_time(const UtcTime *times, gsize n)
{
    guint32 *order = g_new(guint32, MAX(n, 1));
    for (gsize i = 0; i < n; i++)
        order[i] = (guint32) i;
    if (n > 0)
        g_qsort_with_data(order, (gint) n, sizeof *order, compare_by_time, (gpointer) times);
    return order;
}

/* NO_INDEX when there is none. @hint: near the last answer, as reviews come in order too. */
static guint32 find_pull(const PullKey *keys, gsize n, const PullKey *wanted, gsize *hint)
{
    for (gsize near = *hint; near < n && near < *hint + 2; near++)
        if (compare_keys(&keys[near], wanted) == 0)
            return keys[*hint = near].row;
    const PullKey *found = n == 0 ? NULL : bsearch(wanted, keys, n, sizeof *keys, compare_keys);
    if (found == NULL)
        return NO_INDEX;
    *hint = (gsize) (found - keys);
    return found->row;
}

/* Reviews in order of their pull request, and where each one's begin. Rows are counted per pull
 * request first, then each goes to its place. */
static void arrange_reviews(ColumnsBuilder *builder, const PullKey *keys, const guint32 *place)
{
    MeasureColumns *columns = builder->columns;
    ReviewColumns *reviews = &columns->reviews;
    PullColumns *pulls = &columns->pulls;
    guint32 *starts = pulls->first_review_row = g_new0(guint32, pulls->n + 1);
    guint32 *pull = reviews->pull;
    gsize hint = 0, n = 0;
    for (gsize i = 0; i < reviews->n; i++) {
        guint32 row =
            find_pull(keys, pulls->n, &g_array_index(builder->review_keys, PullKey, i), &hint);
        pull[i] = row == NO_INDEX ? NO_INDEX : place[row];
        if (row != NO_INDEX)
            starts[place[row] + 1]++, n++;
    }
    for (gsize i = 0; i < pulls->n; i++)
        starts[i + 1] += starts[i];
    g_autofree guint32 *next = g_memdup2(starts, (pulls->n + 1) * sizeof *starts);
    g_autofree guint32 *order = g_new(guint32, MAX(n, 1));
    for (gsize i = 0; i < reviews->n; i++)
        if (pull[i] != NO_INDEX)
            order[next[pull[i]]++] = (guint32) i;
    reviews->n = n;
    column_set_arrange(&builder->review_set, order, n);
}

MeasureColumns *columns_builder_end(ColumnsBuilder *builder)
{
    MeasureColumns *columns = builder->columns;
    PullColumns *pulls = &columns->pulls;
    CommitColumns *commits = &columns->commits;
    g_autofree PullKey *keys = list_keys(pulls);
    g_autofree guint32 *order = order_by_time(pulls->time[PULL_OPENED], pulls->n);
    g_autofree guint32 *place = g_new0(guint32, MAX(pulls->n, 1));
    for (gsize i = 0; i < pulls->n; i++)
        place[order[i]] = (guint32) i;
    column_set_arrange(&builder->pull_set, order, pulls->n);
    arrange_reviews(builder, keys, place);
    g_autofree guint32 *commit_order = order_by_time(commits->authored, commits->n);
    column_set_arrange(&builder->commit_set, commit_order, commits->n);
    DeploymentColumns *deployments = &columns->deployments;
    g_autofree guint32 *deployment_order = order_by_time(deployments->completed, deployments->n);
    column_set_arrange(&builder->deployment_set, deployment_order, deployments->n);
    g_autofree guint32 *change_order = order_by_time(columns->changes.landed, columns->changes.n);
    column_set_arrange(&builder->change_set, change_order, columns->changes.n);
    builder->columns = NULL;
    columns_builder_free(builder);
    return columns;
}

gsize measure_columns_pull_requests(const MeasureColumns *columns)
{
    return columns->pulls.n;
}
