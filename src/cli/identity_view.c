#include "cli/identity_view.h"

#include <jansson.h>

#define FORMAT_VERSION 1

typedef struct {
    GPtrArray *people, *identities, *aliases;
    PersonMap *map;
} View;

static gboolean load(View *view, Store *store, gint64 workspace_id, GError **error)
{
    view->people = store_list_people(store, workspace_id, error);
    view->identities =
        view->people == NULL ? NULL : store_list_identities(store, workspace_id, error);
    view->aliases =
        view->identities == NULL ? NULL : store_list_aliases(store, workspace_id, error);
    view->map = view->aliases == NULL ? NULL : person_map_load(store, workspace_id, error);
    return view->map != NULL;
}

static void clear(View *view)
{
    g_clear_pointer(&view->people, g_ptr_array_unref);
    g_clear_pointer(&view->identities, g_ptr_array_unref);
    g_clear_pointer(&view->aliases, g_ptr_array_unref);
    g_clear_pointer(&view->map, person_map_unref);
}

static const StorePerson *find(const View *view, gint64 person_id)
{
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (person->person_id == person_id)
            return person;
    }
    return NULL;
}

static gboolean is_canonical(const View *view, const StorePerson *person)
{
    return person_map_canonical(view->map, person->person_id) == person->person_id;
}

static gint by_name(gconstpointer a, gconstpointer b)
{
    const StorePerson *first = *(StorePerson *const *) a, *second = *(StorePerson *const *) b;
    gint order = g_utf8_collate(first->display_name, second->display_name);
    return order != 0
               ? order
               : (first->person_id > second->person_id) - (first->person_id < second->person_id);
}

/* What is known of one person, in the order of kinds; uuids and account ids only when @all. */
static GPtrArray *names_of(const View *view, gint64 person_id, gboolean all)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < view->identities->len; i++) {
        const StoreIdentity *identity = view->identities->pdata[i];
        if (person_map_canonical(view->map, identity->person_id) == person_id &&
            (all || g_str_equal(identity->kind, "email") || g_str_equal(identity->kind, "raw")))
            g_ptr_array_add(names, (gpointer) identity);
    }
    return names;
}

static const char *role_of(const StorePerson *person)
{
    return person->is_bot        ? person->is_excluded ? "bot, excluded" : "bot"
           : person->is_excluded ? "excluded"
                                 : "";
}

/* ---- text */

static void put(GPtrArray *cells, const char *text)
{
    g_ptr_array_add(cells, g_strdup(text == NULL ? "" : text));
}

static gboolean write_table(GPtrArray *cells, gsize columns, guint64 right, GError **error)
{
    ReportStyle style = work_style(NULL);
    GString *text = deliver_render_table((const char *const *) cells->pdata, cells->len / columns,
                                         columns, right, &style);
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

static gboolean write_list(const View *view, GError **error)
{
    static const char *const HEADING[] = {"person", "nickname", "account", "role", "addresses"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (!is_canonical(view, person))
            continue;
        g_autoptr(GPtrArray) names = names_of(view, person->person_id, FALSE);
        g_autoptr(GString) addresses = g_string_new(NULL);
        for (guint j = 0; j < names->len; j++)
            g_string_append_printf(addresses, "%s%s", j > 0 ? ", " : "",
                                   ((const StoreIdentity *) names->pdata[j])->value);
        put(cells, person->display_name);
        put(cells, person->nickname);
        put(cells, person->uuid != NULL ? "yes" : "no");
        put(cells, role_of(person));
        put(cells, addresses->str);
    }
    return write_table(cells, G_N_ELEMENTS(HEADING), 0, error);
}

/* A line, in which foreign texts do nothing to the terminal. */
static void put_line(GString *out, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void put_line(GString *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *safe = log_printable(text);
    g_string_append_printf(out, "%s\n", safe);
}

static gboolean write_person(const View *view, const StorePerson *person, GError **error)
{
    g_autoptr(GPtrArray) names = names_of(view, person->person_id, TRUE);
    GString *text = g_string_new(NULL);
    if (person->nickname != NULL)
        put_line(text, "%s (%s)", person->display_name, person->nickname);
    else
        put_line(text, "%s", person->display_name);
    if (*role_of(person) != '\0')
        put_line(text, "%s%s%s", role_of(person), person->bot_reason != NULL ? ": " : "",
                 person->bot_reason != NULL ? person->bot_reason : "");
    for (guint i = 0; i < names->len; i++) {
        const StoreIdentity *identity = names->pdata[i];
        put_line(text, "  %-11s %s", identity->kind, identity->value);
    }
    for (guint i = 0; i < view->aliases->len; i++) {
        const StoreAlias *alias = view->aliases->pdata[i];
        if (person_map_canonical(view->map, alias->person_id) == person->person_id)
            put_line(text, "%s: %s",
                     g_str_equal(alias->rule, ALIAS_BY_HAND) ? "Merged by hand" : "Merged by rule",
                     alias->reason);
    }
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

/* ---- JSON */

static json_t *text_or_null(const char *text)
{
    return text == NULL ? json_null() : json_string(text);
}

static json_t *json_person(const View *view, const StorePerson *person)
{
    json_t *names = json_array(), *merged = json_array();
    g_autoptr(GPtrArray) list = names_of(view, person->person_id, TRUE);
    for (guint i = 0; i < list->len; i++) {
        const StoreIdentity *identity = list->pdata[i];
        json_array_append_new(
            names, json_pack("{ss ss}", "kind", identity->kind, "value", identity->value));
    }
    for (guint i = 0; i < view->aliases->len; i++) {
        const StoreAlias *alias = view->aliases->pdata[i];
        char made[TIME_TEXT_SIZE];
        const StorePerson *from = find(view, alias->person_id);
        if (person_map_canonical(view->map, alias->person_id) != person->person_id)
            continue;
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

static gboolean write_json(json_t *root, GError **error)
{
    char *dumped = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(root);
    GString *text = g_string_new(dumped);
    g_string_append_c(text, '\n');
    free(dumped);
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

static gboolean write_json_people(const View *view, gint64 person_id, GError **error)
{
    json_t *people = json_array();
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (person_id == 0 ? is_canonical(view, person) : person->person_id == person_id)
            json_array_append_new(people, json_person(view, person));
    }
    return write_json(json_pack("{ss si so}", "format", "plumbline-people", "version",
                                FORMAT_VERSION, "people", people),
                      error);
}

gboolean identity_view_people(Store *store, gint64 workspace_id, gint64 person_id, gboolean as_json,
                              GError **error)
{
    View view = {NULL};
    gboolean done = load(&view, store, workspace_id, error);
    if (done) {
        g_ptr_array_sort(view.people, by_name);
        done = as_json          ? write_json_people(&view, person_id, error)
               : person_id == 0 ? write_list(&view, error)
                                : write_person(&view, find(&view, person_id), error);
    }
    clear(&view);
    return done;
}

/* ---- doubts */

static const char *name_of(const StorePerson *person)
{
    return person == NULL ? "somebody" : person->display_name;
}

/* What tells the person apart: the address, else the uuid. */
static const char *handle_of(const StorePerson *person)
{
    return person == NULL          ? ""
           : person->uuid != NULL  ? person->uuid
           : person->email != NULL ? person->email
                                   : person->display_name;
}

static gboolean write_doubts(const View *view, GPtrArray *doubts, GError **error)
{
    GString *text = g_string_new(NULL);
    if (doubts->len == 0)
        g_string_append(text, "Nothing is in doubt.\n");
    for (guint i = 0; i < doubts->len; i++) {
        const IdentityDoubt *doubt = doubts->pdata[i];
        const StorePerson *person = find(view, doubt->person_id);
        const StorePerson *other = find(view, doubt->other_id);
        put_line(text, "%3.0f %%  %s (%s) is %s (%s)?", doubt->score * 100, name_of(person),
                 handle_of(person), name_of(other), handle_of(other));
        put_line(text, "       %s", doubt->reason);
    }
    if (doubts->len > 0)
        g_string_append(text, "\nplumbline identity merge PERSON INTO, or: different PERSON OTHER. "
                              "Name people by address or uuid.\n");
    gboolean written = cli_write(NULL, text, error);
    g_string_free(text, TRUE);
    return written;
}

static gboolean write_json_doubts(const View *view, GPtrArray *doubts, GError **error)
{
    json_t *list = json_array();
    for (guint i = 0; i < doubts->len; i++) {
        const IdentityDoubt *doubt = doubts->pdata[i];
        const StorePerson *person = find(view, doubt->person_id);
        const StorePerson *other = find(view, doubt->other_id);
        json_array_append_new(list, json_pack("{s{sI ss ss} s{sI ss ss} sf ss}", "person", "id",
                                              (json_int_t) doubt->person_id, "name",
                                              name_of(person), "handle", handle_of(person), "other",
                                              "id", (json_int_t) doubt->other_id, "name",
                                              name_of(other), "handle", handle_of(other), "score",
                                              doubt->score, "reason", doubt->reason));
    }
    return write_json(json_pack("{ss si so}", "format", "plumbline-identity-review", "version",
                                FORMAT_VERSION, "doubts", list),
                      error);
}

gboolean identity_view_doubts(Store *store, gint64 workspace_id, gboolean as_json, GError **error)
{
    View view = {NULL};
    g_autoptr(GPtrArray) doubts = identity_list_doubts(store, workspace_id, error);
    gboolean done = doubts != NULL && load(&view, store, workspace_id, error);
    if (done)
        done =
            as_json ? write_json_doubts(&view, doubts, error) : write_doubts(&view, doubts, error);
    clear(&view);
    return done;
}
