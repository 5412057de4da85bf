/* What people change about teams: what is refused, what stays, what goes into a file and out. */
#include "../store/fixture.h"

#include "measure/measure.h"

#define DAY(n) ((n) *TIME_DAY)

/* Somebody known by uuid, and by an address where one is given. */
static gint64 meet(Fixture *f, gint64 number, const char *uuid, const char *name, const char *email)
{
    StoreChanges changes = {0};
    PullRequest pr = fixture_pull_request(number, 10);
    pr.author = (Person){.uuid = uuid, .display_name = name, .kind = PERSON_USER};
    WRITE(f,
          store_put_pull_requests(tx, f->workspace_id, f->repository_id, &pr, 1, &changes, &error));
    gint64 account = model_id(ID_PERSON, f->workspace_id, uuid);
    if (email != NULL) {
        g_autofree char *hash = g_strdup_printf("%040x", (guint) number + 0xc0000);
        Commit commit = fixture_commit(hash, 1, email);
        WRITE(f, store_put_commits(tx, f->workspace_id, f->repository_id, &commit, 1, &changes,
                                   &error));
        g_autofree char *key = g_strdup_printf("email:%s", email);
        const StoreAlias alias = {model_id(ID_PERSON, f->workspace_id, key), account,
                                  (char *) ALIAS_BY_HAND, (char *) "told", 1};
        WRITE(f, store_put_alias(tx, f->workspace_id, &alias, &error));
    }
    return account;
}

static gint64 put(Fixture *f, const TeamWords *words)
{
    gint64 id = 0;
    g_autoptr(StoreTeam) team = g_new0(StoreTeam, 1);
    assert_ok(team_take_words(team, words, &error));
    WRITE(f, store_put_team(tx, f->workspace_id, team, &id, &error));
    return id;
}

static void refuses(const TeamWords *words, const char *part)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(StoreTeam) team = g_new0(StoreTeam, 1);
    team->name = g_strdup("Red");
    assert_false(team_take_words(team, words, &error));
    assert_true(error_is(error, PLUMBLINE_ERROR_INVALID));
    if (strstr(error->message, part) == NULL)
        fail_msg("'%s' does not speak of '%s'", error->message, part);
}

static void what_makes_no_team_is_refused_in_words(void **state)
{
    refuses(&(TeamWords){.name = ""}, "name");
    refuses(&(TeamWords){.name = "a [b]"}, "bracket");
    refuses(&(TeamWords){.name = "a\nb"}, "control");
    refuses(&(TeamWords){.zone = "Mars/Base"}, "Mars/Base");
    refuses(&(TeamWords){.hours = "morning"}, "09:00-17:00");
    refuses(&(TeamWords){.hours = "17:00-09:00"}, "end after they begin");
}

static void what_is_not_said_stays_and_the_workspace_takes_a_word_back(void **state)
{
    Fixture *f = *state;
    gint64 id = put(f, &(TeamWords){"Red", "Europe/Berlin", "mon-thu", "10:00-16:00"});
    g_autoptr(StoreTeam) team = NULL;
    assert_ok((team = team_get(f->store, f->workspace_id, id, &error)) != NULL);
    assert_ok(team_take_words(team, &(TeamWords){.hours = "11:00-"}, &error));
    assert_string_equal(team->from, "11:00");
    assert_null(team->until);
    assert_string_equal(team->days, "mon-thu");
    assert_ok(
        team_take_words(team, &(TeamWords){.zone = "workspace", .hours = "workspace"}, &error));
    assert_null(team->zone);
    assert_null(team->from);
    assert_string_equal(team->name, "Red");
}

static void a_team_with_a_past_goes_only_when_that_is_said(void **state)
{
    Fixture *f = *state;
    g_autoptr(GError) problem = NULL;
    gint64 ann = meet(f, 1, "{ann}", "Ann", NULL);
    gint64 id = put(f, &(TeamWords){.name = "Red"});
    g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof ann);
    g_array_append_val(people, ann);
    char *names[] = {(char *) "Ann", NULL};
    WRITE(f, team_add_members(tx, f->workspace_id, id, people, names, DAY(1), DAY(2), &error));
    g_autoptr(StoreTeam) team = NULL;
    assert_ok((team = team_get(f->store, f->workspace_id, id, &error)) != NULL);
    StoreTx *doomed = store_begin(f->store, NULL);
    assert_non_null(doomed);
    assert_false(team_remove(f->store, doomed, f->workspace_id, team, FALSE, &problem));
    store_rollback(doomed);
    assert_true(error_is(problem, PLUMBLINE_ERROR_INVALID));
    WRITE(f, team_remove(f->store, tx, f->workspace_id, team, TRUE, &error));
    g_clear_error(&problem);
    assert_null(team_get(f->store, f->workspace_id, id, &problem));
    assert_true(error_is(problem, PLUMBLINE_ERROR_NOT_FOUND));
}

static const StoreTeamMember *member(const GArray *members, gint64 team_id, gint64 person_id)
{
    for (guint i = 0; i < members->len; i++) {
        const StoreTeamMember *one = &g_array_index(members, StoreTeamMember, i);
        if (one->team_id == team_id && one->person_id == person_id)
            return one;
    }
    return NULL;
}

static void a_move_ends_one_membership_and_begins_another(void **state)
{
    Fixture *f = *state;
    gint64 ann = meet(f, 1, "{ann}", "Ann", NULL), ben = meet(f, 2, "{ben}", "Ben", NULL);
    gint64 red = put(f, &(TeamWords){.name = "Red"}), blue = put(f, &(TeamWords){.name = "Blue"});
    WRITE(f, team_move_member(tx, f->workspace_id, ann, red, DAY(10), &error)); /* from nowhere */
    WRITE(f, team_move_member(tx, f->workspace_id, ann, blue, DAY(20), &error));
    WRITE(f, team_move_member(tx, f->workspace_id, ben, blue, DAY(20), &error));
    g_autoptr(GArray) members = NULL;
    assert_ok((members = store_list_team_members(f->store, f->workspace_id, 0, &error)) != NULL);
    assert_int_equal(members->len, 3);
    assert_true(member(members, red, ann)->from == DAY(10));
    assert_true(member(members, red, ann)->until == DAY(20));
    assert_true(member(members, blue, ann)->from == DAY(20));
    assert_true(member(members, blue, ann)->until == TIME_ABSENT);
}

static void import(Fixture *f, const char *text, guint teams, guint people)
{
    guint n_teams = 0, n_people = 0;
    g_autoptr(TeamImport) plan = NULL;
    assert_ok((plan = team_import_plan(f->store, f->workspace_id, text, strlen(text), DAY(100),
                                       &error)) != NULL);
    WRITE(f, team_import_run(tx, plan, &n_teams, &n_people, &error));
    assert_int_equal(n_teams, teams);
    assert_int_equal(n_people, people);
}

static void a_file_comes_out_as_it_can_go_in(void **state)
{
    Fixture *f = *state;
    meet(f, 1, "{ann}", "Ann", "ann@acme.test");
    meet(f, 2, "{ben}", "Ben; the other", NULL);
    gint64 cyd = meet(f, 3, "{cyd}", "Cyd", NULL);
    import(f, "[Red]\nzone=Europe/Berlin\nmembers=Ann; {ben}\nholidays=2026-12-24\n[Empty]\n", 2,
           2);
    /* Who left is not in the file. */
    g_autoptr(GPtrArray) teams = NULL;
    assert_ok((teams = store_list_teams(f->store, f->workspace_id, &error)) != NULL);
    gint64 red = ((const StoreTeam *) teams->pdata[1])->team_id;
    const StoreTeamMember left = {red, cyd, DAY(1), DAY(2)};
    WRITE(f, store_put_team_member(tx, f->workspace_id, &left, &error));
    g_autofree char *text = NULL;
    assert_ok((text = team_export(f->store, f->workspace_id, DAY(100), &error)) != NULL);
    const char *const wanted[] = {"[Empty]",       "[Red]", "zone=Europe/Berlin",
                                  "ann@acme.test", "{ben}", "holidays=2026-12-24"};
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
        if (strstr(text, wanted[i]) == NULL)
            fail_msg("'%s' is not in %s", wanted[i], text);
    assert_null(strstr(text, "{cyd}"));
    import(f, text, 2, 0);
    g_autofree char *again = NULL;
    assert_ok((again = team_export(f->store, f->workspace_id, DAY(100), &error)) != NULL);
    assert_string_equal(again, text);
}

static void a_file_with_somebody_unknown_changes_nothing(void **state)
{
    Fixture *f = *state;
    g_autoptr(GError) problem = NULL;
    const char *text = "[Red]\n[Blue]\nmembers=nobody at all\n";
    assert_null(team_import_plan(f->store, f->workspace_id, text, strlen(text), DAY(1), &problem));
    assert_true(error_is(problem, PLUMBLINE_ERROR_NOT_FOUND));
    assert_non_null(strstr(problem->message, "Blue"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_makes_no_team_is_refused_in_words),
        TEST(what_is_not_said_stays_and_the_workspace_takes_a_word_back),
        TEST(a_team_with_a_past_goes_only_when_that_is_said),
        TEST(a_move_ends_one_membership_and_begins_another),
        TEST(a_file_comes_out_as_it_can_go_in),
        TEST(a_file_with_somebody_unknown_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
