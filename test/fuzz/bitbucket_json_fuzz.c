/* The reader of JSON documents: what it accepts is within its limits; what it refuses has a name.
 */
#include "bitbucket/json.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static guint depth_of(json_t *value)
{
    guint deepest = 0;
    gsize index;
    const char *key;
    json_t *member;
    json_array_foreach(value, index, member)
    {
        guint depth = depth_of(member);
        deepest = MAX(deepest, depth);
    }
    json_object_foreach(value, key, member)
    {
        guint depth = depth_of(member);
        deepest = MAX(deepest, depth);
    }
    return json_is_array(value) || json_is_object(value) ? deepest + 1 : 0;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    json_t *root = json_document_read((const char *) data, size, &error);
    g_assert((root == NULL) == (error != NULL));
    if (root != NULL)
        g_assert(depth_of(root) <= LIMIT_JSON_DEPTH);
    json_decref(root);
    return 0;
}
