/* Pull requests with the people who take part in them. */
#include "bitbucket/decode.h"

#include <string.h>

/* A fresh array in the arena for @list, or NULL when there is nothing to put there. */
static void *room_for(Reader *reader, json_t *list, gsize size)
{
    gsize count = json_array_size(list);
    return count > 0 ? reader_alloc(reader, count, size) : NULL;
}

static void read_reviewers(Reader *reader, json_t *entry, PullRequest *pull_request)
{
    json_t *list = read_array(reader, entry, "reviewers");
    Person *reviewers = room_for(reader, list, sizeof(Person));
    if (reviewers == NULL)
        return;
    gsize index;
    json_t *person;
    json_array_foreach(list, index, person) reviewers[index] = decode_person(reader, person, "");
    pull_request->reviewers = reviewers;
    pull_request->n_reviewers = json_array_size(list);
}

static ParticipantState participant_state(Reader *reader, json_t *entry)
{
    const char *state = read_text(reader, entry, "state", LIMIT_NAME);
    gboolean approved = read_flag(reader, entry, "approved");
    if (state != NULL && strcmp(state, "changes_requested") == 0)
        return PARTICIPANT_CHANGES_REQUESTED;
    if (approved || (state != NULL && strcmp(state, "approved") == 0))
        return PARTICIPANT_APPROVED;
    return PARTICIPANT_NO_STATE;
}

static Participant read_participant(Reader *reader, json_t *entry)
{
    /* Examples in the vendor's webhook documentation list people instead of participants. */
    if (json_object_get(entry, "user") == NULL && json_member(entry, "role") == NULL)
        return (Participant){.person = decode_person(reader, entry, ""),
                             .participated = TIME_ABSENT};
    const char *role = read_text(reader, entry, "role", LIMIT_NAME);
    return (Participant){
        .person = decode_person(reader, entry, "user"),
        .is_reviewer = role != NULL && strcmp(role, "REVIEWER") == 0,
        .state = participant_state(reader, entry),
        .participated = read_time(reader, entry, "participated_on"),
    };
}

static void read_participants(Reader *reader, json_t *entry, PullRequest *pull_request)
{
    json_t *list = read_array(reader, entry, "participants");
    pull_request->has_participants = list != NULL;
    Participant *participants = room_for(reader, list, sizeof(Participant));
    if (participants == NULL)
        return;
    gsize index;
    json_t *participant;
    json_array_foreach(list, index, participant) participants[index] =
        read_participant(reader, participant);
    pull_request->participants = participants;
    pull_request->n_participants = json_array_size(list);
}

void decode_pull_request(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    PullRequest pull_request = {
        .number = need_integer(reader, entry, "id"),
        .title = read_text(reader, entry, "title", LIMIT_NAME),
        .state = model_state_from_name(need_text(reader, entry, "state", LIMIT_NAME)),
        .draft = read_flag(reader, entry, "draft"),
        .author = decode_person(reader, entry, "author"),
        .closed_by = decode_person(reader, entry, "closed_by"),
        .created = need_time(reader, entry, "created_on"),
        .updated = need_time(reader, entry, "updated_on"),
        .source_branch = read_text(reader, entry, "source.branch.name", LIMIT_NAME),
        .source_hash = read_hash(reader, entry, "source.commit.hash"),
        .source_repository_uuid = read_text(reader, entry, "source.repository.uuid", LIMIT_NAME),
        .destination_branch = read_text(reader, entry, "destination.branch.name", LIMIT_NAME),
        .destination_hash = read_hash(reader, entry, "destination.commit.hash"),
        .merge_hash = read_hash(reader, entry, "merge_commit.hash"),
        .html_url = decode_html_link(reader, entry),
        .comment_count = read_integer(reader, entry, "comment_count"),
        .task_count = read_integer(reader, entry, "task_count"),
    };
    if (pull_request.number != COUNT_ABSENT && pull_request.number < 1)
        reader_blame(reader, "id is not a positive number");
    read_reviewers(reader, entry, &pull_request);
    read_participants(reader, entry, &pull_request);
    page_add(page, &pull_request);
}
