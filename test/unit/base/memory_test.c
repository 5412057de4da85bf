#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_arena_gives_zeroed_aligned_memory_up_to_its_maximum(void **state)
{
    g_autoptr(Arena) arena = arena_new(4096);
    for (int i = 0; i < 16; i++) {
        guint8 *memory = arena_alloc(arena, 100);
        assert_non_null(memory);
        assert_int_equal((guintptr) memory % _Alignof(max_align_t), 0);
        for (int j = 0; j < 100; j++)
            assert_int_equal(memory[j], 0);
        memset(memory, 0xff, 100);
    }
    assert_null(arena_alloc(arena, 4096));
    assert_null(arena_alloc(arena, G_MAXSIZE));
    assert_true(arena_used(arena) <= 4096);
}

static void an_arena_copies_text_with_and_without_length(void **state)
{
    g_autoptr(Arena) arena = arena_new(1 << 20);
    assert_string_equal(arena_copy_text(arena, "pull request", -1), "pull request");
    assert_string_equal(arena_copy_text(arena, "pull request", 4), "pull");
    assert_null(arena_copy_text(arena, NULL, 3));
    assert_non_null(arena_alloc(arena, 200000)); /* larger than a block */
}

static void a_buffer_refuses_to_outgrow_its_maximum(void **state)
{
    g_auto(Buffer) buffer;
    buffer_init(&buffer, 10);
    assert_true(buffer_append(&buffer, "12345", 5));
    assert_false(buffer_append(&buffer, "123456", 6));
    assert_string_equal((char *) buffer.data, "12345");
    assert_true(buffer_append(&buffer, "67890", 5));
    assert_false(buffer_append(&buffer, "x", 1));
    assert_int_equal(buffer.length, 10);
    assert_false(buffer_append(&buffer, "x", G_MAXSIZE));
    buffer_wipe(&buffer);
    assert_null(buffer.data);
    assert_true(buffer_append(&buffer, "again", 5));
}

static void a_line_never_shows_a_secret(void **state)
{
    log_add_secret("s3cret-of-acme");
    g_autofree char *line =
        log_redact("GET /x?t=s3cret-of-acme with ATCTT3xFfGN0abc_-= and ATBBqq. end");
    assert_string_equal(line, "GET /x?t=*** with *** and *** end");
    log_forget_secrets();
    g_autofree char *later = log_redact("s3cret-of-acme");
    assert_string_equal(later, "s3cret-of-acme");
}

static void every_error_has_a_name_a_status_an_exit_code_and_a_sentence(void **state)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    for (int code = 0; code < PLUMBLINE_ERROR_COUNT; code++) {
        assert_true(g_hash_table_add(names, (gpointer) error_name(code)));
        assert_in_range(error_http_status(code), 400, 599);
        assert_in_range(error_exit_code(code), 1, 7);
        assert_true(g_str_has_suffix(error_sentence(code), "."));
    }
    assert_string_equal(error_name(-1), "internal");
    assert_string_equal(error_name(PLUMBLINE_ERROR_COUNT), "internal");
}

static void what_is_shown_holds_no_secret_and_nothing_that_a_terminal_obeys(void **state)
{
    log_add_secret("hunter22");
    g_autofree char *shown =
        log_printable("a\033[31mb\r\nc x\302\233y \342\200\256exe.gpj hunter22 \377 \303\274");
    assert_string_equal(shown, "a [31mb  c x y  exe.gpj *** \357\277\275 \303\274");
    log_forget_secrets();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_gives_zeroed_aligned_memory_up_to_its_maximum),
        cmocka_unit_test(an_arena_copies_text_with_and_without_length),
        cmocka_unit_test(a_buffer_refuses_to_outgrow_its_maximum),
        cmocka_unit_test(a_line_never_shows_a_secret),
        cmocka_unit_test(every_error_has_a_name_a_status_an_exit_code_and_a_sentence),
        cmocka_unit_test(what_is_shown_holds_no_secret_and_nothing_that_a_terminal_obeys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
