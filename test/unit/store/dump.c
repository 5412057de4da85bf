#include "dump.h"

#include <sqlite3.h>

static const char *const SKIPPED_TABLES[] = {"sync_cursor",      "budget",  "sync_problem",
                                             "sync_detail",      "counter", "sealed_key",
                                             "schema_migration", NULL};

static const struct {
    const char *table, *column;
} SKIPPED_COLUMNS[] = {
    {"connection", "secret"},         {"connection", "checked_at"},
    {"connection", "server_time_at"}, {"connection", "created_at"},
    {"person", "display_name_at"},    {"person", "nickname_at"},
    {"fact_todo", "generation"},      {"merge_audit_todo", "generation"},
    {"selection_rule", "created_at"}, {"delivery_todo", "generation"},
};

static gboolean is_skipped(const char *table, const char *column)
{
    for (gsize i = 0; i < G_N_ELEMENTS(SKIPPED_COLUMNS); i++)
        if (g_str_equal(SKIPPED_COLUMNS[i].table, table) &&
            g_str_equal(SKIPPED_COLUMNS[i].column, column))
            return TRUE;
    return FALSE;
}

/* Appends each row's columns, separated by spaces, to @out. */
static gboolean append_rows(sqlite3 *db, const char *sql, const char *prefix, gboolean names,
                            GString *out)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        return FALSE;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        g_string_append(out, prefix);
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *text = (const char *) sqlite3_column_text(statement, i);
            g_autofree char *escaped = text != NULL ? g_strescape(text, NULL) : g_strdup("NULL");
            if (names)
                g_string_append_printf(out, " %s=%s", sqlite3_column_name(statement, i), escaped);
            else
                g_string_append(out, escaped);
        }
        g_string_append_c(out, '\n');
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE;
}

static GStrv lines_of(sqlite3 *db, const char *sql)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (!append_rows(db, sql, "", FALSE, text))
        return NULL;
    return g_strsplit(g_strchomp(text->str), "\n", -1);
}

static gboolean append_table(sqlite3 *db, const char *table, GString *out)
{
    g_autofree char *info =
        g_strdup_printf("SELECT name FROM pragma_table_info('%s') ORDER BY cid", table);
    g_auto(GStrv) columns = lines_of(db, info);
    if (columns == NULL)
        return FALSE;
    g_autoptr(GString) list = g_string_new(NULL);
    for (gsize i = 0; columns[i] != NULL; i++)
        if (!is_skipped(table, columns[i]))
            g_string_append_printf(list, "%s\"%s\"", list->len > 0 ? ", " : "", columns[i]);
    g_autofree char *sql =
        g_strdup_printf("SELECT %s FROM \"%s\" ORDER BY %s", list->str, table, list->str);
    return append_rows(db, sql, table, TRUE, out);
}

static gboolean append_all(sqlite3 *db, const char *const *without, GString *out)
{
    g_auto(GStrv) tables =
        lines_of(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
    if (tables == NULL)
        return FALSE;
    for (gsize i = 0; tables[i] != NULL; i++) {
        if (g_strv_contains(SKIPPED_TABLES, tables[i]) ||
            (without != NULL && g_strv_contains(without, tables[i])))
            continue;
        if (!append_table(db, tables[i], out))
            return FALSE;
    }
    return TRUE;
}

char *store_dump(const char *path, const char *const *without, GError **error)
{
    sqlite3 *db = NULL;
    GString *out = g_string_new(NULL);
    gboolean ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK &&
                  sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
                  append_all(db, without, out);
    if (!ok)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, sqlite3_errmsg(db));
    sqlite3_close(db);
    return g_string_free(out, !ok);
}
