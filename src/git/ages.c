#include "git/ages.h"

#define OLD             G_MAXUINT32
#define SWEEP_LEAST     ((gsize) 1 << 20)
#define BYTES_PER_FILE  128 /* of hash table, array and allocator */
#define PIECES_PER_FILE ((guint) 1 << 22)

typedef struct {
    guint32 lines;
    guint32 change; /* OLD: before the window */
} Piece;

struct GitAges {
    GHashTable *files; /* path -> GArray of Piece; behind the last piece everything is old */
    gsize bytes, limit, sweep_at;
    guint32 change, first_young;
    gboolean lost;
};

struct GitAgesEdit {
    GArray *before, *after; /* NULL before: nothing but old lines */
    guint next;             /* piece of before not yet taken … */
    guint32 taken;          /* … but for so many of its lines */
    guint64 line;           /* lines of the old file dealt with */
    gboolean is_lost;
};

static void free_pieces(gpointer pieces)
{
    g_array_unref(pieces);
}

GitAges *git_ages_new(gsize limit)
{
    GitAges *ages = g_new0(GitAges, 1);
    ages->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_pieces);
    ages->limit = limit != 0 ? limit : LIMIT_GIT_LINE_AGES;
    ages->sweep_at = MIN(SWEEP_LEAST, ages->limit);
    return ages;
}

void git_ages_free(GitAges *ages)
{
    if (!ages)
        return;
    g_hash_table_unref(ages->files);
    g_free(ages);
}

void git_ages_set_change(GitAges *ages, guint32 change, guint32 first_young)
{
    ages->change = change;
    ages->first_young = first_young;
}

static gboolean is_young(const GitAges *ages, guint32 change)
{
    return change != OLD && change >= ages->first_young;
}

/* ---- memory */

static gsize cost(const char *path, const GArray *pieces)
{
    return BYTES_PER_FILE + strlen(path) + pieces->len * sizeof(Piece);
}

static gboolean has_young(const GitAges *ages, const GArray *pieces)
{
    for (guint i = 0; i < pieces->len; i++)
        if (is_young(ages, g_array_index(pieces, Piece, i).change))
            return TRUE;
    return FALSE;
}

/* Drops the files whose lines have all grown old. */
static void sweep(GitAges *ages)
{
    GHashTableIter iter;
    gpointer path, pieces;
    g_hash_table_iter_init(&iter, ages->files);
    while (g_hash_table_iter_next(&iter, &path, &pieces)) {
        if (has_young(ages, pieces))
            continue;
        ages->bytes -= cost(path, pieces);
        g_hash_table_iter_remove(&iter);
    }
    ages->sweep_at = MIN(MAX(SWEEP_LEAST, ages->bytes * 2), ages->limit);
}

void git_ages_lose(GitAges *ages)
{
    g_hash_table_remove_all(ages->files);
    ages->bytes = 0;
    ages->lost = TRUE;
}

gboolean git_ages_were_lost(GitAges *ages)
{
    gboolean lost = ages->lost;
    ages->lost = FALSE;
    return lost;
}

/* ---- editing */

GitAgesEdit *git_ages_take(GitAges *ages, const char *path)
{
    GitAgesEdit *edit = g_new0(GitAgesEdit, 1);
    gpointer key, pieces;
    if (path && g_hash_table_steal_extended(ages->files, path, &key, &pieces)) {
        ages->bytes -= cost(key, pieces);
        edit->before = pieces;
        g_free(key);
    }
    edit->after = g_array_new(FALSE, FALSE, sizeof(Piece));
    return edit;
}

static void append(const GitAges *ages, GitAgesEdit *edit, guint64 lines, guint32 change)
{
    if (!is_young(ages, change))
        change = OLD;
    Piece *last =
        edit->after->len > 0 ? &g_array_index(edit->after, Piece, edit->after->len - 1) : NULL;
    while (lines > 0) {
        guint32 some = (guint32) MIN(lines, G_MAXUINT32);
        if (last && last->change == change && last->lines <= G_MAXUINT32 - some) {
            last->lines += some;
        } else if (edit->after->len < PIECES_PER_FILE) {
            Piece piece = {some, change};
            g_array_append_val(edit->after, piece);
        } else {
            edit->is_lost = TRUE;
        }
        last = NULL;
        lines -= some;
    }
}

/* Goes over @lines lines of the old file, which stay (@keep) or go. Returns the young ones. */
static guint64 pass(const GitAges *ages, GitAgesEdit *edit, guint64 lines, gboolean keep)
{
    guint64 young = 0;
    edit->line += lines;
    while (lines > 0 && edit->before && edit->next < edit->before->len) {
        const Piece *piece = &g_array_index(edit->before, Piece, edit->next);
        guint32 some = (guint32) MIN(lines, piece->lines - edit->taken);
        if (keep)
            append(ages, edit, some, piece->change);
        young += is_young(ages, piece->change) ? some : 0;
        edit->taken += some;
        lines -= some;
        if (edit->taken == piece->lines) {
            edit->next++;
            edit->taken = 0;
        }
    }
    if (keep)
        append(ages, edit, lines, OLD);
    return young;
}

guint32 git_ages_hunk(GitAges *ages, GitAgesEdit *edit, guint32 start, guint32 removed,
                      guint32 added)
{
    /* "-5,0" stands behind line 5, "-5,2" begins with it. */
    guint64 before = removed == 0 || start == 0 ? start : start - 1;
    if (before > edit->line)
        (void) pass(ages, edit, before - edit->line, TRUE);
    guint32 young = (guint32) pass(ages, edit, removed, FALSE);
    append(ages, edit, added, ages->change);
    return young;
}

static void keep_rest(const GitAges *ages, GitAgesEdit *edit)
{
    for (; edit->before && edit->next < edit->before->len; edit->next++, edit->taken = 0) {
        const Piece *piece = &g_array_index(edit->before, Piece, edit->next);
        append(ages, edit, piece->lines - edit->taken, piece->change);
    }
    while (edit->after->len > 0 &&
           g_array_index(edit->after, Piece, edit->after->len - 1).change == OLD)
        g_array_set_size(edit->after, edit->after->len - 1);
}

static void free_edit(GitAgesEdit *edit)
{
    g_clear_pointer(&edit->before, g_array_unref);
    g_clear_pointer(&edit->after, g_array_unref);
    g_free(edit);
}

void git_ages_put(GitAges *ages, GitAgesEdit *edit, const char *path)
{
    if (path) {
        keep_rest(ages, edit);
        if (edit->is_lost)
            git_ages_lose(ages);
        else if (edit->after->len > 0) {
            /* An exact copy: GArray grows by doubling. */
            GArray *pieces = g_array_sized_new(FALSE, FALSE, sizeof(Piece), edit->after->len);
            g_array_append_vals(pieces, edit->after->data, edit->after->len);
            gpointer there = g_hash_table_lookup(ages->files, path);
            if (there)
                ages->bytes -= cost(path, there);
            ages->bytes += cost(path, pieces);
            g_hash_table_replace(ages->files, g_strdup(path), pieces);
        }
    }
    free_edit(edit);
    if (ages->bytes > ages->sweep_at)
        sweep(ages);
    if (ages->bytes > ages->limit)
        git_ages_lose(ages);
}
