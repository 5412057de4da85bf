/*
 * column_set: arrays that grow and are put in order together, whatever their types. Inside the
 * measure room; the arrays belong to whoever lists them.
 */
#pragma once

#include <glib.h>

#define MAX_COLUMNS 128 /* of all kinds of row together */

typedef struct {
    void *array; /* where the pointer to the first element is kept, whatever its type */
    gsize size;  /* of an element */
} Column;

typedef struct {
    Column columns[MAX_COLUMNS];
    gsize n_columns, capacity;
} ColumnSet;

void column_set_add(ColumnSet *set, void *array, gsize size);
#define COLUMN_SET_ADD(set, field) column_set_add((set), &(field), sizeof *(field))

/* Room for @rows elements in each. */
void column_set_reserve(ColumnSet *set, gsize rows);
/* Puts every array into the order that @order names, at its exact length. */
void column_set_arrange(ColumnSet *set, const guint32 *order, gsize n);
void column_set_free_arrays(ColumnSet *set);
