/*
 * Records that git shows one at a time, kept until there are enough for one transaction. A
 * visitor's record is valid during its call only, so the batch copies. One thread at a time.
 */
#pragma once

#include "git/git.h"

#define BATCH_RECORDS 500
#define BATCH_BYTES   ((gsize) 32 * 1024 * 1024) /* written early when it grows past this */
#define BATCH_MAXIMUM ((gsize) 512 * 1024 * 1024)

typedef struct {
    Arena *arena;
    GArray *items; /* Commit, GitRange, MainChange or Branch */
} Batch;

void batch_init(Batch *batch, gsize item_size);
void batch_clear(Batch *batch);
/* Empties it for the next records. */
void batch_reset(Batch *batch);
gboolean batch_is_full(const Batch *batch);
/* LIMIT when one record is larger than BATCH_MAXIMUM. */
gboolean batch_add_commit(Batch *batch, const Commit *commit,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean batch_add_range(Batch *batch, const GitRange *range,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean batch_add_main_change(Batch *batch, const MainChange *change,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean batch_add_branch(Batch *batch, const Branch *branch,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
