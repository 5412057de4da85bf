/*
 * The database layer of this room: connections, statements named in one table, declared upserts.
 *
 * A driver is a table of functions (sqlite/sqlite.c). Above it nothing knows the engine: every SQL
 * text stands in statements.c with $1 parameters and serves all drivers; upserts are declared in
 * bulk.c and each driver writes them in its best form. A Db is one connection with its prepared
 * statements; one thread at a time. Errors: STORE, IO, LIMIT.
 */
#pragma once

#include "base/base.h"

#include "store/statements.h"

/* ---- values and rows */

typedef enum { DB_NULL, DB_INTEGER, DB_REAL, DB_TEXT, DB_BLOB } DbType;

/* A parameter. Texts and blobs are borrowed until the statement has run. */
typedef struct {
    DbType type;
    union {
        gint64 integer;
        double real;
        struct {
            const void *bytes;
            gssize length; /* texts: -1, up to the NUL */
        };
    };
} DbValue;

static inline DbValue db_integer(gint64 value)
{
    return (DbValue){.type = DB_INTEGER, .integer = value};
}
/* TIME_ABSENT and its kin become NULL. */
static inline DbValue db_optional(gint64 value)
{
    return value == COUNT_ABSENT ? (DbValue){.type = DB_NULL} : db_integer(value);
}
static inline DbValue db_flag(gboolean value)
{
    return db_integer(value ? 1 : 0);
}
static inline DbValue db_real(double value)
{
    return (DbValue){.type = DB_REAL, .real = value};
}
static inline DbValue db_text(const char *text)
{
    return text == NULL ? (DbValue){.type = DB_NULL}
                        : (DbValue){.type = DB_TEXT, .bytes = text, .length = -1};
}
static inline DbValue db_blob(const void *bytes, gsize length)
{
    return (DbValue){.type = DB_BLOB, .bytes = bytes, .length = (gssize) length};
}

/* The parameters of one call: DB_PARAMS(db_integer(1), db_text("x")). */
#define DB_PARAMS(...)                                                                             \
    ((const DbValue[]){__VA_ARGS__}), G_N_ELEMENTS(((const DbValue[]){__VA_ARGS__}))
#define DB_NO_PARAMS NULL, 0

/* ---- drivers */

typedef enum { DB_READER, DB_WRITER } DbRole;
typedef enum {
    DB_SNAPSHOT, /* reads that see one state */
    DB_WRITE,    /* takes the engine's write lock at once */
    DB_DURABLE,  /* a write that must survive a power cut before commit returns */
} DbMode;
typedef enum { DB_STEP_ROW, DB_STEP_DONE, DB_STEP_FAILED } DbStep;

typedef struct Db Db;
typedef struct {
    const char *word, *replacement;
} DbWord;

typedef enum { BULK_UNCHANGED, BULK_INSERTED, BULK_CHANGED } BulkOutcome;

/* @connection and @statement are the driver's own. Functions without GError cannot fail, or keep
 * the failure for the next step. */
typedef struct {
    const char *name;
    const DbWord *words; /* what migrations' words become here; ends with a NULL word */
    void *(*open)(const char *address, DbRole role, GError **error);
    void (*close)(void *connection);
    /* Several statements in one text, for migrations only. */
    gboolean (*script)(void *connection, const char *sql, GError **error);
    gboolean (*begin)(void *connection, DbMode mode, GError **error);
    gboolean (*commit)(void *connection, GError **error);
    void (*rollback)(void *connection);

    void *(*prepare)(void *connection, const char *sql, GError **error);
    void (*finalize)(void *statement);
    void (*bind)(void *statement, guint index, const DbValue *value); /* index from 0 */
    DbStep (*step)(void *statement, GError **error);
    void (*reset)(void *statement);
    gint64 (*affected)(void *connection); /* rows the last statement inserted or matched */
    gboolean (*is_null)(void *statement, guint column);
    gint64 (*integer)(void *statement, guint column);
    double (*real)(void *statement, guint column);
    const char *(*text)(void *statement, guint column);
    const void *(*blob)(void *statement, guint column, gsize *ret_length);

    /* Rows of one declared table (bulk.h), row by row in @values; @ret_outcomes has a place per
     * row. */
    gboolean (*upsert)(Db *db, BulkId table, const DbValue *values, gsize n_rows,
                       BulkOutcome *ret_outcomes, GError **error);
} DbDriver;

Db *db_open(const DbDriver *driver, const char *address, DbRole role, GError **error);
void db_close(Db *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_close)
const DbDriver *db_driver(const Db *db);
gboolean db_script(Db *db, const char *sql, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean db_begin(Db *db, DbMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean db_commit(Db *db, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void db_rollback(Db *db);

/* ---- statements */

/* A prepared statement while it runs: owned by its Db, given back by db_rows_close. */
typedef struct DbRows DbRows;

/* Runs to the end. @ret_affected (may be NULL): rows inserted or matched by an update. */
gboolean db_run(Db *db, StatementId id, const DbValue *params, gsize n_params, gint64 *ret_affected,
                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Rows come with db_rows_next; after its FALSE, db_rows_end tells the end from a failure. A
 * statement runs once at a time on a connection. */
DbRows *db_query(Db *db, StatementId id, const DbValue *params, gsize n_params,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean db_rows_next(DbRows *rows);
gboolean db_rows_end(DbRows *rows, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void db_rows_close(DbRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbRows, db_rows_close)

gboolean db_column_is_null(DbRows *rows, guint column);
gint64 db_column_integer(DbRows *rows, guint column);
gint64 db_column_optional(DbRows *rows, guint column); /* COUNT_ABSENT for NULL */
gboolean db_column_flag(DbRows *rows, guint column);
double db_column_real(DbRows *rows, guint column);
const char *db_column_text(DbRows *rows, guint column); /* until the next row; NULL for NULL */
char *db_column_copy(DbRows *rows, guint column);       /* g_free; NULL for NULL */
const void *db_column_blob(DbRows *rows, guint column, gsize *ret_length);

/* A single integer of a single row; @otherwise when there is no row or it is NULL. */
gboolean db_get_integer(Db *db, StatementId id, const DbValue *params, gsize n_params,
                        gint64 otherwise, gint64 *ret_value,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- statements whose text is made from a declaration (bulk.c): prepared once per connection */

typedef enum {
    BULK_TEXT_INSERT,
    BULK_TEXT_UPDATE,
    BULK_TEXT_LIST,
    BULK_TEXT_DELETE,
    BULK_TEXT_COUNT
} BulkText;
DbRows *db_bulk_query(Db *db, BulkId table, BulkText text, const DbValue *params, gsize n_params,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean db_bulk_run(Db *db, BulkId table, BulkText text, const DbValue *params, gsize n_params,
                     gint64 *ret_affected, GError **error) G_GNUC_WARN_UNUSED_RESULT;
