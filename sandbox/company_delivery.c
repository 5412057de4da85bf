/* Builds of pull requests; pipelines and deployments of the main branch. */
#include "company_internal.h"

static const char *outcome(Chance *chance, double failed)
{
    double x = chance_unit(chance);
    return x < failed ? "FAILED" : x < failed + 0.01 ? "STOPPED" : "SUCCESSFUL";
}

static void add_build(GArray *builds, Chance *chance, guint32 pull, gint32 commit, gint64 at,
                      gboolean is_lint)
{
    CompanyBuild build = {.key = is_lint ? "ci-lint" : "ci-unit",
                          .name = is_lint ? "lint" : "unit tests",
                          .state = outcome(chance, is_lint ? 0.04 : 0.11),
                          .pull = (gint32) pull,
                          .commit = commit,
                          .created_at = at + chance_between(chance, SECOND, 9 * SECOND)};
    build.finished_at =
        build.created_at + (gint64) (chance_log_normal(chance, 240, 0.6) * (double) SECOND);
    g_array_append_val(builds, build);
}

static gint compare_builds(gconstpointer a, gconstpointer b)
{
    const CompanyBuild *x = a, *y = b;
    return (x->created_at > y->created_at) - (x->created_at < y->created_at);
}

static void make_builds(CompanyRepository *repository, const RepositoryPrivate *own, Chance *chance)
{
    GArray *builds = g_array_new(FALSE, FALSE, sizeof(CompanyBuild));
    for (guint i = 0; own->has_ci_comments && i < repository->n_pulls; i++) {
        const CompanyPull *pull = &repository->pulls[i];
        gint32 built = -1;
        for (guint k = 0; k < pull->n_acts; k++) {
            const CompanyAct *act = &repository->acts[pull->acts[k]];
            if (act->kind != ACT_UPDATE || act->commit == built || !chance_hit(chance, 0.8))
                continue;
            built = act->commit;
            add_build(builds, chance, i, built, act->at, FALSE);
            if (chance_hit(chance, 0.3))
                add_build(builds, chance, i, built, act->at, TRUE);
        }
    }
    g_array_sort(builds, compare_builds);
    repository->n_builds = builds->len;
    repository->builds = (CompanyBuild *) g_array_free(builds, FALSE);
}

static gint64 add_deployment(GArray *deployments, Chance *chance, gint32 pipeline,
                             gint32 environment, gint64 at)
{
    CompanyDeployment deployment = {.pipeline = pipeline,
                                    .environment = environment,
                                    .started_at = at + chance_between(chance, SECOND, MINUTE),
                                    .status = outcome(chance, 0.05)};
    deployment.completed_at =
        deployment.started_at + (gint64) (chance_log_normal(chance, 90, 0.5) * (double) SECOND);
    chance_uuid(chance, deployment.uuid);
    g_array_append_val(deployments, deployment);
    return g_str_equal(deployment.status, "SUCCESSFUL") ? deployment.completed_at : NEVER;
}

static void deploy(GArray *deployments, Chance *chance, gint32 pipeline, gint64 at)
{
    at = add_deployment(deployments, chance, pipeline, 0, at);
    if (at == NEVER || !chance_hit(chance, 0.6))
        return;
    at = add_deployment(deployments, chance, pipeline, 1, at);
    if (at == NEVER || !chance_hit(chance, 0.55))
        return;
    gint64 waits = (gint64) (chance_log_normal(chance, 100, 1) * (double) MINUTE);
    add_deployment(deployments, chance, pipeline, 2, at + waits);
}

static gint compare_deployments(gconstpointer a, gconstpointer b)
{
    const CompanyDeployment *x = a, *y = b;
    return (x->started_at > y->started_at) - (x->started_at < y->started_at);
}

static CompanyPipeline pipeline_of(const CompanyRepository *repository, const BranchTip *tip,
                                   Chance *chance)
{
    const CompanyCommit *commit = &repository->commits[tip->commit];
    CompanyPipeline pipeline = {.commit = tip->commit,
                                .pull = -1,
                                .creator = commit->author,
                                .ref_name = repository->main_branch,
                                .result = outcome(chance, 0.06),
                                .created_at = tip->at + chance_between(chance, SECOND, 5 * SECOND)};
    if (commit->pull >= 0 && repository->pulls[commit->pull].closed_at == tip->at) {
        pipeline.pull = commit->pull;
        pipeline.creator = repository->pulls[commit->pull].closed_by;
    }
    chance_uuid(chance, pipeline.uuid);
    pipeline.completed_at =
        pipeline.created_at + (gint64) (chance_log_normal(chance, 300, 0.5) * (double) SECOND);
    return pipeline;
}

void company_make_delivery(const Company *company, CompanyRepository *repository,
                           RepositoryPrivate *own)
{
    Chance chance;
    chance_init(&chance, own->seed, SUBJECT_DELIVERY, 0, 0);
    make_builds(repository, own, &chance);
    const GArray *tips = g_array_index(own->long_branches, LongBranch, 0).tips;
    GArray *pipelines = g_array_new(FALSE, FALSE, sizeof(CompanyPipeline));
    GArray *deployments = g_array_new(FALSE, FALSE, sizeof(CompanyDeployment));
    for (guint i = 0; own->has_pipelines && i < tips->len; i++) {
        CompanyPipeline pipeline =
            pipeline_of(repository, &g_array_index(tips, BranchTip, i), &chance);
        pipeline.build_number = i + 1;
        g_array_append_val(pipelines, pipeline);
        if (g_str_equal(pipeline.result, "SUCCESSFUL"))
            deploy(deployments, &chance, (gint32) i, pipeline.completed_at);
    }
    g_array_sort(deployments, compare_deployments);
    repository->n_pipelines = pipelines->len;
    repository->pipelines = (CompanyPipeline *) g_array_free(pipelines, FALSE);
    repository->n_deployments = deployments->len;
    repository->deployments = (CompanyDeployment *) g_array_free(deployments, FALSE);
}
