/*
 * Inside insight: what an evaluation does to the findings that are kept.
 */
#pragma once

#include "insight/evaluate.h"
#include "insight/insight.h"

/* Inside the caller's transaction: new conditions become findings, those that hold are refreshed,
 * those that ended are resolved, those that came back reopened. Counts go to @summary. */
gboolean life_apply(StoreTx *tx, const Evaluation *evaluation, GPtrArray *mutes,
                    InsightSummary *summary, GError **error);
