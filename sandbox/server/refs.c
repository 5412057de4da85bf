#include "handlers.h"
#include "world.h"

#include <string.h>

typedef struct {
    char *name;
    gint32 commit;
} Branch;

static void branch_clear(gpointer data)
{
    g_free(((Branch *) data)->name);
}

static void add_branch(const char *name, gint32 commit, gpointer data)
{
    Branch branch = {.name = g_strdup(name), .commit = commit};
    g_array_append_val((GArray *) data, branch);
}

static gint compare_branches(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Branch *) a)->name, ((const Branch *) b)->name);
}

/* In git's order: by name, byte for byte. */
static GArray *collect_branches(Call *call)
{
    GArray *branches = g_array_new(FALSE, FALSE, sizeof(Branch));
    g_array_set_clear_func(branches, branch_clear);
    company_visit_branches(call->sandbox->company, (guint) call->repository, add_branch, branches);
    g_array_sort(branches, compare_branches);
    return branches;
}

static void write_strategies(Out *out, const char *key, const char *const *strategies, guint n)
{
    if (!out_array(out, key))
        return;
    for (guint i = 0; i < n; i++)
        out_string(out, NULL, strategies[i]);
    out_close(out);
}

static void write_branch(Call *call, Out *out, const Branch *branch)
{
    static const char *const merge[] = {"merge_commit", "squash", "fast_forward"};
    static const char *const sync[] = {"merge_commit", "rebase"};
    const char *name = call_place(call)->full_name;
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "branch");
    out_string(out, "name", branch->name);
    write_commit(call, out, "target", branch->commit);
    write_strategies(out, "merge_strategies", merge, G_N_ELEMENTS(merge));
    write_strategies(out, "sync_strategies", sync, G_N_ELEMENTS(sync));
    out_string(out, "default_merge_strategy", "merge_commit");
    if (out_object(out, "links")) {
        g_autofree char *part = g_uri_escape_string(branch->name, "/", FALSE);
        out_link_api(out, "self", "/repositories/%s/refs/branches/%s", name, part);
        out_link_api(out, "commits", "/repositories/%s/commits/%s", name, part);
        out_link_web(out, "html", "/%s/branch/%s", name, part);
        out_close(out);
    }
    out_close(out);
}

static void write_listed_branch(const Listing *listing, guint candidate, Out *out)
{
    write_branch(listing->call, out, &g_array_index((GArray *) listing->data, Branch, candidate));
}

static const FieldRule ref_fields[] = {{"name", FIELD_STRING},
                                       {"type", FIELD_STRING},
                                       {"target.date", FIELD_TIME},
                                       {"target.hash", FIELD_STRING},
                                       {"target.author.raw", FIELD_STRING},
                                       {NULL}};

static void list_refs(Call *call, GArray *branches)
{
    Listing listing = {.call = call,
                       .n = branches->len,
                       .fields = ref_fields,
                       .page_default = 10,
                       .page_max = 100,
                       .write = write_listed_branch,
                       .data = branches};
    listing_answer(&listing);
}

void answer_branches(Call *call)
{
    g_autoptr(GArray) branches = collect_branches(call);
    list_refs(call, branches);
}

/* Nobody tags in this company: all refs are branches. */
void answer_refs(Call *call)
{
    answer_branches(call);
}

void answer_tags(Call *call)
{
    g_autoptr(GArray) none = g_array_new(FALSE, FALSE, sizeof(Branch));
    list_refs(call, none);
}

void answer_branch(Call *call)
{
    g_autoptr(GArray) branches = collect_branches(call);
    for (guint i = 0; i < branches->len; i++) {
        const Branch *branch = &g_array_index(branches, Branch, i);
        if (g_str_equal(branch->name, call->rest)) {
            write_branch(call, call_open(call), branch);
            call_answer(call, 200);
            return;
        }
    }
    g_autofree char *message = g_strdup_printf("Branch \"%s\" not found", call->rest);
    call_fail(call, 404, message);
}
