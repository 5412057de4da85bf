#include "store/master_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENVIRONMENT     "PLUMBLINE_MASTER_KEY"
#define CREDENTIAL_NAME "plumbline-master-key"
#define TEXT_MAX        256 /* of a key file; more is not a key */

static char *credential_path(void)
{
    const char *folder = g_getenv("CREDENTIALS_DIRECTORY");
    if (folder == NULL || folder[0] == '\0')
        return NULL;
    g_autofree char *path = g_build_filename(folder, CREDENTIAL_NAME, NULL);
    return access(path, F_OK) == 0 ? g_steal_pointer(&path) : NULL;
}

MasterKeySource master_key_source(void)
{
    const char *text = g_getenv(ENVIRONMENT);
    if (text != NULL && text[0] != '\0')
        return MASTER_KEY_ENVIRONMENT;
    g_autofree char *path = credential_path();
    return path != NULL ? MASTER_KEY_CREDENTIAL : MASTER_KEY_FILE;
}

char *master_key_describe(const char *path)
{
    switch (master_key_source()) {
    case MASTER_KEY_ENVIRONMENT:
        return g_strdup("the environment variable " ENVIRONMENT);
    case MASTER_KEY_CREDENTIAL:
        return g_strdup("the systemd credential " CREDENTIAL_NAME);
    default:
        return g_strdup_printf("the key file %s", path);
    }
}

/* ---- reading */

static SealKey *parse(const char *text, gsize length, const char *where, GError **error)
{
    static const int VARIANTS[] = {sodium_base64_VARIANT_ORIGINAL,
                                   sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
                                   sodium_base64_VARIANT_URLSAFE_NO_PADDING};
    guint8 bytes[SEAL_KEY_BYTES];
    gsize n = 0;
    const char *end = NULL;
    gboolean ok = sodium_hex2bin(bytes, sizeof bytes, text, length, "\r\n\t ", &n, &end) == 0 &&
                  n == sizeof bytes && end == text + length;
    for (gsize i = 0; !ok && i < G_N_ELEMENTS(VARIANTS); i++)
        ok = sodium_base642bin(bytes, sizeof bytes, text, length, "\r\n\t ", &n, &end,
                               VARIANTS[i]) == 0 &&
             n == sizeof bytes && end == text + length;
    SealKey *key = ok ? seal_key_from_bytes(bytes) : NULL;
    sodium_memzero(bytes, sizeof bytes);
    if (key == NULL)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                    "%s does not hold a master key: 64 hex digits (or base64 of 32 bytes) are "
                    "expected.",
                    where);
    return key;
}

static gboolean check_mode(int fd, const char *path, GError **error)
{
    struct stat status;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 077) == 0)
        return TRUE;
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                "The master key file %s may be read by others (mode %04o). Take their rights away "
                "with: chmod 600 %s",
                path, (guint) (status.st_mode & 07777), path);
    return FALSE;
}

gboolean master_key_is_exposed(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & 077) != 0;
}

/* NULL without error when there is no such file. */
static SealKey *load_file(const char *path, gboolean private, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        if (errno != ENOENT)
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO,
                        "The master key file %s cannot be opened: %s.", path, g_strerror(errno));
        return NULL;
    }
    SealKey *key = NULL;
    char text[TEXT_MAX];
    if (!private || check_mode(fd, path, error)) {
        gssize n = read(fd, text, sizeof text);
        key = parse(text, n > 0 ? (gsize) n : 0, path, error);
        sodium_memzero(text, sizeof text);
    }
    close(fd);
    return key;
}

/* ---- writing */

static gboolean io_error(const char *doing, const char *path, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO,
                "The master key file %s cannot be %s: %s. Check that its folder exists and that "
                "this user may write there.",
                path, doing, g_strerror(errno));
    return FALSE;
}

static gboolean sync_folder(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean ok = fd >= 0 && fsync(fd) == 0;
    if (!ok)
        io_error("made durable", path, error);
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Writes a temporary file beside @path, mode 0600, on disk when this returns. */
static char *write_temporary(const char *path, const SealKey *key, GError **error)
{
    g_autofree char *temporary = g_strdup_printf("%s.XXXXXX", path);
    int fd = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        io_error("made", path, error);
        return NULL;
    }
    char text[2 * SEAL_KEY_BYTES + 2];
    sodium_bin2hex(text, sizeof text, seal_key_bytes(key), SEAL_KEY_BYTES);
    text[2 * SEAL_KEY_BYTES] = '\n';
    gboolean ok = write(fd, text, sizeof text - 1) == (gssize) sizeof text - 1 && fsync(fd) == 0;
    sodium_memzero(text, sizeof text);
    if (!ok) {
        io_error("written", path, error);
        unlink(temporary);
    }
    close(fd);
    return ok ? g_steal_pointer(&temporary) : NULL;
}

/* A link appears whole or not at all, and never over a key that another process made first. */
static SealKey *create_file(const char *path, GError **error)
{
    g_autoptr(SealKey) key = seal_key_new();
    g_autofree char *temporary = write_temporary(path, key, error);
    if (temporary == NULL)
        return NULL;
    gboolean made = link(temporary, path) == 0;
    int why = errno;
    unlink(temporary);
    errno = why;
    if (!made && why == EEXIST)
        return load_file(path, TRUE, error);
    if (!made) {
        io_error("made", path, error);
        return NULL;
    }
    return sync_folder(path, error) ? g_steal_pointer(&key) : NULL;
}

SealKey *master_key_load(const char *path, gboolean may_create, GError **error)
{
    if (master_key_source() == MASTER_KEY_ENVIRONMENT) {
        const char *text = g_getenv(ENVIRONMENT);
        return parse(text, strlen(text), "The environment variable " ENVIRONMENT, error);
    }
    g_autofree char *credential = credential_path();
    if (credential != NULL)
        return load_file(credential, FALSE, error);
    GError *failure = NULL;
    SealKey *key = load_file(path, TRUE, &failure);
    if (key != NULL)
        return key;
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    if (may_create)
        return create_file(path, error);
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_SEALED,
                "The master key file %s is missing, and the data file holds secrets sealed with "
                "it. Put the file back; without it the connections must be made anew.",
                path);
    return NULL;
}

/* ---- rotation */

static char *next_path(const char *path)
{
    return g_strdup_printf("%s.next", path);
}

gboolean master_key_next_write(const char *path, const SealKey *key, GError **error)
{
    g_autofree char *next = next_path(path);
    g_autofree char *temporary = write_temporary(path, key, error);
    if (temporary == NULL)
        return FALSE;
    if (rename(temporary, next) != 0) {
        io_error("made", next, error);
        unlink(temporary);
        return FALSE;
    }
    return sync_folder(path, error);
}

SealKey *master_key_next_load(const char *path, GError **error)
{
    g_autofree char *next = next_path(path);
    return load_file(next, TRUE, error);
}

gboolean master_key_next_install(const char *path, GError **error)
{
    g_autofree char *next = next_path(path);
    if (rename(next, path) != 0 && errno != ENOENT) /* ENOENT: a process that started finished it */
        return io_error("replaced", path, error);
    return sync_folder(path, error);
}

void master_key_next_discard(const char *path)
{
    g_autofree char *next = next_path(path);
    unlink(next);
}
