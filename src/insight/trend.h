/*
 * trend: what became worse, with evidence, and where the change comes from. Inside the insight
 * room; knows neither store nor findings.
 *
 * The last two whole weeks are compared with the eight before them, in the workspace's calendar, so
 * that every moment of a week gives the same answer and a week is one chance of a false alarm. A
 * change is raised when all of these hold:
 *   - there are enough values on both sides;
 *   - the rank test says that it is more than chance, its variance multiplied by the design effect
 *     of days, and its p-value adjusted over everything looked at that week (measure/rank.h);
 *   - it matters: Cliff's delta is not negligible (of values), the median (for shares and counts
 * per day the mean) is worse by a least amount and by a least share, and the mean with its longest
 *     twentieth cut is worse too;
 *   - nothing explains it better: the workspace is not raised beside the one repository (else the
 *     one team) that makes up most of its change, repositories and teams are not beside a workspace
 *     where none does, and teams are not beside a repository.
 */
#pragma once

#include "insight/change.h"

#define TREND_DAYS_AFTER  14
#define TREND_DAYS_BEFORE 56
#define TREND_CUT         CHANGE_CUT
/* The share of the workspace's change that makes a part of it its reason. */
#define TREND_EXPLAINS 0.5

typedef enum {
    TREND_OF_VALUES, /* each value is ranked, in clusters of a day */
    TREND_OF_DAYS,   /* the sum of each working day is ranked */
} TrendShape;

/* What is compared; one per rule of the family. */
typedef struct {
    const char *rule, *measure;
    TrendShape shape;
    gboolean is_fall;      /* less is worse */
    double unit;           /* of the least change, in the measure's */
    guint least_days;      /* days with a value, on both sides together */
    gboolean is_yes_or_no; /* values are 0 or 1: delta is the difference of the shares, for which
                              the least change is the measure of what matters */
} TrendSubject;

typedef struct {
    gboolean is_on;
    gint64 values;  /* least number on each side */
    double change;  /* least, in TrendSubject.unit */
    double percent; /* least, of what was before */
    double chance;  /* percent of false ones among all raised that is borne */
} TrendLimits;
typedef TrendLimits (*TrendLimitsOf)(const TrendSubject *subject, gint64 repository_id,
                                     gpointer user_data);

typedef struct {
    const MeasureColumns *columns;
    UtcTime now;
    const gint64 *repositories; /* looked at */
    gsize n_repositories;
    const gint64 *teams; /* by whose the values are; where enough people stand behind them */
    gsize n_teams;
    const TrendSubject *subjects; /* those whose measure there is none of are passed over */
    gsize n_subjects;
    const char *only_rule; /* NULL, or the rule that is asked for: where nothing of it comes near
                              to being raised, the rest is not looked at */
    TrendLimitsOf limits_of;
    gpointer user_data;
} TrendRequest;

typedef struct {
    UtcTime from, middle, until; /* before: from … middle, after: middle … until */
} TrendWindows;
TrendWindows trend_windows(const MeasureColumns *columns, UtcTime now);

typedef enum {
    TREND_TOLD,
    TREND_OF_A_PART,   /* a repository or team makes up most of the change around it */
    TREND_EVERYWHERE,  /* the workspace's change, which no part of it makes up */
    TREND_OF_THE_PLACE /* a team's change where a repository's is told */
} TrendReason;

typedef struct {
    const TrendSubject *subject;
    gint64 repository_id, team_id; /* both 0: the workspace */
    gint64 n_before, n_after;
    double before, after; /* medians, of shares and counts per day means; in the measure's unit */
    double mean_change;   /* of the means without the longest */
    RankTest test;
    double p, adjusted; /* of being worse */
    gboolean is_worse;  /* more than chance, and it matters */
    TrendReason reason; /* why it is not raised although worse */
} Trend;
/* Whether it should be raised. */
gboolean trend_is_raised(const Trend *trend);

/* All that was looked at, by subject, the workspace first: GArray of Trend. Empty when nothing of
 * only_rule can be raised. */
GArray *trend_compare(const TrendRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- where a change comes from */

/* Of durations of merged pull requests. The parts of cycle time are its phases; a phase is its own
 * only part. */
typedef struct {
    Split *by_size;       /* groups are classes (measure_size_name) */
    Split *by_repository; /* groups are TrendRequest.repositories; NULL for one repository */
    Split *by_team;       /* groups are none and then TrendRequest.teams; NULL for one team, and
                             where there are none */
    guint largest;        /* the part that changed most for the worse */
} TrendCause;
void trend_cause_clear(TrendCause *cause);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TrendCause, trend_cause_clear)
gboolean trend_explain(const TrendRequest *request, const Trend *trend, TrendCause *ret_cause,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The rows behind a trend: its repository's, its team's, or all, also of repositories that are not
 * looked at. Inside trend. */
MeasureSeries *trend_series(const TrendRequest *request, const char *const *measures, gsize n,
                            gint64 repository_id, gint64 team_id,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ids (pointers into @ids) -> index + 1. */
GHashTable *trend_number(const gint64 *ids, gsize n);
