/* Teams: who is in them when, their hours and holidays, and files of them. Editors change them. */
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define PEOPLE_AT_ONCE 100

/* What each handler works on: the workspace, and the team where the path names one. */
typedef struct {
    WebDesk desk;
    StoreTeam *team; /* NULL: none in the path */
    json_t *body;    /* NULL: none */
} TeamDesk;

static void team_desk_close(TeamDesk *at)
{
    web_desk_close(&at->desk);
    g_clear_pointer(&at->team, store_team_free);
    g_clear_pointer(&at->body, json_decref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TeamDesk, team_desk_close)

static gboolean open_desk(const WebCall *call, TeamDesk *at, gboolean has_body, GError **error)
{
    gint64 id = 0;
    if (!web_desk_open(call, &at->desk, error))
        return FALSE;
    if (call->request->parts[0] != NULL) {
        if (!web_need_id(call->request->parts[0], &id, error))
            return FALSE;
        at->team = team_get(at->desk.store, at->desk.workspace_id, id, error);
        if (at->team == NULL)
            return FALSE;
    }
    return !has_body || (at->body = request_json(call->request, error)) != NULL;
}

/* @team_id 0: all. */
static gboolean reply_teams(const TeamDesk *at, gint64 team_id, WebReply *reply, GError **error)
{
    return web_reply_rendered(reply,
                              deliver_render_teams(at->desk.store, at->desk.workspace_id, team_id,
                                                   at->desk.now, REPORT_JSON, NULL, error));
}

/* The last step of every change, which takes @tx: the note, the end of the transaction, and what
 * follows from it. */
static gboolean commit(const WebCall *call, const TeamDesk *at, StoreTx *tx, const char *act,
                       const char *subject, const char *detail, GError **error)
{
    g_autoptr(StoreTx) own = tx;
    if (!web_note_act(own, call, act, subject, detail, error) ||
        !store_commit(g_steal_pointer(&own), error))
        return FALSE;
    web_desk_catch_up(&at->desk, call);
    return TRUE;
}

/* ---- teams */

gboolean web_list_teams(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    static const char *const COLUMNS[] = {"id",    "name",         "zone",         "days", "from",
                                          "until", "members.name", "holidays.day", NULL};
    return open_desk(call, &at, FALSE, error) &&
           web_reply_list_text(call, reply,
                               deliver_render_teams(at.desk.store, at.desk.workspace_id, 0,
                                                    at.desk.now, REPORT_JSON, NULL, error),
                               "teams", COLUMNS);
}

gboolean web_get_team(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    return open_desk(call, &at, FALSE, error) && reply_teams(&at, at.team->team_id, reply, error);
}

/* Not said: NULL. null: as in the workspace. */
static gboolean read_word(json_t *body, const char *member, const char **ret_word, GError **error)
{
    json_t *value = json_object_get(body, member);
    if (json_is_null(value))
        *ret_word = "workspace";
    else if (value != NULL)
        return (*ret_word = web_need_text(body, member, error)) != NULL;
    return TRUE;
}

static gboolean read_words(json_t *body, TeamWords *ret_words, GError **error)
{
    *ret_words = (TeamWords){NULL};
    if (json_object_get(body, "name") != NULL &&
        (ret_words->name = web_need_text(body, "name", error)) == NULL)
        return FALSE;
    return read_word(body, "zone", &ret_words->zone, error) &&
           read_word(body, "days", &ret_words->days, error) &&
           read_word(body, "hours", &ret_words->hours, error);
}

/* "Europe/Berlin, mon-fri, 09:00 to 17:00" for the log. */
static char *calendar_words(const StoreTeam *team)
{
    if (team->zone == NULL && team->days == NULL && team->from == NULL && team->until == NULL)
        return g_strdup("the workspace's working time");
    return g_strdup_printf(
        "zone %s, days %s, hours %s to %s", team->zone != NULL ? team->zone : "as the workspace",
        team->days != NULL ? team->days : "as the workspace", team->from != NULL ? team->from : "…",
        team->until != NULL ? team->until : "…");
}

static gboolean put_team(const WebCall *call, const TeamDesk *at, const StoreTeam *team,
                         const char *act, gint64 *ret_team_id, GError **error)
{
    g_autofree char *words = calendar_words(team);
    g_autofree char *detail = at->team != NULL && !g_str_equal(at->team->name, team->name)
                                  ? g_strdup_printf("called %s before; %s", at->team->name, words)
                                  : g_strdup(words);
    g_autoptr(StoreTx) tx = store_begin(at->desk.store, error);
    return tx != NULL && store_put_team(tx, at->desk.workspace_id, team, ret_team_id, error) &&
           commit(call, at, g_steal_pointer(&tx), act, team->name, detail, error);
}

gboolean web_post_team(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    TeamWords words;
    gint64 team_id = 0;
    g_autoptr(StoreTeam) team = g_new0(StoreTeam, 1);
    if (!open_desk(call, &at, TRUE, error) || !read_words(at.body, &words, error) ||
        (words.name == NULL && web_need_text(at.body, "name", error) == NULL) ||
        !team_take_words(team, &words, error) ||
        !put_team(call, &at, team, "team.make", &team_id, error) ||
        !reply_teams(&at, team_id, reply, error))
        return FALSE;
    reply->status = 201;
    return TRUE;
}

gboolean web_patch_team(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    TeamWords words;
    if (!open_desk(call, &at, TRUE, error) || !read_words(at.body, &words, error))
        return FALSE;
    g_autoptr(StoreTeam) team =
        team_get(at.desk.store, at.desk.workspace_id, at.team->team_id, error);
    return team != NULL && team_take_words(team, &words, error) &&
           put_team(call, &at, team, "team.change", NULL, error) &&
           reply_teams(&at, team->team_id, reply, error);
}

gboolean web_delete_team(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    if (!open_desk(call, &at, FALSE, error))
        return FALSE;
    gboolean with_past = g_strcmp0(request_query(call->request, "past"), "true") == 0;
    g_autoptr(StoreTx) tx = store_begin(at.desk.store, error);
    if (tx == NULL ||
        !team_remove(at.desk.store, tx, at.desk.workspace_id, at.team, with_past, error) ||
        !commit(call, &at, g_steal_pointer(&tx), "team.remove", at.team->name,
                with_past ? "with its past" : "", error))
        return FALSE;
    reply_nothing(reply);
    return TRUE;
}

/* ---- members */

/* NOT_FOUND when nobody has the id. */
static const char *name_of(const GPtrArray *people, gint64 person_id, GError **error)
{
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (person->person_id == person_id)
            return person->display_name;
    }
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                        "There is no person with this id.");
    return NULL;
}

/* The people of a body by their ids: canonical ids, and names for messages and the log. */
static gboolean read_people(const TeamDesk *at, GArray *ids, GPtrArray *names, GError **error)
{
    json_t *list = json_object_get(at->body, "people"), *item;
    gsize i;
    if (!json_is_array(list) || json_array_size(list) == 0 ||
        json_array_size(list) > PEOPLE_AT_ONCE)
        return web_invalid(error, "\"people\" must be a list of 1 to %d ids.", PEOPLE_AT_ONCE);
    g_autoptr(GPtrArray) people = store_list_people(at->desk.store, at->desk.workspace_id, error);
    g_autoptr(PersonMap) map =
        people == NULL ? NULL : person_map_load(at->desk.store, at->desk.workspace_id, error);
    if (map == NULL)
        return FALSE;
    json_array_foreach(list, i, item)
    {
        gint64 id = person_map_canonical(map, json_integer_value(item));
        const char *name = name_of(people, id, error);
        if (name == NULL)
            return FALSE;
        g_array_append_val(ids, id);
        g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_add(names, NULL);
    return TRUE;
}

static gboolean put_members(const TeamDesk *at, StoreTx *tx, const GArray *ids, GPtrArray *names,
                            UtcTime since, UtcTime until, GError **error)
{
    gint64 team_id = at->team->team_id;
    if (!json_is_true(json_object_get(at->body, "move")))
        return team_add_members(tx, at->desk.workspace_id, team_id, ids, (char **) names->pdata,
                                since, until, error);
    if (until != TIME_ABSENT)
        return web_invalid(error, "A move has no \"until\"; end the membership when it ends.");
    for (guint i = 0; i < ids->len; i++)
        if (!team_move_member(tx, at->desk.workspace_id, g_array_index(ids, gint64, i), team_id,
                              since == TIME_ABSENT ? at->desk.now : since, error)) {
            g_prefix_error(error, "%s: ", (const char *) names->pdata[i]);
            return FALSE;
        }
    return TRUE;
}

static void append_day(GString *words, const char *before, UtcTime time)
{
    char day[TIME_TEXT_SIZE];
    if (time != TIME_ABSENT)
        g_string_append_printf(words, "%s%.10s", before, time_format(time, day));
}

gboolean web_post_members(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    UtcTime since = TIME_ABSENT, until = TIME_ABSENT;
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    if (!open_desk(call, &at, TRUE, error) || !web_take_day(at.body, "since", &since, error) ||
        !web_take_day(at.body, "until", &until, error) || !read_people(&at, ids, names, error))
        return FALSE;
    gboolean moves = json_is_true(json_object_get(at.body, "move"));
    g_autofree char *list = g_strjoinv(", ", (char **) names->pdata);
    g_autoptr(GString) detail = g_string_new(list);
    append_day(detail, ", since ", since);
    append_day(detail, ", until ", until);
    g_autoptr(StoreTx) tx = store_begin(at.desk.store, error);
    return tx != NULL && put_members(&at, tx, ids, names, since, until, error) &&
           commit(call, &at, g_steal_pointer(&tx), moves ? "team.member.move" : "team.member.add",
                  at.team->name, detail->str, error) &&
           reply_teams(&at, at.team->team_id, reply, error);
}

static gboolean is_member(const TeamDesk *at, gint64 person_id, UtcTime time, GError **error)
{
    g_autoptr(GArray) members =
        store_list_team_members(at->desk.store, at->desk.workspace_id, at->team->team_id, error);
    if (members == NULL)
        return FALSE;
    for (guint i = 0; i < members->len; i++) {
        const StoreTeamMember *member = &g_array_index(members, StoreTeamMember, i);
        if (member->person_id == person_id && member->from <= time &&
            (member->until == TIME_ABSENT || time < member->until))
            return TRUE;
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                "That person is not in team '%s' at that time.", at->team->name);
    return FALSE;
}

/* "until": the first day after the membership; without it: now. */
gboolean web_delete_member(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    gint64 id = 0;
    const char *day = request_query(call->request, "until");
    if (!open_desk(call, &at, FALSE, error) || !web_need_id(call->request->parts[1], &id, error))
        return FALSE;
    UtcTime until = at.desk.now;
    if (day != NULL && (strlen(day) != 10 || !time_parse(day, -1, &until, NULL)))
        return web_invalid(error, "\"until\" is no date like 2026-10-01.");
    g_autoptr(StorePerson) person =
        identity_get_person(at.desk.store, at.desk.workspace_id, id, error);
    if (person == NULL || !is_member(&at, id, until, error))
        return FALSE;
    g_autoptr(GString) detail = g_string_new(person->display_name);
    append_day(detail, ", until ", until);
    g_autoptr(StoreTx) tx = store_begin(at.desk.store, error);
    return tx != NULL && store_end_team_member(tx, at.desk.workspace_id, id, until, error) &&
           commit(call, &at, g_steal_pointer(&tx), "team.member.end", at.team->name, detail->str,
                  error) &&
           reply_teams(&at, at.team->team_id, reply, error);
}

/* ---- files */

/* The text of a file in a body; its own limits are the parser's. */
static const char *need_file(json_t *body, gsize *ret_length, GError **error)
{
    json_t *text = json_object_get(body, "text");
    if (!json_is_string(text)) {
        web_invalid(error, "\"text\" is missing: the file's text.");
        return NULL;
    }
    *ret_length = json_string_length(text);
    return json_string_value(text);
}

gboolean web_post_holidays(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    gsize length = 0;
    gint first = 0, last = 0;
    const char *text =
        open_desk(call, &at, TRUE, error) ? need_file(at.body, &length, error) : NULL;
    if (text == NULL)
        return FALSE;
    g_autoptr(GPtrArray) days =
        team_holidays_parse(text, length, at.desk.now, &first, &last, error);
    g_autoptr(StoreTx) tx = days == NULL ? NULL : store_begin(at.desk.store, error);
    if (tx == NULL)
        return FALSE;
    gboolean replaces = json_is_true(json_object_get(at.body, "replace"));
    g_autofree char *detail = g_strdup_printf("%u days of %d to %d%s", days->len, first, last,
                                              replaces ? ", instead of those before" : "");
    return team_put_holidays(tx, at.desk.workspace_id, at.team->team_id, days, replaces, error) &&
           commit(call, &at, g_steal_pointer(&tx), "team.holidays", at.team->name, detail, error) &&
           reply_teams(&at, at.team->team_id, reply, error);
}

gboolean web_get_team_file(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    g_autofree char *text =
        open_desk(call, &at, FALSE, error)
            ? team_export(at.desk.store, at.desk.workspace_id, at.desk.now, error)
            : NULL;
    if (text == NULL)
        return FALSE;
    reply_text(reply, 200, "text/plain; charset=utf-8", text);
    reply_header(reply, "Content-Disposition", "attachment; filename=\"teams.ini\"");
    return TRUE;
}

gboolean web_post_team_file(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(TeamDesk) at = {0};
    gsize length = 0;
    guint teams = 0, people = 0;
    const char *text =
        open_desk(call, &at, TRUE, error) ? need_file(at.body, &length, error) : NULL;
    g_autoptr(TeamImport) import = text == NULL
                                       ? NULL
                                       : team_import_plan(at.desk.store, at.desk.workspace_id, text,
                                                          length, at.desk.now, error);
    g_autoptr(StoreTx) tx = import == NULL ? NULL : store_begin(at.desk.store, error);
    if (tx == NULL || !team_import_run(tx, import, &teams, &people, error))
        return FALSE;
    g_autofree char *detail =
        g_strdup_printf("%u teams read, %u people new in them", teams, people);
    if (!commit(call, &at, g_steal_pointer(&tx), "team.import", at.desk.slug, detail, error))
        return FALSE;
    reply_json(reply, 200, json_pack("{s:i, s:i}", "teams", (int) teams, "people", (int) people));
    return TRUE;
}
