/*
 * Open pull requests with which something is wrong. Of every kind one is there at the epoch and
 * gone a week later, one stays, one comes within the week, as far as the kind allows it.
 *
 * Those that stay open long change a new file of their own: main moves on without a conflict.
 */
#include "company_plant.h"

#define WAIT_LONGEST     (24 * HOUR) /* to the first review, and from approval to merge */
#define SILENCE_LONGEST  (7 * DAY)
#define ANSWER_LONGEST   (3 * DAY)
#define REVIEWER_LONGEST (4 * HOUR)
#define MERGES_WATCHED   (14 * DAY)
#define LATER            (40 * DAY) /* beyond the plan */

/* In some repository, opened @from hours after the epoch. */
static PlannedPull *plant(CompanyPlan *plan, gint hours)
{
    guint repository = chance_below(&plan->chance, PLANT_REPOSITORIES);
    PlannedPull *pull = plan_add_pull(plan, repository, plan->epoch + hours * HOUR);
    pull->pickup = 8 * HOUR;
    return pull;
}

static gint64 after(const CompanyPlan *plan, const PlannedPull *pull, gint hours)
{
    return plan->epoch + hours * HOUR - pull->at;
}

/* ---- nobody does anything ------------------------------------------------------------------- */

static void wait_for_review(CompanyPlan *plan, gint opened, gint reviewed)
{
    PlannedPull *pull = plant(plan, opened);
    pull->pickup = after(plan, pull, reviewed);
    gint64 first = plan_reviewed_at(pull);
    plan_add_pull_finding(plan, "waiting-for-review", pull, pull->at + WAIT_LONGEST, first);
    if (pull->pickup > SILENCE_LONGEST)
        plan_add_pull_finding(plan, "stale", pull, pull->at + SILENCE_LONGEST, first);
}

/* The author's answer, without a push, is the last that happens until it is declined. */
static void fall_asleep(CompanyPlan *plan, gint opened, gint answered, gint declined)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_GENERAL | PLANT_REPLY_ONLY | PLANT_DECLINED;
    pull->answer = after(plan, pull, answered) - pull->pickup;
    pull->closes = after(plan, pull, declined);
    plan_add_pull_finding(plan, "stale", pull,
                          pull->at + pull->pickup + pull->answer + SILENCE_LONGEST,
                          plan_closed_at(pull));
}

static void ask_for_changes(CompanyPlan *plan, gint opened, gint answered)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_GENERAL | PLANT_CHANGES;
    pull->answer = after(plan, pull, answered) - pull->pickup;
    pull->review = pull->answer + 3 * HOUR;
    gint64 asked = plan_reviewed_at(pull), answer = asked + pull->answer;
    plan_add_pull_finding(plan, "changes-unanswered", pull, asked + ANSWER_LONGEST, answer);
    if (pull->answer > SILENCE_LONGEST)
        plan_add_pull_finding(plan, "stale", pull, asked + SILENCE_LONGEST, answer);
}

static void leave_comments(CompanyPlan *plan, gint opened, gint answered, guint flags)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = flags;
    pull->answer = after(plan, pull, answered) - pull->pickup;
    pull->review = pull->answer + 3 * HOUR;
    gint64 said = plan_reviewed_at(pull), answer = said + pull->answer;
    plan_add_pull_finding(plan, "comments-unaddressed", pull, said + ANSWER_LONGEST, answer);
    if (pull->answer > SILENCE_LONGEST)
        plan_add_pull_finding(plan, "stale", pull, said + SILENCE_LONGEST, answer);
}

static void leave_approved(CompanyPlan *plan, gint opened, gint merged)
{
    PlannedPull *pull = plant(plan, opened);
    pull->merge = after(plan, pull, merged) - pull->pickup - pull->review;
    gint64 approved = plan_approved_at(pull);
    plan_add_pull_finding(plan, "approved-unmerged", pull, approved + WAIT_LONGEST,
                          plan_closed_at(pull));
    if (pull->merge > SILENCE_LONGEST)
        plan_add_pull_finding(plan, "stale", pull, approved + SILENCE_LONGEST,
                              plan_closed_at(pull));
}

static void ask_nobody(CompanyPlan *plan, gint opened, gint reviewed)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_UNASKED;
    pull->pickup = after(plan, pull, reviewed);
    plan_add_pull_finding(plan, "no-reviewer", pull, pull->at + REVIEWER_LONGEST,
                          plan_reviewed_at(pull));
}

/* ---- something is wrong with it ------------------------------------------------------------- */

static void stamp(CompanyPlan *plan, gint opened, gint64 merge)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_SILENT;
    pull->pickup = pull->review = 90 * MINUTE;
    pull->merge = merge;
    pull->rounds = 0;
    pull->lines = 560;
    plan_add_pull_finding(plan, "rubber-stamp", pull, plan_approved_at(pull),
                          plan_closed_at(pull) + MERGES_WATCHED);
}

static void grow(CompanyPlan *plan, gint opened, gint answered, gint64 review)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_GENERAL;
    pull->lines = 2100; /* two thirds of them in the first commits */
    pull->answer = after(plan, pull, answered) - pull->pickup;
    pull->review = pull->answer + review;
    plan_add_pull_finding(plan, "too-large", pull, pull->at, plan_closed_at(pull));
}

/* All rounds are over @rounds_over; then nobody approves it until shortly before @merged. */
static void go_round(CompanyPlan *plan, gint opened, gint64 rounds_over, gint merged)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_GENERAL;
    pull->rounds = 6;
    pull->answer = (rounds_over - pull->pickup) / (gint64) pull->rounds;
    pull->review = after(plan, pull, merged) - pull->pickup - 2 * HOUR;
    /* Reviews that follow a push: one each half an answer after it. */
    gint64 fifth = pull->at + pull->pickup + 5 * pull->answer + pull->answer / 2;
    plan_add_pull_finding(plan, "too-many-rounds", pull, fifth, plan_closed_at(pull));
}

/* Both change the same lines; the other one is merged at @merged and this one declined. */
static void contest(CompanyPlan *plan, guint id, gint opened, gint merged, gint answered,
                    gint declined)
{
    PlannedPull *pull = plant(plan, opened);
    pull->flags = PLANT_GENERAL | PLANT_REPLY_ONLY | PLANT_DECLINED;
    pull->files = FILES_CONTESTED;
    pull->contest = id;
    pull->lines = 90;
    pull->answer = after(plan, pull, answered) - pull->pickup;
    pull->closes = after(plan, pull, declined);
    PlannedPull *other = plan_add_pull(plan, pull->repository, plan->epoch + (merged - 9) * HOUR);
    other->files = FILES_CONTESTING;
    other->contest = id;
    other->coding = HOUR;
    other->lines = 20;
    other->merge = after(plan, other, merged) - other->pickup - other->review;
    plan_add_pull_finding(plan, "merge-conflict", pull, plan_closed_at(other),
                          plan_closed_at(pull));
}

/* ---- none of them a finding ----------------------------------------------------------------- */

static void draft_for_long(CompanyPlan *plan)
{
    PlannedPull *pull = plant(plan, -20 * 24);
    pull->flags = PLANT_DRAFT | PLANT_UNASKED;
    pull->pickup = NEVER;
}

/* By an app: nobody has to look at it. */
static void update_for_long(CompanyPlan *plan)
{
    PlannedPull *pull = plant(plan, -12 * 24);
    pull->author = PLANT_PEOPLE; /* the first account after the people */
    pull->flags = PLANT_UNASKED;
    pull->pickup = NEVER;
}

void plan_process(CompanyPlan *plan)
{
    const gint day = 24, later = LATER / HOUR;
    wait_for_review(plan, -91, 30);
    wait_for_review(plan, -71, later);
    wait_for_review(plan, 4 * day, 9 * day);
    fall_asleep(plan, -16 * day, -9 * day, 3 * day);
    fall_asleep(plan, -15 * day, -8 * day - 5, later);
    fall_asleep(plan, -5 * day, -62, later);
    ask_for_changes(plan, -5 * day, day);
    ask_for_changes(plan, -6 * day, later);
    ask_for_changes(plan, 2 * day, 12 * day);
    leave_comments(plan, -5 * day, day, 0);
    leave_comments(plan, -5 * day + 3, later, PLANT_GENERAL | PLANT_TASK);
    leave_comments(plan, 2 * day + 5, 12 * day, 0);
    leave_approved(plan, -92, 5);
    leave_approved(plan, -76, later);
    leave_approved(plan, 4 * day, 10 * day);
    ask_nobody(plan, -6, 5);
    ask_nobody(plan, 7 * day - 7, 7 * day + 3);
    stamp(plan, -10 * day - 4, HOUR);
    stamp(plan, -5, 10 * HOUR);
    stamp(plan, 2 * day, HOUR);
    grow(plan, -2, 12, 5 * HOUR);
    grow(plan, -3, 5 * day, 8 * DAY);
    grow(plan, 7 * day - 2, 8 * day, DAY);
    go_round(plan, -5 * day, 54 * HOUR, 2 * day);
    go_round(plan, day, 72 * HOUR, 9 * day);
    contest(plan, 1, -4 * day, -79, -48, 4 * day);
    contest(plan, 2, -76, day, 2 * day, later);
    draft_for_long(plan);
    update_for_long(plan);
}
