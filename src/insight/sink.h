/*
 * Inside insight: what rules put, copied, until findings are made of it.
 */
#pragma once

#include "insight/rule.h"

FindingSink *finding_sink_new(gint64 workspace_id);
void finding_sink_free(FindingSink *sink);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FindingSink, finding_sink_free)

typedef struct {
    gint64 finding_id;
    const Rule *rule;
    FindingDraft draft; /* its texts and arrays are the sink's */
} SinkDraft;

/* In the order in which they were put; of two with one condition the first. */
const GPtrArray *finding_sink_drafts(const FindingSink *sink); /* SinkDraft */
const SinkDraft *finding_sink_find(const FindingSink *sink, gint64 finding_id);
/* Whether a rule said that it cannot judge this now. */
gboolean finding_sink_keeps(const FindingSink *sink, const char *rule, gint64 repository_id,
                            gint64 number);

/* The id of a condition. */
gint64 finding_id_of(gint64 workspace_id, const char *rule, gint64 repository_id, gint64 number,
                     gint64 person_id, const char *subject);
