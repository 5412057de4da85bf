/*
 * pulls_order: the first rows of a list in its order, kept while the list goes by. Belongs to one
 * call.
 *
 * A heap whose top is the last of those kept: most rows of a long list are compared with it and
 * dropped.
 */
#pragma once

#include "measure/pulls.h"

typedef struct {
    PullsPlace place;
    guint32 row;
} OrderedPull;

typedef struct {
    GArray *kept; /* OrderedPull; a heap until pulls_first_end */
    guint most;
    gboolean is_descending;
} PullsFirst;

/* Negative: @a comes before @b. Rows without a value come last both ways. */
gint pulls_place_compare(const PullsPlace *a, const PullsPlace *b, gboolean is_descending);

void pulls_first_init(PullsFirst *first, guint most, gboolean is_descending);
void pulls_first_take(PullsFirst *first, const OrderedPull *pull);
/* In order; the caller's. */
GArray *pulls_first_end(PullsFirst *first);
