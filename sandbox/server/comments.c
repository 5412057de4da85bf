#include "handlers.h"
#include "pulls.h"

#include <string.h>

gboolean comment_is_deleted(const Call *call, const CompanyComment *comment)
{
    return comment->deleted_at <= sandbox_now(call->sandbox);
}

static void write_anchor(Out *out, const CompanyComment *comment)
{
    if (comment->path == NULL || !out_object(out, "inline"))
        return;
    out_string(out, "path", comment->path);
    if (comment->line_from < 0)
        out_null(out, "from");
    else
        out_number(out, "from", comment->line_from);
    if (comment->line_to < 0)
        out_null(out, "to");
    else
        out_number(out, "to", comment->line_to);
    out_null(out, "start_from");
    out_null(out, "start_to");
    out_bool(out, "outdated", FALSE);
    out_string(out, "context_lines", "");
    out_close(out);
}

static void write_comment_links(Call *call, Out *out, const char *key, gint64 number, gint64 id,
                                gboolean with_web)
{
    const char *name = call_place(call)->full_name;
    if (!out_object(out, key))
        return;
    out_link_api(out, "self",
                 "/repositories/%s/pullrequests/%" G_GINT64_FORMAT "/comments/%" G_GINT64_FORMAT,
                 name, number, id);
    if (with_web)
        out_link_web(out, "html",
                     "/%s/pull-requests/%" G_GINT64_FORMAT "/_/diff#comment-%" G_GINT64_FORMAT,
                     name, number, id);
    out_close(out);
}

void write_comment(Call *call, Out *out, const char *key, const CompanyComment *comment)
{
    const CompanyRepository *repository = repository_at(call);
    const CompanyPull *pull = &repository->pulls[comment->pull];
    gint64 now = sandbox_now(call->sandbox);
    gboolean deleted = comment_is_deleted(call, comment);
    CompanyPullView view;
    if (!company_view_pull(call->sandbox->company, (guint) call->repository, comment->pull,
                           &view) ||
        !out_object(out, key))
        return;
    g_autofree char *text =
        deleted ? g_strdup("") : company_comment_text(call->sandbox->company, comment);
    out_string(out, "type", "pullrequest_comment");
    out_number(out, "id", comment->id);
    out_time(out, "created_on", comment->created_at);
    out_time(out, "updated_on",
             deleted                     ? comment->deleted_at
             : comment->edited_at <= now ? comment->edited_at
                                         : comment->created_at);
    out_bool(out, "deleted", deleted);
    out_bool(out, "pending", FALSE);
    out_rendered(out, "content", text);
    write_person(call, out, "user", comment->author);
    if (comment->parent >= 0 && out_object(out, "parent")) {
        gint64 parent = repository->comments[comment->parent].id;
        out_number(out, "id", parent);
        write_comment_links(call, out, "links", pull->number, parent, TRUE);
        out_close(out);
    }
    write_anchor(out, comment);
    if (comment->resolved_at <= now && out_object(out, "resolution")) {
        out_string(out, "type", "comment_resolution");
        write_person(call, out, "user", comment->resolver);
        out_time(out, "created_on", comment->resolved_at);
        out_close(out);
    }
    write_pull_short(call, out, "pullrequest", pull, view.title, view.draft);
    write_comment_links(call, out, "links", pull->number, comment->id, TRUE);
    out_close(out);
}

/* ---- comments ---- */

const FieldRule comment_fields[] = {{"id", FIELD_NUMBER},
                                    {"created_on", FIELD_TIME},
                                    {"updated_on", FIELD_TIME},
                                    {"deleted", FIELD_BOOL},
                                    {"pending", FIELD_BOOL},
                                    {"content.raw", FIELD_STRING},
                                    {"user.uuid", FIELD_STRING},
                                    {"user.account_id", FIELD_STRING},
                                    {"parent.id", FIELD_NUMBER},
                                    {"inline.path", FIELD_STRING},
                                    {NULL}};

/* Indices of the comments made by now on a pull request, oldest first. Deleted ones stay while
 * they have replies. */
static GArray *collect_comments(Call *call, const CompanyPull *pull)
{
    const CompanyRepository *repository = repository_at(call);
    guint until = company_acts_until_now(call->sandbox->company, repository);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(gint32));
    for (guint i = 0; i < pull->n_acts && pull->acts[i] < until; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        if (act->kind != ACT_COMMENT)
            continue;
        const CompanyComment *comment = &repository->comments[act->comment];
        if (!comment_is_deleted(call, comment) || comment->has_replies)
            g_array_append_val(found, act->comment);
    }
    return found;
}

static void write_listed_comment(const Listing *listing, guint candidate, Out *out)
{
    gint32 index = g_array_index((GArray *) listing->data, gint32, candidate);
    write_comment(listing->call, out, NULL, &repository_at(listing->call)->comments[index]);
}

void answer_comments(Call *call)
{
    CompanyPullView view;
    guint index;
    const CompanyPull *pull = pull_of_call(call, &view, &index);
    if (pull == NULL)
        return;
    g_autoptr(GArray) found = collect_comments(call, pull);
    Listing listing = {.call = call,
                       .n = found->len,
                       .fields = comment_fields,
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_listed_comment,
                       .data = found};
    listing_answer(&listing);
}

void answer_comment(Call *call)
{
    CompanyPullView view;
    guint index;
    gint64 id = 0;
    const CompanyPull *pull = pull_of_call(call, &view, &index);
    if (pull == NULL)
        return;
    g_ascii_string_to_signed(call->params[3], 10, 1, G_MAXINT64, &id, NULL);
    g_autoptr(GArray) found = collect_comments(call, pull);
    for (guint i = 0; i < found->len; i++) {
        const CompanyComment *comment =
            &repository_at(call)->comments[g_array_index(found, gint32, i)];
        if (comment->id == id) {
            write_comment(call, call_open(call), NULL, comment);
            call_answer(call, 200);
            return;
        }
    }
    call_fail(call, 404, "The requested comment was not found.");
}

/* ---- tasks ---- */

static void write_task(const Listing *listing, guint candidate, Out *out)
{
    Call *call = listing->call;
    const CompanyRepository *repository = repository_at(call);
    const CompanyTask *task =
        &repository->tasks[g_array_index((GArray *) listing->data, guint32, candidate)];
    const char *name = call_place(call)->full_name;
    gint64 number = repository->pulls[task->pull].number;
    gboolean resolved = task->resolved_at <= sandbox_now(call->sandbox);
    if (!out_object(out, NULL))
        return;
    out_number(out, "id", task->id);
    out_string(out, "state", resolved ? "RESOLVED" : "UNRESOLVED");
    out_rendered(out, "content", "Please look at this before merging");
    write_person(call, out, "creator", task->creator);
    out_time(out, "created_on", task->created_at);
    out_time(out, "updated_on", resolved ? task->resolved_at : task->created_at);
    if (resolved)
        out_time(out, "resolved_on", task->resolved_at);
    else
        out_null(out, "resolved_on");
    write_person(call, out, "resolved_by", resolved ? task->resolver : -1);
    out_bool(out, "pending", FALSE);
    if (task->comment >= 0 && out_object(out, "comment")) {
        gint64 comment = repository->comments[task->comment].id;
        out_number(out, "id", comment);
        write_comment_links(call, out, "links", number, comment, TRUE);
        out_close(out);
    }
    if (out_object(out, "links")) {
        out_link_api(out, "self",
                     "/repositories/%s/pullrequests/%" G_GINT64_FORMAT "/tasks/%" G_GINT64_FORMAT,
                     name, number, task->id);
        out_link_web(out, "html", "/%s/pull-requests/%" G_GINT64_FORMAT "#task-%" G_GINT64_FORMAT,
                     name, number, task->id);
        out_close(out);
    }
    out_close(out);
}

void answer_tasks(Call *call)
{
    static const FieldRule fields[] = {
        {"id", FIELD_NUMBER},           {"state", FIELD_STRING},      {"created_on", FIELD_TIME},
        {"updated_on", FIELD_TIME},     {"resolved_on", FIELD_TIME},  {"pending", FIELD_BOOL},
        {"creator.uuid", FIELD_STRING}, {"comment.id", FIELD_NUMBER}, {NULL}};
    CompanyPullView view;
    guint index;
    if (pull_of_call(call, &view, &index) == NULL)
        return;
    const CompanyRepository *repository = repository_at(call);
    gint64 now = sandbox_now(call->sandbox);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < repository->n_tasks; i++)
        if (repository->tasks[i].pull == index && repository->tasks[i].created_at <= now)
            g_array_append_val(found, i);
    Listing listing = {.call = call,
                       .n = found->len,
                       .fields = fields,
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_task,
                       .data = found};
    listing_answer(&listing);
}
