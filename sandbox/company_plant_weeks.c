/*
 * The ordinary weeks of a company with pathologies, and its flow.
 *
 * Every week has the same number of pull requests, and every span of theirs is drawn in layers:
 * one from each n-th of its distribution. So each week looks like every other but for what is
 * planted, and no trend arises from a run of luck; who and when is left to chance.
 */
#include "company_plant.h"

#define WORSE_WEEK     (-2) /* the first in which flow is worse */
#define REVIEWER_WEEK  (-5) /* … in which one person reviews nearly everything */
#define REVIEWER_SHARE 0.85
#define COMPARED       (14 * DAY)
#define WIDEST_WEEK    PLANT_PULLS_WEEK

typedef struct {
    gint64 least, most;
} Spread;

static const Spread coding_spread = {HOUR, 22 * HOUR}, pickup_spread = {30 * MINUTE, 8 * HOUR},
                    review_spread = {30 * MINUTE, 11 * HOUR},
                    merge_spread = {15 * MINUTE, 5 * HOUR + 30 * MINUTE};

/* One number from each n-th of 0 … 1, in random order. */
static void draw_layers(Chance *chance, guint n, double *ret_layers)
{
    for (guint i = 0; i < n; i++)
        ret_layers[i] = (i + chance_unit(chance)) / n;
    for (guint i = n; i > 1; i--) {
        guint other = chance_below(chance, i);
        double kept = ret_layers[i - 1];
        ret_layers[i - 1] = ret_layers[other];
        ret_layers[other] = kept;
    }
}

/* Many short, few long; the mean is a third of the way from the least to the most. */
static gint64 span_at(Spread spread, double layer, double factor)
{
    double whole = (double) spread.least + (double) (spread.most - spread.least) * layer * layer;
    return (gint64) (whole * factor);
}

typedef struct {
    double coding[WIDEST_WEEK], pickup[WIDEST_WEEK], review[WIDEST_WEEK], merge[WIDEST_WEEK],
        lines[WIDEST_WEEK], opening[WIDEST_WEEK];
} Layers;

static void draw_week(Chance *chance, guint n, Layers *ret_layers)
{
    double *all[] = {ret_layers->coding, ret_layers->pickup, ret_layers->review,
                     ret_layers->merge,  ret_layers->lines,  ret_layers->opening};
    for (guint i = 0; i < G_N_ELEMENTS(all); i++)
        draw_layers(chance, n, all[i]);
}

static void set_spans(PlannedPull *pull, const Layers *layers, guint i, gboolean is_worse)
{
    PlantRegime regime = is_worse ? (PlantRegime) pull->repository : REGIME_REVIEWER;
    pull->coding = span_at(coding_spread, layers->coding[i], regime == REGIME_MERGE ? 0.2 : 1);
    pull->pickup = span_at(pickup_spread, layers->pickup[i], regime == REGIME_PICKUP ? 4 : 1);
    pull->review = span_at(review_spread, layers->review[i], regime == REGIME_REVIEW ? 3.5 : 1);
    pull->merge = span_at(merge_spread, layers->merge[i], regime == REGIME_MERGE ? 4 : 1);
    pull->answer = pull->review * 2 / 5;
    double lines = 12 + 250 * layers->lines[i] * layers->lines[i];
    pull->lines = (guint) (regime == REGIME_SIZE ? lines * 2.4 : lines);
    pull->files = regime == REGIME_REWORK ? FILES_YOUNG : FILES_ORDINARY;
}

static void set_only_reviewer(CompanyPlan *plan, PlannedPull *pull)
{
    pull->n_reviewers = pull->n_approvals = 1;
    if (pull->author != plan->only_reviewer && chance_hit(&plan->chance, REVIEWER_SHARE))
        pull->reviewers[0] = plan->only_reviewer;
}

static void plan_one_week(CompanyPlan *plan, guint repository, gint week)
{
    gboolean is_few = repository == REGIME_THROUGHPUT && week >= WORSE_WEEK;
    guint n = is_few ? PLANT_PULLS_WEEK_FEW : PLANT_PULLS_WEEK;
    Layers layers;
    draw_week(&plan->chance, n, &layers);
    for (guint i = 0; i < n; i++) {
        /* The first of next week is opened on Monday before eight. */
        gboolean is_early = i == 0;
        gint64 at = is_early ? plan_week(plan, week + 1) - HOUR - 100 * MINUTE
                             : plan_week(plan, week) + 2 * HOUR +
                                   (gint64) (layers.opening[i] * 72 * (double) HOUR);
        PlannedPull *pull = plan_add_pull(plan, repository, at);
        gint lived = is_early ? week + 1 : week;
        set_spans(pull, &layers, i, lived >= WORSE_WEEK);
        if (is_early)
            pull->coding = MIN(pull->coding, 20 * HOUR); /* begun after the last week's merges */
        if (repository == REGIME_REVIEWER && lived >= REVIEWER_WEEK)
            set_only_reviewer(plan, pull);
    }
}

void plan_ordinary_weeks(CompanyPlan *plan)
{
    for (guint r = 0; r < PLANT_REPOSITORIES; r++)
        for (gint week = -PLANT_WEEKS_PAST; week < PLANT_WEEKS_FUTURE; week++)
            plan_one_week(plan, r, week);
}

/* What two weeks against the eight before them show. At the epoch the two are all worse; a week
 * later the last is one of the two and the first of the eight, and still they differ as clearly. */
void plan_flow(CompanyPlan *plan)
{
    static const struct {
        const char *rule;
        PlantRegime regime;
    } flow[] = {
        {"pickup-time-worse", REGIME_PICKUP},
        {"cycle-time-worse", REGIME_PICKUP}, /* 17 hours in the mean have become 26 */
        {"review-time-worse", REGIME_REVIEW},
        {"cycle-time-worse", REGIME_REVIEW}, /* 17 … 27 */
        {"merge-time-worse", REGIME_MERGE},  /* 17 … 17, as coding takes 1.6 instead of 8 */
        {"throughput-fell", REGIME_THROUGHPUT},
        {"pull-requests-growing", REGIME_SIZE},
        {"rework-rising", REGIME_REWORK},
        {"deployment-frequency-fell", REGIME_FREQUENCY},
        {"failure-rate-rose", REGIME_FAILURES},
        {"recovery-time-worse", REGIME_RECOVERY},
    };
    gint64 begins = plan_week(plan, WORSE_WEEK) + COMPARED, ends = plan_week(plan, 2);
    for (guint i = 0; i < G_N_ELEMENTS(flow); i++)
        plan_add_finding(plan, flow[i].rule, (gint) flow[i].regime, begins, ends);
    plan_add_finding(plan, "review-concentration", REGIME_REVIEWER,
                     plan_week(plan, REVIEWER_WEEK) + 28 * DAY, NEVER);
}
