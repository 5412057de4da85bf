/*
 * Pull requests put into a store and findings read back, in a few words. Includes the store's
 * fixture; minutes count from its T0.
 */
#include "../store/fixture.h"

#include "insight/insight.h"

static inline gint64 stage_person(Fixture *f, const char *name)
{
    g_autofree char *uuid = g_strdup_printf("{%s}", name);
    return model_id(ID_PERSON, f->workspace_id, uuid);
}

/* An open pull request by ana with ben asked to review it, as of minute @updated. */
static inline void stage_pull(Fixture *f, PullRequest record, const char *reviewer)
{
    StoreChanges changes = {0};
    Person person = fixture_person(reviewer != NULL ? reviewer : "nobody");
    Participant participant = {.person = person, .is_reviewer = TRUE, .participated = TIME_ABSENT};
    record.has_participants = TRUE;
    if (reviewer != NULL) {
        record.reviewers = &person;
        record.n_reviewers = 1;
        record.participants = &participant;
        record.n_participants = 1;
    }
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &record, 1, &changes,
                                     &error));
}

/* The record, whose participant approved. */
static inline void stage_approved(Fixture *f, PullRequest record, const char *reviewer, int at)
{
    StoreChanges changes = {0};
    Participant participant = {.person = fixture_person(reviewer),
                               .is_reviewer = TRUE,
                               .state = PARTICIPANT_APPROVED,
                               .participated = MINUTE(at)};
    record.has_participants = TRUE;
    record.participants = &participant;
    record.n_participants = 1;
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &record, 1, &changes,
                                     &error));
}

static inline void stage_event(Fixture *f, PrEvent event)
{
    StoreChanges changes = {0};
    WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, &event, 1, &changes, &error));
}

/* With the connection that reads it, which always has just done so. */
static inline void stage_select(Fixture *f, gboolean selected)
{
    const StoreConnection connection = {.workspace_id = f->workspace_id,
                                        .connection_id = f->connection_id,
                                        .name = (char *) "main",
                                        .kind = (char *) "repository-access-token",
                                        .api_base = (char *) "https://api.example.test",
                                        .state = (char *) "ok",
                                        .expires = TIME_ABSENT,
                                        .checked = MINUTE(0),
                                        .server_time = MINUTE(1000 * 24 * 60),
                                        .created = MINUTE(0)};
    WRITE(f, store_put_connection(tx, &connection, "secret", &error));
    WRITE(f, store_select_repository(tx, f->workspace_id, f->repository_id, selected, &error));
}

static inline InsightSummary stage_update(Fixture *f, int minute, gboolean full)
{
    InsightSummary summary = {0};
    assert_ok(insight_update(f->store, f->workspace_id, MINUTE(minute), full, &summary, &error));
    assert_int_equal(summary.failures->len, 0);
    g_clear_pointer(&summary.failures, g_ptr_array_unref);
    return summary;
}

/* The finding of a rule about a pull request; NULL: none was ever. */
static inline StoreFinding *stage_finding(Fixture *f, const char *rule, gint64 number)
{
    g_autoptr(GPtrArray) findings = NULL;
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_EVER,
                                              &error)) != NULL);
    for (guint i = 0; i < findings->len; i++) {
        StoreFinding *finding = findings->pdata[i];
        if (strcmp(finding->rule, rule) == 0 && finding->number == number)
            return g_ptr_array_steal_index(findings, i);
    }
    return NULL;
}

static inline gboolean stage_holds(Fixture *f, const char *rule, gint64 number)
{
    g_autoptr(StoreFinding) finding = stage_finding(f, rule, number);
    return finding != NULL && finding->ended == TIME_ABSENT;
}

/* "found resolved reopened": the kinds of its history. */
static inline char *stage_history(Fixture *f, gint64 finding_id)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GPtrArray) events = NULL;
    assert_ok((events = store_list_finding_events(f->store, f->workspace_id, finding_id, &error)) !=
              NULL);
    for (guint i = 0; i < events->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               ((StoreFindingEvent *) events->pdata[i])->kind);
    return g_string_free(text, FALSE);
}

#define assert_history(f, finding_id, expected)                                                    \
    do {                                                                                           \
        g_autofree char *history = stage_history(f, finding_id);                                   \
        assert_string_equal(history, expected);                                                    \
    } while (0)
