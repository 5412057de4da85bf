#include "replay_data.h"

#include "replay.h"
#include "times.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_DEPTH 64

/* ---- reading ---- */

static void repository_free(gpointer data)
{
    ReplayRepository *repository = data;
    json_decref(repository->object);
    json_decref(repository->pulls);
    json_decref(repository->activity);
    json_decref(repository->commits);
    g_hash_table_unref(repository->files);
    g_free(repository);
}

void replay_free(Replay *replay)
{
    json_decref(replay->workspace);
    json_decref(replay->people);
    g_ptr_array_unref(replay->repositories);
    g_free(replay);
}

static json_t *read_json(const char *path, GError **error)
{
    json_error_t fault;
    json_t *value = json_load_file(path, 0, &fault);
    if (value == NULL)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: line %d: %s", path, fault.line,
                    fault.text);
    return value;
}

/* Lists are recorded as arrays or as pages. */
static json_t *unwrap(json_t *value)
{
    json_t *values = json_object_get(value, "values");
    if (!json_is_array(values))
        return value;
    json_incref(values);
    json_decref(value);
    return values;
}

static gboolean read_folder(GHashTable *files, const char *folder, const char *prefix, guint depth,
                            GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (dir == NULL)
        return FALSE;
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            g_autofree char *inner = g_strconcat(prefix, name, "/", NULL);
            if (depth < 4 && !read_folder(files, path, inner, depth + 1, error))
                return FALSE;
        } else if (g_str_has_suffix(name, ".json")) {
            json_t *value = read_json(path, error);
            if (value == NULL)
                return FALSE;
            g_autofree char *stem = g_strndup(name, strlen(name) - strlen(".json"));
            g_hash_table_insert(files, g_strconcat(prefix, stem, NULL), unwrap(value));
        }
    }
    return TRUE;
}

json_t *replay_list(const ReplayRepository *repository, const char *folder, const char *name)
{
    g_autofree char *key = name != NULL ? g_strconcat(folder, "/", name, NULL) : g_strdup(folder);
    json_t *list = g_hash_table_lookup(repository->files, key);
    return json_is_array(list) ? list : NULL;
}

/* ---- links, people and the newest instant ---- */

typedef struct {
    struct Replay *replay;
    const char *api, *web;
} Pass;

static const char cloud_api[] = "https://api.bitbucket.org/2.0";
static const char cloud_web[] = "https://bitbucket.org";

static char *rewrite(const Pass *pass, const char *href)
{
    if (g_str_has_prefix(href, cloud_api))
        return g_strconcat(pass->api, href + strlen(cloud_api), NULL);
    if (g_str_has_prefix(href, cloud_web))
        return g_strconcat(pass->web, href + strlen(cloud_web), NULL);
    const char *host = strstr(href, "@bitbucket.org/");
    if (host != NULL && g_str_has_prefix(href, "https://"))
        return g_strdup_printf("http://%.*s@%s%s", (int) (host - href - 8), href + 8,
                               pass->web + strlen("http://"), host + strlen("@bitbucket.org"));
    return NULL;
}

static gboolean is_instant(const char *key)
{
    return g_str_has_suffix(key, "_on") || g_str_equal(key, "date") ||
           g_str_has_suffix(key, "_time") || g_str_has_suffix(key, "_at");
}

static void visit(const Pass *pass, json_t *value, guint depth)
{
    const char *key;
    json_t *member;
    size_t index;
    void *next;
    if (depth > MAX_DEPTH)
        return;
    json_array_foreach(value, index, member) visit(pass, member, depth + 1);
    if (!json_is_object(value))
        return;
    const char *uuid = json_string_value(json_object_get(value, "uuid"));
    if (uuid != NULL && g_strcmp0(json_string_value(json_object_get(value, "type")), "user") == 0)
        json_object_set(pass->replay->people, uuid, value);
    json_object_foreach_safe(value, next, key, member)
    {
        gint64 at;
        if (!json_is_string(member)) {
            visit(pass, member, depth + 1);
        } else if (g_str_equal(key, "href") || g_str_equal(key, "url")) {
            g_autofree char *href = rewrite(pass, json_string_value(member));
            if (href != NULL)
                json_object_set_new(value, key, json_string(href));
        } else if (is_instant(key) && times_parse(json_string_value(member), &at)) {
            pass->replay->newest = MAX(pass->replay->newest, at);
            pass->replay->oldest = MIN(pass->replay->oldest, at);
        }
    }
}

/* ---- order ---- */

static const char *date_of(const json_t *object)
{
    static const char *const names[] = {"created_on", "date"};
    static const char *const wrappers[] = {"update", "approval", "changes_requested", "comment"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *date = json_string_value(json_object_get(object, names[i]));
        if (date != NULL)
            return date;
    }
    for (guint i = 0; i < G_N_ELEMENTS(wrappers); i++) {
        const json_t *wrapped = json_object_get(object, wrappers[i]);
        if (wrapped != NULL)
            return date_of(wrapped);
    }
    return "";
}

static gint compare_dates(gconstpointer a, gconstpointer b)
{
    const json_t *left = *(json_t *const *) a, *right = *(json_t *const *) b;
    gint64 left_at = G_MININT64, right_at = G_MININT64;
    times_parse(date_of(left), &left_at);
    times_parse(date_of(right), &right_at);
    return (right_at > left_at) - (right_at < left_at);
}

/* Newest first. A stable sort: what has no date, or the same, stays as recorded. */
static json_t *newest_first(const json_t *list)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    size_t index;
    json_t *value;
    json_array_foreach(list, index, value) g_ptr_array_add(order, value);
    g_ptr_array_sort(order, compare_dates);
    json_t *sorted = json_array();
    for (guint i = 0; i < order->len; i++)
        json_array_append(sorted, order->pdata[i]);
    return sorted;
}

/* ---- activity that was not recorded ---- */

static json_t *pull_reference(const json_t *pull)
{
    return json_pack("{s:s,s:O?,s:O?,s:b,s:O?}", "type", "pullrequest", "id",
                     json_object_get(pull, "id"), "title", json_object_get(pull, "title"), "draft",
                     json_is_true(json_object_get(pull, "draft")), "links",
                     json_object_get(pull, "links"));
}

static json_t *update_entry(const json_t *pull, const char *state, json_t *changes,
                            const char *author, const char *date)
{
    json_t *update = json_pack(
        "{s:s,s:b,s:O?,s:O?,s:[],s:o,s:s,s:O?,s:O?,s:O?,s:O?}", "state", state, "draft",
        json_is_true(json_object_get(pull, "draft")), "title", json_object_get(pull, "title"),
        "description", json_object_get(pull, "description"), "reviewers", "changes", changes,
        "reason", "", "author", json_object_get(pull, author), "date", json_object_get(pull, date),
        "destination", json_object_get(pull, "destination"), "source",
        json_object_get(pull, "source"));
    return json_pack("{s:o,s:o}", "pull_request", pull_reference(pull), "update", update);
}

static void add_closing(json_t *entries, const json_t *pull)
{
    static const struct {
        const char *state, *status;
    } closings[] = {
        {"MERGED", "fulfilled"}, {"DECLINED", "rejected"}, {"SUPERSEDED", "superseded"}};
    const char *state = json_string_value(json_object_get(pull, "state"));
    for (guint i = 0; i < G_N_ELEMENTS(closings); i++)
        if (g_strcmp0(state, closings[i].state) == 0)
            json_array_append_new(entries,
                                  update_entry(pull, state,
                                               json_pack("{s:{s:s,s:s}}", "status", "old", "open",
                                                         "new", closings[i].status),
                                               "closed_by", "updated_on"));
}

static void add_verdicts(json_t *entries, const json_t *pull)
{
    size_t index;
    json_t *participant;
    json_array_foreach(json_object_get(pull, "participants"), index, participant)
    {
        const char *state = json_string_value(json_object_get(participant, "state"));
        json_t *date = json_object_get(participant, "participated_on");
        if (state == NULL || !json_is_string(date))
            continue;
        json_t *verdict =
            json_pack("{s:O,s:O?,s:o}", "date", date, "user", json_object_get(participant, "user"),
                      "pullrequest", pull_reference(pull));
        json_array_append_new(
            entries, json_pack("{s:o,s:o}", "pull_request", pull_reference(pull),
                               g_str_equal(state, "approved") ? "approval" : state, verdict));
    }
}

/* What the recorded objects say by themselves: opened, comments, the verdicts that stand, closed.
 * The closing instant is updated_on, which is only near it. */
static json_t *make_activity(const ReplayRepository *repository, const json_t *pull,
                             const char *number)
{
    json_t *entries = json_array();
    size_t index;
    json_t *comment;
    json_array_append_new(entries,
                          update_entry(pull, "OPEN", json_object(), "author", "created_on"));
    json_array_foreach(replay_list(repository, "comments", number), index, comment)
        json_array_append_new(entries, json_pack("{s:o,s:O}", "pull_request", pull_reference(pull),
                                                 "comment", comment));
    add_verdicts(entries, pull);
    add_closing(entries, pull);
    json_t *sorted = newest_first(entries);
    json_decref(entries);
    return sorted;
}

static void collect_activity(ReplayRepository *repository)
{
    json_t *all = json_array();
    size_t index;
    json_t *pull;
    json_array_foreach(repository->pulls, index, pull)
    {
        g_autofree char *number = g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                  json_integer_value(json_object_get(pull, "id")));
        json_t *own = replay_list(repository, "activity", number);
        if (own == NULL) {
            own = make_activity(repository, pull, number);
            g_hash_table_insert(repository->files, g_strconcat("activity/", number, NULL), own);
        }
        json_array_extend(all, own);
    }
    repository->activity = newest_first(all);
    json_decref(all);
}

/* Of the repository's list and of every pull request's, each once. */
static void collect_commits(ReplayRepository *repository)
{
    json_t *all = json_array();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer key, list;
    g_hash_table_iter_init(&iter, repository->files);
    while (g_hash_table_iter_next(&iter, &key, &list)) {
        size_t index;
        json_t *commit;
        if (!g_str_equal(key, "commits") && !g_str_has_prefix(key, "commits/"))
            continue;
        json_array_foreach(list, index, commit)
        {
            const char *hash = json_string_value(json_object_get(commit, "hash"));
            if (hash != NULL && g_hash_table_add(seen, (gpointer) hash))
                json_array_append(all, commit);
        }
    }
    repository->commits = newest_first(all);
    json_decref(all);
}

/* ---- the whole ---- */

static ReplayRepository *load_repository(const Pass *pass, const char *folder, GError **error)
{
    ReplayRepository *repository = g_new0(ReplayRepository, 1);
    repository->files =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_decref);
    if (!read_folder(repository->files, folder, "", 0, error)) {
        repository_free(repository);
        return NULL;
    }
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, repository->files);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        visit(pass, value, 0);
    repository->object = json_incref(g_hash_table_lookup(repository->files, "repository"));
    json_t *pulls = replay_list(repository, "pull-requests", NULL);
    repository->pulls = newest_first(pulls);
    if (json_string_value(json_object_get(repository->object, "uuid")) == NULL ||
        json_string_value(json_object_get(repository->object, "full_name")) == NULL) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "%s/repository.json: uuid and full_name are needed", folder);
        repository_free(repository);
        return NULL;
    }
    collect_activity(repository);
    collect_commits(repository);
    return repository;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

/* The folder itself, or every folder in it that holds a repository.json. */
static GPtrArray *find_folders(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (dir == NULL)
        return NULL;
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *own = g_build_filename(folder, "repository.json", NULL);
    if (g_file_test(own, G_FILE_TEST_IS_REGULAR)) {
        g_ptr_array_add(found, g_strdup(folder));
        return found;
    }
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(folder, name, "repository.json", NULL);
        if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(found, g_build_filename(folder, name, NULL));
    }
    g_ptr_array_sort(found, compare_names);
    return found;
}

struct Replay *replay_load(const char *folder, const char *api, const char *web, GError **error)
{
    g_autoptr(GPtrArray) folders = find_folders(folder, error);
    if (folders == NULL)
        return NULL;
    struct Replay *replay = g_new0(struct Replay, 1);
    replay->people = json_object();
    replay->oldest = G_MAXINT64;
    replay->repositories = g_ptr_array_new_with_free_func(repository_free);
    Pass pass = {.replay = replay, .api = api, .web = web};
    for (guint i = 0; i < folders->len; i++) {
        ReplayRepository *repository = load_repository(&pass, folders->pdata[i], error);
        if (repository == NULL) {
            replay_free(replay);
            return NULL;
        }
        g_ptr_array_add(replay->repositories, repository);
    }
    if (folders->len == 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                    "%s holds no repository.json, nor does a folder in it", folder);
        replay_free(replay);
        return NULL;
    }
    const ReplayRepository *first = replay->repositories->pdata[0];
    replay->workspace = json_incref(json_object_get(first->object, "workspace"));
    return replay;
}
