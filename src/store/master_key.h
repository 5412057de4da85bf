/*
 * The master key: where it comes from and how its file changes hands.
 *
 * Looked for in this order: the environment (PLUMBLINE_MASTER_KEY), a systemd credential
 * ($CREDENTIALS_DIRECTORY/plumbline-master-key), the key file. It is written as 64 hex digits;
 * base64 of 32 bytes is read too. A key file that others may read is refused.
 *
 * Rotation survives a kill at any instant: the new key is written beside the old one
 * ("….next"), then the data key is resealed and committed, then the files change places. At the
 * next start the file that opens the data key wins.
 */
#pragma once

#include "store/seal.h"

typedef enum {
    MASTER_KEY_ENVIRONMENT,
    MASTER_KEY_CREDENTIAL,
    MASTER_KEY_FILE,
} MasterKeySource;

MasterKeySource master_key_source(void);
/* "the environment variable PLUMBLINE_MASTER_KEY", for sentences. Free with g_free. */
char *master_key_describe(const char *path);

/* @path: of the key file, used when neither environment nor credential has one. @may_create: makes
 * the file when it is absent. SEALED when there is none, it is malformed or others may read it;
 * IO. */
SealKey *master_key_load(const char *path, gboolean may_create, GError **error);

/* Others may read the key file. */
gboolean master_key_is_exposed(const char *path);

/* The three steps of a rotation; _next_load returns NULL without error when there is no rotation to
 * finish. */
gboolean master_key_next_write(const char *path, const SealKey *key,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
SealKey *master_key_next_load(const char *path, GError **error);
gboolean master_key_next_install(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void master_key_next_discard(const char *path);
