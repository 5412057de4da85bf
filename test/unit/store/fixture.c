#include "fixture.h"

#include <glib/gstdio.h>

void fixture_put_basics(Fixture *f, Store *store)
{
    StoreTx *tx = NULL;
    Workspace workspace = {"{w}", "acme", "Acme"};
    Repository repository = {.uuid = "{r}",
                             .slug = "shop",
                             .full_name = "acme/shop",
                             .name = "Shop",
                             .project = {"{p}", "PAY", "Payments"},
                             .size_bytes = COUNT_ABSENT,
                             .created = MINUTE(0),
                             .updated = MINUTE(1)};
    StoreChanges changes = {0};
    assert_ok((tx = store_begin(store, &error)) != NULL);
    assert_ok(store_put_workspace(tx, &workspace, &f->workspace_id, &error));
    f->connection_id = model_id(ID_CONNECTION, f->workspace_id, "main");
    assert_ok(store_put_repositories(tx, f->workspace_id, f->connection_id, &repository, 1,
                                     &changes, &error));
    assert_ok(store_commit(tx, &error));
    f->repository_id = model_id(ID_REPOSITORY, f->workspace_id, "{r}");
}

void fixture_init(Fixture *f)
{
    f->folder = g_dir_make_tmp("plumbline-test-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "data", NULL);
    f->key_path = g_build_filename(f->folder, "master.key", NULL);
    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
    fixture_put_basics(f, f->store);
}

void fixture_clear(Fixture *f)
{
    store_free(f->store);
    GDir *dir = g_dir_open(f->folder, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(f->folder, name, NULL);
        g_unlink(path);
    }
    g_dir_close(dir);
    g_rmdir(f->folder);
    g_free(f->folder);
    g_free(f->path);
    g_free(f->key_path);
}

int fixture_setup(void **state)
{
    Fixture *f = g_new0(Fixture, 1);
    fixture_init(f);
    *state = f;
    return 0;
}

int fixture_teardown(void **state)
{
    fixture_clear(*state);
    g_free(*state);
    return 0;
}

void fixture_reopen(Fixture *f)
{
    store_free(f->store);
    assert_ok((f->store = store_open(f->path, f->key_path, &error)) != NULL);
}

/* Texts made here live as long as the test. */
static const char *braces(const char *name)
{
    g_autofree char *text = g_strdup_printf("{%s}", name);
    return g_intern_string(text);
}

Person fixture_person(const char *name)
{
    return (Person){.uuid = braces(name),
                    .account_id = name,
                    .display_name = name,
                    .nickname = name,
                    .kind = PERSON_USER};
}

PullRequest fixture_pull_request(gint64 number, int updated)
{
    return (PullRequest){.number = number,
                         .title = "A change",
                         .state = PR_OPEN,
                         .author = fixture_person("ana"),
                         .created = MINUTE(0),
                         .updated = MINUTE(updated),
                         .source_branch = "feature",
                         .source_hash = "aaaaaaaaaaaa",
                         .destination_branch = "main",
                         .destination_hash = "bbbbbbbbbbbb",
                         .html_url = "https://example.test/1",
                         .comment_count = 0,
                         .task_count = 0};
}

PrEvent fixture_event(gint64 number, PrEventKind kind, int at, const char *actor)
{
    return (PrEvent){.number = number,
                     .kind = kind,
                     .at = MINUTE(at),
                     .actor = actor != NULL ? fixture_person(actor) : (Person){0},
                     .comment_id = COUNT_ABSENT,
                     .parent_comment_id = COUNT_ABSENT,
                     .inline_line = COUNT_ABSENT,
                     .comment_length = COUNT_ABSENT,
                     .resolved = TIME_ABSENT};
}

PrEvent fixture_comment(gint64 number, int at, const char *actor, gint64 comment_id)
{
    PrEvent event = fixture_event(number, PR_EVENT_COMMENTED, at, actor);
    event.comment_id = comment_id;
    event.comment_length = 20;
    return event;
}

Commit fixture_commit(const char *hash, int authored, const char *email)
{
    static const FileChange FILES[] = {{"src/a.c", NULL, 10, 2}, {"src/b.c", NULL, 5, 0}};
    static const char *const PARENTS[] = {"0000000000000000000000000000000000000001"};
    return (Commit){.hash = hash,
                    .author_name = "Ana Roy",
                    .author_email = email,
                    .authored = MINUTE(authored),
                    .committed = MINUTE(authored + 1),
                    .subject = "Change",
                    .parents = PARENTS,
                    .n_parents = 1,
                    .files = FILES,
                    .n_files = 2};
}
