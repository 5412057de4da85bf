/*
 * CSV as RFC 4180 has it: fields in quotes where needed, CRLF line ends, UTF-8. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
#pragma once

#include <glib.h>

typedef struct {
    GString *out;
    gsize fields; /* in the row so far */
} CsvWriter;

void csv_put_text(CsvWriter *writer, const char *text); /* NULL: empty */
void csv_put_count(CsvWriter *writer, gint64 count);    /* COUNT_ABSENT: empty */
void csv_put_number(CsvWriter *writer, double value);   /* NAN: empty; up to 6 decimals */
void csv_end_row(CsvWriter *writer);
