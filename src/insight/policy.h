/*
 * policy: judges merges by the approval policy that was in force. Part of the room's public header.
 *
 * A verdict has a clause for each thing that a policy may ask for. What Bitbucket has not told
 * (builds that have not been read) is unknown, which is no failure. docs/policies.md has it in
 * words.
 */
#pragma once

#include "measure/measure.h"

typedef enum {
    CLAUSE_NOT_ASKED,
    CLAUSE_MET,
    CLAUSE_BROKEN,
    CLAUSE_UNKNOWN,
    CLAUSE_STATE_COUNT
} ClauseState;
const char *clause_state_name(ClauseState state); /* "not-asked", "met", "broken", "unknown" */

typedef enum {
    VERDICT_NO_POLICY,
    VERDICT_PASSED,
    VERDICT_FAILED,
    VERDICT_UNKNOWN,
    VERDICT_COUNT
} Verdict;
const char *verdict_name(Verdict verdict); /* "no-policy", "passed", "failed", "unknown" */

/* Builds of the newest source commit as they stood at the merge: one that was told of later was
 * running then, one that began later did not exist. */
typedef struct {
    gboolean is_known;
    gint64 passed, failed, stopped, running, unclear;
} BuildsAtMerge;

typedef struct {
    const StorePolicy *policy; /* NULL: none was in force */
    ApprovalJudgement approvals;
    ClauseState enough, required, built;
    Verdict verdict;
    BuildsAtMerge builds;
    gint64 open_tasks; /* at the merge; COUNT_ABSENT: not known. No clause asks for them */
} PolicyVerdict;
void policy_verdict_clear(PolicyVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PolicyVerdict, policy_verdict_clear)

/* Judges a pull request that was merged at @merged by @policy; NULL: says only what there was. */
void policy_judge(const MeasureBasis *basis, const StorePolicy *policy, const StorePullRequest *row,
                  UtcTime merged, PolicyVerdict *ret_verdict);
/* By the policy in force then. */
void policy_judge_merge(const MeasureBasis *basis, const StorePullRequest *row, UtcTime merged,
                        PolicyVerdict *ret_verdict);

/* What a policy would have made of merges. */
typedef struct {
    gint64 repository_id, number;
    UtcTime merged;
    Verdict before, after; /* by the policy in force then; by the one that is tried */
    char *title, *url;
    char *reason; /* why @after failed or is unknown; NULL otherwise */
} SimulatedMerge;
typedef struct {
    gint64 looked_at;      /* merges to which the policy applies */
    gint64 left_to_others; /* of the merges in range: decided by a more specific policy */
    gint64 counts[VERDICT_COUNT][VERDICT_COUNT]; /* [before][after] */
    GPtrArray *told;    /* SimulatedMerge: what the lists below hold, by instant */
    GPtrArray *changed; /* those that fail then and did not, and the reverse */
    GPtrArray *failing; /* those that fail then */
} PolicySimulation;
void policy_simulation_clear(PolicySimulation *simulation);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PolicySimulation, policy_simulation_clear)
/* Judges all merges in [from, until) by @policy as if it had been in force. Facts must be up to
 * date. */
gboolean policy_simulate(Store *store, gint64 workspace_id, const StorePolicy *policy, UtcTime from,
                         UtcTime until, PolicySimulation *ret_simulation,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why the verdict is not "passed", in words: "1 of 2 approvals; no build passed". Free with g_free;
 * NULL when it is. */
char *policy_reason(const PolicyVerdict *verdict);
