/*
 * The order of work. Pure: no clock, no store, no network.
 *
 * Each repository goes through steps; a step may start when the steps it needs have ended. Among
 * all that may start, the step that people see first wins, whatever the repository; git steps have
 * a lane of their own, because their allowance is another one.
 */
#pragma once

#include "sync/sync.h"

/* In the order of spending. */
typedef enum {
    STEP_PULL_REQUESTS, /* first sync: the newest part; cycle: those changed */
    STEP_ACTIVITY,      /* first sync: the newest part; cycle: what is new */
    STEP_GIT,
    STEP_RANGES,
    STEP_HISTORY_PULL_REQUESTS,
    STEP_HISTORY_ACTIVITY,
    STEP_HISTORY_RANGES,
    STEP_DETAILS,
    STEP_COUNT
} SyncStep;

typedef enum { PLAN_FIRST, PLAN_CYCLE } PlanKind;

#define STEP_BIT(step) (1u << (step))

SyncStage plan_stage(SyncStep step);
gboolean plan_is_git(SyncStep step);
/* Bits of the steps that @kind is made of, and of those that @step waits for. */
guint plan_steps(PlanKind kind);
guint plan_needs(PlanKind kind, SyncStep step);

typedef struct {
    PlanKind kind;
    guint ended;      /* bits of steps that ended, well or not */
    guint running;    /* bits of steps under way */
    gboolean stopped; /* nothing more is to be started here */
} PlanState;

gboolean plan_is_finished(const PlanState *state);

/* The next step to start among @n repositories, FALSE when none may start now. @prefer_git: a
 * worker of the git lane, which takes other work only when there is none for git. */
gboolean plan_pick(const PlanState *const *states, gsize n, gboolean prefer_git, gsize *ret_index,
                   SyncStep *ret_step);

/* ---- when and how far
 * ------------------------------------------------------------------------------------------------
 */

#define PLAN_RECENT           (90 * TIME_DAY)
#define PLAN_PULL_OVERLAP     (5 * TIME_MINUTE)
#define PLAN_ACTIVITY_OVERLAP (10 * TIME_MINUTE)
#define PLAN_GATE_OVERLAP     TIME_DAY
#define PLAN_NIGHTLY          (20 * TIME_HOUR)
#define PLAN_WEEKLY           (7 * TIME_DAY)

/* Where the newest part ends: @wanted, else PLAN_RECENT before @now; never beyond @horizon. */
UtcTime plan_recent(UtcTime wanted, UtcTime horizon, UtcTime now);
/* @time − @overlap; TIME_ABSENT stays absent. */
UtcTime plan_overlap(UtcTime time, Duration overlap);
/* Whether something last done at @last (TIME_ABSENT: never) is to be done again. An unknown @now
 * makes nothing due. */
gboolean plan_is_due(UtcTime last, UtcTime now, Duration every);
/* Whether a walk that reached @floor has to go on to @horizon (TIME_ABSENT: to the very start). */
gboolean plan_reaches_further(UtcTime horizon, UtcTime floor);
