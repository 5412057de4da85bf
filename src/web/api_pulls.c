/* Pull requests: those that fit a filter, and one with all that is known of it. */
#include "web/filters.h"
#include "web/table.h"

#include <string.h>

#define ROWS_PER_PAGE 50

/* What a request asks for; texts point into it. */
typedef struct {
    PullsQuery query;
    PullsPlace after;
    GArray *only;
} Asked;

static void asked_clear(Asked *asked)
{
    g_clear_pointer(&asked->only, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asked, asked_clear)

/* ---- what is asked for */

static gboolean read_state(const WebCall *call, PullsQuery *query, GError **error)
{
    static const char *const STATES[] = {"open", "merged", "declined", "superseded", NULL};
    static const PullRequestState MEANT[] = {PR_OPEN, PR_MERGED, PR_DECLINED, PR_SUPERSEDED};
    static const char *const WAITING[] = {"ready", "review", "author", "merge", NULL};
    static const char *const DRAFTS[] = {"no", "yes", NULL};
    static const char *const MARKS[] = {"unreviewed", "self-merged", "late-change", NULL};
    gint state, waiting, mark;
    if (!web_read_word(call, "state", STATES, &state, error) ||
        !web_read_word(call, "waiting", WAITING, &waiting, error) ||
        !web_read_word(call, "draft", DRAFTS, &query->draft, error) ||
        !web_read_word(call, "mark", MARKS, &mark, error))
        return FALSE;
    query->state = state < 0 ? -1 : (gint) MEANT[state];
    query->waiting_on = waiting < 0 ? NULL : WAITING[waiting];
    query->marks = mark < 0 ? 0 : 1u << mark;
    return TRUE;
}

static gboolean read_range(const WebDesk *desk, const WebCall *call, PullsQuery *query,
                           GError **error)
{
    static const char *const INSTANTS[] = {"opened",   "merged",   "declined",
                                           "released", "reviewed", NULL};
    gint at;
    query->from = query->until = TIME_ABSENT;
    if (!web_read_word(call, "by", INSTANTS, &at, error))
        return FALSE;
    query->at = at >= 0 ? (PullsAt) at : query->state == PR_MERGED ? PULLS_MERGED : PULLS_OPENED;
    return web_read_period(desk, call, &query->from, &query->until, error);
}

/* "90min", "4h", "2d"; a number alone is of seconds. */
static gboolean read_span(const WebCall *call, const char *parameter, Duration *ret_span,
                          GError **error)
{
    static const struct {
        const char *name;
        Duration length;
    } UNITS[] = {{"", TIME_SECOND},
                 {"s", TIME_SECOND},
                 {"min", TIME_MINUTE},
                 {"h", TIME_HOUR},
                 {"d", TIME_DAY}};
    const char *text = request_query(call->request, parameter);
    *ret_span = DURATION_ABSENT;
    if (text == NULL)
        return TRUE;
    gsize digits = strspn(text, "0123456789");
    for (guint i = 0; i < G_N_ELEMENTS(UNITS) && digits > 0 && digits < 10; i++)
        if (g_str_equal(text + digits, UNITS[i].name)) {
            *ret_span = (Duration) g_ascii_strtoull(text, NULL, 10) * UNITS[i].length;
            return TRUE;
        }
    return web_invalid(error, "\"%s\" is no span like 90min, 4h or 2d.", parameter);
}

static gboolean read_length(const WebCall *call, PullsQuery *query, GError **error)
{
    static const char *const CLOCKS[] = {"wall", "working", NULL};
    gint clock;
    if (!web_read_word(call, "time", CLOCKS, &clock, error) ||
        !read_span(call, "longer", &query->longer, error) ||
        !read_span(call, "shorter", &query->shorter, error))
        return FALSE;
    query->is_working_time = clock == 1;
    return TRUE;
}

static gboolean read_people(const WebDesk *desk, const WebCall *call, PullsQuery *query,
                            GError **error)
{
    const char *team = request_query(call->request, "team");
    return web_read_person(desk, call, "author", &query->author_id, error) &&
           web_read_person(desk, call, "reviewer", &query->reviewer_id, error) &&
           (team == NULL ||
            store_find_team(desk->store, desk->workspace_id, team, &query->team_id, error));
}

/* "opened" or, the greatest first, "-opened". */
static gboolean read_order(const WebCall *call, PullsQuery *query, GError **error)
{
    const char *text = request_query(call->request, "sort");
    if (text == NULL)
        text = query->state == PR_MERGED ? "-merged" : "-opened";
    query->is_descending = *text == '-';
    if (pulls_order_from_name(text + query->is_descending, &query->order))
        return TRUE;
    GString *known = g_string_new(NULL);
    for (guint i = 0; i < PULLS_ORDERS; i++)
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", pulls_order_name((PullsOrder) i));
    web_invalid(error, "\"sort\" is one of: %s; with '-' in front the greatest comes first.",
                known->str);
    g_string_free(known, TRUE);
    return FALSE;
}

/* "VALUE.REPOSITORY.NUMBER", the value "x" where the last row had none. */
static char *write_cursor(const PullsPlace *place)
{
    g_autofree char *value = place->value == COUNT_ABSENT
                                 ? g_strdup("x")
                                 : g_strdup_printf("%" G_GINT64_FORMAT, place->value);
    return g_strdup_printf("%s.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, value, place->repository_id,
                           place->number);
}

static gboolean read_cursor(const WebCall *call, Asked *asked, GError **error)
{
    const char *text = request_query(call->request, "cursor");
    if (text == NULL)
        return TRUE;
    g_auto(GStrv) parts = g_strsplit(text, ".", 4);
    asked->after.value = COUNT_ABSENT;
    if (g_strv_length(parts) != 3 ||
        (!g_str_equal(parts[0], "x") &&
         !g_ascii_string_to_signed(parts[0], 10, 0, G_MAXINT64, &asked->after.value, NULL)) ||
        !g_ascii_string_to_signed(parts[1], 10, 0, G_MAXINT64, &asked->after.repository_id, NULL) ||
        !g_ascii_string_to_signed(parts[2], 10, 0, G_MAXINT64, &asked->after.number, NULL))
        return web_invalid(error, "\"cursor\" is none that this list gave.");
    asked->query.after = &asked->after;
    return TRUE;
}

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    const StorePullRequestKey *first = a, *second = b;
    if (first->repository_id != second->repository_id)
        return first->repository_id < second->repository_id ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

/* Only those of which the rule says something that is still to do. */
static gboolean read_needs(const WebDesk *desk, const WebCall *call, Asked *asked, GError **error)
{
    InsightFilter filter = {
        .rule = request_query(call->request, "needs"), .family = -1, .severity = -1};
    if (filter.rule == NULL)
        return TRUE;
    if (rule_find(filter.rule) == NULL)
        return web_invalid(error, "'%s' is no rule.", filter.rule);
    g_autoptr(GPtrArray) findings = insight_list(desk->store, desk->workspace_id, &filter, error);
    if (findings == NULL)
        return FALSE;
    asked->only = g_array_new(FALSE, FALSE, sizeof(StorePullRequestKey));
    for (guint i = 0; i < findings->len; i++) {
        const StoreFinding *finding = findings->pdata[i];
        const StorePullRequestKey key = {finding->repository_id, finding->number};
        if (finding->number != COUNT_ABSENT)
            g_array_append_val(asked->only, key);
    }
    g_array_sort(asked->only, compare_keys);
    asked->query.only = asked->only;
    return TRUE;
}

static gboolean read_asked(const WebDesk *desk, const WebCall *call, Asked *asked, GError **error)
{
    static const char *const BOTS[] = {"without", "with", NULL};
    static const char *const SIZES[] = {"XS", "S", "M", "L", "XL", "unknown", NULL};
    PullsQuery *query = &asked->query;
    gint bots, size;
    query->project_key = request_query(call->request, "project");
    query->target_branch = request_query(call->request, "branch");
    if (!web_read_word(call, "bots", BOTS, &bots, error) ||
        !web_read_word(call, "size", SIZES, &size, error) || !read_state(call, query, error) ||
        !read_range(desk, call, query, error) || !read_length(call, query, error) ||
        !read_people(desk, call, query, error) || !read_order(call, query, error) ||
        !read_cursor(call, asked, error) || !read_needs(desk, call, asked, error))
        return FALSE;
    query->include_bots = bots == 1;
    query->size_class = size < 0 ? NULL : SIZES[size];
    return web_desk_repository(desk, call, &query->repository_id, error);
}

/* ---- the list */

static gboolean view_open(const WebDesk *desk, GPtrArray **ret_repositories, PullView *ret_view,
                          GError **error)
{
    *ret_repositories = store_list_repositories(desk->store, desk->workspace_id, FALSE, error);
    *ret_view =
        (PullView){desk->store, desk->workspace_id, desk->columns, *ret_repositories, desk->now};
    return *ret_repositories != NULL;
}

/* JSON, a page at a time; CSV, many rows at a time, where the caller prefers it. The header
 * Plumbline-Next has the cursor of what is left of it. */
gboolean web_list_pulls(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    g_auto(Asked) asked = {0};
    g_auto(MeasurePulls) pulls = {0};
    g_autoptr(GPtrArray) repositories = NULL;
    PullView view;
    if (!web_desk_open(call, &desk, error) || !read_asked(&desk, call, &asked, error) ||
        !view_open(&desk, &repositories, &view, error))
        return FALSE;
    ReportFormat format = web_format(call);
    asked.query.limit = format == REPORT_CSV ? WEB_CSV_ROWS : ROWS_PER_PAGE;
    measure_pulls(desk.columns, &asked.query, &pulls);
    g_autofree char *next = pulls.has_more ? write_cursor(&pulls.last) : NULL;
    GString *text = deliver_render_pulls(&view, &pulls, next, format, error);
    if (text == NULL)
        return FALSE;
    if (format == REPORT_CSV && next != NULL)
        reply_header(reply, "Plumbline-Next", next);
    return web_reply_form(reply, format, text);
}

/* ---- one */

/* A repository's slug, else its id. */
static gboolean find_repository(const PullView *view, const char *text, gint64 *ret_id,
                                GError **error)
{
    guint64 id = 0;
    guint with_slug = 0;
    g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &id, NULL);
    for (guint i = 0; i < view->repositories->len; i++) {
        const StoreRepository *repository = view->repositories->pdata[i];
        if (g_strcmp0(repository->slug, text) == 0) {
            *ret_id = repository->repository_id;
            with_slug++;
        }
    }
    for (guint i = 0; with_slug == 0 && i < view->repositories->len; i++) {
        const StoreRepository *repository = view->repositories->pdata[i];
        if ((guint64) repository->repository_id != id)
            continue;
        *ret_id = repository->repository_id;
        return TRUE;
    }
    if (with_slug == 1)
        return TRUE;
    if (with_slug > 1)
        return web_invalid(error, "Several repositories are called '%s'; name it by its id.", text);
    g_set_error(error, PLUMBLINE_ERROR, PLUMBLINE_ERROR_NOT_FOUND,
                "There is no repository '%s' in this workspace.", text);
    return FALSE;
}

/* What the rules said of one pull request, whatever became of it. */
static GPtrArray *list_findings(const WebDesk *desk, gint64 repository_id, gint64 number,
                                GError **error)
{
    const InsightFilter filter = {
        .states = INSIGHT_STATES_ALL, .family = -1, .severity = -1, .repository_id = repository_id};
    GPtrArray *findings = insight_list(desk->store, desk->workspace_id, &filter, error);
    for (guint i = findings == NULL ? 0 : findings->len; i > 0; i--)
        if (((const StoreFinding *) findings->pdata[i - 1])->number != number)
            g_ptr_array_remove_index(findings, i - 1);
    return findings;
}

typedef struct {
    const PullView *view;
    const MeasureBasis *basis;
    const GPtrArray *findings;
    GString *text;
} Telling;

static gboolean tell(const StorePullRequest *row, gpointer user_data, GError **error)
{
    Telling *telling = user_data;
    g_autoptr(GArray) reviews = g_array_new(FALSE, FALSE, sizeof(FactReview));
    FactPr fact;
    MeasurePull known;
    measure_facts_of(telling->basis, row, &fact, reviews);
    if (measure_find_pull(telling->view->columns, row->repository_id, row->number, &known))
        fact.released = known.released; /* found out after its facts */
    const PullStory story = {row,
                             &fact,
                             (const FactReview *) (const void *) reviews->data,
                             reviews->len,
                             telling->findings,
                             telling->basis};
    telling->text = deliver_render_pull(telling->view, &story);
    return TRUE;
}

gboolean web_get_pull(const WebCall *call, WebReply *reply, GError **error)
{
    g_auto(WebDesk) desk = {0};
    g_autoptr(GPtrArray) repositories = NULL;
    PullView view;
    gint64 repository_id = 0, number = 0;
    if (!web_desk_open(call, &desk, error) || !view_open(&desk, &repositories, &view, error) ||
        !find_repository(&view, call->request->parts[0], &repository_id, error) ||
        !web_need_id(call->request->parts[1], &number, error))
        return FALSE;
    g_autoptr(MeasureBasis) basis = measure_basis_load(desk.store, desk.workspace_id, error);
    g_autoptr(GPtrArray) findings =
        basis == NULL ? NULL : list_findings(&desk, repository_id, number, error);
    Telling telling = {&view, basis, findings, NULL};
    if (findings == NULL || !store_visit_pull_request(desk.store, desk.workspace_id, repository_id,
                                                      number, tell, &telling, error))
        return FALSE;
    return web_reply_rendered(reply, telling.text);
}
