/*
 * json_table: a list of JSON objects as CSV, so that one list cannot say two things.
 *
 * A column is a path into one item of the list: "name", "person.name". Its heading is the path with
 * '_' for '.'. A path that leads through a list, or ends at one, puts all of it into the field,
 * with
 * "; " between. What is absent or null is an empty field; true and false are yes and no.
 */
#pragma once

#include <glib.h>
#include <jansson.h>

/* @items: of objects; @columns end with NULL. For g_string_free. */
GString *json_table_csv(const json_t *items, const char *const *columns);
