/* Team files in and out: many teams at once, all of them or none. */
#include "measure/team_acts.h"

#include <string.h>

/* ---- in */

typedef struct {
    const TeamEntry *entry;
    StoreTeam *team; /* team_id 0: new */
    GArray *people;  /* gint64 */
} Planned;

struct TeamImport {
    gint64 workspace_id;
    UtcTime now;
    GPtrArray *entries; /* TeamEntry */
    GPtrArray *planned; /* Planned */
    GArray *members;    /* StoreTeamMember: who was where before */
};

static void planned_free(gpointer data)
{
    Planned *planned = data;
    store_team_free(planned->team);
    g_array_unref(planned->people);
    g_free(planned);
}

void team_import_free(TeamImport *import)
{
    if (import == NULL)
        return;
    g_clear_pointer(&import->planned, g_ptr_array_unref);
    g_clear_pointer(&import->entries, g_ptr_array_unref);
    g_clear_pointer(&import->members, g_array_unref);
    g_free(import);
}

/* The team that has the name, or a new one. */
static StoreTeam *team_named(Store *store, gint64 workspace_id, const char *name, GError **error)
{
    GError *problem = NULL;
    gint64 team_id = 0;
    if (store_find_team(store, workspace_id, name, &team_id, &problem))
        return team_get(store, workspace_id, team_id, error);
    if (!g_error_matches(problem, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND)) {
        g_propagate_error(error, problem);
        return NULL;
    }
    g_error_free(problem);
    StoreTeam *team = g_new0(StoreTeam, 1);
    team->name = g_strdup(name);
    return team;
}

/* What a file does not say stays as it is. */
static void take_word(char **word, const char *said)
{
    if (said == NULL)
        return;
    g_free(*word);
    *word = g_strdup(said);
}

static gboolean find_people(Store *store, gint64 workspace_id, char **names, GArray *ids,
                            GError **error)
{
    for (gsize i = 0; names[i] != NULL; i++) {
        gint64 id = 0;
        if (!store_find_person(store, workspace_id, names[i], &id, error))
            return FALSE;
        g_array_append_val(ids, id);
    }
    return TRUE;
}

static Planned *plan_team(Store *store, gint64 workspace_id, const TeamEntry *entry, GError **error)
{
    StoreTeam *team = team_named(store, workspace_id, entry->name, error);
    if (team == NULL)
        return NULL;
    take_word(&team->zone, entry->zone);
    take_word(&team->days, entry->days);
    take_word(&team->from, entry->from);
    take_word(&team->until, entry->until);
    Planned *planned = g_new0(Planned, 1);
    *planned = (Planned){entry, team, g_array_new(FALSE, FALSE, sizeof(gint64))};
    if (find_people(store, workspace_id, entry->members, planned->people, error) &&
        team_words_check(team->zone, team->days, team->from, team->until, NULL, error))
        return planned;
    g_prefix_error(error, "Team '%.64s': ", entry->name);
    planned_free(planned);
    return NULL;
}

TeamImport *team_import_plan(Store *store, gint64 workspace_id, const char *text, gsize length,
                             UtcTime now, GError **error)
{
    g_autoptr(TeamImport) import = g_new0(TeamImport, 1);
    import->workspace_id = workspace_id;
    import->now = now;
    import->entries = team_file_parse(text, length, error);
    import->members =
        import->entries == NULL ? NULL : store_list_team_members(store, workspace_id, 0, error);
    if (import->members == NULL)
        return NULL;
    import->planned = g_ptr_array_new_with_free_func(planned_free);
    for (guint i = 0; i < import->entries->len; i++) {
        Planned *planned = plan_team(store, workspace_id, import->entries->pdata[i], error);
        if (planned == NULL)
            return NULL;
        g_ptr_array_add(import->planned, planned);
    }
    return g_steal_pointer(&import);
}

static gboolean is_in(const StoreTeamMember *member, UtcTime at)
{
    return member->from <= at && (member->until == TIME_ABSENT || at < member->until);
}

/* Whether the person is in that team already at the beginning. */
static gboolean is_member(const TeamImport *import, gint64 team_id, gint64 person_id, UtcTime at)
{
    for (guint i = 0; i < import->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(import->members, StoreTeamMember, i);
        if (member->team_id == team_id && member->person_id == person_id && is_in(member, at))
            return TRUE;
    }
    return FALSE;
}

/* With a day it is a move; without one nobody is taken out of another team. */
static gboolean put_member(StoreTx *tx, const TeamImport *import, gint64 team_id, gint64 person_id,
                           UtcTime since, gboolean *ret_is_new, GError **error)
{
    const StoreTeamMember member = {team_id, person_id, TEAM_SINCE_EVER, TIME_ABSENT};
    *ret_is_new =
        !is_member(import, team_id, person_id, since == TIME_ABSENT ? import->now : since);
    if (!*ret_is_new)
        return TRUE;
    return since != TIME_ABSENT
               ? team_move_member(tx, import->workspace_id, person_id, team_id, since, error)
               : store_put_team_member(tx, import->workspace_id, &member, error);
}

static gboolean put_team(StoreTx *tx, const TeamImport *import, const Planned *planned,
                         guint *people, GError **error)
{
    const TeamEntry *entry = planned->entry;
    gint64 team_id = 0;
    if (!store_put_team(tx, import->workspace_id, planned->team, &team_id, error))
        return FALSE;
    for (gsize i = 0; entry->holidays[i] != NULL; i++) {
        const StoreHoliday holiday = {team_id, entry->holidays[i], (char *) ""};
        if (!store_put_holiday(tx, import->workspace_id, &holiday, error))
            return FALSE;
    }
    for (guint i = 0; i < planned->people->len; i++) {
        gboolean is_new = FALSE;
        if (!put_member(tx, import, team_id, g_array_index(planned->people, gint64, i),
                        entry->since, &is_new, error)) {
            g_prefix_error(error, "Team '%.64s', %s: ", entry->name, entry->members[i]);
            return FALSE;
        }
        *people += is_new;
    }
    return TRUE;
}

gboolean team_import_run(StoreTx *tx, const TeamImport *import, guint *ret_teams, guint *ret_people,
                         GError **error)
{
    guint people = 0;
    for (guint i = 0; i < import->planned->len; i++)
        if (!put_team(tx, import, import->planned->pdata[i], &people, error))
            return FALSE;
    *ret_teams = import->planned->len;
    *ret_people = people;
    return TRUE;
}

/* ---- out */

typedef struct {
    GPtrArray *teams, *people, *identities, *holidays;
    GArray *members;
    PersonMap *map;
} Scene;

static gboolean scene_load(Scene *scene, Store *store, gint64 workspace_id, GError **error)
{
    return (scene->teams = store_list_teams(store, workspace_id, error)) != NULL &&
           (scene->people = store_list_people(store, workspace_id, error)) != NULL &&
           (scene->identities = store_list_identities(store, workspace_id, error)) != NULL &&
           (scene->holidays = store_list_holidays(store, workspace_id, 0, error)) != NULL &&
           (scene->members = store_list_team_members(store, workspace_id, 0, error)) != NULL &&
           (scene->map = person_map_load(store, workspace_id, error)) != NULL;
}

static void scene_clear(Scene *scene)
{
    g_clear_pointer(&scene->teams, g_ptr_array_unref);
    g_clear_pointer(&scene->people, g_ptr_array_unref);
    g_clear_pointer(&scene->identities, g_ptr_array_unref);
    g_clear_pointer(&scene->holidays, g_ptr_array_unref);
    g_clear_pointer(&scene->members, g_array_unref);
    g_clear_pointer(&scene->map, person_map_unref);
}

/* By what the file finds the person again; a semicolon would part it. */
static const char *handle_of(const Scene *scene, gint64 person_id)
{
    for (guint i = 0; i < scene->identities->len; i++) {
        const StoreIdentity *identity = scene->identities->pdata[i];
        if (g_str_equal(identity->kind, "email") && strchr(identity->value, ';') == NULL &&
            person_map_canonical(scene->map, identity->person_id) == person_id)
            return identity->value;
    }
    for (guint i = 0; i < scene->people->len; i++) {
        const StorePerson *person = scene->people->pdata[i];
        if (person->person_id == person_id)
            return person->uuid != NULL                        ? person->uuid
                   : strchr(person->display_name, ';') == NULL ? person->display_name
                                                               : NULL;
    }
    return NULL;
}

static void put_key(GKeyFile *file, const char *team, const char *key, const char *value)
{
    if (value != NULL && *value != '\0')
        g_key_file_set_string(file, team, key, value);
}

static void put_people(const Scene *scene, const StoreTeam *team, UtcTime now, GKeyFile *file)
{
    g_autoptr(GString) members = g_string_new(NULL);
    g_autoptr(GString) holidays = g_string_new(NULL);
    for (guint i = 0; i < scene->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(scene->members, StoreTeamMember, i);
        const char *handle = member->team_id == team->team_id && is_in(member, now)
                                 ? handle_of(scene, member->person_id)
                                 : NULL;
        if (handle != NULL)
            g_string_append_printf(members, "%s%s", members->len > 0 ? "; " : "", handle);
    }
    for (guint i = 0; i < scene->holidays->len; i++) {
        const StoreHoliday *holiday = scene->holidays->pdata[i];
        if (holiday->team_id == team->team_id)
            g_string_append_printf(holidays, "%s%s", holidays->len > 0 ? "; " : "", holiday->day);
    }
    put_key(file, team->name, "members", members->str);
    put_key(file, team->name, "holidays", holidays->str);
}

/* The name in brackets, and what the team has of its own. */
static gboolean put_words(const StoreTeam *team, GKeyFile *file, GError **error)
{
    if (!team_name_check(team->name, error))
        return FALSE;
    /* A key that comes and goes leaves the group: a team without any is in the file all the same.
     */
    g_key_file_set_string(file, team->name, "zone", "");
    g_key_file_remove_key(file, team->name, "zone", NULL);
    put_key(file, team->name, "zone", team->zone);
    put_key(file, team->name, "days", team->days);
    put_key(file, team->name, "from", team->from);
    put_key(file, team->name, "until", team->until);
    return TRUE;
}

char *team_export(Store *store, gint64 workspace_id, UtcTime now, GError **error)
{
    Scene scene = {NULL};
    char *text = NULL;
    g_autoptr(GKeyFile) file = g_key_file_new();
    gboolean good = scene_load(&scene, store, workspace_id, error);
    for (guint i = 0; good && i < scene.teams->len; i++) {
        const StoreTeam *team = scene.teams->pdata[i];
        good = put_words(team, file, error);
        if (good)
            put_people(&scene, team, now, file);
    }
    if (good)
        text = g_key_file_to_data(file, NULL, NULL);
    scene_clear(&scene);
    return text;
}
