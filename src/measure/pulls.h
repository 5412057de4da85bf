/*
 * pulls: pull requests one by one: those that fit a filter, in an order, a page at a time; the
 * phases of one, and what happened to it. Part of the room's public header.
 *
 * The list is a pass over the columns: its rows are those that measure_query counts under the same
 * filters, so that a number and the pull requests behind it agree. What is compared lies in memory;
 * titles and links are the store's, and are asked for of the rows that are shown.
 */
#pragma once

#include "measure/measure.h"

/* ---- phases of one */

typedef enum {
    PULL_CODING,
    PULL_PICKUP,
    PULL_REVIEW,
    PULL_MERGE,
    PULL_CYCLE,
    PULL_TO_MERGE,
    PULL_DEPLOY,
    PULL_LEAD,
    PULL_SPANS
} PullSpanKind;
const char *pull_span_name(PullSpanKind kind); /* the measure's id: "coding-time" … "lead-time" */

typedef struct {
    UtcTime from, until; /* both absent where the span is; from > until counts as 0 */
    Duration wall, working;
} PullSpan;
/* @calendar: of the author's team at the opening. */
void measure_pull_spans(const FactPr *fact, const WorkCalendar *calendar,
                        PullSpan ret_spans[PULL_SPANS]);

/* ---- one */

typedef struct {
    gint64 repository_id, number, author_id;
    PullRequestState state;
    gboolean is_draft, is_bot, is_excluded; /* bot, excluded: its author */
    gboolean is_unreviewed, is_self_merged, is_late_change;
    UtcTime first_commit, opened, ready, first_review, approved, merged, declined, released,
        last_activity, waiting_since;
    Duration wall[PULL_SPANS], working[PULL_SPANS];
    gint64 lines, files, rounds, pushes, review_comments, author_comments, bot_comments, reviewers,
        approvals, commits;          /* COUNT_ABSENT: not known */
    const char *branch, *size_class; /* branch NULL: not known */
    const char *waiting_on;          /* as FactPr.waiting_on */
} MeasurePull;
/* From facts, whose destination_branch and waiting_on are borrowed. @calendar as above. is_excluded
 * is not told by them. */
MeasurePull measure_pull_of(const FactPr *fact, const WorkCalendar *calendar);
/* FALSE: it has no facts yet. Texts live as long as the columns. */
gboolean measure_find_pull(const MeasureColumns *columns, gint64 repository_id, gint64 number,
                           MeasurePull *ret_pull);

/* ---- the list */

typedef enum { PULLS_OPENED, PULLS_MERGED, PULLS_DECLINED, PULLS_RELEASED, PULLS_REVIEWED } PullsAt;

enum { PULLS_UNREVIEWED = 1, PULLS_SELF_MERGED = 2, PULLS_LATE_CHANGE = 4 };

typedef enum {
    PULLS_BY_OPENED,
    PULLS_BY_MERGED,
    PULLS_BY_ACTIVITY,
    PULLS_BY_WAITING, /* since when somebody is waited for */
    PULLS_BY_CYCLE,
    PULLS_BY_SIZE,
    PULLS_BY_COMMENTS,
    PULLS_BY_ROUNDS,
    PULLS_ORDERS
} PullsOrder;
const char *pulls_order_name(PullsOrder order); /* "opened" … */
gboolean pulls_order_from_name(const char *name, PullsOrder *ret_order);

/* Where a page ended: the last row's value in the order, and which row it was. */
typedef struct {
    gint64 value; /* COUNT_ABSENT: it has none */
    gint64 repository_id, number;
} PullsPlace;

typedef struct {
    gint64 repository_id, author_id, team_id; /* 0: any; team: the author's at the instant @at */
    gint64 reviewer_id;                       /* 0: any; was asked, or reviewed */
    const char *project_key, *target_branch, *size_class; /* NULL: any */
    const char *waiting_on;                               /* NULL: any; as FactPr.waiting_on */
    gint state, draft;                                    /* -1: any */
    guint marks;                                          /* all of these */
    Duration longer, shorter; /* cycle time in [longer, shorter); DURATION_ABSENT: no bound; with
                                 one, what has no cycle time does not fit */
    gboolean is_working_time; /* by which clock it is */
    PullsAt at;
    UtcTime from, until; /* the instant @at in [from, until); both absent: whatever it is */
    gboolean include_bots;
    const GArray *only; /* StorePullRequestKey, in order; NULL: any */
    PullsOrder order;   /* rows without a value come last; equal ones by repository and number */
    gboolean is_descending;
    const PullsPlace *after; /* NULL: from the start */
    guint limit;
} PullsQuery;

typedef struct {
    GArray *rows;    /* MeasurePull; at most the limit */
    gint64 n;        /* all that fit, whatever the page */
    gint64 excluded; /* that would fit, but bots or people who are left out opened them */
    gboolean has_more;
    PullsPlace last; /* of the last row, where there is one */
} MeasurePulls;
void measure_pulls_clear(MeasurePulls *pulls);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MeasurePulls, measure_pulls_clear)
/* Texts of rows live as long as the columns. A filter that names something that is nowhere fits
 * nothing. */
void measure_pulls(const MeasureColumns *columns, const PullsQuery *query, MeasurePulls *ret_pulls);

/* ---- what happened to one */

typedef struct {
    UtcTime at;
    const char *kind;            /* "opened", "pushed", or model_event_name */
    gint64 actor_id, subject_id; /* subject_id COUNT_ABSENT: of nobody */
    const StoreEvent *event;     /* NULL: the opening; lives as long as the row */
} PullMoment;

/* From the opening on, in order of time. An event that shows another source than the one before is
 * a push too, before what else it says; one that only repeats what the source is says nothing and
 * is left out. Where the activity has not been read: no more than the opening. GArray of
 * PullMoment. Pure. */
GArray *measure_timeline(const StorePullRequest *row) G_GNUC_WARN_UNUSED_RESULT;
