/*
 * Inside deliver: the parts of report_build.
 */
#pragma once

#include "deliver/deliver.h"

/* Lists and coverage, from the store's rows: points, needs, what was left out. */
gboolean build_points(const ReportRequest *request, Report *report, GError **error);
gboolean build_needs(const ReportRequest *request, Report *report, GError **error);
gboolean build_coverage(const ReportRequest *request, Report *report, GError **error);
