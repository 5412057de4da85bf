/* From an answer's status and body to an error that names the object and the way out. */
#include "bitbucket/client.h"
#include "bitbucket/credential.h"
#include "bitbucket/decode.h"

#include <string.h>

static PlumblineErrorCode code_of(long status, const ErrorBody *body)
{
    switch (status) {
    case 401:
        return PLUMBLINE_ERROR_CREDENTIAL_REJECTED;
    case 403:
        return body->required != NULL && body->required[0] != NULL ? PLUMBLINE_ERROR_SCOPE_MISSING
                                                                   : PLUMBLINE_ERROR_FORBIDDEN;
    case 404:
        return PLUMBLINE_ERROR_NOT_FOUND;
    case 410:
        return PLUMBLINE_ERROR_GONE;
    case 429:
        return PLUMBLINE_ERROR_RATE_LIMITED;
    case 555:
        return PLUMBLINE_ERROR_NOT_COMPUTABLE;
    default:
        return status >= 500 ? PLUMBLINE_ERROR_UNAVAILABLE : PLUMBLINE_ERROR_REJECTED;
    }
}

/* Required scopes that are not among the granted ones; all required ones when nothing was granted.
 */
static char *missing_scopes(const ErrorBody *body)
{
    g_autoptr(GStrvBuilder) missing = g_strv_builder_new();
    for (char **scope = body->required; *scope != NULL; scope++)
        if (body->granted == NULL || !g_strv_contains((const char *const *) body->granted, *scope))
            g_strv_builder_add(missing, *scope);
    g_auto(GStrv) list = g_strv_builder_end(missing);
    return g_strjoinv(", ", list[0] != NULL ? list : body->required);
}

static char *what_to_do(const Credential *credential, PlumblineErrorCode code,
                        const ErrorBody *body)
{
    const char *title = credential_kind_title(credential->kind);
    switch (code) {
    case PLUMBLINE_ERROR_CREDENTIAL_REJECTED:
        return g_strdup_printf("Bitbucket does not accept this %s. %s", title,
                               credential_advice(credential->kind));
    case PLUMBLINE_ERROR_SCOPE_MISSING: {
        g_autofree char *scopes = missing_scopes(body);
        return g_strdup_printf("The %s lacks the scope %s. Create one that has it.", title, scopes);
    }
    case PLUMBLINE_ERROR_FORBIDDEN:
        return g_strdup_printf("The %s has no right to it. Give its owner read access, or use a "
                               "token of that repository, project or workspace.",
                               title);
    case PLUMBLINE_ERROR_NOT_FOUND:
        return g_strdup_printf("It does not exist, or the %s cannot see it. Check the name, and "
                               "what the credential was made for.",
                               title);
    case PLUMBLINE_ERROR_GONE:
        return g_strdup("Bitbucket has removed this address for good.");
    case PLUMBLINE_ERROR_NOT_COMPUTABLE:
        return g_strdup("Bitbucket gave up computing it.");
    case PLUMBLINE_ERROR_UNAVAILABLE:
        return g_strdup("Bitbucket has trouble of its own; try again later.");
    default:
        return g_strdup("Bitbucket refused the request.");
    }
}

void failure_describe(const Credential *credential, const char *subject, long status, json_t *root,
                      GError **error)
{
    g_auto(ErrorBody) body = {0};
    error_body_read(&body, root);
    PlumblineErrorCode code = code_of(status, &body);
    g_autofree char *sentence = error_body_sentence(&body);
    g_autofree char *safe = log_redact(sentence);
    g_autofree char *advice = what_to_do(credential, code, &body);
    g_set_error(error, PLUMBLINE_ERROR, code, "Bitbucket answered %ld for %s. %s%s%s%s", status,
                subject, advice, *safe != '\0' ? " Its words: \"" : "", safe,
                *safe != '\0' ? "\"" : "");
}
