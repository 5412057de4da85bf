/* Teams, who was in them when, and their holidays. */
#include "store/inside.h"

/* ---- teams */

void store_team_free(StoreTeam *team)
{
    if (team == NULL)
        return;
    g_free(team->name);
    g_free(team->zone);
    g_free(team->days);
    g_free(team->from);
    g_free(team->until);
    g_free(team);
}

static gpointer read_team(DbRows *rows)
{
    StoreTeam *team = g_new0(StoreTeam, 1);
    *team = (StoreTeam){
        .team_id = db_column_integer(rows, 0),
        .name = db_column_copy(rows, 1),
        .zone = db_column_copy(rows, 2),
        .days = db_column_copy(rows, 3),
        .from = db_column_copy(rows, 4),
        .until = db_column_copy(rows, 5),
    };
    return team;
}

GPtrArray *store_list_teams(Store *store, gint64 workspace_id, GError **error)
{
    return store_list(store, STATEMENT_TEAM_LIST, DB_PARAMS(db_integer(workspace_id)), read_team,
                      (GDestroyNotify) store_team_free, error);
}

static gboolean is_same_name(const char *a, const char *b)
{
    g_autofree char *first = g_utf8_casefold(a, -1), *second = g_utf8_casefold(b, -1);
    return g_strcmp0(first, second) == 0;
}

gboolean store_find_team(Store *store, gint64 workspace_id, const char *name, gint64 *ret_team_id,
                         GError **error)
{
    g_autoptr(GPtrArray) teams = store_list_teams(store, workspace_id, error);
    if (teams == NULL)
        return FALSE;
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < teams->len; i++) {
        const StoreTeam *team = teams->pdata[i];
        if (is_same_name(team->name, name)) {
            *ret_team_id = team->team_id;
            return TRUE;
        }
        g_string_append_printf(list, "%s%s", i > 0 ? ", " : "", team->name);
    }
    if (teams->len == 0)
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "There is no team '%.128s', and no other; 'plumbline team add' makes one.",
                    name);
    else
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                    "There is no team '%.128s'; there are: %s.", name, list->str);
    return FALSE;
}

/* An id that no other team has, and a name that none has. *@ret_team_id stays unless it is 0. */
static gboolean choose_id(StoreTx *tx, gint64 workspace_id, const char *name, gint64 *ret_team_id,
                          GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_TEAM_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    while (db_rows_next(rows)) {
        gint64 id = db_column_integer(rows, 0);
        g_hash_table_add(taken, g_memdup2(&id, sizeof id));
        if (id != *ret_team_id && is_same_name(db_column_text(rows, 1), name)) {
            g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                        "There is a team '%.128s' already.", name);
            return FALSE;
        }
    }
    if (!db_rows_end(rows, error))
        return FALSE;
    if (*ret_team_id != 0)
        return TRUE;
    /* A team that was renamed keeps the id of its first name. */
    g_autoptr(GString) key = g_string_new(name);
    gint64 id = model_id(ID_TEAM, workspace_id, key->str);
    for (guint i = 2; g_hash_table_contains(taken, &id); i++) {
        g_string_printf(key, "%s #%u", name, i);
        id = model_id(ID_TEAM, workspace_id, key->str);
    }
    *ret_team_id = id;
    return TRUE;
}

gboolean store_put_team(StoreTx *tx, gint64 workspace_id, const StoreTeam *team,
                        gint64 *ret_team_id, GError **error)
{
    gint64 id = team->team_id;
    if (!choose_id(tx, workspace_id, team->name, &id, error) ||
        !db_run(tx->db, team->team_id == 0 ? STATEMENT_TEAM_INSERT : STATEMENT_TEAM_UPDATE,
                DB_PARAMS(db_integer(workspace_id), db_integer(id), db_text(team->name),
                          db_text(team->zone), db_text(team->days), db_text(team->from),
                          db_text(team->until)),
                NULL, error))
        return FALSE;
    tx->facts_altered = TRUE;
    if (ret_team_id != NULL)
        *ret_team_id = id;
    return TRUE;
}

/* ---- members */

typedef struct {
    GArray *members; /* StoreTeamMember */
    gint64 team_id;  /* 0: any */
    const PersonMap *map;
} MemberList;

static gint compare_members(gconstpointer a, gconstpointer b)
{
    const StoreTeamMember *first = a, *second = b;
    if (first->person_id != second->person_id)
        return first->person_id < second->person_id ? -1 : 1;
    if (first->from != second->from)
        return first->from < second->from ? -1 : 1;
    return (first->team_id > second->team_id) - (first->team_id < second->team_id);
}

static gboolean read_members(Db *db, gint64 workspace_id, MemberList *list, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(db, STATEMENT_MEMBER_LIST, DB_PARAMS(db_integer(workspace_id)), error);
    if (rows == NULL)
        return FALSE;
    while (db_rows_next(rows)) {
        const StoreTeamMember member = {
            .team_id = db_column_integer(rows, 0),
            .person_id = person_map_canonical(list->map, db_column_integer(rows, 1)),
            .from = db_column_integer(rows, 2),
            .until = db_column_optional(rows, 3),
        };
        if (list->team_id == 0 || list->team_id == member.team_id)
            g_array_append_val(list->members, member);
    }
    g_array_sort(list->members, compare_members);
    return db_rows_end(rows, error);
}

GArray *store_list_team_members(Store *store, gint64 workspace_id, gint64 team_id, GError **error)
{
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(StoreTeamMember));
    Db *db = store_reader(store, error);
    g_autoptr(PersonMap) map = db == NULL ? NULL : person_map_get(store, db, workspace_id, error);
    MemberList list = {members, team_id, map};
    gboolean ok = map != NULL && read_members(db, workspace_id, &list, error);
    store_reader_done(store, db);
    return ok ? g_steal_pointer(&members) : NULL;
}

static gboolean refuse_overlap(StoreTx *tx, gint64 workspace_id, const StoreTeamMember *member,
                               GError **error)
{
    gint64 end = member->until == TIME_ABSENT ? G_MAXINT64 : member->until;
    if (end <= member->from) {
        g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                            "A membership ends after it begins.");
        return FALSE;
    }
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_MEMBER_OVERLAP,
                 DB_PARAMS(db_integer(workspace_id), db_integer(member->person_id),
                           db_integer(member->from), db_integer(end)),
                 error);
    if (rows == NULL)
        return FALSE;
    if (db_rows_next(rows)) {
        g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_INVALID,
                    "That person is in team '%s' in that time; a move ends that membership and "
                    "begins another.",
                    db_column_text(rows, 0));
        return FALSE;
    }
    return db_rows_end(rows, error);
}

gboolean store_put_team_member(StoreTx *tx, gint64 workspace_id, const StoreTeamMember *member,
                               GError **error)
{
    return refuse_overlap(tx, workspace_id, member, error) &&
           db_run(tx->db, STATEMENT_MEMBER_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(member->team_id),
                            db_integer(member->person_id), db_integer(member->from),
                            db_optional(member->until)),
                  NULL, error) &&
           people_touch(tx, workspace_id, member->person_id, error);
}

/* *@ret_from stays when nobody is there. */
static gboolean find_membership(StoreTx *tx, gint64 workspace_id, gint64 person_id, UtcTime at,
                                gint64 *ret_team_id, UtcTime *ret_from, GError **error)
{
    g_autoptr(DbRows) rows =
        db_query(tx->db, STATEMENT_MEMBER_AT,
                 DB_PARAMS(db_integer(workspace_id), db_integer(person_id), db_integer(at)), error);
    if (rows == NULL)
        return FALSE;
    if (!db_rows_next(rows)) {
        if (db_rows_end(rows, error))
            g_set_error_literal(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                                "That person is in no team at that time.");
        return FALSE;
    }
    *ret_team_id = db_column_integer(rows, 0);
    *ret_from = db_column_integer(rows, 1);
    return TRUE;
}

gboolean store_end_team_member(StoreTx *tx, gint64 workspace_id, gint64 person_id, UtcTime at,
                               GError **error)
{
    gint64 team_id = 0;
    UtcTime from = TIME_ABSENT;
    if (!find_membership(tx, workspace_id, person_id, at, &team_id, &from, error))
        return FALSE;
    /* One that ends as it begins was none. */
    gboolean ended =
        from == at ? db_run(tx->db, STATEMENT_MEMBER_DELETE,
                            DB_PARAMS(db_integer(workspace_id), db_integer(team_id),
                                      db_integer(person_id), db_integer(from)),
                            NULL, error)
                   : db_run(tx->db, STATEMENT_MEMBER_END,
                            DB_PARAMS(db_integer(workspace_id), db_integer(team_id),
                                      db_integer(person_id), db_integer(from), db_integer(at)),
                            NULL, error);
    return ended && people_touch(tx, workspace_id, person_id, error);
}

/* ---- holidays */

void store_holiday_free(StoreHoliday *holiday)
{
    if (holiday == NULL)
        return;
    g_free(holiday->day);
    g_free(holiday->name);
    g_free(holiday);
}

static gpointer read_holiday(DbRows *rows)
{
    StoreHoliday *holiday = g_new0(StoreHoliday, 1);
    *holiday = (StoreHoliday){db_column_integer(rows, 0), db_column_copy(rows, 1),
                              db_column_copy(rows, 2)};
    return holiday;
}

GPtrArray *store_list_holidays(Store *store, gint64 workspace_id, gint64 team_id, GError **error)
{
    g_autoptr(GPtrArray) all =
        store_list(store, STATEMENT_HOLIDAY_LIST, DB_PARAMS(db_integer(workspace_id)), read_holiday,
                   (GDestroyNotify) store_holiday_free, error);
    if (all == NULL || team_id == 0)
        return g_steal_pointer(&all);
    for (guint i = all->len; i-- > 0;)
        if (((const StoreHoliday *) all->pdata[i])->team_id != team_id)
            g_ptr_array_remove_index(all, i);
    return g_steal_pointer(&all);
}

gboolean store_put_holiday(StoreTx *tx, gint64 workspace_id, const StoreHoliday *holiday,
                           GError **error)
{
    tx->facts_altered = TRUE;
    return db_run(tx->db, STATEMENT_HOLIDAY_PUT,
                  DB_PARAMS(db_integer(workspace_id), db_integer(holiday->team_id),
                            db_text(holiday->day), db_text(holiday->name)),
                  NULL, error);
}

gboolean store_delete_holidays(StoreTx *tx, gint64 workspace_id, gint64 team_id, const char *day,
                               GError **error)
{
    tx->facts_altered = TRUE;
    return db_run(
        tx->db, STATEMENT_HOLIDAY_DELETE,
        DB_PARAMS(db_integer(workspace_id), db_integer(team_id), db_text(day != NULL ? day : "")),
        NULL, error);
}

/* ---- the end of a team */

static gboolean touch_members(StoreTx *tx, gint64 workspace_id, gint64 team_id, GError **error)
{
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(StoreTeamMember));
    g_autoptr(PersonMap) map = person_map_read(tx->db, workspace_id, error);
    MemberList list = {members, team_id, map};
    if (map == NULL || !read_members(tx->db, workspace_id, &list, error))
        return FALSE;
    for (guint i = 0; i < members->len; i++)
        if (!people_touch(tx, workspace_id, g_array_index(members, StoreTeamMember, i).person_id,
                          error))
            return FALSE;
    return TRUE;
}

gboolean store_delete_team(StoreTx *tx, gint64 workspace_id, gint64 team_id, GError **error)
{
    const DbValue key[] = {db_integer(workspace_id), db_integer(team_id)};
    tx->facts_altered = TRUE;
    return touch_members(tx, workspace_id, team_id, error) &&
           db_run(tx->db, STATEMENT_MEMBER_DELETE_ALL, key, 2, NULL, error) &&
           store_delete_holidays(tx, workspace_id, team_id, NULL, error) &&
           db_run(tx->db, STATEMENT_TEAM_DELETE, key, 2, NULL, error);
}
