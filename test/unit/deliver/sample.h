/*
 * A report made by hand for the tests of deliver: its figures agree with one another, and its
 * texts are as unkind as Bitbucket allows.
 */
#pragma once

#include "deliver/deliver.h"

/* The titles of the first needs. */
#define SAMPLE_SCRIPT  "</title><script>alert('x')</script> & \"quoted\""
#define SAMPLE_WIDE    "請求書の丸め処理を修正する、そして合計を再計算する長い題名 🚀🚀"
#define SAMPLE_CONTROL "red \033[31m alert\033[0m \342\200\256gnp.exe"
#define SAMPLE_FORMULA "=HYPERLINK(\"http://example.net\",\"x\")"

#define SAMPLE_MERGED 1366 /* the one need that is of a merged pull request */

#define assert_close(value, expected, tolerance)                                                   \
    assert_true(fabs((value) - (expected)) <= (tolerance))

Report *sample_report(void);
/* Nothing was merged, nothing is open. */
Report *sample_empty_report(void);
/* Of a workspace with several repositories. */
Report *sample_workspace_report(void);
