#include "fixture.h"
#include "git/graph.h"
#include "git/paint.h"

/* A hash that begins with @start and ends with @number. */
static char *make_hash(const char *start, guint number)
{
    return g_strdup_printf("%s%0*u", start, (int) (40 - strlen(start)), number);
}

static void add(GitGraph *graph, const char *line)
{
    g_autoptr(GError) error = NULL;
    if (!git_graph_add_line(graph, line, strlen(line), &error))
        fail_msg("%s: %s", line, error->message);
}

#define A "a000000000000000000000000000000000000001"
#define B "b000000000000000000000000000000000000002"
#define C "c000000000000000000000000000000000000003"
#define D "a000000100000000000000000000000000000004"

static void finds_commits_by_hash_and_by_prefix(void **state)
{
    g_autoptr(GitGraph) graph = git_graph_new();
    add(graph, "100 " A);
    add(graph, "200 " B " " A);
    add(graph, "300 " C " " A " " B);
    add(graph, "400 " D " " C);
    assert_int_equal(git_graph_find(graph, C), 2);
    assert_int_equal(git_graph_find(graph, "b000000"), 1);
    assert_int_equal(git_graph_find(graph, "B00000000000"), 1);
    assert_int_equal(git_graph_find(graph, "a0000001"), 3);
    /* Two begin so; too short; none; too long; no digits. */
    assert_int_equal(git_graph_find(graph, "a000000"), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_find(graph, "b00000"), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_find(graph, "b000001"), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_find(graph, C "0"), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_find(graph, "main"), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_find(graph, ""), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_find(graph, NULL), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_parent_count(graph, 2), 2);
    assert_int_equal(git_graph_parent(graph, 2, 1), 1);
    assert_int_equal(git_graph_parent(graph, 2, 2), GIT_GRAPH_NONE);
    assert_int_equal(git_graph_time(graph, 3), 400);
}

static void keeps_every_commit_while_the_table_grows(void **state)
{
    g_autoptr(GitGraph) graph = git_graph_new();
    /* All of them begin with the same bits: one long run around the end of the table. */
    for (guint i = 0; i < 6000; i++) {
        g_autofree char *hash = make_hash("ffffffff", i);
        g_autofree char *parent = i > 0 ? make_hash("ffffffff", i - 1) : NULL;
        g_autofree char *line = g_strconcat("1 ", hash, parent ? " " : NULL, parent, NULL);
        add(graph, line);
        add(graph, line); /* a commit seen twice is one */
    }
    assert_int_equal(git_graph_count(graph), 6000);
    for (guint i = 0; i < 6000; i++) {
        g_autofree char *hash = make_hash("ffffffff", i);
        assert_int_equal(git_graph_find(graph, hash), i);
    }
    assert_int_equal(git_graph_find(graph, "ffffffff"), GIT_GRAPH_NONE);
}

static void refuses_lines_that_are_none_and_stays_whole(void **state)
{
    static const char *const BAD[] = {
        "",           A,
        "1",          "1 ",
        "x " A,       "1 " A "0",
        "1 " B " zz", "1 " B " " C,
        "1  " B,      "1 " B B "00000000000000000000000000",
    };
    g_autoptr(GitGraph) graph = git_graph_new();
    add(graph, "1 " A);
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(git_graph_add_line(graph, BAD[i], strlen(BAD[i]), &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_GIT));
    }
    assert_int_equal(git_graph_count(graph), 1);
    add(graph, "2 " B " " A);
    assert_int_equal(git_graph_parent(graph, 1, 0), 0);
}

/* One letter a commit: "c:ab" is c with the parents a and b. The date is the place in the list. */
static GitGraph *draw(const char *picture)
{
    GitGraph *graph = git_graph_new();
    g_auto(GStrv) commits = g_strsplit(picture, " ", -1);
    for (guint i = 0; commits[i]; i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        g_string_append_printf(line, "%u", i);
        for (const char *at = commits[i]; *at; at++)
            if (*at != ':')
                g_string_append_printf(line, " %08x%032d", *at, 0);
        add(graph, line->str);
    }
    return graph;
}

static guint32 at(const GitGraph *graph, char letter)
{
    g_autofree char *prefix = g_strdup_printf("%08x", letter);
    return git_graph_find(graph, prefix);
}

static char letter_of(const GitGraph *graph, guint32 commit)
{
    g_autoptr(GString) hash = g_string_new(NULL);
    if (commit == GIT_GRAPH_NONE)
        return '-';
    git_graph_append_hash(graph, commit, hash);
    hash->str[8] = '\0';
    return (char) g_ascii_strtoull(hash->str, NULL, 16);
}

static void paints_what_the_source_alone_has(void **state)
{
    static const struct {
        const char *picture;
        char source, base;
        const char *commits; /* newest first */
        char merge_base;
    } CASES[] = {
        {"a b:a c:b d:b e:d", 'e', 'c', "ed", 'b'},           /* a branch */
        {"a b:a c:b", 'c', 'a', "cb", 'a'},                   /* straight on: a fast-forward */
        {"a b:a c:b", 'a', 'c', "", 'a'},                     /* behind */
        {"a b:a", 'b', 'b', "", 'b'},                         /* itself */
        {"a b:a c:a d:bc e:d", 'e', 'b', "edc", 'b'},         /* the base merged into the source */
        {"a b:a c:a d:c e:bc f:d", 'f', 'e', "fd", 'c'},      /* the source merged into the base */
        {"a b:a c:a d:bc e:cb f:d g:e", 'f', 'g', "fd", 'c'}, /* criss-cross: the newer base */
        {"a b c:a d:b", 'c', 'd', "ca", '-'},                 /* unrelated */
        {"a b:a c:a d:a e:bcd f:a", 'e', 'f', "edcb", 'a'},   /* octopus */
        {"a b:a c:b d:b e:a f:ec g:d", 'g', 'f', "gd", 'b'},  /* b is the base, a is older */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GitGraph) graph = draw(CASES[i].picture);
        g_autoptr(GitPainter) painter = git_painter_new(graph);
        for (guint round = 0; round < 2; round++) {
            GitPainting painting =
                git_painter_paint(painter, at(graph, CASES[i].source), at(graph, CASES[i].base));
            g_autoptr(GString) letters = g_string_new(NULL);
            for (gsize k = 0; k < painting.n_commits; k++)
                g_string_append_c(letters, letter_of(graph, painting.commits[k]));
            assert_string_equal(letters->str, CASES[i].commits);
            assert_int_equal(letter_of(graph, painting.merge_base), CASES[i].merge_base);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_commits_by_hash_and_by_prefix),
        cmocka_unit_test(keeps_every_commit_while_the_table_grows),
        cmocka_unit_test(refuses_lines_that_are_none_and_stays_whole),
        cmocka_unit_test(paints_what_the_source_alone_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
