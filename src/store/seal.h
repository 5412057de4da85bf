/*
 * Sealing: XChaCha20-Poly1305 under a key of 32 bytes, bound to the place where the sealed bytes
 * are kept, so that they open nowhere else.
 *
 * A sealed blob is a version byte, the nonce of 24 bytes, the ciphertext with its tag of 16. Keys
 * live in memory of libsodium's (guarded, kept out of core dumps) and are wiped when freed.
 */
#pragma once

#include "base/base.h"

#define SEAL_KEY_BYTES 32
#define SEAL_OVERHEAD  (1 + 24 + 16)

/* 32 bytes of guarded memory. */
typedef struct SealKey SealKey;
SealKey *seal_key_new(void); /* random */
SealKey *seal_key_from_bytes(const guint8 bytes[SEAL_KEY_BYTES]);
void seal_key_free(SealKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SealKey, seal_key_free)
const guint8 *seal_key_bytes(const SealKey *key);

/* @place: the associated data, such as "connection/1/2/secret". */
GBytes *seal_close(const SealKey *key, const char *place, const void *plain, gsize length);
/* Appends the plain bytes to @ret_plain. FALSE when key, place or bytes do not fit; the caller
 * knows the sentence. */
gboolean seal_open(const SealKey *key, const char *place, const void *sealed, gsize length,
                   Buffer *ret_plain) G_GNUC_WARN_UNUSED_RESULT;
