#include "sync/plan.h"

typedef struct {
    SyncStage stage;
    gboolean is_git;
    gboolean in_kind[2];
    guint needs[2];
} PlanRow;

#define PR     STEP_BIT(STEP_PULL_REQUESTS)
#define FEED   STEP_BIT(STEP_ACTIVITY)
#define GIT    STEP_BIT(STEP_GIT)
#define RANGES STEP_BIT(STEP_RANGES)
#define OLD_PR STEP_BIT(STEP_HISTORY_PULL_REQUESTS)
#define OLD    STEP_BIT(STEP_HISTORY_ACTIVITY)
#define OLD_RG STEP_BIT(STEP_HISTORY_RANGES)

/* A cycle reads the feed before the list, so that a pull request that the feed names is seen at
 * least as fresh as its events; and git after both, so that the mirror has every source they name.
 */
static const PlanRow ROWS[STEP_COUNT] = {
    [STEP_PULL_REQUESTS] = {SYNC_STAGE_PULL_REQUESTS, FALSE, {TRUE, TRUE}, {0, FEED}},
    [STEP_ACTIVITY] = {SYNC_STAGE_ACTIVITY, FALSE, {TRUE, TRUE}, {PR, 0}},
    [STEP_GIT] = {SYNC_STAGE_GIT, TRUE, {TRUE, TRUE}, {0, PR | FEED}},
    [STEP_RANGES] = {SYNC_STAGE_RANGES, TRUE, {TRUE, TRUE}, {PR | GIT, PR | GIT}},
    [STEP_HISTORY_PULL_REQUESTS] = {SYNC_STAGE_HISTORY, FALSE, {TRUE, FALSE}, {PR | FEED, 0}},
    [STEP_HISTORY_ACTIVITY] = {SYNC_STAGE_HISTORY, FALSE, {TRUE, FALSE}, {FEED | OLD_PR, 0}},
    [STEP_HISTORY_RANGES] = {SYNC_STAGE_RANGES, TRUE, {TRUE, FALSE}, {RANGES | OLD, 0}},
    [STEP_DETAILS] = {SYNC_STAGE_DETAILS, FALSE, {TRUE, TRUE}, {OLD | OLD_RG, RANGES}},
};

SyncStage plan_stage(SyncStep step)
{
    return ROWS[step].stage;
}

gboolean plan_is_git(SyncStep step)
{
    return ROWS[step].is_git;
}

guint plan_steps(PlanKind kind)
{
    guint bits = 0;
    for (guint step = 0; step < STEP_COUNT; step++)
        if (ROWS[step].in_kind[kind])
            bits |= STEP_BIT(step);
    return bits;
}

guint plan_needs(PlanKind kind, SyncStep step)
{
    return ROWS[step].needs[kind];
}

gboolean plan_is_finished(const PlanState *state)
{
    if (state->running != 0)
        return FALSE;
    return state->stopped || (plan_steps(state->kind) & ~state->ended) == 0;
}

static gboolean may_start(const PlanState *state, SyncStep step)
{
    guint bit = STEP_BIT(step);
    guint needs = plan_needs(state->kind, step);
    return !state->stopped && (plan_steps(state->kind) & bit) != 0 &&
           ((state->ended | state->running) & bit) == 0 && (needs & ~state->ended) == 0;
}

static gboolean pick_in_lane(const PlanState *const *states, gsize n, gboolean git,
                             gsize *ret_index, SyncStep *ret_step)
{
    for (guint step = 0; step < STEP_COUNT; step++) {
        if (ROWS[step].is_git != git)
            continue;
        for (gsize i = 0; i < n; i++) {
            if (may_start(states[i], step)) {
                *ret_index = i;
                *ret_step = step;
                return TRUE;
            }
        }
    }
    return FALSE;
}

gboolean plan_pick(const PlanState *const *states, gsize n, gboolean prefer_git, gsize *ret_index,
                   SyncStep *ret_step)
{
    return pick_in_lane(states, n, prefer_git, ret_index, ret_step) ||
           pick_in_lane(states, n, !prefer_git, ret_index, ret_step);
}

UtcTime plan_recent(UtcTime wanted, UtcTime horizon, UtcTime now)
{
    UtcTime recent = wanted;
    if (recent == TIME_ABSENT && now != TIME_ABSENT)
        recent = now - PLAN_RECENT;
    if (recent == TIME_ABSENT || (horizon != TIME_ABSENT && recent < horizon))
        return horizon;
    return recent;
}

UtcTime plan_overlap(UtcTime time, Duration overlap)
{
    return time == TIME_ABSENT ? TIME_ABSENT : time - overlap;
}

gboolean plan_is_due(UtcTime last, UtcTime now, Duration every)
{
    if (now == TIME_ABSENT)
        return FALSE;
    return last == TIME_ABSENT || now - last >= every;
}

gboolean plan_reaches_further(UtcTime horizon, UtcTime floor)
{
    if (floor == TIME_ABSENT)
        return FALSE;
    return horizon == TIME_ABSENT || horizon < floor;
}
