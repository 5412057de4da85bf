/*
 * What deployments say of merges and of themselves: small histories worked out by hand, and large
 * ones at random against an answer that looks at every pair.
 */
#include "measure/delivery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define T0      G_GINT64_CONSTANT(1767225600000000)
#define HOUR(n) (T0 + (n) *TIME_HOUR)

/* Hashes of forty digits that differ in their first twelve. */
static const char *hash_of(guint commit)
{
    static char texts[8][41];
    static guint next;
    char *text = texts[next++ % G_N_ELEMENTS(texts)];
    g_snprintf(text, 41, "%012x%028x", commit * 2654435761u, commit);
    return text;
}

typedef struct {
    guint commit;
    char *parents;
} Line;

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    g_autofree char *first = g_strdup(hash_of(((const Line *) a)->commit));
    return strcmp(first, hash_of(((const Line *) b)->commit));
}

/* "2:1 3:2,1": commit 2 has the parent 1, … */
static Ancestry *graph_of(const char *text)
{
    Ancestry *graph = ancestry_new();
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    for (gsize i = 0; words[i] != NULL; i++) {
        g_auto(GStrv) sides = g_strsplit(words[i], ":", 2);
        g_auto(GStrv) names = g_strsplit(sides[1], ",", -1);
        GString *parents = g_string_new(NULL);
        for (gsize k = 0; names[k] != NULL && names[k][0] != '\0'; k++)
            g_string_append_printf(parents, "%s%s", k > 0 ? " " : "",
                                   hash_of((guint) g_ascii_strtoull(names[k], NULL, 10)));
        Line line = {(guint) g_ascii_strtoull(sides[0], NULL, 10), g_string_free(parents, FALSE)};
        g_array_append_val(lines, line);
    }
    g_array_sort(lines, compare_lines);
    for (guint i = 0; i < lines->len; i++) {
        Line *line = &g_array_index(lines, Line, i);
        ancestry_add(graph, hash_of(line->commit), line->parents);
        g_free(line->parents);
    }
    ancestry_end(graph);
    return graph;
}

typedef struct {
    GArray *attempts;
    GStringChunk *texts;
} Told;

static Told told_new(void)
{
    return (Told){g_array_new(FALSE, FALSE, sizeof(FactDeployment)), g_string_chunk_new(1024)};
}

static void told_clear(Told *told)
{
    g_array_unref(told->attempts);
    g_string_chunk_free(told->texts);
}

static void tell(Told *told, UtcTime at, const char *environment, guint commit, gboolean succeeds)
{
    g_autofree char *key = g_strdup_printf("{%u}", told->attempts->len);
    FactDeployment attempt = {
        .repository_id = 1,
        .key = g_string_chunk_insert(told->texts, key),
        .source = DELIVERY_OF_DEPLOYMENT,
        .environment = environment,
        .environment_kind = g_str_has_prefix(environment, "production") ? ENVIRONMENT_PRODUCTION
                                                                        : ENVIRONMENT_STAGING,
        .commit_hash = commit == 0 ? NULL : g_string_chunk_insert(told->texts, hash_of(commit)),
        .completed = at,
        .is_successful = succeeds,
    };
    g_array_append_val(told->attempts, attempt);
}

static const FactDeployment *nth(const Told *told, guint i)
{
    return &g_array_index(told->attempts, FactDeployment, i);
}

static UtcTime release_of(const Told *told, Ancestry *graph, const char *hash, UtcTime merged)
{
    DeliveryMerge merge = {.number = 1, .merge_hash = hash, .is_into_main = TRUE, .merged = merged};
    delivery_release(told->attempts, graph, &merge, 1);
    return merge.released;
}

/* 1 - 2 - 4 - 5 is main; 3 is a branch from 1 merged by 4. */
#define MAIN "1: 2:1 3:1 4:2,3 5:4"

static void a_merge_is_released_by_the_first_deployment_that_contains_it(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(10), "production", 2, TRUE);
    tell(&told, HOUR(20), "production", 4, TRUE);
    tell(&told, HOUR(30), "production", 5, TRUE);
    assert_int_equal(release_of(&told, graph, hash_of(2), HOUR(9)), HOUR(10));
    assert_int_equal(release_of(&told, graph, hash_of(3), HOUR(9)), HOUR(20));
    assert_int_equal(release_of(&told, graph, hash_of(4), HOUR(19)), HOUR(20));
    assert_int_equal(release_of(&told, graph, hash_of(5), HOUR(21)), HOUR(30));
    told_clear(&told);
}

static void twelve_digits_are_enough(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(20), "production", 4, TRUE);
    char *shorter = (char *) nth(&told, 0)->commit_hash;
    shorter[12] = '\0';
    g_autofree char *merge = g_strndup(hash_of(3), 12);
    assert_int_equal(release_of(&told, graph, merge, HOUR(9)), HOUR(20));
    told_clear(&told);
}

static void failures_staging_and_strange_commits_release_nothing(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(10), "staging", 5, TRUE);
    tell(&told, HOUR(20), "production", 5, FALSE);
    tell(&told, HOUR(30), "production", 77, TRUE);
    tell(&told, HOUR(40), "production", 0, TRUE);
    assert_int_equal(release_of(&told, graph, hash_of(4), HOUR(9)), TIME_ABSENT);
    assert_int_equal(release_of(&told, graph, NULL, HOUR(9)), TIME_ABSENT);
    /* ... but the commit that nobody told of is released itself, also by its first digits. */
    g_autofree char *stranger = g_strndup(hash_of(77), 12);
    assert_int_equal(release_of(&told, graph, stranger, HOUR(9)), HOUR(30));
    told_clear(&told);
}

static void the_first_known_deployment_does_not_reach_back_for_ever(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    UtcTime first = T0 + 100 * TIME_DAY, second = T0 + 200 * TIME_DAY;
    tell(&told, first, "production", 2, TRUE);
    tell(&told, second, "production", 5, TRUE);
    assert_int_equal(release_of(&told, graph, hash_of(1), first - 30 * TIME_DAY), first);
    assert_int_equal(release_of(&told, graph, hash_of(1), first - 30 * TIME_DAY - 1), TIME_ABSENT);
    assert_int_equal(release_of(&told, graph, hash_of(4), second - 90 * TIME_DAY), second);
    told_clear(&told);
}

static void where_merges_are_releases_one_into_main_is_its_own(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(20), "production", 4, TRUE);
    g_array_index(told.attempts, FactDeployment, 0).source = DELIVERY_OF_MERGE;
    DeliveryMerge merges[] = {
        {.number = 1, .merge_hash = hash_of(4), .is_into_main = TRUE, .merged = HOUR(20)},
        {.number = 2, .merge_hash = hash_of(3), .is_into_main = FALSE, .merged = HOUR(5)},
        {.number = 3, .merge_hash = NULL, .is_into_main = TRUE, .merged = HOUR(7)},
        {.number = 4, .merge_hash = hash_of(5), .is_into_main = FALSE, .merged = HOUR(30)},
    };
    delivery_release(told.attempts, graph, merges, G_N_ELEMENTS(merges));
    assert_int_equal(merges[0].released, HOUR(20));
    assert_int_equal(merges[1].released, HOUR(20)); /* into a branch that went into main */
    assert_int_equal(merges[2].released, HOUR(7));
    assert_int_equal(merges[3].released, TIME_ABSENT);
    told_clear(&told);
}

static void going_back_to_an_older_commit_is_a_rollback_of_the_one_before(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(10), "production", 2, TRUE);
    tell(&told, HOUR(20), "production", 4, TRUE);
    tell(&told, HOUR(21), "staging", 2, TRUE);
    tell(&told, HOUR(22), "production", 4, TRUE); /* again the same: no going back */
    tell(&told, HOUR(23), "production", 2, TRUE);
    tell(&told, HOUR(30), "production", 5, TRUE);
    delivery_judge(told.attempts, graph);
    for (guint i = 0; i < told.attempts->len; i++) {
        assert_int_equal(nth(&told, i)->is_rollback, i == 4);
        assert_int_equal(nth(&told, i)->is_failure, i == 3);
        assert_int_equal(nth(&told, i)->restored, i == 3 ? HOUR(23) : TIME_ABSENT);
    }
    told_clear(&told);
}

static void pipelines_that_end_out_of_order_are_no_rollback(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(10), "production", 4, TRUE);
    tell(&told, HOUR(11), "production", 2, TRUE);
    for (guint i = 0; i < told.attempts->len; i++)
        g_array_index(told.attempts, FactDeployment, i).source = DELIVERY_OF_PIPELINE;
    delivery_judge(told.attempts, graph);
    assert_false(nth(&told, 0)->is_failure);
    assert_false(nth(&told, 1)->is_rollback);
    told_clear(&told);
}

static void an_outage_lasts_from_its_first_failure_to_the_next_success(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(10), "production", 1, TRUE);
    tell(&told, HOUR(20), "production", 2, FALSE);
    tell(&told, HOUR(21), "production-eu", 2, TRUE); /* another environment heals nothing */
    tell(&told, HOUR(22), "production", 4, FALSE);
    tell(&told, HOUR(25), "production", 4, TRUE);
    tell(&told, HOUR(40), "production", 5, FALSE); /* not over yet */
    delivery_judge(told.attempts, graph);
    static const gboolean FAILS[] = {FALSE, TRUE, FALSE, TRUE, FALSE, TRUE};
    for (guint i = 0; i < told.attempts->len; i++) {
        assert_int_equal(nth(&told, i)->is_failure, FAILS[i]);
        assert_int_equal(nth(&told, i)->restored, i == 1 ? HOUR(25) : TIME_ABSENT);
    }
    told_clear(&told);
}

static void a_success_that_is_rolled_back_heals_nothing(void **state)
{
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    tell(&told, HOUR(10), "production", 1, TRUE);
    tell(&told, HOUR(20), "production", 2, FALSE);
    tell(&told, HOUR(22), "production", 4, TRUE);
    tell(&told, HOUR(23), "production", 1, TRUE); /* the rollback ends it */
    delivery_judge(told.attempts, graph);
    assert_int_equal(nth(&told, 1)->restored, HOUR(23));
    assert_int_equal(nth(&told, 2)->restored, TIME_ABSENT);
    assert_true(nth(&told, 2)->is_failure);
    assert_true(nth(&told, 3)->is_rollback);
    told_clear(&told);
}

static void attempts_are_ordered_by_completion_then_key(void **state)
{
    Told told = told_new();
    tell(&told, HOUR(3), "production", 1, TRUE);
    tell(&told, HOUR(1), "production", 2, TRUE);
    tell(&told, HOUR(3), "production", 3, TRUE);
    g_array_index(told.attempts, FactDeployment, 0).key = "{z}";
    delivery_sort(told.attempts);
    assert_string_equal(nth(&told, 0)->commit_hash, hash_of(2));
    assert_string_equal(nth(&told, 1)->commit_hash, hash_of(3));
    assert_string_equal(nth(&told, 2)->commit_hash, hash_of(1));
    told_clear(&told);
}

static void going_forward_again_is_no_rollback(void **state)
{
    static const guint COMMITS[] = {2, 4, 2, 4}, STRANGERS[] = {91, 92, 91, 92};
    g_autoptr(Ancestry) graph = graph_of(MAIN);
    Told told = told_new();
    for (guint i = 0; i < G_N_ELEMENTS(COMMITS); i++) {
        tell(&told, HOUR(i), "production", COMMITS[i], TRUE);
        tell(&told, HOUR(i), "production-eu", STRANGERS[i], TRUE);
    }
    delivery_judge(told.attempts, graph);
    for (guint i = 0; i < told.attempts->len; i++) {
        assert_int_equal(nth(&told, i)->is_rollback, i / 2 == 2);
        assert_int_equal(nth(&told, i)->is_failure, i / 2 == 1);
    }
    told_clear(&told);
}

/* ---- at random */

#define COMMITS     160
#define DEPLOYMENTS 40

typedef struct {
    gboolean contains[COMMITS + 1][COMMITS + 1]; /* [a][b]: b is a or an ancestor of it */
    GString *text;
} Random;

static void make_history(Random *made, GRand *chance)
{
    made->text = g_string_new("1:");
    memset(made->contains, 0, sizeof made->contains);
    made->contains[1][1] = TRUE;
    for (gint commit = 2; commit <= COMMITS; commit++) {
        gint back = g_rand_int_range(chance, 1, 8);
        gint first = MAX(1, commit - back);
        gint second = g_rand_int_range(chance, 0, 3) == 0 ? g_rand_int_range(chance, 1, commit) : 0;
        g_string_append_printf(made->text, " %d:%d", commit, first);
        if (second > 0)
            g_string_append_printf(made->text, ",%d", second);
        made->contains[commit][commit] = TRUE;
        for (gint other = 1; other < commit; other++)
            made->contains[commit][other] =
                made->contains[first][other] || (second > 0 && made->contains[second][other]);
    }
}

static void random_histories_are_what_every_pair_says(void **state)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(3);
    g_autofree Random *made = g_new(Random, 1);
    guint released = 0, rollbacks = 0;
    for (guint round = 0; round < 30; round++) {
        make_history(made, chance);
        g_autoptr(Ancestry) graph = graph_of(made->text->str);
        g_string_free(made->text, TRUE);
        Told told = told_new();
        guint commits[DEPLOYMENTS];
        for (guint i = 0; i < DEPLOYMENTS; i++) {
            gint near = (gint) i * 4 + g_rand_int_range(chance, -12, 12);
            commits[i] = (guint) CLAMP(near, 1, COMMITS);
            tell(&told, HOUR(i), "production", commits[i], g_rand_int_range(chance, 0, 5) > 0);
        }
        delivery_judge(told.attempts, graph);
        for (guint commit = 1; commit <= COMMITS; commit++) {
            UtcTime expected = TIME_ABSENT;
            for (guint i = DEPLOYMENTS; i-- > 0;)
                if (nth(&told, i)->is_successful && made->contains[commits[i]][commit])
                    expected = HOUR(i);
            assert_int_equal(release_of(&told, graph, hash_of(commit), T0), expected);
            released += expected != TIME_ABSENT;
        }
        guint runs = 0; /* the commit that production runs */
        for (guint i = 0; i < DEPLOYMENTS; i++) {
            if (!nth(&told, i)->is_successful)
                continue;
            assert_int_equal(nth(&told, i)->is_rollback,
                             runs != commits[i] && made->contains[runs][commits[i]]);
            rollbacks += nth(&told, i)->is_rollback;
            runs = commits[i];
        }
        told_clear(&told);
    }
    assert_true(released > 1000 && rollbacks > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_merge_is_released_by_the_first_deployment_that_contains_it),
        cmocka_unit_test(twelve_digits_are_enough),
        cmocka_unit_test(failures_staging_and_strange_commits_release_nothing),
        cmocka_unit_test(the_first_known_deployment_does_not_reach_back_for_ever),
        cmocka_unit_test(where_merges_are_releases_one_into_main_is_its_own),
        cmocka_unit_test(going_back_to_an_older_commit_is_a_rollback_of_the_one_before),
        cmocka_unit_test(pipelines_that_end_out_of_order_are_no_rollback),
        cmocka_unit_test(an_outage_lasts_from_its_first_failure_to_the_next_success),
        cmocka_unit_test(a_success_that_is_rolled_back_heals_nothing),
        cmocka_unit_test(attempts_are_ordered_by_completion_then_key),
        cmocka_unit_test(going_forward_again_is_no_rollback),
        cmocka_unit_test(random_histories_are_what_every_pair_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
