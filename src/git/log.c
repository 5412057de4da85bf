#include "git/log.h"

#include "git/numstat.h"
#include "git/text.h"

/* In the order of GIT_LOG_FORMAT. */
typedef enum {
    FIELD_HASH,
    FIELD_TREE,
    FIELD_PARENTS,
    FIELD_AUTHOR_NAME,
    FIELD_AUTHOR_EMAIL,
    FIELD_AUTHORED,
    FIELD_COMMITTER_NAME,
    FIELD_COMMITTER_EMAIL,
    FIELD_COMMITTED,
    FIELD_SUBJECT,
    FIELD_COUNT
} Field;

/* 2200-01-01T00:00:00Z, the end of what time_parse takes. */
#define SECONDS_MAX G_GINT64_CONSTANT(7258118400)

typedef struct {
    GString *text; /* all fields, each with its NUL */
    gsize places[FIELD_COUNT];
    gint64 authored, committed; /* seconds; TIME_ABSENT: none */
    GPtrArray *parents;
    GitFiles files;
} Record;

static void record_init(Record *record)
{
    record->text = g_string_new(NULL);
    record->parents = g_ptr_array_new();
    git_files_init(&record->files);
}

static void record_clear(Record *record)
{
    g_string_free(record->text, TRUE);
    g_ptr_array_unref(record->parents);
    git_files_clear(&record->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Record, record_clear)

static gboolean fail_shape(const char *what, GError **error)
{
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_GIT, "git log gave %s", what);
    return FALSE;
}

/* Seconds as somebody's clock, or a broken tool, wrote them into the commit. */
static gint64 read_seconds(const char *bytes, gsize length)
{
    gboolean negative = length > 0 && bytes[0] == '-';
    gsize i = negative ? 1 : 0;
    gint64 seconds = 0;
    gsize first = i;
    for (; i < length && g_ascii_isdigit(bytes[i]); i++)
        seconds = MIN(seconds * 10 + (bytes[i] - '0'), SECONDS_MAX);
    if (i == first)
        return TIME_ABSENT;
    return negative ? 0 : seconds;
}

static gboolean read_parents(Record *record, const GitPiece *piece, GError **error)
{
    if (piece->cut)
        return fail_shape("a commit with too many parents", error);
    for (gsize at = 0; at < piece->length;) {
        const char *space = memchr(piece->bytes + at, ' ', piece->length - at);
        gsize length = space ? (gsize) (space - piece->bytes) - at : piece->length - at;
        if (!git_text_is_hash(piece->bytes + at, length))
            return fail_shape("a parent that is no hash", error);
        g_string_append_len(record->text, piece->bytes + at, (gssize) length);
        g_string_append_c(record->text, '\0');
        g_ptr_array_add(record->parents, NULL); /* set when the text has stopped moving */
        at += length + 1;
    }
    return TRUE;
}

static gboolean read_field(Record *record, Field field, const GitPiece *piece, GError **error)
{
    record->places[field] = record->text->len;
    switch (field) {
    case FIELD_HASH:
    case FIELD_TREE:
        if (!git_text_is_hash(piece->bytes, piece->length))
            return fail_shape("something else than a commit", error);
        g_string_append_len(record->text, piece->bytes, (gssize) piece->length);
        g_string_append_c(record->text, '\0');
        return TRUE;
    case FIELD_PARENTS:
        return read_parents(record, piece, error);
    case FIELD_AUTHORED:
        record->authored = read_seconds(piece->bytes, piece->length);
        return TRUE;
    case FIELD_COMMITTED:
        record->committed = read_seconds(piece->bytes, piece->length);
        return TRUE;
    default:
        git_text_append(record->text, piece->bytes, piece->length, LIMIT_NAME);
        return TRUE;
    }
}

static void point_parents(Record *record)
{
    const char *at = record->text->str + record->places[FIELD_PARENTS];
    for (guint i = 0; i < record->parents->len; i++) {
        record->parents->pdata[i] = (gpointer) at;
        at += strlen(at) + 1;
    }
}

/* A date that cannot be read is taken from the other one. */
static UtcTime choose_time(gint64 seconds, gint64 other)
{
    gint64 chosen = seconds != TIME_ABSENT ? seconds : other != TIME_ABSENT ? other : 0;
    return chosen * TIME_SECOND;
}

static gboolean visit(Record *record, GitCommitVisitor visitor, gpointer user_data, GError **error)
{
    const char *text = record->text->str;
    point_parents(record);
    Commit commit = {
        .hash = text + record->places[FIELD_HASH],
        .tree = text + record->places[FIELD_TREE],
        .author_name = text + record->places[FIELD_AUTHOR_NAME],
        .author_email = text + record->places[FIELD_AUTHOR_EMAIL],
        .committer_name = text + record->places[FIELD_COMMITTER_NAME],
        .committer_email = text + record->places[FIELD_COMMITTER_EMAIL],
        .subject = text + record->places[FIELD_SUBJECT],
        .authored = choose_time(record->authored, record->committed),
        .committed = choose_time(record->committed, record->authored),
        .parents = (const char *const *) record->parents->pdata,
        .n_parents = record->parents->len,
    };
    commit.files = git_files_finish(&record->files, commit.hash, &commit.n_files);
    return visitor(&commit, user_data, error);
}

/* git writes a line feed before the first entry. */
static gboolean read_files(GitReader *reader, Record *record, GError **error)
{
    for (;;) {
        const char *bytes;
        gsize length;
        if (!git_reader_peek(reader, 24, &bytes, &length, error))
            return FALSE;
        if (length > 0 && *bytes == '\n' && record->files.files->len == 0) {
            git_reader_take(reader, 1);
            continue;
        }
        if (!git_numstat_is_entry(bytes, length))
            return TRUE;
        if (!git_numstat_read(reader, &record->files, error))
            return FALSE;
    }
}

gboolean git_log_read(GitReader *reader, GitCommitVisitor visitor, gpointer user_data,
                      GError **error)
{
    g_auto(Record) record;
    record_init(&record);
    for (;;) {
        g_string_truncate(record.text, 0);
        g_ptr_array_set_size(record.parents, 0);
        git_files_reset(&record.files);
        for (Field field = FIELD_HASH; field < FIELD_COUNT; field++) {
            GitPiece piece;
            GitReadResult result = git_reader_next(reader, '\0', &piece, error);
            if (result == GIT_READ_END && field == FIELD_HASH)
                return TRUE;
            if (result == GIT_READ_END)
                return fail_shape("a commit that ends early", error);
            if (result == GIT_READ_FAILED || !read_field(&record, field, &piece, error))
                return FALSE;
        }
        if (!read_files(reader, &record, error) || !visit(&record, visitor, user_data, error))
            return FALSE;
    }
}

gboolean git_parse_log(const char *bytes, gsize length, GitCommitVisitor visitor,
                       gpointer user_data, GError **error)
{
    g_auto(GitReader) reader;
    git_reader_init_bytes(&reader, bytes, length);
    return git_log_read(&reader, visitor, user_data, error);
}
