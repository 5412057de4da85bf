/*
 * What git's complaints mean: one table from its words to our errors.
 */
#pragma once

#include "git/git.h"

/* @status as waitpid gives it, not a success; @complaints as git_stderr_text gives them. What the
 * server said ("remote: …") is shown but never decides. */
void git_outcome_set_error(const char *what, int status, const char *complaints, GError **error);

/* The complaints tell of damage in the mirror itself: it is to be fetched anew. */
gboolean git_outcome_tells_damage(const char *complaints);
