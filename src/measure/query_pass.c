#include "measure/query.h"

#include <string.h>

/* Filters as dense numbers; NO_INDEX: any. */
typedef struct {
    guint32 repository, project, author, reviewer, branch, environment, team;
    guint size_class; /* SIZE_CLASSES: any */
    UtcTime from, until;
    guint8 left_out; /* flags of rows that do not count */
    gboolean production_only;
    gboolean is_impossible; /* names something that is nowhere */
} Filter;

typedef struct {
    QueryRun *run;
    Anchor anchor;
    Filter filter;
    GPtrArray *tallies; /* Tally of this anchor */
    gboolean by_reviewer;
    RowBlock block;
} Pass;

/* ---- filters */

static guint32 need(Filter *filter, guint32 index)
{
    filter->is_impossible = filter->is_impossible || index == NO_INDEX;
    return index;
}

static Filter make_filter(const MeasureColumns *columns, const MeasureQuery *query)
{
    Filter filter = {NO_INDEX, NO_INDEX, NO_INDEX, NO_INDEX,
                     NO_INDEX, NO_INDEX, NO_TEAM,  .size_class = SIZE_CLASSES};
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
    if (query->team_id != 0) {
        filter.team = teams_find(columns->teams, query->team_id);
        filter.is_impossible = filter.is_impossible || filter.team == NO_TEAM;
    }
    if (query->target_branch != NULL)
        filter.branch =
            need(&filter, dictionary_find_key(&columns->branches, query->target_branch));
    if (query->environment != NULL)
        filter.environment =
            need(&filter, dictionary_find_key(&columns->environments, query->environment));
    filter.production_only = query->environment == NULL && query->by[0] != DIMENSION_ENVIRONMENT &&
                             query->by[1] != DIMENSION_ENVIRONMENT;
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

static gboolean passes_team(const Filter *filter, const MeasureColumns *columns, guint32 person,
                            UtcTime at)
{
    return filter->team == NO_TEAM || filter->team == columns_team_at(columns, person, at);
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

/* ---- rows that count */

/* Sends the block's rows to their groups, and their values to the tallies. */
static void flush(Pass *pass)
{
    QueryRun *run = pass->run;
    RowBlock *block = &pass->block;
    if (run->series != NULL) {
        series_take(run, block);
        block->n = 0;
        return;
    }
    for (guint axis = 0; axis < 2; axis++)
        axis_fill_slots(&run->axes[axis], run->columns, block, block->slot[axis]);
    groups_fill_numbers(&run->groups, block->slot[0], block->slot[1], block->n, block->group);
    privacy_see(&run->privacy, block);
    for (guint i = 0; i < pass->tallies->len; i++) {
        Tally *tally = g_ptr_array_index(pass->tallies, i);
        measure_fill_values(tally->measure, run->columns, block, run->query->now,
                            tally->working_time, block->value);
        if (tally->measure->source == SOURCE_REWORK)
            measure_fill_weights(run->columns, block);
        if (tally->measure->source == SOURCE_SPELL)
            measure_fill_ends(run->columns, block, run->query->now);
        tally_add(tally, block, groups_count(&run->groups));
    }
    block->n = 0;
}

static void take_pull(Pass *pass, gsize row, UtcTime at, guint32 reviewer)
{
    const PullColumns *pulls = &pass->run->columns->pulls;
    RowBlock *block = &pass->block;
    gsize i = block->n++;
    block->row[i] = block->pull[i] = (guint32) row;
    block->at[i] = at;
    block->repository[i] = pulls->repository[row];
    block->author[i] = block->person[i] = pulls->author[row];
    block->reviewer[i] = reviewer;
    block->is_left_out[i] = (pulls->flags[row] & pass->filter.left_out) != 0;
    if (block->n == ROWS_PER_BLOCK)
        flush(pass);
}

/* Once for everybody who reviewed it. */
static void take_pull_by_reviewer(Pass *pass, gsize row, UtcTime at)
{
    const MeasureColumns *columns = pass->run->columns;
    const ReviewColumns *reviews = &columns->reviews;
    for (guint32 i = columns->pulls.first_review_row[row];
         i < columns->pulls.first_review_row[row + 1]; i++) {
        guint8 flags = reviews->flags[i];
        if ((flags & REVIEW_IS_GIVEN) != 0 && (flags & pass->filter.left_out) == 0 &&
            (pass->filter.reviewer == NO_INDEX || pass->filter.reviewer == reviews->reviewer[i]))
            take_pull(pass, row, at, reviews->reviewer[i]);
    }
}

static void take_review(Pass *pass, gsize row, UtcTime at)
{
    const MeasureColumns *columns = pass->run->columns;
    const ReviewColumns *reviews = &columns->reviews;
    RowBlock *block = &pass->block;
    gsize i = block->n++;
    guint32 pull = reviews->pull[row];
    block->row[i] = (guint32) row;
    block->pull[i] = pull;
    block->at[i] = at;
    block->repository[i] = columns->pulls.repository[pull];
    block->author[i] = columns->pulls.author[pull];
    block->reviewer[i] = block->person[i] = reviews->reviewer[row];
    block->is_left_out[i] = (reviews->flags[row] & pass->filter.left_out) != 0;
    if (block->n == ROWS_PER_BLOCK)
        flush(pass);
}

static void take_commit(Pass *pass, gsize row, UtcTime at)
{
    const CommitColumns *commits = &pass->run->columns->commits;
    RowBlock *block = &pass->block;
    gsize i = block->n++;
    block->row[i] = (guint32) row;
    block->at[i] = at;
    block->repository[i] = commits->repository[row];
    block->author[i] = block->person[i] = commits->author[row];
    block->is_left_out[i] = (commits->flags[row] & (pass->filter.left_out | COMMIT_IS_MERGE)) != 0;
    if (block->n == ROWS_PER_BLOCK)
        flush(pass);
}

static void take_deployment(Pass *pass, gsize row, UtcTime at)
{
    const DeploymentColumns *deployments = &pass->run->columns->deployments;
    RowBlock *block = &pass->block;
    gsize i = block->n++;
    block->row[i] = (guint32) row;
    block->at[i] = at;
    block->repository[i] = deployments->repository[row];
    block->author[i] = block->reviewer[i] = NO_INDEX;
    block->person[i] = pass->run->days.n > 0 ? axis_slot_of_time(&pass->run->days, at) : 0;
    block->is_left_out[i] = FALSE;
    if (block->n == ROWS_PER_BLOCK)
        flush(pass);
}

static void take_change(Pass *pass, gsize row, UtcTime at)
{
    const ChangeColumns *changes = &pass->run->columns->changes;
    RowBlock *block = &pass->block;
    gsize i = block->n++;
    block->row[i] = (guint32) row;
    block->at[i] = at;
    block->repository[i] = changes->repository[row];
    block->author[i] = block->person[i] = changes->author[row];
    block->is_left_out[i] = (changes->flags[row] & pass->filter.left_out) != 0;
    if (block->n == ROWS_PER_BLOCK)
        flush(pass);
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
        [ANCHOR_RELEASED] = PULL_RELEASED,
    };
    const MeasureColumns *columns = pass->run->columns;
    const PullColumns *pulls = &columns->pulls;
    const UtcTime *times = pulls->time[TIMES[pass->anchor]];
    const Filter *filter = &pass->filter;
    gboolean at_instant = pass->anchor == ANCHOR_NOW;
    for (gsize i = 0; i < pulls->n; i++) {
        UtcTime at = at_instant ? pass->run->query->now : times[i];
        if (at_instant ? !is_open_at(pulls, i, at) : at < filter->from || at >= filter->until)
            continue;
        if (!passes_pull(filter, columns, i) || !passes_team(filter, columns, pulls->author[i], at))
            continue;
        if (pass->by_reviewer)
            take_pull_by_reviewer(pass, i, at);
        else if (filter->reviewer == NO_INDEX || has_reviewer(columns, i, filter->reviewer))
            take_pull(pass, i, at, NO_INDEX);
    }
}

static void pass_over_reviews(Pass *pass)
{
    const MeasureColumns *columns = pass->run->columns;
    const ReviewColumns *reviews = &columns->reviews;
    const Filter *filter = &pass->filter;
    for (gsize i = 0; i < reviews->n; i++) {
        UtcTime at = reviews->responded[i];
        if (at == TIME_ABSENT && (reviews->flags[i] & REVIEW_IS_GIVEN) != 0)
            at = reviews->asked[i]; /* everything was said before the asking */
        if (at >= filter->from && at < filter->until &&
            (filter->reviewer == NO_INDEX || filter->reviewer == reviews->reviewer[i]) &&
            passes_pull(filter, columns, reviews->pull[i]) &&
            passes_team(filter, columns, reviews->reviewer[i], at))
            take_review(pass, i, at);
    }
}

static void pass_over_commits(Pass *pass)
{
    const CommitColumns *commits = &pass->run->columns->commits;
    const Filter *filter = &pass->filter;
    for (gsize i = 0; i < commits->n; i++) {
        UtcTime at = commits->authored[i];
        if (at >= filter->from && at < filter->until &&
            passes_place(filter, pass->run->columns, commits->repository[i], commits->author[i]) &&
            passes_team(filter, pass->run->columns, commits->author[i], at))
            take_commit(pass, i, at);
    }
}

static void pass_over_deployments(Pass *pass)
{
    const MeasureColumns *columns = pass->run->columns;
    const DeploymentColumns *deployments = &columns->deployments;
    const Filter *filter = &pass->filter;
    DeploymentTime time = pass->anchor == ANCHOR_DEPLOYED   ? DEPLOYMENT_DEPLOYED
                          : pass->anchor == ANCHOR_RESTORED ? DEPLOYMENT_RESTORED
                                                            : DEPLOYMENT_JUDGED;
    for (gsize i = 0; i < deployments->n; i++) {
        UtcTime at = deployments->time[time][i];
        gboolean is_production = (deployments->flags[i] & DEPLOYMENT_IS_PRODUCTION) != 0;
        if (at >= filter->from && at < filter->until &&
            (is_production || !filter->production_only) &&
            (filter->environment == NO_INDEX ||
             filter->environment == deployments->environment[i]) &&
            passes_place(filter, columns, deployments->repository[i], NO_INDEX))
            take_deployment(pass, i, at);
    }
}

static void pass_over_changes(Pass *pass)
{
    const ChangeColumns *changes = &pass->run->columns->changes;
    const Filter *filter = &pass->filter;
    for (gsize i = 0; i < changes->n; i++) {
        UtcTime at = changes->landed[i];
        if (at >= filter->from && at < filter->until &&
            passes_place(filter, pass->run->columns, changes->repository[i], changes->author[i]) &&
            passes_team(filter, pass->run->columns, changes->author[i], at))
            take_change(pass, i, at);
    }
}

static void pass_over_rows(Pass *pass)
{
    if (pass->anchor == ANCHOR_RESPONDED)
        pass_over_reviews(pass);
    else if (pass->anchor == ANCHOR_AUTHORED)
        pass_over_commits(pass);
    else if (pass->anchor == ANCHOR_DEPLOYED || pass->anchor == ANCHOR_JUDGED ||
             pass->anchor == ANCHOR_RESTORED)
        pass_over_deployments(pass);
    else if (pass->anchor == ANCHOR_LANDED)
        pass_over_changes(pass);
    else
        pass_over_pulls(pass);
    flush(pass);
}

void query_pass(QueryRun *run, Anchor anchor)
{
    g_autoptr(GPtrArray) tallies = g_ptr_array_new();
    for (gsize i = 0; i < run->n_tallies; i++)
        if (run->tallies[i].measure->anchor == anchor)
            g_ptr_array_add(tallies, &run->tallies[i]);
    Filter filter = make_filter(run->columns, run->query);
    if (tallies->len == 0 || filter.is_impossible)
        return;
    g_autofree Pass *pass = g_new(Pass, 1); /* the block is large for a stack */
    pass->run = run;
    pass->anchor = anchor;
    pass->filter = filter;
    pass->tallies = tallies;
    pass->by_reviewer = run->axes[0].dimension == DIMENSION_REVIEWER ||
                        run->axes[1].dimension == DIMENSION_REVIEWER;
    pass->block.n = 0;
    pass_over_rows(pass);
}
