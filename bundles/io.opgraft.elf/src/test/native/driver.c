/* Opens each library like a backend does, calls its function NAME and prints the result: driver NAME FILE... */
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
    for (int i = 2; i < argc; i++) {
        void *handle = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
        if (handle == NULL) {
            printf("%s\n", dlerror());
            return 1;
        }
        int (*function)(void) = (int (*)(void))dlsym(handle, argv[1]);
        printf("%d\n", function());
    }
    return 0;
}
