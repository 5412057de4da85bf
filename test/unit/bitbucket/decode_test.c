/* Every shape that Bitbucket sends, from fixtures of our own (test/data/bitbucket). */
#include "bitbucket/bitbucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static char *fixture(const char *name, gsize *ret_length)
{
    g_autofree char *path =
        g_build_filename(g_getenv("PLUMBLINE_SOURCE"), "test/data/bitbucket", name, NULL);
    char *body;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &body, ret_length, &error))
        fail_msg("%s", error->message);
    return body;
}

static RecordPage *decoded(DecodeKind kind, const char *name, const char *event_key)
{
    gsize length;
    g_autofree char *body = fixture(name, &length);
    g_autoptr(GError) error = NULL;
    RecordPage *page = bitbucket_decode(kind, body, length, event_key, &error);
    if (page == NULL)
        fail_msg("%s: %s", name, error->message);
    return page;
}

static UtcTime at(const char *text)
{
    UtcTime time;
    assert_true(time_parse(text, -1, &time, NULL));
    return time;
}

static void assert_quarantined(const RecordPage *page, gsize index, const char *key,
                               const char *words)
{
    assert_true(index < page->n_quarantined);
    const Quarantined *record = &page->quarantined[index];
    assert_string_equal(record->key, key);
    if (strstr(record->reason, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", record->reason, words);
}

static void repositories_with_links_cleaned_and_bad_ones_set_aside(void **state)
{
    g_autoptr(RecordPage) page = decoded(DECODE_REPOSITORY_LIST, "repositories.json", NULL);
    assert_int_equal(page->n_records, 2);
    assert_int_equal(page->total, 3);
    assert_string_equal(page->next, "https://api.bitbucket.org/2.0/repositories/acme?page=2");
    const Repository *web = &RECORDS(page, Repository)[0];
    assert_string_equal(web->uuid, "{0a}");
    assert_string_equal(web->slug, "web");
    assert_string_equal(web->name, "Web shop");
    assert_string_equal(web->workspace.slug, "acme");
    assert_string_equal(web->project.key, "CORE");
    assert_string_equal(web->main_branch, "main");
    assert_string_equal(web->clone_url, "https://bitbucket.org/acme/web.git");
    assert_string_equal(web->html_url, "https://bitbucket.org/acme/web");
    assert_true(web->is_private);
    assert_int_equal(web->size_bytes, 1874302);
    assert_int_equal(web->updated, at("2026-11-20T19:02:25.884059Z"));
    assert_null(web->parent_uuid);
    const Repository *empty = &RECORDS(page, Repository)[1];
    assert_string_equal(empty->slug, "empty"); /* from the full name */
    assert_string_equal(empty->parent_uuid, "{0a}");
    assert_null(empty->main_branch);
    assert_null(empty->language);
    assert_null(empty->html_url); /* no web address */
    assert_null(empty->clone_url);
    assert_null(empty->project.uuid);
    assert_int_equal(empty->created, TIME_ABSENT);
    assert_int_equal(page->n_quarantined, 2);
    assert_quarantined(page, 0, "17", "uuid is a number instead of a text");
    assert_quarantined(page, 1, "", "it is no object");
    assert_string_equal(page->quarantined[1].snippet, "\"not a repository\"");
}

static void a_pull_request_with_everybody_who_takes_part(void **state)
{
    g_autoptr(RecordPage) page = decoded(DECODE_PULL_REQUEST_LIST, "pull_requests.json", NULL);
    assert_int_equal(page->n_records, 3);
    const PullRequest *merged = &RECORDS(page, PullRequest)[0];
    assert_int_equal(merged->number, 42);
    assert_int_equal(merged->state, PR_MERGED);
    assert_false(merged->draft);
    assert_string_equal(merged->author.uuid, "{ana}");
    assert_int_equal(merged->author.kind, PERSON_USER);
    assert_int_equal(merged->closed_by.kind, PERSON_APP);
    assert_int_equal(merged->created, at("2026-11-02T11:25:52.591232Z"));
    assert_int_equal(merged->updated, at("2026-11-03T12:24:15.443103Z")); /* given as +01:00 */
    assert_string_equal(merged->source_hash, "2ae150fc05f8");             /* lower case */
    assert_string_equal(merged->source_repository_uuid, "{fork}");
    assert_string_equal(merged->destination_branch, "main");
    assert_string_equal(merged->merge_hash, "5663ada8560f");
    assert_int_equal(merged->comment_count, 3);
    assert_int_equal(merged->task_count, 1);
    assert_int_equal(merged->n_reviewers, 2);
    assert_string_equal(merged->reviewers[0].uuid, "{ben}");
    assert_null(merged->reviewers[1].uuid); /* a deleted account */
    assert_true(merged->has_participants);
    assert_int_equal(merged->n_participants, 3);
    assert_true(merged->participants[0].is_reviewer);
    assert_int_equal(merged->participants[0].state, PARTICIPANT_APPROVED);
    assert_int_equal(merged->participants[0].participated, at("2026-11-03T09:02:17.547176Z"));
    assert_null(merged->participants[1].person.uuid);
    assert_false(merged->participants[1].is_reviewer);
    assert_int_equal(merged->participants[1].participated, TIME_ABSENT);
    assert_int_equal(merged->participants[2].state, PARTICIPANT_CHANGES_REQUESTED);
}

static void absent_people_forks_and_states_are_no_errors(void **state)
{
    g_autoptr(RecordPage) page = decoded(DECODE_PULL_REQUEST_LIST, "pull_requests.json", NULL);
    const PullRequest *ghost = &RECORDS(page, PullRequest)[1];
    assert_true(ghost->draft);
    assert_null(ghost->author.uuid);
    assert_null(ghost->author.display_name);
    assert_null(ghost->source_hash);
    assert_null(ghost->source_repository_uuid);
    assert_null(ghost->merge_hash);
    assert_int_equal(ghost->comment_count, COUNT_ABSENT);
    assert_false(ghost->has_participants);
    assert_int_equal(RECORDS(page, PullRequest)[2].state, PR_STATE_UNKNOWN);
    assert_int_equal(page->n_quarantined, 2);
    assert_quarantined(page, 0, "45", "\"yesterday\" is not a time");
    assert_quarantined(page, 1, "46", "id is a text instead of a whole number");
}

typedef struct {
    gint64 number;
    PrEventKind kind;
    const char *at;
    const char *actor, *subject, *source_hash;
} Expected;

static void assert_events(const RecordPage *page, const Expected *expected, gsize count)
{
    assert_int_equal(page->n_records, count);
    for (gsize i = 0; i < count; i++) {
        const PrEvent *event = &RECORDS(page, PrEvent)[i];
        assert_int_equal(event->number, expected[i].number);
        assert_string_equal(model_event_name(event->kind), model_event_name(expected[i].kind));
        assert_int_equal(event->at, at(expected[i].at));
        assert_int_equal(g_strcmp0(event->actor.uuid, expected[i].actor), 0);
        assert_int_equal(g_strcmp0(event->subject.uuid, expected[i].subject), 0);
        assert_int_equal(g_strcmp0(event->source_hash, expected[i].source_hash), 0);
    }
}

static void the_activity_feed_entry_by_entry(void **state)
{
    static const char READY_AT[] = "2026-11-02T12:00:00Z", HEAD[] = "2ae150fc05f8";
    static const Expected EXPECTED[] = {
        {42, PR_EVENT_MERGED, "2026-11-03T12:24:15.4Z", "{ben}", NULL, HEAD},
        {42, PR_EVENT_APPROVED, "2026-11-03T09:02:17.547176Z", "{ben}", NULL, NULL},
        {42, PR_EVENT_CHANGES_REQUESTED, "2026-11-03T08:00:00Z", "{cy}", NULL, NULL},
        {42, PR_EVENT_COMMENTED, "2026-11-03T07:00:00.000001Z", NULL, NULL, NULL},
        {42, PR_EVENT_READY, READY_AT, "{ana}", NULL, HEAD},
        {42, PR_EVENT_REVIEWER_ADDED, READY_AT, "{ana}", "{ben}", HEAD},
        {42, PR_EVENT_REVIEWER_ADDED, READY_AT, "{ana}", "{cy}", HEAD},
        {42, PR_EVENT_REVIEWER_REMOVED, READY_AT, "{ana}", "{dee}", HEAD},
        {42, PR_EVENT_EDITED, READY_AT, "{ana}", NULL, HEAD}, /* title and description: once */
        {42, PR_EVENT_UPDATED, "2026-11-02T11:25:52.7Z", "{ana}", NULL, "1ae150fc05f8"},
        {41, PR_EVENT_SUPERSEDED, "2026-11-02T10:00:00Z", NULL, NULL, NULL},
        {40, PR_EVENT_DECLINED, "2026-11-02T09:00:00Z", "{ana}", NULL, NULL},
        {39, PR_EVENT_DRAFT, "2026-11-02T08:00:00Z", "{ana}", NULL, NULL},
        {36, PR_EVENT_APPROVED, "2026-11-01T00:00:00Z", NULL, NULL, NULL},
    };
    g_autoptr(RecordPage) page = decoded(DECODE_ACTIVITY_LIST, "activity.json", NULL);
    assert_events(page, EXPECTED, G_N_ELEMENTS(EXPECTED));
    const PrEvent *comment = &RECORDS(page, PrEvent)[3];
    assert_int_equal(comment->comment_id, 118571088);
    assert_int_equal(comment->parent_comment_id, 118571000);
    assert_string_equal(comment->inline_path, "src/a.c");
    assert_int_equal(comment->inline_line, 211);
    assert_int_equal(comment->comment_length, 6); /* g r ü n, a space, one face */
    assert_int_equal(RECORDS(page, PrEvent)[0].comment_id, COUNT_ABSENT);
    assert_int_equal(page->n_skipped, 3); /* alone, a celebration, a nap */
    assert_int_equal(page->n_quarantined, 2);
    assert_quarantined(page, 0, "38", "date is missing");
    assert_quarantined(page, 1, "37", "update is a text instead of an object");
}

static void comments_with_resolution_and_deletion(void **state)
{
    g_autoptr(RecordPage) page = decoded(DECODE_COMMENT_LIST, "comments.json", NULL);
    assert_int_equal(page->n_records, 2);
    const PrEvent *resolved = &RECORDS(page, PrEvent)[0], *deleted = &RECORDS(page, PrEvent)[1];
    assert_int_equal(resolved->kind, PR_EVENT_COMMENTED);
    assert_int_equal(resolved->number, 42);
    assert_int_equal(resolved->resolved, at("2026-11-03T08:30:00Z"));
    assert_int_equal(resolved->inline_line, 10); /* of the old file */
    assert_int_equal(resolved->comment_length, 4);
    assert_int_equal(resolved->parent_comment_id, COUNT_ABSENT);
    assert_true(deleted->deleted);
    assert_true(deleted->pending);
    assert_int_equal(deleted->parent_comment_id, 1);
    assert_int_equal(deleted->comment_length, 0);
    assert_int_equal(deleted->resolved, TIME_ABSENT);
    assert_quarantined(page, 0, "3", "content.raw is not a text");
    assert_quarantined(page, 1, "", "id is missing");
}

static void commits_with_their_authors_taken_apart(void **state)
{
    g_autoptr(RecordPage) page = decoded(DECODE_COMMIT_LIST, "commits.json", NULL);
    assert_int_equal(page->n_records, 3);
    const Commit *first = &RECORDS(page, Commit)[0];
    assert_string_equal(first->hash, "0265aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_string_equal(first->author_name, "Ana Roy");
    assert_string_equal(first->author_email, "ana@example.com");
    assert_string_equal(first->subject, "Fix login");
    assert_int_equal(first->n_parents, 2);
    assert_string_equal(first->parents[1], "4c7dbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    assert_int_equal(first->authored, at("2023-11-27T14:43:10Z"));
    assert_int_equal(first->committed, TIME_ABSENT);
    assert_true(first->from_api);
    assert_null(first->tree);
    const Commit *second = &RECORDS(page, Commit)[1];
    assert_string_equal(second->author_name, "robot");
    assert_null(second->author_email);
    assert_int_equal(second->authored, at("2023-11-27T13:43:10Z"));
    assert_string_equal(RECORDS(page, Commit)[2].author_email, "ci@example.com");
    assert_quarantined(page, 0, "not hexadecimal", "hash is not a commit hash");
    assert_quarantined(page, 1, "3265aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a parent has no hash");
}

static void file_changes_by_their_newer_path(void **state)
{
    static const struct {
        const char *path, *old_path;
        gint64 added, removed;
    } EXPECTED[] = {{"src/a.c", NULL, 12, 3},
                    {"src/b.c", NULL, 7, 0},
                    {"src/c.c", NULL, 0, 9},
                    {"lib/d.c", "src/d.c", 1, 1}};
    g_autoptr(RecordPage) page = decoded(DECODE_DIFFSTAT_LIST, "diffstat.json", NULL);
    assert_int_equal(page->n_records, G_N_ELEMENTS(EXPECTED));
    for (gsize i = 0; i < G_N_ELEMENTS(EXPECTED); i++) {
        const FileChange *change = &RECORDS(page, FileChange)[i];
        assert_string_equal(change->path, EXPECTED[i].path);
        assert_int_equal(g_strcmp0(change->old_path, EXPECTED[i].old_path), 0);
        assert_int_equal(change->lines_added, EXPECTED[i].added);
        assert_int_equal(change->lines_removed, EXPECTED[i].removed);
    }
    assert_quarantined(page, 0, "x", "negative");
    assert_quarantined(page, 1, "", "neither old nor new");
}

static void deliveries_become_events(void **state)
{
    static const struct {
        const char *file, *key;
        Expected expected;
    } CASES[] = {
        {"webhook_fulfilled.json",
         "pullrequest:fulfilled",
         {42, PR_EVENT_MERGED, "2026-11-03T12:24:15.443103Z", "{cy}", NULL, "2ae150fc05f8"}},
        {"webhook_fulfilled.json",
         NULL,
         {42, PR_EVENT_MERGED, "2026-11-03T12:24:15.443103Z", "{cy}", NULL, "2ae150fc05f8"}},
        {"webhook_fulfilled.json",
         "pullrequest:updated",
         {42, PR_EVENT_UPDATED, "2026-11-03T12:24:15.443103Z", "{ben}", NULL, "2ae150fc05f8"}},
        {"webhook_comment.json",
         NULL,
         {42, PR_EVENT_COMMENTED, "2026-11-03T12:00:00Z", "{ben}", NULL, NULL}},
        {"webhook_approval.json",
         NULL,
         {42, PR_EVENT_APPROVED, "2026-11-03T12:01:00Z", "{ben}", NULL, NULL}},
        {"webhook_approval.json",
         "pullrequest:unapproved",
         {42, PR_EVENT_APPROVAL_WITHDRAWN, "2026-11-03T12:01:00Z", "{ben}", NULL, NULL}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(RecordPage) page = decoded(DECODE_WEBHOOK, CASES[i].file, CASES[i].key);
        assert_events(page, &CASES[i].expected, 1);
    }
    g_autoptr(RecordPage) deleted =
        decoded(DECODE_WEBHOOK, "webhook_comment.json", "pullrequest:comment_deleted");
    assert_true(RECORDS(deleted, PrEvent)[0].deleted);
    g_autoptr(RecordPage) push = decoded(DECODE_WEBHOOK, "webhook_comment.json", "repo:push");
    assert_int_equal(push->n_records, 0);
    assert_int_equal(push->n_skipped, 1);
    g_autoptr(RecordPage) newer = decoded(DECODE_WEBHOOK, "webhook_comment.json", "coffee:made");
    assert_int_equal(newer->n_skipped, 1);
}

static void error_bodies_in_all_their_forms(void **state)
{
    static const struct {
        const char *body, *sentence;
    } CASES[] = {
        {"{\"type\":\"error\",\"error\":{\"message\":\"Bad request\",\"detail\":\"a text\"}}",
         "Bad request (a text)"},
        {"{\"type\":\"error\",\"error\":{\"message\":\"lack\",\"detail\":{\"required\":["
         "\"project\","
         "\"x\"],\"granted\":[]}}}",
         "lack Required: project, x."},
        {"{\"error\":\"short\"}", "short"},
        {"{\"type\":\"error\",\"error\":{\"message\":\"CHANGE-2770\"},"
         "\"data\":{\"announcement_url\":\"https://x\"}}",
         "CHANGE-2770 See https://x"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(RecordPage) page =
            bitbucket_decode(DECODE_ERROR_BODY, CASES[i].body, strlen(CASES[i].body), NULL, NULL);
        assert_non_null(page);
        assert_string_equal(RECORDS(page, char *)[0], CASES[i].sentence);
    }
}

static void assert_refused(DecodeKind kind, const char *body, gsize length, PlumblineErrorCode code)
{
    g_autoptr(GError) error = NULL;
    assert_null(bitbucket_decode(kind, body, length, NULL, &error));
    assert_non_null(error);
    assert_string_equal(error_name(error->code), error_name((int) code));
}

static void assert_text_refused(const char *body, PlumblineErrorCode code)
{
    assert_refused(DECODE_PULL_REQUEST_LIST, body, strlen(body), code);
}

static void names_what_is_wrong_with_a_whole_body(void **state)
{
    assert_text_refused("", PLUMBLINE_ERROR_BODY_TRUNCATED);
    assert_text_refused(" \r\n", PLUMBLINE_ERROR_BODY_TRUNCATED);
    assert_text_refused("{\"values\":[{\"id\":", PLUMBLINE_ERROR_BODY_TRUNCATED);
    assert_text_refused("{\"values\":\"", PLUMBLINE_ERROR_BODY_TRUNCATED);
    assert_text_refused("<html></html>", PLUMBLINE_ERROR_BODY_FOREIGN);
    assert_text_refused("Rate limit", PLUMBLINE_ERROR_BODY_FOREIGN);
    assert_text_refused("{\"values\":[1 2]}", PLUMBLINE_ERROR_BODY_FOREIGN);
    assert_text_refused("{\"values\":[]} trailing", PLUMBLINE_ERROR_BODY_FOREIGN);
    assert_text_refused("{}", PLUMBLINE_ERROR_BODY_SHAPE);
    assert_text_refused("{\"values\":{}}", PLUMBLINE_ERROR_BODY_SHAPE);
    assert_text_refused("{\"values\":[],\"next\":5}", PLUMBLINE_ERROR_BODY_SHAPE);
    assert_refused(DECODE_PULL_REQUEST, "[]", 2, PLUMBLINE_ERROR_BODY_SHAPE);
    assert_refused(DECODE_WEBHOOK, "{}", 2, PLUMBLINE_ERROR_BODY_SHAPE);
    assert_refused(DECODE_ERROR_BODY, "{}", 2, PLUMBLINE_ERROR_BODY_SHAPE);
}

static void refuses_what_is_too_deep_too_many_or_too_large(void **state)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    assert_refused(DECODE_ACTIVITY_LIST, deep->str, deep->len, PLUMBLINE_ERROR_LIMIT);
    g_autoptr(GString) many = g_string_new("{\"values\":[0");
    for (int i = 0; i < 2000000; i++)
        g_string_append(many, ",0");
    g_string_append(many, "]}");
    assert_refused(DECODE_ACTIVITY_LIST, many->str, many->len, PLUMBLINE_ERROR_LIMIT);
    g_autoptr(GString) page = g_string_new("{\"values\":[0");
    for (int i = 0; i < LIMIT_PAGE_RECORDS; i++)
        g_string_append(page, ",0");
    g_string_append(page, "]}");
    assert_refused(DECODE_ACTIVITY_LIST, page->str, page->len, PLUMBLINE_ERROR_LIMIT);
    g_autofree char *large = g_malloc0(LIMIT_API_BODY + 1);
    assert_refused(DECODE_ACTIVITY_LIST, large, LIMIT_API_BODY + 1, PLUMBLINE_ERROR_LIMIT);
}

static void sixty_four_levels_are_not_too_deep(void **state)
{
    g_autoptr(GString) body = g_string_new("{\"values\":[],\"x\":");
    for (int i = 0; i < LIMIT_JSON_DEPTH - 1; i++)
        g_string_append_c(body, '[');
    for (int i = 0; i < LIMIT_JSON_DEPTH - 1; i++)
        g_string_append_c(body, ']');
    g_string_append_c(body, '}');
    g_autoptr(RecordPage) page =
        bitbucket_decode(DECODE_ACTIVITY_LIST, body->str, body->len, NULL, NULL);
    assert_non_null(page);
}

/* One repository whose name is the JSON text @name. */
static RecordPage *repository_named(const char *name, gsize length)
{
    g_autoptr(GString) body =
        g_string_new("\xef\xbb\xbf{\"uuid\":\"{r}\",\"full_name\":\"a/b\",\"name\":\"");
    g_string_append_len(body, name, (gssize) length);
    g_string_append(body, "\"}");
    return bitbucket_decode(DECODE_REPOSITORY, body->str, body->len, NULL, NULL);
}

static void repairs_texts_that_are_not_quite_unicode(void **state)
{
    static const struct {
        const char *given, *kept;
    } CASES[] = {
        {"lone \\ud83d half", "lone \xef\xbf\xbd half"},
        {"other \\ude00 half", "other \xef\xbf\xbd half"},
        {"whole \\ud83d\\ude00 face", "whole \xf0\x9f\x98\x80 face"},
        {"not an escape \\\\ud83d", "not an escape \\ud83d"},
        {"broken \xff byte", "broken \xef\xbf\xbd byte"},
        {"nul \\u0000 inside", "nul   inside"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(RecordPage) page = repository_named(CASES[i].given, strlen(CASES[i].given));
        assert_non_null(page);
        assert_string_equal(RECORDS(page, Repository)[0].name, CASES[i].kept);
    }
}

static void one_odd_record_costs_no_page(void **state)
{
    static const char *const ODD[] = {
        "{\"uuid\":99999999999999999999}",
        "{\"uuid\":-99999999999999999999}",
        "{\"uuid\":1e999}",
        "{\"uuid\":\"u\",\"full_name\":-1.5E+4000}",
        "{\"uuid\":\"u\",\"full\\u0000name\":1}",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(ODD); i++) {
        g_autofree char *body = g_strdup_printf(
            "{\"size\":\"many\",\"values\":[{\"uuid\":\"{1}\",\"full_name\":\"acme/web\","
            "\"name\":\"99999999999999999999 \\\" 1e999\",\"size\":9223372036854775807},%s]}",
            ODD[i]);
        g_autoptr(GError) error = NULL;
        g_autoptr(RecordPage) page =
            bitbucket_decode(DECODE_REPOSITORY_LIST, body, strlen(body), NULL, &error);
        if (page == NULL)
            fail_msg("%s: %s", ODD[i], error->message);
        assert_int_equal(page->n_records, 1);
        assert_int_equal(page->n_quarantined, 1);
        assert_true(page->total == COUNT_ABSENT);
        const Repository *good = &RECORDS(page, Repository)[0];
        assert_string_equal(good->name, "99999999999999999999 \" 1e999");
        assert_true(good->size_bytes == G_MAXINT64);
    }
}

static void cuts_long_names_at_a_characters_edge(void **state)
{
    g_autoptr(GString) name = g_string_new("x");
    for (int i = 0; i < LIMIT_NAME; i++)
        g_string_append(name, "ü");
    g_autoptr(RecordPage) page = repository_named(name->str, name->len);
    const char *kept = RECORDS(page, Repository)[0].name;
    assert_int_equal(strlen(kept), LIMIT_NAME - 1); /* 1 + 2 × 511 */
    assert_true(g_utf8_validate(kept, -1, NULL));
}

static void builds_name_their_commit_in_one_way_or_another(void **state)
{
    static const BuildState STATES[] = {BUILD_SUCCESSFUL, BUILD_IN_PROGRESS, BUILD_FAILED,
                                        BUILD_STOPPED, BUILD_UNKNOWN};
    g_autoptr(RecordPage) page = decoded(DECODE_BUILD_LIST, "builds.json", NULL);
    assert_int_equal(page->n_records, G_N_ELEMENTS(STATES));
    const BuildStatus *builds = RECORDS(page, BuildStatus);
    for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++)
        assert_int_equal(builds[i].state, STATES[i]);
    assert_string_equal(builds[0].commit_hash, "2ae150fc05f8aaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert_string_equal(builds[0].key, "ci-1");
    assert_string_equal(builds[0].name, "unit tests");
    assert_string_equal(builds[0].url, "https://ci.example.test/1");
    assert_int_equal(builds[0].created, at("2026-11-20T09:00:00.000001Z"));
    assert_int_equal(builds[0].updated, at("2026-11-20T09:05:00Z"));
    assert_string_equal(builds[1].commit_hash, "67a6aa42721a67a6aa42721a67a6aa42721a67a6");
    assert_null(builds[1].url);
    assert_null(builds[1].name);
    assert_null(builds[2].commit_hash);
    assert_null(builds[4].commit_hash); /* "main" is no hash */
    assert_int_equal(page->n_quarantined, 1);
    assert_quarantined(page, 0, "", "key is missing");
}

static void tasks_without_those_that_only_their_author_sees(void **state)
{
    g_autoptr(RecordPage) page = decoded(DECODE_TASK_LIST, "tasks.json", NULL);
    assert_int_equal(page->n_records, 3);
    assert_int_equal(page->n_skipped, 1);
    const PrTask *tasks = RECORDS(page, PrTask);
    assert_int_equal(tasks[0].task_id, 7);
    assert_int_equal(tasks[0].comment_id, 118571088);
    assert_string_equal(tasks[0].creator.uuid, "{ana}");
    assert_false(tasks[0].is_resolved);
    assert_null(tasks[0].resolver.uuid);
    assert_int_equal(tasks[0].created, at("2026-11-20T09:00:00Z"));
    assert_int_equal(tasks[0].resolved, TIME_ABSENT);
    assert_true(tasks[1].is_resolved);
    assert_int_equal(tasks[1].comment_id, COUNT_ABSENT);
    assert_string_equal(tasks[1].resolver.uuid, "{ben}");
    assert_int_equal(tasks[1].resolved, at("2026-11-20T09:01:30Z"));
    assert_int_equal(tasks[2].resolved, at("2026-11-20T09:03:00Z")); /* the last thing done to it */
    assert_int_equal(page->n_quarantined, 1);
    assert_quarantined(page, 0, "11", "id is a text instead of a whole number");
}

static void pipelines_of_branches_and_of_pull_requests(void **state)
{
    static const BuildState STATES[] = {BUILD_SUCCESSFUL, BUILD_IN_PROGRESS, BUILD_IN_PROGRESS,
                                        BUILD_FAILED,     BUILD_STOPPED,     BUILD_UNKNOWN};
    g_autoptr(RecordPage) page = decoded(DECODE_PIPELINE_LIST, "pipelines.json", NULL);
    assert_int_equal(page->n_records, G_N_ELEMENTS(STATES));
    const Pipeline *pipelines = RECORDS(page, Pipeline);
    for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++)
        assert_int_equal(pipelines[i].state, STATES[i]);
    assert_string_equal(pipelines[0].uuid, "{p1}");
    assert_int_equal(pipelines[0].build_number, 42);
    assert_string_equal(pipelines[0].ref_name, "main");
    assert_string_equal(pipelines[0].commit_hash, "ca4302e0e56c89332711e1b1051ab2f0110d4412");
    assert_int_equal(pipelines[0].pull_request, COUNT_ABSENT);
    assert_int_equal(pipelines[0].created, at("2026-11-20T08:58:19.143970Z"));
    assert_int_equal(pipelines[0].completed, at("2026-11-20T09:03:46.096165Z"));
    assert_int_equal(pipelines[1].build_number, COUNT_ABSENT);
    assert_int_equal(pipelines[1].pull_request, 62);
    assert_string_equal(pipelines[1].ref_name, "feature/login");
    assert_int_equal(pipelines[1].completed, TIME_ABSENT);
    assert_quarantined(page, 0, "{p7}", "state.name is missing");
}

static void environments_of_every_kind(void **state)
{
    static const EnvironmentKind KINDS[] = {ENVIRONMENT_PRODUCTION, ENVIRONMENT_TEST,
                                            ENVIRONMENT_STAGING, ENVIRONMENT_UNKNOWN};
    g_autoptr(RecordPage) page = decoded(DECODE_ENVIRONMENT_LIST, "environments.json", NULL);
    assert_int_equal(page->n_records, G_N_ELEMENTS(KINDS));
    for (gsize i = 0; i < G_N_ELEMENTS(KINDS); i++)
        assert_int_equal(RECORDS(page, Environment)[i].kind, KINDS[i]);
    assert_string_equal(RECORDS(page, Environment)[0].uuid, "{e1}");
    assert_string_equal(RECORDS(page, Environment)[0].name, "Live");
    assert_quarantined(page, 0, "", "uuid is missing");
}

static void deployments_by_the_real_names_and_by_the_specified_ones(void **state)
{
    static const DeploymentState STATES[] = {DEPLOYMENT_SUCCESSFUL,  DEPLOYMENT_FAILED,
                                             DEPLOYMENT_IN_PROGRESS, DEPLOYMENT_UNDEPLOYED,
                                             DEPLOYMENT_STOPPED,     DEPLOYMENT_UNKNOWN};
    g_autoptr(RecordPage) page = decoded(DECODE_DEPLOYMENT_LIST, "deployments.json", NULL);
    assert_int_equal(page->n_records, G_N_ELEMENTS(STATES));
    const Deployment *deployments = RECORDS(page, Deployment);
    for (gsize i = 0; i < G_N_ELEMENTS(STATES); i++)
        assert_int_equal(deployments[i].state, STATES[i]);
    assert_string_equal(deployments[0].environment.name, "Live");
    assert_int_equal(deployments[0].environment.kind, ENVIRONMENT_PRODUCTION);
    assert_string_equal(deployments[0].commit_hash, "ca4302e0e56c89332711e1b1051ab2f0110d4412");
    assert_string_equal(deployments[0].pipeline_uuid, "{p1}");
    assert_string_equal(deployments[0].url, "https://bitbucket.org/acme/web/deployments");
    assert_int_equal(deployments[0].started, at("2026-11-20T09:38:47.203390Z"));
    assert_int_equal(deployments[0].completed, at("2026-11-20T09:38:52.307323Z"));
    assert_int_equal(deployments[0].updated, at("2026-11-20T09:38:53Z"));
    assert_string_equal(deployments[1].environment.uuid, "{e1}");
    assert_null(deployments[1].environment.name);
    assert_string_equal(deployments[1].commit_hash, "3c80cde6b371");
    assert_string_equal(deployments[1].pipeline_uuid, "{p2}");
    assert_string_equal(deployments[1].url, "https://bitbucket.org/acme/web/results/187");
    assert_int_equal(deployments[1].started, at("2026-11-20T09:00:00Z"));
    assert_int_equal(deployments[1].completed, at("2026-11-20T09:01:00Z"));
    assert_null(deployments[2].environment.uuid);
    assert_int_equal(deployments[2].completed, TIME_ABSENT);
    assert_quarantined(page, 0, "{d7}", "environment is a text");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repositories_with_links_cleaned_and_bad_ones_set_aside),
        cmocka_unit_test(a_pull_request_with_everybody_who_takes_part),
        cmocka_unit_test(absent_people_forks_and_states_are_no_errors),
        cmocka_unit_test(the_activity_feed_entry_by_entry),
        cmocka_unit_test(comments_with_resolution_and_deletion),
        cmocka_unit_test(commits_with_their_authors_taken_apart),
        cmocka_unit_test(file_changes_by_their_newer_path),
        cmocka_unit_test(deliveries_become_events),
        cmocka_unit_test(error_bodies_in_all_their_forms),
        cmocka_unit_test(names_what_is_wrong_with_a_whole_body),
        cmocka_unit_test(refuses_what_is_too_deep_too_many_or_too_large),
        cmocka_unit_test(sixty_four_levels_are_not_too_deep),
        cmocka_unit_test(repairs_texts_that_are_not_quite_unicode),
        cmocka_unit_test(one_odd_record_costs_no_page),
        cmocka_unit_test(cuts_long_names_at_a_characters_edge),
        cmocka_unit_test(builds_name_their_commit_in_one_way_or_another),
        cmocka_unit_test(tasks_without_those_that_only_their_author_sees),
        cmocka_unit_test(pipelines_of_branches_and_of_pull_requests),
        cmocka_unit_test(environments_of_every_kind),
        cmocka_unit_test(deployments_by_the_real_names_and_by_the_specified_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
