#include "measure/survival.h"

#include <math.h>

#define Z_95      1.959963984540054 /* the normal distribution's 97.5 % point */
#define TOLERANCE 1e-12             /* of sums that are a share by construction */

static gint compare_spells(gconstpointer a, gconstpointer b)
{
    const Spell *first = a, *second = b;
    return (first->length > second->length) - (first->length < second->length);
}

/* Limits on the scale of log(-log(1 - share)), where they stay inside 0 and 1. */
static void put_limits(IncidencePoint *point)
{
    point->low = point->high = point->share;
    if (point->share <= 0 || point->share >= 1)
        return;
    double log_left = log(1 - point->share);
    double width = Z_95 * point->deviation / ((1 - point->share) * -log_left);
    point->low = 1 - exp(log_left * exp(-width));
    point->high = 1 - exp(log_left * exp(width));
}

/* Sums over the times so far, from which the variance at any later time follows. */
typedef struct {
    double a, a_share, a_share_squared; /* a = d / (n (n - d)), d: ends of both kinds */
    double b;                           /* left^2 done (n - done) / n^3 */
    double c, c_share;                  /* c = left done / n^2 */
} VarianceSums;

static void add_time(VarianceSums *sums, double at_risk, double ended, double done, double left,
                     double share)
{
    /* Where all that is left ends, the share never differs from what it is then. */
    double a = ended < at_risk ? ended / (at_risk * (at_risk - ended)) : 0;
    double c = left * done / (at_risk * at_risk);
    sums->a += a;
    sums->a_share += a * share;
    sums->a_share_squared += a * share * share;
    sums->b += left * left * done * (at_risk - done) / (at_risk * at_risk * at_risk);
    sums->c += c;
    sums->c_share += c * share;
}

static double variance_at(const VarianceSums *sums, double share)
{
    double variance = share * share * sums->a - 2 * share * sums->a_share + sums->a_share_squared +
                      sums->b - 2 * (share * sums->c - sums->c_share);
    return MAX(variance, 0);
}

GArray *survival_incidence(Spell *spells, gsize n)
{
    GArray *curve = g_array_new(FALSE, FALSE, sizeof(IncidencePoint));
    VarianceSums sums = {0};
    double left = 1, share = 0; /* left: of all, those that have not ended */
    if (n > 0)                  /* an empty array may be NULL, which qsort must not be given */
        qsort(spells, n, sizeof *spells, compare_spells);
    for (gsize i = 0, end; i < n; i = end) {
        double at_risk = (double) (n - i), ended = 0, done = 0;
        for (end = i; end < n && spells[end].length == spells[i].length; end++) {
            ended += spells[end].end != SPELL_OPEN;
            done += spells[end].end == SPELL_DONE;
        }
        if (ended == 0)
            continue;
        share += left * done / at_risk;
        add_time(&sums, at_risk, ended, done, left, share);
        left *= 1 - ended / at_risk;
        IncidencePoint point = {
            .time = spells[i].length, .share = share, .deviation = sqrt(variance_at(&sums, share))};
        put_limits(&point);
        g_array_append_val(curve, point);
    }
    return curve;
}

static double first_time(const GArray *curve, double share, gsize offset)
{
    for (guint i = 0; i < curve->len; i++) {
        const IncidencePoint *point = &g_array_index(curve, IncidencePoint, i);
        double value = *(const double *) (const void *) ((const char *) point + offset);
        if (value >= share - TOLERANCE)
            return point->time;
    }
    return (double) NAN;
}

IncidenceQuantile survival_quantile(const GArray *curve, double share)
{
    return (IncidenceQuantile){
        .time = first_time(curve, share, offsetof(IncidencePoint, share)),
        .low = first_time(curve, share, offsetof(IncidencePoint, high)),
        .high = first_time(curve, share, offsetof(IncidencePoint, low)),
    };
}
