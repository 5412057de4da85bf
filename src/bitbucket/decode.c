/* Which decoder reads which kind of document. */
#include "bitbucket/decode.h"

typedef struct {
    const char *name; /* of one entry */
    gsize record_size;
    EntryDecoder decoder;
    gboolean is_list;
} Shape;

static const Shape SHAPES[] = {
    [DECODE_REPOSITORY] = {"repository", sizeof(Repository), decode_repository, FALSE},
    [DECODE_REPOSITORY_LIST] = {"repository", sizeof(Repository), decode_repository, TRUE},
    [DECODE_WORKSPACE] = {"workspace", sizeof(Workspace), decode_workspace, FALSE},
    [DECODE_PULL_REQUEST] = {"pull request", sizeof(PullRequest), decode_pull_request, FALSE},
    [DECODE_PULL_REQUEST_LIST] = {"pull request", sizeof(PullRequest), decode_pull_request, TRUE},
    [DECODE_ACTIVITY_LIST] = {"activity entry", sizeof(PrEvent), decode_activity, TRUE},
    [DECODE_COMMENT_LIST] = {"comment", sizeof(PrEvent), decode_comment, TRUE},
    [DECODE_COMMIT_LIST] = {"commit", sizeof(Commit), decode_commit, TRUE},
    [DECODE_DIFFSTAT_LIST] = {"file change", sizeof(FileChange), decode_diffstat, TRUE},
    [DECODE_BUILD_LIST] = {"build", sizeof(BuildStatus), decode_build, TRUE},
    [DECODE_TASK_LIST] = {"task", sizeof(PrTask), decode_task, TRUE},
    [DECODE_PIPELINE_LIST] = {"pipeline", sizeof(Pipeline), decode_pipeline, TRUE},
    [DECODE_ENVIRONMENT_LIST] = {"environment", sizeof(Environment), decode_environment, TRUE},
    [DECODE_DEPLOYMENT_LIST] = {"deployment", sizeof(Deployment), decode_deployment, TRUE},
};

static RecordPage *decode_single(const Shape *shape, json_t *root, GError **error)
{
    g_auto(Page) page = {0};
    page_init(&page, shape->record_size, shape->name);
    if (json_is_object(root))
        shape->decoder(&page, root);
    else
        reader_blame(&page.reader, "it is no object");
    if (page.reader.fault->len > 0) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_SHAPE, "the answer is no %s: %s",
                    shape->name, page.reader.fault->str);
        return NULL;
    }
    return page_finish(&page, NULL, COUNT_ABSENT, error);
}

static RecordPage *decode_list(const Shape *shape, json_t *root, GError **error)
{
    g_auto(Page) page = {0};
    page_init(&page, shape->record_size, shape->name);
    const char *next;
    gint64 total;
    if (!page_read_list(&page, root, shape->decoder, &next, &total, error))
        return NULL;
    return page_finish(&page, next, total, error);
}

/* What the error says, as one record: a sentence. */
static RecordPage *decode_error(json_t *root, GError **error)
{
    g_auto(ErrorBody) body = {0};
    error_body_read(&body, root);
    if (body.message == NULL) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_BODY_SHAPE,
                            "the answer is no error: it has no error.message");
        return NULL;
    }
    g_auto(Page) page = {0};
    page_init(&page, sizeof(char *), "error");
    g_autofree char *sentence = error_body_sentence(&body);
    const char *kept = arena_copy_text(page.arena, sentence, -1);
    page.reader.full |= kept == NULL;
    page_add(&page, &kept);
    return page_finish(&page, NULL, COUNT_ABSENT, error);
}

RecordPage *decode_document(DecodeKind kind, json_t *root, const char *event_key, GError **error)
{
    if (kind == DECODE_WEBHOOK)
        return decode_webhook(root, event_key, error);
    if (kind == DECODE_ERROR_BODY)
        return decode_error(root, error);
    if ((gsize) kind >= G_N_ELEMENTS(SHAPES) || SHAPES[kind].decoder == NULL) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INTERNAL, "no decoder number %d",
                    (int) kind);
        return NULL;
    }
    const Shape *shape = &SHAPES[kind];
    return shape->is_list ? decode_list(shape, root, error) : decode_single(shape, root, error);
}

RecordPage *bitbucket_decode(DecodeKind kind, const char *body, gsize length, const char *event_key,
                             GError **error)
{
    if (length > LIMIT_API_BODY) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_LIMIT,
                    "the document is larger than %" G_GSIZE_FORMAT " bytes", LIMIT_API_BODY);
        return NULL;
    }
    json_t *root = json_document_read(body, length, error);
    if (root == NULL)
        return NULL;
    RecordPage *page = decode_document(kind, root, event_key, error);
    json_decref(root);
    return page;
}
