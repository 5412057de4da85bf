/* A store in a folder of its own, with a workspace and a repository. */
#pragma once

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <string.h>

#include "store/store.h"

typedef struct {
    char *folder, *path, *key_path;
    Store *store;
    gint64 workspace_id, connection_id, repository_id;
} Fixture;

/* cmocka setup and teardown; *state is the Fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
/* Closes the store and opens it again. */
void fixture_reopen(Fixture *fixture);
void fixture_init(Fixture *fixture);
void fixture_clear(Fixture *fixture);
/* The workspace and repository rows of a fixture, written into @store. */
void fixture_put_basics(Fixture *fixture, Store *store);

#define assert_ok(call)                                                                            \
    do {                                                                                           \
        GError *error = NULL;                                                                      \
        if (!(call))                                                                               \
            fail_msg("%s: %s", #call, error != NULL ? error->message : "failed without a word");   \
        assert_null(error);                                                                        \
    } while (0)

#define assert_fails(call, expected_code) assert_fails_saying(call, expected_code, "")

/* ... with @words in its message. */
#define assert_fails_saying(call, expected_code, words)                                            \
    do {                                                                                           \
        g_autoptr(GError) error = NULL;                                                            \
        if (call)                                                                                  \
            fail_msg("%s did not fail", #call);                                                    \
        assert_non_null(error);                                                                    \
        assert_string_equal(error_name(error->code), error_name(PLUMBLINE_ERROR_##expected_code)); \
        if (strstr(error->message, words) == NULL)                                                 \
            fail_msg("\"%s\" lacks \"%s\"", error->message, words);                                \
    } while (0)

/* One transaction around @calls, which may use tx, f and error. */
#define WRITE(f, calls)                                                                            \
    do {                                                                                           \
        StoreTx *tx = NULL;                                                                        \
        assert_ok((tx = store_begin((f)->store, &error)) != NULL);                                 \
        assert_ok(calls);                                                                          \
        assert_ok(store_commit(tx, &error));                                                       \
    } while (0)

/* 2026-01-01T00:00:00Z plus minutes. */
#define T0        G_GINT64_CONSTANT(1767225600000000)
#define MINUTE(n) (T0 + (n) *TIME_MINUTE)

Person fixture_person(const char *name);                      /* uuid "{name}" */
PullRequest fixture_pull_request(gint64 number, int updated); /* open, by ana, minutes */
PrEvent fixture_event(gint64 number, PrEventKind kind, int at, const char *actor);
PrEvent fixture_comment(gint64 number, int at, const char *actor, gint64 comment_id);
Commit fixture_commit(const char *hash, int authored, const char *email);
