#include "measure/pulls_order.h"

#include <string.h>

static const char *const ORDERS[PULLS_ORDERS] = {
    [PULLS_BY_OPENED] = "opened",
    [PULLS_BY_MERGED] = "merged",
    [PULLS_BY_ACTIVITY] = "activity",
    [PULLS_BY_WAITING] = "waiting",
    [PULLS_BY_CYCLE] = "cycle-time",
    [PULLS_BY_SIZE] = "size",
    [PULLS_BY_COMMENTS] = "review-comments",
    [PULLS_BY_ROUNDS] = "rounds",
};

const char *pulls_order_name(PullsOrder order)
{
    return order < PULLS_ORDERS ? ORDERS[order] : "unknown";
}

gboolean pulls_order_from_name(const char *name, PullsOrder *ret_order)
{
    for (guint i = 0; i < PULLS_ORDERS; i++)
        if (strcmp(ORDERS[i], name) == 0) {
            *ret_order = (PullsOrder) i;
            return TRUE;
        }
    return FALSE;
}

static gint compare_values(gint64 a, gint64 b)
{
    return (a > b) - (a < b);
}

gint pulls_place_compare(const PullsPlace *a, const PullsPlace *b, gboolean is_descending)
{
    if ((a->value == COUNT_ABSENT) != (b->value == COUNT_ABSENT))
        return a->value == COUNT_ABSENT ? 1 : -1;
    gint order = compare_values(a->value, b->value);
    if (order == 0)
        order = compare_values(a->repository_id, b->repository_id);
    if (order == 0)
        order = compare_values(a->number, b->number);
    return is_descending ? -order : order;
}

static gint compare(const PullsFirst *first, guint a, guint b)
{
    return pulls_place_compare(&g_array_index(first->kept, OrderedPull, a).place,
                               &g_array_index(first->kept, OrderedPull, b).place,
                               first->is_descending);
}

static void swap(PullsFirst *first, guint a, guint b)
{
    OrderedPull *pulls = (OrderedPull *) (void *) first->kept->data, kept = pulls[a];
    pulls[a] = pulls[b];
    pulls[b] = kept;
}

static void rise(PullsFirst *first, guint at)
{
    for (guint above; at > 0 && compare(first, at, above = (at - 1) / 2) > 0; at = above)
        swap(first, at, above);
}

static void sink(PullsFirst *first, guint at)
{
    for (;;) {
        guint later = at, left = 2 * at + 1, right = left + 1;
        if (left < first->kept->len && compare(first, left, later) > 0)
            later = left;
        if (right < first->kept->len && compare(first, right, later) > 0)
            later = right;
        if (later == at)
            return;
        swap(first, at, later);
        at = later;
    }
}

void pulls_first_init(PullsFirst *first, guint most, gboolean is_descending)
{
    *first = (PullsFirst){g_array_new(FALSE, FALSE, sizeof(OrderedPull)), most, is_descending};
}

void pulls_first_take(PullsFirst *first, const OrderedPull *pull)
{
    if (first->kept->len < first->most) {
        g_array_append_val(first->kept, *pull);
        rise(first, first->kept->len - 1);
        return;
    }
    OrderedPull *top = first->most == 0 ? NULL : &g_array_index(first->kept, OrderedPull, 0);
    if (top == NULL || pulls_place_compare(&pull->place, &top->place, first->is_descending) >= 0)
        return;
    *top = *pull;
    sink(first, 0);
}

static gint compare_ordered(gconstpointer a, gconstpointer b, gpointer user_data)
{
    return pulls_place_compare(&((const OrderedPull *) a)->place, &((const OrderedPull *) b)->place,
                               *(const gboolean *) user_data);
}

GArray *pulls_first_end(PullsFirst *first)
{
    g_array_sort_with_data(first->kept, compare_ordered, &first->is_descending);
    return g_steal_pointer(&first->kept);
}
