/*
 * What the files of this room share: the open store, the transaction, and the marks that writes
 * leave for measures.
 */
#pragma once

#include <pthread.h>

#include "store/bulk.h"
#include "store/db.h"
#include "store/seal.h"
#include "store/store.h"

struct Store {
    const DbDriver *driver;
    char *address;
    char *key_path;
    char *private_folder; /* of ":memory:": removed with the store */

    /* pthread's own mutexes: ThreadSanitizer cannot see into GLib's. */
    pthread_mutex_t writer_lock; /* held from store_begin to commit or rollback */
    Db *writer;
    GThread *writer_thread; /* who holds it; to turn a deadlock into an error */

    pthread_mutex_t readers_lock;
    GPtrArray *readers; /* idle connections */

    pthread_mutex_t people_lock;
    PersonMap *people; /* as last loaded; person_map_ref before the lock is given back */

    SealKey *data_key; /* for the store's life; NULL: key_failure says why */
    GError *key_failure;
};

struct StoreTx {
    Store *store;
    Db *db;
    gint64 generation; /* 0 until a mark needs one */
    gboolean facts_altered, people_altered;
    gint64 delivery_marked; /* the repository that store_mark_delivery marked last */
};

/* The writer for this thread alone; STORE when the thread holds it already. */
gboolean store_lock_writer(Store *store, GError **error);
void store_unlock_writer(Store *store);

/* A reader of its own until it is given back. */
Db *store_reader(Store *store, GError **error);
void store_reader_done(Store *store, Db *db);

/* All rows of a statement, each made by @read and freed with @destroy. */
typedef gpointer (*StoreRowReader)(DbRows *rows);
GPtrArray *store_list(Store *store, StatementId statement, const DbValue *params, gsize n_params,
                      StoreRowReader read, GDestroyNotify destroy, GError **error);
/* The first of them; *@ret_row NULL without error when there is none (account.c). */
gboolean store_find_one(Store *store, StatementId statement, const DbValue *params, gsize n_params,
                        StoreRowReader read, GDestroyNotify destroy, gpointer *ret_row,
                        GError **error);
gpointer store_read_text(DbRows *rows);       /* the first column, for g_free */
gpointer store_read_repository(DbRows *rows); /* of REPOSITORY_LIST, for store_repository_free */

/* Fails with STORE in words when a text that a key needs is missing. */
gboolean store_require(gboolean condition, const char *sentence, GError **error);

/* The generation of this transaction, for fact_todo. */
gboolean store_generation(StoreTx *tx, gint64 *ret_generation, GError **error);
/* Puts a pull request on fact_todo; one that has no row yet joins when its row comes. */
gboolean store_mark_todo(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                         GError **error);

/* Puts a merged pull request on the list that the merge audit log works off (audit.c). */
gboolean store_mark_audit(StoreTx *tx, gint64 workspace_id, gint64 repository_id, gint64 number,
                          GError **error);

/* What the subject of pr_reading and sync_detail holds. */
#define READING_BUILDS  "builds"
#define READING_TASKS   "tasks"
#define READING_THREADS "threads"
/* Puts a repository on delivery_todo: its deployments, merges or history changed. */
gboolean store_mark_delivery(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                             GError **error);
/* Makes @facts all deployments of the repository (facts.c). */
gboolean facts_put_deployments(StoreTx *tx, gint64 workspace_id, gint64 repository_id,
                               const FactDeployment *facts, gsize n, GError **error);

/* ---- secret.c */

/* Opens the data key, making master and data key at the first start. A key that does not fit is
 * remembered and reported when a secret is needed; a refused key file fails. */
gboolean store_keys_open(Store *store, GError **error);
void store_keys_close(Store *store);
/* The place of a connection's secret: sealed bytes that are moved to another row do not open. */
char *store_secret_place(gint64 workspace_id, gint64 connection_id);
/* NULL: SEALED. */
GBytes *store_seal(Store *store, const char *place, const char *secret, GError **error);

/* ---- person.c: the people of a batch */

typedef struct People People;
People *people_new(gint64 workspace_id);
void people_free(People *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_free)
/* The id of somebody seen in a record of the instant @at. Written by people_put. */
gint64 people_see(People *people, const Person *person, UtcTime at);
/* All texts NULL: nobody (COUNT_ABSENT). */
gint64 people_see_optional(People *people, const Person *person, UtcTime at);
/* The author of a commit, known by address or else by name only. */
gboolean people_see_author(People *people, Db *db, const char *name, const char *email, UtcTime at,
                           gint64 *ret_id, GError **error);
gboolean people_put(People *people, StoreTx *tx, GError **error);
/* Puts every pull request on fact_todo that somebody touched, under whatever alias. */
gboolean people_touch(StoreTx *tx, gint64 workspace_id, gint64 person_id, GError **error);

/* ---- people.c */

/* The aliases as @db sees them; kept by the store until one changes. */
PersonMap *person_map_get(Store *store, Db *db, gint64 workspace_id, GError **error);
/* The same, read anew: for a transaction, which sees what is not committed yet. */
PersonMap *person_map_read(Db *db, gint64 workspace_id, GError **error);
