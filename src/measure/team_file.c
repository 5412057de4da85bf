/* A team file: a group per team, as in
 *
 *   [Payments]
 *   zone = Europe/Berlin
 *   members = ana@acme.example; Ben Roy
 */
#include "measure/calendar_settings.h"
#include "measure/team_files.h"

#include <string.h>

static const char *const KEYS[] = {"zone", "days", "from", "until", "since", "members", "holidays"};
enum { KEY_ZONE, KEY_DAYS, KEY_FROM, KEY_UNTIL, KEY_SINCE, KEY_MEMBERS, KEY_HOLIDAYS, KEY_COUNT };

void team_entry_free(TeamEntry *entry)
{
    if (entry == NULL)
        return;
    g_free(entry->name);
    g_free(entry->zone);
    g_free(entry->days);
    g_free(entry->from);
    g_free(entry->until);
    g_strfreev(entry->members);
    g_strfreev(entry->holidays);
    g_free(entry);
}

gboolean team_words_check(const char *zone, const char *days, const char *from, const char *until,
                          const char *holidays, GError **error)
{
    CalendarSettings settings = {zone, days, from, until, holidays};
    g_autoptr(WorkCalendar) calendar = calendar_from_settings(&settings, error);
    return calendar != NULL;
}

/* Parts between semicolons, without blanks and empty ones. */
static char **split_list(const char *text)
{
    g_auto(GStrv) raw = g_strsplit(text == NULL ? "" : text, ";", -1);
    GPtrArray *parts = g_ptr_array_new();
    for (gsize i = 0; raw[i] != NULL; i++) {
        g_strstrip(raw[i]);
        if (raw[i][0] != '\0')
            g_ptr_array_add(parts, g_strdup(raw[i]));
    }
    g_ptr_array_add(parts, NULL);
    return (char **) g_ptr_array_free(parts, FALSE);
}

static gboolean check_keys(GKeyFile *file, const char *team, GError **error)
{
    g_auto(GStrv) keys = g_key_file_get_keys(file, team, NULL, NULL);
    for (gsize i = 0; keys != NULL && keys[i] != NULL; i++) {
        gsize known = 0;
        while (known < KEY_COUNT && strcmp(keys[i], KEYS[known]) != 0)
            known++;
        if (known < KEY_COUNT)
            continue;
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "Team '%.64s': '%.64s' is not one of zone, days, from, until, since, members "
                    "and holidays.",
                    team, keys[i]);
        return FALSE;
    }
    return TRUE;
}

static gboolean read_since(const char *team, const char *text, UtcTime *ret_since, GError **error)
{
    *ret_since = TIME_ABSENT;
    if (text == NULL || (strlen(text) == 10 && time_parse(text, -1, ret_since, NULL)))
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "Team '%.64s': since is '%.32s'; it should be a date like 2026-01-31.", team, text);
    return FALSE;
}

static char *read_key(GKeyFile *file, const char *team, guint key)
{
    char *value = g_key_file_get_string(file, team, KEYS[key], NULL);
    return value == NULL ? NULL : g_strstrip(value);
}

static TeamEntry *read_team(GKeyFile *file, const char *team, GError **error)
{
    if (!check_keys(file, team, error))
        return NULL;
    g_autofree char *since = read_key(file, team, KEY_SINCE);
    g_autofree char *members = read_key(file, team, KEY_MEMBERS);
    g_autofree char *holidays = read_key(file, team, KEY_HOLIDAYS);
    TeamEntry *entry = g_new0(TeamEntry, 1);
    *entry = (TeamEntry){
        .name = g_strdup(team),
        .zone = read_key(file, team, KEY_ZONE),
        .days = read_key(file, team, KEY_DAYS),
        .from = read_key(file, team, KEY_FROM),
        .until = read_key(file, team, KEY_UNTIL),
        .members = split_list(members),
        .holidays = split_list(holidays),
    };
    g_autofree char *days_off = g_strjoinv(",", entry->holidays);
    GError *problem = NULL;
    if (strlen(team) > LIMIT_NAME)
        g_set_error(&problem, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "A team's name has at most %d bytes.", LIMIT_NAME);
    else if (read_since(team, since, &entry->since, &problem) &&
             !team_words_check(entry->zone, entry->days, entry->from, entry->until, days_off,
                               &problem))
        g_prefix_error(&problem, "Team '%.64s': ", team);
    if (problem == NULL)
        return entry;
    g_propagate_error(error, problem);
    team_entry_free(entry);
    return NULL;
}

/* GLib keeps line ends away, but reads text only, and wants it valid. */
static GKeyFile *open_file(const char *text, gsize length, GError **error)
{
    if (length > TEAM_FILE_MAX) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "The team file has more than %" G_GSIZE_FORMAT " bytes.", TEAM_FILE_MAX);
        return NULL;
    }
    g_autoptr(GError) cause = NULL;
    g_autoptr(GKeyFile) file = g_key_file_new();
    if (!g_utf8_validate_len(text, length, NULL)) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "The team file is not UTF-8 text.");
        return NULL;
    }
    if (length > 0 && !g_key_file_load_from_data(file, text, length, G_KEY_FILE_NONE, &cause)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "The team file cannot be read: %s", cause->message);
        return NULL;
    }
    return g_steal_pointer(&file);
}

GPtrArray *team_file_parse(const char *text, gsize length, GError **error)
{
    g_autoptr(GKeyFile) file = open_file(text, length, error);
    if (file == NULL)
        return NULL;
    gsize n = 0;
    g_auto(GStrv) teams = g_key_file_get_groups(file, &n);
    if (n == 0 || n > TEAM_FILE_TEAMS) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    n == 0 ? "The team file names no team; a team begins with its name in brackets,"
                             " like [Payments]."
                           : "The team file names more than %d teams.",
                    TEAM_FILE_TEAMS);
        return NULL;
    }
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify) team_entry_free);
    for (gsize i = 0; i < n; i++) {
        TeamEntry *entry = read_team(file, teams[i], error);
        if (entry == NULL)
            return NULL;
        g_ptr_array_add(entries, entry);
    }
    return g_steal_pointer(&entries);
}
