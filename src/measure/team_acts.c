/* What people change about teams one by one; files of them are in team_import.c. */
#include "measure/team_acts.h"

#include <string.h>

#define HOLIDAY_YEARS_BACK  10
#define HOLIDAY_YEARS_AHEAD 5

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static gboolean refuse(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, sentence);
    return FALSE;
}

/* ---- teams */

StoreTeam *team_get(Store *store, gint64 workspace_id, gint64 team_id, GError **error)
{
    g_autoptr(GPtrArray) teams = store_list_teams(store, workspace_id, error);
    if (teams == NULL)
        return NULL;
    for (guint i = 0; i < teams->len; i++) {
        const StoreTeam *team = teams->pdata[i];
        if (team->team_id != team_id)
            continue;
        StoreTeam *copy = g_new0(StoreTeam, 1);
        *copy = (StoreTeam){team_id,
                            g_strdup(team->name),
                            g_strdup(team->zone),
                            g_strdup(team->days),
                            g_strdup(team->from),
                            g_strdup(team->until)};
        return copy;
    }
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                        "There is no team with this id; it may have been removed.");
    return NULL;
}

gboolean team_name_check(const char *name, GError **error)
{
    if (*name == '\0' || strlen(name) > LIMIT_NAME)
        return refuse(error, "A team's name has 1 to %d bytes.", LIMIT_NAME);
    for (const char *at = name; *at != '\0'; at = g_utf8_next_char(at))
        if (*at == '[' || *at == ']' || g_unichar_iscntrl(g_utf8_get_char(at)))
            return refuse(error,
                          "The name of team '%s' holds a bracket or a control character, "
                          "which a team file cannot say.",
                          name);
    return TRUE;
}

static void replace_word(char **word, const char *said)
{
    if (said == NULL)
        return;
    g_free(*word);
    *word = g_str_equal(said, "workspace") ? NULL : g_strdup(said);
}

gboolean team_take_words(StoreTeam *team, const TeamWords *words, GError **error)
{
    if (words->name != NULL && !team_name_check(words->name, error))
        return FALSE;
    g_auto(GStrv) hours = NULL;
    if (words->hours != NULL && !g_str_equal(words->hours, "workspace")) {
        hours = g_strsplit(words->hours, "-", 2);
        if (g_strv_length(hours) != 2)
            return refuse(error, "The hours '%.64s' do not look like 09:00-17:00.", words->hours);
    }
    if (words->name != NULL) {
        g_free(team->name);
        team->name = g_strdup(words->name);
    }
    replace_word(&team->zone, words->zone);
    replace_word(&team->days, words->days);
    if (words->hours != NULL) { /* "09:00-": until as the workspace */
        replace_word(&team->from, hours != NULL && *hours[0] != '\0' ? hours[0] : "workspace");
        replace_word(&team->until, hours != NULL && *hours[1] != '\0' ? hours[1] : "workspace");
    }
    return team_words_check(team->zone, team->days, team->from, team->until, NULL, error);
}

gboolean team_remove(Store *store, StoreTx *tx, gint64 workspace_id, const StoreTeam *team,
                     gboolean with_past, GError **error)
{
    g_autoptr(GArray) members = store_list_team_members(store, workspace_id, team->team_id, error);
    if (members == NULL)
        return FALSE;
    if (members->len > 0 && !with_past)
        return refuse(error,
                      "Team '%s' has or had members, and its past would go with it; end their "
                      "memberships instead, or say that its past goes too (--force, in the API "
                      "past=true).",
                      team->name);
    return store_delete_team(tx, workspace_id, team->team_id, error);
}

/* ---- members */

gboolean team_add_members(StoreTx *tx, gint64 workspace_id, gint64 team_id, const GArray *people,
                          char *const *names, UtcTime from, UtcTime until, GError **error)
{
    for (guint i = 0; i < people->len; i++) {
        const StoreTeamMember member = {team_id, g_array_index(people, gint64, i),
                                        from == TIME_ABSENT ? TEAM_SINCE_EVER : from, until};
        if (!store_put_team_member(tx, workspace_id, &member, error)) {
            g_prefix_error(error, "%s: ", names[i]);
            return FALSE;
        }
    }
    return TRUE;
}

/* Ends what holds at @at, if anything does. */
static gboolean leave(StoreTx *tx, gint64 workspace_id, gint64 person_id, UtcTime at,
                      GError **error)
{
    GError *problem = NULL;
    if (store_end_team_member(tx, workspace_id, person_id, at, &problem))
        return TRUE;
    if (g_error_matches(problem, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND)) {
        g_error_free(problem);
        return TRUE;
    }
    g_propagate_error(error, problem);
    return FALSE;
}

gboolean team_move_member(StoreTx *tx, gint64 workspace_id, gint64 person_id, gint64 team_id,
                          UtcTime at, GError **error)
{
    const StoreTeamMember member = {team_id, person_id, at, TIME_ABSENT};
    return leave(tx, workspace_id, person_id, at, error) &&
           store_put_team_member(tx, workspace_id, &member, error);
}

/* ---- holidays */

static gint year_of(UtcTime time)
{
    char text[TIME_TEXT_SIZE];
    return (gint) g_ascii_strtoll(time_format(time, text), NULL, 10);
}

GPtrArray *team_holidays_parse(const char *text, gsize length, UtcTime now, gint *ret_first_year,
                               gint *ret_last_year, GError **error)
{
    gint first = year_of(now) - HOLIDAY_YEARS_BACK, last = year_of(now) + HOLIDAY_YEARS_AHEAD;
    GPtrArray *days = holiday_file_parse(text, length, first, last, error);
    if (days == NULL)
        return NULL;
    *ret_first_year = first;
    *ret_last_year = last;
    return days;
}

gboolean team_put_holidays(StoreTx *tx, gint64 workspace_id, gint64 team_id, const GPtrArray *days,
                           gboolean replaces, GError **error)
{
    if (replaces && !store_delete_holidays(tx, workspace_id, team_id, NULL, error))
        return FALSE;
    for (guint i = 0; i < days->len; i++) {
        const Holiday *holiday = days->pdata[i];
        const StoreHoliday row = {team_id, holiday->day, holiday->name};
        if (!store_put_holiday(tx, workspace_id, &row, error))
            return FALSE;
    }
    return TRUE;
}
