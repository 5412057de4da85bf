#include "story.h"

#include "measure/delivery.h"

#include "measure/bots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define REPOSITORY_ID 100
#define DELETED_ID    999

typedef struct {
    StorePullRequest row;
    GArray *events, *participants, *commits, *files;
    guint pushes;
} Telling;

struct Story {
    GPtrArray *tellings;
    GPtrArray *people; /* names; the id is the index + 1 */
    GArray *commits;   /* StoreCommitRow */
    GArray *attempts;  /* FactDeployment */
    gboolean merges_are_releases;
    GArray *changes; /* StoreMainChange */
    GStringChunk *texts;
    PeopleRoles *roles;
    Teams *teams;
    GArray *team_ids; /* gint64, as story_add_team was told */
    GPtrArray *team_names, *team_zones;
    GArray *members; /* StoreTeamMember */
    UtcTime now;
};

static void telling_free(gpointer data)
{
    Telling *telling = data;
    g_array_unref(telling->events);
    g_array_unref(telling->participants);
    g_array_unref(telling->commits);
    g_array_unref(telling->files);
    g_free(telling);
}

Story *story_new(void)
{
    Story *story = g_new0(Story, 1);
    story->tellings = g_ptr_array_new_with_free_func(telling_free);
    story->people = g_ptr_array_new_with_free_func(g_free);
    story->commits = g_array_new(FALSE, FALSE, sizeof(StoreCommitRow));
    story->attempts = g_array_new(FALSE, FALSE, sizeof(FactDeployment));
    story->changes = g_array_new(FALSE, FALSE, sizeof(StoreMainChange));
    story->texts = g_string_chunk_new(1024);
    story->roles = people_roles_new(DELETED_ID);
    story->now = TIME_ABSENT;
    CalendarSettings settings = {NULL};
    story_set_calendar(story, &settings);
    story->team_ids = g_array_new(FALSE, FALSE, sizeof(gint64));
    story->team_names = g_ptr_array_new_with_free_func(g_free);
    story->team_zones = g_ptr_array_new_with_free_func(g_free);
    story->members = g_array_new(FALSE, FALSE, sizeof(StoreTeamMember));
    return story;
}

void story_free(Story *story)
{
    if (story == NULL)
        return;
    g_ptr_array_unref(story->tellings);
    g_ptr_array_unref(story->people);
    g_array_unref(story->commits);
    g_array_unref(story->attempts);
    g_array_unref(story->changes);
    g_string_chunk_free(story->texts);
    people_roles_free(story->roles);
    teams_free(story->teams);
    g_array_unref(story->team_ids);
    g_ptr_array_unref(story->team_names);
    g_ptr_array_unref(story->team_zones);
    g_array_unref(story->members);
    g_free(story);
}

static void put_team(const Story *story, Teams *teams, guint i)
{
    CalendarSettings settings = {.zone = g_ptr_array_index(story->team_zones, i)};
    WorkCalendar *calendar = calendar_from_settings(&settings, NULL);
    assert_non_null(calendar);
    teams_add(teams, g_array_index(story->team_ids, gint64, i),
              g_ptr_array_index(story->team_names, i), calendar);
}

static void put_member(Teams *teams, const StoreTeamMember *member)
{
    teams_add_member(teams, teams_find(teams, member->team_id), member->person_id, member->from,
                     member->until);
}

static void put_teams(const Story *story, Teams *teams)
{
    for (guint i = 0; i < story->team_ids->len; i++)
        put_team(story, teams, i);
    for (guint i = 0; i < story->members->len; i++)
        put_member(teams, &g_array_index(story->members, StoreTeamMember, i));
}

void story_add_team(Story *story, gint64 team_id, const char *name, const char *zone)
{
    g_array_append_val(story->team_ids, team_id);
    g_ptr_array_add(story->team_names, g_strdup(name));
    g_ptr_array_add(story->team_zones, g_strdup(zone));
    put_team(story, story->teams, story->team_ids->len - 1);
}

void story_add_member(Story *story, gint64 team_id, const char *who, const char *from,
                      const char *until)
{
    StoreTeamMember member = {team_id, story_person(story, who), story_time(from),
                              until == NULL ? TIME_ABSENT : story_time(until)};
    g_array_append_val(story->members, member);
    put_member(story->teams, &member);
}

void story_set_calendar(Story *story, const CalendarSettings *settings)
{
    teams_free(story->teams);
    WorkCalendar *calendar = calendar_from_settings(settings, NULL);
    assert_non_null(calendar);
    story->teams = teams_new(calendar);
}

UtcTime story_time(const char *when)
{
    UtcTime time;
    g_autofree char *text = g_strdup_printf("%s:00Z", when);
    if (!time_parse(text, -1, &time, NULL))
        fail_msg("'%s' is not a time", when);
    return time;
}

UtcTime story_now(const Story *story)
{
    return story->now;
}

const PeopleRoles *story_roles(Story *story)
{
    return story->roles;
}

gint64 story_person(Story *story, const char *name)
{
    if (strcmp(name, STORY_DELETED) == 0)
        return DELETED_ID;
    for (guint i = 0; i < story->people->len; i++)
        if (strcmp(g_ptr_array_index(story->people, i), name) == 0)
            return (gint64) i + 1;
    g_ptr_array_add(story->people, g_strdup(name));
    people_roles_add(story->roles, story->people->len, bots_judge(NULL, name, NULL, NULL) != NULL,
                     g_str_has_suffix(name, "(excluded)"));
    return story->people->len;
}

static Telling *telling_of(Story *story, gint64 pr)
{
    for (guint i = 0; i < story->tellings->len; i++) {
        Telling *telling = g_ptr_array_index(story->tellings, i);
        if (telling->row.number == pr)
            return telling;
    }
    Telling *telling = g_new0(Telling, 1);
    telling->row = (StorePullRequest){
        .repository_id = REPOSITORY_ID,
        .number = pr,
        .title = "",
        .destination_branch = "main",
        .state = PR_OPEN,
        .closed_by_id = COUNT_ABSENT,
        .merge_committed = TIME_ABSENT,
        .commits_state = "unknown",
        .files_state = "unknown",
    };
    telling->events = g_array_new(FALSE, FALSE, sizeof(StoreEvent));
    telling->participants = g_array_new(FALSE, FALSE, sizeof(StoreParticipant));
    telling->commits = g_array_new(FALSE, FALSE, sizeof(UtcTime));
    telling->files = g_array_new(FALSE, FALSE, sizeof(FileChange));
    g_ptr_array_add(story->tellings, telling);
    return telling;
}

/* ---- words */

static StoreParticipant *participant_of(Telling *telling, gint64 person)
{
    for (guint i = 0; i < telling->participants->len; i++) {
        StoreParticipant *found = &g_array_index(telling->participants, StoreParticipant, i);
        if (found->person_id == person)
            return found;
    }
    StoreParticipant participant = {.person_id = person, .participated = TIME_ABSENT};
    g_array_append_val(telling->participants, participant);
    return &g_array_index(telling->participants, StoreParticipant, telling->participants->len - 1);
}

static StoreEvent *add_event(Story *story, Telling *telling, PrEventKind kind, UtcTime at,
                             gint64 actor)
{
    g_autofree char *hash = g_strdup_printf("%012x", telling->pushes + 1);
    gboolean is_update = kind <= PR_EVENT_REVIEWER_REMOVED || kind == PR_EVENT_MERGED ||
                         kind == PR_EVENT_DECLINED || kind == PR_EVENT_SUPERSEDED ||
                         kind == PR_EVENT_EDITED;
    StoreEvent event = {
        .kind = kind,
        .at = at,
        .actor_id = actor,
        .subject_id = COUNT_ABSENT,
        .source_hash = is_update ? g_string_chunk_insert_const(story->texts, hash) : NULL,
        .comment_id = COUNT_ABSENT,
        .parent_comment_id = COUNT_ABSENT,
        .resolved = TIME_ABSENT,
    };
    g_array_append_val(telling->events, event);
    telling->row.updated = MAX(telling->row.updated, at);
    return &g_array_index(telling->events, StoreEvent, telling->events->len - 1);
}

static void ask_reviewers(Story *story, Telling *telling, const char *names)
{
    g_auto(GStrv) list = g_strsplit(names, ", ", 0);
    for (gsize i = 0; list[i] != NULL; i++)
        participant_of(telling, story_person(story, list[i]))->is_reviewer = TRUE;
}

static void tell_opening(Story *story, Telling *telling, UtcTime at, gint64 who, const char *what)
{
    const char *asking = strstr(what, ", asking ");
    telling->row.author_id = who;
    telling->row.created = at;
    telling->row.is_draft = g_str_has_prefix(what, "opens as draft");
    add_event(story, telling, PR_EVENT_UPDATED, at, who);
    if (asking != NULL)
        ask_reviewers(story, telling, asking + strlen(", asking "));
}

static void read_lines(const char *what, gint64 *ret_added, gint64 *ret_removed)
{
    const char *added = strstr(what, " +"), *removed = strstr(what, " -");
    *ret_added = added == NULL ? 0 : g_ascii_strtoll(added + 2, NULL, 10);
    *ret_removed = removed == NULL ? 0 : g_ascii_strtoll(removed + 2, NULL, 10);
}

static void tell_commit(Story *story, Telling *telling, UtcTime at, gint64 who, const char *what)
{
    const char *files = strstr(what, " in ");
    StoreCommitRow commit = {
        .repository_id = REPOSITORY_ID,
        .author_id = who,
        .authored = at,
        .is_merge = g_str_has_prefix(what, "commits a merge"),
        .files_changed = files == NULL ? 1 : g_ascii_strtoll(files + 4, NULL, 10),
    };
    read_lines(what, &commit.lines_added, &commit.lines_removed);
    g_array_append_val(story->commits, commit);
    if (telling == NULL)
        return;
    g_array_append_val(telling->commits, at);
    telling->row.commits_state = "git";
}

/* "lands 4 lines, 2 young" */
static void tell_landing(Story *story, UtcTime at, gint64 who, const char *what)
{
    const char *young = strchr(what, ',') + 2;
    StoreMainChange change = {
        .repository_id = REPOSITORY_ID,
        .number = COUNT_ABSENT,
        .author_id = who,
        .landed = at,
        .lines_changed = g_ascii_strtoll(what + strlen("lands "), NULL, 10),
        .lines_young = g_ascii_isdigit(*young) ? g_ascii_strtoll(young, NULL, 10) : COUNT_ABSENT,
    };
    g_array_append_val(story->changes, change);
}

static void tell_change(Story *story, Telling *telling, const char *what)
{
    g_auto(GStrv) words = g_strsplit(what, " ", 3);
    FileChange file = {.path = g_string_chunk_insert_const(story->texts, words[1]),
                       .lines_added = COUNT_ABSENT,
                       .lines_removed = COUNT_ABSENT};
    if (strstr(what, " binary") == NULL)
        read_lines(what, &file.lines_added, &file.lines_removed);
    g_array_append_val(telling->files, file);
    telling->row.files_state = "git";
}

static void tell_verdict(Story *story, Telling *telling, PrEventKind kind, UtcTime at, gint64 who,
                         ParticipantState state)
{
    StoreParticipant *participant = participant_of(telling, who);
    participant->state = state;
    participant->participated = at;
    add_event(story, telling, kind, at, who);
}

static void tell_comment(Story *story, Telling *telling, UtcTime at, gint64 who, gboolean deleted)
{
    StoreEvent *event = add_event(story, telling, PR_EVENT_COMMENTED, at, who);
    event->comment_id = 1 + telling->events->len;
    event->is_deleted = deleted;
    if (who != telling->row.author_id)
        participant_of(telling, who)->participated = at;
}

static void tell_closing(Story *story, Telling *telling, PrEventKind kind, PullRequestState state,
                         UtcTime at, gint64 who)
{
    telling->row.state = state;
    telling->row.closed_by_id = who;
    add_event(story, telling, kind, at, who);
}

static void tell_reviewer(Story *story, Telling *telling, UtcTime at, gint64 who, const char *name,
                          gboolean added)
{
    gint64 subject = story_person(story, name);
    PrEventKind kind = added ? PR_EVENT_REVIEWER_ADDED : PR_EVENT_REVIEWER_REMOVED;
    add_event(story, telling, kind, at, who)->subject_id = subject;
    participant_of(telling, subject)->is_reviewer = added;
}

/* The commit of a pull request's merge. */
static const char *merge_hash(Story *story, gint64 pr)
{
    g_autofree char *hash =
        g_strdup_printf("%012" G_GINT64_MODIFIER "x%028" G_GINT64_MODIFIER "x", pr, pr);
    return g_string_chunk_insert_const(story->texts, hash);
}

/* "deploys 2 to production": the commit that merged pull request 2. */
static void tell_deployment(Story *story, UtcTime at, const char *what)
{
    gboolean succeeds = g_str_has_prefix(what, "deploys ");
    const char *number = what + strlen(succeeds ? "deploys " : "fails to deploy ");
    const char *place = strrchr(what, ' ') + 1;
    g_autofree char *key = g_strdup_printf("{%u}", story->attempts->len);
    FactDeployment attempt = {
        .repository_id = REPOSITORY_ID,
        .key = g_string_chunk_insert(story->texts, key),
        .source = DELIVERY_OF_DEPLOYMENT,
        .environment = g_string_chunk_insert_const(story->texts, place),
        .environment_kind =
            strcmp(place, "production") == 0 ? ENVIRONMENT_PRODUCTION : ENVIRONMENT_STAGING,
        .commit_hash = merge_hash(story, g_ascii_strtoll(number, NULL, 10)),
        .completed = at,
        .restored = TIME_ABSENT,
        .is_successful = succeeds,
    };
    g_array_append_val(story->attempts, attempt);
}

static gboolean begins(const char *what, const char *words)
{
    return g_str_has_prefix(what, words);
}

void story_tell(Story *story, gint64 pr, const char *when, const char *who, const char *what)
{
    UtcTime at = when[0] == '\0' ? TIME_ABSENT : story_time(when);
    gint64 person = who[0] == '\0' ? 0 : story_person(story, who);
    Telling *telling = pr == 0 ? NULL : telling_of(story, pr);
    if (strcmp(what, "now") == 0) {
        story->now = at;
    } else if (strcmp(what, "merges are releases") == 0) {
        story->merges_are_releases = TRUE;
    } else if (begins(what, "commits")) {
        tell_commit(story, telling, at, person, what);
    } else if (begins(what, "lands ")) {
        tell_landing(story, at, person, what);
    } else if (begins(what, "opens")) {
        tell_opening(story, telling, at, person, what);
    } else if (begins(what, "changes ")) {
        tell_change(story, telling, what);
    } else if (begins(what, "pushes")) {
        telling->pushes++;
        add_event(story, telling, PR_EVENT_UPDATED, at, person);
        tell_commit(story, telling, at, person, what);
    } else if (strcmp(what, "marks ready") == 0 || strcmp(what, "marks draft") == 0) {
        telling->row.is_draft = strcmp(what, "marks draft") == 0;
        add_event(story, telling, telling->row.is_draft ? PR_EVENT_DRAFT : PR_EVENT_READY, at,
                  person);
    } else if (begins(what, "asks ")) {
        tell_reviewer(story, telling, at, person, what + strlen("asks "), TRUE);
    } else if (begins(what, "no longer asks ")) {
        tell_reviewer(story, telling, at, person, what + strlen("no longer asks "), FALSE);
    } else if (strcmp(what, "comments") == 0 || strcmp(what, "comments and deletes it") == 0) {
        tell_comment(story, telling, at, person, strcmp(what, "comments") != 0);
    } else if (strcmp(what, "approves") == 0) {
        tell_verdict(story, telling, PR_EVENT_APPROVED, at, person, PARTICIPANT_APPROVED);
    } else if (strcmp(what, "requests changes") == 0) {
        tell_verdict(story, telling, PR_EVENT_CHANGES_REQUESTED, at, person,
                     PARTICIPANT_CHANGES_REQUESTED);
    } else if (strcmp(what, "withdraws") == 0) {
        tell_verdict(story, telling, PR_EVENT_APPROVAL_WITHDRAWN, at, person, PARTICIPANT_NO_STATE);
    } else if (strcmp(what, "withdraws unseen") == 0) {
        participant_of(telling, person)->state = PARTICIPANT_NO_STATE;
    } else if (strcmp(what, "edits") == 0) {
        add_event(story, telling, PR_EVENT_EDITED, at, person);
    } else if (strcmp(what, "merges") == 0) {
        tell_closing(story, telling, PR_EVENT_MERGED, PR_MERGED, at, person);
    } else if (begins(what, "deploys ") || begins(what, "fails to deploy ")) {
        tell_deployment(story, at, what);
    } else if (strcmp(what, "declines") == 0) {
        tell_closing(story, telling, PR_EVENT_DECLINED, PR_DECLINED, at, person);
    } else if (strcmp(what, "supersedes") == 0) {
        tell_closing(story, telling, PR_EVENT_SUPERSEDED, PR_SUPERSEDED, at, person);
    } else {
        fail_msg("a story does not know the words '%s'", what);
    }
}

/* ---- rows, facts, columns */

static gint compare_events(gconstpointer a, gconstpointer b, gpointer user_data)
{
    const StoreEvent *first = a, *second = b;
    if (first->at != second->at)
        return first->at < second->at ? -1 : 1;
    return (gint) first->kind - (gint) second->kind;
}

StorePullRequest *story_row(Story *story, gint64 pr)
{
    Telling *telling = telling_of(story, pr);
    g_array_sort_with_data(telling->events, compare_events, NULL);
    telling->row.events = (const StoreEvent *) (void *) telling->events->data;
    telling->row.n_events = telling->events->len;
    telling->row.participants = (const StoreParticipant *) (void *) telling->participants->data;
    telling->row.n_participants = telling->participants->len;
    telling->row.participants_as_of = telling->row.updated;
    telling->row.commit_authored = (const UtcTime *) (void *) telling->commits->data;
    telling->row.n_commits = telling->commits->len;
    telling->row.files = (const FileChange *) (void *) telling->files->data;
    telling->row.n_files = telling->files->len;
    return &telling->row;
}

FactPr story_fact_of(Story *story, const StorePullRequest *row, GArray *reviews)
{
    FactPr fact;
    g_autoptr(GArray) ignored = g_array_new(FALSE, FALSE, sizeof(FactReview));
    facts_compute(row, story->roles, story->teams, NULL, &fact,
                  reviews != NULL ? reviews : ignored);
    return fact;
}

FactPr story_fact(Story *story, gint64 pr, GArray *reviews)
{
    return story_fact_of(story, story_row(story, pr), reviews);
}

static gint compare_merges(gconstpointer a, gconstpointer b)
{
    const DeliveryMerge *first = a, *second = b;
    return (first->merged > second->merged) - (first->merged < second->merged);
}

/* Main is one line: each merge follows the one before it. */
static Ancestry *line_of_merges(Story *story, GArray *merges)
{
    Ancestry *line = ancestry_new();
    g_array_sort(merges, compare_merges);
    for (guint number = 1; number <= story->tellings->len; number++)
        for (guint i = 0; i < merges->len; i++) {
            const DeliveryMerge *merge = &g_array_index(merges, DeliveryMerge, i);
            if (merge->number == number)
                ancestry_add(line, merge->merge_hash, i == 0 ? "" : merge[-1].merge_hash);
        }
    ancestry_end(line);
    return line;
}

static void add_merge_as_attempt(Story *story, const DeliveryMerge *merge)
{
    FactDeployment attempt = {.repository_id = REPOSITORY_ID,
                              .key = merge->merge_hash,
                              .source = DELIVERY_OF_MERGE,
                              .environment = "merge to main",
                              .environment_kind = ENVIRONMENT_PRODUCTION,
                              .commit_hash = merge->merge_hash,
                              .completed = merge->merged,
                              .restored = TIME_ABSENT,
                              .is_successful = TRUE};
    g_array_append_val(story->attempts, attempt);
}

/* What the deployments say; @facts: FactPr each. */
static void add_deliveries(Story *story, GArray *facts, ColumnsBuilder *builder)
{
    g_autoptr(GArray) merges = g_array_new(FALSE, FALSE, sizeof(DeliveryMerge));
    for (guint i = 0; i < facts->len; i++) {
        const FactPr *fact = &g_array_index(facts, FactPr, i);
        DeliveryMerge merge = {fact->number, merge_hash(story, fact->number), TRUE, fact->merged,
                               TIME_ABSENT};
        if (fact->merged == TIME_ABSENT)
            continue;
        g_array_append_val(merges, merge);
        if (story->merges_are_releases)
            add_merge_as_attempt(story, &merge);
    }
    g_autoptr(Ancestry) line = line_of_merges(story, merges);
    delivery_sort(story->attempts);
    delivery_judge(story->attempts, line);
    delivery_release(story->attempts, line, (DeliveryMerge *) (void *) merges->data, merges->len);
    for (guint i = 0; i < merges->len; i++)
        for (guint k = 0; k < facts->len; k++)
            if (g_array_index(facts, FactPr, k).number ==
                g_array_index(merges, DeliveryMerge, i).number)
                g_array_index(facts, FactPr, k).released =
                    g_array_index(merges, DeliveryMerge, i).released;
    for (guint i = 0; i < story->attempts->len; i++)
        columns_builder_add_deployment(builder, &g_array_index(story->attempts, FactDeployment, i));
}

MeasureColumns *story_columns(Story *story)
{
    CalendarSettings settings = {NULL};
    Teams *teams = teams_new(calendar_from_settings(&settings, NULL));
    put_teams(story, teams);
    ColumnsBuilder *builder = columns_builder_new(teams);
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    g_autoptr(GArray) facts = g_array_new(FALSE, FALSE, sizeof(FactPr));
    columns_builder_add_person(builder, DELETED_ID, STORY_DELETED, FALSE, FALSE);
    for (guint i = 0; i < story->people->len; i++)
        columns_builder_add_person(builder, i + 1, g_ptr_array_index(story->people, i),
                                   people_roles_is_bot(story->roles, i + 1),
                                   people_roles_is_excluded(story->roles, i + 1));
    columns_builder_add_repository(builder, REPOSITORY_ID, "acme/pay", "PAY", "Payments");
    for (guint i = 0; i < story->tellings->len; i++) {
        Telling *telling = g_ptr_array_index(story->tellings, i);
        FactPr fact = story_fact(story, telling->row.number, reviews);
        g_array_append_val(facts, fact);
    }
    add_deliveries(story, facts, builder);
    for (guint i = 0; i < facts->len; i++)
        columns_builder_add_fact(builder, &g_array_index(facts, FactPr, i));
    for (guint i = 0; i < reviews->len; i++)
        columns_builder_add_review(builder, &g_array_index(reviews, FactReview, i));
    for (guint i = 0; i < story->commits->len; i++)
        columns_builder_add_commit(builder, &g_array_index(story->commits, StoreCommitRow, i));
    for (guint i = 0; i < story->changes->len; i++)
        columns_builder_add_change(builder, &g_array_index(story->changes, StoreMainChange, i));
    return columns_builder_end(builder);
}
