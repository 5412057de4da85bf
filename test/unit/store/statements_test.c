/* Every statement is known to the engine, whether a test happens to run it or not. */
#include "fixture.h"

#include "store/inside.h"

static void every_named_statement_has_a_text_and_is_prepared(void **state)
{
    Fixture *f = *state;
    void *connection = NULL;
    const DbDriver *driver = f->store->driver;
    assert_ok((connection = driver->open(f->path, DB_WRITER, &error)) != NULL);
    for (guint i = 0; i < STATEMENT_COUNT; i++) {
        assert_non_null(statement_text(i));
        GError *failure = NULL;
        void *statement = driver->prepare(connection, statement_text(i), &failure);
        if (statement == NULL)
            fail_msg("%s: %s", statement_name(i), failure->message);
        driver->finalize(statement);
    }
    driver->close(connection);
}

static void every_declared_table_has_statements_that_are_prepared(void **state)
{
    Fixture *f = *state;
    void *connection = NULL;
    const DbDriver *driver = f->store->driver;
    assert_ok((connection = driver->open(f->path, DB_WRITER, &error)) != NULL);
    for (guint i = 0; i < BULK_COUNT; i++) {
        for (guint text = 0; text < BULK_TEXT_COUNT; text++) {
            g_autofree char *sql = bulk_text(bulk_table(i), text);
            if (sql == NULL) { /* all key: nothing to update */
                assert_int_equal(text, BULK_TEXT_UPDATE);
                continue;
            }
            GError *failure = NULL;
            void *statement = driver->prepare(connection, sql, &failure);
            if (statement == NULL)
                fail_msg("%s: %s", sql, failure->message);
            driver->finalize(statement);
        }
    }
    driver->close(connection);
}

static void the_authorizer_refuses_what_no_statement_of_ours_does(void **state)
{
    static const char *const FORBIDDEN[] = {
        "DROP TABLE person",
        "CREATE TABLE other (a INTEGER)",
        "ATTACH DATABASE '/tmp/x' AS x",
        "PRAGMA journal_mode = DELETE",
        "DELETE FROM sqlite_schema",
    };
    Fixture *f = *state;
    const DbDriver *driver = f->store->driver;
    void *connection = NULL;
    assert_ok((connection = driver->open(f->path, DB_WRITER, &error)) != NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(FORBIDDEN); i++)
        assert_fails(driver->prepare(connection, FORBIDDEN[i], &error) != NULL, STORE);
    driver->close(connection);
}

static void a_reader_cannot_write(void **state)
{
    Fixture *f = *state;
    const DbDriver *driver = f->store->driver;
    void *connection = NULL;
    assert_ok((connection = driver->open(f->path, DB_READER, &error)) != NULL);
    assert_fails(driver->prepare(connection, statement_text(STATEMENT_PERSON_MARK), &error) != NULL,
                 STORE);
    driver->close(connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_named_statement_has_a_text_and_is_prepared),
        cmocka_unit_test(every_declared_table_has_statements_that_are_prepared),
        cmocka_unit_test(the_authorizer_refuses_what_no_statement_of_ours_does),
        cmocka_unit_test(a_reader_cannot_write),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
