/* Every decoder of Bitbucket's bodies. The first byte chooses the kind (and, for webhooks, the
 * event key); the rest is the body. */
#include "bitbucket/bitbucket.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* Reads every text of the page, so that a bad pointer is noticed. */
static gsize touch(const RecordPage *page)
{
    gsize sum = page->next != NULL ? strlen(page->next) : 0;
    for (gsize i = 0; i < page->n_quarantined; i++) {
        g_assert(g_utf8_validate(page->quarantined[i].reason, -1, NULL));
        g_assert(g_utf8_validate(page->quarantined[i].snippet, -1, NULL));
        g_assert(strlen(page->quarantined[i].snippet) <= LIMIT_ERROR_SNIPPET);
        sum += strlen(page->quarantined[i].key);
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const KEYS[] = {NULL,
                                       "pullrequest:created",
                                       "pullrequest:fulfilled",
                                       "pullrequest:approved",
                                       "pullrequest:unapproved",
                                       "pullrequest:changes_request_created",
                                       "pullrequest:comment_deleted",
                                       "repo:push"};
    if (size < 1)
        return 0;
    DecodeKind kind = data[0] % (DECODE_WEBHOOK + 1);
    const char *key = KEYS[(data[0] / (DECODE_WEBHOOK + 1)) % G_N_ELEMENTS(KEYS)];
    g_autoptr(GError) error = NULL;
    g_autoptr(RecordPage) page =
        bitbucket_decode(kind, (const char *) data + 1, size - 1, key, &error);
    g_assert((page == NULL) == (error != NULL));
    if (page != NULL)
        (void) touch(page);
    else
        g_assert(error->domain == PLUMBLINE_ERROR);
    return 0;
}
