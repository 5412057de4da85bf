/*
 * The mirror of a repository and its commits. Which tips were walked is kept with the last rows of
 * the walk; one that was killed is walked again, which changes nothing that is there already.
 */
#include "sync/batch.h"
#include "sync/engine.h"

#include <gio/gio.h>

typedef struct {
    SyncRepository *repository;
    Batch batch;
    gint64 walked;
} History;

static gboolean put_commits(History *history, const StoreCursor *cursor, GError **error)
{
    SyncRepository *repository = history->repository;
    SyncEngine *engine = repository->engine;
    StoreChanges changes = {0};
    g_autoptr(StoreTx) tx = store_begin(engine->store, error);
    if (tx == NULL || !store_put_commits(tx, engine->workspace_id, repository->id,
                                         (const Commit *) (const void *) history->batch.items->data,
                                         history->batch.items->len, &changes, error))
        return FALSE;
    if (cursor != NULL && (!sync_put_cursor(repository, tx, CURSOR_GIT, cursor, error) ||
                           !sync_main_line_moves(repository, tx, error)))
        return FALSE;
    if (!store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    sync_count(engine, &engine->summary.commits, changes.inserted);
    batch_reset(&history->batch);
    return TRUE;
}

static gboolean visit_commit(const Commit *commit, gpointer user_data, GError **error)
{
    History *history = user_data;
    if (!batch_add_commit(&history->batch, commit, error))
        return FALSE;
    history->walked++;
    if (!batch_is_full(&history->batch))
        return TRUE;
    sync_report(history->repository->engine, history->repository, SYNC_STAGE_GIT, history->walked,
                COUNT_ABSENT, "reading commits");
    return sync_check_cancelled(history->repository->engine, error) &&
           put_commits(history, NULL, error);
}

static gboolean walk_commits(SyncRepository *repository, const char *tips, StoreCursor *cursor,
                             GError **error)
{
    History history = {.repository = repository};
    batch_init(&history.batch, sizeof(Commit));
    gboolean ok =
        git_mirror_walk(repository->mirror, cursor->position, visit_commit, &history, error);
    if (ok) {
        sync_cursor_set_state(cursor, CURSOR_STATE_DONE);
        g_free(cursor->position);
        cursor->position = g_strdup(tips);
        cursor->counted += history.walked;
        ok = put_commits(&history, cursor, error);
    }
    batch_clear(&history.batch);
    return ok;
}

static void tell_fetch(const char *phase, int percent, gpointer user_data)
{
    SyncRepository *repository = user_data;
    SyncEngine *engine = repository->engine;
    g_mutex_lock(&engine->lock);
    if (percent >= 0)
        repository->estimate.git = MAX(repository->estimate.git, percent / 200.0);
    g_mutex_unlock(&engine->lock);
    sync_report(engine, repository, SYNC_STAGE_GIT, MAX(percent, 0),
                percent >= 0 ? 100 : COUNT_ABSENT, phase);
}

/* The credential goes to the host that the administrator named, and to no other. */
static gboolean check_host(SyncRepository *repository, GError **error)
{
    const char *base = repository->engine->connection->git_base;
    const char *url = repository->row->clone_url;
    g_autoptr(GUri) wanted = base != NULL ? g_uri_parse(base, G_URI_FLAGS_NONE, NULL) : NULL;
    g_autoptr(GUri) given = url != NULL ? g_uri_parse(url, G_URI_FLAGS_NONE, NULL) : NULL;
    if (wanted != NULL && given != NULL &&
        g_strcmp0(g_uri_get_scheme(wanted), g_uri_get_scheme(given)) == 0 &&
        g_strcmp0(g_uri_get_host(wanted), g_uri_get_host(given)) == 0 &&
        g_uri_get_port(wanted) == g_uri_get_port(given))
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FOREIGN_HOST,
                "%s is to be cloned from %s, but the credential is for %s only; its history was "
                "not fetched. If both are right, connect again with that git address.",
                repository->row->full_name, url != NULL ? url : "an address that was not told",
                base != NULL ? base : "an address that was not told");
    return FALSE;
}

char *sync_mirror_name(const char *uuid)
{
    GString *name = g_string_new(NULL);
    for (const char *c = uuid; *c != '\0'; c++)
        if (g_ascii_isalnum(*c) || *c == '-' || *c == '_')
            g_string_append_c(name, *c);
    return g_string_free(name, FALSE);
}

static void close_mirror(SyncRepository *repository)
{
    SyncEngine *engine = repository->engine;
    g_mutex_lock(&engine->lock);
    g_ptr_array_remove_fast(engine->mirrors, repository->mirror);
    g_mutex_unlock(&engine->lock);
    g_clear_pointer(&repository->mirror, git_mirror_free);
}

static gboolean open_mirror(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    const char *user;
    char *secret;
    if (repository->mirror != NULL) /* of an earlier pass: its token may have lapsed */
        close_mirror(repository);
    if (!bitbucket_client_git_login(engine->client, &user, &secret, error))
        return FALSE;
    g_autofree char *name = sync_mirror_name(repository->row->uuid);
    GitMirrorConfig config = {.folder = engine->mirror_folder,
                              .clone_url = repository->row->clone_url,
                              .name = name,
                              .user = user,
                              .secret = secret};
    GitMirror *mirror = git_mirror_open(&config, error);
    explicit_bzero(secret, strlen(secret));
    g_free(secret);
    if (mirror == NULL)
        return FALSE;
    g_mutex_lock(&engine->lock);
    repository->mirror = mirror;
    g_ptr_array_add(engine->mirrors, mirror);
    g_mutex_unlock(&engine->lock);
    return sync_check_cancelled(engine, error);
}

/* Failures that the next run would meet again: then the API has to tell what it can. */
static gboolean is_lasting(const GError *error)
{
    return error_is(error, PLUMBLINE_ERROR_CREDENTIAL_REJECTED) ||
           error_is(error, PLUMBLINE_ERROR_FORBIDDEN) ||
           error_is(error, PLUMBLINE_ERROR_SCOPE_MISSING) ||
           error_is(error, PLUMBLINE_ERROR_LIMIT) || error_is(error, PLUMBLINE_ERROR_FOREIGN_HOST);
}

static gboolean fetch_and_walk(SyncRepository *repository, StoreCursor *cursor, gboolean *ret_moved,
                               GError **error)
{
    if (!git_mirror_fetch(repository->mirror, tell_fetch, repository, NULL, error))
        return FALSE;
    g_autofree char *tips = git_mirror_tips(repository->mirror, error);
    if (tips == NULL)
        return FALSE;
    *ret_moved = g_strcmp0(tips, cursor->position) != 0;
    return !*ret_moved || walk_commits(repository, tips, cursor, error);
}

gboolean sync_step_git(SyncRepository *repository, GError **error)
{
    SyncEngine *engine = repository->engine;
    if (engine->mirror_folder == NULL) {
        repository->api_only = TRUE;
        return TRUE;
    }
    if (!sync_repository_is_active(repository))
        return TRUE;
    if (repository->row->main_branch == NULL) /* nothing was ever pushed */
        return TRUE;
    g_auto(StoreCursor) cursor = {0};
    if (!sync_get_cursor(repository, CURSOR_GIT, &cursor, error))
        return FALSE;
    GError *failure = NULL;
    gboolean moved = FALSE;
    if (!check_host(repository, &failure) || !open_mirror(repository, &failure) ||
        !fetch_and_walk(repository, &cursor, &moved, &failure)) {
        repository->api_only = is_lasting(failure);
        g_propagate_error(error, failure);
        return FALSE;
    }
    repository->git_ready = TRUE;
    g_mutex_lock(&engine->lock);
    repository->estimate.git = 1;
    g_mutex_unlock(&engine->lock);
    /* The mirror is ready without these, too. */
    return sync_read_main_line(repository, moved, error) &&
           sync_read_protected(repository, moved, error);
}
