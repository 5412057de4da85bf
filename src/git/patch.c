#include "git/patch.h"

#include "git/text.h"

#define TEXT_MAX_BYTES   ((gsize) 64 * 1024 * 1024)
#define TEXT_USUAL_BYTES ((gsize) 1024 * 1024)

void git_patch_init(GitPatch *patch)
{
    *patch = (GitPatch){.text = g_string_new(NULL),
                        .files = g_array_new(FALSE, FALSE, sizeof(GitPatchFile))};
}

void git_patch_clear(GitPatch *patch)
{
    if (patch->text)
        g_string_free(patch->text, TRUE);
    patch->text = NULL;
    g_clear_pointer(&patch->files, g_array_unref);
}

static void reset(GitPatch *patch)
{
    if (patch->text->allocated_len > TEXT_USUAL_BYTES) {
        git_patch_clear(patch);
        git_patch_init(patch);
        return;
    }
    g_string_truncate(patch->text, 0);
    g_array_set_size(patch->files, 0);
    patch->dropped = 0;
}

static gboolean fail_shape(const char *what, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT, "git log gave %s", what);
    return FALSE;
}

/* ---- the list of files */

static gboolean read_path(GitReader *reader, GitPatch *patch, gsize *ret_place, GError **error)
{
    GitPiece piece;
    GitReadResult result = git_reader_next(reader, '\0', &piece, error);
    if (result == GIT_READ_FAILED)
        return FALSE;
    if (result == GIT_READ_END || piece.length == 0)
        return fail_shape("a changed file without a name", error);
    *ret_place = patch->text->len;
    git_text_append_path(patch->text, piece.bytes, piece.length);
    return TRUE;
}

/* ":100644 100644 1234567 89abcde M", then the path; of a rename or copy the old one first. */
static gboolean read_file(GitReader *reader, GitPatch *patch, const GitPiece *head, GError **error)
{
    const char *last = NULL;
    for (gsize i = 0; i + 1 < head->length; i++)
        if (head->bytes[i] == ' ')
            last = head->bytes + i + 1;
    if (head->bytes[0] != ':' || !last)
        return fail_shape("a changed file in an unexpected shape", error);
    GitPatchFile file = {*last, GIT_PATCH_NO_PATH, GIT_PATCH_NO_PATH};
    gsize before = patch->text->len;
    gboolean keep = patch->files->len < LIMIT_GIT_FILES_PER_COMMIT && before < TEXT_MAX_BYTES;
    if ((file.status == 'R' || file.status == 'C') && !read_path(reader, patch, &file.old, error))
        return FALSE;
    if (!read_path(reader, patch, &file.path, error))
        return FALSE;
    if (!keep) {
        g_string_truncate(patch->text, before);
        file.path = file.old = GIT_PATCH_NO_PATH;
        patch->dropped++;
    }
    g_array_append_val(patch->files, file);
    return TRUE;
}

GitReadResult git_patch_next(GitReader *reader, GitPatch *patch, GError **error)
{
    reset(patch);
    GitPiece piece;
    GitReadResult result = git_reader_next(reader, '\0', &piece, error);
    if (result != GIT_READ_PIECE)
        return result;
    if (!git_text_is_hash(piece.bytes, piece.length)) {
        (void) fail_shape("something else than a commit", error);
        return GIT_READ_FAILED;
    }
    memcpy(patch->hash, piece.bytes, piece.length);
    patch->hash[piece.length] = '\0';
    /* A line feed begins the list, an empty piece ends it; a commit without a change has none. */
    const char *bytes;
    gsize length;
    if (!git_reader_peek(reader, 1, &bytes, &length, error))
        return GIT_READ_FAILED;
    if (length == 0 || *bytes != '\n')
        return GIT_READ_PIECE;
    git_reader_take(reader, 1);
    while ((result = git_reader_next(reader, '\0', &piece, error)) == GIT_READ_PIECE &&
           piece.length > 0)
        if (!read_file(reader, patch, &piece, error))
            return GIT_READ_FAILED;
    if (result == GIT_READ_END)
        (void) fail_shape("a list of files that ends early", error);
    return result == GIT_READ_PIECE ? GIT_READ_PIECE : GIT_READ_FAILED;
}

/* ---- differences */

static gboolean begins(const char *bytes, gsize length, const char *word)
{
    gsize n = strlen(word);
    return length >= n && memcmp(bytes, word, n) == 0;
}

/* The head of the next record is a hash and a NUL, which no line of a patch's head looks like. */
static gboolean is_record(const char *bytes, gsize length)
{
    const char *end = memchr(bytes, '\0', length);
    return end && git_text_is_hash(bytes, (gsize) (end - bytes));
}

static gboolean read_number(const char **at, const char *end, guint32 *ret_number)
{
    guint64 number = 0;
    const char *first = *at;
    for (; *at < end && g_ascii_isdigit(**at); (*at)++)
        number = MIN(number * 10 + (guint64) (**at - '0'), G_MAXUINT32);
    *ret_number = (guint32) number;
    return *at > first;
}

/* "-5" or "-5,0" */
static gboolean read_side(const char **at, const char *end, char sign, guint32 *ret_start,
                          guint32 *ret_count)
{
    *ret_count = 1;
    if (*at == end || **at != sign)
        return FALSE;
    (*at)++;
    if (!read_number(at, end, ret_start))
        return FALSE;
    if (*at == end || **at != ',')
        return TRUE;
    (*at)++;
    return read_number(at, end, ret_count);
}

static gboolean read_head(const GitPiece *line, GitHunk *ret_hunk, GError **error)
{
    const char *at = line->bytes + strlen("@@ "), *end = line->bytes + line->length;
    guint32 new_start;
    if (!read_side(&at, end, '-', &ret_hunk->start, &ret_hunk->removed) || at == end ||
        *at++ != ' ' || !read_side(&at, end, '+', &new_start, &ret_hunk->added))
        return fail_shape("a hunk in an unexpected shape", error);
    return TRUE;
}

static gboolean skip_lines(GitReader *reader, const GitHunk *hunk, GError **error)
{
    guint64 left = (guint64) hunk->removed + hunk->added;
    while (left > 0) {
        GitPiece line;
        GitReadResult result = git_reader_next(reader, '\n', &line, error);
        if (result == GIT_READ_FAILED)
            return FALSE;
        char sign = result == GIT_READ_PIECE && line.length > 0 ? *line.bytes : '\0';
        if (sign == '-' || sign == '+')
            left--;
        else if (sign != '\\') /* "\ No newline at end of file" */
            return fail_shape("a hunk that ends early", error);
    }
    return TRUE;
}

gboolean git_patch_read_part(GitReader *reader, GitHunkVisitor visitor, gpointer user_data,
                             GError **error)
{
    for (gboolean first = TRUE;; first = FALSE) {
        const char *bytes;
        gsize length;
        if (!git_reader_peek(reader, 65, &bytes, &length, error))
            return FALSE;
        gboolean is_head = begins(bytes, length, "diff --git ");
        if (first && !is_head)
            return fail_shape("fewer differences than changed files", error);
        if (!first && (is_head || length == 0 || is_record(bytes, length)))
            return TRUE;
        GitPiece line;
        if (git_reader_next(reader, '\n', &line, error) != GIT_READ_PIECE)
            return FALSE;
        if (!begins(line.bytes, line.length, "@@ "))
            continue;
        GitHunk hunk;
        if (!read_head(&line, &hunk, error) || !skip_lines(reader, &hunk, error))
            return FALSE;
        visitor(&hunk, user_data);
    }
}
