/* Every address that is no page. */
#include "web/server.h"

#define GET    METHOD_GET
#define POST   METHOD_POST
#define PUT    METHOD_PUT
#define PATCH  METHOD_PATCH
#define DELETE METHOD_DELETE

static const WebRoute ROUTES[] = {
    {GET, "/healthz", ROLE_ANYBODY, web_get_health, "whether the process is alive", 0},
    {GET, "/readyz", ROLE_ANYBODY, web_get_ready, "whether it can answer", 0},
    {GET, "/metrics", ROLE_ANYBODY, web_get_metrics, "how it is doing, in OpenMetrics", 0},

    {GET, "/api/v1/session", ROLE_ANYBODY, web_get_session, "who is signed in", 0},
    {POST, "/api/v1/session", ROLE_ANYBODY, web_post_session, "sign in", 4096},
    {DELETE, "/api/v1/session", ROLE_VIEWER, web_delete_session, "sign out", 4096},
    {POST, "/api/v1/setup", ROLE_ANYBODY, web_post_setup, "make the first administrator", 4096},
    {POST, "/api/v1/join", ROLE_ANYBODY, web_accept_invitation, "take an invitation", 4096},
    {POST, "/api/v1/join/look", ROLE_ANYBODY, web_look_at_invitation, "what an invitation is for",
     4096},
    {PUT, "/api/v1/password", ROLE_VIEWER, web_put_password, "change one's own password", 4096},

    {GET, "/api/v1/sync", ROLE_VIEWER, web_get_sync, "what is being read from Bitbucket", 0},
    {POST, "/api/v1/sync", ROLE_EDITOR, web_post_sync, "read what is new at once", 4096},
    {GET, "/api/v1/events", ROLE_VIEWER, web_get_events, "what happens, as it happens", 0},

    {GET, "/api/v1/workspaces", ROLE_VIEWER, web_list_workspaces, "the workspaces that are read",
     0},
    {GET, "/api/v1/repositories", ROLE_VIEWER, web_list_repositories,
     "the repositories that the connections see", 0},
    {GET, "/api/v1/report", ROLE_VIEWER, web_get_report, "the state of a workspace or repository",
     0},
    {GET, "/api/v1/measures", ROLE_VIEWER, web_list_measures,
     "the measures, statistics and dimensions", 0},
    {GET, "/api/v1/query", ROLE_VIEWER, web_get_measures, "any measure by any dimension", 0},
    {GET, "/api/v1/pull-requests", ROLE_VIEWER, web_list_pulls,
     "pull requests that fit a filter, as JSON or CSV", 0},
    {GET, "/api/v1/pull-requests/{repository}/{number}", ROLE_VIEWER, web_get_pull,
     "a pull request with its timeline, reviews, builds, tasks and findings", 0},
    {GET, "/api/v1/code/hot", ROLE_VIEWER, web_get_hot_files, "the files that change most", 0},
    {GET, "/api/v1/code/knowledge", ROLE_VIEWER, web_get_knowledge,
     "on how many people the knowledge of each folder rests", 0},
    {GET, "/api/v1/findings", ROLE_VIEWER, web_list_findings, "what is out of true", 0},
    {GET, "/api/v1/findings/{finding}", ROLE_VIEWER, web_get_finding,
     "a finding with its evidence and history", 0},
    {POST, "/api/v1/findings/{finding}/steps", ROLE_EDITOR, web_post_step, "act on a finding",
     8192},
    {GET, "/api/v1/rules", ROLE_VIEWER, web_list_rules, "the rules and how they are set", 0},
    {PATCH, "/api/v1/rules/{rule}", ROLE_ADMIN, web_patch_rule, "set a rule", 8192},
    {POST, "/api/v1/rules/{rule}/dry-run", ROLE_VIEWER, web_post_dry_run,
     "what other settings would have found", 8192},

    {GET, "/api/v1/mutes", ROLE_VIEWER, web_list_mutes, "what is silenced, by whom and why", 0},
    {DELETE, "/api/v1/mutes/{mute}", ROLE_EDITOR, web_delete_mute,
     "end a mute; its findings are open again", 4096},

    {GET, "/api/v1/teams", ROLE_VIEWER, web_list_teams,
     "the teams with their hours, members and holidays", 0},
    {POST, "/api/v1/teams", ROLE_EDITOR, web_post_team, "make a team", 8192},
    {GET, "/api/v1/teams/{team}", ROLE_VIEWER, web_get_team,
     "a team with its members, past ones too", 0},
    {PATCH, "/api/v1/teams/{team}", ROLE_EDITOR, web_patch_team, "rename a team, set its hours",
     8192},
    {DELETE, "/api/v1/teams/{team}", ROLE_EDITOR, web_delete_team, "remove a team", 4096},
    {POST, "/api/v1/teams/{team}/members", ROLE_EDITOR, web_post_members,
     "put people into a team, or move them there", 16384},
    {DELETE, "/api/v1/teams/{team}/members/{person}", ROLE_EDITOR, web_delete_member,
     "end a membership", 4096},
    {POST, "/api/v1/teams/{team}/holidays", ROLE_EDITOR, web_post_holidays,
     "take a team's holidays from a calendar file", 2 * 1024 * 1024},
    {GET, "/api/v1/team-file", ROLE_VIEWER, web_get_team_file, "all teams as a team file", 0},
    {POST, "/api/v1/team-file", ROLE_EDITOR, web_post_team_file,
     "make and change teams as a team file says", 2 * 1024 * 1024},
    {GET, "/api/v1/people", ROLE_VIEWER, web_list_people,
     "people with their accounts and addresses, page by page", 0},
    {GET, "/api/v1/people/{person}", ROLE_VIEWER, web_get_person,
     "a person with accounts, addresses and merges", 0},
    {PATCH, "/api/v1/people/{person}", ROLE_ADMIN, web_patch_person,
     "say that somebody is a bot, or is left out", 4096},
    {POST, "/api/v1/people/{person}/merge", ROLE_ADMIN, web_post_merge,
     "say that two people are one", 4096},
    {POST, "/api/v1/people/{person}/split", ROLE_ADMIN, web_post_split,
     "take a merged account or address out again", 4096},
    {POST, "/api/v1/people/{person}/different", ROLE_ADMIN, web_post_different,
     "say that two people are different", 4096},
    {GET, "/api/v1/doubts", ROLE_VIEWER, web_list_doubts,
     "pairs of people who may be one, with what speaks for it", 0},

    {GET, "/api/v1/connections", ROLE_VIEWER, web_list_connections,
     "the connections to Bitbucket and how they are doing", 0},
    {POST, "/api/v1/connections", ROLE_ADMIN, web_post_connection,
     "check a credential, keep it, and read what it sees", 32768},
    {POST, "/api/v1/connections/check", ROLE_ADMIN, web_check_connection,
     "what a credential can do; nothing is kept", 32768},
    {PUT, "/api/v1/connections/{connection}/credential", ROLE_ADMIN, web_put_credential,
     "renew a connection's credential", 32768},
    {DELETE, "/api/v1/connections/{connection}", ROLE_ADMIN, web_delete_connection,
     "disconnect; what was read stays", 4096},
    {GET, "/api/v1/repositories/health", ROLE_ADMIN, web_list_repository_health,
     "how the reading of each repository is doing", 0},
    {GET, "/api/v1/repositories/selection", ROLE_ADMIN, web_get_selection,
     "the rules that select repositories", 0},
    {PUT, "/api/v1/repositories/selection", ROLE_ADMIN, web_put_selection,
     "set the rules that select repositories", 524288},

    {GET, "/api/v1/users", ROLE_ADMIN, web_list_users, "list the accounts", 0},
    {PATCH, "/api/v1/users/{user}", ROLE_ADMIN, web_patch_user,
     "change an account's role, or shut it out", 4096},
    {GET, "/api/v1/invitations", ROLE_ADMIN, web_list_invitations, "list open invitations", 0},
    {POST, "/api/v1/invitations", ROLE_ADMIN, web_post_invitation, "invite somebody", 4096},
    {DELETE, "/api/v1/invitations/{invitation}", ROLE_ADMIN, web_delete_invitation,
     "take an invitation back", 4096},
    {GET, "/api/v1/tokens", ROLE_VIEWER, web_list_tokens, "list one's own API tokens", 0},
    {POST, "/api/v1/tokens", ROLE_VIEWER, web_post_token, "make an API token", 4096},
    {DELETE, "/api/v1/tokens/{token}", ROLE_VIEWER, web_delete_token, "end an API token", 4096},
    {GET, "/api/v1/acts", ROLE_ADMIN, web_list_acts, "what administrators did, newest first", 0},
};

const WebRoute *web_route_list(gsize *ret_n)
{
    *ret_n = G_N_ELEMENTS(ROUTES);
    return ROUTES;
}
