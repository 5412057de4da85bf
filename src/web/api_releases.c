/* Of each repository: which branch is the main one, and what counts as a release. */
#include "web/desk.h"
#include "web/table.h"

#include <string.h>

#define ITEMS_MOST 2000

/* ---- showing */

static json_t *release_json(const WebDesk *desk, const StoreRepository *repository)
{
    DeliverySource source = measure_delivery_source(desk->columns, repository->repository_id);
    json_t *item = json_pack("{s:s, s:s, s:b, s:s, s:s}", "repository", repository->full_name,
                             "name", repository->name, "selected", repository->is_selected, "kind",
                             release_kind_name(release_kind_of(repository)), "known_from",
                             delivery_source_title(source));
    json_object_set_new(item, "project", web_json_text(repository->project_key));
    json_object_set_new(item, "project_name", web_json_text(repository->project_name));
    json_object_set_new(item, "main_branch", web_json_text(repository->main_branch));
    json_object_set_new(item, "told_main_branch", web_json_text(repository->told_main_branch));
    json_object_set_new(item, "chosen_main_branch", web_json_text(repository->chosen_main_branch));
    return item;
}

static gboolean reply_releases(const WebCall *call, const WebDesk *desk, WebReply *reply,
                               GError **error)
{
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(desk->store, desk->workspace_id, FALSE, error);
    if (repositories == NULL)
        return FALSE;
    json_t *items = json_array(), *kinds = json_array();
    for (guint i = 0; i < repositories->len; i++)
        json_array_append_new(items, release_json(desk, repositories->pdata[i]));
    for (guint kind = 0; kind < RELEASE_KIND_COUNT; kind++)
        json_array_append_new(kinds,
                              json_pack("{s:s, s:s}", "kind", release_kind_name((ReleaseKind) kind),
                                        "words", release_kind_words((ReleaseKind) kind)));
    static const char *const COLUMNS[] = {"repository",   "name",        "project",
                                          "project_name", "main_branch", "selected",
                                          "kind",         "known_from",  NULL};
    web_reply_list(
        call, reply,
        json_pack("{s:s, s:o, s:o}", "workspace", desk->slug, "kinds", kinds, "items", items),
        "items", COLUMNS);
    return TRUE;
}

gboolean web_list_releases(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    return web_desk_open(call, &desk, error) && reply_releases(call, &desk, reply, error);
}

/* ---- setting */

/* What one item is about. */
static gboolean is_about(json_t *item, const StoreRepository *repository)
{
    const char *name = json_string_value(json_object_get(item, "repository"));
    const char *project = json_string_value(json_object_get(item, "project"));
    const char *pattern = json_string_value(json_object_get(item, "pattern"));
    return g_strcmp0(name, repository->full_name) == 0 ||
           (project != NULL && g_strcmp0(project, repository->project_key) == 0) ||
           (pattern != NULL && release_matches(repository, pattern));
}

static gboolean read_item(json_t *item, const char **ret_subject, GError **error)
{
    static const char *const SUBJECTS[] = {"repository", "project", "pattern"};
    const char *subject = NULL;
    guint n = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(SUBJECTS); i++)
        if (json_object_get(item, SUBJECTS[i]) != NULL) {
            subject = web_need_text(item, SUBJECTS[i], error);
            if (subject == NULL)
                return FALSE;
            n++;
        }
    if (n != 1)
        return web_invalid(error,
                           "Each item names one \"repository\", \"project\" or \"pattern\".");
    *ret_subject = subject;
    return TRUE;
}

/* *@ret_branch NULL: as Bitbucket tells it. */
static gboolean read_branch(json_t *item, const char *subject, const char **ret_branch,
                            GError **error)
{
    json_t *member = json_object_get(item, "main_branch");
    if (json_object_get(item, "repository") == NULL)
        return web_invalid(error, "A main branch is chosen for one repository, not for '%s'.",
                           subject);
    *ret_branch = NULL;
    if (json_is_null(member))
        return TRUE;
    *ret_branch = web_need_text(item, "main_branch", error);
    return *ret_branch != NULL &&
           (release_branch_fits(*ret_branch) ||
            web_invalid(error, "'%s' is not the name of a branch.", *ret_branch));
}

typedef struct {
    const WebDesk *desk;
    StoreTx *tx;
    const GPtrArray *repositories;
} Setting;

/* What somebody chooses that Bitbucket says already is no choice, so that a later change there is
 * followed. */
static gboolean set_branch(const Setting *setting, const StoreRepository *repository,
                           const char *branch, GError **error)
{
    gboolean is_told = g_strcmp0(branch, repository->told_main_branch) == 0;
    return store_set_main_branch(setting->tx, setting->desk->workspace_id,
                                 repository->repository_id, is_told ? NULL : branch, error);
}

static gboolean set_kind(const Setting *setting, json_t *item, const char *subject,
                         const GPtrArray *about, GError **error)
{
    ReleaseKind kind;
    guint matching = 0, changed = 0;
    if (!release_kind_from_name(json_string_value(json_object_get(item, "kind")), &kind))
        return web_invalid(
            error, "What counts for '%s' is one of deployments, pipelines and merge.", subject);
    return release_set(setting->tx, setting->desk->workspace_id, about, "*", kind, &matching,
                       &changed, error);
}

static gboolean set_item(const Setting *setting, json_t *item, GError **error)
{
    const char *subject = NULL, *branch = NULL;
    gboolean has_branch = json_object_get(item, "main_branch") != NULL;
    gboolean has_kind = json_object_get(item, "kind") != NULL;
    g_autoptr(GPtrArray) about = g_ptr_array_new();
    if (!read_item(item, &subject, error) ||
        (has_branch && !read_branch(item, subject, &branch, error)))
        return FALSE;
    for (guint i = 0; i < setting->repositories->len; i++)
        if (is_about(item, setting->repositories->pdata[i]))
            g_ptr_array_add(about, setting->repositories->pdata[i]);
    if (about->len == 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "No repository that the connections see is meant by '%s'.", subject);
        return FALSE;
    }
    if (!has_kind && !has_branch)
        return web_invalid(error, "Say for '%s' by \"kind\" what counts, or a \"main_branch\".",
                           subject);
    return (!has_branch || set_branch(setting, about->pdata[0], branch, error)) &&
           (!has_kind || set_kind(setting, item, subject, about, error));
}

static gboolean set_items(const WebCall *call, const WebDesk *desk, json_t *items, GError **error)
{
    json_t *item;
    gsize i;
    g_autoptr(GPtrArray) repositories =
        store_list_repositories(desk->store, desk->workspace_id, FALSE, error);
    g_autoptr(StoreTx) tx = repositories != NULL ? store_begin(desk->store, error) : NULL;
    if (tx == NULL)
        return FALSE;
    const Setting setting = {desk, tx, repositories};
    json_array_foreach(items, i, item) if (!set_item(&setting, item, error)) return FALSE;
    g_autofree char *text = json_dumps(items, JSON_COMPACT);
    g_autofree char *detail = g_strndup(text, LIMIT_NAME);
    return web_note_act(tx, call, "releases.set", desk->slug, detail, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

gboolean web_put_releases(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    json_t *body = request_json(call->request, error);
    if (body == NULL)
        return FALSE;
    json_t *items = json_object_get(body, "items");
    gboolean done = web_desk_open(call, &desk, error);
    if (done && (!json_is_array(items) || json_array_size(items) == 0 ||
                 json_array_size(items) > ITEMS_MOST))
        done = web_invalid(error, "\"items\" must be a list of 1 to %d items.", ITEMS_MOST);
    done = done && set_items(call, &desk, items, error);
    json_decref(body);
    if (!done || !reply_releases(call, &desk, reply, error))
        return FALSE;
    background_kick(call->server->background, 0);
    return TRUE;
}
