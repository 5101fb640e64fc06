/*
 * The trial itself, in the process that may crash. The report is lines, each written at once, so that what came before a
 * crash is there: a letter and a text.
 *
 *   F why no trial can be made
 *   R TensorRT's version, such as 100600, or "absent"
 *   L the library is mapped; with a text: the dynamic loader's reason against it
 *   E getCreators threw an exception; with its text
 *   N it has no getCreators, or that gives nothing
 *   C name TAB version TAB name space TAB fields TAB the file that holds the creator's code
 *   K a creator of a kind that is not known
 *   S the first load is done, the second one begins; the letters after it are those of the second
 *   D all is done
 *   P what is done next with a plan, in words that follow "while"
 *   O TensorRT refused, which is no crash and nothing that a trial has to find
 */
#ifndef OPGRAFT_TRIAL_H
#define OPGRAFT_TRIAL_H

#ifdef __cplusplus
extern "C" {
#endif

void trial_run(int report, const char *tensorrt, const char *libraries, const char *twins);

/* Opens a plan with some plugin libraries on a GPU and runs it once with what the memory holds. */
void trial_plan(int report, const char *tensorrt, const char *libraries, const char *plan, int device);

#ifdef __cplusplus
}
#endif

#endif
