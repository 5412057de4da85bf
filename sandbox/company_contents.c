/*
 * The contents of a repository's history, as a stream for git fast-import.
 *
 * A file is a set of lines, each a 64-bit key: the key decides the line's text and its place, so
 * all lines of a file differ, every version has its lines in the same order, and git finds exactly
 * the lines that came and went, on a branch as well as on what it is merged into. Commits are
 * played in the order of their numbers. Keys are even; the lowest bit marks a line that an open
 * pull request will remove (see company_tree.h). In a company with pathologies six more bits tell
 * the week in which a line was written, so that a change can replace old or young ones.
 */
#include "company_plant.h"

#define HELD       ((guint64) 1)
#define CHUNK_SIZE (1 << 18)

#define STAMP_SHIFT 6
#define STAMP_MASK  ((guint64) 63 << STAMP_SHIFT)
/* Weeks between the stamps of two lines that are 21 days apart for certain, or not for certain. */
#define STAMPS_OLD   4
#define STAMPS_YOUNG 2

typedef struct {
    GArray *base;    /* guint64: the file where the branch began */
    GArray *removed; /* guint64, in the order in which the commits take them out */
    GArray *added;   /* guint64, likewise */
} FileChange;

typedef struct {
    gint32 base; /* commit */
    FileChange *changes;
} OpenPull;

typedef struct {
    GPtrArray *files; /* by path_id: GArray of guint64, sorted; NULL: absent */
} Contents;

typedef struct {
    const Company *company;
    const CompanyRepository *repository;
    const RepositoryPrivate *own;
    Contents *branches; /* by long branch; files NULL until cut */
    gint32 *last;       /* by long branch, then one for all pull requests: commit written last */
    OpenPull **open;    /* by pull request */
    GString *out;
    ContentsSink sink;
    gpointer sink_data;
} Writer;

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;
    return (x > y) - (x < y);
}

static GArray *new_lines(guint room)
{
    return g_array_sized_new(FALSE, FALSE, sizeof(guint64), room);
}

static guint64 line_at(const GArray *lines, guint i)
{
    return g_array_index(lines, guint64, i);
}

/* ---- sets of lines -------------------------------------------------------------------------- */

/* @n new lines; in an existing file they come in small groups. */
static GArray *invent_lines(guint64 seed, guint file, guint n, gboolean in_groups, guint stamp)
{
    GArray *lines = new_lines(n);
    Chance chance;
    chance_init(&chance, seed, SUBJECT_LINES, file, 0);
    while (lines->len < n) {
        guint64 start = (chance_bits(&chance) & ~(guint64) 0xfff) | (guint64) stamp << STAMP_SHIFT;
        guint group = in_groups ? 1 + chance_below(&chance, 12) : 1;
        for (guint i = 0; i < group && lines->len < n; i++, start += 2)
            g_array_append_val(lines, start);
    }
    return lines;
}

/* Lines that only the state after @step has. */
static void add_passing(GArray *lines, guint64 seed, guint step, gint32 n)
{
    guint64 start = chance_mix(chance_mix(seed, SUBJECT_LINES), step) & ~(guint64) 0xff;
    for (gint32 i = 0; i < n; i++, start += 2)
        g_array_append_val(lines, start);
}

/* Which lines a change takes first. */
typedef struct {
    guint least, most; /* stamps */
} Wish;

static void hold_some(GArray *file, guint64 place, guint n, Wish wish, GArray *lines)
{
    for (guint seen = 0; lines->len < n && seen < file->len; seen++) {
        guint64 *line = &g_array_index(file, guint64, (place + seen) % file->len);
        guint stamp = (guint) ((*line & STAMP_MASK) >> STAMP_SHIFT);
        if ((*line & HELD) != 0 || stamp < wish.least || stamp > wish.most)
            continue;
        g_array_append_val(lines, *line);
        *line |= HELD;
    }
}

/* @n lines of @file that nobody else removes, one after another from somewhere in it: those wished
 * for, then any. */
static GArray *hold_lines(GArray *file, guint64 seed, guint index, guint n, Wish wish)
{
    GArray *lines = new_lines(n);
    guint64 place = chance_mix(seed, index) % MAX(file->len, 1);
    hold_some(file, place, n, wish, lines);
    hold_some(file, place, n, (Wish){0, G_MAXUINT}, lines);
    g_assert(lines->len == n); /* company_tree.c has counted them */
    return lines;
}

/* The first @n of @lines, sorted. */
static GArray *first_sorted(const GArray *lines, guint n)
{
    GArray *first = new_lines(n + 4);
    g_array_append_vals(first, lines->data, n);
    g_array_sort(first, compare_lines);
    return first;
}

/* @base without @removed and with @added; all sorted. Marks of @base stay. */
static GArray *change_lines(const GArray *base, const GArray *removed, const GArray *added)
{
    GArray *result = new_lines(base->len + added->len);
    guint r = 0, a = 0;
    for (guint i = 0; i < base->len; i++) {
        guint64 line = line_at(base, i);
        if (r < removed->len && line_at(removed, r) == (line & ~HELD)) {
            r++;
            continue;
        }
        while (a < added->len && line_at(added, a) < line) {
            guint64 new_line = line_at(added, a++);
            g_array_append_val(result, new_line);
        }
        g_array_append_val(result, line);
    }
    g_array_append_vals(result, (const guint64 *) added->data + a, added->len - a);
    return result;
}

/* ---- output --------------------------------------------------------------------------------- */

static gboolean flush(Writer *writer, gsize least, GError **error)
{
    if (writer->out->len < least)
        return TRUE;
    gboolean ok = writer->sink(writer->out->str, writer->out->len, writer->sink_data, error);
    g_string_truncate(writer->out, 0);
    return ok;
}

static void write_line(GString *out, guint64 key)
{
    static const char *const forms[] = {"  check(0x", "  n += of(0x", "  log(0x",
                                        "  seen(0x",  "  rule(0x",    "\tput(0x"};
    guint form = (guint) (chance_mix(key, 1) % G_N_ELEMENTS(forms));
    char digits[16];
    for (guint i = 16; i-- > 0; key >>= 4)
        digits[i] = "0123456789abcdef"[key & 15];
    g_string_append(out, forms[form]);
    g_string_append_len(out, digits, sizeof digits);
    g_string_append(out, ");\n");
}

static void write_file(Writer *writer, const char *path, const GArray *lines)
{
    g_autoptr(GString) text = g_string_sized_new(lines->len * 32 + 1);
    for (guint i = 0; i < lines->len; i++)
        write_line(text, line_at(lines, i) & ~HELD);
    g_string_append_printf(writer->out, "M 100644 inline %s\ndata %" G_GSIZE_FORMAT "\n", path,
                           text->len);
    g_string_append_len(writer->out, text->str, (gssize) text->len);
    g_string_append_c(writer->out, '\n');
}

static void write_signature(Writer *writer, const char *role, const CompanyCommit *commit,
                            gint64 at)
{
    gint offset =
        commit->author < 0 ? 0 : writer->company->people[commit->author].utc_offset_minutes;
    g_string_append_printf(writer->out, "%s %s %" G_GINT64_FORMAT " %c%02d%02d\n", role,
                           commit->raw_author, at / SECOND, offset < 0 ? '-' : '+',
                           ABS(offset) / 60, ABS(offset) % 60);
}

/* Each long branch has its name during the import and all pull requests share one: git keeps the
 * trees of a name's last commit at hand, and does not have to read them when the next commit
 * follows that one. */
static void write_head(Writer *writer, gint32 index, guint name)
{
    const CompanyCommit *commit = &writer->repository->commits[index];
    g_string_append_printf(writer->out, "commit refs/import/%u\nmark :%d\n", name, index + 1);
    write_signature(writer, "author", commit, commit->authored_at);
    write_signature(writer, "committer", commit, commit->committed_at);
    g_string_append_printf(writer->out, "data %" G_GSIZE_FORMAT "\n%s\n", strlen(commit->message),
                           commit->message);
    if (commit->parents[0] != writer->last[name])
        g_string_append_printf(writer->out, "from :%d\n", commit->parents[0] + 1);
    if (commit->parents[1] >= 0)
        g_string_append_printf(writer->out, "merge :%d\n", commit->parents[1] + 1);
    writer->last[name] = index;
}

/* ---- branches ------------------------------------------------------------------------------- */

static void free_lines(gpointer lines)
{
    if (lines != NULL)
        g_array_unref(lines);
}

static GArray *file_in(const Contents *contents, guint32 path_id)
{
    g_assert(contents->files != NULL); /* made with the contents */
    return path_id < contents->files->len ? g_ptr_array_index(contents->files, path_id) : NULL;
}

/* Takes over @lines. */
static void set_file(Contents *contents, guint32 path_id, GArray *lines)
{
    if (path_id >= contents->files->len)
        g_ptr_array_set_size(contents->files, (gint) path_id + 1);
    free_lines(g_ptr_array_index(contents->files, path_id));
    g_ptr_array_index(contents->files, path_id) = lines;
}

static GArray *copy_unmarked(const GArray *lines)
{
    GArray *copy = new_lines(lines->len);
    for (guint i = 0; i < lines->len; i++) {
        guint64 line = line_at(lines, i) & ~HELD;
        g_array_append_val(copy, line);
    }
    return copy;
}

static void cut(Writer *writer, guint index)
{
    const GPtrArray *main_files = writer->branches[0].files;
    GPtrArray *files = g_ptr_array_new_with_free_func(free_lines);
    g_ptr_array_set_size(files, (gint) main_files->len);
    for (guint i = 0; i < main_files->len; i++)
        if (g_ptr_array_index(main_files, i) != NULL)
            g_ptr_array_index(files, i) = copy_unmarked(g_ptr_array_index(main_files, i));
    writer->branches[index].files = files;
}

/* The whole change of one file arrives in the branch. */
static void apply_file(Contents *contents, const CompanyFile *file, const FileChange *change)
{
    if (file->is_removed) {
        set_file(contents, file->path_id, NULL);
        return;
    }
    g_autoptr(GArray) nothing = new_lines(0);
    g_autoptr(GArray) removed = first_sorted(change->removed, change->removed->len);
    g_autoptr(GArray) added = first_sorted(change->added, change->added->len);
    const GArray *before = file->is_new ? nothing : file_in(contents, file->path_id);
    set_file(contents, file->path_id, change_lines(before, removed, added));
}

/* The week of @at; without pathologies always the same, and any line will do. */
static guint stamp_of(const Writer *writer, gint64 at)
{
    if (writer->company->plan == NULL)
        return 0;
    return 1 + (guint) (MAX(at - writer->company->starts_at, 0) / PLANT_WEEK);
}

static Wish wish_of(const PlannedPull *planned, guint stamp)
{
    if (stamp == 0)
        return (Wish){0, G_MAXUINT};
    if (planned != NULL && planned->files == FILES_YOUNG)
        return (Wish){stamp - MIN(stamp, STAMPS_YOUNG), G_MAXUINT};
    return (Wish){0, stamp - MIN(stamp, STAMPS_OLD)};
}

static FileChange begin_change(Contents *contents, const CompanyFile *file, guint64 seed,
                               guint index, guint stamp, Wish wish)
{
    GArray *lines = file->is_new ? NULL : file_in(contents, file->path_id);
    guint removed = (guint) file->lines_removed;
    FileChange change = {
        .added = invent_lines(seed, index, (guint) file->lines_added, !file->is_new, stamp)};
    if (lines == NULL) {
        change.removed = new_lines(0);
    } else if (file->is_contested) {
        change.removed = copy_unmarked(lines);
        g_assert(change.removed->len == removed); /* company_plant_files.c has counted them */
    } else {
        change.removed = hold_lines(lines, seed, index, removed, wish);
    }
    return change;
}

static void clear_change(FileChange *change)
{
    g_clear_pointer(&change->base, g_array_unref);
    g_clear_pointer(&change->removed, g_array_unref);
    g_clear_pointer(&change->added, g_array_unref);
}

/* ---- commits -------------------------------------------------------------------------------- */

static void write_direct(Writer *writer, const DirectCommit *direct)
{
    Contents *contents = &writer->branches[0];
    guint64 seed = chance_mix(writer->own->seed, (guint64) direct->commit);
    guint stamp = stamp_of(writer, writer->repository->commits[direct->commit].authored_at);
    write_head(writer, direct->commit, 0);
    for (guint i = 0; i < direct->n_files; i++) {
        const CompanyFile *file = &direct->files[i];
        FileChange change = begin_change(contents, file, seed, i, stamp, wish_of(NULL, stamp));
        apply_file(contents, file, &change);
        write_file(writer, file->path, file_in(contents, file->path_id));
        clear_change(&change);
    }
}

static OpenPull *open_pull(Writer *writer, guint index)
{
    const CompanyPull *pull = &writer->repository->pulls[index];
    const PullPrivate *private = &writer->own->pulls[index];
    guint stamp = stamp_of(writer, private->branched_at);
    Wish wish = wish_of(private->planned, stamp);
    OpenPull *open = g_new(OpenPull, 1);
    open->base = -1;
    open->changes = g_new0(FileChange, pull->n_files);
    for (guint i = 0; i < pull->n_files; i++)
        open->changes[i] = begin_change(&writer->branches[private->long_branch], &pull->files[i],
                                        private->seed, i, stamp, wish);
    writer->open[index] = open;
    return open;
}

/* The branch begins, or begins anew, at the destination's tip of this moment. */
static void stand_on(Writer *writer, guint index, gint32 base)
{
    const CompanyPull *pull = &writer->repository->pulls[index];
    const Contents *contents = &writer->branches[writer->own->pulls[index].long_branch];
    OpenPull *open = writer->open[index];
    open->base = base;
    for (guint i = 0; i < pull->n_files; i++) {
        const GArray *lines = file_in(contents, pull->files[i].path_id);
        g_clear_pointer(&open->changes[i].base, g_array_unref);
        open->changes[i].base =
            pull->files[i].is_new || lines == NULL ? new_lines(0) : copy_unmarked(lines);
    }
}

static void write_step_file(Writer *writer, guint index, guint file_index, guint step,
                            const FileStep *state)
{
    const CompanyFile *file = &writer->repository->pulls[index].files[file_index];
    const FileChange *change = &writer->open[index]->changes[file_index];
    if (file->is_removed) {
        g_string_append_printf(writer->out, "D %s\n", file->path);
        return;
    }
    g_autoptr(GArray) removed = first_sorted(change->removed, (guint) state->removed);
    g_autoptr(GArray) added = first_sorted(change->added, (guint) state->added);
    if (state->passing > 0) {
        add_passing(added, writer->own->pulls[index].seed, step, state->passing);
        g_array_sort(added, compare_lines);
    }
    g_autoptr(GArray) lines = change_lines(change->base, removed, added);
    write_file(writer, file->path, lines);
}

static gboolean is_same_step(const FileStep *a, const FileStep *b)
{
    return a->added == b->added && a->removed == b->removed && a->passing == 0 && b->passing == 0;
}

static void write_step(Writer *writer, gint32 commit_index)
{
    const CompanyCommit *commit = &writer->repository->commits[commit_index];
    guint index = (guint) commit->pull, step = commit->step;
    const CompanyPull *pull = &writer->repository->pulls[index];
    guint64 seed = writer->own->pulls[index].seed;
    OpenPull *open = writer->open[index] != NULL ? writer->open[index] : open_pull(writer, index);
    if (step == 0 && open->base != commit->parents[0])
        stand_on(writer, index, commit->parents[0]);
    write_head(writer, commit_index, writer->own->long_branches->len);
    for (guint i = 0; i < pull->n_files; i++) {
        FileStep before = {0};
        FileStep state = company_file_at_step(seed, i, &pull->files[i], pull->n_commits, step);
        if (step > 0)
            before = company_file_at_step(seed, i, &pull->files[i], pull->n_commits, step - 1);
        if (!is_same_step(&before, &state))
            write_step_file(writer, index, i, step, &state);
    }
}

static void end_pull(Writer *writer, guint index)
{
    OpenPull *open = writer->open[index];
    for (guint i = 0; i < writer->repository->pulls[index].n_files; i++)
        clear_change(&open->changes[i]);
    g_free(open->changes);
    g_free(open);
    writer->open[index] = NULL;
}

static void apply_pull(Writer *writer, guint index)
{
    const CompanyPull *pull = &writer->repository->pulls[index];
    Contents *contents = &writer->branches[writer->own->pulls[index].long_branch];
    for (guint i = 0; i < pull->n_files; i++)
        apply_file(contents, &pull->files[i], &writer->open[index]->changes[i]);
    end_pull(writer, index);
}

static void write_merge(Writer *writer, gint32 commit_index)
{
    guint index = (guint) writer->repository->commits[commit_index].pull;
    const CompanyPull *pull = &writer->repository->pulls[index];
    const Contents *contents = &writer->branches[writer->own->pulls[index].long_branch];
    apply_pull(writer, index);
    write_head(writer, commit_index, (guint) writer->own->pulls[index].long_branch);
    for (guint i = 0; i < pull->n_files; i++) {
        if (pull->files[i].is_removed)
            g_string_append_printf(writer->out, "D %s\n", pull->files[i].path);
        else
            write_file(writer, pull->files[i].path, file_in(contents, pull->files[i].path_id));
    }
}

/* What was held is free again. */
static void release_pull(Writer *writer, guint index)
{
    const CompanyPull *pull = &writer->repository->pulls[index];
    const Contents *contents = &writer->branches[writer->own->pulls[index].long_branch];
    for (guint i = 0; i < pull->n_files; i++) {
        const FileChange *change = &writer->open[index]->changes[i];
        GArray *lines = file_in(contents, pull->files[i].path_id);
        if (pull->files[i].is_contested)
            continue;
        for (guint k = 0; k < change->removed->len; k++) {
            guint64 held = line_at(change->removed, k) | HELD;
            guint place = 0;
            if (g_array_binary_search(lines, &held, compare_lines, &place))
                g_array_index(lines, guint64, place) &= ~HELD;
        }
    }
    end_pull(writer, index);
}

static void play_mark(Writer *writer, const HistoryMark *mark)
{
    switch (mark->kind) {
    case MARK_CUT:
        cut(writer, mark->index);
        break;
    case MARK_FAST_FORWARD:
        apply_pull(writer, mark->index);
        break;
    case MARK_UNMERGED:
        release_pull(writer, mark->index);
        break;
    }
}

static gboolean write_all(Writer *writer, GError **error)
{
    const CompanyRepository *repository = writer->repository;
    const GArray *marks = writer->own->marks;
    guint next_direct = 0, next_mark = 0;
    for (gint32 i = 0; i < (gint32) repository->n_commits; i++) {
        for (; next_mark < marks->len; next_mark++) {
            const HistoryMark *mark = &g_array_index(marks, HistoryMark, next_mark);
            if (mark->order > i)
                break;
            play_mark(writer, mark);
        }
        const CompanyCommit *commit = &repository->commits[i];
        if (commit->pull < 0)
            write_direct(writer, &g_array_index(writer->own->direct, DirectCommit, next_direct++));
        else if (commit->step == repository->pulls[commit->pull].n_commits)
            write_merge(writer, i);
        else
            write_step(writer, i);
        if (!flush(writer, CHUNK_SIZE, error))
            return FALSE;
    }
    /* The names were only needed for the import. */
    for (guint i = 0; i <= writer->own->long_branches->len; i++)
        if (writer->last[i] >= 0)
            g_string_append_printf(writer->out, "reset refs/import/%u\nfrom %040d\n\n", i, 0);
    g_string_append(writer->out, "done\n");
    return flush(writer, 0, error);
}

gboolean company_write_contents(const Company *company, const CompanyRepository *repository,
                                const RepositoryPrivate *own, ContentsSink sink, gpointer data,
                                GError **error)
{
    Writer writer = {.company = company,
                     .repository = repository,
                     .own = own,
                     .branches = g_new0(Contents, own->long_branches->len),
                     .last = g_new(gint32, own->long_branches->len + 1),
                     .open = g_new0(OpenPull *, MAX(repository->n_pulls, 1)),
                     .out = g_string_sized_new(CHUNK_SIZE * 2),
                     .sink = sink,
                     .sink_data = data};
    for (guint i = 0; i <= own->long_branches->len; i++)
        writer.last[i] = -1;
    writer.branches[0].files = g_ptr_array_new_with_free_func(free_lines);
    gboolean ok = write_all(&writer, error);
    for (guint i = 0; i < repository->n_pulls; i++)
        if (writer.open[i] != NULL)
            end_pull(&writer, i);
    for (guint i = 0; i < own->long_branches->len; i++)
        g_clear_pointer(&writer.branches[i].files, g_ptr_array_unref);
    g_free(writer.branches);
    g_free(writer.last);
    g_free(writer.open);
    g_string_free(writer.out, TRUE);
    return ok;
}
