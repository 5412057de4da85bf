#include "measure/calendar_settings.h"

#include <string.h>

#define DEFAULT_ZONE  "UTC"
#define DEFAULT_DAYS  "mon-fri"
#define DEFAULT_FROM  "09:00"
#define DEFAULT_UNTIL "17:00"

enum { SETTING_ZONE, SETTING_DAYS, SETTING_FROM, SETTING_UNTIL, SETTING_HOLIDAYS, SETTINGS };
static const char *const KEYS[SETTINGS] = {"calendar.zone", "calendar.days", "calendar.from",
                                           "calendar.until", "calendar.holidays"};

static gboolean fail(GError **error, const char *key, const char *value, const char *example)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "The setting %s is '%.64s'; it should look like %s.", key, value, example);
    return FALSE;
}

static const char *or_default(const char *value, const char *otherwise)
{
    return value == NULL || value[0] == '\0' ? otherwise : value;
}

static gint weekday_from_name(const char *name)
{
    static const char *const NAMES[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (gint i = 0; i < (gint) G_N_ELEMENTS(NAMES); i++)
        if (g_ascii_strcasecmp(name, NAMES[i]) == 0)
            return i;
    return -1;
}

/* "mon-fri", "sun,mon-thu"; a span may run over the week's end. */
static gboolean parse_days(const char *text, guint *ret_days)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", 8);
    guint days = 0;
    for (gsize i = 0; parts[i] != NULL; i++) {
        g_auto(GStrv) ends = g_strsplit(parts[i], "-", 2);
        if (ends[0] == NULL)
            return FALSE;
        gint first = weekday_from_name(g_strstrip(ends[0]));
        gint last = ends[1] == NULL ? first : weekday_from_name(g_strstrip(ends[1]));
        if (first < 0 || last < 0)
            return FALSE;
        for (gint day = first;; day = (day + 1) % 7) {
            days |= 1u << day;
            if (day == last)
                break;
        }
    }
    *ret_days = days;
    return days != 0;
}

static gboolean parse_clock(const char *text, guint *ret_minutes)
{
    if (strlen(text) != 5 || text[2] != ':')
        return FALSE;
    for (gsize i = 0; i < 5; i++)
        if (i != 2 && !g_ascii_isdigit(text[i]))
            return FALSE;
    guint hours = (guint) g_ascii_strtoull(text, NULL, 10);
    guint minutes = (guint) g_ascii_strtoull(text + 3, NULL, 10);
    if (minutes > 59 || hours * 60 + minutes > 24 * 60)
        return FALSE;
    *ret_minutes = hours * 60 + minutes;
    return TRUE;
}

WorkCalendar *calendar_from_settings(const CalendarSettings *settings, GError **error)
{
    const char *days_text = or_default(settings->days, DEFAULT_DAYS);
    const char *from_text = or_default(settings->from, DEFAULT_FROM);
    const char *until_text = or_default(settings->until, DEFAULT_UNTIL);
    guint days, from, until;
    if (!parse_days(days_text, &days))
        return fail(error, KEYS[SETTING_DAYS], days_text, "mon-fri or sun,mon-thu"), NULL;
    if (!parse_clock(from_text, &from))
        return fail(error, KEYS[SETTING_FROM], from_text, "09:00"), NULL;
    if (!parse_clock(until_text, &until))
        return fail(error, KEYS[SETTING_UNTIL], until_text, "17:00"), NULL;
    g_auto(GStrv) holidays = g_strsplit(or_default(settings->holidays, ""), ",", 0);
    for (gsize i = 0; holidays[i] != NULL; i++)
        g_strstrip(holidays[i]);
    return work_calendar_new(or_default(settings->zone, DEFAULT_ZONE), days, from, until,
                             (const char *const *) holidays, error);
}

gboolean calendar_words_read(CalendarWords *ret_words, Store *store, gint64 workspace_id,
                             GError **error)
{
    g_auto(CalendarWords) words = {{NULL}};
    G_STATIC_ASSERT(G_N_ELEMENTS(words.owned) == SETTINGS);
    for (guint i = 0; i < SETTINGS; i++) {
        GError *problem = NULL;
        words.owned[i] = store_get_setting(store, workspace_id, KEYS[i], &problem);
        if (problem != NULL) {
            g_propagate_error(error, problem);
            return FALSE;
        }
    }
    words.settings = (CalendarSettings){words.owned[SETTING_ZONE], words.owned[SETTING_DAYS],
                                        words.owned[SETTING_FROM], words.owned[SETTING_UNTIL],
                                        words.owned[SETTING_HOLIDAYS]};
    *ret_words = words;
    words = (CalendarWords){{NULL}};
    return TRUE;
}

void calendar_words_clear(CalendarWords *words)
{
    for (guint i = 0; i < SETTINGS; i++)
        g_clear_pointer(&words->owned[i], g_free);
}

WorkCalendar *measure_calendar_load(Store *store, gint64 workspace_id, GError **error)
{
    g_auto(CalendarWords) words = {{NULL}};
    return calendar_words_read(&words, store, workspace_id, error)
               ? calendar_from_settings(&words.settings, error)
               : NULL;
}

char *calendar_fingerprint(Store *store, gint64 workspace_id, GError **error)
{
    g_auto(CalendarWords) words = {{NULL}};
    if (!calendar_words_read(&words, store, workspace_id, error))
        return NULL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < SETTINGS; i++)
        g_string_append_printf(text, "|%s", or_default(words.owned[i], ""));
    return g_string_free(text, FALSE);
}
