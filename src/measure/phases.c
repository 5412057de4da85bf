#include "measure/facts.h"

static const PhaseSpan ABSENT = {TIME_ABSENT, TIME_ABSENT};

static PhaseSpan span_between(UtcTime from, UtcTime until)
{
    return from == TIME_ABSENT || until == TIME_ABSENT ? ABSENT : (PhaseSpan){from, until};
}

static PhaseSpan review_span(const FactPr *fact)
{
    if (fact->merged == TIME_ABSENT || fact->approved != TIME_ABSENT)
        return span_between(fact->first_review, fact->approved);
    return span_between(fact->first_review, fact->merged); /* the review ran to the merge */
}

static PhaseSpan merge_span(const FactPr *fact)
{
    if (fact->first_review != TIME_ABSENT && fact->approved == TIME_ABSENT)
        return ABSENT;
    /* An absent instant is the smallest value, so MAX passes over it. */
    return span_between(MAX(MAX(fact->approved, fact->first_review), fact->ready), fact->merged);
}

PhaseSpan phase_span(const FactPr *fact, Phase phase)
{
    switch (phase) {
    case PHASE_CODING:
        return span_between(fact->first_commit, fact->ready);
    case PHASE_PICKUP:
        return span_between(fact->ready, fact->first_review);
    case PHASE_REVIEW:
        return review_span(fact);
    case PHASE_MERGE:
        return merge_span(fact);
    case PHASE_CYCLE:
        return span_between(fact->first_commit, fact->merged);
    case PHASE_TO_MERGE:
        return span_between(fact->ready, fact->merged);
    case PHASE_DRAFT:
        return fact->ready == fact->opened ? ABSENT : span_between(fact->opened, fact->ready);
    case PHASE_BOT_PICKUP:
        return span_between(fact->ready, fact->first_bot_review);
    case PHASE_DEPLOY:
        return span_between(fact->merged, fact->released);
    case PHASE_LEAD:
        return span_between(fact->first_commit, fact->released);
    case PHASE_COUNT:
        break;
    }
    return ABSENT;
}

Duration phase_length(PhaseSpan span)
{
    return span.from == TIME_ABSENT ? DURATION_ABSENT : MAX(span.until - span.from, 0);
}
