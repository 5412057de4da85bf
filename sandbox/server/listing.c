#include "listing.h"

#include "tokens.h"

#include <string.h>

#define MAX_KEPT  128 /* selections */
#define MAX_ITEMS ((gsize) 16 * 1024 * 1024)

/* ---- what walks have selected ---- */

typedef struct {
    GArray *items; /* guint32 */
    guint64 used;  /* when, in uses */
} Selection;

struct Selections {
    GMutex lock;
    GHashTable *kept; /* key → Selection */
    guint64 uses;
    gsize items;
};

static void selection_free(gpointer data)
{
    Selection *selection = data;
    g_array_unref(selection->items);
    g_free(selection);
}

Selections *selections_new(void)
{
    Selections *selections = g_new0(Selections, 1);
    g_mutex_init(&selections->lock);
    selections->kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, selection_free);
    return selections;
}

void selections_free(Selections *selections)
{
    g_hash_table_unref(selections->kept);
    g_mutex_clear(&selections->lock);
    g_free(selections);
}

static GArray *recall(Selections *selections, const char *key)
{
    g_mutex_lock(&selections->lock);
    Selection *selection = g_hash_table_lookup(selections->kept, key);
    GArray *items = NULL;
    if (selection != NULL) {
        selection->used = ++selections->uses;
        items = g_array_ref(selection->items);
    }
    g_mutex_unlock(&selections->lock);
    return items;
}

static void forget_oldest(Selections *selections)
{
    GHashTableIter iter;
    gpointer key, value, oldest = NULL;
    guint64 used = G_MAXUINT64;
    gsize length = 0;
    g_hash_table_iter_init(&iter, selections->kept);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        Selection *selection = value;
        if (selection->used < used) {
            used = selection->used;
            oldest = key;
            length = selection->items->len;
        }
    }
    selections->items -= length;
    g_hash_table_remove(selections->kept, oldest);
}

static void remember(Selections *selections, const char *key, GArray *items)
{
    g_mutex_lock(&selections->lock);
    if (!g_hash_table_contains(selections->kept, key)) {
        while (g_hash_table_size(selections->kept) > 0 &&
               (g_hash_table_size(selections->kept) >= MAX_KEPT ||
                selections->items + items->len > MAX_ITEMS))
            forget_oldest(selections);
        Selection *selection = g_new0(Selection, 1);
        selection->items = g_array_ref(items);
        selection->used = ++selections->uses;
        selections->items += items->len;
        g_hash_table_insert(selections->kept, g_strdup(key), selection);
    }
    g_mutex_unlock(&selections->lock);
}

/* ---- filter and order ---- */

typedef struct {
    const Listing *listing;
    guint candidate;
} Record;

static void fetch_field(gpointer data, const FieldRule *rule, ValueVisit visit, gpointer visit_data)
{
    const Record *record = data;
    const Listing *listing = record->listing;
    if (listing->fetch != NULL &&
        listing->fetch(listing, record->candidate, rule, visit, visit_data))
        return;
    const Call *call = listing->call;
    g_autoptr(Fields) fields = fields_parse(rule->name);
    g_autoptr(Out) out = out_new(fields, call->sandbox->api, call->sandbox->web);
    listing->write(listing, record->candidate, out);
    GString *text = out_take(out);
    json_t *object = json_loadb(text->str, text->len, 0, NULL);
    value_visit_json(object, rule, visit, visit_data);
    json_decref(object);
    g_string_free(text, TRUE);
}

typedef struct {
    Value value;
    guint32 candidate;
    gboolean seen;
    GStringChunk *texts;
} Keyed;

static void keep_first(const Value *value, gpointer data)
{
    Keyed *keyed = data;
    if (keyed->seen)
        return;
    keyed->seen = TRUE;
    keyed->value = *value;
    if (value->kind == VALUE_STRING)
        keyed->value.text = g_string_chunk_insert(keyed->texts, value->text);
}

static gint compare_up(gconstpointer a, gconstpointer b)
{
    const Keyed *left = a, *right = b;
    gint order = value_compare(&left->value, &right->value);
    return order != 0 ? order
                      : (left->candidate > right->candidate) - (left->candidate < right->candidate);
}

static gint compare_down(gconstpointer a, gconstpointer b)
{
    const Keyed *left = a, *right = b;
    gint order = value_compare(&right->value, &left->value);
    return order != 0 ? order
                      : (left->candidate > right->candidate) - (left->candidate < right->candidate);
}

static void sort_items(const Listing *listing, GArray *items, const FieldRule *rule, gboolean down)
{
    GStringChunk *texts = g_string_chunk_new(4096);
    g_autoptr(GArray) keyed = g_array_sized_new(FALSE, FALSE, sizeof(Keyed), items->len);
    for (guint i = 0; i < items->len; i++) {
        Keyed key = {.candidate = g_array_index(items, guint32, i), .texts = texts};
        Record record = {.listing = listing, .candidate = key.candidate};
        fetch_field(&record, rule, keep_first, &key);
        g_array_append_val(keyed, key);
    }
    g_array_sort(keyed, down ? compare_down : compare_up);
    for (guint i = 0; i < items->len; i++)
        g_array_index(items, guint32, i) = g_array_index(keyed, Keyed, i).candidate;
    g_string_chunk_free(texts);
}

/* Reads q and sort. FALSE: answered. */
static gboolean read_wishes(const Listing *listing, Filter **ret_filter, const FieldRule **ret_sort,
                            gboolean *ret_down)
{
    Call *call = listing->call;
    const char *q = listing->without_q ? NULL : call_argument(call, "q");
    const char *sort = call_argument(call, "sort");
    if (sort != NULL && listing->rejects_sort) {
        call_fail(call, 400, "Invalid sort attribute");
        return FALSE;
    }
    if (sort == NULL || sort[0] == '\0')
        sort = listing->sort;
    if (q != NULL && q[0] != '\0' && listing->fields != NULL) {
        const char *message;
        *ret_filter = filter_parse(q, listing->fields, &message);
        if (*ret_filter == NULL) {
            call_fail(call, 400, message);
            return FALSE;
        }
    }
    if (sort != NULL && listing->fields != NULL) {
        *ret_down = sort[0] == '-';
        *ret_sort = field_rule_find(listing->fields, sort + (*ret_down ? 1 : 0));
        if (*ret_sort == NULL) {
            call_fail(call, 400, "Invalid sort attribute");
            return FALSE;
        }
    }
    return TRUE;
}

/* NULL: answered. */
static GArray *select_items(const Listing *listing)
{
    if (listing->select != NULL)
        return listing->select(listing);
    g_autoptr(Filter) filter = NULL;
    const FieldRule *sort = NULL;
    gboolean down = FALSE;
    if (!read_wishes(listing, &filter, &sort, &down))
        return NULL;
    GArray *items = g_array_sized_new(FALSE, FALSE, sizeof(guint32), listing->n);
    for (guint32 i = 0; i < listing->n; i++) {
        Record record = {.listing = listing, .candidate = i};
        if ((listing->keep == NULL || listing->keep(listing, i)) &&
            (filter == NULL || filter_matches(filter, fetch_field, &record)))
            g_array_append_val(items, i);
    }
    if (sort != NULL)
        sort_items(listing, items, sort, down);
    return items;
}

/* ---- pages ---- */

gboolean listing_page_length(Call *call, guint page_default, guint page_max, guint *ret_length)
{
    const char *text = call_argument(call, "pagelen");
    guint64 length = page_default;
    if (text != NULL && (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT32, &length, NULL) ||
                         length > page_max)) {
        call_fail(call, 400, "Invalid pagelen");
        return FALSE;
    }
    if (text != NULL)
        length = MAX(length, 10);
    *ret_length = (guint) length;
    return TRUE;
}

/* The query without the parameters that are about one page. */
static GString *query_without(const Call *call, const char *const *names)
{
    GString *query = g_string_new(NULL);
    g_auto(GStrv) pairs = g_strsplit(call->query, "&", 1000);
    for (guint i = 0; pairs[i] != NULL; i++) {
        gsize length = strcspn(pairs[i], "=");
        gboolean left_out = pairs[i][0] == '\0';
        for (guint j = 0; names[j] != NULL && !left_out; j++)
            left_out = strlen(names[j]) == length && strncmp(pairs[i], names[j], length) == 0;
        if (!left_out)
            g_string_append_printf(query, "%s%s", query->len > 0 ? "&" : "", pairs[i]);
    }
    return query;
}

char *listing_page_url(const Call *call, const char *extra)
{
    static const char *const names[] = {"page", "ctx", NULL};
    GString *query = query_without(call, names);
    char *url = g_strconcat(call->sandbox->web, call->path, "?", query->str,
                            query->len > 0 ? "&" : "", extra, NULL);
    g_string_free(query, TRUE);
    return url;
}

/* What the selection depends on. */
static char *selection_key(const Call *call, gboolean iterator)
{
    static const char *const names[] = {"page", "ctx", "pagelen", "fields", NULL};
    const char *ctx = iterator ? call_argument(call, "ctx") : NULL;
    if (ctx != NULL)
        return g_strconcat(ctx, " ", call->path, NULL);
    GString *query = query_without(call, names);
    g_autofree char *text =
        g_strdup_printf("%s %s?%s %s %u", call->token != NULL ? call->token->name : "", call->path,
                        query->str, call->method, call->sandbox->version);
    g_string_free(query, TRUE);
    if (!iterator)
        return g_steal_pointer(&text);
    /* Opaque, and the same for the same question; a question by POST has its text in the body. */
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *) text, -1);
    g_checksum_update(checksum, call->body->data, call->body->len);
    g_autofree char *context = g_strndup(g_checksum_get_string(checksum), 32);
    g_checksum_free(checksum);
    return g_strconcat(context, " ", call->path, NULL);
}

static void write_envelope(const Listing *listing, Out *out, guint size, guint page, guint length,
                           const char *key)
{
    Call *call = listing->call;
    out_number(out, "pagelen", length);
    if (!listing->iterator)
        out_number(out, "size", size);
    if (!listing->iterator)
        out_number(out, "page", page);
    /* The key of an iterator begins with its context; the path after it keeps a context from being
     * used elsewhere. */
    g_autofree char *context = listing->iterator
                                   ? g_strdup_printf("ctx=%.*s&", (int) strcspn(key, " "), key)
                                   : g_strdup("");
    if (!listing->pageless && (guint64) page * length < size) {
        g_autofree char *extra = g_strdup_printf("%spage=%u", context, page + 1);
        g_autofree char *url = listing_page_url(call, extra);
        out_string(out, "next", url);
    }
    if (page > 1 && !listing->iterator) {
        g_autofree char *extra = g_strdup_printf("page=%u", page - 1);
        g_autofree char *url = listing_page_url(call, extra);
        out_string(out, "previous", url);
    }
}

static void write_page(const Listing *listing, const GArray *items, guint page, guint length,
                       const char *key)
{
    Out *out = call_open(listing->call);
    if (out_object(out, NULL)) {
        if (out_array(out, "values")) {
            guint64 begin = (guint64) (page - 1) * length;
            for (guint64 i = begin; i < items->len && i < begin + length; i++)
                listing->write(listing, g_array_index(items, guint32, i), out);
            out_close(out);
        }
        write_envelope(listing, out, items->len, page, length, key);
        out_close(out);
    }
    call_answer(listing->call, 200);
}

void listing_answer(const Listing *listing)
{
    Call *call = listing->call;
    guint length = listing->page_default;
    guint64 page = 1;
    if (!listing->pageless &&
        !listing_page_length(call, listing->page_default, listing->page_max, &length))
        return;
    const char *text = call_argument(call, "page");
    if (text != NULL && !listing->pageless &&
        !g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT32, &page, NULL)) {
        call_fail(call, 400, "Invalid page");
        return;
    }
    Selections *selections = call->sandbox->selections;
    g_autofree char *key = selection_key(call, listing->iterator);
    g_autoptr(GArray) items = recall(selections, key);
    if (items == NULL && listing->iterator && call_argument(call, "ctx") != NULL) {
        call_fail(call, 400, "Invalid context");
        return;
    }
    if (items == NULL) {
        items = select_items(listing);
        if (items == NULL)
            return;
        remember(selections, key, items);
    }
    write_page(listing, items, (guint) page, listing->pageless ? MAX(items->len, 1) : length, key);
}
