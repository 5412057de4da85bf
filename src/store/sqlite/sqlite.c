#include "store/sqlite/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "store/bulk.h"

#define APPLICATION_ID  1886153058 /* "plmb", in the file's header */
#define RETRY_MS        5
#define BUSY_TIMEOUT_MS 30000 /* another process may be writing */

typedef struct {
    sqlite3 *handle;
    DbRole role;
    gboolean trusted; /* while a migration or the driver itself speaks */
    gboolean durable;
} Connection;

typedef struct {
    sqlite3_stmt *handle;
    guint *places; /* "$3" may stand anywhere: parameter 3's place in SQLite's own count, 0: none */
    guint n_places;
    int failure; /* of a bind */
} Statement;

/* ---- errors */

static void set_error(GError **error, sqlite3 *handle, int code, const char *doing)
{
    PlumblineErrorCode kind = PLUMBLINE_ERROR_STORE;
    const char *advice = "";
    switch (code & 0xff) {
    case SQLITE_FULL:
        advice = " Free some disk space and start again; nothing was lost.";
        break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        advice = " Another process is writing to it; try again when it has ended.";
        break;
    case SQLITE_NOTADB:
        advice = " It is not a Plumbline data file; choose another path.";
        break;
    case SQLITE_CORRUPT:
        advice = " It is damaged: restore it from a backup.";
        break;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        kind = PLUMBLINE_ERROR_IO;
        advice = " Check that its folder exists and that this user may write there.";
        break;
    case SQLITE_IOERR:
        kind = PLUMBLINE_ERROR_IO;
        break;
    case SQLITE_TOOBIG:
        kind = PLUMBLINE_ERROR_LIMIT;
        break;
    default:
        break;
    }
    const char *path = handle != NULL ? sqlite3_db_filename(handle, "main") : NULL;
    g_set_error(error, PLUMBLINE_ERROR, kind, "The data file %s: %s: %s.%s",
                path != NULL ? path : "", doing,
                handle != NULL ? sqlite3_errmsg(handle) : sqlite3_errstr(code), advice);
}

/* ---- opening */

static int authorize(void *user_data, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    const Connection *connection = user_data;
    if (connection->trusted)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_TRANSACTION:
        return SQLITE_OK;
    case SQLITE_FUNCTION:
        return g_strcmp0(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return connection->role == DB_WRITER && !g_str_has_prefix(first, "sqlite_") ? SQLITE_OK
                                                                                    : SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

static gboolean script(Connection *connection, const char *sql, GError **error)
{
    connection->trusted = TRUE;
    int code = sqlite3_exec(connection->handle, sql, NULL, NULL, NULL);
    connection->trusted = FALSE;
    if (code != SQLITE_OK)
        set_error(error, connection->handle, code, "a statement failed");
    return code == SQLITE_OK;
}

static void set_limits(sqlite3 *handle)
{
    static const struct {
        int limit, value;
    } LIMITS[] = {
        {SQLITE_LIMIT_LENGTH, 16 * 1024 * 1024},
        {SQLITE_LIMIT_SQL_LENGTH, 64 * 1024},
        {SQLITE_LIMIT_COLUMN, 100},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COMPOUND_SELECT, 4},
        {SQLITE_LIMIT_FUNCTION_ARG, 8},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 100},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(LIMITS); i++)
        sqlite3_limit(handle, LIMITS[i].limit, LIMITS[i].value);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_extended_result_codes(handle, 1);
}

static void driver_close(void *connection_)
{
    Connection *connection = connection_;
    sqlite3_close_v2(connection->handle);
    g_free(connection);
}

/* Going over to the write-ahead log fails at once where another process does the same, whatever the
 * busy timeout; so that wait is ours. */
static gboolean use_log(Connection *connection, GError **error)
{
    int code = SQLITE_BUSY;
    for (int waited = 0; (code & 0xff) == SQLITE_BUSY && waited < BUSY_TIMEOUT_MS;
         waited += RETRY_MS) {
        connection->trusted = TRUE;
        code = sqlite3_exec(connection->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
        connection->trusted = FALSE;
        if ((code & 0xff) == SQLITE_BUSY)
            sqlite3_sleep(RETRY_MS);
    }
    if (code != SQLITE_OK)
        set_error(error, connection->handle, code, "the write-ahead log cannot be used");
    return code == SQLITE_OK;
}

/* The first column of @sql's first row. */
static gboolean ask(Connection *connection, const char *sql, gint64 *ret_value, GError **error)
{
    sqlite3_stmt *statement = NULL;
    connection->trusted = TRUE;
    int code = sqlite3_prepare_v2(connection->handle, sql, -1, &statement, NULL);
    connection->trusted = FALSE;
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        *ret_value = sqlite3_column_int64(statement, 0);
    else
        set_error(error, connection->handle, code, "it cannot be read");
    sqlite3_finalize(statement);
    return code == SQLITE_ROW;
}

/* Marks a new file as ours and refuses another program's. Another process may be making it at this
 * moment: it marks before it makes tables, so tables are counted first. */
static gboolean claim(Connection *connection, GError **error)
{
    gint64 tables = 0;
    gint64 mark = 0;
    if (!ask(connection, "SELECT COUNT(*) FROM sqlite_schema", &tables, error) ||
        !ask(connection, "PRAGMA application_id", &mark, error))
        return FALSE;
    if (mark == APPLICATION_ID)
        return TRUE;
    if (tables > 0 || mark != 0) {
        set_error(error, NULL, SQLITE_NOTADB, sqlite3_db_filename(connection->handle, "main"));
        return FALSE;
    }
    return script(connection, "PRAGMA application_id = " G_STRINGIFY(APPLICATION_ID), error);
}

/* A new data file is for this user only; SQLite gives its log files the same mode. An existing one
 * is not touched: closing a second descriptor would drop the locks of this process. */
static void create_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
}

static void *driver_open(const char *address, DbRole role, GError **error)
{
    /* NORMAL in WAL mode: a kill loses nothing that was committed; a power cut may lose the last
     * transactions, each whole, and never part of one. */
    static const char WRITER[] =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
        "PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON;"
        "PRAGMA cache_size = -32000; PRAGMA journal_size_limit = 67108864;";
    static const char READER[] = "PRAGMA query_only = ON; PRAGMA cache_size = -8000;";
    Connection *connection = g_new0(Connection, 1);
    connection->role = role;
    if (role == DB_WRITER)
        create_private(address);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (role == DB_WRITER ? SQLITE_OPEN_CREATE : 0);
    int code = sqlite3_open_v2(address, &connection->handle, flags, NULL);
    if (code != SQLITE_OK) {
        g_autofree char *doing = g_strdup_printf("%s cannot be opened", address);
        set_error(error, connection->handle, code, doing);
        driver_close(connection);
        return NULL;
    }
    sqlite3_busy_timeout(connection->handle, BUSY_TIMEOUT_MS);
    set_limits(connection->handle);
    sqlite3_set_authorizer(connection->handle, authorize, connection);
    if ((role == DB_WRITER && !use_log(connection, error)) ||
        !script(connection, role == DB_WRITER ? WRITER : READER, error) ||
        (role == DB_WRITER && !claim(connection, error))) {
        driver_close(connection);
        return NULL;
    }
    return connection;
}

static gboolean driver_script(void *connection, const char *sql, GError **error)
{
    return script(connection, sql, error);
}

/* ---- transactions */

static gboolean driver_begin(void *connection_, DbMode mode, GError **error)
{
    Connection *connection = connection_;
    connection->durable = mode == DB_DURABLE;
    if (connection->durable &&
        !script(connection, "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;", error))
        return FALSE;
    return script(connection, mode == DB_SNAPSHOT ? "BEGIN" : "BEGIN IMMEDIATE", error);
}

/* After a durable write nothing of what it replaced stays behind in the log or in free pages. */
static gboolean end_durable(Connection *connection, GError **error)
{
    connection->durable = FALSE;
    return script(connection,
                  "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA synchronous = NORMAL;"
                  "PRAGMA secure_delete = OFF;",
                  error);
}

static gboolean driver_commit(void *connection_, GError **error)
{
    Connection *connection = connection_;
    if (!script(connection, "COMMIT", error)) {
        script(connection, "ROLLBACK", NULL);
        return FALSE;
    }
    return !connection->durable || end_durable(connection, error);
}

static void driver_rollback(void *connection_)
{
    Connection *connection = connection_;
    if (!sqlite3_get_autocommit(connection->handle))
        script(connection, "ROLLBACK", NULL);
    if (connection->durable)
        end_durable(connection, NULL);
}

/* ---- statements */

static void driver_finalize(void *statement_)
{
    Statement *statement = statement_;
    sqlite3_finalize(statement->handle);
    g_free(statement->places);
    g_free(statement);
}

static void *driver_prepare(void *connection_, const char *sql, GError **error)
{
    Connection *connection = connection_;
    Statement *statement = g_new0(Statement, 1);
    int code = sqlite3_prepare_v3(connection->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                  &statement->handle, NULL);
    if (code != SQLITE_OK) {
        set_error(error, connection->handle, code, "a statement cannot be prepared");
        driver_finalize(statement);
        return NULL;
    }
    int n = sqlite3_bind_parameter_count(statement->handle);
    for (int i = 1; i <= n; i++) {
        const char *name = sqlite3_bind_parameter_name(statement->handle, i);
        guint number = (guint) g_ascii_strtoull(name + 1, NULL, 10);
        if (number > statement->n_places) {
            statement->places = g_renew(guint, statement->places, number);
            memset(statement->places + statement->n_places, 0,
                   (number - statement->n_places) * sizeof *statement->places);
            statement->n_places = number;
        }
        statement->places[number - 1] = (guint) i;
    }
    return statement;
}

static void driver_bind(void *statement_, guint index, const DbValue *value)
{
    Statement *statement = statement_;
    int place = index < statement->n_places ? (int) statement->places[index] : 0;
    if (place == 0)
        return;
    int code = SQLITE_OK;
    switch (value->type) {
    case DB_NULL:
        code = sqlite3_bind_null(statement->handle, place);
        break;
    case DB_INTEGER:
        code = sqlite3_bind_int64(statement->handle, place, value->integer);
        break;
    case DB_REAL:
        code = sqlite3_bind_double(statement->handle, place, value->real);
        break;
    case DB_TEXT:
        code = sqlite3_bind_text(statement->handle, place, value->bytes, (int) value->length,
                                 SQLITE_STATIC);
        break;
    case DB_BLOB:
        code = sqlite3_bind_blob64(statement->handle, place, value->bytes,
                                   (sqlite3_uint64) value->length, SQLITE_STATIC);
        break;
    }
    if (code != SQLITE_OK)
        statement->failure = code;
}

static DbStep driver_step(void *statement_, GError **error)
{
    Statement *statement = statement_;
    int code =
        statement->failure != SQLITE_OK ? statement->failure : sqlite3_step(statement->handle);
    if (code == SQLITE_ROW)
        return DB_STEP_ROW;
    if (code == SQLITE_DONE)
        return DB_STEP_DONE;
    set_error(error, sqlite3_db_handle(statement->handle), code, "a statement failed");
    return DB_STEP_FAILED;
}

static void driver_reset(void *statement_)
{
    Statement *statement = statement_;
    sqlite3_reset(statement->handle);
    sqlite3_clear_bindings(statement->handle);
    statement->failure = SQLITE_OK;
}

static gint64 driver_affected(void *connection)
{
    return sqlite3_changes64(((Connection *) connection)->handle);
}

static gboolean driver_is_null(void *statement, guint column)
{
    return sqlite3_column_type(((Statement *) statement)->handle, (int) column) == SQLITE_NULL;
}

static gint64 driver_integer(void *statement, guint column)
{
    return sqlite3_column_int64(((Statement *) statement)->handle, (int) column);
}

static double driver_real(void *statement, guint column)
{
    return sqlite3_column_double(((Statement *) statement)->handle, (int) column);
}

static const char *driver_text(void *statement, guint column)
{
    return (const char *) sqlite3_column_text(((Statement *) statement)->handle, (int) column);
}

static const void *driver_blob(void *statement, guint column, gsize *ret_length)
{
    sqlite3_stmt *handle = ((Statement *) statement)->handle;
    const void *bytes = sqlite3_column_blob(handle, (int) column);
    *ret_length = (gsize) sqlite3_column_bytes(handle, (int) column);
    return bytes;
}

static const DbWord WORDS[] = {
    {"{table}", "STRICT, WITHOUT ROWID"},
    {NULL, NULL},
};

const DbDriver SQLITE_DRIVER = {
    .name = "sqlite",
    .words = WORDS,
    .open = driver_open,
    .close = driver_close,
    .script = driver_script,
    .begin = driver_begin,
    .commit = driver_commit,
    .rollback = driver_rollback,
    .prepare = driver_prepare,
    .finalize = driver_finalize,
    .bind = driver_bind,
    .step = driver_step,
    .reset = driver_reset,
    .affected = driver_affected,
    .is_null = driver_is_null,
    .integer = driver_integer,
    .real = driver_real,
    .text = driver_text,
    .blob = driver_blob,
    .upsert = bulk_row_by_row,
};
