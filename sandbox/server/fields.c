#include "fields.h"

#include <string.h>

struct FieldsNode {
    GHashTable *children; /* name → FieldsNode; NULL: a leaf */
    gboolean included;    /* named without sign or with + */
    gboolean excluded;    /* named with - */
    gboolean wanted;      /* something below is included */
};

#define MAX_DEPTH 16

static void node_free(gpointer data)
{
    FieldsNode *node = data;
    if (node->children != NULL)
        g_hash_table_unref(node->children);
    g_free(node);
}

static FieldsNode *node_child(FieldsNode *node, const char *name)
{
    if (node->children == NULL)
        node->children = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, node_free);
    FieldsNode *child = g_hash_table_lookup(node->children, name);
    if (child == NULL) {
        child = g_new0(FieldsNode, 1);
        g_hash_table_insert(node->children, g_strdup(name), child);
    }
    return child;
}

static void fields_add(Fields *fields, const char *path)
{
    gboolean minus = path[0] == '-';
    gboolean plus = path[0] == '+';
    if (minus || plus)
        path++;
    if (path[0] == '\0')
        return;
    if (!minus && !plus)
        fields->only = TRUE;
    g_auto(GStrv) names = g_strsplit(path, ".", MAX_DEPTH);
    FieldsNode *node = fields->root;
    for (guint i = 0; names[i] != NULL; i++) {
        if (!minus)
            node->wanted = TRUE;
        node = node_child(node, names[i]);
    }
    if (minus)
        node->excluded = TRUE;
    else
        node->included = TRUE;
}

Fields *fields_parse(const char *text)
{
    if (text == NULL || text[0] == '\0')
        return NULL;
    Fields *fields = g_new0(Fields, 1);
    fields->root = g_new0(FieldsNode, 1);
    g_auto(GStrv) paths = g_strsplit(text, ",", 256);
    for (guint i = 0; paths[i] != NULL; i++)
        fields_add(fields, g_strstrip(paths[i]));
    return fields;
}

void fields_free(Fields *fields)
{
    if (fields == NULL)
        return;
    node_free(fields->root);
    g_free(fields);
}

void fields_start(const Fields *fields, FieldsCursor *ret_cursor)
{
    *ret_cursor = (FieldsCursor){.show = TRUE};
    if (fields != NULL) {
        ret_cursor->nodes[ret_cursor->n++] = fields->root;
        ret_cursor->show = !fields->only;
    }
}

/* How a member stands: by its own name, else by "*", else by default. */
typedef struct {
    gboolean exact_in, exact_out, any_in, any_out, wanted;
} Standing;

static void look(const FieldsCursor *cursor, const char *name, gboolean exact, Standing *standing,
                 FieldsCursor *below)
{
    for (guint i = 0; i < cursor->n; i++) {
        if (cursor->nodes[i]->children == NULL)
            continue;
        const FieldsNode *child = g_hash_table_lookup(cursor->nodes[i]->children, name);
        if (child == NULL)
            continue;
        standing->wanted |= child->wanted;
        if (exact) {
            standing->exact_in |= child->included;
            standing->exact_out |= child->excluded;
        } else {
            standing->any_in |= child->included;
            standing->any_out |= child->excluded;
        }
        if (child->children != NULL && below->n < FIELDS_WIDTH)
            below->nodes[below->n++] = child;
    }
}

gboolean fields_descend(const FieldsCursor *cursor, const char *name, gboolean optional,
                        FieldsCursor *ret_cursor)
{
    FieldsCursor below = {.n = 0};
    Standing standing = {0};
    look(cursor, name, TRUE, &standing, &below);
    look(cursor, "*", FALSE, &standing, &below);

    /* By its own name first, then by "*", then by what is usual; inclusion before exclusion. */
    gboolean exact = standing.exact_in || standing.exact_out;
    gboolean any = standing.any_in || standing.any_out;
    gboolean whole = exact ? standing.exact_in : any ? standing.any_in : cursor->show && !optional;
    if (!whole && !standing.wanted)
        return FALSE;
    below.show = whole;
    *ret_cursor = below;
    return TRUE;
}
