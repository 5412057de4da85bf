/*
 * The whole environment of a git that we start: nothing of the user's configuration, no prompt, no
 * hooks, one protocol.
 *
 * The credential travels as a configuration value in the environment: an Authorization header that
 * git adds for this one address. It is in no argument list and in no file; other users cannot read
 * it there. An askpass helper would need a program that may be executed in the data folder (often
 * mounted noexec), and a request more for every answer of 401.
 */
#pragma once

#include "git/git.h"

/* @url must have passed git_url_check. @user and @secret are NULL for commands that do not speak to
 * the server. Free with git_environment_free, which wipes it. */
char **git_environment_new(const char *repository, const char *home, const char *url,
                           const char *user, const char *secret);
void git_environment_free(char **environment);

/* https to any host, http to loopback; no user information, nothing that could be taken for an
 * option. Fails with INVALID. */
gboolean git_url_check(const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;
