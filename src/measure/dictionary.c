#include "measure/dictionary.h"

void dictionary_init(Dictionary *dictionary)
{
    dictionary->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    dictionary->names = g_ptr_array_new_with_free_func(g_free);
    dictionary->keys = g_ptr_array_new();
    dictionary->by_id = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    dictionary->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void dictionary_clear(Dictionary *dictionary)
{
    g_clear_pointer(&dictionary->ids, g_array_unref);
    g_clear_pointer(&dictionary->names, g_ptr_array_unref);
    g_clear_pointer(&dictionary->keys, g_ptr_array_unref);
    g_clear_pointer(&dictionary->by_id, g_hash_table_unref);
    g_clear_pointer(&dictionary->by_key, g_hash_table_unref);
}

/* An index is kept as index + 1, so that a missing key (NULL, 0) becomes NO_INDEX. */
guint32 dictionary_find_id(const Dictionary *dictionary, gint64 id)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(dictionary->by_id, &id)) - 1;
}

guint32 dictionary_find_key(const Dictionary *dictionary, const char *key)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(dictionary->by_key, key)) - 1;
}

static guint32 append(Dictionary *dictionary, gint64 id, char *key, const char *name)
{
    g_ptr_array_add(dictionary->keys, key);
    g_array_append_val(dictionary->ids, id);
    g_ptr_array_add(dictionary->names, g_strdup(name));
    return dictionary->ids->len - 1;
}

guint32 dictionary_add_id(Dictionary *dictionary, gint64 id, const char *name)
{
    guint32 index = dictionary_find_id(dictionary, id);
    if (index != NO_INDEX)
        return index;
    index = append(dictionary, id, NULL, name);
    gint64 *key = g_new(gint64, 1);
    *key = id;
    g_hash_table_insert(dictionary->by_id, key, GUINT_TO_POINTER(index + 1));
    return index;
}

guint32 dictionary_add_key(Dictionary *dictionary, const char *key, const char *name)
{
    guint32 index = dictionary_find_key(dictionary, key);
    if (index != NO_INDEX)
        return index;
    char *kept = g_strdup(key);
    index = append(dictionary, 0, kept, name);
    g_hash_table_insert(dictionary->by_key, kept, GUINT_TO_POINTER(index + 1));
    return index;
}

const char *dictionary_name(const Dictionary *dictionary, guint32 index)
{
    return index < dictionary->names->len ? g_ptr_array_index(dictionary->names, index) : NULL;
}

const char *dictionary_key(const Dictionary *dictionary, guint32 index)
{
    return index < dictionary->keys->len ? g_ptr_array_index(dictionary->keys, index) : NULL;
}

gint64 dictionary_id(const Dictionary *dictionary, guint32 index)
{
    return index < dictionary->ids->len ? g_array_index(dictionary->ids, gint64, index) : 0;
}
