#include "counts.h"

#include "routes.h"
#include "tokens.h"

struct Counts {
    GMutex lock;
    GHashTable *tokens; /* interned name → GHashTable of interned kind → number */
};

Counts *counts_new(void)
{
    Counts *counts = g_new0(Counts, 1);
    g_mutex_init(&counts->lock);
    counts->tokens = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                           (GDestroyNotify) g_hash_table_unref);
    return counts;
}

void counts_free(Counts *counts)
{
    g_hash_table_unref(counts->tokens);
    g_mutex_clear(&counts->lock);
    g_free(counts);
}

void counts_add_named(Counts *counts, const Call *call, const char *kind)
{
    gpointer name =
        (gpointer) g_intern_string(call->token != NULL ? call->token->name : "anonymous");
    gpointer key = (gpointer) g_intern_string(kind);
    g_mutex_lock(&counts->lock);
    GHashTable *kinds = g_hash_table_lookup(counts->tokens, name);
    if (kinds == NULL) {
        kinds = g_hash_table_new(g_direct_hash, g_direct_equal);
        g_hash_table_insert(counts->tokens, name, kinds);
    }
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(kinds, key));
    g_hash_table_insert(kinds, key, GUINT_TO_POINTER(number + 1));
    g_mutex_unlock(&counts->lock);
}

void counts_add(Counts *counts, const Call *call)
{
    counts_add_named(counts, call, call->route != NULL ? call->route->name : "unknown");
}

void counts_reset(Counts *counts)
{
    g_mutex_lock(&counts->lock);
    g_hash_table_remove_all(counts->tokens);
    g_mutex_unlock(&counts->lock);
}

json_t *counts_describe(Counts *counts)
{
    json_t *tokens = json_object();
    json_int_t total = 0;
    GHashTableIter outer, inner;
    gpointer name, kinds, kind, number;
    g_mutex_lock(&counts->lock);
    g_hash_table_iter_init(&outer, counts->tokens);
    while (g_hash_table_iter_next(&outer, &name, &kinds)) {
        json_t *routes = json_object();
        json_int_t sum = 0;
        g_hash_table_iter_init(&inner, kinds);
        while (g_hash_table_iter_next(&inner, &kind, &number)) {
            json_object_set_new(routes, kind, json_integer(GPOINTER_TO_UINT(number)));
            sum += GPOINTER_TO_UINT(number);
        }
        json_object_set_new(tokens, name, json_pack("{s:I,s:o}", "total", sum, "routes", routes));
        total += sum;
    }
    g_mutex_unlock(&counts->lock);
    return json_pack("{s:I,s:o}", "total", total, "tokens", tokens);
}
