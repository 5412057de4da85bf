/*
 * The merge audit log: reading it, taking it away, proving that nothing in it was altered.
 */
#include "cli/commands.h"
#include "cli/json_text.h"
#include "cli/work.h"

static struct {
    char *workspace, *repository, *expect, *format, *output;
} options;

const GOptionEntry COMMAND_AUDIT_OPTIONS[] = {
    {"workspace", 0, 0, G_OPTION_ARG_STRING, &options.workspace,
     "Which workspace, where there are several", "WORKSPACE"},
    {"repository", 0, 0, G_OPTION_ARG_STRING, &options.repository,
     "list, export: only this repository", "WORKSPACE/REPOSITORY"},
    {"expect", 0, 0, G_OPTION_ARG_STRING, &options.expect,
     "verify: a row as an earlier verify told it; may be kept where nobody who can write the data "
     "file can reach it",
     "ROW:HASH"},
    {"format", 0, 0, G_OPTION_ARG_STRING, &options.format, "text, json or csv", "FORMAT"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
     "Write to FILE instead of standard output", "FILE"},
    {NULL}};

typedef struct {
    gint64 repository_id; /* 0: all */
    ReportFormat format;
    GPtrArray *cells; /* text */
    json_t *list;     /* JSON */
    CsvWriter csv;
} Listing;

/* ---- one row */

static json_t *row_json(const StoreAuditRow *row)
{
    json_t *object = json_object(), *body = json_loads(row->body, 0, NULL);
    json_object_set_new(object, "row", json_integer(row->seq));
    json_object_set_new(object, "kind", json_string(row->kind));
    json_object_set_new(object, "refers_to",
                        row->refers_to == COUNT_ABSENT ? json_null()
                                                       : json_integer(row->refers_to));
    json_object_set_new(object, "recorded", cli_json_time(row->recorded));
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

static void put_text(Listing *listing, const StoreAuditRow *row, const json_t *body)
{
    GPtrArray *cells = listing->cells;
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

static void put_csv(Listing *listing, const StoreAuditRow *row, const json_t *body)
{
    CsvWriter *csv = &listing->csv;
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

static gboolean put_row(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Listing *listing = user_data;
    if (listing->repository_id != 0 && listing->repository_id != row->repository_id)
        return TRUE;
    if (listing->format == REPORT_JSON) {
        json_array_append_new(listing->list, row_json(row));
        return TRUE;
    }
    json_t *body = json_loads(row->body, 0, NULL); /* NULL where it was altered: cells are empty */
    if (listing->format == REPORT_CSV)
        put_csv(listing, row, body);
    else
        put_text(listing, row, body);
    json_decref(body);
    return TRUE;
}

static GString *finish(Listing *listing)
{
    if (listing->format == REPORT_JSON)
        return cli_json_text(json_incref(listing->list));
    if (listing->format == REPORT_CSV)
        return g_string_new(listing->csv.out->str);
    if (listing->cells->len == G_N_ELEMENTS(TEXT_HEADING))
        return g_string_new("No merge is in the log yet; 'plumbline sync' records them.\n");
    ReportStyle style = work_style(options.output);
    return deliver_render_table((const char *const *) listing->cells->pdata,
                                listing->cells->len / G_N_ELEMENTS(TEXT_HEADING),
                                G_N_ELEMENTS(TEXT_HEADING), 1 << 0 | 1 << 1, &style);
}

static gboolean list(Store *store, gint64 workspace_id, ReportFormat format, GError **error)
{
    Listing listing = {.format = format,
                       .cells = g_ptr_array_new_with_free_func(g_free),
                       .list = json_array(),
                       .csv = {.out = g_string_new(NULL)}};
    for (gsize i = 0; i < G_N_ELEMENTS(TEXT_HEADING); i++)
        g_ptr_array_add(listing.cells, g_strdup(TEXT_HEADING[i]));
    for (gsize i = 0; i < G_N_ELEMENTS(CSV_HEADING); i++)
        csv_put_text(&listing.csv, CSV_HEADING[i]);
    csv_end_row(&listing.csv);
    gboolean ok =
        options.repository == NULL || work_find_repository(store, workspace_id, options.repository,
                                                           &listing.repository_id, error);
    ok = ok && store_visit_audit(store, workspace_id, put_row, &listing, error);
    if (ok) {
        GString *text = finish(&listing);
        ok = cli_write(options.output, text, error);
        g_string_free(text, TRUE);
    }
    g_ptr_array_unref(listing.cells);
    json_decref(listing.list);
    g_string_free(listing.csv.out, TRUE);
    return ok;
}

/* ---- verify */

static gboolean read_expected(gint64 *ret_row, const char **ret_hash, GError **error)
{
    guint64 row = 0;
    if (options.expect == NULL)
        return TRUE;
    const char *colon = strchr(options.expect, ':');
    g_autofree char *number =
        colon != NULL ? g_strndup(options.expect, (gsize) (colon - options.expect)) : NULL;
    if (number == NULL || !g_ascii_string_to_unsigned(number, 10, 1, G_MAXINT64, &row, NULL) ||
        strlen(colon + 1) != AUDIT_HASH_LENGTH) {
        cli_fail(error, PLUMBLINE_ERROR_INVALID,
                 "--expect: '%s' is not ROW:HASH as verify tells it", options.expect);
        return FALSE;
    }
    *ret_row = (gint64) row;
    *ret_hash = colon + 1;
    return TRUE;
}

static GString *verification_json(const AuditVerification *verification)
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
    return cli_json_text(object);
}

static GString *verification_text(const AuditVerification *verification)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < verification->faults->len; i++)
        g_string_append_printf(text, "%s\n", (const char *) verification->faults->pdata[i]);
    if (verification->n_faults > verification->faults->len)
        g_string_append_printf(text, "… and %" G_GINT64_FORMAT " more.\n",
                               verification->n_faults - verification->faults->len);
    if (verification->n_faults == 0 && verification->rows == 0)
        g_string_append(text, "The log is empty, as it was left.\n");
    else if (verification->n_faults == 0)
        g_string_append_printf(text,
                               "The log is intact: %" G_GINT64_FORMAT " %s. Its end, to be kept "
                               "elsewhere for --expect:\n%" G_GINT64_FORMAT ":%s\n",
                               verification->rows, verification->rows == 1 ? "row" : "rows",
                               verification->head_seq, verification->head_hash);
    return text;
}

static gboolean verify(Store *store, gint64 workspace_id, ReportFormat format, GError **error)
{
    gint64 row = 0;
    const char *hash = NULL;
    g_auto(AuditVerification) verification = {0};
    if (!read_expected(&row, &hash, error) ||
        !audit_verify(store, workspace_id, row, hash, &verification, error))
        return FALSE;
    GString *text =
        format == REPORT_JSON ? verification_json(&verification) : verification_text(&verification);
    gboolean written = cli_write(options.output, text, error);
    g_string_free(text, TRUE);
    if (written && verification.n_faults > 0)
        cli_fail(error, PLUMBLINE_ERROR_STORE,
                 "the merge audit log was altered (%" G_GINT64_FORMAT " %s); a backup has it as it "
                 "was",
                 verification.n_faults, verification.n_faults == 1 ? "fault" : "faults");
    return written && verification.n_faults == 0;
}

/* ---- the command */

int command_audit(const CliGlobals *globals, char **arguments, GError **error)
{
    const char *verb = arguments[0] != NULL ? arguments[0] : "list";
    gboolean exports = g_str_equal(verb, "export"), verifies = g_str_equal(verb, "verify");
    ReportFormat format = exports ? REPORT_CSV : REPORT_TEXT;
    if (!exports && !verifies && !g_str_equal(verb, "list"))
        return cli_fail(error, PLUMBLINE_ERROR_USAGE, "audit: say list, export or verify");
    if (options.format != NULL &&
        !work_choose_format(options.format, options.output, &format, error))
        return 0;
    if (format == REPORT_HTML || (exports && format == REPORT_TEXT) ||
        (verifies && format == REPORT_CSV))
        return cli_fail(error, PLUMBLINE_ERROR_INVALID, "--format: audit %s comes as %s", verb,
                        exports    ? "csv or json"
                        : verifies ? "text or json"
                                   : "text, json or csv");
    g_auto(DataFolder) folder = {0};
    if (!data_folder_find(globals, &folder, error))
        return 0;
    g_autoptr(Store) store = data_folder_store(&folder, error);
    g_autoptr(GPtrArray) connections =
        store == NULL ? NULL : work_connections(store, options.workspace, error);
    if (connections == NULL)
        return 0;
    gint64 workspace_id = ((const StoreConnection *) connections->pdata[0])->workspace_id;
    if (verifies)
        verify(store, workspace_id, format, error);
    else
        list(store, workspace_id, format, error);
    return 0;
}
