/*
 * What fits a setting of a workspace, and that its table tells the truth about what holds.
 */
#include "../store/fixture.h"

#include "measure/measure.h"

static void set(Fixture *fixture, const char *key, const char *value)
{
    WRITE(fixture, store_put_setting(tx, fixture->workspace_id, key, value, &error));
}

static void what_is_said_to_hold_fits_itself(void **state)
{
    Fixture *fixture = *state;
    for (gsize i = 0; i < measure_setting_count(); i++) {
        const MeasureSetting *setting = measure_setting(i);
        if (*setting->initial != '\0')
            assert_ok(measure_setting_check(fixture->store, fixture->workspace_id, setting->key,
                                            setting->initial, &error));
    }
}

static void each_kind_refuses_what_does_not_fit(void **state)
{
    static const char *const WRONG[][2] = {
        {"calendar.zone", "Mars/Base"},
        {"calendar.days", "mon-xyz"},
        {"calendar.from", "9"},
        {"calendar.until", "25:00"},
        {"calendar.holidays", "tomorrow"},
        {"privacy.least-group", "0"},
        {"privacy.least-group", "many"},
        {"privacy.people", "yes"},
        {"bots.patterns", "ci-*,*"},
        {"bots.patterns", "a,,b"},
        {"issues.pattern", "[A-Z"},
        {"calendar.colour", "blue"},
        {"calendar.zone", "Europe/\xff"},
    };
    Fixture *fixture = *state;
    for (gsize i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        g_autoptr(GError) error = NULL;
        if (measure_setting_check(fixture->store, fixture->workspace_id, WRONG[i][0], WRONG[i][1],
                                  &error))
            fail_msg("%s takes '%s'", WRONG[i][0], WRONG[i][1]);
        assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
    }
}

/* Each end of the working day fits the other or not. */
static void a_part_of_the_calendar_is_judged_beside_the_others(void **state)
{
    Fixture *fixture = *state;
    const gint64 id = fixture->workspace_id;
    assert_fails(measure_setting_check(fixture->store, id, "calendar.from", "18:00", &error),
                 INVALID);
    set(fixture, "calendar.until", "20:00");
    assert_ok(measure_setting_check(fixture->store, id, "calendar.from", "18:00", &error));
    set(fixture, "calendar.from", "18:00");
    assert_fails(measure_setting_check(fixture->store, id, "calendar.until", "17:00", &error),
                 INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_said_to_hold_fits_itself, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(each_kind_refuses_what_does_not_fit, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_part_of_the_calendar_is_judged_beside_the_others,
                                        fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
