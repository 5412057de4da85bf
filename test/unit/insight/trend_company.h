/*
 * Made-up companies for trends: merged pull requests whose phases are log-normal, with good and bad
 * days, of the company and of each repository, slow and fast authors, and weeks of different
 * business. Nothing in it changes over time but what is planted. The same seed gives the same rows.
 */
#pragma once

#include "measure/columns.h"

#include "insight/trend.h"

#define COMPANY_REPOSITORIES 6
#define COMPANY_MONDAY       G_GINT64_CONSTANT(1767571200000000) /* 2026-01-05, UTC */

enum { COMPANY_CODING, COMPANY_PICKUP, COMPANY_REVIEW, COMPANY_MERGE, COMPANY_PHASES };

typedef struct {
    guint seed, weeks;
    double per_week[COMPANY_REPOSITORIES]; /* merged, on average */
    /* Planted: from a week on, one phase of one repository takes so much longer. */
    guint from_week, repository, phase;
    double factor;    /* 1: nothing is planted */
    gboolean by_team; /* planted in the first team, wherever, instead of in a repository */
} CompanyPlan;

gint64 company_repository(guint index);
#define COMPANY_TEAMS 2 /* of six people each, in all repositories */
extern const gint64 COMPANY_TEAM_IDS[COMPANY_TEAMS];
MeasureColumns *company_make(const CompanyPlan *plan);

/* Durations of merged pull requests, throughput and size; the phases in the order of the enum. */
enum { COMPANY_CYCLE, COMPANY_THROUGHPUT = 4, COMPANY_SIZE, COMPANY_SUBJECTS };
extern const TrendSubject COMPANY_TRENDS[COMPANY_SUBJECTS];
/* The trends as seen in the night after the Sunday before @week, with the defaults of the rules. */
TrendRequest company_request(const MeasureColumns *columns, guint week);
GArray *company_compare(const MeasureColumns *columns, guint week);
