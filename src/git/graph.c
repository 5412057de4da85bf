#include "git/graph.h"

#include "git/text.h"

#define HASH_MAX     32
#define BITS_FIRST   12
#define PREFIX_LEAST 7 /* hex digits: 28 bits, never fewer than the table's */

G_STATIC_ASSERT(GIT_GRAPH_MAX_COMMITS <= (1u << (PREFIX_LEAST * 4 - 1)));

/*
 * The table finds commits by hash or prefix. Its home slot of a hash is made of the hash's first
 * bits, so all hashes with one prefix lie in the run of full slots that begins at the prefix's.
 */
struct GitGraph {
    guint width;           /* bytes of a hash */
    GByteArray *hashes;    /* width bytes each */
    GArray *times;         /* gint64 */
    GArray *parents_start; /* guint32; the end is the next one's start */
    GArray *parents;       /* guint32 */
    guint32 *table;        /* NONE: free */
    guint bits;            /* log2 of the table's size */
};

typedef struct {
    guint8 bytes[HASH_MAX];
    gsize digits;
} Prefix;

static void make_table(GitGraph *graph, guint bits)
{
    g_free(graph->table);
    graph->bits = bits;
    graph->table = g_malloc(((gsize) 1 << bits) * sizeof(guint32));
    memset(graph->table, 0xff, ((gsize) 1 << bits) * sizeof(guint32));
}

GitGraph *git_graph_new(void)
{
    GitGraph *graph = g_new0(GitGraph, 1);
    graph->hashes = g_byte_array_new();
    graph->times = g_array_new(FALSE, FALSE, sizeof(gint64));
    graph->parents_start = g_array_new(FALSE, FALSE, sizeof(guint32));
    graph->parents = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 zero = 0;
    g_array_append_val(graph->parents_start, zero);
    make_table(graph, BITS_FIRST);
    return graph;
}

void git_graph_free(GitGraph *graph)
{
    if (!graph)
        return;
    g_byte_array_unref(graph->hashes);
    g_array_unref(graph->times);
    g_array_unref(graph->parents_start);
    g_array_unref(graph->parents);
    g_free(graph->table);
    g_free(graph);
}

guint32 git_graph_count(const GitGraph *graph)
{
    return graph->times->len;
}

static const guint8 *hash_of(const GitGraph *graph, guint32 commit)
{
    return graph->hashes->data + (gsize) commit * graph->width;
}

static guint32 home_slot(const GitGraph *graph, const guint8 *hash)
{
    guint32 first = (guint32) hash[0] << 24 | (guint32) hash[1] << 16 | (guint32) hash[2] << 8 |
                    (guint32) hash[3];
    return first >> (32 - graph->bits);
}

static void put_into_table(GitGraph *graph, guint32 commit)
{
    guint32 mask = ((guint32) 1 << graph->bits) - 1;
    guint32 slot = home_slot(graph, hash_of(graph, commit));
    while (graph->table[slot] != GIT_GRAPH_NONE)
        slot = (slot + 1) & mask;
    graph->table[slot] = commit;
}

static void enlarge_table(GitGraph *graph)
{
    if (git_graph_count(graph) <= (guint32) 1 << (graph->bits - 1))
        return;
    make_table(graph, graph->bits + 1);
    for (guint32 commit = 0; commit < git_graph_count(graph); commit++)
        put_into_table(graph, commit);
}

/* @digits hex digits, at most 64. */
static Prefix read_prefix(const char *hex, gsize digits)
{
    Prefix prefix = {{0}, digits};
    for (gsize i = 0; i < digits; i++)
        prefix.bytes[i / 2] |= (guint8) (g_ascii_xdigit_value(hex[i]) << (i % 2 ? 0 : 4));
    return prefix;
}

static gboolean has_prefix(const guint8 *hash, const Prefix *prefix)
{
    gsize whole = prefix->digits / 2;
    if (memcmp(hash, prefix->bytes, whole) != 0)
        return FALSE;
    return prefix->digits % 2 == 0 || hash[whole] >> 4 == prefix->bytes[whole] >> 4;
}

static guint32 find_prefix(const GitGraph *graph, const Prefix *prefix)
{
    if (prefix->digits > (gsize) graph->width * 2)
        return GIT_GRAPH_NONE;
    guint32 mask = ((guint32) 1 << graph->bits) - 1;
    guint32 found = GIT_GRAPH_NONE;
    for (guint32 slot = home_slot(graph, prefix->bytes); graph->table[slot] != GIT_GRAPH_NONE;
         slot = (slot + 1) & mask) {
        if (!has_prefix(hash_of(graph, graph->table[slot]), prefix))
            continue;
        if (found != GIT_GRAPH_NONE)
            return GIT_GRAPH_NONE;
        found = graph->table[slot];
    }
    return found;
}

guint32 git_graph_find(const GitGraph *graph, const char *hash)
{
    if (!git_text_is_hash_or_prefix(hash))
        return GIT_GRAPH_NONE;
    Prefix prefix = read_prefix(hash, strlen(hash));
    return find_prefix(graph, &prefix);
}

static gboolean fail_line(const char *problem, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT, "git rev-list gave %s", problem);
    return FALSE;
}

/* The next word of the line as a hash of the graph's width. */
static gboolean read_hash(GitGraph *graph, const char **at, const char *end, Prefix *ret_hash,
                          GError **error)
{
    const char *space = memchr(*at, ' ', (gsize) (end - *at));
    gsize length = (gsize) ((space ? space : end) - *at);
    if (!git_text_is_hash(*at, length) || (graph->width != 0 && length != (gsize) graph->width * 2))
        return fail_line("something else than a commit", error);
    *ret_hash = read_prefix(*at, length);
    *at += length + (space ? 1 : 0);
    return TRUE;
}

static gboolean read_parent(GitGraph *graph, const char **at, const char *end, guint32 *ret_parent,
                            GError **error)
{
    Prefix hash;
    if (!read_hash(graph, at, end, &hash, error))
        return FALSE;
    guint32 parent = find_prefix(graph, &hash);
    if (parent == GIT_GRAPH_NONE)
        return fail_line("a child before its parent", error);
    *ret_parent = parent;
    return TRUE;
}

static gint64 read_time(const char **at, const char *end)
{
    gint64 time = 0;
    for (; *at < end && g_ascii_isdigit(**at); (*at)++)
        time = MIN(time, G_MAXINT64 / 100) * 10 + (**at - '0');
    return time;
}

gboolean git_graph_add_line(GitGraph *graph, const char *line, gsize length, GError **error)
{
    const char *at = line, *end = line + length;
    Prefix hash;
    gint64 time = read_time(&at, end);
    if (at == line || at == end || *at++ != ' ')
        return fail_line("a line without a date", error);
    if (!read_hash(graph, &at, end, &hash, error))
        return FALSE;
    if (graph->width != 0 && find_prefix(graph, &hash) != GIT_GRAPH_NONE)
        return TRUE;
    if (git_graph_count(graph) >= GIT_GRAPH_MAX_COMMITS) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "The repository has more commits than Plumbline accepts");
        return FALSE;
    }
    graph->width = (guint) hash.digits / 2;
    guint parents_before = graph->parents->len;
    while (at < end) {
        guint32 parent;
        if (!read_parent(graph, &at, end, &parent, error)) {
            g_array_set_size(graph->parents, parents_before);
            return FALSE;
        }
        g_array_append_val(graph->parents, parent);
    }
    g_byte_array_append(graph->hashes, hash.bytes, graph->width);
    g_array_append_val(graph->times, time);
    g_array_append_val(graph->parents_start, graph->parents->len);
    put_into_table(graph, git_graph_count(graph) - 1);
    enlarge_table(graph);
    return TRUE;
}

guint git_graph_parent_count(const GitGraph *graph, guint32 commit)
{
    return g_array_index(graph->parents_start, guint32, commit + 1) -
           g_array_index(graph->parents_start, guint32, commit);
}

guint32 git_graph_parent(const GitGraph *graph, guint32 commit, guint number)
{
    if (number >= git_graph_parent_count(graph, commit))
        return GIT_GRAPH_NONE;
    guint32 start = g_array_index(graph->parents_start, guint32, commit);
    return g_array_index(graph->parents, guint32, start + number);
}

gint64 git_graph_time(const GitGraph *graph, guint32 commit)
{
    return g_array_index(graph->times, gint64, commit);
}

int git_graph_compare(const GitGraph *graph, guint32 one, guint32 other)
{
    return memcmp(hash_of(graph, one), hash_of(graph, other), graph->width);
}

gsize git_graph_hash_length(const GitGraph *graph)
{
    return graph->width == 0 ? 40 : (gsize) graph->width * 2;
}

void git_graph_append_hash(const GitGraph *graph, guint32 commit, GString *text)
{
    static const char DIGITS[] = "0123456789abcdef";
    const guint8 *hash = hash_of(graph, commit);
    for (guint i = 0; i < graph->width; i++) {
        g_string_append_c(text, DIGITS[hash[i] >> 4]);
        g_string_append_c(text, DIGITS[hash[i] & 15]);
    }
}
