#include "measure/zone.h"

/* Names are looked up as files below the zone database, so only what names are made of passes. */
static gboolean name_is_plausible(const char *zone)
{
    if (!g_ascii_isalpha(zone[0]) || strlen(zone) > 64 || strstr(zone, "..") != NULL)
        return FALSE;
    for (const char *at = zone; *at != '\0'; at++)
        if (!g_ascii_isalnum(*at) && strchr("/_+-", *at) == NULL)
            return FALSE;
    return TRUE;
}

static Duration offset_at(GTimeZone *zone, gint interval)
{
    return (Duration) g_time_zone_get_offset(zone, interval) * TIME_SECOND;
}

/* Finds every change between two seconds by halving: equal interval numbers mean no change. */
static void add_changes(GTimeZone *zone, gint64 low, gint low_interval, gint64 high,
                        gint high_interval, GArray *spans)
{
    if (low_interval == high_interval)
        return;
    if (high - low == 1) {
        Duration offset = offset_at(zone, high_interval);
        if (g_array_index(spans, ZoneSpan, spans->len - 1).offset != offset) {
            ZoneSpan span = {.from = high * TIME_SECOND, .offset = offset};
            g_array_append_val(spans, span);
        }
        return;
    }
    gint64 middle = low + (high - low) / 2;
    gint interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, middle);
    add_changes(zone, low, low_interval, middle, interval, spans);
    add_changes(zone, middle, interval, high, high_interval, spans);
}

gboolean zone_offsets_init(ZoneOffsets *ret_offsets, const char *zone, UtcTime from, UtcTime until,
                           GError **error)
{
    g_autoptr(GTimeZone) found = NULL;
    if (zone == NULL)
        found = g_time_zone_new_utc();
    else if (name_is_plausible(zone))
        found = g_time_zone_new_identifier(zone);
    if (found == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "'%.64s' is not a time zone this machine knows; name one like Europe/Berlin.",
                    zone);
        return FALSE;
    }
    gint64 low = floor_divide(from, TIME_SECOND), high = floor_divide(until, TIME_SECOND) + 1;
    gint low_interval = g_time_zone_find_interval(found, G_TIME_TYPE_UNIVERSAL, low);
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(ZoneSpan));
    ZoneSpan first = {.from = G_MININT64, .offset = offset_at(found, low_interval)};
    g_array_append_val(spans, first);
    if (high > low)
        add_changes(found, low, low_interval, high,
                    g_time_zone_find_interval(found, G_TIME_TYPE_UNIVERSAL, high), spans);
    ret_offsets->n = spans->len;
    ret_offsets->spans = (ZoneSpan *) (void *) g_array_free(spans, FALSE);
    return TRUE;
}

void zone_offsets_clear(ZoneOffsets *offsets)
{
    g_clear_pointer(&offsets->spans, g_free);
    offsets->n = 0;
}

gsize zone_offsets_find(const ZoneOffsets *offsets, UtcTime time, gsize hint)
{
    if (hint < offsets->n && offsets->spans[hint].from <= time &&
        (hint + 1 == offsets->n || time < offsets->spans[hint + 1].from))
        return hint;
    gsize low = 0, high = offsets->n; /* spans[low].from <= time < spans[high].from */
    while (high - low > 1) {
        gsize middle = low + (high - low) / 2;
        if (offsets->spans[middle].from <= time)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Counts from 1 March of year 0, so that the leap day is the last of its year; 400 years are
 * 146097 days. */
void day_to_civil(gint64 day, gint *ret_year, guint *ret_month, guint *ret_day)
{
    day += 719468;
    gint64 era = floor_divide(day, 146097);
    guint of_era = (guint) (day - era * 146097);
    guint year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    guint of_year = of_era - (365 * year + year / 4 - year / 100);
    guint march_month = (5 * of_year + 2) / 153;
    *ret_day = of_year - (153 * march_month + 2) / 5 + 1;
    *ret_month = march_month < 10 ? march_month + 3 : march_month - 9;
    *ret_year = (gint) (year + era * 400) + (*ret_month <= 2);
}

gint64 day_from_civil(gint year, guint month, guint day)
{
    gint64 counted = (gint64) year - (month <= 2);
    gint64 era = floor_divide(counted, 400);
    guint of_era = (guint) (counted - era * 400);
    guint of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + (gint64) of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}
