/*
 * query: the parts of measure_query. All of it belongs to one call.
 */
#pragma once

#include "measure/axis.h"
#include "measure/groups.h"
#include "measure/tally.h"

gboolean query_check(const MeasureQuery *query, GError **error);

typedef struct {
    const MeasureColumns *columns;
    const MeasureQuery *query;
    Axis axes[2];
    Groups groups;
    Tally *tallies; /* one per measure and clock asked for, however many statistics */
    gsize n_tallies;
    gsize *tally_of_ask;
} QueryRun;

/* ---- passes over rows (query_pass.c) */

/* One pass over the rows of an anchor, for all tallies that have it. */
void query_pass(QueryRun *run, Anchor anchor);

/* ---- the table (query_table.c) */
MeasureTable *query_make_table(QueryRun *run);
