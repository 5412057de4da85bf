/*
 * The tables of a Markdown page.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *heading; /* the nearest one above, without its marks */
    char **columns;
    GPtrArray *rows; /* char ** of as many cells as there are columns */
} PageTable;

/* All tables of the file, in order; fails the test when it cannot be read. */
GPtrArray *page_read_tables(const char *path);
/* The cell under the column; "" when the table has no such column. */
const char *page_cell(const PageTable *table, guint row, const char *column);
gboolean page_has_column(const PageTable *table, const char *column);
