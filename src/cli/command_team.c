/*
 * Teams: people with dates, hours and holidays.
 */
#include "cli/commands.h"
#include "cli/team_act.h"

static struct {
    char *workspace, *format, *since, *until, *zone, *days, *hours, *rename;
    gboolean replaces, forces;
} options;

const GOptionEntry COMMAND_TEAM_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"since", 0, 0, G_OPTION_ARG_STRING, &options.since,
     "First day of a membership (add: since ever; move: now)", "YYYY-MM-DD"},
    {"until", 0, 0, G_OPTION_ARG_STRING, &options.until,
     "First day after a membership (add: still there; end: now)", "YYYY-MM-DD"},
    {"zone", 0, 0, G_OPTION_ARG_STRING, &options.zone,
     "The team's time zone, such as Europe/Berlin; 'workspace': as there", "ZONE"},
    {"days", 0, 0, G_OPTION_ARG_STRING, &options.days,
     "Its working days, such as mon-fri or sun,mon-thu; 'workspace': as there", "DAYS"},
    {"hours", 0, 0, G_OPTION_ARG_STRING, &options.hours,
     "Its working hours, such as 09:00-17:00; 'workspace': as there", "FROM-UNTIL"},
    {"rename", 0, 0, G_OPTION_ARG_STRING, &options.rename, "change: the new name", "NAME"},
    {"replace", 0, 0, G_OPTION_ARG_NONE, &options.replaces, "holidays: forget those the team has",
     NULL},
    {"force", 0, 0, G_OPTION_ARG_NONE, &options.forces, "remove: although the team has a past",
     NULL},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {NULL}};

static gboolean as_json;

/* @team_id 0: all. */
static gboolean show(const TeamAct *act, gint64 team_id, GError **error)
{
    ReportStyle style = work_style(NULL);
    GString *text = deliver_render_teams(act->store, act->workspace_id, team_id, act->now,
                                         as_json ? REPORT_JSON : REPORT_TEXT, &style, error);
    gboolean written = text != NULL && cli_write(NULL, text, error);
    if (text != NULL)
        g_string_free(text, TRUE);
    return written;
}

static gboolean act_list(const TeamAct *act, GError **error)
{
    return show(act, 0, error);
}

static gboolean act_show(const TeamAct *act, GError **error)
{
    gint64 team_id = 0;
    return store_find_team(act->store, act->workspace_id, act->words[0], &team_id, error) &&
           show(act, team_id, error);
}

static const struct {
    const char *verb, *object; /* "member", "add" */
    guint least, most;         /* words after them */
    const char *words;
    gboolean (*act)(const TeamAct *act, GError **error);
} VERBS[] = {
    {"list", NULL, 0, 0, "nothing more", act_list},
    {"show", NULL, 1, 1, "a team", act_show},
    {"add", NULL, 1, 1, "the new team's name", team_act_add},
    {"change", NULL, 1, 1, "a team, and what changes as options", team_act_change},
    {"remove", NULL, 1, 1, "a team", team_act_remove},
    {"member", "add", 2, 32, "a team and people", team_act_member_add},
    {"member", "move", 2, 2, "a person and a team", team_act_member_move},
    {"member", "end", 1, 1, "a person", team_act_member_end},
    {"holidays", NULL, 2, 2, "a team and a calendar file", team_act_holidays},
    {"import", NULL, 1, 1, "a team file", team_act_import},
    {"export", NULL, 0, 0, "nothing more", team_act_export},
};

static gboolean read_day(const char *option, const char *text, UtcTime *ret_time, GError **error)
{
    *ret_time = TIME_ABSENT;
    if (text == NULL || (strlen(text) == 10 && time_parse(text, -1, ret_time, NULL)))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "--%s: '%s' is not a date like 2026-10-01", option,
             text);
    return FALSE;
}

/* Finds the verb and moves @act->words behind it. */
static gboolean choose_verb(char **arguments, gsize *ret_verb, TeamAct *act, GError **error)
{
    static char *list[] = {(char *) "list", NULL};
    char **words = arguments[0] == NULL ? list : arguments;
    for (gsize i = 0; i < G_N_ELEMENTS(VERBS); i++) {
        gsize n = VERBS[i].object == NULL ? 1 : 2;
        if (!g_str_equal(words[0], VERBS[i].verb) ||
            (n == 2 && g_strcmp0(words[1], VERBS[i].object) != 0))
            continue;
        act->words = words + n;
        guint given = g_strv_length(act->words);
        if (given < VERBS[i].least || given > VERBS[i].most)
            return cli_fail(error, PLUMBLINE_ERROR_USAGE, "team %s%s%s: name %s", VERBS[i].verb,
                            n == 2 ? " " : "", n == 2 ? VERBS[i].object : "", VERBS[i].words);
        *ret_verb = i;
        return TRUE;
    }
    return cli_fail(error, PLUMBLINE_ERROR_USAGE, "team: '%s%s%s' is not one of its words",
                    words[0], words[1] != NULL ? " " : "", words[1] != NULL ? words[1] : "");
}

int command_team(const CliGlobals *globals, char **arguments, GError **error)
{
    gsize verb = 0;
    TeamAct act = {.zone = options.zone,
                   .days = options.days,
                   .hours = options.hours,
                   .rename = options.rename,
                   .replaces = options.replaces,
                   .forces = options.forces};
    if (!choose_verb(arguments, &verb, &act, error) ||
        !work_choose_json(options.format, &as_json, error) ||
        !read_day("since", options.since, &act.since, error) ||
        !read_day("until", options.until, &act.until, error))
        return 0;
    g_auto(WorkPlace) place = {0};
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    act.store = place.store;
    act.workspace_id = place.workspace_id;
    act.now = work_newest_time(place.connections);
    /* The rules about people first, so that a name means one person where they are certain. */
    if (measure_refresh(place.store, act.workspace_id, NULL, error))
        VERBS[verb].act(&act, error);
    return 0;
}
