#include "deliver/words.h"

#define DAYS "%" G_GINT64_FORMAT " days"

/* Below this a median says more about chance than about the flow. */
#define FEWEST_FOR_A_MEDIAN 5

static void add(GPtrArray *sentences, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add(GPtrArray *sentences, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(sentences, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

static void add_comparison(GPtrArray *sentences, const Report *report, const ReportMeasure *cycle)
{
    g_autofree char *words = report_trend_words(cycle);
    switch (report_trend(cycle)) {
    case REPORT_TREND_TOO_FEW:
        add(sentences,
            "That is too few to compare with the " DAYS " before (%" G_GINT64_FORMAT
            " against %" G_GINT64_FORMAT ").",
            report->days, cycle->now.n, cycle->before.n);
        return;
    case REPORT_TREND_SAME:
        add(sentences, "That is %s as in the " DAYS " before.", words, report->days);
        return;
    case REPORT_TREND_UP:
    case REPORT_TREND_DOWN:
        add(sentences, "That is %s %s the " DAYS " before.", words,
            strstr(words, " as ") != NULL ? "as in" : "than in", report->days);
        return;
    }
}

static void add_cycle(GPtrArray *sentences, const Report *report)
{
    const ReportMeasure *cycle = report_find_measure(report, "cycle-time");
    if (report->coverage.merged == 0) {
        add(sentences,
            "No pull request was merged in these " DAYS "; a longer period may hold some.",
            report->days);
        return;
    }
    g_autofree char *merged =
        words_counted(report->coverage.merged, "pull request", "pull requests");
    if (cycle == NULL || cycle->now.n == 0) {
        add(sentences, "%s merged; no first commit is known of any, so there is no cycle time.",
            merged);
        return;
    }
    g_autofree char *half = report_value_words(cycle->unit, cycle->now.p50);
    g_autofree char *tail = report_value_words(cycle->unit, cycle->now.p90);
    if (cycle->now.n < FEWEST_FOR_A_MEDIAN) {
        g_autofree char *known = words_count(cycle->now.n);
        add(sentences,
            "%s merged; the time from first commit to merge is known of %s only, too few to tell "
            "what is usual.",
            merged, known);
        return;
    }
    if (cycle->now.n < report->coverage.merged) {
        g_autofree char *known = words_count(cycle->now.n);
        add(sentences,
            "%s merged. Of the %s whose commits are known half took %s or less from first commit "
            "to merge, one in ten more than %s.",
            merged, known, half, tail);
    } else {
        add(sentences,
            "%s merged: half took %s or less from first commit to merge, one in ten more than %s.",
            merged, half, tail);
    }
    add_comparison(sentences, report, cycle);
}

static void add_longest_phase(GPtrArray *sentences, const Report *report)
{
    static const char *const WHAT[REPORT_PHASE_COUNT] = {
        "coding, before the pull request is ready", "pickup, the wait for a first review",
        "review, from the first review to approval", "merge, the wait after approval"};
    double shares[REPORT_PHASE_COUNT];
    const ReportMeasure *cycle = report_find_measure(report, "cycle-time");
    if (cycle == NULL || cycle->now.n < FEWEST_FOR_A_MEDIAN || !words_phase_shares(report, shares))
        return;
    guint longest = 0;
    for (guint phase = 1; phase < REPORT_PHASE_COUNT; phase++) {
        if (shares[phase] > shares[longest])
            longest = phase;
    }
    add(sentences, "The largest part of that time, %.0f%%, is %s.", shares[longest] * 100,
        WHAT[longest]);
}

static Duration longest_wait(const Report *report, const char *rule)
{
    Duration longest = 0;
    for (guint i = 0; i < report->needs->len; i++) {
        const ReportNeed *need = &g_array_index(report->needs, ReportNeed, i);
        if (g_str_equal(need->rule->id, rule))
            longest = MAX(longest, need->age);
    }
    return longest;
}

static void add_needs(GPtrArray *sentences, const Report *report)
{
    gint64 stuck = report_count_needs(report, NULL);
    gint64 waiting = report_count_needs(report, "waiting-for-review");
    gint64 approved = report_count_needs(report, "approved-unmerged");
    g_autofree char *open = words_counted(report->open, "open pull request", "open pull requests");
    if (report->open == 0) {
        add(sentences, "No pull request is open.");
        return;
    }
    if (stuck == 0) {
        add(sentences, "Of %s none needs a hand now.", open);
        return;
    }
    GString *sentence = g_string_new(NULL);
    g_string_printf(sentence, "%" G_GINT64_FORMAT " of %s %s a hand now", stuck, open,
                    stuck == 1 ? "needs" : "need");
    if (waiting > 0) {
        char age[TIME_TEXT_SIZE];
        g_string_append_printf(sentence,
                               "; %" G_GINT64_FORMAT " %s for a first review, the longest for %s",
                               waiting, waiting == 1 ? "waits" : "wait",
                               duration_format(longest_wait(report, "waiting-for-review"), age));
    }
    if (approved > 0)
        g_string_append_printf(sentence, "; %" G_GINT64_FORMAT " %s approved and only %s merging",
                               approved, approved == 1 ? "is" : "are",
                               approved == 1 ? "needs" : "need");
    g_string_append_c(sentence, '.');
    g_ptr_array_add(sentences, g_string_free(sentence, FALSE));
}

static void add_unreviewed(GPtrArray *sentences, const Report *report)
{
    for (guint i = 0; i < report->shares->len; i++) {
        const ReportShare *share = &g_array_index(report->shares, ReportShare, i);
        if (!g_str_equal(share->id, "unreviewed") || share->n == 0)
            continue;
        g_autofree char *words = report_value_words(MEASURE_UNIT_SHARE, share->share);
        g_autofree char *merges = words_counted(share->n, "merge", "merges");
        if (share->count == 0)
            add(sentences, "Every merge had a review.");
        else
            add(sentences, "%" G_GINT64_FORMAT " of %s (%s) had no review.", share->count, merges,
                words);
    }
}

/* First what somebody can do something about today, then how it went. */
GPtrArray *report_headlines(const Report *report)
{
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    add_needs(sentences, report);
    add_cycle(sentences, report);
    add_longest_phase(sentences, report);
    add_unreviewed(sentences, report);
    return sentences;
}

/* Says nothing when there is nothing to say. */
static void add_when_any(GPtrArray *sentences, gint64 count, const char *one, const char *many,
                         const char *rest)
{
    if (count <= 0)
        return;
    g_autofree char *counted = words_counted(count, one, many);
    add(sentences, "%s %s", counted, rest);
}

GPtrArray *report_notes(const Report *report)
{
    const ReportCoverage *coverage = &report->coverage;
    GPtrArray *sentences = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *known =
        words_counted(coverage->pull_requests, "pull request is", "pull requests are");
    g_autofree char *from = words_date(report->from), *until = words_instant(report->until);
    add(sentences,
        "%s known. Merged ones count from %s until %s, by the instant of their merge; percentiles "
        "are exact, over wall-clock time unless it says working time.",
        known, from, until);
    if (!coverage->is_complete)
        add(sentences, "Not everything has been read yet: the figures are approximate and become "
                       "complete with the next sync.");
    if (coverage->known_since != TIME_ABSENT) {
        g_autofree char *known_since = words_date(coverage->known_since);
        add(sentences,
            "What was opened from %s on is known in full; what is older is still to come.",
            known_since);
    }
    if (coverage->read_from != TIME_ABSENT) {
        g_autofree char *read_from = words_date(coverage->read_from);
        add(sentences,
            "Read back to %s, and every open pull request however old; a closed one that nothing "
            "has touched since is not in here.",
            read_from);
    }
    const char *one = "merged pull request", *many = "merged pull requests";
    add_when_any(sentences, coverage->by_bots, "pull request", "pull requests",
                 "by bots or excluded people merged in the window: left out.");
    add_when_any(sentences, coverage->without_commits, one, many,
                 "without known commits: no cycle or coding time for them.");
    add_when_any(sentences, coverage->without_size, one, many,
                 "without known line counts: left out of sizes.");
    add_when_any(sentences, coverage->merged_estimated, "merge instant", "merge instants",
                 "estimated from the merge commit, because the activity feed does not tell.");
    add_when_any(sentences, coverage->clamped, one, many,
                 "with clocks out of order: the negative span counts as zero.");
    add_when_any(sentences, coverage->quarantined, "record", "records",
                 "that could not be read, set aside; 'plumbline doctor' says why.");
    if (coverage->requests != COUNT_ABSENT) {
        g_autofree char *requests = words_counted(coverage->requests, "request", "requests");
        add(sentences, "%s sent to Bitbucket for this report.", requests);
    }
    for (guint i = 0; i < coverage->problems->len; i++) {
        g_autofree char *clean = words_clean(coverage->problems->pdata[i]);
        add(sentences, "Problem: %s", clean);
    }
    add(sentences,
        "Trends compare medians with the %" G_GINT64_FORMAT
        " days before, and only from %d values on either side; they describe, they do not test "
        "for chance.",
        report->days, REPORT_TREND_LEAST);
    return sentences;
}
