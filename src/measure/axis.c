#include "measure/axis.h"

#include <string.h>

static gint64 monday_of(gint64 day)
{
    return day - day_weekday(day);
}

/* Months since year 0. */
static gint64 month_of(gint64 day)
{
    gint year;
    guint month, of_month;
    day_to_civil(day, &year, &month, &of_month);
    return (gint64) year * 12 + month - 1;
}

static gint64 slot_from_day(const Axis *axis, gint64 day)
{
    switch (axis->dimension) {
    case DIMENSION_WEEK:
        return (monday_of(day) - monday_of(axis->first_day)) / 7;
    case DIMENSION_MONTH:
        return month_of(day) - month_of(axis->first_day);
    default:
        return day - axis->first_day;
    }
}

static gint64 first_day_of_slot(const Axis *axis, guint32 slot)
{
    switch (axis->dimension) {
    case DIMENSION_WEEK:
        return monday_of(axis->first_day) + 7 * (gint64) slot;
    case DIMENSION_MONTH: {
        gint64 month = month_of(axis->first_day) + slot;
        return day_from_civil((gint) (month / 12), (guint) (month % 12) + 1, 1);
    }
    default:
        return axis->first_day + slot;
    }
}

static gboolean init_time(Axis *axis, const char *time_zone, UtcTime first, UtcTime last,
                          GError **error)
{
    if (!zone_offsets_init(&axis->zone, time_zone, first, last, error))
        return FALSE;
    axis->first_day = floor_divide(first, TIME_DAY) - 1; /* local days begin up to a day apart */
    axis->n_days = floor_divide(last, TIME_DAY) + 2 - axis->first_day;
    axis->slot_of_day = g_new(guint32, axis->n_days);
    for (gint64 i = 0; i < axis->n_days; i++)
        axis->slot_of_day[i] = (guint32) slot_from_day(axis, axis->first_day + i);
    axis->n = axis->slot_of_day[axis->n_days - 1] + 1;
    return TRUE;
}

gboolean axis_init(Axis *ret_axis, Dimension dimension, const MeasureColumns *columns,
                   const char *time_zone, UtcTime first, UtcTime last, GError **error)
{
    Axis axis = {.dimension = dimension};
    switch (dimension) {
    case DIMENSION_NONE:
    case DIMENSION_COUNT:
        axis.n = 1;
        break;
    case DIMENSION_DAY:
    case DIMENSION_WEEK:
    case DIMENSION_MONTH:
        if (!init_time(&axis, time_zone, first, last, error))
            return FALSE;
        break;
    case DIMENSION_REPOSITORY:
        axis.n = columns->repositories.names->len;
        break;
    case DIMENSION_PROJECT:
        axis.n = columns->projects.names->len + 1; /* the last slot: none, which is NO_INDEX */
        break;
    case DIMENSION_TARGET_BRANCH:
        axis.n = columns->branches.names->len + 1;
        break;
    case DIMENSION_AUTHOR:
    case DIMENSION_REVIEWER:
        axis.n = columns->people.names->len;
        break;
    case DIMENSION_ENVIRONMENT:
        axis.n = columns->environments.names->len + 1;
        break;
    case DIMENSION_SIZE:
        axis.n = SIZE_CLASSES;
        break;
    case DIMENSION_STATE:
        axis.n = PR_STATE_UNKNOWN + 1;
        break;
    case DIMENSION_TEAM:
        axis.n = teams_count(columns->teams) + 1; /* the last slot: none, which is NO_TEAM */
        break;
    }
    *ret_axis = axis;
    return TRUE;
}

void axis_clear(Axis *axis)
{
    zone_offsets_clear(&axis->zone);
    g_clear_pointer(&axis->slot_of_day, g_free);
}

gboolean axis_is_time(const Axis *axis)
{
    return axis->slot_of_day != NULL;
}

gboolean axis_is_ordered(const Axis *axis)
{
    return axis_is_time(axis) || axis->dimension == DIMENSION_SIZE ||
           axis->dimension == DIMENSION_STATE;
}

gboolean axis_is_people(const Axis *axis)
{
    return axis->dimension == DIMENSION_AUTHOR || axis->dimension == DIMENSION_REVIEWER;
}

guint32 axis_slot_of_time(Axis *axis, UtcTime time)
{
    axis->zone_hint = zone_offsets_find(&axis->zone, time, axis->zone_hint);
    gint64 day =
        floor_divide(time + axis->zone.spans[axis->zone_hint].offset, TIME_DAY) - axis->first_day;
    return axis->slot_of_day[CLAMP(day, 0, axis->n_days - 1)];
}

void axis_fill_slots(Axis *axis, const MeasureColumns *columns, const RowBlock *block,
                     guint32 *ret_slots)
{
    const PullColumns *pulls = &columns->pulls;
    gsize n = block->n;
    switch (axis->dimension) {
    case DIMENSION_DAY:
    case DIMENSION_WEEK:
    case DIMENSION_MONTH:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] = axis_slot_of_time(axis, block->at[i]);
        break;
    case DIMENSION_REPOSITORY:
        memcpy(ret_slots, block->repository, n * sizeof *ret_slots);
        break;
    case DIMENSION_AUTHOR:
        memcpy(ret_slots, block->author, n * sizeof *ret_slots);
        break;
    case DIMENSION_REVIEWER:
        memcpy(ret_slots, block->reviewer, n * sizeof *ret_slots);
        break;
    case DIMENSION_PROJECT:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] =
                MIN(g_array_index(columns->project_of, guint32, block->repository[i]), axis->n - 1);
        break;
    case DIMENSION_TARGET_BRANCH:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] = MIN(pulls->branch[block->pull[i]], axis->n - 1);
        break;
    case DIMENSION_ENVIRONMENT:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] = MIN(columns->deployments.environment[block->row[i]], axis->n - 1);
        break;
    case DIMENSION_SIZE:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] = pulls->size_class[block->pull[i]];
        break;
    case DIMENSION_STATE:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] = pulls->state[block->pull[i]];
        break;
    case DIMENSION_TEAM:
        for (gsize i = 0; i < n; i++)
            ret_slots[i] =
                MIN(columns_team_at(columns, block->person[i], block->at[i]), axis->n - 1);
        break;
    default:
        memset(ret_slots, 0, n * sizeof *ret_slots);
        break;
    }
}

static char *date_text(gint64 day)
{
    gint year;
    guint month, of_month;
    day_to_civil(day, &year, &month, &of_month);
    return g_strdup_printf("%04d-%02u-%02u", year, month, of_month);
}

/* ISO 8601: a week belongs to the year of its Thursday. */
static char *week_text(gint64 monday)
{
    gint year;
    guint month, of_month;
    day_to_civil(monday + 3, &year, &month, &of_month);
    gint64 week = (monday + 3 - day_from_civil(year, 1, 1)) / 7 + 1;
    return g_strdup_printf("%04d-W%02d", year, (gint) week);
}

static const Dictionary *dictionary_of(const Axis *axis, const MeasureColumns *columns)
{
    switch (axis->dimension) {
    case DIMENSION_REPOSITORY:
        return &columns->repositories;
    case DIMENSION_PROJECT:
        return &columns->projects;
    case DIMENSION_TARGET_BRANCH:
        return &columns->branches;
    case DIMENSION_ENVIRONMENT:
        return &columns->environments;
    default:
        return &columns->people;
    }
}

char *axis_key(const Axis *axis, const MeasureColumns *columns, guint32 slot)
{
    switch (axis->dimension) {
    case DIMENSION_NONE:
        return g_strdup("");
    case DIMENSION_SIZE:
        return g_strdup(SIZE_CLASS_NAMES[slot]);
    case DIMENSION_STATE:
        return g_strdup(model_state_name(slot));
    case DIMENSION_REPOSITORY:
    case DIMENSION_AUTHOR:
    case DIMENSION_REVIEWER:
        return g_strdup_printf("%" G_GINT64_FORMAT,
                               dictionary_id(dictionary_of(axis, columns), slot));
    case DIMENSION_PROJECT:
    case DIMENSION_ENVIRONMENT:
    case DIMENSION_TARGET_BRANCH: {
        const char *key = dictionary_key(dictionary_of(axis, columns), slot);
        return g_strdup(key != NULL ? key : "");
    }
    case DIMENSION_TEAM:
        return slot + 1 == axis->n
                   ? g_strdup("")
                   : g_strdup_printf("%" G_GINT64_FORMAT, teams_id(columns->teams, slot));
    default:
        return date_text(first_day_of_slot(axis, slot));
    }
}

char *axis_label(const Axis *axis, const MeasureColumns *columns, guint32 slot)
{
    switch (axis->dimension) {
    case DIMENSION_REPOSITORY:
    case DIMENSION_PROJECT:
    case DIMENSION_TARGET_BRANCH:
    case DIMENSION_ENVIRONMENT:
    case DIMENSION_AUTHOR:
    case DIMENSION_REVIEWER: {
        const char *name = dictionary_name(dictionary_of(axis, columns), slot);
        return g_strdup(name != NULL ? name : "(none)");
    }
    case DIMENSION_TEAM:
        return g_strdup(slot + 1 == axis->n ? "no team" : teams_name(columns->teams, slot));
    case DIMENSION_WEEK:
        return week_text(first_day_of_slot(axis, slot));
    case DIMENSION_MONTH: {
        char *text = date_text(first_day_of_slot(axis, slot));
        text[strlen("2026-03")] = '\0';
        return text;
    }
    default:
        return axis_key(axis, columns, slot);
    }
}
