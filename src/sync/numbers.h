/*
 * A set of pull request numbers that still owe something, kept as the position of a cursor so that
 * it changes in the same transaction as the rows that filled or emptied it. Newest (largest) first.
 * Pure; one thread at a time.
 */
#pragma once

#include <glib.h>

/* More than this are not kept: what falls out is found again by the next full reading. */
#define NUMBERS_MAXIMUM 100000

typedef struct {
    GArray *items;    /* gint64, descending */
    gboolean changed; /* since parsing or numbers_format */
} Numbers;

/* Reads "57 12 3"; anything else in @text (may be NULL) is left out. */
void numbers_init(Numbers *numbers, const char *text);
void numbers_clear(Numbers *numbers);
gboolean numbers_has(const Numbers *numbers, gint64 number);
void numbers_add(Numbers *numbers, gint64 number);
void numbers_remove(Numbers *numbers, gint64 number);
/* NULL when empty. Free with g_free. */
char *numbers_format(const Numbers *numbers);
