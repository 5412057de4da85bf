/*
 * Deliveries for programs: JSON and CSV.
 */
#include "deliver/delivery.h"

static json_t *number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}

static json_t *count(double value)
{
    return isnan(value) ? json_null() : json_integer(llround(value));
}

static json_t *text_or_null(const char *text)
{
    g_autofree char *clean = words_clean(text);
    return text == NULL ? json_null() : json_string(clean);
}

static json_t *delivered(const ReportDelivered *of)
{
    return json_pack("{so so so sI}", "deployments", count(of->count), "days", count(of->days),
                     "failure_rate", number(of->failure_rate), "judged", (json_int_t) of->judged);
}

json_t *json_delivery(const Report *report)
{
    json_t *places = json_array();
    for (guint i = 0; i < report->environments->len; i++) {
        const ReportEnvironment *place = &g_array_index(report->environments, ReportEnvironment, i);
        json_array_append_new(places, json_pack("{so so so sI}", "environment",
                                                text_or_null(place->name), "delivered",
                                                delivered(&place->delivered), "recovery_time_p50",
                                                number(place->recovery_p50 / (double) TIME_SECOND),
                                                "recoveries", (json_int_t) place->recoveries));
    }
    return json_pack("{sb so so so so}", "is_known", !isnan(report->delivered.count), "now",
                     delivered(&report->delivered), "before", delivered(&report->delivered_before),
                     "environments", places, "note", text_or_null(report->delivery_note));
}

void csv_delivery(CsvWriter *writer, const Report *report, DeliveryCsv put)
{
    const ReportDelivered *now = &report->delivered, *before = &report->delivered_before;
    put(writer, "deployments", "deployments", "count", "count", now->count, COUNT_ABSENT,
        before->count, COUNT_ABSENT);
    put(writer, "deployment-days", "days with a deployment", "count", "count", now->days,
        COUNT_ABSENT, before->days, COUNT_ABSENT);
    put(writer, "change-failure-rate", "change failure rate", "share", "share", now->failure_rate,
        now->judged, before->failure_rate, before->judged);
    for (guint i = 0; i < report->environments->len; i++) {
        const ReportEnvironment *place = &g_array_index(report->environments, ReportEnvironment, i);
        put(writer, "environment deployments", place->name, "count", "count",
            place->delivered.count, COUNT_ABSENT, (double) NAN, COUNT_ABSENT);
        put(writer, "environment failure rate", place->name, "share", "share",
            place->delivered.failure_rate, place->delivered.judged, (double) NAN, COUNT_ABSENT);
        put(writer, "environment recovery", place->name, "p50", "seconds", place->recovery_p50,
            place->recoveries, (double) NAN, COUNT_ABSENT);
    }
}
