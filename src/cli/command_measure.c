#include "cli/commands.h"
#include "cli/work.h"

#define MOST_ASKS 64

static struct {
    char **by;
    char *statistics, *from, *until, *workspace, *repository, *project, *team, *branch, *size,
        *zone, *environment;
    char *format, *output;
    gint days;
    gboolean list, working, bots;
} options = {.days = 90};

const GOptionEntry COMMAND_MEASURE_OPTIONS[] = {
    {"list", 0, 0, G_OPTION_ARG_NONE, &options.list, "Show measures, statistics and dimensions",
     NULL},
    {"by", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.by,
     "Group by a dimension; twice for two of them", "DIMENSION"},
    {"statistic", 0, 0, G_OPTION_ARG_STRING, &options.statistics,
     "Comma-separated: p50, p75, p90, mean, sum, share ... (default: what suits the measure)",
     "LIST"},
    {"working-time", 0, 0, G_OPTION_ARG_NONE, &options.working,
     "Durations in working time instead of wall-clock time", NULL},
    {"days", 0, 0, G_OPTION_ARG_INT, &options.days,
     "Length of the period that ends now (default 90)", "N"},
    {"from", 0, 0, G_OPTION_ARG_STRING, &options.from, "Begin of the period, instead of --days",
     "YYYY-MM-DD"},
    {"until", 0, 0, G_OPTION_ARG_STRING, &options.until,
     "First day after the period (default: now)", "YYYY-MM-DD"},
    {"time-zone", 0, 0, G_OPTION_ARG_STRING, &options.zone,
     "Zone of days, weeks and months, such as Europe/Berlin (default: the workspace's)", "ZONE"},
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"repository", 0, 0, G_OPTION_ARG_STRING, &options.repository, "Only this repository",
     "WORKSPACE/REPOSITORY"},
    {"project", 0, 0, G_OPTION_ARG_STRING, &options.project, "Only repositories of this project",
     "KEY"},
    {"team", 0, 0, G_OPTION_ARG_STRING, &options.team,
     "Only what belongs to people who were in this team then", "TEAM"},
    {"target-branch", 0, 0, G_OPTION_ARG_STRING, &options.branch,
     "Only pull requests into this branch", "BRANCH"},
    {"size", 0, 0, G_OPTION_ARG_STRING, &options.size, "Only this size class", "CLASS"},
    {"environment", 0, 0, G_OPTION_ARG_STRING, &options.environment,
     "Only deployments to this environment (default: those to production)", "NAME"},
    {"include-bots", 0, 0, G_OPTION_ARG_NONE, &options.bots, "Count what bots did, too", NULL},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text, json or csv", "FORMAT"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
     "Write to FILE instead of standard output", "FILE"},
    {NULL}};

/* ---- --list */

#define LIST_INDENT 27

static gboolean show_list(GError **error)
{
    g_autoptr(GString) text = g_string_new("Measures, and the instant that puts each into a "
                                           "period:\n");
    gsize n;
    const MeasureInfo *const *measures = measure_list(&n);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *words =
            g_strdup_printf("%s [%s]", measures[i]->meaning, measures[i]->anchor);
        g_string_append_printf(text, "  %-25s", measures[i]->id);
        cli_put_wrapped(text, words, LIST_INDENT, LIST_INDENT);
    }
    g_string_append(text, "\nStatistics:");
    for (guint i = 0; i < STATISTIC_COUNT; i++)
        g_string_append_printf(text, " %s", statistic_name((Statistic) i));
    g_string_append(text, "\nDimensions:");
    for (guint i = DIMENSION_NONE + 1; i < DIMENSION_COUNT; i++)
        g_string_append_printf(text, " %s", dimension_name((Dimension) i));
    g_string_append_c(text, '\n');
    return cli_write(options.output, text, error);
}

/* ---- the question */

static gboolean read_statistics(char **names, const MeasureInfo *measure, GArray *asks,
                                GError **error)
{
    for (gsize i = 0; names == NULL ? i == 0 : names[i] != NULL; i++) {
        MeasureAsk ask = {.measure = measure,
                          .working_time =
                              options.working && measure->unit == MEASURE_UNIT_DURATION};
        if (names == NULL)
            ask.statistic = measure_default_statistic(measure);
        else if (!statistic_from_name(g_strstrip(names[i]), &ask.statistic)) {
            cli_fail(error, PLUMBLINE_ERROR_INVALID,
                     "--statistic: '%s' is not one; 'plumbline measure --list' shows them",
                     names[i]);
            return FALSE;
        }
        if (asks->len >= MOST_ASKS) {
            cli_fail(error, PLUMBLINE_ERROR_INVALID, "more than %d columns are asked for",
                     MOST_ASKS);
            return FALSE;
        }
        g_array_append_val(asks, ask);
    }
    return TRUE;
}

static GArray *read_asks(char **ids, GError **error)
{
    g_auto(GStrv) names =
        options.statistics == NULL ? NULL : g_strsplit(options.statistics, ",", -1);
    g_autoptr(GArray) asks = g_array_new(FALSE, FALSE, sizeof(MeasureAsk));
    for (gsize i = 0; ids[i] != NULL; i++) {
        const MeasureInfo *measure = measure_find(ids[i]);
        if (measure == NULL) {
            cli_fail(error, PLUMBLINE_ERROR_INVALID,
                     "'%s' is not a measure; 'plumbline measure --list' shows them", ids[i]);
            return NULL;
        }
        if (!read_statistics(names, measure, asks, error))
            return NULL;
    }
    return g_steal_pointer(&asks);
}

static gboolean read_dimensions(Dimension by[2], GError **error)
{
    guint n = options.by == NULL ? 0 : g_strv_length(options.by);
    if (n > 2) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "--by: two dimensions at most");
        return FALSE;
    }
    for (guint i = 0; i < n; i++) {
        if (!dimension_from_name(options.by[i], &by[i])) {
            cli_fail(error, PLUMBLINE_ERROR_INVALID,
                     "--by: '%s' is not a dimension; 'plumbline measure --list' shows them",
                     options.by[i]);
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean read_date(const char *option, const char *text, UtcTime *ret_time, GError **error)
{
    if (text == NULL || (strlen(text) == 10 && time_parse(text, -1, ret_time, NULL)))
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "--%s: '%s' is not a date like 2026-10-01", option,
             text);
    return FALSE;
}

static gboolean read_period(MeasureQuery *query, GError **error)
{
    query->until = query->now;
    if (!read_date("until", options.until, &query->until, error))
        return FALSE;
    query->from = query->until - options.days * TIME_DAY;
    if (!read_date("from", options.from, &query->from, error))
        return FALSE;
    if (query->from < query->until)
        return TRUE;
    cli_fail(error, PLUMBLINE_ERROR_INVALID, "the period ends before it begins");
    return FALSE;
}

static gboolean answer(const CliGlobals *globals, Store *store, gint64 workspace_id,
                       MeasureQuery *query, ReportFormat format, GError **error)
{
    if (options.repository != NULL && !work_find_repository(store, workspace_id, options.repository,
                                                            &query->repository_id, error))
        return FALSE;
    if (options.team != NULL &&
        !store_find_team(store, workspace_id, options.team, &query->team_id, error))
        return FALSE;
    if (!measure_refresh(store, workspace_id, NULL, error))
        return FALSE;
    g_autoptr(MeasureColumns) columns = measure_columns_load(store, workspace_id, error);
    g_autoptr(MeasureTable) table = columns == NULL ? NULL : measure_query(columns, query, error);
    if (table == NULL)
        return FALSE;
    ReportStyle style = work_style(options.output);
    GString *text = deliver_render_measures(query, table, format, &style);
    gboolean written = cli_write(options.output, text, error);
    g_string_free(text, TRUE);
    g_autofree char *withheld = format == REPORT_CSV ? deliver_withheld_words(table) : NULL;
    if (withheld != NULL) /* a table for programs has no place for it */
        cli_say(globals, "%s", withheld);
    return written;
}

int command_measure(const CliGlobals *globals, char **arguments, GError **error)
{
    ReportFormat format;
    if (options.list) {
        show_list(error);
        return 0;
    }
    if (arguments[0] == NULL)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE,
                        "measure: name a measure, such as cycle-time; --list shows all");
    if (!work_choose_format(options.format, options.output, &format, error) ||
        !work_check_days(options.days, error))
        return 0;
    if (format == REPORT_HTML)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "--format: a measure comes as text, json or csv");
    MeasureQuery query = {.project_key = options.project,
                          .target_branch = options.branch,
                          .size_class = options.size,
                          .environment = options.environment,
                          .include_bots = options.bots};
    g_autoptr(GArray) asks = read_asks(arguments, error);
    gint64 least, most;
    if (asks != NULL && options.size != NULL && !g_str_equal(options.size, "unknown") &&
        !measure_size_bounds(options.size, &least, &most))
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "--size: '%s' is not one of XS, S, M, L, XL and unknown", options.size);
    if (asks == NULL || !read_dimensions(query.by, error))
        return 0;
    query.asks = (const MeasureAsk *) (const void *) asks->data;
    query.n_asks = asks->len;
    g_auto(WorkPlace) place = {0};
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    query.now = work_newest_time(place.connections);
    g_autofree char *zone = work_time_zone(place.store, place.workspace_id, options.zone, error);
    if (zone == NULL)
        return 0;
    query.time_zone = zone;
    if (read_period(&query, error))
        answer(globals, place.store, place.workspace_id, &query, format, error);
    return 0;
}
