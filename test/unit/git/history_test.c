#include "fixture.h"

/*
 * Random histories, the same in every run, and git itself as the other engine: `git rev-list A ^B`,
 * `git merge-base --all`, `git diff-tree --numstat`, `git log`.
 */

#define COMMITS   70
#define PAIRS     25
#define HISTORIES 5

static const char *const FILES[] = {"one", "two", "three", "four", "five"};

static void append_file(GString *stream, GRand *random, const char *name)
{
    g_autoptr(GString) text = g_string_new(NULL);
    guint lines = (guint) g_rand_int_range(random, 1, 12);
    /* Few different lines, so that later versions share some with earlier ones. */
    for (guint i = 0; i < lines; i++)
        g_string_append_printf(text, "line %d\n", g_rand_int_range(random, 0, 15));
    g_string_append_printf(stream, "M 100644 inline %s\ndata %" G_GSIZE_FORMAT "\n%s\n", name,
                           text->len, text->str);
}

/* Parents are mostly recent ones; some commits are roots, merges, octopuses; dates go astray. */
static void append_commit(GString *stream, GRand *random, guint number)
{
    gint64 date = 1600000000 + (gint64) number * 100 + g_rand_int_range(random, -900, 900);
    g_string_append_printf(stream,
                           "commit refs/heads/c%u\nmark :%u\n"
                           "committer Ada <ada@example.org> %" G_GINT64_FORMAT " +0000\n"
                           "data <<E\nc%u\nE\n",
                           number, number, date, number);
    guint32 taken = 0;
    guint dice = (guint) g_rand_int_range(random, 0, 20);
    guint n_parents = number == 1 || dice == 0 ? 0 : dice < 12 ? 1 : dice < 18 ? 2 : 3;
    for (guint i = 0; i < n_parents; i++) {
        guint back = (guint) g_rand_int_range(random, 1, (gint32) MIN(number, 8));
        if (number == 1 || taken & (1u << back))
            continue;
        g_string_append_printf(stream, "%s :%u\n", taken ? "merge" : "from", number - back);
        taken |= 1u << back;
    }
    guint changes = (guint) g_rand_int_range(random, taken ? 0 : 1, 3);
    for (guint i = 0; i < changes; i++)
        append_file(stream, random, FILES[g_rand_int_range(random, 0, G_N_ELEMENTS(FILES))]);
    g_string_append_c(stream, '\n');
}

static void make_history(const Fixture *fixture, guint32 seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    g_autoptr(GString) stream = g_string_new(NULL);
    for (guint number = 1; number <= COMMITS; number++)
        append_commit(stream, random, number);
    fixture_import(fixture, stream->str, (gssize) stream->len);
}

static GHashTable *words_of(const char *text)
{
    GHashTable *words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line != '\0')
            g_hash_table_add(words, g_strdup(*line));
    return words;
}

typedef struct {
    const Fixture *fixture;
    const GitRangeRequest *requests;
    guint seen;
} Comparison;

static void compare_commits(const Fixture *fixture, const GitRange *range, const char *source,
                            const char *base)
{
    g_autofree char *except = g_strconcat("^", base, NULL);
    g_autofree char *listed = GIT(fixture, "rev-list", source, except);
    g_autoptr(GHashTable) expected = words_of(listed);
    assert_int_equal(range->n_commits, g_hash_table_size(expected));
    /* Newest first: no commit comes after one of its parents. */
    g_autoptr(GHashTable) before = g_hash_table_new(g_str_hash, g_str_equal);
    for (gsize i = 0; i < range->n_commits; i++) {
        assert_true(g_hash_table_contains(expected, range->commits[i]));
        g_autofree char *parents = GIT(fixture, "log", "-1", "--format=%P", range->commits[i]);
        g_auto(GStrv) hashes = g_strsplit(parents, " ", -1);
        for (char **hash = hashes; *hash; hash++)
            assert_false(g_hash_table_contains(before, *hash));
        assert_true(g_hash_table_add(before, (gpointer) range->commits[i]));
    }
}

/* `git merge-base` fails when there is none, so it is asked through the exit-proof rev-list. */
static void compare_base(const Fixture *fixture, const GitRange *range, const char *source,
                         const char *base)
{
    g_autofree char *symmetric = g_strdup_printf("%s...%s", source, base);
    g_autofree char *parsed = GIT(fixture, "rev-parse", symmetric);
    g_autoptr(GString) bases = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(parsed, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line == '^')
            g_string_append_printf(bases, "%s\n", *line + 1);
    g_autoptr(GHashTable) expected = words_of(bases->str);
    if (g_hash_table_size(expected) == 0) {
        assert_null(range->merge_base);
        return;
    }
    assert_non_null(range->merge_base);
    assert_true(g_hash_table_contains(expected, range->merge_base));
}

static void compare_files(const Fixture *fixture, const GitRange *range, const char *source)
{
    static const char EMPTY[] = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    g_autofree char *tree = g_strconcat(source, "^{tree}", NULL);
    g_autofree char *base_tree =
        range->merge_base ? g_strconcat(range->merge_base, "^{tree}", NULL) : g_strdup(EMPTY);
    g_autofree char *listed = GIT(fixture, "diff-tree", "-r", "-M", "--numstat", base_tree, tree);
    g_strdelimit(listed, "\t", ' ');
    g_autoptr(GString) found = g_string_new(NULL);
    for (gsize i = 0; i < range->n_files; i++) {
        g_autofree char *file = file_text(&range->files[i]);
        g_string_append_printf(found, "%s%s", i == 0 ? "" : "\n", file);
    }
    assert_string_equal(found->str, listed);
}

static gboolean compare(const GitRange *range, gpointer user_data, GError **error)
{
    Comparison *comparison = user_data;
    const GitRangeRequest *request = &comparison->requests[comparison->seen++];
    assert_int_equal(range->number, request->number);
    assert_int_equal(range->state, GIT_RANGE_FOUND);
    compare_commits(comparison->fixture, range, request->source_hash, request->destination_hash);
    compare_base(comparison->fixture, range, request->source_hash, request->destination_hash);
    compare_files(comparison->fixture, range, request->source_hash);
    return TRUE;
}

static void agrees_with_git_on_ranges(void **state)
{
    for (guint32 seed = 1; seed <= HISTORIES; seed++) {
        Fixture *fixture = fixture_new();
        make_history(fixture, seed);
        GitRangeRequest requests[PAIRS];
        char names[PAIRS][2][41];
        g_autoptr(GRand) random = g_rand_new_with_seed(seed + 1000);
        for (guint i = 0; i < PAIRS; i++) {
            for (guint k = 0; k < 2; k++) {
                g_autofree char *branch =
                    g_strdup_printf("c%d", g_rand_int_range(random, 1, COMMITS + 1));
                g_autofree char *hash = GIT(fixture, "rev-parse", branch);
                g_strlcpy(names[i][k], hash, sizeof names[i][k]);
            }
            requests[i] = (GitRangeRequest){
                .number = i, .source_hash = names[i][0], .destination_hash = names[i][1]};
        }
        g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
        Comparison comparison = {fixture, requests, 0};
        g_autoptr(GError) error = NULL;
        if (!git_mirror_ranges(mirror, requests, PAIRS, compare, &comparison, &error))
            fail_msg("%s", error->message);
        assert_int_equal(comparison.seen, PAIRS);
        g_clear_pointer(&mirror, git_mirror_free);
        fixture_free(fixture);
    }
}

/* ---- walks
 * ---------------------------------------------------------------------------------------------- */

static void assert_walk(const Fixture *fixture, const GPtrArray *seen, const char *const *arguments)
{
    g_autofree char *listed = fixture_git(fixture, arguments, NULL, 0);
    g_autoptr(GHashTable) expected = words_of(listed);
    g_autoptr(GHashTable) before = g_hash_table_new(g_str_hash, g_str_equal);
    assert_int_equal(seen->len, g_hash_table_size(expected));
    for (guint i = 0; i < seen->len; i++) {
        const SeenCommit *commit = seen->pdata[i];
        assert_true(g_hash_table_contains(expected, commit->hash));
        for (guint k = 0; k < commit->parents->len; k++)
            assert_true(g_hash_table_contains(before, commit->parents->pdata[k]) ||
                        !g_hash_table_contains(expected, commit->parents->pdata[k]));
        assert_true(g_hash_table_add(before, commit->hash));
        if (commit->parents->len > 1) {
            assert_int_equal(commit->files->len, 0);
            continue;
        }
        g_autofree char *numstat = GIT(fixture, "diff-tree", "--root", "--no-commit-id", "-r", "-M",
                                       "--numstat", commit->hash);
        g_strdelimit(numstat, "\t", ' ');
        g_ptr_array_add(commit->files, NULL);
        g_autofree char *files = g_strjoinv("\n", (char **) commit->files->pdata);
        assert_string_equal(files, numstat);
    }
}

static void agrees_with_git_on_walks_and_on_what_is_new(void **state)
{
    for (guint32 seed = 1; seed <= 3; seed++) {
        Fixture *fixture = fixture_new();
        make_history(fixture, seed);
        g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) all = seen_commits_new();
        assert_true(git_mirror_walk(mirror, NULL, seen_commits_visit, all, &error));
        assert_walk(fixture, all, (const char *const[]){"rev-list", "--branches", NULL});

        /* Known: three branches, one that has vanished, and lines that are none. */
        g_autofree char *known_hashes = GIT(fixture, "rev-parse", "c20", "c33", "c41");
        g_auto(GStrv) hashes = g_strsplit(known_hashes, "\n", -1);
        g_autofree char *known = g_strdup_printf(
            "%s refs/heads/c20\n1234567890123456789012345678901234567890 refs/heads/gone\n"
            "no hash\n\n%s refs/heads/c33\n%s refs/heads/c41",
            hashes[0], hashes[1], hashes[2]);
        g_autoptr(GPtrArray) new_ones = seen_commits_new();
        assert_true(git_mirror_walk(mirror, known, seen_commits_visit, new_ones, &error));
        assert_walk(fixture, new_ones,
                    (const char *const[]){"rev-list", "--branches", "^c20", "^c33", "^c41", NULL});
        assert_in_range(new_ones->len, 1, all->len - 1);

        g_autofree char *tips = git_mirror_tips(mirror, &error);
        g_autoptr(GPtrArray) nothing = seen_commits_new();
        assert_true(git_mirror_walk(mirror, tips, seen_commits_visit, nothing, &error));
        assert_int_equal(nothing->len, 0);
        g_clear_pointer(&mirror, git_mirror_free);
        fixture_free(fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_git_on_ranges),
        cmocka_unit_test(agrees_with_git_on_walks_and_on_what_is_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
