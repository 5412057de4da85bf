/*
 * Inside deliver: the HTML renderer's page, shared by its sections and charts.
 */
#pragma once

#include "deliver/deliver.h"
#include "deliver/words.h"

typedef struct {
    GString *out;
    const Report *report;
    gboolean people;
} HtmlPage;

/* Markup of ours, as it is. */
void html_put(HtmlPage *page, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Foreign text, cleaned and escaped for content and for attributes in double quotes. */
void html_text(HtmlPage *page, const char *text);
/* A table cell with a value of a measure. */
void html_value_cell(HtmlPage *page, MeasureUnit unit, double value);
void html_count_cell(HtmlPage *page, gint64 count);
/* The reference and title of a pull request, linked where the address is one. */
void html_pull_request(HtmlPage *page, const char *repository, gint64 number, const char *title,
                       const char *url);

void html_needs(HtmlPage *page);
void html_tiles(HtmlPage *page);
void html_measures(HtmlPage *page, ReportSection section);
void html_shares(HtmlPage *page);
void html_load(HtmlPage *page);
void html_groups(HtmlPage *page, const GArray *groups, const char *caption, const char *heading);

/* ---- charts: each a <figure> with a caption, the drawing, and its numbers behind a fold */

#define CHART_WIDTH  520
#define CHART_HEIGHT 260
#define CHART_LEFT   48 /* of the plot inside the drawing */
#define CHART_RIGHT  12
#define CHART_TOP    12
#define CHART_BOTTOM 36

/* Round steps from 0 to at least @most: the upper end, and the step. */
void chart_scale(double most, double *ret_top, double *ret_step);
void chart_begin(HtmlPage *page, const char *id, const char *title, const char *caption);
/* Grid lines and labels for 0..@top; @unit makes the labels. */
void chart_grid(HtmlPage *page, double top, double step, const char *unit);
/* Ends the drawing and begins the fold with the numbers. */
void chart_numbers(HtmlPage *page, const char *summary);
void chart_end(HtmlPage *page);

void chart_phases(HtmlPage *page);
void chart_throughput(HtmlPage *page);
void chart_distribution(HtmlPage *page);
void chart_sizes(HtmlPage *page);
