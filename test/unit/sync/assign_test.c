/* Whose commits they are. Histories are drawn with parents to the left. */
#include "sync/assign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A full hash from a word: repeated to 40 digits, so that "ab" abbreviates it. */
static char *hash(const char *word)
{
    GString *text = g_string_new(word);
    while (text->len < 40)
        g_string_append_c(text, '0');
    return g_string_free(text, FALSE);
}

static void add(CommitGraph *graph, const char *word, const char *first, const char *second)
{
    g_autofree char *own = hash(word);
    g_autofree char *one = first != NULL ? hash(first) : NULL;
    g_autofree char *two = second != NULL ? hash(second) : NULL;
    const char *parents[] = {one, two};
    Commit commit = {
        .hash = own, .parents = parents, .n_parents = (first != NULL) + (gsize) (second != NULL)};
    commit_graph_add(graph, &commit);
}

/* "aa bb | 11": commits, then the boundary. NULL: the source is not there. */
static char *assign(CommitGraph *graph, const char *source, const char *destination)
{
    g_autoptr(GPtrArray) commits = g_ptr_array_new();
    g_autoptr(GPtrArray) boundary = g_ptr_array_new();
    if (!commit_graph_assign(graph, source, destination, commits, boundary))
        return NULL;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < commits->len; i++)
        g_string_append_printf(text, "%.2s ", (const char *) commits->pdata[i]);
    g_string_append_c(text, '|');
    for (guint i = 0; i < boundary->len; i++)
        g_string_append_printf(text, " %.2s", (const char *) boundary->pdata[i]);
    return g_string_free(text, FALSE);
}

static void two_branches_of_one_list_are_told_apart(void **state)
{
    /* 11 - aa - ab        22 - ba */
    g_autoptr(CommitGraph) graph = commit_graph_new();
    add(graph, "ab", "aa", NULL);
    add(graph, "aa", "11", NULL);
    add(graph, "ba", "22", NULL);
    g_autofree char *first = assign(graph, "ab0000000000", "110000000000");
    g_autofree char *second = assign(graph, "ba0000000000", NULL);
    assert_string_equal(first, "ab aa | 11");
    assert_string_equal(second, "ba | 22");
}

static void a_stacked_one_does_not_count_what_its_destination_has(void **state)
{
    /* 11 - aa - ab (destination)
     *        \- ca - cb (source) */
    g_autoptr(CommitGraph) graph = commit_graph_new();
    add(graph, "cb", "ca", NULL);
    add(graph, "ca", "aa", NULL);
    add(graph, "ab", "aa", NULL);
    add(graph, "aa", "11", NULL);
    g_autofree char *text = assign(graph, "cb00000", "ab00000");
    assert_string_equal(text, "cb ca |");
    g_autofree char *unknown = assign(graph, "cb00000", "ff00000");
    assert_string_equal(unknown, "cb ca aa | 11");
}

static void a_merge_from_the_destination_leaves_the_list_twice(void **state)
{
    /* 11 - aa - ab (merge of 22) - ac */
    g_autoptr(CommitGraph) graph = commit_graph_new();
    add(graph, "ac", "ab", NULL);
    add(graph, "ab", "aa", "22");
    add(graph, "aa", "11", NULL);
    g_autofree char *text = assign(graph, "ac00000", NULL);
    assert_string_equal(text, "ac ab aa | 22 11");
}

static void a_source_that_is_not_in_the_list_is_not_guessed(void **state)
{
    g_autoptr(CommitGraph) graph = commit_graph_new();
    add(graph, "aa", "11", NULL);
    add(graph, "aab", "11", NULL);
    assert_null(assign(graph, "ff00000", NULL));
    assert_null(assign(graph, NULL, NULL));
    assert_null(commit_graph_find(graph, "aa")); /* two begin like that */
    assert_non_null(commit_graph_find(graph, "aab"));
}

static void a_commit_that_comes_on_two_pages_counts_once(void **state)
{
    g_autoptr(CommitGraph) graph = commit_graph_new();
    add(graph, "aa", "11", NULL);
    assert_non_null(commit_graph_find(graph, "aa0000"));
    add(graph, "aa", "11", NULL);
    add(graph, "ab", "aa", NULL);
    assert_int_equal(commit_graph_size(graph), 2);
    assert_non_null(commit_graph_find(graph, "ab0000"));
}

static void a_history_that_bites_its_tail_ends(void **state)
{
    g_autoptr(CommitGraph) graph = commit_graph_new();
    add(graph, "aa", "bb", NULL);
    add(graph, "bb", "aa", NULL);
    g_autofree char *text = assign(graph, "aa", NULL);
    assert_string_equal(text, "aa bb |");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_branches_of_one_list_are_told_apart),
        cmocka_unit_test(a_stacked_one_does_not_count_what_its_destination_has),
        cmocka_unit_test(a_merge_from_the_destination_leaves_the_list_twice),
        cmocka_unit_test(a_source_that_is_not_in_the_list_is_not_guessed),
        cmocka_unit_test(a_commit_that_comes_on_two_pages_counts_once),
        cmocka_unit_test(a_history_that_bites_its_tail_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
