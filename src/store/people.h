/*
 * people: who is who, and teams. Part of the store's public header; see store.h for what holds
 * everywhere.
 *
 * Every sighting has a person of its own: an account by its uuid, a commit's author by address,
 * else by name (store.h). That several of them are one human being is said by aliases, which change
 * no row and can be taken away again. The person that all aliases lead to is called canonical.
 * store_visit_fact_todo, store_visit_pull_request and store_visit_commits give canonical ids;
 * store_list_people gives everybody, for whom a PersonMap says who they are.
 */
#pragma once

#include "store/store.h"

/* ---- who is who */

/* The aliases of a workspace at one moment. Immutable; any thread may ask. */
typedef struct PersonMap PersonMap;
PersonMap *person_map_load(Store *store, gint64 workspace_id,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
PersonMap *person_map_ref(PersonMap *map);
void person_map_unref(PersonMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PersonMap, person_map_unref)
/* The person himself where no alias leads further; COUNT_ABSENT stays what it is. */
gint64 person_map_canonical(const PersonMap *map, gint64 person_id);

/* Whom @text names: a uuid, an account id, an address, a nickname or a display name, in this order,
 * names without regard to case. Gives the canonical person. NOT_FOUND; INVALID when it names
 * several people, whom the message lists. */
gboolean store_find_person(Store *store, gint64 workspace_id, const char *text,
                           gint64 *ret_person_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same, but the person of that very sighting: what an alias is put on. */
gboolean store_find_sighting(Store *store, gint64 workspace_id, const char *text,
                             gint64 *ret_person_id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define ALIAS_BY_HAND "by-hand"

typedef struct {
    gint64 person_id, into_id; /* as put: into_id may have an alias itself */
    char *rule;                /* ALIAS_BY_HAND, or the rule's name */
    char *reason;              /* a sentence */
    UtcTime made;
} StoreAlias;
void store_alias_free(StoreAlias *alias);
/* GPtrArray of StoreAlias, by person. */
GPtrArray *store_list_aliases(Store *store, gint64 workspace_id,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Says that alias->person_id is alias->into_id; what the person touched joins fact_todo. An alias
 * by hand is replaced by another by hand only; an equal one keeps its time. INVALID when the two
 * are one person already the other way round. */
gboolean store_put_alias(StoreTx *tx, gint64 workspace_id, const StoreAlias *alias, GError **error);
/* Takes the alias of @person_id away, whoever made it. */
gboolean store_delete_alias(StoreTx *tx, gint64 workspace_id, gint64 person_id, GError **error);

typedef struct {
    gint64 first_id, second_id; /* as sighted; first_id is the lesser */
} StoreDistinct;
/* Pairs that were told apart by hand. GArray of StoreDistinct. */
GArray *store_list_distinct(Store *store, gint64 workspace_id,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean store_put_distinct(StoreTx *tx, gint64 workspace_id, gint64 a, gint64 b, UtcTime made,
                            GError **error);
gboolean store_delete_distinct(StoreTx *tx, gint64 workspace_id, gint64 a, gint64 b,
                               GError **error);

/* A name by which somebody is known: "uuid", "account_id", "email" or "raw". */
typedef struct {
    gint64 person_id;
    char *kind, *value;
} StoreIdentity;
void store_identity_free(StoreIdentity *identity);
/* GPtrArray of StoreIdentity, by person, kind and value. */
GPtrArray *store_list_identities(Store *store, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* In how many pull requests of an author commits of a commit author stand. Merge commits do not
 * count: whoever presses the button makes them. Ids as sighted. */
typedef struct {
    gint64 committer_id, author_id;
    gint64 pull_requests, commits;
} StoreAuthorship;
/* @only_todo: only commit authors who stand in a pull request of fact_todo; for these everything is
 * counted. GArray of StoreAuthorship, by committer and author. */
GArray *store_list_authorship(Store *store, gint64 workspace_id, gboolean only_todo,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Accounts that Bitbucket named for commits of a commit author. GArray of StoreAuthorship with
 * counts of 0. */
GArray *store_list_told_accounts(Store *store, gint64 workspace_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- teams
 *
 * A person is in one team at a time. Memberships have a beginning and perhaps an end, so that a
 * move leaves the past as it was. */

#define TEAM_SINCE_EVER ((UtcTime) 0) /* the beginning of a membership that has none */

typedef struct {
    gint64 team_id;
    char *name;
    char *zone, *days, *from, *until; /* NULL: as the workspace's calendar */
} StoreTeam;
void store_team_free(StoreTeam *team);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTeam, store_team_free)
/* GPtrArray of StoreTeam, by name. */
GPtrArray *store_list_teams(Store *store, gint64 workspace_id,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By name, without regard to case. NOT_FOUND lists what there is. */
gboolean store_find_team(Store *store, gint64 workspace_id, const char *name, gint64 *ret_team_id,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* @team->team_id 0: a new one; *@ret_team_id may be NULL. INVALID when another has the name. */
gboolean store_put_team(StoreTx *tx, gint64 workspace_id, const StoreTeam *team,
                        gint64 *ret_team_id, GError **error);
/* With its memberships and holidays. */
gboolean store_delete_team(StoreTx *tx, gint64 workspace_id, gint64 team_id, GError **error);

typedef struct {
    gint64 team_id, person_id; /* person_id: canonical */
    UtcTime from, until;       /* [from, until); until absent: still */
} StoreTeamMember;
/* GArray of StoreTeamMember, by person and beginning. @team_id 0: of all teams. */
GArray *store_list_team_members(Store *store, gint64 workspace_id, gint64 team_id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* INVALID when the person is in a team in that time already, or the end is not after the beginning.
 */
gboolean store_put_team_member(StoreTx *tx, gint64 workspace_id, const StoreTeamMember *member,
                               GError **error);
/* Ends the membership that holds at @at there. NOT_FOUND when there is none. */
gboolean store_end_team_member(StoreTx *tx, gint64 workspace_id, gint64 person_id, UtcTime at,
                               GError **error);

typedef struct {
    gint64 team_id;
    char *day, *name;
} StoreHoliday;
void store_holiday_free(StoreHoliday *holiday);
/* GPtrArray of StoreHoliday, by team and day. @team_id 0: of all teams. */
GPtrArray *store_list_holidays(Store *store, gint64 workspace_id, gint64 team_id,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds, or renames, one day each. */
gboolean store_put_holiday(StoreTx *tx, gint64 workspace_id, const StoreHoliday *holiday,
                           GError **error);
/* @day NULL: all of the team. */
gboolean store_delete_holidays(StoreTx *tx, gint64 workspace_id, gint64 team_id, const char *day,
                               GError **error);
