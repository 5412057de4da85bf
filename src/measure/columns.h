/*
 * columns: a workspace's facts in memory, one array per field.
 *
 * Pull requests stand in order of opening, reviews by pull request, commits by author date, changes
 * of main branches by landing. People,
 * repositories, branches and projects are numbers from 0 ("dense"); NO_INDEX where there is none. A
 * builder takes rows in any order and belongs to one thread; what it ends in is immutable.
 */
#pragma once

#include "measure/dictionary.h"
#include "measure/facts.h"

typedef enum {
    PULL_OPENED,
    PULL_READY,
    PULL_FIRST_REVIEW,
    PULL_FIRST_BOT_REVIEW,
    PULL_MERGED,
    PULL_DECLINED,
    PULL_RELEASED,
    PULL_LAST_ACTIVITY,
    PULL_WAITING_SINCE,
    PULL_ANCHORS, /* nothing is counted at those from here on */
    PULL_FIRST_COMMIT = PULL_ANCHORS,
    PULL_APPROVED,
    PULL_TIMES
} PullTime;

typedef enum {
    PULL_LINES,
    PULL_FILES,
    PULL_GENERATED,
    PULL_ROUNDS,
    PULL_PUSHES,
    PULL_REVIEW_COMMENTS,
    PULL_AUTHOR_COMMENTS,
    PULL_BOT_COMMENTS,
    PULL_REVIEWERS,
    PULL_APPROVALS,
    PULL_COMMITS,
    PULL_COUNTS
} PullCount;

enum {
    ROW_BOT = 1, /* its author, or the review's giver */
    ROW_EXCLUDED = 2,
    PULL_IS_DRAFT = 4,
    PULL_IS_UNREVIEWED = 8,
    PULL_IS_SELF_MERGED = 16,
    PULL_IS_LATE_CHANGE = 32,
    PULL_IS_APPROVED = 64,
    REVIEW_IS_ASKED = 4, /* still in the reviewer list */
    REVIEW_IS_GIVEN = 8, /* something was said */
    COMMIT_IS_MERGE = 4,
    DEPLOYMENT_IS_FAILURE = 4,
    DEPLOYMENT_IS_PRODUCTION = 8,
};

typedef enum { WAITING_NONE, WAITING_READY, WAITING_REVIEW, WAITING_AUTHOR, WAITING_MERGE } Waiting;

typedef enum {
    SIZE_CLASS_XS,
    SIZE_CLASS_S,
    SIZE_CLASS_M,
    SIZE_CLASS_L,
    SIZE_CLASS_XL,
    SIZE_CLASS_UNKNOWN,
    SIZE_CLASSES
} SizeClass;
extern const char *const SIZE_CLASS_NAMES[SIZE_CLASSES];
SizeClass size_class_of(gint64 lines); /* COUNT_ABSENT: unknown */

/* COUNT_ABSENT in a 32-bit column; larger counts than it holds stay at G_MAXINT32. */
#define COUNT32_ABSENT (-1)

typedef struct {
    gsize n;
    UtcTime *time[PULL_TIMES];
    Duration *wall[PHASE_COUNT], *working[PHASE_COUNT];
    gint32 *count[PULL_COUNTS];
    gint64 *number;
    guint32 *repository, *author, *branch;
    guint8 *state, *size_class, *flags, *waiting; /* PullRequestState, SizeClass, …, Waiting */
    guint32 *first_review_row;                    /* n + 1: reviews of row i are [i] … [i + 1] */
} PullColumns;

typedef struct {
    gsize n;
    guint32 *pull, *reviewer;
    UtcTime *asked, *responded; /* a review without response counts at the asking */
    Duration *wall, *working;   /* asked until responded */
    guint8 *flags;
} ReviewColumns;

typedef struct {
    gsize n;
    UtcTime *authored;
    guint32 *repository, *author;
    gint32 *lines, *files;
    guint8 *flags;
} CommitColumns;

/* When a deployment counts, by what is asked. */
typedef enum {
    DEPLOYMENT_DEPLOYED, /* it succeeded */
    DEPLOYMENT_JUDGED,   /* it succeeded or failed, and was no repair */
    DEPLOYMENT_RESTORED, /* the outage that it began was over */
    DEPLOYMENT_TIMES
} DeploymentTime;

typedef struct {
    gsize n;
    UtcTime *time[DEPLOYMENT_TIMES], *completed;
    Duration *wall, *working; /* of the outage that it began */
    guint32 *repository, *environment;
    guint8 *flags;
} DeploymentColumns;

/* In delivery_of, beside DeliverySource: a repository that is not selected, so that nobody asked.
 */
#define DELIVERY_NOT_ASKED 255

typedef struct {
    gsize n;
    UtcTime *landed;
    guint32 *repository, *author;
    gint32 *lines, *young; /* young: COUNT32_ABSENT where it was not computed */
    guint8 *flags;
} ChangeColumns;

struct MeasureColumns {
    PullColumns pulls;
    ReviewColumns reviews;
    CommitColumns commits;
    DeploymentColumns deployments;
    ChangeColumns changes;
    Dictionary people, repositories, branches, projects; /* projects: the key is Bitbucket's */
    Dictionary environments;
    GArray *project_of;   /* guint32 per repository */
    GArray *delivery_of;  /* guint8 per repository: DeliverySource */
    GArray *person_flags; /* guint8 per person: ROW_BOT, ROW_EXCLUDED */
    UtcTime first, last;  /* of all instants; absent when empty */
    Teams *teams;
    GPtrArray *team_spans; /* const TeamSpans * per person; NULL: in no team ever */
    gint64 least_group;    /* people below whom a comparison of people or teams is not shown */
};

typedef struct ColumnsBuilder ColumnsBuilder;
/* @teams: taken. People and repositories come before the rows that speak of them; one that was
 * never named is called by what it is ("somebody unknown"). */
ColumnsBuilder *columns_builder_new(Teams *teams);
void columns_builder_free(ColumnsBuilder *builder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ColumnsBuilder, columns_builder_free)
void columns_builder_set_least_group(ColumnsBuilder *builder, gint64 people);
void columns_builder_add_person(ColumnsBuilder *builder, gint64 id, const char *name,
                                gboolean is_bot, gboolean is_excluded);
void columns_builder_add_repository(ColumnsBuilder *builder, gint64 id, const char *name,
                                    const char *project_key, const char *project_name);
void columns_builder_add_fact(ColumnsBuilder *builder, const FactPr *fact);
void columns_builder_add_review(ColumnsBuilder *builder, const FactReview *review);
void columns_builder_add_commit(ColumnsBuilder *builder, const StoreCommitRow *commit);
/* Also marks where the repository's deliveries are known from. */
void columns_builder_add_deployment(ColumnsBuilder *builder, const FactDeployment *fact);
/* @source: a DeliverySource, or DELIVERY_NOT_ASKED. */
void columns_builder_mark_delivery(ColumnsBuilder *builder, gint64 repository_id, guint8 source);
void columns_builder_add_change(ColumnsBuilder *builder, const StoreMainChange *change);
/* Frees the builder. Reviews of pull requests that were not added are left out. */
MeasureColumns *columns_builder_end(ColumnsBuilder *builder);

/* The number of a person's team at an instant; NO_TEAM. */
guint32 columns_team_at(const MeasureColumns *columns, guint32 person, UtcTime at);
/* By whose clocks the working time of a pull request is counted: those of its author's team at the
 * opening. */
const WorkCalendar *columns_calendar(const MeasureColumns *columns, gsize pull);
