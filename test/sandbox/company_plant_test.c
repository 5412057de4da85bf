/* A company with pathologies: what is not listed is healthy, what is listed is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <jansson.h>

#include "company.h"

#define EPOCH ((gint64) 1794816000000000) /* Monday, 2026-11-16T08:00:00Z */
#define HOUR  ((gint64) 3600000000)
#define DAY   (24 * HOUR)
#define WEEK  (7 * DAY)
#define SEEDS 5

static Company *make(guint64 seed, const char *git_folder)
{
    CompanyOptions options = {.seed = seed,
                              .pathologies = TRUE,
                              .epoch = EPOCH,
                              .without_git = git_folder == NULL,
                              .git_folder = git_folder};
    GError *error = NULL;
    Company *company = company_new(&options, &error);
    assert_null(error);
    return company;
}

static json_t *truth_of(Company *company)
{
    g_autofree char *folder = g_dir_make_tmp("plant-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "truth.json", NULL);
    assert_true(company_write_truth(company, path, NULL));
    json_t *truth = json_load_file(path, 0, NULL);
    assert_non_null(truth);
    g_unlink(path);
    g_rmdir(folder);
    return truth;
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static gint64 number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* -1: null */
static gint64 instant(const json_t *object, const char *key)
{
    const char *written = text(object, key);
    if (written == NULL)
        return -1;
    g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(written, NULL);
    return g_date_time_to_unix(at) * 1000000 + g_date_time_get_microsecond(at);
}

/* Every pull request some finding names: "acme/web 12", with what is found once for each. */
static GHashTable *named_pulls(json_t *truth)
{
    GHashTable *named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gsize i;
    json_t *finding;
    json_array_foreach(json_object_get(truth, "findings"), i,
                       finding) if (json_is_integer(json_object_get(finding, "number")))
        g_hash_table_add(named, g_strdup_printf("%s %" G_GINT64_FORMAT, text(finding, "repository"),
                                                number(finding, "number")));
    return named;
}

static gboolean is_named(GHashTable *named, const json_t *repository, const json_t *pull)
{
    g_autofree char *key = g_strdup_printf("%s %" G_GINT64_FORMAT, text(repository, "full_name"),
                                           number(pull, "number"));
    return g_hash_table_contains(named, key);
}

typedef void (*Visit)(const json_t *repository, const json_t *pull, gboolean named, gint64 now);

static void visit_pulls(json_t *truth, GHashTable *named, gint64 now, Visit visit)
{
    gsize i, k;
    json_t *repository, *pull;
    json_array_foreach(json_object_get(truth, "repositories"), i, repository)
        json_array_foreach(json_object_get(repository, "pull_requests"), k, pull)
            visit(repository, pull, is_named(named, repository, pull), now);
}

/* ---- what is not named ---------------------------------------------------------------------- */

static guint n_forgotten; /* the draft and the app's */

static void check_open(const json_t *repository, const json_t *pull, gboolean named, gint64 now)
{
    if (named || g_strcmp0(text(pull, "state"), "OPEN") != 0)
        return;
    gint64 lines = number(pull, "lines_added") + number(pull, "lines_removed");
    if (now - instant(pull, "opened") > 4 * HOUR) {
        n_forgotten++;
        return;
    }
    assert_true(json_array_size(json_object_get(pull, "asked")) > 0);
    assert_true(lines < 1000);
    assert_true(number(pull, "rounds") < 5);
}

static void check_merged(const json_t *repository, const json_t *pull, gboolean named, gint64 now)
{
    gint64 merged = instant(pull, "merged");
    if (named || merged < now - 14 * DAY)
        return;
    assert_true(number(pull, "approvals") >= 1);
    assert_true(number(pull, "review_comments") >= 1);
    assert_false(json_is_true(json_object_get(pull, "late_change")));
    assert_false(json_is_true(json_object_get(pull, "unreviewed")));
    assert_false(json_is_true(json_object_get(pull, "self_merged")));
}

/* What becomes a finding within the week looks odd before. */
static void test_what_no_finding_names_is_healthy(void **state)
{
    for (guint64 seed = 1; seed <= SEEDS; seed++) {
        Company *company = make(seed, NULL);
        json_t *now = truth_of(company);
        assert_true(company_advance(company, WEEK, NULL));
        json_t *later = truth_of(company);
        g_autoptr(GHashTable) named = named_pulls(now), named_later = named_pulls(later);
        GHashTableIter iter;
        gpointer key;
        g_hash_table_iter_init(&iter, named_later);
        while (g_hash_table_iter_next(&iter, &key, NULL))
            g_hash_table_add(named, g_strdup(key));
        n_forgotten = 0;
        visit_pulls(now, named, EPOCH, check_open);
        visit_pulls(now, named, EPOCH, check_merged);
        assert_int_equal(n_forgotten, 2);
        visit_pulls(later, named_later, EPOCH + WEEK, check_open);
        visit_pulls(later, named_later, EPOCH + WEEK, check_merged);
        assert_int_equal(n_forgotten, 4);
        json_decref(now);
        json_decref(later);
        company_free(company);
    }
}

/* Builds and tasks are not in the truth file. */
static void test_all_builds_pass_and_all_tasks_are_done_but_those_planted(void **state)
{
    Company *company = make(2, NULL);
    guint n, bad_builds = 0, open_tasks = 0;
    const CompanyRepository *repositories = company_repositories(company, &n);
    for (guint r = 0; r < n; r++) {
        for (guint i = 0; i < repositories[r].n_builds; i++) {
            const CompanyBuild *build = &repositories[r].builds[i];
            bad_builds += !g_str_equal(build->state, "SUCCESSFUL") || build->finished_at == NEVER;
            assert_true(build->finished_at == NEVER || build->finished_at < EPOCH + 10 * WEEK);
        }
        for (guint i = 0; i < repositories[r].n_tasks; i++)
            open_tasks += repositories[r].tasks[i].resolved_at == NEVER;
    }
    assert_int_equal(bad_builds, 3);
    assert_int_equal(open_tasks, 3);
    company_free(company);
}

/* ---- flow ----------------------------------------------------------------------------------- */

enum { CODING, PICKUP, REVIEW, MERGE, SIZE, N_NUMBERS };

typedef struct {
    guint n;
    double sums[N_NUMBERS];
} Flow;

static void add_pull(Flow *flow, const json_t *pull)
{
    gint64 ready = instant(pull, "ready"), reviewed = instant(pull, "first_review");
    gint64 approved = instant(pull, "approved"), merged = instant(pull, "merged");
    if (reviewed < 0 || approved < 0)
        return;
    flow->n++;
    flow->sums[CODING] += (double) (ready - instant(pull, "first_commit"));
    flow->sums[PICKUP] += (double) (reviewed - ready);
    flow->sums[REVIEW] += (double) (approved - reviewed);
    flow->sums[MERGE] += (double) (merged - approved);
    flow->sums[SIZE] += (double) (number(pull, "lines_added") + number(pull, "lines_removed"));
}

static Flow flow_of(const json_t *repository, gint64 from, gint64 until)
{
    Flow flow = {0};
    gsize i;
    json_t *pull;
    json_array_foreach(json_object_get(repository, "pull_requests"), i,
                       pull) if (instant(pull, "merged") >= from && instant(pull, "merged") < until)
        add_pull(&flow, pull);
    return flow;
}

static double ratio(const Flow *after, const Flow *before, guint i)
{
    return after->sums[i] / after->n / (before->sums[i] / before->n);
}

/* Which number is how much larger, by repository; all others stay within a quarter. */
static void check_flow(const json_t *repository, guint index, gint64 now)
{
    static const struct {
        guint repository, number;
        double least;
    } worse[] = {{0, PICKUP, 2.5}, {1, REVIEW, 2.5}, {2, MERGE, 3}, {4, SIZE, 2}};
    Flow before = flow_of(repository, now - 70 * DAY, now - 14 * DAY);
    Flow after = flow_of(repository, now - 14 * DAY, now);
    if (index == 3)
        assert_true(after.n * 4.0 / before.n < 0.5);
    else
        assert_in_range(after.n * 4, before.n * 9 / 10, before.n * 5 / 4);
    for (guint i = 0; i < N_NUMBERS; i++) {
        double least = 0;
        for (guint k = 0; k < G_N_ELEMENTS(worse); k++)
            if (worse[k].repository == index && worse[k].number == i)
                least = worse[k].least;
        if (least > 0)
            assert_true(ratio(&after, &before, i) > least);
        else if (index != 3 && (index != 2 || i != CODING))
            assert_true(ratio(&after, &before, i) > 0.75 && ratio(&after, &before, i) < 1.25);
    }
}

static void test_flow_is_steady_but_where_it_is_worse(void **state)
{
    for (guint64 seed = 1; seed <= SEEDS; seed++) {
        Company *company = make(seed, NULL);
        json_t *truth = truth_of(company), *repository;
        gsize i;
        json_array_foreach(json_object_get(truth, "repositories"), i, repository)
            check_flow(repository, (guint) i, EPOCH);
        json_decref(truth);
        company_free(company);
    }
}

/* ---- what is planted ------------------------------------------------------------------------ */

static const char *const rules[] = {"waiting-for-review",
                                    "stale",
                                    "changes-unanswered",
                                    "comments-unaddressed",
                                    "approved-unmerged",
                                    "rubber-stamp",
                                    "no-reviewer",
                                    "too-large",
                                    "too-many-rounds",
                                    "merge-conflict",
                                    "author-overloaded",
                                    "too-few-approvals",
                                    "missing-required-approver",
                                    "approved-only-by-author",
                                    "changed-after-approval",
                                    "merged-with-failed-build",
                                    "merged-with-open-tasks",
                                    "merged-unreviewed",
                                    "no-issue-key",
                                    "direct-push",
                                    "review-concentration",
                                    "reviewer-overloaded",
                                    "knowledge-single",
                                    "cycle-time-worse",
                                    "pickup-time-worse",
                                    "review-time-worse",
                                    "merge-time-worse",
                                    "throughput-fell",
                                    "pull-requests-growing",
                                    "rework-rising",
                                    "deployment-frequency-fell",
                                    "failure-rate-rose",
                                    "recovery-time-worse",
                                    "stale-branch"};

static guint count_rule(json_t *truth, const char *rule)
{
    guint n = 0;
    gsize i;
    json_t *finding;
    json_array_foreach(json_object_get(truth, "findings"), i, finding) n +=
        g_str_equal(text(finding, "rule"), rule);
    return n;
}

static void test_every_rule_has_its_findings(void **state)
{
    Company *company = make(4, NULL);
    json_t *now = truth_of(company);
    for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
        assert_int_not_equal(count_rule(now, rules[i]), 0);
    assert_int_equal(json_array_size(json_object_get(now, "policies")), 5);
    assert_true(company_advance(company, WEEK, NULL));
    json_t *later = truth_of(company);
    assert_int_equal(count_rule(later, "reviewer-overloaded"), 0); /* it was one morning */
    assert_int_equal(count_rule(later, "stale-branch"), 2);        /* one gone, one come */
    assert_int_equal(count_rule(later, "merge-conflict"), 1);      /* another one */
    json_decref(now);
    json_decref(later);
    company_free(company);
}

static void test_other_seeds_plant_elsewhere(void **state)
{
    Company *one = make(1, NULL), *two = make(2, NULL), *again = make(1, NULL);
    json_t *a = truth_of(one), *b = truth_of(two), *c = truth_of(again);
    assert_true(json_equal(a, c));
    assert_false(json_equal(json_object_get(a, "findings"), json_object_get(b, "findings")));
    json_decref(a);
    json_decref(b);
    json_decref(c);
    company_free(one);
    company_free(two);
    company_free(again);
}

/* ---- with git ------------------------------------------------------------------------------- */

static gboolean merges(const char *path, const char *main_hash, const char *source)
{
    const char *argv[] = {"git", "-C", path, "merge-tree", "--write-tree", main_hash, source, NULL};
    gint status;
    assert_true(g_spawn_sync(NULL, (char **) argv, NULL,
                             G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                             NULL, &status, NULL));
    return g_spawn_check_wait_status(status, NULL);
}

static gboolean is_found(json_t *truth, const char *rule, const char *repository, gint64 pull)
{
    gsize i;
    json_t *finding;
    json_array_foreach(json_object_get(truth, "findings"), i,
                       finding) if (g_str_equal(text(finding, "rule"), rule) &&
                                    g_strcmp0(text(finding, "repository"), repository) == 0 &&
                                    number(finding, "number") == pull) return TRUE;
    return FALSE;
}

/* By git's own judgement. */
static void check_conflicts(Company *company, json_t *truth)
{
    gsize i, k;
    json_t *repository, *pull;
    json_array_foreach(json_object_get(truth, "repositories"), i, repository)
    {
        const char *path;
        const char *name = text(repository, "full_name");
        const char *main_hash = text(json_object_get(repository, "branches"), "main");
        assert_true(company_repository_git(company, (guint) i, &path, NULL));
        json_array_foreach(json_object_get(repository, "pull_requests"), k, pull)
        {
            json_t *commits = json_object_get(pull, "commits");
            if (g_strcmp0(text(pull, "state"), "OPEN") != 0)
                continue;
            const char *head =
                json_string_value(json_array_get(commits, json_array_size(commits) - 1));
            assert_int_equal(!merges(path, main_hash, head),
                             is_found(truth, "merge-conflict", name, number(pull, "number")));
        }
    }
}

static void remove_all(const char *path)
{
    const char *argv[] = {"rm", "-rf", path, NULL};
    assert_true(g_spawn_sync(NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                             NULL, NULL, NULL));
}

static void test_git_agrees_about_conflicts(void **state)
{
    g_autofree char *folder = g_dir_make_tmp("plant-git-XXXXXX", NULL);
    Company *company = make(3, folder);
    json_t *now = truth_of(company);
    check_conflicts(company, now);
    assert_true(company_advance(company, WEEK, NULL));
    json_t *later = truth_of(company);
    check_conflicts(company, later);
    json_decref(now);
    json_decref(later);
    company_free(company);
    remove_all(folder);
}

/* ---- options -------------------------------------------------------------------------------- */

static void test_other_sizes_and_days_are_refused(void **state)
{
    CompanyOptions sized = {
        .pathologies = TRUE, .pull_requests = 500, .epoch = EPOCH, .without_git = TRUE};
    CompanyOptions tuesday = {.pathologies = TRUE, .epoch = EPOCH + DAY, .without_git = TRUE};
    const CompanyOptions *wrong[] = {&sized, &tuesday};
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(company_new(wrong[i], &error));
        assert_non_null(error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_no_finding_names_is_healthy),
        cmocka_unit_test(test_all_builds_pass_and_all_tasks_are_done_but_those_planted),
        cmocka_unit_test(test_flow_is_steady_but_where_it_is_worse),
        cmocka_unit_test(test_every_rule_has_its_findings),
        cmocka_unit_test(test_other_seeds_plant_elsewhere),
        cmocka_unit_test(test_git_agrees_about_conflicts),
        cmocka_unit_test(test_other_sizes_and_days_are_refused),
    };
    return cmocka_run_group_tests_name("company_plant", tests, NULL, NULL);
}
