/* Commit statuses: what builds say of a commit (API-FACTS 5.9). */
#include "bitbucket/decode.h"

#include <string.h>

static BuildState build_state(const char *name)
{
    static const struct {
        const char *name;
        BuildState state;
    } STATES[] = {
        {"INPROGRESS", BUILD_IN_PROGRESS},
        {"SUCCESSFUL", BUILD_SUCCESSFUL},
        {"FAILED", BUILD_FAILED},
        {"STOPPED", BUILD_STOPPED},
    };
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(STATES); i++)
        if (strcmp(name, STATES[i].name) == 0)
            return STATES[i].state;
    return BUILD_UNKNOWN;
}

/* Some answers name the commit by its address alone. */
static const char *commit_of(Reader *reader, json_t *entry)
{
    const char *hash = read_hash(reader, entry, "commit.hash");
    const char *address = hash == NULL ? read_link(reader, entry, "links.commit.href") : NULL;
    const char *last = address != NULL ? strrchr(address, '/') : NULL;
    if (last == NULL)
        return hash;
    gsize length = strlen(last + 1);
    gboolean is_hash =
        length >= 12 && length <= 64 && strspn(last + 1, "0123456789abcdef") == length;
    return is_hash ? last + 1 : NULL;
}

void decode_build(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    const BuildStatus build = {
        .commit_hash = commit_of(reader, entry),
        .key = need_text(reader, entry, "key", LIMIT_NAME),
        .name = read_text(reader, entry, "name", LIMIT_NAME),
        .url = read_link(reader, entry, "url"),
        .state = build_state(need_text(reader, entry, "state", LIMIT_NAME)),
        .created = read_time(reader, entry, "created_on"),
        .updated = read_time(reader, entry, "updated_on"),
    };
    page_add(page, &build);
}
