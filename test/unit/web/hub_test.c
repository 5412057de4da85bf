/*
 * What listeners of the stream of events get, without a browser.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/hub.h"

#include <string.h>

/* All that waits for the listener; something must, for there is no connection to suspend. */
static char *take(HubListener *listener)
{
    static char buffer[512 * 1024]; /* more than may wait */
    ssize_t n = hub_listener_read(listener, NULL, buffer, sizeof buffer);
    assert_true(n > 0);
    return g_strndup(buffer, (gsize) n);
}

static guint count(const char *text, const char *part)
{
    guint n = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        n++;
    return n;
}

/* Nobody else calls the hub meanwhile: it must do so while the server is busy reading, too. */
static void an_idle_listener_is_kept_alive_and_ended_by_the_hub_itself(void **state)
{
    const HubPace pace = {.ping = 10 * TIME_SECOND / 1000, .listen = TIME_SECOND / 10};
    Hub *hub = hub_new(&pace);
    HubListener *listener = hub_listen(hub, NULL);
    g_usleep(TIME_SECOND / 2);
    g_autofree char *text = take(listener);
    assert_true(g_str_has_prefix(text, "retry: 3000\n\n"));
    assert_true(count(text, ": still here\n\n") >= 2);
    char byte;
    assert_int_equal(hub_listener_read(listener, NULL, &byte, 1), MHD_CONTENT_READER_END_OF_STREAM);
    hub_listener_free(listener);
    hub_free(hub);
}

static void who_missed_more_than_is_kept_is_told_of_a_gap(void **state)
{
    Hub *hub = hub_new(NULL);
    HubListener *first = hub_listen(hub, NULL);
    hub_publish(hub, "sync", "{\"n\":0}");
    g_autofree char *seen = take(first);
    g_autofree char *id =
        g_strndup(strstr(seen, "id: ") + 4, strcspn(strstr(seen, "id: ") + 4, "\n"));
    hub_publish(hub, "sync", "{\"n\":1}");
    HubListener *late = hub_listen(hub, id);
    g_autofree char *missed = take(late);
    assert_int_equal(count(missed, "event: gap"), 0);
    assert_int_equal(count(missed, "event: sync"), 1);
    assert_non_null(strstr(missed, "{\"n\":1}"));
    for (guint i = 0; i < HUB_KEPT; i++)
        hub_publish(hub, "sync", "{}");
    HubListener *later = hub_listen(hub, id);
    g_autofree char *cut = take(later);
    assert_int_equal(count(cut, "event: gap"), 1);
    assert_int_equal(count(cut, "event: sync"), HUB_KEPT);
    assert_null(strstr(cut, "{\"n\":1}"));
    hub_listener_free(first);
    hub_listener_free(late);
    hub_listener_free(later);
    hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_listener_is_kept_alive_and_ended_by_the_hub_itself),
        cmocka_unit_test(who_missed_more_than_is_kept_is_told_of_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
