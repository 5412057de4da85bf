/*
 * Who is who: looking, and deciding what no rule can.
 */
#include "cli/commands.h"
#include "cli/identity_view.h"

static struct {
    char *workspace, *format;
} options;

const GOptionEntry COMMAND_IDENTITY_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text or json", "FORMAT"},
    {NULL}};

typedef struct {
    Store *store;
    gint64 workspace_id;
    const char *verb;
    char **names; /* of people, as given */
    gboolean as_json;
} Act;

/* Commits when @good, else rolls back. */
static gboolean finish(StoreTx *tx, gboolean good, GError **error)
{
    if (good)
        return store_commit(tx, error);
    store_rollback(tx);
    return FALSE;
}

/* ---- looking */

static gboolean act_list(const Act *act, GError **error)
{
    return identity_view_people(act->store, act->workspace_id, 0, act->as_json, error);
}

static gboolean act_show(const Act *act, GError **error)
{
    gint64 person_id = 0;
    return store_find_person(act->store, act->workspace_id, act->names[0], &person_id, error) &&
           identity_view_people(act->store, act->workspace_id, person_id, act->as_json, error);
}

static gboolean act_review(const Act *act, GError **error)
{
    return identity_view_doubts(act->store, act->workspace_id, act->as_json, error);
}

/* ---- merging and splitting */

/* FALSE without error: not in the list. */
static gboolean is_account(Store *store, gint64 workspace_id, gint64 person_id, GError **error)
{
    g_autoptr(GPtrArray) people = store_list_people(store, workspace_id, error);
    for (guint i = 0; people != NULL && i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        if (person->person_id == person_id)
            return person->uuid != NULL;
    }
    return FALSE;
}

static gboolean act_merge(const Act *act, GError **error)
{
    gint64 person_id = 0, into_id = 0;
    GError *problem = NULL;
    if (!store_find_person(act->store, act->workspace_id, act->names[0], &person_id, error) ||
        !store_find_person(act->store, act->workspace_id, act->names[1], &into_id, error))
        return FALSE;
    /* An account stays the person, whichever way round somebody says it. */
    if (is_account(act->store, act->workspace_id, person_id, &problem) &&
        !is_account(act->store, act->workspace_id, into_id, &problem)) {
        gint64 account = person_id;
        person_id = into_id;
        into_id = account;
    }
    if (problem != NULL) {
        g_propagate_error(error, problem);
        return FALSE;
    }
    g_autofree char *reason =
        g_strdup_printf("'%s' and '%s' were said to be one.", act->names[0], act->names[1]);
    const StoreAlias alias = {person_id, into_id, (char *) ALIAS_BY_HAND, reason, time_now()};
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx,
                store_put_alias(tx, act->workspace_id, &alias, error) &&
                    store_delete_distinct(tx, act->workspace_id, person_id, into_id, error),
                error))
        return FALSE;
    printf("'%s' and '%s' are one person now. 'plumbline identity split' undoes it.\n",
           act->names[0], act->names[1]);
    return TRUE;
}

static gboolean find_alias(const Act *act, gint64 person_id, gint64 *ret_into_id, GError **error)
{
    g_autoptr(GPtrArray) aliases = store_list_aliases(act->store, act->workspace_id, error);
    if (aliases == NULL)
        return FALSE;
    for (guint i = 0; i < aliases->len; i++) {
        const StoreAlias *alias = aliases->pdata[i];
        if (alias->person_id == person_id) {
            *ret_into_id = alias->into_id;
            return TRUE;
        }
    }
    cli_fail(error, PLUMBLINE_ERROR_NOT_FOUND,
             "'%s' is merged into nobody; name the address or account that was merged, as "
             "'plumbline identity show' lists them",
             act->names[0]);
    return FALSE;
}

static gboolean act_split(const Act *act, GError **error)
{
    gint64 person_id = 0, into_id = 0;
    if (!store_find_sighting(act->store, act->workspace_id, act->names[0], &person_id, error) ||
        !find_alias(act, person_id, &into_id, error))
        return FALSE;
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL || !finish(tx,
                              store_delete_alias(tx, act->workspace_id, person_id, error) &&
                                  store_put_distinct(tx, act->workspace_id, person_id, into_id,
                                                     time_now(), error),
                              error))
        return FALSE;
    printf("'%s' is a person of its own again, and no rule will merge the two.\n", act->names[0]);
    return TRUE;
}

static gboolean act_different(const Act *act, GError **error)
{
    gint64 person_id = 0, other_id = 0, into_id = 0;
    if (!store_find_sighting(act->store, act->workspace_id, act->names[0], &person_id, error) ||
        !store_find_sighting(act->store, act->workspace_id, act->names[1], &other_id, error))
        return FALSE;
    g_autoptr(PersonMap) map = person_map_load(act->store, act->workspace_id, error);
    if (map == NULL)
        return FALSE;
    if (person_id == other_id)
        return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                        "'%s' and '%s' are the same account or "
                        "address",
                        act->names[0], act->names[1]);
    if (person_map_canonical(map, person_id) == person_map_canonical(map, other_id)) {
        if (!find_alias(act, person_id, &into_id, NULL) || into_id != other_id)
            return cli_fail(error, PLUMBLINE_ERROR_INVALID,
                            "they are one person now; 'plumbline identity split' the address or "
                            "account that does not belong there");
    }
    StoreTx *tx = store_begin(act->store, error);
    if (tx == NULL ||
        !finish(tx,
                store_put_distinct(tx, act->workspace_id, person_id, other_id, time_now(), error) &&
                    (into_id != other_id ||
                     store_delete_alias(tx, act->workspace_id, person_id, error)),
                error))
        return FALSE;
    printf("'%s' and '%s' are different people; no rule will merge them.\n", act->names[0],
           act->names[1]);
    return TRUE;
}

/* ---- bots and excluded people */

static gboolean mark(const Act *act, StorePerson *person, GError **error)
{
    if (g_str_equal(act->verb, "exclude") || g_str_equal(act->verb, "include")) {
        person->is_excluded = g_str_equal(act->verb, "exclude");
    } else {
        person->is_bot = g_str_equal(act->verb, "bot");
        g_free(person->bot_reason);
        person->bot_reason = g_strdup(person->is_bot ? "by hand: a bot" : "by hand: a person");
    }
    StoreTx *tx = store_begin(act->store, error);
    return tx != NULL &&
           finish(tx,
                  store_mark_person(tx, act->workspace_id, person->person_id, person->is_bot,
                                    person->bot_reason, person->is_excluded, error),
                  error);
}

static gboolean act_mark(const Act *act, GError **error)
{
    static const char *const DONE[][2] = {
        {"bot", "counts as a bot"},
        {"human", "counts as a person"},
        {"exclude", "is left out of everything"},
        {"include", "is counted again"},
    };
    gint64 person_id = 0;
    if (!store_find_person(act->store, act->workspace_id, act->names[0], &person_id, error))
        return FALSE;
    g_autoptr(GPtrArray) people = store_list_people(act->store, act->workspace_id, error);
    for (guint i = 0; people != NULL && i < people->len; i++) {
        StorePerson *person = people->pdata[i];
        if (person->person_id != person_id)
            continue;
        if (!mark(act, person, error))
            return FALSE;
        for (gsize verb = 0; verb < G_N_ELEMENTS(DONE); verb++)
            if (g_str_equal(act->verb, DONE[verb][0]))
                printf("'%s' %s from now on; what was computed is computed anew.\n", act->names[0],
                       DONE[verb][1]);
        return TRUE;
    }
    return FALSE;
}

/* ---- */

static const struct {
    const char *verb;
    guint names;
    gboolean (*act)(const Act *act, GError **error);
} VERBS[] = {
    {"list", 0, act_list},    {"show", 1, act_show},   {"review", 0, act_review},
    {"merge", 2, act_merge},  {"split", 1, act_split}, {"different", 2, act_different},
    {"bot", 1, act_mark},     {"human", 1, act_mark},  {"exclude", 1, act_mark},
    {"include", 1, act_mark},
};

int command_identity(const CliGlobals *globals, char **arguments, GError **error)
{
    Act act = {.verb = arguments[0] == NULL ? "list" : arguments[0],
               .names = arguments[0] == NULL ? arguments : arguments + 1};
    gsize verb = 0;
    while (verb < G_N_ELEMENTS(VERBS) && !g_str_equal(VERBS[verb].verb, act.verb))
        verb++;
    if (verb == G_N_ELEMENTS(VERBS))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "identity: '%s' is not one of its words",
                        act.verb);
    if (g_strv_length(act.names) != VERBS[verb].names)
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "identity %s: name %s", act.verb,
                        VERBS[verb].names == 0   ? "nobody"
                        : VERBS[verb].names == 1 ? "one person"
                                                 : "two people");
    if (!work_choose_json(options.format, &act.as_json, error))
        return 0;
    g_auto(DataFolder) folder = {0};
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    g_autoptr(GPtrArray) connections =
        store == NULL ? NULL : work_connections(store, options.workspace, error);
    if (connections == NULL)
        return 0;
    act.store = store;
    act.workspace_id = ((const StoreConnection *) connections->pdata[0])->workspace_id;
    /* The rules first: what they are certain of is not asked. */
    if (measure_refresh(store, act.workspace_id, NULL, error))
        VERBS[verb].act(&act, error);
    return 0;
}
