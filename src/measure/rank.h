/*
 * rank: does one sample lie above another? Ranks only, so that a few very long pull requests do not
 * decide. Pure functions; any thread.
 *
 * Sources: H. B. Mann, D. R. Whitney, "On a test of whether one of two random variables is
 * stochastically larger than the other", Annals of Mathematical Statistics 18 (1947), with
 * mid-ranks and the variance for ties of E. L. Lehmann, "Nonparametrics" (1975), section 1.4; N.
 * Cliff, "Dominance statistics", Psychological Bulletin 114 (1993), for delta; L. Kish, "Survey
 * Sampling" (1965), for the design effect; Y. Benjamini, Y. Hochberg, "Controlling the false
 * discovery rate", Journal of the Royal Statistical Society B 57 (1995).
 */
#pragma once

#include "base/base.h"

/* Cliff's delta below which a difference is negligible (J. Romano, J. Kromrey, J. Coraggio,
 * J. Skowronek, "Appropriate statistics for ordinal level data", 2006). */
#define RANK_NEGLIGIBLE 0.147

typedef struct {
    double value;
    gint64 cluster; /* values of one cluster (a day) may depend on each other */
} RankValue;

typedef struct {
    double u;      /* pairs in which the value after is the greater; a tie is half a pair */
    double delta;  /* Cliff's: 2u / (pairs) - 1; -1 all after are less, 1 all are greater */
    double design; /* by how much clusters inflate the variance of u; at least 1 */
    double p_greater, p_less; /* one-sided: after tends to be greater, less */
    double p_two_sided;
} RankTest;

/* Compares @after with @before; neither is empty, and no value is NAN. Exact where nothing is tied,
 * neither sample has more than 20 values and no two values share a cluster. Otherwise the normal
 * approximation with continuity correction, its variance multiplied by the design effect. That is
 * the variance of sums of ranks over clusters, ranks taken from their sample's mean, over what it
 * were if all values were independent. p is 1 when all values are equal. */
RankTest rank_test(const RankValue *before, gsize n_before, const RankValue *after, gsize n_after);

/* Turns p-values into adjusted ones, in place: rejecting those that are at most q keeps the
 * expected share of false rejections at most q. The step-up of Benjamini and Hochberg. */
void rank_adjust(double *p_values, gsize n);
