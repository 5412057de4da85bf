/* Repositories, workspaces and the people that every payload mentions. */
#include "bitbucket/decode.h"

#include <string.h>

static PersonKind person_kind(const char *type)
{
    if (type == NULL)
        return PERSON_UNKNOWN;
    if (strcmp(type, "user") == 0)
        return PERSON_USER;
    if (strcmp(type, "app_user") == 0)
        return PERSON_APP;
    return strcmp(type, "team") == 0 ? PERSON_TEAM : PERSON_UNKNOWN;
}

/* An empty key would make strangers one person. */
static const char *unless_empty(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

Person decode_person(Reader *reader, json_t *object, const char *path)
{
    json_t *person = *path != '\0' ? read_object(reader, object, path) : object;
    if (person == NULL || json_is_null(person))
        return (Person){0};
    if (!json_is_object(person))
        reader_blame(reader, "a person is no object");
    const char *nickname = unless_empty(read_text(reader, person, "nickname", LIMIT_NAME));
    if (nickname == NULL) /* teams, and people before 2019 */
        nickname = unless_empty(read_text(reader, person, "username", LIMIT_NAME));
    return (Person){
        .uuid = unless_empty(read_text(reader, person, "uuid", LIMIT_NAME)),
        .account_id = unless_empty(read_text(reader, person, "account_id", LIMIT_NAME)),
        .display_name = unless_empty(read_text(reader, person, "display_name", LIMIT_NAME)),
        .nickname = nickname,
        .kind = person_kind(read_text(reader, person, "type", LIMIT_NAME)),
    };
}

const char *decode_html_link(Reader *reader, json_t *object)
{
    return read_link(reader, object, "links.html.href");
}

static Workspace read_workspace(Reader *reader, json_t *object)
{
    return (Workspace){
        .uuid = read_text(reader, object, "uuid", LIMIT_NAME),
        .slug = read_text(reader, object, "slug", LIMIT_NAME),
        .name = read_text(reader, object, "name", LIMIT_NAME),
    };
}

void decode_workspace(Page *page, json_t *entry)
{
    (void) need_text(&page->reader, entry, "uuid", LIMIT_NAME);
    Workspace workspace = read_workspace(&page->reader, entry);
    page_add(page, &workspace);
}

/* The https address among links.clone, without the caller's user name. */
static const char *clone_url(Reader *reader, json_t *entry)
{
    json_t *links = read_array(reader, entry, "links.clone");
    gsize index;
    json_t *link;
    json_array_foreach(links, index, link)
    {
        const char *name = json_string_value(json_member(link, "name"));
        if (name != NULL && (strcmp(name, "https") == 0 || strcmp(name, "http") == 0))
            return read_link(reader, link, "href");
    }
    return NULL;
}

/* "web" of "acme/web": condensed repositories have no slug. */
static const char *slug_of(Reader *reader, json_t *entry, const char *full_name)
{
    const char *slug = unless_empty(read_text(reader, entry, "slug", LIMIT_NAME));
    const char *slash = full_name != NULL ? strchr(full_name, '/') : NULL;
    return slug != NULL ? slug : slash != NULL ? slash + 1 : NULL;
}

void decode_repository(Page *page, json_t *entry)
{
    Reader *reader = &page->reader;
    Repository repository = {
        .uuid = need_text(reader, entry, "uuid", LIMIT_NAME),
        .workspace = read_workspace(reader, read_object(reader, entry, "workspace")),
        .project =
            {
                .uuid = read_text(reader, entry, "project.uuid", LIMIT_NAME),
                .key = read_text(reader, entry, "project.key", LIMIT_NAME),
                .name = read_text(reader, entry, "project.name", LIMIT_NAME),
            },
        .full_name = need_text(reader, entry, "full_name", LIMIT_NAME),
        .name = read_text(reader, entry, "name", LIMIT_NAME),
        .main_branch = read_text(reader, entry, "mainbranch.name", LIMIT_NAME),
        .html_url = decode_html_link(reader, entry),
        .clone_url = clone_url(reader, entry),
        .language = unless_empty(read_text(reader, entry, "language", LIMIT_NAME)),
        .parent_uuid = read_text(reader, entry, "parent.uuid", LIMIT_NAME),
        .is_private = read_flag(reader, entry, "is_private"),
        .size_bytes = read_integer(reader, entry, "size"),
        .created = read_time(reader, entry, "created_on"),
        .updated = read_time(reader, entry, "updated_on"),
    };
    repository.slug = slug_of(reader, entry, repository.full_name);
    if (repository.slug == NULL)
        reader_blame(reader, "slug is missing");
    page_add(page, &repository);
}
