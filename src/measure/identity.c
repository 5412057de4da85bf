/* The rules that are certain. */
#include "measure/identity_scene.h"

#include <string.h>

#define CERTAIN_PULLS 3
#define CERTAIN_SHARE 0.9
#define FEW_PULLS     1000 /* beyond, looking at everybody is cheaper than at the authors of these */

#define RULE_TOLD      "told"
#define RULE_PULLS     "own-pull-requests"
#define RULE_SAME_NAME "same-name"
#define RULE_MAILBOX   "same-mailbox"

typedef struct {
    gint64 into_id; /* 0: nobody */
    const char *rule;
    char *reason;
} Verdict;

static void verdict_clear(Verdict *verdict)
{
    g_clear_pointer(&verdict->reason, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verdict, verdict_clear)

/* A verdict to merge, unless somebody told the two apart. */
static gboolean give(const IdentityScene *scene, const StorePerson *person, gint64 into_id,
                     const char *rule, char *reason, Verdict *verdict)
{
    g_autofree char *owned = reason;
    if (into_id == person->person_id || identity_is_distinct(scene, person->person_id, into_id))
        return FALSE;
    *verdict = (Verdict){into_id, rule, g_steal_pointer(&owned)};
    return TRUE;
}

static const char *address_of(const StorePerson *person)
{
    return person->email != NULL ? person->email : person->display_name;
}

static gboolean judge_told(const IdentityScene *scene, const StorePerson *person, Verdict *verdict)
{
    const gint64 *account = g_hash_table_lookup(scene->told, &person->person_id);
    const StorePerson *other =
        account == NULL || *account == 0 ? NULL : identity_person(scene, *account);
    return other != NULL && give(scene, person, other->person_id, RULE_TOLD,
                                 g_strdup_printf("Bitbucket says that commits by %s are by %s.",
                                                 address_of(person), other->display_name),
                                 verdict);
}

static gboolean is_unique_name(const IdentityScene *scene, const StorePerson *account)
{
    g_autofree char *key = person_name_key(account->display_name);
    return key[0] != '\0' &&
           GPOINTER_TO_INT(g_hash_table_lookup(scene->accounts_of_name, key)) == 1;
}

/* The pull requests in which somebody's commits stand, and the name. */
static gboolean judge_pulls(const IdentityScene *scene, const StorePerson *person,
                            const Evidence *evidence, Verdict *verdict)
{
    const StorePerson *author = identity_person(scene, evidence->author_id);
    if (author == NULL || author->uuid == NULL)
        return FALSE;
    NameLikeness likeness = identity_likeness(person, author);
    double share = (double) evidence->of_author / (double) evidence->in_all;
    if (likeness != NAMES_DIFFER && evidence->of_author >= CERTAIN_PULLS && share >= CERTAIN_SHARE)
        return give(scene, person, author->person_id, RULE_PULLS,
                    g_strdup_printf("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                    " pull requests with commits by %s are by %s, who has %s name.",
                                    evidence->of_author, evidence->in_all, address_of(person),
                                    author->display_name,
                                    likeness == NAMES_SAME ? "the same" : "a like"),
                    verdict);
    return likeness == NAMES_SAME && evidence->of_author == evidence->in_all &&
           is_unique_name(scene, author) &&
           give(scene, person, author->person_id, RULE_SAME_NAME,
                g_strdup_printf("Every pull request with commits by %s is by %s, the only account "
                                "of that name.",
                                address_of(person), author->display_name),
                verdict);
}

/* Commit authors by their address. */
static GHashTable *index_addresses(const IdentityScene *scene)
{
    GHashTable *addresses = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < scene->people->len; i++) {
        StorePerson *person = scene->people->pdata[i];
        if (person->uuid == NULL && person->email != NULL)
            g_hash_table_insert(addresses, person->email, person);
    }
    return addresses;
}

/* "jane+work@…" is delivered where "jane@…" is; names must agree, for a team may share a mailbox.
 */
static gboolean judge_mailbox(const IdentityScene *scene, const StorePerson *person,
                              GHashTable *addresses, Verdict *verdict)
{
    if (person->email == NULL)
        return FALSE;
    g_autofree char *mailbox = person_mailbox(person->email);
    const StorePerson *other =
        strcmp(mailbox, person->email) == 0 ? NULL : g_hash_table_lookup(addresses, mailbox);
    return other != NULL &&
           person_name_compare(person->display_name, other->display_name) == NAMES_SAME &&
           give(scene, person, other->person_id, RULE_MAILBOX,
                g_strdup_printf("%s and %s are one mailbox, under one name.", person->email,
                                other->email),
                verdict);
}

/* What rests on pull requests stays as it was judged while no pull request of the person changed;
 * only a name that is no longer unique takes it away. */
static gboolean keep(const IdentityScene *scene, const StoreAlias *alias, Verdict *verdict)
{
    if (alias == NULL)
        return FALSE;
    gboolean is_same_name = strcmp(alias->rule, RULE_SAME_NAME) == 0;
    const StorePerson *other = identity_person(scene, alias->into_id);
    if ((!is_same_name && strcmp(alias->rule, RULE_PULLS) != 0) || other == NULL ||
        (is_same_name && !is_unique_name(scene, other)) ||
        identity_is_distinct(scene, alias->person_id, alias->into_id))
        return FALSE;
    *verdict = (Verdict){alias->into_id, alias->rule, g_strdup(alias->reason)};
    return TRUE;
}

static void judge(const IdentityScene *scene, const StorePerson *person, const StoreAlias *alias,
                  GHashTable *addresses, Verdict *verdict)
{
    const Evidence *evidence = g_hash_table_lookup(scene->evidence, &person->person_id);
    if (judge_told(scene, person, verdict))
        return;
    /* Two accounts for one address: nobody can tell but a person. */
    if (g_hash_table_contains(scene->told, &person->person_id))
        return;
    if (evidence != NULL ? judge_pulls(scene, person, evidence, verdict)
                         : keep(scene, alias, verdict))
        return;
    judge_mailbox(scene, person, addresses, verdict);
}

/* ---- writing */

static gboolean write_verdict(StoreTx *tx, gint64 workspace_id, const StorePerson *person,
                              const StoreAlias *alias, const Verdict *verdict, GError **error)
{
    if (verdict->into_id == 0)
        return alias == NULL || store_delete_alias(tx, workspace_id, person->person_id, error);
    const StoreAlias wanted = {.person_id = person->person_id,
                               .into_id = verdict->into_id,
                               .rule = (char *) verdict->rule,
                               .reason = verdict->reason,
                               .made = time_now()};
    return store_put_alias(tx, workspace_id, &wanted, error);
}

static gboolean is_as_before(const StoreAlias *alias, const Verdict *verdict)
{
    if (alias == NULL || verdict->into_id == 0)
        return alias == NULL && verdict->into_id == 0;
    return alias->into_id == verdict->into_id && strcmp(alias->rule, verdict->rule) == 0;
}

static gboolean judge_all(const IdentityScene *scene, Store *store, gint64 workspace_id,
                          GError **error)
{
    g_autoptr(GHashTable) addresses = index_addresses(scene);
    g_autoptr(StoreTx) tx = NULL;
    gint64 deleted = store_deleted_person(workspace_id);
    for (guint i = 0; i < scene->people->len; i++) {
        const StorePerson *person = scene->people->pdata[i];
        const StoreAlias *alias = g_hash_table_lookup(scene->alias_of, &person->person_id);
        if (person->uuid != NULL || person->person_id == deleted ||
            (alias != NULL && strcmp(alias->rule, ALIAS_BY_HAND) == 0))
            continue;
        g_auto(Verdict) verdict = {0};
        judge(scene, person, alias, addresses, &verdict);
        if (is_as_before(alias, &verdict))
            continue;
        if (tx == NULL && (tx = store_begin(store, error)) == NULL)
            return FALSE;
        if (!write_verdict(tx, workspace_id, person, alias, &verdict, error))
            return FALSE;
    }
    return tx == NULL || store_commit(g_steal_pointer(&tx), error);
}

gboolean identity_refresh(Store *store, gint64 workspace_id, GError **error)
{
    gint64 todo = 0;
    if (!store_count_fact_todo(store, workspace_id, &todo, error))
        return FALSE;
    if (todo == 0)
        return TRUE;
    g_auto(IdentityScene) scene = {0};
    return identity_scene_load(&scene, store, workspace_id, todo <= FEW_PULLS, error) &&
           judge_all(&scene, store, workspace_id, error);
}
