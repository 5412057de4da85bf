/* People page by page, for those who look for somebody. */
#include "deliver/people_view.h"

#include <string.h>

static const char *const SHOWN_NAMES[PEOPLE_SHOWN_COUNT] = {
    [PEOPLE_ALL] = "all",           [PEOPLE_HUMANS] = "people", [PEOPLE_BOTS] = "bots",
    [PEOPLE_EXCLUDED] = "excluded", [PEOPLE_MERGED] = "merged",
};

gboolean people_shown_from_name(const char *name, PeopleShown *ret_shown)
{
    for (guint i = 0; i < PEOPLE_SHOWN_COUNT; i++)
        if (strcmp(name, SHOWN_NAMES[i]) == 0) {
            *ret_shown = (PeopleShown) i;
            return TRUE;
        }
    return FALSE;
}

static gboolean is_merged(const PeopleView *view, gint64 person_id)
{
    for (guint i = 0; i < view->aliases->len; i++) {
        const StoreAlias *alias = view->aliases->pdata[i];
        if (person_map_canonical(view->map, alias->person_id) == person_id)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_shown(const PeopleView *view, const StorePerson *person, PeopleShown shown)
{
    switch (shown) {
    case PEOPLE_HUMANS:
        return !person->is_bot && !person->is_excluded;
    case PEOPLE_BOTS:
        return person->is_bot;
    case PEOPLE_EXCLUDED:
        return person->is_excluded;
    case PEOPLE_MERGED:
        return is_merged(view, person->person_id);
    default:
        return TRUE;
    }
}

/* What somebody types without regard to case, in parts. */
static char **fold_words(const char *text)
{
    g_autofree char *folded = g_utf8_casefold(text == NULL ? "" : text, -1);
    return g_strsplit_set(folded, " \t", -1);
}

static gboolean has_words(const PeopleView *view, const StorePerson *person, char *const *words)
{
    g_autoptr(GString) all = g_string_new(person->display_name);
    g_string_append_printf(all, "\n%s", person->nickname != NULL ? person->nickname : "");
    g_autoptr(GPtrArray) names = people_names(view, person->person_id, FALSE);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(all, "\n%s", ((const StoreIdentity *) names->pdata[i])->value);
    g_autofree char *folded = g_utf8_casefold(all->str, -1);
    for (; *words != NULL; words++)
        if (strstr(folded, *words) == NULL)
            return FALSE;
    return TRUE;
}

/* StorePerson, borrowed, by name. */
static GPtrArray *choose(const PeopleView *view, const PeopleQuestion *question)
{
    GPtrArray *chosen = g_ptr_array_new();
    g_auto(GStrv) words = fold_words(question->text);
    for (guint i = 0; i < view->people->len; i++) {
        StorePerson *person = view->people->pdata[i];
        if (people_is_canonical(view, person) && is_shown(view, person, question->shown) &&
            (question->text == NULL || has_words(view, person, words)))
            g_ptr_array_add(chosen, person);
    }
    g_ptr_array_sort(chosen, people_by_name);
    return chosen;
}

static GString *page_json(const PeopleView *view, const PeopleQuestion *question,
                          const StorePerson *after)
{
    json_t *items = json_array();
    gint64 last = 0;
    gboolean more = FALSE;
    g_autoptr(GPtrArray) chosen = choose(view, question);
    for (guint i = 0; i < chosen->len && !more; i++) {
        const StorePerson *person = chosen->pdata[i];
        if (after != NULL && people_by_name(&person, &after) <= 0)
            continue;
        more = json_array_size(items) == question->limit;
        if (!more) {
            json_array_append_new(items, people_json_person(view, person));
            last = person->person_id;
        }
    }
    json_t *root = json_pack("{sI so}", "in_all", (json_int_t) chosen->len, "items", items);
    if (more) {
        g_autofree char *cursor = g_strdup_printf("%" G_GINT64_FORMAT, last);
        json_object_set_new(root, "next_cursor", json_string(cursor));
    }
    return people_finish_json(root);
}

GString *deliver_render_people_page(Store *store, gint64 workspace_id,
                                    const PeopleQuestion *question, GError **error)
{
    PeopleView view = {NULL};
    GString *text = NULL;
    if (people_view_load(&view, store, workspace_id, error)) {
        const StorePerson *after = people_find(&view, question->after_id);
        if (question->after_id != 0 && after == NULL)
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                                "\"cursor\" is none that was given out.");
        else
            text = page_json(&view, question, after);
    }
    people_view_clear(&view);
    return text;
}
