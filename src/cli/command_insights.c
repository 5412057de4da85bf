/*
 * plumbline insights: what rules found, acting on it, and setting the rules.
 */
#include "cli/commands.h"
#include "cli/insight_values.h"
#include "cli/work.h"

static struct {
    char *workspace, *repository, *person, *family, *severity, *rule, *state, *format, *output;
    char *until, *reason, *to;
    char **set;
} options;

const GOptionEntry COMMAND_INSIGHTS_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"repository", 0, 0, G_OPTION_ARG_STRING, &options.repository, "Only this repository",
     "WORKSPACE/REPOSITORY"},
    {"person", 0, 0, G_OPTION_ARG_STRING, &options.person,
     "Only what is about, nearest to or assigned to this person", "PERSON"},
    {"family", 0, 0, G_OPTION_ARG_STRING, &options.family,
     "Only process, compliance, load, flow or hygiene", "FAMILY"},
    {"severity", 0, 0, G_OPTION_ARG_STRING, &options.severity, "Only notice, warning or critical",
     "SEVERITY"},
    {"rule", 0, 0, G_OPTION_ARG_STRING, &options.rule, "Only this rule", "RULE"},
    {"state", 0, 0, G_OPTION_ARG_STRING, &options.state,
     "Comma-separated: open, acknowledged, snoozed, resolved, dismissed, or all (default: open and "
     "acknowledged)",
     "LIST"},
    {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
     "dry-run: try a value, such as after=48h; may be repeated", "PARAMETER=VALUE"},
    {"until", 0, 0, G_OPTION_ARG_STRING, &options.until,
     "act snooze, act mute, mute: a date, or a span such as 3d", "TIME"},
    {"reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, "act dismiss, act mute, mute: why",
     "TEXT"},
    {"to", 0, 0, G_OPTION_ARG_STRING, &options.to, "act assign: to whom (nobody: to none)",
     "PERSON"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text, json or, for lists, csv",
     "FORMAT"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
     "Write to FILE instead of standard output", "FILE"},
    {NULL}};

/* What every subcommand works on. */
typedef struct {
    const CliGlobals *globals;
    Store *store;
    gint64 workspace_id, repository_id; /* 0: not given */
    gint64 person_id;                   /* 0: not given */
    UtcTime now;
    ReportFormat format;
    ReportStyle style;
    MeasureColumns *columns;
} Desk;

static gboolean write_text(GString *text, GError **error)
{
    if (text == NULL)
        return FALSE;
    gboolean written = cli_write(options.output, text, error);
    g_string_free(text, TRUE);
    return written;
}

static const Rule *read_rule(const char *id, GError **error)
{
    const Rule *rule = id == NULL ? NULL : rule_find(id);
    if (rule == NULL)
        cli_fail(error, id == NULL ? PLUMBLINE_ERROR_USAGE : PLUMBLINE_ERROR_INVALID,
                 id == NULL ? "name a rule%s; 'plumbline insights rules' shows them"
                            : "'%s' is not a rule; 'plumbline insights rules' shows them",
                 id == NULL ? "" : id);
    return rule;
}

static gboolean load_columns(Desk *desk, GError **error)
{
    if (desk->columns == NULL)
        desk->columns = measure_columns_load(desk->store, desk->workspace_id, error);
    return desk->columns != NULL;
}

static FindingView view_of(const Desk *desk)
{
    return (FindingView){desk->store, desk->workspace_id, desk->columns, desk->now};
}

/* Brings findings up to date first: rules or settings may be others than at the last sync. */
static gboolean refresh(Desk *desk, GError **error)
{
    g_auto(InsightSummary) summary = {0};
    if (!insight_update(desk->store, desk->workspace_id, desk->now, FALSE, &summary, error))
        return FALSE;
    for (guint i = 0; i < summary.failures->len; i++)
        cli_say(desk->globals, "warning: %s", (const char *) summary.failures->pdata[i]);
    return load_columns(desk, error);
}

/* ---- list */

static gboolean read_states(guint *ret_states, GError **error)
{
    if (options.state == NULL)
        return TRUE;
    if (g_str_equal(options.state, "all")) {
        *ret_states = INSIGHT_STATES_ALL;
        return TRUE;
    }
    g_auto(GStrv) names = g_strsplit(options.state, ",", -1);
    for (char **name = names; *name != NULL; name++) {
        FindingState state;
        if (!finding_state_from_name(g_strstrip(*name), &state)) {
            cli_fail(error, PLUMBLINE_ERROR_INVALID,
                     "--state: '%s' is not open, acknowledged, snoozed, resolved, dismissed or all",
                     *name);
            return FALSE;
        }
        *ret_states |= INSIGHT_STATE(state);
    }
    return TRUE;
}

static gint index_of(const char *name, const char *(*names)(gint), gint n)
{
    for (gint i = 0; i < n; i++)
        if (g_str_equal(names(i), name))
            return i;
    return -1;
}

static const char *family_name(gint family)
{
    return rule_family_name((RuleFamily) family);
}

static const char *severity_name(gint severity)
{
    return rule_severity_name((RuleSeverity) severity);
}

static gboolean read_filter(const Desk *desk, InsightFilter *filter, GError **error)
{
    *filter = (InsightFilter){.family = -1,
                              .severity = -1,
                              .rule = options.rule,
                              .repository_id = desk->repository_id,
                              .person_id = desk->person_id};
    if (options.rule != NULL && read_rule(options.rule, error) == NULL)
        return FALSE;
    if (options.family != NULL &&
        (filter->family = index_of(options.family, family_name, FAMILY_COUNT)) < 0) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "--family: '%s' is not process, compliance, load, flow or hygiene",
                 options.family);
        return FALSE;
    }
    if (options.severity != NULL &&
        (filter->severity = index_of(options.severity, severity_name, SEVERITY_COUNT)) < 0) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "--severity: '%s' is not notice, warning or critical", options.severity);
        return FALSE;
    }
    return read_states(&filter->states, error);
}

static gboolean do_list(Desk *desk, char **arguments, GError **error)
{
    InsightFilter filter;
    if (!read_filter(desk, &filter, error) || !refresh(desk, error))
        return FALSE;
    g_autoptr(GPtrArray) findings = insight_list(desk->store, desk->workspace_id, &filter, error);
    if (findings == NULL)
        return FALSE;
    FindingView view = view_of(desk);
    return write_text(deliver_render_findings(&view, findings, desk->format, &desk->style, error),
                      error);
}

/* ---- show, act */

static gboolean show(Desk *desk, gint64 finding_id, GError **error)
{
    if (!load_columns(desk, error))
        return FALSE;
    g_autoptr(StoreFinding) finding =
        store_get_finding(desk->store, desk->workspace_id, finding_id, error);
    g_autoptr(GPtrArray) events =
        finding == NULL
            ? NULL
            : store_list_finding_events(desk->store, desk->workspace_id, finding_id, error);
    FindingView view = view_of(desk);
    return events != NULL && write_text(deliver_render_finding(&view, finding, events, desk->format,
                                                               &desk->style, error),
                                        error);
}

static gboolean do_show(Desk *desk, char **arguments, GError **error)
{
    gint64 finding_id;
    if (arguments[0] == NULL) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE, "insights show: name a finding by its id");
        return FALSE;
    }
    return refresh(desk, error) &&
           insight_find(desk->store, desk->workspace_id, arguments[0], &finding_id, error) &&
           show(desk, finding_id, error);
}

static gboolean find_person(const Desk *desk, const char *text, gint64 *ret_person_id,
                            GError **error)
{
    return store_find_person(desk->store, desk->workspace_id, text, ret_person_id, error);
}

static gboolean read_step(const Desk *desk, const char *name, InsightStep *step, GError **error)
{
    if (!insight_action_from_name(name, &step->action)) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE,
                 "insights act: '%s' is not acknowledge, snooze, dismiss, mute, assign or reopen",
                 name);
        return FALSE;
    }
    if (step->action == INSIGHT_SNOOZE && options.until == NULL) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE, "insights act snooze: until when? --until 3d");
        return FALSE;
    }
    if (step->action == INSIGHT_ASSIGN && options.to == NULL) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE, "insights act assign: to whom? --to PERSON");
        return FALSE;
    }
    if ((step->action == INSIGHT_SNOOZE || step->action == INSIGHT_MUTE) && options.until != NULL &&
        !insight_values_time(options.until, desk->now, &step->until, error))
        return FALSE;
    if (step->action != INSIGHT_ASSIGN || g_str_equal(options.to, "nobody"))
        return TRUE;
    step->note = options.to;
    return find_person(desk, options.to, &step->person_id, error);
}

static gboolean do_act(Desk *desk, char **arguments, GError **error)
{
    gint64 finding_id;
    if (arguments[0] == NULL || arguments[1] == NULL) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE,
                 "insights act: name a finding and what to do, such "
                 "as 'act 7k3mz9q acknowledge'");
        return FALSE;
    }
    InsightStep step = {.actor = g_get_user_name(),
                        .note = options.reason,
                        .until = TIME_ABSENT,
                        .person_id = COUNT_ABSENT};
    return read_step(desk, arguments[1], &step, error) &&
           insight_find(desk->store, desk->workspace_id, arguments[0], &finding_id, error) &&
           insight_act(desk->store, desk->workspace_id, finding_id, &step, desk->now, error) &&
           show(desk, finding_id, error);
}

/* ---- rules */

static gboolean do_rules(Desk *desk, char **arguments, GError **error)
{
    RuleSettings *settings = insight_settings(desk->store, desk->workspace_id, error);
    if (settings == NULL)
        return FALSE;
    GString *text =
        deliver_render_rules(settings, desk->repository_id, desk->format, &desk->style, error);
    insight_settings_free(settings);
    return write_text(text, error);
}

/* "on", "off", "default" or "after=48h". */
static gboolean set_one(const Desk *desk, const Rule *rule, const char *text, GError **error)
{
    const double on = 1, off = 0;
    InsightTrial trial = {.rule = rule};
    if (g_str_equal(text, "on") || g_str_equal(text, "off"))
        return insight_set(desk->store, desk->workspace_id, desk->repository_id, rule, "",
                           g_str_equal(text, "on") ? &on : &off, error);
    if (!g_str_equal(text, "default"))
        return insight_values_add(text, &trial, error) &&
               insight_set(desk->store, desk->workspace_id, desk->repository_id, rule,
                           trial.parameters[0], &trial.values[0], error);
    for (const RuleParameter *p = rule->parameters; p->id != NULL; p++)
        if (!insight_set(desk->store, desk->workspace_id, desk->repository_id, rule, p->id, NULL,
                         error))
            return FALSE;
    return insight_set(desk->store, desk->workspace_id, desk->repository_id, rule, "", NULL, error);
}

static gboolean do_set(Desk *desk, char **arguments, GError **error)
{
    const Rule *rule = read_rule(arguments[0], error);
    if (rule == NULL)
        return FALSE;
    if (arguments[1] == NULL) {
        cli_fail(error, PLUMBLINE_ERROR_USAGE,
                 "insights set: say on, off, default or PARAMETER=VALUE");
        return FALSE;
    }
    for (gsize i = 1; arguments[i] != NULL; i++)
        if (!set_one(desk, rule, arguments[i], error))
            return FALSE;
    g_auto(InsightSummary) summary = {0};
    if (!insight_update(desk->store, desk->workspace_id, desk->now, FALSE, &summary, error))
        return FALSE;
    cli_say(desk->globals, "%s is set: %" G_GINT64_FORMAT " new, %" G_GINT64_FORMAT " resolved.",
            rule->id, summary.found + summary.reopened, summary.resolved);
    return TRUE;
}

static gboolean do_dry_run(Desk *desk, char **arguments, GError **error)
{
    InsightDryRun result = {0};
    InsightTrial trial = {.rule = read_rule(arguments[0], error),
                          .repository_id = desk->repository_id,
                          .now = desk->now};
    if (trial.rule == NULL)
        return FALSE;
    for (gsize i = 0; options.set != NULL && options.set[i] != NULL; i++)
        if (!insight_values_add(options.set[i], &trial, error))
            return FALSE;
    return insight_dry_run(desk->store, desk->workspace_id, &trial, &result, error) &&
           write_text(deliver_render_dry_run(&trial, &result, desk->format, &desk->style, error),
                      error);
}

/* ---- mutes */

static gboolean show_mutes(Desk *desk, char **arguments, GError **error)
{
    g_autoptr(GPtrArray) mutes = store_list_mutes(desk->store, desk->workspace_id, error);
    if (mutes == NULL || !load_columns(desk, error))
        return FALSE;
    FindingView view = view_of(desk);
    return write_text(deliver_render_mutes(&view, mutes, desk->format, &desk->style, error), error);
}

static gboolean do_mute(Desk *desk, char **arguments, GError **error)
{
    gint64 mute_id;
    UtcTime until = TIME_ABSENT;
    const Rule *rule = read_rule(arguments[0], error);
    if (rule == NULL ||
        (options.until != NULL && !insight_values_time(options.until, desk->now, &until, error)))
        return FALSE;
    const StoreMute mute = {
        .rule = (char *) rule->id,
        .repository_id = desk->repository_id != 0 ? desk->repository_id : COUNT_ABSENT,
        .number = COUNT_ABSENT,
        .person_id = desk->person_id != 0 ? desk->person_id : COUNT_ABSENT,
        .reason = options.reason,
        .actor = (char *) g_get_user_name(),
        .until = until,
    };
    return insight_mute(desk->store, desk->workspace_id, &mute, desk->now, &mute_id, error) &&
           show_mutes(desk, arguments, error);
}

static gboolean do_unmute(Desk *desk, char **arguments, GError **error)
{
    g_autoptr(GPtrArray) mutes = store_list_mutes(desk->store, desk->workspace_id, error);
    if (mutes == NULL)
        return FALSE;
    for (guint i = 0; arguments[0] != NULL && i < mutes->len; i++) {
        const StoreMute *mute = mutes->pdata[i];
        char name[INSIGHT_ID_SIZE];
        if (g_ascii_strcasecmp(insight_id_text(mute->mute_id, name), arguments[0]) == 0)
            return insight_unmute(desk->store, desk->workspace_id, mute->mute_id, g_get_user_name(),
                                  desk->now, error) &&
                   show_mutes(desk, arguments, error);
    }
    cli_fail(error, arguments[0] == NULL ? PLUMBLINE_ERROR_USAGE : PLUMBLINE_ERROR_NOT_FOUND,
             "insights unmute: name one of the mutes that 'plumbline insights mutes' lists");
    return FALSE;
}

/* ---- */

static const struct {
    const char *name;
    gboolean (*run)(Desk *desk, char **arguments, GError **error);
} SUBCOMMANDS[] = {
    {"list", do_list},     {"show", do_show}, {"act", do_act},
    {"rules", do_rules},   {"set", do_set},   {"dry-run", do_dry_run},
    {"mutes", show_mutes}, {"mute", do_mute}, {"unmute", do_unmute},
};

static gboolean open_desk(Desk *desk, GError **error)
{
    g_autoptr(GPtrArray) connections = work_connections(desk->store, options.workspace, error);
    if (connections == NULL)
        return FALSE;
    desk->workspace_id = ((const StoreConnection *) connections->pdata[0])->workspace_id;
    desk->now = work_newest_time(connections);
    desk->style = work_style(options.output);
    return (options.repository == NULL ||
            work_find_repository(desk->store, desk->workspace_id, options.repository,
                                 &desk->repository_id, error)) &&
           (options.person == NULL || find_person(desk, options.person, &desk->person_id, error));
}

int command_insights(const CliGlobals *globals, char **arguments, GError **error)
{
    g_auto(DataFolder) folder = {0};
    Desk desk = {.globals = globals};
    const char *name = arguments[0] == NULL ? "list" : arguments[0];
    gsize chosen = 0;
    while (chosen < G_N_ELEMENTS(SUBCOMMANDS) && !g_str_equal(SUBCOMMANDS[chosen].name, name))
        chosen++;
    if (chosen == G_N_ELEMENTS(SUBCOMMANDS))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "insights: '%s' is not list, show, act, rules, set, dry-run, mute, mutes "
                        "or unmute",
                        name);
    if (!work_choose_format(options.format, options.output, &desk.format, error) ||
        !data_folder_find(globals, &folder, error))
        return 0;
    if (desk.format == REPORT_HTML)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "--format: insights come as text, json or, for lists, csv");
    g_autoptr(Store) store = data_folder_store(&folder, error);
    desk.store = store;
    if (store != NULL && open_desk(&desk, error))
        SUBCOMMANDS[chosen].run(&desk, arguments[0] == NULL ? arguments : arguments + 1, error);
    measure_columns_free(desk.columns);
    return 0;
}
