/* What may be set for a workspace, and what fits. */
#include "measure/calendar_settings.h"

#include <string.h>

#define PATTERNS_MOST 64

static gboolean fits_calendar(Store *store, gint64 workspace_id, const char *key, const char *value,
                              GError **error)
{
    g_auto(CalendarWords) words = {{NULL}};
    if (!calendar_words_read(&words, store, workspace_id, error))
        return FALSE;
    CalendarSettings *own = &words.settings;
    const char **places[] = {&own->zone, &own->days, &own->from, &own->until, &own->holidays};
    static const char *const KEYS[] = {"calendar.zone", "calendar.days", "calendar.from",
                                       "calendar.until", "calendar.holidays"};
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++)
        if (g_str_equal(KEYS[i], key))
            *places[i] = value;
    g_autoptr(WorkCalendar) calendar = calendar_from_settings(own, error);
    return calendar != NULL;
}

static gboolean refuse(GError **error, const char *key, const char *value, const char *wanted)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "%s: '%.64s' is not %s", key,
                value, wanted);
    return FALSE;
}

static gboolean fits_group(Store *store, gint64 workspace_id, const char *key, const char *value,
                           GError **error)
{
    gint64 people;
    return g_ascii_string_to_signed(value, 10, 1, MEASURE_LEAST_GROUP_MOST, &people, NULL) ||
           refuse(error, key, value, "a number of people from 1 to 100");
}

static gboolean fits_switch(Store *store, gint64 workspace_id, const char *key, const char *value,
                            GError **error)
{
    return g_str_equal(value, "on") || g_str_equal(value, "off") ||
           refuse(error, key, value, "on or off");
}

static gboolean fits_expression(Store *store, gint64 workspace_id, const char *key,
                                const char *value, GError **error)
{
    g_autoptr(GRegex) pattern = g_regex_new(value, 0, 0, NULL);
    return pattern != NULL || refuse(error, key, value, "a regular expression");
}

static gboolean fits_patterns(Store *store, gint64 workspace_id, const char *key, const char *value,
                              GError **error)
{
    g_auto(GStrv) patterns = g_strsplit(value, ",", -1);
    gboolean good = g_strv_length(patterns) <= PATTERNS_MOST;
    for (guint i = 0; patterns[i] != NULL; i++)
        good &= strspn(patterns[i], "*? ") != strlen(patterns[i]); /* would match everybody */
    return good || refuse(error, key, value, "a list of up to 64 patterns with commas between");
}

static const struct {
    MeasureSetting info;
    gboolean (*fits)(Store *, gint64, const char *, const char *, GError **);
} SETTINGS[] = {
    {{"calendar.zone", "UTC", "time zone of the workspace, such as Europe/Berlin"}, fits_calendar},
    {{"calendar.days", "mon-fri", "working days, such as mon-fri or sun,mon-thu"}, fits_calendar},
    {{"calendar.from", "09:00", "when a working day begins"}, fits_calendar},
    {{"calendar.until", "17:00", "when a working day ends"}, fits_calendar},
    {{"calendar.holidays", "", "days off, such as 2026-12-25,2026-12-26"}, fits_calendar},
    {{"privacy.least-group", "3", "people that a team needs to be shown in comparisons"},
     fits_group},
    {{"privacy.people", "off", "whether the web application compares people: on or off"},
     fits_switch},
    {{"bots.patterns", "", "names of further bots, such as *-deploy,ci-*"}, fits_patterns},
    {{"issues.pattern", "[A-Z][A-Z0-9]+-[0-9]+", "regular expression that an issue's key matches"},
     fits_expression},
};

gsize measure_setting_count(void)
{
    return G_N_ELEMENTS(SETTINGS);
}

const MeasureSetting *measure_setting(gsize index)
{
    return &SETTINGS[index].info;
}

gboolean measure_setting_check(Store *store, gint64 workspace_id, const char *key,
                               const char *value, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
        if (!g_str_equal(SETTINGS[i].info.key, key))
            continue;
        if (strlen(value) > LIMIT_TEXT || !g_utf8_validate(value, -1, NULL))
            return refuse(error, key, value, "a short text");
        return SETTINGS[i].fits(store, workspace_id, key, value, error);
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "'%.64s' is not a setting; 'plumbline settings' shows them", key);
    return FALSE;
}
