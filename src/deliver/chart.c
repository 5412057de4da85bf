/*
 * The frame that all charts share, and the round numbers on their axes.
 */
#include "deliver/html.h"

void chart_scale(double most, double *ret_top, double *ret_step)
{
    static const double STEPS[] = {1, 2, 5, 10};
    double magnitude, step;
    if (!(most > 0))
        most = 1;
    magnitude = pow(10, floor(log10(most / 4)));
    step = magnitude;
    for (gsize i = 0; i < G_N_ELEMENTS(STEPS); i++) {
        step = STEPS[i] * magnitude;
        if (step * 5 >= most)
            break;
    }
    *ret_step = step;
    *ret_top = ceil(most / step - 1e-9) * step;
}

void chart_begin(HtmlPage *page, const char *id, const char *title, const char *caption)
{
    html_put(page,
             "<figure><figcaption><h3 id=\"%s\">%s</h3><p id=\"%s-about\">%s</p></figcaption>\n"
             "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s\" "
             "aria-describedby=\"%s-about\">\n",
             id, title, id, caption, CHART_WIDTH, CHART_HEIGHT, id, id);
}

void chart_grid(HtmlPage *page, double top, double step, const char *unit)
{
    int bottom = CHART_HEIGHT - CHART_BOTTOM;
    double height = bottom - CHART_TOP;
    int steps = (int) lround(top / step);
    for (int i = 0; i <= steps; i++) {
        double at = i * step;
        double y = bottom - at / top * height;
        char label[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(label, sizeof label, step < 1 ? "%.1f" : "%.0f", at);
        html_put(page,
                 "<path class=\"%s\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
                 "text-anchor=\"end\">%s%s</text>\n",
                 i == 0 ? "axis" : "grid", CHART_LEFT, y, CHART_WIDTH - CHART_RIGHT, CHART_LEFT - 5,
                 y + 4, label, unit);
    }
}

void chart_numbers(HtmlPage *page, const char *summary)
{
    html_put(page, "</svg>\n<details><summary>%s</summary><div class=\"scroll\"><table>", summary);
}

void chart_end(HtmlPage *page)
{
    html_put(page, "</tbody></table></div></details></figure>\n");
}
