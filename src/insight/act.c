/* Steps that people take with a finding. */
#include "insight/insight.h"

#include <string.h>

#define IN(state)  INSIGHT_STATE(FINDING_##state)
#define UNRESOLVED (INSIGHT_STATES_ALL & ~IN(RESOLVED))

typedef struct {
    const char *name;
    const char *kind; /* of the event */
    guint from;       /* states in which it can be taken */
    FindingState to;  /* FINDING_STATE_COUNT: stays */
} ActionEntry;

static const ActionEntry ACTIONS[INSIGHT_ACTION_COUNT] = {
    [INSIGHT_ACKNOWLEDGE] = {"acknowledge", "acknowledged", IN(OPEN) | IN(SNOOZED),
                             FINDING_ACKNOWLEDGED},
    [INSIGHT_SNOOZE] = {"snooze", "snoozed", IN(OPEN) | IN(ACKNOWLEDGED) | IN(SNOOZED),
                        FINDING_SNOOZED},
    [INSIGHT_DISMISS] = {"dismiss", "dismissed", IN(OPEN) | IN(ACKNOWLEDGED) | IN(SNOOZED),
                         FINDING_DISMISSED},
    [INSIGHT_MUTE] = {"mute", "muted", UNRESOLVED, FINDING_DISMISSED},
    [INSIGHT_ASSIGN] = {"assign", "assigned", UNRESOLVED, FINDING_STATE_COUNT},
    [INSIGHT_REOPEN] = {"reopen", "reopened", IN(ACKNOWLEDGED) | IN(SNOOZED) | IN(DISMISSED),
                        FINDING_OPEN},
};

const char *insight_action_name(InsightAction action)
{
    return (guint) action < INSIGHT_ACTION_COUNT ? ACTIONS[action].name : "unknown";
}

gboolean insight_action_from_name(const char *name, InsightAction *ret_action)
{
    for (guint i = 0; i < INSIGHT_ACTION_COUNT; i++)
        if (strcmp(name, ACTIONS[i].name) == 0) {
            *ret_action = (InsightAction) i;
            return TRUE;
        }
    return FALSE;
}

static gboolean refuse(GError **error, const char *words)
{
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, words);
    return FALSE;
}

static gboolean check(const StoreFinding *finding, const InsightStep *step, UtcTime now,
                      GError **error)
{
    const ActionEntry *action = &ACTIONS[step->action];
    if (finding->ended != TIME_ABSENT)
        return refuse(error, "the finding's condition has ended; it is reopened by itself when the "
                             "condition is back");
    if ((action->from & INSIGHT_STATE(finding->state)) == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "cannot %s a finding that is %s", action->name,
                    finding_state_name(finding->state));
        return FALSE;
    }
    if (step->action == INSIGHT_DISMISS && (step->note == NULL || step->note[0] == '\0'))
        return refuse(error, "dismissing needs a reason, for those who look for the finding later");
    if (step->action == INSIGHT_SNOOZE && (step->until == TIME_ABSENT || step->until <= now))
        return refuse(error, "snoozing needs a time to come");
    if (step->action == INSIGHT_REOPEN && finding->muted_by != COUNT_ABSENT)
        return refuse(error, "the finding is muted; take the mute away instead");
    return TRUE;
}

/* What the history says beside the kind. */
static char *words_of(const InsightStep *step)
{
    char text[TIME_TEXT_SIZE];
    if (step->action == INSIGHT_SNOOZE)
        return g_strdup_printf("until %s%s%s", time_format(step->until, text),
                               step->note != NULL ? ": " : "",
                               step->note != NULL ? step->note : "");
    if (step->action == INSIGHT_ASSIGN)
        return step->person_id == COUNT_ABSENT ? g_strdup("nobody") : g_strdup(step->note);
    return g_strdup(step->note);
}

static gboolean take_step(StoreTx *tx, gint64 workspace_id, StoreFinding *finding,
                          const InsightStep *step, UtcTime now, GError **error)
{
    const ActionEntry *action = &ACTIONS[step->action];
    g_autofree char *words = words_of(step);
    if (action->to != FINDING_STATE_COUNT) {
        finding->state = action->to;
        finding->snoozed_until = step->action == INSIGHT_SNOOZE ? step->until : TIME_ABSENT;
    }
    if (step->action == INSIGHT_ASSIGN)
        finding->assigned_to = step->person_id;
    return store_put_finding(tx, workspace_id, finding, error) &&
           store_add_finding_event(tx, workspace_id, finding->finding_id, now, action->kind,
                                   step->actor, words, error);
}

/* A mute of what the finding is about, the pull request's number left out. */
static gboolean mute_alike(Store *store, gint64 workspace_id, const StoreFinding *finding,
                           const InsightStep *step, UtcTime now, GError **error)
{
    gint64 mute_id;
    const StoreMute mute = {
        .rule = finding->rule,
        .repository_id = finding->repository_id != 0 ? finding->repository_id : COUNT_ABSENT,
        .number = COUNT_ABSENT,
        .person_id = finding->person_id,
        .subject = finding->subject,
        .reason = (char *) step->note,
        .actor = (char *) step->actor,
        .until = step->until,
    };
    return insight_mute(store, workspace_id, &mute, now, &mute_id, error);
}

gboolean insight_act(Store *store, gint64 workspace_id, gint64 finding_id, const InsightStep *step,
                     UtcTime now, GError **error)
{
    GError *failure = NULL;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    if (tx == NULL)
        return FALSE;
    g_autoptr(StoreFinding) finding = store_tx_get_finding(tx, workspace_id, finding_id, &failure);
    if (finding == NULL) {
        if (failure != NULL)
            g_propagate_error(error, failure);
        else
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                                "there is no such finding");
        return FALSE;
    }
    if (!check(finding, step, now, error))
        return FALSE;
    if (step->action == INSIGHT_MUTE) {
        g_clear_pointer(&tx, store_rollback);
        return mute_alike(store, workspace_id, finding, step, now, error);
    }
    return take_step(tx, workspace_id, finding, step, now, error) &&
           store_commit(g_steal_pointer(&tx), error);
}
