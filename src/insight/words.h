/*
 * Inside insight: words that the texts of findings share. The texts are kept by the sink, as those
 * of finding_text.
 */
#pragma once

#include "insight/rule.h"

/* "45 min", "7.5 h", "3.2 d", as the report writes ages. */
const char *words_span(FindingSink *sink, Duration span);
/* "1,234". */
const char *words_number(FindingSink *sink, gint64 count);
/* "1 line", "1,234 lines". */
const char *words_many(FindingSink *sink, gint64 count, const char *one, const char *many);
/* "16 Nov 2026, 08:00 UTC". */
const char *words_when(FindingSink *sink, UtcTime at);
/* "Ana", "Ana and Ben", "Ana, Ben and 3 more". @n 0: "nobody". */
const char *words_people(FindingSink *sink, const RuleScene *scene, const gint64 *people, gsize n);
/* "billing#12". */
const char *words_pull(FindingSink *sink, const RuleScene *scene, gint64 repository_id,
                       gint64 number);
