/*
 * What the rules about trends tell.
 */
#include "../store/fixture.h"

#include "trend_company.h"

#include "insight/settings.h"
#include "insight/sink.h"

typedef struct {
    Fixture fixture;
    MeasureColumns *columns;
    RuleSettings *settings;
    GPtrArray *repositories;
    FindingSink *sink;
} Flow;

static void flow_set_up(Flow *flow, const CompanyPlan *plan)
{
    fixture_init(&flow->fixture);
    fixture_put_basics(&flow->fixture, flow->fixture.store);
    assert_ok((flow->settings = rule_settings_load(flow->fixture.store, flow->fixture.workspace_id,
                                                   &error)) != NULL);
    flow->columns = company_make(plan);
    flow->repositories = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < COMPANY_REPOSITORIES; i++) {
        StoreRepository *repository = g_new0(StoreRepository, 1);
        repository->repository_id = company_repository(i);
        g_ptr_array_add(flow->repositories, repository);
    }
    flow->sink = finding_sink_new(flow->fixture.workspace_id);
}

static void flow_tear_down(Flow *flow)
{
    finding_sink_free(flow->sink);
    g_ptr_array_unref(flow->repositories);
    measure_columns_free(flow->columns);
    rule_settings_free(flow->settings);
    fixture_clear(&flow->fixture);
}

/* The drafts of one rule, looked at in the week after the last. */
static const GPtrArray *flow_judge(Flow *flow, const char *id, guint week, Duration into_week)
{
    const Rule *rule = rule_find(id);
    RuleScene scene = {.store = flow->fixture.store,
                       .workspace_id = flow->fixture.workspace_id,
                       .now = COMPANY_MONDAY + (gint64) week * 7 * TIME_DAY + into_week,
                       .columns = flow->columns,
                       .repositories = flow->repositories,
                       .settings = flow->settings};
    assert_non_null(rule);
    assert_ok(rule->evaluate_all(rule, &scene, flow->sink, &error));
    return finding_sink_drafts(flow->sink);
}

static const CompanyPlan SLOW_PICKUP = {.seed = 5,
                                        .weeks = 12,
                                        .per_week = {60, 60, 60, 0, 0, 0},
                                        .from_week = 10,
                                        .repository = 1,
                                        .phase = COMPANY_PICKUP,
                                        .factor = 3};

static void a_slower_phase_is_told_with_its_place_and_numbers(void **state)
{
    Flow flow;
    flow_set_up(&flow, &SLOW_PICKUP);
    const GPtrArray *drafts = flow_judge(&flow, "cycle-time-worse", 12, TIME_HOUR);
    assert_int_equal(drafts->len, 1);
    const FindingDraft *draft = &((const SinkDraft *) drafts->pdata[0])->draft;
    assert_int_equal(draft->repository_id, company_repository(1));
    assert_int_equal(draft->since, COMPANY_MONDAY + 70 * TIME_DAY);
    assert_non_null(strstr(draft->what, "Cycle time in acme/somewhere rose from "));
    assert_non_null(strstr(draft->what, ", mostly pickup (medians of "));
    assert_non_null(strstr(draft->evidence[0].text, "longest twentieth cut, rose by "));
    assert_non_null(strstr(draft->evidence[0].text, ": pickup +"));
    assert_non_null(strstr(draft->evidence[1].text, "the same sizes taking longer ("));
    assert_int_equal(draft->n_evidence, 10); /* two sentences and the eight slowest */
    for (guint i = 2; i < draft->n_evidence; i++) {
        assert_int_equal(draft->evidence[i].repository_id, company_repository(1));
        assert_true(draft->evidence[i].at >= draft->since);
        assert_true(draft->evidence[i].number > 0);
    }
    flow_tear_down(&flow);
}

static void a_week_has_one_answer(void **state)
{
    Flow monday, sunday;
    flow_set_up(&monday, &SLOW_PICKUP);
    flow_set_up(&sunday, &SLOW_PICKUP);
    const GPtrArray *first = flow_judge(&monday, "pickup-time-worse", 12, 0);
    const GPtrArray *last = flow_judge(&sunday, "pickup-time-worse", 12, 7 * TIME_DAY - 1);
    assert_int_equal(first->len, 1);
    assert_int_equal(last->len, 1);
    const FindingDraft *a = &((const SinkDraft *) first->pdata[0])->draft,
                       *b = &((const SinkDraft *) last->pdata[0])->draft;
    assert_string_equal(a->what, b->what);
    assert_int_equal(((const SinkDraft *) first->pdata[0])->finding_id,
                     ((const SinkDraft *) last->pdata[0])->finding_id);
    flow_tear_down(&monday);
    flow_tear_down(&sunday);
}

static void fewer_merges_are_told_by_week(void **state)
{
    Flow flow;
    flow_set_up(&flow, &SLOW_PICKUP);
    const GPtrArray *drafts = flow_judge(&flow, "throughput-fell", 14, TIME_HOUR);
    assert_int_equal(drafts->len, 1);
    const FindingDraft *draft = &((const SinkDraft *) drafts->pdata[0])->draft;
    assert_int_equal(draft->repository_id, 0);
    assert_non_null(strstr(draft->what, "in the workspace fell from "));
    assert_non_null(strstr(draft->what, " to 0.0 a working day"));
    assert_int_equal(draft->n_evidence, 10); /* weeks */
    assert_string_equal(draft->evidence[9].text, "0 in the week");
    flow_tear_down(&flow);
}

/* A repository that could not be read has no merges either. */
static void what_could_not_be_read_is_no_fall(void **state)
{
    Flow flow;
    flow_set_up(&flow, &SLOW_PICKUP);
    WRITE(&flow.fixture, store_put_problem(tx, flow.fixture.workspace_id,
                                           flow.fixture.repository_id, "pull-requests", "timeout",
                                           "It took too long.", COMPANY_MONDAY, &error));
    StoreRepository *here = flow.repositories->pdata[0];
    here->repository_id = flow.fixture.repository_id;
    assert_int_equal(flow_judge(&flow, "throughput-fell", 14, TIME_HOUR)->len, 2);
    const GPtrArray *drafts = finding_sink_drafts(flow.sink);
    for (guint i = 0; i < drafts->len; i++) /* the other two, and not the workspace */
        assert_int_equal(((const SinkDraft *) drafts->pdata[i])->draft.repository_id,
                         company_repository(i + 1));
    assert_true(
        finding_sink_keeps(flow.sink, "throughput-fell", here->repository_id, COUNT_ABSENT));
    assert_false(
        finding_sink_keeps(flow.sink, "throughput-fell", company_repository(1), COUNT_ABSENT));
    flow_tear_down(&flow);
}

static void where_nothing_changed_nothing_is_told(void **state)
{
    Flow flow;
    CompanyPlan steady = SLOW_PICKUP;
    steady.factor = 1;
    flow_set_up(&flow, &steady);
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; i < n; i++)
        if (rules[i]->family == FAMILY_FLOW)
            assert_int_equal(flow_judge(&flow, rules[i]->id, 12, 0)->len, 0);
    flow_tear_down(&flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slower_phase_is_told_with_its_place_and_numbers),
        cmocka_unit_test(a_week_has_one_answer),
        cmocka_unit_test(fewer_merges_are_told_by_week),
        cmocka_unit_test(what_could_not_be_read_is_no_fall),
        cmocka_unit_test(where_nothing_changed_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
