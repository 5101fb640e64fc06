/* A logger that keeps the last lines of errors and warnings for whoever asks. */
#ifndef OPGRAFT_LOG_H
#define OPGRAFT_LOG_H

#include "objects.h"

#include <pthread.h>
#include <string>

namespace opgraft {

class KeptLog final : public Logger {
  public:
    void log(int32_t severity, char const *message) noexcept override;

    /* All lines since the last call, each with its severity as one digit before it; oldest lines go first if there are
       too many. */
    std::string take();

  private:
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    std::string lines;
};

} // namespace opgraft

#endif
