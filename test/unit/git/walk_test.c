#include "fixture.h"

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

static GPtrArray *walk(GitMirror *mirror, const char *known_tips)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *seen = seen_commits_new();
    if (!git_mirror_walk(mirror, known_tips, seen_commits_visit, seen, &error))
        fail_msg("%s", error->message);
    return seen;
}

static void assert_files(const SeenCommit *commit, const char *const *expected)
{
    guint count = g_strv_length((char **) expected);
    assert_int_equal(commit->files->len, count);
    for (guint i = 0; i < count; i++)
        assert_string_equal(commit->files->pdata[i], expected[i]);
}
#define FILES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* one - two - merge; side hangs on one. */
static const char STREAM[] =
    "commit refs/heads/main\nmark :1\n"
    "author Grace <grace@example.org> 1600000001 +0100\n"
    "committer Linus <linus@example.org> 1600000002 -0700\n"
    "data 3\none"
    "\nM 100644 inline a.txt\ndata 12\n1\n2\n3\n4\n5\n6\n"
    "\nM 100644 inline bin\ndata 4\n\0\1\2\3"
    "\n\ncommit refs/heads/side\nmark :2\n"
    "committer Linus <linus@example.org> 1600000003 +0000\n"
    "data 4\nside"
    "\nfrom :1\nM 100644 inline dir/b.txt\ndata 2\nx\n"
    "\n\ncommit refs/heads/main\nmark :3\n"
    "committer Linus <linus@example.org> 1600000004 +0000\n"
    "data 28\ntwo lines\nof subject\n\nbody\n\n"
    "\nfrom :1\nR a.txt z.txt\nM 100644 inline z.txt\ndata 14\n1\n2\n3\n4\n5\n6\n7\n"
    "\nM 100644 inline bin\ndata 4\n\0\1\2\4"
    "\n\ncommit refs/heads/main\nmark :4\n"
    "committer Linus <linus@example.org> 1600000005 +0000\n"
    "data 5\nmerge"
    "\nfrom :3\nmerge :2\nM 100644 inline dir/b.txt\ndata 2\nx\n"
    "\ncommit refs/heads/main\nmark :5\n"
    "committer Linus <linus@example.org> 1600000006 +0000\n"
    "data 5\nempty"
    "\nfrom :4\n\n";

static void gives_every_commit_with_its_lines_parents_first(void **state)
{
    const Fixture *fixture = *state;
    fixture_import(fixture, STREAM, sizeof STREAM - 1);
    g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
    g_autoptr(GPtrArray) seen = walk(mirror, NULL);
    assert_int_equal(seen->len, 5);

    const SeenCommit *one = seen_commits_find(seen, "one");
    assert_ptr_equal(one, seen->pdata[0]);
    assert_int_equal(one->parents->len, 0);
    assert_string_equal(one->author_name, "Grace");
    assert_string_equal(one->author_email, "grace@example.org");
    assert_string_equal(one->committer_name, "Linus");
    assert_string_equal(one->committer_email, "linus@example.org");
    assert_int_equal(one->authored, 1600000001 * TIME_SECOND);
    assert_int_equal(one->committed, 1600000002 * TIME_SECOND);
    assert_files(one, FILES("6 0 a.txt", "- - bin"));
    g_autofree char *tree = GIT(fixture, "rev-parse", "main~3^{tree}");
    assert_string_equal(one->tree, tree);

    const SeenCommit *two = seen_commits_find(seen, "two lines of subject");
    assert_files(two, FILES("- - bin", "1 0 a.txt => z.txt"));
    assert_string_equal(two->parents->pdata[0], one->hash);

    const SeenCommit *merge = seen_commits_find(seen, "merge");
    const SeenCommit *side = seen_commits_find(seen, "side");
    assert_int_equal(merge->parents->len, 2);
    assert_string_equal(merge->parents->pdata[0], two->hash);
    assert_string_equal(merge->parents->pdata[1], side->hash);
    assert_int_equal(merge->files->len, 0);
    assert_files(side, FILES("1 0 dir/b.txt"));
    assert_ptr_equal(merge, seen->pdata[3]);

    const SeenCommit *empty = seen_commits_find(seen, "empty");
    assert_int_equal(empty->files->len, 0);
    assert_string_equal(empty->parents->pdata[0], merge->hash);
}

/* Objects as broken tools wrote them: git itself would not. */
static char *write_commit(const Fixture *fixture, const char *parent, const char *rest,
                          gsize rest_length)
{
    static const char *const ARGUMENTS[] = {"hash-object", "-t",          "commit", "-w",
                                            "--stdin",     "--literally", NULL};
    g_autofree char *tree = GIT(fixture, "rev-parse", "main^{tree}");
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_string_append_printf(bytes, "tree %s\nparent %s\n", tree, parent);
    g_string_append_len(bytes, rest, (gssize) rest_length);
    return fixture_git(fixture, ARGUMENTS, bytes->str, (gssize) bytes->len);
}

static void reads_what_broken_tools_wrote(void **state)
{
    static const struct {
        const char *rest;
        gsize length;
        const char *subject, *author_name;
        gint64 authored, committed; /* seconds */
    } CASES[] = {
#define CASE(rest, subject, name, authored, committed)                                             \
    {rest, sizeof(rest) - 1, subject, name, authored, committed}
        CASE("author J\xf6rg <j@x> 1600000000 +0000\ncommitter Bob <b@x> 1600000001 +0000\n"
             "encoding ISO-8859-1\n\nSt\xfchle\n",
             "St\303\274hle", "J\303\266rg", 1600000000, 1600000001),
        CASE("author J\xf6rg <j@x> 1600000000 +0000\ncommitter Bob <b@x> 1600000001 +0000\n\nraw\n",
             "raw", "J\357\277\275rg", 1600000000, 1600000001),
        CASE(
            "author Ada <a@x> 1600000000 +9999\ncommitter Bob <b@x> 1600000001 -12345678\n\nzone\n",
            "zone", "Ada", 1600000000, 1600000001),
        CASE("author Ada <a@x> 99999999999999999999 +0000\ncommitter Bob <b@x> 1 +0000\n\nfuture\n",
             "future", "Ada", 7258118400, 1),
        CASE("author Ada <a@x>\ncommitter Bob <b@x> 1600000001 +0000\n\nundated\n", "undated",
             "Ada", 1600000001, 1600000001),
        CASE("author Ada <a@x> 1600000000 +0000\ncommitter Bob <b@x> 1600000001 +0000\n\n", "",
             "Ada", 1600000000, 1600000001),
        CASE("author Ada <a@x> 1600000000 +0000\ncommitter Bob <b@x> 1600000001 +0000\n\n"
             "first\nsecond\0hidden\n\nbody",
             "first second", "Ada", 1600000000, 1600000001),
    };
    const Fixture *fixture = *state;
    fixture_import(fixture, STREAM, sizeof STREAM - 1);
    g_autofree char *parent = GIT(fixture, "rev-parse", "main");
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *hash = write_commit(fixture, parent, CASES[i].rest, CASES[i].length);
        g_free(GIT(fixture, "update-ref", "refs/heads/odd", hash));
        g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
        g_autoptr(GPtrArray) seen = walk(mirror, NULL);
        assert_int_equal(seen->len, 6);
        const SeenCommit *odd = seen->pdata[5];
        assert_string_equal(odd->hash, hash);
        assert_string_equal(odd->subject, CASES[i].subject);
        assert_string_equal(odd->author_name, CASES[i].author_name);
        assert_int_equal(odd->authored, CASES[i].authored * TIME_SECOND);
        assert_int_equal(odd->committed, CASES[i].committed * TIME_SECOND);
    }
}

static void reads_odd_paths_and_submodules(void **state)
{
    static const char ODD[] =
        "commit refs/heads/main\ncommitter Ada <a@x> 1600000000 +0000\ndata 3\nodd\n"
        "M 100644 inline \"line\\nfeed\"\ndata 2\n1\n"
        "M 100644 inline \"latin \\344\"\ndata 2\n1\n"
        "M 100644 inline a => b\ndata 2\n1\n"
        "M 120000 inline link\ndata 6\ntarget\n"
        "M 160000 1234567890123456789012345678901234567890 module\n\n";
    const Fixture *fixture = *state;
    fixture_import(fixture, ODD, sizeof ODD - 1);
    g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
    g_autoptr(GPtrArray) seen = walk(mirror, NULL);
    /* A submodule is one line, the hash that it points to. */
    assert_files(seen_commits_find(seen, "odd"), FILES("1 0 a => b", "1 0 latin \\344",
                                                       "1 0 line\nfeed", "1 0 link", "1 0 module"));
}

static void walks_tags_that_no_branch_reaches_but_tells_only_branches(void **state)
{
    const Fixture *fixture = *state;
    fixture_import(fixture, STREAM, sizeof STREAM - 1);
    g_free(GIT(fixture, "tag", "-m", "release", "v1", "side"));
    g_free(GIT(fixture, "tag", "blob", "main:bin"));
    g_free(GIT(fixture, "update-ref", "-d", "refs/heads/side"));
    g_free(GIT(fixture, "update-ref", "refs/heads/main", "main~3"));
    g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
    g_autoptr(GPtrArray) seen = walk(mirror, NULL);
    assert_int_equal(seen->len, 2);
    (void) seen_commits_find(seen, "one");
    (void) seen_commits_find(seen, "side");
    g_autofree char *main = GIT(fixture, "rev-parse", "main");
    g_autofree char *expected = g_strconcat(main, " refs/heads/main\n", NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *tips = git_mirror_tips(mirror, &error);
    assert_string_equal(tips, expected);
}

static gboolean cancel_at_first(const Commit *commit, gpointer user_data, GError **error)
{
    git_mirror_cancel(user_data);
    return TRUE;
}

static void is_cancelled_while_walking_and_works_again(void **state)
{
    const Fixture *fixture = *state;
    fixture_import(fixture, STREAM, sizeof STREAM - 1);
    g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
    g_autoptr(GError) error = NULL;
    assert_false(git_mirror_walk(mirror, NULL, cancel_at_first, mirror, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_CANCELLED));
    git_mirror_cancel(mirror); /* nothing runs: nothing happens */
    g_autoptr(GPtrArray) seen = walk(mirror, NULL);
    assert_int_equal(seen->len, 5);
}

static gboolean refuse(const Commit *commit, gpointer user_data, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE, "no more");
    return FALSE;
}

static void stops_with_the_visitors_error(void **state)
{
    const Fixture *fixture = *state;
    fixture_import(fixture, STREAM, sizeof STREAM - 1);
    g_autoptr(GitMirror) mirror = fixture_mirror(fixture);
    g_autoptr(GError) error = NULL;
    assert_false(git_mirror_walk(mirror, NULL, refuse, NULL, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_STORE));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_every_commit_with_its_lines_parents_first),
        TEST(reads_what_broken_tools_wrote),
        TEST(reads_odd_paths_and_submodules),
        TEST(walks_tags_that_no_branch_reaches_but_tells_only_branches),
        TEST(is_cancelled_while_walking_and_works_again),
        TEST(stops_with_the_visitors_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
