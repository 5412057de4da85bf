/*
 * Which route answers, and what stands for the names in its path.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/routes.h"

#include <string.h>

static const WebRoute ROUTES[] = {
    {METHOD_GET, "/api/things", ROLE_VIEWER, NULL, "", 0},
    {METHOD_POST, "/api/things", ROLE_EDITOR, NULL, "", 0},
    {METHOD_GET, "/api/things/{thing}", ROLE_VIEWER, NULL, "", 0},
    {METHOD_GET, "/api/things/{thing}/parts/{part}", ROLE_VIEWER, NULL, "", 0},
};

typedef struct {
    RouteMatch outcome;
    const WebRoute *route;
    const char *parts[WEB_PATH_PARTS_MAX];
    guint allowed;
    char *path;
} Answer;

static Answer ask(WebMethod method, const char *path)
{
    Answer answer = {.path = g_strdup(path)};
    answer.outcome = web_route_match(ROUTES, G_N_ELEMENTS(ROUTES), method, answer.path,
                                     answer.parts, &answer.route, &answer.allowed);
    return answer;
}

static void a_literal_path_is_found_by_its_method(void **state)
{
    Answer get = ask(METHOD_GET, "/api/things"), post = ask(METHOD_POST, "/api/things");
    assert_int_equal(get.outcome, ROUTE_FOUND);
    assert_ptr_equal(get.route, &ROUTES[0]);
    assert_ptr_equal(post.route, &ROUTES[1]);
    g_free(get.path);
    g_free(post.path);
}

static void names_take_one_part_each_in_their_order(void **state)
{
    Answer answer = ask(METHOD_GET, "/api/things/a b/parts/7");
    assert_int_equal(answer.outcome, ROUTE_FOUND);
    assert_ptr_equal(answer.route, &ROUTES[3]);
    assert_string_equal(answer.parts[0], "a b");
    assert_string_equal(answer.parts[1], "7");
    assert_null(answer.parts[2]);
    g_free(answer.path);
}

static void another_method_is_told_apart_from_another_path(void **state)
{
    Answer answer = ask(METHOD_DELETE, "/api/things");
    assert_int_equal(answer.outcome, ROUTE_NO_METHOD);
    assert_int_equal(answer.allowed, 1u << METHOD_GET | 1u << METHOD_POST);
    g_free(answer.path);
}

static void near_misses_are_no_route(void **state)
{
    static const char *const PATHS[] = {"/api",
                                        "/api/things/",
                                        "/api/thing",
                                        "/api/thingss",
                                        "//api/things",
                                        "/api/things/1/parts",
                                        "/api/things//",
                                        "/api/things/1/2",
                                        "/",
                                        "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r"};
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        Answer answer = ask(METHOD_GET, PATHS[i]);
        if (answer.outcome != ROUTE_NO_PATH)
            fail_msg("%s was found", PATHS[i]);
        g_free(answer.path);
    }
}

/* A handler that changes something must not be reachable by a GET, and pages cannot be routes. */
static void the_table_is_sound(void **state)
{
    gsize n = 0;
    const WebRoute *routes = web_route_list(&n);
    for (gsize i = 0; i < n; i++) {
        assert_non_null(routes[i].handler);
        assert_true(*routes[i].summary != '\0' && !g_str_has_suffix(routes[i].summary, "."));
        for (gsize k = 0; k < i; k++)
            if (routes[k].method == routes[i].method && g_str_equal(routes[k].path, routes[i].path))
                fail_msg("%s is there twice", routes[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_literal_path_is_found_by_its_method),
        cmocka_unit_test(names_take_one_part_each_in_their_order),
        cmocka_unit_test(another_method_is_told_apart_from_another_path),
        cmocka_unit_test(near_misses_are_no_route),
        cmocka_unit_test(the_table_is_sound),
    };
    return cmocka_run_group_tests_name("router", tests, NULL, NULL);
}
