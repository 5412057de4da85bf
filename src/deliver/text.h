/*
 * Inside deliver: the text renderer's page, shared by its sections.
 */
#pragma once

#include "deliver/deliver.h"
#include "deliver/layout.h"
#include "deliver/words.h"

typedef struct {
    GString *out;
    const Report *report;
    guint width;
    guint per_kind;
    gboolean color, unicode, people;
} TextPage;

typedef enum { TINT_NONE, TINT_BOLD, TINT_DIM, TINT_GOOD, TINT_BAD, TINT_LINK } TextTint;

/* Appends @text in @width columns (0: as wide as it is) in a tint. */
void text_put(TextPage *page, const char *text, guint width, LayoutAlign align, TextTint tint);
void text_tint(TextPage *page, TextTint tint);
void text_newline(TextPage *page);
/* A heading across the page with a word at its right end (NULL: none). */
void text_rule(TextPage *page, const char *title, const char *right);
/* A wrapped paragraph behind one blank. */
void text_paragraph(TextPage *page, const char *text);
/* Makes what follows a link for terminals that know them, until text_end_link. Nothing without
 * colour. */
void text_begin_link(TextPage *page, const char *url);
void text_end_link(TextPage *page, const char *url);

void text_needs(TextPage *page);
void text_measures(TextPage *page, ReportSection section, const char *title);
void text_phases(TextPage *page);
void text_shares(TextPage *page);
void text_load(TextPage *page);
void text_groups(TextPage *page, const GArray *groups, const char *heading);
void text_throughput(TextPage *page);
