#include "store/migrate.h"

#include <string.h>

#include "store/migrations_stamp.h" /* empty; rebuilds this file when a migration changes */

/* The assembler puts each file, ended by a NUL, into read-only data. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a declarator takes none */
#define EMBED(symbol, file)                                                                        \
    extern const char symbol[];                                                                    \
    __asm__(".pushsection .rodata\n"                                                               \
            ".global " #symbol "\n" #symbol ":\n"                                                  \
            ".incbin \"" MIGRATIONS_FOLDER "/" file "\"\n"                                         \
            ".byte 0\n"                                                                            \
            ".popsection\n")
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(store_migration_0001, "0001_initial.sql");
EMBED(store_migration_0002, "0002_details.sql");
EMBED(store_migration_0003, "0003_history.sql");
EMBED(store_migration_0004, "0004_people.sql");
EMBED(store_migration_0005, "0005_policies.sql");
EMBED(store_migration_0006, "0006_insights.sql");
EMBED(store_migration_0007, "0007_delivery.sql");
EMBED(store_migration_0008, "0008_accounts.sql");
EMBED(store_migration_0009, "0009_set_up.sql");
EMBED(store_migration_0010, "0010_mute_ends.sql");
EMBED(store_migration_0011, "0011_sightings.sql");

const Migration *migrate_list(gsize *ret_n)
{
    static const Migration MIGRATIONS[] = {
        {1, "0001_initial", store_migration_0001},    {2, "0002_details", store_migration_0002},
        {3, "0003_history", store_migration_0003},    {4, "0004_people", store_migration_0004},
        {5, "0005_policies", store_migration_0005},   {6, "0006_insights", store_migration_0006},
        {7, "0007_delivery", store_migration_0007},   {8, "0008_accounts", store_migration_0008},
        {9, "0009_set_up", store_migration_0009},     {10, "0010_mute_ends", store_migration_0010},
        {11, "0011_sightings", store_migration_0011},
    };
    *ret_n = G_N_ELEMENTS(MIGRATIONS);
    return MIGRATIONS;
}

static const DbWord *word_at(const char *text, const DbWord *words, gboolean at_start)
{
    for (; words->word != NULL; words++) {
        gsize length = strlen(words->word);
        if (strncmp(text, words->word, length) == 0 &&
            (words->word[0] == '{' ||
             (at_start && !g_ascii_isalnum(text[length]) && text[length] != '_')))
            return words;
    }
    return NULL;
}

char *migrate_render(const char *sql, const DbWord *words)
{
    GString *out = g_string_sized_new(strlen(sql) + 256);
    char before = ' ';
    while (*sql != '\0') {
        if (strncmp(sql, "--", 2) == 0) {
            const char *end = strchrnul(sql, '\n');
            g_string_append_len(out, sql, end - sql);
            sql = end;
            continue;
        }
        const DbWord *word = word_at(sql, words, !g_ascii_isalnum(before) && before != '_');
        if (word != NULL) {
            g_string_append(out, word->replacement);
            sql += strlen(word->word);
            before = ' ';
        } else {
            before = *sql++;
            g_string_append_c(out, before);
        }
    }
    return g_string_free(out, FALSE);
}

/* 0: none applied yet. */
static gboolean read_version(Db *db, gint64 *ret_version, GError **error)
{
    g_autofree char *sql = migrate_render(
        "CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER NOT NULL PRIMARY KEY,"
        " name TEXT NOT NULL, applied_at INTEGER NOT NULL) {table};",
        db_driver(db)->words);
    return db_script(db, sql, error) &&
           db_get_integer(db, STATEMENT_MIGRATION_VERSION, DB_NO_PARAMS, 0, ret_version, error);
}

static gboolean apply_one(Db *db, const Migration *migration, GError **error)
{
    g_autofree char *sql = migrate_render(migration->sql, db_driver(db)->words);
    if (!db_script(db, sql, error)) {
        g_prefix_error(error, "Migration %s: ", migration->name);
        return FALSE;
    }
    return db_run(
        db, STATEMENT_MIGRATION_RECORD,
        DB_PARAMS(db_integer(migration->version), db_text(migration->name), db_integer(time_now())),
        NULL, error);
}

/* Within one write transaction, so that two processes that start at once do not both apply it. */
static gboolean apply_next(Db *db, const Migration *migrations, gsize n, gboolean *ret_done,
                           GError **error)
{
    gint64 version = 0;
    if (!read_version(db, &version, error))
        return FALSE;
    gint64 newest = n > 0 ? migrations[n - 1].version : 0;
    if (version > newest) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_STORE_VERSION,
                    "The data file has schema version %" G_GINT64_FORMAT
                    ", this Plumbline knows %" G_GINT64_FORMAT
                    ". Run the newer Plumbline, or restore a backup made before the upgrade.",
                    version, newest);
        return FALSE;
    }
    for (gsize i = 0; i < n; i++) {
        if (migrations[i].version > version) {
            *ret_done = FALSE;
            return apply_one(db, &migrations[i], error);
        }
    }
    *ret_done = TRUE;
    return TRUE;
}

gboolean migrate_apply(Db *db, const Migration *migrations, gsize n, GError **error)
{
    gboolean done = FALSE;
    while (!done) {
        if (!db_begin(db, DB_WRITE, error))
            return FALSE;
        if (!apply_next(db, migrations, n, &done, error)) {
            db_rollback(db);
            return FALSE;
        }
        if (!db_commit(db, error))
            return FALSE;
    }
    return TRUE;
}
