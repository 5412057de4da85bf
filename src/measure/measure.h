/*
 * measure: facts per pull request, columns in memory, and the one query that answers every chart.
 *
 * Facts are a pure function of one pull request's rows (facts.h inside this room; docs/metrics.md
 * defines each) and carry the version of the definition. measure_refresh derives those that are out
 * of date. A MeasureColumns holds a workspace in memory, one array per field in time order, and is
 * immutable: any thread may query it; a new one replaces it when facts change. All spans are
 * microseconds; wall time unless the measure says working time.
 */
#pragma once

#include "store/store.h"

#include "measure/approval.h" /* whose approval counted */

#define MEASURE_DEFINITION 1 /* version of the definitions; a change computes all facts anew */

/* ---- working time */

/* Working hours of a team in its own time zone. Immutable. */
typedef struct WorkCalendar WorkCalendar;
/* @zone: IANA name. @days: bit 0 Monday … bit 6 Sunday. @from, @until: minutes after local
 * midnight. @holidays: local dates as "YYYY-MM-DD", NULL-terminated, may be NULL. INVALID names the
 * bad part. */
WorkCalendar *work_calendar_new(const char *zone, guint days, guint from, guint until,
                                const char *const *holidays,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
void work_calendar_free(WorkCalendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WorkCalendar, work_calendar_free)
const char *work_calendar_zone(const WorkCalendar *calendar); /* as it was named */
/* Working time between two instants; 0 when @until <= @from; absent when either is. Right across
 * daylight saving changes. */
Duration work_calendar_between(const WorkCalendar *calendar, UtcTime from, UtcTime until);
/* The date that the calendar's clocks show, as days since 1970-01-01, and back: the first instant
 * of a date. */
gint64 work_calendar_day(const WorkCalendar *calendar, UtcTime time);
UtcTime work_calendar_midnight(const WorkCalendar *calendar, gint64 day);
/* The Monday of the day's week. */
gint64 work_calendar_monday(gint64 day);
/* Neither a free day of the week nor a holiday. */
gboolean work_calendar_is_working_day(const WorkCalendar *calendar, gint64 day);

/* The workspace's calendar from its settings: calendar.zone ("Europe/Berlin"; UTC), calendar.days
 * ("mon-fri", "sun,mon-thu"), calendar.from and calendar.until ("09:00", "17:00"),
 * calendar.holidays ("2026-12-25,2026-12-26"). INVALID names the setting that cannot be read. */
WorkCalendar *measure_calendar_load(Store *store, gint64 workspace_id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- settings of a workspace (store_get_setting) */

#define MEASURE_LEAST_GROUP_MOST 100

/* One row each (settings.c); rules have settings of their own (insight.h). */
typedef struct {
    const char *key;     /* "calendar.zone" */
    const char *initial; /* what holds while it is not set; "": nothing */
    const char *meaning; /* a clause */
} MeasureSetting;
gsize measure_setting_count(void);
const MeasureSetting *measure_setting(gsize index);
const MeasureSetting *measure_setting_find(const char *key); /* NULL: there is none */
/* INVALID says what would fit, beside what else is set. */
gboolean measure_setting_check(Store *store, gint64 workspace_id, const char *key,
                               const char *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
    const char *key, *value; /* value NULL: back to what holds while it is not set */
} SettingChange;
/* Sets all of them or none. They are checked together: a day that begins at 18:00 fits when it ends
 * at 22:00 by the same act. INVALID; *@ret_refused is then the key of the one that does not fit.
 * Facts and columns follow with the next refresh. */
gboolean measure_settings_put(StoreTx *tx, Store *store, gint64 workspace_id,
                              const SettingChange *changes, gsize n, const char **ret_refused,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- facts */

/* Judges who is a bot (by type, by name; an administrator's judgement, whose reason begins with "by
 * hand", stands), computes what fact_todo names, and writes it. All when the stored definition or
 * calendar is another. *@ret_computed may be NULL. */
gboolean measure_refresh(Store *store, gint64 workspace_id, gint64 *ret_computed,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What facts are made with: who counts, the calendar, the approval policies. Immutable. Judges
 * nobody anew: after measure_refresh it is what the stored facts were made with. */
typedef struct MeasureBasis MeasureBasis;
MeasureBasis *measure_basis_load(Store *store, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
void measure_basis_free(MeasureBasis *basis);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MeasureBasis, measure_basis_free)
/* Neither a bot nor left out. */
gboolean measure_person_counts(const MeasureBasis *basis, gint64 person_id);
gboolean measure_person_is_bot(const MeasureBasis *basis, gint64 person_id);
/* The facts of one pull request, whose destination_branch is borrowed from @row; appends a
 * FactReview per person other than the author who was asked or took part. Pure. */
void measure_facts_of(const MeasureBasis *basis, const StorePullRequest *row, FactPr *ret_fact,
                      GArray *reviews);

/* The policies that facts and judgements rest on. Owned by the basis. */
const StorePolicyBook *measure_policies(const MeasureBasis *basis);
const char *measure_team_name(const MeasureBasis *basis, gint64 team_id); /* "that is gone" */
/* Whose approval counted by @policy; clear the judgement. Pure. */
void measure_judge_approvals(const MeasureBasis *basis, const StorePolicy *policy,
                             const StorePullRequest *row, ApprovalJudgement *ret_judgement);

/* The rows of a pull request as they were known at @at: later events, answers and states taken off,
 * a close undone. @closed: when it was merged or declined by its facts; TIME_ABSENT: open. What
 * nobody kept is as today: files, title, deletions. *@ret_row borrows from @row and @cut, until the
 * next call with the same @cut. FALSE: it was not there yet. */
typedef struct MeasureCut MeasureCut;
MeasureCut *measure_cut_new(void);
void measure_cut_free(MeasureCut *cut);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MeasureCut, measure_cut_free)
gboolean measure_row_as_of(const StorePullRequest *row, UtcTime closed, UtcTime at, MeasureCut *cut,
                           StorePullRequest *ret_row);

/* ---- measures and dimensions */

typedef enum {
    MEASURE_UNIT_DURATION,
    MEASURE_UNIT_LINES,
    MEASURE_UNIT_COUNT,
    MEASURE_UNIT_SHARE
} MeasureUnit;
typedef enum {
    MEASURE_OF_PULL_REQUESTS,
    MEASURE_OF_REVIEWS,
    MEASURE_OF_COMMITS,
    MEASURE_OF_DEPLOYMENTS,
    MEASURE_OF_CHANGES /* of main branches */
} MeasureSubject;

/* One row per measure; the table (measures.c) is what the query, the help, the docs and the tests
 * are made from. */
typedef struct {
    const char *id;      /* "cycle-time" */
    const char *title;   /* "cycle time" */
    const char *meaning; /* one sentence with the formula */
    const char *anchor; /* the instant that puts a row into a range: "merged", "opened", "declined",
                           "first review", "first bot review", "responded", "authored", "released",
                           "deployed", "completed", "restored", "landed"; "now":
                           open at MeasureQuery.now, whatever the range */
    MeasureUnit unit;
    MeasureSubject subject;
} MeasureInfo;
const MeasureInfo *measure_find(const char *id); /* NULL: none */
const MeasureInfo *const *measure_list(gsize *ret_n);

typedef enum {
    STATISTIC_N,
    STATISTIC_SUM,
    STATISTIC_MEAN,
    STATISTIC_P50,
    STATISTIC_P75,
    STATISTIC_P90,
    STATISTIC_MIN,
    STATISTIC_MAX,
    STATISTIC_SHARE,     /* of rows for which a yes/no measure is true; of rework: of lines */
    STATISTIC_GINI,      /* concentration over the people who have a part in it, 0-1 */
    STATISTIC_TOP_SHARE, /* share of the busiest of them, 0-1 */
    STATISTIC_COUNT
} Statistic;
/* Whether it can be asked: a share only of yes/no measures, concentration not of durations,
 * percentiles not of things that are merely counted. */
gboolean measure_has_statistic(const MeasureInfo *measure, Statistic statistic);
/* Whether its percentiles are estimates with a band, because some have not ended yet. */
gboolean measure_is_estimate(const MeasureInfo *measure);
/* What somebody wants who names only the measure: p50, share or sum. */
Statistic measure_default_statistic(const MeasureInfo *measure);
const char *statistic_name(Statistic statistic);
gboolean statistic_from_name(const char *name, Statistic *ret_statistic);

typedef enum {
    DIMENSION_NONE,
    DIMENSION_DAY,
    DIMENSION_WEEK,
    DIMENSION_MONTH,
    DIMENSION_REPOSITORY,
    DIMENSION_PROJECT,
    DIMENSION_AUTHOR,
    DIMENSION_REVIEWER,
    DIMENSION_SIZE,
    DIMENSION_TARGET_BRANCH,
    DIMENSION_STATE,
    DIMENSION_ENVIRONMENT, /* of deployments; without it only those to production count */
    DIMENSION_TEAM,        /* of whoever the row belongs to: the author, of a review its giver */
    DIMENSION_COUNT
} Dimension;
const char *dimension_name(Dimension dimension);
gboolean dimension_from_name(const char *name, Dimension *ret_dimension);

/* The lines, both ends included, of the class that a row of DIMENSION_SIZE has as its key;
 * @ret_most is COUNT_ABSENT for the largest. FALSE for "unknown". */
gboolean measure_size_bounds(const char *size_class, gint64 *ret_least, gint64 *ret_most);

/* ---- the query */

typedef struct MeasureColumns MeasureColumns;
/* As long as the columns. */
const WorkCalendar *measure_calendar(const MeasureColumns *columns);
/* Of the team that somebody was in at @at; the workspace's when in none. */
const WorkCalendar *measure_calendar_of(const MeasureColumns *columns, gint64 person_id,
                                        UtcTime at);
/* The people below whom a comparison of people or teams is not shown. */
gint64 measure_least_group(const MeasureColumns *columns);
MeasureColumns *measure_columns_load(Store *store, gint64 workspace_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
void measure_columns_free(MeasureColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MeasureColumns, measure_columns_free)
gsize measure_columns_pull_requests(const MeasureColumns *columns); /* how many are in them */

typedef struct {
    const MeasureInfo *measure;
    Statistic statistic;
    gboolean working_time; /* durations only */
} MeasureAsk;

typedef struct {
    UtcTime from, until;   /* anchor in [from, until); TIME_ABSENT: no bound */
    UtcTime now;           /* the instant that measures of open pull requests look at */
    const char *time_zone; /* of day, week (ISO, Monday) and month; NULL: UTC */
    gint64 repository_id, author_id, reviewer_id; /* 0: any */
    gint64 team_id; /* 0: any; of whoever the row belongs to, at the anchor */
    const char *project_key, *target_branch, *size_class; /* NULL: any */
    const char *environment; /* of deployments, by name; NULL: those to production, or any when
                                grouped by it */
    gboolean include_bots;   /* pull requests opened, reviews given by bots; default: left out and
                                counted */
    gboolean is_for_help;    /* who carries how much, to help them: shown however few they are */
    Dimension by[2];         /* DIMENSION_NONE: no grouping */
    const MeasureAsk *asks;
    gsize n_asks;
} MeasureQuery;

typedef struct {
    double value;    /* in the measure's unit (µs, lines, count, 0-1); NAN: absent */
    gint64 n;        /* rows behind it */
    gint64 excluded; /* rows in range left out: bots, excluded people, merge commits */
    gint64 absent;   /* rows in range for which the measure has no value */
    /* Of estimates (measure_is_estimate), else absent and 0: */
    double low, high;      /* the band of 95 % about the value; NAN: a limit that is not reached */
    gint64 open, declined; /* of the n rows: not ended yet; ended otherwise */
} MeasureCell;

typedef struct {
    char *key[2];       /* ISO date of the first day, id as text, class; "" when not grouped */
    char *label[2];     /* for people: "2026-W10", a name */
    MeasureCell *cells; /* n_asks */
} MeasureRow;

/* Not grouped: one row. By time: ascending; a series over time alone has a row for every day, week
 * or month from the first to the last of its range. Size classes and states in their natural order;
 * names by the first ask's n, largest first. People who are left out have no row of their own.
 * In a comparison of teams, a team behind whose rows fewer people stand than the workspace's least
 * size (setting privacy.least-group, 3) has no row either; in one of people nobody has, when it
 * would be about fewer. Such rows are counted in n_withheld. A filter is no comparison. */
typedef struct {
    MeasureRow *rows;
    gsize n_rows, n_asks;
    char *note;         /* why cells are absent that somebody might take for zero: deliveries or
                           lines of which nothing is known; NULL: nothing to say */
    gsize n_withheld;   /* rows that are not shown, for too few people are behind them */
    gint64 least_group; /* too few: fewer than these */
} MeasureTable;
void measure_table_free(MeasureTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MeasureTable, measure_table_free)

/* One ask may have another anchor than the next; each row of the table then holds what each has at
 * that key. By reviewer, a pull request counts once for everybody who reviewed it. A review belongs
 * to its reviewer: one given by a person on a bot's pull request is not left out. INVALID when an
 * ask, a statistic, a filter and a dimension do not fit (reviewer on a commit measure, share of a
 * duration, work in progress by week). */
MeasureTable *measure_query(const MeasureColumns *columns, const MeasureQuery *query,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Exact percentile, linear interpolation between closest ranks (as SQL's percentile_cont). @values
 * is reordered. NAN when n is 0. */
double measure_percentile(double *values, gsize n, double p);

/* Where a repository's deliveries are known from. */
typedef enum {
    DELIVERY_UNKNOWN,     /* nothing is: its delivery measures are absent, never zero */
    DELIVERY_DEPLOYMENTS, /* deployments to production */
    DELIVERY_PIPELINES,   /* pipelines on the main branch, which the repository says deploy */
    DELIVERY_MERGES       /* merges into the main branch: they do not fail */
} DeliverySource;
const char *delivery_source_name(DeliverySource source); /* "unknown", "deployment", … */
DeliverySource delivery_source_from_name(const char *name);
DeliverySource measure_delivery_source(const MeasureColumns *columns, gint64 repository_id);

/* ---- what counts as a release */

/* What stands for a deployment to production of a repository of which none is known. */
typedef enum {
    RELEASE_BY_DEPLOYMENTS, /* nothing does */
    RELEASE_BY_PIPELINES,   /* each pipeline on the main branch */
    RELEASE_BY_MERGES,      /* each merge into the main branch */
    RELEASE_KIND_COUNT
} ReleaseKind;
const char *release_kind_name(ReleaseKind kind); /* "deployments", "pipelines", "merge" */
gboolean release_kind_from_name(const char *name, ReleaseKind *ret_kind);
const char *release_kind_words(ReleaseKind kind); /* what it means, without a full stop */
ReleaseKind release_kind_of(const StoreRepository *repository);
/* "deployments", "pipelines", "merges", "nothing" */
const char *delivery_source_title(DeliverySource source);

/* Whether git allows @name for a branch. */
gboolean release_branch_fits(const char *name);

/* Whether the glob stands for its full name, its slug or its project's key. */
gboolean release_matches(const StoreRepository *repository, const char *pattern);
/* Sets what counts for those of @repositories (StoreRepository) that @pattern matches. Both counts
 * are added to. */
gboolean release_set(StoreTx *tx, gint64 workspace_id, const GPtrArray *repositories,
                     const char *pattern, ReleaseKind kind, guint *matching, guint *changed,
                     GError **error);

/* ---- names */

const char *measure_person_name(const MeasureColumns *columns,
                                gint64 person_id); /* "somebody (account deleted)" included */
const char *measure_repository_name(const MeasureColumns *columns, gint64 repository_id);

#include "measure/bots.h"          /* who is a machine */
#include "measure/code.h"          /* files that change most, folders that few know */
#include "measure/identity.h"      /* who is who */
#include "measure/identity_acts.h" /* what people decide about it */
#include "measure/pulls.h"         /* pull requests one by one */
#include "measure/rank.h"          /* is it more than chance? */
#include "measure/series.h"        /* the rows behind a question */
#include "measure/split.h"         /* where a change comes from */
#include "measure/team_acts.h"     /* what people change about teams */
#include "measure/team_files.h"    /* what people bring */
