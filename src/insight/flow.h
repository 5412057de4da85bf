/*
 * flow: what a finding about a trend shows. Inside the insight room.
 */
#pragma once

#include "insight/trend.h"
#include "insight/words.h"

/* "21 h", "180 lines", "4.8 a working day", "12 %". */
const char *flow_value(FindingSink *sink, const Trend *trend, double value);
/* "acme/payments", "the workspace". */
const char *flow_place(const Trend *trend, const RuleScene *scene);

/* Sentences about where the change of a duration comes from, one piece of evidence each. */
void flow_add_cause(FindingDraft *draft, FindingSink *sink, const RuleScene *scene,
                    const TrendRequest *request, const Trend *trend, const TrendCause *cause);
/* The last two weeks' worst pull requests, or what each week of the comparison had. */
gboolean flow_add_rows(FindingDraft *draft, FindingSink *sink, const TrendRequest *request,
                       const Trend *trend, GError **error) G_GNUC_WARN_UNUSED_RESULT;
