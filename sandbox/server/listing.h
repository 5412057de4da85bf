/*
 * listing: answers a collection, page by page: filter ("q", and what the listing itself keeps out),
 * order ("sort"), page length and number, "next". What a walk selects is kept until the world
 * changes, so that every page but the first costs only what it shows.
 */
#pragma once

#include "call.h"
#include "filter.h"

typedef struct Listing Listing;

struct Listing {
    Call *call;
    guint n;                 /* candidates, in the order shown without "sort" */
    const FieldRule *fields; /* what q and sort know; NULL: both are ignored */
    const char *sort;        /* when none is asked for; NULL: candidates' order */
    guint page_default, page_max;
    gboolean iterator;     /* no size, no page numbers to count on: next carries a context */
    gboolean pageless;     /* everything at once, no next */
    gboolean without_q;    /* q is ignored */
    gboolean rejects_sort; /* sort is answered with 400 */
    /* Selects instead of q and keep; returns candidates as shown. NULL result: answered already. */
    GArray *(*select)(const Listing *listing);
    gboolean (*keep)(const Listing *listing, guint candidate); /* NULL: all */
    void (*write)(const Listing *listing, guint candidate, Out *out);
    /* A field's values without writing the object. FALSE: not known, write it. NULL: never. */
    gboolean (*fetch)(const Listing *listing, guint candidate, const FieldRule *rule,
                      ValueVisit visit, gpointer data);
    /* The handler's own. */
    gpointer data;
    gconstpointer more;
    gint64 now;
};

void listing_answer(const Listing *listing);

/* The parameter "pagelen" within the rules; FALSE: answered with 400. */
gboolean listing_page_length(Call *call, guint page_default, guint page_max, guint *ret_length);
/* URL of another page of the same call: its query without page and ctx, and then @extra. */
char *listing_page_url(const Call *call, const char *extra);

Selections *selections_new(void);
void selections_free(Selections *selections);
