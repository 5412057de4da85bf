/*
 * rule: what a rule is, what it may look at, and how it says what it found. Inside the insight
 * room.
 *
 * A rule is one entry of a table (rules_process.c, rules_load.c …; rules.c names the tables); the
 * engine, the help, docs/insights.md and the tests are made from or checked against these tables. A
 * rule judges and writes nothing: it reads what the scene shows and hands drafts to the sink. The
 * same scene gives the same drafts in the same order. Rules run on one thread; everything a rule is
 * given is valid during the call, everything it puts into a draft is copied by the sink.
 *
 * A rule sees only what it should judge: repositories that are selected and can be read, where the
 * rule is on; of pull requests those whose author counts (neither a bot nor left out) and which are
 * no open draft. A finding whose rule looked and said nothing is over; so a rule that cannot judge
 * says so with finding_sink_keep, and one that fails keeps all of its findings.
 */
#pragma once

#include "measure/measure.h"

typedef enum {
    FAMILY_PROCESS,
    FAMILY_COMPLIANCE,
    FAMILY_LOAD,
    FAMILY_FLOW,
    FAMILY_HYGIENE,
    FAMILY_COUNT
} RuleFamily;
const char *rule_family_name(RuleFamily family); /* "process", "compliance", "load", "flow", … */

typedef enum { SEVERITY_NOTICE, SEVERITY_WARNING, SEVERITY_CRITICAL, SEVERITY_COUNT } RuleSeverity;
const char *rule_severity_name(RuleSeverity severity); /* "notice", "warning", "critical" */

typedef enum {
    RULE_UNIT_HOURS,
    RULE_UNIT_DAYS,
    RULE_UNIT_LINES,
    RULE_UNIT_COUNT,
    RULE_UNIT_PERCENT
} RuleUnit;
const char *rule_unit_name(RuleUnit unit);

#define RULE_PARAMETERS_MAX 6

typedef struct {
    const char *id;    /* "after"; NULL ends the list */
    const char *title; /* "wait before it is a finding" */
    RuleUnit unit;
    double initial, least, greatest; /* in the unit */
    const char *source;              /* where the default comes from; docs/insights.md repeats it */
} RuleParameter;

typedef struct RuleScene RuleScene; /* what a rule may look at: scene.h */
typedef struct FindingSink FindingSink;
typedef struct Rule Rule;

/* One pull request as a rule sees it at RuleScene.now. */
typedef struct {
    const StorePullRequest *row;
    const FactPr *fact;
    const FactReview *reviews;
    gsize n_reviews;
} PullCase;

/* A rule of merged ones has a parameter "days" (unit days): those merged longer ago are not shown
 * to it, and their findings end because of their age. */
typedef enum {
    RULE_OF_OPEN = 1,   /* evaluate_pull, for every open pull request: time alone may change it */
    RULE_OF_MERGED = 2, /* evaluate_pull, for merged ones; looked at again when their rows change */
    RULE_OF_PULLS = RULE_OF_OPEN | RULE_OF_MERGED,
    RULE_OF_WORKSPACE = 4, /* evaluate_all, once for the workspace: groups, trends, connections */
} RuleSubject;

/* What must have been read of a repository before the rule may judge it, so that during a first
 * reading nothing is found that would not be found after it. Least first where they compare. */
typedef enum {
    RULE_NEEDS_HISTORY,   /* all of the repository */
    RULE_NEEDS_WORKSPACE, /* all of every repository: it weighs them together */
    RULE_NEEDS_STORY,     /* of a pull request all that happened to it until then; what is read
                             later must not take a finding back */
    RULE_NEEDS_RUN,       /* nothing, but the run must be over: it is about what failed in it */
    RULE_NEEDS_NOTHING,
} RuleNeed;

struct Rule {
    const char *id;      /* "waiting-for-review"; stored, never renamed */
    const char *title;   /* "Waiting for first review" */
    const char *meaning; /* the condition, one sentence */
    const char *why;     /* why it matters, one or two sentences, no numbers of the case */
    RuleFamily family;
    RuleSeverity severity;
    RuleSubject subject;
    RuleParameter parameters[RULE_PARAMETERS_MAX + 1];
    RuleNeed needs;
    gboolean is_off;     /* off until somebody switches it on */
    gboolean is_present; /* knows the present only: a dry run says that it cannot tell */
    /* Which of the two is set follows from @subject. */
    void (*evaluate_pull)(const Rule *rule, const RuleScene *scene, const PullCase *pull,
                          FindingSink *sink);
    gboolean (*evaluate_all)(const Rule *rule, const RuleScene *scene, FindingSink *sink,
                             GError **error);
};

/* An open pull request as the rules of the workspace see it: drafts and bots' included. */
typedef struct {
    FactPr fact; /* destination_branch, waiting_on: NULL or valid during the call */
    const char *title, *url;
    const FactReview *reviews;
    gsize n_reviews;
    UtcTime updated;
} OpenPull;

typedef struct RuleSettings RuleSettings; /* settings.h */

struct RuleScene {
    Store *store; /* for reading */
    gint64 workspace_id;
    UtcTime now; /* the server's time; a dry run looks at the past with it */
    const MeasureColumns *columns;
    const MeasureBasis *basis;
    const GPtrArray *repositories; /* StoreRepository: selected and readable, by full name */
    const OpenPull *open;          /* of those repositories, by repository and number */
    gsize n_open;
    gboolean is_dry; /* a dry run in the past; columns are today's, so bound queries by now */
    const RuleSettings *settings;
};

/* The value of a parameter, in its unit: the repository's, else the workspace's, else the initial
 * one. @repository_id 0: the workspace's. @parameter_id must be one of the rule's. */
double rule_value(const Rule *rule, const RuleScene *scene, gint64 repository_id,
                  const char *parameter_id);
/* The same as a span, for hours and days. */
Duration rule_span(const Rule *rule, const RuleScene *scene, gint64 repository_id,
                   const char *parameter_id);
/* Whether the rule is on for the repository (0: the workspace). The engine asks for rules of pull
 * requests; a rule of the workspace that looks at repositories asks itself. */
gboolean rule_is_on(const Rule *rule, const RuleScene *scene, gint64 repository_id);

/* ---- what was found */

#define DRAFT_EVIDENCE_MAX 20
#define DRAFT_NEAREST_MAX  5

/* One piece of evidence: any of its parts may be absent (0, COUNT_ABSENT, TIME_ABSENT, NULL). */
typedef struct {
    gint64 repository_id, number;
    gint64 person_id;
    UtcTime at;
    const char *text; /* what it shows, with numbers */
    const char *url;  /* at Bitbucket; NULL: the pull request's own, where there is a number */
} DraftEvidence;

typedef struct {
    /* The condition: with the rule's id the finding's identity, however often it is evaluated. */
    gint64 repository_id; /* 0: the workspace */
    gint64 number;        /* COUNT_ABSENT: not of one pull request */
    gint64 person_id;     /* COUNT_ABSENT: not of one person */
    const char *subject;  /* a branch, path, environment, connection …; NULL */

    UtcTime since; /* when the condition began; shown, not part of the identity */
    RuleSeverity severity;
    const char *what;                  /* one sentence with the numbers */
    const char *next;                  /* the next step, one sentence */
    gint64 nearest[DRAFT_NEAREST_MAX]; /* people nearest to it, the first first */
    guint n_nearest;
    DraftEvidence evidence[DRAFT_EVIDENCE_MAX];
    guint n_evidence;
    gint64 evidence_in_all; /* how many there are, when more than fit; else n_evidence */
} FindingDraft;

/* Ready to fill: absent parts absent, the rule's severity. */
void draft_init(FindingDraft *draft, const Rule *rule);
DraftEvidence *draft_add_evidence(FindingDraft *draft); /* NULL when there is no more room */
/* What somebody did on the pull request; left out when there is no more room. */
void draft_add_pull_evidence(FindingDraft *draft, const PullCase *pull, gint64 person_id,
                             UtcTime at, const char *text);
void draft_add_nearest(FindingDraft *draft, gint64 person_id); /* once each; ignored when full */
/* A text for a draft, kept until the evaluation ends. */
const char *finding_text(FindingSink *sink, const char *format, ...) G_GNUC_PRINTF(2, 3);
void finding_sink_put(FindingSink *sink, const Rule *rule, const FindingDraft *draft);
/* What cannot be judged now keeps its findings as they are. @repository_id 0: all of the rule's;
 * @number COUNT_ABSENT: all of the repository's. */
void finding_sink_keep(FindingSink *sink, const Rule *rule, gint64 repository_id, gint64 number);

/* ---- the tables */

typedef struct {
    const Rule *rules;
    gsize n;
} RuleTable;
/* One per file of rules; rules.c lists them. */
extern const RuleTable RULES_PROCESS, RULES_LOAD, RULES_CODE;
extern const RuleTable RULES_FLOW;
extern const RuleTable RULES_HYGIENE;
extern const RuleTable RULES_COMPLIANCE;

/* All rules, by family, then as their tables have them. */
const Rule *const *rules_list(gsize *ret_n);
const Rule *rule_find(const char *id);                                 /* NULL: none */
const RuleParameter *rule_parameter(const Rule *rule, const char *id); /* NULL: none */
