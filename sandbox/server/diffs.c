/* Differences between two commits. A specification names first the changes, then what they are
 * compared with: the reverse of git's order. */
#include "handlers.h"
#include "pulls.h"

#include <string.h>

typedef struct {
    gint32 source, base; /* base -1: nothing, the source is a first commit */
    gboolean topic;      /* against the merge base */
} Span;

static void fail_revision(Call *call, const char *name)
{
    json_t *body = json_pack("{s:s,s:{s:s,s:{s:[s]}}}", "type", "error", "error", "message",
                             "Commit not found", "data", "shas", name);
    call_answer_json(call, 404, body);
    json_decref(body);
}

/* "acme/web:1234%0D5678", "1234..5678", "1234" */
static gboolean parse_spec(Call *call, Span *ret_span)
{
    const char *colon = strchr(call->rest, ':');
    g_autofree char *spec = g_strdup(colon != NULL ? colon + 1 : call->rest);
    char *end = strchr(spec, '\r');
    gsize skip = 1;
    if (end == NULL) {
        end = strstr(spec, "..");
        skip = 2;
    }
    if (end != NULL)
        *end = '\0';
    const char *topic = call_argument(call, "topic");
    ret_span->topic = topic != NULL && g_str_equal(topic, "true");
    ret_span->source = find_revision(call, spec);
    if (ret_span->source < 0) {
        fail_revision(call, spec);
        return FALSE;
    }
    if (end == NULL) {
        ret_span->base = repository_at(call)->commits[ret_span->source].parents[0];
        ret_span->topic = FALSE;
        return TRUE;
    }
    ret_span->base = find_revision(call, end + skip);
    if (ret_span->base < 0) {
        fail_revision(call, end + skip);
        return FALSE;
    }
    return TRUE;
}

/* ---- by git ---- */

static const char empty_tree[] = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/* Output of "git diff" over the span, or NULL with the answer made. */
static char *run_diff(Call *call, const Span *span, const char *form, gsize *ret_length)
{
    const CompanyRepository *repository = repository_at(call);
    const char *path = NULL;
    g_autoptr(GError) error = NULL;
    if (!company_repository_git(call->sandbox->company, (guint) call->repository, &path, &error) ||
        path == NULL) {
        call_fail(call, 404,
                  "Without histories (--no-git) the sandbox knows only the files of pull requests");
        return NULL;
    }
    const char *source = repository->commits[span->source].hash;
    const char *base = span->base >= 0 ? repository->commits[span->base].hash : empty_tree;
    g_autofree char *range = g_strconcat(base, span->topic ? "..." : "..", source, NULL);
    const char *arguments[] = {"git",        "-C", path,  "diff", "--no-renames",
                               "--no-color", form, range, NULL};
    g_autoptr(GSubprocess) child = g_subprocess_newv(
        arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error);
    g_autoptr(GBytes) output = NULL;
    if (child == NULL || !g_subprocess_communicate(child, NULL, NULL, &output, NULL, &error) ||
        !g_subprocess_get_successful(child)) {
        call_fail(call, 400, "The two commits have no common ancestor");
        return NULL;
    }
    gsize length;
    const char *data = g_bytes_get_data(output, &length);
    *ret_length = length;
    return g_strndup(data, length);
}

/* "12\t3\tpath\n" lines. */
static GArray *files_by_git(Call *call, const Span *span)
{
    gsize length;
    g_autofree char *numbers = run_diff(call, span, "--numstat", &length);
    if (numbers == NULL)
        return NULL;
    g_autofree char *states = run_diff(call, span, "--name-status", &length);
    if (states == NULL)
        return NULL;
    g_auto(GStrv) lines = g_strsplit(numbers, "\n", -1);
    g_auto(GStrv) letters = g_strsplit(states, "\n", -1);
    GArray *files = g_array_new(FALSE, FALSE, sizeof(CompanyFile));
    for (guint i = 0; lines[i] != NULL && letters[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) columns = g_strsplit(lines[i], "\t", 3);
        if (g_strv_length(columns) != 3)
            continue;
        /* "-" for a binary file counts as no lines. */
        CompanyFile file = {
            .path = g_intern_string(columns[2]),
            .lines_added = (gint32) g_ascii_strtoll(columns[0], NULL, 10),
            .lines_removed = (gint32) g_ascii_strtoll(columns[1], NULL, 10),
            .is_new = letters[i][0] == 'A',
            .is_removed = letters[i][0] == 'D',
        };
        g_array_append_val(files, file);
    }
    return files;
}

/* ---- by what the company knows ---- */

/* A pull request's files, where the span is just that. NULL: it is not. */
static GArray *files_of_pull(Call *call, const Span *span)
{
    gint32 pull = repository_at(call)->commits[span->source].pull;
    CompanyPullView view;
    if (!span->topic || pull < 0 ||
        !company_view_pull(call->sandbox->company, (guint) call->repository, (guint) pull, &view) ||
        view.source_commit != span->source || view.destination_commit != span->base)
        return NULL;
    CompanyFile *files;
    guint n =
        company_view_files(call->sandbox->company, (guint) call->repository, (guint) pull, &files);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(CompanyFile));
    g_array_append_vals(found, files, n);
    g_free(files);
    return found;
}

/* ---- answers ---- */

typedef struct {
    const Span *span;
    GArray *files;
} DiffListing;

static void write_side(Call *call, Out *out, const char *key, const CompanyFile *file,
                       gint32 commit, gboolean absent)
{
    if (absent || commit < 0) {
        out_null(out, key);
        return;
    }
    if (!out_object(out, key))
        return;
    g_autofree char *escaped = g_uri_escape_string(file->path, "/", FALSE);
    out_string(out, "type", "commit_file");
    out_string(out, "path", file->path);
    out_string(out, "escaped_path", escaped);
    if (out_object(out, "links")) {
        out_link_api(out, "self", "/repositories/%s/src/%s/%s", call_place(call)->full_name,
                     repository_at(call)->commits[commit].hash, escaped);
        out_close(out);
    }
    out_close(out);
}

static void write_file(const Listing *listing, guint candidate, Out *out)
{
    const DiffListing *own = listing->data;
    const CompanyFile *file = &g_array_index(own->files, CompanyFile, candidate);
    if (!out_object(out, NULL))
        return;
    out_string(out, "type", "diffstat");
    out_string(out, "status", file->is_new ? "added" : file->is_removed ? "removed" : "modified");
    out_number(out, "lines_added", file->lines_added);
    out_number(out, "lines_removed", file->lines_removed);
    write_side(listing->call, out, "old", file, own->span->base, file->is_new);
    write_side(listing->call, out, "new", file, own->span->source, file->is_removed);
    out_close(out);
}

void answer_diffstat(Call *call)
{
    Span span;
    if (!parse_spec(call, &span))
        return;
    g_autoptr(GArray) files = files_of_pull(call, &span);
    if (files == NULL)
        files = files_by_git(call, &span);
    if (files == NULL)
        return;
    DiffListing own = {.span = &span, .files = files};
    Listing listing = {.call = call,
                       .n = files->len,
                       .page_default = 500,
                       .page_max = 5000,
                       .write = write_file,
                       .data = &own};
    listing_answer(&listing);
}

void answer_diff(Call *call)
{
    Span span;
    gsize length;
    if (!parse_spec(call, &span))
        return;
    g_autofree char *text = run_diff(call, &span, "--patch", &length);
    if (text != NULL)
        call_answer_text(call, 200, "text/plain; charset=utf-8", text);
}

/* /diff and /diffstat of a pull request lead to those of the repository. */
void answer_pull_diff(Call *call)
{
    CompanyPullView view;
    guint index;
    const CompanyPull *pull = pull_of_call(call, &view, &index);
    if (pull == NULL)
        return;
    const CompanyRepository *repository = repository_at(call);
    const char *name = call_place(call)->full_name;
    const char *kind = strstr(call->path, "/diffstat") != NULL ? "diffstat" : "diff";
    if (view.source_commit < 0 || view.destination_commit < 0) {
        call_fail(call, 404, "The pull request has no commits");
        return;
    }
    g_autofree char *url = g_strdup_printf(
        "%s/repositories/%s/%s/%s:%.12s%%0D%.12s?from_pullrequest_id=%" G_GINT64_FORMAT
        "&topic=true%s%s",
        call->sandbox->api, name, kind, name, repository->commits[view.source_commit].hash,
        repository->commits[view.destination_commit].hash, pull->number,
        call->query[0] != '\0' ? "&" : "", call->query);
    call_header(call, "Location", url);
    call_answer_text(call, 302, "text/html; charset=utf-8", "");
}
