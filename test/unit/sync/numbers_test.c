/* Numbers of pull requests that still owe something. */
#include "sync/numbers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_text(const Numbers *numbers, const char *expected)
{
    g_autofree char *text = numbers_format(numbers);
    if (expected == NULL)
        assert_null(text);
    else
        assert_string_equal(text, expected);
}

static void they_are_kept_newest_first(void **state)
{
    Numbers numbers;
    numbers_init(&numbers, NULL);
    assert_text(&numbers, NULL);
    numbers_add(&numbers, 12);
    numbers_add(&numbers, 57);
    numbers_add(&numbers, 3);
    assert_text(&numbers, "57 12 3");
    assert_true(numbers_has(&numbers, 12));
    assert_false(numbers_has(&numbers, 13));
    numbers_clear(&numbers);
}

static void adding_twice_and_removing_what_is_not_there_change_nothing(void **state)
{
    Numbers numbers;
    numbers_init(&numbers, "9 4");
    numbers_add(&numbers, 4);
    numbers_remove(&numbers, 5);
    assert_false(numbers.changed);
    numbers_remove(&numbers, 9);
    assert_true(numbers.changed);
    assert_text(&numbers, "4");
    numbers_clear(&numbers);
}

static void text_that_is_no_list_of_numbers_is_left_out(void **state)
{
    Numbers numbers;
    numbers_init(&numbers, "7 x -3 0 99999999999999999999  8");
    assert_text(&numbers, "8 7");
    numbers_clear(&numbers);
}

static void what_is_written_is_read_again(void **state)
{
    Numbers numbers, again;
    numbers_init(&numbers, NULL);
    for (gint64 number = 1; number <= 1000; number += 3)
        numbers_add(&numbers, (number * 7919) % 1009 + 1);
    g_autofree char *text = numbers_format(&numbers);
    numbers_init(&again, text);
    assert_int_equal(again.items->len, numbers.items->len);
    assert_text(&again, text);
    numbers_clear(&numbers);
    numbers_clear(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_kept_newest_first),
        cmocka_unit_test(adding_twice_and_removing_what_is_not_there_change_nothing),
        cmocka_unit_test(text_that_is_no_list_of_numbers_is_left_out),
        cmocka_unit_test(what_is_written_is_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
