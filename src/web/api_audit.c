/* The merge audit log: its rows by filters, one row with all that stands about it, files of it, and
 * the proof that nothing in it was altered. */
#include "web/audit_shelf.h"
#include "web/desk.h"
#include "web/filters.h"

#include <string.h>

#define ROWS_PER_PAGE 50
#define ROWS_PER_FILE 10000

/* ---- what is asked for */

static gboolean read_filter_words(const WebCall *call, AuditFilter *filter, GError **error)
{
    static const char *const VERDICTS[] = {"no-policy", "passed", "failed", "unknown", NULL};
    const char *marks[AUDIT_MARK_COUNT + 1] = {NULL};
    const char *rows = request_query(call->request, "rows");
    for (guint i = 0; i < AUDIT_MARK_COUNT; i++)
        marks[i] = audit_mark_name((AuditMark) i);
    if (rows != NULL && !audit_rows_from_name(rows, &filter->rows))
        return web_invalid(error, "\"rows\" is one of: all, merge, amendment, latest.");
    return web_read_word(call, "verdict", VERDICTS, &filter->verdict, error) &&
           web_read_word(call, "mark", marks, &filter->mark, error);
}

/* Nobody is looked up by name where measures by person are not shown. */
static gboolean read_author(const WebDesk *desk, const WebCall *call, AuditFilter *filter,
                            GError **error)
{
    const char *author = request_query(call->request, "author");
    gboolean shows = FALSE;
    if (author == NULL)
        return TRUE;
    if (!web_desk_shows_people(desk, &shows, error))
        return FALSE;
    if (shows)
        return web_read_person(desk, call, "author", &filter->author_id, error);
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_FORBIDDEN,
                        "This workspace does not show numbers by person (setting privacy.people), "
                        "so merges are not listed by author.");
    return FALSE;
}

static gboolean read_filter(const WebDesk *desk, const WebCall *call, AuditFilter *ret_filter,
                            GError **error)
{
    AuditFilter filter = {.from = TIME_ABSENT, .until = TIME_ABSENT};
    if (!read_filter_words(call, &filter, error) ||
        !web_read_period(desk, call, &filter.from, &filter.until, error) ||
        !web_read_number(call, "number", &filter.number, error) ||
        !web_read_number(call, "policy", &filter.policy_id, error) ||
        !read_author(desk, call, &filter, error) ||
        !web_desk_repository(desk, call, &filter.repository_id, error))
        return FALSE;
    *ret_filter = filter;
    return TRUE;
}

/* ---- the list */

static json_t *totals_json(const AuditTotals *totals)
{
    json_t *object = json_object(), *verdicts = json_object();
    for (guint i = 0; i < VERDICT_COUNT; i++)
        json_object_set_new(verdicts, verdict_name((Verdict) i), json_integer(totals->verdicts[i]));
    json_object_set_new(object, "rows", json_integer(totals->rows));
    json_object_set_new(object, "merges", json_integer(totals->merges));
    json_object_set_new(object, "verdicts", verdicts);
    json_object_set_new(object, "first_merged", web_json_time(totals->first));
    json_object_set_new(object, "last_merged", web_json_time(totals->last));
    return object;
}

/* As in the export, but for the text that the hash is made of. */
static gboolean add_item(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    json_t *item = audit_row_json(row);
    json_object_del(item, "body");
    json_array_append_new(user_data, item);
    return TRUE;
}

static json_t *cursor_json(const GArray *seqs, gboolean has_more)
{
    if (!has_more || seqs->len == 0)
        return json_null();
    return json_sprintf("%" G_GINT64_FORMAT, g_array_index(seqs, gint64, seqs->len - 1));
}

gboolean web_list_audit(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    AuditShelf *shelf = call->server->audit;
    AuditFilter filter;
    AuditTotals totals;
    gboolean has_more = FALSE, shows = FALSE;
    gint64 before = G_MAXINT64;
    if (!web_desk_open(call, &desk, error) || !read_filter(&desk, call, &filter, error) ||
        !web_desk_shows_people(&desk, &shows, error) ||
        !web_read_number(call, "cursor", &before, error))
        return FALSE;
    AuditIndex *index = audit_shelf_take(shelf, desk.store, desk.workspace_id, error);
    if (index == NULL)
        return FALSE;
    g_autoptr(GArray) seqs =
        audit_index_find(index, &filter, FALSE, before, ROWS_PER_PAGE, &has_more);
    audit_index_count(index, &filter, &totals);
    gint64 head = audit_index_head(index);
    audit_shelf_put_back(shelf);
    json_t *items = json_array();
    if (!store_visit_audit_rows(desk.store, desk.workspace_id, seqs, add_item, items, error)) {
        json_decref(items);
        return FALSE;
    }
    reply_json(reply, 200,
               json_pack("{s:o, s:o, s:I, s:b, s:o, s:o}", "items", items, "totals",
                         totals_json(&totals), "head_row", (json_int_t) head, "by_person", shows,
                         "now", web_json_time(desk.now), "next_cursor",
                         cursor_json(seqs, has_more)));
    return TRUE;
}

/* ---- one row */

typedef struct {
    gint64 workspace_id, wanted;
    json_t *row, *others; /* the wanted one; all of its pull request, in short */
    gboolean hash_fits;
    gint64 policy_id, policy_version, repository_id, number;
} Story;

static json_t *short_json(const StoreAuditRow *row)
{
    json_t *full = audit_row_json(row), *merge = json_object_get(full, "merge");
    json_t *object = json_pack("{s:I, s:s, s:o}", "row", (json_int_t) row->seq, "kind", row->kind,
                               "recorded", web_json_time(row->recorded));
    json_t *verdict = json_object_get(merge, "verdict");
    json_object_set_new(object, "verdict", verdict != NULL ? json_incref(verdict) : json_null());
    json_decref(full);
    return object;
}

static gboolean tell(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Story *story = user_data;
    json_array_append_new(story->others, short_json(row));
    if (row->seq != story->wanted)
        return TRUE;
    g_autofree char *hash = store_audit_hash(story->workspace_id, row);
    story->row = audit_row_json(row);
    story->hash_fits = g_str_equal(hash, row->hash);
    json_t *policy = json_object_get(json_object_get(story->row, "merge"), "policy");
    story->policy_id = json_integer_value(json_object_get(policy, "id"));
    story->policy_version = json_integer_value(json_object_get(policy, "version"));
    return TRUE;
}

/* What the policy asked for, as it was in force then; null: there was none, or it is not known any
 * more. */
static gboolean find_policy(const WebDesk *desk, const Story *story, json_t **ret_policy,
                            GError **error)
{
    g_auto(PolicyNames) names = {0};
    g_autoptr(StorePolicyBook) book = store_load_policies(desk->store, desk->workspace_id, error);
    if (book == NULL || !policy_names_load(&names, desk->store, desk->workspace_id, error))
        return FALSE;
    const GPtrArray *versions = store_policy_book_versions(book);
    json_t *found = NULL;
    for (guint i = 0; i < versions->len && found == NULL; i++) {
        const StorePolicy *policy = versions->pdata[i];
        if (policy->policy_id == story->policy_id && policy->version == story->policy_version)
            found = policy_content_json(&names, policy);
    }
    *ret_policy = found != NULL ? found : json_null();
    return TRUE;
}

static gboolean note_key(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Story *story = user_data;
    story->repository_id = row->repository_id;
    story->number = row->number;
    return TRUE;
}

/* All rows of the pull request that the wanted row is about; none: there is no such row. */
static GArray *rows_about(const WebDesk *desk, AuditShelf *shelf, Story *story, GError **error)
{
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
    g_array_append_val(wanted, story->wanted);
    if (!store_visit_audit_rows(desk->store, desk->workspace_id, wanted, note_key, story, error))
        return NULL;
    AuditIndex *index = audit_shelf_take(shelf, desk->store, desk->workspace_id, error);
    if (index == NULL)
        return NULL;
    GArray *rows = audit_index_of(index, story->repository_id, story->number);
    audit_shelf_put_back(shelf);
    return rows;
}

gboolean web_get_audit_row(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    Story story = {0};
    json_t *policy = NULL;
    if (!web_desk_open(call, &desk, error) ||
        !web_need_id(call->request->parts[0], &story.wanted, error))
        return FALSE;
    story.workspace_id = desk.workspace_id;
    g_autoptr(GArray) rows = rows_about(&desk, call->server->audit, &story, error);
    if (rows == NULL)
        return FALSE;
    story.others = json_array();
    gboolean done =
        store_visit_audit_rows(desk.store, desk.workspace_id, rows, tell, &story, error);
    if (done && story.row == NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                            "The log has no row with this number.");
        done = FALSE;
    }
    done = done && find_policy(&desk, &story, &policy, error);
    if (done) {
        json_object_set_new(story.row, "hash_fits", json_boolean(story.hash_fits));
        json_object_set_new(story.row, "asked", policy);
        json_object_set(story.row, "rows", story.others);
        reply_json(reply, 200, json_incref(story.row));
    }
    json_decref(story.others);
    json_decref(story.row);
    return done;
}

/* ---- files */

static gboolean choose_format(const WebCall *call, AuditFormat *ret_format, const char **ret_type,
                              GError **error)
{
    static const char *const NAMES[] = {"csv", "jsonl", "json", NULL};
    static const char *const TYPES[] = {"text/csv", "application/jsonl", "application/json"};
    static const AuditFormat FORMATS[] = {AUDIT_AS_CSV, AUDIT_AS_JSON_LINES, AUDIT_AS_JSON};
    const char *accept = request_header(call->request, "accept");
    gint at;
    if (!web_read_word(call, "format", NAMES, &at, error))
        return FALSE;
    for (gint i = 0; at < 0 && accept != NULL && i < (gint) G_N_ELEMENTS(TYPES); i++)
        if (g_str_has_prefix(accept, TYPES[i]))
            at = i;
    at = MAX(at, 0);
    *ret_format = FORMATS[at];
    *ret_type = TYPES[at];
    return TRUE;
}

static gboolean put_row(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    audit_sheet_add(user_data, row);
    return TRUE;
}

/* In the order of the log, so that the hashes chain. The header Plumbline-Next has the cursor of
 * what did not go into this answer. */
gboolean web_export_audit(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    AuditShelf *shelf = call->server->audit;
    AuditFilter filter;
    AuditFormat format;
    const char *type;
    gboolean has_more = FALSE;
    gint64 after = G_MININT64;
    if (!web_desk_open(call, &desk, error) || !read_filter(&desk, call, &filter, error) ||
        !choose_format(call, &format, &type, error) ||
        !web_read_number(call, "cursor", &after, error))
        return FALSE;
    AuditIndex *index = audit_shelf_take(shelf, desk.store, desk.workspace_id, error);
    if (index == NULL)
        return FALSE;
    g_autoptr(GArray) seqs =
        audit_index_find(index, &filter, TRUE, after, ROWS_PER_FILE, &has_more);
    audit_shelf_put_back(shelf);
    AuditSheet *sheet = audit_sheet_new(format);
    if (!store_visit_audit_rows(desk.store, desk.workspace_id, seqs, put_row, sheet, error)) {
        audit_sheet_free(sheet);
        return FALSE;
    }
    if (has_more) {
        g_autofree char *next =
            g_strdup_printf("%" G_GINT64_FORMAT, g_array_index(seqs, gint64, seqs->len - 1));
        reply_header(reply, "Plumbline-Next", next);
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(audit_sheet_end(sheet, NULL));
    g_autofree char *full_type =
        format == AUDIT_AS_CSV ? g_strdup_printf("%s; charset=utf-8", type) : g_strdup(type);
    reply_bytes(reply, 200, g_intern_string(full_type), bytes);
    return TRUE;
}

/* ---- proof */

static gboolean read_expected(json_t *body, gint64 *ret_row, const char **ret_hash, GError **error)
{
    json_t *expect = json_object_get(body, "expect");
    if (expect == NULL || json_is_null(expect))
        return TRUE;
    const char *text = web_need_text(body, "expect", error);
    if (text == NULL)
        return FALSE;
    if (audit_expected_read(text, ret_row, ret_hash, error))
        return TRUE;
    g_prefix_error(error, "\"expect\": ");
    return FALSE;
}

/* Walks the whole log, on this worker; the others go on. */
static json_t *verify(const WebDesk *desk, json_t *body, GError **error)
{
    g_auto(AuditVerification) verification = {0};
    gint64 row = 0, begin = g_get_monotonic_time();
    const char *hash = NULL;
    if (!read_expected(body, &row, &hash, error) ||
        !audit_verify(desk->store, desk->workspace_id, row, hash, &verification, error))
        return NULL;
    json_t *object = audit_verification_json(&verification);
    json_object_set_new(object, "expected_row", row != 0 ? json_integer(row) : json_null());
    json_object_set_new(object, "seconds",
                        json_real((double) (g_get_monotonic_time() - begin) / TIME_SECOND));
    return object;
}

gboolean web_verify_audit(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    AuditShelf *shelf = call->server->audit;
    json_t *body = request_json(call->request, error), *answer = NULL;
    if (body == NULL)
        return FALSE;
    if (!web_desk_open(call, &desk, error)) {
        json_decref(body);
        return FALSE;
    }
    if (audit_shelf_begin_verifying(shelf)) {
        answer = verify(&desk, body, error);
        audit_shelf_end_verifying(shelf);
    } else {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_RATE_LIMITED,
                            "Somebody is having the log verified at this moment; try again when "
                            "that is done.");
    }
    json_decref(body);
    if (answer != NULL)
        reply_json(reply, 200, answer);
    return answer != NULL;
}
