/*
 * Inside deliver: the small words that the text and the HTML renderer share.
 */
#pragma once

#include "deliver/deliver.h"

/* "16 Nov 2026" and "16 Nov 2026, 08:00 UTC". Free with g_free. "-" when absent. */
char *words_date(UtcTime time);
char *words_instant(UtcTime time);
/* "16 Nov". */
char *words_day(UtcTime time);
/* "12,345". Free with g_free; "-" for COUNT_ABSENT. */
char *words_count(gint64 count);
/* "1 pull request", "12 pull requests". Free with g_free. */
char *words_counted(gint64 count, const char *one, const char *many);
/* A copy of foreign text that is valid UTF-8 and has no control characters (C0, C1, bidirectional
 * overrides): each becomes a space. NULL gives "". Free with g_free. */
char *words_clean(const char *text);
/* Whether a link may be shown as one: http or https, no blanks or control characters. */
gboolean words_is_link(const char *url);
/* Whether any measure of the section has a value, now or in the period before. */
gboolean words_has_values(const Report *report, ReportSection section);
/* Share of each phase in all the phases' time over the report's weeks, 0-1. FALSE when nothing is
 * known. */
gboolean words_phase_shares(const Report *report, double ret_shares[REPORT_PHASE_COUNT]);
/* "#12" in a report on one repository, "billing#12" in one on a workspace. Free with g_free. */
char *words_reference(const Report *report, const char *repository, gint64 number);
/* The rules of the report's needs in the order in which they are told, const Rule *: what waits for
 * somebody first, merges that are over last. Free with g_ptr_array_unref. */
GPtrArray *words_need_rules(const Report *report);
