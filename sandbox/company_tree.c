#include "company_tree.h"

#include "company_words.h"

#define LINES_KEPT    5   /* no file ever becomes shorter by a change to it */
#define LINES_MANY    110 /* a file this long no longer grows by itself */
#define PATH_MANIFEST 0   /* path_ids that every repository has */
#define PATH_LOCK     1

void tree_init(Tree *tree)
{
    tree->files = g_array_new(FALSE, TRUE, sizeof(TreeFile));
    tree->live = g_array_new(FALSE, FALSE, sizeof(guint32));
    tree->tip = -1;
}

void tree_copy(Tree *copy, const Tree *tree)
{
    copy->files = g_array_copy(tree->files);
    copy->live = g_array_copy(tree->live);
    copy->tip = tree->tip;
    for (guint i = 0; i < copy->files->len; i++) {
        TreeFile *file = &g_array_index(copy->files, TreeFile, i);
        file->held = 0;
        file->users = 0;
        file->is_going = FALSE;
    }
}

void tree_clear(Tree *tree)
{
    g_clear_pointer(&tree->files, g_array_unref);
    g_clear_pointer(&tree->live, g_array_unref);
}

static TreeFile *file_of(Tree *tree, guint32 path_id)
{
    if (path_id >= tree->files->len)
        g_array_set_size(tree->files, path_id + 1);
    return &g_array_index(tree->files, TreeFile, path_id);
}

void tree_add_new(Tree *tree, RepositoryPrivate *own, GArray *files, char *path, gint32 lines,
                  gboolean is_generated)
{
    CompanyFile file = {.path = g_string_chunk_insert(own->text, path),
                        .lines_added = lines,
                        .path_id = own->paths->len,
                        .is_new = TRUE,
                        .is_generated = is_generated != 0};
    g_free(path);
    g_ptr_array_add(own->paths, (gpointer) file.path);
    TreeFile *place = file_of(tree, file.path_id);
    place->users++;
    place->is_generated = is_generated != 0;
    g_array_append_val(files, file);
}

/* @amount lines of change; @keeps_length: as many out as in. */
void tree_add_change(Tree *tree, const RepositoryPrivate *own, GArray *files, guint32 path_id,
                     gint32 amount, double removed_share)
{
    TreeFile *place = file_of(tree, path_id);
    gint32 free_lines = MAX(place->lines - place->held - LINES_KEPT, 0);
    if (place->lines > LINES_MANY && removed_share < 0.5)
        removed_share = 0.55;
    gint32 removed = (gint32) ((double) amount * removed_share);
    removed = MIN(removed, free_lines);
    gint32 added = amount - removed;
    if (place->lines > 2 * LINES_MANY && added > removed)
        added = removed;
    CompanyFile file = {.path = g_ptr_array_index(own->paths, path_id),
                        .lines_added = added + removed > 0 ? added : 1,
                        .lines_removed = removed,
                        .path_id = path_id,
                        .is_generated = place->is_generated};
    place->held += removed;
    place->users++;
    g_array_append_val(files, file);
}

static gboolean is_chosen(const GArray *files, guint first, guint32 path_id)
{
    for (guint i = first; i < files->len; i++)
        if (g_array_index(files, CompanyFile, i).path_id == path_id)
            return TRUE;
    return FALSE;
}

/* A file near the @place-th, not chosen yet and not about to vanish. */
static gboolean pick_live(Tree *tree, const GArray *files, guint first, guint place,
                          guint32 *ret_path_id)
{
    for (guint attempt = 0; attempt < 24; attempt++) {
        guint32 id = g_array_index(tree->live, guint32, (place + attempt) % tree->live->len);
        if (file_of(tree, id)->is_going || id == PATH_LOCK || is_chosen(files, first, id))
            continue;
        *ret_path_id = id;
        return TRUE;
    }
    return FALSE;
}

static void add_removal(Tree *tree, const RepositoryPrivate *own, GArray *files, guint32 path_id)
{
    TreeFile *place = file_of(tree, path_id);
    CompanyFile file = {.path = g_ptr_array_index(own->paths, path_id),
                        .lines_removed = place->lines,
                        .path_id = path_id,
                        .is_removed = TRUE,
                        .is_generated = place->is_generated};
    place->held = place->lines;
    place->users = 1;
    place->is_going = TRUE;
    g_array_append_val(files, file);
}

void tree_choose_first(Tree *tree, RepositoryPrivate *own, const char *language, Chance *chance,
                       GArray *files)
{
    guint n = 30 + chance_below(chance, 40);
    tree_add_new(tree, own, files, g_strdup("package.json"), 40, FALSE);
    tree_add_new(tree, own, files, g_strdup("package-lock.json"), 220, TRUE);
    for (guint i = 0; i < n; i++) {
        gint32 lines = 15 + (gint32) chance_log_normal(chance, 45, 0.6);
        tree_add_new(tree, own, files, words_source_path(chance, language, own->paths->len), lines,
                     FALSE);
    }
    for (guint i = 0; i < 3; i++)
        tree_add_new(tree, own, files, words_vendored_path(chance, own->paths->len), 120, TRUE);
}

static void add_generated(Tree *tree, RepositoryPrivate *own, Chance *chance, GArray *files)
{
    if (chance_hit(chance, 0.08)) {
        gint32 amount = 2 + (gint32) MIN(chance_log_normal(chance, 90, 1), 1500);
        tree_add_change(tree, own, files, PATH_LOCK, amount, 0.45 + 0.1 * chance_unit(chance));
    }
    if (chance_hit(chance, 0.03)) {
        guint n = 1 + chance_run(chance, 0.5, 6);
        for (guint i = 0; i < n; i++) {
            gint32 lines = 3 + (gint32) MIN(chance_log_normal(chance, 110, 0.8), 1200);
            tree_add_new(tree, own, files, words_vendored_path(chance, own->paths->len), lines,
                         TRUE);
        }
    }
}

void tree_choose_human(Tree *tree, RepositoryPrivate *own, const char *language, Chance *chance,
                       GArray *files)
{
    guint first = files->len;
    gint32 total = 1 + (gint32) MIN(chance_log_normal(chance, own->size_median, 1.35), 6000);
    guint n = 1;
    while (n < 60 && (gint32) n * 24 < total && chance_hit(chance, 0.82))
        n++;
    guint place = chance_skewed(chance, tree->live->len, 2);
    for (guint i = 0; i < n; i++) {
        double part = 0.4 + 1.2 * chance_unit(chance);
        gint32 amount = 1 + (gint32) MIN(total * part / n, 900);
        guint32 path_id;
        gboolean is_new = chance_hit(chance, amount > 8 ? 0.13 : 0.02);
        if (is_new || !pick_live(tree, files, first, place, &path_id)) {
            tree_add_new(tree, own, files, words_source_path(chance, language, own->paths->len),
                         amount + 2, FALSE);
            continue;
        }
        place += 1 + chance_below(chance, 4);
        if (i > 0 && tree->live->len > 30 && chance_hit(chance, 0.02) &&
            file_of(tree, path_id)->users == 0 && path_id > PATH_LOCK)
            add_removal(tree, own, files, path_id);
        else
            tree_add_change(tree, own, files, path_id, amount, 0.1 + 0.6 * chance_unit(chance));
    }
    add_generated(tree, own, chance, files);
}

void tree_choose_update(Tree *tree, Chance *chance, RepositoryPrivate *own, GArray *files)
{
    tree_add_change(tree, own, files, PATH_MANIFEST, 2, 0.5);
    tree_add_change(tree, own, files, PATH_LOCK, 6 + (gint32) chance_log_normal(chance, 14, 1),
                    0.5);
}

void tree_choose_direct(Tree *tree, RepositoryPrivate *own, Chance *chance, GArray *files)
{
    guint32 path_id;
    if (pick_live(tree, files, files->len, chance_below(chance, tree->live->len), &path_id))
        tree_add_change(tree, own, files, path_id, 1 + (gint32) chance_below(chance, 12), 0.4);
}

static void forget_live(Tree *tree, guint32 path_id)
{
    for (guint i = 0; i < tree->live->len; i++)
        if (g_array_index(tree->live, guint32, i) == path_id) {
            g_array_remove_index(tree->live, i);
            return;
        }
}

void tree_apply(Tree *tree, const CompanyFile *files, guint n)
{
    for (guint i = 0; i < n; i++) {
        TreeFile *place = file_of(tree, files[i].path_id);
        place->users--;
        place->held -= files[i].lines_removed;
        place->lines += files[i].lines_added - files[i].lines_removed;
        if (files[i].is_new) {
            place->exists = TRUE;
            g_array_append_val(tree->live, files[i].path_id);
        } else if (files[i].is_removed) {
            place->exists = FALSE;
            forget_live(tree, files[i].path_id);
        }
    }
}

void tree_release(Tree *tree, const CompanyFile *files, guint n)
{
    for (guint i = 0; i < n; i++) {
        TreeFile *place = file_of(tree, files[i].path_id);
        if (files[i].is_contested)
            continue;
        place->users--;
        place->held -= files[i].lines_removed;
        place->is_going = FALSE;
    }
}
