/* Where a request comes from, with and without proxies. */
#include "web/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const LOCAL[] = {"127.0.0.1", "::1", NULL};
static const char *const TWO[] = {"10.0.0.1", "10.0.0.2", NULL};

static void the_nearest_address_that_is_no_trusted_proxy_counts(void **state)
{
    static const struct {
        const char *address, *forwarded;
        const char *const *proxies;
        const char *expected;
    } CASES[] = {
        {"192.0.2.7", NULL, NULL, "192.0.2.7"},
        {"192.0.2.7", "198.51.100.1", NULL, "192.0.2.7"},  /* nobody is trusted */
        {"192.0.2.7", "198.51.100.1", LOCAL, "192.0.2.7"}, /* not this one */
        {"127.0.0.1", NULL, LOCAL, "127.0.0.1"},
        {"127.0.0.1", "198.51.100.1", LOCAL, "198.51.100.1"},
        {"::1", "2001:db8::7", LOCAL, "2001:db8::7"},
        {"::ffff:127.0.0.1", "198.51.100.1", LOCAL, "198.51.100.1"},
        {"::ffff:192.0.2.7", NULL, NULL, "192.0.2.7"},
        /* what the client wrote stands to the left of what the proxy saw */
        {"127.0.0.1", "203.0.113.9, 198.51.100.1", LOCAL, "198.51.100.1"},
        {"127.0.0.1", "127.0.0.1, 198.51.100.1", LOCAL, "198.51.100.1"},
        {"127.0.0.1", " 198.51.100.1\t", LOCAL, "198.51.100.1"},
        {"10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", TWO, "198.51.100.1"},
        {"10.0.0.1", "10.0.0.2", TWO, "10.0.0.2"},
        /* not an address: the proxy answers for it */
        {"127.0.0.1", "", LOCAL, "127.0.0.1"},
        {"127.0.0.1", "unknown", LOCAL, "127.0.0.1"},
        {"127.0.0.1", "198.51.100.1,", LOCAL, "127.0.0.1"},
        {"127.0.0.1", "198.51.100.1:4711", LOCAL, "127.0.0.1"},
        {"", "198.51.100.1", LOCAL, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *found = peer_find(CASES[i].address, CASES[i].forwarded, CASES[i].proxies);
        assert_string_equal(found, CASES[i].expected);
    }
}

static void attempts_count_by_the_network_that_one_owner_has(void **state)
{
    static const struct {
        const char *address, *expected;
    } CASES[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"2001:db8:1:2::1", "2001:db8:1:2::/64"},
        {"2001:db8:1:3::1", "2001:db8:1:3::/64"},
        {"::1", "::/64"},
        {"", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *network = peer_network(CASES[i].address);
        assert_string_equal(network, CASES[i].expected);
    }
}

static void only_addresses_are_addresses(void **state)
{
    assert_true(peer_is_address("127.0.0.1"));
    assert_true(peer_is_address("2001:db8::1"));
    assert_false(peer_is_address("proxy.example.com"));
    assert_false(peer_is_address("127.0.0.1/8"));
    assert_false(peer_is_address(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_address_that_is_no_trusted_proxy_counts),
        cmocka_unit_test(attempts_count_by_the_network_that_one_owner_has),
        cmocka_unit_test(only_addresses_are_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
