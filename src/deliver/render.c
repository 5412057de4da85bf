#include "deliver/render.h"

GString *report_render(const Report *report, ReportFormat format, const ReportStyle *style)
{
    static const ReportStyle PLAIN = {.unicode = TRUE};
    static void (*const RENDERERS[REPORT_FORMAT_COUNT])(const Report *, const ReportStyle *,
                                                        GString *) = {
        [REPORT_TEXT] = render_text,
        [REPORT_HTML] = render_html,
        [REPORT_JSON] = render_json,
        [REPORT_CSV] = render_csv,
    };
    GString *out = g_string_sized_new(16384);
    RENDERERS[format](report, style == NULL ? &PLAIN : style, out);
    return out;
}
