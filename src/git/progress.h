/*
 * What git writes to standard error: progress, told as it comes, and complaints, of which the last
 * are kept.
 */
#pragma once

#include "git/git.h"

typedef struct GitStderr GitStderr;

GitStderr *git_stderr_new(GitProgress progress, gpointer user_data);
void git_stderr_free(GitStderr *errors);
void git_stderr_add(GitStderr *errors, const char *bytes, gsize length);
/* The last complaints, at most 8 KiB of whole lines; git's own words before valid UTF-8 is made of
 * them. */
const char *git_stderr_text(GitStderr *errors);
