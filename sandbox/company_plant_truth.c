/* The findings and policies in truth.json (docs/sandbox.md). */
#include "company_truth.h"

static void put_repository(TruthOut *out, gint repository)
{
    truth_put(out, "\"repository\":");
    if (repository < 0) {
        truth_put(out, "null");
        return;
    }
    g_autofree char *name = g_strdup_printf("%s/%s", out->company->workspace.slug,
                                            out->company->repositories[repository].slug);
    truth_put_string(out, name);
}

static const char *subject_of(const TruthOut *out, const PlannedFinding *finding)
{
    if (finding->direct >= 0) {
        const RepositoryPrivate *own = &out->company->privates[finding->repository];
        /* The first direct commit is the one that the repository began with. */
        gint32 commit =
            g_array_index(own->direct, DirectCommit, (guint) finding->direct + 1).commit;
        return out->company->repositories[finding->repository].commits[commit].hash;
    }
    if (finding->is_branch) {
        const CompanyRepository *repository = &out->company->repositories[finding->repository];
        return repository->pulls[finding->pull->number - 1].source_branch;
    }
    return finding->subject;
}

static void put_finding(TruthOut *out, const PlannedFinding *finding)
{
    const char *subject = subject_of(out, finding);
    truth_put(out, "{\"rule\":");
    truth_put_string(out, finding->rule);
    truth_put(out, ",");
    put_repository(out, finding->repository);
    truth_put(out, ",\"number\":");
    if (finding->pull != NULL && !finding->is_branch)
        truth_put_number(out, finding->pull->number);
    else
        truth_put(out, "null");
    truth_put(out, ",\"person\":");
    truth_put_person(out, finding->person);
    truth_put(out, ",\"subject\":");
    if (subject != NULL)
        truth_put_string(out, subject);
    else
        truth_put(out, "null");
    truth_put(out, ",\"at\":");
    truth_put_time(out, finding->begins);
    truth_put(out, "}");
}

static void put_policy(TruthOut *out, const PlannedPolicy *policy)
{
    truth_put(out, "{");
    put_repository(out, policy->repository);
    truth_put(out, ",\"branch\":");
    truth_put_string(out, out->company->repositories[0].main_branch); /* the same everywhere */
    truth_put(out, ",\"approvals\":");
    truth_put_number(out, policy->approvals);
    truth_put(out, ",\"required\":[");
    for (guint i = 0; i < policy->n_required; i++) {
        truth_put(out, i > 0 ? "," : "");
        truth_put_person(out, policy->required[i]);
    }
    truth_put(out, "],\"required_count\":");
    truth_put_number(out, policy->required_count);
    truth_put(out, policy->builds ? ",\"builds\":true" : ",\"builds\":false");
    truth_put(out, policy->void_on_push ? ",\"void_on_push\":true" : ",\"void_on_push\":false");
    truth_put(out, ",\"author_counts\":false,\"from\":");
    truth_put_time(out, out->company->starts_at);
    truth_put(out, "}");
}

void truth_put_plan(TruthOut *out)
{
    const CompanyPlan *plan = out->company->plan;
    guint n = 0;
    truth_put(out, ",\n\"policies\":[");
    for (guint i = 0; i < plan->n_policies; i++) {
        truth_put(out, i > 0 ? ",\n" : "\n");
        put_policy(out, &plan->policies[i]);
    }
    truth_put(out, "],\n\"findings\":[");
    for (guint i = 0; i < plan->findings->len; i++) {
        const PlannedFinding *finding = &g_array_index(plan->findings, PlannedFinding, i);
        if (finding->begins > out->now || finding->ends <= out->now)
            continue;
        truth_put(out, n++ > 0 ? ",\n" : "\n");
        put_finding(out, finding);
    }
    truth_put(out, "]");
}
