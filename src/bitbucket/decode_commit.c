/* Commits and diffstats as the API tells them. git knows more (both dates, trees, lines). */
#include "bitbucket/decode.h"

#include <string.h>

/* "Ana Roy <ana@example.com>" taken apart. Without brackets the whole is a name, or an address when
 * it looks like one. */
static void read_author(Reader *reader, json_t *entry, Commit *commit)
{
    const char *raw = read_text(reader, entry, "author.raw", LIMIT_NAME);
    if (raw == NULL)
        return;
    const char *open = strrchr(raw, '<');
    const char *close = open != NULL ? strchr(open, '>') : NULL;
    if (close == NULL) {
        gboolean address = strchr(raw, '@') != NULL && strchr(raw, ' ') == NULL;
        *(address ? &commit->author_email : &commit->author_name) = raw;
        return;
    }
    g_autofree char *name = g_strstrip(g_strndup(raw, (gsize) (open - raw)));
    g_autofree char *email = g_strstrip(g_strndup(open + 1, (gsize) (close - open - 1)));
    commit->author_name = *name != '\0' ? arena_copy_text(reader->arena, name, -1) : NULL;
    commit->author_email = *email != '\0' ? arena_copy_text(reader->arena, email, -1) : NULL;
    reader->full |= (*name != '\0' && commit->author_name == NULL) ||
                    (*email != '\0' && commit->author_email == NULL);
}

/* The message's first line. */
static const char *read_subject(Reader *reader, json_t *entry)
{
    const char *message = read_text(reader, entry, "message", LIMIT_TEXT);
    if (message == NULL)
        return NULL;
    gsize length = MIN(strcspn(message, "\r\n"), (gsize) LIMIT_NAME);
    while (length > 0 && ((guchar) message[length] & 0xc0) == 0x80)
        length--;
    const char *subject = arena_copy_text(reader->arena, message, (gssize) length);
    reader->full |= subject == NULL;
    return subject;
}

static void read_parents(Reader *reader, json_t *entry, Commit *commit)
{
    json_t *list = read_array(reader, entry, "parents");
    gsize count = json_array_size(list);
    const char **parents = count > 0 ? reader_alloc(reader, count, sizeof(char *)) : NULL;
    if (parents == NULL)
        return;
    gsize index;
    json_t *parent;
    json_array_foreach(list, index, parent)
    {
        parents[index] = read_hash(reader, parent, "hash");
        if (parents[index] == NULL)
            reader_blame(reader, "a parent has no hash");
    }
    commit->parents = parents;
    commit->n_parents = count;
}

void decode_commit(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    Commit commit = {
        .hash = read_hash(reader, entry, "hash"),
        .authored = need_time(reader, entry, "date"),
        .committed = TIME_ABSENT,
        .subject = read_subject(reader, entry),
        .from_api = TRUE,
    };
    if (commit.hash == NULL)
        reader_blame(reader, "hash is missing");
    read_author(reader, entry, &commit);
    commit.author_account = decode_person(reader, entry, "author.user");
    read_parents(reader, entry, &commit);
    page_add(page, &commit);
}

void decode_diffstat(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    const char *old_path = read_text(reader, entry, "old.path", LIMIT_PATH);
    const char *new_path = read_text(reader, entry, "new.path", LIMIT_PATH);
    FileChange change = {
        .path = new_path != NULL ? new_path : old_path,
        .lines_added = read_integer(reader, entry, "lines_added"),
        .lines_removed = read_integer(reader, entry, "lines_removed"),
    };
    if (change.path == NULL)
        reader_blame(reader, "neither old nor new has a path");
    else if (old_path != NULL && strcmp(old_path, change.path) != 0)
        change.old_path = old_path;
    if ((change.lines_added != COUNT_ABSENT && change.lines_added < 0) ||
        (change.lines_removed != COUNT_ABSENT && change.lines_removed < 0))
        reader_blame(reader, "a line count is negative");
    page_add(page, &change);
}
