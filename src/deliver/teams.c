/* Teams as tables and as JSON. */
#include "deliver/teams.h"

#include <jansson.h>
#include <string.h>

#define FORMAT_VERSION 1

typedef struct {
    GPtrArray *teams, *people, *holidays;
    GArray *members;
} View;

static gboolean load(View *view, Store *store, gint64 workspace_id, gint64 team_id, GError **error)
{
    view->teams = store_list_teams(store, workspace_id, error);
    view->people = view->teams == NULL ? NULL : store_list_people(store, workspace_id, error);
    view->holidays =
        view->people == NULL ? NULL : store_list_holidays(store, workspace_id, team_id, error);
    view->members = view->holidays == NULL
                        ? NULL
                        : store_list_team_members(store, workspace_id, team_id, error);
    return view->members != NULL;
}

static void clear(View *view)
{
    g_clear_pointer(&view->teams, g_ptr_array_unref);
    g_clear_pointer(&view->people, g_ptr_array_unref);
    g_clear_pointer(&view->holidays, g_ptr_array_unref);
    g_clear_pointer(&view->members, g_array_unref);
}

static const char *name_of(const View *view, gint64 person_id)
{
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (person->person_id == person_id)
            return person->display_name;
    }
    return "somebody unknown";
}

static gint64 count_members(const View *view, gint64 team_id, UtcTime now)
{
    gint64 n = 0;
    for (guint i = 0; i < view->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(view->members, StoreTeamMember, i);
        n += member->team_id == team_id && member->from <= now &&
             (member->until == TIME_ABSENT || now < member->until);
    }
    return n;
}

static gint64 count_holidays(const View *view, gint64 team_id)
{
    gint64 n = 0;
    for (guint i = 0; i < view->holidays->len; i++)
        n += ((const StoreHoliday *) view->holidays->pdata[i])->team_id == team_id;
    return n;
}

/* ---- text */

static const char *or_workspace(const char *word)
{
    return word != NULL ? word : "(workspace's)";
}

static char *hours_of(const StoreTeam *team)
{
    if (team->from == NULL && team->until == NULL)
        return g_strdup(or_workspace(NULL));
    return g_strdup_printf("%s to %s", team->from != NULL ? team->from : "…",
                           team->until != NULL ? team->until : "…");
}

/* The day of an instant; "" for since ever and still. Returns @buffer. */
static const char *day_of(UtcTime time, char buffer[TIME_TEXT_SIZE])
{
    time_format(time == TEAM_SINCE_EVER ? TIME_ABSENT : time, buffer);
    buffer[MIN(strlen(buffer), 10)] = '\0';
    return buffer;
}

static GString *table_of(GPtrArray *cells, gsize columns, guint64 right, const char *before,
                         const char *after, const ReportStyle *style)
{
    g_autofree char *head = log_blank_controls(before);
    GString *text = deliver_render_table((const char *const *) cells->pdata, cells->len / columns,
                                         columns, right, style);
    if (*head != '\0')
        g_string_prepend(text, "\n\n");
    g_string_prepend(text, head);
    return g_string_append(text, after);
}

static GString *list_text(const View *view, UtcTime now, const ReportStyle *style)
{
    static const char *const HEADING[] = {"team", "zone", "days", "hours", "members", "holidays"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        g_ptr_array_add(cells, g_strdup(HEADING[i]));
    for (guint i = 0; i < view->teams->len; i++) {
        const StoreTeam *team = view->teams->pdata[i];
        g_ptr_array_add(cells, g_strdup(team->name));
        g_ptr_array_add(cells, g_strdup(or_workspace(team->zone)));
        g_ptr_array_add(cells, g_strdup(or_workspace(team->days)));
        g_ptr_array_add(cells, hours_of(team));
        g_ptr_array_add(
            cells, g_strdup_printf("%" G_GINT64_FORMAT, count_members(view, team->team_id, now)));
        g_ptr_array_add(cells,
                        g_strdup_printf("%" G_GINT64_FORMAT, count_holidays(view, team->team_id)));
    }
    return table_of(cells, G_N_ELEMENTS(HEADING), 3 << 4, "", "", style);
}

static GString *one_text(const View *view, const StoreTeam *team, const ReportStyle *style)
{
    static const char *const HEADING[] = {"member", "since", "until"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        g_ptr_array_add(cells, g_strdup(HEADING[i]));
    for (guint i = 0; i < view->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(view->members, StoreTeamMember, i);
        char day[TIME_TEXT_SIZE];
        g_ptr_array_add(cells, g_strdup(name_of(view, member->person_id)));
        g_ptr_array_add(cells, g_strdup(day_of(member->from, day)));
        g_ptr_array_add(cells, g_strdup(day_of(member->until, day)));
    }
    g_autofree char *hours = hours_of(team);
    g_autofree char *head =
        g_strdup_printf("%s: zone %s, days %s, hours %s", team->name, or_workspace(team->zone),
                        or_workspace(team->days), hours);
    g_autoptr(GString) days = g_string_new(NULL);
    for (guint i = 0; i < view->holidays->len; i++) {
        const StoreHoliday *holiday = view->holidays->pdata[i];
        g_autofree char *name = log_printable(holiday->name);
        g_string_append_printf(days, "%s%s  %s\n", i == 0 ? "\nHolidays:\n" : "", holiday->day,
                               name);
    }
    return table_of(cells, G_N_ELEMENTS(HEADING), 0, head, days->str, style);
}

/* ---- JSON */

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *time_or_null(UtcTime time)
{
    char buffer[TIME_TEXT_SIZE];
    return time == TIME_ABSENT || time == TEAM_SINCE_EVER ? json_null()
                                                          : json_string(time_format(time, buffer));
}

static json_t *json_team(const View *view, const StoreTeam *team)
{
    json_t *members = json_array(), *holidays = json_array();
    for (guint i = 0; i < view->members->len; i++) {
        const StoreTeamMember *member = &g_array_index(view->members, StoreTeamMember, i);
        if (member->team_id == team->team_id)
            json_array_append_new(members, json_pack("{sI ss so so}", "person",
                                                     (json_int_t) member->person_id, "name",
                                                     name_of(view, member->person_id), "since",
                                                     time_or_null(member->from), "until",
                                                     time_or_null(member->until)));
    }
    for (guint i = 0; i < view->holidays->len; i++) {
        const StoreHoliday *holiday = view->holidays->pdata[i];
        if (holiday->team_id == team->team_id)
            json_array_append_new(holidays,
                                  json_pack("{ss ss}", "day", holiday->day, "name", holiday->name));
    }
    return json_pack("{sI ss so so so so so so}", "id", (json_int_t) team->team_id, "name",
                     team->name, "zone", text_or_null(team->zone), "days", text_or_null(team->days),
                     "from", text_or_null(team->from), "until", text_or_null(team->until),
                     "members", members, "holidays", holidays);
}

static GString *teams_json(const View *view, gint64 team_id)
{
    json_t *teams = json_array();
    for (guint i = 0; i < view->teams->len; i++) {
        const StoreTeam *team = view->teams->pdata[i];
        if (team_id == 0 || team->team_id == team_id)
            json_array_append_new(teams, json_team(view, team));
    }
    json_t *root = json_pack("{ss si so}", "format", "plumbline-teams", "version", FORMAT_VERSION,
                             "teams", teams);
    char *dumped = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    GString *text = g_string_new(dumped);
    g_string_append_c(text, '\n');
    free(dumped);
    json_decref(root);
    return text;
}

/* ---- */

static const StoreTeam *find_team(const View *view, gint64 team_id)
{
    for (guint i = 0; i < view->teams->len; i++) {
        const StoreTeam *team = view->teams->pdata[i];
        if (team->team_id == team_id)
            return team;
    }
    return NULL;
}

GString *deliver_render_teams(Store *store, gint64 workspace_id, gint64 team_id, UtcTime now,
                              ReportFormat format, const ReportStyle *style, GError **error)
{
    View view = {NULL};
    GString *text = NULL;
    if (format != REPORT_TEXT && format != REPORT_JSON) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "teams come as text or json");
        return NULL;
    }
    if (load(&view, store, workspace_id, team_id, error)) {
        const StoreTeam *team = find_team(&view, team_id);
        if (team_id != 0 && team == NULL)
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                                "There is no team with this id; it may have been removed.");
        else
            text = format == REPORT_JSON ? teams_json(&view, team_id)
                   : team == NULL        ? list_text(&view, now, style)
                                         : one_text(&view, team, style);
    }
    clear(&view);
    return text;
}
