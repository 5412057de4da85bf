#include "control.h"

#include "counts.h"
#include "faults.h"
#include "times.h"
#include "tokens.h"

#include <string.h>

typedef struct {
    const char *method, *name;
    void (*answer)(Call *call, const json_t *body);
} Control;

static void answer_done(Call *call, json_t *body)
{
    call_answer_json(call, 200, body);
    json_decref(body);
}

static const char *text_of(const json_t *body, const char *name)
{
    return json_string_value(json_object_get(body, name));
}

/* -1 with the answer made. */
static gint repository_of(Call *call, const json_t *body)
{
    const char *slug = text_of(body, "repository");
    const char *slash = slug != NULL ? strchr(slug, '/') : NULL;
    gboolean former;
    gint repository = slug == NULL ? -1
                                   : sandbox_find(call->sandbox, call->sandbox->workspace_slug,
                                                  slash != NULL ? slash + 1 : slug, &former);
    if (repository < 0)
        call_fail(call, 400, "repository: the slug, full name or uuid of a repository");
    return repository;
}

static void answer_now(Call *call)
{
    char now[TIMES_SIZE];
    times_format(sandbox_now(call->sandbox), now);
    answer_done(call, json_pack("{s:s}", "now", now));
}

static void post_advance(Call *call, const json_t *body)
{
    Sandbox *sandbox = call->sandbox;
    const json_t *days = json_object_get(body, "days");
    const json_t *seconds = json_object_get(body, "seconds");
    if ((days != NULL && !json_is_number(days)) || (seconds != NULL && !json_is_number(seconds)) ||
        (days == NULL && seconds == NULL) || json_number_value(days) < 0 ||
        json_number_value(days) > 36500 || json_number_value(seconds) < 0 ||
        json_number_value(seconds) > 36500 * 86400.0) {
        call_fail(call, 400, "days or seconds: how far the clock moves forward");
        return;
    }
    gint64 step = (gint64) ((json_number_value(days) * 86400.0 + json_number_value(seconds)) *
                            G_USEC_PER_SEC);
    g_autoptr(GError) error = NULL;
    if (sandbox->company == NULL) {
        g_mutex_lock(&sandbox->lock);
        sandbox->clock += step;
        g_mutex_unlock(&sandbox->lock);
    } else if (!company_advance(sandbox->company, step, &error)) {
        call_fail_detail(call, 500, "the clock could not be moved", error->message);
        return;
    }
    sandbox_changed(sandbox);
    answer_now(call);
}

static gint find_person(const Sandbox *sandbox, const char *name)
{
    guint n;
    const CompanyPerson *people = company_people(sandbox->company, &n);
    for (guint i = 0; i < n; i++) {
        if (name != NULL
                ? g_str_equal(people[i].uuid, name) || g_str_equal(people[i].email, name) ||
                      g_strcmp0(people[i].nickname, name) == 0
                : !people[i].is_bot && people[i].left_at == NEVER)
            return (gint) i;
    }
    return -1;
}

static void post_activity(Call *call, const json_t *body)
{
    static const struct {
        const char *name;
        ActKind kind;
    } kinds[] = {{"commented", ACT_COMMENT},
                 {"approved", ACT_APPROVE},
                 {"changes-requested", ACT_REQUEST_CHANGES},
                 {"approval-withdrawn", ACT_WITHDRAW_APPROVAL}};
    Sandbox *sandbox = call->sandbox;
    if (sandbox->company == NULL) {
        call_fail(call, 400, "a recording cannot be added to");
        return;
    }
    gint repository = repository_of(call, body);
    if (repository < 0)
        return;
    const char *name = text_of(body, "kind");
    const json_t *number = json_object_get(body, "number");
    gint person = find_person(sandbox, text_of(body, "person"));
    guint i = 0;
    while (i < G_N_ELEMENTS(kinds) && g_strcmp0(kinds[i].name, name) != 0)
        i++;
    if (i == G_N_ELEMENTS(kinds) || !json_is_integer(number) || person < 0) {
        call_fail(call, 400,
                  "number: of a pull request; kind: commented, approved, changes-requested or "
                  "approval-withdrawn; person: uuid, mail or nickname");
        return;
    }
    g_autoptr(GError) error = NULL;
    if (!company_add_act(sandbox->company, (guint) repository, json_integer_value(number),
                         kinds[i].kind, person, &error)) {
        call_fail(call, 400, error->message);
        return;
    }
    sandbox_changed(sandbox);
    answer_now(call);
}

static void post_faults(Call *call, const json_t *body)
{
    const json_t *list = json_is_object(body) && json_object_get(body, "faults") != NULL
                             ? json_object_get(body, "faults")
                             : body;
    gsize n = json_is_array(list) ? json_array_size(list) : 1;
    for (gsize i = 0; i < n; i++) {
        g_autofree char *message = NULL;
        const json_t *fault = json_is_array(list) ? json_array_get(list, i) : list;
        if (!faults_add(call->sandbox->faults, fault, &message)) {
            call_fail(call, 400, message);
            return;
        }
    }
    answer_done(call, faults_describe(call->sandbox->faults));
}

static void get_faults(Call *call, const json_t *body)
{
    answer_done(call, faults_describe(call->sandbox->faults));
}

static void delete_faults(Call *call, const json_t *body)
{
    faults_reset(call->sandbox->faults);
    answer_done(call, faults_describe(call->sandbox->faults));
}

static void get_requests(Call *call, const json_t *body)
{
    answer_done(call, counts_describe(call->sandbox->counts));
}

static void delete_requests(Call *call, const json_t *body)
{
    counts_reset(call->sandbox->counts);
    answer_done(call, counts_describe(call->sandbox->counts));
}

static void post_truth(Call *call, const json_t *body)
{
    Sandbox *sandbox = call->sandbox;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(sandbox->state_folder, "truth.json", NULL);
    if (sandbox->company == NULL)
        call_fail(call, 400, "nobody knows the truth about a recording");
    else if (!company_write_truth(sandbox->company, path, &error))
        call_fail_detail(call, 500, "the truth could not be written", error->message);
    else
        answer_done(call, json_pack("{s:s}", "path", path));
}

static void post_rename(Call *call, const json_t *body)
{
    gboolean redirects = json_is_true(json_object_get(body, "redirect"));
    const char *workspace = text_of(body, "workspace");
    const char *slug = text_of(body, "slug");
    if (workspace != NULL) {
        sandbox_rename_workspace(call->sandbox, workspace, redirects);
        answer_now(call);
        return;
    }
    gint repository = repository_of(call, body);
    if (repository < 0)
        return;
    g_autoptr(GError) error = NULL;
    if (slug == NULL || slug[0] == '\0')
        call_fail(call, 400, "slug: the new one");
    else if (!sandbox_rename_repository(call->sandbox, (guint) repository, slug, redirects, &error))
        call_fail(call, 400, error->message);
    else
        answer_now(call);
}

static void post_delete_repository(Call *call, const json_t *body)
{
    gint repository = repository_of(call, body);
    if (repository < 0)
        return;
    call->sandbox->places[repository].gone = TRUE;
    sandbox_changed(call->sandbox);
    answer_now(call);
}

static void post_token(Call *call, const json_t *body)
{
    const char *message = NULL;
    const Token *token = tokens_put(call->sandbox->tokens, body, &message);
    if (token == NULL)
        call_fail(call, 400, message);
    else
        answer_done(call, token_describe(call->sandbox->tokens, token));
}

static void post_quota(Call *call, const json_t *body)
{
    const char *token = text_of(body, "token");
    const json_t *used = json_object_get(body, "used");
    if (token == NULL || !json_is_integer(used) || json_integer_value(used) < 0 ||
        json_integer_value(used) > 100000 ||
        !tokens_set_used(call->sandbox->tokens, token, (guint) json_integer_value(used)))
        call_fail(call, 400, "token: a name; used: how many requests of the last hour");
    else
        answer_now(call);
}

static const Control controls[] = {
    {"POST", "advance", post_advance},       {"POST", "activity", post_activity},
    {"POST", "faults", post_faults},         {"GET", "faults", get_faults},
    {"DELETE", "faults", delete_faults},     {"GET", "requests", get_requests},
    {"DELETE", "requests", delete_requests}, {"POST", "truth", post_truth},
    {"POST", "rename", post_rename},         {"POST", "delete-repository", post_delete_repository},
    {"POST", "token", post_token},           {"POST", "quota", post_quota},
};

void control_answer(Call *call)
{
    g_autofree char *expected = g_strconcat("Bearer ", call->sandbox->control_token, NULL);
    if (g_strcmp0(call->authorization, expected) != 0) {
        call_fail(call, 401, "the control token of ready.json is needed");
        return;
    }
    const char *name = call->segments->len == 2 ? call->segments->pdata[1] : "";
    for (guint i = 0; i < G_N_ELEMENTS(controls); i++) {
        if (!g_str_equal(controls[i].name, name) || !g_str_equal(controls[i].method, call->method))
            continue;
        json_t *body = call->body->len > 0
                           ? json_loadb((const char *) call->body->data, call->body->len, 0, NULL)
                           : json_object();
        if (body == NULL)
            call_fail(call, 400, "the body is not JSON");
        else
            controls[i].answer(call, body);
        json_decref(body);
        return;
    }
    call_fail(call, 404, "no such control; docs/sandbox.md lists them");
}
