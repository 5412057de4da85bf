/* Everything that real Bitbucket servers sent to others: each recorded Cloud body decodes into
 * records, or is refused for a reason that stands here. The corpus is not part of the project;
 * where it is absent the tests say so and are skipped. PLUMBLINE_SHARED names its parent folder. */
#include "bitbucket/bitbucket.h"
#include "bitbucket/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* How a body of one kind of INDEX.csv is read. */
typedef enum {
    AS_IS,     /* by the decoder */
    AS_ENTRY,  /* as the only entry of a list, unless it is one itself */
    EACH,      /* every entry of its list by itself */
    NO_RECORD, /* not at all: nothing of the model is in it */
} Reading;

static const struct {
    const char *kind;
    Reading reading;
    DecodeKind decoder;
    const char *reason; /* of NO_RECORD */
} KINDS[] = {
    {"repository", AS_IS, DECODE_REPOSITORY, NULL},
    {"repository-list", AS_IS, DECODE_REPOSITORY_LIST, NULL},
    {"workspace", AS_IS, DECODE_WORKSPACE, NULL},
    {"workspace-list", EACH, DECODE_WORKSPACE, NULL},
    {"pr", AS_IS, DECODE_PULL_REQUEST, NULL},
    {"pr-list", AS_IS, DECODE_PULL_REQUEST_LIST, NULL},
    {"activity", AS_ENTRY, DECODE_ACTIVITY_LIST, NULL},
    {"activity-list", AS_IS, DECODE_ACTIVITY_LIST, NULL},
    {"activity-list (repository-wide)", AS_IS, DECODE_ACTIVITY_LIST, NULL},
    {"pr-comment", AS_ENTRY, DECODE_COMMENT_LIST, NULL},
    {"pr-comment-list", AS_IS, DECODE_COMMENT_LIST, NULL},
    {"commit", AS_ENTRY, DECODE_COMMIT_LIST, NULL},
    {"commit-list", AS_IS, DECODE_COMMIT_LIST, NULL},
    {"diffstat-list", AS_IS, DECODE_DIFFSTAT_LIST, NULL},
    {"error", AS_IS, DECODE_ERROR_BODY, NULL},
    {"branch", NO_RECORD, 0, "branches come from git"},
    {"branch-list", NO_RECORD, 0, "branches come from git"},
    {"tag", NO_RECORD, 0, "tags come from git"},
    {"tag-list", NO_RECORD, 0, "tags come from git"},
    {"src", NO_RECORD, 0, "file contents come from git"},
    {"src-list", NO_RECORD, 0, "file contents come from git"},
    {"commit-status", AS_ENTRY, DECODE_BUILD_LIST, NULL},
    {"commit-status-list", AS_IS, DECODE_BUILD_LIST, NULL},
    {"pipeline", AS_ENTRY, DECODE_PIPELINE_LIST, NULL},
    {"pipeline-list", AS_IS, DECODE_PIPELINE_LIST, NULL},
    {"hook", NO_RECORD, 0, "webhooks are not set up yet"},
    {"hook-list", NO_RECORD, 0, "webhooks are not set up yet"},
    {"issue", NO_RECORD, 0, "the issue tracker is gone"},
    {"issue-list", NO_RECORD, 0, "the issue tracker is gone"},
    {"project", NO_RECORD, 0, "a project is read as part of its repositories"},
    {"project-list", NO_RECORD, 0, "a project is read as part of its repositories"},
    {"user", NO_RECORD, 0, "people are read where they take part"},
    {"user-list", NO_RECORD, 0, "people are read where they take part"},
    {"email", NO_RECORD, 0, "e-mail addresses come from git"},
    {"email-list", NO_RECORD, 0, "e-mail addresses come from git"},
    {"participant", NO_RECORD, 0, "a participant is read as part of its pull request"},
    {"permission-list", NO_RECORD, 0, "permissions are not read"},
    {"empty-or-other-list", NO_RECORD, 0,
     "empty lists, and restrictions of branches, which are not read"},
    {"other", NO_RECORD, 0, "answers to writing requests, which are never sent"},
    {"composite", NO_RECORD, 0, "another program's wrapping of several answers"},
    {"recording (request+response)", NO_RECORD, 0, "a session; its bodies are files of their own"},
};

/* Single files that are refused, or of which entries are put into quarantine. */
static const struct {
    const char *file;
    const char *words; /* of the error or of the first quarantine reason */
    const char *reason;
} EXCEPTIONS[] = {
    {"cloud-api/gildas__workspace-access.json", "uuid is missing",
     "a caller's access to a workspace; the workspace stands inside"},
    {"cloud-api/codacy__missing_account_id.json", "uuid is missing",
     "memberships of a workspace, not workspaces"},
    {"cloud-api/codacy__userIdentifiers.json", "uuid is missing",
     "a membership of a workspace, not a workspace"},
    {"cloud-api/atlpy__REPO-pipelines-PipelineUuid-steps-GET.json", "created_on is missing",
     "the steps of a pipeline"},
    {"cloud-api/atlpy__REPO-pipelines-PipelineUuid-steps-PipelineStep1Uuid-GET.json",
     "created_on is missing", "a step of a pipeline"},
    {"cloud-api/atlpy__REPO-pipelines-PipelineUuid-steps-PipelineStep2Uuid-GET.json",
     "created_on is missing", "a step of a pipeline"},
    {"cloud-api/gildas__pipeline-step.json", "created_on is missing", "a step of a pipeline"},
    {"cloud-api/gildas__pipeline-target-ref.json", "uuid is missing", "what a pipeline ran for"},
    {"cloud-api/gildas__pipeline-target-commit-ref.json", "uuid is missing",
     "what a pipeline ran for"},
    {"cloud-api/gildas__pipeline-target-pullrequest-ref.json", "uuid is missing",
     "what a pipeline ran for"},
    {"cloud-api/not-json/jira-dvcs__sampleActivity.json", "not well-formed JSON",
     "a comma without a value behind it, broken in the source"},
    {"cloud-webhooks/gocd__bitbucket-pr.json", "pullrequest.id is missing",
     "cut down by its project to members that Bitbucket does not send"},
};

static char *corpus_folder(void)
{
    const char *shared = g_getenv("PLUMBLINE_SHARED");
    g_autofree char *beside = g_build_filename(g_getenv("PLUMBLINE_SOURCE"), "..", "shared", NULL);
    return g_build_filename(shared != NULL ? shared : beside, "corpus", NULL);
}

/* The next field of a CSV text; moves *at behind it and says whether it ended its row. */
static char *csv_field(const char **at, gboolean *ret_ends_row)
{
    GString *field = g_string_new(NULL);
    const char *c = *at;
    gboolean quoted = *c == '"';
    for (c += quoted; *c != '\0'; c++) {
        if (quoted && *c == '"' && c[1] == '"')
            c++;
        else if (quoted && *c == '"')
            quoted = FALSE;
        else if (quoted || (*c != ',' && *c != '\n' && *c != '\r'))
            ;
        else
            break;
        if (*c != '"' || quoted)
            g_string_append_c(field, *c);
    }
    c += *c == '\r';
    *ret_ends_row = *c == '\n' || *c == '\0';
    *at = *c != '\0' ? c + 1 : c;
    return g_string_free(field, FALSE);
}

/* file -> kind */
static GHashTable *read_index(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "INDEX.csv", NULL);
    g_autofree char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    GHashTable *kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (const char *at = text; *at != '\0';) {
        gboolean ends_row = FALSE;
        char *file = csv_field(&at, &ends_row);
        char *kind = csv_field(&at, &ends_row);
        g_hash_table_insert(kinds, file, kind);
        while (!ends_row)
            g_free(csv_field(&at, &ends_row));
    }
    return kinds;
}

/* Paths below @folder, as in the index, of every file in @part. */
static void list_files(const char *folder, const char *part, GPtrArray *files)
{
    g_autofree char *path = g_build_filename(folder, part, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    assert_non_null(dir);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *file = g_build_filename(part, name, NULL);
        g_autofree char *full = g_build_filename(folder, file, NULL);
        if (g_file_test(full, G_FILE_TEST_IS_DIR))
            list_files(folder, file, files);
        else if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(files, g_steal_pointer(&file));
    }
}

typedef struct {
    guint decoded, records, refused, without_record, complaints;
} Tally;

static const char *expected_words(const char *file)
{
    for (gsize i = 0; i < G_N_ELEMENTS(EXCEPTIONS); i++)
        if (strcmp(file, EXCEPTIONS[i].file) == 0)
            return EXCEPTIONS[i].words;
    return NULL;
}

/* What went wrong is what the table says, or a complaint. */
static void judge_trouble(const char *file, const char *trouble, Tally *tally)
{
    const char *words = expected_words(file);
    if (words != NULL && strstr(trouble, words) != NULL) {
        tally->refused++;
        return;
    }
    tally->complaints++;
    print_error("%s: %s\n", file, trouble);
}

static void decode_one(const char *file, DecodeKind kind, const char *event_key, const char *body,
                       gsize length, Tally *tally)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RecordPage) page = bitbucket_decode(kind, body, length, event_key, &error);
    if (page == NULL) {
        judge_trouble(file, error->message, tally);
    } else if (page->n_quarantined > 0) {
        judge_trouble(file, page->quarantined[0].reason, tally);
    } else if (expected_words(file) != NULL) {
        tally->complaints++;
        print_error("%s: decodes although the table expects a refusal\n", file);
    } else {
        tally->decoded++;
        tally->records += (guint) page->n_records;
    }
}

static void decode_each(const char *file, DecodeKind kind, const char *body, gsize length,
                        Tally *tally)
{
    json_t *root = json_document_read(body, length, NULL);
    json_t *values = json_is_array(root) ? root : json_member(root, "values");
    assert_true(json_array_size(values) > 0);
    for (gsize i = 0; i < json_array_size(values); i++) {
        char *entry = json_dumps(json_array_get(values, i), 0);
        decode_one(file, kind, NULL, entry, strlen(entry), tally);
        free(entry);
    }
    json_decref(root);
}

static void decode_as(gsize row, const char *file, const char *body, gsize length, Tally *tally)
{
    DecodeKind decoder = KINDS[row].decoder;
    g_autofree char *wrapped = g_strdup_printf("{\"values\":[%s]}", body);
    switch (KINDS[row].reading) {
    case AS_IS:
        decode_one(file, decoder, NULL, body, length, tally);
        break;
    case AS_ENTRY:
        if (strstr(body, "\"values\": [") != NULL)
            decode_one(file, decoder, NULL, body, length, tally);
        else
            decode_one(file, decoder, NULL, wrapped, strlen(wrapped), tally);
        break;
    case EACH:
        decode_each(file, decoder, body, length, tally);
        break;
    case NO_RECORD:
        tally->without_record++;
        break;
    }
}

/* No decoder may stumble over a body that was meant for another. */
static void try_every_decoder(const char *body, gsize length)
{
    for (int kind = DECODE_REPOSITORY; kind <= DECODE_WEBHOOK; kind++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(RecordPage) page = bitbucket_decode(kind, body, length, NULL, &error);
        assert_true((page == NULL) == (error != NULL));
    }
}

static void read_all(const char *part, Tally *tally)
{
    g_autofree char *folder = corpus_folder();
    g_autoptr(GHashTable) index = read_index(folder);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    list_files(folder, part, files);
    for (guint i = 0; i < files->len; i++) {
        const char *file = files->pdata[i], *kind = g_hash_table_lookup(index, file);
        g_autofree char *path = g_build_filename(folder, file, NULL);
        g_autofree char *body = NULL;
        gsize length;
        assert_true(g_file_get_contents(path, &body, &length, NULL));
        try_every_decoder(body, length);
        gsize row = 0;
        while (kind != NULL && row < G_N_ELEMENTS(KINDS) && strcmp(KINDS[row].kind, kind) != 0)
            row++;
        if (kind == NULL || (row == G_N_ELEMENTS(KINDS) && strchr(kind, ':') == NULL)) {
            tally->complaints++;
            print_error("%s: its kind \"%s\" is in no table\n", file, kind != NULL ? kind : "");
        } else if (row < G_N_ELEMENTS(KINDS)) {
            decode_as(row, file, body, length, tally);
        } else {
            decode_one(file, DECODE_WEBHOOK, kind, body, length, tally);
        }
    }
    print_message("# %s: %u files, %u decoded into %u records, %u refused as expected, %u of kinds "
                  "without a record\n",
                  part, files->len, tally->decoded, tally->records, tally->refused,
                  tally->without_record);
}

static void every_recorded_answer_of_the_cloud_api_decodes(void **state)
{
    Tally tally = {0};
    read_all("cloud-api", &tally);
    assert_int_equal(tally.complaints, 0);
}

static void every_recorded_delivery_decodes(void **state)
{
    Tally tally = {0};
    read_all("cloud-webhooks", &tally);
    assert_int_equal(tally.complaints, 0);
}

/* Tables of API objects, one in each row's column data (the third). */
static void the_recorded_repository_with_57_pull_requests_decodes(void **state)
{
    static const struct {
        const char *table;
        DecodeKind decoder;
        guint records;
    } TABLES[] = {
        {"_raw_bitbucket_api_repositories.csv", DECODE_REPOSITORY_LIST, 1},
        {"_raw_bitbucket_api_pull_requests.csv", DECODE_PULL_REQUEST_LIST, 57},
        {"_raw_bitbucket_api_pull_request_commits.csv", DECODE_COMMIT_LIST, 8},
        {"_raw_bitbucket_api_pullrequest_comments.csv", DECODE_COMMENT_LIST, 18},
        {"_raw_bitbucket_api_pipelines.csv", DECODE_PIPELINE_LIST, 22},
        {"_raw_bitbucket_api_deployments.csv", DECODE_DEPLOYMENT_LIST, 27},
    };
    g_autofree char *folder = corpus_folder();
    for (gsize i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        g_autofree char *path = g_build_filename(folder, "devlake", "raw", TABLES[i].table, NULL);
        g_autofree char *text = NULL;
        assert_true(g_file_get_contents(path, &text, NULL, NULL));
        Tally tally = {0};
        gboolean heading = TRUE;
        for (const char *at = text; *at != '\0'; heading = FALSE) {
            gboolean ends_row = FALSE;
            for (guint column = 0; !ends_row; column++) {
                g_autofree char *field = csv_field(&at, &ends_row);
                if (column != 2 || heading)
                    continue;
                g_autofree char *list = g_strdup_printf("{\"values\":[%s]}", field);
                decode_one(TABLES[i].table, TABLES[i].decoder, NULL, list, strlen(list), &tally);
            }
        }
        assert_int_equal(tally.complaints, 0);
        assert_int_equal(tally.records, TABLES[i].records);
    }
}

/* The index counts it among lists of other things. */
static void the_recorded_list_of_tasks_decodes(void **state)
{
    static const char *const FILE_NAME = "cloud-api/atlpy__REPO-pullrequests-1-tasks-GET.json";
    g_autofree char *folder = corpus_folder();
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    g_autofree char *body = NULL;
    gsize length;
    Tally tally = {0};
    assert_true(g_file_get_contents(path, &body, &length, NULL));
    decode_one(FILE_NAME, DECODE_TASK_LIST, NULL, body, length, &tally);
    assert_int_equal(tally.complaints, 0);
    assert_int_equal(tally.records, 2);
}

int main(void)
{
    g_autofree char *folder = corpus_folder();
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        print_message("1..0 # SKIP no corpus of recorded payloads here; PLUMBLINE_SHARED names the "
                      "folder that holds it\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_answer_of_the_cloud_api_decodes),
        cmocka_unit_test(every_recorded_delivery_decodes),
        cmocka_unit_test(the_recorded_list_of_tasks_decodes),
        cmocka_unit_test(the_recorded_repository_with_57_pull_requests_decodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
