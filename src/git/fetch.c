#include "git/environment.h"
#include "git/folder.h"
#include "git/mirror.h"

#define PACKS_MAX 20 /* more than this are rolled into fewer */

static gboolean within_quota(gpointer user_data, GError **error)
{
    const GitMirror *mirror = user_data;
    guint64 size = git_folder_size(mirror->path);
    if (size <= mirror->disk_limit)
        return TRUE;
    g_autofree char *limit = g_format_size_full(mirror->disk_limit, G_FORMAT_SIZE_IEC_UNITS);
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                "The mirror of %s grew past its quota of %s; raise the quota or switch git off for "
                "this repository",
                mirror->url, limit);
    return FALSE;
}

static gboolean run_fetch(GitMirror *mirror, GitProgress progress, gpointer user_data,
                          gboolean *ret_damaged, GError **error)
{
    const char *const arguments[] = {"fetch",
                                     "--progress",
                                     "--prune",
                                     "--force",
                                     "--no-tags",
                                     "--no-write-fetch-head",
                                     "--no-auto-maintenance",
                                     mirror->url,
                                     "+refs/heads/*:refs/heads/*",
                                     "+refs/tags/*:refs/tags/*",
                                     NULL};
    g_autofree char *what = g_strdup_printf("git fetch of %s", mirror->url);
    char **environment = git_environment_new(mirror->repository, mirror->home, mirror->url,
                                             mirror->user, mirror->secret);
    GitCommand command = {.what = what,
                          .arguments = arguments,
                          .environment = (const char *const *) environment,
                          .time_limit_s = mirror->time_limit_s,
                          .cancel_fd = mirror->cancel_fd,
                          .progress = progress,
                          .progress_data = user_data,
                          .tick = within_quota,
                          .tick_data = mirror};
    g_autoptr(GitProcess) process = git_process_start(&command, error);
    git_environment_free(environment); /* git has its own copy; ours is wiped */
    command.environment = NULL;
    gboolean fetched = process && git_process_finish(process, error);
    *ret_damaged = process && !fetched && git_process_found_damage(process);
    return fetched;
}

/* Keeps the mirror quick to read. Its failure does no harm, except that a cancel is heard. */
static gboolean tidy(GitMirror *mirror, const char *const *arguments, const char *what,
                     GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_auto(GitRun) run = {.process = NULL};
    if (git_run_start(&run, mirror, what, arguments, NULL, &problem) &&
        git_run_finish(&run, &problem))
        return TRUE;
    if (error_is(problem, PLUMBLINE_ERROR_CANCELLED)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return FALSE;
    }
    log_event(LOG_LEVEL_WARNING, "%s: %s", mirror->url, problem->message);
    git_folder_clean(mirror->path);
    return TRUE;
}

static gboolean tidy_up(GitMirror *mirror, guint packs_before, GError **error)
{
    /* Unreachable objects are kept: commits that a force push dropped. */
    static const char *const REPACK[] = {"repack", "--geometric=2", "-d", "-l", "-q", NULL};
    static const char *const PACK_REFS[] = {"pack-refs", "--all", NULL};
    guint packs = git_folder_check_packs(mirror->repository).packs;
    if (packs > packs_before && !tidy(mirror, PACK_REFS, "git pack-refs", error))
        return FALSE;
    return packs <= PACKS_MAX || tidy(mirror, REPACK, "git repack", error);
}

static gboolean start_anew(GitMirror *mirror, GError **error)
{
    log_event(LOG_LEVEL_WARNING, "the mirror of %s is damaged; it is fetched anew", mirror->url);
    return git_folder_discard(mirror->path, error) && git_mirror_prepare(mirror, error);
}

static gboolean fetch(GitMirror *mirror, GitProgress progress, gpointer user_data,
                      gboolean *ret_refetched, GError **error)
{
    GitPackCheck before = git_folder_check_packs(mirror->repository);
    gboolean damaged = before.damaged || git_folder_is_damaged(mirror->path);
    gboolean refetched = FALSE;
    g_autoptr(GError) problem = NULL;
    for (gboolean fetched = FALSE; !fetched;) {
        if (damaged) {
            if (!start_anew(mirror, error))
                return FALSE;
            refetched = TRUE;
            before.packs = 0;
        }
        g_clear_error(&problem);
        fetched = run_fetch(mirror, progress, user_data, &damaged, &problem);
        if (!fetched && (refetched || !damaged)) {
            g_propagate_error(error, g_steal_pointer(&problem));
            return FALSE;
        }
    }
    *ret_refetched = refetched;
    return tidy_up(mirror, before.packs, error) && within_quota(mirror, error);
}

gboolean git_mirror_fetch(GitMirror *mirror, GitProgress progress, gpointer user_data,
                          gboolean *ret_refetched, GError **error)
{
    gboolean refetched = FALSE;
    g_clear_pointer(&mirror->graph, git_graph_free);
    git_mirror_begin(mirror);
    gboolean fetched = fetch(mirror, progress, user_data, &refetched, error);
    git_mirror_end(mirror);
    if (!fetched)
        git_folder_clean(mirror->path);
    else if (ret_refetched)
        *ret_refetched = refetched;
    return fetched;
}
