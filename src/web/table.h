/*
 * table: lists of the API as JSON, or as CSV where the caller prefers it: Accept: text/csv, or
 * "format=csv" in the address for links. Inside the web room.
 */
#pragma once

#include "deliver/deliver.h"
#include "web/server.h"

#define WEB_CSV_ROWS 10000 /* of a list that comes in pages; the rest by its cursor */

/* What the caller prefers: REPORT_CSV or REPORT_JSON. */
ReportFormat web_format(const WebCall *call);
/* What deliver rendered in that form. Takes @text; FALSE where it is NULL. */
gboolean web_reply_form(WebReply *reply, ReportFormat format, GString *text);
/* The same of a document that deliver rendered as JSON. Takes @text; FALSE where it is NULL. */
gboolean web_reply_list_text(const WebCall *call, WebReply *reply, GString *text, const char *list,
                             const char *const *columns);
/* @document: taken; a list is its member @list, @columns as in deliver/json_table.h. As CSV a
 * member "next_cursor" becomes the header Plumbline-Next. */
void web_reply_list(const WebCall *call, WebReply *reply, json_t *document, const char *list,
                    const char *const *columns);
