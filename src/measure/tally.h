/*
 * tally: values of one measure, collected by group while a query passes over rows, and the
 * statistics of each group afterwards. Belongs to one query.
 */
#pragma once

#include "measure/measures.h"

typedef struct {
    gint64 n, excluded, absent;
    gint64 open, otherwise; /* of spells */
    double sum, min, max;
    double weighted, weight; /* of rework: value x weight, weight */
} TallyCell;

typedef struct {
    const Measure *measure;
    gboolean working_time;
    gboolean keeps_values, keeps_people; /* what the statistics asked for need */
    GArray *cells;                       /* TallyCell per group */
    GArray *values;                      /* TallyValue; after tally_end double, by group */
    GArray *people;                      /* TallyPerson */
    GArray *spells;                      /* TallySpell; after tally_end Spell, by group */
    gsize *starts;                       /* after tally_end: values, spells of group i from here */
} Tally;

typedef struct {
    guint32 group;
    double value;
} TallyValue;

typedef struct {
    guint32 group, person;
    double value;
} TallyPerson;

typedef struct {
    guint32 group;
    Spell spell;
} TallySpell;

void tally_init(Tally *tally, const Measure *measure, gboolean working_time);
void tally_clear(Tally *tally);
/* Says before the pass that @statistic will be asked. */
void tally_expect(Tally *tally, Statistic statistic);

/* Takes the block's values by its groups; rows that are left out are only counted. */
void tally_add(Tally *tally, const RowBlock *block, guint32 n_groups);

/* Sorts by group; @n_groups and @n_people in all. */
void tally_end(Tally *tally, guint32 n_groups, guint32 n_people);
/* After tally_end. */
double tally_statistic(Tally *tally, guint32 group, Statistic statistic);
/* The same with its band, of spells. */
IncidenceQuantile tally_estimate(Tally *tally, guint32 group, Statistic statistic);
const TallyCell *tally_cell(const Tally *tally, guint32 group);
