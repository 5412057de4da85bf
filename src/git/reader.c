#include "git/reader.h"

/* One cut piece and a good read behind it. */
#define READER_CAPACITY (LIMIT_GIT_LINE + (gsize) 128 * 1024)

void git_reader_init_process(GitReader *reader, GitProcess *process)
{
    *reader = (GitReader){.process = process, .capacity = READER_CAPACITY};
    reader->data = reader->owned = g_malloc(reader->capacity);
}

void git_reader_init_bytes(GitReader *reader, const char *bytes, gsize length)
{
    *reader = (GitReader){.data = bytes, .end = length, .at_end = TRUE};
}

void git_reader_clear(GitReader *reader)
{
    g_clear_pointer(&reader->owned, g_free);
    *reader = (GitReader){.at_end = TRUE};
}

/* Brings more bytes behind those not yet taken. FALSE on failure; sets at_end at the end. */
static gboolean fill(GitReader *reader, GError **error)
{
    if (reader->at_end)
        return TRUE;
    if (reader->start > 0) {
        memmove(reader->owned, reader->owned + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->start = 0;
    }
    gssize n = git_process_read(reader->process, reader->owned + reader->end,
                                reader->capacity - reader->end, error);
    if (n < 0)
        return FALSE;
    reader->at_end = n == 0;
    reader->end += (gsize) n;
    return TRUE;
}

static gboolean skip_rest(GitReader *reader, GError **error)
{
    while (reader->skipping) {
        const char *from = reader->data + reader->start;
        const char *found = memchr(from, reader->skip_delimiter, reader->end - reader->start);
        if (found) {
            reader->start += (gsize) (found - from) + 1;
            reader->skipping = FALSE;
            return TRUE;
        }
        reader->start = reader->end;
        if (reader->at_end) {
            reader->skipping = FALSE;
            return TRUE;
        }
        if (!fill(reader, error))
            return FALSE;
    }
    return TRUE;
}

GitReadResult git_reader_next(GitReader *reader, char delimiter, GitPiece *ret_piece,
                              GError **error)
{
    if (!skip_rest(reader, error))
        return GIT_READ_FAILED;
    gsize searched = 0;
    for (;;) {
        const char *from = reader->data + reader->start;
        gsize available = reader->end - reader->start;
        gsize within = MIN(available, LIMIT_GIT_LINE + 1);
        const char *found =
            within > searched ? memchr(from + searched, delimiter, within - searched) : NULL;
        if (found) {
            *ret_piece = (GitPiece){from, (gsize) (found - from), FALSE};
            reader->start += ret_piece->length + 1;
            return GIT_READ_PIECE;
        }
        if (within > LIMIT_GIT_LINE) {
            *ret_piece = (GitPiece){from, LIMIT_GIT_LINE, TRUE};
            reader->start += LIMIT_GIT_LINE;
            reader->skipping = TRUE;
            reader->skip_delimiter = delimiter;
            return GIT_READ_PIECE;
        }
        if (reader->at_end && available == 0)
            return GIT_READ_END;
        if (reader->at_end) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT,
                        "git's output ends in the middle of a record");
            return GIT_READ_FAILED;
        }
        searched = within;
        if (!fill(reader, error))
            return GIT_READ_FAILED;
    }
}

gboolean git_reader_peek(GitReader *reader, gsize wanted, const char **ret_bytes, gsize *ret_length,
                         GError **error)
{
    g_assert(wanted <= 4096);
    if (!skip_rest(reader, error))
        return FALSE;
    while (reader->end - reader->start < wanted && !reader->at_end)
        if (!fill(reader, error))
            return FALSE;
    *ret_bytes = reader->data + reader->start;
    *ret_length = MIN(wanted, reader->end - reader->start);
    return TRUE;
}

void git_reader_take(GitReader *reader, gsize length)
{
    g_assert(length <= reader->end - reader->start);
    reader->start += length;
}
