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

#include "measure/measure.h"

/* ---- evaluation */

typedef struct {
    gboolean is_full; /* everything was looked at, not only what changed */
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
/* The next update looks at everything: for who writes what rules read besides pull requests'
 * rows and settings of rules (policies, say). */
gboolean insight_invalidate(StoreTx *tx, gint64 workspace_id, GError **error);
