#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void an_id_is_the_first_53_bits_of_the_key_s_digest(void **state)
{
    /* printf '\x03\0\0\0\0\0\0\0\x07{abc}' | sha256sum -> first 16 digits, shifted right by 11 bits
     */
    assert_int_equal(model_id(ID_REPOSITORY, 7, "{abc}"), 6585118211797047);
    assert_int_not_equal(model_id(ID_REPOSITORY, 7, "{abc}"), model_id(ID_PERSON, 7, "{abc}"));
    assert_int_not_equal(model_id(ID_REPOSITORY, 7, "{abc}"), model_id(ID_REPOSITORY, 8, "{abc}"));
    assert_true(model_id(ID_PERSON, 1, "") > 0 &&
                model_id(ID_PERSON, 1, "") < (G_GINT64_CONSTANT(1) << 53));
}

static void a_person_is_keyed_by_uuid_then_account_then_as_deleted(void **state)
{
    g_autoptr(GString) buffer = g_string_new(NULL);
    assert_string_equal(model_person_key(&(Person){.uuid = "{u}", .account_id = "a"}, buffer),
                        "{u}");
    assert_string_equal(model_person_key(&(Person){.account_id = "a"}, buffer), "account:a");
    assert_string_equal(model_person_key(&(Person){.display_name = "Former user"}, buffer),
                        "deleted");
}

static void hashes_are_the_same_at_any_length(void **state)
{
    assert_true(model_same_hash("2ae150fc05f8", "2ae150fc05f8aa01"));
    assert_true(model_same_hash("2ae150fc05f8aa01", "2ae150fc05f8"));
    assert_false(model_same_hash("2ae150fc05f8", "2ae150fc05f9aa01"));
    assert_true(model_same_hash(NULL, NULL));
    assert_false(model_same_hash(NULL, "2ae150fc05f8"));
}

static void states_go_to_names_and_back(void **state)
{
    for (int i = PR_OPEN; i <= PR_STATE_UNKNOWN; i++)
        assert_int_equal(model_state_from_name(model_state_name((PullRequestState) i)), i);
    assert_int_equal(model_state_from_name("QUEUED"), PR_STATE_UNKNOWN);
    assert_int_equal(model_state_from_name(NULL), PR_STATE_UNKNOWN);
    assert_string_equal(model_event_name((PrEventKind) 99), "unknown");
}

static void paths_tell_who_wrote_a_file(void **state)
{
    static const struct {
        const char *path;
        PathClass expected;
    } SAMPLES[] = {
        {"src/main.c", PATH_AUTHORED},
        {"web/package-lock.json", PATH_GENERATED},
        {"go.sum", PATH_GENERATED},
        {"vendor/lib/a.go", PATH_VENDORED},
        {"a/node_modules/b/c.js", PATH_VENDORED},
        {"vendored.c", PATH_AUTHORED},
        {"api/user.pb.go", PATH_GENERATED},
        {"static/app.min.js", PATH_GENERATED},
        {"dist/app.js", PATH_GENERATED},
        {"src/distance.c", PATH_AUTHORED},
        {"my-package-lock.json.md", PATH_AUTHORED},
        {"", PATH_AUTHORED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(SAMPLES); i++)
        assert_int_equal(model_path_class(SAMPLES[i].path), SAMPLES[i].expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_the_first_53_bits_of_the_key_s_digest),
        cmocka_unit_test(a_person_is_keyed_by_uuid_then_account_then_as_deleted),
        cmocka_unit_test(hashes_are_the_same_at_any_length),
        cmocka_unit_test(states_go_to_names_and_back),
        cmocka_unit_test(paths_tell_who_wrote_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
