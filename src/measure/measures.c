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

/* Deploy time, lead time for changes, deployments and rework join when their sources are read. */
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
    if (statistic == STATISTIC_SHARE)
        return of->source == SOURCE_FLAG;
    if (of->source == SOURCE_ONE)
        return statistic == STATISTIC_SUM || is_concentration;
    if (of->source == SOURCE_PEOPLE || of->source == SOURCE_FLAG)
        return statistic == STATISTIC_SUM;
    if (of->source == SOURCE_DEPTH)
        return statistic != STATISTIC_SUM && !is_concentration; /* ratios do not add up */
    return measure->unit != MEASURE_UNIT_DURATION || !is_concentration;
}

Statistic measure_default_statistic(const MeasureInfo *measure)
{
    switch (measure_of(measure)->source) {
    case SOURCE_ONE:
    case SOURCE_PEOPLE:
        return STATISTIC_SUM;
    case SOURCE_FLAG:
        return STATISTIC_SHARE;
    default:
        return STATISTIC_P50;
    }
}

/* ---- values */

static double from_duration(Duration duration)
{
    return duration == DURATION_ABSENT ? (double) NAN : (double) duration;
}

static double from_count(gint32 count)
{
    return count == COUNT32_ABSENT ? (double) NAN : (double) count;
}

static double depth_of(const PullColumns *pulls, gsize row)
{
    gint32 lines = pulls->count[PULL_LINES][row];
    return lines <= 0 ? (double) NAN
                      : 100.0 * pulls->count[PULL_REVIEW_COMMENTS][row] / (double) lines;
}

static double age_of(const MeasureColumns *columns, gsize row, UtcTime now, gboolean working_time)
{
    UtcTime ready = columns->pulls.time[PULL_READY][row];
    if (ready == TIME_ABSENT || ready > now)
        return (double) NAN;
    return (double) (working_time ? work_calendar_between(columns->calendar, ready, now)
                                  : now - ready);
}

static guint8 flags_of(const Measure *measure, const MeasureColumns *columns, gsize row)
{
    switch (measure->info.subject) {
    case MEASURE_OF_REVIEWS:
        return columns->reviews.flags[row];
    case MEASURE_OF_COMMITS:
        return columns->commits.flags[row];
    default:
        return columns->pulls.flags[row];
    }
}

double measure_value(const Measure *measure, const MeasureColumns *columns, gsize row, UtcTime now,
                     gboolean working_time)
{
    const PullColumns *pulls = &columns->pulls;
    switch (measure->source) {
    case SOURCE_PHASE:
        return from_duration((working_time ? pulls->working : pulls->wall)[measure->index][row]);
    case SOURCE_COUNT:
        return from_count(pulls->count[measure->index][row]);
    case SOURCE_DEPTH:
        return depth_of(pulls, row);
    case SOURCE_FLAG:
        if ((flags_of(measure, columns, row) & measure->needs) != measure->needs)
            return (double) NAN;
        return (flags_of(measure, columns, row) & measure->index) != 0;
    case SOURCE_ONE:
    case SOURCE_PEOPLE:
        return (flags_of(measure, columns, row) & measure->needs) != measure->needs ? (double) NAN
                                                                                    : 1;
    case SOURCE_AGE:
        return age_of(columns, row, now, working_time);
    case SOURCE_TURNAROUND:
        return from_duration(
            (working_time ? columns->reviews.working : columns->reviews.wall)[row]);
    case SOURCE_COMMIT_LINES:
        return from_count(columns->commits.lines[row]);
    case SOURCE_COMMIT_FILES:
        return from_count(columns->commits.files[row]);
    }
    return (double) NAN;
}
