/* Recorded commits: of the repository and of its pull requests. */
#include "replay_inside.h"

#include <string.h>

static json_t *commit_named(const Call *call, const char *hash)
{
    size_t index;
    json_t *commit;
    gsize length = strlen(hash);
    json_array_foreach(replay_repository(call)->commits, index, commit)
    {
        if (length >= 7 && g_ascii_strncasecmp(replay_text(commit, "hash"), hash, length) == 0)
            return commit;
    }
    return NULL;
}

/* The recorded commits of the pull request whose source is @hash; NULL. */
static json_t *commits_of_source(const Call *call, const char *hash)
{
    size_t index;
    json_t *pull;
    json_array_foreach(replay_repository(call)->pulls, index, pull)
    {
        const json_t *commit = json_object_get(json_object_get(pull, "source"), "commit");
        const char *source = replay_text(commit, "hash");
        if (source == NULL || !g_str_has_prefix(hash, source))
            continue;
        g_autofree char *number = g_strdup_printf("%" JSON_INTEGER_FORMAT,
                                                  json_integer_value(json_object_get(pull, "id")));
        return replay_list(replay_repository(call), "commits", number);
    }
    return NULL;
}

/* Adds a commit and those of its ancestors that are known. */
static void add_line(const Call *call, json_t *commit, GHashTable *seen)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    g_ptr_array_add(open, commit);
    while (open->len > 0) {
        json_t *next = g_ptr_array_remove_index(open, open->len - 1);
        size_t index;
        json_t *parent;
        if (!g_hash_table_add(seen, (gpointer) replay_text(next, "hash")))
            continue;
        json_array_foreach(json_object_get(next, "parents"), index, parent)
        {
            const char *hash = replay_text(parent, "hash");
            json_t *known = hash != NULL ? commit_named(call, hash) : NULL;
            if (known != NULL)
                g_ptr_array_add(open, known);
        }
    }
}

static gboolean add_revision(const Call *call, const char *name, GHashTable *seen)
{
    json_t *commit = commit_named(call, name);
    json_t *own = commits_of_source(call, name);
    size_t index;
    json_t *value;
    if (commit != NULL)
        add_line(call, commit, seen);
    json_array_foreach(own, index, value)
        g_hash_table_add(seen, (gpointer) replay_text(value, "hash"));
    if (commit != NULL || own != NULL)
        return TRUE;
    const char *main_branch =
        replay_text(json_object_get(replay_repository(call)->object, "mainbranch"), "name");
    if (g_strcmp0(main_branch, name) != 0)
        return FALSE;
    json_array_foreach(replay_list(replay_repository(call), "commits", NULL), index, value)
        g_hash_table_add(seen, (gpointer) replay_text(value, "hash"));
    return TRUE;
}

static GArray *select_commits(const Listing *listing)
{
    Call *call = listing->call;
    g_autoptr(GHashTable) included = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) excluded = g_hash_table_new(g_str_hash, g_str_equal);
    gboolean all = call->rest == NULL;
    json_t *unknown = json_array();
    if (call->rest != NULL && !add_revision(call, call->rest, included))
        json_array_append_new(unknown, json_string(call->rest));
    for (guint i = 0; i < call->arguments->len; i++) {
        const NamedText *argument = &g_array_index(call->arguments, NamedText, i);
        gboolean include = g_str_equal(argument->name, "include");
        if (!include && !g_str_equal(argument->name, "exclude"))
            continue;
        all = all && !include;
        /* What is excluded need not be known: it is left out anyway. */
        if (!add_revision(call, argument->value, include ? included : excluded) && include)
            json_array_append_new(unknown, json_string(argument->value));
    }
    if (json_array_size(unknown) > 0) {
        json_t *body = json_pack("{s:s,s:{s:s,s:{s:O}}}", "type", "error", "error", "message",
                                 "Commit not found", "data", "shas", unknown);
        call_answer_json(call, 404, body);
        json_decref(body);
        json_decref(unknown);
        return NULL;
    }
    json_decref(unknown);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < listing->n; i++) {
        const char *hash = replay_text(json_array_get(listing->data, i), "hash");
        if ((all || g_hash_table_contains(included, hash)) &&
            !g_hash_table_contains(excluded, hash))
            g_array_append_val(found, i);
    }
    return found;
}

void replay_list_commits(Call *call)
{
    if (g_str_equal(call->method, "POST")) {
        g_autofree char *form = g_strndup((const char *) call->body->data, call->body->len);
        call_parse_arguments(call->arguments, form);
    }
    Listing listing = {.call = call,
                       .n = (guint) json_array_size(replay_repository(call)->commits),
                       .page_default = 30,
                       .page_max = 100,
                       .iterator = TRUE,
                       .select = select_commits,
                       .write = replay_write_value,
                       .data = replay_repository(call)->commits};
    listing_answer(&listing);
}

void replay_answer_commit(Call *call)
{
    replay_answer_object(call, commit_named(call, call->params[2]), "Commit not found");
}
