/*
 * Rules about how work lies on people: too much in progress, too much asked, reviews by one alone.
 */
#include "insight/words.h"

#include <math.h>

/* ---- pull requests per person */

/* One open pull request that is on somebody's desk. */
typedef struct {
    gint64 person_id;
    UtcTime since; /* ready, or asked */
    const OpenPull *pull;
} DeskItem;

static gint compare_items(gconstpointer a, gconstpointer b)
{
    const DeskItem *first = a, *second = b;
    if (first->person_id != second->person_id)
        return first->person_id < second->person_id ? -1 : 1;
    if (first->since != second->since)
        return first->since < second->since ? -1 : 1;
    return first->pull < second->pull ? -1 : first->pull > second->pull;
}

static gboolean is_on_show(const Rule *rule, const RuleScene *scene, const OpenPull *pull)
{
    return pull->fact.ready != TIME_ABSENT && rule_is_on(rule, scene, pull->fact.repository_id) &&
           measure_person_counts(scene->basis, pull->fact.author_id);
}

typedef void (*DeskFiller)(const RuleScene *scene, const OpenPull *pull, GArray *items);

static void put_authored(const RuleScene *scene, const OpenPull *pull, GArray *items)
{
    const DeskItem item = {pull->fact.author_id, pull->fact.ready, pull};
    g_array_append_val(items, item);
}

static void put_asked(const RuleScene *scene, const OpenPull *pull, GArray *items)
{
    for (gsize i = 0; i < pull->n_reviews; i++) {
        const FactReview *review = &pull->reviews[i];
        if (!review->is_reviewer || review->asked == TIME_ABSENT ||
            review->responded != TIME_ABSENT || review->reviewer_is_bot ||
            !measure_person_counts(scene->basis, review->reviewer_id))
            continue;
        const DeskItem item = {review->reviewer_id, review->asked, pull};
        g_array_append_val(items, item);
    }
}

typedef void (*DeskTeller)(const Rule *rule, const RuleScene *scene, const DeskItem *items, gsize n,
                           gsize most, FindingSink *sink);

/* Lays the open pull requests on desks and tells of those that hold more than "pulls". */
static void judge_desks(const Rule *rule, const RuleScene *scene, DeskFiller fill, DeskTeller tell,
                        FindingSink *sink)
{
    gsize most = (gsize) rule_value(rule, scene, 0, "pulls");
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(DeskItem));
    for (gsize i = 0; i < scene->n_open; i++)
        if (is_on_show(rule, scene, &scene->open[i]))
            fill(scene, &scene->open[i], items);
    g_array_sort(items, compare_items);
    for (guint from = 0, until; from < items->len; from = until) {
        const DeskItem *first = &g_array_index(items, DeskItem, from);
        for (until = from + 1; until < items->len; until++)
            if (g_array_index(items, DeskItem, until).person_id != first->person_id)
                break;
        if (until - from > most)
            tell(rule, scene, first, until - from, most, sink);
    }
}

/* A draft about the person, with the pull requests as evidence, the oldest first. */
static void begin(FindingDraft *draft, const Rule *rule, const RuleScene *scene,
                  const DeskItem *items, gsize n, gsize most, const char *what, FindingSink *sink)
{
    draft_init(draft, rule);
    draft->person_id = items[0].person_id;
    draft->since = items[most].since; /* the one that was too many */
    draft->evidence_in_all = (gint64) n;
    for (gsize i = 0; i < n; i++) {
        DraftEvidence *evidence = draft_add_evidence(draft);
        if (evidence == NULL)
            break;
        const FactPr *fact = &items[i].pull->fact;
        evidence->repository_id = fact->repository_id;
        evidence->number = fact->number;
        evidence->person_id = fact->author_id;
        evidence->at = items[i].since;
        evidence->url = items[i].pull->url;
        evidence->text = finding_text(sink, "%s for %s", what,
                                      words_span(sink, MAX(scene->now - items[i].since, 0)));
    }
    draft_add_nearest(draft, items[0].person_id);
}

static void tell_author(const Rule *rule, const RuleScene *scene, const DeskItem *items, gsize n,
                        gsize most, FindingSink *sink)
{
    const char *name = measure_person_name(scene->columns, items[0].person_id);
    FindingDraft draft;
    begin(&draft, rule, scene, items, n, most, "ready for review", sink);
    draft.what = finding_text(
        sink, "%s has %s open and ready, more than %" G_GSIZE_FORMAT "; the oldest for %s.", name,
        words_many(sink, (gint64) n, "pull request", "pull requests"), most,
        words_span(sink, MAX(scene->now - items[0].since, 0)));
    draft.next = finding_text(sink,
                              "%s finishes the oldest before opening more, or asks for help "
                              "with their reviews.",
                              name);
    finding_sink_put(sink, rule, &draft);
}

static gboolean judge_authors(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                              GError **error)
{
    judge_desks(rule, scene, put_authored, tell_author, sink);
    return TRUE;
}

static void tell_reviewer(const Rule *rule, const RuleScene *scene, const DeskItem *items, gsize n,
                          gsize most, FindingSink *sink)
{
    const char *name = measure_person_name(scene->columns, items[0].person_id);
    FindingDraft draft;
    begin(&draft, rule, scene, items, n, most, "asked, no response", sink);
    draft.what =
        finding_text(sink,
                     "%s is asked to review %s and has not responded, more than %" G_GSIZE_FORMAT
                     "; the oldest request is %s old.",
                     name, words_many(sink, (gint64) n, "open pull request", "open pull requests"),
                     most, words_span(sink, MAX(scene->now - items[0].since, 0)));
    for (gsize i = 0; i < n; i++)
        draft_add_nearest(&draft, items[i].pull->fact.author_id);
    draft.next = finding_text(
        sink, "The authors ask somebody else where %s is not needed; %s says which come first.",
        name, name);
    finding_sink_put(sink, rule, &draft);
}

static gboolean judge_reviewers(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                                GError **error)
{
    judge_desks(rule, scene, put_asked, tell_reviewer, sink);
    return TRUE;
}

/* ---- reviews by one person */

/* What a repository's people did in the days that count. */
typedef struct {
    gint64 reviews, most;
    gint64 busiest, second; /* COUNT_ABSENT: none */
    gint64 second_most;
    GHashTable *people; /* ids as text: who reviewed or opened */
} Shares;

static void shares_free(gpointer data)
{
    Shares *shares = data;
    g_hash_table_unref(shares->people);
    g_free(shares);
}

static Shares *shares_of(GHashTable *all, const char *repository)
{
    Shares *shares = g_hash_table_lookup(all, repository);
    if (shares != NULL)
        return shares;
    shares = g_new0(Shares, 1);
    shares->busiest = shares->second = COUNT_ABSENT;
    shares->people = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_insert(all, g_strdup(repository), shares);
    return shares;
}

static void take_reviews(Shares *shares, const char *person, gint64 n)
{
    gint64 id = g_ascii_strtoll(person, NULL, 10);
    shares->reviews += n;
    if (n > shares->most) {
        shares->second = shares->busiest;
        shares->second_most = shares->most;
        shares->busiest = id;
        shares->most = n;
    } else if (n > shares->second_most) {
        shares->second = id;
        shares->second_most = n;
    }
}

/* Adds what @measure says of each repository and person in the window. */
static gboolean gather(const RuleScene *scene, const char *measure, Dimension person, UtcTime from,
                       gboolean are_reviews, GHashTable *all, GError **error)
{
    const MeasureAsk ask = {measure_find(measure), STATISTIC_SUM, FALSE};
    const MeasureQuery query = {.from = from,
                                .until = scene->now,
                                .now = scene->now,
                                .is_for_help = TRUE, /* the rule asks for enough people itself */
                                .by = {DIMENSION_REPOSITORY, person},
                                .asks = &ask,
                                .n_asks = 1};
    g_autoptr(MeasureTable) table = measure_query(scene->columns, &query, error);
    if (table == NULL)
        return FALSE;
    for (gsize i = 0; i < table->n_rows; i++) {
        const MeasureRow *row = &table->rows[i];
        if (row->cells[0].n == 0 || isnan(row->cells[0].value))
            continue;
        Shares *shares = shares_of(all, row->key[0]);
        g_hash_table_add(shares->people, g_strdup(row->key[1]));
        if (are_reviews)
            take_reviews(shares, row->key[1], (gint64) row->cells[0].value);
    }
    return TRUE;
}

static void tell_concentration(const Rule *rule, const RuleScene *scene, gint64 repository_id,
                               const Shares *shares, Duration window, FindingSink *sink)
{
    const char *name = measure_person_name(scene->columns, shares->busiest);
    double share = 100.0 * (double) shares->most / (double) shares->reviews;
    const char *days = words_many(sink, window / TIME_DAY, "day", "days");
    FindingDraft draft;
    draft_init(&draft, rule);
    draft.repository_id = repository_id;
    draft.since = scene->now - window;
    DraftEvidence *first = draft_add_evidence(&draft);
    first->repository_id = repository_id;
    first->person_id = shares->busiest;
    first->text = finding_text(sink, "gave %s of %s (%.0f %%)", words_number(sink, shares->most),
                               words_many(sink, shares->reviews, "review", "reviews"), share);
    if (shares->second != COUNT_ABSENT) {
        DraftEvidence *next = draft_add_evidence(&draft);
        next->repository_id = repository_id;
        next->person_id = shares->second;
        next->text = finding_text(sink, "gave %s, the most after that",
                                  words_many(sink, shares->second_most, "review", "reviews"));
    }
    draft_add_nearest(&draft, shares->busiest);
    if (shares->second != COUNT_ABSENT)
        draft_add_nearest(&draft, shares->second);
    draft.what = finding_text(
        sink, "%s gave %s of the %s of the last %s (%.0f %%), although %u people work there.", name,
        words_number(sink, shares->most), words_many(sink, shares->reviews, "review", "reviews"),
        days, share, g_hash_table_size(shares->people));
    draft.next =
        finding_text(sink, "Authors ask others besides %s, who pairs with them at first.", name);
    finding_sink_put(sink, rule, &draft);
}

static gboolean judge_concentration(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                                    GError **error)
{
    for (guint i = 0; i < scene->repositories->len; i++) {
        const StoreRepository *repository = scene->repositories->pdata[i];
        gint64 id = repository->repository_id;
        if (!rule_is_on(rule, scene, id))
            continue;
        Duration window = rule_span(rule, scene, id, "days");
        g_autoptr(GHashTable) all =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, shares_free);
        if (!gather(scene, "review-load", DIMENSION_REVIEWER, scene->now - window, TRUE, all,
                    error) ||
            !gather(scene, "opened", DIMENSION_AUTHOR, scene->now - window, FALSE, all, error))
            return FALSE;
        g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, id);
        const Shares *shares = g_hash_table_lookup(all, key);
        if (shares != NULL && (double) shares->reviews >= rule_value(rule, scene, id, "reviews") &&
            (double) g_hash_table_size(shares->people) >= rule_value(rule, scene, id, "people") &&
            100.0 * (double) shares->most >=
                rule_value(rule, scene, id, "share") * (double) shares->reviews)
            tell_concentration(rule, scene, id, shares, window, sink);
    }
    return TRUE;
}

/* ---- the table */

static const Rule TABLE[] = {
    {.id = "author-overloaded",
     .title = "Author with too much in progress",
     .meaning = "A person has more open pull requests ready for review than given.",
     .why = "Who has many changes open answers each of them late, and none is finished.",
     .family = FAMILY_PROCESS,
     .severity = SEVERITY_NOTICE,
     .subject = RULE_OF_WORKSPACE,
     .needs = RULE_NEEDS_STORY,
     .parameters = {{"pulls", "most pull requests", RULE_UNIT_COUNT, 6, 1, 100,
                     "LinearB: more than 6 active branches is overload"}},
     .evaluate_all = judge_authors},
    {.id = "review-concentration",
     .title = "Reviews concentrated on one person",
     .meaning = "Of the reviews that people gave in a repository in the given days, the busiest "
                "person gave at least the given share; told from the given reviews on, where at "
                "least the given people reviewed or opened something.",
     .why = "What one person reviews waits for that person, and only that person learns of it.",
     .family = FAMILY_LOAD,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .parameters = {{"share", "share of the busiest", RULE_UNIT_PERCENT, 60, 30, 100,
                     "ours: more than all the others together"},
                    {"reviews", "least reviews", RULE_UNIT_COUNT, 20, 5, 1000,
                     "ours: below that a share says little"},
                    {"people", "least people", RULE_UNIT_COUNT, 4, 2, 100,
                     "ours: two cannot spread their reviews"},
                    {"days", "days looked at", RULE_UNIT_DAYS, 28, 7, 90, "ours: four weeks"}},
     .evaluate_all = judge_concentration},
    {.id = "reviewer-overloaded",
     .title = "Reviewer asked too much",
     .meaning = "A person is asked to review more open, ready pull requests than given and has not "
                "responded to them.",
     .why = "Requests beyond what a person can review wait, and nobody else feels asked.",
     .family = FAMILY_LOAD,
     .severity = SEVERITY_WARNING,
     .subject = RULE_OF_WORKSPACE,
     .needs = RULE_NEEDS_STORY,
     .parameters = {{"pulls", "most unanswered requests", RULE_UNIT_COUNT, 8, 1, 200,
                     "ours: two a working day for most of a week"}},
     .evaluate_all = judge_reviewers},
};

const RuleTable RULES_LOAD = {TABLE, G_N_ELEMENTS(TABLE)};
