/* The company without git: the same for the same seed, and like a company. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "company.h"

#define EPOCH  ((gint64) 1794816000000000) /* 2026-11-16T08:00:00Z */
#define SECOND ((gint64) 1000000)
#define DAY    (86400 * SECOND)

static Company *make(guint64 seed, guint pull_requests)
{
    CompanyOptions options = {
        .seed = seed, .pull_requests = pull_requests, .epoch = EPOCH, .without_git = TRUE};
    GError *error = NULL;
    Company *company = company_new(&options, &error);
    assert_null(error);
    return company;
}

static char *truth_of(Company *company)
{
    char *text = NULL;
    g_autofree char *folder = g_dir_make_tmp("company-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "truth.json", NULL);
    assert_true(company_write_truth(company, path, NULL));
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    g_rmdir(folder);
    return text;
}

static void test_same_seed_same_truth(void **state)
{
    Company *one = make(11, 400), *two = make(11, 400), *other = make(12, 400);
    g_autofree char *a = truth_of(one), *b = truth_of(two), *c = truth_of(other);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
    company_free(one);
    company_free(two);
    company_free(other);
}

static void test_time_travelled_in_steps_or_at_once_is_the_same(void **state)
{
    Company *one = make(11, 300), *two = make(11, 300);
    assert_true(company_advance(one, 20 * DAY, NULL));
    for (int i = 0; i < 20; i++)
        assert_true(company_advance(two, DAY, NULL));
    g_autofree char *a = truth_of(one), *b = truth_of(two);
    assert_string_equal(a, b);
    company_free(one);
    company_free(two);
}

static void test_wrong_options_are_refused(void **state)
{
    CompanyOptions none = {.epoch = EPOCH, .without_git = TRUE};
    CompanyOptions no_folder = {.pull_requests = 10, .epoch = EPOCH};
    CompanyOptions few = {
        .pull_requests = 10, .repositories = 2, .epoch = EPOCH, .without_git = TRUE};
    const CompanyOptions *wrong[] = {&none, &no_folder, &few};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(company_new(wrong[i], &error));
        assert_non_null(error);
    }
}

static void test_as_many_pull_requests_as_asked(void **state)
{
    guint sizes[] = {1, 20, 500, 3000};
    for (guint s = 0; s < G_N_ELEMENTS(sizes); s++) {
        Company *company = make(3, sizes[s]);
        guint n, opened = 0, empty = 0;
        const CompanyRepository *repositories = company_repositories(company, &n);
        for (guint i = 0; i < n; i++) {
            empty += repositories[i].is_empty;
            for (guint k = 0; k < repositories[i].n_pulls; k++)
                opened += repositories[i].pulls[k].opened_at <= EPOCH;
        }
        assert_int_equal(opened, sizes[s]);
        assert_int_equal(empty, 1);
        company_free(company);
    }
}

/* ---- shares --------------------------------------------------------------------------------- */

typedef struct {
    guint pulls, feed, merged, declined, superseded, open, draft, strategies[4], forks, edited;
    guint by_app, kept_declined, release, generated, empty, withdrawn, huge, deleted, resolved;
    guint inline_comments, comments, tasks, direct, rewritten, reviewers_added, reviewers_removed;
    guint soon_commented;
} Shares;

static void count_pull(const Company *company, const CompanyRepository *repository, guint index,
                       Shares *shares)
{
    guint n_people;
    const CompanyPerson *people = company_people(company, &n_people);
    const CompanyPull *pull = &repository->pulls[index];
    shares->pulls++;
    shares->open += pull->closed_at > EPOCH;
    shares->merged += pull->closed_at <= EPOCH && pull->close_kind == ACT_MERGE;
    shares->declined += pull->closed_at <= EPOCH && pull->close_kind == ACT_DECLINE;
    shares->superseded += pull->closed_at <= EPOCH && pull->close_kind == ACT_SUPERSEDE;
    shares->kept_declined += pull->closed_at <= EPOCH && pull->close_kind == ACT_DECLINE &&
                             pull->branch_deleted_at == NEVER;
    shares->strategies[pull->strategy] += pull->close_kind == ACT_MERGE;
    shares->draft += pull->opened_as_draft;
    shares->forks += pull->from_fork;
    shares->edited += pull->edited_title != NULL;
    shares->by_app += people[pull->author].is_app;
    shares->release += g_str_has_prefix(pull->destination_branch, "release/");
    gboolean generated = FALSE, soon = FALSE;
    for (guint i = 0; i < pull->n_files; i++)
        generated |= pull->files[i].is_generated;
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        soon |= act->kind == ACT_COMMENT && people[act->actor].is_bot &&
                act->at <= pull->opened_at + 60 * SECOND;
    }
    shares->generated += generated;
    shares->soon_commented += soon;
}

static void count_repository(const Company *company, const CompanyRepository *repository,
                             Shares *shares)
{
    for (guint i = 0; i < repository->n_pulls; i++)
        if (repository->pulls[i].opened_at <= EPOCH)
            count_pull(company, repository, i, shares);
    for (guint i = 0; i < company_acts_until_now(company, repository); i++) {
        const CompanyAct *act = &repository->acts[i];
        shares->feed += act->kind != ACT_WITHDRAW_APPROVAL;
        shares->withdrawn += act->kind == ACT_WITHDRAW_APPROVAL;
        shares->empty += act->kind == ACT_EMPTY;
        shares->reviewers_added += act->kind == ACT_REVIEWER_ADDED;
        shares->reviewers_removed += act->kind == ACT_REVIEWER_REMOVED;
    }
    for (guint i = 0; i < repository->n_comments; i++) {
        const CompanyComment *comment = &repository->comments[i];
        shares->comments++;
        shares->huge += comment->huge;
        shares->deleted += comment->deleted_at != NEVER;
        shares->resolved += comment->resolved_at != NEVER;
        shares->inline_comments += comment->path != NULL;
    }
    shares->tasks += repository->n_tasks;
    for (guint i = 0; i < repository->n_commits; i++) {
        const CompanyCommit *commit = &repository->commits[i];
        shares->direct += commit->pull < 0;
        shares->rewritten += commit->committed_at > commit->authored_at + 3600 * SECOND;
    }
}

static void check_share(const char *what, guint n, guint of, double least, double most)
{
    double share = (double) n / of;
    if (share < least || share > most)
        fail_msg("%s: %.4f is not between %.4f and %.4f", what, share, least, most);
}

static void test_shares_are_those_of_a_company(void **state)
{
    Company *company = make(5, 6000);
    Shares s = {0};
    guint n;
    const CompanyRepository *repositories = company_repositories(company, &n);
    for (guint i = 0; i < n; i++)
        count_repository(company, &repositories[i], &s);
    check_share("entries in the feed", s.feed, s.pulls, 11, 13);
    check_share("merged", s.merged, s.pulls, 0.82, 0.93);
    check_share("declined", s.declined, s.pulls, 0.04, 0.08);
    check_share("superseded", s.superseded, s.pulls, 0.004, 0.02);
    check_share("open", s.open, s.pulls, 0.015, 0.07);
    check_share("draft", s.draft, s.pulls, 0.09, 0.18);
    guint merges =
        s.strategies[MERGE_COMMIT] + s.strategies[MERGE_SQUASH] + s.strategies[MERGE_FAST_FORWARD];
    check_share("squash", s.strategies[MERGE_SQUASH], merges, 0.27, 0.43);
    check_share("fast-forward", s.strategies[MERGE_FAST_FORWARD], merges, 0.09, 0.22);
    check_share("merge commit", s.strategies[MERGE_COMMIT], merges, 0.42, 0.58);
    check_share("declined that keep their branch", s.kept_declined, s.declined, 0.65, 0.85);
    check_share("from forks", s.forks, s.pulls, 0.004, 0.025);
    check_share("by an app", s.by_app, s.pulls, 0.03, 0.12);
    check_share("to a release branch", s.release, s.pulls, 0.005, 0.06);
    check_share("with generated files", s.generated, s.pulls, 0.08, 0.35);
    check_share("commented by a bot within a minute", s.soon_commented, s.pulls, 0.5, 0.95);
    check_share("edited titles", s.edited, s.pulls, 0.04, 0.15);
    check_share("entries without content", s.empty, s.feed, 0.0001, 0.003);
    check_share("withdrawn approvals", s.withdrawn, s.pulls, 0.005, 0.04);
    check_share("huge comments", s.huge, s.comments, 0.00005, 0.002);
    check_share("deleted comments", s.deleted, s.comments, 0.01, 0.04);
    check_share("resolved comments", s.resolved, s.comments, 0.03, 0.3);
    check_share("inline comments", s.inline_comments, s.comments, 0.2, 0.6);
    check_share("tasks", s.tasks, s.pulls, 0.02, 0.2);
    check_share("direct commits", s.direct, s.pulls, 0.005, 0.05);
    check_share("reviewers added", s.reviewers_added, s.pulls, 0.05, 0.25);
    check_share("reviewers removed", s.reviewers_removed, s.pulls, 0.005, 0.06);
    assert_true(s.rewritten > 100);
    company_free(company);
}

/* ---- order and sense ------------------------------------------------------------------------ */

static void check_pull_order(const CompanyRepository *repository, guint index)
{
    const CompanyPull *pull = &repository->pulls[index];
    const CompanyAct *first = &repository->acts[pull->acts[0]];
    assert_int_equal(first->kind, ACT_UPDATE);
    assert_true(first->at > pull->opened_at && first->at < pull->opened_at + 100000);
    assert_true(pull->n_files > 0 && pull->n_commits > 0);
    guint closings = 0;
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        assert_int_equal(act->pull, index);
        assert_true(act->commit >= 0);
        gboolean is_closing =
            act->kind == ACT_MERGE || act->kind == ACT_DECLINE || act->kind == ACT_SUPERSEDE;
        if (is_closing)
            assert_true(act->at == pull->closed_at);
        if (act->at > pull->closed_at)
            assert_int_equal(act->kind, ACT_COMMENT);
        closings += is_closing;
    }
    assert_int_equal(closings, pull->closed_at != NEVER);
    assert_true(index == 0 || pull[-1].number < pull->number);
    assert_true(index == 0 || pull[-1].opened_at <= pull->opened_at);
}

static void check_commits(const CompanyRepository *repository)
{
    for (guint i = 0; i < repository->n_commits; i++) {
        const CompanyCommit *commit = &repository->commits[i];
        assert_true(commit->parents[0] < (gint32) i && commit->parents[1] < (gint32) i);
        assert_true(commit->authored_at % SECOND == 0 && commit->committed_at % SECOND == 0);
        assert_true(commit->authored_at <= commit->committed_at);
        assert_true(commit->committed_at <= commit->visible_at);
        assert_int_equal(strlen(commit->hash), 40);
    }
}

static void test_everything_happens_in_order(void **state)
{
    Company *company = make(8, 3000);
    guint n, n_people;
    const CompanyRepository *repositories = company_repositories(company, &n);
    const CompanyPerson *people = company_people(company, &n_people);
    for (guint i = 0; i < n; i++) {
        const CompanyRepository *repository = &repositories[i];
        for (guint k = 0; k < repository->n_pulls; k++)
            check_pull_order(repository, k);
        for (guint k = 0; k < repository->n_acts; k++) {
            const CompanyAct *act = &repository->acts[k];
            assert_true(k == 0 || repository->acts[k - 1].at < act->at);
            if (act->actor >= 0)
                assert_true(act->at < people[act->actor].left_at);
            if (act->kind == ACT_COMMENT)
                assert_true(repository->comments[act->comment].created_at == act->at);
        }
        for (guint k = 0; k < repository->n_comments; k++) {
            const CompanyComment *comment = &repository->comments[k];
            assert_true(k == 0 || comment[-1].created_at <= comment->created_at);
            assert_true(k == 0 || comment[-1].id < comment->id);
            if (comment->parent >= 0)
                assert_true(repository->comments[comment->parent].created_at < comment->created_at);
        }
        check_commits(repository);
    }
    company_free(company);
}

static void test_people_are_of_every_kind(void **state)
{
    Company *company = make(8, 3000);
    guint n, apps = 0, bots = 0, nulls = 0, former = 0, admins = 0;
    const CompanyPerson *people = company_people(company, &n);
    g_autoptr(GHashTable) uuids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n; i++) {
        assert_true(g_hash_table_add(uuids, (gpointer) people[i].uuid));
        assert_int_equal(strlen(people[i].uuid), 38);
        apps += people[i].is_app;
        bots += people[i].is_bot && !people[i].is_app;
        nulls += people[i].left_at <= EPOCH && people[i].left_as_null;
        former += people[i].left_at <= EPOCH && !people[i].left_as_null;
        admins += people[i].is_admin;
    }
    assert_true(apps >= 1 && bots >= 1 && nulls >= 1 && former >= 1 && admins >= 1);
    company_free(company);
}

/* ---- the clock ------------------------------------------------------------------------------ */

static void test_views_follow_the_clock(void **state)
{
    Company *company = make(9, 800);
    guint n, closed_later = 0, opened_later = 0;
    const CompanyRepository *repositories = company_repositories(company, &n);
    CompanyPullView view;
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < repositories[i].n_pulls; k++) {
            const CompanyPull *pull = &repositories[i].pulls[k];
            assert_int_equal(company_view_pull(company, i, k, &view), pull->opened_at <= EPOCH);
            if (pull->opened_at <= EPOCH)
                assert_int_equal(g_str_equal(view.state, "OPEN"), pull->closed_at > EPOCH);
        }
    guint before = company_acts_until_now(company, &repositories[0]);
    assert_true(company_advance(company, 14 * DAY, NULL));
    assert_true(company_now(company) == EPOCH + 14 * DAY);
    assert_true(company_acts_until_now(company, &repositories[0]) > before);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < repositories[i].n_pulls; k++) {
            const CompanyPull *pull = &repositories[i].pulls[k];
            if (!company_view_pull(company, i, k, &view))
                continue;
            opened_later += pull->opened_at > EPOCH;
            closed_later += pull->closed_at > EPOCH && !g_str_equal(view.state, "OPEN");
            assert_true(view.updated_at <= company_repository_updated(company, i));
        }
    assert_true(opened_later > 10 && closed_later > 10);
    company_free(company);
}

/* An open pull request with two commits or more whose later push is still to come shows fewer
 * files' lines now than in the end. */
static void test_files_are_those_of_the_present_source(void **state)
{
    Company *company = make(9, 3000);
    guint n, still_growing = 0;
    const CompanyRepository *repositories = company_repositories(company, &n);
    for (guint i = 0; i < n; i++)
        for (guint k = 0; k < repositories[i].n_pulls; k++) {
            const CompanyPull *pull = &repositories[i].pulls[k];
            CompanyPullView view;
            if (!company_view_pull(company, i, k, &view))
                continue;
            g_autofree CompanyFile *files = NULL;
            guint n_files = company_view_files(company, i, k, &files);
            gboolean is_final = view.source_commit == pull->commits[pull->n_commits - 1];
            still_growing += !is_final;
            if (!is_final)
                continue;
            assert_int_equal(n_files, pull->n_files);
            for (guint f = 0; f < n_files; f++) {
                assert_int_equal(files[f].lines_added, pull->files[f].lines_added);
                assert_int_equal(files[f].lines_removed, pull->files[f].lines_removed);
            }
        }
    assert_true(still_growing > 0);
    company_free(company);
}

/* ---- by hand -------------------------------------------------------------------------------- */

static gint32 somebody_else(const Company *company, gint32 author)
{
    guint n;
    const CompanyPerson *people = company_people(company, &n);
    for (guint i = 0; i < n; i++)
        if ((gint32) i != author && !people[i].is_bot && people[i].left_at == NEVER)
            return (gint32) i;
    return -1;
}

static guint first_open(Company *company, const CompanyRepository *repository, guint index)
{
    CompanyPullView view;
    for (guint k = 0; k < repository->n_pulls; k++)
        if (company_view_pull(company, index, k, &view) && g_str_equal(view.state, "OPEN"))
            return k;
    fail_msg("nothing is open");
    return 0;
}

static const char *state_of(const CompanyPullView *view, gint32 person)
{
    for (guint i = 0; i < view->n_participants; i++)
        if (view->participants[i].person == person)
            return view->participants[i].state;
    return "absent";
}

static void test_what_is_done_by_hand_is_seen_at_once(void **state)
{
    Company *company = make(9, 500);
    guint n;
    const CompanyRepository *repository = company_repositories(company, &n);
    guint k = first_open(company, repository, 0);
    const CompanyPull *pull = &repository->pulls[k];
    gint32 person = somebody_else(company, pull->author);
    CompanyPullView view;
    guint acts = company_acts_until_now(company, repository), all = repository->n_acts;
    assert_true(company_view_pull(company, 0, k, &view));
    guint comments = view.comment_count;
    assert_true(company_add_act(company, 0, pull->number, ACT_COMMENT, person, NULL));
    assert_true(company_add_act(company, 0, pull->number, ACT_APPROVE, person, NULL));
    assert_int_equal(company_acts_until_now(company, repository), acts + 2);
    assert_int_equal(repository->n_acts, all + 2);
    assert_true(company_view_pull(company, 0, k, &view));
    assert_int_equal(view.comment_count, comments + 1);
    assert_string_equal(state_of(&view, person), "approved");
    assert_true(view.updated_at == company_now(company));
    assert_true(company_add_act(company, 0, pull->number, ACT_WITHDRAW_APPROVAL, person, NULL));
    assert_true(company_view_pull(company, 0, k, &view));
    assert_null(state_of(&view, person));
    for (guint i = 0; i < repository->n_pulls; i++)
        for (guint j = 0; j < repository->pulls[i].n_acts; j++) {
            const CompanyAct *act = &repository->acts[repository->pulls[i].acts[j]];
            assert_int_equal(act->pull, i);
            if (act->comment >= 0)
                assert_int_equal(repository->comments[act->comment].pull, i);
        }
    g_autoptr(GError) error = NULL;
    assert_false(company_add_act(company, 0, 999999, ACT_COMMENT, person, &error));
    assert_non_null(error);
    company_free(company);
}

static void test_renaming_takes_only_free_slugs(void **state)
{
    Company *company = make(9, 100);
    guint n;
    const CompanyRepository *repositories = company_repositories(company, &n);
    assert_true(company_rename_repository(company, 0, "new-name", NULL));
    assert_string_equal(repositories[0].slug, "new-name");
    const char *wrong[] = {"", "Upper", "a/b", repositories[1].slug};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(company_rename_repository(company, 0, wrong[i], &error));
        assert_non_null(error);
    }
    company_free(company);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_truth),
        cmocka_unit_test(test_time_travelled_in_steps_or_at_once_is_the_same),
        cmocka_unit_test(test_wrong_options_are_refused),
        cmocka_unit_test(test_as_many_pull_requests_as_asked),
        cmocka_unit_test(test_shares_are_those_of_a_company),
        cmocka_unit_test(test_everything_happens_in_order),
        cmocka_unit_test(test_people_are_of_every_kind),
        cmocka_unit_test(test_views_follow_the_clock),
        cmocka_unit_test(test_files_are_those_of_the_present_source),
        cmocka_unit_test(test_what_is_done_by_hand_is_seen_at_once),
        cmocka_unit_test(test_renaming_takes_only_free_slugs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
