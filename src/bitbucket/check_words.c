/* What the answers to a credential check mean, in words: most important first, with the way out. */
#include "bitbucket/check.h"
#include "bitbucket/credential.h"
#include "bitbucket/scopes.h"

static void say(Check *check, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(Check *check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(check->result->sentences, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void settle_scopes(Check *check)
{
    CredentialCheck *result = check->result;
    if (result->scopes_present != NULL) {
        const char *const *present = (const char *const *) result->scopes_present;
        g_auto(GStrv) missing = scopes_missing(check->kind, present);
        for (char **scope = missing; *scope != NULL; scope++)
            if (!g_ptr_array_find_with_equal_func(check->missing, *scope, g_str_equal, NULL))
                g_ptr_array_add(check->missing, g_strdup(*scope));
        result->scopes_unneeded = scopes_unneeded(check->kind, present);
    }
    g_ptr_array_add(check->missing, NULL);
    result->scopes_missing = g_strdupv((GStrv) check->missing->pdata);
}

static void say_rejection(Check *check)
{
    say(check, "%s", check->rejection);
    if (check->advice != NULL)
        say(check, "%s", check->advice);
    if (check->words != NULL)
        say(check, "%s", check->words);
}

static void say_unseen(Check *check)
{
    const char *title = credential_kind_title(check->kind);
    gboolean is_workspace = g_str_has_prefix(check->unseen, "the workspace");
    say(check, "Bitbucket accepts the %s, but it does not reach %s.", title, check->unseen);
    say(check,
        "There is none of that name, or the %s was made for another place. Check the name, as in "
        "bitbucket.org/%s, and where the %s was made.",
        title, is_workspace ? "WORKSPACE" : "WORKSPACE/REPOSITORY", title);
    say(check, "%s", check->words);
}

static void say_outcome(Check *check)
{
    CredentialCheck *result = check->result;
    const char *title = credential_kind_title(check->kind);
    if (check->rejection != NULL) {
        say_rejection(check);
        return;
    }
    if (check->unseen != NULL && !result->works && result->scopes_missing[0] == NULL) {
        say_unseen(check);
        return;
    }
    gboolean named = result->identity != NULL && g_str_has_prefix(result->identity, title);
    if (result->works && named)
        say(check, "The %s works.", result->identity);
    else if (result->works && result->identity != NULL)
        say(check, "The %s works: it is %s.", title, result->identity);
    else if (result->works)
        say(check, "The %s works.", title);
    else if (named)
        say(check, "Bitbucket knows the %s, but it is not enough.", result->identity);
    else if (result->identity != NULL)
        say(check, "Bitbucket knows the %s (%s), but it is not enough.", title, result->identity);
    else
        say(check, "Bitbucket knows the %s, but it is not enough.", title);
    for (char **scope = result->scopes_missing; *scope != NULL; scope++)
        say(check,
            "It lacks the scope %s, without which %s cannot be read. Create one that has it.",
            *scope, scopes_purpose(*scope));
    if (check->trouble_words != NULL)
        say(check, "%s", check->trouble_words);
}

static void say_reach(Check *check)
{
    CredentialCheck *result = check->result;
    if (check->rejection != NULL)
        return;
    if (check->workspace == NULL)
        say(check, "It belongs to no workspace that it can list; give the workspace's name.");
    else if (result->repositories == 0)
        say(check, "It sees no repository in %s.", check->workspace);
    else if (check->only_repository != NULL)
        say(check, "It sees one repository, %s.", check->only_repository);
    else if (result->repositories > 0)
        say(check, "It sees %s%" G_GINT64_FORMAT " %s in %s.", check->at_least ? "at least " : "",
            result->repositories, result->repositories == 1 ? "repository" : "repositories",
            check->workspace);
    if (check->pull_requests_readable)
        say(check, "It reads the pull requests of %s.", check->repository);
    if (result->scopes_present != NULL && result->scopes_present[0] != NULL) {
        g_autofree char *scopes = g_strjoinv(", ", result->scopes_present);
        say(check, "Its scopes: %s.", scopes);
    }
    if (result->scopes_unneeded != NULL && result->scopes_unneeded[0] != NULL) {
        g_autofree char *scopes = g_strjoinv(", ", result->scopes_unneeded);
        say(check, "It may do more than Plumbline needs (%s). One that can only read is safer.",
            scopes);
    }
}

/* Another kind works as well, but is renewed otherwise and reaches elsewhere. */
static void say_kind(Check *check)
{
    CredentialKind kind = check->kind;
    if (check->rejection == NULL &&
        credential_kind_from_header(check->result->credential_type, &kind) && kind != check->kind)
        say(check, "Bitbucket says that it is a %s: choose that kind.",
            credential_kind_title(kind));
}

static const char *days_word(gint64 days)
{
    return days == 1 ? "day" : "days";
}

static void say_expiry(Check *check, UtcTime expires)
{
    gint64 days = check->result->days_to_expiry;
    if (check->rejection != NULL)
        return;
    if (expires == TIME_ABSENT)
        say(check, "No expiry date was given, and Bitbucket does not tell it: enter the date to be "
                   "warned in time.");
    else if (days < 0)
        say(check, "By the date given it expired %" G_GINT64_FORMAT " %s ago.", -days,
            days_word(-days));
    else if (days <= CREDENTIAL_WARNING_DAYS)
        say(check, "It expires in %" G_GINT64_FORMAT " %s: create its successor now.", days,
            days_word(days));
    else
        say(check, "It expires in %" G_GINT64_FORMAT " days.", days);
}

/* Whole days, the day under way not counted; a moment after the date is one day ago. */
static gint64 days_until(UtcTime expires, UtcTime now)
{
    Duration left = expires - now;
    return left >= 0 ? left / TIME_DAY : -((-left + TIME_DAY - 1) / TIME_DAY);
}

void check_conclude(Check *check, UtcTime expires)
{
    CredentialCheck *result = check->result;
    settle_scopes(check);
    result->works =
        check->rejection == NULL && check->repositories_readable && check->pull_requests_readable;
    if (check->repositories_readable && result->repositories == 0 && check->missing->len == 1)
        result->works = TRUE; /* an empty workspace is no fault of the credential */
    if (check->rejection != NULL)
        result->code = PLUMBLINE_ERROR_CREDENTIAL_REJECTED;
    else if (result->scopes_missing[0] != NULL)
        result->code = PLUMBLINE_ERROR_SCOPE_MISSING;
    else if (check->trouble != PLUMBLINE_ERROR_INTERNAL)
        result->code = check->trouble;
    else
        result->code = PLUMBLINE_ERROR_NOT_FOUND;
    if (expires != TIME_ABSENT)
        result->days_to_expiry = days_until(
            expires, check->server_time != TIME_ABSENT ? check->server_time : time_now());
    gboolean is_urgent =
        expires != TIME_ABSENT && result->days_to_expiry <= CREDENTIAL_WARNING_DAYS;
    say_outcome(check);
    result->reasons = result->works ? 0 : result->sentences->len;
    if (is_urgent)
        say_expiry(check, expires);
    say_kind(check);
    say_reach(check);
    if (!is_urgent)
        say_expiry(check, expires);
}

char *credential_check_why(const CredentialCheck *check)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < check->reasons; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               (const char *) check->sentences->pdata[i]);
    return g_string_free(text, FALSE);
}
