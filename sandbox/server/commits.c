#include "handlers.h"
#include "pulls.h"
#include "times.h"
#include "world.h"

#include <string.h>

/* ---- finding ---- */

static gint compare_hashes(gconstpointer a, gconstpointer b, gpointer data)
{
    const CompanyCommit *commits = data;
    return strcmp(commits[*(const gint32 *) a].hash, commits[*(const gint32 *) b].hash);
}

/* Hashes never change once the history is made, so the order is worked out once. */
static GArray *by_hash(Call *call)
{
    Sandbox *sandbox = call->sandbox;
    Place *place = &sandbox->places[call->repository];
    const CompanyRepository *repository = repository_at(call);
    g_mutex_lock(&sandbox->lock);
    if (place->by_hash == NULL) {
        place->by_hash = g_array_sized_new(FALSE, FALSE, sizeof(gint32), repository->n_commits);
        for (gint32 i = 0; i < (gint32) repository->n_commits; i++)
            g_array_append_val(place->by_hash, i);
        g_array_sort_with_data(place->by_hash, compare_hashes, repository->commits);
    }
    GArray *order = place->by_hash;
    g_mutex_unlock(&sandbox->lock);
    return order;
}

gint32 find_commit(Call *call, const char *hash)
{
    const CompanyRepository *repository = repository_at(call);
    const GArray *order = by_hash(call);
    gsize length = strlen(hash);
    if (length < 4 || length > 40)
        return -1;
    g_autofree char *wanted = g_ascii_strdown(hash, -1);
    guint low = 0, high = order->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (strcmp(repository->commits[g_array_index(order, gint32, middle)].hash, wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == order->len)
        return -1;
    gint32 index = g_array_index(order, gint32, low);
    const CompanyCommit *commit = &repository->commits[index];
    return strncmp(commit->hash, wanted, length) == 0 &&
                   commit->visible_at <= sandbox_now(call->sandbox)
               ? index
               : -1;
}

typedef struct {
    const char *name;
    gint32 commit;
} BranchSearch;

static void compare_branch(const char *name, gint32 commit, gpointer data)
{
    BranchSearch *search = data;
    if (g_str_equal(name, search->name))
        search->commit = commit;
}

gint32 find_revision(Call *call, const char *name)
{
    BranchSearch search = {.name = name, .commit = -1};
    company_visit_branches(call->sandbox->company, (guint) call->repository, compare_branch,
                           &search);
    return search.commit >= 0 ? search.commit : find_commit(call, name);
}

/* ---- writing ---- */

static void write_hash(Out *out, const char *hash, guint digits)
{
    char text[41];
    g_strlcpy(text, hash, MIN(digits + 1, sizeof text));
    out_string(out, "hash", text);
}

void write_commit_short(Call *call, Out *out, const char *key, gint32 commit, guint digits)
{
    if (commit < 0) {
        out_null(out, key);
        return;
    }
    const char *hash = repository_at(call)->commits[commit].hash;
    const char *name = call_place(call)->full_name;
    if (!out_object(out, key))
        return;
    out_string(out, "type", "commit");
    write_hash(out, hash, digits);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/commit/%.*s", name, (int) digits, hash);
        out_link_web(out, "html", "/%s/commits/%.*s", name, (int) digits, hash);
        out_close(out);
    }
    out_close(out);
}

static void write_author(Call *call, Out *out, const CompanyCommit *commit)
{
    if (!out_object(out, "author"))
        return;
    out_string(out, "type", "author");
    out_string(out, "raw", commit->raw_author);
    /* Without "user" where the address belongs to no account, or to none that is left. */
    if (commit->author >= 0 && person_is_there(call, commit->author))
        write_person(call, out, "user", commit->author);
    out_close(out);
}

static void write_links(Call *call, Out *out, const char *hash)
{
    static const char *const parts[] = {"approve", "comments", "statuses"};
    const char *name = call_place(call)->full_name;
    if (!out_object(out, "links"))
        return;
    out_link_api(out, "self", "/repositories/%s/commit/%s", name, hash);
    out_link_web(out, "html", "/%s/commits/%s", name, hash);
    out_link_api(out, "diff", "/repositories/%s/diff/%s", name, hash);
    out_link_api(out, "patch", "/repositories/%s/patch/%s", name, hash);
    for (guint i = 0; i < G_N_ELEMENTS(parts); i++)
        out_link_api(out, parts[i], "/repositories/%s/commit/%s/%s", name, hash, parts[i]);
    out_close(out);
}

static void write_commit_members(Call *call, Out *out, const CompanyCommit *commit)
{
    char date[TIMES_SIZE];
    times_format_git(commit->authored_at, date);
    out_string(out, "type", "commit");
    out_string(out, "hash", commit->hash);
    out_string(out, "date", date);
    write_author(call, out, commit);
    out_string(out, "message", commit->message);
    out_rendered(out, "summary", commit->message);
    if (out_object(out, "rendered")) {
        out_rendered(out, "message", commit->message);
        out_close(out);
    }
    if (out_array(out, "parents")) {
        for (guint i = 0; i < G_N_ELEMENTS(commit->parents); i++)
            if (commit->parents[i] >= 0)
                write_commit_short(call, out, NULL, commit->parents[i], 40);
        out_close(out);
    }
    write_repository_short(call, out, "repository", (guint) call->repository);
    write_links(call, out, commit->hash);
}

void write_commit(Call *call, Out *out, const char *key, gint32 commit)
{
    if (!out_object(out, key))
        return;
    write_commit_members(call, out, &repository_at(call)->commits[commit]);
    out_close(out);
}

/* ---- histories ---- */

typedef struct {
    Call *call;
    guint8 *marks; /* by commit: 1 included, 2 excluded */
    guint n_included, n_excluded;
    json_t *unknown;
} Walk;

static void start_at(Walk *walk, const char *name, gboolean excluded)
{
    gint32 commit = find_revision(walk->call, name);
    if (commit < 0)
        json_array_append_new(walk->unknown, json_string(name));
    else
        walk->marks[commit] |= excluded ? 2 : 1;
    *(excluded ? &walk->n_excluded : &walk->n_included) += 1;
}

static void start_at_branch(const char *name, gint32 commit, gpointer data)
{
    Walk *walk = data;
    if (commit >= 0)
        walk->marks[commit] |= 1;
}

static void fail_unknown(Call *call, json_t *unknown)
{
    const char *first = json_string_value(json_array_get(unknown, 0));
    g_autofree char *message = g_strdup_printf("Commit not found: %s", first);
    json_t *body = json_pack("{s:s,s:{s:s,s:{s:O}}}", "type", "error", "error", "message", message,
                             "data", "shas", unknown);
    call_answer_json(call, 404, body);
    json_decref(body);
}

static void read_ends(Walk *walk)
{
    Call *call = walk->call;
    if (call->rest != NULL)
        start_at(walk, call->rest, FALSE);
    for (guint i = 0; i < call->arguments->len; i++) {
        const NamedText *argument = &g_array_index(call->arguments, NamedText, i);
        if (g_str_equal(argument->name, "include"))
            start_at(walk, argument->value, FALSE);
        else if (g_str_equal(argument->name, "exclude"))
            start_at(walk, argument->value, TRUE);
    }
    if (walk->n_included == 0)
        company_visit_branches(call->sandbox->company, (guint) call->repository, start_at_branch,
                               walk);
}

/* Parents stand before their children, so one way back over all commits follows every line. */
static GArray *collect(const Walk *walk)
{
    const CompanyRepository *repository = repository_at(walk->call);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = repository->n_commits; i-- > 0;) {
        guint8 mark = walk->marks[i];
        if (mark == 0)
            continue;
        for (guint j = 0; j < G_N_ELEMENTS(repository->commits[i].parents); j++)
            if (repository->commits[i].parents[j] >= 0)
                walk->marks[repository->commits[i].parents[j]] |= mark;
        if ((mark & 2) == 0)
            g_array_append_val(found, i);
    }
    return found;
}

static GArray *select_commits(const Listing *listing)
{
    Call *call = listing->call;
    Walk walk = {.call = call,
                 .marks = g_malloc0(repository_at(call)->n_commits + 1),
                 .unknown = json_array()};
    GArray *found = NULL;
    read_ends(&walk);
    if (json_array_size(walk.unknown) > 0)
        fail_unknown(call, walk.unknown);
    else
        found = collect(&walk);
    json_decref(walk.unknown);
    g_free(walk.marks);
    return found;
}

static void write_listed_commit(const Listing *listing, guint candidate, Out *out)
{
    write_commit(listing->call, out, NULL, (gint32) candidate);
}

void answer_commits(Call *call)
{
    if (g_str_equal(call->method, "POST")) {
        g_autofree char *form = g_strndup((const char *) call->body->data, call->body->len);
        call_parse_arguments(call->arguments, form);
    }
    if (call_argument(call, "path") != NULL) {
        call_fail(call, 400, "The sandbox does not limit commits to a path");
        return;
    }
    Listing listing = {.call = call,
                       .n = repository_at(call)->n_commits,
                       .page_default = 30,
                       .page_max = 100,
                       .iterator = TRUE,
                       .select = select_commits,
                       .write = write_listed_commit};
    listing_answer(&listing);
}

/* ---- one commit ---- */

static gint32 commit_of_call(Call *call)
{
    gint32 commit = find_revision(call, call->params[2]);
    if (commit < 0) {
        json_t *unknown = json_pack("[s]", call->params[2]);
        fail_unknown(call, unknown);
        json_decref(unknown);
    }
    return commit;
}

void answer_commit(Call *call)
{
    gint32 commit = commit_of_call(call);
    if (commit < 0)
        return;
    Out *out = call_open(call);
    if (out_object(out, NULL)) {
        write_commit_members(call, out, &repository_at(call)->commits[commit]);
        if (out_array(out, "participants"))
            out_close(out);
        out_close(out);
    }
    call_answer(call, 200);
}

/* Nobody comments on commits in this company. */
void answer_commit_comments(Call *call)
{
    if (commit_of_call(call) < 0)
        return;
    Listing listing = {.call = call, .page_default = 10, .page_max = 100};
    listing_answer(&listing);
}

/* What the service says until the workspace has installed the app that links them. */
void answer_commit_pulls(Call *call)
{
    call_fail(call, 404, "The Pull Request Commit Links app is not installed in this workspace");
}

/* ---- builds ---- */

static void write_build(const Listing *listing, guint candidate, Out *out)
{
    Call *call = listing->call;
    const CompanyRepository *repository = repository_at(call);
    const CompanyBuild *build =
        &repository->builds[g_array_index((GArray *) listing->data, guint32, candidate)];
    const char *name = call_place(call)->full_name;
    const char *hash = repository->commits[build->commit].hash;
    gboolean finished = build->finished_at <= sandbox_now(call->sandbox);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "build");
    out_string(out, "key", build->key);
    out_string(out, "name", build->name);
    out_string(out, "state", finished ? build->state : "INPROGRESS");
    out_string(out, "refname",
               build->pull >= 0 ? repository->pulls[build->pull].source_branch
                                : repository->main_branch);
    g_autofree char *url =
        g_strdup_printf("%s/%s/builds/%.12s/%s", call->sandbox->web, name, hash, build->key);
    out_string(out, "url", url);
    out_string(out, "description", "");
    out_time(out, "created_on", build->created_at);
    out_time(out, "updated_on", finished ? build->finished_at : build->created_at);
    write_commit_short(call, out, "commit", build->commit, 40);
    write_repository_short(call, out, "repository", (guint) call->repository);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/commit/%s/statuses/build/%s", name, hash,
                     build->key);
        out_link_api(out, "commit", "/repositories/%s/commit/%s", name, hash);
        out_close(out);
    }
    out_close(out);
}

static void list_builds(Call *call, gint32 commit)
{
    static const FieldRule fields[] = {{"created_on", FIELD_TIME},
                                       {"updated_on", FIELD_TIME},
                                       {"key", FIELD_STRING},
                                       {"name", FIELD_STRING},
                                       {"state", FIELD_STRING},
                                       {"refname", FIELD_STRING},
                                       {NULL}};
    const CompanyRepository *repository = repository_at(call);
    gint64 now = sandbox_now(call->sandbox);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint32 i = 0; i < repository->n_builds; i++)
        if (repository->builds[i].commit == commit && repository->builds[i].created_at <= now)
            g_array_append_val(found, i);
    Listing listing = {.call = call,
                       .n = found->len,
                       .fields = fields,
                       .sort = "created_on",
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_build,
                       .data = found};
    listing_answer(&listing);
}

void answer_commit_statuses(Call *call)
{
    gint32 commit = commit_of_call(call);
    if (commit >= 0)
        list_builds(call, commit);
}

/* ---- of a pull request ---- */

void answer_pull_statuses(Call *call)
{
    CompanyPullView view;
    guint index;
    if (pull_of_call(call, &view, &index) != NULL)
        list_builds(call, view.source_commit);
}

/* What the pull request brings as of now: from its source's tip back to what its destination has.
 */
static GArray *select_pull_commits(const Listing *listing)
{
    const CompanyPullView *view = listing->more;
    Call *call = listing->call;
    Walk walk = {.call = call, .marks = g_malloc0(repository_at(call)->n_commits + 1)};
    GArray *found = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (view->pull->branch_deleted_at > sandbox_now(call->sandbox) && view->source_commit >= 0) {
        walk.marks[view->source_commit] = 1;
        if (view->destination_commit >= 0)
            walk.marks[view->destination_commit] |= 2;
        g_array_unref(found);
        found = collect(&walk);
    }
    g_free(walk.marks);
    return found;
}

void answer_pull_commits(Call *call)
{
    CompanyPullView view;
    guint index;
    const CompanyPull *pull = pull_of_call(call, &view, &index);
    if (pull == NULL)
        return;
    if (pull->from_fork) {
        call_fail(call, 404, "The source repository of this pull request no longer exists");
        return;
    }
    Listing listing = {.call = call,
                       .n = repository_at(call)->n_commits,
                       .page_default = 10,
                       .page_max = 100,
                       .select = select_pull_commits,
                       .write = write_listed_commit,
                       .more = &view};
    listing_answer(&listing);
}
