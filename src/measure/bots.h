/*
 * Who is a machine. Pure; the table of names stands in bots.c and in docs/metrics.md.
 */
#pragma once

#include <glib.h>

/* @kind as the store has it ("app", "user", …); any text may be NULL. Gives the reason in words, a
 * constant, or NULL for a person. */
const char *bots_judge(const char *kind, const char *display_name, const char *nickname,
                       const char *email);

/* Whether one of the workspace's patterns (setting bots.patterns: "*" and "?", parted by commas, in
 * any case) fits a name or the address. @patterns may be NULL. Gives the reason, a constant, or
 * NULL. */
const char *bots_match(const char *patterns, const char *display_name, const char *nickname,
                       const char *email);

/* The well-known names, lower case, for documentation and tests. */
const char *const *bots_known_names(gsize *ret_n);

/* True when an administrator judged, so that a rule does not judge again. */
gboolean bots_is_by_hand(const char *reason);
