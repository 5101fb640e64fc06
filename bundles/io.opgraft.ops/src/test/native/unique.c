/* An op library with one datum that C++ compilers bind once for the whole process. */
__asm__(".data\n"
        ".globl unique_datum\n"
        ".type unique_datum, %gnu_unique_object\n"
        ".size unique_datum, 4\n"
        "unique_datum: .long 5\n"
        ".previous\n");

extern int unique_datum;

int op_value(void) { return unique_datum; }
