#include "git/numstat.h"

#include "git/text.h"

#define NO_PLACE         G_MAXSIZE
#define TEXT_MAX_BYTES   ((gsize) 64 * 1024 * 1024) /* of all paths of one list */
#define TEXT_USUAL_BYTES ((gsize) 1024 * 1024)

typedef struct {
    gsize path, old_path;
} Place;

void git_files_init(GitFiles *files)
{
    files->text = g_string_new(NULL);
    files->places = g_array_new(FALSE, FALSE, sizeof(Place));
    files->files = g_array_new(FALSE, FALSE, sizeof(FileChange));
    files->dropped = 0;
}

void git_files_clear(GitFiles *files)
{
    if (files->text)
        g_string_free(files->text, TRUE);
    g_clear_pointer(&files->places, g_array_unref);
    g_clear_pointer(&files->files, g_array_unref);
    files->text = NULL;
}

void git_files_reset(GitFiles *files)
{
    if (files->text->allocated_len > TEXT_USUAL_BYTES) {
        git_files_clear(files);
        git_files_init(files);
        return;
    }
    g_string_truncate(files->text, 0);
    g_array_set_size(files->places, 0);
    g_array_set_size(files->files, 0);
    files->dropped = 0;
}

/* "12" or "-" and a TAB. Returns how many bytes, 0 when it is neither. */
static gsize read_count(const char *bytes, gsize length, gint64 *ret_count)
{
    if (length >= 2 && bytes[0] == '-' && bytes[1] == '\t') {
        *ret_count = COUNT_ABSENT;
        return 2;
    }
    gint64 count = 0;
    gsize i = 0;
    for (; i < length && g_ascii_isdigit(bytes[i]); i++) {
        int digit = bytes[i] - '0';
        count = count > (G_MAXINT64 - digit) / 10 ? G_MAXINT64 : count * 10 + digit;
    }
    if (i == 0 || i == length || bytes[i] != '\t')
        return 0;
    *ret_count = count;
    return i + 1;
}

gboolean git_numstat_is_entry(const char *bytes, gsize length)
{
    gint64 count;
    return read_count(bytes, length, &count) > 0;
}

static gboolean fail_shape(GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                "git's list of changed files has an unexpected shape");
    return FALSE;
}

static gboolean next_path(GitReader *reader, GitPiece *ret_path, GError **error)
{
    GitReadResult result = git_reader_next(reader, '\0', ret_path, error);
    if (result == GIT_READ_PIECE && ret_path->length > 0)
        return TRUE;
    return result == GIT_READ_FAILED ? FALSE : fail_shape(error);
}

static gboolean is_full(const GitFiles *files)
{
    return files->files->len >= LIMIT_GIT_FILES_PER_COMMIT || files->text->len >= TEXT_MAX_BYTES;
}

gboolean git_numstat_read(GitReader *reader, GitFiles *files, GError **error)
{
    GitPiece piece;
    GitReadResult result = git_reader_next(reader, '\0', &piece, error);
    if (result != GIT_READ_PIECE)
        return result == GIT_READ_FAILED ? FALSE : fail_shape(error);
    FileChange file = {NULL};
    gsize added = read_count(piece.bytes, piece.length, &file.lines_added);
    gsize removed =
        added ? read_count(piece.bytes + added, piece.length - added, &file.lines_removed) : 0;
    if (removed == 0)
        return fail_shape(error);
    gboolean keep = !is_full(files);
    gsize kept_length = files->text->len;
    Place place = {kept_length, NO_PLACE};
    GitPiece path = {piece.bytes + added + removed, piece.length - added - removed, FALSE};
    if (path.length == 0) {
        if (!next_path(reader, &path, error))
            return FALSE;
        place.old_path = files->text->len;
        git_text_append_path(files->text, path.bytes, path.length);
        place.path = files->text->len;
        if (!next_path(reader, &path, error))
            return FALSE;
    }
    git_text_append_path(files->text, path.bytes, path.length);
    if (keep) {
        g_array_append_val(files->places, place);
        g_array_append_val(files->files, file);
    } else {
        g_string_truncate(files->text, kept_length);
        files->dropped++;
    }
    return TRUE;
}

const FileChange *git_files_finish(GitFiles *files, const char *what, gsize *ret_count)
{
    for (guint i = 0; i < files->files->len; i++) {
        const Place *place = &g_array_index(files->places, Place, i);
        FileChange *file = &g_array_index(files->files, FileChange, i);
        file->path = files->text->str + place->path;
        file->old_path = place->old_path == NO_PLACE ? NULL : files->text->str + place->old_path;
    }
    if (files->dropped > 0)
        log_event(LOG_LEVEL_WARNING,
                  "%s changes too many files: %" G_GUINT64_FORMAT " of them are left out", what,
                  files->dropped);
    *ret_count = files->files->len;
    return files->files->len > 0 ? (const FileChange *) files->files->data : NULL;
}
