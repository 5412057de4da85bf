/* Who is who, as tables and as JSON. */
#include "deliver/people_view.h"

#include <string.h>

#define FORMAT_VERSION 1

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

static GString *list_text(const PeopleView *view, const ReportStyle *style)
{
    static const char *const HEADING[] = {"person", "nickname", "account", "role", "addresses"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        put(cells, HEADING[i]);
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (!people_is_canonical(view, person))
            continue;
        g_autoptr(GPtrArray) names = people_names(view, person->person_id, FALSE);
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
    return deliver_render_table((const char *const *) cells->pdata,
                                cells->len / G_N_ELEMENTS(HEADING), G_N_ELEMENTS(HEADING), 0,
                                style);
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

static GString *person_text(const PeopleView *view, const StorePerson *person)
{
    g_autoptr(GPtrArray) names = people_names(view, person->person_id, TRUE);
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
    return text;
}

/* ---- JSON */

static GString *people_json(const PeopleView *view, gint64 person_id)
{
    json_t *people = json_array();
    for (guint i = 0; i < view->people->len; i++) {
        const StorePerson *person = view->people->pdata[i];
        if (person_id == 0 ? people_is_canonical(view, person) : person->person_id == person_id)
            json_array_append_new(people, people_json_person(view, person));
    }
    return people_finish_json(json_pack("{ss si so}", "format", "plumbline-people", "version",
                                        FORMAT_VERSION, "people", people));
}

static gboolean is_offered(ReportFormat format, GError **error)
{
    if (format == REPORT_TEXT || format == REPORT_JSON)
        return TRUE;
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "people come as text or json");
    return FALSE;
}

GString *deliver_render_people(Store *store, gint64 workspace_id, gint64 person_id,
                               ReportFormat format, const ReportStyle *style, GError **error)
{
    PeopleView view = {NULL};
    GString *text = NULL;
    if (!is_offered(format, error))
        return NULL;
    if (people_view_load(&view, store, workspace_id, error)) {
        const StorePerson *person = people_find(&view, person_id);
        g_ptr_array_sort(view.people, people_by_name);
        if (person_id != 0 && person == NULL)
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                                "There is no person with this id.");
        else
            text = format == REPORT_JSON ? people_json(&view, person_id)
                   : person == NULL      ? list_text(&view, style)
                                         : person_text(&view, person);
    }
    people_view_clear(&view);
    return text;
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

static GString *doubts_text(const PeopleView *view, GPtrArray *doubts)
{
    GString *text = g_string_new(NULL);
    if (doubts->len == 0)
        g_string_append(text, "Nothing is in doubt.\n");
    for (guint i = 0; i < doubts->len; i++) {
        const IdentityDoubt *doubt = doubts->pdata[i];
        const StorePerson *person = people_find(view, doubt->person_id);
        const StorePerson *other = people_find(view, doubt->other_id);
        put_line(text, "%3.0f %%  %s (%s) is %s (%s)?", doubt->score * 100, name_of(person),
                 handle_of(person), name_of(other), handle_of(other));
        put_line(text, "       %s", doubt->reason);
    }
    if (doubts->len > 0)
        g_string_append(text, "\nplumbline identity merge PERSON INTO, or: different PERSON OTHER. "
                              "Name people by address or uuid.\n");
    return text;
}

static GString *doubts_json(const PeopleView *view, GPtrArray *doubts)
{
    json_t *list = json_array();
    for (guint i = 0; i < doubts->len; i++) {
        const IdentityDoubt *doubt = doubts->pdata[i];
        const StorePerson *person = people_find(view, doubt->person_id);
        const StorePerson *other = people_find(view, doubt->other_id);
        json_array_append_new(list, json_pack("{s{sI ss ss} s{sI ss ss} sf ss}", "person", "id",
                                              (json_int_t) doubt->person_id, "name",
                                              name_of(person), "handle", handle_of(person), "other",
                                              "id", (json_int_t) doubt->other_id, "name",
                                              name_of(other), "handle", handle_of(other), "score",
                                              doubt->score, "reason", doubt->reason));
    }
    return people_finish_json(json_pack("{ss si so}", "format", "plumbline-identity-review",
                                        "version", FORMAT_VERSION, "doubts", list));
}

GString *deliver_render_doubts(Store *store, gint64 workspace_id, ReportFormat format,
                               const ReportStyle *style, GError **error)
{
    PeopleView view = {NULL};
    GString *text = NULL;
    if (!is_offered(format, error))
        return NULL;
    g_autoptr(GPtrArray) doubts = identity_list_doubts(store, workspace_id, error);
    if (doubts != NULL && people_view_load(&view, store, workspace_id, error))
        text = format == REPORT_JSON ? doubts_json(&view, doubts) : doubts_text(&view, doubts);
    people_view_clear(&view);
    return text;
}
