/*
 * Builds and deployments of a company with pathologies.
 *
 * Every push is built, and all builds pass but those planned otherwise. Main is deployed on
 * working days at fixed hours; in every week the same share of deployments fails, and what failed
 * is followed by one that puts it right. Three repositories do worse from two weeks before the
 * epoch on.
 */
#include "company_plant.h"

#define WORSE_WEEK    (-2)
#define DAYS          5
#define SLOTS_MOST    (DAYS * PLANT_DEPLOYMENTS_DAY)
#define FIRST_SLOT    HOUR /* after eight on Monday */
#define BETWEEN_SLOTS (2 * HOUR)

typedef struct {
    const Company *company;
    CompanyRepository *repository;
    const RepositoryPrivate *own;
    Chance chance;
    GArray *pipelines, *deployments;
} Delivery;

/* ---- builds --------------------------------------------------------------------------------- */

static CompanyBuild build_of(Delivery *delivery, guint pull, const CompanyAct *act)
{
    Chance *chance = &delivery->chance;
    CompanyBuild build = {.key = "ci-unit",
                          .name = "unit tests",
                          .state = "SUCCESSFUL",
                          .pull = (gint32) pull,
                          .commit = act->commit,
                          .created_at = act->at + chance_between(chance, SECOND, 9 * SECOND)};
    build.finished_at = build.created_at + chance_between(chance, 2 * MINUTE, 5 * MINUTE);
    return build;
}

static gint compare_builds(gconstpointer a, gconstpointer b)
{
    const CompanyBuild *x = a, *y = b;
    return (x->created_at > y->created_at) - (x->created_at < y->created_at);
}

static void make_builds(Delivery *delivery)
{
    CompanyRepository *repository = delivery->repository;
    GArray *builds = g_array_new(FALSE, FALSE, sizeof(CompanyBuild));
    for (guint i = 0; i < repository->n_pulls; i++) {
        const CompanyPull *pull = &repository->pulls[i];
        guint flags = delivery->own->pulls[i].planned->flags;
        for (guint k = 0; k < pull->n_acts; k++) {
            const CompanyAct *act = &repository->acts[pull->acts[k]];
            if (act->kind != ACT_UPDATE)
                continue;
            CompanyBuild build = build_of(delivery, i, act);
            gboolean is_head = act->commit == pull->commits[pull->n_commits - 1];
            if (is_head && (flags & PLANT_BUILD_FAILS) != 0)
                build.state = "FAILED";
            if (is_head && (flags & PLANT_BUILD_RUNS) != 0)
                build.finished_at = NEVER;
            g_array_append_val(builds, build);
        }
    }
    g_array_sort(builds, compare_builds);
    repository->n_builds = builds->len;
    repository->builds = (CompanyBuild *) g_array_free(builds, FALSE);
}

/* ---- deployments ---------------------------------------------------------------------------- */

static gint32 add_pipeline(Delivery *delivery, gint64 at)
{
    const CompanyRepository *repository = delivery->repository;
    gint32 tip =
        company_branch_tip(&g_array_index(delivery->own->long_branches, LongBranch, 0), at);
    const CompanyCommit *commit = &repository->commits[tip];
    CompanyPipeline pipeline = {.build_number = delivery->pipelines->len + 1,
                                .commit = tip,
                                .pull = commit->pull,
                                .creator = commit->author,
                                .ref_name = repository->main_branch,
                                .result = "SUCCESSFUL",
                                .created_at = at,
                                .completed_at =
                                    at + chance_between(&delivery->chance, 3 * MINUTE, 4 * MINUTE)};
    if (commit->pull >= 0)
        pipeline.creator = repository->pulls[commit->pull].closed_by;
    chance_uuid(&delivery->chance, pipeline.uuid);
    g_array_append_val(delivery->pipelines, pipeline);
    return (gint32) delivery->pipelines->len - 1;
}

static void deploy(Delivery *delivery, gint64 at, gint32 environment, gboolean fails)
{
    CompanyDeployment deployment = {.pipeline = add_pipeline(delivery, at - 5 * MINUTE),
                                    .environment = environment,
                                    .started_at = at,
                                    .completed_at =
                                        at + chance_between(&delivery->chance, MINUTE, 2 * MINUTE),
                                    .status = fails ? "FAILED" : "SUCCESSFUL"};
    chance_uuid(&delivery->chance, deployment.uuid);
    g_array_append_val(delivery->deployments, deployment);
}

typedef struct {
    guint per_day, failures; /* failures: of a week */
    gint64 least_recovery, most_recovery;
} Habit;

static Habit habit_of(guint repository, gboolean is_worse)
{
    Habit habit = {PLANT_DEPLOYMENTS_DAY, 2, 15 * MINUTE, 25 * MINUTE};
    if (repository == REGIME_RECOVERY)
        habit.failures = 8;
    if (!is_worse)
        return habit;
    if (repository == REGIME_FREQUENCY) {
        habit.per_day = 2;
        habit.failures = 1;
    } else if (repository == REGIME_FAILURES) {
        habit.failures = 10;
    } else if (repository == REGIME_RECOVERY) {
        habit.least_recovery = 80 * MINUTE;
        habit.most_recovery = 105 * MINUTE;
    }
    return habit;
}

static void deploy_week(Delivery *delivery, gint64 begins, Habit habit)
{
    guint n = DAYS * habit.per_day;
    guint8 fails[SLOTS_MOST] = {0};
    for (guint i = 0; i < habit.failures; i++) /* one in each part of the week */
        fails[(guint) ((i + chance_unit(&delivery->chance)) * n / habit.failures)] = TRUE;
    for (guint i = 0; i < n; i++) {
        guint slot = i % habit.per_day * PLANT_DEPLOYMENTS_DAY / habit.per_day;
        gint64 at = begins + i / habit.per_day * DAY + FIRST_SLOT + slot * BETWEEN_SLOTS;
        at += chance_between(&delivery->chance, 0, 5 * MINUTE);
        if (slot == 0)
            deploy(delivery, at - 20 * MINUTE, 1, FALSE);
        deploy(delivery, at, 2, fails[i]);
        if (fails[i])
            deploy(delivery,
                   at +
                       chance_between(&delivery->chance, habit.least_recovery, habit.most_recovery),
                   2, FALSE);
    }
}

void company_make_planned_delivery(const Company *company, CompanyRepository *repository,
                                   RepositoryPrivate *own)
{
    Delivery delivery = {.company = company,
                         .repository = repository,
                         .own = own,
                         .pipelines = g_array_new(FALSE, FALSE, sizeof(CompanyPipeline)),
                         .deployments = g_array_new(FALSE, FALSE, sizeof(CompanyDeployment))};
    chance_init(&delivery.chance, own->seed, SUBJECT_DELIVERY, 0, 0);
    make_builds(&delivery);
    for (gint week = -PLANT_WEEKS_PAST; week < PLANT_WEEKS_FUTURE; week++)
        deploy_week(&delivery, plan_week(company->plan, week),
                    habit_of(own->index, week >= WORSE_WEEK));
    repository->n_pipelines = delivery.pipelines->len;
    repository->pipelines = (CompanyPipeline *) g_array_free(delivery.pipelines, FALSE);
    repository->n_deployments = delivery.deployments->len;
    repository->deployments = (CompanyDeployment *) g_array_free(delivery.deployments, FALSE);
}
