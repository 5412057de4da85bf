/*
 * Connections on which a request does not come in whole.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/deadline.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define SHORT (60 * TIME_SECOND / 1000)

/* Whether the other end of a connection is told that it is over, within @patience. */
static gboolean is_ended(int other, Duration patience)
{
    struct pollfd wanted = {.fd = other, .events = POLLIN};
    char byte;
    return poll(&wanted, 1, (int) (patience / 1000)) == 1 && read(other, &byte, 1) == 0;
}

static void who_waits_too_long_is_shut_and_who_is_answered_is_not(void **state)
{
    int late[2], answered[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, late), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, answered), 0);
    Deadlines *deadlines = deadlines_new(SHORT);
    Deadline *first = deadline_begin(deadlines, late[0]);
    Deadline *second = deadline_begin(deadlines, answered[0]);
    deadline_hold(second);
    assert_true(is_ended(late[1], 20 * TIME_SECOND));
    assert_false(is_ended(answered[1], 2 * SHORT));
    deadline_wait(second);
    assert_true(is_ended(answered[1], 20 * TIME_SECOND));
    deadline_end(first);
    deadline_end(second);
    deadlines_free(deadlines);
    for (guint i = 0; i < 2; i++) {
        close(late[i]);
        close(answered[i]);
    }
}

static void waiting_anew_begins_from_now(void **state)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    Deadlines *deadlines = deadlines_new(TIME_DAY);
    Deadline *deadline = deadline_begin(deadlines, pair[0]);
    deadline_wait(deadline);
    assert_false(is_ended(pair[1], SHORT));
    deadline_end(deadline);
    deadlines_free(deadlines); /* does not wait for the day to end */
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_waits_too_long_is_shut_and_who_is_answered_is_not),
        cmocka_unit_test(waiting_anew_begins_from_now),
    };
    return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
