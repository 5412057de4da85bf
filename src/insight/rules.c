/* The tables of rules, one after the other, and the names of what they are made of. */
#include "insight/rule.h"

#include <string.h>

/* A table joins with its line here and its extern in rule.h. */
static const RuleTable *const TABLES[] = {
    &RULES_PROCESS,
    &RULES_LOAD,
    &RULES_CODE,
    &RULES_FLOW,
    &RULES_HYGIENE,
    &RULES_COMPLIANCE,
};

static const char *const FAMILIES[FAMILY_COUNT] = {
    [FAMILY_PROCESS] = "process", [FAMILY_COMPLIANCE] = "compliance", [FAMILY_LOAD] = "load",
    [FAMILY_FLOW] = "flow",       [FAMILY_HYGIENE] = "hygiene",
};
static const char *const SEVERITIES[SEVERITY_COUNT] = {"notice", "warning", "critical"};
static const char *const UNITS[] = {
    [RULE_UNIT_HOURS] = "hours", [RULE_UNIT_DAYS] = "days",       [RULE_UNIT_LINES] = "lines",
    [RULE_UNIT_COUNT] = "count", [RULE_UNIT_PERCENT] = "percent",
};

const char *rule_family_name(RuleFamily family)
{
    return (guint) family < FAMILY_COUNT ? FAMILIES[family] : "unknown";
}

const char *rule_severity_name(RuleSeverity severity)
{
    return (guint) severity < SEVERITY_COUNT ? SEVERITIES[severity] : "unknown";
}

const char *rule_unit_name(RuleUnit unit)
{
    return (gsize) unit < G_N_ELEMENTS(UNITS) ? UNITS[unit] : "unknown";
}

static gpointer gather(gpointer data)
{
    GPtrArray *rules = g_ptr_array_new();
    for (guint family = 0; family < FAMILY_COUNT; family++)
        for (gsize t = 0; t < G_N_ELEMENTS(TABLES); t++)
            for (gsize i = 0; i < TABLES[t]->n; i++)
                if (TABLES[t]->rules[i].family == family)
                    g_ptr_array_add(rules, (gpointer) &TABLES[t]->rules[i]);
    return rules;
}

const Rule *const *rules_list(gsize *ret_n)
{
    static GOnce once = G_ONCE_INIT;
    const GPtrArray *rules = g_once(&once, gather, NULL);
    *ret_n = rules->len;
    return (const Rule *const *) rules->pdata;
}

const Rule *rule_find(const char *id)
{
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; id != NULL && i < n; i++)
        if (strcmp(rules[i]->id, id) == 0)
            return rules[i];
    return NULL;
}

const RuleParameter *rule_parameter(const Rule *rule, const char *id)
{
    for (const RuleParameter *parameter = rule->parameters; parameter->id != NULL; parameter++)
        if (strcmp(parameter->id, id) == 0)
            return parameter;
    return NULL;
}
