/* People with too much on their hands, code that one person knows, branches left behind. */
#include "company_plant.h"

#define ASKED_MOST    8
#define OPEN_MOST     6
#define BRANCH_OLDEST (90 * DAY)
#define FOLDER_PULLS  14

static gint compare_instants(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
    return (x > y) - (x < y);
}

/* More than @most at once: from the next one's beginning until few enough are left. */
static void find_heap(CompanyPlan *plan, const char *rule, gint32 person, GArray *begins,
                      GArray *ends, guint most)
{
    g_array_sort(begins, compare_instants);
    g_array_sort(ends, compare_instants);
    PlannedFinding *finding = plan_add_finding(plan, rule, -1, g_array_index(begins, gint64, most),
                                               g_array_index(ends, gint64, ends->len - most - 1));
    finding->person = person;
}

/* Eight in one morning, the last more than an hour before @at. */
static void open_many(CompanyPlan *plan, gint32 author, gint64 at)
{
    g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < OPEN_MOST + 2; i++) {
        PlannedPull *pull = plan_add_pull(plan, i, at - 3 * HOUR + i * 13 * MINUTE);
        pull->author = author;
        pull->pickup = (5 + i) * HOUR;
        gint64 closed = plan_closed_at(pull);
        g_array_append_val(begins, pull->at);
        g_array_append_val(ends, closed);
    }
    find_heap(plan, "author-overloaded", author, begins, ends, OPEN_MOST);
}

/* Ten ask the same person beside another one, who comments first. */
static void ask_one(CompanyPlan *plan, gint32 reviewer, gint64 at)
{
    g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < ASKED_MOST + 2; i++) {
        PlannedPull *pull = plan_add_pull(plan, i, at - 3 * HOUR + i * 11 * MINUTE);
        pull->reviewers[1] = reviewer;
        pull->pickup = (5 + i) * HOUR;
        gint64 answered = plan_approved_at(pull) - 3 * MINUTE; /* company_plant_life.c */
        g_array_append_val(begins, pull->at);
        g_array_append_val(ends, answered);
    }
    find_heap(plan, "reviewer-overloaded", reviewer, begins, ends, ASKED_MOST);
}

/* A folder that one person writes, and others but review. */
static void keep_to_oneself(CompanyPlan *plan)
{
    PlannedRepository *place = &plan->repositories[REGIME_FREQUENCY];
    place->folder = g_strdup("src/clearing");
    for (guint i = 0; i < FOLDER_PULLS; i++) {
        PlannedPull *pull = plan_add_pull(plan, REGIME_FREQUENCY,
                                          plan_week(plan, -20 + (gint) i) + 10 * HOUR +
                                              chance_between(&plan->chance, 0, 20 * HOUR));
        if (pull->reviewers[0] == plan->only_developer)
            pull->reviewers[0] = pull->author;
        if (pull->reviewers[1] == plan->only_developer)
            pull->reviewers[1] = pull->author;
        pull->author = plan->only_developer;
        pull->files = FILES_FOLDER;
        pull->lines = 120;
    }
    PlannedFinding *finding =
        plan_add_finding(plan, "knowledge-single", REGIME_FREQUENCY, plan_week(plan, -5), NEVER);
    finding->person = plan->only_developer;
    finding->subject = place->folder;
}

void plan_load(CompanyPlan *plan)
{
    open_many(plan, plan->busy_author, plan->epoch);
    open_many(plan, plan->next_busy_author, plan_week(plan, 1));
    ask_one(plan, plan->busy_reviewer, plan->epoch);
    keep_to_oneself(plan);
}

/* ---- branches ------------------------------------------------------------------------------- */

static PlannedPull *leave_branch(CompanyPlan *plan, gint days, guint flags)
{
    guint repository = chance_below(&plan->chance, PLANT_REPOSITORIES);
    PlannedPull *pull = plan_add_pull(plan, repository, plan->epoch + days * DAY);
    pull->flags = PLANT_KEEPS_BRANCH | flags;
    pull->closes = 2 * DAY;
    return pull;
}

/* The last commit came with the answer. */
static PlannedFinding *find_branch(CompanyPlan *plan, const PlannedPull *pull, gint64 ends)
{
    gint64 pushed = pull->at + pull->pickup + pull->answer;
    PlannedFinding *finding =
        plan_add_pull_finding(plan, "stale-branch", pull, pushed + BRANCH_OLDEST, ends);
    finding->is_branch = TRUE;
    return finding;
}

void plan_hygiene(CompanyPlan *plan)
{
    PlannedPull *pull = leave_branch(plan, -129, PLANT_DECLINED);
    pull->branch_deleted_at = plan->epoch + 3 * DAY;
    find_branch(plan, pull, pull->branch_deleted_at);
    find_branch(plan, leave_branch(plan, -112, 0), NEVER);
    find_branch(plan, leave_branch(plan, -87, PLANT_DECLINED), NEVER);
    leave_branch(plan, -50, PLANT_DECLINED); /* not old enough: no finding */
}
