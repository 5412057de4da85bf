#include "deliver/pulls.h"

#include "deliver/csv.h"
#include "deliver/pulls_parts.h"
#include "deliver/words.h"

#include <string.h>

/* ---- parts */

json_t *pull_text(const char *text)
{
    if (text == NULL)
        return json_null();
    g_autofree char *clean = words_clean(text);
    return json_string(clean);
}

json_t *pull_link(const char *url)
{
    return words_is_link(url) ? json_string(url) : json_null();
}

json_t *pull_count(gint64 count)
{
    return count == COUNT_ABSENT ? json_null() : json_integer(count);
}

json_t *pull_instant(UtcTime time)
{
    char text[TIME_TEXT_SIZE];
    return time == TIME_ABSENT ? json_null() : json_string(time_format(time, text));
}

json_t *pull_seconds(Duration duration)
{
    return duration == DURATION_ABSENT ? json_null()
                                       : json_real((double) duration / (double) TIME_SECOND);
}

json_t *pull_person(const PullView *view, gint64 person_id, gboolean is_bot)
{
    if (person_id == COUNT_ABSENT)
        return json_null();
    return json_pack("{sI so sb}", "id", (json_int_t) person_id, "name",
                     pull_text(measure_person_name(view->columns, person_id)), "is_bot", is_bot);
}

GString *pull_document_end(json_t *document)
{
    char *text = json_dumps(document, JSON_COMPACT | JSON_PRESERVE_ORDER);
    json_decref(document);
    g_assert(text != NULL); /* every text in it was cleaned */
    GString *out = g_string_new(text);
    free(text);
    return out;
}

char *deliver_repository_key(const PullView *view, gint64 repository_id)
{
    const StoreRepository *found = NULL;
    guint with_slug = 0;
    for (guint i = 0; i < view->repositories->len && found == NULL; i++) {
        const StoreRepository *repository = view->repositories->pdata[i];
        if (repository->repository_id == repository_id)
            found = repository;
    }
    for (guint i = 0; found != NULL && i < view->repositories->len; i++)
        with_slug += g_strcmp0(((const StoreRepository *) view->repositories->pdata[i])->slug,
                               found->slug) == 0;
    return with_slug == 1 && found->slug != NULL && *found->slug != '\0'
               ? g_strdup(found->slug)
               : g_strdup_printf("%" G_GINT64_FORMAT, repository_id);
}

/* ---- a row */

static json_t *repository_of(const PullView *view, gint64 repository_id)
{
    g_autofree char *key = deliver_repository_key(view, repository_id);
    return json_pack("{sI so so}", "id", (json_int_t) repository_id, "name",
                     pull_text(measure_repository_name(view->columns, repository_id)), "key",
                     pull_text(key));
}

static json_t *spans_of(const Duration spans[PULL_SPANS])
{
    json_t *object = json_object();
    for (guint i = 0; i < PULL_SPANS; i++)
        json_object_set_new(object, pull_span_name((PullSpanKind) i), pull_seconds(spans[i]));
    return object;
}

static void set_instants(json_t *object, const MeasurePull *pull)
{
    json_object_set_new(object, "first_commit", pull_instant(pull->first_commit));
    json_object_set_new(object, "opened", pull_instant(pull->opened));
    json_object_set_new(object, "ready", pull_instant(pull->ready));
    json_object_set_new(object, "first_review", pull_instant(pull->first_review));
    json_object_set_new(object, "approved", pull_instant(pull->approved));
    json_object_set_new(object, "merged", pull_instant(pull->merged));
    json_object_set_new(object, "declined", pull_instant(pull->declined));
    json_object_set_new(object, "released", pull_instant(pull->released));
    json_object_set_new(object, "last_activity", pull_instant(pull->last_activity));
}

static void set_counts(json_t *object, const MeasurePull *pull)
{
    json_object_set_new(object, "lines", pull_count(pull->lines));
    json_object_set_new(object, "files", pull_count(pull->files));
    json_object_set_new(object, "rounds", pull_count(pull->rounds));
    json_object_set_new(object, "pushes", pull_count(pull->pushes));
    json_object_set_new(object, "review_comments", pull_count(pull->review_comments));
    json_object_set_new(object, "author_comments", pull_count(pull->author_comments));
    json_object_set_new(object, "bot_comments", pull_count(pull->bot_comments));
    json_object_set_new(object, "reviewers", pull_count(pull->reviewers));
    json_object_set_new(object, "approvals", pull_count(pull->approvals));
    json_object_set_new(object, "commits", pull_count(pull->commits));
}

json_t *pull_object(const PullView *view, const MeasurePull *pull, const char *title,
                    const char *url)
{
    json_t *object =
        json_pack("{so sI so ss sb so so so}", "repository",
                  repository_of(view, pull->repository_id), "number", (json_int_t) pull->number,
                  "title", pull_text(title), "state", model_state_name(pull->state), "draft",
                  pull->is_draft, "author", pull_person(view, pull->author_id, pull->is_bot),
                  "branch", pull_text(pull->branch), "url", pull_link(url));
    set_instants(object, pull);
    json_object_set_new(object, "waiting_on", pull_text(pull->waiting_on));
    json_object_set_new(object, "waiting_since", pull_instant(pull->waiting_since));
    json_object_set_new(object, "durations", spans_of(pull->wall));
    json_object_set_new(object, "working", spans_of(pull->working));
    json_object_set_new(object, "size", json_string(pull->size_class));
    set_counts(object, pull);
    json_object_set_new(object, "unreviewed", json_boolean(pull->is_unreviewed));
    json_object_set_new(object, "self_merged", json_boolean(pull->is_self_merged));
    json_object_set_new(object, "late_change", json_boolean(pull->is_late_change));
    return object;
}

/* ---- as CSV */

static const char *const COLUMNS[] = {
    "repository",    "number",       "title",    "state",           "draft",         "author",
    "target_branch", "first_commit", "opened",   "ready",           "first_review",  "approved",
    "merged",        "declined",     "released", "waiting_on",      "waiting_since", "lines",
    "files",         "commits",      "rounds",   "review_comments", "approvals",     "url"};

static void put_instant(CsvWriter *csv, UtcTime time)
{
    char text[TIME_TEXT_SIZE];
    csv_put_text(csv, time_format(time, text));
}

static void put_heading(CsvWriter *csv)
{
    for (guint i = 0; i < G_N_ELEMENTS(COLUMNS); i++)
        csv_put_text(csv, COLUMNS[i]);
    for (guint i = 0; i < PULL_SPANS; i++) {
        g_autofree char *name = g_strconcat(pull_span_name((PullSpanKind) i), " (seconds)", NULL);
        csv_put_text(csv, name);
    }
    csv_end_row(csv);
}

static void put_row(const PullView *view, CsvWriter *csv, const MeasurePull *pull,
                    const StorePullRequestLabel *label)
{
    const UtcTime instants[] = {pull->first_commit, pull->opened,   pull->ready,
                                pull->first_review, pull->approved, pull->merged,
                                pull->declined,     pull->released};
    const gint64 counts[] = {pull->lines,  pull->files,           pull->commits,
                             pull->rounds, pull->review_comments, pull->approvals};
    csv_put_text(csv, measure_repository_name(view->columns, pull->repository_id));
    csv_put_count(csv, pull->number);
    csv_put_text(csv, label->title);
    csv_put_text(csv, model_state_name(pull->state));
    csv_put_text(csv, pull->is_draft ? "yes" : "no");
    csv_put_text(csv, measure_person_name(view->columns, pull->author_id));
    csv_put_text(csv, pull->branch);
    for (guint i = 0; i < G_N_ELEMENTS(instants); i++)
        put_instant(csv, instants[i]);
    csv_put_text(csv, pull->waiting_on);
    put_instant(csv, pull->waiting_since);
    for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
        csv_put_count(csv, counts[i]);
    csv_put_text(csv, label->html_url);
    for (guint i = 0; i < PULL_SPANS; i++)
        csv_put_number(csv, pull->wall[i] == DURATION_ABSENT
                                ? (double) NAN
                                : (double) pull->wall[i] / (double) TIME_SECOND);
    csv_end_row(csv);
}

/* ---- the list */

GString *deliver_render_pulls(const PullView *view, const MeasurePulls *pulls, const char *next,
                              ReportFormat format, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    CsvWriter csv = {.out = out};
    json_t *items = json_array();
    gboolean ok = TRUE;
    put_heading(&csv);
    for (guint i = 0; ok && i < pulls->rows->len; i++) {
        const MeasurePull *pull = &g_array_index(pulls->rows, MeasurePull, i);
        StorePullRequestLabel label = {0};
        ok = store_get_pull_request_label(view->store, view->workspace_id, pull->repository_id,
                                          pull->number, &label, error);
        if (ok && format == REPORT_CSV)
            put_row(view, &csv, pull, &label);
        else if (ok)
            json_array_append_new(items, pull_object(view, pull, label.title, label.html_url));
        store_pull_request_label_clear(&label);
    }
    if (!ok || format == REPORT_CSV) {
        json_decref(items);
        return ok ? g_steal_pointer(&out) : NULL;
    }
    return pull_document_end(json_pack(
        "{so sI sI so so}", "now", pull_instant(view->now), "n", (json_int_t) pulls->n, "excluded",
        (json_int_t) pulls->excluded, "next", pull_text(next), "items", items));
}
