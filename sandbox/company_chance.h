/*
 * chance: the company's own source of chance, the same on every machine.
 *
 * xoshiro256** started by splitmix64 from a seed and three subject numbers, so that every subject
 * (a person, a pull request) has a stream of its own and nothing depends on the order in which
 * subjects are made. Only IEEE addition and multiplication are used, no libm.
 */
#pragma once

#include <glib.h>

typedef struct {
    guint64 state[4];
} Chance;

/* Mixes two numbers into one that looks random. */
guint64 chance_mix(guint64 a, guint64 b);

void chance_init(Chance *chance, guint64 seed, guint64 subject, guint64 a, guint64 b);
guint64 chance_bits(Chance *chance);
/* 0 … n-1; n > 0. */
guint chance_below(Chance *chance, guint n);
/* low … high, both included. */
gint64 chance_between(Chance *chance, gint64 low, gint64 high);
/* 0 … below 1. */
double chance_unit(Chance *chance);
/* TRUE with the probability @p. */
gboolean chance_hit(Chance *chance, double p);
/* Mean 0, deviation 1; never beyond ±6. */
double chance_normal(Chance *chance);
double chance_log_normal(Chance *chance, double median, double sigma);
/* 0 … n-1, small numbers more often the higher @power (1: all alike). */
guint chance_skewed(Chance *chance, guint n, guint power);
/* Number of successes before the first failure, at most @most. */
guint chance_run(Chance *chance, double p, guint most);
/* "{8-4-4-4-12}" of a random UUID. */
void chance_uuid(Chance *chance, char ret_uuid[39]);
/* 40 hexadecimal digits. */
void chance_hash(Chance *chance, char ret_hash[41]);
