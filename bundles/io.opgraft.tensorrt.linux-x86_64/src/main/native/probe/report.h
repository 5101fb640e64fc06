/* The report of a trial: see trial.h for its lines. */
#ifndef OPGRAFT_REPORT_H
#define OPGRAFT_REPORT_H

#include <string>

namespace opgraft {

/* Says which file the lines go to. */
void report_to(int file);

/* Writes a line at once; ends the process if that fails. */
void tell(char letter, std::string text);

/* Why the last call of the dynamic loader failed. */
std::string loader_error();

} // namespace opgraft

#endif
