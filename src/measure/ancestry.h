/*
 * ancestry: the commits of one repository as numbers from 0, each with its parents' numbers.
 * Built once, then read-only; commits that no history tells of may join it afterwards.
 */
#pragma once

#include "measure/dictionary.h"

typedef struct Ancestry Ancestry;

Ancestry *ancestry_new(void);
void ancestry_free(Ancestry *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ancestry, ancestry_free)

/* Full hashes, in ascending order; @parents separated by spaces. Both are copied. Parents that are
 * never added are passed over. */
void ancestry_add(Ancestry *graph, const char *hash, const char *parents);
/* After the last commit: finds the parents. */
void ancestry_end(Ancestry *graph);

/* The number of a commit by its hash or the beginning of it (12 digits or more). A commit that the
 * history lacks gets a number of its own, without parents, the same for every spelling of its hash.
 * NO_INDEX for NULL. After ancestry_end. */
guint32 ancestry_find(Ancestry *graph, const char *hash);
guint32 ancestry_count(const Ancestry *graph);
/* Whether the history has the commit, so that its ancestors are known. */
gboolean ancestry_has_history(const Ancestry *graph, guint32 commit);

/* Visits @from and its ancestors, each once, and goes no further where @enter says FALSE. Linear in
 * the commits that @enter lets through. */
typedef gboolean (*AncestryEnter)(guint32 commit, gpointer user_data);
void ancestry_walk(const Ancestry *graph, guint32 from, AncestryEnter enter, gpointer user_data);
