#include "measure/query.h"

#include <string.h>

/* Filters as dense numbers; NO_INDEX: any. */
typedef struct {
    guint32 repository, project, author, reviewer, branch;
    guint size_class; /* SIZE_CLASSES: any */
    UtcTime from, until;
    guint8 left_out;        /* flags of rows that do not count */
    gboolean is_impossible; /* names something that is nowhere */
} Filter;

typedef struct {
    QueryRun *run;
    Anchor anchor;
    Filter filter;
    GPtrArray *tallies; /* Tally of this anchor */
    int time_axis;      /* -1: none */
    gboolean by_reviewer;
} Pass;

/* ---- filters */

static guint32 need(Filter *filter, guint32 index)
{
    filter->is_impossible = filter->is_impossible || index == NO_INDEX;
    return index;
}

static Filter make_filter(const MeasureColumns *columns, const MeasureQuery *query)
{
    Filter filter = {NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX, .size_class = SIZE_CLASSES};
    /* An absent instant is the least value, so the least bound leaves it out. */
    filter.from = query->from == TIME_ABSENT ? TIME_ABSENT + 1 : query->from;
    filter.until = query->until == TIME_ABSENT ? G_MAXINT64 : query->until;
    filter.left_out = ROW_EXCLUDED | (query->include_bots ? 0 : ROW_BOT);
    if (query->repository_id != 0)
        filter.repository =
            need(&filter, dictionary_find_id(&columns->repositories, query->repository_id));
    if (query->project_key != NULL)
        filter.project = need(&filter, dictionary_find_key(&columns->projects, query->project_key));
    if (query->author_id != 0)
        filter.author = need(&filter, dictionary_find_id(&columns->people, query->author_id));
    if (query->reviewer_id != 0)
        filter.reviewer = need(&filter, dictionary_find_id(&columns->people, query->reviewer_id));
    if (query->target_branch != NULL)
        filter.branch =
            need(&filter, dictionary_find_key(&columns->branches, query->target_branch));
    if (query->size_class != NULL) {
        filter.size_class = 0;
        while (filter.size_class < SIZE_CLASSES &&
               strcmp(SIZE_CLASS_NAMES[filter.size_class], query->size_class) != 0)
            filter.size_class++;
        filter.is_impossible = filter.is_impossible || filter.size_class == SIZE_CLASSES;
    }
    return filter;
}

static gboolean passes_place(const Filter *filter, const MeasureColumns *columns,
                             guint32 repository, guint32 author)
{
    return (filter->repository == NO_INDEX || filter->repository == repository) &&
           (filter->author == NO_INDEX || filter->author == author) &&
           (filter->project == NO_INDEX ||
            filter->project == g_array_index(columns->project_of, guint32, repository));
}

static gboolean passes_pull(const Filter *filter, const MeasureColumns *columns, gsize row)
{
    const PullColumns *pulls = &columns->pulls;
    return passes_place(filter, columns, pulls->repository[row], pulls->author[row]) &&
           (filter->branch == NO_INDEX || filter->branch == pulls->branch[row]) &&
           (filter->size_class == SIZE_CLASSES || filter->size_class == pulls->size_class[row]);
}

static gboolean has_reviewer(const MeasureColumns *columns, gsize row, guint32 reviewer)
{
    const ReviewColumns *reviews = &columns->reviews;
    for (guint32 i = columns->pulls.first_review_row[row];
         i < columns->pulls.first_review_row[row + 1]; i++)
        if (reviews->reviewer[i] == reviewer && (reviews->flags[i] & REVIEW_IS_GIVEN) != 0)
            return TRUE;
    return FALSE;
}

/* ---- a row that counts */

typedef struct {
    gsize row;
    UtcTime at;
    guint32 pull, repository, author, reviewer, person; /* person: whose it is */
    gboolean is_left_out;
} Row;

static guint32 slot_on(Pass *pass, guint axis, const Row *row)
{
    if ((int) axis == pass->time_axis)
        return axis_slot_of_time(&pass->run->axes[axis], row->at);
    return axis_slot_of_row(&pass->run->axes[axis], pass->run->columns, row->pull, row->repository,
                            row->author, row->reviewer);
}

static void take_row(Pass *pass, const Row *row)
{
    QueryRun *run = pass->run;
    guint32 group = groups_number(&run->groups, slot_on(pass, 0, row), slot_on(pass, 1, row));
    for (guint i = 0; i < pass->tallies->len; i++) {
        Tally *tally = g_ptr_array_index(pass->tallies, i);
        if (row->is_left_out)
            tally_exclude(tally, group);
        else
            tally_add(tally, group, row->person,
                      measure_value(tally->measure, run->columns, row->row, run->query->now,
                                    tally->working_time));
    }
}

/* Once for everybody who reviewed it. */
static void take_row_by_reviewer(Pass *pass, Row *row)
{
    const MeasureColumns *columns = pass->run->columns;
    const ReviewColumns *reviews = &columns->reviews;
    for (guint32 i = columns->pulls.first_review_row[row->pull];
         i < columns->pulls.first_review_row[row->pull + 1]; i++) {
        guint8 flags = reviews->flags[i];
        row->reviewer = reviews->reviewer[i];
        if ((flags & REVIEW_IS_GIVEN) != 0 && (flags & pass->filter.left_out) == 0 &&
            (pass->filter.reviewer == NO_INDEX || pass->filter.reviewer == row->reviewer))
            take_row(pass, row);
    }
}

/* ---- passes */

static gboolean is_open_at(const PullColumns *pulls, gsize row, UtcTime now)
{
    UtcTime closed = MAX(pulls->time[PULL_MERGED][row], pulls->time[PULL_DECLINED][row]);
    if (pulls->time[PULL_OPENED][row] > now)
        return FALSE;
    return closed == TIME_ABSENT ? pulls->state[row] == PR_OPEN : closed > now;
}

static void pass_over_pulls(Pass *pass)
{
    static const PullTime TIMES[] = {
        [ANCHOR_OPENED] = PULL_OPENED,
        [ANCHOR_MERGED] = PULL_MERGED,
        [ANCHOR_DECLINED] = PULL_DECLINED,
        [ANCHOR_FIRST_REVIEW] = PULL_FIRST_REVIEW,
        [ANCHOR_FIRST_BOT_REVIEW] = PULL_FIRST_BOT_REVIEW,
        [ANCHOR_NOW] = PULL_OPENED,
    };
    const MeasureColumns *columns = pass->run->columns;
    const PullColumns *pulls = &columns->pulls;
    const UtcTime *times = pulls->time[TIMES[pass->anchor]];
    const Filter *filter = &pass->filter;
    gboolean at_instant = pass->anchor == ANCHOR_NOW;
    for (gsize i = 0; i < pulls->n; i++) {
        if (at_instant ? !is_open_at(pulls, i, pass->run->query->now)
                       : times[i] < filter->from || times[i] >= filter->until)
            continue;
        if (!passes_pull(filter, columns, i))
            continue;
        Row row = {.row = i,
                   .at = times[i],
                   .pull = (guint32) i,
                   .repository = pulls->repository[i],
                   .author = pulls->author[i],
                   .reviewer = NO_INDEX,
                   .person = pulls->author[i],
                   .is_left_out = (pulls->flags[i] & filter->left_out) != 0};
        if (pass->by_reviewer)
            take_row_by_reviewer(pass, &row);
        else if (filter->reviewer == NO_INDEX || has_reviewer(columns, i, filter->reviewer))
            take_row(pass, &row);
    }
}

static void pass_over_reviews(Pass *pass)
{
    const MeasureColumns *columns = pass->run->columns;
    const PullColumns *pulls = &columns->pulls;
    const ReviewColumns *reviews = &columns->reviews;
    const Filter *filter = &pass->filter;
    for (gsize i = 0; i < reviews->n; i++) {
        UtcTime at = reviews->responded[i];
        if (at == TIME_ABSENT && (reviews->flags[i] & REVIEW_IS_GIVEN) != 0)
            at = reviews->asked[i]; /* everything was said before the asking */
        if (at < filter->from || at >= filter->until ||
            !passes_pull(filter, columns, reviews->pull[i]) ||
            (filter->reviewer != NO_INDEX && filter->reviewer != reviews->reviewer[i]))
            continue;
        Row row = {.row = i,
                   .at = at,
                   .pull = reviews->pull[i],
                   .repository = pulls->repository[reviews->pull[i]],
                   .author = pulls->author[reviews->pull[i]],
                   .reviewer = reviews->reviewer[i],
                   .person = reviews->reviewer[i],
                   .is_left_out = (reviews->flags[i] & filter->left_out) != 0};
        take_row(pass, &row);
    }
}

static void pass_over_commits(Pass *pass)
{
    const CommitColumns *commits = &pass->run->columns->commits;
    const Filter *filter = &pass->filter;
    for (gsize i = 0; i < commits->n; i++) {
        UtcTime at = commits->authored[i];
        if (at < filter->from || at >= filter->until ||
            !passes_place(filter, pass->run->columns, commits->repository[i], commits->author[i]))
            continue;
        Row row = {.row = i,
                   .at = at,
                   .pull = NO_INDEX,
                   .repository = commits->repository[i],
                   .author = commits->author[i],
                   .reviewer = NO_INDEX,
                   .person = commits->author[i],
                   .is_left_out = (commits->flags[i] & (filter->left_out | COMMIT_IS_MERGE)) != 0};
        take_row(pass, &row);
    }
}

void query_pass(QueryRun *run, Anchor anchor)
{
    g_autoptr(GPtrArray) tallies = g_ptr_array_new();
    for (gsize i = 0; i < run->n_tallies; i++)
        if (run->tallies[i].measure->anchor == anchor)
            g_ptr_array_add(tallies, &run->tallies[i]);
    Pass pass = {.run = run,
                 .anchor = anchor,
                 .filter = make_filter(run->columns, run->query),
                 .tallies = tallies,
                 .time_axis = -1};
    for (guint axis = 0; axis < 2; axis++) {
        if (axis_is_time(&run->axes[axis]))
            pass.time_axis = (int) axis;
        pass.by_reviewer = pass.by_reviewer || run->axes[axis].dimension == DIMENSION_REVIEWER;
    }
    if (tallies->len == 0 || pass.filter.is_impossible)
        return;
    if (anchor == ANCHOR_RESPONDED)
        pass_over_reviews(&pass);
    else if (anchor == ANCHOR_AUTHORED)
        pass_over_commits(&pass);
    else
        pass_over_pulls(&pass);
}
