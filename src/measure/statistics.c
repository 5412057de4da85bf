#include "measure/statistics.h"

#include <math.h>

static void swap(double *a, double *b)
{
    double kept = *a;
    *a = *b;
    *b = kept;
}

static int compare_values(const void *a, const void *b)
{
    double first = *(const double *) a, second = *(const double *) b;
    return (first > second) - (first < second);
}

static double median_of_three(double a, double b, double c)
{
    return MAX(MIN(a, b), MIN(MAX(a, b), c));
}

/* Puts the value of rank @rank in its place, none greater before it, none less after it. */
static void select_rank(double *values, gsize n, gsize rank)
{
    gsize low = 0, high = n; /* the rank is in [low, high) */
    for (guint left = 64; high - low > 16; left--) {
        if (left == 0)
            break; /* unlucky pivots: sort what is left */
        double pivot =
            median_of_three(values[low], values[low + (high - low) / 2], values[high - 1]);
        gsize i = low, j = high - 1;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            swap(&values[i++], &values[j--]);
        }
        /* All before i are <= pivot; all from i on are >= pivot. */
        if (i == j && values[i] <= pivot)
            i++;
        if (rank < i)
            high = i;
        else
            low = i;
    }
    qsort(values + low, high - low, sizeof *values, compare_values);
}

double measure_percentile(double *values, gsize n, double p)
{
    if (n == 0)
        return (double) NAN;
    double position = CLAMP(p, 0, 1) * (double) (n - 1);
    gsize rank = (gsize) position;
    select_rank(values, n, rank);
    double at = values[rank], fraction = position - (double) rank;
    if (fraction == 0 || rank + 1 == n)
        return at;
    double next = values[rank + 1];
    for (gsize i = rank + 2; i < n; i++)
        next = MIN(next, values[i]);
    return at + (next - at) * fraction;
}

double statistics_gini(double *values, gsize n)
{
    double sum = 0, weighted = 0;
    if (n == 0)
        return (double) NAN;
    qsort(values, n, sizeof *values, compare_values);
    for (gsize i = 0; i < n; i++) {
        sum += values[i];
        weighted += (double) (i + 1) * values[i];
    }
    if (sum <= 0)
        return (double) NAN;
    return 2 * weighted / ((double) n * sum) - ((double) n + 1) / (double) n;
}

double statistics_top_share(const double *values, gsize n)
{
    double sum = 0, top = 0;
    for (gsize i = 0; i < n; i++) {
        sum += values[i];
        top = MAX(top, values[i]);
    }
    return sum <= 0 ? (double) NAN : top / sum;
}
