#include "measure/ancestry.h"

#include <string.h>

#include "model/model.h"

#define HASH_LEAST 12 /* digits that Bitbucket gives at least */

struct Ancestry {
    GStringChunk *texts;
    GPtrArray *hashes;       /* char *, ascending */
    GPtrArray *parent_texts; /* char *; until ancestry_end */
    guint32 *first_parent;   /* n + 1: parents of commit i are parents[first_parent[i]] … */
    GArray *parents;         /* guint32 */
    GHashTable *strangers;   /* first digits -> number, of commits outside the history */
};

Ancestry *ancestry_new(void)
{
    Ancestry *graph = g_new0(Ancestry, 1);
    graph->texts = g_string_chunk_new(64 * 1024);
    graph->hashes = g_ptr_array_new();
    graph->parent_texts = g_ptr_array_new();
    graph->parents = g_array_new(FALSE, FALSE, sizeof(guint32));
    graph->strangers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return graph;
}

void ancestry_free(Ancestry *graph)
{
    if (graph == NULL)
        return;
    g_string_chunk_free(graph->texts);
    g_ptr_array_unref(graph->hashes);
    g_ptr_array_unref(graph->parent_texts);
    g_free(graph->first_parent);
    g_array_unref(graph->parents);
    g_hash_table_unref(graph->strangers);
    g_free(graph);
}

void ancestry_add(Ancestry *graph, const char *hash, const char *parents)
{
    g_ptr_array_add(graph->hashes, g_string_chunk_insert(graph->texts, hash));
    g_ptr_array_add(graph->parent_texts, g_string_chunk_insert(graph->texts, parents));
}

/* Hashes that begin alike stand side by side, the shorter first. */
static guint32 find_in_history(const Ancestry *graph, const char *hash)
{
    guint low = 0, high = graph->hashes->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (strcmp(graph->hashes->pdata[middle], hash) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < graph->hashes->len && model_same_hash(graph->hashes->pdata[low], hash))
        return low;
    return low > 0 && model_same_hash(graph->hashes->pdata[low - 1], hash) ? low - 1 : NO_INDEX;
}

void ancestry_end(Ancestry *graph)
{
    guint n = graph->hashes->len;
    graph->first_parent = g_new0(guint32, (gsize) n + 1);
    for (guint i = 0; i < n; i++) {
        g_auto(GStrv) names = g_strsplit(graph->parent_texts->pdata[i], " ", -1);
        for (gsize k = 0; names[k] != NULL; k++) {
            guint32 parent = names[k][0] == '\0' ? NO_INDEX : find_in_history(graph, names[k]);
            if (parent != NO_INDEX)
                g_array_append_val(graph->parents, parent);
        }
        graph->first_parent[i + 1] = graph->parents->len;
    }
    g_ptr_array_set_size(graph->parent_texts, 0);
}

guint32 ancestry_find(Ancestry *graph, const char *hash)
{
    if (hash == NULL)
        return NO_INDEX;
    guint32 known = find_in_history(graph, hash);
    if (known != NO_INDEX)
        return known;
    g_autofree char *digits = g_strndup(hash, HASH_LEAST);
    gpointer stranger = g_hash_table_lookup(graph->strangers, digits);
    if (stranger != NULL)
        return GPOINTER_TO_UINT(stranger) - 1;
    guint32 number = ancestry_count(graph);
    g_hash_table_insert(graph->strangers, g_steal_pointer(&digits), GUINT_TO_POINTER(number + 1));
    return number;
}

guint32 ancestry_count(const Ancestry *graph)
{
    return graph->hashes->len + g_hash_table_size(graph->strangers);
}

gboolean ancestry_has_history(const Ancestry *graph, guint32 commit)
{
    return commit < graph->hashes->len;
}

void ancestry_walk(const Ancestry *graph, guint32 from, AncestryEnter enter, gpointer user_data)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (enter(from, user_data))
        g_array_append_val(stack, from);
    while (stack->len > 0) {
        guint32 commit = g_array_index(stack, guint32, stack->len - 1);
        g_array_set_size(stack, stack->len - 1);
        if (!ancestry_has_history(graph, commit))
            continue;
        for (guint32 i = graph->first_parent[commit]; i < graph->first_parent[commit + 1]; i++) {
            guint32 parent = g_array_index(graph->parents, guint32, i);
            if (enter(parent, user_data))
                g_array_append_val(stack, parent);
        }
    }
}
