/* What only a person can tell: a list to go through. */
#include "measure/identity_scene.h"

#include <math.h>
#include <string.h>

#define CERTAIN_PULLS 3
#define CERTAIN_SHARE 0.9

void identity_doubt_free(IdentityDoubt *doubt)
{
    if (doubt == NULL)
        return;
    g_free(doubt->reason);
    g_free(doubt);
}

typedef struct {
    const IdentityScene *scene;
    GHashTable *by_part; /* part of a name -> GPtrArray of StorePerson, accounts */
    GPtrArray *doubts;
} Search;

static gboolean is_open(const Search *search, const StorePerson *person, const StorePerson *other)
{
    const IdentityScene *scene = search->scene;
    return !person->is_bot && !other->is_bot && person->person_id != other->person_id &&
           identity_canonical(scene, person->person_id) !=
               identity_canonical(scene, other->person_id) &&
           !identity_is_distinct(scene, person->person_id, other->person_id);
}

static void put(const Search *search, const StorePerson *person, const StorePerson *other,
                double score, char *reason)
{
    IdentityDoubt *doubt = g_new0(IdentityDoubt, 1);
    *doubt = (IdentityDoubt){person->person_id, other->person_id, score, reason};
    g_ptr_array_add(search->doubts, doubt);
}

/* ---- a commit author and an account */

/* What its pull requests say. Free with g_free. */
static char *pulls_words(const Evidence *evidence, gint64 theirs)
{
    if (evidence == NULL)
        return g_strdup("no pull request has its commits");
    return g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                           " pull requests with its commits are theirs",
                           theirs, evidence->in_all);
}

/* 0: nothing to ask about. */
static double weigh(const Search *search, const StorePerson *person, const StorePerson *account,
                    char **ret_reason)
{
    const Evidence *evidence = g_hash_table_lookup(search->scene->evidence, &person->person_id);
    const gint64 *told = g_hash_table_lookup(search->scene->told, &person->person_id);
    gint64 theirs = identity_pull_requests(search->scene, person->person_id, account->person_id);
    double share = evidence == NULL ? 0 : (double) theirs / (double) evidence->in_all;
    g_autofree char *pulls = pulls_words(evidence, theirs);
    if (told != NULL && *told == 0 && theirs > 0) {
        *ret_reason = g_strdup_printf("Bitbucket names several accounts for it; %s.", pulls);
        return 0.4 + 0.5 * share;
    }
    switch (identity_likeness(person, account)) {
    case NAMES_SAME:
        *ret_reason = g_strdup_printf("Same name, another address; %s.", pulls);
        return 0.55 + 0.4 * share;
    case NAMES_ALIKE:
        *ret_reason = g_strdup_printf("The names are alike; %s.", pulls);
        return theirs > 0 ? 0.3 + 0.4 * share : 0;
    default:
        *ret_reason = g_strdup_printf("The names differ, but %s.", pulls);
        return theirs >= CERTAIN_PULLS && share >= CERTAIN_SHARE ? 0.4 : 0;
    }
}

/* Accounts that share a part of a name with @person, and the author of most pull requests. */
static GPtrArray *candidates_of(const Search *search, const StorePerson *person)
{
    g_autoptr(GHashTable) found = g_hash_table_new(NULL, NULL);
    g_auto(GStrv) parts = person_name_parts(person->display_name);
    for (gsize i = 0; parts[i] != NULL; i++) {
        const GPtrArray *accounts = g_hash_table_lookup(search->by_part, parts[i]);
        for (guint j = 0; accounts != NULL && j < accounts->len; j++)
            g_hash_table_add(found, accounts->pdata[j]);
    }
    const Evidence *evidence = g_hash_table_lookup(search->scene->evidence, &person->person_id);
    const StorePerson *author =
        evidence == NULL ? NULL : identity_person(search->scene, evidence->author_id);
    if (author != NULL && author->uuid != NULL)
        g_hash_table_add(found, (gpointer) author);
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer account;
    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, &account, NULL))
        g_ptr_array_add(list, account);
    return list;
}

/* The likeliest account; of equals the one with the lesser id, so that the list stays the same. */
static gboolean ask_about_account(const Search *search, const StorePerson *person)
{
    g_autoptr(GPtrArray) candidates = candidates_of(search, person);
    const StorePerson *best = NULL;
    g_autofree char *best_reason = NULL;
    double best_score = 0;
    for (guint i = 0; i < candidates->len; i++) {
        const StorePerson *account = candidates->pdata[i];
        g_autofree char *reason = NULL;
        double score =
            is_open(search, person, account) ? weigh(search, person, account, &reason) : 0;
        gboolean is_tied = best != NULL && fabs(score - best_score) < 1e-9;
        if (score <= 0 || (is_tied ? account->person_id > best->person_id : score < best_score))
            continue;
        best = account;
        best_score = score;
        g_free(best_reason);
        best_reason = g_steal_pointer(&reason);
    }
    if (best != NULL)
        put(search, person, best, best_score, g_steal_pointer(&best_reason));
    return best != NULL;
}

/* ---- two of a kind */

static void ask_about_twins(const Search *search, GPtrArray *twins, gboolean are_accounts)
{
    for (guint i = 1; i < twins->len; i++) {
        const StorePerson *person = twins->pdata[i], *other = twins->pdata[0];
        if (is_open(search, person, other))
            put(search, person, other, are_accounts ? 0.35 : 0.5,
                g_strdup(are_accounts ? "Two accounts have the same name."
                                      : "Two addresses have the same name, and no account has."));
    }
}

static void add_to_list(GHashTable *lists, const char *key, const StorePerson *person)
{
    GPtrArray *list = g_hash_table_lookup(lists, key);
    if (list == NULL) {
        list = g_ptr_array_new();
        g_hash_table_insert(lists, g_strdup(key), list);
    }
    g_ptr_array_add(list, (gpointer) person);
}

static GHashTable *new_lists(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
                                 (GDestroyNotify) g_ptr_array_unref);
}

static void ask_about_all_twins(const Search *search, GHashTable *lists, gboolean are_accounts)
{
    GHashTableIter iter;
    gpointer twins;
    g_hash_table_iter_init(&iter, lists);
    while (g_hash_table_iter_next(&iter, NULL, &twins))
        ask_about_twins(search, twins, are_accounts);
}

static gint compare_doubts(gconstpointer a, gconstpointer b)
{
    const IdentityDoubt *first = *(IdentityDoubt *const *) a, *second = *(IdentityDoubt *const *) b;
    if (fabs(first->score - second->score) > 1e-9)
        return first->score > second->score ? -1 : 1;
    if (first->person_id != second->person_id)
        return first->person_id < second->person_id ? -1 : 1;
    return (first->other_id > second->other_id) - (first->other_id < second->other_id);
}

static void search_all(Search *search)
{
    g_autoptr(GHashTable) accounts = new_lists();
    g_autoptr(GHashTable) addresses = new_lists();
    const GPtrArray *people = search->scene->people;
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (person->uuid == NULL)
            continue;
        g_auto(GStrv) parts = person_name_parts(person->display_name);
        for (gsize part = 0; parts[part] != NULL; part++)
            add_to_list(search->by_part, parts[part], person);
        if (person->nickname != NULL)
            add_to_list(search->by_part, person->nickname, person);
        g_autofree char *key = person_name_key(person->display_name);
        if (key[0] != '\0')
            add_to_list(accounts, key, person);
    }
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        gboolean is_loose = person->uuid == NULL &&
                            !g_hash_table_contains(search->scene->alias_of, &person->person_id);
        g_autofree char *key = person_name_key(person->display_name);
        if (is_loose && !ask_about_account(search, person) && key[0] != '\0' &&
            !g_hash_table_contains(accounts, key))
            add_to_list(addresses, key, person);
    }
    ask_about_all_twins(search, accounts, TRUE);
    ask_about_all_twins(search, addresses, FALSE);
}

GPtrArray *identity_list_doubts(Store *store, gint64 workspace_id, GError **error)
{
    g_auto(IdentityScene) scene = {0};
    if (!identity_scene_load(&scene, store, workspace_id, FALSE, error))
        return NULL;
    g_autoptr(GHashTable) by_part = new_lists();
    GPtrArray *doubts = g_ptr_array_new_with_free_func((GDestroyNotify) identity_doubt_free);
    Search search = {&scene, by_part, doubts};
    search_all(&search);
    g_ptr_array_sort(doubts, compare_doubts);
    if (doubts->len > IDENTITY_DOUBTS_MAX)
        g_ptr_array_set_size(doubts, IDENTITY_DOUBTS_MAX);
    return doubts;
}
