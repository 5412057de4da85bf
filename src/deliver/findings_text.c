/* Findings, rules, mutes and dry runs as text for a terminal. */
#include "deliver/findings_render.h"
#include "deliver/findings_view.h"
#include "deliver/layout.h"
#include "deliver/words.h"

#define HANG 10 /* columns before the text of a finding: its name and two blanks */

static guint width_of(const ReportStyle *style)
{
    return style->width == 0 ? 80 : style->width;
}

/* ---- the list */

static void put_rule_heading(GString *out, const char *id, guint count, const ReportStyle *style)
{
    const Rule *rule = rule_find(id);
    g_autofree char *text = rule == NULL
                                ? g_strdup_printf("%s (%u)", id, count)
                                : g_strdup_printf("%s (%u)   %s, %s", rule->title, count,
                                                  rule_family_name(rule->family), rule->id);
    if (out->len > 0)
        g_string_append_c(out, '\n');
    if (style->color)
        g_string_append(out, "\033[1m");
    layout_put(out, text, MIN(layout_width(text), width_of(style)), LAYOUT_LEFT, style->unicode);
    g_string_append(out, style->color ? "\033[0m\n" : "\n");
}

static gboolean put_finding(GString *out, const FindingView *view, const StoreFinding *finding,
                            const ReportStyle *style, GError **error)
{
    char name[INSIGHT_ID_SIZE];
    g_autofree char *about = finding_about(view, finding, error);
    if (about == NULL)
        return FALSE;
    insight_id_text(finding->finding_id, name);
    name[INSIGHT_ID_SHORT] = '\0';
    g_autofree char *first = g_strdup_printf(" %s  ", name);
    g_autofree char *indent = g_strnfill(HANG, ' ');
    g_autofree char *state = finding_state_words(finding);
    const char *assigned = finding_person_name(view, finding->assigned_to);
    g_autofree char *line =
        g_strdup_printf("%s%s%s%s%s%s%s", about, strcmp(state, "open") == 0 ? "" : " [",
                        strcmp(state, "open") == 0 ? "" : state,
                        strcmp(state, "open") == 0 ? "" : "]", assigned != NULL ? " [of " : "",
                        assigned != NULL ? assigned : "", assigned != NULL ? "]" : "");
    g_autofree char *next = g_strdup_printf("Next: %s", finding->next);
    layout_wrap(out, line, width_of(style), first, indent, style->unicode);
    layout_wrap(out, finding->what, width_of(style), indent, indent, style->unicode);
    if (finding->ended == TIME_ABSENT)
        layout_wrap(out, next, width_of(style), indent, indent, style->unicode);
    return TRUE;
}

GString *findings_list_text(const FindingView *view, const GPtrArray *findings,
                            const ReportStyle *style, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        const StoreFinding *before = i > 0 ? findings->pdata[i - 1] : NULL;
        if (before == NULL || strcmp(before->rule, finding->rule) != 0 ||
            strcmp(before->severity, finding->severity) != 0) {
            guint count = 1;
            while (i + count < findings->len) {
                const StoreFinding *other = findings->pdata[i + count];
                if (strcmp(other->rule, finding->rule) != 0 ||
                    strcmp(other->severity, finding->severity) != 0)
                    break;
                count++;
            }
            put_rule_heading(out, finding->rule, count, style);
        }
        if (!put_finding(out, view, finding, style, error))
            return NULL;
    }
    if (findings->len == 0)
        g_string_append(out, "Nothing is found.\n");
    return g_steal_pointer(&out);
}

/* ---- one finding */

static void put_member(GString *out, const char *name, const char *text, const ReportStyle *style)
{
    g_autofree char *first = g_strdup_printf("%-10s", name);
    if (text != NULL && text[0] != '\0')
        layout_wrap(out, text, width_of(style), first, "          ", style->unicode);
}

static void put_evidence(GString *out, const FindingView *view, const StoreFinding *finding,
                         const ReportStyle *style)
{
    for (gsize i = 0; i < finding->n_evidence; i++) {
        const StoreEvidence *evidence = &finding->evidence[i];
        const char *repository = finding_repository_name(view, evidence->repository_id);
        const char *slash = repository != NULL ? strrchr(repository, '/') : NULL;
        const char *person = finding_person_name(view, evidence->person_id);
        g_autofree char *at = words_instant(evidence->at);
        GString *text = g_string_new(NULL);
        if (repository != NULL)
            g_string_append(text, slash != NULL ? slash + 1 : repository);
        if (evidence->number != COUNT_ABSENT)
            g_string_append_printf(text, "#%" G_GINT64_FORMAT, evidence->number);
        if (person != NULL)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", person);
        if (evidence->at != TIME_ABSENT)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ", " : "", at);
        if (evidence->text != NULL)
            g_string_append_printf(text, "%s%s", text->len > 0 ? ": " : "", evidence->text);
        put_member(out, i == 0 ? "evidence" : "", text->str, style);
        if (words_is_link(evidence->url) &&
            (i == 0 || g_strcmp0(evidence->url, finding->evidence[i - 1].url) != 0))
            put_member(out, "", evidence->url, style);
        g_string_free(text, TRUE);
    }
    if (finding->evidence_in_all > (gint64) finding->n_evidence) {
        g_autofree char *more =
            g_strdup_printf("and %" G_GINT64_FORMAT " more",
                            finding->evidence_in_all - (gint64) finding->n_evidence);
        put_member(out, "", more, style);
    }
}

static void put_history(GString *out, const GPtrArray *events, const ReportStyle *style)
{
    for (guint i = 0; i < events->len; i++) {
        const StoreFindingEvent *event = events->pdata[i];
        g_autofree char *at = words_instant(event->at);
        g_autofree char *text = g_strdup_printf(
            "%s: %s%s%s%s%s", at, event->kind, event->actor != NULL ? " by " : "",
            event->actor != NULL ? event->actor : "", event->note != NULL ? ": " : "",
            event->note != NULL ? event->note : "");
        put_member(out, i == 0 ? "history" : "", text, style);
    }
}

static void put_people(GString *out, const FindingView *view, const StoreFinding *finding,
                       const ReportStyle *style)
{
    gint64 people[DRAFT_NEAREST_MAX];
    guint n = insight_nearest(finding, people);
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "",
                               measure_person_name(view->columns, people[i]));
    put_member(out, "nearest", names->str, style);
    put_member(out, "assigned", finding_person_name(view, finding->assigned_to), style);
}

GString *finding_text_page(const FindingView *view, const StoreFinding *finding,
                           const GPtrArray *events, const ReportStyle *style, GError **error)
{
    const Rule *rule = rule_find(finding->rule);
    char name[INSIGHT_ID_SIZE], age[TIME_TEXT_SIZE];
    g_autofree char *about = finding_about(view, finding, error);
    if (about == NULL)
        return NULL;
    GString *out = g_string_new(NULL);
    g_autofree char *state = finding_state_words(finding);
    g_autofree char *since = words_instant(finding->since);
    UtcTime until = finding->ended != TIME_ABSENT ? finding->ended : view->now;
    g_autofree char *span =
        finding->since == TIME_ABSENT
            ? NULL
            : g_strdup_printf("%s (%s)", since,
                              duration_format(MAX(until - finding->since, 0), age));
    g_autofree char *title =
        g_strdup_printf("%s (%s)", rule != NULL ? rule->title : finding->rule, finding->rule);
    put_member(out, "finding", insight_id_text(finding->finding_id, name), style);
    put_member(out, "rule", title, style);
    put_member(out, "about", about, style);
    put_member(out, "severity", finding->severity, style);
    put_member(out, "state", state, style);
    put_member(out, "since", span, style);
    put_member(out, "what", finding->what, style);
    put_member(out, "why", rule != NULL ? rule->why : NULL, style);
    put_member(out, "next", finding->next, style);
    put_people(out, view, finding, style);
    put_evidence(out, view, finding, style);
    put_history(out, events, style);
    return out;
}

/* ---- rules, mutes, dry runs */

GString *rules_text(const RuleSettings *settings, gint64 repository_id, const ReportStyle *style)
{
    static const char *const HEADING[] = {"rule", "family", "severity", "on", "parameters"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        g_ptr_array_add(cells, g_strdup(HEADING[i]));
    gsize n;
    const Rule *const *rules = rules_list(&n);
    for (gsize i = 0; i < n; i++) {
        GString *values = g_string_new(NULL);
        for (const RuleParameter *p = rules[i]->parameters; p->id != NULL; p++) {
            double value = insight_value(settings, rules[i], repository_id, p->id);
            g_autofree char *words = rule_value_words(p, value);
            g_string_append_printf(values, "%s%s %s%s", values->len > 0 ? ", " : "", p->id, words,
                                   value == p->initial ? "" : " (set)");
        }
        g_ptr_array_add(cells, g_strdup(rules[i]->id));
        g_ptr_array_add(cells, g_strdup(rule_family_name(rules[i]->family)));
        g_ptr_array_add(cells, g_strdup(rule_severity_name(rules[i]->severity)));
        g_ptr_array_add(cells,
                        g_strdup(insight_is_on(settings, rules[i], repository_id) ? "yes" : "no"));
        g_ptr_array_add(cells, g_string_free(values, FALSE));
    }
    return deliver_render_table((const char *const *) cells->pdata, n + 1, G_N_ELEMENTS(HEADING), 0,
                                style);
}

GString *mutes_text(const FindingView *view, const GPtrArray *mutes, const ReportStyle *style)
{
    static const char *const HEADING[] = {"mute", "rule", "of", "since", "until", "by", "reason"};
    g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; i < G_N_ELEMENTS(HEADING); i++)
        g_ptr_array_add(cells, g_strdup(HEADING[i]));
    for (guint i = 0; i < mutes->len; i++) {
        const StoreMute *mute = mutes->pdata[i];
        char name[INSIGHT_ID_SIZE];
        const char *parts[] = {finding_repository_name(view, mute->repository_id),
                               finding_person_name(view, mute->person_id), mute->subject};
        GString *of = g_string_new(NULL);
        for (gsize k = 0; k < G_N_ELEMENTS(parts); k++)
            if (parts[k] != NULL)
                g_string_append_printf(of, "%s%s", of->len > 0 ? ", " : "", parts[k]);
        g_ptr_array_add(cells, g_strdup(insight_id_text(mute->mute_id, name)));
        g_ptr_array_add(cells, g_strdup(mute->rule));
        g_ptr_array_add(cells, of->len > 0 ? g_strdup(of->str) : g_strdup("everything"));
        g_ptr_array_add(cells, words_date(mute->created));
        g_ptr_array_add(cells, words_date(mute->until));
        g_ptr_array_add(cells, g_strdup(mute->actor));
        g_ptr_array_add(cells, g_strdup(mute->reason));
        g_string_free(of, TRUE);
    }
    return deliver_render_table((const char *const *) cells->pdata, mutes->len + 1,
                                G_N_ELEMENTS(HEADING), 0, style);
}

GString *dry_run_text(const InsightTrial *trial, const InsightDryRun *result,
                      const ReportStyle *style)
{
    g_autoptr(GString) values = g_string_new(NULL);
    for (guint i = 0; trial->parameters[i] != NULL; i++) {
        g_autofree char *words =
            rule_value_words(rule_parameter(trial->rule, trial->parameters[i]), trial->values[i]);
        g_string_append_printf(values, "%s%s %s", values->len > 0 ? ", " : " with ",
                               trial->parameters[i], words);
    }
    g_autofree char *tried = words_counted(result->as_tried.findings, "finding", "findings");
    g_autofree char *as_set = words_counted(result->as_set.findings, "finding", "findings");
    g_autofree char *text = g_strdup_printf(
        "In the last %d days %s%s would have told of %s, %" G_GINT64_FORMAT
        " of which hold now; as it is set, %s, %" G_GINT64_FORMAT " of which hold now.",
        INSIGHT_DRY_DAYS, trial->rule->id, values->str, tried, result->as_tried.holding, as_set,
        result->as_set.holding);
    GString *out = g_string_new(NULL);
    layout_wrap(out, text, width_of(style), "", "", style->unicode);
    return out;
}
