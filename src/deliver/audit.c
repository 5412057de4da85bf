/* Rows of the merge audit log as text, JSON and CSV. */
#include "deliver/audit.h"

#include <string.h>

#include "deliver/csv.h"
#include "deliver/layout.h"

struct AuditSheet {
    AuditFormat format;
    GPtrArray *cells; /* text */
    json_t *list;     /* JSON */
    CsvWriter csv;    /* CSV, and the lines of JSON */
};

/* ---- one row */

static json_t *time_json(UtcTime at)
{
    char text[TIME_TEXT_SIZE];
    return at == TIME_ABSENT ? json_null() : json_string(time_format(at, text));
}

json_t *audit_row_json(const StoreAuditRow *row)
{
    json_t *object = json_object(), *body = json_loads(row->body, 0, NULL);
    json_object_set_new(object, "row", json_integer(row->seq));
    json_object_set_new(object, "kind", json_string(row->kind));
    json_object_set_new(object, "refers_to",
                        row->refers_to == COUNT_ABSENT ? json_null()
                                                       : json_integer(row->refers_to));
    json_object_set_new(object, "recorded", time_json(row->recorded));
    json_object_set_new(object, "merge", body != NULL ? body : json_null());
    json_object_set_new(object, "body", json_string(row->body));
    json_object_set_new(object, "repository_id", json_integer(row->repository_id));
    json_object_set_new(object, "recorded_us", json_integer(row->recorded));
    json_object_set_new(object, "previous", json_string(row->previous));
    json_object_set_new(object, "hash", json_string(row->hash));
    return object;
}

static const char *text_at(const json_t *body, const char *key, const char *inner)
{
    const json_t *value = json_object_get(body, key);
    if (inner != NULL)
        value = json_object_get(value, inner);
    return json_is_string(value) ? json_string_value(value) : "";
}

static gint64 number_at(const json_t *body, const char *key, const char *inner)
{
    const json_t *value = json_object_get(body, key);
    if (inner != NULL)
        value = json_object_get(value, inner);
    return json_is_integer(value) ? json_integer_value(value) : COUNT_ABSENT;
}

/* "Ben 2026-03-01T10:00:00Z; Cleo (voided) …": each approval and what became of it. */
static char *approvals_text(const json_t *body)
{
    const json_t *list = json_object_get(body, "approvals");
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *approval = json_array_get(list, i);
        const char *fate = text_at(approval, "fate", NULL);
        gboolean counts = g_str_equal(fate, "counted");
        g_string_append_printf(text, "%s%s%s%s%s %s", i > 0 ? "; " : "",
                               text_at(approval, "by", "name"), counts ? "" : " (",
                               counts ? "" : fate, counts ? "" : ")",
                               text_at(approval, "at", NULL));
    }
    return g_string_free(text, FALSE);
}

static char *reviewers_text(const json_t *body)
{
    const json_t *list = json_object_get(body, "reviewers");
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(list); i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "",
                               text_at(json_array_get(list, i), "name", NULL));
    return g_string_free(text, FALSE);
}

/* ---- text and CSV */

static const char *const TEXT_HEADING[] = {"row",  "on row", "pull request", "merged",
                                           "into", "policy", "verdict"};

static void put_text(AuditSheet *sheet, const StoreAuditRow *row, const json_t *body)
{
    GPtrArray *cells = sheet->cells;
    gint64 policy = number_at(body, "policy", "id");
    const char *name = text_at(body, "repository", "name"), *slash = strrchr(name, '/');
    g_ptr_array_add(cells, g_strdup_printf("%" G_GINT64_FORMAT, row->seq));
    g_ptr_array_add(cells, row->refers_to == COUNT_ABSENT
                               ? g_strdup("")
                               : g_strdup_printf("%" G_GINT64_FORMAT, row->refers_to));
    g_ptr_array_add(cells, g_strdup_printf("%s#%" G_GINT64_FORMAT, slash != NULL ? slash + 1 : name,
                                           row->number));
    g_ptr_array_add(cells, g_strndup(text_at(body, "merged", NULL), 10));
    g_ptr_array_add(cells, g_strdup(text_at(body, "branch", NULL)));
    g_ptr_array_add(cells, policy == COUNT_ABSENT
                               ? g_strdup("none")
                               : g_strdup_printf("%" G_GINT64_FORMAT " v%" G_GINT64_FORMAT, policy,
                                                 number_at(body, "policy", "version")));
    g_ptr_array_add(cells, *text_at(body, "verdict", "reason") == '\0'
                               ? g_strdup(text_at(body, "verdict", "result"))
                               : g_strdup_printf("%s: %s", text_at(body, "verdict", "result"),
                                                 text_at(body, "verdict", "reason")));
}

static const char *const CSV_HEADING[] = {
    "row",           "kind",          "refers_to", "recorded",       "repository", "number",
    "title",         "branch",        "opened",    "merged",         "author",     "merged_by",
    "reviewers",     "approvals",     "policy",    "policy_version", "verdict",    "reason",
    "builds_passed", "builds_failed", "released",  "previous",       "hash"};

static void put_csv(AuditSheet *sheet, const StoreAuditRow *row, const json_t *body)
{
    CsvWriter *csv = &sheet->csv;
    char recorded[TIME_TEXT_SIZE];
    g_autofree char *reviewers = reviewers_text(body);
    g_autofree char *approvals = approvals_text(body);
    csv_put_count(csv, row->seq);
    csv_put_text(csv, row->kind);
    csv_put_count(csv, row->refers_to);
    csv_put_text(csv, time_format(row->recorded, recorded));
    csv_put_text(csv, text_at(body, "repository", "name"));
    csv_put_count(csv, row->number);
    csv_put_text(csv, text_at(body, "title", NULL));
    csv_put_text(csv, text_at(body, "branch", NULL));
    csv_put_text(csv, text_at(body, "opened", NULL));
    csv_put_text(csv, text_at(body, "merged", NULL));
    csv_put_text(csv, text_at(body, "author", "name"));
    csv_put_text(csv, text_at(body, "merged_by", "name"));
    csv_put_text(csv, reviewers);
    csv_put_text(csv, approvals);
    csv_put_count(csv, number_at(body, "policy", "id"));
    csv_put_count(csv, number_at(body, "policy", "version"));
    csv_put_text(csv, text_at(body, "verdict", "result"));
    csv_put_text(csv, text_at(body, "verdict", "reason"));
    csv_put_count(csv, number_at(body, "builds", "passed"));
    csv_put_count(csv, number_at(body, "builds", "failed"));
    csv_put_text(csv, text_at(body, "released", NULL));
    csv_put_text(csv, row->previous);
    csv_put_text(csv, row->hash);
    csv_end_row(csv);
}

/* ---- the sheet */

AuditSheet *audit_sheet_new(AuditFormat format)
{
    AuditSheet *sheet = g_new0(AuditSheet, 1);
    sheet->format = format;
    sheet->cells = g_ptr_array_new_with_free_func(g_free);
    sheet->list = json_array();
    sheet->csv.out = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(TEXT_HEADING); i++)
        g_ptr_array_add(sheet->cells, g_strdup(TEXT_HEADING[i]));
    for (gsize i = 0; format == AUDIT_AS_CSV && i < G_N_ELEMENTS(CSV_HEADING); i++)
        csv_put_text(&sheet->csv, CSV_HEADING[i]);
    if (format == AUDIT_AS_CSV)
        csv_end_row(&sheet->csv);
    return sheet;
}

void audit_sheet_free(AuditSheet *sheet)
{
    if (sheet == NULL)
        return;
    g_ptr_array_unref(sheet->cells);
    json_decref(sheet->list);
    g_string_free(sheet->csv.out, TRUE);
    g_free(sheet);
}

static void put_line(AuditSheet *sheet, const StoreAuditRow *row)
{
    json_t *object = audit_row_json(row);
    char *text = json_dumps(object, JSON_COMPACT);
    g_string_append(sheet->csv.out, text);
    g_string_append_c(sheet->csv.out, '\n');
    free(text);
    json_decref(object);
}

void audit_sheet_add(AuditSheet *sheet, const StoreAuditRow *row)
{
    if (sheet->format == AUDIT_AS_JSON) {
        json_array_append_new(sheet->list, audit_row_json(row));
        return;
    }
    if (sheet->format == AUDIT_AS_JSON_LINES) {
        put_line(sheet, row);
        return;
    }
    json_t *body = json_loads(row->body, 0, NULL); /* NULL where it was altered: cells are empty */
    if (sheet->format == AUDIT_AS_CSV)
        put_csv(sheet, row, body);
    else
        put_text(sheet, row, body);
    json_decref(body);
}

static GString *finish(AuditSheet *sheet, const ReportStyle *style)
{
    const guint columns = G_N_ELEMENTS(TEXT_HEADING);
    if (sheet->format == AUDIT_AS_JSON) {
        char *text = json_dumps(sheet->list, JSON_INDENT(2));
        GString *out = g_string_new(text);
        g_string_append_c(out, '\n');
        free(text);
        return out;
    }
    if (sheet->format != AUDIT_AS_TEXT) {
        GString *out = sheet->csv.out;
        sheet->csv.out = g_string_new(NULL);
        return out;
    }
    return sheet->cells->len == columns
               ? NULL
               : deliver_render_table((const char *const *) sheet->cells->pdata,
                                      sheet->cells->len / columns, columns, 1 << 0 | 1 << 1, style);
}

GString *audit_sheet_end(AuditSheet *sheet, const ReportStyle *style)
{
    GString *text = finish(sheet, style);
    audit_sheet_free(sheet);
    return text;
}

/* ---- verification */

json_t *audit_verification_json(const AuditVerification *verification)
{
    json_t *object = json_object(), *faults = json_array();
    for (guint i = 0; i < verification->faults->len; i++)
        json_array_append_new(faults, json_string(verification->faults->pdata[i]));
    json_object_set_new(object, "intact", json_boolean(verification->n_faults == 0));
    json_object_set_new(object, "rows", json_integer(verification->rows));
    json_object_set_new(object, "head_row", json_integer(verification->head_seq));
    json_object_set_new(object, "head_hash",
                        verification->head_hash != NULL ? json_string(verification->head_hash)
                                                        : json_null());
    json_object_set_new(object, "faults", faults);
    json_object_set_new(object, "faults_in_all", json_integer(verification->n_faults));
    return object;
}

gboolean audit_expected_read(const char *text, gint64 *ret_row, const char **ret_hash,
                             GError **error)
{
    guint64 row = 0;
    const char *colon = strchr(text, ':');
    g_autofree char *number = colon != NULL ? g_strndup(text, (gsize) (colon - text)) : NULL;
    if (number == NULL || !g_ascii_string_to_unsigned(number, 10, 1, G_MAXINT64, &row, NULL) ||
        strlen(colon + 1) != AUDIT_HASH_LENGTH) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "'%.100s' is not ROW:HASH as verify tells it", text);
        return FALSE;
    }
    *ret_row = (gint64) row;
    *ret_hash = colon + 1;
    return TRUE;
}
