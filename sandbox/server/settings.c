/* How a repository's reviews are set up: the same everywhere in the company. */
#include "handlers.h"
#include "world.h"

/* The administrators who are still there. */
static GArray *collect_reviewers(Call *call)
{
    guint n;
    const CompanyPerson *people = company_people(call->sandbox->company, &n);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(gint));
    for (gint i = 0; i < (gint) n; i++)
        if (people[i].is_admin && !people[i].is_bot && person_is_there(call, i))
            g_array_append_val(found, i);
    return found;
}

static void write_reviewer(const Listing *listing, guint candidate, Out *out)
{
    write_person(listing->call, out, NULL,
                 g_array_index((GArray *) listing->data, gint, candidate));
}

static void write_effective_reviewer(const Listing *listing, guint candidate, Out *out)
{
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "default_reviewer");
    out_string(out, "reviewer_type", "project");
    write_person(listing->call, out, "user",
                 g_array_index((GArray *) listing->data, gint, candidate));
    out_close(out);
}

void answer_default_reviewers(Call *call)
{
    g_autoptr(GArray) found = collect_reviewers(call);
    Listing listing = {.call = call,
                       .n = found->len,
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_reviewer,
                       .data = found};
    listing_answer(&listing);
}

void answer_effective_default_reviewers(Call *call)
{
    g_autoptr(GArray) found = collect_reviewers(call);
    Listing listing = {.call = call,
                       .n = found->len,
                       .page_default = 20,
                       .page_max = 100,
                       .write = write_effective_reviewer,
                       .data = found};
    listing_answer(&listing);
}

static const struct {
    const char *kind;
    gint value; /* -1: none */
} restrictions[] = {{"require_approvals_to_merge", 1},
                    {"force", -1},
                    {"delete", -1},
                    {"push", -1},
                    {"require_passing_builds_to_merge", 1}};

static void write_restriction(const Listing *listing, guint candidate, Out *out)
{
    const char *name = call_place(listing->call)->full_name;
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "branchrestriction");
    out_number(out, "id", 1000 + candidate);
    out_string(out, "kind", restrictions[candidate].kind);
    if (restrictions[candidate].value >= 0)
        out_number(out, "value", restrictions[candidate].value);
    out_string(out, "branch_match_kind", "glob");
    out_string(out, "pattern", repository_at(listing->call)->main_branch);
    if (out_array(out, "users"))
        out_close(out);
    if (out_array(out, "groups"))
        out_close(out);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/branch-restrictions/%u", name,
                     1000 + candidate);
        out_close(out);
    }
    out_close(out);
}

void answer_branch_restrictions(Call *call)
{
    Listing listing = {.call = call,
                       .n = repository_at(call)->is_empty ? 0 : G_N_ELEMENTS(restrictions),
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_restriction};
    listing_answer(&listing);
}

static void write_model_branch(Out *out, const char *key, const char *name)
{
    if (!out_object(out, key))
        return;
    out_string(out, "name", name);
    out_bool(out, "use_mainbranch", TRUE);
    if (out_object(out, "branch")) {
        out_string(out, "type", "branch");
        out_string(out, "name", name);
        out_close(out);
    }
    out_close(out);
}

void answer_branching_model(Call *call)
{
    static const char *const kinds[] = {"feature", "bugfix", "release", "hotfix"};
    const CompanyRepository *repository = repository_at(call);
    const char *name = call_place(call)->full_name;
    Out *out = call_open(call);
    if (out_object(out, NULL)) {
        out_string(out, "type", "branching_model");
        if (!repository->is_empty)
            write_model_branch(out, "development", repository->main_branch);
        if (out_array(out, "branch_types")) {
            for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
                if (!out_object(out, NULL))
                    continue;
                g_autofree char *prefix = g_strconcat(kinds[i], "/", NULL);
                out_string(out, "kind", kinds[i]);
                out_string(out, "prefix", prefix);
                out_close(out);
            }
            out_close(out);
        }
        if (out_object(out, "links")) {
            out_link_api(out, "self", "/repositories/%s/branching-model", name);
            out_close(out);
        }
        out_close(out);
    }
    call_answer(call, 200);
}

static gboolean keep_user(const Listing *listing, guint candidate)
{
    return person_is_there(listing->call, (gint) candidate) &&
           !person_at(listing->call, (gint) candidate)->is_app;
}

static void write_user_permission(const Listing *listing, guint candidate, Out *out)
{
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "repository_user_permission");
    out_string(out, "permission",
               person_at(listing->call, (gint) candidate)->is_admin ? "admin" : "write");
    write_person(listing->call, out, "user", (gint) candidate);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/permissions-config/users/%%7B%.36s%%7D",
                     call_place(listing->call)->full_name,
                     person_at(listing->call, (gint) candidate)->uuid + 1);
        out_close(out);
    }
    out_close(out);
}

void answer_permissions_config_users(Call *call)
{
    guint n;
    company_people(call->sandbox->company, &n);
    Listing listing = {.call = call,
                       .n = n,
                       .page_default = 10,
                       .page_max = 100,
                       .keep = keep_user,
                       .write = write_user_permission};
    listing_answer(&listing);
}

void answer_permissions_config_groups(Call *call)
{
    Listing listing = {.call = call, .page_default = 10, .page_max = 100};
    listing_answer(&listing);
}
