/*
 * A store's content as text, read with SQLite itself, not with the code under test.
 *
 * Every durable table, rows in the order of all their columns, one per line: "table column=value…".
 * Left out is what tells of the reading, not of what was read: cursors, budgets, problems,
 * counters, keys, sealed secrets, instants of checks, and when a name was last seen.
 */
#pragma once

#include <glib.h>

/* @without: names of further tables to leave out; NULL: none. Free with g_free; NULL with @error.
 */
char *store_dump(const char *path, const char *const *without, GError **error);
