#include "pulls.h"

#include "handlers.h"
#include "tokens.h"

#include <string.h>

/* ---- writing ---- */

char *pull_description(const CompanyPull *pull, const char *title)
{
    return pull->jira_key != NULL
               ? g_strdup_printf("%s\n\nSee %s for what was agreed.", title, pull->jira_key)
               : g_strdup_printf("%s", title);
}

void write_pull_short(Call *call, Out *out, const char *key, const CompanyPull *pull,
                      const char *title, gboolean draft)
{
    const Place *place = call_place(call);
    if (!out_object(out, key))
        return;
    out_string(out, "type", "pullrequest");
    out_number(out, "id", pull->number);
    out_string(out, "title", title);
    out_bool(out, "draft", draft);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/pullrequests/%" G_GINT64_FORMAT,
                     place->full_name, pull->number);
        out_link_web(out, "html", "/%s/pull-requests/%" G_GINT64_FORMAT, place->full_name,
                     pull->number);
        out_close(out);
    }
    out_close(out);
}

void write_pull_end(Call *call, Out *out, const char *key, const CompanyPull *pull,
                    gboolean is_source, gint32 commit)
{
    if (!out_object(out, key))
        return;
    if (out_object(out, "branch")) {
        out_string(out, "name", is_source ? pull->source_branch : pull->destination_branch);
        out_close(out);
    }
    write_commit_short(call, out, "commit", commit, 12);
    if (is_source && pull->from_fork)
        out_null(out, "repository"); /* the fork has been deleted */
    else
        write_repository_short(call, out, "repository", (guint) call->repository);
    out_close(out);
}

static const char *hash_of(const Call *call, gint32 commit)
{
    return commit >= 0 ? repository_at(call)->commits[commit].hash : "";
}

static void write_links(Call *call, Out *out, const CompanyPullView *view)
{
    static const char *const parts[] = {"commits",  "approve", "request-changes", "comments",
                                        "activity", "merge",   "decline",         "statuses"};
    static const char *const diffs[] = {"diff", "diffstat"};
    const char *name = call_place(call)->full_name;
    gint64 number = view->pull->number;
    if (!out_object(out, "links"))
        return;
    out_link_api(out, "self", "/repositories/%s/pullrequests/%" G_GINT64_FORMAT, name, number);
    out_link_web(out, "html", "/%s/pull-requests/%" G_GINT64_FORMAT, name, number);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        out_link_api(out, parts[i], "/repositories/%s/pullrequests/%" G_GINT64_FORMAT "/%s", name,
                     number, parts[i]);
    for (guint i = 0; i < G_N_ELEMENTS(diffs); i++)
        out_link_api(out, diffs[i],
                     "/repositories/%s/%s/%s:%.12s%%0D%.12s?from_pullrequest_id=%" G_GINT64_FORMAT
                     "&topic=true",
                     name, diffs[i], name, hash_of(call, view->source_commit),
                     hash_of(call, view->destination_commit), number);
    out_close(out);
}

static void write_participants(Call *call, Out *out, const CompanyPullView *view)
{
    if (out_array(out, "reviewers")) {
        for (guint i = 0; i < view->n_participants; i++)
            if (view->participants[i].is_reviewer)
                write_person(call, out, NULL, view->participants[i].person);
        out_close(out);
    }
    if (!out_array(out, "participants"))
        return;
    for (guint i = 0; i < view->n_participants; i++) {
        if (!out_object(out, NULL))
            continue;
        const char *state = view->participants[i].state;
        out_string(out, "type", "participant");
        write_person(call, out, "user", view->participants[i].person);
        out_string(out, "role", view->participants[i].is_reviewer ? "REVIEWER" : "PARTICIPANT");
        out_bool(out, "approved", g_strcmp0(state, "approved") == 0);
        out_string(out, "state", state);
        if (view->participants[i].participated_at == NEVER)
            out_null(out, "participated_on");
        else
            out_time(out, "participated_on", view->participants[i].participated_at);
        out_close(out);
    }
    out_close(out);
}

static void write_rendered(Out *out, const char *title, const char *description)
{
    if (!out_object(out, "rendered"))
        return;
    out_rendered(out, "title", title);
    out_rendered(out, "description", description);
    out_rendered(out, "reason", "");
    out_close(out);
}

static void write_pull(Call *call, Out *out, const CompanyPullView *view, gboolean single)
{
    const CompanyPull *pull = view->pull;
    g_autofree char *description = pull_description(pull, view->title);
    gboolean open = g_str_equal(view->state, "OPEN");
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "pullrequest");
    out_number(out, "id", pull->number);
    out_string(out, "title", view->title);
    out_string(out, "description", description);
    out_string(out, "state", view->state);
    out_bool(out, "draft", view->draft);
    out_number(out, "comment_count", view->comment_count);
    out_number(out, "task_count", view->task_count);
    out_bool(out, "close_source_branch", pull->close_source_branch);
    out_string(out, "reason", "");
    out_time(out, "created_on", pull->opened_at);
    out_time(out, "updated_on", view->updated_at);
    write_person(call, out, "author", pull->author);
    write_person(call, out, "closed_by", open ? -1 : pull->closed_by);
    write_commit_short(call, out, "merge_commit", view->merge_commit, 12);
    write_pull_end(call, out, "source", pull, TRUE, view->source_commit);
    write_pull_end(call, out, "destination", pull, FALSE, view->destination_commit);
    out_rendered(out, "summary", description);
    write_links(call, out, view);
    out_set_optional(out, !single);
    write_rendered(out, view->title, description);
    write_participants(call, out, view);
    out_close(out);
}

/* ---- listing ---- */

const FieldRule pull_fields[] = {{"id", FIELD_NUMBER},
                                 {"state", FIELD_STRING},
                                 {"updated_on", FIELD_TIME},
                                 {"created_on", FIELD_TIME},
                                 {"title", FIELD_STRING},
                                 {"description", FIELD_STRING},
                                 {"draft", FIELD_BOOL},
                                 {"author.uuid", FIELD_STRING},
                                 {"author.account_id", FIELD_STRING},
                                 {"author.nickname", FIELD_STRING},
                                 {"author.display_name", FIELD_STRING},
                                 {"closed_by.uuid", FIELD_STRING},
                                 {"reviewers.uuid", FIELD_STRING},
                                 {"reviewers.account_id", FIELD_STRING},
                                 {"participants.user.uuid", FIELD_STRING},
                                 {"source.branch.name", FIELD_STRING},
                                 {"source.commit.hash", FIELD_STRING},
                                 {"source.repository.full_name", FIELD_STRING},
                                 {"destination.branch.name", FIELD_STRING},
                                 {"destination.commit.hash", FIELD_STRING},
                                 {"merge_commit.hash", FIELD_STRING},
                                 {"comment_count", FIELD_NUMBER},
                                 {"task_count", FIELD_NUMBER},
                                 {NULL}};

/* How many have been opened by now. */
static guint count_opened(const CompanyRepository *repository, gint64 now)
{
    guint low = 0, high = repository->n_pulls;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (repository->pulls[middle].opened_at <= now)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const char *state_of(const CompanyPull *pull, gint64 now)
{
    if (pull->closed_at > now)
        return "OPEN";
    return pull->close_kind == ACT_MERGE     ? "MERGED"
           : pull->close_kind == ACT_DECLINE ? "DECLINED"
                                             : "SUPERSEDED";
}

/* updated_on of all opened pull requests, worked out once for each state of the world. */
static GArray *updated_times(Call *call, guint n)
{
    Sandbox *sandbox = call->sandbox;
    Place *place = &sandbox->places[call->repository];
    guint version = sandbox->version;
    g_mutex_lock(&sandbox->lock);
    GArray *times = place->updated != NULL && place->updated_version == version
                        ? g_array_ref(place->updated)
                        : NULL;
    g_mutex_unlock(&sandbox->lock);
    if (times != NULL && times->len == n)
        return times;
    g_clear_pointer(&times, g_array_unref);
    times = g_array_sized_new(FALSE, TRUE, sizeof(gint64), n);
    for (guint i = 0; i < n; i++) {
        CompanyPullView view;
        gint64 at = company_view_pull(sandbox->company, (guint) call->repository, i, &view)
                        ? view.updated_at
                        : 0;
        g_array_append_val(times, at);
    }
    g_mutex_lock(&sandbox->lock);
    g_clear_pointer(&place->updated, g_array_unref);
    place->updated = g_array_ref(times);
    place->updated_version = version;
    g_mutex_unlock(&sandbox->lock);
    return times;
}

typedef struct {
    const CompanyRepository *repository;
    gint64 now;
    guint n;
    gboolean wanted[4]; /* by state */
    GArray *updated;    /* when asked for */
    gint person;        /* only this author's; -1: all */
} PullListing;

static const char *const states[] = {"OPEN", "MERGED", "DECLINED", "SUPERSEDED"};

/* Newest first. */
static guint pull_index(const PullListing *own, guint candidate)
{
    return own->n - 1 - candidate;
}

static gboolean keep_pull(const Listing *listing, guint candidate)
{
    const PullListing *own = listing->data;
    const CompanyPull *pull = &own->repository->pulls[pull_index(own, candidate)];
    const char *state = state_of(pull, own->now);
    for (guint i = 0; i < G_N_ELEMENTS(states); i++)
        if (g_str_equal(state, states[i]))
            return own->wanted[i];
    return FALSE;
}

static void write_listed_pull(const Listing *listing, guint candidate, Out *out)
{
    const PullListing *own = listing->data;
    Call *call = listing->call;
    CompanyPullView view;
    if (company_view_pull(call->sandbox->company, (guint) call->repository,
                          pull_index(own, candidate), &view))
        write_pull(call, out, &view, FALSE);
}

static gboolean fetch_pull(const Listing *listing, guint candidate, const FieldRule *rule,
                           ValueVisit visit, gpointer data)
{
    PullListing *own = listing->data;
    guint index = pull_index(own, candidate);
    const CompanyPull *pull = &own->repository->pulls[index];
    Value value;
    if (g_str_equal(rule->name, "updated_on")) {
        if (own->updated == NULL)
            own->updated = updated_times(listing->call, own->n);
        value = value_number(g_array_index(own->updated, gint64, index));
    } else if (g_str_equal(rule->name, "id")) {
        value = value_number(pull->number);
    } else if (g_str_equal(rule->name, "state")) {
        value = value_text(state_of(pull, own->now));
    } else if (g_str_equal(rule->name, "created_on")) {
        value = value_number(pull->opened_at);
    } else if (g_str_equal(rule->name, "source.branch.name")) {
        value = value_text(pull->source_branch);
    } else if (g_str_equal(rule->name, "destination.branch.name")) {
        value = value_text(pull->destination_branch);
    } else {
        return FALSE;
    }
    visit(&value, data);
    return TRUE;
}

/* The parameter "state", which may come several times; without it open ones, unless q speaks of
 * states. FALSE: answered. */
static gboolean read_states(Call *call, gboolean *ret_wanted)
{
    gboolean named = FALSE;
    for (guint i = 0; i < call->arguments->len; i++) {
        const NamedText *argument = &g_array_index(call->arguments, NamedText, i);
        if (!g_str_equal(argument->name, "state"))
            continue;
        named = TRUE;
        guint state = 0;
        while (state < G_N_ELEMENTS(states) &&
               g_ascii_strcasecmp(argument->value, states[state]) != 0)
            state++;
        if (state == G_N_ELEMENTS(states)) {
            call_fail(call, 400, "Invalid state");
            return FALSE;
        }
        ret_wanted[state] = TRUE;
    }
    const char *q = call_argument(call, "q");
    gboolean in_q = q != NULL && strstr(q, "state") != NULL;
    for (guint i = 0; i < G_N_ELEMENTS(states) && !named; i++)
        ret_wanted[i] = in_q || i == 0;
    return TRUE;
}

void answer_pulls(Call *call)
{
    PullListing own = {.repository = repository_at(call), .now = sandbox_now(call->sandbox)};
    own.n = count_opened(own.repository, own.now);
    if (!read_states(call, own.wanted))
        return;
    Listing listing = {.call = call,
                       .n = own.n,
                       .fields = pull_fields,
                       .page_default = 10,
                       .page_max = 50,
                       .keep = keep_pull,
                       .write = write_listed_pull,
                       .fetch = fetch_pull,
                       .data = &own};
    listing_answer(&listing);
    g_clear_pointer(&own.updated, g_array_unref);
}

/* ---- one ---- */

const CompanyPull *pull_of_call(Call *call, CompanyPullView *ret_view, guint *ret_index)
{
    const CompanyRepository *repository = repository_at(call);
    gint64 number;
    guint low = 0, high = repository->n_pulls;
    if (g_ascii_string_to_signed(call->params[2], 10, 1, G_MAXINT64, &number, NULL)) {
        while (low < high) {
            guint middle = (low + high) / 2;
            if (repository->pulls[middle].number < number)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < repository->n_pulls && repository->pulls[low].number == number &&
            company_view_pull(call->sandbox->company, (guint) call->repository, low, ret_view)) {
            *ret_index = low;
            return &repository->pulls[low];
        }
    }
    call_fail(call, 404, "The requested pull request was not found.");
    return NULL;
}

void answer_pull(Call *call)
{
    CompanyPullView view;
    guint index;
    if (pull_of_call(call, &view, &index) == NULL)
        return;
    write_pull(call, call_open(call), &view, TRUE);
    call_answer(call, 200);
}

/* ---- one person's, over the whole workspace ---- */

typedef struct {
    guint repository, pull;
} PullRef;

static void write_referred_pull(const Listing *listing, guint candidate, Out *out)
{
    const PullRef *ref = &g_array_index((GArray *) listing->data, PullRef, candidate);
    CompanyPullView view;
    Call *call = listing->call;
    call->repository = (gint) ref->repository;
    if (company_view_pull(call->sandbox->company, ref->repository, ref->pull, &view))
        write_pull(call, out, &view, FALSE);
}

void answer_pulls_of_person(Call *call)
{
    gint64 now = sandbox_now(call->sandbox);
    gint person = find_person_by_id(call, call->params[1]);
    gboolean wanted[4] = {FALSE};
    if (person < 0) {
        call_fail(call, 404, "No such user");
        return;
    }
    if (!read_states(call, wanted))
        return;
    g_autoptr(GArray) refs = g_array_new(FALSE, FALSE, sizeof(PullRef));
    for (guint i = 0; i < call->sandbox->n_places; i++) {
        call->repository = (gint) i;
        const CompanyRepository *repository = repository_at(call);
        for (guint j = 0; j < repository->n_pulls && repository->pulls[j].opened_at <= now; j++) {
            const CompanyPull *pull = &repository->pulls[j];
            guint state = 0;
            while (!g_str_equal(states[state], state_of(pull, now)))
                state++;
            PullRef ref = {.repository = i, .pull = j};
            if (pull->author == person && wanted[state] && !call->sandbox->places[i].gone &&
                token_reaches(call->token, call->sandbox, &call->sandbox->places[i]))
                g_array_append_val(refs, ref);
        }
    }
    Listing listing = {.call = call,
                       .n = refs->len,
                       .fields = pull_fields,
                       .sort = "-created_on",
                       .page_default = 10,
                       .page_max = 50,
                       .write = write_referred_pull,
                       .data = refs};
    listing_answer(&listing);
}
