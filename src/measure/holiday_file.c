/* Holidays from an iCalendar file, read by libical. */
#include "measure/team_files.h"

#include <libical/ical.h>
#include <string.h>

#define MOST_DAYS_OF_EVENT 400
#define MOST_REPETITIONS   200000 /* a day of the years from 1601 on each */

typedef struct {
    gint first_year, last_year;
    GHashTable *names; /* day -> name */
} Collector;

void holiday_free(Holiday *holiday)
{
    if (holiday == NULL)
        return;
    g_free(holiday->day);
    g_free(holiday->name);
    g_free(holiday);
}

static gboolean fail(GError **error, const char *event, const char *why)
{
    g_autofree char *name = g_utf8_make_valid(event, MIN(strlen(event), (gsize) 64));
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "The event '%s' %s.", name, why);
    return FALSE;
}

/* ---- days */

/* Unicode, without controls, of bounded length. Free with g_free. */
static char *clean_name(const char *summary)
{
    g_autofree char *valid = g_utf8_make_valid(summary == NULL ? "" : summary, -1);
    g_autofree char *safe = log_blank_controls(valid);
    gsize length = MIN(strlen(safe), (gsize) LIMIT_NAME);
    while (length > 0 && ((guchar) safe[length] & 0xc0) == 0x80)
        length--;
    return g_strndup(safe, length);
}

static gboolean add_day(Collector *collector, struct icaltimetype day, const char *name,
                        GError **error)
{
    if (day.year < collector->first_year || day.year > collector->last_year)
        return TRUE;
    char *text = g_strdup_printf("%04d-%02d-%02d", day.year, day.month, day.day);
    if (g_hash_table_contains(collector->names, text)) {
        g_free(text);
        return TRUE;
    }
    g_hash_table_insert(collector->names, text, clean_name(name));
    if (g_hash_table_size(collector->names) <= HOLIDAY_FILE_MAX)
        return TRUE;
    return fail(error, name, "makes more days than a calendar of holidays has");
}

static gboolean is_excepted(icalcomponent *event, struct icaltimetype day)
{
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_EXDATE_PROPERTY);
         property != NULL; property = icalcomponent_get_next_property(event, ICAL_EXDATE_PROPERTY))
        if (icaltime_compare_date_only(icalproperty_get_exdate(property), day) == 0)
            return TRUE;
    return FALSE;
}

/* One occurrence: @length days from @day on. */
static gboolean add_occurrence(Collector *collector, icalcomponent *event, struct icaltimetype day,
                               gint length, const char *name, GError **error)
{
    if (day.year < 1601 || day.year > 9999 ||
        !g_date_valid_dmy((GDateDay) CLAMP(day.day, 0, 99), (GDateMonth) CLAMP(day.month, 0, 99),
                          (GDateYear) day.year))
        return fail(error, name, "is on a day that no calendar has");
    if (is_excepted(event, day))
        return TRUE;
    for (gint i = 0; i < length; i++) {
        if (!add_day(collector, day, name, error))
            return FALSE;
        icaltime_adjust(&day, 1, 0, 0, 0);
    }
    return TRUE;
}

/* ---- events */

static gboolean repeat(Collector *collector, icalcomponent *event, struct icalrecurrencetype rule,
                       struct icaltimetype start, gint length, const char *name, GError **error)
{
    if (rule.freq < ICAL_DAILY_RECURRENCE || rule.freq > ICAL_YEARLY_RECURRENCE)
        return fail(error, name, "repeats more often than once a day, which no holiday does");
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, start);
    if (iterator == NULL)
        return fail(error, name, "has a repetition (RRULE) that cannot be read");
    gboolean good = TRUE;
    guint n = 0;
    for (struct icaltimetype day = icalrecur_iterator_next(iterator);
         good && !icaltime_is_null_time(day) && day.year <= collector->last_year;
         day = icalrecur_iterator_next(iterator))
        good = n++ < MOST_REPETITIONS
                   ? add_occurrence(collector, event, day, length, name, error)
                   : fail(error, name, "repeats without an end that can be reached");
    icalrecur_iterator_free(iterator);
    return good;
}

static gboolean add_repetitions(Collector *collector, icalcomponent *event,
                                struct icaltimetype start, gint length, const char *name,
                                GError **error)
{
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
         property != NULL; property = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY))
        if (!repeat(collector, event, icalproperty_get_rrule(property), start, length, name, error))
            return FALSE;
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_RDATE_PROPERTY);
         property != NULL; property = icalcomponent_get_next_property(event, ICAL_RDATE_PROPERTY)) {
        struct icaltimetype day = icalproperty_get_rdate(property).time;
        if (!icaltime_is_null_time(day) &&
            !add_occurrence(collector, event, day, length, name, error))
            return FALSE;
    }
    return TRUE;
}

/* The parts that make the days. What libical cannot read it leaves out, which would be holidays
 * that are silently missing; of other parts, such as an empty description, that is welcome. */
static const char *const PARTS[] = {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"};

static gboolean refuse_damage(icalcomponent *event, const char *name, GError **error)
{
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_XLICERROR_PROPERTY);
         property != NULL;
         property = icalcomponent_get_next_property(event, ICAL_XLICERROR_PROPERTY)) {
        const char *words = icalproperty_get_xlicerror(property);
        for (gsize i = 0; words != NULL && i < G_N_ELEMENTS(PARTS); i++) {
            if (strstr(words, PARTS[i]) == NULL)
                continue;
            g_autofree char *why = g_strdup_printf("has a %s that cannot be read", PARTS[i]);
            return fail(error, name, why);
        }
    }
    return TRUE;
}

static gboolean add_event(Collector *collector, icalcomponent *event, GError **error)
{
    const char *summary = icalcomponent_get_summary(event);
    const char *name = summary != NULL ? summary : "(without a summary)";
    if (!refuse_damage(event, name, error))
        return FALSE;
    if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED)
        return TRUE;
    struct icaltimetype start = icalcomponent_get_dtstart(event);
    if (icaltime_is_null_time(start))
        return fail(error, name, "has no day on which it begins (DTSTART)");
    if (!start.is_date)
        return TRUE; /* an appointment */
    struct icaltimetype end = icalcomponent_get_dtend(event);
    gint length = 1;
    if (!icaltime_is_null_time(end)) {
        end.is_date = 1;
        for (struct icaltimetype day = start;
             length <= MOST_DAYS_OF_EVENT && icaltime_compare_date_only(day, end) < 0; length++)
            icaltime_adjust(&day, 1, 0, 0, 0);
        length = MAX(length - 1, 1);
    }
    if (length >= MOST_DAYS_OF_EVENT)
        return fail(error, name, "lasts longer than a year");
    const char *title = summary != NULL ? summary : "";
    return add_occurrence(collector, event, start, length, title, error) &&
           add_repetitions(collector, event, start, length, title, error);
}

/* ---- the file */

typedef struct {
    const char *at, *end;
    guint line; /* lines given so far */
} LineReader;

/* For icalparser_get_line: a line with its end, or what of it fits. */
static char *give_line(char *buffer, size_t size, void *data)
{
    LineReader *reader = data;
    if (reader->at == reader->end || size < 2)
        return NULL;
    gsize length = MIN((gsize) (reader->end - reader->at), size - 1);
    const char *newline = memchr(reader->at, '\n', length);
    if (newline != NULL) {
        length = (gsize) (newline - reader->at) + 1;
        reader->line++;
    }
    memcpy(buffer, reader->at, length);
    buffer[length] = '\0';
    reader->at += length;
    return buffer;
}

static gboolean add_calendar(Collector *collector, icalcomponent *calendar, GError **error)
{
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
         event != NULL; event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        if (!add_event(collector, event, error))
            return FALSE;
    return TRUE;
}

static gboolean refuse_line(const char *line, guint number, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        if (g_ascii_strncasecmp(line, PARTS[i], strlen(PARTS[i])) != 0)
            continue;
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "The calendar file has a %s near line %u that cannot be read.", PARTS[i],
                    MAX(number, 1));
        return FALSE;
    }
    return TRUE;
}

static gboolean read_calendars(Collector *collector, icalparser *parser, LineReader *reader,
                               GError **error)
{
    guint calendars = 0;
    icalparser_set_gen_data(parser, reader);
    for (char *line; (line = icalparser_get_line(parser, give_line)) != NULL;) {
        icalcomponent *component = icalparser_add_line(parser, line);
        gboolean good = icalparser_get_state(parser) != ICALPARSER_ERROR ||
                        refuse_line(line, reader->line, error);
        icalmemory_free_buffer(line);
        if (component != NULL) {
            gboolean is_calendar = icalcomponent_isa(component) == ICAL_VCALENDAR_COMPONENT;
            good = good && (!is_calendar || add_calendar(collector, component, error));
            calendars += is_calendar ? 1 : 0;
            icalcomponent_free(component);
        }
        if (!good)
            return FALSE;
    }
    if (calendars > 0)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "The file has no whole calendar: it should begin with BEGIN:VCALENDAR and "
                        "end with END:VCALENDAR.");
    return FALSE;
}

static gint by_day(gconstpointer a, gconstpointer b)
{
    const Holiday *first = *(Holiday *const *) a, *second = *(Holiday *const *) b;
    return strcmp(first->day, second->day);
}

static GPtrArray *list_days(GHashTable *names)
{
    GPtrArray *days = g_ptr_array_new_with_free_func((GDestroyNotify) holiday_free);
    GHashTableIter iter;
    gpointer day, name;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, &day, &name)) {
        Holiday *holiday = g_new0(Holiday, 1);
        *holiday = (Holiday){g_strdup(day), g_strdup(name)};
        g_ptr_array_add(days, holiday);
    }
    g_ptr_array_sort(days, by_day);
    return days;
}

GPtrArray *holiday_file_parse(const char *text, gsize length, gint first_year, gint last_year,
                              GError **error)
{
    if (length > TEAM_FILE_MAX) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "The calendar file has more than %" G_GSIZE_FORMAT " bytes.", TEAM_FILE_MAX);
        return NULL;
    }
    icalerror_set_errors_are_fatal(FALSE);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Collector collector = {first_year, last_year, names};
    LineReader reader = {text, text + length, 0};
    icalparser *parser = icalparser_new();
    gboolean good = memchr(text, '\0', length) == NULL
                        ? read_calendars(&collector, parser, &reader, error)
                        : fail(error, "(file)", "is no text");
    icalparser_free(parser);
    return good ? list_days(names) : NULL;
}
