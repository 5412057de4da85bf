/*
 * Who is a machine: the rules in their order. The names on docs/metrics.md are held by golden_test.
 */
#include "measure/bots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void the_kind_of_account_decides_before_any_name(void **state)
{
    const char *reason = bots_judge("app", "Ann Abbott", "ann", "ann@example.test");
    assert_non_null(reason);
    assert_non_null(strstr(reason, "app"));
    assert_null(bots_judge("user", "Ann Abbott", "ann", "ann@example.test"));
    assert_null(bots_judge("team", "Payments", NULL, NULL));
}

static void addresses_that_bitbucket_gives_to_tokens_are_machines(void **state)
{
    assert_non_null(bots_judge("user", "deploys", NULL, "9f3c@bots.bitbucket.org"));
    assert_non_null(bots_judge("user", "deploys", NULL, "9F3C@BOTS.BITBUCKET.ORG"));
    assert_null(bots_judge("user", "deploys", NULL, "@bots.bitbucket.org"));
    assert_null(bots_judge("user", "deploys", NULL, "ann@bots.bitbucket.org.example.test"));
}

static void the_nickname_counts_as_much_as_the_name(void **state)
{
    assert_non_null(bots_judge("user", "Updates", "renovate-bot", NULL));
    assert_non_null(bots_judge("user", NULL, "Snyk", NULL));
    assert_null(bots_judge("user", NULL, NULL, NULL));
    assert_null(bots_judge(NULL, "", "", ""));
}

static void bot_is_a_word_only_between_boundaries(void **state)
{
    static const char *const MACHINES[] = {"bot",    "BOT",     "a bot",     "bot a",
                                           "x[bot]", "x/bot.y", "robot-bot", "bot_1"};
    static const char *const PEOPLE[] = {"robot", "bots", "Talbot", "bot1", "b-ot", "Botha"};
    for (gsize i = 0; i < G_N_ELEMENTS(MACHINES); i++)
        if (bots_judge("user", MACHINES[i], NULL, NULL) == NULL)
            fail_msg("'%s' is judged a person", MACHINES[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(PEOPLE); i++)
        if (bots_judge("user", PEOPLE[i], NULL, NULL) != NULL)
            fail_msg("'%s' is judged a bot", PEOPLE[i]);
}

static void a_judgement_by_hand_is_known_by_its_reason(void **state)
{
    assert_true(bots_is_by_hand("by hand: a service account"));
    assert_false(bots_is_by_hand("the name has the word \"bot\""));
    assert_false(bots_is_by_hand(NULL));
}

static void patterns_of_the_workspace_fit_names_and_addresses(void **state)
{
    assert_non_null(bots_match("nightly*, svc-?", "Nightly Builds", NULL, NULL));
    assert_non_null(bots_match("nightly*, svc-?", "Deploys", "SVC-7", NULL));
    assert_non_null(bots_match("*@ci.acme.test", "Deploys", NULL, "x@CI.acme.test"));
    assert_null(bots_match("nightly*, svc-?", "Ann Nightly", "svc-77", "ann@acme.test"));
    assert_null(bots_match(" , ", "", "", ""));
    assert_null(bots_match(NULL, "Ann", NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kind_of_account_decides_before_any_name),
        cmocka_unit_test(addresses_that_bitbucket_gives_to_tokens_are_machines),
        cmocka_unit_test(the_nickname_counts_as_much_as_the_name),
        cmocka_unit_test(bot_is_a_word_only_between_boundaries),
        cmocka_unit_test(patterns_of_the_workspace_fit_names_and_addresses),
        cmocka_unit_test(a_judgement_by_hand_is_known_by_its_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
