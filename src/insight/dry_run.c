/*
 * What a rule would have found in the past: each pull request is looked at as it was at the end of
 * every day, under the values that are set and under those that are tried.
 */
#include "insight/evaluate.h"
#include "insight/insight.h"

#include <string.h>

/* Two ways of setting the rule, side by side. */
typedef struct {
    RuleSettings *settings;
    GHashTable *conditions; /* ids of findings, as gint64 */
    InsightCount count;
} Side;

typedef struct {
    const EvaluationGround *ground;
    const InsightTrial *trial;
    Side sides[2];        /* as set, as tried */
    Duration merged_days; /* how long after the merge the rule looks; 0: not at all */
    OpenList *open;       /* one per day, for rules of the workspace; NULL otherwise */
    MeasureCut *cut;
    GArray *reviews, *reviews_then;
} Run;

static UtcTime day_end(const Run *run, guint day)
{
    return run->trial->now - (Duration) (INSIGHT_DRY_DAYS - 1 - day) * TIME_DAY;
}

/* Notes what the rule put into @sink on that day. */
static void count(const Run *run, Side *side, const FindingSink *sink, guint day)
{
    const GPtrArray *drafts = finding_sink_drafts(sink);
    for (guint i = 0; i < drafts->len; i++) {
        const SinkDraft *draft = drafts->pdata[i];
        if (run->trial->repository_id != 0 &&
            draft->draft.repository_id != run->trial->repository_id)
            continue;
        side->count.holding += day == INSIGHT_DRY_DAYS - 1;
        if (g_hash_table_contains(side->conditions, &draft->finding_id))
            continue;
        g_hash_table_add(side->conditions, g_memdup2(&draft->finding_id, sizeof(gint64)));
        side->count.findings++;
    }
}

static RuleScene scene_of(const Run *run, const Side *side, guint day)
{
    RuleScene scene = evaluation_scene(run->ground, day_end(run, day));
    scene.settings = side->settings;
    scene.is_dry = day != INSIGHT_DRY_DAYS - 1;
    return scene;
}

/* ---- rules of pull requests */

static void judge_day(Run *run, const PullCase *pull, guint day)
{
    for (guint i = 0; i < G_N_ELEMENTS(run->sides); i++) {
        Side *side = &run->sides[i];
        RuleScene scene = scene_of(run, side, day);
        g_autoptr(FindingSink) sink = finding_sink_new(run->ground->workspace_id);
        evaluate_pull(&run->trial->rule, 1, &scene, pull, sink);
        count(run, side, sink, day);
    }
}

static gboolean look_at(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Run *run = user_data;
    if (!g_hash_table_contains(run->ground->judged, &row->repository_id))
        return TRUE;
    FactPr today;
    g_array_set_size(run->reviews, 0);
    measure_facts_of(run->ground->basis, row, &today, run->reviews);
    UtcTime closed = today.merged != TIME_ABSENT ? today.merged : today.declined;
    for (guint day = 0; day < INSIGHT_DRY_DAYS; day++) {
        UtcTime at = day_end(run, day);
        StorePullRequest then;
        FactPr fact;
        if (closed != TIME_ABSENT && closed + run->merged_days < at)
            break;
        if (!measure_row_as_of(row, closed, at, run->cut, &then))
            continue;
        g_array_set_size(run->reviews_then, 0);
        measure_facts_of(run->ground->basis, &then, &fact, run->reviews_then);
        const PullCase pull = {&then, &fact,
                               (const FactReview *) (const void *) run->reviews_then->data,
                               run->reviews_then->len};
        if (run->open == NULL)
            judge_day(run, &pull, day);
        else if (then.state == PR_OPEN)
            open_list_add(&run->open[day], &pull);
    }
    return TRUE;
}

/* ---- rules of the workspace */

static gboolean judge_workspace(Run *run, GError **error)
{
    for (guint day = 0; day < INSIGHT_DRY_DAYS; day++)
        for (guint i = 0; i < G_N_ELEMENTS(run->sides); i++) {
            Side *side = &run->sides[i];
            RuleScene scene = scene_of(run, side, day);
            g_autoptr(FindingSink) sink = finding_sink_new(run->ground->workspace_id);
            open_list_show(&run->open[day], &scene);
            if (!rule_settings_is_used(side->settings, run->trial->rule))
                continue;
            if (!run->trial->rule->evaluate_all(run->trial->rule, &scene, sink, error))
                return FALSE;
            count(run, side, sink, day);
        }
    return TRUE;
}

/* ---- */

static gboolean check(const InsightTrial *trial, GError **error)
{
    if (trial->rule->is_present) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "the rule %s looks at what is true now; nobody kept how it was before",
                    trial->rule->id);
        return FALSE;
    }
    for (guint i = 0; trial->parameters[i] != NULL; i++)
        if (!rule_settings_check(trial->rule, trial->parameters[i], trial->values[i], error))
            return FALSE;
    return TRUE;
}

/* The settings of both sides. What is tried is on unless the trial says otherwise. */
static void set_sides(Run *run)
{
    const InsightTrial *trial = run->trial;
    for (guint i = 0; i < G_N_ELEMENTS(run->sides); i++) {
        run->sides[i].settings = rule_settings_copy(run->ground->settings);
        run->sides[i].conditions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    }
    RuleSettings *tried = run->sides[1].settings;
    rule_settings_set(tried, trial->rule, trial->repository_id, "", 1);
    for (guint i = 0; trial->parameters[i] != NULL; i++)
        rule_settings_set(tried, trial->rule, trial->repository_id, trial->parameters[i],
                          trial->values[i]);
}

static gboolean run_days(Run *run, GError **error)
{
    const EvaluationGround *ground = run->ground;
    if ((run->trial->rule->subject & RULE_OF_MERGED) != 0) {
        double days = 0;
        for (guint i = 0; i < G_N_ELEMENTS(run->sides); i++)
            days =
                MAX(days, rule_settings_greatest(run->sides[i].settings, run->trial->rule, "days"));
        run->merged_days = (Duration) (days * (double) TIME_DAY);
    }
    g_autoptr(GArray) keys = store_list_open_since(ground->store, ground->workspace_id,
                                                   day_end(run, 0) - run->merged_days, error);
    return keys != NULL &&
           store_visit_keys(ground->store, ground->workspace_id, keys, look_at, run, error) &&
           (run->open == NULL || judge_workspace(run, error));
}

static void run_clear(Run *run)
{
    for (guint i = 0; i < G_N_ELEMENTS(run->sides); i++) {
        rule_settings_free(run->sides[i].settings);
        g_hash_table_unref(run->sides[i].conditions);
    }
    for (guint day = 0; run->open != NULL && day < INSIGHT_DRY_DAYS; day++)
        open_list_clear(&run->open[day]);
    g_free(run->open);
    measure_cut_free(run->cut);
    g_array_unref(run->reviews);
    g_array_unref(run->reviews_then);
}

gboolean insight_dry_run(Store *store, gint64 workspace_id, const InsightTrial *trial,
                         InsightDryRun *ret_result, GError **error)
{
    g_auto(EvaluationGround) ground = {0};
    if (!check(trial, error) || !measure_refresh(store, workspace_id, NULL, error) ||
        !evaluation_ground_load(&ground, store, workspace_id, error))
        return FALSE;
    Run run = {.ground = &ground,
               .trial = trial,
               .cut = measure_cut_new(),
               .reviews = g_array_new(FALSE, FALSE, sizeof(FactReview)),
               .reviews_then = g_array_new(FALSE, FALSE, sizeof(FactReview))};
    if (trial->rule->subject == RULE_OF_WORKSPACE) {
        run.open = g_new0(OpenList, INSIGHT_DRY_DAYS);
        for (guint day = 0; day < INSIGHT_DRY_DAYS; day++)
            open_list_init(&run.open[day]);
    }
    set_sides(&run);
    gboolean ok = run_days(&run, error);
    if (ok) {
        ret_result->as_set = run.sides[0].count;
        ret_result->as_tried = run.sides[1].count;
    }
    run_clear(&run);
    return ok;
}
