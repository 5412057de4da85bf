#include "measure/column_set.h"

#include <string.h>

void column_set_add(ColumnSet *set, void *array, gsize size)
{
    g_assert(set->n_columns < MAX_COLUMNS);
    set->columns[set->n_columns++] = (Column){.array = array, .size = size};
}
static void *column_get(const Column *column)
{
    void *elements;
    memcpy(&elements, column->array, sizeof elements);
    return elements;
}

static void column_set(const Column *column, void *elements)
{
    memcpy(column->array, &elements, sizeof elements);
}

void column_set_reserve(ColumnSet *set, gsize rows)
{
    if (rows <= set->capacity)
        return;
    set->capacity = MAX(1024, set->capacity * 2);
    for (gsize i = 0; i < set->n_columns; i++)
        column_set(&set->columns[i],
                   g_realloc_n(column_get(&set->columns[i]), set->capacity, set->columns[i].size));
}

void column_set_arrange(ColumnSet *set, const guint32 *order, gsize n)
{
    for (gsize i = 0; i < set->n_columns; i++) {
        gsize size = set->columns[i].size;
        guint8 *old = column_get(&set->columns[i]);
        guint8 *arranged = g_malloc_n(MAX(n, 1), size);
        for (gsize row = 0; row < n; row++)
            memcpy(arranged + row * size, old + order[row] * size, size);
        g_free(old);
        column_set(&set->columns[i], arranged);
    }
}

void column_set_free_arrays(ColumnSet *set)
{
    for (gsize i = 0; i < set->n_columns; i++)
        g_free(column_get(&set->columns[i]));
}
