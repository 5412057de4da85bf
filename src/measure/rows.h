/*
 * rows: a block of rows on their way through a query. Each step loops over the whole block, so that
 * what differs from measure to measure is decided once per block, not once per row.
 */
#pragma once

#include "measure/columns.h"

#define ROWS_PER_BLOCK 1024

typedef struct {
    gsize n;
    guint32 row[ROWS_PER_BLOCK]; /* in the columns of the measure's subject */
    UtcTime at[ROWS_PER_BLOCK];  /* the anchor */
    guint32 pull[ROWS_PER_BLOCK], repository[ROWS_PER_BLOCK]; /* pull: not of commits */
    guint32 author[ROWS_PER_BLOCK], reviewer[ROWS_PER_BLOCK]; /* reviewer: where one is known */
    guint32 person[ROWS_PER_BLOCK]; /* whose row it is; of deployments its day, where days are
                                       counted */
    guint8 is_left_out[ROWS_PER_BLOCK];
    guint32 slot[2][ROWS_PER_BLOCK], group[ROWS_PER_BLOCK];
    double value[ROWS_PER_BLOCK], weight[ROWS_PER_BLOCK]; /* weight: of rework only */
    guint8 end[ROWS_PER_BLOCK];                           /* SpellEnd, where the value is a spell */
} RowBlock;
