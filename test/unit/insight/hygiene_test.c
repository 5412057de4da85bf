/*
 * Connections and their reading: what is told of a credential and of a repository that is not up to
 * date, and what another connection's trouble is not told of.
 */
#include "stage.h"

#define DAY(n) MINUTE((n) *24 * 60)

/* What a connection is known by; 0 and NULL: an ordinary one that read everything at day 10. */
typedef struct {
    UtcTime expires, server_time;
    const char *state, *state_reason, *scopes, *unneeded_scopes;
} Given;

static void put_connection(Fixture *f, const char *name, Given given)
{
    const StoreConnection connection = {
        .workspace_id = f->workspace_id,
        .connection_id = model_id(ID_CONNECTION, f->workspace_id, name),
        .name = (char *) name,
        .kind = (char *) "repository-access-token",
        .api_base = (char *) "https://api.example.test",
        .expires = given.expires != 0 ? given.expires : TIME_ABSENT,
        .scopes = (char *) given.scopes,
        .unneeded_scopes = (char *) given.unneeded_scopes,
        .state = (char *) (given.state != NULL ? given.state : "ok"),
        .state_reason = (char *) given.state_reason,
        .checked = DAY(0),
        .server_time = given.server_time != 0 ? given.server_time : DAY(10),
        .created = DAY(0),
    };
    WRITE(f, store_put_connection(tx, &connection, "secret", &error));
}

static void select_repository(Fixture *f)
{
    WRITE(f, store_select_repository(tx, f->workspace_id, f->repository_id, TRUE, &error));
}

static void put_problem(Fixture *f, const char *code, gboolean is_note)
{
    if (is_note)
        WRITE(f, store_put_note(tx, f->workspace_id, f->repository_id, "details", code,
                                "Pipelines may not be read.", DAY(9), &error));
    else
        WRITE(f, store_put_problem(tx, f->workspace_id, f->repository_id, "git", code,
                                   "The remote hung up.", DAY(9), &error));
}

/* At day 10. */
static void update(Fixture *f)
{
    stage_update(f, 10 * 24 * 60, TRUE);
}

/* The holding finding of a rule about @subject (NULL: about the repository); NULL: none. */
static StoreFinding *finding_of(Fixture *f, const char *rule, const char *subject)
{
    g_autoptr(GPtrArray) findings = NULL;
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_EVER,
                                              &error)) != NULL);
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        if (strcmp(finding->rule, rule) == 0 && g_strcmp0(finding->subject, subject) == 0 &&
            finding->ended == TIME_ABSENT)
            return g_ptr_array_steal_index(findings, i);
    }
    return NULL;
}

static void expect(Fixture *f, const char *rule, const char *subject, const char *severity,
                   const char *words)
{
    g_autoptr(StoreFinding) finding = finding_of(f, rule, subject);
    if (words == NULL) {
        assert_null(finding);
        return;
    }
    if (finding == NULL)
        fail_msg("%s: nothing found", rule);
    assert_string_equal(finding->severity, severity);
    if (strstr(finding->what, words) == NULL)
        fail_msg("\"%s\" lacks \"%s\"", finding->what, words);
    assert_true(finding->next != NULL && finding->next[0] != '\0');
    assert_true(finding->evidence_in_all >= 1);
}

static void healthy_connections_are_not_told_of(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", (Given){.expires = DAY(41)});
    select_repository(f);
    update(f);
    g_autoptr(GPtrArray) findings = NULL;
    assert_ok((findings = store_list_findings(f->store, f->workspace_id, STORE_ENDED_EVER,
                                              &error)) != NULL);
    assert_int_equal(findings->len, 0);
}

static void an_expiry_is_told_thirty_days_before(void **state)
{
    Fixture *f = *state;
    put_connection(f, "far", (Given){.expires = DAY(40) + 1});
    put_connection(f, "near", (Given){.expires = DAY(40)});
    put_connection(f, "soon", (Given){.expires = DAY(17)});
    put_connection(f, "over", (Given){.expires = DAY(8)});
    update(f);
    expect(f, "token-expires", "far", NULL, NULL);
    expect(f, "token-expires", "near", "warning", "in 30 d");
    expect(f, "token-expires", "soon", "critical", "expires on 18 Jan 2026");
    expect(f, "token-expires", "over", "critical", "expired on 9 Jan 2026");
    /* A new token ends it. */
    put_connection(f, "soon", (Given){.expires = DAY(400)});
    update(f);
    expect(f, "token-expires", "soon", NULL, NULL);
}

static void a_lack_is_told_of_the_connection_that_reads_the_repository(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", (Given){0});
    put_connection(f, "other", (Given){0});
    select_repository(f);
    put_problem(f, "scope-missing", TRUE);
    update(f);
    expect(f, "scope-missing", "main", "notice", "part of a repository is left out");
    expect(f, "scope-missing", "other", NULL, NULL);
    put_connection(f, "other",
                   (Given){.state = "lacking", .state_reason = "It lacks: pullrequest."});
    update(f);
    expect(f, "scope-missing", "other", "warning", "It lacks: pullrequest.");
}

static void scopes_that_nothing_needs_are_named(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main",
                   (Given){.scopes = "repository repository:write pullrequest:write",
                           .unneeded_scopes = "repository:write pullrequest:write"});
    update(f);
    expect(f, "scope-excess", "main", "notice", "repository:write, pullrequest:write");
}

static void a_repository_is_not_up_to_date_after_a_fault(void **state)
{
    Fixture *f = *state;
    put_connection(f, "main", (Given){0});
    put_problem(f, "git", FALSE);
    update(f);
    expect(f, "not-synchronised", NULL, NULL, NULL); /* nobody selected it */
    select_repository(f);
    update(f);
    expect(f, "not-synchronised", NULL, "warning", "reading it fails since 10 Jan 2026");
    WRITE(f, store_clear_problems(tx, f->workspace_id, f->repository_id, NULL, &error));
    put_problem(f, "scope-missing", TRUE); /* a note is no fault */
    update(f);
    expect(f, "not-synchronised", NULL, NULL, NULL);
}

static void a_repository_is_not_up_to_date_when_its_connection_sleeps(void **state)
{
    Fixture *f = *state;
    select_repository(f);
    put_connection(f, "main", (Given){.server_time = DAY(9) + 1});
    put_connection(f, "other", (Given){.server_time = DAY(1)});
    update(f);
    expect(f, "not-synchronised", NULL, NULL, NULL);
    put_connection(f, "main", (Given){.server_time = DAY(9)});
    update(f);
    expect(f, "not-synchronised", NULL, "warning", "has read nothing since 10 Jan 2026");
    put_connection(f, "main", (Given){.state = "rejected"});
    update(f);
    expect(f, "not-synchronised", NULL, "warning", "does not accept the credential of 'main'");
    put_connection(f, "main", (Given){0});
    WRITE(f,
          store_set_repository_state(tx, f->workspace_id, f->repository_id, "forbidden", &error));
    update(f);
    expect(f, "not-synchronised", NULL, "warning", "may not read it");
}

int main(void)
{
#define IN_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        IN_STORE(healthy_connections_are_not_told_of),
        IN_STORE(an_expiry_is_told_thirty_days_before),
        IN_STORE(a_lack_is_told_of_the_connection_that_reads_the_repository),
        IN_STORE(scopes_that_nothing_needs_are_named),
        IN_STORE(a_repository_is_not_up_to_date_after_a_fault),
        IN_STORE(a_repository_is_not_up_to_date_when_its_connection_sleeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
