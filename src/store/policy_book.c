/* All versions of all policies in memory, and which of them is in force where and when. */
#include "store/inside.h"

#include <string.h>

typedef struct {
    gint64 repository_id, project_id; /* project_id COUNT_ABSENT: none */
    char *main_branch;
} Place;

struct StorePolicyBook {
    GPtrArray *versions; /* StorePolicy, by policy and version */
    GHashTable *places;  /* repository_id -> Place */
};

static void place_free(gpointer data)
{
    Place *place = data;
    g_free(place->main_branch);
    g_free(place);
}

void store_policy_book_free(StorePolicyBook *book)
{
    if (book == NULL)
        return;
    g_ptr_array_unref(book->versions);
    g_hash_table_unref(book->places);
    g_free(book);
}

/* ---- loading */

static gpointer read_policy(DbRows *rows)
{
    StorePolicy *policy = g_new0(StorePolicy, 1);
    *policy = (StorePolicy){
        .policy_id = db_column_integer(rows, 0),
        .version = db_column_integer(rows, 1),
        .scope_id = db_column_integer(rows, 3),
        .branch = db_column_copy(rows, 4),
        .from = db_column_integer(rows, 5),
        .ended = db_column_optional(rows, 6),
        .least_approvals = db_column_integer(rows, 7),
        .required_least = db_column_integer(rows, 8),
        .author_counts = db_column_flag(rows, 9),
        .void_on_push = db_column_flag(rows, 10),
        .builds_must_pass = db_column_flag(rows, 11),
        .created = db_column_integer(rows, 12),
        .created_by = db_column_copy(rows, 13),
    };
    policy_scope_from_name(db_column_text(rows, 2), &policy->scope);
    return policy;
}

typedef struct {
    gint64 policy_id, version;
    StorePolicyRequired required;
} RequiredRow;

static gpointer read_required(DbRows *rows)
{
    RequiredRow *row = g_new0(RequiredRow, 1);
    *row = (RequiredRow){
        .policy_id = db_column_integer(rows, 0),
        .version = db_column_integer(rows, 1),
        .required = {.is_team = g_strcmp0(db_column_text(rows, 2), "team") == 0,
                     .id = db_column_integer(rows, 3),
                     .least = db_column_integer(rows, 4)},
    };
    return row;
}

/* Both lists come in the order of policy and version. */
static void give_required(GPtrArray *versions, const GPtrArray *required)
{
    guint at = 0;
    for (guint i = 0; i < required->len; i++) {
        const RequiredRow *row = g_ptr_array_index(required, i);
        while (at < versions->len) {
            StorePolicy *policy = g_ptr_array_index(versions, at);
            if (policy->policy_id == row->policy_id && policy->version == row->version) {
                if (policy->n_required < POLICY_REQUIRED_MAX)
                    policy->required[policy->n_required++] = row->required;
                break;
            }
            at++;
        }
    }
}

static void add_places(StorePolicyBook *book, const GPtrArray *repositories)
{
    for (guint i = 0; i < repositories->len; i++) {
        const StoreRepository *repository = g_ptr_array_index(repositories, i);
        Place *place = g_new0(Place, 1);
        place->repository_id = repository->repository_id;
        place->project_id = repository->project_id;
        place->main_branch = g_strdup(repository->main_branch);
        g_hash_table_insert(book->places, &place->repository_id, place);
    }
}

StorePolicyBook *store_load_policies(Store *store, gint64 workspace_id, GError **error)
{
    g_autoptr(GPtrArray) repositories = store_list_repositories(store, workspace_id, FALSE, error);
    if (repositories == NULL)
        return NULL;
    g_autoptr(GPtrArray) versions =
        store_list(store, STATEMENT_POLICY_LIST, DB_PARAMS(db_integer(workspace_id)), read_policy,
                   (GDestroyNotify) store_policy_free, error);
    if (versions == NULL)
        return NULL;
    g_autoptr(GPtrArray) required =
        store_list(store, STATEMENT_POLICY_REQUIRED_LIST, DB_PARAMS(db_integer(workspace_id)),
                   read_required, g_free, error);
    if (required == NULL)
        return NULL;
    StorePolicyBook *book = g_new0(StorePolicyBook, 1);
    book->places = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, place_free);
    add_places(book, repositories);
    give_required(versions, required);
    book->versions = g_steal_pointer(&versions);
    return book;
}

const GPtrArray *store_policy_book_versions(const StorePolicyBook *book)
{
    return book->versions;
}

/* ---- which applies */

static gboolean is_main(const Place *place, const char *branch)
{
    return place->main_branch != NULL && g_strcmp0(place->main_branch, branch) == 0;
}

static gboolean is_about(const StorePolicy *policy, const Place *place)
{
    return (policy->scope != POLICY_REPOSITORY || policy->scope_id == place->repository_id) &&
           (policy->scope != POLICY_PROJECT || policy->scope_id == place->project_id);
}

static gboolean applies(const StorePolicy *policy, const Place *place, const char *branch)
{
    if (!is_about(policy, place))
        return FALSE;
    if (*policy->branch == '\0')
        return is_main(place, branch);
    return branch != NULL && g_pattern_match_simple(policy->branch, branch);
}

gboolean store_policy_applies(const StorePolicyBook *book, const StorePolicy *policy,
                              gint64 repository_id, const char *branch)
{
    const Place *place = g_hash_table_lookup(book->places, &repository_id);
    return place != NULL && applies(policy, place, branch);
}

static gboolean has_wildcard(const char *pattern)
{
    return strpbrk(pattern, "*?") != NULL;
}

static guint literal_length(const char *pattern)
{
    guint length = 0;
    for (; *pattern != '\0'; pattern++)
        length += *pattern != '*' && *pattern != '?';
    return length;
}

/* How exactly a pattern names its branches: a name, the main branch, a glob. */
static guint exactness(const char *pattern)
{
    return *pattern == '\0' ? 1 : has_wildcard(pattern) ? 0 : 2;
}

gboolean store_policy_precedes(const StorePolicy *a, const StorePolicy *b)
{
    if (a->scope != b->scope)
        return a->scope > b->scope;
    if (exactness(a->branch) != exactness(b->branch))
        return exactness(a->branch) > exactness(b->branch);
    if (literal_length(a->branch) != literal_length(b->branch))
        return literal_length(a->branch) > literal_length(b->branch);
    if (strcmp(a->branch, b->branch) == 0)
        return FALSE;
    return a->policy_id < b->policy_id; /* two globs that weigh the same: the older policy */
}

/* Versions of one policy follow each other: the next one's beginning ends the one before. */
static gboolean is_in_force(const StorePolicyBook *book, guint index, UtcTime at)
{
    const StorePolicy *policy = g_ptr_array_index(book->versions, index);
    if (policy->from > at || (policy->ended != TIME_ABSENT && policy->ended <= at))
        return FALSE;
    if (index + 1 == book->versions->len)
        return TRUE;
    const StorePolicy *next = g_ptr_array_index(book->versions, index + 1);
    return next->policy_id != policy->policy_id || next->from > at;
}

const StorePolicy *store_policy_in_force(const StorePolicyBook *book, gint64 repository_id,
                                         const char *branch, UtcTime at)
{
    const Place *place = g_hash_table_lookup(book->places, &repository_id);
    const StorePolicy *best = NULL;
    for (guint i = 0; place != NULL && i < book->versions->len; i++) {
        const StorePolicy *policy = g_ptr_array_index(book->versions, i);
        if (is_in_force(book, i, at) && applies(policy, place, branch) &&
            (best == NULL || store_policy_precedes(policy, best)))
            best = policy;
    }
    return best;
}

gboolean store_policy_protects(const StorePolicyBook *book, gint64 repository_id,
                               const char *branch, UtcTime at)
{
    const Place *place = g_hash_table_lookup(book->places, &repository_id);
    return place != NULL && (is_main(place, branch) ||
                             store_policy_in_force(book, repository_id, branch, at) != NULL);
}

/* ---- branches that policies name */

gboolean store_policy_names(const StorePolicyBook *book, gint64 repository_id, const char *branch)
{
    const Place *place = g_hash_table_lookup(book->places, &repository_id);
    for (guint i = 0; place != NULL && i < book->versions->len; i++) {
        const StorePolicy *policy = g_ptr_array_index(book->versions, i);
        if (literal_length(policy->branch) > 0 && applies(policy, place, branch))
            return TRUE;
    }
    return FALSE;
}

char *store_policy_patterns(const StorePolicyBook *book, gint64 repository_id)
{
    const Place *place = g_hash_table_lookup(book->places, &repository_id);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GString *patterns = g_string_new(NULL);
    for (guint i = 0; place != NULL && i < book->versions->len; i++) {
        const StorePolicy *policy = g_ptr_array_index(book->versions, i);
        if (literal_length(policy->branch) > 0 && is_about(policy, place) &&
            g_hash_table_add(seen, policy->branch))
            g_string_append_printf(patterns, "%s\n", policy->branch);
    }
    return g_string_free(patterns, FALSE);
}

/* ---- what facts were computed under */

char *store_policy_book_fingerprint(const StorePolicyBook *book)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    if (book->versions->len == 0)
        return g_strdup("");
    for (guint i = 0; i < book->versions->len; i++) {
        const StorePolicy *policy = g_ptr_array_index(book->versions, i);
        g_autofree char *text = g_strdup_printf(
            "%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT "\n", policy->policy_id,
            policy->version, policy->ended); /* all else of a version never changes */
        g_checksum_update(checksum, (const guchar *) text, -1);
    }
    return g_strndup(g_checksum_get_string(checksum), 16);
}
