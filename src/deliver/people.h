/*
 * people: who is who, for people and programs. Part of deliver's public header; see deliver.h for
 * what holds everywhere.
 */
#pragma once

#include "deliver/deliver.h"

/* Text or JSON (INVALID otherwise); docs/command-line.md describes the members. Everybody once, by
 * name, with the names, addresses and accounts that are theirs. @person_id 0: all; else that one.
 * For g_string_free. */
GString *deliver_render_people(Store *store, gint64 workspace_id, gint64 person_id,
                               ReportFormat format, const ReportStyle *style,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
    PEOPLE_ALL,
    PEOPLE_HUMANS, /* those who count: neither bots nor excluded */
    PEOPLE_BOTS,
    PEOPLE_EXCLUDED,
    PEOPLE_MERGED, /* of whom several addresses or accounts are one */
    PEOPLE_SHOWN_COUNT
} PeopleShown;
/* "all", "people", "bots", "excluded", "merged". */
gboolean people_shown_from_name(const char *name, PeopleShown *ret_shown);

#define PEOPLE_PAGE_MOST 200

typedef struct {
    PeopleShown shown;
    const char *text; /* each word occurs in a name or address; NULL: any */
    gint64 after_id;  /* the last person of the page before; 0: the first page */
    guint limit;      /* 1 to PEOPLE_PAGE_MOST */
} PeopleQuestion;
/* JSON: "items", each as in deliver_render_people, "in_all" how many fit, and "next_cursor", the id
 * of the last one, where more follow. INVALID when after_id is nobody. */
GString *deliver_render_people_page(Store *store, gint64 workspace_id,
                                    const PeopleQuestion *question,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a person has to decide, the likeliest first; text or JSON. */
GString *deliver_render_doubts(Store *store, gint64 workspace_id, ReportFormat format,
                               const ReportStyle *style, GError **error) G_GNUC_WARN_UNUSED_RESULT;
