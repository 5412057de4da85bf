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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gives_every_commit_with_its_lines_parents_first, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
