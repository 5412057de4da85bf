#include "deliver/people_view.h"

#include <string.h>

/* The identities that are a person's, all of them. */
static GHashTable *index_names(const PeopleView *view)
{
    GHashTable *index = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
                                              (GDestroyNotify) g_ptr_array_unref);
    for (guint i = 0; i < view->identities->len; i++) {
        StoreIdentity *identity = view->identities->pdata[i];
        gint64 person_id = person_map_canonical(view->map, identity->person_id);
        GPtrArray *names = g_hash_table_lookup(index, &person_id);
        if (names == NULL) {
            names = g_ptr_array_new();
            g_hash_table_insert(index, g_memdup2(&person_id, sizeof person_id), names);
        }
        g_ptr_array_add(names, identity);
    }
    return index;
}

gboolean people_view_load(PeopleView *view, Store *store, gint64 workspace_id, GError **error)
{
    view->people = store_list_people(store, workspace_id, error);
    view->identities =
        view->people == NULL ? NULL : store_list_identities(store, workspace_id, error);
    view->aliases =
        view->identities == NULL ? NULL : store_list_aliases(store, workspace_id, error);
    view->map = view->aliases == NULL ? NULL : person_map_load(store, workspace_id, error);
    if (view->map != NULL)
        view->names = index_names(view);
    return view->map != NULL;
}

void people_view_clear(PeopleView *view)
{
    g_clear_pointer(&view->names, g_hash_table_unref);
    g_clear_pointer(&view->people, g_ptr_array_unref);
    g_clear_pointer(&view->identities, g_ptr_array_unref);
    g_clear_pointer(&view->aliases, g_ptr_array_unref);
    g_clear_pointer(&view->map, person_map_unref);
}

const StorePerson *people_find(const PeopleView *view, gint64 person_id)
{
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (person->person_id == person_id)
            return person;
    }
    return NULL;
}

gboolean people_is_canonical(const PeopleView *view, const StorePerson *person)
{
    return person_map_canonical(view->map, person->person_id) == person->person_id;
}

gint people_by_name(gconstpointer a, gconstpointer b)
{
    const StorePerson *first = *(StorePerson *const *) a, *second = *(StorePerson *const *) b;
    gint order = g_utf8_collate(first->display_name, second->display_name);
    return order != 0
               ? order
               : (first->person_id > second->person_id) - (first->person_id < second->person_id);
}

GPtrArray *people_names(const PeopleView *view, gint64 person_id, gboolean all)
{
    GPtrArray *names = g_ptr_array_new(), *known = g_hash_table_lookup(view->names, &person_id);
    for (guint i = 0; known != NULL && i < known->len; i++) {
        StoreIdentity *identity = known->pdata[i];
        if (all || g_str_equal(identity->kind, "email") || g_str_equal(identity->kind, "raw"))
            g_ptr_array_add(names, identity);
    }
    return names;
}

/* ---- JSON */

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

json_t *people_json_person(const PeopleView *view, const StorePerson *person)
{
    json_t *names = json_array(), *merged = json_array();
    g_autoptr(GPtrArray) list = people_names(view, person->person_id, TRUE);
    for (guint i = 0; i < list->len; i++) {
        const StoreIdentity *identity = list->pdata[i];
        json_array_append_new(
            names, json_pack("{ss ss}", "kind", identity->kind, "value", identity->value));
    }
    for (guint i = 0; i < view->aliases->len; i++) {
        const StoreAlias *alias = view->aliases->pdata[i];
        if (person_map_canonical(view->map, alias->person_id) != person->person_id)
            continue;
        char made[TIME_TEXT_SIZE];
        const StorePerson *from = people_find(view, alias->person_id);
        json_array_append_new(
            merged,
            json_pack("{sI so ss ss ss}", "id", (json_int_t) alias->person_id, "name",
                      text_or_null(from == NULL ? NULL : from->display_name), "rule", alias->rule,
                      "reason", alias->reason, "made", time_format(alias->made, made)));
    }
    return json_pack("{sI ss so so ss sb so sb so so}", "id", (json_int_t) person->person_id,
                     "name", person->display_name, "nickname", text_or_null(person->nickname),
                     "uuid", text_or_null(person->uuid), "kind", person->kind, "is_bot",
                     person->is_bot, "bot_reason", text_or_null(person->bot_reason), "is_excluded",
                     person->is_excluded, "names", names, "merged", merged);
}

GString *people_finish_json(json_t *root)
{
    char *dumped = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(root);
    GString *text = g_string_new(dumped);
    g_string_append_c(text, '\n');
    free(dumped);
    return text;
}
