/* Which form a finding takes. */
#include "deliver/findings_render.h"

static gboolean is_offered(ReportFormat format, GError **error)
{
    if (format == REPORT_TEXT || format == REPORT_JSON)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "insights come as text or json");
    return FALSE;
}

GString *deliver_render_findings(const FindingView *view, const GPtrArray *findings,
                                 ReportFormat format, const ReportStyle *style, GError **error)
{
    if (!is_offered(format, error))
        return NULL;
    return format == REPORT_JSON ? findings_list_json(view, findings, error)
                                 : findings_list_text(view, findings, style, error);
}

GString *deliver_render_finding(const FindingView *view, const StoreFinding *finding,
                                const GPtrArray *events, ReportFormat format,
                                const ReportStyle *style, GError **error)
{
    if (!is_offered(format, error))
        return NULL;
    return format == REPORT_JSON ? finding_json_page(view, finding, events, error)
                                 : finding_text_page(view, finding, events, style, error);
}

GString *deliver_render_rules(const RuleSettings *settings, gint64 repository_id,
                              ReportFormat format, const ReportStyle *style, GError **error)
{
    if (!is_offered(format, error))
        return NULL;
    return format == REPORT_JSON ? rules_json(settings, repository_id)
                                 : rules_text(settings, repository_id, style);
}

GString *deliver_render_mutes(const FindingView *view, const GPtrArray *mutes, ReportFormat format,
                              const ReportStyle *style, GError **error)
{
    if (!is_offered(format, error))
        return NULL;
    return format == REPORT_JSON ? mutes_json(view, mutes) : mutes_text(view, mutes, style);
}

GString *deliver_render_dry_run(const InsightTrial *trial, const InsightDryRun *result,
                                ReportFormat format, const ReportStyle *style, GError **error)
{
    if (!is_offered(format, error))
        return NULL;
    return format == REPORT_JSON ? dry_run_json(trial, result) : dry_run_text(trial, result, style);
}
