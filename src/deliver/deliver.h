/*
 * deliver: what Plumbline hands to people. Here the report on a repository or a workspace, as text,
 * HTML, JSON and CSV; findings, policies, proposals, teams, people and the audit log have headers
 * of their own, named at the end.
 *
 * A Report is a plain tree of values that owns everything in it; report_build fills it from columns
 * and store, and the renderers read nothing else, so that all formats tell the same. Renderers
 * write into a GString that the caller frees; they trust no text in the report: terminal control
 * characters are dropped, HTML is escaped, links that are not http(s) are not linked, spreadsheet
 * formulas are defused. Any thread may call, on distinct reports. Limits: REPORT_POINTS_MAX,
 * REPORT_ROWS_MAX.
 */
#pragma once

#include <math.h>

#include "insight/insight.h"

#include "deliver/csv.h" /* for who writes tables of their own */

#define REPORT_FORMAT_VERSION 1    /* of the JSON document; docs/report-json.md */
#define REPORT_TREND_LEAST    10   /* values needed in both periods before a trend is named */
#define REPORT_TREND_BAND     0.10 /* a change of the median below this share is "about the same" */
#define REPORT_TREND_SPAN     (30 * TIME_MINUTE) /* and so is a change of a duration below this */
#define REPORT_POINTS_MAX     600 /* merged pull requests drawn one by one, the newest ones */
#define REPORT_ROWS_MAX       100 /* rows per list in HTML */
#define REPORT_PEOPLE_LEAST   3   /* reviewers needed before their shares are shown */
#define REPORT_BUCKETS        10  /* of the distribution of cycle times */

/* ---- the report */

/* Percentiles in the unit of the measure (durations: microseconds); NAN when n is 0. */
typedef struct {
    double p50, p75, p90;
    gint64 n;        /* values behind them */
    gint64 excluded; /* rows left out: bots, excluded people */
    gint64 absent;   /* rows for which there is no value */
} ReportSpread;

typedef enum {
    REPORT_FLOW,
    REPORT_REVIEW,
    REPORT_SIZE,
    REPORT_DELIVERY,
    REPORT_SECTION_COUNT
} ReportSection;

typedef struct {
    ReportSection section;
    char *id, *title, *meaning; /* as in the measure's table */
    MeasureUnit unit;
    gboolean is_part;     /* a phase of the measure above it */
    ReportSpread now;     /* in the window */
    ReportSpread before;  /* in the window of the same length before it */
    ReportSpread working; /* as now, in working time; durations only, else n is 0 */
} ReportMeasure;

typedef struct {
    char *id, *title;
    double share, share_before; /* 0-1; NAN when n is 0 */
    gint64 count, n, n_before;
} ReportShare;

typedef enum {
    REPORT_PHASE_CODING,
    REPORT_PHASE_PICKUP,
    REPORT_PHASE_REVIEW,
    REPORT_PHASE_MERGE,
    REPORT_PHASE_COUNT
} ReportPhase;
const char *report_phase_title(ReportPhase phase); /* "coding" */

typedef struct {
    char *monday;        /* "2026-11-09" */
    gboolean is_partial; /* the window covers only some of its days */
    gint64 merged, opened;
    double cycle_p50;                     /* µs, NAN when nothing was merged */
    double phase_sum[REPORT_PHASE_COUNT]; /* µs over the week's merged pull requests */
} ReportWeek;

/* Pull requests of one size class, or of one repository. */
typedef struct {
    char *key, *label;
    gint64 merged;
    double cycle_p50, pickup_p50; /* µs */
    double size_p50;              /* lines */
    MeasureCell until_merged;     /* time by which half of those opened are merged, with its band */
} ReportGroup;

typedef struct {
    gint64 person_id;
    char *name;
    gint64 reviews;
} ReportReviewer;

/* A finding about a pull request that somebody has to do something about. */
typedef struct {
    const Rule *rule;
    gboolean is_merged;
    char *repository; /* full name */
    gint64 number;
    char *title, *url; /* url NULL when not known */
    char *who;         /* whose step is next; NULL: nobody's */
    GPtrArray *also;   /* char *: further people near to it; NULL: none */
    UtcTime since;
    Duration age, age_working; /* age_working DURATION_ABSENT when not known */
    gint64 lines;              /* COUNT_ABSENT when not known */
} ReportNeed;

/* Deployments in a window; what counts as one: docs/metrics.md. NAN: not known. */
typedef struct {
    double count, days;  /* successful ones; different days on which there was one */
    double failure_rate; /* 0-1, of @judged; NAN also when nothing was judged */
    gint64 judged;       /* succeeded or failed, rollbacks left out */
} ReportDelivered;

typedef struct {
    char *name;
    ReportDelivered delivered;
    double recovery_p50; /* µs; NAN: none */
    gint64 recoveries;
} ReportEnvironment;

/* One merged pull request of the window. */
typedef struct {
    char *repository;
    gint64 number;
    char *title, *url;
    UtcTime merged;
    Duration cycle; /* DURATION_ABSENT when there is none */
    gint64 lines;   /* COUNT_ABSENT when not known */
} ReportPoint;

typedef struct {
    gint64 pull_requests;    /* known of the repositories, all times */
    gint64 merged, declined; /* in the window, bots left out */
    gint64 by_bots;          /* merged in the window, left out of the figures */
    gint64 merged_estimated; /* whose merge instant is an estimate */
    gint64 without_commits;  /* merged, but no first commit is known: no cycle time */
    gint64 without_size;     /* merged, but line counts are not known */
    gint64 clamped;          /* a negative span was counted as zero */
    gint64 quarantined;      /* records that could not be read */
    gint64 requests;         /* sent for this report; COUNT_ABSENT: none were needed */
    UtcTime read_from;       /* what nothing touched since is not known; TIME_ABSENT: not told */
    UtcTime known_since;     /* while it is not complete: all is known of what was opened since;
                                TIME_ABSENT: of nothing for certain */
    gboolean is_complete;    /* every repository was read back to the start of the window before */
    GPtrArray *problems;     /* char *: sentences for the administrator */
} ReportCoverage;

typedef struct {
    char *subject; /* "acme/billing", or "acme" for a workspace */
    char *url;     /* of the repository, NULL for several */
    gboolean is_workspace;
    gint64 repositories; /* looked at */
    gint64 days;
    UtcTime from, until; /* the window; until is "now" as Bitbucket's clock says */
    ReportCoverage coverage;

    GArray *measures;      /* ReportMeasure, in reading order */
    GArray *shares;        /* ReportShare: merged without review, … */
    GArray *weeks;         /* ReportWeek, oldest first, without gaps */
    GArray *size_classes;  /* ReportGroup, smallest first */
    GArray *by_repository; /* ReportGroup, busiest first; empty unless is_workspace */
    GArray *reviewers;     /* ReportReviewer, busiest first */
    double review_top_share, review_gini;        /* 0-1; NAN when there are too few reviewers */
    gint64 merged_before;                        /* in the window before */
    gint64 open, drafts;                         /* now; open includes drafts */
    ReportSpread open_age;                       /* of the open ones that are ready */
    double open_oldest;                          /* µs, NAN when none is open */
    GArray *needs;                               /* ReportNeed, by rule, the longest first */
    gint64 cycle_buckets[REPORT_BUCKETS];        /* merged pull requests by cycle time */
    ReportDelivered delivered, delivered_before; /* to production */
    GArray *environments; /* ReportEnvironment in the window, busiest first */
    char *delivery_note;  /* of which repositories nothing is known, and why; NULL: all are */
    GArray *points;       /* ReportPoint, newest first, at most REPORT_POINTS_MAX */
} Report;

/* The bucket that a cycle time falls into, and its words: "under 1 h", "1-4 h" … */
guint report_bucket(Duration cycle);
/* Its end, not included; G_MAXINT64: it has none. */
Duration report_bucket_below(guint bucket);
const char *report_bucket_label(guint bucket);

/* An empty report whose arrays own what is put in. */
Report *report_new(void);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

/* ---- building it */

typedef struct {
    Store *store;
    const MeasureColumns *columns;
    gint64 workspace_id;
    gint64 repository_id;    /* 0: all selected repositories */
    gint64 days;             /* of the window; the period before is as long */
    UtcTime now;             /* Bitbucket's clock */
    gint64 requests;         /* COUNT_ABSENT: not asked for */
    UtcTime read_from;       /* horizon of the sync; TIME_ABSENT: not told */
    gboolean is_approximate; /* not everything has been read yet */
    UtcTime known_since;     /* then: see ReportCoverage */
    const char *time_zone;   /* of weeks; NULL: UTC */
} ReportRequest;

/* Needs are the findings as they were last brought up to date (insight_update). NOT_FOUND when the
 * repository is not a selected one, or none is. */
Report *report_build(const ReportRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- words shared by all formats */

typedef enum {
    REPORT_TREND_TOO_FEW, /* fewer than REPORT_TREND_LEAST values in one of the periods */
    REPORT_TREND_SAME,
    REPORT_TREND_UP,
    REPORT_TREND_DOWN
} ReportTrend;
/* Compares the medians. It describes; it does not claim that the difference is more than chance. */
ReportTrend report_trend(const ReportMeasure *measure);
/* "34 % slower", "2.3 times as long", "about the same", "too few to compare". Free with g_free. */
char *report_trend_words(const ReportMeasure *measure);
/* "7.5 h", "412", "1.5", "42 %"; "-" when absent. Free with g_free. */
char *report_value_words(MeasureUnit unit, double value);
/* What somebody in a hurry should know: two to five sentences. GPtrArray of char *. */
GPtrArray *report_headlines(const Report *report);
/* What the numbers rest on and what they leave out. GPtrArray of char *. */
GPtrArray *report_notes(const Report *report);
/* The first measure with this id; NULL: the report has none. */
const ReportMeasure *report_find_measure(const Report *report, const char *id);
/* How many needs are of the rule; NULL: how many open pull requests have one. */
gint64 report_count_needs(const Report *report, const char *rule);

/* ---- rendering it */

typedef enum {
    REPORT_TEXT,
    REPORT_HTML,
    REPORT_JSON,
    REPORT_CSV,
    REPORT_FORMAT_COUNT
} ReportFormat;
const char *report_format_name(ReportFormat format); /* "text" */
gboolean report_format_from_name(const char *name, ReportFormat *ret_format);

typedef struct {
    gboolean color;   /* ANSI colours and links that a terminal can open */
    gboolean unicode; /* FALSE: plain ASCII, names are transliterated */
    guint width;      /* columns, 80-200; 0: 80 */
    guint per_kind;   /* pull requests listed per rule; 0: 5 */
    gboolean people;  /* names the reviewers in the load table (off: shares only) */
} ReportStyle;

/* @style may be NULL: no colour, Unicode, 80 columns, no names in load. HTML heeds people only,
 * JSON and CSV likewise. */
GString *report_render(const Report *report, ReportFormat format, const ReportStyle *style);

/* ---- tables of the command line */

/* The answer to a query, with the count behind each cell: aligned text, a JSON document or CSV.
 * REPORT_HTML is not offered. Free the result with g_string_free. */
/* What is not shown and why, for text; NULL when everything is. Free with g_free. */
char *deliver_withheld_words(const MeasureTable *table);
GString *deliver_render_measures(const MeasureQuery *query, const MeasureTable *table,
                                 ReportFormat format, const ReportStyle *style);

/* Aligned columns of text: the first row of @cells is the heading, @right tells by bit which
 * columns are numbers. The widest text column is cut so that a line fits the style's width. */
GString *deliver_render_table(const char *const *cells, gsize n_rows, gsize n_columns,
                              guint64 right, const ReportStyle *style);

#include "deliver/audit.h"      /* the merge audit log */
#include "deliver/findings.h"   /* what rules found */
#include "deliver/json_table.h" /* lists of JSON objects as CSV */
#include "deliver/people.h"     /* who is who */
#include "deliver/policies.h"   /* approval policies */
#include "deliver/proposals.h"  /* changes that wait for a decision */
#include "deliver/pulls.h"      /* pull requests one by one */
#include "deliver/settings.h"   /* what is set for a workspace */
#include "deliver/teams.h"      /* who is in which team */
