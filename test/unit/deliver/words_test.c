/*
 * Values, trends and sentences in words.
 */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "deliver/words.h"
#include "sample.h"

static void assert_words(char *words, const char *expected)
{
    assert_string_equal(words, expected);
    g_free(words);
}

static void values_have_one_number_and_a_unit(void **state)
{
    assert_words(report_value_words(MEASURE_UNIT_DURATION, 7.5 * TIME_HOUR), "7.5 h");
    assert_words(report_value_words(MEASURE_UNIT_LINES, 1234.4), "1,234");
    assert_words(report_value_words(MEASURE_UNIT_COUNT, 2.5), "2.5");
    assert_words(report_value_words(MEASURE_UNIT_COUNT, 3), "3");
    assert_words(report_value_words(MEASURE_UNIT_SHARE, 0.42), "42%");
    assert_words(report_value_words(MEASURE_UNIT_SHARE, 0.004), "0.4%");
    assert_words(report_value_words(MEASURE_UNIT_DURATION, NAN), "-");
}

static void counts_are_grouped_by_thousands(void **state)
{
    assert_words(words_count(0), "0");
    assert_words(words_count(999), "999");
    assert_words(words_count(1000), "1,000");
    assert_words(words_count(-1234567), "-1,234,567");
    assert_words(words_count(-123), "-123");
    assert_words(words_count(COUNT_ABSENT), "-");
    assert_words(words_counted(1, "merge", "merges"), "1 merge");
}

static void dates_do_not_follow_the_locale(void **state)
{
    UtcTime time;
    assert_true(time_parse("2026-03-09T07:05:59Z", -1, &time, NULL));
    assert_words(words_date(time), "9 Mar 2026");
    assert_words(words_instant(time), "9 Mar 2026, 07:05 UTC");
    assert_words(words_day(time), "9 Mar");
    assert_words(words_day(TIME_ABSENT), "-");
}

static void foreign_text_loses_what_moves_the_cursor(void **state)
{
    assert_words(words_clean("a\033[31mb\r\nc"), "a [31mb  c");
    assert_words(words_clean("x\302\233y"), "x y"); /* C1 control sequence introducer */
    assert_words(words_clean("\342\200\256exe.gpj"), "exe.gpj"); /* right-to-left override */
    assert_words(words_clean("bad \377 byte"), "bad \357\277\275 byte");
    assert_words(words_clean(NULL), "");
}

static void only_web_addresses_are_links(void **state)
{
    assert_true(words_is_link("https://bitbucket.org/a/b/pull-requests/1"));
    assert_true(words_is_link("http://127.0.0.1:80/a"));
    assert_false(words_is_link("javascript:alert(1)"));
    assert_false(words_is_link("data:text/html,x"));
    assert_false(words_is_link("https://a/\nb"));
    assert_false(words_is_link(" https://a/"));
    assert_false(words_is_link(NULL));
}

#define H(hours) ((hours) * (double) TIME_HOUR)

static ReportMeasure measure_of(MeasureUnit unit, double now, gint64 n, double before,
                                gint64 n_before)
{
    return (ReportMeasure){
        .unit = unit, .now = {.p50 = now, .n = n}, .before = {.p50 = before, .n = n_before}};
}

static void a_trend_is_named_only_from_ten_values_on_both_sides(void **state)
{
    ReportMeasure few_now = measure_of(MEASURE_UNIT_DURATION, H(200), 9, H(100), 500);
    ReportMeasure few_before = measure_of(MEASURE_UNIT_DURATION, H(200), 500, H(100), 9);
    ReportMeasure enough = measure_of(MEASURE_UNIT_DURATION, H(150), 10, H(100), 10);
    assert_int_equal(report_trend(&few_now), REPORT_TREND_TOO_FEW);
    assert_int_equal(report_trend(&few_before), REPORT_TREND_TOO_FEW);
    assert_words(report_trend_words(&few_before), "too few to compare");
    assert_int_equal(report_trend(&enough), REPORT_TREND_UP);
    assert_words(report_trend_words(&enough), "50% slower");
}

static void trends_use_the_words_of_their_unit(void **state)
{
    ReportMeasure faster = measure_of(MEASURE_UNIT_DURATION, H(75), 20, H(100), 20);
    ReportMeasure twice = measure_of(MEASURE_UNIT_DURATION, H(230), 20, H(100), 20);
    ReportMeasure larger = measure_of(MEASURE_UNIT_LINES, 120, 20, 100, 20);
    ReportMeasure fewer = measure_of(MEASURE_UNIT_COUNT, 2, 20, 4, 20);
    ReportMeasure same = measure_of(MEASURE_UNIT_DURATION, H(109), 20, H(100), 20);
    ReportMeasure zeros = measure_of(MEASURE_UNIT_COUNT, 0, 20, 0, 20);
    ReportMeasure from_zero = measure_of(MEASURE_UNIT_COUNT, 1, 20, 0, 20);
    ReportMeasure minutes = measure_of(MEASURE_UNIT_DURATION, H(0.5), 20, H(0.1), 20);
    assert_words(report_trend_words(&minutes), "about the same"); /* 24 minutes are no trend */
    assert_words(report_trend_words(&faster), "25% faster");
    assert_words(report_trend_words(&twice), "2.3 times as long");
    assert_words(report_trend_words(&larger), "20% larger");
    assert_words(report_trend_words(&fewer), "50% fewer");
    assert_words(report_trend_words(&same), "about the same");
    assert_words(report_trend_words(&zeros), "about the same");
    assert_words(report_trend_words(&from_zero), "up from 0");
}

static gboolean says(GPtrArray *sentences, const char *sentence)
{
    for (guint i = 0; i < sentences->len; i++) {
        if (g_str_equal(sentences->pdata[i], sentence))
            return TRUE;
    }
    return FALSE;
}

static void headlines_tell_the_state_in_sentences(void **state)
{
    g_autoptr(Report) report = sample_report();
    g_autoptr(GPtrArray) headlines = report_headlines(report);
    assert_true(says(headlines, "412 pull requests merged: half took 28 h or less from first "
                                "commit to merge, one in ten more than 8.0 d."));
    assert_true(says(headlines, "That is 34% slower than in the 90 days before."));
    assert_true(says(headlines, "12 of 31 open pull requests need a hand now; 8 wait for a first "
                                "review, the longest for 5.2 d; 1 is approved and only needs "
                                "merging."));
    assert_true(g_str_has_prefix(headlines->pdata[0], "12 of 31 open pull requests"));
    assert_true(says(headlines, "14 of 412 merges (3%) had no review."));
}

static void headlines_call_nothing_usual_that_rests_on_few(void **state)
{
    g_autoptr(Report) report = sample_report();
    ReportMeasure *cycle = (ReportMeasure *) report_find_measure(report, "cycle-time");
    cycle->now.n = 4;
    g_autoptr(GPtrArray) headlines = report_headlines(report);
    assert_true(says(headlines, "412 pull requests merged; the time from first commit to merge is "
                                "known of 4 only, too few to tell what is usual."));
    for (guint i = 0; i < headlines->len; i++)
        assert_null(strstr(headlines->pdata[i], "largest part"));
}

static void headlines_of_nothing_claim_nothing(void **state)
{
    g_autoptr(Report) report = sample_empty_report();
    g_autoptr(GPtrArray) headlines = report_headlines(report);
    assert_true(says(headlines, "No pull request was merged in these 90 days; a longer period may "
                                "hold some."));
    assert_true(says(headlines, "No pull request is open."));
    assert_int_equal(headlines->len, 2);
}

static void the_longest_phase_follows_from_all_the_time(void **state)
{
    g_autoptr(Report) report = sample_empty_report();
    ReportWeek first = {.monday = g_strdup("2026-11-02"), .phase_sum = {10, 20, 30, 0}};
    ReportWeek second = {.monday = g_strdup("2026-11-09"), .phase_sum = {10, 60, 50, 20}};
    double shares[REPORT_PHASE_COUNT];
    assert_false(words_phase_shares(report, shares));
    g_array_append_val(report->weeks, first);
    g_array_append_val(report->weeks, second);
    assert_true(words_phase_shares(report, shares));
    assert_close(shares[REPORT_PHASE_CODING], 0.1, 1e-9);
    assert_close(shares[REPORT_PHASE_PICKUP], 0.4, 1e-9);
    assert_close(shares[REPORT_PHASE_REVIEW], 0.4, 1e-9);
    assert_close(shares[REPORT_PHASE_MERGE], 0.1, 1e-9);
}

static void notes_tell_what_is_left_out(void **state)
{
    g_autoptr(Report) report = sample_report();
    g_autoptr(GPtrArray) notes = report_notes(report);
    assert_true(says(notes, "12 pull requests by bots or excluded people merged in the window: "
                            "left out."));
    assert_true(
        says(notes, "1 record that could not be read, set aside; 'plumbline doctor' says why."));
    assert_true(says(notes, "371 requests sent to Bitbucket for this report."));
    report->coverage.is_complete = FALSE;
    g_autoptr(GPtrArray) approximate = report_notes(report);
    assert_int_equal(approximate->len, notes->len + 1);
}

static void buckets_meet_without_gap(void **state)
{
    assert_int_equal(report_bucket(0), 0);
    assert_int_equal(report_bucket(TIME_HOUR - 1), 0);
    assert_int_equal(report_bucket(TIME_HOUR), 1);
    assert_int_equal(report_bucket(TIME_DAY), 4);
    assert_string_equal(report_bucket_label(report_bucket(TIME_DAY)), "1-2 d");
    assert_int_equal(report_bucket(1000 * TIME_DAY), REPORT_BUCKETS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_one_number_and_a_unit),
        cmocka_unit_test(counts_are_grouped_by_thousands),
        cmocka_unit_test(dates_do_not_follow_the_locale),
        cmocka_unit_test(foreign_text_loses_what_moves_the_cursor),
        cmocka_unit_test(only_web_addresses_are_links),
        cmocka_unit_test(a_trend_is_named_only_from_ten_values_on_both_sides),
        cmocka_unit_test(trends_use_the_words_of_their_unit),
        cmocka_unit_test(headlines_tell_the_state_in_sentences),
        cmocka_unit_test(headlines_call_nothing_usual_that_rests_on_few),
        cmocka_unit_test(headlines_of_nothing_claim_nothing),
        cmocka_unit_test(the_longest_phase_follows_from_all_the_time),
        cmocka_unit_test(notes_tell_what_is_left_out),
        cmocka_unit_test(buckets_meet_without_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
