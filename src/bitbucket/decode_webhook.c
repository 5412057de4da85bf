/* Webhook bodies (API-FACTS 6). Deliveries are hints: what they tell is read again from the API, so
 * only what happened to a pull request becomes an event. */
#include "bitbucket/decode.h"

#include <string.h>

typedef enum {
    HOOK_PULL_REQUEST, /* created, updated: the source as it is now */
    HOOK_CLOSED,
    HOOK_APPROVED,
    HOOK_UNAPPROVED,
    HOOK_CHANGES_REQUESTED,
    HOOK_COMMENT,
    HOOK_COMMENT_DELETED,
    HOOK_SILENT, /* known, and no event of a pull request */
    HOOK_UNKNOWN,
} Hook;

static const struct {
    const char *key;
    Hook hook;
} HOOKS[] = {
    {"pullrequest:created", HOOK_PULL_REQUEST},
    {"pullrequest:updated", HOOK_PULL_REQUEST},
    {"pullrequest:fulfilled", HOOK_CLOSED},
    {"pullrequest:rejected", HOOK_CLOSED},
    {"pullrequest:approved", HOOK_APPROVED},
    {"pullrequest:unapproved", HOOK_UNAPPROVED},
    {"pullrequest:changes_request_created", HOOK_CHANGES_REQUESTED},
    {"pullrequest:changes_request_removed", HOOK_SILENT},
    {"pullrequest:comment_created", HOOK_COMMENT},
    {"pullrequest:comment_updated", HOOK_COMMENT},
    {"pullrequest:comment_deleted", HOOK_COMMENT_DELETED},
    {"pullrequest:comment_resolved", HOOK_COMMENT},
    {"pullrequest:comment_reopened", HOOK_COMMENT},
    {"pullrequest:push", HOOK_SILENT}, /* its payload is not known */
};

/* Families without anything about pull requests. */
static const char *const SILENT_FAMILIES[] = {"repo:", "issue:", "project:", "pipeline:"};

static Hook hook_of_key(const char *key)
{
    for (gsize i = 0; i < G_N_ELEMENTS(HOOKS); i++)
        if (strcmp(key, HOOKS[i].key) == 0)
            return HOOKS[i].hook;
    for (gsize i = 0; i < G_N_ELEMENTS(SILENT_FAMILIES); i++)
        if (g_str_has_prefix(key, SILENT_FAMILIES[i]))
            return HOOK_SILENT;
    return HOOK_UNKNOWN;
}

/* Without its header a delivery is told by its members. */
static Hook hook_of_shape(json_t *root)
{
    json_t *pull_request = json_member(root, "pullrequest");
    if (pull_request == NULL)
        return json_member(root, "repository") != NULL ? HOOK_SILENT : HOOK_UNKNOWN;
    if (json_member(root, "comment") != NULL)
        return json_is_true(json_path(root, "comment.deleted")) ? HOOK_COMMENT_DELETED
                                                                : HOOK_COMMENT;
    if (json_member(root, "changes_request") != NULL)
        return HOOK_CHANGES_REQUESTED;
    if (json_member(root, "approval") != NULL)
        return HOOK_APPROVED;
    PullRequestState state =
        model_state_from_name(json_string_value(json_member(pull_request, "state")));
    return state == PR_OPEN || state == PR_STATE_UNKNOWN ? HOOK_PULL_REQUEST : HOOK_CLOSED;
}

static PrEventKind closing_kind(const char *state, const char *event_key)
{
    switch (model_state_from_name(state)) {
    case PR_SUPERSEDED:
        return PR_EVENT_SUPERSEDED;
    case PR_DECLINED:
        return PR_EVENT_DECLINED;
    case PR_MERGED:
        return PR_EVENT_MERGED;
    default: /* the key knows better than a state we cannot read */
        return g_strcmp0(event_key, "pullrequest:rejected") == 0 ? PR_EVENT_DECLINED
                                                                 : PR_EVENT_MERGED;
    }
}

static void read_pull_request_event(Page *page, json_t *root, Hook hook, const char *event_key)
{
    Reader *reader = &page->reader;
    json_t *pull_request = read_object(reader, root, "pullrequest");
    PrEvent event =
        decode_blank_event(PR_EVENT_UPDATED, need_integer(reader, root, "pullrequest.id"));
    event.at = need_time(reader, pull_request, "updated_on");
    event.actor = decode_person(reader, root, "actor");
    event.source_hash = read_hash(reader, pull_request, "source.commit.hash");
    event.destination_hash = read_hash(reader, pull_request, "destination.commit.hash");
    if (hook == HOOK_CLOSED) {
        const char *state = read_text(reader, pull_request, "state", LIMIT_NAME);
        event.kind = closing_kind(state, event_key);
        if (json_member(pull_request, "closed_by") != NULL)
            event.actor = decode_person(reader, pull_request, "closed_by");
    }
    page_add(page, &event);
}

static void read_opinion(Page *page, json_t *root, const char *member, PrEventKind kind)
{
    Reader *reader = &page->reader;
    json_t *opinion = read_object(reader, root, member);
    PrEvent event = decode_blank_event(kind, need_integer(reader, root, "pullrequest.id"));
    event.at = need_time(reader, opinion, "date");
    event.actor = decode_person(reader, opinion, "user");
    page_add(page, &event);
}

static void read_comment(Page *page, json_t *root, gboolean deleted)
{
    Reader *reader = &page->reader;
    json_t *comment = read_object(reader, root, "comment");
    PrEvent event;
    decode_comment_event(reader, comment, need_integer(reader, root, "pullrequest.id"), &event);
    event.deleted |= deleted;
    page_add(page, &event);
}

static void read_hook(Page *page, json_t *root, Hook hook, const char *event_key)
{
    switch (hook) {
    case HOOK_PULL_REQUEST:
    case HOOK_CLOSED:
        read_pull_request_event(page, root, hook, event_key);
        break;
    case HOOK_APPROVED:
        read_opinion(page, root, "approval", PR_EVENT_APPROVED);
        break;
    case HOOK_UNAPPROVED:
        read_opinion(page, root, "approval", PR_EVENT_APPROVAL_WITHDRAWN);
        break;
    case HOOK_CHANGES_REQUESTED:
        read_opinion(page, root, "changes_request", PR_EVENT_CHANGES_REQUESTED);
        break;
    case HOOK_COMMENT:
    case HOOK_COMMENT_DELETED:
        read_comment(page, root, hook == HOOK_COMMENT_DELETED);
        break;
    case HOOK_SILENT:
    case HOOK_UNKNOWN:
        page->n_skipped++;
        break;
    }
}

RecordPage *decode_webhook(json_t *root, const char *event_key, GError **error)
{
    Hook hook = event_key != NULL ? hook_of_key(event_key) : hook_of_shape(root);
    g_auto(Page) page = {0};
    page_init(&page, sizeof(PrEvent), "webhook delivery");
    if (hook == HOOK_UNKNOWN && event_key == NULL)
        reader_blame(&page.reader, "neither a pull request nor a repository is in it");
    read_hook(&page, root, hook, event_key);
    if (page.reader.fault->len > 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_SHAPE,
                    "the webhook delivery %s cannot be read: %s",
                    event_key != NULL ? event_key : "", page.reader.fault->str);
        return NULL;
    }
    return page_finish(&page, NULL, COUNT_ABSENT, error);
}
