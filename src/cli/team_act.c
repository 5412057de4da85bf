#include "cli/team_act.h"

#define HOLIDAY_YEARS_BACK  10
#define HOLIDAY_YEARS_AHEAD 5

/* Commits when @good, else rolls back. */
static gboolean finish(StoreTx *tx, gboolean good, GError **error)
{
    if (good)
        return store_commit(tx, error);
    store_rollback(tx);
    return FALSE;
}

/* ---- teams */

static void replace_word(char **word, const char *said)
{
    if (said == NULL)
        return;
    g_free(*word);
    *word = g_str_equal(said, "workspace") ? NULL : g_strdup(said);
}

/* Takes over what was said, and checks the whole. */
static gboolean take_words(const TeamAct *act, StoreTeam *team, GError **error)
{
    replace_word(&team->zone, act->zone);
    replace_word(&team->days, act->days);
    g_auto(GStrv) hours = NULL;
    if (act->hours != NULL && !g_str_equal(act->hours, "workspace")) {
        hours = g_strsplit(act->hours, "-", 2);
        if (g_strv_length(hours) != 2)
            return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                            "--hours: '%s' does not look like 09:00-17:00", act->hours);
    }
    if (act->hours != NULL) {
        replace_word(&team->from, hours != NULL ? hours[0] : "workspace");
        replace_word(&team->until, hours != NULL ? hours[1] : "workspace");
    }
    return team_words_check(team->zone, team->days, team->from, team->until, NULL, error);
}

/* The team as it is stored. Free with store_team_free. */
static StoreTeam *fetch_team(const TeamAct *act, const char *name, GError **error)
{
    gint64 team_id = 0;
    if (!store_find_team(act->store, act->workspace_id, name, &team_id, error))
        return NULL;
    g_autoptr(GPtrArray) teams = store_list_teams(act->store, act->workspace_id, error);
    for (guint i = 0; teams != NULL && i < teams->len; i++)
        if (((StoreTeam *) teams->pdata[i])->team_id == team_id) {
            g_ptr_array_set_free_func(teams, NULL);
            StoreTeam *found = teams->pdata[i];
            for (guint other = 0; other < teams->len; other++)
                if (other != i)
                    store_team_free(teams->pdata[other]);
            return found;
        }
    return NULL;
}

static gboolean put_team(const TeamAct *act, const StoreTeam *team, GError **error)
{
    StoreTx *tx = store_begin(act->store, error);
    return tx != NULL &&
           finish(tx, store_put_team(tx, act->workspace_id, team, NULL, error), error);
}

gboolean team_act_add(const TeamAct *act, GError **error)
{
    const char *name = act->words[0];
    if (*name == '\0' || strlen(name) > LIMIT_NAME)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "a team's name has 1 to %d bytes",
                        LIMIT_NAME);
    g_autoptr(StoreTeam) team = g_new0(StoreTeam, 1);
    team->name = g_strdup(name);
    if (!take_words(act, team, error) || !put_team(act, team, error))
        return FALSE;
    printf("There is a team '%s' now. 'plumbline team member add' puts people into it.\n", name);
    return TRUE;
}

gboolean team_act_change(const TeamAct *act, GError **error)
{
    g_autoptr(StoreTeam) team = fetch_team(act, act->words[0], error);
    if (team == NULL || !take_words(act, team, error))
        return FALSE;
    if (act->rename != NULL) {
        g_free(team->name);
        team->name = g_strdup(act->rename);
    }
    if (!put_team(act, team, error))
        return FALSE;
    printf("Team '%s' is changed; working times are computed anew.\n", team->name);
    return TRUE;
}

gboolean team_act_remove(const TeamAct *act, GError **error)
{
    gint64 team_id = 0;
    if (!store_find_team(act->store, act->workspace_id, act->words[0], &team_id, error))
        return FALSE;
    g_autoptr(GArray) members =
        store_list_team_members(act->store, act->workspace_id, team_id, error);
    if (members == NULL)
        return FALSE;
    if (members->len > 0 && !act->forces)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "team '%s' has or had members, and its past would go with it; end their "
                        "memberships instead, or say --force",
                        act->words[0]);
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL || !finish(tx, store_delete_team(tx, act->workspace_id, team_id, error), error))
        return FALSE;
    printf("Team '%s' is gone.\n", act->words[0]);
    return TRUE;
}

/* ---- members */

static gboolean find_people(const TeamAct *act, char **names, GArray *ids, GError **error)
{
    for (gsize i = 0; names[i] != NULL; i++) {
        gint64 id = 0;
        if (!store_find_person(act->store, act->workspace_id, names[i], &id, error))
            return FALSE;
        g_array_append_val(ids, id);
    }
    return TRUE;
}

gboolean team_act_member_add(const TeamAct *act, GError **error)
{
    gint64 team_id = 0;
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
    if (!store_find_team(act->store, act->workspace_id, act->words[0], &team_id, error) ||
        !find_people(act, act->words + 1, people, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    gboolean good = tx != NULL;
    for (guint i = 0; good && i < people->len; i++) {
        const StoreTeamMember member = {team_id, g_array_index(people, gint64, i),
                                        act->since == TIME_ABSENT ? TEAM_SINCE_EVER : act->since,
                                        act->until};
        good = store_put_team_member(tx, act->workspace_id, &member, error);
        if (!good)
            g_prefix_error(error, "%s: ", act->words[1 + i]);
    }
    if (tx == NULL || !finish(tx, good, error))
        return FALSE;
    printf("%u %s in team '%s'.\n", people->len, people->len == 1 ? "person is" : "people are",
           act->words[0]);
    return TRUE;
}

/* Ends what holds at @at, if anything does. */
static gboolean leave(StoreTx *tx, const TeamAct *act, gint64 person_id, UtcTime at, GError **error)
{
    GError *problem = NULL;
    if (store_end_team_member(tx, act->workspace_id, person_id, at, &problem))
        return TRUE;
    if (g_error_matches(problem, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND)) {
        g_error_free(problem);
        return TRUE;
    }
    g_propagate_error(error, problem);
    return FALSE;
}

static gboolean move(StoreTx *tx, const TeamAct *act, gint64 person_id, gint64 team_id, UtcTime at,
                     GError **error)
{
    const StoreTeamMember member = {team_id, person_id, at, TIME_ABSENT};
    return leave(tx, act, person_id, at, error) &&
           store_put_team_member(tx, act->workspace_id, &member, error);
}

gboolean team_act_member_move(const TeamAct *act, GError **error)
{
    gint64 person_id = 0, team_id = 0;
    UtcTime at = act->since == TIME_ABSENT ? act->now : act->since;
    if (!store_find_person(act->store, act->workspace_id, act->words[0], &person_id, error) ||
        !store_find_team(act->store, act->workspace_id, act->words[1], &team_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL || !finish(tx, move(tx, act, person_id, team_id, at, error), error))
        return FALSE;
    char day[TIME_TEXT_SIZE];
    time_format(at, day);
    printf("'%s' is in team '%s' since %.10s; what was before stays.\n", act->words[0],
           act->words[1], day);
    return TRUE;
}

gboolean team_act_member_end(const TeamAct *act, GError **error)
{
    gint64 person_id = 0;
    UtcTime at = act->until == TIME_ABSENT ? act->now : act->until;
    if (!store_find_person(act->store, act->workspace_id, act->words[0], &person_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx, store_end_team_member(tx, act->workspace_id, person_id, at, error), error))
        return FALSE;
    char day[TIME_TEXT_SIZE];
    time_format(at, day);
    printf("'%s' is in no team since %.10s.\n", act->words[0], day);
    return TRUE;
}

/* ---- files */

static gboolean read_file(const char *path, char **ret_text, gsize *ret_length, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (g_file_get_contents(path, ret_text, ret_length, &cause))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_IO, "%s cannot be read: %s", path, cause->message);
    return FALSE;
}

static gint year_of(UtcTime time)
{
    char text[TIME_TEXT_SIZE];
    return (gint) g_ascii_strtoll(time_format(time, text), NULL, 10);
}

gboolean team_act_holidays(const TeamAct *act, GError **error)
{
    gint64 team_id = 0;
    gsize length = 0;
    g_autofree char *text = NULL;
    if (!store_find_team(act->store, act->workspace_id, act->words[0], &team_id, error) ||
        !read_file(act->words[1], &text, &length, error))
        return FALSE;
    gint year = year_of(act->now);
    g_autoptr(GPtrArray) days = holiday_file_parse(text, length, year - HOLIDAY_YEARS_BACK,
                                                   year + HOLIDAY_YEARS_AHEAD, error);
    if (days == NULL) {
        g_prefix_error(error, "%s: ", act->words[1]);
        return FALSE;
    }
    StoreTx *tx = store_begin(act->store, error);
    gboolean good = tx != NULL && (!act->replaces || store_delete_holidays(tx, act->workspace_id,
                                                                           team_id, NULL, error));
    for (guint i = 0; good && i < days->len; i++) {
        const Holiday *holiday = days->pdata[i];
        const StoreHoliday row = {team_id, holiday->day, holiday->name};
        good = store_put_holiday(tx, act->workspace_id, &row, error);
    }
    if (tx == NULL || !finish(tx, good, error))
        return FALSE;
    printf("Team '%s' has %u %s from the file, from %d to %d.\n", act->words[0], days->len,
           days->len == 1 ? "holiday" : "holidays", year - HOLIDAY_YEARS_BACK,
           year + HOLIDAY_YEARS_AHEAD);
    return TRUE;
}

typedef struct {
    const TeamEntry *entry;
    gint64 team_id; /* 0: new */
    StoreTeam *team;
    GArray *people; /* gint64 */
} Import;

static void import_free(gpointer data)
{
    Import *import = data;
    store_team_free(import->team);
    g_array_unref(import->people);
    g_free(import);
}

/* What the entry makes of the team that is there, if one is. */
static Import *plan_import(const TeamAct *act, const TeamEntry *entry, GError **error)
{
    GError *problem = NULL;
    StoreTeam *team = fetch_team(act, entry->name, &problem);
    if (team == NULL) {
        if (!g_error_matches(problem, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND)) {
            g_propagate_error(error, problem);
            return NULL;
        }
        g_error_free(problem);
        team = g_new0(StoreTeam, 1);
        team->name = g_strdup(entry->name);
    }
    replace_word(&team->zone, entry->zone);
    replace_word(&team->days, entry->days);
    replace_word(&team->from, entry->from);
    replace_word(&team->until, entry->until);
    Import *import = g_new0(Import, 1);
    *import = (Import){entry, team->team_id, team, g_array_new(FALSE, FALSE, sizeof(gint64))};
    if (find_people(act, entry->members, import->people, error) &&
        team_words_check(team->zone, team->days, team->from, team->until, NULL, error))
        return import;
    g_prefix_error(error, "Team '%.64s': ", entry->name);
    import_free(import);
    return NULL;
}

/* Whether the person is in that team already at the beginning. */
static gboolean is_member(const GArray *members, gint64 team_id, gint64 person_id, UtcTime at)
{
    for (guint i = 0; i < members->len; i++) {
        const StoreTeamMember *member = &g_array_index(members, StoreTeamMember, i);
        if (member->team_id == team_id && member->person_id == person_id && member->from <= at &&
            (member->until == TIME_ABSENT || at < member->until))
            return TRUE;
    }
    return FALSE;
}

static gboolean run_import(StoreTx *tx, const TeamAct *act, const Import *import,
                           const GArray *members, guint *people, GError **error)
{
    const TeamEntry *entry = import->entry;
    UtcTime since = entry->since == TIME_ABSENT ? TEAM_SINCE_EVER : entry->since;
    gint64 team_id = 0;
    if (!store_put_team(tx, act->workspace_id, import->team, &team_id, error))
        return FALSE;
    for (gsize i = 0; entry->holidays[i] != NULL; i++) {
        const StoreHoliday holiday = {team_id, entry->holidays[i], (char *) ""};
        if (!store_put_holiday(tx, act->workspace_id, &holiday, error))
            return FALSE;
    }
    for (guint i = 0; i < import->people->len; i++) {
        gint64 person_id = g_array_index(import->people, gint64, i);
        const StoreTeamMember member = {team_id, person_id, since, TIME_ABSENT};
        if (is_member(members, team_id, person_id,
                      entry->since == TIME_ABSENT ? act->now : entry->since))
            continue;
        /* With a day it is a move; without one nobody is taken out of another team. */
        if (entry->since != TIME_ABSENT
                ? !move(tx, act, person_id, team_id, since, error)
                : !store_put_team_member(tx, act->workspace_id, &member, error)) {
            g_prefix_error(error, "Team '%.64s', %s: ", entry->name, entry->members[i]);
            return FALSE;
        }
        ++*people;
    }
    return TRUE;
}

gboolean team_act_import(const TeamAct *act, GError **error)
{
    gsize length = 0;
    g_autofree char *text = NULL;
    if (!read_file(act->words[0], &text, &length, error))
        return FALSE;
    g_autoptr(GPtrArray) entries = team_file_parse(text, length, error);
    g_autoptr(GArray) members =
        entries == NULL ? NULL : store_list_team_members(act->store, act->workspace_id, 0, error);
    if (members == NULL)
        return FALSE;
    g_autoptr(GPtrArray) imports = g_ptr_array_new_with_free_func(import_free);
    for (guint i = 0; i < entries->len; i++) {
        Import *import = plan_import(act, entries->pdata[i], error);
        if (import == NULL)
            return FALSE;
        g_ptr_array_add(imports, import);
    }
    guint people = 0;
    StoreTx *tx = store_begin(act->store, error);
    gboolean good = tx != NULL;
    for (guint i = 0; good && i < imports->len; i++)
        good = run_import(tx, act, imports->pdata[i], members, &people, error);
    if (tx == NULL || !finish(tx, good, error))
        return FALSE;
    printf("%u %s read; %u %s new in them.\n", entries->len,
           entries->len == 1 ? "team is" : "teams are", people,
           people == 1 ? "person is" : "people are");
    return TRUE;
}
