/*
 * Who is who: looking for people, and deciding what no rule can. Administrators decide: a merge
 * changes whose approval was the author's own, and so what the merge audit says.
 */
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define PEOPLE_PER_PAGE 50
#define TEXT_MOST       200 /* bytes of what is looked for */

/* ---- looking */

static gboolean read_question(const WebCall *call, PeopleQuestion *ret_question, GError **error)
{
    const WebRequest *request = call->request;
    const char *show = request_query(request, "show"), *limit = request_query(request, "limit");
    const char *cursor = request_query(request, "cursor");
    guint64 n = PEOPLE_PER_PAGE;
    *ret_question = (PeopleQuestion){.text = request_query(request, "q")};
    if (ret_question->text != NULL && strlen(ret_question->text) > TEXT_MOST)
        return web_invalid(error, "\"q\" has more than %d bytes.", TEXT_MOST);
    if (show != NULL && !people_shown_from_name(show, &ret_question->shown))
        return web_invalid(error, "\"show\" is all, people, bots, excluded or merged.");
    if (limit != NULL && !g_ascii_string_to_unsigned(limit, 10, 1, PEOPLE_PAGE_MOST, &n, NULL))
        return web_invalid(error, "\"limit\" must be between 1 and %d.", PEOPLE_PAGE_MOST);
    if (cursor != NULL && !web_need_id(cursor, &ret_question->after_id, NULL))
        return web_invalid(error, "\"cursor\" is none that was given out.");
    ret_question->limit = (guint) n;
    return TRUE;
}

gboolean web_list_people(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    PeopleQuestion question;
    static const char *const COLUMNS[] = {"id",          "name",        "nickname",   "uuid",
                                          "kind",        "is_bot",      "bot_reason", "is_excluded",
                                          "names.value", "merged.name", NULL};
    return web_desk_open(call, &desk, error) && read_question(call, &question, error) &&
           web_reply_list_text(
               call, reply,
               deliver_render_people_page(desk.store, desk.workspace_id, &question, error), "items",
               COLUMNS);
}

static gboolean canonical(const WebDesk *desk, gint64 *person_id, GError **error)
{
    g_autoptr(PersonMap) map = person_map_load(desk->store, desk->workspace_id, error);
    if (map == NULL)
        return FALSE;
    *person_id = person_map_canonical(map, *person_id);
    return TRUE;
}

static gboolean reply_person(const WebDesk *desk, gint64 person_id, WebReply *reply, GError **error)
{
    return canonical(desk, &person_id, error) &&
           web_reply_rendered(reply, deliver_render_people(desk->store, desk->workspace_id,
                                                           person_id, REPORT_JSON, NULL, error));
}

gboolean web_get_person(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    gint64 id = 0;
    return web_desk_open(call, &desk, error) && web_need_id(call->request->parts[0], &id, error) &&
           reply_person(&desk, id, reply, error);
}

gboolean web_list_doubts(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    static const char *const COLUMNS[] = {"person.id", "person.name", "person.handle",
                                          "other.id",  "other.name",  "other.handle",
                                          "score",     "reason",      NULL};
    return web_desk_open(call, &desk, error) &&
           web_reply_list_text(
               call, reply,
               deliver_render_doubts(desk.store, desk.workspace_id, REPORT_JSON, NULL, error),
               "doubts", COLUMNS);
}

/* ---- deciding */

/* By which of its names a message and the log call somebody. */
static char *call_name(const StorePerson *person)
{
    const char *handle = person->email != NULL ? person->email : person->uuid;
    return handle == NULL ? g_strdup(person->display_name)
                          : g_strdup_printf("%s (%s)", person->display_name, handle);
}

/* The one in the path and, where the body names one by @member, the other. */
typedef struct {
    WebDesk desk;
    gint64 ids[2];
    char *names[2];
} Pair;

static void pair_clear(Pair *pair)
{
    web_desk_close(&pair->desk);
    g_free(pair->names[0]);
    g_free(pair->names[1]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pair, pair_clear)

static gboolean name_person(Pair *pair, guint i, GError **error)
{
    g_autoptr(StorePerson) person =
        identity_get_person(pair->desk.store, pair->desk.workspace_id, pair->ids[i], error);
    if (person == NULL)
        return FALSE;
    pair->names[i] = call_name(person);
    return TRUE;
}

static gboolean open_pair(const WebCall *call, const char *member, Pair *pair, GError **error)
{
    if (!web_desk_open(call, &pair->desk, error) ||
        !web_need_id(call->request->parts[0], &pair->ids[0], error))
        return FALSE;
    if (member == NULL)
        return name_person(pair, 0, error);
    json_t *body = request_json(call->request, error);
    gboolean good = body != NULL && web_need_number(body, member, &pair->ids[1], error);
    json_decref(body);
    return good && name_person(pair, 0, error) && name_person(pair, 1, error);
}

/* Takes @tx: the note, the end of the transaction, and what follows from it. */
static gboolean commit(const WebCall *call, const Pair *pair, StoreTx *tx, const char *act,
                       const char *detail, GError **error)
{
    g_autoptr(StoreTx) own = tx;
    if (!web_note_act(own, call, act, pair->names[0], detail, error) ||
        !store_commit(g_steal_pointer(&own), error))
        return FALSE;
    web_desk_catch_up(&pair->desk, call);
    return TRUE;
}

gboolean web_post_merge(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Pair) pair = {0};
    if (!open_pair(call, "into", &pair, error) || !canonical(&pair.desk, &pair.ids[0], error) ||
        !canonical(&pair.desk, &pair.ids[1], error))
        return FALSE;
    const char *const names[] = {pair.names[0], pair.names[1]};
    g_autofree char *detail = g_strdup_printf("is %s", pair.names[1]);
    g_autoptr(StoreTx) tx = store_begin(pair.desk.store, error);
    return tx != NULL &&
           identity_merge(pair.desk.store, tx, pair.desk.workspace_id, pair.ids[0], pair.ids[1],
                          names, call->now, error) &&
           commit(call, &pair, g_steal_pointer(&tx), "person.merge", detail, error) &&
           reply_person(&pair.desk, pair.ids[1], reply, error);
}

gboolean web_post_split(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Pair) pair = {0};
    if (!open_pair(call, NULL, &pair, error))
        return FALSE;
    g_autoptr(StoreTx) tx = store_begin(pair.desk.store, error);
    return tx != NULL &&
           identity_split(pair.desk.store, tx, pair.desk.workspace_id, pair.ids[0], pair.names[0],
                          call->now, error) &&
           commit(call, &pair, g_steal_pointer(&tx), "person.split", "", error) &&
           reply_person(&pair.desk, pair.ids[0], reply, error);
}

gboolean web_post_different(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Pair) pair = {0};
    if (!open_pair(call, "from", &pair, error))
        return FALSE;
    const char *const names[] = {pair.names[0], pair.names[1]};
    g_autofree char *detail = g_strdup_printf("is not %s", pair.names[1]);
    g_autoptr(StoreTx) tx = store_begin(pair.desk.store, error);
    return tx != NULL &&
           identity_tell_apart(pair.desk.store, tx, pair.desk.workspace_id, pair.ids[0],
                               pair.ids[1], names, call->now, error) &&
           commit(call, &pair, g_steal_pointer(&tx), "person.different", detail, error) &&
           reply_person(&pair.desk, pair.ids[0], reply, error);
}

/* ---- bots and excluded people */

static const struct {
    const char *member;
    IdentityMark yes, no;
    const char *words[2]; /* no, yes */
} MARKS[] = {
    {"is_bot", IDENTITY_BOT, IDENTITY_HUMAN, {"is a person", "is a bot"}},
    {"is_excluded", IDENTITY_EXCLUDED, IDENTITY_INCLUDED, {"counts", "is left out"}},
};

/* In a transaction each: the second looks at what the first wrote. */
static gboolean put_mark(const WebCall *call, const Pair *pair, gsize mark, gboolean is_set,
                         GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(pair->desk.store, error);
    return tx != NULL &&
           identity_mark(pair->desk.store, tx, pair->desk.workspace_id, pair->ids[0],
                         is_set ? MARKS[mark].yes : MARKS[mark].no, error) &&
           commit(call, pair, g_steal_pointer(&tx), "person.mark", MARKS[mark].words[is_set],
                  error);
}

gboolean web_patch_person(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(Pair) pair = {0};
    json_t *body = open_pair(call, NULL, &pair, error) && canonical(&pair.desk, &pair.ids[0], error)
                       ? request_json(call->request, error)
                       : NULL;
    gboolean good = body != NULL;
    guint said = 0;
    for (gsize i = 0; good && i < G_N_ELEMENTS(MARKS); i++) {
        json_t *value = json_object_get(body, MARKS[i].member);
        if (value != NULL && !json_is_boolean(value))
            good = web_invalid(error, "\"%s\" is neither true nor false.", MARKS[i].member);
        said += value != NULL;
    }
    if (good && said == 0)
        good = web_invalid(error, "Say \"is_bot\" or \"is_excluded\".");
    for (gsize i = 0; good && i < G_N_ELEMENTS(MARKS); i++) {
        json_t *value = json_object_get(body, MARKS[i].member);
        good = value == NULL || put_mark(call, &pair, i, json_is_true(value), error);
    }
    json_decref(body);
    return good && reply_person(&pair.desk, pair.ids[0], reply, error);
}
