/*
 * Rules about merges that went past what was agreed: docs/policies.md tells how a merge is judged.
 */
#include "insight/insight.h"
#include "insight/words.h"

#include <string.h>

/* ---- steps that the rules share */

/* A draft with the pull request, who is to act, and what was found. */
static void put(const Rule *rule, const PullCase *pull, FindingSink *sink, FindingDraft *draft,
                UtcTime since, const char *what, const char *next)
{
    draft->repository_id = pull->row->repository_id;
    draft->number = pull->row->number;
    draft->since = since;
    draft->what = what;
    draft->next = next;
    finding_sink_put(sink, rule, draft);
}

static gint64 merged_by(const PullCase *pull)
{
    gint64 actor = pull->row->closed_by_id;
    for (gsize i = 0; actor == COUNT_ABSENT && i < pull->row->n_events; i++)
        if (pull->row->events[i].kind == PR_EVENT_MERGED)
            actor = pull->row->events[i].actor_id;
    return actor;
}

/* The merge itself as the first piece of evidence; who merged and the author are nearest. */
static void begin(const Rule *rule, const RuleScene *scene, const PullCase *pull, FindingSink *sink,
                  FindingDraft *draft)
{
    gint64 merger = merged_by(pull);
    draft_init(draft, rule);
    DraftEvidence *evidence = draft_add_evidence(draft);
    evidence->repository_id = pull->row->repository_id;
    evidence->number = pull->row->number;
    evidence->person_id = merger;
    evidence->at = pull->fact->merged;
    evidence->text = finding_text(
        sink, "merged into %s by %s", pull->row->destination_branch,
        merger != COUNT_ABSENT ? measure_person_name(scene->columns, merger) : "somebody");
    evidence->url = pull->row->html_url;
    if (merger != COUNT_ABSENT && measure_person_counts(scene->basis, merger))
        draft_add_nearest(draft, merger);
    draft_add_nearest(draft, pull->row->author_id);
}

/* Each approval and what became of it. */
static void add_approvals(FindingDraft *draft, const PullCase *pull, const PolicyVerdict *verdict,
                          FindingSink *sink)
{
    const GArray *approvals = verdict->approvals.approvals;
    draft->evidence_in_all = 1 + approvals->len;
    for (guint i = 0; i < approvals->len; i++) {
        const Approval *approval = &g_array_index(approvals, Approval, i);
        draft_add_pull_evidence(draft, pull, approval->person_id, approval->at,
                                approval->fate == APPROVAL_COUNTED
                                    ? "approved"
                                    : finding_text(sink, "approved, which does not count: %s",
                                                   approval_fate_words(approval->fate)));
    }
}

static const char *policy_words(FindingSink *sink, const StorePolicy *policy)
{
    return finding_text(sink, "policy %" G_GINT64_FORMAT " (version %" G_GINT64_FORMAT ")",
                        policy->policy_id, policy->version);
}

/* ---- approvals: where a policy was in force */

static void judge_too_few(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                          FindingSink *sink)
{
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(scene->basis, pull->row, pull->fact->merged, &verdict);
    if (verdict.enough != CLAUSE_BROKEN)
        return;
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    add_approvals(&draft, pull, &verdict, sink);
    put(rule, pull, sink, &draft, pull->fact->merged,
        finding_text(sink, "Merged with %s where %s asked for %" G_GINT64_FORMAT ".",
                     words_many(sink, verdict.approvals.counted, "approval that counts",
                                "approvals that count"),
                     policy_words(sink, verdict.policy), verdict.policy->least_approvals),
        "Have the change reviewed now by those whose approval is missing; where the policy asks "
        "for too much, propose another.");
}

/* "ana; 2 of the team security" */
static const char *missing_words(const RuleScene *scene, const PolicyVerdict *verdict,
                                 FindingSink *sink)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < verdict->policy->n_required; i++) {
        const StorePolicyRequired *required = &verdict->policy->required[i];
        if ((verdict->approvals.missing_required & (1u << i)) == 0)
            continue;
        if (text->len > 0)
            g_string_append(text, ", ");
        if (!required->is_team)
            g_string_append(text, measure_person_name(scene->columns, required->id));
        else
            g_string_append_printf(text, "%" G_GINT64_FORMAT " of the team %s", required->least,
                                   measure_team_name(scene->basis, required->id));
    }
    return finding_text(sink, "%s", text->str);
}

static void judge_missing(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                          FindingSink *sink)
{
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(scene->basis, pull->row, pull->fact->merged, &verdict);
    if (verdict.required != CLAUSE_BROKEN)
        return;
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    add_approvals(&draft, pull, &verdict, sink);
    put(rule, pull, sink, &draft, pull->fact->merged,
        finding_text(sink,
                     "Merged without a required approver: %s asks for %" G_GINT64_FORMAT
                     " of its %u, and these did not approve: %s.",
                     policy_words(sink, verdict.policy), verdict.policy->required_least,
                     verdict.policy->n_required, missing_words(scene, &verdict, sink)),
        "Ask one of them to look at the change now.");
}

static void judge_only_author(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                              FindingSink *sink)
{
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(scene->basis, pull->row, pull->fact->merged, &verdict);
    if (verdict.policy == NULL || verdict.policy->author_counts ||
        !verdict.approvals.is_only_author)
        return;
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    add_approvals(&draft, pull, &verdict, sink);
    put(rule, pull, sink, &draft, pull->fact->merged,
        finding_text(sink, "Approved only by its author, %s, whom %s does not count.",
                     measure_person_name(scene->columns, pull->row->author_id),
                     policy_words(sink, verdict.policy)),
        "Have somebody else review the change now.");
}

/* ---- merges, policy or not */

static UtcTime last_approval(const PolicyVerdict *verdict)
{
    UtcTime last = TIME_ABSENT;
    for (guint i = 0; i < verdict->approvals.approvals->len; i++)
        last = MAX(last, g_array_index(verdict->approvals.approvals, Approval, i).at);
    return last;
}

static void judge_late_change(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                              FindingSink *sink)
{
    if (!pull->fact->is_late_change)
        return;
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(scene->basis, pull->row, pull->fact->merged, &verdict);
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    add_approvals(&draft, pull, &verdict, sink);
    put(rule, pull, sink, &draft, pull->fact->merged,
        finding_text(sink,
                     "The source changed after the last approval of %s, and was merged without "
                     "another.",
                     words_when(sink, last_approval(&verdict))),
        "Have an approver look at what was pushed last; a policy with \"new commits void "
        "approvals\" makes it count.");
}

static void judge_builds(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                         FindingSink *sink)
{
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(scene->basis, pull->row, pull->fact->merged, &verdict);
    if (!verdict.builds.is_known) {
        finding_sink_keep(sink, rule, pull->row->repository_id, pull->row->number);
        return;
    }
    if (verdict.builds.failed + verdict.builds.running == 0)
        return;
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    draft.evidence_in_all = 1 + (gint64) pull->row->n_builds;
    for (gsize i = 0; i < pull->row->n_builds; i++) {
        const StoreBuild *build = &pull->row->builds[i];
        draft_add_pull_evidence(
            &draft, pull, COUNT_ABSENT, build->updated,
            finding_text(sink, "build %s", build->key != NULL ? build->key : "without a key"));
    }
    put(rule, pull, sink, &draft, pull->fact->merged,
        finding_text(sink,
                     "Merged while of the builds of its newest commit %" G_GINT64_FORMAT
                     " had failed and %" G_GINT64_FORMAT " were running.",
                     verdict.builds.failed, verdict.builds.running),
        finding_text(sink, "See whether the build of %s passes now; if not, mend or revert it.",
                     pull->row->destination_branch));
}

static void judge_tasks(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                        FindingSink *sink)
{
    g_auto(PolicyVerdict) verdict = {0};
    policy_judge_merge(scene->basis, pull->row, pull->fact->merged, &verdict);
    if (verdict.open_tasks == COUNT_ABSENT) {
        finding_sink_keep(sink, rule, pull->row->repository_id, pull->row->number);
        return;
    }
    if (verdict.open_tasks == 0)
        return;
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    draft.evidence_in_all = 1 + verdict.open_tasks;
    for (gsize i = 0; i < pull->row->n_tasks; i++) {
        const StoreTask *task = &pull->row->tasks[i];
        if (task->created <= pull->fact->merged &&
            (task->resolved == TIME_ABSENT || task->resolved > pull->fact->merged))
            draft_add_pull_evidence(&draft, pull, task->creator_id, task->created,
                                    "asked for a task that was open");
    }
    put(rule, pull, sink, &draft, pull->fact->merged,
        finding_text(sink, "Merged with %s.",
                     words_many(sink, verdict.open_tasks, "open task", "open tasks")),
        "Do what the tasks ask for in a further change, or resolve them where they are done.");
}

static void judge_unreviewed(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                             FindingSink *sink)
{
    if (!pull->fact->is_unreviewed)
        return;
    FindingDraft draft;
    begin(rule, scene, pull, sink, &draft);
    put(rule, pull, sink, &draft, pull->fact->merged,
        pull->fact->is_self_merged
            ? finding_text(sink, "Opened and merged by %s; nobody else reviewed it.",
                           measure_person_name(scene->columns, pull->row->author_id))
            : "Merged without a review by anybody but its author.",
        "Ask somebody to look at it now; an approval policy says what a merge here needs.");
}

/* ---- issue keys */

#define ISSUES_KEY     "issues.pattern"
#define ISSUES_PATTERN "[A-Z][A-Z0-9]+-[0-9]+"

static char *find_key(const GRegex *pattern, const char *text)
{
    g_autoptr(GMatchInfo) found = NULL;
    return text != NULL && g_regex_match(pattern, text, 0, &found) ? g_match_info_fetch(found, 0)
                                                                   : NULL;
}

char *insight_issue_key(const GRegex *pattern, const StorePullRequest *row)
{
    char *key = find_key(pattern, row->title);
    return key != NULL ? key : find_key(pattern, row->source_branch);
}

static void judge_issue_key(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                            FindingSink *sink)
{
    g_autofree char *own = store_get_setting(scene->store, scene->workspace_id, ISSUES_KEY, NULL);
    g_autoptr(GRegex) pattern =
        g_regex_new(own != NULL ? own : ISSUES_PATTERN, G_REGEX_OPTIMIZE, 0, NULL);
    if (pattern == NULL) { /* what was set is no pattern: nothing can be said */
        finding_sink_keep(sink, rule, pull->row->repository_id, pull->row->number);
        return;
    }
    g_autofree char *key = insight_issue_key(pattern, pull->row);
    if (key != NULL)
        return;
    FindingDraft draft;
    draft_init(&draft, rule);
    draft_add_nearest(&draft, pull->row->author_id);
    draft_add_pull_evidence(
        &draft, pull, pull->row->author_id, pull->row->created,
        finding_text(sink, "\"%s\" from %s", pull->row->title,
                     pull->row->source_branch != NULL ? pull->row->source_branch : "a branch"));
    put(rule, pull, sink, &draft, pull->row->created,
        "Neither the title nor the source branch names an issue.",
        "Name the issue in the pull request's title.");
}

/* ---- the table */

#define DAYS(word)                                                                                 \
    {                                                                                              \
        "days", "how long after the merge it is told", RULE_UNIT_DAYS, 14, 1, 90, word             \
    }
#define OURS "ours: two weeks"

static const Rule RULES[] = {
    {.id = "too-few-approvals",
     .title = "Fewer approvals than required",
     .meaning = "Merged in the given days with fewer approvals that count than the policy in force "
                "asked for.",
     .why = "An approval that was agreed on was not given; whoever relies on the agreement relies "
            "on something that did not happen.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_CRITICAL,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_too_few},
    {.id = "missing-required-approver",
     .title = "Not approved by a required approver",
     .meaning = "Merged in the given days without enough of the people or teams that the policy in "
                "force requires.",
     .why = "Some code is to be seen by those who answer for it.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_CRITICAL,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_missing},
    {.id = "approved-only-by-author",
     .title = "Approved only by its author",
     .meaning = "Merged in the given days under a policy that does not count the author, and the "
                "only approvals are the author's.",
     .why = "It looks approved in lists, and nobody else has looked.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_CRITICAL,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_only_author},
    {.id = "changed-after-approval",
     .title = "Changed after the last approval",
     .meaning = "Merged in the given days, and the source changed after the last approval.",
     .why = "What was approved is not what was merged.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_late_change},
    {.id = "merged-with-failed-build",
     .title = "Merged with a failed or running build",
     .meaning = "Merged in the given days while a build of its newest commit had failed or was "
                "running.",
     .why = "A change that was not seen to work is on the branch that others build on.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_builds},
    {.id = "merged-with-open-tasks",
     .title = "Merged with open tasks",
     .meaning = "Merged in the given days while a task of it was unresolved.",
     .why = "A reviewer asked for something that is easily forgotten once the change is in.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_NOTICE,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_tasks},
    {.id = "merged-unreviewed",
     .title = "Merged without a review",
     .meaning = "Merged in the given days without any review by a person other than its author.",
     .why = "A second pair of eyes finds defects early and spreads what one person knows.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_MERGED,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .evaluate_pull = judge_unreviewed},
    {.id = "no-issue-key",
     .title = "No issue key",
     .meaning = "Open, or merged in the given days, and neither title nor source branch has an "
                "issue's key (setting issues.pattern).",
     .why = "Without it nobody can tell later what a change was for, nor whether an issue is done.",
     .family = FAMILY_COMPLIANCE,
     .severity = SEVERITY_NOTICE,
     .subject = RULE_OF_PULLS,
     .needs = RULE_NEEDS_STORY,
     .parameters = {DAYS(OURS)},
     .is_off = TRUE,
     .evaluate_pull = judge_issue_key},
};

const RuleTable RULES_COMPLIANCE = {RULES, G_N_ELEMENTS(RULES)};
