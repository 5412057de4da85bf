#include "trend_company.h"

#include <math.h>

#define AUTHORS 12

/* Medians in hours and spreads of the logarithm. */
static const struct {
    double median, spread;
} PHASES[COMPANY_PHASES] = {{12, 1.0}, {9, 0.85}, {12, 0.85}, {9, 0.85}};

#define DAY_SPREAD        0.10 /* of the company's days */
#define PLACE_DAY_SPREAD  0.12 /* of a repository's days */
#define AUTHOR_SPREAD     0.20
#define BUSINESS_SPREAD   0.25 /* of how much is merged on a day */
#define REPOSITORY_SPREAD 0.20

typedef struct {
    const CompanyPlan *plan;
    GRand *chance;
    ColumnsBuilder *builder;
    double author[AUTHORS], place[COMPANY_REPOSITORIES];
    gint64 number;
} Maker;

const gint64 COMPANY_TEAM_IDS[COMPANY_TEAMS] = {71, 72};

gint64 company_repository(guint index)
{
    return 1000 + (gint64) index;
}

/* Box and Muller. */
static double normal(Maker *maker)
{
    double u = 1 - g_rand_double(maker->chance), v = g_rand_double(maker->chance);
    return sqrt(-2 * log(u)) * cos(2 * G_PI * v);
}

static guint poisson(Maker *maker, double mean)
{
    double left = exp(-mean), product = g_rand_double(maker->chance);
    guint n = 0;
    for (; product > left; n++)
        product *= g_rand_double(maker->chance);
    return n;
}

static Duration draw_phase(Maker *maker, guint phase, guint repository, guint author, guint week,
                           double effect)
{
    const CompanyPlan *plan = maker->plan;
    gboolean is_there =
        plan->by_team ? author % COMPANY_TEAMS == 0 : repository == plan->repository;
    gboolean is_planted = phase == plan->phase && is_there && week >= plan->from_week;
    double hours = PHASES[phase].median * exp(effect + PHASES[phase].spread * normal(maker)) *
                   (is_planted ? plan->factor : 1);
    return (Duration) (hours * (double) TIME_HOUR);
}

static void add_merged(Maker *maker, guint repository, guint week, UtcTime morning, double day)
{
    guint author = (guint) g_rand_int_range(maker->chance, 0, AUTHORS);
    double effect = day + maker->author[author] + maker->place[repository];
    FactPr fact = {.repository_id = company_repository(repository),
                   .number = ++maker->number,
                   .definition = 1,
                   .state = PR_MERGED,
                   .author_id = 1 + (gint64) author,
                   .destination_branch = "main",
                   .first_bot_review = TIME_ABSENT,
                   .declined = TIME_ABSENT,
                   .released = TIME_ABSENT,
                   .waiting_since = TIME_ABSENT,
                   .lines_added = (gint64) (80 * exp(1.3 * normal(maker))),
                   .reviewers = 1};
    Duration phases[COMPANY_PHASES];
    for (guint i = 0; i < COMPANY_PHASES; i++)
        phases[i] = draw_phase(maker, i, repository, author, week, effect);
    fact.merged = morning + (Duration) (g_rand_double(maker->chance) * 9 * (double) TIME_HOUR);
    fact.approved = fact.merged - phases[COMPANY_MERGE];
    fact.first_review = fact.approved - phases[COMPANY_REVIEW];
    fact.ready = fact.opened = fact.first_review - phases[COMPANY_PICKUP];
    fact.first_commit = fact.ready - phases[COMPANY_CODING];
    fact.last_activity = fact.merged;
    columns_builder_add_fact(maker->builder, &fact);
}

static void make_day(Maker *maker, guint week, guint weekday)
{
    const CompanyPlan *plan = maker->plan;
    UtcTime morning = COMPANY_MONDAY + (7 * (gint64) week + weekday) * TIME_DAY + 9 * TIME_HOUR;
    double company = DAY_SPREAD * normal(maker);
    for (guint r = 0; r < COMPANY_REPOSITORIES; r++) {
        double mean =
            plan->per_week[r] * (weekday < 5 ? 0.196 : 0.01) * exp(BUSINESS_SPREAD * normal(maker));
        double day = company + PLACE_DAY_SPREAD * normal(maker);
        for (guint n = poisson(maker, mean); n > 0; n--)
            add_merged(maker, r, week, morning, day);
    }
}

static Teams *make_teams(WorkCalendar *calendar)
{
    static const char *const NAMES[COMPANY_TEAMS] = {"Payments", "Search"};
    Teams *teams = teams_new(calendar);
    for (guint team = 0; team < COMPANY_TEAMS; team++) {
        WorkCalendar *own = work_calendar_new(NULL, 0x1f, 9 * 60, 17 * 60, NULL, NULL);
        guint32 number = teams_add(teams, COMPANY_TEAM_IDS[team], NAMES[team], own);
        for (guint author = team; author < AUTHORS; author += COMPANY_TEAMS)
            teams_add_member(teams, number, 1 + (gint64) author, 0, TIME_ABSENT);
    }
    return teams;
}

MeasureColumns *company_make(const CompanyPlan *plan)
{
    WorkCalendar *calendar = work_calendar_new(NULL, 0x1f, 9 * 60, 17 * 60, NULL, NULL);
    Maker maker = {.plan = plan,
                   .chance = g_rand_new_with_seed(plan->seed),
                   .builder = columns_builder_new(make_teams(calendar))};
    for (guint i = 0; i < AUTHORS; i++) {
        maker.author[i] = AUTHOR_SPREAD * normal(&maker);
        columns_builder_add_person(maker.builder, 1 + (gint64) i, "somebody", FALSE, FALSE);
    }
    for (guint i = 0; i < COMPANY_REPOSITORIES; i++) {
        maker.place[i] = REPOSITORY_SPREAD * normal(&maker);
        columns_builder_add_repository(maker.builder, company_repository(i), "acme/somewhere", NULL,
                                       NULL);
    }
    for (guint day = 0; day < plan->weeks * 7; day++)
        make_day(&maker, day / 7, day % 7);
    g_rand_free(maker.chance);
    return columns_builder_end(maker.builder);
}

const TrendSubject COMPANY_TRENDS[COMPANY_SUBJECTS] = {
    [COMPANY_CYCLE] = {"cycle-time-worse", "cycle-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    [COMPANY_PICKUP] = {"pickup-time-worse", "pickup-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    [COMPANY_REVIEW] = {"review-time-worse", "review-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    [COMPANY_MERGE] = {"merge-time-worse", "merge-time", TREND_OF_VALUES, FALSE, TIME_HOUR, 4},
    [COMPANY_THROUGHPUT] = {"throughput-fell", "merged", TREND_OF_DAYS, TRUE, 1, 0},
    [COMPANY_SIZE] = {"pull-requests-growing", "size", TREND_OF_VALUES, FALSE, 1, 4},
};

static TrendLimits limits_of(const TrendSubject *subject, gint64 repository_id, gpointer user_data)
{
    gsize which = (gsize) (subject - COMPANY_TRENDS);
    static const TrendLimits LIMITS[COMPANY_SUBJECTS] = {
        [COMPANY_CYCLE] = {TRUE, 20, 4, 20, 5},      [COMPANY_PICKUP] = {TRUE, 20, 2, 20, 5},
        [COMPANY_REVIEW] = {TRUE, 20, 2, 20, 5},     [COMPANY_MERGE] = {TRUE, 20, 2, 20, 5},
        [COMPANY_THROUGHPUT] = {TRUE, 40, 0, 20, 5}, [COMPANY_SIZE] = {TRUE, 20, 30, 20, 5},
    };
    return LIMITS[which];
}

TrendRequest company_request(const MeasureColumns *columns, guint week)
{
    static gint64 repositories[COMPANY_REPOSITORIES];
    for (guint i = 0; i < COMPANY_REPOSITORIES; i++)
        repositories[i] = company_repository(i);
    return (TrendRequest){.columns = columns,
                          .now = COMPANY_MONDAY + (gint64) week * 7 * TIME_DAY + 3 * TIME_HOUR,
                          .repositories = repositories,
                          .n_repositories = COMPANY_REPOSITORIES,
                          .subjects = COMPANY_TRENDS,
                          .n_subjects = COMPANY_SUBJECTS,
                          .limits_of = limits_of};
}

GArray *company_compare(const MeasureColumns *columns, guint week)
{
    TrendRequest request = company_request(columns, week);
    GArray *trends = trend_compare(&request, NULL);
    g_assert(trends != NULL);
    return trends;
}
