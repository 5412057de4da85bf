/* What may be set for a workspace, and what fits. */
#include "measure/calendar_settings.h"

#include <string.h>

#define PATTERNS_MOST 64

/* What is to be set together; the store has the rest. */
typedef struct {
    Store *store;
    gint64 workspace_id;
    const SettingChange *changes;
    gsize n;
} Ground;

static const char *meant(const SettingChange *change)
{
    const MeasureSetting *setting = measure_setting_find(change->key);
    return change->value != NULL || setting == NULL ? change->value : setting->initial;
}

static gboolean fits_calendar(const Ground *ground, const char *key, const char *value,
                              GError **error)
{
    g_auto(CalendarWords) words = {{NULL}};
    if (!calendar_words_read(&words, ground->store, ground->workspace_id, error))
        return FALSE;
    CalendarSettings *own = &words.settings;
    const char **places[] = {&own->zone, &own->days, &own->from, &own->until, &own->holidays};
    static const char *const KEYS[] = {"calendar.zone", "calendar.days", "calendar.from",
                                       "calendar.until", "calendar.holidays"};
    for (guint i = 0; i < G_N_ELEMENTS(KEYS); i++)
        for (gsize k = 0; k < ground->n; k++)
            if (g_str_equal(KEYS[i], ground->changes[k].key))
                *places[i] = meant(&ground->changes[k]);
    g_autoptr(WorkCalendar) calendar = calendar_from_settings(own, error);
    return calendar != NULL;
}

static gboolean refuse(GError **error, const char *key, const char *value, const char *wanted)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "%s: '%.64s' is not %s", key,
                value, wanted);
    return FALSE;
}

static gboolean fits_group(const Ground *ground, const char *key, const char *value, GError **error)
{
    gint64 people;
    return g_ascii_string_to_signed(value, 10, 1, MEASURE_LEAST_GROUP_MOST, &people, NULL) ||
           refuse(error, key, value, "a number of people from 1 to 100");
}

static gboolean fits_switch(const Ground *ground, const char *key, const char *value,
                            GError **error)
{
    return g_str_equal(value, "on") || g_str_equal(value, "off") ||
           refuse(error, key, value, "on or off");
}

static gboolean fits_expression(const Ground *ground, const char *key, const char *value,
                                GError **error)
{
    g_autoptr(GRegex) pattern = g_regex_new(value, 0, 0, NULL);
    return pattern != NULL || refuse(error, key, value, "a regular expression");
}

static gboolean fits_patterns(const Ground *ground, const char *key, const char *value,
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
    gboolean (*fits)(const Ground *, const char *, const char *, GError **);
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

const MeasureSetting *measure_setting_find(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SETTINGS); i++)
        if (g_str_equal(SETTINGS[i].info.key, key))
            return &SETTINGS[i].info;
    return NULL;
}

static gboolean check(const Ground *ground, const SettingChange *change, GError **error)
{
    const char *value = meant(change);
    for (gsize i = 0; i < G_N_ELEMENTS(SETTINGS); i++) {
        if (!g_str_equal(SETTINGS[i].info.key, change->key))
            continue;
        if (strlen(value) > LIMIT_TEXT || !g_utf8_validate(value, -1, NULL))
            return refuse(error, change->key, value, "a short text");
        return SETTINGS[i].fits(ground, change->key, value, error);
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "'%.64s' is not a setting; 'plumbline settings' shows them", change->key);
    return FALSE;
}

gboolean measure_setting_check(Store *store, gint64 workspace_id, const char *key,
                               const char *value, GError **error)
{
    const SettingChange change = {key, value};
    const Ground ground = {store, workspace_id, &change, 1};
    return check(&ground, &change, error);
}

gboolean measure_settings_put(StoreTx *tx, Store *store, gint64 workspace_id,
                              const SettingChange *changes, gsize n, const char **ret_refused,
                              GError **error)
{
    const Ground ground = {store, workspace_id, changes, n};
    for (gsize i = 0; i < n; i++)
        if (!check(&ground, &changes[i], error)) {
            *ret_refused = changes[i].key;
            return FALSE;
        }
    for (gsize i = 0; i < n; i++)
        if (!store_put_setting(tx, workspace_id, changes[i].key, changes[i].value, error))
            return FALSE;
    store_touch_facts(tx);
    return TRUE;
}
