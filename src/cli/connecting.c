#include "cli/connecting.h"

#include "cli/credential.h"

gboolean connecting_run(const CliGlobals *globals, Store *store, const ConnectWork *work,
                        SyncConnectResult *ret_result, GError **error)
{
    SyncConnectRequest request = {
        .name = work->name,
        .api_base = cli_credential_api_base != NULL ? cli_credential_api_base : work->api_base,
        .git_base = cli_credential_git_base != NULL ? cli_credential_git_base : work->git_base,
        .workspace = work->workspace,
        .repository = work->repository,
        .patterns = work->patterns,
        .expires = work->expires,
        .has_history = work->history_days != COUNT_ABSENT,
        .history_days = work->history_days};
    g_autofree char *warning = NULL;
    SyncConnectResult result = {0};
    Buffer secret;
    if (!cli_credential_choose(work->fallback_kind, &request.kind, &request.account, error) ||
        !cli_secret_read(work->repository != NULL ? work->repository : work->workspace, &secret,
                         &warning, error))
        return FALSE;
    if (warning != NULL)
        cli_say(globals, "warning: %s", warning);
    request.secret = (const char *) secret.data;
    gboolean good = sync_connect(store, &request, &result, error);
    buffer_wipe(&secret);
    if (!good)
        return FALSE;
    if (!result.check->works) {
        g_autofree char *words = credential_check_why(result.check);
        gboolean assumed =
            result.check->code == PLUMBLINE_ERROR_CREDENTIAL_REJECTED && !cli_credential_is_told();
        cli_fail(error, result.check->code, "%s%s", words,
                 assumed ? " If it is another kind of credential, say so: --email for an API "
                           "token, --client-id for an OAuth consumer, --kind for the rest."
                         : "");
        sync_connect_result_clear(&result);
        return FALSE;
    }
    *ret_result = result;
    return TRUE;
}
