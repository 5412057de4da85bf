#include "fixture.h"

/*
 * Histories are drawn with one letter a commit: "d:bc" is d with the parents b and c, "s:a+bc" is s
 * with the parent a and the content of b and c besides its own. The commit n adds the file n.txt,
 * which has one line for a, two for b, and so on. Dates follow the order of the picture.
 */
typedef struct {
    Fixture *fixture;
    char *hashes[128];
    guint32 content[128]; /* letters as bits */
} Drawing;

static int set_up(void **state)
{
    Drawing *drawing = g_new0(Drawing, 1);
    drawing->fixture = fixture_new();
    *state = drawing;
    return 0;
}

static int tear_down(void **state)
{
    Drawing *drawing = *state;
    fixture_free(drawing->fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(drawing->hashes); i++)
        g_free(drawing->hashes[i]);
    g_free(drawing);
    return 0;
}

static guint32 bit(char letter)
{
    return (guint32) 1 << (letter - 'a');
}

static void write_commit(Drawing *drawing, GString *stream, const char *text, guint date)
{
    char self = text[0];
    guint32 content = bit(self);
    gboolean is_content = FALSE;
    g_string_append_printf(stream,
                           "commit refs/heads/drawing\nmark :%d\n"
                           "committer Ada <ada@example.org> %u +0000\ndata 1\n%c\n",
                           self, 1600000000 + date, self);
    if (text[1] != ':' || text[2] == '+')
        g_string_append_printf(stream, "from %040d\n", 0); /* a root of its own */
    for (const char *at = text + 1; *at; at++) {
        is_content |= *at == '+';
        if (*at == ':' || *at == '+')
            continue;
        content |= is_content ? bit(*at) : drawing->content[(int) *at];
        if (!is_content)
            g_string_append_printf(stream, "%s :%d\n", at == text + 2 ? "from" : "merge", *at);
    }
    g_string_append(stream, "deleteall\n");
    for (char letter = 'a'; letter <= 'z'; letter++) {
        if (!(content & bit(letter)))
            continue;
        guint lines = (guint) (letter - 'a') + 1;
        g_string_append_printf(stream, "M 100644 inline %c.txt\ndata %u\n", letter, lines * 3);
        for (guint i = 0; i < lines; i++)
            g_string_append_printf(stream, "%c%c\n", letter, letter + 1);
    }
    g_string_append_c(stream, '\n');
    drawing->content[(int) self] = content;
}

/* @branches: "main=c feature=d". Nothing else is reachable. */
static void draw(Drawing *drawing, const char *picture, const char *branches)
{
    g_autoptr(GString) stream = g_string_new(NULL);
    g_auto(GStrv) commits = g_strsplit(picture, " ", -1);
    for (guint i = 0; commits[i]; i++)
        write_commit(drawing, stream, commits[i], i);
    for (guint i = 0; commits[i]; i++)
        g_string_append_printf(stream, "get-mark :%d\n", commits[i][0]);
    g_string_append(stream, "done\n");
    static const char *const ARGUMENTS[] = {"fast-import", "--quiet", "--done", "--force", NULL};
    g_autofree char *output = fixture_git(drawing->fixture, ARGUMENTS, stream->str, -1);
    g_auto(GStrv) hashes = g_strsplit(output, "\n", -1);
    for (guint i = 0; commits[i]; i++)
        drawing->hashes[(int) commits[i][0]] = g_strdup(hashes[i]);
    g_auto(GStrv) names = g_strsplit(branches, " ", -1);
    for (char **name = names; *name; name++) {
        g_auto(GStrv) pair = g_strsplit(*name, "=", 2);
        g_autofree char *ref = g_strconcat("refs/heads/", pair[0], NULL);
        g_free(GIT(drawing->fixture, "update-ref", ref, drawing->hashes[(int) *pair[1]]));
    }
    g_free(GIT(drawing->fixture, "update-ref", "-d", "refs/heads/drawing"));
}

/* "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt". */
typedef struct {
    const Drawing *drawing;
    GPtrArray *texts;
    gint64 next;
} Seen;

static char letter_of(const Drawing *drawing, const char *hash)
{
    for (char letter = 'a'; letter <= 'z'; letter++)
        if (g_strcmp0(drawing->hashes[(int) letter], hash) == 0)
            return letter;
    fail_msg("%s is not in the picture", hash);
    return '?';
}

static gboolean note_range(const GitRange *range, gpointer user_data, GError **error)
{
    static const char *const STATES[] = {"found", "files", "unreachable"};
    Seen *seen = user_data;
    assert_int_equal(range->number, seen->next++);
    GString *text = g_string_new(STATES[range->state]);
    if (range->merge_base)
        g_string_append_printf(text, " base=%c", letter_of(seen->drawing, range->merge_base));
    if (range->n_commits > 0)
        g_string_append(text, " commits=");
    for (gsize i = 0; i < range->n_commits; i++)
        g_string_append_c(text, letter_of(seen->drawing, range->commits[i]));
    for (gsize i = 0; i < range->n_files; i++) {
        g_autofree char *file = file_text(&range->files[i]);
        g_string_append_printf(text, "%s%s", i == 0 ? " files=" : ", ", file);
    }
    g_ptr_array_add(seen->texts, g_string_free(text, FALSE));
    return TRUE;
}

static GPtrArray *ask(const Drawing *drawing, GitMirror *mirror, const GitRangeRequest *requests,
                      gsize count)
{
    Seen seen = {drawing, g_ptr_array_new_with_free_func(g_free), 1};
    g_autoptr(GError) error = NULL;
    if (!git_mirror_ranges(mirror, requests, count, note_range, &seen, &error))
        fail_msg("%s", error->message);
    assert_int_equal(seen.texts->len, count);
    return seen.texts;
}

static void assert_range_in(const Drawing *drawing, GitMirror *mirror, GitRangeRequest request,
                            const char *expected)
{
    request.number = 1;
    g_autoptr(GPtrArray) texts = ask(drawing, mirror, &request, 1);
    assert_string_equal(texts->pdata[0], expected);
}

static void assert_range(const Drawing *drawing, GitRangeRequest request, const char *expected)
{
    g_autoptr(GitMirror) mirror = fixture_mirror(drawing->fixture);
    assert_range_in(drawing, mirror, request, expected);
}

#define HASH(letter) (drawing->hashes[letter])

/* ---- ways to merge
 * --------------------------------------------------------------------------------------- */

static void finds_what_a_merge_commit_brought(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:b d:a e:dc f:e", "main=f");
    /* The destination hash is not needed, nor the branch: the merge commit's first parent counts.
     */
    assert_range(drawing,
                 (GitRangeRequest){.source_hash = HASH('c'),
                                   .destination_hash = HASH('f'),
                                   .destination_branch = "main",
                                   .merge_hash = HASH('e'),
                                   .is_merged = TRUE},
                 "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
    /* Without the source's hash the merge commit's second parent is the source. */
    assert_range(drawing,
                 (GitRangeRequest){.source_hash = NULL, .merge_hash = HASH('e'), .is_merged = TRUE},
                 "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
}

static void finds_what_a_fast_forward_brought(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:b d:c", "main=d");
    GitRangeRequest request = {.source_hash = HASH('c'),
                               .destination_hash = HASH('a'),
                               .destination_branch = "main",
                               .merge_hash = HASH('c'),
                               .is_merged = TRUE};
    assert_range(drawing, request, "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
    /* Where the destination stood cannot be told from the branch, which has it all by now. */
    request.destination_hash = NULL;
    assert_range(drawing, request, "unreachable");
}

static void takes_a_source_that_is_a_merge_itself_for_a_fast_forward(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:a d:bc", "main=d");
    assert_range(drawing,
                 (GitRangeRequest){.source_hash = HASH('d'),
                                   .destination_hash = HASH('c'),
                                   .merge_hash = HASH('d'),
                                   .is_merged = TRUE},
                 "found base=c commits=db files=2 0 b.txt, 4 0 d.txt");
}

static void finds_what_was_squashed_with_and_without_its_branch(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:b d:a s:d+bc t:s", "main=t feature=c");
    GitRangeRequest request = {.source_hash = HASH('c'),
                               .destination_hash = HASH('d'),
                               .destination_branch = "main",
                               .merge_hash = HASH('s'),
                               .is_merged = TRUE};
    assert_range(drawing, request, "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
    g_free(GIT(drawing->fixture, "update-ref", "-d", "refs/heads/feature"));
    assert_range(drawing, request, "files files=2 0 b.txt, 3 0 c.txt, 19 0 s.txt");
    request.merge_hash = NULL;
    assert_range(drawing, request, "unreachable");
}

static void finds_the_commits_of_an_open_branch(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:b d:a", "main=d feature=c");
    GitRangeRequest request = {.source_hash = HASH('c'), .destination_branch = "main"};
    assert_range(drawing, request, "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
    request.destination_hash = HASH('b');
    assert_range(drawing, request, "found base=b commits=c files=3 0 c.txt");
    /* Already in main by hand, yet open: it brings nothing. */
    request.destination_hash = HASH('c');
    assert_range(drawing, request, "found base=c");
    request.destination_hash = NULL;
    request.destination_branch = "gone";
    assert_range(drawing, request, "unreachable");
    request.destination_branch = NULL;
    assert_range(drawing, request, "unreachable");
}

static void finds_commits_that_a_force_push_took_from_every_branch(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:b d:a e:d", "main=d feature=c");
    g_autoptr(GitMirror) mirror = fixture_mirror(drawing->fixture);
    Fixture in_mirror = *drawing->fixture;
    g_autofree char *path = g_build_filename(drawing->fixture->mirrors, "m", "git", NULL);
    in_mirror.repository = path;
    g_free(GIT(&in_mirror, "update-ref", "-d", "refs/heads/feature"));
    GitRangeRequest request = {.source_hash = HASH('c'), .destination_branch = "main"};
    assert_range_in(drawing, mirror, request, "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
    /* And again, now that the graph is known; and one that the mirror never had. */
    assert_range_in(drawing, mirror, request, "found base=a commits=cb files=2 0 b.txt, 3 0 c.txt");
    request.source_hash = HASH('e');
    assert_range_in(drawing, mirror, request, "unreachable");
}

/* ---- shapes of history
 * ----------------------------------------------------------------------------------- */

static void leaves_out_what_came_from_main(void **state)
{
    Drawing *drawing = *state;
    /* main (a d g) was merged into the branch (b e f) at e. */
    draw(drawing, "a b:a d:a e:bd f:e g:d", "main=g feature=f");
    assert_range(drawing, (GitRangeRequest){.source_hash = HASH('f'), .destination_branch = "main"},
                 "found base=d commits=feb files=2 0 b.txt, 5 0 e.txt, 6 0 f.txt");
}

static void takes_the_newer_base_of_a_criss_cross(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:a d:bc e:cb f:d g:e", "main=g feature=f");
    assert_range(drawing, (GitRangeRequest){.source_hash = HASH('f'), .destination_branch = "main"},
                 "found base=c commits=fd files=2 0 b.txt, 4 0 d.txt, 6 0 f.txt");
}

static void follows_every_parent_of_an_octopus(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:a d:a e:bcd f:a", "main=f feature=e");
    assert_range(drawing, (GitRangeRequest){.source_hash = HASH('e'), .destination_branch = "main"},
                 "found base=a commits=edcb files=2 0 b.txt, 3 0 c.txt, 4 0 d.txt, 5 0 e.txt");
}

static void compares_unrelated_histories_with_nothing(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b c:a d:b", "main=c feature=d");
    assert_range(drawing, (GitRangeRequest){.source_hash = HASH('d'), .destination_branch = "main"},
                 "found commits=db files=2 0 b.txt, 4 0 d.txt");
}

/* ---- requests
 * -------------------------------------------------------------------------------------------- */

static void answers_many_requests_in_order_and_short_hashes(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:a d:bc e:d f:e g:d", "main=g feature=f");
    char short_f[13], short_d[13], short_c[8], short_b[13];
    g_strlcpy(short_f, HASH('f'), sizeof short_f);
    g_strlcpy(short_d, HASH('d'), sizeof short_d);
    g_strlcpy(short_c, HASH('c'), sizeof short_c);
    g_strlcpy(short_b, HASH('b'), sizeof short_b);
    const GitRangeRequest requests[] = {
        {.number = 1, .source_hash = short_f, .destination_hash = short_d},
        {.number = 2, .source_hash = "123456789abc", .destination_hash = short_d},
        {.number = 3, .source_hash = "not a hash", .destination_hash = "^main"},
        {.number = 4, .source_hash = short_c, .merge_hash = short_d, .is_merged = TRUE},
        {.number = 5, .source_hash = "f00", .destination_branch = "main"},
        {.number = 6},
        {.number = 7, .source_hash = HASH('c'), .destination_hash = short_b},
        {.number = 8, .source_hash = short_f, .destination_hash = short_d},
    };
    static const char *const EXPECTED[] = {
        "found base=d commits=fe files=5 0 e.txt, 6 0 f.txt",
        "unreachable",
        "unreachable",
        "found base=a commits=c files=3 0 c.txt",
        "unreachable",
        "unreachable",
        "found base=a commits=c files=3 0 c.txt",
        "found base=d commits=fe files=5 0 e.txt, 6 0 f.txt",
    };
    g_autoptr(GitMirror) mirror = fixture_mirror(drawing->fixture);
    g_autoptr(GPtrArray) texts = ask(drawing, mirror, requests, G_N_ELEMENTS(requests));
    for (gsize i = 0; i < G_N_ELEMENTS(EXPECTED); i++)
        assert_string_equal(texts->pdata[i], EXPECTED[i]);
}

static void answers_nothing_to_nothing_and_in_an_empty_mirror(void **state)
{
    Drawing *drawing = *state;
    g_autoptr(GitMirror) mirror = fixture_mirror(drawing->fixture);
    const GitRangeRequest request = {
        .number = 1, .source_hash = "123456789abc", .destination_branch = "main"};
    g_autoptr(GPtrArray) none = ask(drawing, mirror, &request, 0);
    g_autoptr(GPtrArray) texts = ask(drawing, mirror, &request, 1);
    assert_string_equal(texts->pdata[0], "unreachable");
}

static gboolean stop_at_two(const GitRange *range, gpointer user_data, GError **error)
{
    if (range->number < 2)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE, "no more");
    return FALSE;
}

static void stops_when_the_visitor_says_so(void **state)
{
    Drawing *drawing = *state;
    draw(drawing, "a b:a c:b", "main=c");
    const GitRangeRequest requests[] = {
        {.number = 1, .source_hash = HASH('c'), .destination_hash = HASH('a')},
        {.number = 2, .source_hash = HASH('b'), .destination_hash = HASH('a')},
        {.number = 3, .source_hash = HASH('c'), .destination_hash = HASH('b')},
    };
    g_autoptr(GitMirror) mirror = fixture_mirror(drawing->fixture);
    g_autoptr(GError) error = NULL;
    assert_false(git_mirror_ranges(mirror, requests, 3, stop_at_two, NULL, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_STORE));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_what_a_merge_commit_brought),
        TEST(finds_what_a_fast_forward_brought),
        TEST(takes_a_source_that_is_a_merge_itself_for_a_fast_forward),
        TEST(finds_what_was_squashed_with_and_without_its_branch),
        TEST(finds_the_commits_of_an_open_branch),
        TEST(finds_commits_that_a_force_push_took_from_every_branch),
        TEST(leaves_out_what_came_from_main),
        TEST(takes_the_newer_base_of_a_criss_cross),
        TEST(follows_every_parent_of_an_octopus),
        TEST(compares_unrelated_histories_with_nothing),
        TEST(answers_many_requests_in_order_and_short_hashes),
        TEST(answers_nothing_to_nothing_and_in_an_empty_mirror),
        TEST(stops_when_the_visitor_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
