#include "measure/measures.h"

#include <math.h>
#include <string.h>

#define PULLS(id, title, unit, anchor_name, anchor, meaning)                                       \
    {id, title, meaning, anchor_name, MEASURE_UNIT_##unit, MEASURE_OF_PULL_REQUESTS},              \
        ANCHOR_##anchor
#define REVIEWS(id, title, unit, meaning)                                                          \
    {id, title, meaning, "responded", MEASURE_UNIT_##unit, MEASURE_OF_REVIEWS}, ANCHOR_RESPONDED
#define COMMITS(id, title, unit, meaning)                                                          \
    {id, title, meaning, "authored", MEASURE_UNIT_##unit, MEASURE_OF_COMMITS}, ANCHOR_AUTHORED
#define DEPLOYMENTS(id, title, unit, anchor_name, anchor, meaning)                                 \
    {id, title, meaning, anchor_name, MEASURE_UNIT_##unit, MEASURE_OF_DEPLOYMENTS}, ANCHOR_##anchor

static const Measure MEASURES[] = {
    /* where the time goes */
    {PULLS("coding-time", "coding time", DURATION, "merged", MERGED, "ready - first commit"),
     SOURCE_PHASE, PHASE_CODING},
    {PULLS("pickup-time", "pickup time", DURATION, "merged", MERGED,
           "first review by a person - ready"),
     SOURCE_PHASE, PHASE_PICKUP},
    {PULLS("review-time", "review time", DURATION, "merged", MERGED,
           "approved - first review; merged - first review where nothing was approved"),
     SOURCE_PHASE, PHASE_REVIEW},
    {PULLS("merge-time", "merge time", DURATION, "merged", MERGED,
           "merged - the latest of approved, first review and ready; absent where a review ran to "
           "the merge without an approval"),
     SOURCE_PHASE, PHASE_MERGE},
    {PULLS("cycle-time", "cycle time", DURATION, "merged", MERGED,
           "merged - first commit: the sum of coding, pickup, review and merge time"),
     SOURCE_PHASE, PHASE_CYCLE},
    {PULLS("time-to-merge", "time to merge", DURATION, "merged", MERGED, "merged - ready"),
     SOURCE_PHASE, PHASE_TO_MERGE},
    {PULLS("draft-time", "draft time", DURATION, "merged", MERGED,
           "ready - opened, of pull requests that were drafts"),
     SOURCE_PHASE, PHASE_DRAFT},
    {PULLS("time-to-first-review", "time to first review", DURATION, "first review", FIRST_REVIEW,
           "first review by a person - ready, merged or not"),
     SOURCE_PHASE, PHASE_PICKUP},
    {PULLS("time-to-first-bot-review", "time to first bot review", DURATION, "first bot review",
           FIRST_BOT_REVIEW, "first review by a bot - ready, merged or not"),
     SOURCE_PHASE, PHASE_BOT_PICKUP},
    /* size */
    {PULLS("size", "size", LINES, "merged", MERGED,
           "lines added + removed between merge base and final source, without generated and "
           "vendored files"),
     SOURCE_COUNT, PULL_LINES},
    {PULLS("generated-lines", "generated lines", LINES, "merged", MERGED,
           "lines added + removed in generated and vendored files"),
     SOURCE_COUNT, PULL_GENERATED},
    {PULLS("files-changed", "files changed", COUNT, "merged", MERGED,
           "files changed, without generated and vendored ones"),
     SOURCE_COUNT, PULL_FILES},
    {PULLS("commits-per-pull-request", "commits per pull request", COUNT, "merged", MERGED,
           "commits that the pull request brought"),
     SOURCE_COUNT, PULL_COMMITS},
    /* review */
    {PULLS("rounds", "review rounds", COUNT, "merged", MERGED,
           "pushes after the first review that were followed by another review"),
     SOURCE_COUNT, PULL_ROUNDS},
    {PULLS("pushes", "pushes", COUNT, "merged", MERGED,
           "times the source branch moved after the opening"),
     SOURCE_COUNT, PULL_PUSHES},
    {PULLS("review-comments", "review comments", COUNT, "merged", MERGED,
           "comments by people other than the author, without deleted ones"),
     SOURCE_COUNT, PULL_REVIEW_COMMENTS},
    {PULLS("author-comments", "author comments", COUNT, "merged", MERGED,
           "comments by the author, without deleted ones"),
     SOURCE_COUNT, PULL_AUTHOR_COMMENTS},
    {PULLS("bot-comments", "bot comments", COUNT, "merged", MERGED,
           "comments by bots other than the author, without deleted ones"),
     SOURCE_COUNT, PULL_BOT_COMMENTS},
    {PULLS("review-depth", "review depth", COUNT, "merged", MERGED,
           "100 x review comments / size; absent where the size is not known or 0"),
     SOURCE_DEPTH},
    {PULLS("reviewers", "reviewers", COUNT, "merged", MERGED,
           "different people other than the author who approved, requested changes or commented"),
     SOURCE_COUNT, PULL_REVIEWERS},
    {PULLS("approvals", "approvals", COUNT, "merged", MERGED,
           "people other than the author whose approval held at the merge"),
     SOURCE_COUNT, PULL_APPROVALS},
    {PULLS("unreviewed", "merged without review", SHARE, "merged", MERGED,
           "share of merged pull requests on which no person but the author said anything"),
     SOURCE_FLAG, PULL_IS_UNREVIEWED},
    {PULLS("self-merged", "self-merged", SHARE, "merged", MERGED,
           "share of merged pull requests without review that their author merged"),
     SOURCE_FLAG, PULL_IS_SELF_MERGED},
    {PULLS("late-change", "changed after approval", SHARE, "merged", MERGED,
           "share of approved and merged pull requests whose source changed after the last "
           "approval"),
     SOURCE_FLAG, PULL_IS_LATE_CHANGE, PULL_IS_APPROVED},
    /* flow */
    {PULLS("merged", "merged", COUNT, "merged", MERGED, "pull requests merged: throughput"),
     SOURCE_ONE},
    {PULLS("opened", "opened", COUNT, "opened", OPENED, "pull requests opened"), SOURCE_ONE},
    {PULLS("declined", "declined", COUNT, "declined", DECLINED,
           "pull requests declined or superseded"),
     SOURCE_ONE},
    {PULLS("pull-request-authors", "authors", COUNT, "merged", MERGED,
           "different people who had a pull request merged"),
     SOURCE_PEOPLE},
    {PULLS("work-in-progress", "work in progress", COUNT, "now", NOW,
           "pull requests open at the instant, drafts included"),
     SOURCE_ONE},
    {PULLS("age", "age", DURATION, "now", NOW,
           "the instant - ready, of pull requests open at it; absent for drafts"),
     SOURCE_AGE},
    {PULLS("until-merged", "time until merged", DURATION, "opened", OPENED,
           "time from the opening by which half (p50), three quarters (p75), nine in ten (p90) of "
           "all opened pull requests are merged, with a band of 95 %; open ones count for as long "
           "as they have been open, declined ones as never merged"),
     SOURCE_SPELL},
    /* reviews */
    {REVIEWS("turnaround", "review turnaround", DURATION,
             "a reviewer's first response - asked (or ready, when that is later)"),
     SOURCE_TURNAROUND},
    {REVIEWS("review-load", "reviews given", COUNT,
             "pull requests that somebody other than the author approved, commented or requested "
             "changes on, per person and pull request"),
     SOURCE_ONE, 0, REVIEW_IS_GIVEN},
    {REVIEWS("active-reviewers", "active reviewers", COUNT, "different people who gave a review"),
     SOURCE_PEOPLE, 0, REVIEW_IS_GIVEN},
    /* commits */
    {COMMITS("commits", "commits", COUNT, "commits by author date, without merges"), SOURCE_ONE},
    {COMMITS("commit-lines", "lines per commit", LINES,
             "lines added + removed by a commit, without merges"),
     SOURCE_COMMIT_LINES},
    {COMMITS("commit-files", "files per commit", COUNT,
             "files changed by a commit, without merges"),
     SOURCE_COMMIT_FILES},
    {COMMITS("commit-authors", "commit authors", COUNT, "different people who made a commit"),
     SOURCE_PEOPLE},
    /* delivery */
    {PULLS("deploy-time", "deploy time", DURATION, "released", RELEASED, "released - merged"),
     SOURCE_PHASE, PHASE_DEPLOY},
    {PULLS("lead-time", "lead time for changes", DURATION, "released", RELEASED,
           "released - first commit"),
     SOURCE_PHASE, PHASE_LEAD},
    {DEPLOYMENTS("deployments", "deployments", COUNT, "deployed", DEPLOYED,
                 "successful deployments, to production unless an environment is named"),
     SOURCE_ONE},
    {DEPLOYMENTS("deployment-days", "days with a deployment", COUNT, "deployed", DEPLOYED,
                 "different days with at least one successful deployment"),
     SOURCE_DAYS},
    {DEPLOYMENTS("change-failure-rate", "change failure rate", SHARE, "completed", JUDGED,
                 "share of deployments that failed or were rolled back, rollbacks left out"),
     SOURCE_FLAG, DEPLOYMENT_IS_FAILURE},
    {DEPLOYMENTS("recovery-time", "recovery time", DURATION, "restored", RESTORED,
                 "from the first failed deployment to the next success in the same environment"),
     SOURCE_RECOVERY},
    /* the main branch */
    {{"rework", "rework",
      "share of changed lines that replace or remove lines younger than 21 days, without generated "
      "and vendored files",
      "landed", MEASURE_UNIT_SHARE, MEASURE_OF_CHANGES},
     ANCHOR_LANDED,
     SOURCE_REWORK},
};

const MeasureInfo *measure_find(const char *id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(MEASURES); i++)
        if (strcmp(MEASURES[i].info.id, id) == 0)
            return &MEASURES[i].info;
    return NULL;
}

const MeasureInfo *const *measure_list(gsize *ret_n)
{
    static const MeasureInfo *list[G_N_ELEMENTS(MEASURES)];
    static gsize is_made = 0;
    if (g_once_init_enter(&is_made)) {
        for (gsize i = 0; i < G_N_ELEMENTS(MEASURES); i++)
            list[i] = &MEASURES[i].info;
        g_once_init_leave(&is_made, 1);
    }
    *ret_n = G_N_ELEMENTS(MEASURES);
    return list;
}

const Measure *measure_of(const MeasureInfo *info)
{
    return (const Measure *) (const void *) info; /* its first member */
}

gboolean measure_has_statistic(const MeasureInfo *measure, Statistic statistic)
{
    const Measure *of = measure_of(measure);
    gboolean is_concentration = statistic == STATISTIC_GINI || statistic == STATISTIC_TOP_SHARE;
    if (statistic == STATISTIC_N)
        return TRUE;
    if (of->source == SOURCE_SPELL) /* lengths so far have no mean that means anything */
        return statistic == STATISTIC_P50 || statistic == STATISTIC_P75 ||
               statistic == STATISTIC_P90;
    if (of->source == SOURCE_REWORK || statistic == STATISTIC_SHARE)
        return statistic == STATISTIC_SHARE &&
               (of->source == SOURCE_FLAG || of->source == SOURCE_REWORK);
    if (of->source == SOURCE_ONE)
        return statistic == STATISTIC_SUM ||
               (is_concentration && measure->subject != MEASURE_OF_DEPLOYMENTS);
    if (of->source == SOURCE_PEOPLE || of->source == SOURCE_DAYS || of->source == SOURCE_FLAG)
        return statistic == STATISTIC_SUM;
    if (of->source == SOURCE_DEPTH)
        return statistic != STATISTIC_SUM && !is_concentration; /* ratios do not add up */
    return measure->unit != MEASURE_UNIT_DURATION || !is_concentration;
}

gboolean measure_is_estimate(const MeasureInfo *measure)
{
    return measure_of(measure)->source == SOURCE_SPELL;
}

Statistic measure_default_statistic(const MeasureInfo *measure)
{
    switch (measure_of(measure)->source) {
    case SOURCE_ONE:
    case SOURCE_PEOPLE:
    case SOURCE_DAYS:
        return STATISTIC_SUM;
    case SOURCE_FLAG:
    case SOURCE_REWORK:
        return STATISTIC_SHARE;
    default:
        return STATISTIC_P50;
    }
}

/* ---- values */

static void fill_durations(const Duration *column, const RowBlock *block, double *ret_values)
{
    for (gsize i = 0; i < block->n; i++) {
        Duration duration = column[block->row[i]];
        ret_values[i] = duration == DURATION_ABSENT ? (double) NAN : (double) duration;
    }
}

static void fill_counts(const gint32 *column, const RowBlock *block, double *ret_values)
{
    for (gsize i = 0; i < block->n; i++) {
        gint32 count = column[block->row[i]];
        ret_values[i] = count == COUNT32_ABSENT ? (double) NAN : (double) count;
    }
}

static void fill_depths(const PullColumns *pulls, const RowBlock *block, double *ret_values)
{
    for (gsize i = 0; i < block->n; i++) {
        gint32 lines = pulls->count[PULL_LINES][block->row[i]];
        gint32 comments = pulls->count[PULL_REVIEW_COMMENTS][block->row[i]];
        ret_values[i] = lines <= 0 ? (double) NAN : 100.0 * comments / (double) lines;
    }
}

/* A change that has no line of an authored file has no share of rework either. */
static void fill_rework(const ChangeColumns *changes, const RowBlock *block, double *ret_values)
{
    for (gsize i = 0; i < block->n; i++) {
        gint32 lines = changes->lines[block->row[i]], young = changes->young[block->row[i]];
        ret_values[i] =
            lines <= 0 || young == COUNT32_ABSENT ? (double) NAN : young / (double) lines;
    }
}

void measure_fill_weights(const MeasureColumns *columns, RowBlock *block)
{
    for (gsize i = 0; i < block->n; i++)
        block->weight[i] = columns->changes.lines[block->row[i]];
}

static const guint8 *flags_of(const Measure *measure, const MeasureColumns *columns)
{
    switch (measure->info.subject) {
    case MEASURE_OF_REVIEWS:
        return columns->reviews.flags;
    case MEASURE_OF_COMMITS:
        return columns->commits.flags;
    case MEASURE_OF_DEPLOYMENTS:
        return columns->deployments.flags;
    case MEASURE_OF_CHANGES:
        return columns->changes.flags;
    default:
        return columns->pulls.flags;
    }
}

/* Whether the flag is there; one for each row where no flag is looked at. */
static void fill_flags(const Measure *measure, const guint8 *flags, const RowBlock *block,
                       double *ret_values)
{
    guint needs = measure->needs, index = measure->index;
    for (gsize i = 0; i < block->n; i++) {
        guint8 found = flags[block->row[i]];
        ret_values[i] =
            (found & needs) != needs ? (double) NAN : (double) ((found & index) == index);
    }
}

static void fill_ages(const MeasureColumns *columns, const RowBlock *block, UtcTime now,
                      gboolean working_time, double *ret_values)
{
    for (gsize i = 0; i < block->n; i++) {
        UtcTime ready = columns->pulls.time[PULL_READY][block->row[i]];
        if (ready == TIME_ABSENT || ready > now)
            ret_values[i] = (double) NAN;
        else
            ret_values[i] =
                (double) (working_time ? work_calendar_between(
                                             columns_calendar(columns, block->row[i]), ready, now)
                                       : now - ready);
    }
}

/* Merged or declined, as it was at @now; absent while open. */
static UtcTime ended_by(const PullColumns *pulls, guint32 row, UtcTime now, SpellEnd *ret_end)
{
    UtcTime merged = pulls->time[PULL_MERGED][row], declined = pulls->time[PULL_DECLINED][row];
    UtcTime ended = merged != TIME_ABSENT ? merged : declined;
    gboolean is_open = ended == TIME_ABSENT || ended > now;
    *ret_end = is_open ? SPELL_OPEN : merged != TIME_ABSENT ? SPELL_DONE : SPELL_OTHERWISE;
    return is_open ? TIME_ABSENT : ended;
}

static void fill_spells(const MeasureColumns *columns, const RowBlock *block, UtcTime now,
                        gboolean working_time, double *ret_values)
{
    const PullColumns *pulls = &columns->pulls;
    for (gsize i = 0; i < block->n; i++) {
        SpellEnd end;
        UtcTime opened = pulls->time[PULL_OPENED][block->row[i]];
        UtcTime until = ended_by(pulls, block->row[i], now, &end);
        until = until == TIME_ABSENT ? now : until;
        if (opened == TIME_ABSENT || opened > now)
            ret_values[i] = (double) NAN;
        else
            ret_values[i] =
                (double) (working_time
                              ? work_calendar_between(columns_calendar(columns, block->row[i]),
                                                      opened, until)
                              : MAX(until - opened, 0));
    }
}

void measure_fill_ends(const MeasureColumns *columns, RowBlock *block, UtcTime now)
{
    for (gsize i = 0; i < block->n; i++) {
        SpellEnd end;
        ended_by(&columns->pulls, block->row[i], now, &end);
        block->end[i] = (guint8) end;
    }
}

void measure_fill_values(const Measure *measure, const MeasureColumns *columns,
                         const RowBlock *block, UtcTime now, gboolean working_time,
                         double *ret_values)
{
    const PullColumns *pulls = &columns->pulls;
    const ReviewColumns *reviews = &columns->reviews;
    switch (measure->source) {
    case SOURCE_PHASE:
        fill_durations((working_time ? pulls->working : pulls->wall)[measure->index], block,
                       ret_values);
        break;
    case SOURCE_TURNAROUND:
        fill_durations(working_time ? reviews->working : reviews->wall, block, ret_values);
        break;
    case SOURCE_RECOVERY:
        fill_durations(working_time ? columns->deployments.working : columns->deployments.wall,
                       block, ret_values);
        break;
    case SOURCE_COUNT:
        fill_counts(pulls->count[measure->index], block, ret_values);
        break;
    case SOURCE_COMMIT_LINES:
        fill_counts(columns->commits.lines, block, ret_values);
        break;
    case SOURCE_COMMIT_FILES:
        fill_counts(columns->commits.files, block, ret_values);
        break;
    case SOURCE_REWORK:
        fill_rework(&columns->changes, block, ret_values);
        break;
    case SOURCE_DEPTH:
        fill_depths(pulls, block, ret_values);
        break;
    case SOURCE_FLAG:
    case SOURCE_ONE:
    case SOURCE_PEOPLE:
    case SOURCE_DAYS:
        fill_flags(measure, flags_of(measure, columns), block, ret_values);
        break;
    case SOURCE_SPELL:
        fill_spells(columns, block, now, working_time, ret_values);
        break;
    case SOURCE_AGE:
        fill_ages(columns, block, now, working_time, ret_values);
        break;
    }
}
