/*
 * plant: a company that is healthy but for what was planted in it. Only company_plant_*.c and the
 * few places that ask for company->plan use this; docs/sandbox.md says what is planted.
 *
 * The plan is made first, by one thread, and never changes afterwards: every pull request of every
 * repository with all its durations, commits without a pull request, and the findings with the
 * instants between which each holds. The lives (company_plant_life.c), files
 * (company_plant_files.c) and deployments (company_plant_delivery.c) only carry it out. Weeks are
 * counted from the epoch, a Monday at 08:00; a week's ordinary work is opened from Monday to
 * Thursday and over by Friday, so that nothing healthy waits through a weekend.
 */
#pragma once

#include "company_internal.h"

#define PLANT_PEOPLE          30
#define PLANT_REPOSITORIES    10
#define PLANT_WEEKS_PAST      26
#define PLANT_WEEKS_FUTURE    4
#define PLANT_WEEK            (7 * DAY)
#define PLANT_MEMBERS         18
#define PLANT_REVIEWERS_MOST  2
#define PLANT_POLICIES_MOST   8
#define PLANT_REQUIRED_MOST   6
#define PLANT_PULLS_WEEK      24 /* of one repository */
#define PLANT_PULLS_WEEK_FEW  3
#define PLANT_DEPLOYMENTS_DAY 6

/* What each repository is for. Flow gets worse in the last two weeks before the epoch and stays
 * so. */
typedef enum {
    REGIME_PICKUP,
    REGIME_REVIEW,
    REGIME_MERGE, /* and coding is as much shorter: the whole is as long as before */
    REGIME_THROUGHPUT,
    REGIME_SIZE,
    REGIME_REWORK,
    REGIME_FREQUENCY,
    REGIME_FAILURES,
    REGIME_RECOVERY,
    REGIME_REVIEWER, /* one person reviews nearly everything */
} PlantRegime;       /* the number of the repository */

typedef enum {
    FILES_ORDINARY,   /* new ones, and lines of old ones older than three weeks */
    FILES_OWN,        /* one new file: conflicts with nothing */
    FILES_YOUNG,      /* lines that are not three weeks old */
    FILES_FOLDER,     /* in a folder that nobody else touches */
    FILES_CONTESTED,  /* all lines of a file that another one changes meanwhile */
    FILES_CONTESTING, /* that one */
} PlantFiles;

enum {
    PLANT_SILENT = 1 << 0,     /* nobody writes a comment */
    PLANT_GENERAL = 1 << 1,    /* the first comment is not inline */
    PLANT_CHANGES = 1 << 2,    /* the first review asks for changes */
    PLANT_TASK = 1 << 3,       /* … or sets a task, done with the answer */
    PLANT_REPLY_ONLY = 1 << 4, /* the answer comes without a push */
    PLANT_UNASKED = 1 << 5,    /* no reviewer was asked */
    PLANT_AUTHOR_APPROVES = 1 << 6,
    PLANT_PUSH_LATE = 1 << 7,     /* a push after the approvals */
    PLANT_BUILD_FAILS = 1 << 8,   /* of the head */
    PLANT_BUILD_RUNS = 1 << 9,    /* still, at the merge */
    PLANT_TASK_STAYS = 1 << 10,   /* a task is never done */
    PLANT_WITHOUT_KEY = 1 << 11,  /* no issue key in title and branch */
    PLANT_DECLINED = 1 << 12,     /* instead of merged, without approvals */
    PLANT_KEEPS_BRANCH = 1 << 13, /* until branch_deleted_at */
    PLANT_DRAFT = 1 << 14,
};

/* One pull request. Spans follow one another; one that is NEVER ends what happens, except that a
 * declined one is closed at @at + @closes in any case. */
typedef struct PlannedPull {
    gint64 number; /* known when the plan is finished */
    guint repository;
    gint64 at; /* opened */
    gint32 author;
    gint32 reviewers[PLANT_REVIEWERS_MOST]; /* who review; asked unless PLANT_UNASKED */
    guint n_reviewers;
    guint n_approvals; /* by the first reviewers */
    gint64 coding;     /* first commit to opening */
    gint64 pickup;     /* … to first review */
    gint64 answer;     /* … from first review to the author's answer */
    gint64 review;     /* … from first review to the last approval */
    gint64 merge;      /* … to the merge */
    gint64 closes;     /* PLANT_DECLINED: from opening */
    guint rounds;      /* pushes answered by a further review, all between answer and approval */
    guint lines;       /* authored, added and removed */
    guint flags;
    PlantFiles files;
    guint contest; /* FILES_CONTESTED, FILES_CONTESTING: which two belong together */
    gint64 branch_deleted_at;
} PlannedPull;

/* A commit on main that no pull request brought. */
typedef struct {
    gint64 at;
    gint32 person;
} PlannedDirect;

/* One condition a rule looks for, and while what it holds: begins <= now < ends. */
typedef struct {
    const char *rule;
    gint repository;         /* -1: the workspace */
    const PlannedPull *pull; /* NULL: not of one pull request */
    gint32 person;           /* -1 */
    const char *subject;     /* NULL */
    gboolean is_branch;      /* the subject is the pull request's branch; it is not about the pull
                                request itself */
    gint direct;             /* the subject is this direct commit of the repository; -1 */
    gint64 begins, ends;
} PlannedFinding;

typedef struct {
    gint repository; /* -1: the workspace */
    guint approvals;
    gint32 required[PLANT_REQUIRED_MOST]; /* people; @required_count of them must be among them */
    guint n_required, required_count;
    gboolean builds, void_on_push;
} PlannedPolicy;

typedef struct {
    guint members[PLANT_MEMBERS];
    GPtrArray *pulls; /* PlannedPull, by opening */
    GArray *directs;  /* PlannedDirect, by time */
    char *folder;     /* for FILES_FOLDER */
} PlannedRepository;

typedef struct CompanyPlan {
    gint64 epoch;
    Chance chance; /* while it is made */
    PlannedRepository repositories[PLANT_REPOSITORIES];
    GArray *findings; /* PlannedFinding */
    PlannedPolicy policies[PLANT_POLICIES_MOST];
    guint n_policies;
    /* People who do nothing beside what is planned for them from the last week before the epoch
     * on: so that their loads are what is listed. */
    gint32 busy_author, next_busy_author, busy_reviewer;
    gint32 only_reviewer;  /* of the repository REGIME_REVIEWER */
    gint32 only_developer; /* of its folder */
} CompanyPlan;

/* Whether the epoch suits: a Monday at 08:00 UTC. */
gboolean company_plan_check(gint64 epoch, GError **error);
CompanyPlan *company_plan_new(guint64 seed, gint64 epoch);
void company_plan_free(CompanyPlan *plan);

/* ---- making the plan */

/* The beginning of a week, 0 being the one that begins at the epoch. */
gint64 plan_week(const CompanyPlan *plan, gint week);
/* A healthy pull request, its people chosen at random: owned by the plan, to be altered. */
PlannedPull *plan_add_pull(CompanyPlan *plan, guint repository, gint64 at);
/* When it was reviewed first, approved, closed; NEVER. */
gint64 plan_reviewed_at(const PlannedPull *pull);
gint64 plan_approved_at(const PlannedPull *pull);
gint64 plan_closed_at(const PlannedPull *pull);
PlannedFinding *plan_add_finding(CompanyPlan *plan, const char *rule, gint repository,
                                 gint64 begins, gint64 ends);
/* … of one pull request. */
PlannedFinding *plan_add_pull_finding(CompanyPlan *plan, const char *rule, const PlannedPull *pull,
                                      gint64 begins, gint64 ends);
/* Somebody of the repository who is neither @author nor among the @n @others; -1 for nobody. */
gint32 plan_pick_member(CompanyPlan *plan, guint repository, gint32 author, const gint32 *others,
                        guint n);

void plan_ordinary_weeks(CompanyPlan *plan); /* company_plant_weeks.c */
void plan_policies(CompanyPlan *plan);       /* company_plant_compliance.c */
void plan_process(CompanyPlan *plan);        /* company_plant_process.c */
void plan_compliance(CompanyPlan *plan);     /* company_plant_compliance.c */
void plan_load(CompanyPlan *plan);           /* company_plant_load.c */
void plan_hygiene(CompanyPlan *plan);        /* company_plant_load.c */
void plan_flow(CompanyPlan *plan);           /* company_plant_weeks.c */

/* ---- carrying it out */

void company_live_planned(const Company *company, const CompanyRepository *repository,
                          RepositoryPrivate *own, Making *making, const PlannedPull *planned);
void company_make_planned_delivery(const Company *company, CompanyRepository *repository,
                                   RepositoryPrivate *own);
