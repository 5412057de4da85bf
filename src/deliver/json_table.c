#include "deliver/json_table.h"

#include "deliver/csv.h"

#include <string.h>

/* ---- what one field holds */

static void add_word(GString *words, const char *word)
{
    g_string_append_printf(words, "%s%s", words->len > 0 ? "; " : "", word);
}

static void add_words(GString *words, const json_t *value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    const json_t *item;
    gsize i;
    if (json_is_array(value))
        json_array_foreach(value, i, item) add_words(words, item);
    else if (json_is_string(value))
        add_word(words, json_string_value(value));
    else if (json_is_boolean(value))
        add_word(words, json_is_true(value) ? "yes" : "no");
    else if (json_is_number(value))
        add_word(words, g_ascii_dtostr(number, sizeof number, json_number_value(value)));
}

/* Every value that @path leads to is appended to @found (borrowed). */
static void follow(const json_t *from, const char *path, GPtrArray *found)
{
    const json_t *item;
    gsize i;
    if (json_is_array(from)) {
        json_array_foreach(from, i, item) follow(item, path, found);
        return;
    }
    const char *dot = strchrnul(path, '.');
    json_t *next = json_object_getn(from, path, (gsize) (dot - path));
    if (*dot == '\0' && next != NULL)
        g_ptr_array_add(found, next);
    else if (next != NULL)
        follow(next, dot + 1, found);
}

static void put_field(CsvWriter *csv, const json_t *item, const char *path)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    follow(item, path, found);
    const json_t *value = found->len == 1 ? found->pdata[0] : NULL;
    if (json_is_integer(value)) {
        csv_put_count(csv, json_integer_value(value));
    } else if (json_is_real(value)) {
        csv_put_number(csv, json_real_value(value));
    } else {
        g_autoptr(GString) words = g_string_new(NULL);
        for (guint i = 0; i < found->len; i++)
            add_words(words, found->pdata[i]);
        csv_put_text(csv, words->str);
    }
}

GString *json_table_csv(const json_t *items, const char *const *columns)
{
    CsvWriter csv = {.out = g_string_new(NULL)};
    const json_t *item;
    gsize i;
    for (const char *const *column = columns; *column != NULL; column++) {
        g_autofree char *heading = g_strdelimit(g_strdup(*column), ".", '_');
        csv_put_text(&csv, heading);
    }
    csv_end_row(&csv);
    json_array_foreach(items, i, item)
    {
        for (const char *const *column = columns; *column != NULL; column++)
            put_field(&csv, item, *column);
        csv_end_row(&csv);
    }
    return csv.out;
}
