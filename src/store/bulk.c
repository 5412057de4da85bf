#include "store/bulk.h"

#include <string.h>

/* What @column holds after the upsert. $n is the new value. */
static void append_rule(GString *sql, const BulkColumn *column, guint parameter)
{
    const char *name = column->name;
    switch (column->rule) {
    case BULK_KEEP:
        g_string_append_printf(sql, "COALESCE($%u, %s)", parameter, name);
        break;
    case BULK_GREATER:
        g_string_append_printf(sql, "CASE WHEN %s IS NULL OR $%u > %s THEN $%u ELSE %s END", name,
                               parameter, name, parameter, name);
        break;
    default:
        g_string_append_printf(sql, "$%u", parameter);
    }
}

static gboolean is_settable(const BulkColumn *column)
{
    return column->rule != BULK_KEY && column->rule != BULK_FIRST;
}

/* "key1 = $1 AND key2 = $2" for the first @n key columns. */
static void append_key(GString *sql, const BulkTable *table, guint n)
{
    for (guint i = 0; i < n; i++)
        g_string_append_printf(sql, "%s%s = $%u", i > 0 ? " AND " : "", table->columns[i].name,
                               i + 1);
}

static char *insert_text(const BulkTable *table)
{
    GString *sql = g_string_new("INSERT INTO ");
    g_string_append_printf(sql, "%s (", table->table);
    for (guint i = 0; i < table->n_columns; i++)
        g_string_append_printf(sql, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
    g_string_append(sql, ") VALUES (");
    for (guint i = 0; i < table->n_columns; i++)
        g_string_append_printf(sql, "%s$%u", i > 0 ? ", " : "", i + 1);
    g_string_append(sql, ") ON CONFLICT (");
    for (guint i = 0; i < table->n_keys; i++)
        g_string_append_printf(sql, "%s%s", i > 0 ? ", " : "", table->columns[i].name);
    g_string_append(sql, ") DO NOTHING");
    return g_string_free(sql, FALSE);
}

static char *update_text(const BulkTable *table)
{
    GString *sql = g_string_new("UPDATE ");
    g_autoptr(GString) old = g_string_new(NULL);
    g_autoptr(GString) new = g_string_new(NULL);
    g_string_append_printf(sql, "%s SET ", table->table);
    guint n = 0;
    guint newer = 0;
    for (guint i = 0; i < table->n_columns; i++) {
        const BulkColumn *column = &table->columns[i];
        if (g_strcmp0(column->name, table->newer) == 0)
            newer = i + 1;
        if (!is_settable(column))
            continue;
        const char *comma = n++ > 0 ? ", " : "";
        g_string_append_printf(sql, "%s%s = ", comma, column->name);
        append_rule(sql, column, i + 1);
        g_string_append_printf(old, "%s%s", comma, column->name);
        g_string_append(new, comma);
        append_rule(new, column, i + 1);
    }
    if (n == 0) { /* a row that is all key never changes */
        g_string_free(sql, TRUE);
        return NULL;
    }
    g_string_append(sql, " WHERE ");
    append_key(sql, table, table->n_keys);
    if (newer > 0)
        g_string_append_printf(sql, " AND (%s IS NULL OR $%u >= %s)", table->newer, newer,
                               table->newer);
    g_string_append_printf(sql, " AND (%s) IS DISTINCT FROM (%s)", old->str, new->str);
    return g_string_free(sql, FALSE);
}

char *bulk_text(const BulkTable *table, BulkText text)
{
    if (text == BULK_TEXT_INSERT)
        return insert_text(table);
    if (text == BULK_TEXT_UPDATE)
        return update_text(table);
    const char *last = table->columns[table->n_keys - 1].name;
    GString *sql = g_string_new(NULL);
    if (text == BULK_TEXT_LIST)
        g_string_append_printf(sql, "SELECT %s FROM %s WHERE ", last, table->table);
    else
        g_string_append_printf(sql, "DELETE FROM %s WHERE ", table->table);
    append_key(sql, table, text == BULK_TEXT_LIST ? table->n_keys - 1 : table->n_keys);
    return g_string_free(sql, FALSE);
}

static gboolean has_settable(const BulkTable *table)
{
    for (guint i = 0; i < table->n_columns; i++)
        if (is_settable(&table->columns[i]))
            return TRUE;
    return FALSE;
}

gboolean bulk_row_by_row(Db *db, BulkId id, const DbValue *values, gsize n_rows,
                         BulkOutcome *ret_outcomes, GError **error)
{
    const BulkTable *table = bulk_table(id);
    gboolean updates = has_settable(table);
    for (gsize i = 0; i < n_rows; i++, values += table->n_columns) {
        gint64 affected = 0;
        if (!db_bulk_run(db, id, BULK_TEXT_INSERT, values, table->n_columns, &affected, error))
            return FALSE;
        if (affected > 0) {
            ret_outcomes[i] = BULK_INSERTED;
            continue;
        }
        if (updates &&
            !db_bulk_run(db, id, BULK_TEXT_UPDATE, values, table->n_columns, &affected, error))
            return FALSE;
        ret_outcomes[i] = affected > 0 ? BULK_CHANGED : BULK_UNCHANGED;
    }
    return TRUE;
}

GArray *bulk_rows_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(DbValue));
}

void bulk_rows_add(GArray *rows, BulkId id, const DbValue *row, gsize n_columns)
{
    g_assert(n_columns == bulk_table(id)->n_columns);
    g_array_append_vals(rows, row, (guint) n_columns);
}

gboolean bulk_upsert(Db *db, BulkId id, const GArray *rows, BulkOutcome *outcomes,
                     StoreChanges *changes, GError **error)
{
    gsize n_rows = rows->len / bulk_table(id)->n_columns;
    if (n_rows == 0)
        return TRUE;
    g_autofree BulkOutcome *own = outcomes == NULL ? g_new0(BulkOutcome, n_rows) : NULL;
    if (outcomes == NULL)
        outcomes = own;
    if (!db_driver(db)->upsert(db, id, (const DbValue *) rows->data, n_rows, outcomes, error))
        return FALSE;
    for (gsize i = 0; changes != NULL && i < n_rows; i++) {
        changes->inserted += outcomes[i] == BULK_INSERTED;
        changes->changed += outcomes[i] == BULK_CHANGED;
    }
    return TRUE;
}

/* ---- whole sets */

/* The last key column's value as a text that can be a hash key; made valid as the database layer
 * does. */
static char *key_text(const DbValue *value)
{
    return value->type == DB_INTEGER ? g_strdup_printf("%" G_GINT64_FORMAT, value->integer)
                                     : g_utf8_make_valid(value->bytes, value->length);
}

/* Keys of the set that are there now. */
static GHashTable *existing_keys(Db *db, BulkId id, const DbValue *prefix, GError **error)
{
    const BulkTable *table = bulk_table(id);
    gboolean is_text = table->columns[table->n_keys - 1].type == DB_TEXT;
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(DbRows) rows =
        db_bulk_query(db, id, BULK_TEXT_LIST, prefix, table->n_keys - 1, error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows))
        g_hash_table_add(
            keys, is_text ? db_column_copy(rows, 0)
                          : g_strdup_printf("%" G_GINT64_FORMAT, db_column_integer(rows, 0)));
    return db_rows_end(rows, error) ? g_steal_pointer(&keys) : NULL;
}

static gboolean delete_keys(Db *db, BulkId id, const DbValue *prefix, GHashTable *keys,
                            GError **error)
{
    const BulkTable *table = bulk_table(id);
    gboolean is_text = table->columns[table->n_keys - 1].type == DB_TEXT;
    g_autofree DbValue *key = g_new(DbValue, table->n_keys);
    memcpy(key, prefix, (table->n_keys - 1) * sizeof *key);
    GHashTableIter iter;
    gpointer text;
    g_hash_table_iter_init(&iter, keys);
    while (g_hash_table_iter_next(&iter, &text, NULL)) {
        key[table->n_keys - 1] =
            is_text ? db_text(text) : db_integer(g_ascii_strtoll(text, NULL, 10));
        if (!db_bulk_run(db, id, BULK_TEXT_DELETE, key, table->n_keys, NULL, error))
            return FALSE;
    }
    return TRUE;
}

/* @rows without those whose key a later one has; their keys are taken off @gone. */
static GArray *latest_rows(BulkId id, const GArray *rows, GHashTable *gone)
{
    const BulkTable *table = bulk_table(id);
    const DbValue *values = (const DbValue *) rows->data;
    gsize n_rows = rows->len / table->n_columns;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GArray *latest = bulk_rows_new();
    for (gsize i = n_rows; i-- > 0;) {
        const DbValue *row = &values[i * table->n_columns];
        char *key = key_text(&row[table->n_keys - 1]);
        g_hash_table_remove(gone, key);
        if (g_hash_table_add(seen, key))
            g_array_append_vals(latest, row, table->n_columns);
    }
    return latest;
}

gboolean bulk_replace(Db *db, BulkId id, const DbValue *prefix, const GArray *rows,
                      gint64 *ret_altered, StoreChanges *changes, GError **error)
{
    g_autoptr(GHashTable) gone = existing_keys(db, id, prefix, error);
    if (gone == NULL)
        return FALSE;
    g_autoptr(GArray) latest = latest_rows(id, rows, gone);
    StoreChanges here = {0};
    if (!delete_keys(db, id, prefix, gone, error) ||
        !bulk_upsert(db, id, latest, NULL, &here, error))
        return FALSE;
    if (ret_altered != NULL)
        *ret_altered = g_hash_table_size(gone) + here.inserted + here.changed;
    if (changes != NULL) {
        changes->inserted += here.inserted;
        changes->changed += here.changed;
    }
    return TRUE;
}
