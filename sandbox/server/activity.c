/* The activity feeds: newest first, 50 a page at most, no size, no order but this one. The context
 * in "next" says before which act to go on, so that what happens meanwhile shifts nothing. */
#include "handlers.h"
#include "pulls.h"

#include <string.h>

/* What a pull request looked like right after an act. */
typedef struct {
    const char *state, *title;
    gboolean draft;
    gint32 reviewers[64];
    guint n_reviewers;
} Moment;

static void add_reviewer(Moment *moment, gint32 person)
{
    for (guint i = 0; i < moment->n_reviewers; i++)
        if (moment->reviewers[i] == person)
            return;
    if (moment->n_reviewers < G_N_ELEMENTS(moment->reviewers))
        moment->reviewers[moment->n_reviewers++] = person;
}

static void remove_reviewer(Moment *moment, gint32 person)
{
    for (guint i = 0; i < moment->n_reviewers; i++) {
        if (moment->reviewers[i] == person) {
            moment->reviewers[i] = moment->reviewers[--moment->n_reviewers];
            return;
        }
    }
}

static void apply(Moment *moment, const CompanyPull *pull, const CompanyAct *act)
{
    switch ((ActKind) act->kind) {
    case ACT_READY:
        moment->draft = FALSE;
        break;
    case ACT_DRAFT:
        moment->draft = TRUE;
        break;
    case ACT_REVIEWER_ADDED:
        add_reviewer(moment, act->subject);
        break;
    case ACT_REVIEWER_REMOVED:
        remove_reviewer(moment, act->subject);
        break;
    case ACT_EDIT_TITLE:
        moment->title = pull->edited_title != NULL ? pull->edited_title : pull->title;
        break;
    case ACT_MERGE:
        moment->state = "MERGED";
        break;
    case ACT_DECLINE:
        moment->state = "DECLINED";
        break;
    case ACT_SUPERSEDE:
        moment->state = "SUPERSEDED";
        break;
    default:
        break;
    }
}

static void moment_after(const CompanyRepository *repository, const CompanyPull *pull,
                         guint act_index, Moment *ret_moment)
{
    *ret_moment = (Moment){.state = "OPEN", .title = pull->title, .draft = pull->opened_as_draft};
    for (guint i = 0; i < pull->n_initial_reviewers; i++)
        add_reviewer(ret_moment, pull->initial_reviewers[i]);
    for (guint i = 0; i < pull->n_acts && pull->acts[i] <= act_index; i++)
        apply(ret_moment, pull, &repository->acts[pull->acts[i]]);
}

/* ---- entries ---- */

static void write_change_pair(Out *out, const char *key, const char *before, const char *after)
{
    if (!out_object(out, key))
        return;
    out_string(out, "old", before);
    out_string(out, "new", after);
    out_close(out);
}

static void write_reviewer_change(Call *call, Out *out, const char *key, gint32 person)
{
    if (!out_object(out, "reviewers"))
        return;
    if (out_array(out, key)) {
        write_person(call, out, NULL, person);
        out_close(out);
    }
    out_close(out);
}

static void write_changes(Call *call, Out *out, const CompanyPull *pull, const CompanyAct *act)
{
    if (!out_object(out, "changes"))
        return;
    switch ((ActKind) act->kind) {
    case ACT_READY:
    case ACT_DRAFT:
        if (out_object(out, "draft")) {
            out_bool(out, "old", act->kind == ACT_READY);
            out_bool(out, "new", act->kind == ACT_DRAFT);
            out_close(out);
        }
        break;
    case ACT_REVIEWER_ADDED:
        write_reviewer_change(call, out, "added", act->subject);
        break;
    case ACT_REVIEWER_REMOVED:
        write_reviewer_change(call, out, "removed", act->subject);
        break;
    case ACT_EDIT_TITLE:
        write_change_pair(out, "title", pull->title, pull->edited_title);
        break;
    case ACT_MERGE:
        write_change_pair(out, "status", "open", "fulfilled");
        break;
    case ACT_DECLINE:
        write_change_pair(out, "status", "open", "rejected");
        break;
    case ACT_SUPERSEDE:
        write_change_pair(out, "status", "open", "superseded");
        break;
    default:
        break;
    }
    out_close(out);
}

static void write_update(Call *call, Out *out, const CompanyPull *pull, const CompanyAct *act,
                         guint act_index, gint32 destination)
{
    Moment moment;
    if (!out_object(out, "update"))
        return;
    moment_after(repository_at(call), pull, act_index, &moment);
    g_autofree char *description = pull_description(pull, moment.title);
    out_string(out, "state", moment.state);
    out_bool(out, "draft", moment.draft);
    out_string(out, "title", moment.title);
    out_string(out, "description", description);
    if (out_array(out, "reviewers")) {
        for (guint i = 0; i < moment.n_reviewers; i++)
            write_person(call, out, NULL, moment.reviewers[i]);
        out_close(out);
    }
    write_changes(call, out, pull, act);
    out_string(out, "reason", "");
    write_person(call, out, "author", act->actor);
    out_time(out, "date", act->at);
    write_pull_end(call, out, "destination", pull, FALSE, destination);
    write_pull_end(call, out, "source", pull, TRUE, act->commit);
    out_close(out);
}

static void write_verdict(Call *call, Out *out, const char *key, const CompanyPullView *view,
                          const CompanyAct *act)
{
    if (!out_object(out, key))
        return;
    out_time(out, "date", act->at);
    write_person(call, out, "user", act->actor);
    write_pull_short(call, out, "pullrequest", view->pull, view->title, view->draft);
    out_close(out);
}

static void write_entry(Call *call, Out *out, guint act_index)
{
    const CompanyRepository *repository = repository_at(call);
    const CompanyAct *act = &repository->acts[act_index];
    CompanyPullView view;
    if (!company_view_pull(call->sandbox->company, (guint) call->repository, act->pull, &view) ||
        !out_object(out, NULL))
        return;
    write_pull_short(call, out, "pull_request", view.pull, view.title, view.draft);
    switch ((ActKind) act->kind) {
    case ACT_APPROVE:
        write_verdict(call, out, "approval", &view, act);
        break;
    case ACT_REQUEST_CHANGES:
        write_verdict(call, out, "changes_requested", &view, act);
        break;
    case ACT_COMMENT:
        write_comment(call, out, "comment", &repository->comments[act->comment]);
        break;
    case ACT_EMPTY:
    case ACT_WITHDRAW_APPROVAL:
        break;
    default:
        write_update(call, out, view.pull, act, act_index, view.destination_commit);
    }
    out_close(out);
}

/* ---- pages ---- */

/* The position as it stands in an address: not to be guessed at or counted with. */
static char *seal_position(guint position)
{
    return g_strdup_printf("%08x%08x", position * 2654435761U, position ^ 0x5ca1ab1eU);
}

static gboolean open_position(const char *text, guint limit, guint *ret_position)
{
    guint64 sealed;
    if (strlen(text) != 16 || !g_ascii_string_to_unsigned(text, 16, 0, G_MAXUINT64, &sealed, NULL))
        return FALSE;
    guint position = (guint) (sealed & G_MAXUINT32) ^ 0x5ca1ab1eU;
    if ((guint) (sealed >> 32) != (guint) (position * 2654435761U) || position > limit)
        return FALSE;
    *ret_position = position;
    return TRUE;
}

/* @acts: positions in the repository's acts, or NULL for all of them. */
static void answer_feed(Call *call, const guint32 *acts, guint n)
{
    const CompanyRepository *repository = repository_at(call);
    const char *context = call_argument(call, "ctx");
    guint length, position = n, written = 0;
    if (!listing_page_length(call, 20, 50, &length))
        return;
    if (context != NULL && !open_position(context, n, &position)) {
        call_fail(call, 400, "Invalid context");
        return;
    }
    Out *out = call_open(call);
    if (out_object(out, NULL)) {
        gboolean shown = out_array(out, "values");
        while (position > 0 && written < length) {
            guint act = acts != NULL ? acts[--position] : --position;
            if (repository->acts[act].kind == ACT_WITHDRAW_APPROVAL)
                continue; /* leaves no entry */
            written++;
            if (shown)
                write_entry(call, out, act);
        }
        if (shown)
            out_close(out);
        out_number(out, "pagelen", length);
        while (position > 0 &&
               repository->acts[acts != NULL ? acts[position - 1] : position - 1].kind ==
                   ACT_WITHDRAW_APPROVAL)
            position--;
        if (position > 0) {
            g_autofree char *sealed = seal_position(position);
            g_autofree char *extra = g_strconcat("ctx=", sealed, NULL);
            g_autofree char *url = listing_page_url(call, extra);
            out_string(out, "next", url);
        }
        out_close(out);
    }
    call_answer(call, 200);
}

void answer_activity(Call *call)
{
    answer_feed(call, NULL, company_acts_until_now(call->sandbox->company, repository_at(call)));
}

void answer_pull_activity(Call *call)
{
    CompanyPullView view;
    guint index;
    const CompanyPull *pull = pull_of_call(call, &view, &index);
    if (pull == NULL)
        return;
    guint until = company_acts_until_now(call->sandbox->company, repository_at(call));
    guint n = 0;
    while (n < pull->n_acts && pull->acts[n] < until)
        n++;
    answer_feed(call, pull->acts, n);
}
