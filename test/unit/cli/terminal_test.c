/*
 * The progress line, and secrets among the arguments.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "cli/credential.h"
#include "cli/progress.h"

static SyncProgress half_way(void)
{
    return (SyncProgress){.repository = "acme/billing",
                          .stage = SYNC_STAGE_ACTIVITY,
                          .done = 120,
                          .expected = 400,
                          .overall = 0.5,
                          .requests = 87,
                          .eta_seconds = 42};
}

static void progress_is_one_line_with_stage_share_requests_and_time(void **state)
{
    SyncProgress half = half_way();
    g_autofree char *line = progress_line(&half, 120, FALSE);
    g_autofree char *expected =
        g_strdup_printf(" 50%% ##########.......... %s 120/400, 87 requests, about 42 s left",
                        sync_stage_title(SYNC_STAGE_ACTIVITY));
    assert_string_equal(line, expected);
}

static void progress_says_only_what_is_known(void **state)
{
    SyncProgress start = {.stage = SYNC_STAGE_REPOSITORIES,
                          .expected = COUNT_ABSENT,
                          .requests = 1,
                          .eta_seconds = COUNT_ABSENT,
                          .note = "waiting 42 s for the request allowance"};
    g_autofree char *line = progress_line(&start, 120, FALSE);
    assert_null(strstr(line, "left"));
    assert_non_null(strstr(line, "1 request,"));
    assert_true(g_str_has_suffix(line, "waiting 42 s for the request allowance"));
}

static void progress_never_exceeds_the_terminal(void **state)
{
    SyncProgress half = half_way();
    for (guint width = 1; width < 100; width++) {
        g_autofree char *line = progress_line(&half, width, TRUE);
        assert_true(g_utf8_validate(line, -1, NULL));
        assert_true(g_utf8_strlen(line, -1) <= (glong) width);
    }
}

static void long_waits_are_told_in_minutes_and_hours(void **state)
{
    SyncProgress half = half_way();
    half.eta_seconds = 150;
    g_autofree char *minutes = progress_line(&half, 120, FALSE);
    half.eta_seconds = 9000;
    g_autofree char *hours = progress_line(&half, 120, FALSE);
    assert_true(g_str_has_suffix(minutes, "about 3 min left"));
    assert_true(g_str_has_suffix(hours, "about 2.5 h left"));
}

static void secrets_as_arguments_are_refused_and_blotted_out(void **state)
{
    static const char *const FORMS[] = {"--token", "--secret", "--password", "--app-password"};
    for (gsize i = 0; i < G_N_ELEMENTS(FORMS); i++) {
        g_autoptr(GError) together = NULL, apart = NULL;
        g_autofree char *joined = g_strdup_printf("%s=TOPSECRET", FORMS[i]);
        g_autofree char *name = g_strdup(FORMS[i]), *value = g_strdup("TOPSECRET");
        char *one[] = {NULL, joined, NULL}, *two[] = {NULL, name, value, NULL};
        assert_false(cli_secret_refuse_arguments(2, one, &together));
        assert_false(cli_secret_refuse_arguments(3, two, &apart));
        assert_true(error_is(together, PLUMBLINE_ERROR_USAGE));
        assert_null(strstr(joined, "SECRET"));
        assert_string_equal(value, "*********");
        assert_null(strstr(apart->message, "TOPSECRET"));
    }
}

static void a_token_file_is_no_secret(void **state)
{
    g_autofree char *file = g_strdup("--token-file"), *joined = g_strdup("--token-file=x");
    char *arguments[] = {NULL, file, joined, NULL};
    assert_true(cli_secret_refuse_arguments(3, arguments, NULL));
    assert_string_equal(joined, "--token-file=x");
}

static void a_secret_is_taken_out_of_the_environment(void **state)
{
    Buffer secret;
    g_autofree char *warning = NULL;
    g_setenv("PLUMBLINE_TOKEN", "ATCTT3x-secret\n", TRUE);
    assert_true(cli_secret_is_given());
    assert_true(cli_secret_read("acme", &secret, &warning, NULL));
    assert_string_equal((const char *) secret.data, "ATCTT3x-secret");
    assert_null(g_getenv("PLUMBLINE_TOKEN"));
    buffer_wipe(&secret);
    g_autofree char *shown = log_redact("sent ATCTT3x-secret");
    assert_null(strstr(shown, "ATCTT3x-secret"));
    log_forget_secrets();
}

static void what_cannot_be_a_token_is_refused_without_being_shown(void **state)
{
    static const char *const VALUES[] = {"", " \n", "two words", "line\nbreak"};
    for (gsize i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *warning = NULL;
        Buffer secret;
        g_setenv("PLUMBLINE_TOKEN", VALUES[i], TRUE);
        assert_false(cli_secret_read("acme", &secret, &warning, &error));
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
        assert_null(strstr(error->message, "words"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_is_one_line_with_stage_share_requests_and_time),
        cmocka_unit_test(progress_says_only_what_is_known),
        cmocka_unit_test(progress_never_exceeds_the_terminal),
        cmocka_unit_test(long_waits_are_told_in_minutes_and_hours),
        cmocka_unit_test(secrets_as_arguments_are_refused_and_blotted_out),
        cmocka_unit_test(a_token_file_is_no_secret),
        cmocka_unit_test(a_secret_is_taken_out_of_the_environment),
        cmocka_unit_test(what_cannot_be_a_token_is_refused_without_being_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
