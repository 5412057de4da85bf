/*
 * audit: the merge audit log, for people and programs. Part of deliver's public header; see
 * deliver.h for what holds everywhere. docs/command-line.md describes the members.
 */
#pragma once

#include <jansson.h>

#include "deliver/deliver.h"
#include "insight/insight.h"

typedef enum { AUDIT_AS_TEXT, AUDIT_AS_JSON, AUDIT_AS_JSON_LINES, AUDIT_AS_CSV } AuditFormat;

/* A row with what it says of the merge, and all that its hash is made of. New. */
json_t *audit_row_json(const StoreAuditRow *row);

/* Rows put one below the other, in the order in which they come. */
typedef struct AuditSheet AuditSheet;
AuditSheet *audit_sheet_new(AuditFormat format);
void audit_sheet_add(AuditSheet *sheet, const StoreAuditRow *row);
/* What there is of it, for g_string_free; the sheet is gone. @style: of text only. NULL for text of
 * no row. */
GString *audit_sheet_end(AuditSheet *sheet, const ReportStyle *style);
void audit_sheet_free(AuditSheet *sheet);

/* "intact", "rows", "head_row", "head_hash", "faults", "faults_in_all". New. */
json_t *audit_verification_json(const AuditVerification *verification);
/* "ROW:HASH" as verify tells it. INVALID quotes it; *@ret_hash points into @text. */
gboolean audit_expected_read(const char *text, gint64 *ret_row, const char **ret_hash,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
