#include "cli/team_act.h"

/* Commits when @good, else rolls back. */
static gboolean finish(StoreTx *tx, gboolean good, GError **error)
{
    if (good)
        return store_commit(tx, error);
    store_rollback(tx);
    return FALSE;
}

/* ---- teams */

static TeamWords words_of(const TeamAct *act, const char *name)
{
    return (TeamWords){name, act->zone, act->days, act->hours};
}

static StoreTeam *fetch_team(const TeamAct *act, GError **error)
{
    gint64 team_id = 0;
    return store_find_team(act->store, act->workspace_id, act->words[0], &team_id, error)
               ? team_get(act->store, act->workspace_id, team_id, error)
               : NULL;
}

static gboolean put_team(const TeamAct *act, const StoreTeam *team, GError **error)
{
    StoreTx *tx = store_begin(act->store, error);
    return tx != NULL &&
           finish(tx, store_put_team(tx, act->workspace_id, team, NULL, error), error);
}

gboolean team_act_add(const TeamAct *act, GError **error)
{
    const TeamWords words = words_of(act, act->words[0]);
    g_autoptr(StoreTeam) team = g_new0(StoreTeam, 1);
    if (!team_take_words(team, &words, error) || !put_team(act, team, error))
        return FALSE;
    printf("There is a team '%s' now. 'plumbline team member add' puts people into it.\n",
           team->name);
    return TRUE;
}

gboolean team_act_change(const TeamAct *act, GError **error)
{
    const TeamWords words = words_of(act, act->rename);
    g_autoptr(StoreTeam) team = fetch_team(act, error);
    if (team == NULL || !team_take_words(team, &words, error) || !put_team(act, team, error))
        return FALSE;
    printf("Team '%s' is changed; working times are computed anew.\n", team->name);
    return TRUE;
}

gboolean team_act_remove(const TeamAct *act, GError **error)
{
    g_autoptr(StoreTeam) team = fetch_team(act, error);
    StoreTx *tx = team == NULL ? NULL : store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx, team_remove(act->store, tx, act->workspace_id, team, act->forces, error),
                error))
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
    if (tx == NULL || !finish(tx,
                              team_add_members(tx, act->workspace_id, team_id, people,
                                               act->words + 1, act->since, act->until, error),
                              error))
        return FALSE;
    printf("%u %s in team '%s'.\n", people->len, people->len == 1 ? "person is" : "people are",
           act->words[0]);
    return TRUE;
}

gboolean team_act_member_move(const TeamAct *act, GError **error)
{
    gint64 person_id = 0, team_id = 0;
    UtcTime at = act->since == TIME_ABSENT ? act->now : act->since;
    if (!store_find_person(act->store, act->workspace_id, act->words[0], &person_id, error) ||
        !store_find_team(act->store, act->workspace_id, act->words[1], &team_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx, team_move_member(tx, act->workspace_id, person_id, team_id, at, error), error))
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

gboolean team_act_holidays(const TeamAct *act, GError **error)
{
    gint64 team_id = 0;
    gsize length = 0;
    gint first = 0, last = 0;
    g_autofree char *text = NULL;
    if (!store_find_team(act->store, act->workspace_id, act->words[0], &team_id, error) ||
        !read_file(act->words[1], &text, &length, error))
        return FALSE;
    g_autoptr(GPtrArray) days = team_holidays_parse(text, length, act->now, &first, &last, error);
    if (days == NULL) {
        g_prefix_error(error, "%s: ", act->words[1]);
        return FALSE;
    }
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx, team_put_holidays(tx, act->workspace_id, team_id, days, act->replaces, error),
                error))
        return FALSE;
    printf("Team '%s' has %u %s from the file, from %d to %d.\n", act->words[0], days->len,
           days->len == 1 ? "holiday" : "holidays", first, last);
    return TRUE;
}

gboolean team_act_import(const TeamAct *act, GError **error)
{
    gsize length = 0;
    guint teams = 0, people = 0;
    g_autofree char *text = NULL;
    if (!read_file(act->words[0], &text, &length, error))
        return FALSE;
    g_autoptr(TeamImport) import =
        team_import_plan(act->store, act->workspace_id, text, length, act->now, error);
    StoreTx *tx = import == NULL ? NULL : store_begin(act->store, error);
    if (tx == NULL || !finish(tx, team_import_run(tx, import, &teams, &people, error), error))
        return FALSE;
    printf("%u %s read; %u %s new in them.\n", teams, teams == 1 ? "team is" : "teams are", people,
           people == 1 ? "person is" : "people are");
    return TRUE;
}

gboolean team_act_export(const TeamAct *act, GError **error)
{
    g_autofree char *file = team_export(act->store, act->workspace_id, act->now, error);
    if (file == NULL)
        return FALSE;
    g_autoptr(GString) text = g_string_new(file);
    return cli_write(NULL, text, error);
}
