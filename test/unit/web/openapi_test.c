/*
 * docs/api/openapi.yaml beside the table of routes: neither knows an operation that the other does
 * not, and summaries and roles are the same.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "web/framing.h"
#include "web/routes.h"

#include <string.h>

/* "GET /api/v1/users: summary [role]" of each operation. The document is written a member a line,
 * two blanks a level, which is what is read here. */
static GHashTable *documented(void)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(SOURCE_ROOT "/docs/api/openapi.yaml", &text, NULL, NULL))
        fail_msg("docs/api/openapi.yaml cannot be read");
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *path = NULL, *summary = NULL;
    g_autofree char *method = NULL;
    for (char **line = lines; *line != NULL && !g_str_equal(*line, "components:"); line++) {
        gsize length = strlen(*line);
        if (g_str_has_prefix(*line, "  /")) {
            (*line)[length - 1] = '\0';
            path = *line + 2;
        } else if (g_str_has_prefix(*line, "    ") && (*line)[4] != ' ' && path != NULL) {
            g_free(method);
            method = g_ascii_strup(*line + 4, (gssize) length - 5);
        } else if (g_str_has_prefix(*line, "      summary: ")) {
            summary = *line + strlen("      summary: ");
        } else if (g_str_has_prefix(*line, "      x-role: ")) {
            g_hash_table_add(found, g_strdup_printf("%s %s: %s [%s]", method, path, summary,
                                                    *line + strlen("      x-role: ")));
        }
    }
    return found;
}

static void the_document_and_the_table_know_the_same_operations(void **state)
{
    g_autoptr(GHashTable) known = documented();
    gsize n;
    const WebRoute *routes = web_route_list(&n);
    for (gsize i = 0; i < n; i++) {
        if (!g_str_has_prefix(routes[i].path, "/api/"))
            continue;
        g_autofree char *operation =
            g_strdup_printf("%s %s: %s [%s]", framing_method_name(routes[i].method), routes[i].path,
                            routes[i].summary, web_role_name(routes[i].role));
        if (!g_hash_table_remove(known, operation))
            fail_msg("docs/api/openapi.yaml lacks: %s", operation);
    }
    GHashTableIter iter;
    gpointer operation;
    g_hash_table_iter_init(&iter, known);
    if (g_hash_table_iter_next(&iter, &operation, NULL))
        fail_msg("the server has no: %s", (char *) operation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_document_and_the_table_know_the_same_operations),
    };
    return cmocka_run_group_tests_name("openapi", tests, NULL, NULL);
}
