#include "measure/pulls_order.h"

#include "measure/columns.h"

#include <string.h>

/* ---- phases */

static const struct {
    const char *name;
    Phase phase;
} SPANS[PULL_SPANS] = {
    [PULL_CODING] = {"coding-time", PHASE_CODING},
    [PULL_PICKUP] = {"pickup-time", PHASE_PICKUP},
    [PULL_REVIEW] = {"review-time", PHASE_REVIEW},
    [PULL_MERGE] = {"merge-time", PHASE_MERGE},
    [PULL_CYCLE] = {"cycle-time", PHASE_CYCLE},
    [PULL_TO_MERGE] = {"time-to-merge", PHASE_TO_MERGE},
    [PULL_DEPLOY] = {"deploy-time", PHASE_DEPLOY},
    [PULL_LEAD] = {"lead-time", PHASE_LEAD},
};

const char *pull_span_name(PullSpanKind kind)
{
    return kind < PULL_SPANS ? SPANS[kind].name : "unknown";
}

void measure_pull_spans(const FactPr *fact, const WorkCalendar *calendar,
                        PullSpan ret_spans[PULL_SPANS])
{
    for (guint i = 0; i < PULL_SPANS; i++) {
        PhaseSpan span = phase_span(fact, SPANS[i].phase);
        ret_spans[i] = (PullSpan){span.from, span.until, phase_length(span),
                                  work_calendar_between(calendar, span.from, span.until)};
    }
}

/* ---- one */

static gint64 count_at(const PullColumns *pulls, PullCount count, gsize row)
{
    gint32 value = pulls->count[count][row];
    return value == COUNT32_ABSENT ? COUNT_ABSENT : value;
}

static const char *waiting_name(guint8 waiting)
{
    static const char *const NAMES[] = {[WAITING_NONE] = NULL,
                                        [WAITING_READY] = "ready",
                                        [WAITING_REVIEW] = "review",
                                        [WAITING_AUTHOR] = "author",
                                        [WAITING_MERGE] = "merge"};
    return waiting < G_N_ELEMENTS(NAMES) ? NAMES[waiting] : NULL;
}

static MeasurePull pull_at(const MeasureColumns *columns, gsize row)
{
    const PullColumns *pulls = &columns->pulls;
    guint8 flags = pulls->flags[row];
    MeasurePull pull = {
        .repository_id = dictionary_id(&columns->repositories, pulls->repository[row]),
        .number = pulls->number[row],
        .author_id = dictionary_id(&columns->people, pulls->author[row]),
        .state = pulls->state[row],
        .is_draft = (flags & PULL_IS_DRAFT) != 0,
        .is_bot = (flags & ROW_BOT) != 0,
        .is_excluded = (flags & ROW_EXCLUDED) != 0,
        .is_unreviewed = (flags & PULL_IS_UNREVIEWED) != 0,
        .is_self_merged = (flags & PULL_IS_SELF_MERGED) != 0,
        .is_late_change = (flags & PULL_IS_LATE_CHANGE) != 0,
        .first_commit = pulls->time[PULL_FIRST_COMMIT][row],
        .opened = pulls->time[PULL_OPENED][row],
        .ready = pulls->time[PULL_READY][row],
        .first_review = pulls->time[PULL_FIRST_REVIEW][row],
        .approved = pulls->time[PULL_APPROVED][row],
        .merged = pulls->time[PULL_MERGED][row],
        .declined = pulls->time[PULL_DECLINED][row],
        .released = pulls->time[PULL_RELEASED][row],
        .last_activity = pulls->time[PULL_LAST_ACTIVITY][row],
        .waiting_since = pulls->time[PULL_WAITING_SINCE][row],
        .lines = count_at(pulls, PULL_LINES, row),
        .files = count_at(pulls, PULL_FILES, row),
        .rounds = count_at(pulls, PULL_ROUNDS, row),
        .pushes = count_at(pulls, PULL_PUSHES, row),
        .review_comments = count_at(pulls, PULL_REVIEW_COMMENTS, row),
        .author_comments = count_at(pulls, PULL_AUTHOR_COMMENTS, row),
        .bot_comments = count_at(pulls, PULL_BOT_COMMENTS, row),
        .reviewers = count_at(pulls, PULL_REVIEWERS, row),
        .approvals = count_at(pulls, PULL_APPROVALS, row),
        .commits = count_at(pulls, PULL_COMMITS, row),
        .branch = pulls->branch[row] == NO_INDEX
                      ? NULL
                      : dictionary_key(&columns->branches, pulls->branch[row]),
        .size_class = SIZE_CLASS_NAMES[pulls->size_class[row]],
        .waiting_on = waiting_name(pulls->waiting[row]),
    };
    for (guint i = 0; i < PULL_SPANS; i++) {
        pull.wall[i] = pulls->wall[SPANS[i].phase][row];
        pull.working[i] = pulls->working[SPANS[i].phase][row];
    }
    return pull;
}

MeasurePull measure_pull_of(const FactPr *fact, const WorkCalendar *calendar)
{
    gint64 lines =
        fact->lines_added == COUNT_ABSENT ? COUNT_ABSENT : fact->lines_added + fact->lines_removed;
    MeasurePull pull = {.repository_id = fact->repository_id,
                        .number = fact->number,
                        .author_id = fact->author_id,
                        .state = fact->state,
                        .is_draft = fact->is_draft,
                        .is_bot = fact->author_is_bot,
                        .is_unreviewed = fact->is_unreviewed,
                        .is_self_merged = fact->is_self_merged,
                        .is_late_change = fact->is_late_change,
                        .first_commit = fact->first_commit,
                        .opened = fact->opened,
                        .ready = fact->ready,
                        .first_review = fact->first_review,
                        .approved = fact->approved,
                        .merged = fact->merged,
                        .declined = fact->declined,
                        .released = fact->released,
                        .last_activity = fact->last_activity,
                        .waiting_since = fact->waiting_since,
                        .lines = lines,
                        .files = fact->files_changed,
                        .rounds = fact->rounds,
                        .pushes = fact->pushes,
                        .review_comments = fact->review_comments,
                        .author_comments = fact->author_comments,
                        .bot_comments = fact->bot_comments,
                        .reviewers = fact->reviewers,
                        .approvals = fact->approvals,
                        .commits = fact->commits,
                        .branch = fact->destination_branch,
                        .size_class = SIZE_CLASS_NAMES[size_class_of(lines)],
                        .waiting_on = fact->waiting_on};
    PullSpan spans[PULL_SPANS];
    measure_pull_spans(fact, calendar, spans);
    for (guint i = 0; i < PULL_SPANS; i++) {
        pull.wall[i] = spans[i].wall;
        pull.working[i] = spans[i].working;
    }
    return pull;
}

gboolean measure_find_pull(const MeasureColumns *columns, gint64 repository_id, gint64 number,
                           MeasurePull *ret_pull)
{
    const PullColumns *pulls = &columns->pulls;
    guint32 repository = dictionary_find_id(&columns->repositories, repository_id);
    for (gsize i = 0; repository != NO_INDEX && i < pulls->n; i++) {
        if (pulls->number[i] != number || pulls->repository[i] != repository)
            continue;
        *ret_pull = pull_at(columns, i);
        return TRUE;
    }
    return FALSE;
}

/* ---- filters */

/* As dense numbers; NO_INDEX: any. */
typedef struct {
    const MeasureColumns *columns;
    const PullsQuery *query;
    guint32 repository, project, author, reviewer, branch, team;
    guint8 flags; /* all of these */
    gboolean is_impossible;
} Filter;

static guint32 need(Filter *filter, guint32 index)
{
    filter->is_impossible = filter->is_impossible || index == NO_INDEX;
    return index;
}

static guint32 need_id(Filter *filter, const Dictionary *dictionary, gint64 id)
{
    return id == 0 ? NO_INDEX : need(filter, dictionary_find_id(dictionary, id));
}

static guint32 need_key(Filter *filter, const Dictionary *dictionary, const char *key)
{
    return key == NULL ? NO_INDEX : need(filter, dictionary_find_key(dictionary, key));
}

static Filter make_filter(const MeasureColumns *columns, const PullsQuery *query)
{
    Filter filter = {.columns = columns, .query = query, .team = NO_TEAM};
    filter.repository = need_id(&filter, &columns->repositories, query->repository_id);
    filter.author = need_id(&filter, &columns->people, query->author_id);
    filter.reviewer = need_id(&filter, &columns->people, query->reviewer_id);
    filter.project = need_key(&filter, &columns->projects, query->project_key);
    filter.branch = need_key(&filter, &columns->branches, query->target_branch);
    if (query->team_id != 0)
        filter.team = need(&filter, teams_find(columns->teams, query->team_id));
    filter.flags = ((query->marks & PULLS_UNREVIEWED) != 0 ? PULL_IS_UNREVIEWED : 0) |
                   ((query->marks & PULLS_SELF_MERGED) != 0 ? PULL_IS_SELF_MERGED : 0) |
                   ((query->marks & PULLS_LATE_CHANGE) != 0 ? PULL_IS_LATE_CHANGE : 0);
    return filter;
}

static gboolean is_within(const PullsQuery *query, UtcTime at)
{
    return at != TIME_ABSENT && (query->from == TIME_ABSENT || at >= query->from) &&
           (query->until == TIME_ABSENT || at < query->until);
}

/* Whether somebody who counts (@reviewer: that one) reviewed it in the range. The instant of a
 * review is the one at which measure_query counts it. */
static gboolean is_reviewed_within(const Filter *filter, gsize row, guint32 reviewer)
{
    const ReviewColumns *reviews = &filter->columns->reviews;
    const guint32 *first = &filter->columns->pulls.first_review_row[row];
    for (guint32 i = first[0]; i < first[1]; i++) {
        guint8 left_out = ROW_EXCLUDED | (filter->query->include_bots ? 0 : ROW_BOT);
        UtcTime at = reviews->responded[i];
        if (at == TIME_ABSENT && (reviews->flags[i] & REVIEW_IS_GIVEN) != 0)
            at = reviews->asked[i];
        if ((reviews->flags[i] & left_out) == 0 && is_within(filter->query, at) &&
            (reviewer == NO_INDEX || reviewer == reviews->reviewer[i]))
            return TRUE;
    }
    return FALSE;
}

static gboolean has_reviewer(const Filter *filter, gsize row)
{
    const ReviewColumns *reviews = &filter->columns->reviews;
    const guint32 *first = &filter->columns->pulls.first_review_row[row];
    for (guint32 i = first[0]; i < first[1]; i++)
        if (reviews->reviewer[i] == filter->reviewer &&
            (reviews->flags[i] & (REVIEW_IS_GIVEN | REVIEW_IS_ASKED)) != 0)
            return TRUE;
    return FALSE;
}

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    const StorePullRequestKey *first = a, *second = b;
    if (first->repository_id != second->repository_id)
        return first->repository_id < second->repository_id ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

static gboolean is_among(const Filter *filter, gsize row)
{
    const PullColumns *pulls = &filter->columns->pulls;
    const StorePullRequestKey key = {
        dictionary_id(&filter->columns->repositories, pulls->repository[row]), pulls->number[row]};
    return g_array_binary_search((GArray *) filter->query->only, &key, compare_keys, NULL);
}

static gboolean passes_time(const Filter *filter, gsize row)
{
    static const PullTime TIMES[] = {[PULLS_OPENED] = PULL_OPENED,
                                     [PULLS_MERGED] = PULL_MERGED,
                                     [PULLS_DECLINED] = PULL_DECLINED,
                                     [PULLS_RELEASED] = PULL_RELEASED,
                                     [PULLS_REVIEWED] = PULL_OPENED};
    const PullsQuery *query = filter->query;
    const PullColumns *pulls = &filter->columns->pulls;
    UtcTime at = pulls->time[TIMES[query->at]][row];
    if (filter->team != NO_TEAM &&
        columns_team_at(filter->columns, pulls->author[row],
                        at != TIME_ABSENT ? at : pulls->time[PULL_OPENED][row]) != filter->team)
        return FALSE;
    if (query->from == TIME_ABSENT && query->until == TIME_ABSENT)
        return TRUE;
    return query->at == PULLS_REVIEWED ? is_reviewed_within(filter, row, filter->reviewer)
                                       : is_within(query, at);
}

static gboolean passes_length(const Filter *filter, gsize row)
{
    const PullsQuery *query = filter->query;
    const PullColumns *pulls = &filter->columns->pulls;
    if (query->longer == DURATION_ABSENT && query->shorter == DURATION_ABSENT)
        return TRUE;
    Duration cycle = (query->is_working_time ? pulls->working : pulls->wall)[PHASE_CYCLE][row];
    return cycle != DURATION_ABSENT &&
           (query->longer == DURATION_ABSENT || cycle >= query->longer) &&
           (query->shorter == DURATION_ABSENT || cycle < query->shorter);
}

static gboolean passes(const Filter *filter, gsize row)
{
    const PullsQuery *query = filter->query;
    const MeasureColumns *columns = filter->columns;
    const PullColumns *pulls = &columns->pulls;
    guint8 flags = pulls->flags[row];
    return (query->state < 0 || pulls->state[row] == query->state) &&
           (query->draft < 0 || ((flags & PULL_IS_DRAFT) != 0) == (query->draft != 0)) &&
           (flags & filter->flags) == filter->flags &&
           (filter->repository == NO_INDEX || filter->repository == pulls->repository[row]) &&
           (filter->author == NO_INDEX || filter->author == pulls->author[row]) &&
           (filter->branch == NO_INDEX || filter->branch == pulls->branch[row]) &&
           (filter->project == NO_INDEX ||
            filter->project ==
                g_array_index(columns->project_of, guint32, pulls->repository[row])) &&
           (query->size_class == NULL ||
            strcmp(SIZE_CLASS_NAMES[pulls->size_class[row]], query->size_class) == 0) &&
           (query->waiting_on == NULL ||
            g_strcmp0(waiting_name(pulls->waiting[row]), query->waiting_on) == 0) &&
           passes_length(filter, row) && passes_time(filter, row) &&
           (filter->reviewer == NO_INDEX || has_reviewer(filter, row)) &&
           (query->only == NULL || is_among(filter, row));
}

/* ---- the list */

static gint64 value_of(const PullColumns *pulls, PullsOrder order, gsize row)
{
    switch (order) {
    case PULLS_BY_OPENED:
        return pulls->time[PULL_OPENED][row];
    case PULLS_BY_MERGED:
        return pulls->time[PULL_MERGED][row];
    case PULLS_BY_ACTIVITY:
        return pulls->time[PULL_LAST_ACTIVITY][row];
    case PULLS_BY_WAITING:
        return pulls->time[PULL_WAITING_SINCE][row];
    case PULLS_BY_CYCLE:
        return pulls->wall[PHASE_CYCLE][row];
    case PULLS_BY_SIZE:
        return count_at(pulls, PULL_LINES, row);
    case PULLS_BY_COMMENTS:
        return count_at(pulls, PULL_REVIEW_COMMENTS, row);
    case PULLS_BY_ROUNDS:
        return count_at(pulls, PULL_ROUNDS, row);
    case PULLS_ORDERS:
        break;
    }
    return COUNT_ABSENT;
}

static void finish(const MeasureColumns *columns, PullsFirst *first, guint limit,
                   MeasurePulls *pulls)
{
    g_autoptr(GArray) ordered = pulls_first_end(first);
    pulls->has_more = ordered->len > limit;
    for (guint i = 0; i < MIN(ordered->len, limit); i++) {
        const OrderedPull *one = &g_array_index(ordered, OrderedPull, i);
        const MeasurePull pull = pull_at(columns, one->row);
        g_array_append_val(pulls->rows, pull);
        pulls->last = one->place;
    }
}

void measure_pulls(const MeasureColumns *columns, const PullsQuery *query, MeasurePulls *ret_pulls)
{
    const PullColumns *pulls = &columns->pulls;
    Filter filter = make_filter(columns, query);
    guint8 left_out = ROW_EXCLUDED | (query->include_bots ? 0 : ROW_BOT);
    PullsFirst first;
    *ret_pulls = (MeasurePulls){.rows = g_array_new(FALSE, FALSE, sizeof(MeasurePull))};
    pulls_first_init(&first, query->limit + 1, query->is_descending);
    for (gsize i = 0; !filter.is_impossible && i < pulls->n; i++) {
        if (!passes(&filter, i))
            continue;
        if ((pulls->flags[i] & left_out) != 0) {
            ret_pulls->excluded++;
            continue;
        }
        ret_pulls->n++;
        const OrderedPull one = {{value_of(pulls, query->order, i),
                                  dictionary_id(&columns->repositories, pulls->repository[i]),
                                  pulls->number[i]},
                                 (guint32) i};
        if (query->after == NULL ||
            pulls_place_compare(&one.place, query->after, query->is_descending) > 0)
            pulls_first_take(&first, &one);
    }
    finish(columns, &first, query->limit, ret_pulls);
}

void measure_pulls_clear(MeasurePulls *pulls)
{
    g_clear_pointer(&pulls->rows, g_array_unref);
}
