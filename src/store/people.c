/* Who is who: aliases, the map made of them, and finding somebody by what people call them. */
#include "store/inside.h"

/* ---- the map */

struct PersonMap {
    gatomicrefcount references;
    gint64 workspace_id, version;
    GHashTable *into; /* gint64 * -> gint64 *: where all aliases lead in the end */
};

PersonMap *person_map_ref(PersonMap *map)
{
    g_atomic_ref_count_inc(&map->references);
    return map;
}

void person_map_unref(PersonMap *map)
{
    if (map == NULL || !g_atomic_ref_count_dec(&map->references))
        return;
    g_hash_table_unref(map->into);
    g_free(map);
}

static gint64 follow(GHashTable *into, gint64 person_id)
{
    /* There is no ring; the bound turns a damaged file into a wrong name, not an endless loop. */
    for (guint steps = g_hash_table_size(into); steps > 0; steps--) {
        const gint64 *next = g_hash_table_lookup(into, &person_id);
        if (next == NULL)
            break;
        person_id = *next;
    }
    return person_id;
}

gint64 person_map_canonical(const PersonMap *map, gint64 person_id)
{
    const gint64 *canonical = g_hash_table_lookup(map->into, &person_id);
    return canonical != NULL ? *canonical : person_id;
}

static PersonMap *load(Db *db, gint64 workspace_id, gint64 version, GError **error)
{
    g_autoptr(GHashTable) direct =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_ALIAS_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return NULL;
    while (db_rows_next(rows)) {
        gint64 person = db_column_integer(rows, 0), into = db_column_integer(rows, 1);
        g_hash_table_insert(direct, g_memdup2(&person, sizeof person),
                            g_memdup2(&into, sizeof into));
    }
    if (!db_rows_end(rows, error))
        return NULL;
    PersonMap *map = g_new0(PersonMap, 1);
    g_atomic_ref_count_init(&map->references);
    map->workspace_id = workspace_id;
    map->version = version;
    map->into = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    GHashTableIter iter;
    gpointer person;
    g_hash_table_iter_init(&iter, direct);
    while (g_hash_table_iter_next(&iter, &person, NULL)) {
        gint64 canonical = follow(direct, *(gint64 *) person);
        g_hash_table_insert(map->into, g_memdup2(person, sizeof canonical),
                            g_memdup2(&canonical, sizeof canonical));
    }
    return map;
}

PersonMap *person_map_read(Db *db, gint64 workspace_id, GError **error)
{
    return load(db, workspace_id, 0, error);
}

PersonMap *person_map_get(Store *store, Db *db, gint64 workspace_id, GError **error)
{
    gint64 version = 0;
    if (!db_get_integer(db, STATEMENT_COUNTER_GET, DB_PARAMS(db_text("people")), 0, &version,
                        error))
        return NULL;
    pthread_mutex_lock(&store->people_lock);
    PersonMap *map = store->people;
    map = map != NULL && map->workspace_id == workspace_id && map->version == version
              ? person_map_ref(map)
              : NULL;
    pthread_mutex_unlock(&store->people_lock);
    if (map != NULL || (map = load(db, workspace_id, version, error)) == NULL)
        return map;
    pthread_mutex_lock(&store->people_lock);
    PersonMap *old = store->people;
    store->people = person_map_ref(map);
    pthread_mutex_unlock(&store->people_lock);
    person_map_unref(old);
    return map;
}

PersonMap *person_map_load(Store *store, gint64 workspace_id, GError **error)
{
    Db *db = store_reader(store, error);
    PersonMap *map = db == NULL ? NULL : person_map_get(store, db, workspace_id, error);
    store_reader_done(store, db);
    return map;
}

/* ---- aliases */

void store_alias_free(StoreAlias *alias)
{
    if (alias == NULL)
        return;
    g_free(alias->rule);
    g_free(alias->reason);
    g_free(alias);
}

static gpointer read_alias(DbRows *rows)
{
    StoreAlias *alias = g_new0(StoreAlias, 1);
    *alias = (StoreAlias){
        .person_id = db_column_integer(rows, 0),
        .into_id = db_column_integer(rows, 1),
        .rule = db_column_copy(rows, 2),
        .reason = db_column_copy(rows, 3),
        .made = db_column_integer(rows, 4),
    };
    return alias;
}

GPtrArray *store_list_aliases(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_ALIAS_LIST, DB_PARAMS(db_integer(workspace_id)), read_alias,
                      (GDestroyNotify) store_alias_free, error);
}

/* An alias that led back to the person would be a ring. */
static gboolean refuse_ring(StoreTx *tx, gint64 workspace_id, const StoreAlias *alias,
                            GError **error)
{
    g_autoptr(PersonMap) map = person_map_read(tx->db, workspace_id, error);
    if (map == NULL)
        return FALSE;
    if (alias->person_id != alias->into_id &&
        person_map_canonical(map, alias->into_id) != alias->person_id)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "These two are one person already.");
    return FALSE;
}

static gboolean note_change(StoreTx *tx, gint64 workspace_id, gint64 person_id, gint64 affected,
                            GError **error)
{
    if (affected == 0)
        return TRUE;
    tx->people_altered = TRUE;
    return people_touch(tx, workspace_id, person_id, error);
}

gboolean store_put_alias(StoreTx *tx, gint64 workspace_id, const StoreAlias *alias, GError **error)
{
    gint64 affected = 0;
    return refuse_ring(tx, workspace_id, alias, error) &&
           db_run(tx->db, STATEMENT_ALIAS_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(alias->person_id),
                            db_integer(alias->into_id), db_text(alias->rule),
                            db_text(alias->reason), db_integer(alias->made)),
                  &affected, error) &&
           note_change(tx, workspace_id, alias->person_id, affected, error);
}

gboolean store_delete_alias(StoreTx *tx, gint64 workspace_id, gint64 person_id, GError **error)
{
    gint64 affected = 0;
    return db_run(tx->db, STATEMENT_ALIAS_DELETE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(person_id)), &affected, error) &&
           note_change(tx, workspace_id, person_id, affected, error);
}

/* ---- lists of numbers */

static GArray *list_numbers(Store *store, StatementId statement, gint64 workspace_id,
                            guint n_columns, GError **error)
{
    Db *db = store_reader(store, error);
    if (db == NULL)
        return NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, (guint) sizeof(gint64) * n_columns);
    DbRows *rows = db_query(db, statement, DB_PARAMS(db_integer(workspace_id)), error);
    gboolean ok = rows != NULL;
    if (ok) {
        gint64 row[4];
        while (db_rows_next(rows)) {
            for (guint i = 0; i < n_columns; i++)
                row[i] = db_column_integer(rows, i);
            g_array_append_vals(list, row, 1);
        }
        ok = db_rows_end(rows, error);
        db_rows_close(rows);
    }
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&list) : NULL;
}

G_STATIC_ASSERT(sizeof(StoreDistinct) == 2 * sizeof(gint64));
G_STATIC_ASSERT(sizeof(StoreAuthorship) == 4 * sizeof(gint64));

GArray *store_list_distinct(Store *store, gint64 workspace_id, GError **error)
{
    return list_numbers(store, STATEMENT_DISTINCT_LIST, workspace_id, 2, error);
}

GArray *store_list_authorship(Store *store, gint64 workspace_id, gboolean only_todo, GError **error)
{
    return list_numbers(store,
                        only_todo ? STATEMENT_AUTHORSHIP_LIST_TODO : STATEMENT_AUTHORSHIP_LIST,
                        workspace_id, 4, error);
}

GArray *store_list_told_accounts(Store *store, gint64 workspace_id, GError **error)
{
    return list_numbers(store, STATEMENT_TOLD_ACCOUNT_LIST, workspace_id, 4, error);
}

gboolean store_put_distinct(StoreTx *tx, gint64 workspace_id, gint64 a, gint64 b, UtcTime made,
                            GError **error)
{
    return db_run(tx->db, STATEMENT_DISTINCT_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(MIN(a, b)), db_integer(MAX(a, b)),
                            db_integer(made)),
                  NULL, error);
}

gboolean store_delete_distinct(StoreTx *tx, gint64 workspace_id, gint64 a, gint64 b, GError **error)
{
    return db_run(tx->db, STATEMENT_DISTINCT_DELETE,
                  DB_PARAMS(db_integer(workspace_id), db_integer(MIN(a, b)), db_integer(MAX(a, b))),
                  NULL, error);
}

/* ---- names */

void store_identity_free(StoreIdentity *identity)
{
    if (identity == NULL)
        return;
    g_free(identity->kind);
    g_free(identity->value);
    g_free(identity);
}

static gpointer read_identity(DbRows *rows)
{
    StoreIdentity *identity = g_new0(StoreIdentity, 1);
    *identity = (StoreIdentity){db_column_integer(rows, 0), db_column_copy(rows, 1),
                                db_column_copy(rows, 2)};
    return identity;
}

GPtrArray *store_list_identities(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_IDENTITY_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_identity, (GDestroyNotify) store_identity_free, error);
}

/* By uuid (with or without its braces), account id, address. */
static GArray *find_by_key(Store *store, gint64 workspace_id, const char *text, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    g_autofree char *braced = g_strdup_printf("{%s}", lower);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(gint64));
    Db *db = store_reader(store, error);
    DbRows *rows = db == NULL ? NULL
                              : db_query(db, STATEMENT_IDENTITY_FIND,
                                         DB_PARAMS(db_integer(workspace_id), db_text(text),
                                                   db_text(lower), db_text(braced)),
                                         error);
    gboolean ok = rows != NULL;
    if (ok) {
        while (db_rows_next(rows)) {
            gint64 person_id = db_column_integer(rows, 0);
            g_array_append_val(found, person_id);
        }
        ok = db_rows_end(rows, error);
        db_rows_close(rows);
    }
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&found) : NULL;
}

static gboolean has_name(const StorePerson *person, const char *folded)
{
    const char *names[] = {person->display_name, person->nickname};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = names[i] == NULL ? NULL : g_utf8_casefold(names[i], -1);
        if (g_strcmp0(name, folded) == 0)
            return TRUE;
    }
    return FALSE;
}

/* By display name or nickname. Accounts stand before commit authors, who bear the same names until
 * they are merged. */
static void find_by_name(GPtrArray *people, const char *text, GArray *found)
{
    g_autofree char *folded = g_utf8_casefold(text, -1);
    g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (has_name(person, folded))
            g_array_append_val(person->uuid != NULL ? found : others, person->person_id);
    }
    if (found->len == 0)
        g_array_append_vals(found, others->data, others->len);
}

/* Each person once, as canonical. */
static void make_canonical(GArray *ids, const PersonMap *map)
{
    guint n = 0;
    for (guint i = 0; i < ids->len; i++) {
        gint64 id = person_map_canonical(map, g_array_index(ids, gint64, i));
        guint j = 0;
        while (j < n && g_array_index(ids, gint64, j) != id)
            j++;
        if (j == n)
            g_array_index(ids, gint64, n++) = id;
    }
    g_array_set_size(ids, n);
}

static gboolean fail_ambiguous(GPtrArray *people, const GArray *ids, const char *text,
                               GError **error)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        for (guint j = 0; j < ids->len; j++)
            if (g_array_index(ids, gint64, j) == person->person_id)
                g_string_append_printf(list, "%s%s (%s)", list->len > 0 ? ", " : "",
                                       person->display_name,
                                       person->uuid != NULL    ? person->uuid
                                       : person->email != NULL ? person->email
                                                               : "a name without an address");
    }
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                "'%.128s' names several people; say which by uuid or address: %s.", text,
                list->str);
    return FALSE;
}

static gboolean find(Store *store, gint64 workspace_id, const char *text, gboolean as_sighted,
                     gint64 *ret_person_id, GError **error)
{
    g_autoptr(GArray) found = find_by_key(store, workspace_id, text, error);
    g_autoptr(GPtrArray) people =
        found == NULL ? NULL : store_list_people(store, workspace_id, error);
    g_autoptr(PersonMap) map = people == NULL ? NULL : person_map_load(store, workspace_id, error);
    if (map == NULL)
        return FALSE;
    if (found->len == 0)
        find_by_name(people, text, found);
    if (!as_sighted)
        make_canonical(found, map);
    if (found->len > 1)
        return fail_ambiguous(people, found, text, error);
    if (found->len == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "Nobody is known as '%.128s'; 'plumbline identity list' shows everybody.",
                    text);
        return FALSE;
    }
    *ret_person_id = g_array_index(found, gint64, 0);
    return TRUE;
}

gboolean store_find_person(Store *store, gint64 workspace_id, const char *text,
                           gint64 *ret_person_id, GError **error)
{
    return find(store, workspace_id, text, FALSE, ret_person_id, error);
}

gboolean store_find_sighting(Store *store, gint64 workspace_id, const char *text,
                             gint64 *ret_person_id, GError **error)
{
    return find(store, workspace_id, text, TRUE, ret_person_id, error);
}
