#include "insight/policy.h"

const char *clause_state_name(ClauseState state)
{
    static const char *const NAMES[] = {"not-asked", "met", "broken", "unknown"};
    return NAMES[state];
}

const char *verdict_name(Verdict verdict)
{
    static const char *const NAMES[] = {"no-policy", "passed", "failed", "unknown"};
    return NAMES[verdict];
}

void policy_verdict_clear(PolicyVerdict *verdict)
{
    approval_judgement_clear(&verdict->approvals);
}

/* ---- what there was at the merge */

/* A build that was told of after the merge had not ended by then. */
static void count_build(const StoreBuild *build, UtcTime merged, BuildsAtMerge *builds)
{
    if (build->created != TIME_ABSENT && build->created > merged)
        return;
    if (build->state == BUILD_IN_PROGRESS ||
        (build->updated != TIME_ABSENT && build->updated > merged))
        builds->running++;
    else if (build->state == BUILD_SUCCESSFUL)
        builds->passed++;
    else if (build->state == BUILD_FAILED)
        builds->failed++;
    else if (build->state == BUILD_STOPPED)
        builds->stopped++;
    else
        builds->unclear++;
}

static BuildsAtMerge count_builds(const StorePullRequest *row, UtcTime merged)
{
    BuildsAtMerge builds = {.is_known = row->builds_known};
    for (gsize i = 0; row->builds_known && i < row->n_builds; i++)
        count_build(&row->builds[i], merged, &builds);
    return builds;
}

static gint64 count_open_tasks(const StorePullRequest *row, UtcTime merged)
{
    gint64 open = 0;
    if (!row->tasks_known)
        return COUNT_ABSENT;
    for (gsize i = 0; i < row->n_tasks; i++) {
        const StoreTask *task = &row->tasks[i];
        open +=
            task->created <= merged && (task->resolved == TIME_ABSENT || task->resolved > merged);
    }
    return open;
}

/* ---- clauses */

static ClauseState judge_builds(const StorePolicy *policy, const BuildsAtMerge *builds)
{
    if (!policy->builds_must_pass)
        return CLAUSE_NOT_ASKED;
    if (!builds->is_known)
        return CLAUSE_UNKNOWN;
    if (builds->failed + builds->stopped + builds->running > 0)
        return CLAUSE_BROKEN;
    if (builds->unclear > 0)
        return CLAUSE_UNKNOWN;
    return builds->passed > 0 ? CLAUSE_MET : CLAUSE_BROKEN;
}

static ClauseState clause(gboolean is_asked, gboolean is_met)
{
    return !is_asked ? CLAUSE_NOT_ASKED : is_met ? CLAUSE_MET : CLAUSE_BROKEN;
}

static Verdict sum_up(const PolicyVerdict *verdict)
{
    const ClauseState clauses[] = {verdict->enough, verdict->required, verdict->built};
    Verdict sum = VERDICT_PASSED;
    for (gsize i = 0; i < G_N_ELEMENTS(clauses); i++) {
        if (clauses[i] == CLAUSE_BROKEN)
            return VERDICT_FAILED;
        if (clauses[i] == CLAUSE_UNKNOWN)
            sum = VERDICT_UNKNOWN;
    }
    return sum;
}

void policy_judge(const MeasureBasis *basis, const StorePolicy *policy, const StorePullRequest *row,
                  UtcTime merged, PolicyVerdict *ret_verdict)
{
    static const StorePolicy NOTHING_ASKED = {.branch = (char *) "", .ended = TIME_ABSENT};
    PolicyVerdict verdict = {.policy = policy,
                             .builds = count_builds(row, merged),
                             .open_tasks = count_open_tasks(row, merged)};
    measure_judge_approvals(basis, policy != NULL ? policy : &NOTHING_ASKED, row,
                            &verdict.approvals);
    if (policy != NULL) {
        verdict.enough = clause(policy->least_approvals > 0, verdict.approvals.has_enough);
        verdict.required = clause(policy->required_least > 0, verdict.approvals.has_required);
        verdict.built = judge_builds(policy, &verdict.builds);
        verdict.verdict = sum_up(&verdict);
    }
    *ret_verdict = verdict;
}

void policy_judge_merge(const MeasureBasis *basis, const StorePullRequest *row, UtcTime merged,
                        PolicyVerdict *ret_verdict)
{
    policy_judge(basis,
                 store_policy_in_force(measure_policies(basis), row->repository_id,
                                       row->destination_branch, merged),
                 row, merged, ret_verdict);
}

/* ---- words */

static void add_reason(GString *text, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_reason(GString *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (text->len > 0)
        g_string_append(text, "; ");
    g_string_append_vprintf(text, format, arguments);
    va_end(arguments);
}

static void add_builds(GString *text, const PolicyVerdict *verdict)
{
    const BuildsAtMerge *builds = &verdict->builds;
    if (verdict->built == CLAUSE_UNKNOWN)
        add_reason(text,
                   builds->is_known ? "a build's state is not known" : "its builds are not known");
    else if (builds->failed + builds->stopped > 0)
        add_reason(text, "a build did not pass");
    else if (builds->running > 0)
        add_reason(text, "a build was running");
    else
        add_reason(text, "it had no build");
}

char *policy_reason(const PolicyVerdict *verdict)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (verdict->enough == CLAUSE_BROKEN)
        add_reason(text, "%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " %s",
                   verdict->approvals.counted, verdict->policy->least_approvals,
                   verdict->policy->least_approvals == 1 ? "approval" : "approvals");
    if (verdict->required == CLAUSE_BROKEN)
        add_reason(text, "a required approver is missing");
    if (verdict->built == CLAUSE_BROKEN || verdict->built == CLAUSE_UNKNOWN)
        add_builds(text, verdict);
    return text->len > 0 ? g_strdup(text->str) : NULL;
}
