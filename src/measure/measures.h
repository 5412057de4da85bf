/*
 * measures: where each measure's value and instant lie in the columns. The table is in measures.c.
 */
#pragma once

#include "measure/rows.h"
#include "measure/survival.h"

typedef enum {
    ANCHOR_OPENED,
    ANCHOR_MERGED,
    ANCHOR_DECLINED,
    ANCHOR_FIRST_REVIEW,
    ANCHOR_FIRST_BOT_REVIEW,
    ANCHOR_NOW,
    ANCHOR_RESPONDED,
    ANCHOR_AUTHORED,
    ANCHOR_RELEASED,
    ANCHOR_DEPLOYED,
    ANCHOR_JUDGED,
    ANCHOR_RESTORED,
    ANCHOR_LANDED,
    ANCHOR_COUNT
} Anchor;

typedef enum {
    SOURCE_PHASE,  /* @index: a Phase */
    SOURCE_COUNT,  /* @index: a PullCount */
    SOURCE_DEPTH,  /* review comments per 100 changed lines */
    SOURCE_FLAG,   /* @index: a bit; @needs: bits without which there is no value */
    SOURCE_ONE,    /* every row counts one; @needs as above */
    SOURCE_PEOPLE, /* how many different people; @needs as above */
    SOURCE_AGE,
    SOURCE_TURNAROUND,
    SOURCE_COMMIT_LINES,
    SOURCE_COMMIT_FILES,
    SOURCE_SPELL, /* how long from the opening until it ended, or so far */
    SOURCE_DAYS,  /* on how many different days */
    SOURCE_RECOVERY,
    SOURCE_REWORK, /* share of a change's lines; weighs as many as they are */
} Source;

typedef struct {
    MeasureInfo info;
    Anchor anchor;
    Source source;
    guint index, needs;
} Measure;

/* @info is one of measure_list's. */
const Measure *measure_of(const MeasureInfo *info);

/* Values of the block's rows in the measure's unit, NAN where absent. */
void measure_fill_values(const Measure *measure, const MeasureColumns *columns,
                         const RowBlock *block, UtcTime now, gboolean working_time,
                         double *ret_values);
/* What each row of SOURCE_REWORK weighs in a share: its changed lines. */
void measure_fill_weights(const MeasureColumns *columns, RowBlock *block);
/* How the spells of SOURCE_SPELL end, as SpellEnd; what happens after @now has not happened. */
void measure_fill_ends(const MeasureColumns *columns, RowBlock *block, UtcTime now);
