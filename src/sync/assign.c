#include "sync/assign.h"

typedef struct {
    char *hash;
    GStrv parents;
} Node;

struct CommitGraph {
    GHashTable *nodes; /* hash -> Node */
    GPtrArray *sorted; /* of Node, by hash; NULL after an addition */
};

static void node_free(gpointer data)
{
    Node *node = data;
    g_free(node->hash);
    g_strfreev(node->parents);
    g_free(node);
}

CommitGraph *commit_graph_new(void)
{
    CommitGraph *graph = g_new0(CommitGraph, 1);
    graph->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, node_free);
    return graph;
}

void commit_graph_free(CommitGraph *graph)
{
    if (graph == NULL)
        return;
    g_clear_pointer(&graph->sorted, g_ptr_array_unref);
    g_hash_table_unref(graph->nodes);
    g_free(graph);
}

void commit_graph_add(CommitGraph *graph, const Commit *commit)
{
    if (g_hash_table_contains(graph->nodes, commit->hash))
        return;
    Node *node = g_new0(Node, 1);
    node->hash = g_strdup(commit->hash);
    node->parents = g_new0(char *, commit->n_parents + 1);
    for (gsize i = 0; i < commit->n_parents; i++)
        node->parents[i] = g_strdup(commit->parents[i]);
    g_hash_table_insert(graph->nodes, node->hash, node);
    g_clear_pointer(&graph->sorted, g_ptr_array_unref);
}

gsize commit_graph_size(const CommitGraph *graph)
{
    return g_hash_table_size(graph->nodes);
}

static gint by_hash(gconstpointer a, gconstpointer b)
{
    return g_strcmp0((*(Node *const *) a)->hash, (*(Node *const *) b)->hash);
}

static Node *find_node(CommitGraph *graph, const char *hash)
{
    Node *exact = g_hash_table_lookup(graph->nodes, hash);
    if (exact != NULL)
        return exact;
    if (graph->sorted == NULL) {
        GHashTableIter iter;
        gpointer value;
        graph->sorted = g_ptr_array_sized_new(g_hash_table_size(graph->nodes));
        g_hash_table_iter_init(&iter, graph->nodes);
        while (g_hash_table_iter_next(&iter, NULL, &value))
            g_ptr_array_add(graph->sorted, value);
        g_ptr_array_sort(graph->sorted, by_hash);
    }
    guint low = 0, high = graph->sorted->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_strcmp0(((Node *) graph->sorted->pdata[middle])->hash, hash) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low >= graph->sorted->len)
        return NULL;
    Node *node = graph->sorted->pdata[low];
    if (!g_str_has_prefix(node->hash, hash))
        return NULL;
    if (low + 1 < graph->sorted->len &&
        g_str_has_prefix(((Node *) graph->sorted->pdata[low + 1])->hash, hash))
        return NULL;
    return node;
}

const char *commit_graph_find(CommitGraph *graph, const char *hash)
{
    Node *node = hash != NULL && *hash != '\0' ? find_node(graph, hash) : NULL;
    return node != NULL ? node->hash : NULL;
}

/* Breadth first from @start over nodes that are not in @seen, which they join. */
static void reach(CommitGraph *graph, Node *start, GHashTable *seen, GPtrArray *commits,
                  GPtrArray *boundary)
{
    g_autoptr(GQueue) queue = g_queue_new();
    if (g_hash_table_add(seen, start->hash))
        g_queue_push_tail(queue, start);
    Node *node;
    while ((node = g_queue_pop_head(queue)) != NULL) {
        if (commits != NULL)
            g_ptr_array_add(commits, node->hash);
        for (char **parent = node->parents; *parent != NULL; parent++) {
            if (!g_hash_table_add(seen, *parent))
                continue;
            Node *next = g_hash_table_lookup(graph->nodes, *parent);
            if (next != NULL)
                g_queue_push_tail(queue, next);
            else if (boundary != NULL)
                g_ptr_array_add(boundary, *parent);
        }
    }
}

gboolean commit_graph_assign(CommitGraph *graph, const char *source, const char *destination,
                             GPtrArray *commits, GPtrArray *boundary)
{
    const char *from = commit_graph_find(graph, source);
    if (from == NULL)
        return FALSE;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const char *except = commit_graph_find(graph, destination);
    if (except != NULL)
        reach(graph, g_hash_table_lookup(graph->nodes, except), seen, NULL, NULL);
    reach(graph, g_hash_table_lookup(graph->nodes, from), seen, commits, boundary);
    return TRUE;
}
