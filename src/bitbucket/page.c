/* Pages of records while they are built, and what callers get of them. */
#include "bitbucket/decode.h"

#include <string.h>

void page_init(Page *page, gsize record_size, const char *kind)
{
    *page = (Page){
        .arena = arena_new(LIMIT_PAGE_ARENA),
        .records = g_array_new(FALSE, FALSE, (guint) record_size),
        .quarantined = g_array_new(FALSE, FALSE, sizeof(Quarantined)),
        .kind = kind,
    };
    reader_init(&page->reader, page->arena);
}

void page_clear(Page *page)
{
    g_clear_pointer(&page->arena, arena_free);
    g_clear_pointer(&page->records, g_array_unref);
    g_clear_pointer(&page->quarantined, g_array_unref);
    reader_clear(&page->reader);
}

void page_add(Page *page, gconstpointer record)
{
    g_array_append_vals(page->records, record, 1);
}

/* What names the entry for people: its number, hash, uuid or path, whichever can be read. */
static const char *entry_key(Page *page, json_t *entry)
{
    static const char *const PATHS[] = {"id",   "pull_request.id", "hash",
                                        "uuid", "new.path",        "old.path"};
    for (gsize i = 0; i < G_N_ELEMENTS(PATHS); i++) {
        json_t *value = json_path(entry, PATHS[i]);
        if (json_is_string(value))
            return arena_copy_text(page->arena, json_string_value(value),
                                   (gssize) MIN(json_string_length(value), 100));
        if (json_is_integer(value)) {
            char number[24];
            g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT,
                       (gint64) json_integer_value(value));
            return arena_copy_text(page->arena, number, -1);
        }
    }
    return "";
}

static void page_quarantine(Page *page, json_t *entry)
{
    Quarantined record = {.kind = page->kind};
    const char *key = entry_key(page, entry);
    g_autofree char *valid = g_utf8_make_valid(key != NULL ? key : "", -1);
    g_autofree char *reason =
        g_strdup_printf("The %s%s%s cannot be read: %s.", page->kind, *valid != '\0' ? " " : "",
                        valid, page->reader.fault->str);
    g_autofree char *text = json_dumps(entry, JSON_COMPACT | JSON_ENCODE_ANY);
    g_autofree char *snippet = text != NULL ? snippet_of_bytes(text, strlen(text)) : g_strdup("");
    record.key = arena_copy_text(page->arena, valid, -1);
    record.reason = arena_copy_text(page->arena, reason, -1);
    record.snippet = arena_copy_text(page->arena, snippet, -1);
    if (record.key == NULL || record.reason == NULL || record.snippet == NULL)
        page->reader.full = TRUE;
    else
        g_array_append_val(page->quarantined, record);
    reader_forget_fault(&page->reader);
}

void page_read_entry(Page *page, json_t *entry, EntryDecoder decoder)
{
    guint records = page->records->len;
    gsize skipped = page->n_skipped;
    if (json_is_object(entry))
        decoder(page, entry);
    else
        reader_blame(&page->reader, "it is no object");
    if (page->reader.fault->len == 0)
        return;
    g_array_set_size(page->records, records);
    page->n_skipped = skipped;
    page_quarantine(page, entry);
}

gboolean page_read_list(Page *page, json_t *root, EntryDecoder decoder, const char **ret_next,
                        gint64 *ret_total, GError **error)
{
    json_t *values = json_is_array(root) ? root : json_member(root, "values");
    if (!json_is_array(values)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_SHAPE,
                    "the answer is no list of %ss: it has no values", page->kind);
        return FALSE;
    }
    gsize index;
    json_t *entry;
    json_array_foreach(values, index, entry)
    {
        page_read_entry(page, entry, decoder);
        if (page->records->len + page->quarantined->len > LIMIT_PAGE_RECORDS) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                        "one page holds more than %d %ss", LIMIT_PAGE_RECORDS, page->kind);
            return FALSE;
        }
    }
    json_t *size = json_member(root, "size"); /* a mere hint: an odd one costs no page */
    *ret_total = json_is_integer(size) ? (gint64) json_integer_value(size) : COUNT_ABSENT;
    *ret_next = read_text(&page->reader, root, "next", LIMIT_TEXT);
    if (page->reader.fault->len > 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_SHAPE,
                    "the list of %ss cannot be read: %s", page->kind, page->reader.fault->str);
        return FALSE;
    }
    return TRUE;
}

static const void *keep(Arena *arena, const GArray *array)
{
    gsize bytes = (gsize) array->len * g_array_get_element_size((GArray *) array);
    void *kept = arena_alloc(arena, bytes);
    if (kept != NULL && bytes > 0)
        memcpy(kept, array->data, bytes);
    return kept;
}

RecordPage *page_finish(Page *page, const char *next, gint64 total, GError **error)
{
    const void *records = keep(page->arena, page->records);
    const void *quarantined = keep(page->arena, page->quarantined);
    if (page->reader.full || records == NULL || quarantined == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "one page of %ss needs more memory than is allowed", page->kind);
        return NULL;
    }
    RecordPage *finished = g_new0(RecordPage, 1);
    *finished = (RecordPage){
        .arena = g_steal_pointer(&page->arena),
        .records = records,
        .n_records = page->records->len,
        .quarantined = quarantined,
        .n_quarantined = page->quarantined->len,
        .n_skipped = page->n_skipped,
        .next = next,
        .total = total,
        .server_time = TIME_ABSENT,
    };
    return finished;
}

void record_page_free(RecordPage *page)
{
    if (page == NULL)
        return;
    arena_free(page->arena);
    g_free(page);
}
