/*
 * Inside deliver, and for the tables of the command line: text in columns of a terminal.
 *
 * Widths are columns as a terminal shows them: East Asian wide characters take two, combining marks
 * none. Text handed in is foreign: it is cleaned first, so that no title can move the cursor.
 */
#pragma once

#include <glib.h>

typedef enum { LAYOUT_LEFT, LAYOUT_RIGHT } LayoutAlign;

guint layout_width(const char *text);
/* Appends @text in exactly @width columns, cut with an ellipsis when it is wider. Not @unicode:
 * transliterated to ASCII. */
void layout_put(GString *out, const char *text, guint width, LayoutAlign align, gboolean unicode);
/* Appends @text broken at blanks to lines of at most @width columns, each behind @indent and ended
 * by a newline; a longer word is cut. @first begins the first line in place of @indent and is as
 * wide. */
void layout_wrap(GString *out, const char *text, guint width, const char *first, const char *indent,
                 gboolean unicode);
/* Appends a bar of @share (0-1) of @width columns. */
void layout_bar(GString *out, double share, guint width, gboolean unicode);

/* A plain table: columns as wide as their widest cell, the widest text column cut so that a line
 * fits @width. @cells: n_rows * n_columns texts, NULL is empty; the first row is the heading. */
void layout_table(GString *out, const char *const *cells, gsize n_rows, gsize n_columns,
                  const LayoutAlign *aligns, guint width, gboolean unicode);
