/*
 * flow: what a finding about a trend shows. Inside the insight room.
 */
#pragma once

#include "insight/trend.h"
#include "insight/words.h"

/* What is looked at, with its names. */
typedef struct {
    const RuleScene *scene;
    const TrendRequest *request;
    const GPtrArray *teams; /* StoreTeam, as request->teams */
} FlowView;

/* "21 h", "180 lines", "4.8 a working day", "12 %". */
const char *flow_value(FindingSink *sink, const Trend *trend, double value);
/* NULL: it is no team's. */
const char *flow_team(const FlowView *view, const Trend *trend);
/* "acme/payments", "the team Payments", "the workspace". */
const char *flow_place(FindingSink *sink, const FlowView *view, const Trend *trend);

/* Sentences about where the change of a duration comes from, one piece of evidence each. */
void flow_add_cause(FindingDraft *draft, FindingSink *sink, const FlowView *view,
                    const TrendCause *cause);
/* The last two weeks' worst pull requests, or what each week of the comparison had. */
gboolean flow_add_rows(FindingDraft *draft, FindingSink *sink, const TrendRequest *request,
                       const Trend *trend, GError **error) G_GNUC_WARN_UNUSED_RESULT;
