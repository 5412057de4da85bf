/*
 * What the files of this room share about a mirror.
 */
#pragma once

#include "git/graph.h"
#include "git/process.h"

struct GitMirror {
    char *path; /* <folder>/<name> */
    char *repository;
    char *home; /* a folder that never exists */
    char *url;
    char *user, *secret; /* NULL: none */
    guint time_limit_s;
    guint64 disk_limit;
    int lock_fd;
    int cancel_fd;
    gint under_way;  /* atomic: a function that runs commands is at work */
    GitGraph *graph; /* of all tips, kept until the next fetch; NULL: not read yet */
};

/* Brackets a public function that runs commands; cancel acts only between them. */
void git_mirror_begin(GitMirror *mirror);
void git_mirror_end(GitMirror *mirror);

/* git_mirror_tips without the bracket. */
gboolean git_mirror_read_tips(GitMirror *mirror, GString *tips,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The tip of @branch among those; NULL: there is no such branch. Free with g_free. */
char *git_mirror_find_tip(const char *tips, const char *branch);

/* A command that only reads the mirror. @arguments and @input must outlive it. */
typedef struct {
    GitCommand command;
    char **environment;
    GitProcess *process;
    GitMirror *mirror;
} GitRun;

gboolean git_run_start(GitRun *ret_run, GitMirror *mirror, const char *what,
                       const char *const *arguments, const GString *input,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with more variables of the environment ("NAME=value", NULL-terminated; may be NULL) and
 * a time limit of its own. */
gboolean git_run_start_in(GitRun *ret_run, GitMirror *mirror, const char *what,
                          const char *const *arguments, const GString *input,
                          const char *const *extra, guint time_limit_s,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The output has been read to its end: how did it go? */
gboolean git_run_finish(GitRun *run, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a command that answers with its status: 0 to @greatest are no failures. */
gboolean git_run_finish_with(GitRun *run, int greatest, int *ret_status,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends what still runs. */
void git_run_clear(GitRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitRun, git_run_clear)

/* Makes an empty repository where there is none. */
gboolean git_mirror_prepare(GitMirror *mirror, GError **error) G_GNUC_WARN_UNUSED_RESULT;
