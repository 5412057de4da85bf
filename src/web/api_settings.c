/* What is set for a workspace: its hours, who is shown, who is a bot, what an issue's key looks
 * like. */
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define CHANGES_MOST   16
#define DETAIL_MOST    200 /* characters of a value in the log */
#define PREVIEW_RECENT 20  /* pull requests */
#define PREVIEW_PEOPLE 50

static gboolean reply_settings(const WebCall *call, const WebDesk *desk, WebReply *reply,
                               GError **error)
{
    json_t *items = deliver_settings_json(desk->store, desk->workspace_id, error);
    if (items == NULL)
        return FALSE;
    static const char *const COLUMNS[] = {"key", "value", "default", "is_set", "meaning", NULL};
    web_reply_list(call, reply, json_pack("{s:s, s:o}", "workspace", desk->slug, "settings", items),
                   "settings", COLUMNS);
    return TRUE;
}

gboolean web_list_settings(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    return web_desk_open(call, &desk, error) && reply_settings(call, &desk, reply, error);
}

/* ---- changes */

typedef struct {
    SettingChange items[CHANGES_MOST];
    gsize n;
} Changes;

/* Values are texts; null takes one back. */
static gboolean read_changes(json_t *body, Changes *changes, GError **error)
{
    const char *key;
    json_t *value;
    json_object_foreach(body, key, value)
    {
        const char *text = json_string_value(value);
        if (!json_is_null(value) && (text == NULL || strlen(text) != json_string_length(value)))
            return web_invalid(error, "%.64s: this is neither a text nor null.", key);
        if (changes->n == CHANGES_MOST)
            return web_invalid(error, "At most %d settings at once.", CHANGES_MOST);
        changes->items[changes->n++] = (SettingChange){key, text};
    }
    return changes->n > 0 || web_invalid(error, "Name a setting and its new value.");
}

static char *quote(const char *value)
{
    g_autofree char *clean = log_printable(value != NULL ? value : "the default");
    g_autofree char *start = g_utf8_substring(clean, 0, MIN(DETAIL_MOST, g_utf8_strlen(clean, -1)));
    return g_strdup_printf("%s%s", start, strlen(start) < strlen(clean) ? "…" : "");
}

/* Writes down each setting that is now another. Before the new values are put. */
static gboolean note_changes(StoreTx *tx, const WebCall *call, const WebDesk *desk,
                             const Changes *changes, GError **error)
{
    for (gsize i = 0; i < changes->n; i++) {
        const SettingChange *change = &changes->items[i];
        GError *failure = NULL;
        g_autofree char *before =
            store_get_setting(desk->store, desk->workspace_id, change->key, &failure);
        if (failure != NULL) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (g_strcmp0(before, change->value) == 0)
            continue;
        g_autofree char *old = quote(before), *new = quote(change->value);
        g_autofree char *detail = g_strdup_printf("%s, before: %s", new, old);
        if (!web_note_act(tx, call, "settings.set", change->key, detail, error))
            return FALSE;
    }
    return TRUE;
}

/* Says of which setting the refusal is, where its sentence does not. */
static void name_refused(const char *key, GError **error)
{
    if (key != NULL && error != NULL && *error != NULL && strstr((*error)->message, key) == NULL)
        g_prefix_error(error, "%s: ", key);
}

static gboolean put(const WebCall *call, const WebDesk *desk, const Changes *changes,
                    GError **error)
{
    const char *refused = NULL;
    g_autoptr(StoreTx) tx = store_begin(desk->store, error);
    if (tx == NULL || !note_changes(tx, call, desk, changes, error))
        return FALSE;
    if (!measure_settings_put(tx, desk->store, desk->workspace_id, changes->items, changes->n,
                              &refused, error)) {
        name_refused(refused, error);
        return FALSE;
    }
    return insight_invalidate(tx, desk->workspace_id, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_patch_settings(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    Changes changes = {.n = 0};
    json_t *body = request_json(call->request, error);
    gboolean done = body != NULL && web_desk_open(call, &desk, error) &&
                    read_changes(body, &changes, error) && put(call, &desk, &changes, error);
    json_decref(body);
    if (!done)
        return FALSE;
    web_desk_catch_up(&desk, call);
    return reply_settings(call, &desk, reply, error);
}

/* ---- what a change would do, before it is made */

/* The days off in a calendar that somebody brings; nothing is kept. */
gboolean web_read_holiday_file(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    json_t *body = request_json(call->request, error);
    json_t *file = json_object_get(body, "text");
    gint first = 0, last = 0;
    if (body == NULL || !web_desk_open(call, &desk, error)) {
        json_decref(body);
        return FALSE;
    }
    g_autoptr(GPtrArray) days =
        json_is_string(file)
            ? team_holidays_parse(json_string_value(file), json_string_length(file), desk.now,
                                  &first, &last, error)
            : NULL;
    if (!json_is_string(file))
        web_invalid(error, "\"text\" is missing: the text of an iCalendar file.");
    json_decref(body);
    if (days == NULL)
        return FALSE;
    json_t *items = json_array();
    for (guint i = 0; i < days->len; i++) {
        const Holiday *holiday = days->pdata[i];
        json_array_append_new(items,
                              json_pack("{s:s, s:s}", "day", holiday->day, "name", holiday->name));
    }
    reply_json(reply, 200,
               json_pack("{s:o, s:i, s:i}", "days", items, "first_year", (int) first, "last_year",
                         (int) last));
    return TRUE;
}

typedef struct {
    GRegex *pattern;
    json_t *items;
    guint matching;
} Titles;

static gboolean show_title(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Titles *titles = user_data;
    g_autofree char *key = insight_issue_key(titles->pattern, row);
    titles->matching += key != NULL;
    json_t *item = json_pack("{s:I, s:I}", "repository_id", (json_int_t) row->repository_id,
                             "number", (json_int_t) row->number);
    json_object_set_new(item, "title", web_json_text(row->title));
    json_object_set_new(item, "source_branch", web_json_text(row->source_branch));
    json_object_set_new(item, "key", web_json_text(key));
    json_array_append_new(titles->items, item);
    return TRUE;
}

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    const StorePullRequestKey *first = a, *second = b;
    if (first->repository_id != second->repository_id)
        return first->repository_id < second->repository_id ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

/* The pull requests that were opened last, with the key that the pattern finds in each. */
static json_t *preview_issues(const WebDesk *desk, const char *text, GError **error)
{
    g_autoptr(GRegex) pattern = g_regex_new(text, 0, 0, NULL);
    if (pattern == NULL) {
        web_invalid(error, "issues.pattern: '%.64s' is not a regular expression", text);
        return NULL;
    }
    const PullsQuery query = {.state = -1,
                              .draft = -1,
                              .from = TIME_ABSENT,
                              .until = TIME_ABSENT,
                              .longer = DURATION_ABSENT,
                              .shorter = DURATION_ABSENT,
                              .order = PULLS_BY_OPENED,
                              .is_descending = TRUE,
                              .limit = PREVIEW_RECENT};
    g_auto(MeasurePulls) pulls = {0};
    measure_pulls(desk->columns, &query, &pulls);
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(StorePullRequestKey));
    for (guint i = 0; i < pulls.rows->len; i++) {
        const MeasurePull *pull = &g_array_index(pulls.rows, MeasurePull, i);
        const StorePullRequestKey key = {pull->repository_id, pull->number};
        g_array_append_val(keys, key);
    }
    g_array_sort(keys, compare_keys);
    Titles titles = {.pattern = pattern, .items = json_array()};
    if (!store_visit_keys(desk->store, desk->workspace_id, keys, show_title, &titles, error)) {
        json_decref(titles.items);
        return NULL;
    }
    return json_pack("{s:o, s:i}", "items", titles.items, "matching", (int) titles.matching);
}

/* Those whom the patterns would make bots, each once whatever names he was seen under. */
static json_t *preview_bots(const WebDesk *desk, const char *patterns, GError **error)
{
    g_autoptr(PersonMap) map = person_map_load(desk->store, desk->workspace_id, error);
    g_autoptr(GPtrArray) people =
        map == NULL ? NULL : store_list_people(desk->store, desk->workspace_id, error);
    if (people == NULL)
        return NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    json_t *names = json_array();
    for (guint i = 0; i < people->len; i++) {
        const StorePerson *person = people->pdata[i];
        gint64 id = person_map_canonical(map, person->person_id);
        if (bots_match(patterns, person->display_name, person->nickname, person->email) != NULL &&
            g_hash_table_add(seen, g_memdup2(&id, sizeof id)) &&
            json_array_size(names) < PREVIEW_PEOPLE)
            json_array_append_new(names, web_json_text(person->display_name));
    }
    return json_pack("{s:o, s:i}", "names", names, "matching", (int) g_hash_table_size(seen));
}

/* {"issues.pattern": …} or {"bots.patterns": …}. */
gboolean web_preview_settings(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    json_t *body = request_json(call->request, error), *answer = NULL;
    const char *issues = json_string_value(json_object_get(body, "issues.pattern"));
    const char *bots = json_string_value(json_object_get(body, "bots.patterns"));
    const char *key = issues != NULL ? "issues.pattern" : "bots.patterns";
    const char *value = issues != NULL ? issues : bots;
    if (body != NULL && value == NULL)
        web_invalid(error, "Name \"issues.pattern\" or \"bots.patterns\" and a value to try.");
    else if (body != NULL && web_desk_open(call, &desk, error) &&
             measure_setting_check(desk.store, desk.workspace_id, key, value, error))
        answer = issues != NULL ? preview_issues(&desk, issues, error)
                                : preview_bots(&desk, bots, error);
    json_decref(body);
    if (answer != NULL)
        reply_json(reply, 200, answer);
    return answer != NULL;
}
