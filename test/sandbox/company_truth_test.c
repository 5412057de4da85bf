/* The truth file: agrees with its own events, and with what was done by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <jansson.h>

#include "company.h"

#define EPOCH  ((gint64) 1794816000000000) /* 2026-11-16T08:00:00Z */
#define MINUTE ((gint64) 60 * 1000000)

static Company *make(guint64 seed, guint pull_requests)
{
    CompanyOptions options = {
        .seed = seed, .pull_requests = pull_requests, .epoch = EPOCH, .without_git = TRUE};
    Company *company = company_new(&options, NULL);
    assert_non_null(company);
    return company;
}

static json_t *truth_of(Company *company)
{
    g_autofree char *folder = g_dir_make_tmp("company-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "truth.json", NULL);
    assert_true(company_write_truth(company, path, NULL));
    json_error_t error;
    json_t *truth = json_load_file(path, 0, &error);
    if (truth == NULL)
        fail_msg("line %d: %s", error.line, error.text);
    g_unlink(path);
    g_rmdir(folder);
    return truth;
}

static gint64 time_in(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_non_null(value);
    if (json_is_null(value))
        return NEVER;
    g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(json_string_value(value), NULL);
    assert_non_null(date);
    return g_date_time_to_unix(date) * 1000000 + g_date_time_get_microsecond(date);
}

static gint64 count_in(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static const char *text_in(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key)); /* NULL for null */
}

static gboolean flag_in(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* ---- the same numbers from the events ------------------------------------------------------- */

typedef struct {
    GHashTable *bots; /* uuid */
    const char *author;
    gint64 ready, end, first_review, first_bot_review;
    gint64 pushes, rounds;
    gboolean has_pushed;
    GHashTable *reviewers;
} Recount;

static gboolean is_one_of(const char *kind, const char *const *kinds)
{
    return g_strv_contains(kinds, kind);
}

static void recount_event(Recount *recount, const json_t *event, gboolean is_creation)
{
    static const char *const reviews[] = {"approved", "changes-requested", "commented", NULL};
    const char *actor = text_in(event, "actor"), *kind = text_in(event, "kind");
    gint64 at = time_in(event, "at");
    if (at > recount->end)
        return;
    if (g_str_equal(kind, "updated") && !is_creation) {
        recount->pushes++;
        recount->has_pushed |= recount->first_review != NEVER;
    }
    if (!is_one_of(kind, reviews) || g_strcmp0(actor, recount->author) == 0)
        return;
    gboolean counts = recount->ready != NEVER && at >= recount->ready;
    if (actor != NULL && g_hash_table_contains(recount->bots, actor)) {
        if (counts)
            recount->first_bot_review = MIN(recount->first_bot_review, at);
        return;
    }
    g_hash_table_add(recount->reviewers, (gpointer) (actor != NULL ? actor : "nobody"));
    if (counts)
        recount->first_review = MIN(recount->first_review, at);
    recount->rounds += recount->has_pushed;
    recount->has_pushed = FALSE;
}

static void check_recount(const json_t *pull, GHashTable *bots, gint64 now)
{
    gint64 merged = time_in(pull, "merged"), declined = time_in(pull, "declined");
    Recount recount = {.bots = bots,
                       .author = text_in(pull, "author"),
                       .ready = time_in(pull, "ready"),
                       .end = MIN(MIN(merged, declined), now),
                       .first_review = NEVER,
                       .first_bot_review = NEVER,
                       .reviewers = g_hash_table_new(g_str_hash, g_str_equal)};
    size_t i;
    const json_t *event;
    json_array_foreach(json_object_get(pull, "events"), i, event)
        recount_event(&recount, event, i == 0);
    assert_true(time_in(pull, "first_review") == recount.first_review);
    assert_true(time_in(pull, "first_bot_review") == recount.first_bot_review);
    assert_int_equal(count_in(pull, "reviewers"), g_hash_table_size(recount.reviewers));
    assert_int_equal(count_in(pull, "pushes"), recount.pushes);
    assert_int_equal(count_in(pull, "rounds"), recount.rounds);
    assert_int_equal(flag_in(pull, "unreviewed"),
                     merged != NEVER && g_hash_table_size(recount.reviewers) == 0);
    g_hash_table_unref(recount.reviewers);
}

/* Phases add up to the cycle exactly unless one had to be cut at zero; then there is more. */
static gboolean check_phases(const json_t *pull)
{
    gint64 first_commit = time_in(pull, "first_commit"), ready = time_in(pull, "ready");
    gint64 first_review = time_in(pull, "first_review"), approved = time_in(pull, "approved");
    gint64 merged = time_in(pull, "merged");
    assert_true(first_commit <= time_in(pull, "opened") && ready >= time_in(pull, "opened"));
    if (merged == NEVER)
        return FALSE;
    gint64 sum = ready - first_commit;
    if (first_review != NEVER)
        sum += first_review - ready;
    gint64 review_end = approved != NEVER ? approved : merged;
    gboolean is_cut = first_review != NEVER && review_end < first_review;
    if (first_review != NEVER)
        sum += MAX(review_end - first_review, 0);
    gint64 last = MAX(ready, first_review == NEVER ? 0 : first_review);
    last = MAX(last, approved == NEVER ? 0 : approved);
    if (first_review == NEVER || approved != NEVER)
        sum += merged - last;
    if (is_cut)
        assert_true(sum >= merged - first_commit);
    else
        assert_true(sum == merged - first_commit);
    assert_true(merged >= last);
    return is_cut;
}

static void test_numbers_agree_with_the_events(void **state)
{
    Company *company = make(31, 2500);
    json_t *truth = truth_of(company);
    gint64 now = time_in(truth, "now");
    g_autoptr(GHashTable) bots = g_hash_table_new(g_str_hash, g_str_equal);
    size_t i, k, pulls = 0, cut = 0;
    const json_t *person, *repository, *pull;
    json_array_foreach(json_object_get(truth, "people"), i, person) if (flag_in(person, "is_bot"))
        g_hash_table_add(bots, (gpointer) text_in(person, "uuid"));
    assert_int_equal(g_hash_table_size(bots), 3);
    json_array_foreach(json_object_get(truth, "repositories"), i, repository)
    {
        json_array_foreach(json_object_get(repository, "pull_requests"), k, pull)
        {
            check_recount(pull, bots, now);
            if (!(g_str_equal(text_in(pull, "state"), "OPEN") && flag_in(pull, "draft")))
                cut += check_phases(pull);
            pulls++;
        }
    }
    assert_int_equal(pulls, 2500);
    assert_true(cut < pulls / 20);
    json_decref(truth);
    company_free(company);
}

static void test_every_number_of_the_audit_occurs(void **state)
{
    Company *company = make(32, 2500);
    json_t *truth = truth_of(company);
    size_t i, k, unreviewed = 0, self_merged = 0, late = 0, merged = 0, asked_late = 0;
    const json_t *repository, *pull;
    json_array_foreach(json_object_get(truth, "repositories"), i, repository)
    {
        json_array_foreach(json_object_get(repository, "pull_requests"), k, pull)
        {
            merged += time_in(pull, "merged") != NEVER;
            unreviewed += flag_in(pull, "unreviewed");
            self_merged += flag_in(pull, "self_merged");
            late += flag_in(pull, "late_change");
            size_t a;
            const json_t *asked;
            json_array_foreach(json_object_get(pull, "asked"), a, asked)
            {
                gint64 at = time_in(asked, "asked"), responded = time_in(asked, "responded");
                assert_true(at == NEVER || at >= time_in(pull, "ready"));
                assert_true(responded == NEVER || responded >= at);
                asked_late += at != NEVER && at > time_in(pull, "ready");
            }
        }
    }
    assert_true(unreviewed > merged / 50 && unreviewed < merged / 8);
    assert_true(self_merged > 0 && self_merged < unreviewed);
    assert_true(late > merged / 50 && late < merged / 4);
    assert_true(asked_late > 0);
    json_decref(truth);
    company_free(company);
}

/* ---- by hand -------------------------------------------------------------------------------- */

static const json_t *pull_in(const json_t *truth, gint64 number)
{
    const json_t *repository = json_array_get(json_object_get(truth, "repositories"), 0);
    size_t i;
    const json_t *pull;
    json_array_foreach(json_object_get(repository, "pull_requests"), i,
                       pull) if (count_in(pull, "number") == number) return pull;
    fail_msg("no pull request %d", (int) number);
    return NULL;
}

/* An open one, no draft, that no human has looked at, and where nothing happens for an hour. */
static const CompanyPull *find_untouched(Company *company)
{
    guint n, n_people;
    const CompanyRepository *repository = company_repositories(company, &n);
    const CompanyPerson *people = company_people(company, &n_people);
    for (guint k = 0; k < repository->n_pulls; k++) {
        const CompanyPull *pull = &repository->pulls[k];
        gboolean fits = pull->opened_at <= EPOCH && pull->closed_at > EPOCH &&
                        !pull->opened_as_draft && people[pull->author].left_at == NEVER;
        for (guint i = 0; i < pull->n_acts; i++) {
            const CompanyAct *act = &repository->acts[pull->acts[i]];
            gboolean is_late = act->at > EPOCH + 60 * MINUTE;
            gboolean is_other =
                act->kind == ACT_UPDATE || (act->actor >= 0 && people[act->actor].is_bot);
            fits &= is_late || (is_other && act->at <= EPOCH);
        }
        if (fits)
            return pull;
    }
    fail_msg("every open pull request has been looked at");
    return NULL;
}

static gint32 somebody(const Company *company, gint32 not_him, gint32 nor_him)
{
    guint n;
    const CompanyPerson *people = company_people(company, &n);
    for (guint i = 0; i < n; i++)
        if ((gint32) i != not_him && (gint32) i != nor_him && !people[i].is_bot &&
            people[i].left_at == NEVER)
            return (gint32) i;
    return -1;
}

static void act(Company *company, const CompanyPull *pull, ActKind kind, gint32 person)
{
    assert_true(company_advance(company, MINUTE, NULL));
    assert_true(company_add_act(company, 0, pull->number, kind, person, NULL));
}

static void test_a_review_made_by_hand(void **state)
{
    Company *company = make(33, 4000);
    const CompanyPull *pull = find_untouched(company);
    gint32 ann = somebody(company, pull->author, -1), bob = somebody(company, pull->author, ann);
    json_t *truth = truth_of(company);
    const json_t *found = pull_in(truth, pull->number);
    assert_true(time_in(found, "first_review") == NEVER && time_in(found, "approved") == NEVER);
    gint64 author_comments = count_in(found, "author_comments");
    json_decref(truth);

    act(company, pull, ACT_COMMENT, pull->author);
    act(company, pull, ACT_COMMENT, ann);
    gint64 commented_at = company_now(company);
    act(company, pull, ACT_APPROVE, ann);
    act(company, pull, ACT_REQUEST_CHANGES, ann);
    act(company, pull, ACT_APPROVE, bob);
    gint64 bob_at = company_now(company);
    act(company, pull, ACT_APPROVE, ann);
    truth = truth_of(company);
    found = pull_in(truth, pull->number);
    assert_true(time_in(found, "first_review") == commented_at);
    assert_true(time_in(found, "approved") == bob_at);
    assert_int_equal(count_in(found, "approvals"), 2);
    assert_int_equal(count_in(found, "reviewers"), 2);
    assert_int_equal(count_in(found, "review_comments"), 1);
    assert_int_equal(count_in(found, "author_comments"), author_comments + 1);
    json_decref(truth);

    /* Bob takes his back: as far as anybody can see, it never counted, and Ann's second is the
     * first that held. */
    gint64 ann_at = company_now(company);
    act(company, pull, ACT_WITHDRAW_APPROVAL, bob);
    truth = truth_of(company);
    found = pull_in(truth, pull->number);
    assert_true(time_in(found, "approved") == ann_at);
    assert_int_equal(count_in(found, "approvals"), 1);
    json_decref(truth);

    act(company, pull, ACT_WITHDRAW_APPROVAL, ann);
    truth = truth_of(company);
    found = pull_in(truth, pull->number);
    assert_true(time_in(found, "approved") == NEVER);
    assert_int_equal(count_in(found, "approvals"), 0);
    json_decref(truth);
    company_free(company);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_agree_with_the_events),
        cmocka_unit_test(test_every_number_of_the_audit_occurs),
        cmocka_unit_test(test_a_review_made_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
