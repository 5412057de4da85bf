#include "deliver/findings_view.h"

#include "deliver/words.h"

const char *finding_person_name(const FindingView *view, gint64 person_id)
{
    return person_id == COUNT_ABSENT ? NULL : measure_person_name(view->columns, person_id);
}

const char *finding_repository_name(const FindingView *view, gint64 repository_id)
{
    return repository_id == 0 || repository_id == COUNT_ABSENT
               ? NULL
               : measure_repository_name(view->columns, repository_id);
}

char *finding_pull_title(const FindingView *view, const StoreFinding *finding, GError **error)
{
    g_autoptr(GError) failure = NULL;
    StorePullRequestLabel label = {0};
    if (finding->number == COUNT_ABSENT)
        return NULL;
    if (!store_get_pull_request_label(view->store, view->workspace_id, finding->repository_id,
                                      finding->number, &label, &failure)) {
        if (!error_is(failure, PLUMBLINE_ERROR_NOT_FOUND))
            g_propagate_error(error, g_steal_pointer(&failure));
        return NULL;
    }
    char *title = g_steal_pointer(&label.title);
    store_pull_request_label_clear(&label);
    return title;
}

char *finding_about(const FindingView *view, const StoreFinding *finding, GError **error)
{
    GError *failure = NULL;
    const char *repository = finding_repository_name(view, finding->repository_id);
    const char *person = finding_person_name(view, finding->person_id);
    const char *slash = repository != NULL ? strrchr(repository, '/') : NULL;
    g_autofree char *title = finding_pull_title(view, finding, &failure);
    if (failure != NULL) {
        g_propagate_error(error, failure);
        return NULL;
    }
    GString *text = g_string_new(slash != NULL ? slash + 1 : repository);
    if (finding->number != COUNT_ABSENT)
        g_string_append_printf(text, "#%" G_GINT64_FORMAT " %s", finding->number,
                               title != NULL ? title : "");
    if (person != NULL)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ": " : "", person);
    if (finding->subject != NULL)
        g_string_append_printf(text, "%s%s", text->len > 0 ? ": " : "", finding->subject);
    if (text->len == 0)
        g_string_append(text, "the workspace");
    return g_strchomp(g_string_free(text, FALSE));
}

char *finding_state_words(const StoreFinding *finding)
{
    if (finding->state == FINDING_SNOOZED) {
        g_autofree char *until = words_instant(finding->snoozed_until);
        return g_strdup_printf("snoozed until %s", until);
    }
    if (finding->ended != TIME_ABSENT) {
        g_autofree char *at = words_instant(finding->ended);
        return finding->state == FINDING_DISMISSED ? g_strdup_printf("dismissed, over %s", at)
                                                   : g_strdup_printf("resolved %s", at);
    }
    return g_strdup(finding_state_name(finding->state));
}

char *rule_value_words(const RuleParameter *parameter, double value)
{
    static const char *const UNITS[] = {
        [RULE_UNIT_HOURS] = " h", [RULE_UNIT_DAYS] = " d",    [RULE_UNIT_LINES] = " lines",
        [RULE_UNIT_COUNT] = "",   [RULE_UNIT_PERCENT] = " %",
    };
    return g_strdup_printf("%.10g%s", value, UNITS[parameter->unit]);
}
