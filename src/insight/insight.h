/*
 * insight: rules that find what needs somebody, and the life of what they found.
 *
 * insight_update looks at what may have changed and keeps findings true: one condition is one
 * finding, however often it is evaluated. Everything else here lists findings, acts on them, and
 * sets rules. The rules themselves stand in tables (rule.h, inside this room; docs/insights.md in
 * words). Functions may be called from any thread; two updates of one workspace at once are
 * harmless, the later one wins. @now is the server's time. Returned structs are the caller's.
 * Errors: those of the store and of measure, INVALID, NOT_FOUND.
 */
#pragma once

#include "insight/rule.h"

/* clang-format off */
#include "insight/policy.h" /* how merges are judged */
#include "insight/audit.h" /* the merge audit log */

#include "insight/audit_index.h" /* the same by what one asks for it */
#include "insight/proposal.h" /* changes that wait for a decision */
#include "insight/change.h" /* where a change of the cycle time comes from */
/* clang-format on */

/* ---- evaluation */

typedef struct {
    gboolean is_full; /* everything was looked at, not only what changed */
    gint64 computed;  /* pull requests whose facts were computed */
    gint64 looked_at; /* pull requests */
    gint64 found, reopened, resolved;
    gint64 holding;      /* findings whose condition holds now, dismissed ones left out */
    GPtrArray *failures; /* sentences: rules that could not be judged and keep their findings */
} InsightSummary;
void insight_summary_clear(InsightSummary *summary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InsightSummary, insight_summary_clear)

/* Brings facts and findings up to date. Looks at open pull requests, at merged ones whose rows
 * changed, at those that have findings, and at the workspace; at everything that rules of merged
 * ones look back to when @full, or when rules, settings or the choice of repositories changed. */
gboolean insight_update(Store *store, gint64 workspace_id, UtcTime now, gboolean full,
                        InsightSummary *ret_summary, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same while a run of sync goes on that began at @now: facts, and findings only where some
 * repository is read for the first time. Such a one is judged by what is known of it for certain,
 * as of the beginning of that reading: a rule tells what it will still tell when all was read, or
 * nothing (RuleNeed). Other runs' findings wait for the end. */
gboolean insight_update_while_reading(Store *store, gint64 workspace_id, UtcTime now,
                                      InsightSummary *ret_summary,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next update looks at everything: for who writes what rules read besides pull requests'
 * rows and settings of rules (policies, say). */
gboolean insight_invalidate(StoreTx *tx, gint64 workspace_id, GError **error);

/* ---- findings */

/* A short name for people: 11 letters and digits (Crockford's base 32), of which the first few do
 * where they are unique. */
#define INSIGHT_ID_SIZE  12
#define INSIGHT_ID_SHORT 7
const char *insight_id_text(gint64 finding_id, char buffer[INSIGHT_ID_SIZE]);
/* The finding whose name begins with @text. NOT_FOUND; INVALID when there are several. */
gboolean insight_find(Store *store, gint64 workspace_id, const char *text, gint64 *ret_finding_id,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define INSIGHT_STATE(state) (1u << (state))
#define INSIGHT_STATES_TO_DO (INSIGHT_STATE(FINDING_OPEN) | INSIGHT_STATE(FINDING_ACKNOWLEDGED))
#define INSIGHT_STATES_ALL   ((1u << FINDING_STATE_COUNT) - 1)

typedef struct {
    guint states;          /* INSIGHT_STATE…; 0: those to do */
    const char *rule;      /* NULL: any */
    gint family, severity; /* RuleFamily, RuleSeverity; -1: any */
    gint64 repository_id;  /* 0: any */
    gint64 person_id;      /* 0: any; else about, nearest to or assigned to that person */
} InsightFilter;
/* GPtrArray of StoreFinding: severest first, then by family and rule, then the longest first. */
GPtrArray *insight_list(Store *store, gint64 workspace_id, const InsightFilter *filter,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The people nearest to a finding, the first first; at most DRAFT_NEAREST_MAX. */
guint insight_nearest(const StoreFinding *finding, gint64 ret_people[DRAFT_NEAREST_MAX]);

/* ---- acting on them */

typedef enum {
    INSIGHT_ACKNOWLEDGE,
    INSIGHT_SNOOZE,  /* until: wakes then if its condition still holds */
    INSIGHT_DISMISS, /* note: the reason */
    INSIGHT_MUTE,    /* note: the reason; the rule says nothing more here: in the repository, of the
                        person, of the subject that the finding is about; until: when it
                        ends by itself, absent: when somebody ends it */
    INSIGHT_ASSIGN,  /* person_id; COUNT_ABSENT: nobody */
    INSIGHT_REOPEN,
    INSIGHT_ACTION_COUNT
} InsightAction;
const char *insight_action_name(InsightAction action); /* "acknowledge" … */
gboolean insight_action_from_name(const char *name, InsightAction *ret_action);

typedef struct {
    InsightAction action;
    const char *actor; /* who does it, for the history */
    const char *note;
    UtcTime until;
    gint64 person_id;
} InsightStep;
/* INVALID when the step does not fit the finding's state, or lacks its reason or time. */
gboolean insight_act(Store *store, gint64 workspace_id, gint64 finding_id, const InsightStep *step,
                     UtcTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Mutes a rule, where given only of a repository, pull request, person, subject; those that hold
 * and match are dismissed at once. @mute->mute_id and created are made here. */
gboolean insight_mute(Store *store, gint64 workspace_id, const StoreMute *mute, UtcTime now,
                      gint64 *ret_mute_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Takes a mute away; its findings are open again. NOT_FOUND. */
gboolean insight_unmute(Store *store, gint64 workspace_id, gint64 mute_id, const char *actor,
                        UtcTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same in the caller's transaction, for a note of who did it. */
gboolean insight_end_mute(StoreTx *tx, gint64 workspace_id, gint64 mute_id, const char *actor,
                          UtcTime now, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- settings of rules */

/* @parameter "": on (1) or off (0). @value NULL: back to what the workspace has (of a repository)
 * or the table (of the workspace, @repository_id 0). INVALID says what would fit. Takes effect with
 * the next update. */
gboolean insight_set(Store *store, gint64 workspace_id, gint64 repository_id, const Rule *rule,
                     const char *parameter, const double *value,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What holds for the repository (0: the workspace). */
RuleSettings *insight_settings(Store *store, gint64 workspace_id,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
void insight_settings_free(RuleSettings *settings);
gboolean insight_is_on(const RuleSettings *settings, const Rule *rule, gint64 repository_id);
double insight_value(const RuleSettings *settings, const Rule *rule, gint64 repository_id,
                     const char *parameter);

/* What the pattern (setting issues.pattern) finds in a pull request's title, else in its source
 * branch; NULL: nothing. Free with g_free. */
char *insight_issue_key(const GRegex *pattern, const StorePullRequest *row);

/* ---- dry run */

#define INSIGHT_DRY_DAYS 90

typedef struct {
    const Rule *rule;
    gint64 repository_id; /* 0: the workspace; else the values are that repository's, and only its
                             findings are counted */
    const char *parameters[RULE_PARAMETERS_MAX + 1]; /* the ids that are tried; NULL ends them */
    double values[RULE_PARAMETERS_MAX];
    UtcTime now;
} InsightTrial;

typedef struct {
    gint64 findings; /* different conditions that held at the end of one of the days */
    gint64 holding;  /* at the end of the last, which is now */
} InsightCount;
typedef struct {
    InsightCount as_set, as_tried; /* as_set: none where the rule is off */
} InsightDryRun;

/* What the rule would have found at the ends of the last INSIGHT_DRY_DAYS days, with what was known
 * then. Writes nothing. INVALID when a value does not fit, or when the rule knows the present only.
 */
gboolean insight_dry_run(Store *store, gint64 workspace_id, const InsightTrial *trial,
                         InsightDryRun *ret_result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
