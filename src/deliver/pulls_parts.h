/*
 * Inside deliver: what the documents about one and about many pull requests share.
 */
#pragma once

#include <jansson.h>

#include "deliver/pulls.h"

json_t *pull_text(const char *text); /* cleaned; NULL: null */
json_t *pull_link(const char *url);  /* null unless it may be shown as a link */
json_t *pull_count(gint64 count);
json_t *pull_instant(UtcTime time);
json_t *pull_seconds(Duration duration);
json_t *pull_person(const PullView *view, gint64 person_id, gboolean is_bot);
/* The members that stand in lists and on the page of one. */
json_t *pull_object(const PullView *view, const MeasurePull *pull, const char *title,
                    const char *url);
GString *pull_document_end(json_t *document);

/* What the numbers of one leave out, and why: an array of sentences. */
json_t *pull_left_out(const PullStory *story);
