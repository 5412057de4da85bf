/*
 * server: what the handlers share. Inside the web room.
 */
#pragma once

#include "web/allowance.h"
#include "web/background.h"
#include "web/http.h"
#include "web/routes.h"
#include "web/throttle.h"

struct WebServer {
    Store *store;
    HttpServer *http;
    char *origin;        /* "http://127.0.0.1:8080" */
    char **hosts;        /* what the Host field may say */
    char **proxies;      /* whose X-Forwarded-For is believed; NULL: nobody's */
    Throttle *sign_ins;  /* by network and by account */
    Allowance *requests; /* by session and by API token */
    Hub *hub;
    struct ColumnsCache *columns;
    struct AuditShelf *audit;
    Background *background;
    gint64 started;      /* monotonic */
    gboolean has_git;    /* mirrors are fetched */
    gint64 history_days; /* how far back connections read that do not say it; 0: everything */
    char *api_base;      /* NULL: Bitbucket Cloud's; the operator's choice, never a caller's */
    GMutex lock;         /* over setup_digest and checking */
    GArray *checking;    /* accounts for which Bitbucket is asked at this moment */
    char *setup_digest;  /* of the set-up code; NULL: the instance has its administrator */
    gint stopping;       /* atomic: /readyz says no */
};

/* Everything that a handler of the API may set is in the reply already when this returns: the
 * security headers, then the answer. */
void web_server_answer(const WebRequest *request, WebReply *reply, gpointer server);

/* ---- handlers, by file */
gboolean web_get_health(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_ready(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_metrics(const WebCall *call, WebReply *reply, GError **error);

gboolean web_get_session(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_session(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_session(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_setup(const WebCall *call, WebReply *reply, GError **error);
gboolean web_look_at_invitation(const WebCall *call, WebReply *reply, GError **error);
gboolean web_accept_invitation(const WebCall *call, WebReply *reply, GError **error);
gboolean web_put_password(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_users(const WebCall *call, WebReply *reply, GError **error);
gboolean web_patch_user(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_invitations(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_invitation(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_invitation(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_tokens(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_token(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_token(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_acts(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_settings(const WebCall *call, WebReply *reply, GError **error);
gboolean web_patch_settings(const WebCall *call, WebReply *reply, GError **error);
gboolean web_read_holiday_file(const WebCall *call, WebReply *reply, GError **error);
gboolean web_preview_settings(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_audit(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_audit_row(const WebCall *call, WebReply *reply, GError **error);
gboolean web_export_audit(const WebCall *call, WebReply *reply, GError **error);
gboolean web_verify_audit(const WebCall *call, WebReply *reply, GError **error);

gboolean web_get_sync(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_sync(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_events(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_connections(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_connection(const WebCall *call, WebReply *reply, GError **error);
gboolean web_check_connection(const WebCall *call, WebReply *reply, GError **error);
gboolean web_put_credential(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_connection(const WebCall *call, WebReply *reply, GError **error);
gboolean web_patch_connection(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_horizons(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_releases(const WebCall *call, WebReply *reply, GError **error);
gboolean web_put_releases(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_selection(const WebCall *call, WebReply *reply, GError **error);
gboolean web_put_selection(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_policies(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_policy(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_policy(const WebCall *call, WebReply *reply, GError **error);
gboolean web_end_policy(const WebCall *call, WebReply *reply, GError **error);
gboolean web_simulate_policy(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_approvers(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_proposals(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_proposal(const WebCall *call, WebReply *reply, GError **error);
gboolean web_decide_proposal(const WebCall *call, WebReply *reply, GError **error);
gboolean web_put_second_person(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_findings(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_finding(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_step(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_rules(const WebCall *call, WebReply *reply, GError **error);
gboolean web_patch_rule(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_dry_run(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_mutes(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_mute(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_pulls(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_pull(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_hot_files(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_knowledge(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_cycle_times(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_cycle_change(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_report(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_measures(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_measures(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_repositories(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_repository_health(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_workspaces(const WebCall *call, WebReply *reply, GError **error);

gboolean web_list_teams(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_team(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_team(const WebCall *call, WebReply *reply, GError **error);
gboolean web_patch_team(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_team(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_members(const WebCall *call, WebReply *reply, GError **error);
gboolean web_delete_member(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_holidays(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_team_file(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_team_file(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_people(const WebCall *call, WebReply *reply, GError **error);
gboolean web_get_person(const WebCall *call, WebReply *reply, GError **error);
gboolean web_patch_person(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_merge(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_split(const WebCall *call, WebReply *reply, GError **error);
gboolean web_post_different(const WebCall *call, WebReply *reply, GError **error);
gboolean web_list_doubts(const WebCall *call, WebReply *reply, GError **error);
/* ---- what handlers of connections share (api_connecting.c, api_setup.c) */

#define WEB_PATIENCE_SECONDS 10 /* a person waits; a sync would wait for the next hour */

/* At most one check of an administrator at a time, and never all workers: a worker waits for
 * Bitbucket between the two. FALSE: the reply says that it has to wait. */
gboolean web_begin_check(const WebCall *call, WebReply *reply);
void web_end_check(const WebCall *call);
/* What Bitbucket refused becomes the reply and TRUE; other failures go to @error. @failure: taken.
 */
gboolean web_tell_failure(WebReply *reply, GError *failure, GError **error);
/* The one that the path's first part names. NOT_FOUND. */
StoreConnection *web_find_connection(const WebCall *call, GError **error);
const char *web_first_setup_step(void);

/* ---- small things that handlers share (shared.c) */

/* A text member of a JSON body, whitespace at its ends removed; borrowed from @body. INVALID names
 * the member when it is missing, no text, empty, longer than LIMIT_NAME, or holds controls. */
const char *web_need_text(json_t *body, const char *member, GError **error);
/* An e-mail address in lower case, for g_free. INVALID. */
char *web_need_email(json_t *body, GError **error);
/* A role by name. INVALID. */
gboolean web_need_role(json_t *body, WebRole *ret_role, GError **error);
/* "2026-11-16T08:00:00Z", or JSON's null. */
json_t *web_json_time(UtcTime time);
/* JSON's null for what is absent; a list for NULL words is empty. */
json_t *web_json_text(const char *text);
json_t *web_json_count(gint64 count);
json_t *web_json_words(char *const *words);
/* Answers 200 with a JSON document that the deliver room rendered. @text: taken; NULL: the error is
 * set, and FALSE comes back. */
gboolean web_reply_rendered(WebReply *reply, GString *text);
/* The id of something in a JSON body. INVALID names the member. */
gboolean web_need_number(json_t *body, const char *member, gint64 *ret_id, GError **error);
/* A day like "2026-10-01" in a JSON body, as its first instant in UTC; null and nothing: absent.
 * INVALID names the member. */
gboolean web_take_day(json_t *body, const char *member, UtcTime *ret_time, GError **error);
/* Writes down what an administrator did, in the transaction that does it. */
gboolean web_note_act(StoreTx *tx, const WebCall *call, const char *act, const char *subject,
                      const char *detail, GError **error);
/* Sets INVALID with a printf-style sentence and returns FALSE. */
gboolean web_invalid(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Each workspace that is connected, with how far it was read; NULL: the store cannot tell. */
json_t *web_workspaces(const WebCall *call, GError **error);
/* The id that a part of the path is. NOT_FOUND when it is none. */
gboolean web_need_id(const char *part, gint64 *ret_id, GError **error);
