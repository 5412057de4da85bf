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

/* ---- list and export */

typedef struct {
    gint64 repository_id; /* 0: all */
    AuditSheet *sheet;
} Listing;

static gboolean put_row(const StoreAuditRow *row, gpointer user_data, GError **error)
{
    Listing *listing = user_data;
    if (listing->repository_id != 0 && listing->repository_id != row->repository_id)
        return TRUE;
    audit_sheet_add(listing->sheet, row);
    return TRUE;
}

static gboolean list(Store *store, gint64 workspace_id, ReportFormat format, GError **error)
{
    Listing listing = {.sheet = audit_sheet_new(format == REPORT_JSON  ? AUDIT_AS_JSON
                                                : format == REPORT_CSV ? AUDIT_AS_CSV
                                                                       : AUDIT_AS_TEXT)};
    gboolean ok =
        options.repository == NULL || work_find_repository(store, workspace_id, options.repository,
                                                           &listing.repository_id, error);
    ok = ok && store_visit_audit(store, workspace_id, put_row, &listing, error);
    if (!ok) {
        audit_sheet_free(listing.sheet);
        return FALSE;
    }
    ReportStyle style = work_style(options.output);
    GString *text = audit_sheet_end(listing.sheet, &style);
    if (text == NULL)
        text = g_string_new("No merge is in the log yet; 'plumbline sync' records them.\n");
    ok = cli_write(options.output, text, error);
    g_string_free(text, TRUE);
    return ok;
}

/* ---- verify */

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
    if (options.expect != NULL && !audit_expected_read(options.expect, &row, &hash, error)) {
        g_prefix_error(error, "--expect: ");
        return FALSE;
    }
    if (!audit_verify(store, workspace_id, row, hash, &verification, error))
        return FALSE;
    GString *text = format == REPORT_JSON ? cli_json_text(audit_verification_json(&verification))
                                          : verification_text(&verification);
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
    g_auto(WorkPlace) place = {0};
    if (!work_open_place(globals, options.workspace, &place, error))
        return 0;
    if (verifies)
        verify(place.store, place.workspace_id, format, error);
    else
        list(place.store, place.workspace_id, format, error);
    return 0;
}
