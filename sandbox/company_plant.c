/* The plan of a company with pathologies: its parts and what they share. */
#include "company_plant.h"

#define OPENING_HOUR 8

gboolean company_plan_check(gint64 epoch, GError **error)
{
    /* 1970-01-05 was a Monday. */
    if (epoch > 0 && (epoch - 4 * DAY) % PLANT_WEEK == OPENING_HOUR * HOUR)
        return TRUE;
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                        "a company with pathologies begins on a Monday at 08:00 UTC, such as "
                        "2026-11-16T08:00:00Z");
    return FALSE;
}

gint64 plan_week(const CompanyPlan *plan, gint week)
{
    return plan->epoch + week * PLANT_WEEK;
}

gint64 plan_reviewed_at(const PlannedPull *pull)
{
    return pull->pickup == NEVER ? NEVER : pull->at + pull->pickup;
}

gint64 plan_approved_at(const PlannedPull *pull)
{
    if (pull->pickup == NEVER || pull->review == NEVER || (pull->flags & PLANT_DECLINED) != 0)
        return NEVER;
    return pull->at + pull->pickup + pull->review;
}

gint64 plan_closed_at(const PlannedPull *pull)
{
    if ((pull->flags & PLANT_DECLINED) != 0)
        return pull->at + pull->closes;
    gint64 approved = plan_approved_at(pull);
    return approved == NEVER || pull->merge == NEVER ? NEVER : approved + pull->merge;
}

/* Kept free for what is planned for them, shortly before the epoch and after it. */
static gboolean is_kept_free(const CompanyPlan *plan, gint32 person, gint64 at)
{
    return at >= plan_week(plan, -1) &&
           (person == plan->busy_author || person == plan->next_busy_author ||
            person == plan->busy_reviewer);
}

static gboolean is_among(gint32 person, const gint32 *people, guint n)
{
    for (guint i = 0; i < n; i++)
        if (people[i] == person)
            return TRUE;
    return FALSE;
}

static gint32 pick_member_at(CompanyPlan *plan, guint repository, gint64 at, gint32 author,
                             const gint32 *others, guint n)
{
    const PlannedRepository *place = &plan->repositories[repository];
    guint start = chance_below(&plan->chance, PLANT_MEMBERS);
    for (guint i = 0; i < PLANT_MEMBERS; i++) {
        gint32 person = (gint32) place->members[(start + i) % PLANT_MEMBERS];
        if (person != author && !is_among(person, others, n) && !is_kept_free(plan, person, at))
            return person;
    }
    g_assert_not_reached(); /* there are far more members than anybody names */
}

gint32 plan_pick_member(CompanyPlan *plan, guint repository, gint32 author, const gint32 *others,
                        guint n)
{
    return pick_member_at(plan, repository, NEVER, author, others, n);
}

/* Where the policy names people, one of them reviews. */
static void ask_required(CompanyPlan *plan, PlannedPull *pull)
{
    for (guint i = 0; i < plan->n_policies; i++) {
        const PlannedPolicy *policy = &plan->policies[i];
        if (policy->repository != (gint) pull->repository || policy->n_required == 0 ||
            is_among(pull->reviewers[0], policy->required, policy->n_required))
            continue;
        guint start = chance_below(&plan->chance, policy->n_required);
        for (guint k = 0; k < policy->n_required; k++) {
            gint32 person = policy->required[(start + k) % policy->n_required];
            if (person != pull->author && person != pull->reviewers[1]) {
                pull->reviewers[0] = person;
                break;
            }
        }
    }
}

PlannedPull *plan_add_pull(CompanyPlan *plan, guint repository, gint64 at)
{
    PlannedPull *pull = g_new0(PlannedPull, 1);
    *pull = (PlannedPull){.repository = repository,
                          .at = at + chance_between(&plan->chance, 0, 5 * MINUTE),
                          .n_reviewers = 2,
                          .n_approvals = 2,
                          .coding = 6 * HOUR,
                          .pickup = 2 * HOUR,
                          .answer = 100 * MINUTE,
                          .review = 4 * HOUR,
                          .merge = 2 * HOUR,
                          .rounds = 1,
                          .lines = 80,
                          .files = FILES_OWN,
                          .branch_deleted_at = NEVER};
    pull->author = pick_member_at(plan, repository, at, -1, NULL, 0);
    for (guint i = 0; i < 2; i++)
        pull->reviewers[i] = pick_member_at(plan, repository, at, pull->author, pull->reviewers, i);
    ask_required(plan, pull);
    g_ptr_array_add(plan->repositories[repository].pulls, pull);
    return pull;
}

PlannedFinding *plan_add_finding(CompanyPlan *plan, const char *rule, gint repository,
                                 gint64 begins, gint64 ends)
{
    PlannedFinding finding = {.rule = rule,
                              .repository = repository,
                              .person = -1,
                              .direct = -1,
                              .begins = begins,
                              .ends = ends};
    g_array_append_val(plan->findings, finding);
    return &g_array_index(plan->findings, PlannedFinding, plan->findings->len - 1);
}

PlannedFinding *plan_add_pull_finding(CompanyPlan *plan, const char *rule, const PlannedPull *pull,
                                      gint64 begins, gint64 ends)
{
    PlannedFinding *finding = plan_add_finding(plan, rule, (gint) pull->repository, begins, ends);
    finding->pull = pull;
    return finding;
}

/* ---- people --------------------------------------------------------------------------------- */

static void shuffle(Chance *chance, guint *numbers, guint n)
{
    for (guint i = n; i > 1; i--) {
        guint other = chance_below(chance, i), kept = numbers[i - 1];
        numbers[i - 1] = numbers[other];
        numbers[other] = kept;
    }
}

/* Everybody works in six repositories; those with a part of their own are members of all. */
static void choose_people(CompanyPlan *plan)
{
    guint people[PLANT_PEOPLE];
    for (guint i = 0; i < PLANT_PEOPLE; i++)
        people[i] = i;
    shuffle(&plan->chance, people, PLANT_PEOPLE);
    gint32 *named[] = {&plan->busy_author, &plan->next_busy_author, &plan->busy_reviewer,
                       &plan->only_reviewer, &plan->only_developer};
    guint n_named = G_N_ELEMENTS(named);
    for (guint i = 0; i < n_named; i++)
        *named[i] = (gint32) people[i];
    for (guint r = 0; r < PLANT_REPOSITORIES; r++) {
        guint *members = plan->repositories[r].members;
        memcpy(members, people, n_named * sizeof *members);
        for (guint i = n_named; i < PLANT_MEMBERS; i++)
            members[i] = people[n_named + (i - n_named + r * (PLANT_MEMBERS - n_named)) %
                                              (PLANT_PEOPLE - n_named)];
        shuffle(&plan->chance, members, PLANT_MEMBERS);
    }
}

/* ---- from beginning to end ------------------------------------------------------------------ */

static gint compare_pulls(gconstpointer a, gconstpointer b)
{
    const PlannedPull *x = *(PlannedPull *const *) a, *y = *(PlannedPull *const *) b;
    return (x->at > y->at) - (x->at < y->at);
}

static void number_pulls(CompanyPlan *plan)
{
    for (guint r = 0; r < PLANT_REPOSITORIES; r++) {
        GPtrArray *pulls = plan->repositories[r].pulls;
        g_ptr_array_sort(pulls, compare_pulls);
        for (guint i = 0; i < pulls->len; i++)
            ((PlannedPull *) g_ptr_array_index(pulls, i))->number = i + 1;
    }
}

CompanyPlan *company_plan_new(guint64 seed, gint64 epoch)
{
    CompanyPlan *plan = g_new0(CompanyPlan, 1);
    plan->epoch = epoch;
    plan->findings = g_array_new(FALSE, FALSE, sizeof(PlannedFinding));
    chance_init(&plan->chance, seed, SUBJECT_PLAN, 0, 0);
    for (guint r = 0; r < PLANT_REPOSITORIES; r++) {
        plan->repositories[r].pulls = g_ptr_array_new_with_free_func(g_free);
        plan->repositories[r].directs = g_array_new(FALSE, FALSE, sizeof(PlannedDirect));
    }
    choose_people(plan);
    plan_policies(plan); /* they say who reviews */
    plan_ordinary_weeks(plan);
    plan_process(plan);
    plan_compliance(plan);
    plan_load(plan);
    plan_hygiene(plan);
    plan_flow(plan);
    number_pulls(plan);
    return plan;
}

void company_plan_free(CompanyPlan *plan)
{
    if (plan == NULL)
        return;
    for (guint r = 0; r < PLANT_REPOSITORIES; r++) {
        g_ptr_array_unref(plan->repositories[r].pulls);
        g_array_unref(plan->repositories[r].directs);
        g_free(plan->repositories[r].folder);
    }
    g_array_unref(plan->findings);
    g_free(plan);
}
