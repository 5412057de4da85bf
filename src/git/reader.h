/*
 * git's output cut into pieces that end in a delimiter, in fixed memory.
 *
 * The source is a process or bytes in memory. A piece longer than LIMIT_GIT_LINE is cut there and
 * the rest of it skipped, so that no commit message can fill the memory.
 */
#pragma once

#include "git/process.h"

typedef struct {
    GitProcess *process; /* NULL: only the bytes given */
    char *owned;         /* buffer, when reading from a process */
    const char *data;
    gsize start, end; /* what of data is not yet taken */
    gsize capacity;
    gboolean at_end;   /* the source has no more */
    gboolean skipping; /* the rest of a cut piece comes first */
    char skip_delimiter;
} GitReader;

typedef struct {
    const char *bytes; /* not NUL-terminated; valid until the next call */
    gsize length;      /* without the delimiter */
    gboolean cut;
} GitPiece;

typedef enum { GIT_READ_PIECE, GIT_READ_END, GIT_READ_FAILED } GitReadResult;

void git_reader_init_process(GitReader *reader, GitProcess *process);
void git_reader_init_bytes(GitReader *reader, const char *bytes, gsize length);
void git_reader_clear(GitReader *reader);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GitReader, git_reader_clear)

/* FAILED: the source's error, or GIT when the source ends within a piece. */
GitReadResult git_reader_next(GitReader *reader, char delimiter, GitPiece *ret_piece,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Shows up to @wanted bytes (at most 4096) without taking them; fewer only at the end. */
gboolean git_reader_peek(GitReader *reader, gsize wanted, const char **ret_bytes, gsize *ret_length,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes @length bytes that peek showed. */
void git_reader_take(GitReader *reader, gsize length);
