/* Which form a finding takes. */
#include "deliver/findings_render.h"

/* A list has rows, and so comes as CSV too. */
static gboolean is_offered(ReportFormat format, gboolean is_list, GError **error)
{
    if (format == REPORT_TEXT || format == REPORT_JSON || (format == REPORT_CSV && is_list))
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "this comes as text%s",
                is_list ? ", json or csv" : " or json");
    return FALSE;
}

GString *deliver_render_findings(const FindingView *view, const GPtrArray *findings,
                                 ReportFormat format, const ReportStyle *style, GError **error)
{
    if (!is_offered(format, TRUE, error))
        return NULL;
    return format == REPORT_JSON  ? findings_list_json(view, findings, error)
           : format == REPORT_CSV ? findings_list_csv(view, findings, error)
                                  : findings_list_text(view, findings, style, error);
}

GString *deliver_render_finding(const FindingView *view, const StoreFinding *finding,
                                const GPtrArray *events, ReportFormat format,
                                const ReportStyle *style, GError **error)
{
    if (!is_offered(format, FALSE, error))
        return NULL;
    return format == REPORT_JSON ? finding_json_page(view, finding, events, error)
                                 : finding_text_page(view, finding, events, style, error);
}

GString *deliver_render_rules(const RuleSettings *settings, gint64 repository_id,
                              ReportFormat format, const ReportStyle *style, GError **error)
{
    if (!is_offered(format, TRUE, error))
        return NULL;
    return format == REPORT_JSON  ? rules_json(settings, repository_id)
           : format == REPORT_CSV ? rules_csv(settings, repository_id)
                                  : rules_text(settings, repository_id, style);
}

GString *deliver_render_mutes(const FindingView *view, const GPtrArray *mutes, ReportFormat format,
                              const ReportStyle *style, GError **error)
{
    if (!is_offered(format, TRUE, error))
        return NULL;
    return format == REPORT_JSON  ? mutes_json(view, mutes)
           : format == REPORT_CSV ? mutes_csv(view, mutes)
                                  : mutes_text(view, mutes, style);
}

GString *deliver_render_dry_run(const InsightTrial *trial, const InsightDryRun *result,
                                ReportFormat format, const ReportStyle *style, GError **error)
{
    if (!is_offered(format, FALSE, error))
        return NULL;
    return format == REPORT_JSON ? dry_run_json(trial, result) : dry_run_text(trial, result, style);
}
