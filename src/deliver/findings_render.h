/*
 * Inside deliver: each form of a finding, one function per document.
 */
#pragma once

#include "deliver/findings.h"

GString *findings_list_text(const FindingView *view, const GPtrArray *findings,
                            const ReportStyle *style, GError **error);
GString *finding_text_page(const FindingView *view, const StoreFinding *finding,
                           const GPtrArray *events, const ReportStyle *style, GError **error);
GString *rules_text(const RuleSettings *settings, gint64 repository_id, const ReportStyle *style);
GString *mutes_text(const FindingView *view, const GPtrArray *mutes, const ReportStyle *style);
GString *dry_run_text(const InsightTrial *trial, const InsightDryRun *result,
                      const ReportStyle *style);

GString *findings_list_json(const FindingView *view, const GPtrArray *findings, GError **error);
GString *findings_list_csv(const FindingView *view, const GPtrArray *findings, GError **error);
GString *finding_json_page(const FindingView *view, const StoreFinding *finding,
                           const GPtrArray *events, GError **error);
GString *rules_json(const RuleSettings *settings, gint64 repository_id);
GString *rules_csv(const RuleSettings *settings, gint64 repository_id);
GString *mutes_json(const FindingView *view, const GPtrArray *mutes);
GString *mutes_csv(const FindingView *view, const GPtrArray *mutes);
GString *dry_run_json(const InsightTrial *trial, const InsightDryRun *result);
