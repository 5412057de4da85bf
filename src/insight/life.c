#include "insight/life.h"
#include "insight/mutes.h"

#include <string.h>

typedef struct {
    StoreTx *tx;
    const Evaluation *evaluation;
    gint64 workspace_id;
    GPtrArray *mutes;
    InsightSummary *summary;
} Life;

static gboolean note(const Life *life, gint64 finding_id, UtcTime at, const char *kind,
                     const char *words, GError **error)
{
    return store_add_finding_event(life->tx, life->workspace_id, finding_id, at, kind, NULL, words,
                                   error);
}

/* ---- mutes */

/* Silences a finding that a mute fits, and lets one speak whose mute was taken away. */
static gboolean heed_mutes(const Life *life, StoreFinding *finding, GError **error)
{
    const StoreMute *mute = mutes_find(life->mutes, finding);
    UtcTime now = life->evaluation->now;
    if (mute != NULL && finding->state != FINDING_DISMISSED) {
        finding->state = FINDING_DISMISSED;
        finding->muted_by = mute->mute_id;
        finding->snoozed_until = TIME_ABSENT;
        return note(life, finding->finding_id, now, "muted", mute->reason, error);
    }
    if (mute == NULL && finding->muted_by != COUNT_ABSENT) {
        finding->state = FINDING_OPEN;
        finding->muted_by = COUNT_ABSENT;
        return note(life, finding->finding_id, now, "unmuted", NULL, error);
    }
    return TRUE;
}

/* ---- what holds */

static void replace(char **target, const char *text)
{
    g_free(*target);
    *target = g_strdup(text);
}

static char *join_people(const FindingDraft *draft)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < draft->n_nearest; i++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", draft->nearest[i]);
    return g_string_free(text, FALSE);
}

static gboolean write_finding(const Life *life, StoreFinding *finding, const FindingDraft *draft,
                              GError **error)
{
    StoreEvidence evidence[DRAFT_EVIDENCE_MAX];
    finding->since = draft->since;
    finding->last_seen = life->evaluation->now;
    finding->evidence_in_all = draft->evidence_in_all;
    replace(&finding->severity, rule_severity_name(draft->severity));
    replace(&finding->what, draft->what);
    replace(&finding->next, draft->next);
    g_free(finding->nearest);
    finding->nearest = join_people(draft);
    for (guint i = 0; i < draft->n_evidence; i++)
        evidence[i] = (StoreEvidence){
            .repository_id = draft->evidence[i].repository_id,
            .number = draft->evidence[i].number,
            .person_id = draft->evidence[i].person_id,
            .at = draft->evidence[i].at,
            .text = (char *) draft->evidence[i].text,
            .url = (char *) draft->evidence[i].url,
        };
    if (finding->ended == TIME_ABSENT && finding->state != FINDING_DISMISSED)
        life->summary->holding++;
    return store_put_finding(life->tx, life->workspace_id, finding, error) &&
           store_put_evidence(life->tx, life->workspace_id, finding->finding_id, evidence,
                              draft->n_evidence, error);
}

static gboolean go_on(const Life *life, StoreFinding *finding, const SinkDraft *draft,
                      GError **error)
{
    UtcTime now = life->evaluation->now;
    if (finding->state == FINDING_SNOOZED && finding->snoozed_until <= now) {
        finding->state = FINDING_OPEN;
        finding->snoozed_until = TIME_ABSENT;
        if (!note(life, finding->finding_id, now, "woke", NULL, error))
            return FALSE;
    }
    return heed_mutes(life, finding, error) && write_finding(life, finding, &draft->draft, error);
}

static StoreFinding *new_finding(const Life *life, const SinkDraft *draft)
{
    StoreFinding *finding = g_new0(StoreFinding, 1);
    *finding = (StoreFinding){
        .finding_id = draft->finding_id,
        .rule = g_strdup(draft->rule->id),
        .repository_id = draft->draft.repository_id,
        .number = draft->draft.number,
        .person_id = draft->draft.person_id,
        .subject = g_strdup(draft->draft.subject),
        .state = FINDING_OPEN,
        .first_seen = life->evaluation->now,
        .ended = TIME_ABSENT,
        .snoozed_until = TIME_ABSENT,
        .assigned_to = COUNT_ABSENT,
        .muted_by = COUNT_ABSENT,
    };
    return finding;
}

/* A condition that did not hold before: new, or back again. */
static gboolean begin(const Life *life, const SinkDraft *draft, GError **error)
{
    GError *failure = NULL;
    UtcTime now = life->evaluation->now;
    g_autoptr(StoreFinding) finding =
        store_tx_get_finding(life->tx, life->workspace_id, draft->finding_id, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return FALSE;
    }
    const char *kind = "found";
    if (finding == NULL) {
        finding = new_finding(life, draft);
        life->summary->found++;
    } else {
        kind = "reopened";
        finding->state = FINDING_OPEN;
        finding->ended = TIME_ABSENT;
        finding->snoozed_until = TIME_ABSENT;
        finding->muted_by = COUNT_ABSENT;
        finding->reopened++;
        life->summary->reopened++;
    }
    return note(life, finding->finding_id, now, kind, NULL, error) &&
           heed_mutes(life, finding, error) && write_finding(life, finding, &draft->draft, error);
}

/* ---- what ended */

static const StoreRepository *find_repository(const EvaluationGround *ground, gint64 repository_id)
{
    for (guint i = 0; i < ground->all_repositories->len; i++) {
        const StoreRepository *repository = ground->all_repositories->pdata[i];
        if (repository->repository_id == repository_id)
            return repository;
    }
    return NULL;
}

/* Why a pull request that was looked at has the finding no more; *@ret_at may be set earlier. */
static const char *pull_reason(const Evaluation *evaluation, const StoreFinding *finding,
                               const Rule *rule, UtcTime *ret_at)
{
    const SeenPull *seen = evaluation_seen(evaluation, finding->repository_id, finding->number);
    if (seen == NULL)
        return NULL;
    if (!seen->author_counts)
        return "its author is left out";
    if (seen->is_draft)
        return "it is a draft again";
    if (seen->state == PR_MERGED && (rule->subject & RULE_OF_MERGED) != 0) {
        RuleScene scene = evaluation_scene(evaluation->ground, evaluation->now);
        Duration days = rule_span(rule, &scene, finding->repository_id, "days");
        return seen->closed < evaluation->now - days
                   ? "it aged out of the days that the rule looks at"
                   : "its condition ended";
    }
    if (seen->state != PR_OPEN && seen->closed != TIME_ABSENT) {
        *ret_at = CLAMP(seen->closed, finding->first_seen, evaluation->now);
        return seen->state == PR_MERGED ? "it was merged" : "it was declined";
    }
    return "its condition ended";
}

/* NULL: the condition was not judged, the finding stays as it is. */
static const char *why_over(const Evaluation *evaluation, const StoreFinding *finding,
                            UtcTime *ret_at)
{
    const EvaluationGround *ground = evaluation->ground;
    const Rule *rule = rule_find(finding->rule);
    if (rule == NULL)
        return "this version has no such rule";
    if (finding->repository_id != 0) {
        const StoreRepository *repository = find_repository(ground, finding->repository_id);
        if (repository == NULL || strcmp(repository->state, "vanished") == 0)
            return "the repository is gone from Bitbucket";
        if (!repository->is_selected)
            return "the repository is no longer selected";
        if (!g_hash_table_contains(ground->judged, &finding->repository_id))
            return NULL;
    }
    if (!rule_settings_is_on(ground->settings, rule, finding->repository_id))
        return "the rule was switched off";
    if (g_hash_table_contains(evaluation->failed, rule->id) ||
        finding_sink_keeps(evaluation->sink, rule->id, finding->repository_id, finding->number))
        return NULL;
    return (rule->subject & RULE_OF_PULLS) != 0 ? pull_reason(evaluation, finding, rule, ret_at)
                                                : "its condition ended";
}

static gboolean finish(const Life *life, StoreFinding *finding, GError **error)
{
    UtcTime at = life->evaluation->now;
    const char *reason = why_over(life->evaluation, finding, &at);
    if (reason == NULL) {
        life->summary->holding += finding->state != FINDING_DISMISSED;
        return TRUE;
    }
    char took[TIME_TEXT_SIZE];
    UtcTime since = finding->since != TIME_ABSENT ? finding->since : finding->first_seen;
    g_autofree char *words =
        g_strdup_printf("%s, after %s", reason, duration_format(MAX(at - since, 0), took));
    if (finding->state != FINDING_DISMISSED) {
        finding->state = FINDING_RESOLVED;
        life->summary->resolved++;
    }
    finding->ended = at;
    finding->snoozed_until = TIME_ABSENT;
    return store_put_finding(life->tx, life->workspace_id, finding, error) &&
           note(life, finding->finding_id, at, "resolved", words, error);
}

/* ---- */

gboolean life_apply(StoreTx *tx, const Evaluation *evaluation, GPtrArray *mutes,
                    InsightSummary *summary, GError **error)
{
    Life life = {tx, evaluation, evaluation->ground->workspace_id, mutes, summary};
    g_autoptr(GPtrArray) holding = store_tx_list_holding(tx, life.workspace_id, error);
    if (holding == NULL)
        return FALSE;
    g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < holding->len; i++) {
        StoreFinding *finding = holding->pdata[i];
        const SinkDraft *draft = finding_sink_find(evaluation->sink, finding->finding_id);
        g_hash_table_add(known, &finding->finding_id);
        if (!(draft != NULL ? go_on(&life, finding, draft, error) : finish(&life, finding, error)))
            return FALSE;
    }
    const GPtrArray *drafts = finding_sink_drafts(evaluation->sink);
    for (guint i = 0; i < drafts->len; i++) {
        const SinkDraft *draft = drafts->pdata[i];
        if (!g_hash_table_contains(known, &draft->finding_id) && !begin(&life, draft, error))
            return FALSE;
    }
    return TRUE;
}
