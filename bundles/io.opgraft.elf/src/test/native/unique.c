/* One datum that C++ compilers make for a static in an inline function: bound once for the whole process. */
#define QUOTE(x) #x
#define TEXT(x) QUOTE(x)

__asm__(".data\n"
        ".globl unique_datum\n"
        ".type unique_datum, %gnu_unique_object\n"
        ".size unique_datum, 4\n"
        "unique_datum: .long " TEXT(VALUE) "\n"
        ".previous\n");

extern int unique_datum;

int unique_value(void) { return unique_datum; }
