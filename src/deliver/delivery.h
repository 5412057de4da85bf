/*
 * Inside deliver: the part of the report on deliveries, in every format.
 */
#pragma once

#include <jansson.h>

#include "deliver/csv.h"
#include "deliver/html.h"
#include "deliver/text.h"

gboolean build_delivery(const ReportRequest *request, Report *report, GError **error);

/* "42, 3.3 a week, on 20 days; 38 in the period before". Free with g_free. */
char *delivery_count_words(const Report *report);
/* "3 of 42 failed or were rolled back (7 %); 5 % in the period before". Free with g_free. */
char *delivery_failure_words(const Report *report);

void text_delivery(TextPage *page);
void html_delivery(HtmlPage *page);
json_t *json_delivery(const Report *report);
typedef void (*DeliveryCsv)(CsvWriter *writer, const char *item, const char *title,
                            const char *statistic, const char *unit, double value, gint64 n,
                            double before, gint64 n_before);
/* Calls @put for each row of the section "delivery". */
void csv_delivery(CsvWriter *writer, const Report *report, DeliveryCsv put);
