#include "web/audit_shelf.h"

#define KEPT_MOST 4 /* workspaces */

struct AuditShelf {
    GMutex lock;    /* over indexes, held while one is taken */
    GQueue indexes; /* AuditIndex, the last used first */
    gint verifying; /* atomic */
};

AuditShelf *audit_shelf_new(void)
{
    AuditShelf *shelf = g_new0(AuditShelf, 1);
    g_mutex_init(&shelf->lock);
    g_queue_init(&shelf->indexes);
    return shelf;
}

void audit_shelf_free(AuditShelf *shelf)
{
    if (shelf == NULL)
        return;
    g_queue_clear_full(&shelf->indexes, (GDestroyNotify) audit_index_free);
    g_mutex_clear(&shelf->lock);
    g_free(shelf);
}

static AuditIndex *find(AuditShelf *shelf, gint64 workspace_id)
{
    GList *link = shelf->indexes.head;
    while (link != NULL && audit_index_workspace(link->data) != workspace_id)
        link = link->next;
    AuditIndex *index = link != NULL ? link->data : audit_index_new(workspace_id);
    if (link != NULL)
        g_queue_delete_link(&shelf->indexes, link);
    g_queue_push_head(&shelf->indexes, index);
    while (shelf->indexes.length > KEPT_MOST)
        audit_index_free(g_queue_pop_tail(&shelf->indexes));
    return index;
}

AuditIndex *audit_shelf_take(AuditShelf *shelf, Store *store, gint64 workspace_id, GError **error)
{
    g_mutex_lock(&shelf->lock);
    AuditIndex *index = find(shelf, workspace_id);
    if (audit_index_update(index, store, error))
        return index;
    g_mutex_unlock(&shelf->lock);
    return NULL;
}

void audit_shelf_put_back(AuditShelf *shelf)
{
    g_mutex_unlock(&shelf->lock);
}

gboolean audit_shelf_begin_verifying(AuditShelf *shelf)
{
    return g_atomic_int_compare_and_exchange(&shelf->verifying, 0, 1);
}

void audit_shelf_end_verifying(AuditShelf *shelf)
{
    g_atomic_int_set(&shelf->verifying, 0);
}
