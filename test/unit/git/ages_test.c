#include "fixture.h"

#include "git/ages.h"

/* Change @change brings a file of @lines lines. */
static void add_file(GitAges *ages, guint32 change, guint32 first_young, const char *path,
                     guint32 lines)
{
    git_ages_set_change(ages, change, first_young);
    GitAgesEdit *edit = git_ages_take(ages, NULL);
    assert_int_equal(git_ages_hunk(ages, edit, 0, 0, lines), 0);
    git_ages_put(ages, edit, path);
}

/* How many young lines go when lines @start to @start + @removed - 1 do. */
static guint32 remove_lines(GitAges *ages, const char *path, guint32 start, guint32 removed)
{
    GitAgesEdit *edit = git_ages_take(ages, path);
    guint32 young = git_ages_hunk(ages, edit, start, removed, 0);
    git_ages_put(ages, edit, path);
    return young;
}

static void keeps_lines_apart_by_the_change_that_brought_them(void **state)
{
    g_autoptr(GitAges) ages = git_ages_new(0);
    add_file(ages, 0, 0, "a", 10);
    git_ages_set_change(ages, 1, 0);
    GitAgesEdit *edit = git_ages_take(ages, "a"); /* 4 lines behind line 3, line 8 replaced */
    assert_int_equal(git_ages_hunk(ages, edit, 3, 0, 4), 0);
    assert_int_equal(git_ages_hunk(ages, edit, 8, 1, 1), 1);
    git_ages_put(ages, edit, "a");
    git_ages_set_change(ages, 2, 1); /* change 0 has grown old */
    assert_int_equal(remove_lines(ages, "a", 1, 3), 0);
    assert_int_equal(remove_lines(ages, "a", 1, 5), 4);
    assert_int_equal(remove_lines(ages, "a", 1, 6), 1);
}

static void takes_lines_it_never_saw_for_old(void **state)
{
    g_autoptr(GitAges) ages = git_ages_new(0);
    git_ages_set_change(ages, 5, 3);
    assert_int_equal(remove_lines(ages, "unseen", 100, 50), 0);
    GitAgesEdit *edit = git_ages_take(ages, "unseen");
    assert_int_equal(git_ages_hunk(ages, edit, 1000, 0, 2), 0);
    git_ages_put(ages, edit, "unseen");
    assert_int_equal(remove_lines(ages, "unseen", 1, 999), 0);
    assert_int_equal(remove_lines(ages, "unseen", 1, 5), 2);
}

static void forgets_files_that_went_and_finds_those_that_moved(void **state)
{
    g_autoptr(GitAges) ages = git_ages_new(0);
    add_file(ages, 0, 0, "a", 3);
    git_ages_put(ages, git_ages_take(ages, "a"), "b");
    assert_int_equal(remove_lines(ages, "a", 1, 3), 0);
    assert_int_equal(remove_lines(ages, "b", 1, 3), 3);
    add_file(ages, 1, 0, "c", 3);
    git_ages_put(ages, git_ages_take(ages, "c"), NULL);
    assert_int_equal(remove_lines(ages, "c", 1, 3), 0);
}

static void keeps_within_its_memory_and_says_what_that_cost(void **state)
{
    g_autoptr(GitAges) ages = git_ages_new(4000);
    char path[16];
    for (guint i = 0; i < 1000; i++) { /* each young for ten changes: what is old makes room */
        g_snprintf(path, sizeof path, "file-%u", i);
        add_file(ages, i, i < 10 ? 0 : i - 10, path, 5);
    }
    assert_false(git_ages_were_lost(ages));
    assert_int_equal(remove_lines(ages, "file-999", 1, 5), 5);
    for (guint i = 1000; i < 1100; i++) { /* young for good: too much */
        g_snprintf(path, sizeof path, "file-%u", i);
        add_file(ages, i, 989, path, 5);
    }
    assert_true(git_ages_were_lost(ages));
    assert_false(git_ages_were_lost(ages));
    assert_int_equal(remove_lines(ages, "file-1000", 1, 5), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_lines_apart_by_the_change_that_brought_them),
        cmocka_unit_test(takes_lines_it_never_saw_for_old),
        cmocka_unit_test(forgets_files_that_went_and_finds_those_that_moved),
        cmocka_unit_test(keeps_within_its_memory_and_says_what_that_cost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
