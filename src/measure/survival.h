/*
 * survival: by when a share of all is done, when some are not done yet and some never will be.
 *
 * The Aalen-Johansen estimate of the cumulative incidence of one end in the presence of another:
 * what is still open counts as long as it has been seen (censored), what ended otherwise stays in
 * the denominator, so that slow ones cannot hide by not finishing. Where nothing is open it is the
 * plain share done; where nothing ends otherwise it is one minus the Kaplan-Meier estimate.
 *
 * Sources: O. O. Aalen, S. Johansen, "An empirical transition matrix for non-homogeneous Markov
 * chains based on censored observations", Scandinavian Journal of Statistics 5 (1978); the variance
 * by the delta method of E. Marubini, M. G. Valsecchi, "Analysing Survival Data from Clinical
 * Trials and Observational Studies" (1995), section 10.3, which is Greenwood's where nothing ends
 * otherwise; the band of a quantile by inverting the pointwise limits, on the complementary log-log
 * scale, of R. Brookmeyer, J. Crowley, Biometrics 38 (1982). Pure functions; any thread.
 */
#pragma once

#include "base/base.h"

typedef enum {
    SPELL_OPEN,     /* censored: so long it has been seen, without an end */
    SPELL_DONE,     /* the end that is asked for */
    SPELL_OTHERWISE /* the other end */
} SpellEnd;

typedef struct {
    double length;
    SpellEnd end;
} Spell;

typedef struct {
    double time;      /* of one or more ends */
    double share;     /* done by then */
    double deviation; /* its standard error */
    double low, high; /* pointwise limits of 95 % */
} IncidencePoint;

/* The curve at each time at which something is done or ended otherwise, ascending. @spells is
 * reordered. Free with g_array_unref. */
GArray *survival_incidence(Spell *spells, gsize n);

typedef struct {
    double time;      /* when the curve reaches the share; NAN: it never does */
    double low, high; /* 95 % band; NAN: a limit that is never reached */
} IncidenceQuantile;
/* @share in (0, 1). */
IncidenceQuantile survival_quantile(const GArray *curve, double share);
