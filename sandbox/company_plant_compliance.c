/*
 * What the company agreed about approvals, and merges that broke it. A finding of a merge is
 * watched for a fortnight: some are over within the week after the epoch, some come.
 */
#include "company_plant.h"

#define MERGES_WATCHED (14 * DAY)

static PlannedPolicy *add_policy(CompanyPlan *plan, gint repository, guint approvals)
{
    PlannedPolicy *policy = &plan->policies[plan->n_policies++];
    *policy = (PlannedPolicy){.repository = repository, .approvals = approvals, .builds = TRUE};
    return policy;
}

/* Four of the repository's people, none of them with a part of their own. */
static void require_people(CompanyPlan *plan, PlannedPolicy *policy)
{
    gint32 taken[5 + 4] = {plan->busy_author, plan->next_busy_author, plan->busy_reviewer,
                           plan->only_reviewer, plan->only_developer};
    for (guint i = 0; i < 4; i++) {
        gint32 person = plan_pick_member(plan, (guint) policy->repository, -1, taken, 5 + i);
        taken[5 + i] = policy->required[i] = person;
    }
    policy->n_required = 4;
    policy->required_count = 1;
}

void plan_policies(CompanyPlan *plan)
{
    add_policy(plan, -1, 1);
    add_policy(plan, REGIME_THROUGHPUT, 2);
    add_policy(plan, REGIME_SIZE, 2);
    require_people(plan, add_policy(plan, REGIME_REWORK, 1));
    add_policy(plan, REGIME_FREQUENCY, 2)->void_on_push = TRUE;
}

/* A merge @days after the epoch, in the middle of the day. */
static PlannedPull *merge_at(CompanyPlan *plan, guint repository, gint days)
{
    PlannedPull *pull = plan_add_pull(plan, repository, plan->epoch + days * DAY - HOUR);
    pull->pickup = HOUR;
    pull->review = 3 * HOUR;
    pull->answer = HOUR;
    pull->merge = 2 * HOUR;
    return pull;
}

static void find_merge(CompanyPlan *plan, const char *rule, const PlannedPull *pull)
{
    gint64 merged = plan_closed_at(pull);
    plan_add_pull_finding(plan, rule, pull, merged, merged + MERGES_WATCHED);
}

static void approve_too_little(CompanyPlan *plan, gint days)
{
    PlannedPull *pull = merge_at(plan, REGIME_SIZE, days);
    pull->n_approvals = 1;
    find_merge(plan, "too-few-approvals", pull);
}

static void miss_required(CompanyPlan *plan, gint days)
{
    PlannedPull *pull = merge_at(plan, REGIME_REWORK, days);
    const PlannedPolicy *policy = NULL;
    for (guint i = 0; i < plan->n_policies; i++)
        if (plan->policies[i].repository == REGIME_REWORK)
            policy = &plan->policies[i];
    gint32 taken[PLANT_REQUIRED_MOST + 2];
    memcpy(taken, policy->required, policy->n_required * sizeof taken[0]);
    for (guint i = 0; i < 2; i++) {
        pull->reviewers[i] =
            plan_pick_member(plan, REGIME_REWORK, pull->author, taken, policy->n_required + i);
        taken[policy->n_required + i] = pull->reviewers[i];
    }
    find_merge(plan, "missing-required-approver", pull);
}

/* The author's own approval is none. */
static void approve_oneself(CompanyPlan *plan, gint days)
{
    PlannedPull *pull = merge_at(plan, REGIME_REVIEW, days);
    pull->flags = PLANT_AUTHOR_APPROVES | PLANT_GENERAL;
    pull->n_approvals = 0;
    find_merge(plan, "approved-only-by-author", pull);
    find_merge(plan, "too-few-approvals", pull);
}

/* Where a push voids approvals, there are none left. */
static void change_late(CompanyPlan *plan, gint days, guint repository)
{
    PlannedPull *pull = merge_at(plan, repository, days);
    pull->flags = PLANT_PUSH_LATE;
    find_merge(plan, "changed-after-approval", pull);
    if (repository == REGIME_FREQUENCY)
        find_merge(plan, "too-few-approvals", pull);
}

static void merge_in_spite(CompanyPlan *plan, gint days, guint repository, guint flag,
                           const char *rule)
{
    PlannedPull *pull = merge_at(plan, repository, days);
    pull->flags = flag;
    find_merge(plan, rule, pull);
}

static void merge_unseen(CompanyPlan *plan, gint days)
{
    PlannedPull *pull = merge_at(plan, REGIME_RECOVERY, days);
    pull->flags = PLANT_SILENT;
    pull->n_approvals = pull->rounds = 0;
    find_merge(plan, "merged-unreviewed", pull);
    find_merge(plan, "too-few-approvals", pull);
}

/* Also while it is open. */
static void forget_key(CompanyPlan *plan, gint days)
{
    PlannedPull *pull = merge_at(plan, REGIME_FAILURES, days);
    pull->flags = PLANT_WITHOUT_KEY;
    plan_add_pull_finding(plan, "no-issue-key", pull, pull->at,
                          plan_closed_at(pull) + MERGES_WATCHED);
}

static void push_directly(CompanyPlan *plan, guint repository, gint64 at)
{
    PlannedRepository *place = &plan->repositories[repository];
    PlannedDirect direct = {.at = at, .person = plan_pick_member(plan, repository, -1, NULL, 0)};
    PlannedFinding *finding =
        plan_add_finding(plan, "direct-push", (gint) repository, at, at + MERGES_WATCHED);
    finding->direct = (gint) place->directs->len;
    finding->person = direct.person;
    g_array_append_val(place->directs, direct);
}

void plan_compliance(CompanyPlan *plan)
{
    static const gint days[] = {-10, -4, 2};
    for (guint i = 0; i < G_N_ELEMENTS(days); i++) {
        approve_too_little(plan, days[i]);
        miss_required(plan, days[i]);
        approve_oneself(plan, days[i]);
        change_late(plan, days[i], i == 1 ? REGIME_FREQUENCY : REGIME_RECOVERY);
        merge_in_spite(plan, days[i], REGIME_PICKUP, i == 0 ? PLANT_BUILD_RUNS : PLANT_BUILD_FAILS,
                       "merged-with-failed-build");
        merge_in_spite(plan, days[i], REGIME_FAILURES, PLANT_TASK_STAYS, "merged-with-open-tasks");
        merge_unseen(plan, days[i]);
        forget_key(plan, days[i]);
        push_directly(plan, REGIME_MERGE, plan->epoch + days[i] * DAY + 5 * HOUR);
    }
}
