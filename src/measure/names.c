/*
 * Names of statistics and dimensions, as the command line, JSON and addresses have them.
 */
#include "measure/measure.h"

#include <string.h>

static const char *const STATISTICS[STATISTIC_COUNT] = {
    [STATISTIC_N] = "n",
    [STATISTIC_SUM] = "sum",
    [STATISTIC_MEAN] = "mean",
    [STATISTIC_P50] = "p50",
    [STATISTIC_P75] = "p75",
    [STATISTIC_P90] = "p90",
    [STATISTIC_MIN] = "min",
    [STATISTIC_MAX] = "max",
    [STATISTIC_SHARE] = "share",
    [STATISTIC_GINI] = "gini",
    [STATISTIC_TOP_SHARE] = "top-share",
};

static const char *const DIMENSIONS[DIMENSION_COUNT] = {
    [DIMENSION_NONE] = "none",
    [DIMENSION_DAY] = "day",
    [DIMENSION_WEEK] = "week",
    [DIMENSION_MONTH] = "month",
    [DIMENSION_REPOSITORY] = "repository",
    [DIMENSION_PROJECT] = "project",
    [DIMENSION_AUTHOR] = "author",
    [DIMENSION_REVIEWER] = "reviewer",
    [DIMENSION_SIZE] = "size",
    [DIMENSION_TARGET_BRANCH] = "target-branch",
    [DIMENSION_STATE] = "state",
    [DIMENSION_ENVIRONMENT] = "environment",
    [DIMENSION_TEAM] = "team",
};

static const char *const DELIVERY_SOURCES[] = {
    [DELIVERY_UNKNOWN] = "unknown",
    [DELIVERY_DEPLOYMENTS] = "deployment",
    [DELIVERY_PIPELINES] = "pipeline",
    [DELIVERY_MERGES] = "merge",
};

static gboolean find_name(const char *const *names, guint n, const char *name, guint *ret_index)
{
    for (guint i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_index = i;
            return TRUE;
        }
    return FALSE;
}

const char *statistic_name(Statistic statistic)
{
    return statistic < STATISTIC_COUNT ? STATISTICS[statistic] : "unknown";
}

gboolean statistic_from_name(const char *name, Statistic *ret_statistic)
{
    guint index;
    if (!find_name(STATISTICS, STATISTIC_COUNT, name, &index))
        return FALSE;
    *ret_statistic = index;
    return TRUE;
}

const char *dimension_name(Dimension dimension)
{
    return dimension < DIMENSION_COUNT ? DIMENSIONS[dimension] : "unknown";
}

gboolean dimension_from_name(const char *name, Dimension *ret_dimension)
{
    guint index;
    if (!find_name(DIMENSIONS, DIMENSION_COUNT, name, &index))
        return FALSE;
    *ret_dimension = index;
    return TRUE;
}

const char *delivery_source_name(DeliverySource source)
{
    return source < G_N_ELEMENTS(DELIVERY_SOURCES) ? DELIVERY_SOURCES[source] : "unknown";
}

DeliverySource delivery_source_from_name(const char *name)
{
    guint index = DELIVERY_UNKNOWN;
    return name != NULL && find_name(DELIVERY_SOURCES, G_N_ELEMENTS(DELIVERY_SOURCES), name, &index)
               ? (DeliverySource) index
               : DELIVERY_UNKNOWN;
}
