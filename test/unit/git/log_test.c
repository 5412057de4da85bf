#include "fixture.h"

#define H1 "1111111111111111111111111111111111111111"
#define H2 "2222222222222222222222222222222222222222"
#define H3 "3333333333333333333333333333333333333333"
#define T1 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Head of a record up to and with the parents. */
#define HEAD(hash, parents) hash "\0" T1 "\0" parents "\0"
#define PEOPLE(authored, committed)                                                                \
    "Ada\0ada@example.org\0" authored "\0Bob\0bob@example.org\0" committed "\0"

static GPtrArray *parse(const char *bytes, gsize length, GError **error)
{
    g_autoptr(GPtrArray) seen = seen_commits_new();
    return git_parse_log(bytes, length, seen_commits_visit, seen, error) ? g_steal_pointer(&seen)
                                                                         : NULL;
}
#define PARSE(literal, error) parse(literal, sizeof(literal) - 1, error)

static void reads_records_with_and_without_files(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seen =
        PARSE(HEAD(H1, "") PEOPLE("10", "20") "first\0"
                                              "\n1\t2\tplain\0"
                                              "-\t-\timage.png\0"
                                              "3\t0\t\0old name\0new name\0" HEAD(H2, H1)
                                                  PEOPLE("30", "40") "second\0" HEAD(H3, H1 " " H2)
                                                      PEOPLE("50", "60") "\0",
              &error);
    assert_non_null(seen);
    assert_int_equal(seen->len, 3);
    const SeenCommit *first = seen->pdata[0], *second = seen->pdata[1], *third = seen->pdata[2];
    assert_string_equal(first->hash, H1);
    assert_string_equal(first->tree, T1);
    assert_int_equal(first->authored, 10 * TIME_SECOND);
    assert_int_equal(first->committed, 20 * TIME_SECOND);
    assert_int_equal(first->files->len, 3);
    assert_string_equal(first->files->pdata[0], "1 2 plain");
    assert_string_equal(first->files->pdata[1], "- - image.png");
    assert_string_equal(first->files->pdata[2], "3 0 old name => new name");
    assert_int_equal(second->parents->len, 1);
    assert_int_equal(second->files->len, 0);
    assert_int_equal(third->parents->len, 2);
    assert_string_equal(third->parents->pdata[1], H2);
    assert_string_equal(third->subject, "");
}

static void makes_odd_dates_sane(void **state)
{
    static const struct {
        const char *bytes;
        gsize length;
        gint64 authored, committed; /* seconds */
    } CASES[] = {
#define CASE(authored, committed, a, c)                                                            \
    {HEAD(H1, "") PEOPLE(authored, committed) "s\0",                                               \
     sizeof(HEAD(H1, "") PEOPLE(authored, committed) "s\0") - 1, a, c}
        CASE("-5", "7", 0, 7),
        CASE("99999999999999999999999", "7", 7258118400, 7),
        CASE("", "7", 7, 7),
        CASE("8", "", 8, 8),
        CASE("", "", 0, 0),
        CASE("12abc", "7", 12, 7),
        CASE("18446744073709551615", "7258118401", 7258118400, 7258118400),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) seen = parse(CASES[i].bytes, CASES[i].length, &error);
        assert_non_null(seen);
        const SeenCommit *commit = seen->pdata[0];
        assert_int_equal(commit->authored, CASES[i].authored * TIME_SECOND);
        assert_int_equal(commit->committed, CASES[i].committed * TIME_SECOND);
    }
}

static void makes_odd_bytes_valid(void **state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seen = PARSE(HEAD(H1, "") "J\xf6rg\0j@x\0"
                                                   "1\0J\303\266rg\0j\tx\0"
                                                   "1\0tab\tand \xff\0"
                                                   "\n1\t0\tm\344rz\0"
                                                   "1\t0\tm\303\244rz\0"
                                                   "1\t0\ttab\tname\0"
                                                   "1\t0\t-\t-\t\0",
                                      &error);
    assert_non_null(seen);
    const SeenCommit *commit = seen->pdata[0];
    assert_string_equal(commit->author_name, "J\357\277\275rg");
    assert_string_equal(commit->committer_name, "J\303\266rg");
    assert_string_equal(commit->committer_email, "j x");
    assert_string_equal(commit->subject, "tab and \357\277\275");
    assert_string_equal(commit->files->pdata[0], "1 0 m\\344rz");
    assert_string_equal(commit->files->pdata[1], "1 0 m\303\244rz");
    assert_string_equal(commit->files->pdata[2], "1 0 tab\tname");
    assert_string_equal(commit->files->pdata[3], "1 0 -\t-\t");
}

static void cuts_what_is_too_long_at_a_character(void **state)
{
    /* "ä" is two bytes; 1024 is even, so one byte before them makes the cut fall into one. */
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_string_append_len(bytes, HEAD(H1, "") PEOPLE("1", "1") "x",
                        sizeof(HEAD(H1, "") PEOPLE("1", "1") "x") - 1);
    for (guint i = 0; i < 3 * 1024 * 1024; i++)
        g_string_append(bytes, "\303\244");
    g_string_append_c(bytes, '\0');
    g_string_append_len(bytes, "\n1\t1\t", 5);
    for (guint i = 0; i < 5000; i++)
        g_string_append_c(bytes, 'p');
    g_string_append_c(bytes, '\0');
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) seen = parse(bytes->str, bytes->len, &error);
    assert_non_null(seen);
    const SeenCommit *commit = seen->pdata[0];
    assert_int_equal(strlen(commit->subject), LIMIT_NAME - 1);
    assert_true(g_utf8_validate(commit->subject, -1, NULL));
    assert_int_equal(strlen(commit->files->pdata[0]), strlen("1 1 ") + LIMIT_PATH);
}

static void lists_no_more_files_than_the_limit(void **state)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_string_append_len(bytes, HEAD(H1, "") PEOPLE("1", "1") "many\0\n",
                        sizeof(HEAD(H1, "") PEOPLE("1", "1") "many\0\n") - 1);
    for (guint i = 0; i < LIMIT_GIT_FILES_PER_COMMIT + 10; i++) {
        g_string_append_printf(bytes, "1\t0\tfile-%u", i);
        g_string_append_c(bytes, '\0');
    }
    g_string_append_len(bytes, HEAD(H2, H1) PEOPLE("1", "1") "next\0\n2\t2\tx\0",
                        sizeof(HEAD(H2, H1) PEOPLE("1", "1") "next\0\n2\t2\tx\0") - 1);
    g_autoptr(GError) error = NULL;
    log_set_level(LOG_LEVEL_ERROR);
    g_autoptr(GPtrArray) seen = parse(bytes->str, bytes->len, &error);
    log_set_level(LOG_LEVEL_WARNING);
    assert_non_null(seen);
    const SeenCommit *many = seen->pdata[0], *next = seen->pdata[1];
    assert_int_equal(many->files->len, LIMIT_GIT_FILES_PER_COMMIT);
    assert_string_equal(many->files->pdata[0], "1 0 file-0");
    assert_int_equal(next->files->len, 1);
    assert_string_equal(next->files->pdata[0], "2 2 x");
}

static void refuses_what_is_no_log(void **state)
{
    static const struct {
        const char *bytes;
        gsize length;
    } CASES[] = {
#define BYTES(literal) {literal, sizeof(literal) - 1}
        BYTES("fatal: something\0"),
        BYTES(H1 "\0"),
        BYTES(H1 "\0" T1),
        BYTES(HEAD("111", "") PEOPLE("1", "1") "s\0"),
        BYTES(HEAD(H1, "no hash") PEOPLE("1", "1") "s\0"),
        BYTES(HEAD(H1, "") PEOPLE("1", "1") "s"),
        BYTES(HEAD(H1, "") PEOPLE("1", "1") "s\0\n1\t2\tcut"),
        BYTES(HEAD(H1, "") PEOPLE("1", "1") "s\0\n1\t2\0"),
        BYTES(HEAD(H1, "") PEOPLE("1", "1") "s\0\n1\t2\t\0old\0"),
        BYTES(HEAD(H1, "") PEOPLE("1", "1") "s\0\n1\t2\t\0\0new\0"),
        BYTES(HEAD("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "") PEOPLE("1", "1") "s\0"),
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(parse(CASES[i].bytes, CASES[i].length, &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_GIT));
    }
}

static gboolean stop(const Commit *commit, gpointer user_data, GError **error)
{
    int *calls = user_data;
    (*calls)++;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE, "no more");
    return FALSE;
}

static void stops_when_the_visitor_says_so(void **state)
{
    static const char LOG[] =
        HEAD(H1, "") PEOPLE("1", "1") "a\0" HEAD(H2, H1) PEOPLE("1", "1") "b\0";
    g_autoptr(GError) error = NULL;
    int calls = 0;
    assert_false(git_parse_log(LOG, sizeof LOG - 1, stop, &calls, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_STORE));
    assert_int_equal(calls, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_records_with_and_without_files),
        cmocka_unit_test(makes_odd_dates_sane),
        cmocka_unit_test(makes_odd_bytes_valid),
        cmocka_unit_test(cuts_what_is_too_long_at_a_character),
        cmocka_unit_test(lists_no_more_files_than_the_limit),
        cmocka_unit_test(refuses_what_is_no_log),
        cmocka_unit_test(stops_when_the_visitor_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
