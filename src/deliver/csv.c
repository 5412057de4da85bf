#include "deliver/csv.h"

#include <math.h>

#include "base/base.h"

static void begin_field(CsvWriter *writer)
{
    if (writer->fields++ > 0)
        g_string_append_c(writer->out, ',');
}

/* Spreadsheets run what begins like this, some of them also with a blank in front or in the full
 * width of East Asian signs. */
static gboolean looks_like_formula(const char *text)
{
    static const char *const FULL_WIDTH[] = {"＝", "＋", "－", "＠"};
    while (*text == ' ')
        text++;
    for (gsize i = 0; i < G_N_ELEMENTS(FULL_WIDTH); i++)
        if (g_str_has_prefix(text, FULL_WIDTH[i]))
            return TRUE;
    return *text != '\0' && strchr("=+-@|", *text) != NULL;
}

void csv_put_text(CsvWriter *writer, const char *text)
{
    begin_field(writer);
    if (text == NULL)
        return;
    g_autofree char *valid = log_blank_controls(text); /* it may go to a terminal */
    gboolean formula = looks_like_formula(valid);
    if (!formula && strpbrk(valid, ",\"") == NULL) {
        g_string_append(writer->out, valid);
        return;
    }
    g_string_append_c(writer->out, '"');
    if (formula)
        g_string_append_c(writer->out, '\'');
    for (const char *p = valid; *p != '\0'; p++) {
        if (*p == '"')
            g_string_append_c(writer->out, '"');
        g_string_append_c(writer->out, *p);
    }
    g_string_append_c(writer->out, '"');
}

void csv_put_count(CsvWriter *writer, gint64 count)
{
    begin_field(writer);
    if (count != COUNT_ABSENT)
        g_string_append_printf(writer->out, "%" G_GINT64_FORMAT, count);
}

void csv_put_number(CsvWriter *writer, double value)
{
    begin_field(writer);
    if (isnan(value))
        return;
    char text[G_ASCII_DTOSTR_BUF_SIZE + 32];
    g_ascii_formatd(text, sizeof text, "%.6f", value);
    gsize length = strlen(text);
    while (length > 0 && text[length - 1] == '0')
        length--;
    if (length > 0 && text[length - 1] == '.')
        length--;
    g_string_append_len(writer->out, text, (gssize) length);
}

void csv_end_row(CsvWriter *writer)
{
    g_string_append(writer->out, "\r\n");
    writer->fields = 0;
}
