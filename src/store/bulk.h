/*
 * Upserts declared once: table, key, columns, and what becomes of each column when the row is
 * there already.
 *
 * Rows are given as values in the order of the declared columns. A row whose key is new is
 * inserted; one that is there is changed only where the rules give another value. The driver
 * decides the form: here is the text of one row at a time ("$1" parameters), which any engine
 * takes; an engine with arrays may do a batch at once.
 */
#pragma once

#include "store/db.h"
#include "store/store.h"

typedef enum {
    BULK_KEY,
    BULK_TAKE,    /* the new value */
    BULK_KEEP,    /* the new value unless it is NULL */
    BULK_GREATER, /* the greater of both; NULL is least */
    BULK_FIRST,   /* set when the row is inserted, never by an upsert */
} BulkRule;

typedef struct {
    const char *name;
    DbType type;
    BulkRule rule;
} BulkColumn;

typedef struct {
    const char *table;
    const BulkColumn *columns;
    guint n_columns, n_keys; /* key columns come first */
    const char *newer;       /* column: an older row changes nothing (NULL is oldest). NULL: none */
} BulkTable;

const BulkTable *bulk_table(BulkId id);
/* Insert, update or list and delete within a set (all key columns but the last given). */
char *bulk_text(const BulkTable *table, BulkText text);

/* Rows to write: a flat array of values, table->n_columns for each row. Texts are borrowed. */
GArray *bulk_rows_new(void);
void bulk_rows_add(GArray *rows, BulkId id, const DbValue *row, gsize n_columns);

/* @outcomes has a place per row, or is NULL; @changes (may be NULL) is added to. */
gboolean bulk_upsert(Db *db, BulkId id, const GArray *rows, BulkOutcome *outcomes,
                     StoreChanges *changes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One row after the other with the prepared statements of bulk_text: the driver's upsert for an
 * engine in the same process. */
gboolean bulk_row_by_row(Db *db, BulkId id, const DbValue *values, gsize n_rows,
                         BulkOutcome *ret_outcomes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes @rows the whole set under the first n_keys - 1 key columns, given as @prefix: rows that are
 * no longer in it are deleted, the others upserted, unchanged ones not touched. Of two rows with
 * one key the later counts. *@ret_altered (may be NULL): rows deleted, inserted or changed. */
gboolean bulk_replace(Db *db, BulkId id, const DbValue *prefix, const GArray *rows,
                      gint64 *ret_altered, StoreChanges *changes,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
