/*
 * tree: how many lines each file of a long-lived branch has, and which of them are spoken for.
 *
 * A line that an open pull request removes is held from the moment it branched until it ends, so
 * that no two ever remove the same line and every difference comes out as announced, whatever the
 * order of the merges. Which lines those are is decided later, in company_contents.c, in the same
 * order; here it is enough to count.
 */
#pragma once

#include "company_plant.h"

typedef struct {
    gint32 lines, held;
    guint32 users; /* open pull requests that touch it */
    guint8 exists, is_generated, is_going;
    guint8 is_reserved; /* planned: not for ordinary changes */
    gint64 born_at;     /* planned: when a branch first had it; 0: from the beginning */
} TreeFile;

typedef struct {
    GArray *files; /* TreeFile by path_id */
    GArray *live;  /* guint32: path_ids that exist */
    gint32 tip;
} Tree;

void tree_init(Tree *tree);
void tree_copy(Tree *copy, const Tree *tree);
void tree_clear(Tree *tree);

/* Chooses what a pull request or a direct commit changes and holds it; appends to @files. */
void tree_choose_first(Tree *tree, RepositoryPrivate *own, const char *language, Chance *chance,
                       GArray *files);
void tree_choose_human(Tree *tree, RepositoryPrivate *own, const char *language, Chance *chance,
                       GArray *files);
void tree_choose_update(Tree *tree, Chance *chance, RepositoryPrivate *own, GArray *files);
void tree_choose_direct(Tree *tree, RepositoryPrivate *own, Chance *chance, GArray *files);

/* One file of a change: a new one (takes over @path), or @amount lines of an old one. */
void tree_add_new(Tree *tree, RepositoryPrivate *own, GArray *files, char *path, gint32 lines,
                  gboolean is_generated);
void tree_add_change(Tree *tree, const RepositoryPrivate *own, GArray *files, guint32 path_id,
                     gint32 amount, double removed_share);

/* company_plant_files.c: the same in a company with pathologies. */
void tree_choose_planned_first(Tree *tree, RepositoryPrivate *own, const char *language,
                               Chance *chance, GArray *files);
void tree_choose_planned(Tree *tree, RepositoryPrivate *own, const CompanyPlan *plan,
                         const char *language, Chance *chance, GArray *files,
                         const PlannedPull *planned);
void tree_choose_planned_direct(Tree *tree, RepositoryPrivate *own, Chance *chance, GArray *files,
                                gint64 now);

/* The change arrives in the tree, or it never will; what was held is free in either case. */
void tree_apply(Tree *tree, const CompanyFile *files, guint n);
void tree_release(Tree *tree, const CompanyFile *files, guint n);
