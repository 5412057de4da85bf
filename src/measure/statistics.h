/*
 * statistics: order statistics and concentration over plain arrays. Pure; arrays are reordered.
 */
#pragma once

#include "measure/measure.h"

/* Gini coefficient of non-negative values, 0 (all equal) to 1 - 1/n: the mean difference of all
 * pairs over twice the mean. NAN when there is nothing to share. */
double statistics_gini(double *values, gsize n);
/* Largest value over the sum; NAN when there is nothing to share. */
double statistics_top_share(const double *values, gsize n);
