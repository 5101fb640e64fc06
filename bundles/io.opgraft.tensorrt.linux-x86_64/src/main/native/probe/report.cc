#include "report.h"

#include <dlfcn.h>
#include <unistd.h>

namespace opgraft {

static int report;

void report_to(int file) {
    report = file;
}

void tell(char letter, std::string text) {
    for (char &c : text) {
        c = c == '\n' ? ' ' : c;
    }
    text = letter + text + "\n";
    if (write(report, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        _exit(125);
    }
}

std::string loader_error() {
    char const *text = dlerror();
    return text == nullptr ? "the dynamic loader gave no reason" : text;
}

} // namespace opgraft
