/* What a planned pull request changes. */
#include "company_plant.h"
#include "company_tree.h"
#include "company_words.h"

#define OLD           (28 * DAY) /* a file so old has lines old enough, company_contents.c takes them */
#define YOUNG         (15 * DAY)
#define NEW_SHARE     0.5
#define CONTEST_LEAST 30
#define CONTEST_MOST  60

typedef gboolean (*Suits)(const TreeFile *file, gint64 now);

static gboolean is_old(const TreeFile *file, gint64 now)
{
    return !file->is_reserved && file->born_at <= now - OLD;
}

static gboolean is_young(const TreeFile *file, gint64 now)
{
    return !file->is_reserved && file->born_at > now - YOUNG;
}

static gboolean is_peaceful(const TreeFile *file, gint64 now)
{
    return is_old(file, now) && file->users == 0 && file->lines >= CONTEST_LEAST &&
           file->lines <= CONTEST_MOST;
}

static gboolean is_chosen(const GArray *files, guint first, guint32 path_id)
{
    for (guint i = first; i < files->len; i++)
        if (g_array_index(files, CompanyFile, i).path_id == path_id)
            return TRUE;
    return FALSE;
}

/* One that suits, all alike; FALSE: none does. */
static gboolean pick(const Tree *tree, Chance *chance, const GArray *files, guint first,
                     Suits suits, gint64 now, guint32 *ret_path_id)
{
    guint n = tree->live->len, start = chance_below(chance, n);
    for (guint i = 0; i < n; i++) {
        guint32 id = g_array_index(tree->live, guint32, (start + i) % n);
        const TreeFile *file = &g_array_index(tree->files, TreeFile, id);
        if (file->is_generated || !suits(file, now) || is_chosen(files, first, id))
            continue;
        *ret_path_id = id;
        return TRUE;
    }
    return FALSE;
}

static TreeFile *add_new(Tree *tree, RepositoryPrivate *own, GArray *files, char *path, guint lines,
                         gint64 now)
{
    tree_add_new(tree, own, files, path, (gint32) MAX(lines, 1), FALSE);
    guint32 id = g_array_index(files, CompanyFile, files->len - 1).path_id;
    TreeFile *file = &g_array_index(tree->files, TreeFile, id);
    file->born_at = now;
    return file;
}

static void add_source(Tree *tree, RepositoryPrivate *own, const char *language, Chance *chance,
                       GArray *files, guint lines, gint64 now)
{
    add_new(tree, own, files, words_source_path(chance, language, own->paths->len), lines, now);
}

/* @lines in up to @most files that suit; what nothing suits goes into a new one. */
static void change_some(Tree *tree, RepositoryPrivate *own, const char *language, Chance *chance,
                        GArray *files, guint lines, guint most, Suits suits, gint64 now)
{
    guint first = files->len, n = CLAMP(lines / 25, 1, most);
    for (guint i = 0; i < n; i++) {
        guint32 id;
        if (!pick(tree, chance, files, first, suits, now, &id)) {
            add_source(tree, own, language, chance, files, lines * (n - i) / n, now);
            return;
        }
        tree_add_change(tree, own, files, id, (gint32) MAX(lines / n, 2), 0.5);
    }
}

static void change_folder(Tree *tree, RepositoryPrivate *own, GArray *files,
                          const PlannedPull *planned, const char *folder, gint64 now)
{
    char *path = g_strdup_printf("%s/part_%" G_GINT64_FORMAT ".txt", folder, planned->number);
    add_new(tree, own, files, path, planned->lines, now)->is_reserved = TRUE;
}

/* Without holding them: this one is never merged. */
static void contest(Tree *tree, RepositoryPrivate *own, Chance *chance, GArray *files,
                    const PlannedPull *planned, gint64 now)
{
    guint32 id;
    if (!pick(tree, chance, files, files->len, is_peaceful, now, &id))
        g_error("no file of %d to %d lines to disagree about", CONTEST_LEAST, CONTEST_MOST);
    TreeFile *place = &g_array_index(tree->files, TreeFile, id);
    place->is_reserved = TRUE;
    own->contested[planned->contest] = id;
    CompanyFile file = {.path = g_ptr_array_index(own->paths, id),
                        .lines_added = (gint32) planned->lines - place->lines,
                        .lines_removed = place->lines,
                        .path_id = id,
                        .is_contested = TRUE};
    g_array_append_val(files, file);
}

void tree_choose_planned(Tree *tree, RepositoryPrivate *own, const CompanyPlan *plan,
                         const char *language, Chance *chance, GArray *files,
                         const PlannedPull *planned)
{
    gint64 now = planned->at - planned->coding;
    guint rest = planned->lines;
    switch (planned->files) {
    case FILES_OWN:
        add_source(tree, own, language, chance, files, rest, now);
        break;
    case FILES_FOLDER:
        change_folder(tree, own, files, planned, plan->repositories[planned->repository].folder,
                      now);
        break;
    case FILES_CONTESTED:
        contest(tree, own, chance, files, planned, now);
        break;
    case FILES_CONTESTING:
        tree_add_change(tree, own, files, own->contested[planned->contest], (gint32) rest, 0.5);
        break;
    case FILES_ORDINARY:
    case FILES_YOUNG:
        if (chance_hit(chance, NEW_SHARE)) {
            add_source(tree, own, language, chance, files, rest * 3 / 5, now);
            rest -= rest * 3 / 5;
        }
        change_some(tree, own, language, chance, files, rest, 4,
                    planned->files == FILES_YOUNG ? is_young : is_old, now);
        break;
    }
}

/* The repository as it was taken over: many files, for lines to be replaced. */
void tree_choose_planned_first(Tree *tree, RepositoryPrivate *own, const char *language,
                               Chance *chance, GArray *files)
{
    tree_add_new(tree, own, files, g_strdup("package.json"), 40, FALSE);
    tree_add_new(tree, own, files, g_strdup("package-lock.json"), 220, TRUE);
    for (guint i = 0; i < 180; i++)
        tree_add_new(tree, own, files, words_source_path(chance, language, own->paths->len),
                     35 + (gint32) chance_below(chance, 60), FALSE);
}

void tree_choose_planned_direct(Tree *tree, RepositoryPrivate *own, Chance *chance, GArray *files,
                                gint64 now)
{
    guint32 id;
    if (pick(tree, chance, files, files->len, is_old, now, &id))
        tree_add_change(tree, own, files, id, 6, 0.5);
}
