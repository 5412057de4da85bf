/*
 * Inside of sync: commits of several pull requests fetched together over the API, held until it is
 * told whose they are. Only what a pull request brings reaches the store, together with the rows
 * that say so.
 */
#pragma once

#include "sync/assign.h"
#include "sync/batch.h"
#include "sync/engine.h"

#define COMMIT_REVISIONS 100 /* most of one request */

typedef struct {
    SyncRepository *repository;
    GHashTable *unknown;          /* hashes that Bitbucket does not know; borrowed */
    GPtrArray *include, *exclude; /* hashes, borrowed */
    CommitGraph *graph;
    Batch records;
    GHashTable *index; /* hash -> place in records, plus 1 */
} CommitBatch;

void commit_batch_init(CommitBatch *batch, SyncRepository *repository, GHashTable *unknown);
void commit_batch_clear(CommitBatch *batch);

/* Adds @hash unless it is NULL, there already, or unknown to Bitbucket. */
void commit_batch_add(const CommitBatch *batch, GPtrArray *revisions, const char *hash);

/* Fetches what is reachable from include and not from exclude. *@ret_again: some hashes turned out
 * to be unknown and joined the table; fill the lists anew. Without anything to exclude nothing is
 * fetched (it would be the whole history), and what does not end is dropped; then every pull
 * request has to be read alone. */
gboolean commit_batch_fetch(CommitBatch *batch, gboolean *ret_again, GError **error);

/* Puts the commits of @hashes that the batch holds, and that they belong to @number. */
gboolean commit_batch_put(CommitBatch *batch, gint64 number, const char *state,
                          const GPtrArray *hashes, GError **error);

/* One pull request alone, for a request or two: from its source and destination, else from its own
 * list; "gone" when Bitbucket has neither. */
gboolean commit_read_alone(SyncRepository *repository, const StoreRangeTask *task,
                           GHashTable *unknown, GError **error);

/* Without git: up to fifty pull requests at once. */
gboolean commit_read_without_git(SyncRepository *repository, GPtrArray *owing, GHashTable *unknown,
                                 GError **error);
