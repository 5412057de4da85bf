/*
 * What the numbers of one pull request leave out, in sentences: whoever doubts a number should find
 * the reason beside it.
 */
#include "deliver/pulls_parts.h"
#include "deliver/words.h"

static void say(json_t *list, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(json_t *list, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    json_array_append_new(list, json_string(sentence));
}

static void say_activity(json_t *list, const PullStory *story)
{
    const FactPr *fact = story->fact;
    if (story->row->n_events == 0 && story->row->n_participants > 0)
        say(list, "Its activity has not been read yet: reviews are those of its list of "
                  "participants, which has the last act of each.");
    if (fact->is_merged_estimated)
        say(list, "The activity does not tell when it was merged: the date of the merge commit "
                  "stands for it.");
    if (fact->author_is_bot)
        say(list, "A bot opened it, so measures of the workspace leave it out.");
    if (fact->bot_comments > 0) {
        g_autofree char *comments = words_counted(fact->bot_comments, "comment", "comments");
        say(list, "%s by bots: no review.", comments);
    }
    if (fact->author_comments > 0) {
        g_autofree char *comments = words_counted(fact->author_comments, "comment", "comments");
        say(list, "%s by its author: no review.", comments);
    }
}

static void say_deleted_comments(json_t *list, const PullStory *story)
{
    gint64 deleted = 0;
    for (gsize i = 0; i < story->row->n_events; i++)
        deleted += story->row->events[i].is_deleted;
    if (deleted == 0)
        return;
    g_autofree char *comments = words_counted(deleted, "comment that was", "comments that were");
    say(list, "%s deleted later.", comments);
}

static void say_clamped(json_t *list, const FactPr *fact)
{
    if (fact->coding_clamped)
        say(list, "Its first commit is dated after it was ready: the coding time counts as 0.");
    if (fact->review_clamped)
        say(list, "It was approved before its first review: the review time counts as 0.");
}

static void say_commits(json_t *list, const PullStory *story)
{
    const char *commits = story->row->commits_state, *files = story->row->files_state;
    if (g_strcmp0(commits, "unknown") == 0)
        say(list, "Its commits have not been read yet, so its coding time and cycle time are not "
                  "known.");
    else if (g_strcmp0(commits, "squash") == 0)
        say(list, "Its commits were squashed: only the squash commit is left of them.");
    else if (g_strcmp0(commits, "gone") == 0)
        say(list, "Its commits are gone from Bitbucket, so its coding time and cycle time are not "
                  "known.");
    if (g_strcmp0(files, "unknown") == 0)
        say(list, "Its files have not been read yet, so its size is not known.");
    else if (g_strcmp0(files, "gone") == 0)
        say(list, "Its files can no longer be compared, so its size is not known.");
    if (story->fact->generated_lines > 0) {
        g_autofree char *lines = words_counted(story->fact->generated_lines, "line", "lines");
        say(list, "%s of generated and vendored files are not in its size.", lines);
    }
}

static void say_details(json_t *list, const PullStory *story)
{
    if (!story->row->builds_known)
        say(list, "Builds of its newest commit have not been read: they are of open ones and of "
                  "those merged within 90 days, where the credential may.");
    if (!story->row->tasks_known)
        say(list, "Its tasks have not been read.");
    if (story->fact->merged != TIME_ABSENT && story->fact->released == TIME_ABSENT)
        say(list, "No deployment to production is known that contains it, so its deploy time and "
                  "lead time are absent.");
}

json_t *pull_left_out(const PullStory *story)
{
    json_t *list = json_array();
    say_activity(list, story);
    say_deleted_comments(list, story);
    say_clamped(list, story->fact);
    say_commits(list, story);
    say_details(list, story);
    return list;
}
