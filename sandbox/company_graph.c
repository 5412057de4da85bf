/*
 * The repository's history in the order of time: which commits there are, what they stand on, and
 * what each pull request changes. Commits get their numbers in the order in which they arise.
 */
#include "company_tree.h"
#include "company_words.h"

typedef enum { EVENT_CUT, EVENT_DIRECT, EVENT_BRANCH, EVENT_PUSH, EVENT_CLOSE } EventKind;

typedef struct {
    gint64 at;
    guint32 index; /* pull request, push or long branch */
    guint32 kind;
} Event;

/* Where a pull request stands while its history is made. */
typedef struct {
    gint32 base, head;
    guint32 first_file;
    guint16 n_files, n_commits;
} Stand;

typedef struct {
    const Company *company;
    CompanyRepository *repository;
    RepositoryPrivate *own;
    Making *making;
    Tree *trees; /* one per long branch */
    Stand *stands;
    Chance chance;
} Graph;

gint32 company_branch_tip(const LongBranch *branch, gint64 at)
{
    guint low = 0, high = branch->tips->len;
    while (low < high) {
        guint middle = (low + high) / 2;
        if (g_array_index(branch->tips, BranchTip, middle).at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? -1 : g_array_index(branch->tips, BranchTip, low - 1).commit;
}

static LongBranch *long_branch(Graph *graph, guint i)
{
    return &g_array_index(graph->own->long_branches, LongBranch, i);
}

static CompanyPull *pull_at(Graph *graph, guint i)
{
    return &g_array_index(graph->making->pulls, CompanyPull, i);
}

static PullPrivate *private_at(Graph *graph, guint i)
{
    return &g_array_index(graph->making->privates, PullPrivate, i);
}

static CompanyCommit *commit_at(Graph *graph, gint32 i)
{
    return &g_array_index(graph->making->commits, CompanyCommit, i);
}

static void move_tip(Graph *graph, guint branch, gint64 at, gint32 commit)
{
    BranchTip tip = {at, commit};
    g_array_append_val(long_branch(graph, branch)->tips, tip);
    graph->trees[branch].tip = commit;
}

static void add_mark(Graph *graph, MarkKind kind, guint index)
{
    HistoryMark mark = {(gint32) graph->making->commits->len, index, kind};
    g_array_append_val(graph->own->marks, mark);
}

static gint64 whole_second(gint64 at)
{
    return at / SECOND * SECOND;
}

static gint32 add_commit(Graph *graph, CompanyCommit commit)
{
    commit.authored_at = whole_second(commit.authored_at);
    commit.committed_at = whole_second(commit.committed_at);
    g_array_append_val(graph->making->commits, commit);
    return (gint32) graph->making->commits->len - 1;
}

static CompanyCommit commit_by(Graph *graph, gint32 person, gint32 parent)
{
    const PersonLife *life = &graph->company->lives[person];
    gboolean is_alien = chance_hit(&graph->chance, 0.02) && graph->company->plan == NULL;
    const GPtrArray *messages = graph->company->messages;
    return (CompanyCommit){
        .author = is_alien ? -1 : person,
        .raw_author = is_alien ? life->raw_alien : life->raw,
        .parents = {parent, -1},
        .pull = -1,
        .message = g_ptr_array_index(messages, chance_below(&graph->chance, messages->len))};
}

/* ---- direct commits ------------------------------------------------------------------------- */

static void choose_direct(Graph *graph, gint64 at, gboolean is_first, GArray *files)
{
    Tree *tree = &graph->trees[0];
    const char *language = graph->repository->language;
    gboolean is_planned = graph->company->plan != NULL;
    if (is_first && is_planned)
        tree_choose_planned_first(tree, graph->own, language, &graph->chance, files);
    else if (is_first)
        tree_choose_first(tree, graph->own, language, &graph->chance, files);
    else if (is_planned)
        tree_choose_planned_direct(tree, graph->own, &graph->chance, files, at);
    else
        tree_choose_direct(tree, graph->own, &graph->chance, files);
}

/* @person: -1 for anybody. */
static void commit_directly(Graph *graph, gint64 at, gint32 person, gboolean is_first)
{
    GArray *files = g_array_new(FALSE, FALSE, sizeof(CompanyFile));
    Tree *tree = &graph->trees[0];
    const RepositoryPrivate *own = graph->own;
    if (person < 0) {
        person = (gint32) own->members[0];
        for (guint i = 0; i < 8 && !company_person_stays(graph->company, person, at); i++)
            person = (gint32) own->members[chance_below(&graph->chance, own->n_members)];
    }
    choose_direct(graph, at, is_first, files);
    CompanyCommit commit = commit_by(graph, person, tree->tip);
    commit.authored_at = commit.committed_at = commit.visible_at = at;
    if (is_first)
        commit.message = "First commit";
    tree_apply(tree, (CompanyFile *) files->data, files->len);
    DirectCommit direct = {.commit = add_commit(graph, commit), .n_files = files->len};
    direct.files = (CompanyFile *) g_array_free(files, FALSE);
    g_array_append_val(graph->own->direct, direct);
    move_tip(graph, 0, at, direct.commit);
}

/* ---- pull requests -------------------------------------------------------------------------- */

static void add_step(Graph *graph, guint pull, CompanyCommit commit)
{
    Stand *stand = &graph->stands[pull];
    commit.pull = (gint32) pull;
    commit.step = stand->n_commits++;
    commit.parents[0] = stand->head;
    stand->head = add_commit(graph, commit);
}

/* @n commits made between @from and @until, seen at @visible_at. */
static void add_steps(Graph *graph, guint pull, guint n, gint64 from, gint64 until,
                      gint64 visible_at)
{
    gint64 slot = (until - from) / MAX(n, 1);
    Chance *chance = &graph->chance;
    for (guint i = 0; i < n; i++) {
        gint64 start = from + slot * i;
        CompanyCommit commit = commit_by(graph, pull_at(graph, pull)->author, -1);
        commit.authored_at =
            start + (i == 0 ? MIN(slot / 2, MINUTE) : chance_between(chance, 0, slot / 2));
        commit.committed_at = commit.authored_at;
        if (chance_hit(chance, 0.12)) /* amended */
            commit.committed_at = chance_between(chance, commit.authored_at, start + slot);
        commit.visible_at = visible_at;
        add_step(graph, pull, commit);
    }
}

static void begin_pull(Graph *graph, guint pull, guint n_new)
{
    PullPrivate *private = private_at(graph, pull);
    Tree *tree = &graph->trees[private->long_branch];
    Stand *stand = &graph->stands[pull];
    Chance chance;
    chance_init(&chance, private->seed, SUBJECT_FILES, 0, 0);
    stand->base = stand->head = tree->tip;
    stand->n_commits = 0;
    stand->first_file = graph->making->files->len;
    if (private->planned != NULL)
        tree_choose_planned(tree, graph->own, graph->company->plan, graph->repository->language,
                            &chance, graph->making->files, private->planned);
    else if (pull_at(graph, pull)->author == graph->company->update_bot)
        tree_choose_update(tree, &chance, graph->own, graph->making->files);
    else
        tree_choose_human(tree, graph->own, graph->repository->language, &chance,
                          graph->making->files);
    stand->n_files = (guint16) (graph->making->files->len - stand->first_file);
    add_steps(graph, pull, n_new, private->branched_at, private->pushed_at, private->pushed_at);
    private->first_commit = stand->head;
}

/* A force push: the same steps again on @stand->base, committed anew. */
static void rewrite(Graph *graph, const Push *push)
{
    Stand *stand = &graph->stands[push->pull];
    guint n = stand->n_commits;
    g_autofree gint32 *old = g_new(gint32, n);
    gint32 commit = stand->head;
    for (guint i = n; i-- > 0; commit = commit_at(graph, commit)->parents[0])
        old[i] = commit;
    if (push->rebases)
        stand->base = graph->trees[private_at(graph, push->pull)->long_branch].tip;
    stand->head = stand->base;
    stand->n_commits = 0;
    for (guint i = 0; i < n; i++) {
        CompanyCommit again = *commit_at(graph, old[i]);
        again.committed_at = again.visible_at = push->at;
        if (push->redates)
            again.authored_at = push->at;
        add_step(graph, push->pull, again);
    }
}

static void play_push(Graph *graph, const Push *push)
{
    Stand *stand = &graph->stands[push->pull];
    CompanyAct *act = &g_array_index(graph->making->acts, CompanyAct, push->act);
    const Tree *tree = &graph->trees[private_at(graph, push->pull)->long_branch];
    if (push->rewrites && push->rebases && push->n_new == 0 && stand->base == tree->tip) {
        act->kind = ACT_GONE; /* there is nothing to rebase on */
        return;
    }
    gint64 before = commit_at(graph, stand->head)->committed_at;
    if (push->rewrites) {
        rewrite(graph, push);
        before = push->at;
    }
    gint64 since = MAX(before + SECOND, push->at - 3 * HOUR);
    add_steps(graph, push->pull, push->n_new, MIN(since, push->at), push->at, push->at);
    act->commit = stand->head;
}

static void merge(Graph *graph, guint index)
{
    CompanyPull *pull = pull_at(graph, index);
    const Stand *stand = &graph->stands[index];
    guint branch = (guint) private_at(graph, index)->long_branch;
    Tree *tree = &graph->trees[branch];
    pull->destination_commit = tree->tip;
    if (pull->strategy == MERGE_FAST_FORWARD && stand->base != tree->tip)
        pull->strategy = MERGE_COMMIT; /* somebody else was quicker */
    if (pull->strategy == MERGE_FAST_FORWARD) {
        pull->merge_commit = stand->head;
        add_mark(graph, MARK_FAST_FORWARD, index);
    } else {
        gboolean is_squash = pull->strategy == MERGE_SQUASH;
        CompanyCommit commit =
            commit_by(graph, is_squash ? pull->author : pull->closed_by, tree->tip);
        g_autofree char *message =
            is_squash ? g_strdup_printf("%s (pull request #%" G_GINT64_FORMAT ")", pull->title,
                                        pull->number)
                      : g_strdup_printf("Merged in %s (pull request #%" G_GINT64_FORMAT ")\n\n%s",
                                        pull->source_branch, pull->number, pull->title);
        commit.message = g_string_chunk_insert(graph->own->text, message);
        commit.pull = (gint32) index;
        commit.parents[1] = is_squash ? -1 : stand->head;
        commit.authored_at = commit.committed_at = commit.visible_at = pull->closed_at;
        commit.step = stand->n_commits;
        pull->merge_commit = add_commit(graph, commit);
    }
    tree_apply(tree, &g_array_index(graph->making->files, CompanyFile, stand->first_file),
               stand->n_files);
    move_tip(graph, branch, pull->closed_at, pull->merge_commit);
}

static void close_pull(Graph *graph, guint index)
{
    CompanyPull *pull = pull_at(graph, index);
    const Stand *stand = &graph->stands[index];
    if (pull->close_kind == ACT_MERGE) {
        merge(graph, index);
        return;
    }
    Tree *tree = &graph->trees[private_at(graph, index)->long_branch];
    pull->destination_commit = tree->tip;
    tree_release(tree, &g_array_index(graph->making->files, CompanyFile, stand->first_file),
                 stand->n_files);
    add_mark(graph, MARK_UNMERGED, index);
}

/* ---- the walk ------------------------------------------------------------------------------- */

static void add_event(GArray *events, gint64 at, EventKind kind, guint index)
{
    Event event = {at, index, kind};
    g_array_append_val(events, event);
}

static void add_direct_events(Graph *graph, GArray *events)
{
    if (graph->company->plan != NULL) {
        const GArray *directs = graph->company->plan->repositories[graph->own->index].directs;
        for (guint i = 0; i < directs->len; i++)
            add_event(events, g_array_index(directs, PlannedDirect, i).at, EVENT_DIRECT, i);
        return;
    }
    guint n = graph->making->pulls->len / 90 + 1;
    for (guint i = 0; i < n; i++)
        add_event(
            events,
            chance_between(&graph->chance, graph->own->starts_at + DAY, graph->company->ends_at),
            EVENT_DIRECT, 0);
}

static GArray *collect_events(Graph *graph)
{
    const Making *making = graph->making;
    GArray *events = g_array_new(FALSE, FALSE, sizeof(Event));
    for (guint i = 1; i < graph->own->long_branches->len; i++)
        add_event(events, long_branch(graph, i)->cut_at, EVENT_CUT, i);
    add_direct_events(graph, events);
    for (guint i = 0; i < making->pushes->len; i++) {
        const Push *push = &g_array_index(making->pushes, Push, i);
        gboolean is_first = i == 0 || push[-1].pull != push->pull;
        if (is_first)
            add_event(events, private_at(graph, push->pull)->branched_at, EVENT_BRANCH, i);
        else
            add_event(events, push->at, EVENT_PUSH, i);
    }
    for (guint i = 0; i < making->pulls->len; i++)
        if (pull_at(graph, i)->closed_at != NEVER)
            add_event(events, pull_at(graph, i)->closed_at, EVENT_CLOSE, i);
    return events;
}

static void cut_branch(Graph *graph, guint index, gint64 at)
{
    add_mark(graph, MARK_CUT, index);
    tree_copy(&graph->trees[index], &graph->trees[0]);
    move_tip(graph, index, at, graph->trees[0].tip);
}

static gint32 planned_person(const Graph *graph, guint direct)
{
    const CompanyPlan *plan = graph->company->plan;
    return plan == NULL
               ? -1
               : g_array_index(plan->repositories[graph->own->index].directs, PlannedDirect, direct)
                     .person;
}

static void play_event(Graph *graph, const Event *event)
{
    const Push *pushes = (const Push *) graph->making->pushes->data;
    switch ((EventKind) event->kind) {
    case EVENT_CUT:
        cut_branch(graph, event->index, event->at);
        break;
    case EVENT_DIRECT:
        commit_directly(graph, event->at, planned_person(graph, event->index), FALSE);
        break;
    case EVENT_BRANCH: {
        const Push *push = &pushes[event->index];
        begin_pull(graph, push->pull, push->n_new);
        g_array_index(graph->making->acts, CompanyAct, push->act).commit =
            graph->stands[push->pull].head;
        break;
    }
    case EVENT_PUSH:
        play_push(graph, &pushes[event->index]);
        break;
    case EVENT_CLOSE:
        close_pull(graph, event->index);
        break;
    }
}

static void play_events(Graph *graph, GArray *events)
{
    g_autofree gint64 *keys = g_new(gint64, events->len);
    g_autofree guint32 *order = g_new(guint32, events->len);
    for (guint i = 0; i < events->len; i++) {
        keys[i] = g_array_index(events, Event, i).at;
        order[i] = i;
    }
    company_sort(keys, order, events->len);
    for (guint i = 0; i < events->len; i++)
        play_event(graph, &g_array_index(events, Event, order[i]));
}

/* Gives every act the source commit it left behind, every pull request its commits and files. */
static void finish_pulls(Graph *graph)
{
    Making *making = graph->making;
    RepositoryPrivate *own = graph->own;
    guint n_commits = 0, used = 0;
    for (guint i = 0; i < making->pulls->len; i++)
        n_commits += graph->stands[i].n_commits;
    own->pull_commits = g_new(gint32, MAX(n_commits, 1));
    own->files = (CompanyFile *) g_array_free(g_steal_pointer(&making->files), FALSE);
    for (guint i = 0; i < making->pulls->len; i++) {
        CompanyPull *pull = pull_at(graph, i);
        const Stand *stand = &graph->stands[i];
        pull->files = own->files + stand->first_file;
        pull->n_files = stand->n_files;
        pull->commits = own->pull_commits + used;
        pull->n_commits = stand->n_commits;
        used += stand->n_commits;
        gint32 commit = stand->head;
        for (guint k = stand->n_commits; k-- > 0; commit = commit_at(graph, commit)->parents[0])
            pull->commits[k] = commit;
        const ActSpan *span = &g_array_index(making->spans, ActSpan, i);
        gint32 head = private_at(graph, i)->first_commit;
        gint64 last_push = pull->opened_at;
        for (guint k = 0; k < span->n_acts; k++) {
            CompanyAct *act = &g_array_index(making->acts, CompanyAct, span->first_act + k);
            if (act->commit >= 0 && act->commit != head)
                last_push = act->at;
            if (act->commit >= 0)
                head = act->commit;
            act->commit = head;
        }
        if (pull->closed_at == NEVER)
            pull->destination_commit = company_branch_tip(
                long_branch(graph, (guint) private_at(graph, i)->long_branch), last_push);
    }
}

void company_make_graph(const Company *company, CompanyRepository *repository,
                        RepositoryPrivate *own, Making *making)
{
    guint n_branches = own->long_branches->len;
    Graph graph = {.company = company,
                   .repository = repository,
                   .own = own,
                   .making = making,
                   .trees = g_new0(Tree, n_branches),
                   .stands = g_new0(Stand, MAX(making->pulls->len, 1))};
    chance_init(&graph.chance, own->seed, SUBJECT_DIRECT, 0, 0);
    tree_init(&graph.trees[0]);
    commit_directly(&graph, own->starts_at + MINUTE, -1, TRUE);
    g_autoptr(GArray) events = collect_events(&graph);
    play_events(&graph, events);
    finish_pulls(&graph);
    for (guint i = 0; i < n_branches; i++)
        tree_clear(&graph.trees[i]);
    g_free(graph.trees);
    g_free(graph.stands);
}
