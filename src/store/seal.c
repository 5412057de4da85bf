#include "store/seal.h"

#include <sodium.h>
#include <string.h>

#define VERSION     1
#define NONCE_BYTES crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_BYTES   crypto_aead_xchacha20poly1305_ietf_ABYTES

G_STATIC_ASSERT(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
G_STATIC_ASSERT(SEAL_OVERHEAD == 1 + NONCE_BYTES + TAG_BYTES);

struct SealKey {
    guint8 bytes[SEAL_KEY_BYTES];
};

static SealKey *key_alloc(void)
{
    SealKey *key = sodium_init() >= 0 ? sodium_malloc(sizeof *key) : NULL;
    if (key == NULL)
        g_error("no memory for a key");
    return key;
}

SealKey *seal_key_new(void)
{
    SealKey *key = key_alloc();
    randombytes_buf(key->bytes, sizeof key->bytes);
    return key;
}

SealKey *seal_key_from_bytes(const guint8 bytes[SEAL_KEY_BYTES])
{
    SealKey *key = key_alloc();
    memcpy(key->bytes, bytes, sizeof key->bytes);
    return key;
}

void seal_key_free(SealKey *key)
{
    sodium_free(key); /* wipes */
}

const guint8 *seal_key_bytes(const SealKey *key)
{
    return key->bytes;
}

GBytes *seal_close(const SealKey *key, const char *place, const void *plain, gsize length)
{
    guint8 *sealed = g_malloc(SEAL_OVERHEAD + length);
    sealed[0] = VERSION;
    guint8 *nonce = sealed + 1;
    randombytes_buf(nonce, NONCE_BYTES);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + NONCE_BYTES, NULL, plain, length,
                                               (const guint8 *) place, strlen(place), NULL, nonce,
                                               key->bytes);
    return g_bytes_new_take(sealed, SEAL_OVERHEAD + length);
}

gboolean seal_open(const SealKey *key, const char *place, const void *sealed, gsize length,
                   Buffer *ret_plain)
{
    const guint8 *bytes = sealed;
    if (length < SEAL_OVERHEAD || bytes[0] != VERSION)
        return FALSE;
    gsize plain_length = length - SEAL_OVERHEAD;
    g_autofree guint8 *plain = g_malloc(plain_length + 1);
    gboolean ok = crypto_aead_xchacha20poly1305_ietf_decrypt(
                      plain, NULL, NULL, bytes + 1 + NONCE_BYTES, plain_length + TAG_BYTES,
                      (const guint8 *) place, strlen(place), bytes + 1, key->bytes) == 0 &&
                  buffer_append(ret_plain, plain, plain_length);
    sodium_memzero(plain, plain_length + 1);
    return ok;
}
