/*
 * docs/insights.md and the tables of rules say the same.
 */
#include "../store/fixture.h"

#include "../measure/page.h"

#include "insight/rule.h"

static char *number(double value)
{
    return g_strdup_printf("%.10g", value);
}

/* The row of the page's table with @columns whose first cells are @first and @second. */
static const PageTable *find_row(GPtrArray *tables, const char *column, const char *id,
                                 const char *parameter, guint *ret_row)
{
    g_autofree char *rule = g_strdup_printf("`%s`", id);
    g_autofree char *own = g_strdup_printf("`%s`", parameter != NULL ? parameter : "");
    for (guint t = 0; t < tables->len; t++) {
        const PageTable *table = tables->pdata[t];
        if (!page_has_column(table, "rule") || !page_has_column(table, column))
            continue;
        for (guint row = 0; row < table->rows->len; row++)
            if (strcmp(page_cell(table, row, "rule"), rule) == 0 &&
                (parameter == NULL || strcmp(page_cell(table, row, "parameter"), own) == 0)) {
                *ret_row = row;
                return table;
            }
    }
    return NULL;
}

/* The rows that the page should have. */
static char *rule_row(const Rule *rule)
{
    return g_strdup_printf("| `%s` | %s | %s | %s | %s |", rule->id, rule_family_name(rule->family),
                           rule_severity_name(rule->severity), rule->is_off ? "off" : "on",
                           rule->meaning);
}

static char *parameter_row(const Rule *rule, const RuleParameter *p)
{
    g_autofree char *initial = number(p->initial);
    g_autofree char *least = number(p->least);
    g_autofree char *greatest = number(p->greatest);
    return g_strdup_printf("| `%s` | `%s` | %s | %s | %s | %s | %s | %s |", rule->id, p->id,
                           p->title, rule_unit_name(p->unit), initial, least, greatest, p->source);
}

static void the_page_has_every_rule_as_it_is(void **state)
{
    g_autoptr(GPtrArray) tables = page_read_tables(INSIGHTS_PAGE);
    gsize n;
    const Rule *const *rules = rules_list(&n);
    assert_true(n >= 9);
    for (gsize i = 0; i < n; i++) {
        guint row;
        const PageTable *table = find_row(tables, "condition", rules[i]->id, NULL, &row);
        g_autofree char *wanted = rule_row(rules[i]);
        if (table == NULL)
            fail_msg("docs/insights.md lacks the row\n%s", wanted);
        assert_string_equal(page_cell(table, row, "family"), rule_family_name(rules[i]->family));
        assert_string_equal(page_cell(table, row, "severity"),
                            rule_severity_name(rules[i]->severity));
        assert_string_equal(page_cell(table, row, "condition"), rules[i]->meaning);
        assert_string_equal(page_cell(table, row, "at first"), rules[i]->is_off ? "off" : "on");
    }
}

static void the_page_has_every_parameter_as_it_is(void **state)
{
    g_autoptr(GPtrArray) tables = page_read_tables(INSIGHTS_PAGE);
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; i < n; i++)
        for (const RuleParameter *p = rules[i]->parameters; p->id != NULL; p++) {
            guint row;
            const PageTable *table = find_row(tables, "parameter", rules[i]->id, p->id, &row);
            g_autofree char *wanted = parameter_row(rules[i], p);
            if (table == NULL)
                fail_msg("docs/insights.md lacks the row\n%s", wanted);
            assert_string_equal(page_cell(table, row, "what it is"), p->title);
            g_autofree char *initial = number(p->initial);
            g_autofree char *least = number(p->least);
            g_autofree char *greatest = number(p->greatest);
            assert_string_equal(page_cell(table, row, "unit"), rule_unit_name(p->unit));
            assert_string_equal(page_cell(table, row, "default"), initial);
            assert_string_equal(page_cell(table, row, "least"), least);
            assert_string_equal(page_cell(table, row, "greatest"), greatest);
            assert_string_equal(page_cell(table, row, "where the default comes from"), p->source);
        }
}

static void the_page_has_no_rule_that_is_not(void **state)
{
    g_autoptr(GPtrArray) tables = page_read_tables(INSIGHTS_PAGE);
    for (guint t = 0; t < tables->len; t++) {
        const PageTable *table = tables->pdata[t];
        for (guint row = 0; page_has_column(table, "rule") && row < table->rows->len; row++) {
            g_autofree char *id = g_strdup(page_cell(table, row, "rule") + 1);
            id[strlen(id) - 1] = '\0';
            const Rule *rule = rule_find(id);
            if (rule == NULL)
                fail_msg("docs/insights.md speaks of a rule %s", id);
            if (!page_has_column(table, "parameter"))
                continue;
            g_autofree char *parameter = g_strdup(page_cell(table, row, "parameter") + 1);
            parameter[strlen(parameter) - 1] = '\0';
            assert_non_null(rule_parameter(rule, parameter));
        }
    }
}

static void every_rule_is_whole(void **state)
{
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; i < n; i++) {
        const Rule *rule = rules[i];
        assert_ptr_equal(rule_find(rule->id), rule); /* the id is its alone */
        assert_true(strlen(rule->title) > 0 && strlen(rule->meaning) > 0 && strlen(rule->why) > 0);
        assert_true((rule->subject == RULE_OF_WORKSPACE) == (rule->evaluate_all != NULL));
        assert_true((rule->subject == RULE_OF_WORKSPACE) == (rule->evaluate_pull == NULL));
        if ((rule->subject & RULE_OF_MERGED) != 0) {
            const RuleParameter *days = rule_parameter(rule, "days");
            assert_true(days != NULL && days->unit == RULE_UNIT_DAYS);
        }
        for (const RuleParameter *p = rule->parameters; p->id != NULL; p++)
            assert_true(p->least <= p->initial && p->initial <= p->greatest && p->source != NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_has_every_rule_as_it_is),
        cmocka_unit_test(the_page_has_every_parameter_as_it_is),
        cmocka_unit_test(the_page_has_no_rule_that_is_not),
        cmocka_unit_test(every_rule_is_whole),
    };
    return cmocka_run_group_tests_name("insight/docs", tests, NULL, NULL);
}
