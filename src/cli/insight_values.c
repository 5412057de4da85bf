#include "cli/insight_values.h"

#include <math.h>

#include "cli/cli.h"

/* A number and the letters behind it. */
static gboolean read_number(const char *text, double *ret_number, const char **ret_rest)
{
    char *end = NULL;
    *ret_number = g_ascii_strtod(text, &end);
    while (*end == ' ')
        end++;
    *ret_rest = end;
    return end != text && isfinite(*ret_number);
}

/* Hours of a unit of time; 0: it is none. */
static double hours_of(const char *unit)
{
    return g_str_equal(unit, "h") || g_str_equal(unit, "hours")   ? 1
           : g_str_equal(unit, "d") || g_str_equal(unit, "days")  ? 24
           : g_str_equal(unit, "min")                             ? 1.0 / 60
           : g_str_equal(unit, "w") || g_str_equal(unit, "weeks") ? 168
                                                                  : 0;
}

/* What to multiply by to come from @unit to the parameter's; 0: they do not fit. */
static double factor_of(const RuleParameter *parameter, const char *unit)
{
    if (unit[0] == '\0')
        return 1;
    switch (parameter->unit) {
    case RULE_UNIT_HOURS:
        return hours_of(unit);
    case RULE_UNIT_DAYS:
        return hours_of(unit) / 24;
    case RULE_UNIT_PERCENT:
        return g_str_equal(unit, "%");
    case RULE_UNIT_LINES:
        return g_str_equal(unit, "lines");
    default:
        return 0;
    }
}

static guint count_values(const InsightTrial *trial)
{
    guint n = 0;
    while (trial->parameters[n] != NULL)
        n++;
    return n;
}

gboolean insight_values_add(const char *text, InsightTrial *trial, GError **error)
{
    const char *equals = strchr(text, '=');
    g_autofree char *id = equals == NULL ? NULL : g_strndup(text, (gsize) (equals - text));
    const RuleParameter *parameter = id == NULL ? NULL : rule_parameter(trial->rule, id);
    const char *unit;
    double number, factor;
    guint at = count_values(trial);
    if (parameter == NULL) {
        g_autoptr(GString) known = g_string_new(NULL);
        for (const RuleParameter *p = trial->rule->parameters; p->id != NULL; p++)
            g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", p->id);
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "'%s' sets no parameter of %s; it has %s, set like after=48h", text,
                 trial->rule->id, known->len > 0 ? known->str : "none");
        return FALSE;
    }
    if (!read_number(equals + 1, &number, &unit) || (factor = factor_of(parameter, unit)) == 0) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "%s: '%s' is not a number of %s", parameter->id,
                 equals + 1, rule_unit_name(parameter->unit));
        return FALSE;
    }
    if (at >= RULE_PARAMETERS_MAX) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID, "more values are given than a rule has");
        return FALSE;
    }
    trial->parameters[at] = parameter->id;
    trial->values[at] = number * factor;
    return TRUE;
}

gboolean insight_values_time(const char *text, UtcTime now, UtcTime *ret_time, GError **error)
{
    double number;
    const char *unit;
    if (time_parse(text, -1, ret_time, NULL))
        return TRUE;
    if (read_number(text, &number, &unit) && hours_of(unit) > 0 && number > 0 && number < 1e5) {
        *ret_time = now + (Duration) (number * hours_of(unit) * (double) TIME_HOUR);
        return TRUE;
    }
    cli_fail(error, PLUMBLINE_ERROR_INVALID,
             "'%s' is neither a date like 2026-12-01 nor a span like 3d or 12h", text);
    return FALSE;
}
