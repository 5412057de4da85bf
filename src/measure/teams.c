#include "measure/teams.h"

#include "measure/calendar_settings.h"

typedef struct {
    gint64 id;
    char *name;
    WorkCalendar *calendar;
} Team;

typedef struct {
    UtcTime from, until; /* until: G_MAXINT64 while it lasts */
    guint32 team;
} Span;

struct TeamSpans {
    GArray *spans; /* Span, by beginning */
};

struct Teams {
    WorkCalendar *workspace;
    GArray *teams;    /* Team */
    GHashTable *held; /* gint64 * -> TeamSpans */
};

static void team_clear(gpointer data)
{
    Team *team = data;
    g_free(team->name);
    work_calendar_free(team->calendar);
}

static void spans_free(gpointer data)
{
    TeamSpans *spans = data;
    g_array_unref(spans->spans);
    g_free(spans);
}

Teams *teams_new(WorkCalendar *workspace)
{
    Teams *teams = g_new0(Teams, 1);
    teams->workspace = workspace;
    teams->teams = g_array_new(FALSE, FALSE, sizeof(Team));
    g_array_set_clear_func(teams->teams, team_clear);
    teams->held = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, spans_free);
    return teams;
}

void teams_free(Teams *teams)
{
    if (teams == NULL)
        return;
    work_calendar_free(teams->workspace);
    g_array_unref(teams->teams);
    g_hash_table_unref(teams->held);
    g_free(teams);
}

guint32 teams_add(Teams *teams, gint64 team_id, const char *name, WorkCalendar *calendar)
{
    Team team = {team_id, g_strdup(name), calendar};
    g_array_append_val(teams->teams, team);
    return teams->teams->len - 1;
}

void teams_add_member(Teams *teams, guint32 team, gint64 person_id, UtcTime from, UtcTime until)
{
    TeamSpans *held = g_hash_table_lookup(teams->held, &person_id);
    if (held == NULL) {
        held = g_new0(TeamSpans, 1);
        held->spans = g_array_new(FALSE, FALSE, sizeof(Span));
        g_hash_table_insert(teams->held, g_memdup2(&person_id, sizeof person_id), held);
    }
    Span span = {from, until == TIME_ABSENT ? G_MAXINT64 : until, team};
    g_array_append_val(held->spans, span);
}

guint32 teams_count(const Teams *teams)
{
    return teams->teams->len;
}

gint64 teams_id(const Teams *teams, guint32 team)
{
    return g_array_index(teams->teams, Team, team).id;
}

const char *teams_name(const Teams *teams, guint32 team)
{
    return g_array_index(teams->teams, Team, team).name;
}

guint32 teams_find(const Teams *teams, gint64 team_id)
{
    for (guint32 i = 0; i < teams->teams->len; i++)
        if (teams_id(teams, i) == team_id)
            return i;
    return NO_TEAM;
}

const TeamSpans *teams_spans(const Teams *teams, gint64 person_id)
{
    return g_hash_table_lookup(teams->held, &person_id);
}

guint32 team_spans_at(const TeamSpans *spans, UtcTime at)
{
    for (guint i = spans == NULL ? 0 : spans->spans->len; i-- > 0;) {
        const Span *span = &g_array_index(spans->spans, Span, i);
        if (span->from <= at && at < span->until)
            return span->team;
    }
    return NO_TEAM;
}

const WorkCalendar *teams_calendar(const Teams *teams, guint32 team)
{
    return team == NO_TEAM ? teams->workspace : g_array_index(teams->teams, Team, team).calendar;
}

const WorkCalendar *teams_calendar_of(const Teams *teams, gint64 person_id, UtcTime at)
{
    return teams_calendar(teams, team_spans_at(teams_spans(teams, person_id), at));
}

/* ---- from the store */

/* Holidays of the workspace hold for every team, its own come on top. Free with g_free. */
static char *join_holidays(const char *of_workspace, GPtrArray *holidays, gint64 team_id)
{
    GString *text = g_string_new(of_workspace);
    for (guint i = 0; i < holidays->len; i++) {
        const StoreHoliday *holiday = holidays->pdata[i];
        if (holiday->team_id == team_id)
            g_string_append_printf(text, "%s%s", text->len > 0 ? "," : "", holiday->day);
    }
    return g_string_free(text, FALSE);
}

static WorkCalendar *calendar_of(const StoreTeam *team, const CalendarSettings *of_workspace,
                                 GPtrArray *holidays, GError **error)
{
    g_autofree char *days_off = join_holidays(of_workspace->holidays, holidays, team->team_id);
    CalendarSettings settings = {
        .zone = team->zone != NULL ? team->zone : of_workspace->zone,
        .days = team->days != NULL ? team->days : of_workspace->days,
        .from = team->from != NULL ? team->from : of_workspace->from,
        .until = team->until != NULL ? team->until : of_workspace->until,
        .holidays = days_off,
    };
    WorkCalendar *calendar = calendar_from_settings(&settings, error);
    if (calendar == NULL)
        g_prefix_error(error, "Team '%.64s': ", team->name);
    return calendar;
}

static gboolean add_teams(Teams *teams, Store *store, gint64 workspace_id, GError **error)
{
    g_auto(CalendarWords) words = {{NULL}};
    g_autoptr(GPtrArray) list = store_list_teams(store, workspace_id, error);
    g_autoptr(GPtrArray) holidays =
        list == NULL ? NULL : store_list_holidays(store, workspace_id, 0, error);
    if (holidays == NULL || !calendar_words_read(&words, store, workspace_id, error))
        return FALSE;
    for (guint i = 0; i < list->len; i++) {
        const StoreTeam *team = list->pdata[i];
        WorkCalendar *calendar = calendar_of(team, &words.settings, holidays, error);
        if (calendar == NULL)
            return FALSE;
        teams_add(teams, team->team_id, team->name, calendar);
    }
    return TRUE;
}

static gboolean add_members(Teams *teams, Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GArray) members = store_list_team_members(store, workspace_id, 0, error);
    if (members == NULL)
        return FALSE;
    for (guint i = 0; i < members->len; i++) {
        const StoreTeamMember *member = &g_array_index(members, StoreTeamMember, i);
        guint32 team = teams_find(teams, member->team_id);
        if (team != NO_TEAM)
            teams_add_member(teams, team, member->person_id, member->from, member->until);
    }
    return TRUE;
}

Teams *teams_load(Store *store, gint64 workspace_id, GError **error)
{
    WorkCalendar *calendar = measure_calendar_load(store, workspace_id, error);
    if (calendar == NULL)
        return NULL;
    g_autoptr(Teams) teams = teams_new(calendar);
    if (!add_teams(teams, store, workspace_id, error) ||
        !add_members(teams, store, workspace_id, error))
        return NULL;
    return g_steal_pointer(&teams);
}

char *teams_fingerprint(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GPtrArray) list = store_list_teams(store, workspace_id, error);
    g_autoptr(GPtrArray) holidays =
        list == NULL ? NULL : store_list_holidays(store, workspace_id, 0, error);
    if (holidays == NULL)
        return NULL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const StoreTeam *team = list->pdata[i];
        const char *words[] = {team->zone, team->days, team->from, team->until};
        g_autofree char *days_off = join_holidays(NULL, holidays, team->team_id);
        gboolean is_own = *days_off != '\0';
        for (gsize word = 0; word < G_N_ELEMENTS(words); word++)
            is_own = is_own || words[word] != NULL;
        if (!is_own) /* counts as the workspace does, however many there are */
            continue;
        g_string_append_printf(text, "|%" G_GINT64_FORMAT, team->team_id);
        for (gsize word = 0; word < G_N_ELEMENTS(words); word++)
            g_string_append_printf(text, ",%s", words[word] != NULL ? words[word] : "");
        g_string_append_printf(text, ",%s", days_off);
    }
    /* The setting stays short however many holidays there are. */
    if (text->len > 0) {
        char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
        g_string_printf(text, "|teams %.16s", digest);
        g_free(digest);
    }
    return g_string_free(text, FALSE);
}
