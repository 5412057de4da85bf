#include "measure/identity_scene.h"

static gint64 *new_id(gint64 id)
{
    return g_memdup2(&id, sizeof id);
}

static char *pair_key(gint64 a, gint64 b)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, a, b);
}

const StorePerson *identity_person(const IdentityScene *scene, gint64 person_id)
{
    return g_hash_table_lookup(scene->by_id, &person_id);
}

static gint64 follow(const IdentityScene *scene, gint64 person_id, gboolean only_by_hand)
{
    for (guint steps = scene->aliases->len; steps > 0; steps--) {
        const StoreAlias *alias = g_hash_table_lookup(scene->alias_of, &person_id);
        if (alias == NULL || (only_by_hand && !g_str_equal(alias->rule, ALIAS_BY_HAND)))
            break;
        person_id = alias->into_id;
    }
    return person_id;
}

gint64 identity_by_hand(const IdentityScene *scene, gint64 person_id)
{
    return follow(scene, person_id, TRUE);
}

gint64 identity_canonical(const IdentityScene *scene, gint64 person_id)
{
    return follow(scene, person_id, FALSE);
}

gboolean identity_is_distinct(const IdentityScene *scene, gint64 a, gint64 b)
{
    g_autofree char *key = pair_key(MIN(a, b), MAX(a, b));
    return g_hash_table_contains(scene->distinct, key);
}

gint64 identity_pull_requests(const IdentityScene *scene, gint64 committer_id, gint64 author_id)
{
    g_autofree char *key = pair_key(committer_id, author_id);
    return GPOINTER_TO_INT(g_hash_table_lookup(scene->shares, key));
}

NameLikeness identity_likeness(const StorePerson *committer, const StorePerson *account)
{
    NameLikeness likeness = person_name_compare(committer->display_name, account->display_name);
    if (likeness != NAMES_DIFFER)
        return likeness;
    /* A name of one word, or the address, may be made of the account's name. */
    return person_name_is_made_of(committer->display_name, account->display_name,
                                  account->nickname) ||
                   person_name_is_made_of(committer->email, account->display_name,
                                          account->nickname)
               ? NAMES_ALIKE
               : NAMES_DIFFER;
}

/* ---- loading */

static void index_people(IdentityScene *scene)
{
    for (guint i = 0; i < scene->people->len; i++) {
        StorePerson *person = scene->people->pdata[i];
        g_hash_table_insert(scene->by_id, new_id(person->person_id), person);
        if (person->uuid == NULL)
            continue;
        char *key = person_name_key(person->display_name);
        gint n = GPOINTER_TO_INT(g_hash_table_lookup(scene->accounts_of_name, key));
        g_hash_table_insert(scene->accounts_of_name, key, GINT_TO_POINTER(n + 1));
    }
    for (guint i = 0; i < scene->aliases->len; i++) {
        StoreAlias *alias = scene->aliases->pdata[i];
        g_hash_table_insert(scene->alias_of, new_id(alias->person_id), alias);
    }
}

static void index_evidence(IdentityScene *scene, const GArray *authorship)
{
    for (guint i = 0; i < authorship->len; i++) {
        const StoreAuthorship *row = &g_array_index(authorship, StoreAuthorship, i);
        gint64 author = identity_by_hand(scene, row->author_id);
        Evidence *evidence = g_hash_table_lookup(scene->evidence, &row->committer_id);
        if (evidence == NULL) {
            evidence = g_new0(Evidence, 1);
            g_hash_table_insert(scene->evidence, new_id(row->committer_id), evidence);
        }
        char *key = pair_key(row->committer_id, author);
        gint64 n = GPOINTER_TO_INT(g_hash_table_lookup(scene->shares, key)) + row->pull_requests;
        g_hash_table_insert(scene->shares, key, GINT_TO_POINTER((gint) n));
        evidence->in_all += row->pull_requests;
        if (n > evidence->of_author || (n == evidence->of_author && author < evidence->author_id)) {
            evidence->of_author = n;
            evidence->author_id = author;
        }
    }
}

static void index_told(IdentityScene *scene, const GArray *told)
{
    for (guint i = 0; i < told->len; i++) {
        const StoreAuthorship *row = &g_array_index(told, StoreAuthorship, i);
        gint64 account = identity_by_hand(scene, row->author_id);
        gint64 *known = g_hash_table_lookup(scene->told, &row->committer_id);
        if (known == NULL)
            g_hash_table_insert(scene->told, new_id(row->committer_id), new_id(account));
        else if (*known != account)
            *known = 0;
    }
}

static void index_distinct(IdentityScene *scene, const GArray *distinct)
{
    for (guint i = 0; i < distinct->len; i++) {
        const StoreDistinct *pair = &g_array_index(distinct, StoreDistinct, i);
        g_hash_table_add(scene->distinct, pair_key(pair->first_id, pair->second_id));
    }
}

gboolean identity_scene_load(IdentityScene *ret_scene, Store *store, gint64 workspace_id,
                             gboolean only_todo, GError **error)
{
    g_autoptr(GPtrArray) people = store_list_people(store, workspace_id, error);
    g_autoptr(GPtrArray) aliases =
        people == NULL ? NULL : store_list_aliases(store, workspace_id, error);
    g_autoptr(GArray) distinct =
        aliases == NULL ? NULL : store_list_distinct(store, workspace_id, error);
    g_autoptr(GArray) told =
        distinct == NULL ? NULL : store_list_told_accounts(store, workspace_id, error);
    g_autoptr(GArray) authorship =
        told == NULL ? NULL : store_list_authorship(store, workspace_id, only_todo, error);
    if (authorship == NULL)
        return FALSE;
    *ret_scene = (IdentityScene){
        .people = g_steal_pointer(&people),
        .aliases = g_steal_pointer(&aliases),
        .by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .alias_of = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .evidence = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
        .shares = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .told = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free),
        .accounts_of_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .distinct = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    index_people(ret_scene);
    index_evidence(ret_scene, authorship);
    index_told(ret_scene, told);
    index_distinct(ret_scene, distinct);
    return TRUE;
}

void identity_scene_clear(IdentityScene *scene)
{
    g_clear_pointer(&scene->by_id, g_hash_table_unref);
    g_clear_pointer(&scene->alias_of, g_hash_table_unref);
    g_clear_pointer(&scene->evidence, g_hash_table_unref);
    g_clear_pointer(&scene->shares, g_hash_table_unref);
    g_clear_pointer(&scene->told, g_hash_table_unref);
    g_clear_pointer(&scene->accounts_of_name, g_hash_table_unref);
    g_clear_pointer(&scene->distinct, g_hash_table_unref);
    g_clear_pointer(&scene->people, g_ptr_array_unref);
    g_clear_pointer(&scene->aliases, g_ptr_array_unref);
}
