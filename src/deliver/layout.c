#include "deliver/layout.h"

#include "deliver/words.h"

static guint char_width(gunichar c)
{
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

guint layout_width(const char *text)
{
    guint width = 0;
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        width += char_width(g_utf8_get_char(p));
    return width;
}

/* What may be written to a terminal. Free with g_free. */
static char *printable(const char *text, gboolean unicode)
{
    char *clean = words_clean(text);
    if (unicode)
        return clean;
    char *ascii = g_str_to_ascii(clean, "C");
    g_free(clean);
    return ascii;
}

/* Bytes of @text that fit @width columns; *@ret_width receives the columns they take. */
static gsize fitting(const char *text, guint width, guint *ret_width)
{
    guint used = 0;
    const char *p = text;
    while (*p != '\0') {
        guint next = char_width(g_utf8_get_char(p));
        if (used + next > width)
            break;
        used += next;
        p = g_utf8_next_char(p);
    }
    *ret_width = used;
    return (gsize) (p - text);
}

static void put_blanks(GString *out, guint count)
{
    for (guint i = 0; i < count; i++)
        g_string_append_c(out, ' ');
}

void layout_put(GString *out, const char *text, guint width, LayoutAlign align, gboolean unicode)
{
    g_autofree char *shown = printable(text, unicode);
    const char *ellipsis = unicode ? "…" : "..";
    guint used = layout_width(shown), ellipsis_width = unicode ? 1 : 2;
    if (used > width && width > ellipsis_width) {
        shown[fitting(shown, width - ellipsis_width, &used)] = '\0';
        char *cut = g_strconcat(g_strchomp(shown), ellipsis, NULL);
        g_free(shown);
        shown = cut;
        used = layout_width(shown);
    } else if (used > width) {
        shown[fitting(shown, width, &used)] = '\0';
    }
    guint blanks = width - used;
    if (align == LAYOUT_RIGHT)
        put_blanks(out, blanks);
    g_string_append(out, shown);
    if (align == LAYOUT_LEFT)
        put_blanks(out, blanks);
}

void layout_wrap(GString *out, const char *text, guint width, const char *first, const char *indent,
                 gboolean unicode)
{
    g_autofree char *shown = printable(text, unicode);
    g_auto(GStrv) words = g_strsplit(shown, " ", -1);
    guint start = layout_width(indent), column = start;
    g_string_append(out, first);
    for (gsize i = 0; words[i] != NULL; i++) {
        guint length = layout_width(words[i]);
        if (length == 0)
            continue;
        if (column > start && column + 1 + length > width) {
            g_string_append_printf(out, "\n%s", indent);
            column = start;
        }
        if (column > start) {
            g_string_append_c(out, ' ');
            column++;
        }
        guint fit = 0;
        gsize bytes = fitting(words[i], width - column, &fit);
        g_string_append_len(out, words[i], (gssize) bytes);
        column += fit;
    }
    g_string_append_c(out, '\n');
}

void layout_bar(GString *out, double share, guint width, gboolean unicode)
{
    static const char *const EIGHTHS[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    guint eighths = (guint) lround(CLAMP(share, 0, 1) * width * 8);
    guint blanks = width - eighths / 8;
    for (guint i = 0; i < eighths / 8; i++)
        g_string_append(out, unicode ? "█" : "#");
    if (unicode && eighths % 8 > 0) {
        g_string_append(out, EIGHTHS[eighths % 8]);
        blanks--;
    }
    put_blanks(out, blanks);
}

#define COLUMN_GAP 2

/* Takes columns off the widest left-aligned column until the line fits. */
static void shrink(guint *widths, gsize n, const LayoutAlign *aligns, guint width)
{
    for (;;) {
        guint total = (guint) (n - 1) * COLUMN_GAP;
        gsize widest = n;
        for (gsize i = 0; i < n; i++) {
            total += widths[i];
            if (aligns[i] == LAYOUT_LEFT && (widest == n || widths[i] > widths[widest]))
                widest = i;
        }
        if (total <= width || widest == n || widths[widest] <= 4)
            return;
        widths[widest] -= MIN(total - width, widths[widest] - 4);
    }
}

void layout_table(GString *out, const char *const *cells, gsize n_rows, gsize n_columns,
                  const LayoutAlign *aligns, guint width, gboolean unicode)
{
    if (n_columns == 0)
        return;
    g_autofree guint *widths = g_new0(guint, n_columns);
    for (gsize i = 0; i < n_rows * n_columns; i++) {
        g_autofree char *shown = printable(cells[i], unicode);
        widths[i % n_columns] = MAX(widths[i % n_columns], layout_width(shown));
    }
    shrink(widths, n_columns, aligns, width);
    for (gsize row = 0; row < n_rows; row++) {
        gsize line = out->len;
        for (gsize i = 0; i < n_columns; i++) {
            if (i > 0)
                put_blanks(out, COLUMN_GAP);
            layout_put(out, cells[row * n_columns + i], widths[i], aligns[i], unicode);
        }
        while (out->len > line && out->str[out->len - 1] == ' ')
            g_string_truncate(out, out->len - 1);
        g_string_append_c(out, '\n');
    }
}
