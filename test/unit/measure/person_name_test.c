/* Which names may be one person's, and which never. */
#include "../store/fixture.h"

#include "measure/person_name.h"

static void names_are_compared_without_order_case_accents_and_punctuation(void **state)
{
    static const struct {
        const char *a, *b;
        NameLikeness expected;
    } CASES[] = {
        {"Ana Roy", "ana roy", NAMES_SAME},
        {"Roy, Ana", "Ana Roy", NAMES_SAME},
        {"Siobhán O'Brien", "siobhan obrien", NAMES_SAME},
        {"Bergström  Pavel", "Pavel Bergstro\xcc\x88m", NAMES_SAME}, /* composed or not */
        {"Ana Roy", "Ana Royce", NAMES_DIFFER},
        {"A. Roy", "Ana Roy", NAMES_ALIKE},
        {"Ana R.", "Ana Roy", NAMES_ALIKE},
        {"A. R.", "Ana Roy", NAMES_DIFFER}, /* no whole word */
        {"Ana Maria Roy", "Ana Roy", NAMES_ALIKE},
        {"B. Roy", "Ana Roy", NAMES_DIFFER},
        {"Ana", "Ana", NAMES_ALIKE}, /* one word is no full name */
        {"Ana", "Ana Roy", NAMES_ALIKE},
        {"", "Ana Roy", NAMES_DIFFER},
        {"", "", NAMES_DIFFER},
        {"李 小龙", "小龙 李", NAMES_ALIKE},
        {"Jan Jan", "Jan Smith", NAMES_DIFFER}, /* each part needs one of its own */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        if (person_name_compare(CASES[i].a, CASES[i].b) != CASES[i].expected ||
            person_name_compare(CASES[i].b, CASES[i].a) != CASES[i].expected)
            fail_msg("'%s' and '%s': %d", CASES[i].a, CASES[i].b,
                     person_name_compare(CASES[i].a, CASES[i].b));
    }
}

static void addresses_are_made_of_names(void **state)
{
    static const char *const MADE[] = {
        "jane.doe@acme.test",      "jdoe@acme.test", "janed", "doejane",
        "Jane_Doe+work@acme.test", "jane-doe"};
    static const char *const NOT_MADE[] = {"jd@acme.test",
                                           "doe@acme.test",
                                           "john.doe@acme.test",
                                           "jane@acme.test",
                                           "jdoes@acme.test",
                                           "@acme.test",
                                           ""};
    for (gsize i = 0; i < G_N_ELEMENTS(MADE); i++)
        if (!person_name_is_made_of(MADE[i], "Jane Doe", NULL))
            fail_msg("%s is made of Jane Doe", MADE[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(NOT_MADE); i++)
        if (person_name_is_made_of(NOT_MADE[i], "Jane Doe", NULL))
            fail_msg("%s is not made of Jane Doe", NOT_MADE[i]);
    assert_true(person_name_is_made_of("jane@acme.test", "Jane Doe", "Jane"));
    assert_false(person_name_is_made_of(NULL, "Jane Doe", "jane"));
}

static void a_mailbox_has_no_tag(void **state)
{
    static const char *const CASES[][2] = {
        {"Jane+work@Acme.test", "jane@acme.test"},
        {"jane@acme.test", "jane@acme.test"},
        {"+work@acme.test", "+work@acme.test"},
        {"jane@sub+x.test", "jane@sub+x.test"},
        {"1234+jane@users.noreply.github.com", "jane@users.noreply.github.com"},
        {"jane+home", "jane+home"},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *mailbox = person_mailbox(CASES[i][0]);
        assert_string_equal(mailbox, CASES[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_compared_without_order_case_accents_and_punctuation),
        cmocka_unit_test(addresses_are_made_of_names),
        cmocka_unit_test(a_mailbox_has_no_tag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
