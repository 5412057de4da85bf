/* The activity feed: each entry has a pull request and one member that says what happened; an
 * update may have changed several things at once (API-FACTS 5.7). */
#include "bitbucket/decode.h"

#include <string.h>

/* What all events of one update share. */
typedef struct {
    Page *page;
    PrEvent base;
    PullRequestState state;
} Update;

static void add_event(Update *update, PrEventKind kind)
{
    PrEvent event = update->base;
    event.kind = kind;
    page_add(update->page, &event);
}

/* A closing tells itself by changes.status, or, with nothing named, by the state alone. */
static PrEventKind kind_of_state(PullRequestState state)
{
    switch (state) {
    case PR_MERGED:
        return PR_EVENT_MERGED;
    case PR_DECLINED:
        return PR_EVENT_DECLINED;
    case PR_SUPERSEDED:
        return PR_EVENT_SUPERSEDED;
    default:
        return PR_EVENT_UPDATED;
    }
}

static gboolean same(const char *text, const char *other)
{
    return text != NULL && strcmp(text, other) == 0;
}

/* FALSE for a status we do not know. */
static gboolean add_status_change(Update *update, json_t *status)
{
    Reader *reader = &update->page->reader;
    const char *now = read_text(reader, status, "new", LIMIT_NAME);
    if (same(now, "fulfilled"))
        add_event(update, PR_EVENT_MERGED);
    else if (same(now, "rejected"))
        add_event(update, PR_EVENT_DECLINED);
    else if (same(now, "superseded"))
        add_event(update, PR_EVENT_SUPERSEDED);
    else if (same(now, "open"))
        add_event(update, PR_EVENT_REOPENED);
    else if (kind_of_state(update->state) != PR_EVENT_UPDATED)
        add_event(update, kind_of_state(update->state));
    else
        return FALSE;
    return TRUE;
}

static void add_draft_change(Update *update, json_t *draft)
{
    Reader *reader = &update->page->reader;
    if (!json_is_boolean(json_member(draft, "new")))
        reader_blame(reader, "changes.draft.new is not true or false");
    add_event(update, json_is_true(json_member(draft, "new")) ? PR_EVENT_DRAFT : PR_EVENT_READY);
}

static void add_reviewer_changes(Update *update, json_t *reviewers, const char *member,
                                 PrEventKind kind)
{
    Reader *reader = &update->page->reader;
    json_t *list = read_array(reader, reviewers, member);
    gsize index;
    json_t *person;
    json_array_foreach(list, index, person)
    {
        PrEvent event = update->base;
        event.kind = kind;
        event.subject = decode_person(reader, person, "");
        page_add(update->page, &event);
    }
}

/* Every member of changes gives its event; what has no event of its own is an edit, once. */
static void add_changes(Update *update, json_t *changes)
{
    gboolean edited = FALSE;
    const char *key;
    json_t *change;
    json_object_foreach(changes, key, change)
    {
        if (strcmp(key, "status") == 0) {
            if (!add_status_change(update, change))
                update->page->n_skipped++;
        } else if (strcmp(key, "draft") == 0) {
            add_draft_change(update, change);
        } else if (strcmp(key, "reviewers") == 0) {
            add_reviewer_changes(update, change, "added", PR_EVENT_REVIEWER_ADDED);
            add_reviewer_changes(update, change, "removed", PR_EVENT_REVIEWER_REMOVED);
        } else {
            edited = TRUE;
        }
    }
    if (edited)
        add_event(update, PR_EVENT_EDITED);
}

static void decode_update(Page *page, json_t *entry, gint64 number)
{
    Reader *reader = &page->reader;
    Update update = {.page = page, .base = decode_blank_event(PR_EVENT_UPDATED, number)};
    update.base.at = need_time(reader, entry, "date");
    update.base.actor = decode_person(reader, entry, "author");
    update.base.source_hash = read_hash(reader, entry, "source.commit.hash");
    update.base.destination_hash = read_hash(reader, entry, "destination.commit.hash");
    update.state = model_state_from_name(read_text(reader, entry, "state", LIMIT_NAME));
    json_t *changes = read_object(reader, entry, "changes");
    if (json_object_size(changes) > 0)
        add_changes(&update, changes);
    else
        add_event(&update, kind_of_state(update.state));
}

static void decode_opinion(Page *page, json_t *entry, gint64 number, PrEventKind kind)
{
    PrEvent event = decode_blank_event(kind, number);
    event.at = need_time(&page->reader, entry, "date");
    event.actor = decode_person(&page->reader, entry, "user");
    page_add(page, &event);
}

static void decode_commented(Page *page, json_t *entry, gint64 number)
{
    PrEvent event;
    decode_comment_event(&page->reader, entry, number, &event);
    page_add(page, &event);
}

/* The number from the entry's own pull request, or from the one inside what happened. */
static gint64 entry_number(Reader *reader, json_t *entry)
{
    static const char *const PATHS[] = {"comment.pullrequest.id", "approval.pullrequest.id",
                                        "changes_requested.pullrequest.id"};
    gint64 number = read_integer(reader, entry, "pull_request.id");
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS) && number == COUNT_ABSENT; i++)
        number = read_integer(reader, entry, PATHS[i]);
    if (number == COUNT_ABSENT)
        reader_blame(reader, "pull_request.id is missing");
    return number;
}

void decode_activity(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    json_t *update = read_object(reader, entry, "update");
    json_t *approval = read_object(reader, entry, "approval");
    json_t *changes_requested = read_object(reader, entry, "changes_requested");
    json_t *comment = read_object(reader, entry, "comment");
    if (update == NULL && approval == NULL && changes_requested == NULL && comment == NULL) {
        page->n_skipped++; /* only a pull request, or something newer than we are */
        return;            /* (or of a wrong type, which the reader has noted) */
    }
    gint64 number = entry_number(reader, entry);
    if (update != NULL)
        decode_update(page, update, number);
    if (approval != NULL)
        decode_opinion(page, approval, number, PR_EVENT_APPROVED);
    if (changes_requested != NULL)
        decode_opinion(page, changes_requested, number, PR_EVENT_CHANGES_REQUESTED);
    if (comment != NULL)
        decode_commented(page, comment, number);
}
