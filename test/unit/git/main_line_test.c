#include "fixture.h"

#define START G_GINT64_CONSTANT(1700000000) /* seconds */
#define DAY   (24 * 3600)

typedef struct {
    char *hash;
    gint64 position, changed, young, left_out, files;
    UtcTime landed;
} Seen;

static gboolean note_change(const MainChange *change, gpointer user_data, GError **error)
{
    Seen seen = {g_strdup(change->hash), change->position,       change->lines_changed,
                 change->lines_young,    change->lines_left_out, change->files,
                 change->landed};
    g_array_append_val((GArray *) user_data, seen);
    return TRUE;
}

static void clear_seen(gpointer seen)
{
    g_free(((Seen *) seen)->hash);
}

static GArray *read_changes(GitMirror *mirror, const char *known, UtcTime now)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(Seen));
    g_array_set_clear_func(changes, clear_seen);
    g_autoptr(GError) error = NULL;
    if (!git_mirror_main_changes(mirror, "main", known, now, note_change, changes, &error))
        fail_msg("%s", error->message);
    return changes;
}

#define SEEN(changes, i) (&g_array_index(changes, Seen, i))

static int set_up(void **state)
{
    *state = fixture_new();
    return 0;
}

static int tear_down(void **state)
{
    fixture_free(*state);
    return 0;
}

/* ---- a history written as it goes */

typedef struct {
    GString *stream;
    guint marks;
} Story;

static void begin_commit(Story *story, const char *branch, gint64 day, const char *from,
                         const char *merge)
{
    g_string_append_printf(story->stream,
                           "commit refs/heads/%s\nmark :%u\n"
                           "committer Ada <ada@example.org> %" G_GINT64_FORMAT
                           " +0000\ndata 1\nx\n",
                           branch, ++story->marks, START + day * DAY);
    if (from)
        g_string_append_printf(story->stream, "from %s\n", from);
    if (merge)
        g_string_append_printf(story->stream, "merge %s\n", merge);
}

static void write_file(Story *story, const char *path, const char *text)
{
    g_string_append_printf(story->stream, "M 100644 inline %s\ndata %zu\n%s\n", path, strlen(text),
                           text);
}

static void import(Fixture *fixture, Story *story)
{
    fixture_import(fixture, story->stream->str, (gssize) story->stream->len);
    g_string_free(story->stream, TRUE);
}

#define STORY() ((Story){g_string_new(NULL), 0})

/* The worked example of docs/metrics.md. */
static void counts_lines_replaced_within_three_weeks(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "a.c", "1\n2\n3\n4\n5\n6\n");
    begin_commit(&story, "main", 10, NULL, NULL); /* 2 young out, 3 in; 1 in */
    write_file(&story, "a.c", "1\nb\nb2\nb3\n4\n5\n6\nc\n");
    begin_commit(&story, "main", 22, NULL, NULL); /* out: 1 (22 days), b (12 days), 6 and c */
    write_file(&story, "a.c", "A\nB\nb2\nb3\n4\n5\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(changes->len, 3);
    assert_int_equal(SEEN(changes, 0)->changed, 6);
    assert_int_equal(SEEN(changes, 0)->young, 0);
    assert_int_equal(SEEN(changes, 1)->changed, 4);
    assert_int_equal(SEEN(changes, 1)->young, 2);
    assert_int_equal(SEEN(changes, 2)->changed, 4);
    assert_int_equal(SEEN(changes, 2)->young, 2);
    assert_int_equal(SEEN(changes, 2)->landed, (START + 22 * DAY) * TIME_SECOND);
}

static void ends_the_window_at_exactly_three_weeks(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "old.c", "1\n2\n");
    begin_commit(&story, "main", 1, NULL, NULL);
    write_file(&story, "new.c", "1\n2\n3\n");
    begin_commit(&story, "main", 21, NULL, NULL);
    g_string_append(story.stream, "D old.c\nD new.c\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(SEEN(changes, 2)->changed, 5);
    assert_int_equal(SEEN(changes, 2)->young, 3);
}

static void leaves_out_what_people_did_not_write(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "package-lock.json", "1\n2\n3\n");
    write_file(&story, "vendor/lib.c", "1\n2\n");
    write_file(&story, "main.c", "1\n");
    begin_commit(&story, "main", 1, NULL, NULL);
    write_file(&story, "package-lock.json", "a\nb\nc\n");
    write_file(&story, "main.c", "2\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(SEEN(changes, 0)->changed, 1);
    assert_int_equal(SEEN(changes, 0)->left_out, 5);
    assert_int_equal(SEEN(changes, 0)->files, 3);
    assert_int_equal(SEEN(changes, 1)->changed, 1);
    assert_int_equal(SEEN(changes, 1)->young, 1);
    assert_int_equal(SEEN(changes, 1)->left_out, 3);
}

/* The lines of a pull request are as old as its merge, and it is one change. */
static void takes_a_merge_for_one_change(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL); /* :1 */
    write_file(&story, "a.c", "1\n2\n3\n");
    begin_commit(&story, "topic", 1, ":1", NULL); /* :2 */
    write_file(&story, "b.c", "1\n2\n3\n4\n");
    begin_commit(&story, "topic", 2, NULL, NULL); /* :3, changed again before anybody saw it */
    write_file(&story, "b.c", "1\n2\nX\nY\n");
    begin_commit(&story, "main", 30, ":1", ":3"); /* :4 */
    write_file(&story, "b.c", "1\n2\nX\nY\n");
    begin_commit(&story, "main", 40, NULL, NULL);
    write_file(&story, "b.c", "1\n2\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(changes->len, 3);
    assert_int_equal(SEEN(changes, 1)->changed, 4);
    assert_int_equal(SEEN(changes, 1)->young, 0);
    assert_int_equal(SEEN(changes, 2)->young, 2);
}

static void follows_a_file_that_is_moved(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "one.c", "a\nb\nc\nd\n");
    begin_commit(&story, "main", 30, NULL, NULL);
    write_file(&story, "one.c", "a\nb\nc\nd\ne\nf\n");
    begin_commit(&story, "main", 31, NULL, NULL); /* moved and changed at once */
    g_string_append(story.stream, "D one.c\n");
    write_file(&story, "two.c", "X\nb\nc\nd\ne\nf\n");
    begin_commit(&story, "main", 32, NULL, NULL); /* another file gets the free name */
    write_file(&story, "one.c", "1\n2\n");
    begin_commit(&story, "main", 33, NULL, NULL);
    g_string_append(story.stream, "D two.c\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(SEEN(changes, 2)->changed, 1);
    assert_int_equal(SEEN(changes, 2)->young, 0);
    assert_int_equal(SEEN(changes, 4)->changed, 6);
    assert_int_equal(SEEN(changes, 4)->young, 3); /* e and f of day 30, X of day 31 */
}

static void bears_files_that_are_no_text_and_names_of_all_kinds(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    g_string_append(story.stream, "M 100644 inline data\ndata 3\n");
    g_string_append_len(story.stream, "\0\1\2", 3);
    g_string_append(story.stream, "\nM 120000 inline link\ndata 4\na.c\n\n");
    g_string_append(story.stream, "M 100644 inline \"line\\nfeed\"\ndata 2\nx\n\n");
    write_file(&story, "a.c", "-- a\n@@ -1 +1 @@\ndiff --git a/x b/x\n\\ No newline");
    begin_commit(&story, "main", 1, NULL, NULL);
    g_string_append(story.stream, "M 100644 inline data\ndata 3\n");
    g_string_append_len(story.stream, "\0\1\3", 3);
    g_string_append(story.stream, "\nM 100644 inline link\ndata 4\na.c\n\n"); /* no link any more */
    g_string_append(story.stream, "M 100755 inline \"line\\nfeed\"\ndata 2\ny\n\n");
    write_file(&story, "a.c", "-- a\ndiff --git a/x b/x\n");
    begin_commit(&story, "main", 2, NULL, NULL); /* nothing */
    begin_commit(&story, "main", 3, NULL, NULL);
    g_string_append(story.stream, "D data\nD link\nD a.c\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(changes->len, 4);
    assert_int_equal(SEEN(changes, 0)->changed, 4 + 1 + 1);
    /* link: one out, one in, in two parts; the file with a line feed: one; a.c: two out */
    assert_int_equal(SEEN(changes, 1)->changed, 2 + 1 + 2);
    assert_int_equal(SEEN(changes, 1)->young, 1 + 1 + 2);
    assert_int_equal(SEEN(changes, 2)->files, 0);
    assert_int_equal(SEEN(changes, 3)->changed, 3);
    assert_int_equal(SEEN(changes, 3)->young, 3);
}

static void does_not_believe_clocks_that_are_wrong(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 100, NULL, NULL);
    write_file(&story, "a.c", "1\n2\n");
    begin_commit(&story, "main", 90, NULL, NULL); /* behind: lands when the one before did */
    write_file(&story, "b.c", "1\n2\n");
    begin_commit(&story, "main", 5000, NULL, NULL); /* after now */
    write_file(&story, "c.c", "1\n2\n");
    begin_commit(&story, "main", 120, NULL, NULL);
    g_string_append(story.stream, "D a.c\nD b.c\nD c.c\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, (START + 150 * DAY) * TIME_SECOND);
    static const gint64 DAYS[] = {100, 100, 100, 120};
    for (guint i = 0; i < 4; i++)
        assert_int_equal(SEEN(changes, i)->landed, (START + DAYS[i] * DAY) * TIME_SECOND);
    assert_int_equal(SEEN(changes, 3)->young, 6);
}

static void finds_nothing_on_a_branch_that_is_not_there(void **state)
{
    Story story = STORY();
    begin_commit(&story, "other", 0, NULL, NULL);
    write_file(&story, "a.c", "1\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(changes->len, 0);
}

static void starts_anew_when_the_branch_was_rewritten(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "a.c", "1\n");
    begin_commit(&story, "main", 1, NULL, NULL);
    write_file(&story, "a.c", "2\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    static const char *const ELSEWHERE = "1234567890123456789012345678901234567890";
    g_autoptr(GArray) changes = read_changes(mirror, ELSEWHERE, TIME_ABSENT);
    assert_int_equal(changes->len, 2);
    assert_int_equal(SEEN(changes, 0)->position, 0);
}

/* ---- a generated history, and git blame as the other engine */

#define CHANGES 70
#define FILES   5

typedef struct {
    GRand *random;
    GPtrArray *files[FILES]; /* lines */
    guint next_line;
    guint names[FILES]; /* of the file's name, which changes now and then */
    char tip[16];       /* mark of main's newest commit */
} Generator;

static void add_lines(Generator *generator, GPtrArray *lines, guint at, guint n)
{
    for (guint i = 0; i < n; i++)
        g_ptr_array_insert(lines, (gint) (at + i),
                           g_strdup_printf("statement %u\n", generator->next_line++));
}

static void edit(Generator *generator, GPtrArray *lines)
{
    guint at = (guint) g_rand_int_range(generator->random, 0, (gint32) lines->len + 1);
    guint out = (guint) g_rand_int_range(generator->random, 0, 6);
    out = MIN(out, lines->len - at);
    if (out > 0)
        g_ptr_array_remove_range(lines, at, out);
    add_lines(generator, lines, at, (guint) g_rand_int_range(generator->random, 0, 7));
}

static char *file_name(const Generator *generator, guint file)
{
    return g_strdup_printf("src/file-%u-%u.c", file, generator->names[file]);
}

static void write_lines(Story *story, const char *path, const GPtrArray *lines)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < lines->len; i++)
        g_string_append(text, lines->pdata[i]);
    write_file(story, path, text->str);
}

static void write_change(Generator *generator, Story *story, gint64 day, guint number)
{
    gboolean is_merge = number % 4 == 3; /* a topic branch of one commit, merged a day later */
    if (is_merge)
        begin_commit(story, "topic", day - 1, generator->tip, NULL);
    else
        begin_commit(story, "main", day, number > 0 ? generator->tip : NULL, NULL);
    for (guint file = 0; file < FILES; file++) {
        gboolean renamed = number > 0 && g_rand_int_range(generator->random, 0, 12) == 0;
        if (number > 0 && !renamed && g_rand_int_range(generator->random, 0, 3) > 0)
            continue;
        g_autofree char *old = file_name(generator, file);
        generator->names[file] += renamed;
        g_autofree char *name = file_name(generator, file);
        if (renamed)
            g_string_append_printf(story->stream, "D %s\n", old);
        edit(generator, generator->files[file]);
        write_lines(story, name, generator->files[file]);
    }
    char mark[16];
    g_snprintf(mark, sizeof mark, ":%u", story->marks);
    if (!is_merge) {
        memcpy(generator->tip, mark, sizeof mark);
        return;
    }
    begin_commit(story, "main", day, generator->tip, mark);
    g_snprintf(generator->tip, sizeof generator->tip, ":%u", story->marks);
    g_string_append(story->stream, "deleteall\n");
    for (guint file = 0; file < FILES; file++) {
        g_autofree char *name = file_name(generator, file);
        write_lines(story, name, generator->files[file]);
    }
}

static void generate(Fixture *fixture, guint32 seed)
{
    Generator generator = {.random = g_rand_new_with_seed(seed)};
    Story story = STORY();
    for (guint file = 0; file < FILES; file++) {
        generator.files[file] = g_ptr_array_new_with_free_func(g_free);
        add_lines(&generator, generator.files[file], 0, 60);
    }
    gint64 day = 10;
    for (guint i = 0; i < CHANGES; i++) {
        write_change(&generator, &story, day, i);
        day += g_rand_int_range(generator.random, 0, 5);
    }
    for (guint file = 0; file < FILES; file++)
        g_ptr_array_unref(generator.files[file]);
    g_rand_free(generator.random);
    import(fixture, &story);
}

/* The dates of the lines of a file, as git blame tells them along the first parents. */
static GArray *blame(Fixture *fixture, const char *commit, const char *path)
{
    g_autofree char *text =
        GIT(fixture, "blame", "--first-parent", "--line-porcelain", commit, "--", path);
    GArray *dates = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, "committer-time ")) {
            gint64 date = g_ascii_strtoll(*line + strlen("committer-time "), NULL, 10);
            g_array_append_val(dates, date);
        }
    return dates;
}

/* Lines that the difference takes out and that blame dates within the window. */
static gint64 young_by_blame(Fixture *fixture, const char *commit, gint64 date)
{
    g_autofree char *parent = g_strconcat(commit, "^1", NULL);
    g_autofree char *text =
        GIT(fixture, "diff-tree", "-r", "-p", "-U0", "--find-renames", parent, commit);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GArray) dates = NULL;
    gint64 young = 0;
    for (char **line = lines; *line; line++) {
        if (g_str_has_prefix(*line, "--- a/")) {
            g_clear_pointer(&dates, g_array_unref);
            dates = blame(fixture, parent, *line + strlen("--- a/"));
        }
        guint start, count = 1;
        if (sscanf(*line, "@@ -%u,%u ", &start, &count) < 1 || !dates)
            continue;
        for (guint i = start; i < start + count; i++)
            young += date - g_array_index(dates, gint64, i - 1) < 21 * DAY;
    }
    return young;
}

static void agrees_with_git_blame(void **state)
{
    generate(*state, 7);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) changes = read_changes(mirror, NULL, TIME_ABSENT);
    assert_int_equal(changes->len, CHANGES);
    gint64 sum = 0;
    for (guint i = 1; i < changes->len; i++) {
        const Seen *seen = SEEN(changes, i);
        assert_int_equal(seen->young,
                         young_by_blame(*state, seen->hash, seen->landed / TIME_SECOND));
        sum += seen->young;
    }
    assert_true(sum > CHANGES); /* the history has rework at all */
}

/* Whatever was known before, the changes after it come out the same. */
static void goes_on_from_any_change(void **state)
{
    generate(*state, 8);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GArray) all = read_changes(mirror, NULL, TIME_ABSENT);
    for (guint known = 0; known < all->len; known++) {
        g_autoptr(GArray) rest = read_changes(mirror, SEEN(all, known)->hash, TIME_ABSENT);
        assert_int_equal(rest->len, all->len - known - 1);
        for (guint i = 0; i < rest->len; i++) {
            const Seen *one = SEEN(rest, i), *other = SEEN(all, known + 1 + i);
            assert_string_equal(one->hash, other->hash);
            assert_int_equal(one->position, other->position);
            assert_int_equal(one->changed, other->changed);
            assert_int_equal(one->young, other->young);
        }
    }
}

/* ---- other branches */

static gboolean list_change(const MainChange *change, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n",
                           change->branch, change->position,
                           (change->landed / TIME_SECOND - START) / DAY);
    return TRUE;
}

static char *list_changes(GitMirror *mirror, gint64 since_day)
{
    static const char *const BRANCHES[] = {"release/1", "alone", "gone", "same", NULL};
    GString *text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    UtcTime since = (START + since_day * DAY) * TIME_SECOND;
    UtcTime now = (START + 50 * DAY) * TIME_SECOND;
    if (!git_mirror_branch_changes(mirror, "main", BRANCHES, since, now, list_change, text, &error))
        fail_msg("%s", error->message);
    return g_string_free(text, FALSE);
}

static void tells_what_only_other_branches_have(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    begin_commit(&story, "main", 1, ":1", NULL);
    begin_commit(&story, "release/1", 2, ":1", NULL);
    begin_commit(&story, "main", 3, ":2", ":3");       /* has it, but not on its line */
    begin_commit(&story, "release/1", 99, ":3", ":4"); /* a date that is not believed */
    begin_commit(&story, "release/1", 5, ":5", NULL);
    begin_commit(&story, "same", 1, ":2", NULL);
    g_string_append(story.stream, "reset refs/heads/same\nfrom :4\n");
    begin_commit(&story, "alone", 4, NULL, NULL);
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autofree char *all = list_changes(mirror, 0);
    assert_string_equal(all, "release/1 1 2\nrelease/1 2 2\nrelease/1 3 5\nalone 0 4\n");
    g_autofree char *late = list_changes(mirror, 5);
    assert_string_equal(late, "release/1 3 5\n");
}

/* ---- branches and merges */

static gboolean list_branch(const Branch *branch, gpointer user_data, GError **error)
{
    g_string_append_printf(user_data, "%s %" G_GINT64_FORMAT " %s <%s>%s\n", branch->name,
                           (branch->committed / TIME_SECOND - START) / DAY, branch->author_name,
                           branch->author_email, branch->is_merged ? " merged" : "");
    return TRUE;
}

static void lists_branches_with_their_newest_commit(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "a.c", "1\n");
    begin_commit(&story, "release/1", 1, ":1", NULL);
    write_file(&story, "a.c", "2\n");
    begin_commit(&story, "main", 3, ":1", ":2");
    write_file(&story, "a.c", "2\n");
    begin_commit(&story, "topic", 2, ":1", NULL);
    write_file(&story, "a.c", "3\n");
    import(*state, &story);
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    assert_true(git_mirror_branches(mirror, "main", list_branch, text, &error));
    assert_string_equal(text->str, "main 3 Ada <ada@example.org> merged\n"
                                   "release/1 1 Ada <ada@example.org> merged\n"
                                   "topic 2 Ada <ada@example.org>\n");
    g_string_truncate(text, 0);
    assert_true(git_mirror_branches(mirror, "gone", list_branch, text, &error));
    assert_null(strstr(text->str, "merged"));
}

static char *object_list(const char *folder)
{
    g_autofree char *command = g_strdup_printf("find '%s' -type f | sort", folder);
    const char *const arguments[] = {"sh", "-c", command, NULL};
    char *output = NULL;
    assert_true(g_spawn_sync(NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                             &output, NULL, NULL, NULL));
    return output;
}

static void tries_merges_and_leaves_nothing_behind(void **state)
{
    Story story = STORY();
    begin_commit(&story, "main", 0, NULL, NULL);
    write_file(&story, "a.c", "1\n2\n3\n");
    write_file(&story, "b c.c", "1\n");
    begin_commit(&story, "fits", 1, ":1", NULL);
    write_file(&story, "new.c", "1\n");
    begin_commit(&story, "conflicts", 1, ":1", NULL);
    write_file(&story, "a.c", "1\nX\n3\n");
    write_file(&story, "b c.c", "X\n");
    begin_commit(&story, "main", 2, ":1", NULL);
    write_file(&story, "a.c", "1\nY\n3\n");
    write_file(&story, "b c.c", "Y\n");
    begin_commit(&story, "stranger", 2, "0000000000000000000000000000000000000000", NULL);
    write_file(&story, "a.c", "Z\n");
    import(*state, &story);
    g_autofree char *main_tip = GIT(*state, "rev-parse", "main");
    g_autofree char *fits = GIT(*state, "rev-parse", "fits");
    g_autofree char *conflicts = GIT(*state, "rev-parse", "conflicts");
    g_autofree char *stranger = GIT(*state, "rev-parse", "stranger");
    g_autoptr(GitMirror) mirror = fixture_mirror(*state);
    g_autofree char *before = object_list(((Fixture *) *state)->mirrors);
    g_autoptr(GError) error = NULL;
    g_auto(GitMergeTrial) clean = {0}, conflict = {0}, unknown = {0}, missing = {0};
    assert_true(git_mirror_try_merge(mirror, main_tip, fits, &clean, &error));
    assert_int_equal(clean.state, GIT_MERGE_CLEAN);
    assert_null(clean.paths);
    assert_true(git_mirror_try_merge(mirror, main_tip, conflicts, &conflict, &error));
    assert_int_equal(conflict.state, GIT_MERGE_CONFLICT);
    assert_int_equal(conflict.n_paths, 2);
    assert_string_equal(conflict.paths[0], "a.c");
    assert_string_equal(conflict.paths[1], "b c.c");
    assert_true(git_mirror_try_merge(mirror, main_tip, stranger, &unknown, &error));
    assert_int_equal(unknown.state, GIT_MERGE_UNKNOWN);
    assert_true(git_mirror_try_merge(mirror, main_tip, "1234567890123456789012345678901234567890",
                                     &missing, &error));
    assert_int_equal(missing.state, GIT_MERGE_UNKNOWN);
    g_autofree char *after = object_list(((Fixture *) *state)->mirrors);
    assert_string_equal(before, after);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_lines_replaced_within_three_weeks),
        TEST(ends_the_window_at_exactly_three_weeks),
        TEST(leaves_out_what_people_did_not_write),
        TEST(takes_a_merge_for_one_change),
        TEST(follows_a_file_that_is_moved),
        TEST(bears_files_that_are_no_text_and_names_of_all_kinds),
        TEST(does_not_believe_clocks_that_are_wrong),
        TEST(finds_nothing_on_a_branch_that_is_not_there),
        TEST(starts_anew_when_the_branch_was_rewritten),
        TEST(agrees_with_git_blame),
        TEST(goes_on_from_any_change),
        TEST(tells_what_only_other_branches_have),
        TEST(lists_branches_with_their_newest_commit),
        TEST(tries_merges_and_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
