/*
 * Inside deliver: everybody of a workspace at one moment, for what is said of people.
 */
#pragma once

#include <jansson.h>

#include "deliver/people.h"

typedef struct {
    GPtrArray *people;     /* StorePerson, as sighted */
    GPtrArray *identities; /* StoreIdentity */
    GPtrArray *aliases;    /* StoreAlias */
    PersonMap *map;
    GHashTable *names; /* gint64 *: canonical -> GPtrArray of StoreIdentity, borrowed */
} PeopleView;

gboolean people_view_load(PeopleView *view, Store *store, gint64 workspace_id, GError **error);
void people_view_clear(PeopleView *view);
const StorePerson *people_find(const PeopleView *view, gint64 person_id); /* NULL: none */
gboolean people_is_canonical(const PeopleView *view, const StorePerson *person);
/* For pointers to StorePerson *. */
gint people_by_name(gconstpointer a, gconstpointer b);
/* What is known of one person, in the order of sightings and kinds; uuids and account ids only when
 * @all. StoreIdentity, borrowed; the array is the caller's. */
GPtrArray *people_names(const PeopleView *view, gint64 person_id, gboolean all);

json_t *people_json_person(const PeopleView *view, const StorePerson *person);
GString *people_finish_json(json_t *root); /* @root: taken */
