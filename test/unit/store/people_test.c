/* Who is who, and teams: aliases that can be undone, names that say whom they mean, memberships
 * with dates. */
#include "fixture.h"

#define HASH "c000000000000000000000000000000000000001"

static gint64 person(Fixture *f, const char *key)
{
    return model_id(ID_PERSON, f->workspace_id, key);
}

/* Pull request 1 by {ana}, asking {ben}; {ana2} approves it; a commit by ana@home.test. */
static void put_world(Fixture *f)
{
    static const char *const HASHES[] = {HASH};
    Participant participants[] = {{fixture_person("ben"), TRUE, PARTICIPANT_NO_STATE, MINUTE(9)},
                                  {fixture_person("ana2"), FALSE, PARTICIPANT_APPROVED, MINUTE(5)}};
    PullRequest pr = fixture_pull_request(1, 10);
    pr.has_participants = TRUE;
    pr.participants = participants;
    pr.n_participants = 2;
    PrEvent events[] = {fixture_event(1, PR_EVENT_APPROVED, 5, "ana2"),
                        fixture_comment(1, 9, "ben", 7)};
    Commit commit = fixture_commit(HASH, 2, "ana@home.test");
    StoreChanges changes = {0};
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    WRITE(f, store_put_events(tx, f->workspace_id, f->repository_id, events, 2, &changes, &error));
    WRITE(f,
          store_put_commits(tx, f->workspace_id, f->repository_id, &commit, 1, &changes, &error));
    WRITE(f, store_put_pr_commits(tx, f->workspace_id, f->repository_id, 1, "git", HASHES, 1,
                                  &changes, &error));
}

static void put_alias(Fixture *f, const char *from, const char *into, const char *rule)
{
    const StoreAlias alias = {.person_id = person(f, from),
                              .into_id = person(f, into),
                              .rule = (char *) rule,
                              .reason = (char *) "They are one.",
                              .made = MINUTE(1)};
    WRITE(f, store_put_alias(tx, f->workspace_id, &alias, &error));
}

static gint64 canonical(Fixture *f, const char *key)
{
    g_autoptr(PersonMap) map = NULL;
    assert_ok((map = person_map_load(f->store, f->workspace_id, &error)) != NULL);
    return person_map_canonical(map, person(f, key));
}

/* ---- aliases */

static void aliases_lead_to_one_person_through_others_and_can_be_taken_away(void **state)
{
    Fixture *f = *state;
    put_world(f);
    put_alias(f, "email:ana@home.test", "{ana2}", "told");
    put_alias(f, "{ana2}", "{ana}", ALIAS_BY_HAND);
    assert_true(canonical(f, "email:ana@home.test") == person(f, "{ana}"));
    assert_true(canonical(f, "{ana}") == person(f, "{ana}"));
    assert_true(canonical(f, "{ben}") == person(f, "{ben}"));
    WRITE(f, store_delete_alias(tx, f->workspace_id, person(f, "{ana2}"), &error));
    assert_true(canonical(f, "email:ana@home.test") == person(f, "{ana2}"));
}

static void a_ring_of_aliases_is_refused(void **state)
{
    Fixture *f = *state;
    put_world(f);
    put_alias(f, "{ana2}", "{ana}", ALIAS_BY_HAND);
    put_alias(f, "{ana}", "{ben}", ALIAS_BY_HAND);
    g_autoptr(StoreTx) tx = NULL;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    StoreAlias ring = {.person_id = person(f, "{ben}"),
                       .into_id = person(f, "{ana2}"),
                       .rule = (char *) ALIAS_BY_HAND,
                       .reason = (char *) "",
                       .made = MINUTE(1)};
    assert_fails(store_put_alias(tx, f->workspace_id, &ring, &error), INVALID);
    ring.into_id = ring.person_id;
    assert_fails(store_put_alias(tx, f->workspace_id, &ring, &error), INVALID);
}

static void a_rule_does_not_replace_what_somebody_decided(void **state)
{
    Fixture *f = *state;
    put_world(f);
    put_alias(f, "email:ana@home.test", "{ana}", ALIAS_BY_HAND);
    put_alias(f, "email:ana@home.test", "{ben}", "told");
    assert_true(canonical(f, "email:ana@home.test") == person(f, "{ana}"));
    put_alias(f, "email:ana@home.test", "{ben}", ALIAS_BY_HAND);
    assert_true(canonical(f, "email:ana@home.test") == person(f, "{ben}"));
}

static gboolean check_united(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    assert_true(row->author_id == person(f, "{ana}"));
    assert_true(row->events[0].kind == PR_EVENT_APPROVED);
    assert_true(row->events[0].actor_id == person(f, "{ana}"));
    assert_int_equal(row->n_participants, 1);
    assert_true(row->participants[0].person_id == person(f, "{ana}"));
    assert_true(row->participants[0].is_reviewer);
    assert_int_equal(row->participants[0].state, PARTICIPANT_APPROVED);
    assert_true(row->participants[0].participated == MINUTE(5));
    return TRUE;
}

static gboolean check_author(const StoreCommitRow *row, gpointer user_data, GError **error)
{
    Fixture *f = user_data;
    assert_true(row->author_id == person(f, "{ana}"));
    return TRUE;
}

static void visits_show_who_people_are(void **state)
{
    Fixture *f = *state;
    put_world(f);
    put_alias(f, "{ana2}", "{ana}", ALIAS_BY_HAND);
    put_alias(f, "{ben}", "{ana}", ALIAS_BY_HAND);
    put_alias(f, "email:ana@home.test", "{ana}", "told");
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, 1, check_united,
                                       f, &error));
    assert_ok(store_visit_commits(f->store, f->workspace_id, check_author, f, &error));
}

static gint64 count_todo(Fixture *f)
{
    gint64 count = 0;
    assert_ok(store_count_fact_todo(f->store, f->workspace_id, &count, &error));
    return count;
}

static gboolean note_generation(const StorePullRequest *row, gpointer user_data, GError **error)
{
    gint64 *generation = user_data;
    *generation = row->generation;
    return TRUE;
}

/* Takes a pull request off the list as measures do. */
static void compute(Fixture *f, gint64 number)
{
    const FactPr fact = {.repository_id = f->repository_id, .number = number};
    gint64 generation = 0;
    assert_ok(store_visit_pull_request(f->store, f->workspace_id, f->repository_id, number,
                                       note_generation, &generation, &error));
    WRITE(f, store_put_facts(tx, f->workspace_id, &fact, NULL, 0, generation, &error));
}

static void empty_todo(Fixture *f)
{
    compute(f, 1);
    assert_int_equal(count_todo(f), 0);
}

static void what_a_merged_person_touched_is_computed_anew(void **state)
{
    Fixture *f = *state;
    put_world(f);
    empty_todo(f);
    put_alias(f, "{ana2}", "{ana}", ALIAS_BY_HAND);
    assert_int_equal(count_todo(f), 1);
    empty_todo(f);
    put_alias(f, "{ana2}", "{ana}", ALIAS_BY_HAND); /* nothing new */
    assert_int_equal(count_todo(f), 0);
    WRITE(f, store_delete_alias(tx, f->workspace_id, person(f, "{ana2}"), &error));
    assert_int_equal(count_todo(f), 1);
}

static void a_bot_takes_what_its_aliases_touched_along(void **state)
{
    Fixture *f = *state;
    put_world(f);
    StoreChanges changes = {0};
    PullRequest other = fixture_pull_request(2, 10);
    other.author = fixture_person("cyd");
    WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &other, 1, &changes,
                                     &error));
    put_alias(f, "{ana2}", "{cyd}", ALIAS_BY_HAND);
    for (gint64 number = 1; number <= 2; number++)
        compute(f, number);
    assert_int_equal(count_todo(f), 0);
    WRITE(f, store_mark_person(tx, f->workspace_id, person(f, "{cyd}"), TRUE, "by hand: a robot",
                               FALSE, &error));
    assert_int_equal(count_todo(f), 2);
}

/* ---- names */

static void people_are_found_by_what_they_are_called(void **state)
{
    static const char *const NAMES[] = {"{ben}", "ben", "{BEN}", "BEN"};
    Fixture *f = *state;
    put_world(f);
    gint64 id = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        assert_ok(store_find_person(f->store, f->workspace_id, NAMES[i], &id, &error));
        assert_true(id == person(f, "{ben}"));
    }
    assert_ok(store_find_person(f->store, f->workspace_id, "Ana@Home.test", &id, &error));
    assert_true(id == person(f, "email:ana@home.test"));
    put_alias(f, "email:ana@home.test", "{ana}", "told");
    assert_ok(store_find_person(f->store, f->workspace_id, "ana@home.test", &id, &error));
    assert_true(id == person(f, "{ana}"));
    assert_ok(store_find_sighting(f->store, f->workspace_id, "ana@home.test", &id, &error));
    assert_true(id == person(f, "email:ana@home.test"));
    assert_fails(store_find_person(f->store, f->workspace_id, "nobody", &id, &error), NOT_FOUND);
}

static void a_name_of_several_people_lists_them(void **state)
{
    Fixture *f = *state;
    Person twins[] = {fixture_person("one"), fixture_person("two")};
    for (gsize i = 0; i < 2; i++) {
        PullRequest pr = fixture_pull_request(1 + (gint64) i, 10);
        StoreChanges changes = {0};
        twins[i].display_name = "Kim Lee";
        pr.author = twins[i];
        WRITE(f, store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes,
                                         &error));
    }
    gint64 id = 0;
    assert_fails_saying(store_find_person(f->store, f->workspace_id, "kim lee", &id, &error),
                        INVALID, "{one}");
    assert_fails_saying(store_find_person(f->store, f->workspace_id, "kim lee", &id, &error),
                        INVALID, "{two}");
    put_alias(f, "{two}", "{one}", ALIAS_BY_HAND); /* one person has one name */
    assert_ok(store_find_person(f->store, f->workspace_id, "KIM LEE", &id, &error));
    assert_true(id == person(f, "{one}"));
}

static void evidence_counts_pull_requests_and_commits(void **state)
{
    Fixture *f = *state;
    put_world(f);
    for (guint only_todo = 0; only_todo < 2; only_todo++) {
        g_autoptr(GArray) found = NULL;
        assert_ok((found = store_list_authorship(f->store, f->workspace_id, only_todo != 0,
                                                 &error)) != NULL);
        assert_int_equal(found->len, 1);
        const StoreAuthorship *row = &g_array_index(found, StoreAuthorship, 0);
        assert_true(row->committer_id == person(f, "email:ana@home.test"));
        assert_true(row->author_id == person(f, "{ana}"));
        assert_int_equal(row->pull_requests, 1);
        assert_int_equal(row->commits, 1);
    }
    empty_todo(f);
    g_autoptr(GArray) nothing = NULL;
    assert_ok((nothing = store_list_authorship(f->store, f->workspace_id, TRUE, &error)) != NULL);
    assert_int_equal(nothing->len, 0);
}

/* ---- teams */

static gint64 put_team(Fixture *f, const char *name)
{
    const StoreTeam team = {.name = (char *) name, .zone = (char *) "Europe/Berlin"};
    gint64 id = 0;
    WRITE(f, store_put_team(tx, f->workspace_id, &team, &id, &error));
    return id;
}

static void put_member(Fixture *f, gint64 team, const char *who, UtcTime from, UtcTime until)
{
    const StoreTeamMember member = {team, person(f, who), from, until};
    WRITE(f, store_put_team_member(tx, f->workspace_id, &member, &error));
}

static void a_move_leaves_the_past_as_it_was(void **state)
{
    Fixture *f = *state;
    put_world(f);
    gint64 red = put_team(f, "Red"), blue = put_team(f, "Blue");
    put_member(f, red, "{ana}", TEAM_SINCE_EVER, TIME_ABSENT);
    WRITE(f, store_end_team_member(tx, f->workspace_id, person(f, "{ana}"), MINUTE(60), &error));
    put_member(f, blue, "{ana}", MINUTE(60), TIME_ABSENT);
    g_autoptr(GArray) members = NULL;
    assert_ok((members = store_list_team_members(f->store, f->workspace_id, 0, &error)) != NULL);
    assert_int_equal(members->len, 2);
    const StoreTeamMember *rows = (const StoreTeamMember *) (const void *) members->data;
    assert_true(rows[0].team_id == red && rows[0].from == TEAM_SINCE_EVER &&
                rows[0].until == MINUTE(60));
    assert_true(rows[1].team_id == blue && rows[1].from == MINUTE(60) &&
                rows[1].until == TIME_ABSENT);
}

static void nobody_is_in_two_teams_at_a_time(void **state)
{
    Fixture *f = *state;
    put_world(f);
    gint64 red = put_team(f, "Red"), blue = put_team(f, "Blue");
    put_member(f, red, "{ana}", MINUTE(10), MINUTE(20));
    put_member(f, blue, "{ana}", MINUTE(20), TIME_ABSENT); /* the end is outside */
    g_autoptr(StoreTx) tx = NULL;
    assert_ok((tx = store_begin(f->store, &error)) != NULL);
    StoreTeamMember member = {blue, person(f, "{ana}"), MINUTE(19), MINUTE(20)};
    assert_fails_saying(store_put_team_member(tx, f->workspace_id, &member, &error), INVALID,
                        "'Red'");
    member = (StoreTeamMember){red, person(f, "{ana}"), MINUTE(90), TIME_ABSENT};
    assert_fails_saying(store_put_team_member(tx, f->workspace_id, &member, &error), INVALID,
                        "'Blue'");
    member = (StoreTeamMember){red, person(f, "{ana}"), MINUTE(5), MINUTE(5)};
    assert_fails(store_put_team_member(tx, f->workspace_id, &member, &error), INVALID);
    assert_fails(store_end_team_member(tx, f->workspace_id, person(f, "{ben}"), MINUTE(1), &error),
                 NOT_FOUND);
}

static void a_member_of_a_team_is_the_canonical_person(void **state)
{
    Fixture *f = *state;
    put_world(f);
    put_member(f, put_team(f, "Red"), "{ana2}", TEAM_SINCE_EVER, TIME_ABSENT);
    put_alias(f, "{ana2}", "{ana}", ALIAS_BY_HAND);
    g_autoptr(GArray) members = NULL;
    assert_ok((members = store_list_team_members(f->store, f->workspace_id, 0, &error)) != NULL);
    assert_true(g_array_index(members, StoreTeamMember, 0).person_id == person(f, "{ana}"));
}

static void team_names_are_unique_and_an_id_outlives_its_name(void **state)
{
    Fixture *f = *state;
    gint64 red = put_team(f, "Red"), found = 0;
    StoreTx *refused = NULL;
    assert_ok((refused = store_begin(f->store, &error)) != NULL);
    StoreTeam team = {.name = (char *) "RED"};
    assert_fails(store_put_team(refused, f->workspace_id, &team, NULL, &error), INVALID);
    store_rollback(refused);
    team = (StoreTeam){.team_id = red, .name = (char *) "Crimson"};
    WRITE(f, store_put_team(tx, f->workspace_id, &team, NULL, &error));
    assert_true(put_team(f, "Red") != red);
    assert_ok(store_find_team(f->store, f->workspace_id, "crimson", &found, &error));
    assert_true(found == red);
    assert_fails_saying(store_find_team(f->store, f->workspace_id, "Green", &found, &error),
                        NOT_FOUND, "Crimson, Red");
}

static void a_team_goes_with_members_and_holidays(void **state)
{
    Fixture *f = *state;
    put_world(f);
    gint64 red = put_team(f, "Red");
    put_member(f, red, "{ana}", TEAM_SINCE_EVER, TIME_ABSENT);
    const StoreHoliday holidays[] = {{red, (char *) "2026-12-25", (char *) "Christmas"},
                                     {red, (char *) "2026-12-25", (char *) "Christmas Day"},
                                     {red, (char *) "2026-12-24", (char *) "Eve"}};
    for (gsize i = 0; i < G_N_ELEMENTS(holidays); i++)
        WRITE(f, store_put_holiday(tx, f->workspace_id, &holidays[i], &error));
    g_autoptr(GPtrArray) days = NULL;
    assert_ok((days = store_list_holidays(f->store, f->workspace_id, red, &error)) != NULL);
    assert_int_equal(days->len, 2);
    assert_string_equal(((const StoreHoliday *) days->pdata[1])->name, "Christmas Day");
    WRITE(f, store_delete_holidays(tx, f->workspace_id, red, "2026-12-24", &error));
    WRITE(f, store_delete_team(tx, f->workspace_id, red, &error));
    g_autoptr(GPtrArray) teams = NULL;
    g_autoptr(GPtrArray) left = NULL;
    g_autoptr(GArray) members = NULL;
    assert_ok((teams = store_list_teams(f->store, f->workspace_id, &error)) != NULL);
    assert_ok((left = store_list_holidays(f->store, f->workspace_id, 0, &error)) != NULL);
    assert_ok((members = store_list_team_members(f->store, f->workspace_id, 0, &error)) != NULL);
    assert_int_equal(teams->len + left->len + members->len, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(aliases_lead_to_one_person_through_others_and_can_be_taken_away),
        TEST(a_ring_of_aliases_is_refused),
        TEST(a_rule_does_not_replace_what_somebody_decided),
        TEST(visits_show_who_people_are),
        TEST(what_a_merged_person_touched_is_computed_anew),
        TEST(a_bot_takes_what_its_aliases_touched_along),
        TEST(people_are_found_by_what_they_are_called),
        TEST(a_name_of_several_people_lists_them),
        TEST(evidence_counts_pull_requests_and_commits),
        TEST(a_move_leaves_the_past_as_it_was),
        TEST(nobody_is_in_two_teams_at_a_time),
        TEST(a_member_of_a_team_is_the_canonical_person),
        TEST(team_names_are_unique_and_an_id_outlives_its_name),
        TEST(a_team_goes_with_members_and_holidays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
