/*
 * identity_scene: what rules about people look at. Inside the measure room.
 */
#pragma once

#include "measure/identity.h"
#include "measure/person_name.h"

/* In whose pull requests the commits of a commit author stand. */
typedef struct {
    gint64 author_id;         /* of most of them, as merged by hand; ties: the lesser id */
    gint64 of_author, in_all; /* pull requests */
} Evidence;

typedef struct {
    GPtrArray *people;            /* StorePerson */
    GPtrArray *aliases;           /* StoreAlias */
    GHashTable *by_id;            /* gint64 * -> StorePerson, borrowed */
    GHashTable *alias_of;         /* gint64 * -> StoreAlias, borrowed */
    GHashTable *evidence;         /* gint64 * -> Evidence */
    GHashTable *shares;           /* "committer author" -> pull requests as a pointer */
    GHashTable *told;             /* gint64 * -> gint64 *: the account; 0: several */
    GHashTable *accounts_of_name; /* person_name_key -> number of accounts */
    GHashTable *distinct;         /* "a b", the lesser id first */
} IdentityScene;

/* @only_todo: as store_list_authorship. */
gboolean identity_scene_load(IdentityScene *ret_scene, Store *store, gint64 workspace_id,
                             gboolean only_todo, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void identity_scene_clear(IdentityScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(IdentityScene, identity_scene_clear)

const StorePerson *identity_person(const IdentityScene *scene, gint64 person_id);
/* Where aliases by hand lead. */
gint64 identity_by_hand(const IdentityScene *scene, gint64 person_id);
/* Where all aliases lead. */
gint64 identity_canonical(const IdentityScene *scene, gint64 person_id);
gboolean identity_is_distinct(const IdentityScene *scene, gint64 a, gint64 b);
/* Pull requests of @author_id in which commits of @committer_id stand. */
gint64 identity_pull_requests(const IdentityScene *scene, gint64 committer_id, gint64 author_id);
/* How alike a commit author and an account are called, names, nickname and address together. */
NameLikeness identity_likeness(const StorePerson *committer, const StorePerson *account);
