/* Tasks of a pull request (API-FACTS 5.8). Their texts are not kept. */
#include "bitbucket/decode.h"

#include <string.h>

void decode_task(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    const char *state = need_text(reader, entry, "state", LIMIT_NAME);
    PrTask task = {
        .task_id = need_integer(reader, entry, "id"),
        .comment_id = read_integer(reader, entry, "comment.id"),
        .creator = decode_person(reader, entry, "creator"),
        .created = need_time(reader, entry, "created_on"),
        .resolved = TIME_ABSENT,
        .is_resolved = state != NULL && strcmp(state, "RESOLVED") == 0,
    };
    if (task.is_resolved) {
        task.resolver = decode_person(reader, entry, "resolved_by");
        task.resolved = read_time(reader, entry, "resolved_on");
        if (task.resolved == TIME_ABSENT) /* what was done to it last */
            task.resolved = read_time(reader, entry, "updated_on");
    }
    if (read_flag(reader, entry, "pending")) {
        page->n_skipped++; /* only its author sees it yet */
        return;
    }
    page_add(page, &task);
}
