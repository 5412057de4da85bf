#include "measure/groups.h"

#define MAX_DIRECT ((guint64) 4 << 20)

void groups_init(Groups *groups, guint32 n_first, guint32 n_second)
{
    *groups = (Groups){.n_first = n_first, .n_second = MAX(n_second, 1)};
    groups->pairs = g_array_new(FALSE, FALSE, sizeof(guint64));
    guint64 n = groups->n_first * groups->n_second;
    if (n <= MAX_DIRECT)
        groups->direct = g_new0(guint32, n);
    else
        groups->hashed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

void groups_clear(Groups *groups)
{
    g_clear_pointer(&groups->direct, g_free);
    g_clear_pointer(&groups->hashed, g_hash_table_unref);
    g_clear_pointer(&groups->pairs, g_array_unref);
}

static guint32 append(Groups *groups, guint64 pair)
{
    g_array_append_val(groups->pairs, pair);
    return groups->pairs->len - 1;
}

guint32 groups_number(Groups *groups, guint32 first, guint32 second)
{
    guint64 pair = first * groups->n_second + second;
    if (groups->direct != NULL) {
        if (groups->direct[pair] == 0)
            groups->direct[pair] = append(groups, pair) + 1;
        return groups->direct[pair] - 1;
    }
    gpointer known = g_hash_table_lookup(groups->hashed, &pair);
    if (known != NULL)
        return GPOINTER_TO_UINT(known) - 1;
    guint64 *key = g_new(guint64, 1);
    *key = pair;
    guint32 number = append(groups, pair);
    g_hash_table_insert(groups->hashed, key, GUINT_TO_POINTER(number + 1));
    return number;
}

void groups_fill_numbers(Groups *groups, const guint32 *first, const guint32 *second, gsize n,
                         guint32 *ret_numbers)
{
    for (gsize i = 0; i < n; i++) {
        guint32 known =
            groups->direct == NULL ? 0 : groups->direct[first[i] * groups->n_second + second[i]];
        ret_numbers[i] = known != 0 ? known - 1 : groups_number(groups, first[i], second[i]);
    }
}

guint32 groups_count(const Groups *groups)
{
    return groups->pairs->len;
}

guint32 groups_slot(const Groups *groups, guint32 number, guint axis)
{
    guint64 pair = g_array_index(groups->pairs, guint64, number);
    return (guint32) (axis == 0 ? pair / groups->n_second : pair % groups->n_second);
}
