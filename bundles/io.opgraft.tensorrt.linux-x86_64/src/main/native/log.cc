#include "log.h"

#include <new>

namespace opgraft {

enum { WARNING = 2, MOST_BYTES = 16384 };

void KeptLog::log(int32_t severity, char const *message) noexcept {
    if (severity > WARNING || message == nullptr) {
        return;
    }
    pthread_mutex_lock(&mutex);
    try {
        std::string line(1, static_cast<char>('0' + severity));
        line += message;
        for (char &c : line) {
            c = c == '\n' ? ' ' : c;
        }
        lines += line + "\n";
        if (lines.size() > MOST_BYTES) {
            size_t end = lines.find('\n', lines.size() - MOST_BYTES);
            lines.erase(0, end == std::string::npos ? lines.size() : end + 1);
        }
    } catch (std::bad_alloc const &) {
        /* A line less; whoever logs goes on. */
    }
    pthread_mutex_unlock(&mutex);
}

std::string KeptLog::take() {
    pthread_mutex_lock(&mutex);
    std::string taken;
    taken.swap(lines);
    pthread_mutex_unlock(&mutex);
    return taken;
}

} // namespace opgraft
