#include "git/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 64 /* of folders in a bare repository; branch names make them */
/* A killed process's child may hold its lock until it has become git: waited for, up to 5 s. */
#define LOCK_WAITS   250
#define LOCK_WAIT_US 20000
#define TRAILER      20 /* SHA-1 at the end of a pack and of its index */

int git_folder_lock(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) != 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: cannot make the folder: %s",
                    path, g_strerror(errno));
        return -1;
    }
    g_autofree char *lock = g_build_filename(path, "lock", NULL);
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: cannot be opened: %s", lock,
                    g_strerror(errno));
        return -1;
    }
    int locked = flock(fd, LOCK_EX | LOCK_NB);
    for (int waits = 0; locked != 0 && errno == EWOULDBLOCK && waits < LOCK_WAITS; waits++) {
        g_usleep(LOCK_WAIT_US);
        locked = flock(fd, LOCK_EX | LOCK_NB);
    }
    if (locked != 0) {
        gboolean busy = errno == EWOULDBLOCK;
        g_set_error(
            error, PLUMBLINE_ERROR, busy ? PLUMBLINE_ERROR_GIT : PLUMBLINE_ERROR_IO, "%s: %s", lock,
            busy ? "the mirror is in use; wait until that work has ended" : g_strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

typedef enum { TREE_REMOVE, TREE_REMOVE_LOCKS, TREE_REMOVE_TEMPORARY, TREE_SUM } TreeAct;

/* No branch may end in ".lock"; but one may begin with "tmp_", so such files are removed among the
 * objects only. */
static gboolean is_leftover(const char *name, TreeAct act)
{
    if (act == TREE_REMOVE_LOCKS)
        return g_str_has_suffix(name, ".lock");
    return act == TREE_REMOVE_TEMPORARY &&
           (g_str_has_prefix(name, "tmp_") || g_str_has_prefix(name, ".tmp-"));
}

/* Walks without following links, from an open folder, so that nothing outside can be reached. */
static void walk_tree(int parent, const char *name, TreeAct act, guint depth, guint64 *sum)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        if (fd >= 0)
            close(fd);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        gboolean leftover = is_leftover(entry->d_name, act);
        gboolean remove = act == TREE_REMOVE || leftover;
        if (S_ISDIR(info.st_mode) && depth < DEPTH_MAX)
            walk_tree(fd, entry->d_name, leftover ? TREE_REMOVE : act, depth + 1, sum);
        if (remove)
            (void) unlinkat(fd, entry->d_name, S_ISDIR(info.st_mode) ? AT_REMOVEDIR : 0);
        *sum += (guint64) info.st_blocks * 512;
    }
    closedir(folder);
}

guint64 git_folder_size(const char *path)
{
    guint64 sum = 0;
    walk_tree(AT_FDCWD, path, TREE_SUM, 0, &sum);
    return sum;
}

static void remove_tree(const char *path)
{
    guint64 sum = 0;
    walk_tree(AT_FDCWD, path, TREE_REMOVE, 0, &sum);
    (void) g_rmdir(path);
}

void git_folder_empty_trash(const char *path)
{
    g_autofree char *trash = g_build_filename(path, "trash", NULL);
    remove_tree(trash);
}

void git_folder_clean(const char *path)
{
    guint64 sum = 0;
    g_autofree char *repository = g_build_filename(path, "git", NULL);
    g_autofree char *objects = g_build_filename(repository, "objects", NULL);
    git_folder_empty_trash(path);
    walk_tree(AT_FDCWD, repository, TREE_REMOVE_LOCKS, 0, &sum);
    walk_tree(AT_FDCWD, objects, TREE_REMOVE_TEMPORARY, 0, &sum);
}

void git_folder_mark_damaged(const char *path)
{
    g_autofree char *mark = g_build_filename(path, "damaged", NULL);
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents(mark, "", 0, &error))
        log_event(LOG_LEVEL_WARNING, "%s", error->message);
}

gboolean git_folder_is_damaged(const char *path)
{
    g_autofree char *mark = g_build_filename(path, "damaged", NULL);
    return g_file_test(mark, G_FILE_TEST_EXISTS);
}

gboolean git_folder_discard(const char *path, GError **error)
{
    g_autofree char *trash = g_build_filename(path, "trash", NULL);
    g_autofree char *repository = g_build_filename(path, "git", NULL);
    g_autofree char *mark = g_build_filename(path, "damaged", NULL);
    remove_tree(trash);
    /* Renamed first: a kill in the middle must not leave half a repository in its place. */
    if (g_rename(repository, trash) != 0 && errno != ENOENT) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_IO, "%s: cannot be removed: %s",
                    repository, g_strerror(errno));
        return FALSE;
    }
    (void) g_unlink(mark);
    remove_tree(trash);
    return TRUE;
}

/* @from_end bytes before the end, TRAILER bytes. */
static gboolean read_trailer(const char *path, off_t from_end, guint8 ret_trailer[TRAILER])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return FALSE;
    struct stat info;
    gboolean read = fstat(fd, &info) == 0 && info.st_size >= from_end &&
                    pread(fd, ret_trailer, TRAILER, info.st_size - from_end) == TRAILER;
    close(fd);
    return read;
}

/* The index names, before its own checksum, that of the pack. */
static gboolean pack_matches(const char *index, const char *pack)
{
    guint8 told[TRAILER], found[TRAILER];
    return read_trailer(index, (off_t) 2 * TRAILER, told) && read_trailer(pack, TRAILER, found) &&
           memcmp(told, found, TRAILER) == 0;
}

GitPackCheck git_folder_check_packs(const char *repository)
{
    GitPackCheck check = {0, FALSE};
    g_autofree char *packs = g_build_filename(repository, "objects", "pack", NULL);
    g_autoptr(GDir) folder = g_dir_open(packs, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        if (!g_str_has_suffix(name, ".idx"))
            continue;
        g_autofree char *index = g_build_filename(packs, name, NULL);
        g_autofree char *stem = g_strndup(index, strlen(index) - strlen(".idx"));
        g_autofree char *pack = g_strconcat(stem, ".pack", NULL);
        check.packs++;
        check.damaged |= !pack_matches(index, pack);
    }
    return check;
}
