/*
 * findings: what rules found, for people and programs. Part of deliver's public header; see
 * deliver.h for what holds everywhere.
 */
#pragma once

#include "deliver/deliver.h"
#include "insight/insight.h"

/* Where the names of people, repositories and pull requests come from. */
typedef struct {
    Store *store;
    gint64 workspace_id;
    const MeasureColumns *columns;
    UtcTime now;
} FindingView;

/* Text or JSON, lists as CSV too (INVALID otherwise); docs/insights.md describes the members. For
 * g_string_free. */
GString *deliver_render_findings(const FindingView *view, const GPtrArray *findings,
                                 ReportFormat format, const ReportStyle *style, GError **error);
/* One with its evidence and history (@events: StoreFindingEvent). */
GString *deliver_render_finding(const FindingView *view, const StoreFinding *finding,
                                const GPtrArray *events, ReportFormat format,
                                const ReportStyle *style, GError **error);
/* Every rule with what holds for the repository (0: the workspace). */
GString *deliver_render_rules(const RuleSettings *settings, gint64 repository_id,
                              ReportFormat format, const ReportStyle *style, GError **error);
GString *deliver_render_mutes(const FindingView *view, const GPtrArray *mutes, ReportFormat format,
                              const ReportStyle *style, GError **error);
GString *deliver_render_dry_run(const InsightTrial *trial, const InsightDryRun *result,
                                ReportFormat format, const ReportStyle *style, GError **error);

/* "48 h", "3 d", "60 %", "1,000 lines", "5": a value of a parameter. For g_free. */
char *rule_value_words(const RuleParameter *parameter, double value);
