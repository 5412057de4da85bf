/*
 * Which questions make sense.
 */
#include "measure/query.h"

static gboolean fail(GError **error, const char *measure, const char *why)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "'%s' %s.", measure, why);
    return FALSE;
}

static gboolean is_time(Dimension dimension)
{
    return dimension == DIMENSION_DAY || dimension == DIMENSION_WEEK ||
           dimension == DIMENSION_MONTH;
}

/* Dimensions that only a pull request has. */
static gboolean is_of_pull_request(Dimension dimension)
{
    return dimension == DIMENSION_REVIEWER || dimension == DIMENSION_SIZE ||
           dimension == DIMENSION_TARGET_BRANCH || dimension == DIMENSION_STATE;
}

/* What deployments are of: a place, an environment and a time. */
static gboolean check_deployments(const MeasureQuery *query, const MeasureAsk *ask, GError **error)
{
    const char *id = ask->measure->id;
    gboolean is_of_them = ask->measure->subject == MEASURE_OF_DEPLOYMENTS;
    for (guint i = 0; i < G_N_ELEMENTS(query->by); i++) {
        Dimension by = query->by[i];
        gboolean fits = by == DIMENSION_NONE || is_time(by) || by == DIMENSION_REPOSITORY ||
                        by == DIMENSION_PROJECT || by == DIMENSION_ENVIRONMENT;
        if (is_of_them ? fits : by != DIMENSION_ENVIRONMENT)
            continue;
        g_autofree char *why =
            g_strdup_printf(is_of_them ? "is about deployments, which have no '%s'"
                                       : "is not about deployments, and only they have an '%s'",
                            dimension_name(by));
        return fail(error, id, why);
    }
    if (is_of_them && (query->author_id != 0 || query->reviewer_id != 0 || query->team_id != 0 ||
                       query->target_branch != NULL || query->size_class != NULL))
        return fail(
            error, id,
            "is about deployments, which have no author, reviewer, team, target branch or size");
    if (!is_of_them && query->environment != NULL)
        return fail(error, id, "is not about deployments, and only they have an environment");
    return TRUE;
}

static gboolean has_no_pull_request(const MeasureInfo *measure)
{
    return measure->subject == MEASURE_OF_COMMITS || measure->subject == MEASURE_OF_CHANGES;
}

static gboolean check_ask(const MeasureQuery *query, const MeasureAsk *ask, GError **error)
{
    const char *id = ask->measure->id;
    const Measure *measure = measure_of(ask->measure);
    const char *what = ask->measure->subject == MEASURE_OF_COMMITS ? "commits" : "main branches";
    if (ask->statistic >= STATISTIC_COUNT || !measure_has_statistic(ask->measure, ask->statistic)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "'%s' has no statistic '%s'.",
                    id, statistic_name(ask->statistic));
        return FALSE;
    }
    if (ask->working_time && ask->measure->unit != MEASURE_UNIT_DURATION)
        return fail(error, id, "is no duration, so it has no working time");
    if ((measure->anchor == ANCHOR_NOW || measure->source == SOURCE_SPELL) &&
        query->now == TIME_ABSENT)
        return fail(error, id, "looks at one instant; say which");
    for (guint i = 0; i < G_N_ELEMENTS(query->by); i++) {
        if (measure->anchor == ANCHOR_NOW && is_time(query->by[i]))
            return fail(error, id, "looks at one instant, so it has no days, weeks or months");
        if (has_no_pull_request(ask->measure) && is_of_pull_request(query->by[i])) {
            g_autofree char *why =
                g_strdup_printf("is about %s, and '%s' is known of pull requests only", what,
                                dimension_name(query->by[i]));
            return fail(error, id, why);
        }
    }
    if (has_no_pull_request(ask->measure) &&
        (query->reviewer_id != 0 || query->target_branch != NULL || query->size_class != NULL)) {
        g_autofree char *why = g_strdup_printf(
            "is about %s; reviewer, target branch and size are known of pull requests only", what);
        return fail(error, id, why);
    }
    return check_deployments(query, ask, error);
}

gboolean query_check(const MeasureQuery *query, GError **error)
{
    if (query->n_asks == 0)
        return fail(error, "a question", "names at least one measure");
    if (query->from != TIME_ABSENT && query->until != TIME_ABSENT && query->from > query->until)
        return fail(error, "a range", "ends after it begins");
    if (query->by[0] >= DIMENSION_COUNT || query->by[1] >= DIMENSION_COUNT)
        return fail(error, "a dimension", "is one of the list");
    if (query->by[0] == DIMENSION_NONE && query->by[1] != DIMENSION_NONE)
        return fail(error, "a second dimension", "needs a first one");
    if (query->by[0] != DIMENSION_NONE && query->by[0] == query->by[1])
        return fail(error, dimension_name(query->by[0]), "cannot be both dimensions");
    if (is_time(query->by[0]) && is_time(query->by[1]))
        return fail(error, "a question", "has one dimension of time");
    for (gsize i = 0; i < query->n_asks; i++)
        if (!check_ask(query, &query->asks[i], error))
            return FALSE;
    return TRUE;
}
