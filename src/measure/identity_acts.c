#include "measure/identity_acts.h"

StorePerson *identity_get_person(Store *store, gint64 workspace_id, gint64 person_id,
                                 GError **error)
{
    g_autoptr(GPtrArray) people = store_list_people(store, workspace_id, error);
    if (people == NULL)
        return NULL;
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (person->person_id == person_id) {
            g_ptr_array_set_free_func(people, NULL);
            StorePerson *found = g_ptr_array_remove_index_fast(people, i);
            g_ptr_array_set_free_func(people, (GDestroyNotify) store_person_free);
            return found;
        }
    }
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                        "There is no person with this id.");
    return NULL;
}

/* ---- merging and splitting */

gboolean identity_merge(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                        gint64 into_id, const char *const names[2], UtcTime now, GError **error)
{
    g_autoptr(StorePerson) person = identity_get_person(store, workspace_id, person_id, error);
    g_autoptr(StorePerson) into =
        person == NULL ? NULL : identity_get_person(store, workspace_id, into_id, error);
    if (into == NULL)
        return FALSE;
    gboolean turns = person->uuid != NULL && into->uuid == NULL;
    g_autofree char *reason =
        g_strdup_printf("'%s' and '%s' were said to be one.", names[0], names[1]);
    const StoreAlias alias = {turns ? into_id : person_id, turns ? person_id : into_id,
                              (char *) ALIAS_BY_HAND, reason, now};
    return store_put_alias(tx, workspace_id, &alias, error) &&
           store_delete_distinct(tx, workspace_id, person_id, into_id, error);
}

/* *@ret_into_id 0: merged into nobody. */
static gboolean find_alias(Store *store, gint64 workspace_id, gint64 person_id, gint64 *ret_into_id,
                           GError **error)
{
    g_autoptr(GPtrArray) aliases = store_list_aliases(store, workspace_id, error);
    if (aliases == NULL)
        return FALSE;
    *ret_into_id = 0;
    for (guint i = 0; i < aliases->len; i++) {
        const StoreAlias *alias = aliases->pdata[i];
        if (alias->person_id == person_id)
            *ret_into_id = alias->into_id;
    }
    return TRUE;
}

gboolean identity_split(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                        const char *name, UtcTime now, GError **error)
{
    gint64 into_id = 0;
    if (!find_alias(store, workspace_id, person_id, &into_id, error))
        return FALSE;
    if (into_id == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "'%s' is merged into nobody; name the address or account that was merged, as "
                    "'plumbline identity show' lists them.",
                    name);
        return FALSE;
    }
    return store_delete_alias(tx, workspace_id, person_id, error) &&
           store_put_distinct(tx, workspace_id, person_id, into_id, now, error);
}

static gboolean refuse(GError **error, const char *const names[2], const char *why)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, "'%s' and '%s' %s.", names[0],
                names[1], why);
    return FALSE;
}

gboolean identity_tell_apart(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                             gint64 other_id, const char *const names[2], UtcTime now,
                             GError **error)
{
    gint64 into_id = 0;
    if (person_id == other_id)
        return refuse(error, names, "are the same account or address");
    g_autoptr(PersonMap) map = person_map_load(store, workspace_id, error);
    if (map == NULL || !find_alias(store, workspace_id, person_id, &into_id, error))
        return FALSE;
    gboolean are_one = person_map_canonical(map, person_id) == person_map_canonical(map, other_id);
    if (are_one && into_id != other_id)
        return refuse(
            error, names,
            "are one person now; split the address or account that does not belong there");
    return store_put_distinct(tx, workspace_id, person_id, other_id, now, error) &&
           (!are_one || store_delete_alias(tx, workspace_id, person_id, error));
}

/* ---- bots and excluded people */

gboolean identity_mark(Store *store, StoreTx *tx, gint64 workspace_id, gint64 person_id,
                       IdentityMark mark, GError **error)
{
    g_autoptr(StorePerson) person = identity_get_person(store, workspace_id, person_id, error);
    if (person == NULL)
        return FALSE;
    gboolean is_bot = mark == IDENTITY_BOT || (mark != IDENTITY_HUMAN && person->is_bot);
    gboolean is_excluded =
        mark == IDENTITY_EXCLUDED || (mark != IDENTITY_INCLUDED && person->is_excluded);
    const char *reason = mark == IDENTITY_BOT     ? "by hand: a bot"
                         : mark == IDENTITY_HUMAN ? "by hand: a person"
                                                  : person->bot_reason;
    return store_mark_person(tx, workspace_id, person_id, is_bot, reason, is_excluded, error);
}
