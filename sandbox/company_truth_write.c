/* truth.json as a stream; what it means stands in company_truth.h. */
#include <errno.h>
#include <glib/gstdio.h>

#include "company_truth.h"

#define FLUSH_SIZE (1 << 20)

static void flush(TruthOut *out, gsize least)
{
    if (out->text->len < least)
        return;
    out->has_failed |= fwrite(out->text->str, 1, out->text->len, out->file) != out->text->len;
    g_string_truncate(out->text, 0);
}

/* ---- values --------------------------------------------------------------------------------- */

void truth_put(TruthOut *out, const char *text)
{
    g_string_append(out->text, text);
}

void truth_put_string(TruthOut *out, const char *text)
{
    g_string_append_c(out->text, '"');
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out->text, '\\');
        if ((guchar) *p < 0x20)
            g_string_append_printf(out->text, "\\u%04x", *p);
        else
            g_string_append_c(out->text, *p);
    }
    g_string_append_c(out->text, '"');
}

void truth_put_number(TruthOut *out, gint64 number)
{
    g_string_append_printf(out->text, "%" G_GINT64_FORMAT, number);
}

void truth_put_time(TruthOut *out, gint64 at)
{
    if (at == NEVER || at > out->now) {
        truth_put(out, "null");
        return;
    }
    time_t seconds = (time_t) (at / SECOND);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    g_string_append_printf(out->text, "\"%04d-%02d-%02dT%02d:%02d:%02d.%06d+00:00\"",
                           tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                           tm.tm_sec, (int) (at % SECOND));
}

void truth_put_person(TruthOut *out, gint32 person)
{
    gint32 shown = truth_shown_person(out->company, person, out->now);
    if (shown < 0)
        truth_put(out, "null");
    else
        truth_put_string(out, out->company->people[shown].uuid);
}

static void put_named_time(TruthOut *out, const char *name, gint64 at)
{
    g_string_append_printf(out->text, ",\"%s\":", name);
    truth_put_time(out, at);
}

static void put_named_count(TruthOut *out, const char *name, guint n)
{
    g_string_append_printf(out->text, ",\"%s\":%u", name, n);
}

static void put_named_flag(TruthOut *out, const char *name, gboolean flag)
{
    g_string_append_printf(out->text, ",\"%s\":%s", name, flag ? "true" : "false");
}

/* ---- one pull request ----------------------------------------------------------------------- */

static void put_commits(TruthOut *out, const CompanyRepository *repository,
                        const RepositoryPrivate *own, guint index)
{
    gint32 commit = company_pull_head(repository, own, index, out->now);
    guint n = repository->commits[commit].step + 1u;
    g_autofree gint32 *commits = g_new(gint32, n);
    for (guint i = n; i-- > 0; commit = repository->commits[commit].parents[0])
        commits[i] = commit;
    truth_put(out, ",\"commits\":[");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(out->text, "%s\"%s\"", i > 0 ? "," : "",
                               repository->commits[commits[i]].hash);
    truth_put(out, "]");
}

static void put_asked(TruthOut *out, const Truth *truth)
{
    truth_put(out, ",\"asked\":[");
    for (guint i = 0; i < truth->n_asked; i++) {
        truth_put(out, i > 0 ? ",{\"reviewer\":" : "{\"reviewer\":");
        truth_put_person(out, truth->asked[i].reviewer);
        put_named_time(out, "asked", truth->asked[i].asked);
        put_named_time(out, "responded", truth->asked[i].responded);
        truth_put(out, "}");
    }
    truth_put(out, "]");
}

static const char *kind_name(guint kind)
{
    switch ((ActKind) kind) {
    case ACT_UPDATE:
        return "updated";
    case ACT_READY:
        return "ready";
    case ACT_DRAFT:
        return "draft";
    case ACT_REVIEWER_ADDED:
        return "reviewer-added";
    case ACT_REVIEWER_REMOVED:
        return "reviewer-removed";
    case ACT_EDIT_TITLE:
        return "edited";
    case ACT_APPROVE:
        return "approved";
    case ACT_REQUEST_CHANGES:
        return "changes-requested";
    case ACT_COMMENT:
        return "commented";
    case ACT_MERGE:
        return "merged";
    case ACT_DECLINE:
        return "declined";
    case ACT_SUPERSEDE:
        return "superseded";
    case ACT_EMPTY:
    case ACT_WITHDRAW_APPROVAL:
        break;
    }
    return NULL;
}

static void put_events(TruthOut *out, const CompanyRepository *repository, const CompanyPull *pull)
{
    gboolean is_first = TRUE;
    truth_put(out, ",\"events\":[");
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        if (act->at > out->now)
            break;
        const char *kind = kind_name(act->kind);
        if (kind == NULL)
            continue;
        g_string_append_printf(out->text, "%s{\"kind\":\"%s\"", is_first ? "" : ",", kind);
        is_first = FALSE;
        put_named_time(out, "at", act->at);
        truth_put(out, ",\"actor\":");
        truth_put_person(out, act->actor);
        truth_put(out, ",\"comment\":");
        if (act->comment >= 0)
            g_string_append_printf(out->text, "%" G_GINT64_FORMAT,
                                   repository->comments[act->comment].id);
        else
            truth_put(out, "null");
        truth_put(out, ",\"subject\":");
        truth_put_person(out, act->subject);
        truth_put(out, "}");
    }
    truth_put(out, "]");
}

static const char *state_of(const CompanyPull *pull, gint64 now)
{
    if (pull->closed_at > now)
        return "OPEN";
    switch (pull->close_kind) {
    case ACT_MERGE:
        return "MERGED";
    case ACT_DECLINE:
        return "DECLINED";
    default:
        return "SUPERSEDED";
    }
}

static const char *title_of(const CompanyRepository *repository, const CompanyPull *pull,
                            gint64 now)
{
    for (guint i = 0; i < pull->n_acts; i++) {
        const CompanyAct *act = &repository->acts[pull->acts[i]];
        if (act->kind == ACT_EDIT_TITLE && act->at <= now)
            return pull->edited_title;
    }
    return pull->title;
}

static void put_identity(TruthOut *out, const CompanyRepository *repository,
                         const CompanyPull *pull, const Truth *truth)
{
    gboolean is_closed = pull->closed_at <= out->now;
    g_string_append_printf(out->text,
                           "{\"number\":%" G_GINT64_FORMAT ",\"state\":\"%s\",\"draft\":%s,"
                           "\"title\":",
                           pull->number, state_of(pull, out->now),
                           truth->is_draft ? "true" : "false");
    truth_put_string(out, title_of(repository, pull, out->now));
    truth_put(out, ",\"author\":");
    truth_put_person(out, pull->author);
    truth_put(out, ",\"closed_by\":");
    truth_put_person(out, is_closed ? pull->closed_by : -1);
}

static void put_measures(TruthOut *out, const CompanyPull *pull, const Truth *truth)
{
    static const char *const strategies[] = {"null", "\"merge_commit\"", "\"squash\"",
                                             "\"fast_forward\""};
    gboolean is_merged = pull->close_kind == ACT_MERGE && pull->closed_at <= out->now;
    gboolean is_unmerged = pull->closed_at <= out->now && !is_merged;
    put_named_time(out, "opened", pull->opened_at);
    put_named_time(out, "ready", truth->ready);
    put_named_time(out, "first_commit", truth->first_commit);
    put_named_time(out, "first_review", truth->first_review);
    put_named_time(out, "first_bot_review", truth->first_bot_review);
    put_named_time(out, "approved", truth->approved);
    put_named_time(out, "merged", is_merged ? pull->closed_at : NEVER);
    put_named_time(out, "declined", is_unmerged ? pull->closed_at : NEVER);
    truth_put(out, ",\"strategy\":");
    truth_put(out, strategies[is_merged ? pull->strategy : MERGE_NONE]);
    put_named_count(out, "rounds", truth->rounds);
    put_named_count(out, "pushes", truth->pushes);
    put_named_count(out, "review_comments", truth->review_comments);
    put_named_count(out, "author_comments", truth->author_comments);
    put_named_count(out, "bot_comments", truth->bot_comments);
    put_named_count(out, "approvals", truth->approvals);
    put_named_count(out, "reviewers", truth->reviewers);
    put_named_count(out, "lines_added", truth->lines_added);
    put_named_count(out, "lines_removed", truth->lines_removed);
    put_named_count(out, "files_changed", truth->files_changed);
    put_named_count(out, "generated_lines", truth->generated_lines);
    put_named_flag(out, "unreviewed", truth->is_unreviewed);
    put_named_flag(out, "self_merged", truth->is_self_merged);
    put_named_flag(out, "late_change", truth->is_late_change);
}

typedef struct {
    GHashTable *builds, *tasks;
} Indices;

static void put_pull(TruthOut *out, const CompanyRepository *repository,
                     const RepositoryPrivate *own, guint index, const Indices *indices)
{
    const CompanyPull *pull = &repository->pulls[index];
    Truth truth;
    truth_find(out->company, repository, own, index, out->now, &truth);
    put_identity(out, repository, pull, &truth);
    put_measures(out, pull, &truth);
    put_commits(out, repository, own, index);
    put_asked(out, &truth);
    put_events(out, repository, pull);
    truth_put_builds(out, repository, company_pull_head(repository, own, index, out->now),
                     indices->builds);
    truth_put_tasks(out, repository, index, indices->tasks);
    truth_put_resolved(out, repository, pull);
    truth_put(out, "}");
}

/* ---- the rest ------------------------------------------------------------------------------- */

typedef struct {
    TruthOut *out;
    const CompanyRepository *repository;
    guint n;
    guint8 *seen; /* per commit */
    GArray *todo; /* gint32 */
} Branches;

static void put_branch(const char *name, gint32 commit, gpointer data)
{
    Branches *branches = data;
    truth_put(branches->out, branches->n++ > 0 ? "," : "");
    truth_put_string(branches->out, name);
    truth_put(branches->out, ":");
    truth_put_string(branches->out, branches->repository->commits[commit].hash);
    g_array_append_val(branches->todo, commit);
}

static guint count_reachable(Branches *branches)
{
    guint n = 0;
    while (branches->todo->len > 0) {
        gint32 commit = g_array_index(branches->todo, gint32, branches->todo->len - 1);
        g_array_set_size(branches->todo, branches->todo->len - 1);
        if (commit < 0 || branches->seen[commit])
            continue;
        branches->seen[commit] = TRUE;
        n++;
        g_array_append_vals(branches->todo, branches->repository->commits[commit].parents, 2);
    }
    return n;
}

static void put_repository(TruthOut *out, guint index)
{
    const CompanyRepository *repository = &out->company->repositories[index];
    const RepositoryPrivate *own = &out->company->privates[index];
    truth_put(out, index > 0 ? ",\n{\"uuid\":" : "\n{\"uuid\":");
    truth_put_string(out, repository->uuid);
    truth_put(out, ",\"slug\":");
    truth_put_string(out, repository->slug);
    g_string_append_printf(out->text, ",\"full_name\":\"%s/%s\",\"branches\":{",
                           out->company->workspace.slug, repository->slug);
    Branches branches = {.out = out,
                         .repository = repository,
                         .seen = g_new0(guint8, repository->n_commits + 1),
                         .todo = g_array_new(FALSE, FALSE, sizeof(gint32))};
    company_each_branch(repository, own, out->now, put_branch, &branches);
    g_string_append_printf(out->text, "},\"commits\":%u,\"pull_requests\":[",
                           count_reachable(&branches));
    g_array_unref(branches.todo);
    g_free(branches.seen);
    const Indices indices = {truth_index_builds(repository, out->now),
                             truth_index_tasks(repository, out->now)};
    for (guint i = 0; i < repository->n_pulls; i++) {
        if (repository->pulls[i].opened_at > out->now)
            break;
        truth_put(out, i > 0 ? ",\n" : "\n");
        put_pull(out, repository, own, i, &indices);
        flush(out, FLUSH_SIZE);
    }
    g_hash_table_unref(indices.builds);
    g_hash_table_unref(indices.tasks);
    truth_put(out, "]");
    truth_put_deployments(out, repository);
    truth_put(out, "}");
}

static void put_people(TruthOut *out)
{
    truth_put(out, ",\n\"people\":[");
    for (guint i = 0; i < out->company->n_people; i++) {
        const CompanyPerson *person = &out->company->people[i];
        truth_put(out, i > 0 ? ",\n{\"uuid\":" : "\n{\"uuid\":");
        truth_put_string(out, person->uuid);
        truth_put(out, ",\"display_name\":");
        truth_put_string(out, person->display_name);
        truth_put(out, ",\"email\":");
        truth_put_string(out, person->email);
        put_named_flag(out, "is_bot", person->is_bot);
        put_named_time(out, "left_at", person->left_at);
        truth_put(out, "}");
    }
    truth_put(out, "]");
}

static gboolean write_file(TruthOut *out, const char *path, GError **error)
{
    g_autofree char *new_path = g_strconcat(path, ".new", NULL);
    out->file = g_fopen(new_path, "w");
    if (out->file != NULL) {
        truth_put(out, "{\"now\":");
        truth_put_time(out, out->now);
        truth_put(out, ",\"workspace\":");
        truth_put_string(out, out->company->workspace.slug);
        put_people(out);
        truth_put(out, ",\n\"repositories\":[");
        for (guint i = 0; i < out->company->n_repositories; i++)
            put_repository(out, i);
        truth_put(out, "]");
        if (out->company->plan != NULL)
            truth_put_plan(out);
        truth_put(out, "}\n");
        flush(out, 0);
        out->has_failed |= fclose(out->file) != 0;
    }
    if (out->file != NULL && !out->has_failed && g_rename(new_path, path) == 0)
        return TRUE;
    g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "cannot write %s: %s", path,
                g_strerror(errno));
    return FALSE;
}

gboolean company_write_truth(Company *company, const char *path, GError **error)
{
    if (!company_make_histories(company, error))
        return FALSE;
    /* One writer of the file: a program that asks for the truth may do so while the start writes
     * it. */
    static GMutex one_writer;
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&one_writer);
    company_read_lock(company);
    TruthOut out = {
        .text = g_string_sized_new(FLUSH_SIZE * 2), .company = company, .now = company->now};
    gboolean ok = write_file(&out, path, error);
    company_read_unlock(company);
    g_string_free(out.text, TRUE);
    return ok;
}
