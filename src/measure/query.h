/*
 * query: the parts of measure_query. All of it belongs to one call.
 */
#pragma once

#include "measure/axis.h"
#include "measure/groups.h"
#include "measure/privacy.h"
#include "measure/tally.h"

gboolean query_check(const MeasureQuery *query, GError **error);

typedef struct SeriesRows SeriesRows;

typedef struct {
    const MeasureColumns *columns;
    const MeasureQuery *query;
    Axis axes[2];
    Groups groups;
    Privacy privacy;
    Tally *tallies; /* one per measure and clock asked for, however many statistics */
    gsize n_tallies;
    gsize *tally_of_ask;
    SeriesRows *series; /* rows go there instead of to the tallies; NULL: they do not */
    Axis days;          /* for counting different days; no slots when nothing asks for it */
} QueryRun;

/* Fills tallies and tally_of_ask. */
void query_find_tallies(QueryRun *run);
void query_clear(QueryRun *run);

/* ---- passes over rows (query_pass.c) */

/* One pass over the rows of an anchor, for all tallies that have it. */
void query_pass(QueryRun *run, Anchor anchor);

/* ---- the table (query_table.c) */
MeasureTable *query_make_table(QueryRun *run);

/* ---- the rows themselves (series.c) */
void series_take(QueryRun *run, RowBlock *block);

/* ---- deliveries of which nothing is known (query_delivery.c) */

/* Makes sums over nothing absent where nothing can be known, and says so in the table's note. */
void query_mark_unknown_deliveries(const MeasureColumns *columns, const MeasureQuery *query,
                                   MeasureTable *table);

/* ---- lines of which nothing is known (query_history.c) */

/* Says in the table's note where the main branch was not read. */
void query_mark_unknown_history(const MeasureColumns *columns, const MeasureQuery *query,
                                MeasureTable *table);
