#include "sync/numbers.h"

static gint descending(gconstpointer a, gconstpointer b)
{
    gint64 left = *(const gint64 *) a, right = *(const gint64 *) b;
    return left > right ? -1 : left < right ? 1 : 0;
}

/* Where @number is, or where it would go. */
static gboolean find(const Numbers *numbers, gint64 number, guint *ret_index)
{
    guint low = 0, high = numbers->items->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        gint64 item = g_array_index(numbers->items, gint64, middle);
        if (item == number) {
            *ret_index = middle;
            return TRUE;
        }
        if (item > number)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_index = low;
    return FALSE;
}

void numbers_init(Numbers *numbers, const char *text)
{
    numbers->items = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", NUMBERS_MAXIMUM + 1);
    for (char **word = words; *word != NULL && numbers->items->len < NUMBERS_MAXIMUM; word++) {
        gint64 number;
        if (g_ascii_string_to_signed(*word, 10, 1, G_MAXINT64, &number, NULL))
            g_array_append_val(numbers->items, number);
    }
    g_array_sort(numbers->items, descending);
    numbers->changed = FALSE;
}

void numbers_clear(Numbers *numbers)
{
    g_clear_pointer(&numbers->items, g_array_unref);
}

gboolean numbers_has(const Numbers *numbers, gint64 number)
{
    guint index;
    return find(numbers, number, &index);
}

void numbers_add(Numbers *numbers, gint64 number)
{
    guint index;
    if (number < 1 || find(numbers, number, &index) || numbers->items->len >= NUMBERS_MAXIMUM)
        return;
    g_array_insert_val(numbers->items, index, number);
    numbers->changed = TRUE;
}

void numbers_remove(Numbers *numbers, gint64 number)
{
    guint index;
    if (!find(numbers, number, &index))
        return;
    g_array_remove_index(numbers->items, index);
    numbers->changed = TRUE;
}

char *numbers_format(const Numbers *numbers)
{
    if (numbers->items->len == 0)
        return NULL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < numbers->items->len; i++)
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                               g_array_index(numbers->items, gint64, i));
    return g_string_free(text, FALSE);
}
