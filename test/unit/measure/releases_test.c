/* What counts as a release, and which names a branch may have. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "measure/measure.h"

static void each_kind_is_found_by_its_name(void **state)
{
    for (guint i = 0; i < RELEASE_KIND_COUNT; i++) {
        ReleaseKind kind = RELEASE_KIND_COUNT;
        assert_true(release_kind_from_name(release_kind_name((ReleaseKind) i), &kind));
        assert_int_equal(kind, i);
        assert_non_null(release_kind_words(kind));
    }
    ReleaseKind kind = RELEASE_BY_MERGES;
    assert_false(release_kind_from_name("merges", &kind));
    assert_false(release_kind_from_name(NULL, &kind));
    assert_int_equal(kind, RELEASE_BY_MERGES); /* untouched */
}

static void a_merge_counts_before_a_pipeline(void **state)
{
    const StoreRepository none = {0}, pipeline = {.release_on_pipeline = TRUE},
                          both = {.release_on_pipeline = TRUE, .release_on_merge = TRUE};
    assert_int_equal(release_kind_of(&none), RELEASE_BY_DEPLOYMENTS);
    assert_int_equal(release_kind_of(&pipeline), RELEASE_BY_PIPELINES);
    assert_int_equal(release_kind_of(&both), RELEASE_BY_MERGES);
}

static void a_glob_stands_for_name_slug_and_project(void **state)
{
    const StoreRepository shop = {
        .full_name = (char *) "acme/shop", .slug = (char *) "shop", .project_key = (char *) "PAY"};
    const StoreRepository bare = {.full_name = (char *) "acme/bare", .slug = (char *) "bare"};
    assert_true(release_matches(&shop, "acme/*"));
    assert_true(release_matches(&shop, "sh?p"));
    assert_true(release_matches(&shop, "PAY"));
    assert_false(release_matches(&shop, "pay"));
    assert_true(release_matches(&bare, "*"));
    assert_false(release_matches(&bare, "PAY"));
}

/* The verdicts are those of git check-ref-format --branch. */
static void a_branch_has_a_name_that_git_allows(void **state)
{
    static const char *const GOOD[] = {"main", "release/1.x", "feature/ä-b_c", "a@b", "v1.0", "x"};
    static const char *const BAD[] = {"",     "a b",  "-a",   "/a",       "a/",      ".a",
                                      "a.",   "a..b", "a//b", "a.lock",   "@",       "a@{b",
                                      "a/.b", "a~1",  "a^",   "a:b",      "a?",      "a*",
                                      "a[b",  "a\\b", "a\tb", "\xff\xfe", "a.lock/b"};
    for (gsize i = 0; i < G_N_ELEMENTS(GOOD); i++)
        if (!release_branch_fits(GOOD[i]))
            fail_msg("'%s' is refused", GOOD[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(BAD); i++)
        if (release_branch_fits(BAD[i]))
            fail_msg("'%s' is taken", BAD[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_is_found_by_its_name),
        cmocka_unit_test(a_merge_counts_before_a_pipeline),
        cmocka_unit_test(a_glob_stands_for_name_slug_and_project),
        cmocka_unit_test(a_branch_has_a_name_that_git_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
