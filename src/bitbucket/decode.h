/*
 * decode: from JSON trees to pages of model records (Bitbucket Cloud's shapes).
 *
 * A Page is what a page is built in: it owns the arena and gathers records, quarantined ones and
 * skipped entries until page_finish turns it into the RecordPage that callers get. A record decoder
 * reads one JSON object through the page's Reader and calls page_add; whatever the Reader then
 * blames goes to the quarantine instead.
 */
#pragma once

#include "bitbucket/bitbucket.h"
#include "bitbucket/json.h"

typedef struct {
    Arena *arena;
    Reader reader;
    GArray *records; /* of the page's record type */
    GArray *quarantined;
    gsize n_skipped;
    const char *kind; /* what an entry is called in the quarantine */
} Page;

void page_init(Page *page, gsize record_size, const char *kind);
void page_clear(Page *page);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Page, page_clear)

/* Appends a copy of @record. */
void page_add(Page *page, gconstpointer record);

/* Reads one entry: on a fault takes back the records that the entry added and puts it into
 * quarantine. */
typedef void (*EntryDecoder)(Page *page, json_t *entry);
void page_read_entry(Page *page, json_t *entry, EntryDecoder decoder);

/* All members of @root's values (or of @root itself when it is a list), then next and size. */
gboolean page_read_list(Page *page, json_t *root, EntryDecoder decoder, const char **ret_next,
                        gint64 *ret_total, GError **error);

/* Takes the arena out of @page. LIMIT when it was too small. */
RecordPage *page_finish(Page *page, const char *next, gint64 total, GError **error);

/* Parts that several records share. */
Person decode_person(Reader *reader, json_t *object, const char *path);
const char *decode_html_link(Reader *reader, json_t *object);

/* One file each. */
void decode_repository(Page *page, json_t *entry);
void decode_workspace(Page *page, json_t *entry);
void decode_pull_request(Page *page, json_t *entry);
void decode_activity(Page *page, json_t *entry);
void decode_comment(Page *page, json_t *entry);
void decode_commit(Page *page, json_t *entry);
void decode_diffstat(Page *page, json_t *entry);
void decode_build(Page *page, json_t *entry);
void decode_task(Page *page, json_t *entry);
void decode_pipeline(Page *page, json_t *entry);
void decode_environment(Page *page, json_t *entry);
void decode_deployment(Page *page, json_t *entry);

/* Fills @ret_event from a comment object. @number COUNT_ABSENT: from its pullrequest member. */
void decode_comment_event(Reader *reader, json_t *comment, gint64 number, PrEvent *ret_event);

/* An event with everything absent. */
PrEvent decode_blank_event(PrEventKind kind, gint64 number);

RecordPage *decode_webhook(json_t *root, const char *event_key, GError **error);

/* One whole answer. Its next is as the answer gives it: nobody has checked yet where it leads. */
RecordPage *decode_document(DecodeKind kind, json_t *root, const char *event_key, GError **error);

/* What an error answer says (API-FACTS 2.1). */
typedef struct {
    char *message;   /* NULL when the body does not tell */
    char *detail;    /* text; NULL otherwise */
    GStrv required;  /* scopes; NULL when not told */
    GStrv granted;   /* same */
    GStrv shas;      /* unknown revisions */
    char *announced; /* address of an announcement (410) */
} ErrorBody;
/* @root may be NULL or of any shape. */
void error_body_read(ErrorBody *body, json_t *root);
/* All it says in one line. g_free. */
char *error_body_sentence(const ErrorBody *body);
void error_body_clear(ErrorBody *body);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ErrorBody, error_body_clear)
