/*
 * groups: pairs of slots numbered in order of appearance. Belongs to one query.
 */
#pragma once

#include <glib.h>

typedef struct {
    guint64 n_first, n_second;
    guint32 *direct;    /* pair -> number + 1, where that many have room */
    GHashTable *hashed; /* otherwise */
    GArray *pairs;      /* guint64 per number */
} Groups;

void groups_init(Groups *groups, guint32 n_first, guint32 n_second);
void groups_clear(Groups *groups);
guint32 groups_number(Groups *groups, guint32 first, guint32 second);
/* The same for many pairs. */
void groups_fill_numbers(Groups *groups, const guint32 *first, const guint32 *second, gsize n,
                         guint32 *ret_numbers);
guint32 groups_count(const Groups *groups);
guint32 groups_slot(const Groups *groups, guint32 number, guint axis); /* axis 0 or 1 */
