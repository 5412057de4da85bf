/* People: every sighting gives an id that depends on nothing but itself, and leaves a name. */
#include "store/inside.h"

#include <string.h>

#define DELETED_NAME "somebody (account deleted)"

typedef struct {
    gint64 id;
    char *uuid, *account_id, *email, *raw;
    char *display_name, *nickname; /* NULL: none seen */
    UtcTime display_name_at, nickname_at;
    PersonKind kind;
    gboolean is_alias; /* an address that was given to another person: its names are not hers */
} Sighting;

struct People {
    gint64 workspace_id;
    GHashTable *by_id;  /* gint64 in the sighting → Sighting */
    GHashTable *by_key; /* key of a commit author → Sighting, borrowed */
    GString *buffer;
};

static void sighting_free(gpointer data)
{
    Sighting *sighting = data;
    g_free(sighting->uuid);
    g_free(sighting->account_id);
    g_free(sighting->email);
    g_free(sighting->raw);
    g_free(sighting->display_name);
    g_free(sighting->nickname);
    g_free(sighting);
}

People *people_new(gint64 workspace_id)
{
    People *people = g_new0(People, 1);
    people->workspace_id = workspace_id;
    people->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, sighting_free);
    people->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    people->buffer = g_string_new(NULL);
    return people;
}

void people_free(People *people)
{
    g_hash_table_unref(people->by_key);
    g_hash_table_unref(people->by_id);
    g_string_free(people->buffer, TRUE);
    g_free(people);
}

gint64 store_deleted_person(gint64 workspace_id)
{
    return model_id(ID_PERSON, workspace_id, MODEL_DELETED_PERSON);
}

static Sighting *find(People *people, gint64 id)
{
    Sighting *sighting = g_hash_table_lookup(people->by_id, &id);
    if (sighting == NULL) {
        sighting = g_new0(Sighting, 1);
        sighting->id = id;
        sighting->display_name_at = TIME_ABSENT;
        sighting->nickname_at = TIME_ABSENT;
        g_hash_table_insert(people->by_id, &sighting->id, sighting);
    }
    return sighting;
}

/* Bitbucket's word for an account that was closed: it stands only where no name was ever seen. */
static gboolean is_placeholder(const char *name)
{
    return g_ascii_strcasecmp(name, "Former user") == 0;
}

/* The greatest (instant, text) stays. */
static void keep_text(char **text, UtcTime *text_at, const char *seen, UtcTime seen_at)
{
    if (seen == NULL || seen[0] == '\0')
        return;
    g_autofree char *valid = g_utf8_validate(seen, -1, NULL) ? NULL : g_utf8_make_valid(seen, -1);
    if (valid != NULL) /* compared here as the engine will compare it */
        seen = valid;
    if (is_placeholder(seen))
        seen_at = TIME_ABSENT;
    if (*text != NULL && (seen_at < *text_at || (seen_at == *text_at && strcmp(seen, *text) <= 0)))
        return;
    g_free(*text);
    *text = g_strdup(seen);
    *text_at = seen_at;
}

static void keep_key(char **key, const char *seen)
{
    if (*key == NULL)
        *key = g_strdup(seen);
}

static const char *kind_name(PersonKind kind)
{
    switch (kind) {
    case PERSON_USER:
        return "user";
    case PERSON_APP:
        return "app";
    case PERSON_TEAM:
        return "team";
    default:
        return "unknown";
    }
}

/* As PERSON_PUT does: known beats unknown, then the lesser name. */
static PersonKind better_kind(PersonKind a, PersonKind b)
{
    if (a == PERSON_UNKNOWN || b == PERSON_UNKNOWN)
        return a == PERSON_UNKNOWN ? b : a;
    return strcmp(kind_name(a), kind_name(b)) <= 0 ? a : b;
}

gint64 people_see(People *people, const Person *person, UtcTime at)
{
    const char *key = model_person_key(person, people->buffer);
    Sighting *sighting = g_hash_table_lookup(people->by_key, key);
    if (sighting == NULL) {
        sighting = find(people, model_id(ID_PERSON, people->workspace_id, key));
        g_hash_table_insert(people->by_key, g_strdup(key), sighting);
    }
    if (strcmp(key, MODEL_DELETED_PERSON) == 0) {
        keep_key(&sighting->display_name, DELETED_NAME);
        return sighting->id;
    }
    keep_key(&sighting->uuid, person->uuid);
    keep_key(&sighting->account_id, person->account_id);
    keep_text(&sighting->display_name, &sighting->display_name_at, person->display_name, at);
    keep_text(&sighting->nickname, &sighting->nickname_at, person->nickname, at);
    sighting->kind = better_kind(sighting->kind, person->kind);
    return sighting->id;
}

gint64 people_see_optional(People *people, const Person *person, UtcTime at)
{
    if (person->uuid == NULL && person->account_id == NULL)
        return COUNT_ABSENT;
    return people_see(people, person, at);
}

gboolean people_see_author(People *people, Db *db, const char *name, const char *email, UtcTime at,
                           gint64 *ret_id, GError **error)
{
    gboolean by_email = email != NULL && email[0] != '\0';
    gboolean by_name = name != NULL && name[0] != '\0';
    if (!by_email && !by_name) {
        *ret_id = people_see(people, &(Person){0}, at);
        return TRUE;
    }
    g_autofree char *lower = g_ascii_strdown(by_email ? email : "", -1);
    g_autofree char *raw = g_utf8_make_valid(by_email ? lower : name, -1);
    g_autofree char *key = g_strdup_printf("%s:%s", by_email ? "email" : "raw", raw);

    Sighting *sighting = g_hash_table_lookup(people->by_key, key);
    if (sighting == NULL) {
        gint64 own_id = model_id(ID_PERSON, people->workspace_id, key);
        gint64 id = 0;
        if (!db_get_integer(db, STATEMENT_IDENTITY_GET,
                            DB_PARAMS(db_integer(people->workspace_id),
                                      db_text(by_email ? "email" : "raw"), db_text(raw)),
                            own_id, &id, error))
            return FALSE;
        sighting = find(people, id);
        sighting->is_alias = id != own_id;
        g_hash_table_insert(people->by_key, g_strdup(key), sighting);
        keep_key(by_email ? &sighting->email : &sighting->raw, raw);
    }
    *ret_id = sighting->id;
    if (sighting->is_alias)
        return TRUE;
    keep_text(&sighting->display_name, &sighting->display_name_at, name, at);
    if (sighting->display_name == NULL) /* an address is better than nothing */
        keep_text(&sighting->display_name, &sighting->display_name_at, raw, TIME_ABSENT);
    return TRUE;
}

/* ---- writing */

static gboolean put_identity(People *people, StoreTx *tx, StatementId statement, const char *kind,
                             const char *value, gint64 id, GError **error)
{
    return value == NULL || db_run(tx->db, statement,
                                   DB_PARAMS(db_integer(people->workspace_id), db_text(kind),
                                             db_text(value), db_integer(id)),
                                   NULL, error);
}

static gboolean put_person(People *people, StoreTx *tx, const Sighting *s, GError **error)
{
    gint64 affected = 0;
    if (!db_run(tx->db, STATEMENT_PERSON_PUT,
                DB_PARAMS(db_integer(people->workspace_id), db_integer(s->id),
                          db_text(s->display_name != NULL ? s->display_name : ""),
                          db_optional(s->display_name_at), db_text(s->nickname),
                          db_optional(s->nickname_at), db_text(kind_name(s->kind))),
                &affected, error))
        return FALSE;
    tx->facts_altered |= affected > 0;
    /* An account seen with its uuid belongs to the person of that uuid. */
    StatementId account = s->uuid != NULL ? STATEMENT_IDENTITY_PUT : STATEMENT_IDENTITY_PUT_WEAK;
    return put_identity(people, tx, STATEMENT_IDENTITY_PUT, "uuid", s->uuid, s->id, error) &&
           put_identity(people, tx, account, "account_id", s->account_id, s->id, error) &&
           put_identity(people, tx, STATEMENT_IDENTITY_PUT_WEAK, "email", s->email, s->id, error) &&
           put_identity(people, tx, STATEMENT_IDENTITY_PUT_WEAK, "raw", s->raw, s->id, error);
}

gboolean people_put(People *people, StoreTx *tx, GError **error)
{
    GHashTableIter iter;
    gpointer sighting;
    g_hash_table_iter_init(&iter, people->by_id);
    while (g_hash_table_iter_next(&iter, NULL, &sighting))
        if (!put_person(people, tx, sighting, error))
            return FALSE;
    return TRUE;
}

/* ---- reading and judging */

void store_person_free(StorePerson *person)
{
    if (person == NULL)
        return;
    g_free(person->display_name);
    g_free(person->nickname);
    g_free(person->uuid);
    g_free(person->email);
    g_free(person->kind);
    g_free(person->bot_reason);
    g_free(person);
}

static gpointer read_person(DbRows *rows)
{
    StorePerson *person = g_new0(StorePerson, 1);
    *person = (StorePerson){
        .person_id = db_column_integer(rows, 0),
        .display_name = db_column_copy(rows, 1),
        .nickname = db_column_copy(rows, 2),
        .uuid = db_column_copy(rows, 3),
        .kind = db_column_copy(rows, 4),
        .email = db_column_copy(rows, 5),
        .is_bot = db_column_flag(rows, 6),
        .is_excluded = db_column_flag(rows, 7),
        .bot_reason = db_column_copy(rows, 8),
    };
    return person;
}

GPtrArray *store_list_people(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_PERSON_LIST, DB_PARAMS(db_integer(workspace_id)),
                      read_person, (GDestroyNotify) store_person_free, error);
}

/* ---- what somebody touched */

static gboolean touch_sighting(StoreTx *tx, gint64 workspace_id, gint64 person_id, GError **error)
{
    static const StatementId TOUCHED[] = {
        STATEMENT_TODO_ADD_BY_AUTHOR, STATEMENT_TODO_ADD_BY_PARTICIPANT,
        STATEMENT_TODO_ADD_BY_ACTOR, STATEMENT_TODO_ADD_BY_SUBJECT};
    gint64 generation = 0;
    if (!store_generation(tx, &generation, error))
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(TOUCHED); i++)
        if (!db_run(
                tx->db, TOUCHED[i],
                DB_PARAMS(db_integer(workspace_id), db_integer(person_id), db_integer(generation)),
                NULL, error))
            return FALSE;
    return TRUE;
}

static gboolean add_aliases_of(Db *db, gint64 workspace_id, gint64 person_id, GArray *people,
                               GError **error)
{
    g_autoptr(DbRows) rows = db_query(
        db, STATEMENT_ALIAS_OF, DB_PARAMS(db_integer(workspace_id), db_integer(person_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        gint64 alias = db_column_integer(rows, 0);
        g_array_append_val(people, alias);
    }
    return db_rows_end(rows, error);
}

gboolean people_touch(StoreTx *tx, gint64 workspace_id, gint64 person_id, GError **error)
{
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(people, person_id);
    tx->facts_altered = TRUE;
    /* Aliases form no ring (store_put_alias), so this ends. */
    for (guint i = 0; i < people->len; i++) {
        gint64 sighting = g_array_index(people, gint64, i);
        if (!add_aliases_of(tx->db, workspace_id, sighting, people, error) ||
            !touch_sighting(tx, workspace_id, sighting, error))
            return FALSE;
    }
    return TRUE;
}

gboolean store_mark_person(StoreTx *tx, gint64 workspace_id, gint64 person_id, gboolean is_bot,
                           const char *bot_reason, gboolean is_excluded, GError **error)
{
    gint64 affected = 0;
    return db_run(tx->db, STATEMENT_PERSON_MARK,
                  DB_PARAMS(db_integer(workspace_id), db_integer(person_id), db_flag(is_bot),
                            db_text(bot_reason), db_flag(is_excluded)),
                  &affected, error) &&
           (affected == 0 || people_touch(tx, workspace_id, person_id, error));
}
