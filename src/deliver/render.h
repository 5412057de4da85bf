/*
 * Inside deliver: the renderers behind report_render. Each appends to @out.
 */
#pragma once

#include "deliver/deliver.h"

void render_text(const Report *report, const ReportStyle *style, GString *out);
void render_html(const Report *report, const ReportStyle *style, GString *out);
void render_json(const Report *report, const ReportStyle *style, GString *out);
void render_csv(const Report *report, const ReportStyle *style, GString *out);
