/*
 * fields: the parameter "fields" of partial responses, parsed into a tree that the writer (out.h)
 * walks beside the document. Three forms, which may be mixed: "a,b.c" (only these), "-a.b"
 * (without), "+a.b" (with, also where it is hidden by default); "*" stands for every member of one
 * level. Immutable after parsing.
 */
#pragma once

#include <glib.h>

typedef struct FieldsNode FieldsNode;

typedef struct {
    FieldsNode *root;
    gboolean only; /* a form without sign occurs: what is not named is left out */
} Fields;

/* NULL when @text is NULL or empty: everything, nothing hidden. Paths deeper than 16 are cut. */
Fields *fields_parse(const char *text);
void fields_free(Fields *fields);

/* Where the writer stands in the tree: the nodes that match the path so far. */
#define FIELDS_WIDTH 4
typedef struct {
    const FieldsNode *nodes[FIELDS_WIDTH];
    guint n;
    gboolean show; /* members that are not named are shown */
} FieldsCursor;

void fields_start(const Fields *fields, FieldsCursor *ret_cursor);
/* Whether the member @name is to be written; @optional: hidden unless asked for. */
gboolean fields_descend(const FieldsCursor *cursor, const char *name, gboolean optional,
                        FieldsCursor *ret_cursor);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fields, fields_free)
