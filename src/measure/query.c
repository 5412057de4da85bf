#include "measure/query.h"

void query_find_tallies(QueryRun *run)
{
    const MeasureQuery *query = run->query;
    run->tallies = g_new0(Tally, query->n_asks);
    run->tally_of_ask = g_new0(gsize, query->n_asks);
    for (gsize ask = 0; ask < query->n_asks; ask++) {
        const Measure *measure = measure_of(query->asks[ask].measure);
        gboolean working_time = query->asks[ask].working_time != 0;
        gsize i = 0;
        while (i < run->n_tallies &&
               (run->tallies[i].measure != measure || run->tallies[i].working_time != working_time))
            i++;
        if (i == run->n_tallies)
            tally_init(&run->tallies[run->n_tallies++], measure, working_time);
        tally_expect(&run->tallies[i], query->asks[ask].statistic);
        run->tally_of_ask[ask] = i;
    }
}

void query_clear(QueryRun *run)
{
    for (gsize i = 0; i < run->n_tallies; i++)
        tally_clear(&run->tallies[i]);
    g_free(run->tallies);
    g_free(run->tally_of_ask);
    privacy_clear(&run->privacy);
    groups_clear(&run->groups);
    axis_clear(&run->axes[0]);
    axis_clear(&run->axes[1]);
    axis_clear(&run->days);
}

/* What the range can hold: its bounds, but nothing outside what there is. */
static void find_range(const QueryRun *run, UtcTime *ret_first, UtcTime *ret_last)
{
    UtcTime first = run->columns->first, last = run->columns->last;
    if (run->query->now != TIME_ABSENT)
        last = MAX(last, run->query->now);
    if (run->query->from != TIME_ABSENT)
        first = MAX(first, run->query->from);
    if (run->query->until != TIME_ABSENT)
        last = MIN(last, run->query->until - 1);
    *ret_first = first;
    *ret_last = MAX(first, last);
}

static gboolean init_axes(QueryRun *run, UtcTime first, UtcTime last, GError **error)
{
    const MeasureQuery *query = run->query;
    gboolean counts_days = FALSE;
    for (gsize i = 0; i < query->n_asks; i++)
        counts_days = counts_days || measure_of(query->asks[i].measure)->source == SOURCE_DAYS;
    for (guint i = 0; i < G_N_ELEMENTS(run->axes); i++)
        if (!axis_init(&run->axes[i], query->by[i], run->columns, query->time_zone, first, last,
                       error))
            return FALSE;
    return !counts_days ||
           axis_init(&run->days, DIMENSION_DAY, run->columns, query->time_zone, first, last, error);
}

/* A series over time has its empty days too; without a bound it begins and ends with its rows. */
static void fill_time(QueryRun *run, UtcTime first, UtcTime last)
{
    guint32 n = groups_count(&run->groups), low = G_MAXUINT32, high = 0;
    for (guint32 group = 0; group < n; group++) {
        low = MIN(low, groups_slot(&run->groups, group, 0));
        high = MAX(high, groups_slot(&run->groups, group, 0));
    }
    if (run->query->from != TIME_ABSENT)
        low = MIN(low, axis_slot_of_time(&run->axes[0], first));
    if (run->query->until != TIME_ABSENT)
        high = MAX(high, axis_slot_of_time(&run->axes[0], last));
    for (guint32 slot = low; slot <= high && slot < run->axes[0].n; slot++)
        groups_number(&run->groups, slot, 0);
}

MeasureTable *measure_query(const MeasureColumns *columns, const MeasureQuery *query,
                            GError **error)
{
    if (!query_check(query, error))
        return NULL;
    QueryRun run = {.columns = columns, .query = query};
    MeasureTable *table = NULL;
    UtcTime first, last;
    gboolean is_empty = columns->first == TIME_ABSENT;
    find_range(&run, &first, &last);
    if (is_empty)
        first = last = 0;
    if (init_axes(&run, first, last, error)) {
        groups_init(&run.groups, run.axes[0].n, run.axes[1].n);
        privacy_init(&run.privacy, columns, query, run.axes);
        query_find_tallies(&run);
        if (query->by[0] == DIMENSION_NONE)
            groups_number(&run.groups, 0, 0);
        for (Anchor anchor = 0; anchor < ANCHOR_COUNT; anchor++)
            query_pass(&run, anchor);
        if (axis_is_time(&run.axes[0]) && query->by[1] == DIMENSION_NONE && !is_empty)
            fill_time(&run, first, last);
        for (gsize i = 0; i < run.n_tallies; i++)
            tally_end(&run.tallies[i], groups_count(&run.groups),
                      MAX(columns->people.names->len, run.days.n));
        table = query_make_table(&run);
        query_mark_unknown_deliveries(columns, query, table);
        query_mark_unknown_history(columns, query, table);
    }
    query_clear(&run);
    return table;
}
