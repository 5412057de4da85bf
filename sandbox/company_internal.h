/*
 * What the generator's files share. Nothing outside sandbox/company_*.c includes this.
 *
 * A repository is made in this order: its pull requests' lives one by one (company_life.c), then
 * one walk over all that touches its history in the order of time (company_graph.c: commits,
 * files, line counts), then everything is sorted by time (company_collect.c). The contents of the
 * history are made much later, when somebody asks (company_contents.c, company_git.c).
 */
#pragma once

#include "company.h"
#include "company_calendar.h"
#include "company_chance.h"

/* Streams of chance, one for each subject. */
enum {
    SUBJECT_COMPANY = 1,
    SUBJECT_PERSON,
    SUBJECT_REPOSITORY,
    SUBJECT_OPENING,
    SUBJECT_LIFE,
    SUBJECT_FILES,
    SUBJECT_STEPS,
    SUBJECT_LINES,
    SUBJECT_DIRECT,
    SUBJECT_DELIVERY,
    SUBJECT_TEXT,
    SUBJECT_HASH,
    SUBJECT_PLAN,
};

/* Room for activity made by hand, per repository: records never move. */
#define BY_HAND_MOST 4096

typedef struct {
    WorkingHours hours;
    gint64 joined_at;
    double pace;           /* factor on how long this person takes */
    const char *raw;       /* "Name <mail>" in commits */
    const char *raw_alien; /* the same person from a machine with another address */
    guint project;
} PersonLife;

/* A branch that pull requests are merged into. */
typedef struct {
    const char *name;
    gint64 cut_at; /* main: when the repository was made */
    GArray *tips;  /* BranchTip, by time */
} LongBranch;

typedef struct {
    gint64 at;
    gint32 commit;
} BranchTip;

/* A commit on main without a pull request. */
typedef struct {
    gint32 commit;
    CompanyFile *files;
    guint n_files;
} DirectCommit;

/* Something that made no commit of its own but matters for what the next ones stand on; it
 * happened when so many commits were there. */
typedef enum { MARK_CUT, MARK_FAST_FORWARD, MARK_UNMERGED } MarkKind;

typedef struct {
    gint32 order;
    guint32 index; /* long branch; else pull request */
    MarkKind kind;
} HistoryMark;

typedef struct {
    gint64 branched_at;
    gint64 pushed_at; /* the branch is there from then on */
    guint64 seed;
    gint32 first_commit; /* the head before the first act */
    guint16 n_steps;
    gint16 long_branch;                /* destination, index into long_branches */
    const struct PlannedPull *planned; /* company_plant.h; NULL in a company without pathologies */
} PullPrivate;

typedef struct {
    guint index; /* of the repository */
    guint64 seed;
    gint64 starts_at;
    guint *members; /* people who work here, the busiest first */
    guint n_members;
    guint openings_past, openings_future;
    gint64 openings_until; /* of the past ones: the epoch, earlier in a repository gone quiet */
    double squash_share, fast_forward_share;
    double size_median;
    gboolean has_ci_comments, has_updates, has_pipelines;
    guint32 contested[8]; /* path_ids, by PlannedPull.contest */

    GStringChunk *text;
    GPtrArray *paths;      /* by path_id */
    GArray *long_branches; /* LongBranch; 0 is main */
    GArray *direct;        /* DirectCommit */
    GArray *marks;         /* HistoryMark */
    PullPrivate *pulls;
    CompanyFile *files; /* all pull requests' files */
    gint32 *pull_commits;
    guint32 *pull_acts;
    GPtrArray *old_lists; /* replaced by additions by hand, freed with the company */
    guint room_acts, room_comments;
    gint64 next_comment_id, comment_id_step;
    gint64 renamed_at;

    GMutex git_lock;
    char *git_path;   /* NULL until the history is made */
    GHashTable *refs; /* name → commit index + 1, as set in the bare repository */
} RepositoryPrivate;

/* A push to a pull request; the first is the one it was opened with. */
typedef struct {
    gint64 at;
    guint32 pull, act; /* act: index into making->acts */
    guint16 n_new;     /* commits it adds */
    guint8 rewrites;   /* force push: all commits made anew */
    guint8 rebases;    /* … on the destination's present tip */
    guint8 redates;    /* … with new author dates */
} Push;

typedef struct {
    guint32 first_act, n_acts;
} ActSpan;

/* What grows while a repository is made. Acts and comments are by pull request here. */
typedef struct {
    GArray *pulls, *privates, *spans, *acts, *comments, *tasks, *pushes, *commits, *files;
} Making;

#define ACT_GONE G_MAXUINT16 /* kind of an act that did not happen after all */

struct Company {
    CompanyOptions options;
    struct CompanyPlan *plan; /* with pathologies (company_plant.h); NULL: without */
    char *git_folder;
    gint64 starts_at, ends_at; /* openings happen between */
    GRWLock lock;              /* over now and everything done by hand */
    gint64 now;
    Calendar calendar;
    CompanyWorkspace workspace;
    CompanyPerson *people;
    PersonLife *lives;
    guint n_people;
    gint32 ci_bot, update_bot, scan_bot; /* people */
    CompanyProject *projects;
    guint n_projects;
    CompanyRepository *repositories;
    RepositoryPrivate *privates;
    guint n_repositories;
    GStringChunk *text;
    GPtrArray *messages; /* of commits */
};

/* company_people.c */
void company_make_people(Company *company);
void company_make_projects(Company *company, guint n_repositories);
void company_free_people(Company *company);
/* Whether @person works here at @at and for long enough after it to finish what they begin. */
gboolean company_person_stays(const Company *company, gint32 person, gint64 at);

/* company_repository.c */
void company_make_repository(Company *company, guint index);
void company_free_repository(Company *company, guint index);

/* company_opening.c: who opens the @index-th pull request of the repository, and when. */
typedef struct {
    gint64 at;
    gint32 author;
} Opening;
GArray *company_make_openings(const Company *company, const RepositoryPrivate *own);

/* company_life.c: appends one pull request's whole life to @making. */
void company_live(const Company *company, const CompanyRepository *repository,
                  RepositoryPrivate *own, Making *making, const Opening *opening, gint64 number);

/* company_graph.c */
void company_make_graph(const Company *company, CompanyRepository *repository,
                        RepositoryPrivate *own, Making *making);
gint32 company_branch_tip(const LongBranch *branch, gint64 at);

/* company_steps.c: a file's numbers after the commit @step (0 …) of @n_steps. */
typedef struct {
    gint32 added, removed; /* of the final ones, in order */
    gint32 passing;        /* lines that a later commit takes out again */
} FileStep;
FileStep company_file_at_step(guint64 pull_seed, guint file, const CompanyFile *final,
                              guint n_steps, guint step);

/* company_collect.c: sorts by time and moves everything into @repository. */
void company_collect(CompanyRepository *repository, RepositoryPrivate *own, Making *making);
/* Sorts @order (@n different indices of @keys) by key, equal ones staying as they are. */
void company_sort(const gint64 *keys, guint32 *order, guint n);

/* company_delivery.c: builds, pipelines, deployments. */
void company_make_delivery(const Company *company, CompanyRepository *repository,
                           RepositoryPrivate *own);

/* company_view.c */
guint company_count_acts(const CompanyRepository *repository, gint64 now);
gint32 company_pull_head(const CompanyRepository *repository, const RepositoryPrivate *own,
                         guint pull, gint64 now);
guint company_files_at(const CompanyRepository *repository, const RepositoryPrivate *own,
                       guint pull, gint64 now, CompanyFile **ret_files);
void company_each_branch(const CompanyRepository *repository, const RepositoryPrivate *own,
                         gint64 now, void (*visit)(const char *, gint32, gpointer), gpointer data);

/* company_contents.c: the history as a stream for git fast-import. */
typedef gboolean (*ContentsSink)(const char *bytes, gsize n, gpointer data, GError **error);
gboolean company_write_contents(const Company *company, const CompanyRepository *repository,
                                const RepositoryPrivate *own, ContentsSink sink, gpointer data,
                                GError **error);

/* company_git.c: all histories that are not there yet, several at a time; and the branches of one
 * already made, moved to what they are at @now. */
gboolean company_make_histories(Company *company, GError **error);
gboolean company_move_branches(Company *company, guint index, gint64 now, GError **error);
