/*
 * Connecting: the credential is checked, kept sealed, and the repositories that it is for are
 * selected.
 */
#include "sync/selection.h"
#include "sync/sync.h"

#include <gio/gio.h>

#define PUBLIC_API_BASE "https://api.bitbucket.org/2.0"
#define PUBLIC_GIT_BASE "https://bitbucket.org"

/* ---- connecting */

typedef struct {
    Store *store;
    const SyncConnectRequest *request;
    BitbucketClient *client;
    const char *api_base;
    char *git_base;
    char *workspace; /* slug or uuid to ask for */
    gint64 workspace_id, connection_id;
    gint64 seen;
} Connecting;

/* Scheme, host and port of the API, brackets of an IPv6 address included. */
static char *origin_of(const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    if (uri == NULL || g_uri_get_host(uri) == NULL)
        return NULL;
    return g_uri_join(G_URI_FLAGS_NONE, g_uri_get_scheme(uri), NULL, g_uri_get_host(uri),
                      g_uri_get_port(uri), "", NULL, NULL);
}

static gboolean fail_invalid(GError **error, const char *sentence)
{
    g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID, sentence);
    return FALSE;
}

static gboolean read_request(Connecting *connecting, GError **error)
{
    const SyncConnectRequest *request = connecting->request;
    if (request->name == NULL || *request->name == '\0')
        return fail_invalid(error, "A connection needs a name.");
    connecting->api_base = request->api_base != NULL ? request->api_base : PUBLIC_API_BASE;
    if (request->git_base != NULL)
        connecting->git_base = g_strdup(request->git_base);
    else if (g_strcmp0(connecting->api_base, PUBLIC_API_BASE) == 0)
        connecting->git_base = g_strdup(PUBLIC_GIT_BASE);
    else
        connecting->git_base = origin_of(connecting->api_base);
    if (request->workspace != NULL) {
        connecting->workspace = g_strdup(request->workspace);
    } else if (request->repository != NULL) {
        const char *slash = strchr(request->repository, '/');
        if (slash == NULL || slash == request->repository || slash[1] == '\0')
            return fail_invalid(error, "A repository is named workspace/repository.");
        connecting->workspace =
            g_strndup(request->repository, (gsize) (slash - request->repository));
    }
    return connecting->workspace != NULL ||
           fail_invalid(error, "Say which workspace or which repository to connect.");
}

static BitbucketClient *open_client(const SyncConnectRequest *request, const char *api_base,
                                    GError **error)
{
    BitbucketClientConfig config = {
        .api_base = api_base,
        .credential = {request->kind, request->account, request->secret},
        .budget = {.as_of = TIME_ABSENT, .paused_until = TIME_ABSENT},
        .retries = request->patience_s > 0 ? 1 : G_MAXUINT,
        .max_rate_limit_wait_s = request->patience_s,
    };
    return bitbucket_client_new(&config, error);
}

/* The workspace's record; a credential for one repository may only see it through that. */
static RecordPage *fetch_workspace(Connecting *connecting, Workspace *ret_workspace, GError **error)
{
    const SyncConnectRequest *request = connecting->request;
    GError *failure = NULL;
    g_autoptr(RecordPage) page =
        bitbucket_fetch_workspace(connecting->client, connecting->workspace, &failure);
    if (page != NULL && page->n_records > 0) {
        *ret_workspace = RECORDS(page, Workspace)[0];
        return g_steal_pointer(&page);
    }
    g_clear_pointer(&page, record_page_free);
    if (failure != NULL && !error_is(failure, PLUMBLINE_ERROR_CANCELLED) &&
        !error_is(failure, PLUMBLINE_ERROR_NETWORK)) {
        g_clear_error(&failure);
        page = request->repository != NULL
                   ? bitbucket_fetch_repository(connecting->client, request->repository, &failure)
                   : bitbucket_fetch_repositories(connecting->client, connecting->workspace,
                                                  TIME_ABSENT, NULL, &failure);
        if (page != NULL && page->n_records > 0 &&
            RECORDS(page, Repository)[0].workspace.uuid != NULL) {
            *ret_workspace = RECORDS(page, Repository)[0].workspace;
            return g_steal_pointer(&page);
        }
    }
    if (failure == NULL)
        g_set_error(&failure, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "Bitbucket does not tell anything about the workspace %s with this credential.",
                    connecting->workspace);
    g_propagate_error(error, failure);
    return NULL;
}

static gboolean put_workspace(Connecting *connecting, const Workspace *workspace, GError **error)
{
    g_autoptr(StoreTx) tx = store_begin(connecting->store, error);
    if (tx == NULL || !store_put_workspace(tx, workspace, &connecting->workspace_id, error))
        return FALSE;
    connecting->connection_id =
        model_id(ID_CONNECTION, connecting->workspace_id, connecting->request->name);
    return store_commit(g_steal_pointer(&tx), error);
}

/* Puts @row with what @check found out about its credential. */
static gboolean put_checked(Store *store, const StoreConnection *row, const char *secret,
                            const CredentialCheck *check, GError **error)
{
    g_autofree char *scopes =
        check->scopes_present != NULL ? g_strjoinv(" ", check->scopes_present) : NULL;
    gboolean exceeds = check->scopes_unneeded != NULL && *check->scopes_unneeded != NULL;
    g_autofree char *unneeded = exceeds ? g_strjoinv(" ", check->scopes_unneeded) : NULL;
    gboolean lacking = check->scopes_missing != NULL && *check->scopes_missing != NULL;
    g_autofree char *missing = lacking ? g_strjoinv(" ", check->scopes_missing) : NULL;
    g_autofree char *reason =
        lacking ? g_strdup_printf("The credential lacks: %s.", missing) : NULL;
    StoreConnection connection = *row;
    connection.identity = check->identity;
    connection.scopes = scopes;
    connection.unneeded_scopes = unneeded;
    connection.state = (char *) (lacking ? "lacking" : "ok");
    connection.state_reason = reason;
    g_autoptr(StoreTx) tx = store_begin(store, error);
    return tx != NULL && store_put_connection(tx, &connection, secret, error) &&
           store_commit(g_steal_pointer(&tx), error);
}

static UtcTime clock_of(BitbucketClient *client)
{
    BitbucketTraffic traffic;
    bitbucket_client_traffic(client, &traffic);
    return traffic.server_time != TIME_ABSENT ? traffic.server_time : time_now();
}

/* Of a connection that was there already: what is decided now holds. */
static gboolean put_choices(const Connecting *connecting, GError **error)
{
    const SyncConnectRequest *request = connecting->request;
    g_autoptr(StoreTx) tx = store_begin(connecting->store, error);
    return tx != NULL &&
           store_set_setup_step(tx, connecting->workspace_id, connecting->connection_id,
                                request->setup_step, error) &&
           (!request->has_history ||
            store_set_history(tx, connecting->workspace_id, connecting->connection_id,
                              request->history_days, error)) &&
           store_commit(g_steal_pointer(&tx), error);
}

/* Last: a connection that is there has its repositories and their selection. */
static gboolean put_connection(Connecting *connecting, const CredentialCheck *check, GError **error)
{
    const SyncConnectRequest *request = connecting->request;
    UtcTime now = clock_of(connecting->client);
    StoreConnection connection = {
        .workspace_id = connecting->workspace_id,
        .connection_id = connecting->connection_id,
        .name = (char *) request->name,
        .kind = (char *) credential_kind_name(request->kind),
        .api_base = (char *) connecting->api_base,
        .git_base = connecting->git_base,
        .account = (char *) request->account,
        .repository_full_name = (char *) request->repository,
        .expires = request->expires,
        .checked = now,
        .server_time = now,
        .created = now,
        .history_days = request->has_history ? request->history_days : COUNT_ABSENT,
        .setup_step = (char *) request->setup_step,
    };
    return put_checked(connecting->store, &connection, request->secret, check, error) &&
           put_choices(connecting, error);
}

static gboolean put_repositories(Connecting *connecting, const RecordPage *page, GError **error)
{
    StoreChanges changes = {0};
    gint64 workspace_id = connecting->workspace_id, connection_id = connecting->connection_id;
    gboolean waits = connecting->request->setup_step != NULL;
    g_autoptr(StoreTx) tx = store_begin(connecting->store, error);
    if (tx == NULL ||
        !store_put_repositories(tx, workspace_id, waits ? 0 : connection_id,
                                RECORDS(page, Repository), page->n_records, &changes, error) ||
        (waits && !store_adopt_repositories(tx, workspace_id, connection_id,
                                            RECORDS(page, Repository), page->n_records, error)) ||
        !store_put_quarantined(tx, connecting->workspace_id, 0, page->quarantined,
                               page->n_quarantined, error))
        return FALSE;
    if (!store_commit(g_steal_pointer(&tx), error))
        return FALSE;
    connecting->seen += (gint64) page->n_records;
    return TRUE;
}

static gboolean read_all_repositories(Connecting *connecting, const char *workspace, GError **error)
{
    g_autofree char *position = NULL;
    g_autoptr(GHashTable) positions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    do {
        g_autoptr(RecordPage) page = bitbucket_fetch_repositories(connecting->client, workspace,
                                                                  TIME_ABSENT, position, error);
        if (page == NULL || !put_repositories(connecting, page, error))
            return FALSE;
        g_free(position);
        position = g_strdup(page->next);
        if (position != NULL && !g_hash_table_add(positions, g_strdup(position))) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_PAGING_LOOP,
                        "Bitbucket's list of the repositories of %s repeats itself; try again.",
                        workspace);
            return FALSE;
        }
    } while (position != NULL);
    return TRUE;
}

static gboolean read_repositories(Connecting *connecting, const Workspace *workspace,
                                  GError **error)
{
    const char *single = connecting->request->repository;
    if (single == NULL)
        return read_all_repositories(connecting, workspace->uuid, error);
    g_autoptr(RecordPage) page = bitbucket_fetch_repository(connecting->client, single, error);
    return page != NULL && put_repositories(connecting, page, error);
}

static gboolean select_asked(Connecting *connecting, GError **error)
{
    const SyncConnectRequest *request = connecting->request;
    BitbucketTraffic traffic;
    bitbucket_client_traffic(connecting->client, &traffic);
    UtcTime now = traffic.server_time != TIME_ABSENT ? traffic.server_time : time_now();
    if (request->setup_step != NULL && request->repository == NULL && request->patterns == NULL) {
        g_autoptr(GPtrArray) rules =
            store_list_selection_rules(connecting->store, connecting->workspace_id, error);
        if (rules == NULL || rules->len > 0)
            return rules != NULL;
    }
    return request->repository != NULL
               ? selection_choose_repository(connecting->store, connecting->workspace_id,
                                             request->repository, now, error)
               : selection_choose_patterns(connecting->store, connecting->workspace_id,
                                           request->patterns, now, error);
}

static gboolean count_selected(Connecting *connecting, gint64 *ret_selected, GError **error)
{
    g_autoptr(GPtrArray) rows =
        store_list_repositories(connecting->store, connecting->workspace_id, TRUE, error);
    if (rows == NULL)
        return FALSE;
    gint64 selected = 0;
    for (guint i = 0; i < rows->len; i++)
        selected +=
            ((StoreRepository *) rows->pdata[i])->connection_id == connecting->connection_id;
    *ret_selected = selected;
    return TRUE;
}

static gboolean connect_checked(Connecting *connecting, const CredentialCheck *check,
                                SyncConnectResult *result, GError **error)
{
    Workspace workspace = {0};
    g_autoptr(RecordPage) page = fetch_workspace(connecting, &workspace, error);
    if (page == NULL || !put_workspace(connecting, &workspace, error) ||
        !read_repositories(connecting, &workspace, error) || !select_asked(connecting, error) ||
        !put_connection(connecting, check, error) ||
        !count_selected(connecting, &result->repositories_selected, error))
        return FALSE;
    result->workspace_id = connecting->workspace_id;
    result->connection_id = connecting->connection_id;
    result->repositories_seen = connecting->seen;
    return TRUE;
}

static gboolean connect_request(Connecting *connecting, SyncConnectResult *result, GError **error)
{
    const SyncConnectRequest *request = connecting->request;
    if (!read_request(connecting, error))
        return FALSE;
    connecting->client = open_client(request, connecting->api_base, error);
    if (connecting->client == NULL ||
        !bitbucket_check_credential(connecting->client, connecting->workspace, request->repository,
                                    request->expires, &result->check, error))
        return FALSE;
    return !result->check->works || connect_checked(connecting, result->check, result, error);
}

void sync_connect_result_clear(SyncConnectResult *result)
{
    g_clear_pointer(&result->check, credential_check_free);
    *result = (SyncConnectResult){0};
}

gboolean sync_connect(Store *store, const SyncConnectRequest *request,
                      SyncConnectResult *ret_result, GError **error)
{
    Connecting connecting = {.store = store, .request = request};
    SyncConnectResult result = {0};
    gboolean ok = connect_request(&connecting, &result, error);
    bitbucket_client_free(connecting.client);
    g_free(connecting.git_base);
    g_free(connecting.workspace);
    if (ok)
        *ret_result = result;
    else
        sync_connect_result_clear(&result);
    return ok;
}

/* ---- checking alone, and another credential for a connection */

gboolean sync_check(const SyncConnectRequest *request, CredentialCheck **ret_check, GError **error)
{
    const char *base = request->api_base != NULL ? request->api_base : PUBLIC_API_BASE;
    g_autoptr(BitbucketClient) client = open_client(request, base, error);
    return client != NULL &&
           bitbucket_check_credential(client, request->workspace, request->repository,
                                      request->expires, ret_check, error);
}

gboolean sync_renew(Store *store, const StoreConnection *connection,
                    const SyncConnectRequest *request, CredentialCheck **ret_check, GError **error)
{
    g_autoptr(CredentialCheck) check = NULL;
    g_autoptr(BitbucketClient) client = open_client(request, connection->api_base, error);
    if (client == NULL || !bitbucket_check_credential(client, connection->workspace_slug,
                                                      connection->repository_full_name,
                                                      request->expires, &check, error))
        return FALSE;
    if (check->works) {
        StoreConnection renewed = *connection;
        renewed.kind = (char *) credential_kind_name(request->kind);
        renewed.account = (char *) request->account;
        renewed.expires = request->expires;
        renewed.checked = renewed.server_time = clock_of(client);
        if (!put_checked(store, &renewed, request->secret, check, error))
            return FALSE;
    }
    *ret_check = g_steal_pointer(&check);
    return TRUE;
}
