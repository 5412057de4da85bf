#include "page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void table_free(gpointer data)
{
    PageTable *table = data;
    g_free(table->heading);
    g_strfreev(table->columns);
    g_ptr_array_unref(table->rows);
    g_free(table);
}

static char **read_cells(const char *line)
{
    g_autofree char *inner = g_strndup(line + 1, strlen(line) - 2);
    char **cells = g_strsplit(inner, "|", 0);
    for (gsize i = 0; cells[i] != NULL; i++)
        g_strstrip(cells[i]);
    return cells;
}

GPtrArray *page_read_tables(const char *path)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        fail_msg("cannot read %s", path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    g_autofree char *heading = g_strdup("");
    GPtrArray *tables = g_ptr_array_new_with_free_func(table_free);
    PageTable *table = NULL;
    for (gsize i = 0; lines[i] != NULL; i++) {
        const char *line = lines[i];
        if (line[0] == '#') {
            g_free(heading);
            heading = g_strdup(g_strstrip(lines[i] + strspn(line, "#")));
        }
        if (line[0] != '|') {
            table = NULL;
        } else if (table == NULL) {
            table = g_new0(PageTable, 1);
            table->heading = g_strdup(heading);
            table->columns = read_cells(line);
            table->rows = g_ptr_array_new_with_free_func((GDestroyNotify) g_strfreev);
            g_ptr_array_add(tables, table);
            i++; /* the line of dashes */
        } else {
            char **cells = read_cells(line);
            if (g_strv_length(cells) != g_strv_length(table->columns))
                fail_msg("%s, line %zu: not as many cells as columns", path, i + 1);
            g_ptr_array_add(table->rows, cells);
        }
    }
    return tables;
}

gboolean page_has_column(const PageTable *table, const char *column)
{
    return g_strv_contains((const char *const *) table->columns, column);
}

const char *page_cell(const PageTable *table, guint row, const char *column)
{
    char **cells = g_ptr_array_index(table->rows, row);
    for (gsize i = 0; table->columns[i] != NULL; i++)
        if (strcmp(table->columns[i], column) == 0)
            return cells[i];
    return "";
}
