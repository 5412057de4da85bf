/* Comments: what remains of them is who, when, where and how long, not what they say. */
#include "bitbucket/decode.h"

#include <string.h>

PrEvent decode_blank_event(PrEventKind kind, gint64 number)
{
    return (PrEvent){
        .number = number,
        .kind = kind,
        .at = TIME_ABSENT,
        .comment_id = COUNT_ABSENT,
        .parent_comment_id = COUNT_ABSENT,
        .inline_line = COUNT_ABSENT,
        .comment_length = COUNT_ABSENT,
        .resolved = TIME_ABSENT,
    };
}

/* Characters, counted as bytes that do not continue one. */
static gint64 text_length(Reader *reader, json_t *comment)
{
    json_t *raw = json_path(comment, "content.raw");
    if (raw == NULL)
        return COUNT_ABSENT;
    if (!json_is_string(raw)) {
        reader_blame(reader, "content.raw is not a text");
        return COUNT_ABSENT;
    }
    const char *text = json_string_value(raw);
    gint64 characters = 0;
    for (gsize i = 0; i < json_string_length(raw); i++)
        characters += ((guchar) text[i] & 0xc0) != 0x80;
    return characters;
}

void decode_comment_event(Reader *reader, json_t *comment, gint64 number, PrEvent *ret_event)
{
    PrEvent event = decode_blank_event(PR_EVENT_COMMENTED, number);
    if (number == COUNT_ABSENT)
        event.number = need_integer(reader, comment, "pullrequest.id");
    event.at = need_time(reader, comment, "created_on");
    event.actor = decode_person(reader, comment, "user");
    event.comment_id = need_integer(reader, comment, "id");
    event.parent_comment_id = read_integer(reader, comment, "parent.id");
    event.deleted = read_flag(reader, comment, "deleted");
    event.pending = read_flag(reader, comment, "pending");
    event.resolved = read_time(reader, comment, "resolution.created_on");
    event.comment_length = text_length(reader, comment);
    const char *path = read_text(reader, comment, "inline.path", LIMIT_PATH);
    if (path != NULL && *path != '\0')
        event.inline_path = path;
    event.inline_line = read_integer(reader, comment, "inline.to");
    if (event.inline_line == COUNT_ABSENT)
        event.inline_line = read_integer(reader, comment, "inline.from");
    *ret_event = event;
}

void decode_comment(Page *page, json_t *entry)
{
    PrEvent event;
    decode_comment_event(&page->reader, entry, COUNT_ABSENT, &event);
    page_add(page, &event);
}
